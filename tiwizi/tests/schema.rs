//! The declarations and the schema say the same, on both databases. `cargo xtask schema` writes what is missing.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::fs;
use std::path::PathBuf;

use kernel::testing::on_both;
use kernel::{Room, migrate};

fn rooms() -> Vec<Room> {
    tiwizi::open_pack().unwrap();
    tiwizi::rooms()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Columns that stand in the schema without a declaration, because a room works them out.
const WORKED_OUT: &[(&str, &str)] = &[
    ("organisation", "sort"),
    ("organisation", "merged_into"),
    ("intervention", "place"),
    ("account", "sort"),
    ("person", "sort"),
    ("field_device", "seen"),
    ("field_device", "spare"),
    ("card_merchant", "store_key"),
];

#[test]
fn every_record_leads_to_whose_figures_it_changes() {
    for declared in rooms().iter().flat_map(|room| &room.records) {
        let noun = declared.kind;
        assert!(impact::leads(noun), "say in rooms/impact/src/kept/touch.rs whose figures a {noun} changes");
    }
}

#[test]
fn every_declared_field_has_its_columns() {
    let missing = std::cell::RefCell::new(Vec::new());
    on_both(rooms, |house| {
        let columns = house.look(kernel::Db::columns);
        for room in &house.app.rooms {
            for declared in &room.records {
                for field in declared.fields {
                    if field.linked() {
                        let table = format!("{}_{}", declared.table, field.name);
                        assert!(
                            columns.iter().any(|(t, _)| *t == table),
                            "the table of links {table} is missing: write it by hand"
                        );
                    }
                    for (suffix, kind) in field.ops.columns {
                        let column = format!("{}{suffix}", field.name);
                        if !columns.iter().any(|(t, c)| t == declared.table && *c == column) {
                            missing.borrow_mut().push((
                                room.name,
                                declared.table,
                                column,
                                kind.ddl(),
                                field.ops.needed,
                            ));
                        }
                    }
                }
                for (_, column) in columns.iter().filter(|(table, _)| table == declared.table) {
                    let known = ["id", "version"].contains(&column.as_str())
                        || WORKED_OUT.contains(&(declared.table, column))
                        || declared.fields.iter().any(|f| {
                            f.ops.columns.iter().any(|(suffix, _)| format!("{}{suffix}", f.name) == *column)
                        });
                    assert!(
                        known,
                        "{}.{column} stands in the schema and is declared nowhere",
                        declared.table
                    );
                }
            }
        }
    });
    let mut missing = missing.into_inner();
    missing.sort();
    missing.dedup();
    if std::env::var_os("TIWIZI_WRITE_SCHEMA").is_some() {
        missing
            .iter()
            .for_each(|(room, table, column, kind, needed)| write(room, table, column, kind, *needed));
        return;
    }
    let statements: Vec<_> = missing
        .iter()
        .map(|(room, table, column, kind, _)| {
            format!("{room}: alter table {table} add column {column} {kind};")
        })
        .collect();
    assert!(
        missing.is_empty(),
        "declared fields have no column; `cargo xtask schema` writes them:\n{}",
        statements.join("\n")
    );
}

/// Writes the next migration of a room and names it in the room's list.
fn write(room: &str, table: &str, column: &str, kind: &str, needed: bool) {
    assert!(
        !needed,
        "{table}.{column} is needed: old rows have none, so write the migration and its filling by hand"
    );
    let folder = root().join("rooms").join(room);
    let number = fs::read_dir(folder.join("schema")).unwrap().count() + 1;
    let name = format!("{number:04}_{table}_{column}");
    fs::write(
        folder.join(format!("schema/{name}.sql")),
        format!("alter table {table} add column {column} {kind};\n"),
    )
    .unwrap();
    let lib = folder.join("src/lib.rs");
    let text = fs::read_to_string(&lib).unwrap();
    let (before, after) = text.split_once("schema: &[").unwrap();
    let (list, after) = after.split_once("],").unwrap();
    let entry = format!("(\"{name}\", include_str!(\"../schema/{name}.sql\"))");
    fs::write(&lib, format!("{before}schema: &[{}, {entry}],{after}", list.trim_end().trim_end_matches(',')))
        .unwrap();
}

#[test]
fn a_released_migration_never_changes() {
    let released = include_str!("released.txt");
    let rooms = rooms();
    let house =
        std::iter::once(("kernel", migrate::KERNEL)).chain(rooms.iter().map(|room| (room.name, room.schema)));
    let now: Vec<(String, String)> = house
        .flat_map(|(room, files)| {
            files.iter().map(move |(name, text)| (format!("{room}/{name}"), migrate::digest(text)))
        })
        .collect();
    for line in released.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (name, digest) = line.split_once(' ').unwrap();
        let there = now.iter().find(|(n, _)| n == name).map(|(_, d)| d.as_str());
        assert_eq!(there, Some(digest), "{name} was released and has changed: restore it and add a new file");
    }
}

#[test]
fn an_applied_migration_that_changed_is_refused() {
    on_both(rooms, |house| {
        assert!(
            migrate::migrate(&house.app.store, &house.app.rooms).unwrap().is_empty(),
            "nothing is applied twice"
        );
        let mut changed = rooms();
        changed.iter_mut().find(|room| room.name == "registry").unwrap().schema =
            &[("0001_registry", "create table other (id TEXT);")];
        let refused = migrate::migrate(&house.app.store, &changed).unwrap_err();
        assert!(refused.to_string().contains("registry/0001_registry"), "{refused}");
    });
}

#[test]
fn whatever_refers_to_an_organisation_follows_a_merge() {
    /// Tables that remember comparisons and merges themselves, and links of the record.
    const OWN: &[&str] = &["merge", "comparison", "organisation_activities", "import_row"];
    let rooms = rooms();
    let pointers: Vec<_> = rooms.iter().flat_map(|room| room.pointers).collect();
    for (_, text) in rooms.iter().flat_map(|room| room.schema) {
        let mut table = "";
        for line in text.lines().map(str::trim) {
            if let Some(rest) = line.strip_prefix("create table ") {
                table = rest.split([' ', '(']).next().unwrap();
            }
            if line.contains("references organisation")
                && !OWN.contains(&table)
                && !line.starts_with("create table")
            {
                let column = line.split(' ').next().unwrap();
                assert!(
                    pointers.iter().any(|p| p.table == table && p.column == column),
                    "{table}.{column} would stay behind in a merge: name it in the room's pointers"
                );
            }
        }
    }
}
