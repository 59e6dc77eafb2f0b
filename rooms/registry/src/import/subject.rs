//! What the rows of a list become. The registry brings organisations; a room above brings what it keeps, and hands in
//! its [`routes`](super::routes) and [`jobs`](super::jobs). The journey from the file to its undoing is the same for all.

use kernel::form::Options;
use kernel::kinds::Input;
use kernel::words::Catalogue;
use kernel::{Db, FieldError, Id, Lang, Record, Result, Standing, Tx, Viewer, Words, Wrong};

use super::Import;
use super::mapping::Mapping;
use super::rows::{Kept, Likeness};

/// Words by what they mean: a target and the headers it is known by, a code and what people write for it.
pub type Meanings = &'static [(&'static str, &'static [&'static str])];

/// What rows become, and how one is checked, applied and taken back. A value reads the rows of one import, under the
/// rights of whoever asked for this step.
pub trait Subject: Sized + 'static {
    /// What a row becomes. Its table names the kind of import.
    type Record: Record;
    /// Address of its imports.
    const BASE: &'static str;
    /// First part of the names of its work in the background.
    const WORK: &'static str;
    /// Where its own words stand; what is not there is said with the words under `registry.import`.
    const WORDS: &'static str;
    /// The page above its imports, and the key of its word.
    const ABOVE: (&'static str, &'static str);
    /// The target that a row is called by.
    const NAME: &'static str;
    /// Targets whose cells tell rows of the same name apart.
    const TELLS: &'static [&'static str];
    /// The field that gets one value in every row that states none, and the value that is proposed.
    const REST: (&'static str, &'static str);
    /// Headers by target, the more particular first. Every word of a header stands in the column's; words of four
    /// letters and more may go on there.
    const HEADERS: Meanings;
    /// What people write for the codes of a field, beside the words of the interface.
    const ALSO: &'static [(&'static str, Meanings)];
    /// What a person can decide about rows in a state: `same` (as a candidate), `new`, `again`, `skip`.
    const DECISIONS: Meanings;

    /// The values of [`Subject::REST`] to choose from, with what a person reads: the codes of the field, mostly.
    fn rest(_db: &mut Db, _viewer: &Viewer, w: Words) -> Result<Options> {
        Ok(match Self::Record::field(Self::REST.0).map(|field| field.ops.input) {
            Some(Input::Choice { codes, words }) => {
                codes.iter().map(|code| ((*code).to_owned(), w.t2(words, code))).collect()
            }
            _ => Options::new(),
        })
    }

    /// Everything that a column can hold for a writer at this standing.
    fn targets(standing: Standing) -> Vec<Target>;
    /// The key of the sentence that says what this mapping lacks.
    fn lacks(mapping: &Mapping) -> Option<&'static str>;
    /// Where a record of this kind is shown.
    fn path(record: Id) -> String;
    /// Begins to read the rows of an import.
    fn reading(words: &'static Catalogue, import: &Import, viewer: Viewer) -> Self;
    /// What a row says and what it looks like; nothing is written.
    fn check(&mut self, db: &mut Db, row: &Kept) -> Result<Found>;
    /// Makes what the row says. A refusal takes back what was begun.
    fn apply(&mut self, tx: &mut Tx<'_>, row: &Kept) -> Result<Outcome>;
    /// Takes back what these rows became; for each, the key of the sentence that says why something stays.
    fn undo(
        tx: &mut Tx<'_>,
        import: &Import,
        viewer: &Viewer,
        rows: &[Kept],
    ) -> Result<Vec<Option<&'static str>>>;
}

/// What was found in a row.
#[derive(Default)]
pub struct Found {
    pub(crate) state: &'static str,
    pub(crate) problems: Vec<FieldError>,
    pub(crate) candidates: Vec<Likeness>,
    pub(crate) target: Option<Id>,
    pub(crate) record: Option<Id>,
}

impl Found {
    /// It can be applied.
    pub fn good() -> Found {
        Found { state: "good", ..Found::default() }
    }

    /// Cells are wrong.
    pub fn wrong(problems: Vec<FieldError>) -> Found {
        Found { state: "wrong", problems, ..Found::default() }
    }

    /// A person decides which of these it means.
    pub fn maybe(candidates: Vec<Likeness>) -> Found {
        Found { state: "maybe", candidates, ..Found::default() }
    }

    /// It says what is known already: by this record, if it is registered.
    pub fn known(record: Option<Id>) -> Found {
        Found { state: "known", record, ..Found::default() }
    }

    /// The organisation it is about is certain.
    pub fn about(self, organisation: Id) -> Found {
        Found { target: Some(organisation), ..self }
    }

    /// With a sentence about the whole row.
    pub fn because(mut self, wrong: Wrong) -> Found {
        self.problems.push(FieldError { field: String::new(), wrong });
        self
    }
}

/// What became of a row.
pub enum Outcome {
    /// A new record.
    Made(Id),
    /// A registered one, with the fields that it got, as JSON.
    Met(Id, Option<String>),
    /// Nothing: this record said it before.
    Known(Id),
}

/// Something that a column can hold: a declared field or a part of one.
pub struct Target {
    /// Such as `name.ar`.
    pub(crate) code: String,
    label: Vec<String>,
    language: Option<Lang>,
}

impl Target {
    /// A target with the keys of the words that name it.
    pub fn of(code: impl Into<String>, label: &[&str]) -> Target {
        Target {
            code: code.into(),
            label: label.iter().map(|key| (*key).to_owned()).collect(),
            language: None,
        }
    }

    /// Its code, such as `name.ar`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What a person reads.
    pub(crate) fn said(&self, w: Words) -> String {
        let parts = self.label.iter().map(|key| w.t(key).into_owned());
        parts.chain(self.language.map(|lang| lang.own_name().to_owned())).collect::<Vec<_>>().join(" — ")
    }
}

/// The declared fields that a writer at this standing may fill, with their parts.
pub fn declared<R: Record>(standing: Standing) -> Vec<Target> {
    let mut targets = Vec::new();
    for field in R::fields().iter().filter(|field| field.write <= standing) {
        let (name, label) = (field.name, format!("{}.{}", R::TABLE, field.name));
        targets.push(Target::of(name, &[&label]));
        match field.ops.input {
            Input::Multi => targets.extend(Lang::ALL.map(|lang| Target {
                language: Some(lang),
                ..Target::of(format!("{name}.{}", lang.code()), &[&label])
            })),
            Input::Place => {
                targets.push(Target::of(format!("{name}.in"), &["registry.export.province"]));
                targets.push(Target::of(format!("{name}.lat"), &["form.lat"]));
                targets.push(Target::of(format!("{name}.lon"), &["form.lon"]));
            }
            Input::Money => {
                targets.push(Target::of(format!("{name}.currency"), &["form.currency"]));
            }
            _ => {}
        }
    }
    targets
}

/// True if the column gives the name that a row is called by, in whatever language.
pub(crate) fn names<S: Subject>(target: &str) -> bool {
    target.strip_prefix(S::NAME).is_some_and(|rest| {
        rest.is_empty() || rest.strip_prefix('.').is_some_and(|code| Lang::from_code(code).is_some())
    })
}

/// The words of an import: its own, or those that all share.
#[derive(Clone, Copy)]
pub(crate) struct Face {
    pub(crate) base: &'static str,
    pub(crate) above: (&'static str, &'static str),
    words: &'static str,
}

impl Face {
    pub(crate) fn of<S: Subject>() -> Face {
        Face { base: S::BASE, above: S::ABOVE, words: S::WORDS }
    }

    fn key(&self, w: Words, last: &str) -> String {
        let own = format!("{}.{last}", self.words);
        if w.knows(&own) { own } else { format!("registry.import.{last}") }
    }

    /// What is said under this key.
    pub(crate) fn say(&self, w: Words, last: &str) -> String {
        w.t(&self.key(w, last)).into_owned()
    }

    /// The same for a count.
    pub(crate) fn count(&self, w: Words, last: &str, n: i64) -> String {
        w.n(&self.key(w, last), n)
    }
}
