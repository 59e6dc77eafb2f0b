//! Brings a database to the schema of this version: each room's numbered files, each applied once.

use sha2::{Digest, Sha256};

use crate::store::Store;
use crate::{Error, Result, Room, now, sql};

/// The schema of the kernel's own tables.
pub const KERNEL: &[(&str, &str)] = &[
    ("0001_kernel", include_str!("../schema/0001_kernel.sql")),
    ("0002_job_due", include_str!("../schema/0002_job_due.sql")),
    ("0003_sync", include_str!("../schema/0003_sync.sql")),
    ("0004_restoration", include_str!("../schema/0004_restoration.sql")),
];

/// Digest of a migration, in hexadecimal.
pub fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Applies what is missing and makes an index anew that is held otherwise now; answers the names of what was applied. Refuses a file that changed after it was applied.
pub fn migrate(store: &Store, rooms: &[Room]) -> Result<Vec<String>> {
    store.write(|db| {
        db.lock_schema()?;
        db.define(
            "create table if not exists migration (room TEXT not null, name TEXT not null, digest TEXT not null,
             at BIGINT not null, primary key (room, name))",
        )?;
        let mut applied = Vec::new();
        let house = std::iter::once(("kernel", KERNEL)).chain(rooms.iter().map(|room| (room.name, room.schema)));
        for (room, files) in house {
            for (name, text) in files {
                let known: Option<String> = db.row(
                    &sql("select digest from migration where room = ? and name = ?").bind(room).bind(*name),
                    crate::value::Row::take,
                )?;
                let digest = digest(text);
                match known {
                    Some(there) if there == digest => continue,
                    Some(_) => {
                        return Err(Error::internal(format!(
                            "the migration {room}/{name} was applied and has changed since: restore its text and add a new file"
                        )));
                    }
                    None => {}
                }
                db.define(text)?;
                db.run(
                    &sql("insert into migration (room, name, digest, at) values (?, ?, ?, ?)")
                        .bind(room).bind(*name).bind(digest).bind(now()),
                )?;
                applied.push(format!("{room}/{name}"));
            }
        }
        for indexed in rooms.iter().filter_map(|room| room.indexed.as_ref()) {
            let known: Option<String> = db.row(
                &sql("select digest from migration where room = 'index' and name = ?").bind(indexed.kind),
                crate::value::Row::take,
            )?;
            let version = indexed.version.to_string();
            if known.as_ref() != Some(&version) {
                crate::index::rebuild(db, indexed)?;
                db.run(
                    &sql("insert into migration (room, name, digest, at) values ('index', ?, ?, ?)
                          on conflict (room, name) do update set digest = excluded.digest, at = excluded.at")
                        .bind(indexed.kind).bind(version).bind(now()),
                )?;
            }
            crate::index::take_up(db, indexed)?;
        }
        Ok(applied)
    })
}
