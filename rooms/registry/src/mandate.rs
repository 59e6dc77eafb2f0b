//! A mandate: who answers for an organisation, as what, from when to when.

use jiff::civil::Date;
use kernel::kinds::{Multi, Ref};
use kernel::{Db, Id, Result, Tx, choice, record, sql};
use people::Person;

use crate::{Organisation, membership};

choice! {
    /// The office that a mandate gives.
    pub Office in "mandate.role" {
        President = "president", VicePresident = "vice_president", Treasurer = "treasurer", Secretary = "secretary",
        Manager = "manager", BoardMember = "board_member",
    }
}

record! {
    /// Who answers for an organisation, as what, from when to when.
    pub Mandate in "mandate" as "registry.mandate", about organisation, then saved {
        main(File, File) { organisation: Ref<Organisation>, person: Ref<Person>, role: Office, since: Date, until: Option<Date> }
    }
}

fn saved(mandate: &Mandate, tx: &mut Tx<'_>) -> Result<()> {
    membership::reach(tx, mandate.person.id, mandate.organisation.id)
}

/// A mandate with the name of who holds it.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Held {
    /// Id of the mandate.
    pub id: Id,
    /// Who.
    pub person: Id,
    /// Name.
    pub name: Multi,
    /// Sex, if stated.
    pub sex: Option<String>,
    /// Year of birth, if stated.
    pub birth_year: Option<i64>,
    /// As what.
    pub role: Office,
    /// From.
    #[schemars(with = "String")]
    pub since: Date,
    /// To.
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
}

/// The mandates of an organisation, those that hold on `today` first.
pub fn of(db: &mut Db, organisation: Id, today: Date) -> Result<Vec<Held>> {
    let query = sql("select m.id, m.person, p.name, p.sex, p.birth_year, m.role, m.since, m.until from mandate m join person p on p.id = m.person
                     where m.organisation = ? order by case when m.until is null or m.until >= ? then 0 else 1 end, m.since desc, m.id")
        .bind(organisation)
        .bind(today)
        .open("the caller checked the standing at the organisation");
    db.rows(&query, |row| {
        Ok(Held {
            id: row.take()?,
            person: row.take()?,
            name: row.take()?,
            sex: row.take()?,
            birth_year: row.take()?,
            role: row.take()?,
            since: row.take()?,
            until: row.take()?,
        })
    })
}
