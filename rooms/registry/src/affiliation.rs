//! Affiliation: the organisations in a union, a GIE, a federation.

use jiff::civil::Date;
use kernel::kinds::{Multi, Ref};
use kernel::{Db, Id, Result, Viewer, record, sql};

use crate::Organisation;

record! {
    /// An organisation's place in a union.
    pub Affiliation in "affiliation" as "registry.affiliation", about union_of {
        main(Public, File) { union_of: Ref<Organisation>, member: Ref<Organisation>, since: Option<Date>, until: Option<Date> }
    }
}

/// One end of an affiliation.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Tie {
    /// Id of the affiliation.
    pub id: Id,
    /// The other organisation.
    pub organisation: Id,
    /// Its name.
    pub name: Multi,
    /// True if the other one is the union.
    pub is_union: bool,
}

/// The unions an organisation is in and the organisations in it, as far as the viewer may know of them.
pub(crate) fn of(db: &mut Db, viewer: &Viewer, organisation: Id) -> Result<Vec<Tie>> {
    let query = sql("select a.id, o.id, o.name, case when o.id = a.union_of then 1 else 0 end
                     from affiliation a join organisation o on o.id in (a.union_of, a.member) and o.id <> ?
                     where (a.union_of = ? or a.member = ?) and")
    .bind(organisation)
    .bind(organisation)
    .bind(organisation)
    .seen(viewer, "o.id")
    .and(" order by 4 desc, o.sort");
    db.rows(&query, |row| {
        Ok(Tie { id: row.take()?, organisation: row.take()?, name: row.take()?, is_union: row.take()? })
    })
}
