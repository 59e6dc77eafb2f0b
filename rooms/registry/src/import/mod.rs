//! Import: the list of a team becomes organisations. It is uploaded, its columns are mapped, its rows checked in the
//! background, the doubtful ones decided by a person, then applied; the whole can be undone.

mod apply;
mod check;
mod command;
mod decide;
mod guess;
mod known;
mod mapping;
mod page;
mod reader;
mod rows;
mod undo;
mod upload;
mod vocabulary;
mod wrong;

use kernel::kinds::Choice;
use kernel::room::{JobRunner, Route, get, post};
use kernel::work::{self, Job};
use kernel::{App, Ctx, Db, Error, Id, Result, Standing, Tx, choice, sql};

pub use command::import_file;
use mapping::Mapping;

use crate::TEAM;

choice! {
    /// How far an import has come.
    pub Step in "registry.import.step" {
        Mapping = "mapping", Checking = "checking", Checked = "checked", Applying = "applying", Applied = "applied",
        Undoing = "undoing", Undone = "undone",
    }
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/imports", upload::list).role(TEAM).answers::<upload::ListPage>(),
        post("/imports", upload::receive).role(TEAM).upload(),
        get("/imports/{import}", page::show)
            .role(TEAM)
            .query(&["list", "after"])
            .answers::<page::ImportPage>(),
        get("/imports/{import}/wrong", wrong::download).role(TEAM),
        post("/imports/{import}/mapping", mapping::choose).role(TEAM),
        post("/imports/{import}/decisions", decide::decide).role(TEAM),
        post("/imports/{import}/apply", apply::start).role(TEAM),
        post("/imports/{import}/undo", undo::start).role(TEAM),
    ]
}

/// The work that imports do in the background.
pub(crate) const JOBS: [(&str, JobRunner); 3] =
    [(check::JOB, check::run), (apply::JOB, apply::run), (undo::JOB, undo::run)];

/// An import.
pub(crate) struct Import {
    pub(crate) id: Id,
    /// Who brought the list; nobody if it came through the command line.
    pub(crate) account: Option<Id>,
    pub(crate) name: String,
    pub(crate) file: Id,
    pub(crate) header: Vec<String>,
    pub(crate) mapping: Mapping,
    pub(crate) step: Step,
    pub(crate) rows: i64,
    pub(crate) job: Option<Id>,
}

const COLUMNS: &str =
    "select id, account, name, file, header, mapping, state, row_count, job from import where id = ?";

/// The import with this id.
pub(crate) fn find(db: &mut Db, id: Id) -> Result<Option<Import>> {
    db.row(&sql(COLUMNS).bind(id).open("one import, its standing is checked by the caller"), |row| {
        Ok(Import {
            id: row.take()?,
            account: row.take()?,
            name: row.take()?,
            file: row.take()?,
            header: serde_json::from_str(&row.take::<String>()?)?,
            mapping: serde_json::from_str(&row.take::<String>()?)?,
            step: row.take()?,
            rows: row.take()?,
            job: row.take()?,
        })
    })
}

/// The import that the address names, for whoever brought it and for administrators.
pub(crate) fn open(ctx: &Ctx, db: &mut Db) -> Result<Import> {
    let id = ctx.id("import")?;
    ctx.standing(db, id, Standing::Steward)?;
    find(db, id)?.ok_or(Error::NotFound)
}

/// Goes on to `to` and queues its work, if the import stands at one of `from` or its last try of `to` failed.
/// False if it does not: somebody was quicker, or the same form came twice.
pub(crate) fn begin(tx: &mut Tx<'_>, import: &Import, from: &[Step], to: Step, kind: &str) -> Result<bool> {
    let tried = match import.job.filter(|_| import.step == to) {
        Some(job) => work::find(tx, job)?.is_some_and(|job| job.state == "failed"),
        None => false,
    };
    if !tried && !from.contains(&import.step) {
        return Ok(false);
    }
    let job = Id::new();
    let moved =
        sql("update import set state = ?, job = ? where id = ? and state = ? and coalesce(job, '') = ?")
            .bind(to)
            .bind(job)
            .bind(import.id)
            .bind(import.step)
            .bind(import.job.map(|job| job.to_string()).unwrap_or_default());
    if tx.run(&moved)? == 0 {
        return Ok(false);
    }
    let account = tx.actor.account;
    work::queue(tx, job, kind, &serde_json::json!({ "import": import.id }), account)?;
    Ok(true)
}

/// The import that a job works on, if it still waits for this very job.
pub(crate) fn of_job(app: &App, job: &Job) -> Result<Option<Import>> {
    let Some(id) = job.input["import"].as_str().and_then(|id| id.parse().ok()) else { return Ok(None) };
    Ok(app.read(|db| find(db, id))?.filter(|import| import.job == Some(job.id)))
}

/// The work of a step is over: the import stands at `to`.
pub(crate) fn arrive(tx: &mut Tx<'_>, import: &Import, to: Step) -> Result<()> {
    tx.run(&sql("update import set state = ? where id = ?").bind(to).bind(import.id))?;
    if to == Step::Checked {
        return Ok(());
    }
    let counts = rows::counts(tx, import.id)?;
    let changes = counts.into_iter().map(|(state, n)| (state, serde_json::json!([null, n]))).collect();
    tx.fact(&format!("registry.import.{}", to.code()), import.id, import.id, changes)?;
    Ok(())
}
