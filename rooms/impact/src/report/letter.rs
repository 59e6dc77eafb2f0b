//! A frozen report on its way to one reader by mail: written down first, sent by the background work, its state to be seen.

use courier::{Letter, Outcome, Reason};
use kernel::room::{Route, post};
use kernel::value::Row;
use kernel::work::{self, Job};
use kernel::{Actor, App, Ctx, Db, Error, Id, Reply, Result, Standing, Tx, Words, choice, now, sql};
use schemars::JsonSchema;
use serde::Serialize;

use super::record::Report;
use super::{pages, paper};

choice! {
    /// How a letter stands: it waits, the mail server has it, it failed; there is no server so it stays here.
    pub LetterState in "report_letter.state" { Waiting = "waiting", Sent = "sent", Failed = "failed", Kept = "kept" }
}

/// Name of the work.
pub(crate) const JOB: &str = "impact.letter";

/// Minutes between one try and the next; after the last pause there is one more try.
const PAUSES: [i64; 5] = [5, 30, 120, 720, 1440];
/// How long an address is kept after its letter came to stand as it stands: a year and a month, in milliseconds.
const KEPT: i64 = 396 * 86_400_000;

pub(crate) fn routes() -> Vec<Route> {
    vec![post("/report-letters/{report_letter}/again", again)]
}

/// A letter as it stands.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Line {
    pub(crate) id: Id,
    pub(crate) report: Id,
    pub(crate) title: String,
    pub(crate) address: String,
    pub(crate) state: LetterState,
    /// Why it failed or still waits, in a sentence.
    pub(crate) why: Option<String>,
    pub(crate) changed: i64,
}

/// The latest letters of a programme.
pub(crate) fn of(db: &mut Db, w: Words, programme: Id) -> Result<Vec<Line>> {
    let query = sql(
        "select l.id, l.report, r.title, l.address, l.state, l.changed, l.reason, l.answered from report_letter l
         join report r on r.id = l.report where l.programme = ? order by l.changed desc, l.id limit 30",
    );
    db.rows(&query.bind(programme).open("the caller stewards the programme"), |row| {
        Ok(Line {
            id: row.take()?,
            report: row.take()?,
            title: row.take()?,
            address: row.take()?,
            state: row.take()?,
            changed: row.take()?,
            why: why(row, w)?,
        })
    })
}

fn why(row: &mut Row, w: Words) -> Result<Option<String>> {
    let (reason, answered): (Option<String>, Option<i64>) = (row.take()?, row.take()?);
    let key = reason.map(|reason| format!("report_letter.reason.{reason}"));
    Ok(key.map(|key| w.with(&key, "status", &answered.unwrap_or(0).to_string())))
}

/// Writes the letter that brings a report to an address. Written twice, it is one.
pub(crate) fn write(tx: &mut Tx<'_>, report: &Report, address: &str) -> Result<()> {
    let id = Id::named(&format!("letter of {} to {address}", report.id));
    let insert = sql("insert into report_letter (id, programme, report, address, state, tries, changed)
         values (?, ?, ?, ?, 'waiting', 0, ?) on conflict (id) do nothing")
    .bind(id)
    .bind(report.programme.id)
    .bind(report.id)
    .bind(address.to_owned())
    .bind(now());
    tx.run(&insert.open("the work of reports"))?;
    queue(tx, id, 0)
}

fn queue(tx: &mut Tx<'_>, letter: Id, due: i64) -> Result<()> {
    let input = serde_json::json!({ "letter": letter });
    let account = tx.actor.account;
    work::queue_at(tx, Id::new(), JOB, &input, account, due)
}

/// Forgets addresses of long ago.
pub(crate) fn forget(tx: &mut Tx<'_>) -> Result<()> {
    let old = sql("delete from report_letter where changed < ?").bind(now() - KEPT);
    tx.run(&old.open("the day begins"))?;
    Ok(())
}

/// Sends a letter again that failed, or that was kept while there was no mail server.
fn again(ctx: &Ctx) -> Result<Reply> {
    let programme = ctx.write(|tx| {
        let id = ctx.id("report_letter")?;
        let query = sql("select programme from report_letter where id = ?").bind(id);
        let programme: Id = tx.row(&query.open("its programme is looked at next"), |row| row.take())?.ok_or(Error::NotFound)?;
        ctx.standing(tx, programme, Standing::Steward)?;
        let wait = sql("update report_letter set state = 'waiting', tries = 0, reason = null, answered = null, changed = ?
             where id = ? and state in ('failed', 'kept')");
        if tx.run(&wait.bind(now()).bind(id).open("the viewer stewards the programme"))? > 0 {
            queue(tx, id, 0)?;
        }
        Ok(programme)
    })?;
    ctx.app.bell.ring();
    ctx.done(&format!("/programmes/{programme}/reports"), "saved")
}

/// Tries to hand one letter over.
pub(crate) fn run(app: &App, job: &Job) -> Result<()> {
    let id: Id = job.input["letter"].as_str().and_then(|text| text.parse().ok()).ok_or(Error::NotFound)?;
    let mailer = people::mailer(app)?;
    if let Some((report, address, tries)) = app.write(Actor::machine("queue"), |tx| take(tx, id))? {
        let outcome = match mailer {
            None => None,
            Some(mailer) => Some(send(app, &mailer, id, &report, &address)?),
        };
        app.write(Actor::machine("queue"), |tx| answered(tx, id, tries, outcome))?;
    }
    work::finish(app, job.id, "done", &serde_json::Value::Null)
}

/// Takes a letter up if it still waits; counts the try.
fn take(tx: &mut Tx<'_>, id: Id) -> Result<Option<(Report, String, i64)>> {
    let count = sql("update report_letter set tries = tries + 1 where id = ? and state = 'waiting'").bind(id);
    if tx.run(&count.open("the work of sending"))? == 0 {
        return Ok(None);
    }
    let query = sql("select report, address, tries from report_letter where id = ?").bind(id);
    let found =
        tx.row(&query.open("the work of sending"), |row| Ok((row.take::<Id>()?, row.take()?, row.take()?)))?;
    let Some((report, address, tries)) = found else { return Ok(None) };
    Ok(Some((kernel::record::get::<Report>(tx, report)?, address, tries)))
}

fn send(app: &App, mailer: &courier::Mailer, id: Id, report: &Report, address: &str) -> Result<Outcome> {
    let w = app.words.speak(report.lang());
    let (paper, name, programme) = app.read(|db| {
        let (paper, name) = paper::of(app, db, w, report)?;
        Ok((paper, name, pages::programme_name(db, w, report.programme.id)?))
    })?;
    let document = app.print(&paper)?;
    let link = app.public.as_ref().map(|public| format!("{}/reports/{}", public.base(), report.id));
    let days = super::count::days(w, report.since, report.until);
    let mut text = w.args(
        "report_letter.text",
        &[("title", report.title.clone()), ("programme", programme.clone()), ("dates", days)],
    );
    if let Some(link) = link {
        text.push_str(&format!("\n\n{}", w.with("report_letter.link", "link", &link)));
    }
    text.push_str(&format!("\n\n{}\n", w.with("report_letter.why", "programme", &programme)));
    Ok(mailer.send(Letter {
        id: &id.to_string(),
        to: address,
        subject: &format!("{} – {programme}", report.title),
        text: &text,
        document: Some((&name, "application/pdf", &document)),
    }))
}

/// Writes down what came of a try.
fn answered(tx: &mut Tx<'_>, id: Id, tries: i64, outcome: Option<Outcome>) -> Result<()> {
    let pause = usize::try_from(tries - 1).ok().and_then(|at| PAUSES.get(at));
    let (state, reason) = match (outcome, pause) {
        (None, _) => (LetterState::Kept, None),
        (Some(Outcome::Accepted), _) => (LetterState::Sent, None),
        (Some(Outcome::Later(reason)), Some(_)) => (LetterState::Waiting, Some(reason)),
        (Some(Outcome::Refused(reason) | Outcome::Later(reason)), _) => (LetterState::Failed, Some(reason)),
    };
    let told = reason.map(told);
    let settle =
        sql("update report_letter set state = ?, reason = ?, answered = ?, changed = ? where id = ?")
            .bind(state)
            .bind(told.map(|(why, _)| why.to_owned()))
            .bind(told.and_then(|(_, status)| status).map(i64::from))
            .bind(now())
            .bind(id);
    tx.run(&settle.open("the work of sending"))?;
    match (state, pause) {
        (LetterState::Waiting, Some(minutes)) => queue(tx, id, now() + minutes * 60_000),
        _ => Ok(()),
    }
}

/// Last part of the key of a sentence, and what the server answered.
fn told(reason: Reason) -> (&'static str, Option<u16>) {
    match reason {
        Reason::Unreachable => ("unreachable", None),
        Reason::Slow => ("slow", None),
        Reason::Busy(status) => ("busy", Some(status)),
        Reason::Credentials(status) => ("credentials", Some(status)),
        Reason::Refused(status) => ("refused", Some(status)),
    }
}
