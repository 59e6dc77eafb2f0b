//! The check of an import, in the background: each row is read by the declared fields and compared with all that is
//! registered and with the rows above it. Nothing is created yet.

use kernel::work::{self, Job};
use kernel::{Actor, App, Error, Result, Sql, Viewer, sql};

use super::rows::{self, Problem};
use super::{Found, Import, Step, Subject, arrive, of_job};

/// Last part of the name of the work.
pub(crate) const JOB: &str = "check";

/// Rows read and saved together.
const BATCH: i64 = 1000;

pub(crate) fn run<S: Subject>(app: &App, job: &Job) -> Result<()> {
    if let Some((import, viewer)) = of_job(app, job, Step::Checking)? {
        check::<S>(app, &import, viewer, |done| work::progress(app, job.id, done, import.rows))?;
        let actor = Actor { account: import.account, ..Actor::machine("import") };
        app.write(actor, |tx| arrive(tx, &import, Step::Checked))?;
    }
    work::finish(app, job.id, "done", &serde_json::Value::Null)
}

/// Checks every row; a second time gives the same.
pub(crate) fn check<S: Subject>(
    app: &App,
    import: &Import,
    viewer: Viewer,
    progress: impl Fn(i64) -> Result<()>,
) -> Result<()> {
    let mut subject = S::reading(app.words, import, viewer);
    let (mut last, mut done) = (0, 0);
    loop {
        let tail = sql(" and number > ? order by number limit ?").bind(last).bind(BATCH);
        let found: Vec<(i64, Found)> = app.read(|db| {
            let batch = rows::read(db, import.id, tail)?;
            batch.iter().map(|row| Ok((row.number, subject.check(db, row)?))).collect()
        })?;
        let Some((end, _)) = found.last() else { return Ok(()) };
        last = *end;
        app.store
            .write(|db| found.chunks(100).try_for_each(|chunk| db.run(&save(import, chunk)?).map(drop)))?;
        done += found.len() as i64;
        progress(done)?;
    }
}

/// One statement for several rows: they are there, so each insertion becomes a change.
fn save(import: &Import, found: &[(i64, Found)]) -> Result<Sql> {
    let holes = vec!["(?, ?, '', ?, ?, ?, ?, ?)"; found.len()].join(", ");
    let mut statement = sql(
        "insert into import_row (import, number, cells, state, problems, candidates, target, record) values ",
    )
    .and(&holes);
    for (number, row) in found {
        let problems: Vec<Problem> = row.problems.iter().map(Problem::of).collect();
        statement = statement.bind(import.id).bind(*number).bind(row.state);
        statement = statement.bind(json(&problems)?).bind(json(&row.candidates)?);
        statement = statement.bind(row.target.map(|id| id.to_string())).bind(row.record);
    }
    Ok(statement.and(
        " on conflict (import, number) do update set state = excluded.state, problems = excluded.problems,
          candidates = excluded.candidates, decision = null, target = excluded.target, record = excluded.record",
    ))
}

/// A list as it is kept; nothing for an empty one.
fn json<T: serde::Serialize>(list: &[T]) -> Result<Option<String>, Error> {
    if list.is_empty() { Ok(None) } else { Ok(Some(serde_json::to_string(list)?)) }
}
