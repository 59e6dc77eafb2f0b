//! An import is applied: the good rows and those that were decided, some at a time, each batch whole.

use kernel::work::{self, Job};
use kernel::{Actor, App, Ctx, Error, FieldError, Reply, Result, Tx, Viewer, Wrong, sql};

use super::rows::{self, Kept, Problem};
use super::{Import, Outcome, Step, Subject, arrive, begin, job_name, of_job, open};

/// Last part of the name of the work.
pub(crate) const JOB: &str = "apply";

/// Rows applied in one transaction.
const BATCH: i64 = 500;

/// The rows that wait to be applied.
pub(crate) const READY: &str = " and (state = 'good' or (state = 'maybe' and decision in ('new', 'same'))
     or (state = 'known' and decision = 'again'))";

/// `POST /imports/{import}/apply`.
pub(crate) fn start<S: Subject>(ctx: &Ctx) -> Result<Reply> {
    let import = ctx.write(|tx| {
        let import = open::<S>(ctx, tx)?;
        begin(tx, &import, &[Step::Checked, Step::Applied], Step::Applying, &job_name::<S>(JOB))?;
        Ok(import)
    })?;
    ctx.app.bell.ring();
    ctx.done(&import.path::<S>(), "")
}

pub(crate) fn run<S: Subject>(app: &App, job: &Job) -> Result<()> {
    if let Some((import, viewer)) = of_job(app, job, Step::Applying)? {
        let actor = Actor { account: job.account, ..Actor::machine("import") };
        let ready = sql("select count(*) from import_row where import = ?")
            .bind(import.id)
            .open("rows of one import")
            .and(READY);
        let total: i64 = app.read(|db| db.one(&ready))?;
        apply::<S>(app, &import, viewer, &actor, |done| work::progress(app, job.id, done, total))?;
        app.write(actor, |tx| arrive(tx, &import, Step::Applied))?;
    }
    work::finish(app, job.id, "done", &serde_json::Value::Null)
}

/// Applies what is ready. A row that is done is never done again, so a second run goes on where the first stopped.
pub(crate) fn apply<S: Subject>(
    app: &App,
    import: &Import,
    viewer: Viewer,
    actor: &Actor,
    progress: impl Fn(i64) -> Result<()>,
) -> Result<()> {
    let mut subject = S::reading(app.words, import, viewer);
    let mut done = 0;
    loop {
        let tail = sql(READY).and(" order by number limit ?").bind(BATCH);
        let batch = app.read(|db| rows::read(db, import.id, tail))?;
        if batch.is_empty() {
            return Ok(());
        }
        let whole = app
            .write(actor.clone(), |tx| batch.iter().try_for_each(|row| one(tx, import, &mut subject, row)));
        match whole {
            Ok(()) => {}
            // Something in the batch was refused: one by one, the others go through.
            Err(Error::Invalid(_) | Error::Refused(_) | Error::NotFound) => {
                for row in &batch {
                    alone(app, import, actor, &mut subject, row)?;
                }
            }
            Err(error) => return Err(error),
        }
        done += batch.len() as i64;
        progress(done)?;
    }
}

/// Applies one row, or writes down why it is refused.
fn alone<S: Subject>(app: &App, import: &Import, actor: &Actor, subject: &mut S, row: &Kept) -> Result<()> {
    let errors = match app.write(actor.clone(), |tx| one(tx, import, subject, row)) {
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
    let update = update.bind(serde_json::to_string(&problems)?).bind(import.id).bind(row.number);
    app.store.write(|db| db.run(&update.open("a row of one import"))).map(drop)
}

/// Applies one row and writes down what became of it.
fn one<S: Subject>(tx: &mut Tx<'_>, import: &Import, subject: &mut S, row: &Kept) -> Result<()> {
    // What a known row was about is kept for who decides to import it all the same.
    let (state, decision, record, filled) = match subject.apply(tx, row)? {
        Outcome::Made(id) => ("done", row.decision.as_deref(), id, None),
        Outcome::Met(id, filled) => ("done", row.decision.as_deref(), id, filled),
        Outcome::Known(id) => ("known", None, id, None),
    };
    let update = sql("update import_row set state = ?, decision = ?, record = ?, filled = ?, problems = null
                      where import = ? and number = ?")
    .bind(state)
    .bind(decision)
    .bind(record)
    .bind(filled)
    .bind(import.id)
    .bind(row.number);
    tx.run(&update.open("a row of one import")).map(drop)
}
