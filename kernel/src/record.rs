//! A record is declared once: its fields, their kinds, their groups, who reads and who writes them. Columns, form,
//! validation, JSON, table export and history follow from the declaration; statements for real questions are plain SQL.

use serde_json::{Map, Value as Json};

use crate::access::Standing;
use crate::facts::Tx;
use crate::html::Html;
use crate::kinds::{Column, Input, Kind, Names, Raw};
use crate::room::Typed;
use crate::store::Db;
use crate::value::{Row, Value};
use crate::{Error, FieldError, Fields, Id, Result, Words, Wrong, conflict, restoration, sql};

/// The cells of one record: for each field in order, the contents of its columns (or its links).
pub type Cells = Vec<Vec<Value>>;

/// What can be done with a field without knowing its type.
pub struct Ops {
    /// How it is typed in.
    pub input: Input,
    /// True if it may not stay empty.
    pub needed: bool,
    /// Its columns; none for links.
    pub columns: &'static [(&'static str, Column)],
    /// Reads what was typed.
    pub parse: fn(&Raw<'_>) -> Result<Option<Vec<Value>>, Wrong>,
    /// JSON of its cell.
    pub json: fn(&[Value]) -> Json,
    /// What would have to be typed for its cell.
    pub typed: fn(&[Value]) -> Vec<(String, String)>,
    /// Its cell as a reader sees it; empty if nothing is stated.
    pub show: fn(&[Value], &Words, &Names) -> Html,
}

/// A declared field.
pub struct Field {
    /// Its name: column, form input, JSON key; its words stand under `record.name`.
    pub name: &'static str,
    /// The group it is placed with.
    pub group: &'static str,
    /// Who may read it.
    pub read: Standing,
    /// Who may write it.
    pub write: Standing,
    /// What can be done with it.
    pub ops: Ops,
}

impl Field {
    /// Declares a field of this type.
    pub const fn of<S: Slot>(
        name: &'static str,
        group: &'static str,
        read: Standing,
        write: Standing,
    ) -> Field {
        Field { name, group, read, write, ops: S::OPS }
    }

    /// True if its values stand in a table of links.
    pub fn linked(&self) -> bool {
        self.ops.columns.is_empty()
    }

    fn empty(&self) -> Vec<Value> {
        vec![Value::Null; self.ops.columns.len()]
    }
}

fn value_of<K: Kind>(cell: &[Value]) -> Option<K> {
    K::take(&mut Row::of(cell.iter().cloned())).ok().flatten()
}

/// Where a value stands in a declared struct: `T` is needed, `Option<T>` is not.
pub trait Slot: Sized {
    /// What can be done without the type.
    const OPS: Ops;
    /// Its cell.
    fn cell(&self) -> Vec<Value>;
    /// Reads its cell.
    fn from_cell(cell: Vec<Value>) -> Result<Self>;
}

const fn ops<K: Kind>(needed: bool) -> Ops {
    Ops {
        input: K::INPUT,
        needed,
        columns: K::COLUMNS,
        parse: |raw| Ok(K::parse(raw)?.map(|value| value.put())),
        json: |cell| value_of::<K>(cell).map_or(Json::Null, |value| value.json()),
        typed: |cell| value_of::<K>(cell).map_or_else(Vec::new, |value| value.typed()),
        show: |cell, w, names| value_of::<K>(cell).map_or_else(Html::default, |value| value.show(w, names)),
    }
}

impl<K: Kind> Slot for K {
    const OPS: Ops = ops::<K>(true);
    fn cell(&self) -> Vec<Value> {
        self.put()
    }
    fn from_cell(cell: Vec<Value>) -> Result<K> {
        K::take(&mut Row::of(cell))?.ok_or_else(|| Error::internal("a needed field is empty"))
    }
}

impl<K: Kind> Slot for Option<K> {
    const OPS: Ops = ops::<K>(false);
    fn cell(&self) -> Vec<Value> {
        self.as_ref().map_or_else(|| vec![Value::Null; K::COLUMNS.len()], Kind::put)
    }
    fn from_cell(cell: Vec<Value>) -> Result<Option<K>> {
        K::take(&mut Row::of(cell))
    }
}

/// A declared record; made by [`record!`](macro@crate::record).
pub trait Record: Sized + 'static {
    /// Its table.
    const TABLE: &'static str;
    /// What its facts are called: `registry.organisation` gives `registry.organisation.created`.
    const KIND: &'static str;
    /// Its fields, in order.
    fn fields() -> &'static [Field];
    /// Its id.
    fn id(&self) -> Id;
    /// Its version: 1 when created, higher with each change.
    fn version(&self) -> i64;
    /// Its cells.
    fn cells(&self) -> Cells;
    /// Made from its cells.
    fn from_cells(id: Id, version: i64, cells: Cells) -> Result<Self>;
    /// The record whose rights cover it: itself, unless the declaration says `about`.
    fn about(&self) -> Id;
    /// Called after each save, in the same transaction: derived columns, search, reach.
    fn saved(&self, tx: &mut Tx<'_>) -> Result<()>;

    /// The field with this name.
    fn field(name: &str) -> Option<&'static Field> {
        Self::fields().iter().find(|field| field.name == name)
    }

    /// `id, version` and every column, with this prefix (`"o."` or nothing), for a hand-written `select`.
    fn columns(prefix: &str) -> String {
        let mut out = format!("{prefix}id, {prefix}version");
        for field in Self::fields() {
            for (suffix, _) in field.ops.columns {
                out.push_str(&format!(", {prefix}{}{suffix}", field.name));
            }
        }
        out
    }

    /// Reads a row that starts with [`Record::columns`]; fields kept as links stay empty.
    fn from_row(row: &mut Row) -> Result<Self> {
        let (id, version) = (row.take()?, row.take()?);
        let mut cells = Cells::new();
        for field in Self::fields() {
            cells.push(field.ops.columns.iter().map(|_| row.take()).collect::<Result<_>>()?);
        }
        Self::from_cells(id, version, cells)
    }

    /// The fields that a reader at this standing sees, as JSON.
    fn json(&self, standing: Standing) -> Json {
        let mut out = Map::new();
        out.insert("id".into(), self.id().to_string().into());
        out.insert("version".into(), self.version().into());
        for (field, cell) in Self::fields().iter().zip(self.cells()) {
            if field.read <= standing {
                out.insert(field.name.into(), (field.ops.json)(&cell));
            }
        }
        Json::Object(out)
    }
}

/// The record with this id, whole. The caller has checked the viewer's standing.
pub fn find<R: Record>(db: &mut Db, id: Id) -> Result<Option<R>> {
    let query = sql(&format!("select {} from {} where id = ?", R::columns(""), R::TABLE))
        .bind(id)
        .open("one id, checked by the caller");
    let Some(mut record) = db.row(&query, R::from_row)? else { return Ok(None) };
    if R::fields().iter().any(Field::linked) {
        let mut cells = record.cells();
        for (field, cell) in R::fields().iter().zip(&mut cells).filter(|(field, _)| field.linked()) {
            let links =
                format!("select value from {}_{} where owner = ? order by position", R::TABLE, field.name);
            *cell = db.rows(&sql(&links).bind(id).open("links of one record"), Row::take)?;
        }
        record = R::from_cells(record.id(), record.version(), cells)?;
    }
    Ok(Some(record))
}

/// The record with this id, or the answer that there is none.
pub fn get<R: Record>(db: &mut Db, id: Id) -> Result<R> {
    find(db, id)?.ok_or(Error::NotFound)
}

/// Saves a new record with its fact. The same id with the same content is a repeat and changes nothing.
pub fn insert<R: Record>(tx: &mut Tx<'_>, record: &R) -> Result<()> {
    if let Some(there) = find::<R>(tx, record.id())? {
        let same = there.cells() == record.cells();
        return if same { Ok(()) } else { Err(Error::refused("error.id_taken")) };
    }
    // Reach is kept by id alone: a new record that took the id of another kind's would open that one to its maker.
    let taken = sql("select count(*) from fact where record = ?").bind(record.id());
    if tx.one::<i64>(&taken)? > 0 {
        return Err(Error::refused("error.id_taken"));
    }
    let (mut names, mut holes) = (String::from("id, version"), String::from("?, 1"));
    let mut values = Vec::new();
    let cells = record.cells();
    for (field, cell) in R::fields().iter().zip(&cells).filter(|(field, _)| !field.linked()) {
        for ((suffix, _), value) in field.ops.columns.iter().zip(cell) {
            names.push_str(&format!(", {}{suffix}", field.name));
            holes.push_str(", ?");
            values.push(value);
        }
    }
    let mut statement =
        sql(&format!("insert into {} ({names}) values ({holes})", R::TABLE)).bind(record.id());
    for value in values {
        statement = statement.bind(value);
    }
    tx.run(&statement)?;
    for (field, cell) in R::fields().iter().zip(&cells).filter(|(field, _)| field.linked()) {
        link::<R>(tx, record.id(), field, cell)?;
    }
    let stated = R::fields().iter().zip(&cells).filter(|(_, cell)| cell.iter().any(|v| !v.is_null()));
    let changes = stated
        .map(|(field, cell)| (field.name.to_owned(), serde_json::json!([null, (field.ops.json)(cell)])))
        .collect();
    tx.fact_of_version(&format!("{}.created", R::KIND), record.id(), record.about(), changes, 1)?;
    record.saved(tx)
}

fn link<R: Record>(tx: &mut Tx<'_>, id: Id, field: &Field, cell: &[Value]) -> Result<()> {
    let table = format!("{}_{}", R::TABLE, field.name);
    tx.run(&sql(&format!("delete from {table} where owner = ?")).bind(id).open("links of one record"))?;
    for (position, value) in cell.iter().enumerate() {
        tx.run(
            &sql(&format!("insert into {table} (owner, position, value) values (?, ?, ?)"))
                .bind(id)
                .bind(position as i64)
                .bind(value),
        )?;
    }
    Ok(())
}

/// Saves a changed record with its fact; nothing happens if nothing changed. `record.version()` is the version it
/// was made on, and must still be the current one.
pub fn update<R: Record>(tx: &mut Tx<'_>, record: &R) -> Result<()> {
    let before = get::<R>(tx, record.id())?;
    save_changes(tx, &before, record.cells())?;
    Ok(())
}

fn save_changes<R: Record>(tx: &mut Tx<'_>, before: &R, cells: Cells) -> Result<R> {
    let (id, version) = (before.id(), restoration::version_after(tx, before.version())?);
    let (mut sets, mut values, mut changes) = (String::from("version = ?"), Vec::new(), Map::new());
    for ((field, old), new) in R::fields().iter().zip(before.cells()).zip(&cells) {
        if old == *new {
            continue;
        }
        changes.insert(field.name.into(), serde_json::json!([(field.ops.json)(&old), (field.ops.json)(new)]));
        if field.linked() {
            link::<R>(tx, id, field, new)?;
        }
        for ((suffix, _), value) in field.ops.columns.iter().zip(new) {
            sets.push_str(&format!(", {}{suffix} = ?", field.name));
            values.push(value);
        }
    }
    let after =
        R::from_cells(id, if changes.is_empty() { before.version() } else { version }, cells.clone())?;
    if changes.is_empty() {
        return Ok(after);
    }
    let mut statement =
        sql(&format!("update {} set {sets} where id = ? and version = ?", R::TABLE)).bind(version);
    for value in values {
        statement = statement.bind(value);
    }
    if tx.run(&statement.bind(id).bind(before.version()))? == 0 {
        return Err(Error::refused("error.stale_all"));
    }
    tx.fact_of_version(&format!("{}.changed", R::KIND), id, after.about(), changes, version)?;
    after.saved(tx)?;
    Ok(after)
}

/// Removes a record; its last values stay in the fact.
pub fn remove<R: Record>(tx: &mut Tx<'_>, record: &R) -> Result<()> {
    let stated = R::fields().iter().zip(record.cells());
    let changes = stated
        .map(|(field, cell)| (field.name.to_owned(), serde_json::json!([(field.ops.json)(&cell), null])))
        .collect();
    for field in R::fields().iter().filter(|field| field.linked()) {
        tx.run(
            &sql(&format!("delete from {}_{} where owner = ?", R::TABLE, field.name))
                .bind(record.id())
                .open("links of one record"),
        )?;
    }
    tx.run(
        &sql(&format!("delete from {} where id = ?", R::TABLE))
            .bind(record.id())
            .open("one id, checked by the caller"),
    )?;
    tx.touch(record.id());
    tx.fact(&format!("{}.removed", R::KIND), record.id(), record.about(), changes)?;
    Ok(())
}

/// Reads the cells that `fields` speak of and this standing may write, over `base`; every refusal at once.
pub fn parse<R: Record>(fields: &Fields, standing: Standing, base: Option<Cells>) -> Result<Cells> {
    let (mut cells, mut errors, silence) = (Cells::new(), Vec::new(), Fields::default());
    for (i, field) in R::fields().iter().enumerate() {
        let old = base.as_ref().and_then(|cells| cells.get(i)).cloned();
        let writes = field.write <= standing && (base.is_none() || fields.carries(field.name));
        if !writes && let Some(old) = old {
            cells.push(old);
            continue;
        }
        // What the writer has no right to say starts as if nothing had been said.
        let fields = if writes { fields } else { &silence };
        match (field.ops.parse)(&Raw { fields, name: field.name }) {
            Ok(Some(cell)) => cells.push(cell),
            Ok(None) if field.ops.needed => {
                errors.push(FieldError { field: field.name.into(), wrong: Wrong::new("error.needed") });
            }
            Ok(None) => cells.push(field.empty()),
            Err(wrong) => errors.push(FieldError { field: field.name.into(), wrong }),
        }
    }
    if errors.is_empty() { Ok(cells) } else { Err(Error::Invalid(errors)) }
}

/// Creates a record from a form.
pub fn create<R: Record>(tx: &mut Tx<'_>, id: Id, fields: &Fields, standing: Standing) -> Result<R> {
    let record = R::from_cells(id, 1, parse::<R>(fields, standing, None)?)?;
    insert(tx, &record)?;
    Ok(record)
}

/// Changes a record from a form that was made on version `base`. What others changed meanwhile stays; a field that
/// both changed differently is refused at the field, showing what stands there now, or kept with both values if the form
/// was filled in without a network ([`conflict`]).
pub fn change<R: Record>(
    tx: &mut Tx<'_>,
    id: Id,
    base: i64,
    fields: &Fields,
    standing: Standing,
) -> Result<R> {
    let current = get::<R>(tx, id)?;
    let cells = parse::<R>(fields, standing, Some(current.cells()))?;
    merge(tx, &current, base, cells)
}

/// The same for cells that were read by hand.
pub fn merge<R: Record>(tx: &mut Tx<'_>, current: &R, base: i64, cells: Cells) -> Result<R> {
    let met = conflict::meet(tx, current, base, cells)?;
    let after = save_changes(tx, current, met.cells.clone())?;
    conflict::keep(tx, current, after, met.contests)
}

/// Gives one field the value that was typed, whoever may write it: the caller checked that.
pub(crate) fn set<R: Record>(tx: &mut Tx<'_>, id: Id, field: &str, typed: &Typed) -> Result<()> {
    let current = get::<R>(tx, id)?;
    let mut cells = current.cells();
    let at = R::fields().iter().position(|declared| declared.name == field).ok_or(Error::NotFound)?;
    cells[at] = conflict::cell(&R::fields()[at], typed)?;
    save_changes(tx, &current, cells).map(|_| ())
}

/// What would have to be typed in a form to say what this record says.
pub fn typed<R: Record>(record: &R) -> Fields {
    let mut fields = Fields::default();
    for (field, cell) in R::fields().iter().zip(record.cells()) {
        for (part, text) in (field.ops.typed)(&cell) {
            fields.push(
                if part.is_empty() { field.name.to_owned() } else { format!("{}.{part}", field.name) },
                text,
            );
        }
    }
    fields
}
