//! Applies what was received: each command once, after those it stands on, under the rights its maker has now. What
//! cannot be applied yet waits, what is refused goes back to its maker, what its maker lost the right to goes to a
//! manager; nothing is dropped.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::sync::{Command, Done, Form, perform};
use kernel::{Actor, App, Db, Error, Fields, Id, Lang, Reply, Result, Upload, Words, now, sql};

use super::batch::SentFile;
use super::state::{FieldRefusal, Refusal, State};

/// Whose turn it is: work on one record is applied one piece after another, whoever sends it and however often; work on
/// others goes on beside it, so that one wait for the disk serves many.
struct Turns(Vec<Mutex<()>>);

impl Default for Turns {
    fn default() -> Turns {
        Turns((0..256).map(|_| Mutex::default()).collect())
    }
}

impl Turns {
    /// Waits for the turn of this work: that of the record which it makes, or of the first one that stands in its address.
    fn take(&self, kept: &Kept) -> MutexGuard<'_, ()> {
        let made =
            kept.form.iter().find(|(name, _)| name == "id").and_then(|(_, text)| text.parse::<Id>().ok());
        let addressed = || kept.path.split('/').find_map(|part| part.parse::<Id>().ok());
        let record = made.or_else(addressed).unwrap_or(kept.id);
        let at = usize::try_from(record.number() % self.0.len() as u128).unwrap_or_default();
        self.0[at].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is received and was not applied after so long, its process having died, is taken up by whoever notices.
const LEFT: i64 = 2_000;

/// A command as it is kept.
struct Kept {
    id: Id,
    account: Id,
    carrier: Option<Id>,
    branch: Id,
    made: i64,
    path: String,
    form: Vec<(String, String)>,
    files: Vec<SentFile>,
}

/// What becomes of a command.
struct Outcome {
    state: State,
    waits_for: Option<Id>,
    about: Option<Id>,
    refusal: Option<Refusal>,
    location: Option<String>,
    /// True if somebody else changed the record in the same instant: the next try sees what they wrote.
    crossed: bool,
}

impl Outcome {
    fn of(state: State) -> Outcome {
        Outcome { state, waits_for: None, about: None, refusal: None, location: None, crossed: false }
    }

    fn waits_for(id: Id) -> Outcome {
        Outcome { waits_for: Some(id), ..Outcome::of(State::Waiting) }
    }
}

/// Applies these commands, and those that waited for them.
pub fn apply(app: &Arc<App>, ids: &[Id]) -> Result<()> {
    let turns = app.held.of::<Turns>();
    let mut queue: VecDeque<Id> = ids.iter().copied().collect();
    while let Some(id) = queue.pop_front() {
        let Some(kept) = app.read(|db| find(db, id))? else { continue };
        let turn = turns.take(&kept);
        // Another may have applied it meanwhile.
        let Some(kept) = app.read(|db| find(db, id))? else { continue };
        let outcome = attempt(app, &kept)?;
        note(app, &kept, &outcome)?;
        drop(turn);
        match outcome.state {
            State::Done => queue.extend(app.read(|db| woken(db, id))?),
            // What it waits for may have come just before that was written down, when nobody knew whom to wake.
            State::Waiting if app.read(|db| missing(db, &kept))? != outcome.waits_for => queue.push_back(id),
            _ => {}
        }
    }
    Ok(())
}

/// Takes up what was received and never applied, for instance because the process died in between: soon, then ever more
/// rarely, each time after half as long again as it has been here.
pub(crate) fn tend(app: &Arc<App>) -> Result<()> {
    let query = sql(
        "select c.id from device_command c join batch b on b.key = c.batch
         where c.state = 'received' and c.changed_at + (c.changed_at - b.received_at) / 2 < ? order by c.made, c.id limit 500",
    );
    let query = query.bind(now() - LEFT).open("the engine's own");
    super::upload::sweep(app)?;
    let left = app.read(|db| db.rows(&query, kernel::value::Row::take))?;
    apply(app, &left)
}

fn find(db: &mut Db, id: Id) -> Result<Option<Kept>> {
    let query = sql("select id, account, carrier, branch, made, path, form, files from device_command
                     where id = ? and state in ('received', 'waiting')");
    db.row(&query.bind(id).open("the engine's own"), |row| {
        Ok(Kept {
            id: row.take()?,
            account: row.take()?,
            carrier: row.take()?,
            branch: row.take()?,
            made: row.take()?,
            path: row.take()?,
            form: serde_json::from_str(&row.take::<String>()?)?,
            files: serde_json::from_str(&row.take::<String>()?)?,
        })
    })
}

/// What this command waits for, if anything is missing: a command before it, a document, a record of its address.
fn missing(db: &mut Db, kept: &Kept) -> Result<Option<Id>> {
    let before = sql("select a.after from command_after a where a.command = ?
         and not exists (select 1 from device_command c where c.id = a.after and c.state = 'done')
         and not exists (select 1 from device_command c where c.instead = a.after and c.state = 'done')")
    .bind(kept.id)
    .open("the engine's own");
    if let Some(after) = db.row(&before, kernel::value::Row::take)? {
        return Ok(Some(after));
    }
    for file in &kept.files {
        let whole = sql("select count(*) from upload where id = ? and account = ? and received = size")
            .bind(file.upload)
            .bind(kept.account);
        if db.one::<i64>(&whole)? == 0 {
            return Ok(Some(file.upload));
        }
    }
    for id in kept.path.split('/').filter_map(|part| part.parse::<Id>().ok()) {
        let known = sql("select count(*) from fact where record = ?").bind(id).open("is there such a record");
        if db.one::<i64>(&known)? == 0 {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// Tries of work on a record that somebody changes on a page at the same instant.
const TRIES: usize = 4;

fn attempt(app: &Arc<App>, kept: &Kept) -> Result<Outcome> {
    let mut outcome = once(app, kept)?;
    for _ in 1..TRIES {
        if !outcome.crossed {
            break;
        }
        outcome = once(app, kept)?;
    }
    Ok(outcome)
}

fn once(app: &Arc<App>, kept: &Kept) -> Result<Outcome> {
    if let Some(missing) = app.read(|db| missing(db, kept))? {
        return Ok(Outcome::waits_for(missing));
    }
    let (viewer, about) = app
        .read(|db| Ok((people::viewer(db, kept.carrier.unwrap_or(kept.account))?, about(db, &kept.path)?)))?;
    let uploads = kept.files.iter().map(|file| read(app, file)).collect::<Result<_>>()?;
    let language = app.read(|db| people::viewer(db, kept.account))?.language;
    let w = app.words.speak(language.as_deref().and_then(Lang::from_code).unwrap_or_default());
    let form = Form {
        command: Command { id: kept.id, branch: kept.branch, made: kept.made },
        behalf: kept.carrier.map(|_| kept.account),
        path: kept.path.clone(),
        fields: Fields(kept.form.clone()),
        uploads,
    };
    let outcome = match perform(app, viewer, form) {
        Ok(Done::Before) => Outcome::of(State::Done),
        Ok(Done::Now(reply)) => answered(w, reply),
        Err(Error::Invalid(errors)) => refused(
            w.t("field.refused").into_owned(),
            errors
                .into_iter()
                .map(|error| FieldRefusal { detail: w.wrong(&error.wrong), field: error.field })
                .collect(),
        ),
        Err(Error::Refused(wrong)) => {
            Outcome { crossed: wrong.key == "error.stale_all", ..refused(w.wrong(&wrong), Vec::new()) }
        }
        Err(Error::TooLarge) => refused(w.t("error.text.413").into_owned(), Vec::new()),
        Err(Error::Forbidden | Error::NotFound | Error::SignIn) => Outcome::of(State::Held),
        // A fault of ours is not theirs: it stays, is told in the log, and is tried again.
        Err(Error::TooMany(_)) => Outcome::of(State::Received),
        Err(Error::Internal(what)) => {
            tracing::error!(command = %kept.id, what, "work from a device could not be applied");
            Outcome::of(State::Received)
        }
    };
    // Work on somebody whose data was erased meanwhile has nothing to go on from, and repeats nothing of her.
    let about_her = match outcome.state {
        State::Held => app.read(|db| super::erasure::speaks(db, &kept.path, &[]))?,
        State::NeedsYou => app.read(|db| super::erasure::speaks(db, &kept.path, &kept.form))?,
        _ => false,
    };
    let outcome = if about_her { refused(w.t("field.erased").into_owned(), Vec::new()) } else { outcome };
    Ok(Outcome { about, ..outcome })
}

fn refused(sentence: String, errors: Vec<FieldRefusal>) -> Outcome {
    Outcome { refusal: Some(Refusal { sentence, errors }), ..Outcome::of(State::NeedsYou) }
}

/// What a handler answered: where it leads, or a page that asks something, such as whether a name is a known one.
fn answered(w: Words, reply: Reply) -> Outcome {
    match reply {
        Reply::Body { status, body, .. } if status < 400 => {
            let told: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
            let location = told.get("location").and_then(|text| text.as_str()).map(str::to_owned);
            Outcome { location, ..Outcome::of(State::Done) }
        }
        Reply::Body { status: 409, .. } => refused(w.t("field.known_already").into_owned(), Vec::new()),
        Reply::Body { .. } => refused(w.t("field.refused").into_owned(), Vec::new()),
        Reply::Seen(path) => Outcome { location: Some(path), ..Outcome::of(State::Done) },
        Reply::Header { reply, .. } | Reply::Cookie { reply, .. } => answered(w, *reply),
        Reply::Download { .. } | Reply::Stored { .. } => Outcome::of(State::Done),
    }
}

/// The record whose rights say which managers are asked.
fn about(db: &mut Db, path: &str) -> Result<Option<Id>> {
    for id in path.split('/').filter_map(|part| part.parse::<Id>().ok()) {
        let query = sql("select about from fact where record = ? order by id limit 1").bind(id);
        if let Some(about) = db.row(&query.open("whose rights cover it"), kernel::value::Row::take)? {
            return Ok(Some(about));
        }
    }
    Ok(None)
}

fn read(app: &App, file: &SentFile) -> Result<Upload> {
    let bytes = std::fs::read(super::upload::path(app, file.upload))?;
    Ok(Upload { field: file.field.clone(), name: file.name.clone(), bytes })
}

/// Writes down what became of a command, unless it was done meanwhile. What it said of somebody whose data was erased
/// before it came is not kept longer than its decision.
fn note(app: &App, kept: &Kept, outcome: &Outcome) -> Result<()> {
    let told = outcome.refusal.as_ref().map(serde_json::to_string).transpose()?;
    let note = sql("update device_command set state = ?, waits_for = ?, about = coalesce(?, about), told = ?, location = ?, changed_at = ?
                    where id = ? and state in ('received', 'waiting')");
    let note = note.bind(outcome.state.code()).bind(outcome.waits_for).bind(outcome.about).bind(told);
    let note = note.bind(outcome.location.as_deref()).bind(now()).bind(kept.id).open("the engine's own");
    app.write(Actor::machine("device"), |tx| {
        let decided = tx.run(&note)? > 0 && matches!(outcome.state, State::Done | State::NeedsYou);
        if decided && super::erasure::speaks(tx, &kept.path, &kept.form)? {
            super::erasure::empty(tx, kept.id)?;
        }
        Ok(())
    })
}

/// What waited for a command: for itself, for what it stands in for, for a record it made.
fn woken(db: &mut Db, done: Id) -> Result<Vec<Id>> {
    let query = sql("select c.id from device_command c where c.state = 'waiting' and (c.waits_for = ?
         or c.waits_for in (select d.instead from device_command d where d.id = ?)
         or c.waits_for in (select f.record from fact_command m join fact f on f.id = m.fact where m.command = ?))
         order by c.made, c.id");
    let query = query.bind(done).bind(done).bind(done).open("the engine's own");
    db.rows(&query, kernel::value::Row::take)
}

/// What waits for this upload.
pub(crate) fn waiting_for(db: &mut Db, upload: Id) -> Result<Vec<Id>> {
    let query =
        sql("select id from device_command where state = 'waiting' and waits_for = ? order by made, id");
    db.rows(&query.bind(upload).open("the engine's own"), kernel::value::Row::take)
}
