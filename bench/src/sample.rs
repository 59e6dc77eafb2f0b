//! The quick hand leaves the same rows behind as the rooms do: a small country is written by both and compared.

use std::fs;
use std::path::Path;

use kernel::store::{Place, Store};
use kernel::{Actor, App, Settings};

use crate::Result;
use crate::country::{self, SAMPLE};
use crate::pen::{Quick, Rooms};
use crate::sink::Sqlite;

/// Fails if the two differ, and says where.
pub(crate) fn compare(folder: &Path) -> Result {
    let [quick, slow] = ["quick", "slow"].map(|name| folder.join("sample").join(name));
    for folder in [&quick, &slow] {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        let app = App::open(&Settings::in_folder(folder), tiwizi::rooms())?;
        if folder == &slow {
            app.write(Actor::machine("import"), |tx| {
                country::build(&mut Rooms::new(tx, country::administrator()), SAMPLE)
                    .map_err(kernel::Error::internal)
            })?;
        }
    }
    let mut pen = Quick::new(Sqlite::open(&quick.join("tiwizi.db"))?, country::administrator());
    country::build(&mut pen, SAMPLE)?;
    pen.finish()?;
    let store = Store::open(&Place::Sqlite(quick.join("tiwizi.db")), 1)?;
    for indexed in tiwizi::rooms().iter().filter_map(|room| room.indexed.as_ref()) {
        store.write(|db| kernel::index::rebuild(db, indexed))?;
    }
    drop(store);
    for (one, other) in rows(&quick)?.iter().zip(&rows(&slow)?) {
        if one != other {
            return Err(format!("seeded and saved rows differ:\n  seeded {one}\n  saved  {other}").into());
        }
    }
    Ok(())
}

/// Every row of every table, in order, as text; facts without their id and instant.
fn rows(folder: &Path) -> Result<Vec<String>> {
    let db = rusqlite::Connection::open(folder.join("tiwizi.db"))?;
    let tables: Vec<String> = db
        .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not in ('migration', 'ordering', 'impact_touch') order by name")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut found = Vec::new();
    for table in tables {
        let mut statement = db.prepare(&format!("select * from {table}"))?;
        let kept: Vec<usize> = (0..statement.column_count())
            .filter(|n| {
                table != "fact" || !["id", "at"].contains(&statement.column_name(*n).unwrap_or_default())
            })
            .collect();
        let from = found.len();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let cells = kept
                .iter()
                .map(|n| row.get::<_, rusqlite::types::Value>(*n))
                .collect::<rusqlite::Result<Vec<_>>>()?;
            found.push(format!("{table} {cells:?}"));
        }
        found[from..].sort();
        found.push(format!("{table} has {} rows", found.len() - from));
    }
    Ok(found)
}
