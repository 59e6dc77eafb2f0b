//! The one writer of an SQLite database. Those who come while others write share their commit: one wait for the
//! disk serves them all, and nobody is answered before it.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Condvar, Mutex, MutexGuard};

use crate::store::{Db, unpoisoned};
use crate::{Error, Result};

/// So many writes share a commit at most, so that nobody waits long.
const TOGETHER: usize = 64;

pub(crate) struct Writer {
    open: Mutex<Open>,
    waiting: AtomicUsize,
    ended: Condvar,
}

/// The transaction of a round, and how earlier rounds ended.
struct Open {
    db: Db,
    round: u64,
    /// Writes in the open transaction; `None` between two rounds.
    writes: Option<usize>,
    lost: Vec<u64>,
}

impl Writer {
    pub(crate) fn new(db: Db) -> Writer {
        let open = Open { db, round: 0, writes: None, lost: Vec::new() };
        Writer { open: Mutex::new(open), waiting: AtomicUsize::new(0), ended: Condvar::new() }
    }

    /// Does the work in a savepoint of the open transaction. Whoever finds nobody waiting commits for all.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        self.waiting.fetch_add(1, SeqCst);
        let mut open = unpoisoned(self.open.lock());
        self.waiting.fetch_sub(1, SeqCst);
        if open.writes.is_none() {
            open.db.order("begin immediate")?;
            open.writes = Some(0);
        }
        let round = open.round;
        let done = catch_unwind(AssertUnwindSafe(|| open.savepoint(work)));
        let kept = match &done {
            Ok(Ok(_)) => open.db.order("release mine"),
            _ => open.db.order("rollback to mine").and_then(|()| open.db.order("release mine")),
        };
        let writes = open.writes.map_or(1, |writes| writes + 1);
        open.writes = Some(writes);
        let last = self.waiting.load(SeqCst) == 0 || writes >= TOGETHER;
        if kept.is_err() || last {
            let ended = kept.and_then(|()| open.db.order("commit"));
            open = self.end(open, ended.is_ok());
        } else if matches!(done, Ok(Ok(_))) {
            open = unpoisoned(self.ended.wait_while(open, |open| open.round == round));
        }
        let lost = open.lost.contains(&round);
        drop(open);
        match done {
            Ok(Ok(_)) if lost => Err(Error::internal("SQLite: the changes could not be committed")),
            Ok(result) => result,
            Err(panic) => resume_unwind(panic),
        }
    }

    /// Ends the round and tells everybody who waits for it.
    fn end<'a>(&self, mut open: MutexGuard<'a, Open>, kept: bool) -> MutexGuard<'a, Open> {
        if !kept {
            tracing::error!("a commit failed, its writes are undone");
            // What SQLite undid by itself needs no rollback.
            let _ = open.db.order("rollback");
            let round = open.round;
            open.lost.push(round);
        }
        open.writes = None;
        open.round += 1;
        self.ended.notify_all();
        open
    }
}

impl Open {
    fn savepoint<T>(&mut self, work: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        self.db.order("savepoint mine")?;
        work(&mut self.db)
    }
}
