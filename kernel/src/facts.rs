//! The one append-only table of what happened: audit trail, history page, change feed and root of all later work.

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::store::Db;
use crate::sync::Command;
use crate::{Id, Result, Room, now, sql};

/// Who writes, and through which door.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    /// The account, or `None` for the machine itself.
    pub account: Option<Id>,
    /// The organisation or person on whose behalf it was done, if it is another.
    pub behalf: Option<Id>,
    /// `page`, `api`, `import`, `device`, `command` or `demo`.
    pub origin: &'static str,
    /// When the device says it was done, if it was done elsewhere; milliseconds.
    pub device_at: Option<i64>,
    /// The work that was done elsewhere and is applied now.
    pub command: Option<Command>,
}

impl Actor {
    /// The machine itself.
    pub fn machine(origin: &'static str) -> Actor {
        Actor { account: None, behalf: None, origin, device_at: None, command: None }
    }
}

/// Something that happened.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Fact {
    /// Its id, in the order of happening.
    pub id: Id,
    /// When the server wrote it; milliseconds since 1970.
    pub at: i64,
    /// Account that did it.
    pub actor: Option<Id>,
    /// What happened, such as `registry.organisation.changed`.
    pub kind: String,
    /// The record it happened to.
    pub record: Id,
    /// The record whose rights cover this fact: an organisation for its mandates.
    pub about: Id,
    /// Changed fields, each with what stood before and what stands now.
    pub changes: Map<String, Json>,
    /// Through which door.
    pub origin: String,
}

/// A write in progress: the database, and the hand that writes.
pub struct Tx<'a> {
    db: &'a mut Db,
    rooms: &'a [Room],
    /// Who writes.
    pub actor: Actor,
    /// The instant its facts are dated to, for a history that is told rather than lived: demonstration data.
    pub dated: Option<i64>,
    touched: BTreeSet<Id>,
}

impl Deref for Tx<'_> {
    type Target = Db;
    fn deref(&self) -> &Db {
        self.db
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Db {
        self.db
    }
}

impl<'a> Tx<'a> {
    /// Does this work on a connection that is in a transaction, heard by these rooms; then the index follows.
    pub(crate) fn of<T>(
        db: &'a mut Db,
        rooms: &'a [Room],
        actor: Actor,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut tx = Tx { db, rooms, actor, dated: None, touched: BTreeSet::new() };
        let done = work(&mut tx)?;
        for indexed in rooms.iter().filter_map(|room| room.indexed.as_ref()) {
            crate::index::settle(tx.db, indexed, &tx.touched)?;
        }
        Ok(done)
    }

    /// Says that what the index holds of this record may be otherwise when the write ends.
    pub fn touch(&mut self, record: Id) {
        self.touched.insert(record);
    }

    /// What sets a field of records of this kind, whichever room keeps them.
    pub(crate) fn setter(&self, kind: &str) -> Option<crate::room::SetField> {
        let declared = self.rooms.iter().flat_map(|room| &room.records);
        let declared = declared.filter(|record| record.kind == kind).map(|record| record.set).next();
        let told = self.rooms.iter().flat_map(|room| room.settles).filter(|(name, _)| *name == kind);
        declared.or(told.map(|(_, set)| *set).next())
    }

    /// Every column of the house that points at records of this table.
    pub fn pointers(&self, to: &str) -> Vec<crate::room::Pointer> {
        self.rooms.iter().flat_map(|room| room.pointers).filter(|pointer| pointer.to == to).copied().collect()
    }

    /// Writes a fact and lets the rooms above hear it, in this same transaction.
    pub fn fact(&mut self, kind: &str, record: Id, about: Id, changes: Map<String, Json>) -> Result<Id> {
        self.fact_of_version(kind, record, about, changes, 0)
    }

    /// The same, for a change that made this version of the record.
    pub fn fact_of_version(
        &mut self,
        kind: &str,
        record: Id,
        about: Id,
        changes: Map<String, Json>,
        version: i64,
    ) -> Result<Id> {
        let at = self.dated.unwrap_or_else(now);
        let fact = Fact {
            id: if self.dated.is_some() { Id::at(at) } else { Id::new() },
            at,
            actor: self.actor.account,
            kind: kind.to_owned(),
            record,
            about,
            changes,
            origin: self.actor.origin.to_owned(),
        };
        self.db.run(
            &sql("insert into fact (id, at, device_at, actor, behalf, kind, record, about, version, changes, origin)
                  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .bind(fact.id).bind(fact.at).bind(self.actor.device_at).bind(fact.actor).bind(self.actor.behalf)
                .bind(kind).bind(record).bind(about).bind(version)
                .bind(Json::Object(fact.changes.clone()).to_string()).bind(self.actor.origin),
        )?;
        if let Some(command) = &self.actor.command {
            let made = sql("insert into fact_command (fact, command, branch, made) values (?, ?, ?, ?)");
            let made = made.bind(fact.id).bind(command.id).bind(command.branch).bind(command.made);
            self.db.run(&made)?;
        }
        let rooms = self.rooms;
        for hear in rooms.iter().filter_map(|room| room.hears) {
            hear(self, &fact)?;
        }
        Ok(fact.id)
    }
}

/// Reads facts in the shape of [`Fact`]; `tail` continues the statement after `from fact f where`.
pub fn read(db: &mut Db, tail: crate::Sql) -> Result<Vec<Fact>> {
    let query =
        sql("select f.id, f.at, f.actor, f.kind, f.record, f.about, f.changes, f.origin from fact f where ")
            .join(tail);
    db.rows(&query, |row| {
        Ok(Fact {
            id: row.take()?,
            at: row.take()?,
            actor: row.take()?,
            kind: row.take()?,
            record: row.take()?,
            about: row.take()?,
            changes: serde_json::from_str(&row.take::<String>()?)?,
            origin: row.take()?,
        })
    })
}

/// Replaces every value that facts hold of a record by a tombstone; the facts themselves stay. Values in conflict go.
pub fn erase_values(db: &mut Db, record: Id, fields: &[&str]) -> Result<()> {
    for table in [
        "conflict_side where owner in (select id from conflict where record = ?)",
        "conflict where record = ?",
    ] {
        db.run(&sql(&format!("delete from {table}")).bind(record).open("erasing a person's data"))?;
    }
    for fact in read(db, sql(" f.record = ?").bind(record).open("erasing a person's data"))? {
        let mut changes = fact.changes;
        for (field, change) in &mut changes {
            if fields.contains(&field.as_str()) {
                *change = serde_json::json!([{"erased": true}, {"erased": true}]);
            }
        }
        db.run(
            &sql("update fact set changes = ? where id = ?")
                .bind(Json::Object(changes).to_string())
                .bind(fact.id),
        )?;
    }
    Ok(())
}
