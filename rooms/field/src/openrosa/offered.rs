//! A form as it is handed out: one of the house, or a survey of the programme.

use kernel::{Db, Id, Result};

use super::sheet::Sheet;
use super::xform;

/// A form that is ready to be handed out.
pub(crate) struct Offered {
    pub(crate) id: String,
    pub(crate) title: String,
    /// Names its content.
    pub(crate) version: String,
    pub(crate) xml: String,
    /// The lists that come beside it.
    pub(crate) lists: Vec<String>,
}

impl Offered {
    /// A form of the house.
    pub(super) fn of(sheet: &Sheet) -> Result<Offered> {
        let written = xform::write(sheet)?;
        Ok(Offered {
            id: sheet.id.clone(),
            title: sheet.title.both(),
            version: written.version,
            xml: written.xml,
            lists: sheet.lists.iter().map(|list| (*list).to_owned()).collect(),
        })
    }

    /// The surveys that a programme offers; the caller checked that whoever asks works there.
    pub(super) fn surveys(db: &mut Db, programme: Id) -> Result<Vec<Offered>> {
        let all = survey::offered(db, programme)?.into_iter();
        let one =
            |survey::Offered { id, title, version, xml, lists }| Offered { id, title, version, xml, lists };
        Ok(all.map(one).collect())
    }
}
