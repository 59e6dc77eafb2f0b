//! What is read from the index and asked for again and again, held in memory for as long as it stands.
//!
//! Each change of it gives it a new stamp in the database. Whoever reads learns the stamp from the same snapshot as everything
//! else, so what is held under its stamp is never out of date: it is only no longer asked for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::store::Db;
use crate::{Id, Result, sql};

/// Things asked for lately, each by its name, with the stamp under which it was read.
pub(super) struct Lately<T> {
    /// So many are held.
    most: usize,
    held: Mutex<BTreeMap<String, (Id, Arc<T>)>>,
}

impl<T> Lately<T> {
    pub(super) const fn new(most: usize) -> Lately<T> {
        Lately { most, held: Mutex::new(BTreeMap::new()) }
    }

    /// What stands under this stamp, read if it was not asked for lately.
    pub(super) fn under(&self, name: &str, stamp: Id, read: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        let held = || self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, there)) = held().get(name).filter(|(of, _)| *of == stamp) {
            return Ok(Arc::clone(there));
        }
        let new = Arc::new(read()?);
        let mut held = held();
        if held.len() >= self.most {
            held.clear();
        }
        held.insert(name.to_owned(), (stamp, Arc::clone(&new)));
        Ok(new)
    }
}

/// The stamp of this name in this snapshot.
pub(super) fn stamp(db: &mut Db, name: &str) -> Result<Option<Id>> {
    db.row(&sql("select stamp from ordering where kind = ?").bind(name), crate::value::Row::take)
}

/// Gives it another stamp: it is no longer what it was.
pub(super) fn changed(db: &mut Db, name: &str) -> Result<()> {
    db.run(
        &sql("insert into ordering (kind, stamp) values (?, ?)
              on conflict (kind) do update set stamp = excluded.stamp")
        .bind(name)
        .bind(Id::new()),
    )
    .map(drop)
}
