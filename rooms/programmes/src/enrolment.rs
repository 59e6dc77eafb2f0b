//! Promotions, and the place of each cooperative in a programme from selection to graduation.

use jiff::civil::Date;
use kernel::access::{self, Standing};
use kernel::kinds::{Multi, Ref};
use kernel::{Db, Id, Record, Result, Tx, choice, record, sql};
use people::Account;
use registry::Organisation;

use crate::plan::Phase;
use crate::{Programme, programme};

record! {
    /// A promotion: cooperatives that go through a programme together.
    pub Promotion in "promotion" as "programmes.promotion", about programme {
        main(Public, Steward) { programme: Ref<Programme>, phase: Option<Ref<Phase>>, name: Multi, since: Date, until: Option<Date> }
    }
}

choice! {
    /// Where a cooperative is on its way through a programme.
    pub Stage in "enrolment.status" {
        Selected = "selected", Active = "active", Paused = "paused", Graduated = "graduated", Left = "left",
    }
}

record! {
    /// A cooperative's place in a programme. Its facts are the history of its stages, with their reasons.
    pub Enrolment in "enrolment" as "programmes.enrolment", about organisation, then saved {
        main(Shared, File) {
            programme: Ref<Programme>, promotion: Ref<Promotion>, organisation: Ref<Organisation>, status: Stage,
            since: Date, reason: Option<String>,
        }
    }
}

/// While a cooperative is in a programme, whoever holds a role in the programme reaches its file; once it left, no more.
fn saved(enrolment: &Enrolment, tx: &mut Tx<'_>) -> Result<()> {
    let scope = programme::scope(enrolment.programme.id);
    if enrolment.status == Stage::Left {
        access::revoke(tx, enrolment.organisation.id, &scope)
    } else {
        access::grant(tx, enrolment.organisation.id, &scope, Standing::Steward, None)
    }
}

record! {
    /// Who accompanies a cooperative for a programme.
    pub Assignment in "assignment" as "programmes.assignment", about organisation {
        main(Shared, Steward) {
            programme: Ref<Programme>, organisation: Ref<Organisation>, account: Ref<Account>, since: Date, until: Option<Date>,
        }
    }
}

/// The promotions of a programme, the latest first.
pub fn promotions(db: &mut Db, programme: Id) -> Result<Vec<Promotion>> {
    let query = sql(&format!(
        "select {} from promotion where programme = ? order by since desc, id",
        Promotion::columns("")
    ))
    .bind(programme)
    .open("the caller checked the standing at the programme");
    db.rows(&query, Promotion::from_row)
}

/// An enrolled cooperative on the board.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Enrolled {
    /// Id of the enrolment.
    pub id: Id,
    /// Its version, for the form that moves it.
    pub version: i64,
    /// The cooperative.
    pub organisation: Id,
    /// Its name.
    pub name: Multi,
    /// Code of its commune.
    pub place: String,
    /// Its promotion.
    pub promotion: Id,
    /// Its stage.
    pub status: Stage,
    /// Since when.
    #[schemars(with = "String")]
    pub since: Date,
    /// Why.
    pub reason: Option<String>,
    /// Who accompanies it.
    pub coach: Option<String>,
}

/// The organisations enrolled in a programme, whatever their stage.
pub fn enrolled(db: &mut Db, programme: Id) -> Result<Vec<Id>> {
    let query = sql("select organisation from enrolment where programme = ?").bind(programme);
    db.rows(&query.open("the caller checked the standing at the programme"), kernel::value::Row::take)
}

/// Everyone enrolled in a programme, in the order of names.
pub fn board(db: &mut Db, programme: Id, today: Date) -> Result<Vec<Enrolled>> {
    let query = sql("select e.id, e.version, o.id, o.name, o.place, e.promotion, e.status, e.since, e.reason,
                     (select max(a.name) from assignment s join account a on a.id = s.account
                      where s.programme = e.programme and s.organisation = e.organisation and (s.until is null or s.until >= ?))
                     from enrolment e join organisation o on o.id = e.organisation where e.programme = ? order by o.sort, o.id")
        .bind(today)
        .bind(programme)
        .open("the caller checked the standing at the programme");
    db.rows(&query, |row| {
        Ok(Enrolled {
            id: row.take()?,
            version: row.take()?,
            organisation: row.take()?,
            name: row.take()?,
            place: row.take()?,
            promotion: row.take()?,
            status: row.take()?,
            since: row.take()?,
            reason: row.take()?,
            coach: row.take()?,
        })
    })
}
