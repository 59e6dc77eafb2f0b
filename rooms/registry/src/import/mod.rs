//! Import: the list of a team becomes organisations, or what a room above keeps. It is uploaded, its columns are
//! mapped, its rows checked in the background, the doubtful ones decided by a person, then applied; the whole can be
//! undone. What differs from one kind of import to the next stands in [`Subject`].

mod apply;
mod check;
mod command;
mod decide;
mod guess;
mod known;
mod lines;
mod mapping;
mod organisations;
mod page;
mod reader;
mod rows;
mod subject;
mod undo;
mod upload;
mod vocabulary;
mod wrong;

use kernel::kinds::Choice;
use kernel::room::{JobRunner, Route, get, post};
use kernel::work::{self, Job};
use kernel::{App, Ctx, Db, Error, Id, Record, Result, Standing, Tx, Viewer, choice, sql};

pub use command::import_file;
pub use mapping::Mapping;
pub(crate) use organisations::Organisations;
pub use reader::Reader;
pub use rows::{Cell, Kept, Likeness};
pub use subject::{Found, Meanings, Outcome, Subject, Target, declared};
pub use upload::read as read_table;

use crate::TEAM;

choice! {
    /// How far an import has come.
    pub Step in "registry.import.step" {
        Mapping = "mapping", Checking = "checking", Checked = "checked", Applying = "applying", Applied = "applied",
        Undoing = "undoing", Undone = "undone",
    }
}

/// The addresses of imports of one kind.
pub fn routes<S: Subject>() -> Vec<Route> {
    let at = |rest: &str| -> &'static str { String::leak(format!("{}{rest}", S::BASE)) };
    vec![
        get(S::BASE, upload::list::<S>).role(TEAM).answers::<upload::ListPage>(),
        post(S::BASE, upload::receive::<S>).role(TEAM).upload(),
        get(at("/{import}"), page::show::<S>)
            .role(TEAM)
            .query(&["list", "after"])
            .answers::<page::ImportPage>(),
        get(at("/{import}/wrong"), wrong::download::<S>).role(TEAM),
        post(at("/{import}/sheet"), upload::choose_sheet::<S>).role(TEAM),
        post(at("/{import}/mapping"), mapping::choose::<S>).role(TEAM),
        post(at("/{import}/decisions"), decide::decide::<S>).role(TEAM),
        post(at("/{import}/apply"), apply::start::<S>).role(TEAM),
        post(at("/{import}/undo"), undo::start::<S>).role(TEAM),
    ]
}

/// The work that imports of one kind do in the background.
pub fn jobs<S: Subject>() -> Vec<(&'static str, JobRunner)> {
    let named = |job| -> &'static str { String::leak(job_name::<S>(job)) };
    vec![
        (named(check::JOB), check::run::<S>),
        (named(apply::JOB), apply::run::<S>),
        (named(undo::JOB), undo::run::<S>),
    ]
}

/// Name of a work, such as `registry.import.check`.
pub(crate) fn job_name<S: Subject>(job: &str) -> String {
    format!("{}.{job}", S::WORK)
}

/// An import.
pub struct Import {
    /// Its id.
    pub id: Id,
    /// Who brought the list; nobody if it came through the command line.
    pub account: Option<Id>,
    /// What each column holds.
    pub mapping: Mapping,
    pub(crate) subject: String,
    pub(crate) name: String,
    pub(crate) file: Id,
    /// The sheets of the workbook that have rows, and the one that is read.
    pub(crate) sheets: Vec<String>,
    pub(crate) sheet: Option<String>,
    pub(crate) header: Vec<String>,
    pub(crate) step: Step,
    pub(crate) rows: i64,
    pub(crate) job: Option<Id>,
}

impl Import {
    /// The columns that nothing is taken from: their position and what they are called.
    pub fn spare(&self) -> Vec<(usize, String)> {
        let empty = |(at, target): (usize, &String)| {
            target.is_empty().then(|| Some((at, self.header.get(at)?.clone()))).flatten()
        };
        self.mapping.columns.iter().enumerate().filter_map(empty).collect()
    }

    /// Its page.
    pub(crate) fn path<S: Subject>(&self) -> String {
        format!("{}/{}", S::BASE, self.id)
    }
}

const COLUMNS: &str =
    "select id, account, subject, name, file, sheets, sheet, header, mapping, state, row_count, job
    from import where id = ?";

/// The import with this id.
pub(crate) fn find(db: &mut Db, id: Id) -> Result<Option<Import>> {
    db.row(&sql(COLUMNS).bind(id).open("one import, its standing is checked by the caller"), |row| {
        Ok(Import {
            id: row.take()?,
            account: row.take()?,
            subject: row.take()?,
            name: row.take()?,
            file: row.take()?,
            sheets: serde_json::from_str(&row.take::<String>()?)?,
            sheet: row.take()?,
            header: serde_json::from_str(&row.take::<String>()?)?,
            mapping: serde_json::from_str(&row.take::<String>()?)?,
            step: row.take()?,
            rows: row.take()?,
            job: row.take()?,
        })
    })
}

/// The import that the address names, for whoever brought it and for administrators.
pub(crate) fn open<S: Subject>(ctx: &Ctx, db: &mut Db) -> Result<Import> {
    let id = ctx.id("import")?;
    ctx.standing(db, id, Standing::Steward)?;
    find(db, id)?.filter(|import| import.subject == S::Record::TABLE).ok_or(Error::NotFound)
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

/// The import that a job works on, if it still waits for this very job, and whoever asked for it with the rights held
/// now.
pub(crate) fn of_job(app: &App, job: &Job, step: Step) -> Result<Option<(Import, Viewer)>> {
    let Some(id) = job.input["import"].as_str().and_then(|id| id.parse().ok()) else { return Ok(None) };
    app.read(|db| {
        let found = find(db, id)?.filter(|import| import.job == Some(job.id) && import.step == step);
        let Some(import) = found else { return Ok(None) };
        let viewer = job.account.map(|account| people::viewer(db, account)).transpose()?;
        Ok(Some((import, viewer.unwrap_or_default())))
    })
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
