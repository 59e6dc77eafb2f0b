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

    /// Does the work in the open transaction. Whoever finds nobody waiting commits for all.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        self.waiting.fetch_add(1, SeqCst);
        let mut open = unpoisoned(self.open.lock());
        self.waiting.fetch_sub(1, SeqCst);
        let round = open.round;
        let (done, kept) = match open.writes {
            None => open.first(work),
            Some(writes) => open.next(writes, work),
        };
        let Some(writes) = open.writes else {
            drop(open);
            return done.unwrap_or_else(|panic| resume_unwind(panic));
        };
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

/// What a write came to, and whether the transaction still stands.
type Done<T> = (std::thread::Result<Result<T>>, Result<()>);

impl Open {
    /// The first write of a round begins the transaction and needs no savepoint: if it fails, there is nothing else to lose. In a
    /// savepoint SQLite would keep what every page was before, for each statement again: an import of a country took
    /// gigabytes, and most of its time.
    fn first<T>(&mut self, work: impl FnOnce(&mut Db) -> Result<T>) -> Done<T> {
        if let Err(error) = self.db.order("begin immediate") {
            return (Ok(Err(error)), Ok(()));
        }
        let done = catch_unwind(AssertUnwindSafe(|| work(&mut self.db)));
        match done {
            Ok(Ok(_)) => self.writes = Some(1),
            // What SQLite undid by itself needs no rollback.
            _ => drop(self.db.order("rollback")),
        }
        (done, Ok(()))
    }

    /// A further one fails alone.
    fn next<T>(&mut self, writes: usize, work: impl FnOnce(&mut Db) -> Result<T>) -> Done<T> {
        self.writes = Some(writes + 1);
        let done = catch_unwind(AssertUnwindSafe(|| {
            self.db.order("savepoint mine")?;
            work(&mut self.db)
        }));
        let kept = match &done {
            Ok(Ok(_)) => self.db.order("release mine"),
            _ => self.db.order("rollback to mine").and_then(|()| self.db.order("release mine")),
        };
        (done, kept)
    }
}

#[cfg(test)]
#[allow(clippy::panic, clippy::unwrap_used, reason = "a test stops where it fails")]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::sql;

    fn writer() -> Writer {
        let mut db = Db::Sqlite(rusqlite::Connection::open_in_memory().unwrap());
        db.run(&sql("create table note (n integer primary key)")).unwrap();
        Writer::new(db)
    }

    fn note(db: &mut Db, n: i64) -> Result<u64> {
        db.run(&sql("insert into note (n) values (?)").bind(n))
    }

    fn notes(writer: &Writer) -> Vec<i64> {
        writer.write(|db| db.rows(&sql("select n from note order by n"), crate::value::Row::take)).unwrap()
    }

    #[test]
    fn a_write_that_fails_leaves_nothing_and_the_next_one_is_kept() {
        let writer = writer();
        let refused: Result<()> = writer.write(|db| {
            note(db, 1)?;
            Err(Error::NotFound)
        });
        assert!(matches!(refused, Err(Error::NotFound)));
        let died = catch_unwind(AssertUnwindSafe(|| {
            writer.write(|db| -> Result<()> {
                note(db, 2)?;
                panic!("a write that dies")
            })
        }));
        assert!(died.is_err());
        writer.write(|db| note(db, 3)).unwrap();
        assert_eq!(notes(&writer), [3]);
    }

    /// What the writes of one round leave, and how each ended; the first waits until all of them stand in line.
    fn round(fails: &'static [i64]) -> (Vec<i64>, Vec<bool>) {
        let writer = writer();
        let (begun, begins) = mpsc::channel();
        let write = |n: i64, wait: bool| {
            writer.write(|db| {
                note(db, n)?;
                if wait {
                    begun.send(()).unwrap();
                    while writer.waiting.load(SeqCst) < 3 {
                        std::thread::yield_now();
                    }
                }
                if fails.contains(&n) { Err(Error::NotFound) } else { Ok(()) }
            })
        };
        let write = &write;
        let ended = std::thread::scope(|scope| {
            let first = scope.spawn(move || write(1, true));
            begins.recv().unwrap();
            let rest: Vec<_> = (2..5).map(|n| scope.spawn(move || write(n, false))).collect();
            let all = std::iter::once(first).chain(rest);
            all.map(|thread| thread.join().unwrap().is_ok()).collect()
        });
        (notes(&writer), ended)
    }

    #[test]
    fn each_write_of_a_round_fails_alone() {
        assert_eq!(round(&[]), (vec![1, 2, 3, 4], vec![true; 4]));
        assert_eq!(round(&[1]), (vec![2, 3, 4], vec![false, true, true, true]));
        assert_eq!(round(&[3]), (vec![1, 2, 4], vec![true, true, false, true]));
        assert_eq!(round(&[1, 2, 3, 4]), (vec![], vec![false; 4]));
    }
}
