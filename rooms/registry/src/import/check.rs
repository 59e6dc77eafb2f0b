//! The check of an import, in the background: each row is read by the declared fields and compared with all that is
//! registered and with the rows above it. Nothing is created yet.

use kernel::work::{self, Job};
use kernel::{Actor, App, Error, FieldError, Result, Sql, sql};

use super::known::Known;
use super::reader::Reader;
use super::rows::{self, Likeness, Problem};
use super::{Import, Step, arrive, of_job};
use crate::duplicate::describe;

/// Name of the work.
pub(crate) const JOB: &str = "registry.import.check";

/// Rows read and saved together.
const BATCH: i64 = 1000;

pub(crate) fn run(app: &App, job: &Job) -> Result<()> {
    if let Some(import) = of_job(app, job)?.filter(|import| import.step == Step::Checking) {
        check(app, &import, |done| work::progress(app, job.id, done, import.rows))?;
        let actor = Actor { account: import.account, behalf: None, origin: "import", device_at: None };
        app.write(actor, |tx| arrive(tx, &import, Step::Checked))?;
    }
    work::finish(app, job.id, "done", &serde_json::Value::Null)
}

/// Checks every row; a second time gives the same.
pub(crate) fn check(app: &App, import: &Import, progress: impl Fn(i64) -> Result<()>) -> Result<()> {
    let mut reader = Reader::new(app.words, &import.mapping);
    let mut known = app.read(Known::read)?;
    let (mut last, mut done) = (0, 0);
    loop {
        let tail = sql(" and number > ? order by number limit ?").bind(last).bind(BATCH);
        let batch = app.read(|db| rows::read(db, import.id, tail))?;
        let Some(end) = batch.last() else { return Ok(()) };
        last = end.number;
        let mut found = Vec::with_capacity(batch.len());
        for row in &batch {
            let reading = reader.read(&row.cells);
            found.push(match reading.cells {
                Err(errors) => {
                    Found { number: row.number, state: "wrong", problems: errors, candidates: Vec::new() }
                }
                Ok(_) if reading.id.is_some_and(|id| known.has(id)) => {
                    Found { number: row.number, state: "known", problems: Vec::new(), candidates: Vec::new() }
                }
                Ok(_) => {
                    let described = describe(&reading.form);
                    let candidates = known.like(&described);
                    known.add_row(row.number, described);
                    let state = if candidates.is_empty() { "good" } else { "maybe" };
                    Found { number: row.number, state, problems: Vec::new(), candidates }
                }
            });
        }
        app.store
            .write(|db| found.chunks(100).try_for_each(|chunk| db.run(&save(import, chunk)?).map(drop)))?;
        done += batch.len() as i64;
        progress(done)?;
    }
}

/// What was found in a row.
struct Found {
    number: i64,
    state: &'static str,
    problems: Vec<FieldError>,
    candidates: Vec<Likeness>,
}

/// One statement for several rows: they are there, so each insertion becomes a change.
fn save(import: &Import, found: &[Found]) -> Result<Sql> {
    let holes = vec!["(?, ?, '', ?, ?, ?)"; found.len()].join(", ");
    let mut statement =
        sql("insert into import_row (import, number, cells, state, problems, candidates) values ")
            .and(&holes);
    for row in found {
        let problems: Vec<Problem> = row.problems.iter().map(Problem::of).collect();
        statement = statement.bind(import.id).bind(row.number).bind(row.state);
        statement = statement.bind(json(&problems)?).bind(json(&row.candidates)?);
    }
    Ok(statement.and(
        " on conflict (import, number) do update set state = excluded.state, problems = excluded.problems,
          candidates = excluded.candidates, decision = null, target = null, fills = null",
    ))
}

/// A list as it is kept; nothing for an empty one.
fn json<T: serde::Serialize>(list: &[T]) -> Result<Option<String>, Error> {
    if list.is_empty() { Ok(None) } else { Ok(Some(serde_json::to_string(list)?)) }
}
