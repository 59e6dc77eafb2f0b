//! `tiwizi export records`: every record of the house as files that any tool reads, so that whoever operates it can take
//! them elsewhere. One CSV file a table, its values as they are stored, and a Data Package that describes them; what is
//! secret stays, as each room declares (`Room::leaves`).

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use kernel::kinds::Input;
use kernel::room::Leaves;
use kernel::value::Value;
use kernel::{App, Db, Error, Json, Lang, Result, Room, Words, sql};
use serde_json::json;

use crate::tables::{self, Table};

/// The description of the files.
const PACKAGE: &str = "datapackage.json";

/// What a table leaves with: nothing if no room says so.
pub fn leaves(rooms: &[Room], table: &str) -> Option<Leaves> {
    if let Some((_, said)) = rooms.iter().flat_map(|room| room.leaves).find(|(name, _)| *name == table) {
        return Some(*said);
    }
    rooms.iter().flat_map(|room| &room.records).find_map(|declared| {
        let link = |field: &&kernel::record::Field| {
            field.linked()
                && table.strip_prefix(declared.table).and_then(|rest| rest.strip_prefix('_'))
                    == Some(field.name)
        };
        (declared.table == table || declared.fields.iter().find(link).is_some()).then_some(Leaves::Whole)
    })
}

/// The tables that leave, with the columns that do.
pub fn leaving(rooms: &[Room]) -> Vec<Table> {
    let mut all = tables::of(rooms);
    all.retain_mut(|table| match leaves(rooms, &table.name) {
        Some(Leaves::Whole) => true,
        Some(Leaves::Without(secrets)) => {
            table.columns.retain(|column| !secrets.contains(&column.name.as_str()));
            true
        }
        Some(Leaves::Stays(_)) | None => false,
    });
    all
}

/// Writes every table into a new folder, from one snapshot, while Tiwizi runs. The folder has its name only once it is
/// whole.
pub fn records(app: &App, folder: &Path) -> Result<String> {
    let taken = match folder.read_dir() {
        Ok(mut there) => there.next().is_some(),
        Err(_) => folder.exists(),
    };
    if taken {
        return Err(Error::internal(format!(
            "{} holds something already and nothing is written over: name a new folder",
            folder.display()
        )));
    }
    let beside = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Readable by its owner alone: these are people's data.
    let part = tempfile::Builder::new().prefix(".tiwizi-export-").tempdir_in(beside)?;
    let words = kernel::app::catalogue(&app.rooms)?;
    let (mut rows, mut described) = (0, Vec::new());
    let all = leaving(&app.rooms);
    app.read(|db| {
        for table in &all {
            rows += write(db, table, &part.path().join(format!("{}.csv", table.name)))?;
            described.push(describe(&app.rooms, words.speak(Lang::En), &all, table));
        }
        Ok(())
    })?;
    let package = json!({
        "profile": "tabular-data-package",
        "name": "tiwizi-records",
        "title": "Every record of a Tiwizi",
        "description": "One file a table. Identifiers as they are kept, days as YYYY-MM-DD, instants in milliseconds since 1970, \
                        yes as 1, money in minor units of its currency, text in several languages as JSON. An empty cell says \
                        nothing.",
        "created": kernel::today().to_string(),
        "resources": described,
    });
    let mut file = File::create(part.path().join(PACKAGE))?;
    serde_json::to_writer_pretty(&mut file, &package)?;
    file.sync_all()?;
    std::fs::rename(part.keep(), folder)?;
    Ok(format!("wrote {rows} rows of {} tables to {}", all.len(), folder.display()))
}

/// Writes one table, row by row.
fn write(db: &mut Db, table: &Table, path: &Path) -> Result<u64> {
    let mut out = csv::Writer::from_writer(BufWriter::new(File::create(path)?));
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    out.write_record(&names).map_err(unwritten)?;
    let query = format!("select {} from {} order by {}", names.join(", "), table.name, table.key.join(", "));
    let (mut rows, mut cells) = (0, csv::ByteRecord::new());
    db.each(&sql(&query).open("the whole house is taken elsewhere"), |row| {
        cells.clear();
        for _ in &names {
            match row.take::<Value>()? {
                Value::Null => cells.push_field(b""),
                Value::Int(n) => cells.push_field(n.to_string().as_bytes()),
                Value::Real(x) => cells.push_field(x.to_string().as_bytes()),
                Value::Text(text) => cells.push_field(text.as_bytes()),
                // Only the index has bytes, and it stays.
                Value::Bytes(_) => return Err(Error::internal(format!("{} holds bytes", table.name))),
            }
        }
        rows += 1;
        out.write_byte_record(&cells).map_err(unwritten)
    })?;
    let mut out = out.into_inner().map_err(|error| unwritten(error.into_error().into()))?;
    out.flush()?;
    out.get_ref().sync_all()?;
    Ok(rows)
}

fn unwritten(error: csv::Error) -> Error {
    Error::internal(format!("a table cannot be written: {error}"))
}

/// A table as a Data Package tells it.
fn describe(rooms: &[Room], w: Words, all: &[Table], table: &Table) -> Json {
    let declared = rooms.iter().flat_map(|room| &room.records).find(|declared| declared.table == table.name);
    let fields = table.columns.iter().map(|column| {
        let field =
            declared.and_then(|declared| declared.fields.iter().find(|field| field.name == column.name));
        let kind = match (column.kind.as_str(), field.map(|field| field.ops.input)) {
            (_, Some(Input::Date)) => "date",
            (_, Some(Input::Yes)) => "boolean",
            ("BIGINT", _) => "integer",
            ("DOUBLE", _) => "number",
            _ => "string",
        };
        let mut told = json!({ "name": column.name, "type": kind });
        if kind == "boolean" {
            told["trueValues"] = json!(["1"]);
            told["falseValues"] = json!(["0"]);
        }
        if field.is_some() {
            told["title"] = json!(w.t(&format!("{}.{}", table.name, column.name)));
        }
        told
    });
    let keys = table.columns.iter().filter_map(|column| {
        let (other, to) = column.refers.as_ref()?;
        // A table refers to itself by an empty name.
        let resource = if *other == table.name { "" } else { other };
        all.iter()
            .any(|table| table.name == *other)
            .then(|| json!({ "fields": column.name, "reference": { "resource": resource, "fields": to } }))
    });
    json!({
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": format!("{}.csv", table.name),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": fields.collect::<Vec<_>>(),
            "missingValues": [""],
            "primaryKey": table.key,
            "foreignKeys": keys.collect::<Vec<_>>(),
        },
    })
}
