//! Every worked example of every shipped indicator, on both databases. A rule that is broken breaks one.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::collections::BTreeMap;

use impact::{Anew, Cut, Example, Eyes, Figure, Indicator, Period, Scope, all, figures};
use jiff::civil::date;
use kernel::kinds::Input;
use kernel::testing::{House, on_both};
use kernel::value::Value;
use kernel::{Error, Id, Room, Tx, sql};

fn rooms() -> Vec<Room> {
    let pack = atlas::Pack {
        divisions: include_str!("../../../packs/ma/divisions.csv"),
        census: include_str!("../../../packs/ma/census_2024.csv"),
        regions: include_str!("../../../packs/ma/regions.json"),
        provinces: include_str!("../../../packs/ma/provinces.json"),
        communes: include_str!("../../../packs/ma/communes.json"),
    };
    kernel::territory::open(&pack, |_| String::new()).unwrap();
    vec![
        people::room(),
        registry::room(),
        programmes::room(),
        training::room(),
        coaching::room(),
        survey::room(),
        market::room(),
        sales::room(),
        pooled::room(),
        impact::room(),
    ]
}

const YEAR: Period = Period { since: date(2026, 1, 1), until: date(2026, 12, 31) };

/// A short name in an example stands for a record.
fn id(name: &str) -> String {
    Id::named(name).to_string()
}

fn is_name(text: &str) -> bool {
    text.len() <= 2 && !text.is_empty()
}

/// Writes the records of an example, those it refers to first; what it does not say gets a plain value.
struct Writer<'a, 'b> {
    house: &'a House,
    tx: &'a mut Tx<'b>,
    given: &'a [toml::Table],
    written: Vec<(String, String)>,
}

impl Writer<'_, '_> {
    fn all(&mut self) {
        for (at, given) in self.given.iter().enumerate() {
            let table = given["table"].as_str().unwrap();
            let name =
                given.get("id").and_then(|id| id.as_str()).map_or_else(|| format!("row {at}"), str::to_owned);
            if self.declared(table) {
                self.record(table, &id(&name));
            } else {
                self.row(given);
            }
        }
    }

    fn declared(&self, table: &str) -> bool {
        self.house.app.rooms.iter().flat_map(|room| &room.records).any(|declared| declared.table == table)
    }

    /// A row of a table that declares no fields: everything is said.
    fn row(&mut self, given: &toml::Table) {
        for owner in ["half_day", "participant", "organisation", "programme", "survey"] {
            if let Some(name) = given.get(owner).and_then(|value| value.as_str()) {
                self.record(owner, &id(name));
            }
        }
        let table = given["table"].as_str().unwrap().to_owned();
        let said: Vec<(String, Value)> = given
            .iter()
            .filter(|(name, _)| *name != "table")
            .map(|(name, value)| (name.clone(), cell(value)))
            .collect();
        self.insert(&table, said);
    }

    /// A record with this id: as the example says it, or plain if it only refers to it.
    fn record(&mut self, table: &str, key: &str) {
        if self.written.iter().any(|(there, written)| there == table && written == key) {
            return;
        }
        self.written.push((table.to_owned(), key.to_owned()));
        let given = self.given.iter().enumerate().find(|(at, given)| {
            let name =
                given.get("id").and_then(|id| id.as_str()).map_or_else(|| format!("row {at}"), str::to_owned);
            given["table"].as_str() == Some(table) && id(&name) == key
        });
        let said = given.map(|(_, given)| given.clone()).unwrap_or_default();
        let rooms = &self.house.app.rooms;
        let declared = rooms.iter().flat_map(|room| &room.records).find(|declared| declared.table == table);
        let fields = declared.unwrap_or_else(|| panic!("no record is kept in {table}")).fields;
        let mut columns: Vec<(String, Value)> =
            vec![("id".into(), Value::Text(key.into())), ("version".into(), Value::Int(1))];
        for field in fields.iter().filter(|field| !field.linked()) {
            for (suffix, kind) in field.ops.columns {
                let column = format!("{}{suffix}", field.name);
                if let Some(value) = said.get(&column) {
                    if let Input::Choice { codes, .. } = field.ops.input {
                        assert!(
                            value.as_str().is_some_and(|code| codes.contains(&code)),
                            "{table}.{column}: {value:?}"
                        );
                        // A code may be as short as a name.
                        columns.push((column, Value::Text(value.as_str().unwrap().to_owned())));
                        continue;
                    }
                    columns.push((column, cell(value)));
                } else if field.ops.needed && !["_lat", "_lon"].contains(suffix) {
                    columns.push((column, plain(table, field.name, suffix, field.ops.input, *kind)));
                }
            }
        }
        if table == "account" {
            columns.push(("email".into(), Value::Text(format!("{key}@tiwizi.example"))));
        }
        for field in fields.iter() {
            if let Input::Reference { table: other } = field.ops.input
                && let Some((_, Value::Text(key))) = columns.iter().find(|(name, _)| name == field.name)
            {
                let key = key.clone();
                self.record(other, &key);
            }
        }
        for column in
            columns.iter().filter(|(_, value)| matches!(value, Value::Text(text) if text == &id("a file")))
        {
            let Value::Text(file) = &column.1 else { continue };
            let query = sql(
                "insert into file (id, name, media, size, digest, owner, at) values (?, 'x', 'x', 1, 'x', 'x', 1) on conflict (id) do nothing",
            );
            self.tx.run(&query.bind(file.clone())).unwrap();
        }
        self.insert(table, columns);
    }

    fn insert(&mut self, table: &str, columns: Vec<(String, Value)>) {
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let marks = vec!["?"; names.len()].join(", ");
        let mut query = sql(&format!("insert into {table} ({}) values ({marks})", names.join(", ")));
        for (_, value) in columns {
            query = query.bind(value);
        }
        self.tx.run(&query.open("an example")).unwrap_or_else(|error| panic!("{table}: {error}"));
    }
}

fn cell(value: &toml::Value) -> Value {
    match value {
        toml::Value::Integer(n) => Value::Int(*n),
        toml::Value::String(text) if is_name(text) => Value::Text(id(text)),
        other => Value::Text(other.as_str().unwrap().to_owned()),
    }
}

fn plain(table: &str, field: &str, suffix: &str, input: Input, kind: kernel::kinds::Column) -> Value {
    match input {
        Input::Choice { codes, .. } => Value::Text(codes[0].into()),
        Input::Date => Value::Text("2026-01-01".into()),
        Input::Multi => Value::Text("{\"fr\":\"x\"}".into()),
        Input::Money if suffix == "_currency" => Value::Text("MAD".into()),
        Input::Reference { table: other } => Value::Text(id(&format!("some {other}"))),
        Input::File => Value::Text(id("a file")),
        // Two plain records of a table differ where they must.
        _ if kind == kernel::kinds::Column::Text => Value::Text(format!("{table} {field} {}", Id::new())),
        _ => Value::Int(1),
    }
}

/// What ends a write that was only made to look at it; any other error is one.
fn undo() -> Error {
    Error::refused("error.reference")
}

fn look(house: &House, indicator: &Indicator, example: &Example) -> Result<(), String> {
    let mut said = Err("the figure cannot be counted".to_owned());
    let undone = house.app.write(kernel::Actor::machine("command"), |tx| {
        Writer { house, tx, given: &example.given, written: Vec::new() }.all();
        let scope = if example.everywhere { Scope::default() } else { Scope::programme(Id::named("P")) };
        let whole = figures(tx, indicator, &scope, YEAR, &[], Eyes::Checked)?;
        said = Ok(());
        let (value, n) = (whole.first().and_then(|f| f.value), whole.first().map_or(0, |f| f.n));
        if (value, n) != (example.value, example.n) || whole.len() > 1 {
            said = Err(format!("{value:?} of {n}, not {:?} of {}", example.value, example.n));
        }
        for (cut, wanted) in &example.by {
            let cut = Cut::from_code(cut).unwrap();
            let by = figures(tx, indicator, &scope, YEAR, &[cut], Eyes::Checked)?;
            let found: BTreeMap<String, i64> =
                by.into_iter().map(|f| (f.row.unwrap_or_default(), f.value.unwrap())).collect();
            let named = matches!(cut, Cut::Cooperative | Cut::Promotion | Cut::Programme);
            let wanted: BTreeMap<String, i64> = wanted
                .iter()
                .map(|(code, value)| (if named && is_name(code) { id(code) } else { code.clone() }, *value))
                .collect();
            if found != wanted {
                said = Err(format!("by {}: {found:?}, not {wanted:?}", cut.code()));
            }
        }
        Err::<(), _>(undo())
    });
    assert!(matches!(undone, Err(Error::Refused(_))), "{}: {undone:?}", indicator.code);
    said
}

#[test]
fn every_example_holds() {
    on_both(rooms, |house| {
        let mut wrong = Vec::new();
        for indicator in all().unwrap() {
            assert!(!indicator.example.is_empty(), "{} has no example", indicator.code);
            for example in &indicator.example {
                if let Err(said) = look(house, indicator, example) {
                    wrong.push(format!("{}: {} — {said}", indicator.code, example.says));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}

#[test]
fn every_cut_of_every_indicator_agrees_with_its_total() {
    on_both(rooms, |house| {
        for indicator in all().unwrap() {
            let example = &indicator.example[0];
            let undone = house.app.write(kernel::Actor::machine("command"), |tx| {
                Writer { house, tx, given: &example.given, written: Vec::new() }.all();
                let scope = Scope::programme(Id::named("P"));
                let n = figures(tx, indicator, &scope, YEAR, &[], Eyes::Checked)?[0].n;
                for cut in &indicator.cuts {
                    let by = figures(tx, indicator, &scope, YEAR, &[*cut], Eyes::Checked)?;
                    let sum: i64 = by.iter().map(|figure| figure.n).sum();
                    // An item may stand in several buckets, never in none.
                    assert!(sum >= n, "{} by {}: {sum} of {n}", indicator.code, cut.code());
                    let pairs =
                        figures(tx, indicator, &scope, YEAR, &[*cut, indicator.cuts[0]], Eyes::Checked)?;
                    assert!(pairs.iter().map(|figure| figure.n).sum::<i64>() >= n, "{}", indicator.code);
                }
                Err::<(), _>(undo())
            });
            assert!(matches!(undone, Err(Error::Refused(_))), "{}: {undone:?}", indicator.code);
        }
    });
}

/// Figures in one order, whoever counted them.
fn ordered(mut figures: Vec<Figure>) -> Vec<Figure> {
    figures.sort_by(|a, b| (&a.row, &a.column, &a.currency).cmp(&(&b.row, &b.column, &b.currency)));
    figures
}

/// By no cut, by each, and by each with the next.
fn cuts(indicator: &Indicator, whole: bool) -> Vec<Vec<Cut>> {
    let all = &indicator.cuts[..if whole { indicator.cuts.len() } else { 1.min(indicator.cuts.len()) }];
    let ones = all.iter().map(|cut| vec![*cut]);
    std::iter::once(Vec::new()).chain(ones).chain(all.windows(2).map(<[Cut]>::to_vec)).collect()
}

/// What the statement alone counts: a value that is its item's own, and what a programme aims at.
const STATED: [&str; 6] = [
    "active-declared",
    "communes-covered",
    "inhabitants-covered",
    "members-declared",
    "women-declared",
    "young-declared",
];

#[test]
fn memory_counts_as_the_statement_does() {
    on_both(rooms, |house| {
        for indicator in all().unwrap().iter().filter(|indicator| indicator.over.is_none()) {
            for example in &indicator.example {
                let undone = house.app.write(kernel::Actor::machine("command"), |tx| {
                    Writer { house, tx, given: &example.given, written: Vec::new() }.all();
                    let memory = Anew::read(tx, indicator, YEAR)?;
                    let somewhere = Scope { territory: Some("08".into()), ..Scope::default() };
                    for scope in [Scope::default(), Scope::programme(Id::named("P")), somewhere] {
                        for cuts in cuts(indicator, scope == Scope::default()) {
                            let there =
                                memory.figures(tx, indicator, (&scope, YEAR), &cuts, Eyes::Checked)?;
                            let Some(there) = there else {
                                // The promotion of work is that of the programme that is asked about.
                                let asked = scope.programme.is_some() && cuts.contains(&Cut::Promotion);
                                assert!(
                                    asked || STATED.contains(&&*indicator.code),
                                    "{} is not held",
                                    indicator.code
                                );
                                continue;
                            };
                            let mut stated = figures(tx, indicator, &scope, YEAR, &cuts, Eyes::Checked)?;
                            stated.retain(|figure| figure.n > 0 || !cuts.is_empty() || !there.is_empty());
                            let (code, says) = (&indicator.code, &example.says);
                            assert_eq!(ordered(there), ordered(stated), "{code}, {says} {scope:?} {cuts:?}");
                        }
                    }
                    Err::<(), _>(Error::refused("error.reference"))
                });
                assert!(undone.is_err());
            }
        }
    });
}

#[test]
fn every_file_is_shipped_once() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().trim_end_matches(".toml").to_owned())
        .collect();
    files.sort();
    let mut codes: Vec<String> = all().unwrap().iter().map(|indicator| indicator.code.clone()).collect();
    codes.sort();
    assert_eq!(files, codes);
    for indicator in all().unwrap() {
        for text in [&indicator.name, &indicator.definition, &indicator.assumptions] {
            for lang in ["fr", "ar", "en"] {
                assert!(
                    text.0.get(lang).is_some_and(|text| !text.is_empty()),
                    "{} in {lang}",
                    indicator.code
                );
            }
        }
        for part in indicator.over.iter().flatten() {
            assert!(codes.contains(part), "{part}");
        }
    }
}
