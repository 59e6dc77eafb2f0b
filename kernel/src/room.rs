//! What a room gives the house: its words, schema, routes, panels, and what it does with facts and jobs.

use std::sync::Arc;

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::access::{Standing, Viewer};
use crate::facts::{Fact, Tx};
use crate::html::Html;
use crate::index::Indexed;
use crate::paper::Press;
use crate::record::{Field, Record};
use crate::store::Db;
use crate::work::Job;
use crate::{Ctx, Id, Json, Reply, Result};

/// Answers a request. Runs on a blocking thread.
pub type Handler = fn(&Ctx) -> Result<Reply>;

/// Who may call a route at all; the finer rights stand in its queries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Anybody, also without account.
    Anybody,
    /// Whoever signed in.
    SignedIn,
    /// Holders of one of these roles in any scope; administrators always.
    Role(&'static [&'static str]),
    /// Holders of one of these roles themselves: administrators only if they hold it too.
    Held(&'static [&'static str]),
}

impl Need {
    /// True if this viewer meets the need.
    pub fn met_by(self, viewer: &Viewer) -> bool {
        match self {
            Need::Anybody => true,
            Need::SignedIn => viewer.signed_in(),
            Need::Role(roles) => viewer.signed_in() && viewer.has_role(roles),
            Need::Held(roles) => {
                viewer.signed_in() && viewer.roles.iter().any(|held| roles.contains(&held.role.as_str()))
            }
        }
    }
}

/// The methods that forms know; everything works without a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Writes.
    Post,
    /// Asks whether and how, without content; for programs.
    Head,
    /// Writes a part; for programs.
    Patch,
    /// Ends something; for programs.
    Delete,
}

impl Method {
    /// Its name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "get",
            Method::Post => "post",
            Method::Head => "head",
            Method::Patch => "patch",
            Method::Delete => "delete",
        }
    }
}

/// One address of a room. The server, the description of the interface and the test of rights read this table.
pub struct Route {
    /// Reads or writes.
    pub method: Method,
    /// Path with `{name}` for parameters.
    pub path: &'static str,
    /// Who may call it.
    pub need: Need,
    /// Who answers.
    pub handler: Handler,
    /// True if it takes files: the body may be large.
    pub upload: bool,
    /// True if the body is taken as it came, whatever it is: [`Ctx::body`].
    pub raw: bool,
    /// JSON Schema of the answer.
    pub answer: Option<fn(&mut SchemaGenerator) -> Schema>,
    /// Declared fields of the body.
    pub body: &'static [Field],
    /// Names of the parameters of the query string.
    pub query: &'static [&'static str],
    /// True if who asks is found out by the handler: neither a session of the pages nor a token of an account opens it.
    pub own_door: bool,
}

/// A page to read.
pub fn get(path: &'static str, handler: Handler) -> Route {
    Route {
        method: Method::Get,
        path,
        need: Need::SignedIn,
        handler,
        upload: false,
        raw: false,
        answer: None,
        body: &[],
        query: &[],
        own_door: false,
    }
}

/// An action.
pub fn post(path: &'static str, handler: Handler) -> Route {
    Route { method: Method::Post, ..get(path, handler) }
}

/// A question of a program that is answered by the head of an answer alone.
pub fn head(path: &'static str, handler: Handler) -> Route {
    Route { method: Method::Head, ..get(path, handler) }
}

/// A part that a program adds.
pub fn patch(path: &'static str, handler: Handler) -> Route {
    Route { method: Method::Patch, ..get(path, handler) }
}

/// Something that a program ends.
pub fn delete(path: &'static str, handler: Handler) -> Route {
    Route { method: Method::Delete, ..get(path, handler) }
}

impl Route {
    /// Open to everybody.
    pub fn open(mut self) -> Route {
        self.need = Need::Anybody;
        self
    }

    /// Open to everybody as far as the house knows: the handler finds out who asks, by what only this door takes.
    pub fn own_door(mut self) -> Route {
        self.own_door = true;
        self.open()
    }

    /// For holders of one of these roles.
    pub fn role(mut self, roles: &'static [&'static str]) -> Route {
        self.need = Need::Role(roles);
        self
    }

    /// Takes files.
    pub fn upload(mut self) -> Route {
        self.upload = true;
        self
    }

    /// Takes the body as it came.
    pub fn raw(mut self) -> Route {
        self.raw = true;
        self
    }

    /// Says what it answers in JSON.
    pub fn answers<T: JsonSchema>(mut self) -> Route {
        self.answer = Some(|generator| generator.subschema_for::<T>());
        self
    }

    /// Says which record its body carries.
    pub fn takes<R: Record>(mut self) -> Route {
        self.body = R::fields();
        self
    }

    /// Says which parameters its query string knows.
    pub fn query(mut self, names: &'static [&'static str]) -> Route {
        self.query = names;
        self
    }
}

/// What a panel shows on another room's page.
pub struct Shown {
    /// As HTML.
    pub html: Html,
    /// As JSON.
    pub data: Json,
}

/// A part of another room's page.
pub struct Panel {
    /// Name, unique on its page; key of its data in JSON.
    pub name: &'static str,
    /// The page, such as `registry.organisation`.
    pub place: &'static str,
    /// Position among the panels of the page.
    pub order: u8,
    /// True for the narrow column.
    pub side: bool,
    /// The least standing that sees it.
    pub read: Standing,
    /// Shows it, or nothing.
    pub show: fn(&Ctx, &mut Db, Id) -> Result<Option<Shown>>,
}

/// A link of the main navigation.
pub struct Nav {
    /// Position.
    pub order: u8,
    /// Where it leads.
    pub path: &'static str,
    /// Key of its word.
    pub word: &'static str,
    /// Who sees it.
    pub need: Need,
}

/// Something that waits for the person who signed in.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct Task {
    /// `late`, `wait` or `info`.
    pub tone: &'static str,
    /// The sentence.
    pub text: String,
    /// More about it.
    pub detail: String,
    /// Where to do it.
    pub path: String,
}

/// A record behind a proposal.
#[derive(Clone, Debug, serde::Serialize, JsonSchema)]
pub struct Behind {
    /// What it is.
    pub label: String,
    /// Where it stands.
    pub path: String,
}

/// What records propose as the answer to a question that people would else have to judge.
#[derive(Clone, Debug, serde::Serialize, JsonSchema)]
pub struct Proposal {
    /// From 0 to 4.
    pub level: i64,
    /// The sentence that says why.
    pub reason: String,
    /// The records.
    pub records: Vec<Behind>,
}

/// A look of a room into its own records of an organisation on a day, for a question that a room below asks by this
/// name. It proposes only what the records can show; where they are silent it proposes nothing.
pub struct Look {
    /// What is looked for, such as `regular_buyers`.
    pub name: &'static str,
    /// Looks. Whoever asks checked the right to the file of the organisation.
    pub read: fn(&Ctx, &mut Db, Id, Date) -> Result<Option<Proposal>>,
}

/// Scopes of a room in which the viewer may grant roles: scope and label.
pub type Scopes = fn(&Ctx, &mut Db) -> Result<Vec<(String, String)>>;

/// What a job does; it saves its progress as it goes and can be run again after a crash.
pub type JobRunner = fn(&crate::App, &Job) -> Result<()>;

/// Tends what a room holds, again and again while the house serves.
pub type Tending = fn(&Arc<crate::App>) -> Result<()>;

/// Finds what waits for the viewer.
pub type FindTasks = fn(&Ctx, &mut Db) -> Result<Vec<Task>>;

/// Says whether the viewer may open a stored document.
pub type OpensFile = fn(&Viewer, &mut Db, Id) -> Result<bool>;

/// What other rooms show on a page, by column, and its data.
#[derive(Default)]
pub struct Panels {
    /// The wide column.
    pub wide: Vec<Html>,
    /// The narrow column.
    pub side: Vec<Html>,
    /// The data of both, by the name of the panel.
    pub data: serde_json::Map<String, Json>,
}

/// A declared record, for the checks of the house.
pub struct Declared {
    /// Its table.
    pub table: &'static str,
    /// What its facts are called.
    pub kind: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
    /// Sets one of them.
    pub set: SetField,
}

/// Gives a field of a record the value that was typed: its parts and their texts.
pub type SetField = fn(&mut Tx<'_>, Id, &str, &Typed) -> Result<()>;

/// What was typed for one field: the name of each part (empty for a field of one part) and its text.
pub type Typed = Vec<(String, String)>;

/// What becomes of a table when whoever operates the house takes its records elsewhere as files. A declared record and
/// its links leave whole unless the room says otherwise; every other table must be named, so that none is forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaves {
    /// With all of its columns.
    Whole,
    /// Without these columns, which are secrets.
    Without(&'static [&'static str]),
    /// Not at all, and why.
    Stays(&'static str),
}

/// A column that points at a record of another room: it follows when two records turn out to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// The table it points at.
    pub to: &'static str,
    /// The table it stands in.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// A column that may stand only once beside the same target: such a row stays where it is.
    pub once_with: Option<&'static str>,
}

/// A pointer of `table.column` at `to`.
pub const fn pointer(
    to: &'static str,
    table: &'static str,
    column: &'static str,
    once_with: Option<&'static str>,
) -> Pointer {
    Pointer { to, table, column, once_with }
}

/// One capability of the house.
#[derive(Default)]
pub struct Room {
    /// Its name.
    pub name: &'static str,
    /// Its `words.toml`.
    pub words: &'static str,
    /// Its schema files, in order: name and text.
    pub schema: &'static [(&'static str, &'static str)],
    /// Its addresses.
    pub routes: Vec<Route>,
    /// Its parts of other pages.
    pub panels: Vec<Panel>,
    /// Its looks into its records for the questions of rooms below.
    pub looks: Vec<Look>,
    /// Its links in the navigation.
    pub nav: Vec<Nav>,
    /// Hears every fact, in the transaction that writes it.
    pub hears: Option<fn(&mut Tx<'_>, &Fact) -> Result<()>>,
    /// The work it does in the background, by name.
    pub jobs: Vec<(&'static str, JobRunner)>,
    /// Tables whose reads must speak of rights.
    pub protected: &'static [&'static str],
    /// Its records.
    pub records: Vec<Declared>,
    /// Which of its other tables leave with the records when they are taken elsewhere.
    pub leaves: &'static [(&'static str, Leaves)],
    /// Its records that the index holds.
    pub indexed: Option<Indexed>,
    /// What is no declared record of its own and can still be in conflict: how one of several values is set.
    pub settles: &'static [(&'static str, SetField)],
    /// Its columns that point at records of other rooms or its own, and follow a merge.
    pub pointers: &'static [Pointer],
    /// What it does once a day, before anything else is asked on that day.
    pub daily: Option<fn(&mut Tx<'_>) -> Result<()>>,
    /// What it holds in memory and keeps up with the database, asked again and again while the house serves.
    pub tends: Option<Tending>,
    /// What it puts right in what an earlier version wrote, when the house opens; done twice it changes nothing.
    pub mend: Option<fn(&crate::App) -> Result<()>>,
    /// What waits for the viewer, for *my day*.
    pub tasks: Vec<FindTasks>,
    /// Finds out who asks, from a session cookie or a token.
    pub identify: Option<fn(&mut Db, &crate::web::Credentials) -> Result<Viewer>>,
    /// Scopes in which the viewer may grant roles, each with the name it is known by.
    pub scopes: Option<Scopes>,
    /// May the viewer open this stored document? Asked of each room until one says yes.
    pub opens_file: Option<OpensFile>,
    /// Turns a paper into a PDF.
    pub press: Option<Press>,
    /// Its words that can be listened to where somebody recorded them: a place and the keys shown there.
    pub spoken: &'static [(&'static str, &'static [&'static str])],
}

/// The entry of a record in [`Room::records`].
pub fn declared<R: Record>() -> Declared {
    Declared { table: R::TABLE, kind: R::KIND, fields: R::fields(), set: crate::record::set::<R> }
}
