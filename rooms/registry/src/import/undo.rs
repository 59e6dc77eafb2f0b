//! Taking an import back: what it created and nobody touched since goes, what it filled is emptied. The rest stays,
//! each with the reason.

use kernel::work::{self, Job};
use kernel::{Actor, App, Ctx, Json, Reply, Result, Tx, Viewer, sql};

use super::rows::{self, Problem};
use super::{Import, Step, Subject, arrive, begin, job_name, of_job, open};

/// Last part of the name of the work.
pub(crate) const JOB: &str = "undo";

/// Rows taken back in one transaction.
const BATCH: i64 = 200;

/// `POST /imports/{import}/undo`.
pub(crate) fn start<S: Subject>(ctx: &Ctx) -> Result<Reply> {
    let import = ctx.write(|tx| {
        let import = open::<S>(ctx, tx)?;
        begin(tx, &import, &[Step::Applied], Step::Undoing, &job_name::<S>(JOB))?;
        Ok(import)
    })?;
    ctx.app.bell.ring();
    ctx.done(&import.path::<S>(), "")
}

pub(crate) fn run<S: Subject>(app: &App, job: &Job) -> Result<()> {
    if let Some((import, viewer)) = of_job(app, job, Step::Undoing)? {
        let actor = Actor { account: job.account, ..Actor::machine("import") };
        let rows = sql("select count(*) from import_row where import = ? and state = 'done'")
            .bind(import.id)
            .open("rows of one import");
        let total: i64 = app.read(|db| db.one(&rows))?;
        let mut done = 0;
        // What was filled first, then what was created: an organisation that a later row filled is untouched again.
        for part in [" and filled is not null", ""] {
            loop {
                let n = app.write(actor.clone(), |tx| batch::<S>(tx, &import, &viewer, part))?;
                if n == 0 {
                    break;
                }
                done += n;
                work::progress(app, job.id, done, total)?;
            }
        }
        app.write(actor, |tx| arrive(tx, &import, Step::Undone))?;
    }
    work::finish(app, job.id, "done", &Json::Null)
}

/// Takes the next rows back; answers how many there were.
fn batch<S: Subject>(tx: &mut Tx<'_>, import: &Import, viewer: &Viewer, part: &str) -> Result<i64> {
    let tail = sql(" and state = 'done'").and(part).and(" order by number desc limit ?").bind(BATCH);
    let rows = rows::read(tx, import.id, tail)?;
    for (row, reason) in rows.iter().zip(S::undo(tx, import, viewer, &rows)?) {
        let problems = reason.map(|key| serde_json::to_string(&[Problem::row(key)])).transpose()?;
        let update = sql("update import_row set state = ?, problems = ? where import = ? and number = ?")
            .bind(if reason.is_some() { "kept" } else { "undone" })
            .bind(problems)
            .bind(import.id)
            .bind(row.number);
        tx.run(&update.open("a row of one import"))?;
    }
    Ok(rows.len() as i64)
}
