//! A partner: an organisation's part in a programme.

use kernel::access::{self, Standing};
use kernel::kinds::{Multi, Ref};
use kernel::{Db, Id, Result, Tx, choice, record, sql};
use registry::Organisation;

use crate::Programme;

choice! {
    /// What a partner is in a programme.
    pub PartnerRole in "partner.role" {
        Promoter = "promoter", Operator = "operator", Funder = "funder", Institution = "institution",
    }
}

record! {
    /// An organisation's part in a programme. Its people reach the programme as partners.
    pub Partner in "partner" as "programmes.partner", about programme, then saved {
        main(Public, Steward) { programme: Ref<Programme>, organisation: Ref<Organisation>, role: PartnerRole }
    }
}

fn saved(partner: &Partner, tx: &mut Tx<'_>) -> Result<()> {
    access::grant(
        tx,
        partner.programme.id,
        &registry::organisation::scope(partner.organisation.id),
        Standing::Shared,
        None,
    )
}

/// A partner with its name.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Line {
    /// Id of the partnership.
    pub id: Id,
    /// Who.
    pub organisation: Id,
    /// Its name.
    pub name: Multi,
    /// As what.
    pub role: PartnerRole,
}

/// The partners of a programme. Whoever knows of the programme knows who runs it.
pub fn of(db: &mut Db, programme: Id) -> Result<Vec<Line>> {
    let query =
        sql("select p.id, o.id, o.name, p.role from partner p join organisation o on o.id = p.organisation
                     where p.programme = ? order by p.role desc, o.sort")
        .bind(programme)
        .open("the caller checked the standing at the programme");
    db.rows(&query, |row| {
        Ok(Line { id: row.take()?, organisation: row.take()?, name: row.take()?, role: row.take()? })
    })
}
