//! Two hands that write the same country: a quick one, straight into the tables, and the rooms' own, slow one.
//! The quick one is trusted because both leave the same rows behind (see [`crate::sample`]).

use std::collections::HashMap;

use kernel::access::Standing;
use kernel::value::{ToValue, Value};
use kernel::{Actor, Id, Json, Record, Tx};
use serde_json::{Map, json};

use crate::Result;
use crate::dice::Ids;
use crate::sink::Sink;

/// What a room keeps beside a record when it saves it.
#[derive(Default)]
pub(crate) struct Beside {
    /// Derived columns.
    pub(crate) columns: Vec<(&'static str, Value)>,
    /// Kind under which it is found, and its names.
    pub(crate) found: Option<(&'static str, Vec<String>)>,
    /// Who reaches what through which scope.
    pub(crate) reach: Vec<(Id, String, Standing)>,
}

/// Writes records.
pub(crate) trait Pen {
    /// The next identifier.
    fn id(&mut self) -> Result<Id>;
    /// Writes a record as it was from its first version to its last.
    fn write<R: Record>(&mut self, versions: &[R], beside: Beside) -> Result<()>;
    /// Writes a row that is no record.
    fn row(&mut self, table: &'static str, columns: &str, values: Vec<Value>) -> Result<()>;

    /// Writes a record that never changed.
    fn put<R: Record>(&mut self, record: R, beside: Beside) -> Result<()> {
        self.write(&[record], beside)
    }
}

/// Straight into the tables.
pub(crate) struct Quick<S> {
    sink: S,
    ids: Ids,
    actor: Id,
    shapes: HashMap<&'static str, String>,
    words: HashMap<String, u32>,
    known: HashMap<String, Vec<u32>>,
    index: Vec<(&'static str, u32, Id)>,
}

impl<S: Sink> Quick<S> {
    pub(crate) fn new(sink: S, actor: Id) -> Quick<S> {
        let (ids, shapes, words) = (Ids::default(), HashMap::new(), HashMap::new());
        Quick { sink, ids, actor, shapes, words, known: HashMap::new(), index: Vec::new() }
    }

    /// The words come last and in order: that is what makes them quick.
    pub(crate) fn finish(mut self) -> Result<S> {
        let mut words: Vec<(String, u32)> = self.words.drain().collect();
        words.sort();
        let mut rank = vec![0; words.len()];
        for (place, (_, word)) in words.iter().enumerate() {
            rank[*word as usize] = place;
        }
        self.index.sort_unstable_by_key(|(kind, word, record)| (*kind, rank[*word as usize], *record));
        for (kind, word, record) in &self.index {
            let text = &words[rank[*word as usize]].0;
            self.sink.row(
                "search",
                "kind, word, record",
                &[kind.to_value(), text.to_value(), record.to_value()],
            )?;
        }
        self.sink.finish()?;
        Ok(self.sink)
    }

    fn words_of(&mut self, name: &str) -> Vec<u32> {
        if let Some(words) = self.known.get(name) {
            return words.clone();
        }
        let mut found = Vec::new();
        for word in kernel::search::words_of(name) {
            let next = self.words.len() as u32;
            found.push(*self.words.entry(word).or_insert(next));
        }
        self.known.insert(name.to_owned(), found.clone());
        found
    }

    fn fact(
        &mut self,
        kind: &str,
        record: Id,
        about: Id,
        version: i64,
        changes: Map<String, Json>,
    ) -> Result<()> {
        let id = self.ids.next()?;
        let at = self.ids.at();
        self.sink.row(
            "fact",
            "id, at, actor, kind, record, about, version, changes, origin",
            &[
                id.to_value(),
                at.to_value(),
                self.actor.to_value(),
                kind.to_value(),
                record.to_value(),
                about.to_value(),
                version.to_value(),
                Json::Object(changes).to_string().to_value(),
                "import".to_value(),
            ],
        )
    }
}

impl<S: Sink> Pen for Quick<S> {
    fn id(&mut self) -> Result<Id> {
        self.ids.next()
    }

    fn write<R: Record>(&mut self, versions: &[R], beside: Beside) -> Result<()> {
        let (Some(first), Some(last)) = (versions.first(), versions.last()) else { return Ok(()) };
        let (id, fields) = (first.id(), R::fields());
        let mut values = vec![id.to_value(), (versions.len() as i64).to_value()];
        let cells = last.cells();
        values.extend(
            fields.iter().zip(&cells).filter(|(field, _)| !field.linked()).flat_map(|(_, cell)| cell.clone()),
        );
        values.extend(beside.columns.iter().map(|(_, value)| value.clone()));
        let shape = self.shapes.entry(R::TABLE).or_insert_with(|| {
            beside.columns.iter().fold(R::columns(""), |columns, (name, _)| format!("{columns}, {name}"))
        });
        self.sink.row(R::TABLE, shape, &values)?;
        for (field, cell) in fields.iter().zip(&cells).filter(|(field, _)| field.linked()) {
            let table = format!("{}_{}", R::TABLE, field.name);
            for (position, value) in cell.iter().enumerate() {
                self.sink.row(
                    &table,
                    "owner, position, value",
                    &[id.to_value(), (position as i64).to_value(), value.clone()],
                )?;
            }
        }
        let stated =
            fields.iter().zip(first.cells()).filter(|(_, cell)| cell.iter().any(|value| !value.is_null()));
        let created = stated
            .map(|(field, cell)| (field.name.to_owned(), json!([null, (field.ops.json)(&cell)])))
            .collect();
        self.fact(&format!("{}.created", R::KIND), id, first.about(), 1, created)?;
        for (version, pair) in versions.windows(2).enumerate() {
            let changed =
                fields.iter().zip(pair[0].cells()).zip(pair[1].cells()).filter(|((_, old), new)| old != new);
            let changes = changed
                .map(|((field, old), new)| {
                    (field.name.to_owned(), json!([(field.ops.json)(&old), (field.ops.json)(&new)]))
                })
                .collect();
            self.fact(&format!("{}.changed", R::KIND), id, pair[1].about(), version as i64 + 2, changes)?;
        }
        if let Some((kind, names)) = beside.found {
            let mut words: Vec<u32> = names.iter().flat_map(|name| self.words_of(name)).collect();
            words.sort_unstable();
            words.dedup();
            self.index.extend(words.into_iter().map(|word| (kind, word, id)));
        }
        for (record, scope, standing) in beside.reach {
            let values = [record.to_value(), scope.to_value(), standing.level().to_value()];
            self.sink.row("reach", "record, scope, standing", &values)?;
        }
        Ok(())
    }

    fn row(&mut self, table: &'static str, columns: &str, values: Vec<Value>) -> Result<()> {
        self.sink.row(table, columns, &values)
    }
}

/// As the rooms write.
pub(crate) struct Rooms<'a, 'b> {
    tx: &'a mut Tx<'b>,
    ids: Ids,
}

impl<'a, 'b> Rooms<'a, 'b> {
    pub(crate) fn new(tx: &'a mut Tx<'b>, actor: Id) -> Rooms<'a, 'b> {
        tx.actor = Actor { account: Some(actor), ..Actor::machine("import") };
        Rooms { tx, ids: Ids::default() }
    }
}

impl Pen for Rooms<'_, '_> {
    fn id(&mut self) -> Result<Id> {
        self.ids.next()
    }

    fn write<R: Record>(&mut self, versions: &[R], _: Beside) -> Result<()> {
        // The other hand takes an identifier for each fact.
        for (n, record) in versions.iter().enumerate() {
            self.ids.next()?;
            if n == 0 {
                kernel::record::insert(self.tx, record)?;
            } else {
                kernel::record::update(self.tx, record)?;
            }
        }
        Ok(())
    }

    fn row(&mut self, table: &'static str, columns: &str, values: Vec<Value>) -> Result<()> {
        let holes = vec!["?"; values.len()].join(", ");
        let statement = kernel::sql(&format!("insert into {table} ({columns}) values ({holes})"));
        self.tx.run(&values.into_iter().fold(statement, |statement, value| statement.bind(value)))?;
        Ok(())
    }
}
