//! Databases that hold the invented country: made once, kept, copied for each run.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use kernel::store::{Place, Store};

use crate::country::{self, Size};
use crate::pen::Quick;
use crate::sink::{Postgres, Sink, Sqlite};
use crate::{Result, say};

/// Part of the name of what is kept: a change of the schema or of this number makes a new country.
const VERSION: u32 = 5;

/// A name for this country under this schema.
fn name(size: Size) -> String {
    let rooms = tiwizi::rooms();
    let schemas = rooms.iter().flat_map(|room| room.schema).chain(kernel::migrate::KERNEL);
    let text: String = schemas.map(|(_, text)| *text).collect();
    let digest = kernel::migrate::digest(&format!("{VERSION}{size:?}{text}"));
    format!("country_{}_{}", size.organisations, &digest[..12])
}

fn fill<S: Sink>(sink: S, size: Size) -> Result {
    let began = Instant::now();
    let mut pen = Quick::new(sink, country::administrator());
    country::build(&mut pen, size)?;
    pen.finish()?;
    say(&format!("seeded {} organisations in {:.0} s", size.organisations, began.elapsed().as_secs_f64()));
    Ok(())
}

/// The country that the targets speak of has its field work too, and three years of it.
fn field(place: &Place, size: Size) -> Result {
    if size != country::WHOLE {
        return Ok(());
    }
    crate::fieldwork::write(place)?;
    crate::years::write(place)
}

/// The rows are there: the index is made from them.
fn index(place: &Place) -> Result {
    let began = Instant::now();
    let store = Store::open(place, 1)?;
    for indexed in tiwizi::rooms().iter().filter_map(|room| room.indexed.as_ref()) {
        store.write(|db| kernel::index::rebuild(db, indexed))?;
    }
    store.tidy()?;
    if let Place::Postgres(address) = place {
        // As a server does by itself after a while.
        ::postgres::Client::connect(address, ::postgres::NoTls)?.batch_execute("vacuum analyze")?;
    }
    say(&format!("indexed in {:.0} s", began.elapsed().as_secs_f64()));
    Ok(())
}

fn schema(place: &Place) -> Result {
    kernel::migrate::migrate(&Store::open(place, 1)?, &tiwizi::rooms())?;
    Ok(())
}

/// A fresh copy of this country in a data folder of its own.
pub(crate) fn sqlite(folder: &Path, size: Size) -> Result<PathBuf> {
    let kept = folder.join(name(size)).with_extension("db");
    if !kept.exists() {
        crate::sample::compare(folder)?;
        let making = folder.join("making.db");
        for ending in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{ending}", making.display()));
        }
        schema(&Place::Sqlite(making.clone()))?;
        fill(Sqlite::open(&making)?, size)?;
        index(&Place::Sqlite(making.clone()))?;
        field(&Place::Sqlite(making.clone()), size)?;
        fs::rename(&making, &kept)?;
    }
    let data = folder.join("run");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    fs::create_dir_all(&data)?;
    fs::copy(&kept, data.join("tiwizi.db"))?;
    // What is measured must not wait until the copy is on the disk.
    fs::File::open(data.join("tiwizi.db"))?.sync_all()?;
    Ok(data)
}

/// A fresh copy of this country on a PostgreSQL server: its address.
pub(crate) fn postgres(server: &str, folder: &Path, size: Size) -> Result<String> {
    let kept = name(size);
    let mut db = ::postgres::Client::connect(server, ::postgres::NoTls)?;
    let (root, _) = server.rsplit_once('/').ok_or("the address of the server names no database")?;
    if db.query("select 1 from pg_database where datname = $1", &[&kept])?.is_empty() {
        crate::sample::compare(folder)?;
        db.batch_execute("drop database if exists making with (force)")?;
        db.batch_execute("create database making")?;
        let making = format!("{root}/making");
        schema(&Place::Postgres(making.clone()))?;
        fill(Postgres::open(&making)?, size)?;
        index(&Place::Postgres(making.clone()))?;
        field(&Place::Postgres(making), size)?;
        db.batch_execute(&format!("alter database making rename to {kept}"))?;
    }
    db.batch_execute("drop database if exists run with (force)")?;
    db.batch_execute(&format!("create database run template {kept}"))?;
    Ok(format!("{root}/run"))
}
