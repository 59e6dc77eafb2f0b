//! A module: what can be taught, in how many hours, and which subjects of a diagnosis it means to move.

use kernel::access::{self, PUBLIC};
use kernel::kinds::{Code, Column, File, Input, Kind, Many, Multi, Names, Raw, Ref};
use kernel::value::{FromValue, Row, ToValue, Value};
use kernel::{Db, Html, Id, Json, Result, Tx, Viewer, Words, Wrong, html, record, sql};
use people::Tongue;
use programmes::Theme;
use programmes::finding::Subject;

/// Percent of a test from which a module counts as passed when it says nothing else.
pub const PASS_MARK: i64 = 60;

/// Codes of the subjects that a module serves, kept in a table of links. The list of subjects grows with the
/// diagnoses of the house, so these are codes of rows, not of a choice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subjects(pub Vec<String>);

impl Kind for Subjects {
    const INPUT: Input = Input::Line;
    const COLUMNS: &'static [(&'static str, Column)] = &[];
    fn put(&self) -> Vec<Value> {
        self.0.iter().map(ToValue::to_value).collect()
    }
    fn take(row: &mut Row) -> Result<Option<Subjects>> {
        let mut codes = Vec::new();
        while let Ok(value) = row.take::<Value>() {
            codes.push(String::from_value(value)?);
        }
        Ok((!codes.is_empty()).then_some(Subjects(codes)))
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Subjects>, Wrong> {
        let typed = raw.fields.all(raw.name).flat_map(|text| text.split([',', ';'])).map(str::trim);
        let mut codes: Vec<String> =
            typed.filter(|code| !code.is_empty()).map(|code| code.chars().take(60).collect()).collect();
        codes.sort();
        codes.dedup();
        Ok((!codes.is_empty()).then_some(Subjects(codes)))
    }
    fn json(&self) -> Json {
        self.0.clone().into()
    }
    fn typed(&self) -> Vec<(String, String)> {
        self.0.iter().map(|code| (String::new(), code.clone())).collect()
    }
    fn show(&self, _: &Words, _: &Names) -> Html {
        html::isolate(&self.0.join(", "))
    }
}

record! {
    /// What can be taught.
    pub Module in "module" as "training.module", then saved {
        main(Public, Steward) {
            code: Code, title: Multi, objectives: Option<Multi>, content: Option<Multi>, hours: i64,
            pass_mark: Option<i64>, languages: Option<Many<Tongue>>, themes: Option<Many<Theme>>,
        }
        serves(Public, Steward) { subjects: Option<Subjects> }
        publication(Public, Steward) { published: bool }
        origin(Public, Steward) { invented: bool }
    }
}

record! {
    /// A document of a module: slides, a leaflet, a picture board.
    pub Material in "module_material" as "training.module_material", about module {
        main(Public, Steward) { module: Ref<Module>, title: String, language: Option<Tongue>, file: File }
    }
}

fn saved(module: &Module, tx: &mut Tx<'_>) -> Result<()> {
    if module.published {
        access::grant(tx, module.id, PUBLIC, kernel::Standing::Public, None)
    } else {
        access::revoke(tx, module.id, PUBLIC)
    }
}

impl Module {
    /// The percent of a test from which it counts as passed.
    pub fn passes_at(&self) -> i64 {
        self.pass_mark.unwrap_or(PASS_MARK)
    }
}

/// The subjects that a module serves, in the order of their lists.
pub(crate) fn subjects(db: &mut Db, module: Id) -> Result<Vec<Subject>> {
    let query = sql("select value from module_subjects where owner = ?").bind(module);
    let codes: Vec<String> = db.rows(&query, Row::take)?;
    let mut all = programmes::finding::subjects(db)?;
    all.retain(|subject| codes.contains(&subject.code));
    Ok(all)
}

/// A module in a list.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Line {
    pub(crate) id: Id,
    pub(crate) code: String,
    pub(crate) title: Multi,
    pub(crate) hours: i64,
    pub(crate) subjects: i64,
    pub(crate) published: bool,
    pub(crate) invented: bool,
}

/// The modules a viewer knows of, in the order of their codes.
pub(crate) fn list(db: &mut Db, viewer: &Viewer) -> Result<Vec<Line>> {
    let query = sql("select m.id, m.code, m.title, m.hours, (select count(*) from module_subjects l where l.owner = m.id),
                     m.published, m.invented from module m where")
        .seen(viewer, "m.id")
        .and(" order by m.code, m.id limit 300");
    db.rows(&query, |row| {
        Ok(Line {
            id: row.take()?,
            code: row.take()?,
            title: row.take()?,
            hours: row.take()?,
            subjects: row.take()?,
            published: row.take()?,
            invented: row.take()?,
        })
    })
}

/// The documents of a module.
pub(crate) fn materials(db: &mut Db, module: Id) -> Result<Vec<Material>> {
    let columns = <Material as kernel::Record>::columns("");
    let query = sql(&format!("select {columns} from module_material where module = ? order by title, id"));
    db.rows(
        &query.bind(module).open("the standing at the module was checked"),
        <Material as kernel::Record>::from_row,
    )
}
