//! A convention: who promised what to a programme, and what came of it.

use jiff::civil::Date;
use kernel::kinds::{Divisions, File, Money, Multi, Ref};
use kernel::{Db, Id, Record, Result, choice, record, sql};
use registry::Organisation;

use crate::Programme;

record! {
    /// An agreement between partners of a programme, often one a province.
    pub Convention in "convention" as "programmes.convention", about programme {
        main(Shared, Steward) {
            programme: Ref<Programme>, title: Multi, territory: Option<Divisions>, signed: Option<Date>,
            since: Option<Date>, until: Option<Date>, file: Option<File>,
        }
    }
}

record! {
    /// A party to a convention.
    pub Signatory in "signatory" as "programmes.signatory", about programme {
        main(Shared, Steward) { programme: Ref<Programme>, convention: Ref<Convention>, organisation: Ref<Organisation> }
    }
}

choice! {
    /// How a contribution is made.
    pub Nature in "contribution.nature" { Cash = "cash", InKind = "in_kind" }
}

record! {
    /// What a party promised.
    pub Contribution in "contribution" as "programmes.contribution", about programme {
        main(Shared, Steward) {
            programme: Ref<Programme>, convention: Ref<Convention>, organisation: Ref<Organisation>, nature: Nature, subject: Option<String>,
            promised: Money, due: Option<Date>,
        }
    }
}

record! {
    /// What came of a promise: a transfer, a delivery, days of work, at its value.
    pub Receipt in "receipt" as "programmes.receipt", about programme {
        main(Shared, Steward) {
            programme: Ref<Programme>, contribution: Ref<Contribution>, amount: Money, received: Date, note: Option<String>, file: Option<File>,
        }
    }
}

/// A contribution with its giver and what was received of it.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Promise {
    /// Id of the contribution.
    pub id: Id,
    /// Convention it stands in.
    pub convention: Id,
    /// Who gives.
    pub organisation: Id,
    /// Its name.
    pub name: Multi,
    /// How.
    pub nature: Nature,
    /// What.
    pub subject: Option<String>,
    /// Amount promised.
    pub promised: Money,
    /// Amount received in the same currency.
    pub received: Money,
    /// When it was due.
    #[schemars(with = "Option<String>")]
    pub due: Option<Date>,
    /// What was paid to cooperatives out of it, in the same currency.
    pub paid_out: Money,
}

impl Promise {
    /// True if more was paid out of it than came in.
    pub fn overdrawn(&self) -> bool {
        self.paid_out.minor > self.received.minor
    }
}

/// The conventions of a programme.
pub fn of(db: &mut Db, programme: Id) -> Result<Vec<Convention>> {
    let query = sql(&format!(
        "select {} from convention where programme = ? order by signed, id",
        Convention::columns("")
    ))
    .bind(programme)
    .open("the caller checked the standing at the programme");
    db.rows(&query, Convention::from_row)
}

/// The signatories of a programme's conventions: convention, signatory, organisation and name.
pub fn signatories(db: &mut Db, programme: Id) -> Result<Vec<(Id, Id, Id, Multi)>> {
    let query = sql(
        "select s.convention, s.id, o.id, o.name from signatory s join convention c on c.id = s.convention
                     join organisation o on o.id = s.organisation where c.programme = ? order by o.sort",
    )
    .bind(programme)
    .open("the caller checked the standing at the programme");
    db.rows(&query, |row| Ok((row.take()?, row.take()?, row.take()?, row.take()?)))
}

/// The promises made to a programme, with what came of each.
pub fn promises(db: &mut Db, programme: Id) -> Result<Vec<Promise>> {
    let query = sql("select t.id, t.convention, o.id, o.name, t.nature, t.subject, t.promised, t.promised_currency, t.due,
                     (select cast(coalesce(sum(r.amount), 0) as bigint) from receipt r where r.contribution = t.id and r.amount_currency = t.promised_currency),
                     (select cast(coalesce(sum(g.amount), 0) as bigint) from grant_payment g where g.contribution = t.id)
                     from contribution t join convention c on c.id = t.convention join organisation o on o.id = t.organisation
                     where c.programme = ? order by t.convention, o.sort, t.id")
        .bind(programme)
        .open("the caller checked the standing at the programme");
    db.rows(&query, |row| {
        let (id, convention, organisation, name) = (row.take()?, row.take()?, row.take()?, row.take()?);
        let (nature, subject) = (row.take()?, row.take()?);
        let promised = Money { minor: row.take()?, currency: row.take()? };
        let due = row.take()?;
        let received = Money { minor: row.take()?, currency: promised.currency.clone() };
        let paid_out = Money { minor: row.take()?, currency: promised.currency.clone() };
        Ok(Promise { id, convention, organisation, name, nature, subject, promised, received, due, paid_out })
    })
}

/// What was received of a contribution.
pub fn receipts(db: &mut Db, contribution: Id) -> Result<Vec<Receipt>> {
    let query = sql(&format!(
        "select {} from receipt where contribution = ? order by received, id",
        Receipt::columns("")
    ))
    .bind(contribution)
    .open("the caller checked the standing at the programme");
    db.rows(&query, Receipt::from_row)
}

/// The programme of a convention.
pub fn programme_of(db: &mut Db, convention: Id) -> Result<Id> {
    let query = sql("select programme from convention where id = ?")
        .bind(convention)
        .open("to know whose rights cover it");
    db.row(&query, |row| row.take())?.ok_or(kernel::Error::NotFound)
}

/// The programme of a contribution.
pub fn programme_of_contribution(db: &mut Db, contribution: Id) -> Result<Id> {
    let query = sql("select programme from contribution where id = ?")
        .bind(contribution)
        .open("to know whose rights cover it");
    db.row(&query, |row| row.take())?.ok_or(kernel::Error::NotFound)
}
