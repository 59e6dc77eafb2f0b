//! Who may open a stored document: whoever works on the file of the organisation it belongs to.

use kernel::{Db, Id, Result, Standing, Viewer};

pub(crate) fn opens(viewer: &Viewer, db: &mut Db, file: Id) -> Result<bool> {
    match kernel::files::owner(db, file)? {
        Some(owner) => Ok(viewer.standing(db, owner)? >= Some(Standing::File)),
        None => Ok(false),
    }
}
