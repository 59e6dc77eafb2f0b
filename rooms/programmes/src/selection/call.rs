//! A call for applications: what is offered, to whom, until when, and what is asked.

use jiff::civil::Date;
use kernel::access::{self, PUBLIC, Standing};
use kernel::kinds::{Divisions, Multi, Ref};
use kernel::{Ctx, Db, Error, Id, Record, Result, Tx, choice, record, sql};
use people::Account;

use crate::plan::Phase;
use crate::{Programme, programme};

choice! {
    /// How a call stands.
    pub CallStatus in "call.status" { Draft = "draft", Open = "open", Decided = "decided" }
}

record! {
    /// A call for applications of a programme.
    pub Call in "call" as "programmes.call", then saved {
        main(Public, Steward) {
            programme: Ref<Programme>, phase: Option<Ref<Phase>>, title: Multi, summary: Option<Multi>, offer: Option<Multi>,
            territory: Option<Divisions>, opens: Date, closes: Date, places: i64,
        }
        state(Public, Steward) { status: CallStatus }
    }
}

choice! {
    /// How a question is answered.
    pub QuestionKind in "call_question.kind" {
        Text = "text", Number = "number", Yes = "yes", Choice = "choice", Date = "date", File = "file",
    }
}

record! {
    /// A question that a call asks beside what every application says.
    pub CallQuestion in "call_question" as "programmes.call_question", about call {
        main(Public, Steward) {
            call: Ref<Call>, position: i64, label: Multi, hint: Option<Multi>, kind: QuestionKind,
            /// The answers to choose from, apart by semicolons, in the same order in each language.
            choices: Option<Multi>, needed: bool,
        }
    }
}

record! {
    /// Something that assessors give points for.
    pub Criterion in "criterion" as "programmes.criterion", about call {
        main(Public, Steward) { call: Ref<Call>, position: i64, name: Multi, hint: Option<Multi>, weight: i64, highest: i64 }
    }
}

record! {
    /// Somebody who assesses the applications of a call.
    pub Assessor in "assessor" as "programmes.assessor", about call {
        main(Shared, Steward) { call: Ref<Call>, account: Ref<Account> }
    }
}

/// The programme's team reaches a call; once it is open, so does everybody.
fn saved(call: &Call, tx: &mut Tx<'_>) -> Result<()> {
    access::grant(tx, call.id, &programme::scope(call.programme.id), Standing::Steward, None)?;
    if call.status == CallStatus::Draft {
        access::revoke(tx, call.id, PUBLIC)
    } else {
        access::grant(tx, call.id, PUBLIC, Standing::Public, None)
    }
}

impl Call {
    /// True if an application can be sent on this day.
    pub fn takes(&self, today: Date) -> bool {
        self.status == CallStatus::Open && self.opens <= today && today <= self.closes
    }
}

impl CallQuestion {
    /// The answers to choose from, in the reader's language.
    pub fn offered(&self, lang: kernel::Lang) -> Vec<String> {
        let text = self.choices.as_ref().map(|choices| choices.best(lang)).unwrap_or_default();
        text.split([';', '؛']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }
}

/// The call of the address, if the viewer stands near enough.
pub(crate) fn open(ctx: &Ctx, db: &mut Db, least: Standing) -> Result<(Call, Standing)> {
    let id = ctx.id("call")?;
    let standing = ctx.standing(db, id, least)?;
    Ok((kernel::record::get::<Call>(db, id)?, standing))
}

fn pieces<R: Record>(db: &mut Db, call: Id) -> Result<Vec<R>> {
    let query = format!("select {} from {} where call = ? order by position, id", R::columns(""), R::TABLE);
    db.rows(&sql(&query).bind(call).open("the caller checked the standing at the call"), R::from_row)
}

/// The questions of a call, in order.
pub fn questions(db: &mut Db, call: Id) -> Result<Vec<CallQuestion>> {
    pieces(db, call)
}

/// The criteria of a call, in order.
pub fn criteria(db: &mut Db, call: Id) -> Result<Vec<Criterion>> {
    pieces(db, call)
}

/// Who assesses the applications of a call: id of the entry, account, name.
pub fn assessors(db: &mut Db, call: Id) -> Result<Vec<(Id, Id, String)>> {
    let query = sql("select s.id, a.id, a.name from assessor s join account a on a.id = s.account
                     where s.call = ? order by a.name, a.id")
    .bind(call)
    .open("the caller checked the standing at the call");
    db.rows(&query, |row| Ok((row.take()?, row.take()?, row.take()?)))
}

/// A call in a list.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Line {
    /// Id.
    pub id: Id,
    /// Title.
    pub title: Multi,
    /// First day.
    #[schemars(with = "String")]
    pub opens: Date,
    /// Last day.
    #[schemars(with = "String")]
    pub closes: Date,
    /// How many can be selected.
    pub places: i64,
    /// How it stands.
    pub status: CallStatus,
    /// Name of the programme.
    pub programme: Multi,
}

/// The calls that a viewer may know of, of one programme or of all, those that close first before the others.
pub fn list(db: &mut Db, viewer: &kernel::Viewer, programme: Option<Id>) -> Result<Vec<Line>> {
    let query = sql("select c.id, c.title, c.opens, c.closes, c.places, c.status, p.name
                     from call c join programme p on p.id = c.programme where 1 = 1")
    .and_if(" and c.programme = ?", programme)
    .and(" and")
    .seen(viewer, "c.id")
    .and(" order by case c.status when 'open' then 0 when 'draft' then 1 else 2 end, c.closes desc, c.id limit 100");
    db.rows(&query, |row| {
        Ok(Line {
            id: row.take()?,
            title: row.take()?,
            opens: row.take()?,
            closes: row.take()?,
            places: row.take()?,
            status: row.take()?,
            programme: row.take()?,
        })
    })
}

/// Lets one transaction after the other work on a call: numbers are given once, applicants are told once.
pub(crate) fn hold(tx: &mut Tx<'_>, call: Id) -> Result<()> {
    tx.run(&sql("update call set version = version where id = ?").bind(call).open("one id"))?;
    Ok(())
}

/// Opens a call to everybody.
pub(crate) fn publish(tx: &mut Tx<'_>, call: Call) -> Result<()> {
    if call.status != CallStatus::Draft {
        return Ok(());
    }
    if call.closes < kernel::today() {
        return Err(Error::refused("call.over"));
    }
    kernel::record::update(tx, &Call { status: CallStatus::Open, ..call })
}
