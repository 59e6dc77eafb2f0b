//! A backup of what a history of the model writes, and its restoration.

use std::sync::OnceLock;

use kernel::value::Value;
use kernel::{Db, Id, Result, sql};

/// The tables in which a history leaves rows, each with which of its rows are those of a cooperative; whatever refers to
/// another comes before it, and a batch, which is found by its commands, before them.
const TABLES: [(&str, &str); 7] = [
    ("conflict_side", "owner in (select id from conflict where record = ?)"),
    ("conflict", "record = ?"),
    ("fact_command", "fact in (select id from fact where record = ?)"),
    ("fact", "record = ?"),
    ("command_receipt", "command in (select id from device_command where path = '/organisations/' || ?)"),
    ("batch", "key in (select batch from device_command where path = '/organisations/' || ?)"),
    ("device_command", "path = '/organisations/' || ?"),
];

/// Takes away what a history wrote, so that the next one does not pay for it.
pub(super) fn clear(db: &mut Db, organisation: Id) -> Result<()> {
    for (table, which) in TABLES {
        db.run(&sql(&format!("delete from {table} where {which}")).bind(organisation).open("test"))?;
    }
    let scope = format!("organisation:{organisation}");
    db.run(&sql("delete from role where scope = ?").bind(scope).open("test")).map(|_| ())
}

type Rows = (Vec<String>, Vec<Vec<Value>>);

/// What stood there.
#[derive(Clone)]
pub(super) struct Backup {
    organisation: Rows,
    rows: Vec<Rows>,
}

/// The columns of a table; those of a house never change while it stands, and are the same on both databases.
fn columns(db: &mut Db, table: &str) -> Result<Vec<String>> {
    static ALL: OnceLock<Vec<(String, String)>> = OnceLock::new();
    let all = match ALL.get() {
        Some(all) => all,
        None => {
            let found = db.columns()?;
            ALL.get_or_init(|| found)
        }
    };
    Ok(all.iter().filter(|(name, _)| name == table).map(|(_, column)| column.clone()).collect())
}

fn rows(db: &mut Db, table: &str, which: &str, organisation: Id) -> Result<Rows> {
    let names = columns(db, table)?;
    let query = sql(&format!("select {} from {table} where {which}", names.join(", "))).bind(organisation);
    let rows = db.rows(&query.open("test"), |row| names.iter().map(|_| row.take::<Value>()).collect())?;
    Ok((names, rows))
}

impl Backup {
    pub(super) fn of(db: &mut Db, organisation: Id) -> Result<Backup> {
        let there = rows(db, "organisation", "id = ?", organisation)?;
        let rows = TABLES.iter().map(|(table, which)| rows(db, table, which, organisation));
        Ok(Backup { organisation: there, rows: rows.collect::<Result<_>>()? })
    }

    pub(super) fn restore(&self, db: &mut Db, organisation: Id) -> Result<()> {
        for (table, which) in TABLES {
            db.run(&sql(&format!("delete from {table} where {which}")).bind(organisation).open("test"))?;
        }
        let (names, row) = (&self.organisation.0, &self.organisation.1[0]);
        let sets: Vec<String> = names.iter().map(|name| format!("{name} = ?")).collect();
        let update = sql(&format!("update organisation set {} where id = ?", sets.join(", ")));
        let update = row.iter().cloned().fold(update, kernel::Sql::bind).bind(organisation);
        db.run(&update.open("test"))?;
        for ((table, _), (names, rows)) in TABLES.iter().zip(&self.rows) {
            let holes = vec!["?"; names.len()].join(", ");
            for row in rows {
                let insert = sql(&format!("insert into {table} ({}) values ({holes})", names.join(", ")));
                db.run(&row.iter().cloned().fold(insert, kernel::Sql::bind).open("test"))?;
            }
        }
        Ok(())
    }
}
