//! Work that was done elsewhere and is sent later: a *command* is the form of a page, filled in without a network. It
//! goes through the same handler as the page, under the rights that its maker has now, and is applied once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::facts::{Actor, Tx};
use crate::room::{Method, Route};
use crate::{App, Ctx, Error, Fields, Id, Lang, Reply, Result, Upload, Viewer, now, sql};

/// Which work a write belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// Its id, made where it was done.
    pub id: Id,
    /// The thread of work of one person on one device: its later commands know its earlier ones.
    pub branch: Id,
    /// When it was done, by the clock of the server as far as the device knows it; milliseconds since 1970.
    pub made: i64,
}

/// A form that was filled in elsewhere.
#[derive(Debug)]
pub struct Form {
    /// The work it is.
    pub command: Command,
    /// The person who did the work, if another brings it in.
    pub behalf: Option<Id>,
    /// Where it goes.
    pub path: String,
    /// What it says.
    pub fields: Fields,
    /// Documents that came with it.
    pub uploads: Vec<Upload>,
}

/// What became of a command.
pub enum Done {
    /// It was applied, or refused with a page.
    Now(Reply),
    /// It had been applied before.
    Before,
}

/// A command on its way through a handler.
pub struct Commanded {
    command: Command,
    behalf: Option<Id>,
    /// Writes so far: each is received once.
    parts: AtomicI64,
}

impl Commanded {
    /// When it was done; milliseconds since 1970.
    pub fn made(&self) -> i64 {
        self.command.made
    }

    /// Writes as the maker of the command; its receipt is part of the same transaction.
    pub(crate) fn write<T>(
        &self,
        app: &App,
        actor: Actor,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        let part = self.parts.fetch_add(1, Ordering::Relaxed);
        let actor = Actor {
            origin: "device",
            behalf: self.behalf,
            device_at: Some(self.command.made),
            command: Some(self.command.clone()),
            ..actor
        };
        app.write(actor, |tx| {
            let receipt = sql("insert into command_receipt (command, part, at) values (?, ?, ?)");
            tx.run(&receipt.bind(self.command.id).bind(part).bind(now()))?;
            work(tx)
        })
    }
}

/// The route that answers a path, and what its parameters are.
fn door<'a>(app: &'a App, path: &str) -> Option<(&'a Route, Vec<(String, String)>)> {
    let asked: Vec<&str> = path.split('/').collect();
    let routes = app.rooms.iter().flat_map(|room| &room.routes).filter(|route| route.method == Method::Post);
    let fits = routes.filter_map(|route| {
        let parts: Vec<&str> = route.path.split('/').collect();
        let mut params = Vec::new();
        if parts.len() != asked.len() {
            return None;
        }
        for (part, text) in parts.iter().zip(&asked) {
            match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                Some(name) if !text.is_empty() => params.push((name.to_owned(), (*text).to_owned())),
                None if part == text => {}
                _ => return None,
            }
        }
        Some((route, params))
    });
    // A word that stands in the address is nearer than a parameter.
    fits.min_by_key(|(_, params)| params.len())
}

/// True if a form can go to this path at all.
pub fn leads_somewhere(app: &App, path: &str) -> bool {
    door(app, path).is_some()
}

/// Applies a command as this viewer, whose rights are those of now. The same command again changes nothing.
pub fn perform(app: &Arc<App>, viewer: Viewer, form: Form) -> Result<Done> {
    let before = sql("select count(*) from command_receipt where command = ?").bind(form.command.id);
    if app.read(|db| db.one::<i64>(&before))? > 0 {
        return Ok(Done::Before);
    }
    let (route, params) = door(app, &form.path).ok_or(Error::NotFound)?;
    if !route.need.met_by(&viewer) {
        return Err(if viewer.signed_in() { Error::Forbidden } else { Error::SignIn });
    }
    let lang = viewer.language.as_deref().and_then(Lang::from_code).unwrap_or_default();
    let mut ctx: Ctx = crate::web::stranger(Arc::clone(app), app.words.speak(lang), form.path);
    ctx.viewer = viewer;
    ctx.params = params;
    ctx.form = form.fields;
    ctx.uploads = form.uploads;
    ctx.json = true;
    ctx.command = Some(Commanded { command: form.command, behalf: form.behalf, parts: AtomicI64::default() });
    // A fault in one piece of work must not keep the others from being applied.
    catch_unwind(AssertUnwindSafe(|| (route.handler)(&ctx)))
        .unwrap_or_else(|_| Err(Error::internal(format!("{} panicked", route.path))))
        .map(Done::Now)
}
