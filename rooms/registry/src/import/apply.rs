//! An import becomes organisations: the good rows and those that were decided, some at a time, each batch whole.

use kernel::access;
use kernel::record::{self, Record};
use kernel::work::{self, Job};
use kernel::{Actor, App, Ctx, Error, FieldError, Id, Reply, Result, Standing, Tx, Wrong, sql};

use super::reader::Reader;
use super::rows::{self, Kept, Problem};
use super::{Import, Step, arrive, begin, of_job, open};
use crate::duplicate::{Verdict, remember};
use crate::{Organisation, Status, merge};

/// Name of the work.
pub(crate) const JOB: &str = "registry.import.apply";

/// Rows created in one transaction.
const BATCH: i64 = 500;

/// The rows that wait to be applied.
const READY: &str = " and (state = 'good' or (state = 'maybe' and decision in ('new', 'same')))";

/// `POST /imports/{import}/apply`.
pub(crate) fn start(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.write(|tx| {
        let import = open(ctx, tx)?;
        if begin(tx, &import, &[Step::Checked, Step::Applied], Step::Applying, JOB)? {
            may_fill(ctx, tx, import.id)?;
        }
        Ok(import.id)
    })?;
    ctx.app.bell.ring();
    ctx.done(&format!("/imports/{id}"), "")
}

/// Writes down which files the viewer works on: only these are filled from the rows that are the same.
fn may_fill(ctx: &Ctx, tx: &mut Tx<'_>, import: Id) -> Result<()> {
    let near = if ctx.viewer.is_administrator() {
        None
    } else {
        Some(ctx.viewer.reached_at_least(tx, Standing::File)?)
    };
    let same = sql(" and decision = 'same' and state = 'maybe'");
    for row in rows::read(tx, import, same)? {
        // What an earlier row of the same file became is the account's own.
        let target = row.target.and_then(|target| target.parse::<Id>().ok());
        let fills = target.is_none_or(|id| near.as_ref().is_none_or(|near| near.contains(&id)));
        let update = sql("update import_row set fills = ? where import = ? and number = ?");
        tx.run(&update.bind(fills).bind(import).bind(row.number).open("a row of one import"))?;
    }
    Ok(())
}

pub(crate) fn run(app: &App, job: &Job) -> Result<()> {
    if let Some(import) = of_job(app, job)?.filter(|import| import.step == Step::Applying) {
        let actor = Actor { account: job.account, behalf: None, origin: "import", device_at: None };
        let ready = sql("select count(*) from import_row where import = ?")
            .bind(import.id)
            .open("rows of one import")
            .and(READY);
        let total: i64 = app.read(|db| db.one(&ready))?;
        apply(app, &import, &actor, false, |done| work::progress(app, job.id, done, total))?;
        app.write(actor, |tx| arrive(tx, &import, Step::Applied))?;
    }
    work::finish(app, job.id, "done", &serde_json::Value::Null)
}

/// Applies what is ready. A row that is done is never done again, so a second run goes on where the first stopped.
/// With `ids`, organisations get the ids under which they were exported.
pub(crate) fn apply(
    app: &App,
    import: &Import,
    actor: &Actor,
    ids: bool,
    progress: impl Fn(i64) -> Result<()>,
) -> Result<()> {
    let mut hand = Hand {
        reader: Reader::new(app.words, &import.mapping),
        import: import.id,
        owner: import.account,
        ids,
    };
    let mut done = 0;
    loop {
        let tail = sql(READY).and(" order by number limit ?").bind(BATCH);
        let batch = app.read(|db| rows::read(db, import.id, tail))?;
        if batch.is_empty() {
            return Ok(());
        }
        let whole = app.write(actor.clone(), |tx| batch.iter().try_for_each(|row| hand.row(tx, row)));
        match whole {
            Ok(()) => {}
            // Something in the batch was refused: one by one, the others go through.
            Err(Error::Invalid(_) | Error::Refused(_) | Error::NotFound) => {
                for row in &batch {
                    alone(app, import.id, actor, &mut hand, row)?;
                }
            }
            Err(error) => return Err(error),
        }
        done += batch.len() as i64;
        progress(done)?;
    }
}

/// Applies one row, or writes down why it is refused.
fn alone(app: &App, import: Id, actor: &Actor, hand: &mut Hand, row: &Kept) -> Result<()> {
    let errors = match app.write(actor.clone(), |tx| hand.row(tx, row)) {
        Ok(()) => return Ok(()),
        Err(Error::Invalid(errors)) => errors,
        Err(Error::Refused(wrong)) => vec![FieldError { field: String::new(), wrong }],
        Err(Error::NotFound) => {
            vec![FieldError { field: String::new(), wrong: Wrong::new("registry.import.row.gone") }]
        }
        Err(error) => return Err(error),
    };
    let problems: Vec<Problem> = errors.iter().map(Problem::of).collect();
    let update = sql("update import_row set state = 'wrong', problems = ? where import = ? and number = ?");
    let update = update.bind(serde_json::to_string(&problems)?).bind(import).bind(row.number);
    app.store.write(|db| db.run(&update.open("a row of one import"))).map(drop)
}

/// Makes organisations of rows.
struct Hand {
    reader: Reader,
    import: Id,
    owner: Option<Id>,
    ids: bool,
}

impl Hand {
    fn row(&mut self, tx: &mut Tx<'_>, row: &Kept) -> Result<()> {
        let reading = self.reader.read(&row.cells);
        let cells = reading.cells.map_err(Error::Invalid)?;
        if row.decision.as_deref() == Some("same") {
            let (target, fills) = self.target(tx, row)?;
            let filled =
                if fills { fill(tx, target, Organisation::from_cells(target, 1, cells)?)? } else { None };
            return self.done(tx, row, target, fills, filled);
        }
        let id = reading.id.filter(|_| self.ids).unwrap_or_default();
        record::insert(tx, &Organisation::from_cells(id, 1, cells)?)?;
        if let Some(account) = self.owner {
            access::grant(tx, id, &access::scope("account", account), Standing::File, None)?;
        }
        for candidate in row.candidates.iter().filter_map(|candidate| candidate.organisation) {
            remember(tx, id, candidate, Verdict::Different, None)?;
        }
        self.done(tx, row, id, false, None)
    }

    /// The organisation that the row is the same as, and whether it may be filled: a registered one, or what an
    /// earlier row became, under the rights that the earlier row had.
    fn target(&self, tx: &mut Tx<'_>, row: &Kept) -> Result<(Id, bool)> {
        let target = row.target.as_deref().unwrap_or_default();
        if let Ok(id) = target.parse::<Id>() {
            let there = record::get::<Organisation>(tx, id)?;
            return if there.status == Status::Merged { Err(Error::NotFound) } else { Ok((id, row.fills)) };
        }
        let number = target.parse::<i64>().unwrap_or(0);
        let earlier = rows::read(tx, self.import, sql(" and number = ? and state = 'done'").bind(number))?;
        let found = earlier.first().and_then(|row| {
            let created = row.decision.as_deref() != Some("same");
            Some((row.organisation?, created || row.fills))
        });
        found.ok_or_else(|| Error::refused("registry.import.row.first_is_missing"))
    }

    fn done(
        &self,
        tx: &mut Tx<'_>,
        row: &Kept,
        organisation: Id,
        fills: bool,
        filled: Option<String>,
    ) -> Result<()> {
        let update = sql("update import_row set state = 'done', organisation = ?, fills = ?, filled = ?
                          where import = ? and number = ?")
        .bind(organisation)
        .bind(fills)
        .bind(filled)
        .bind(self.import)
        .bind(row.number);
        tx.run(&update.open("a row of one import")).map(drop)
    }
}

/// Fills what the registered file lacks; answers the fields and what they got, as JSON.
fn fill(tx: &mut Tx<'_>, id: Id, from: Organisation) -> Result<Option<String>> {
    let into = record::get::<Organisation>(tx, id)?;
    let names = merge::fill(tx, &into, &from)?;
    if names.is_empty() {
        return Ok(None);
    }
    let fields = Organisation::fields()
        .iter()
        .zip(from.cells())
        .filter(|(field, _)| names.iter().any(|name| name == field.name));
    let got: serde_json::Map<_, _> =
        fields.map(|(field, cell)| (field.name.to_owned(), (field.ops.json)(&cell))).collect();
    Ok(Some(serde_json::Value::Object(got).to_string()))
}
