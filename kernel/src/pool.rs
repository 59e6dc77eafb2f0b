//! Connections to the database, and who gets one next.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};

use crate::Result;
use crate::store::{Db, unpoisoned};

/// A fixed number of connections, lent one at a time; who waits longest is served first.
pub(crate) struct Pool {
    state: Mutex<Lending>,
    open: Box<dyn Fn() -> Result<Db> + Send + Sync>,
}

struct Lending {
    free: Vec<Db>,
    waiting: VecDeque<Arc<Waiter>>,
}

/// Where somebody waits for a connection to be handed over: one that anybody may take would let newcomers pass them.
#[derive(Default)]
struct Waiter {
    handed: Mutex<Option<Db>>,
    came: Condvar,
}

pub(crate) struct Lent<'a> {
    db: Option<Db>,
    pool: &'a Pool,
}

impl Pool {
    pub(crate) fn new(size: usize, open: impl Fn() -> Result<Db> + Send + Sync + 'static) -> Result<Pool> {
        let free = (0..size.max(1)).map(|_| open()).collect::<Result<Vec<_>>>()?;
        Ok(Pool { state: Mutex::new(Lending { free, waiting: VecDeque::new() }), open: Box::new(open) })
    }

    pub(crate) fn get(&self) -> Result<Lent<'_>> {
        let lent = Lent { db: Some(self.take()), pool: self };
        if lent.is_closed() {
            // The old connection goes back if opening fails, so that the pool keeps its size.
            let fresh = (self.open)()?;
            return Ok(Lent { db: Some(fresh), pool: lent.take_place() });
        }
        Ok(lent)
    }

    fn take(&self) -> Db {
        let waiter = {
            let mut state = unpoisoned(self.state.lock());
            if let Some(db) = state.free.pop() {
                return db;
            }
            let waiter = Arc::new(Waiter::default());
            state.waiting.push_back(Arc::clone(&waiter));
            waiter
        };
        let mut handed = unpoisoned(waiter.handed.lock());
        loop {
            match handed.take() {
                Some(db) => return db,
                None => handed = unpoisoned(waiter.came.wait(handed)),
            }
        }
    }

    fn give_back(&self, db: Db) {
        let mut state = unpoisoned(self.state.lock());
        match state.waiting.pop_front() {
            Some(waiter) => {
                *unpoisoned(waiter.handed.lock()) = Some(db);
                waiter.came.notify_one();
            }
            None => state.free.push(db),
        }
    }
}

impl<'a> Lent<'a> {
    fn take_place(mut self) -> &'a Pool {
        self.db = None;
        self.pool
    }
}

impl std::ops::Deref for Lent<'_> {
    type Target = Db;
    fn deref(&self) -> &Db {
        match &self.db {
            Some(db) => db,
            None => unreachable!("a lent connection is present until it is dropped"),
        }
    }
}

impl std::ops::DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Db {
        match &mut self.db {
            Some(db) => db,
            None => unreachable!("a lent connection is present until it is dropped"),
        }
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(db) = self.db.take() {
            self.pool.give_back(db);
        }
    }
}

#[cfg(test)]
#[allow(clippy::panic, reason = "a test stops where it fails")]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::{Db, Pool, unpoisoned};

    #[test]
    fn who_waits_longest_for_a_connection_is_served_first() {
        let open = || Ok(Db::Sqlite(rusqlite::Connection::open_in_memory()?));
        let pool = Arc::new(Pool::new(1, open).unwrap_or_else(|error| panic!("{error}")));
        let (first, served) = (pool.take(), Arc::new(Mutex::new(Vec::new())));
        let mut threads = Vec::new();
        for n in 0..5 {
            let (queue, served) = (Arc::clone(&pool), Arc::clone(&served));
            let pool = Arc::clone(&queue);
            threads.push(std::thread::spawn(move || {
                let db = pool.take();
                unpoisoned(served.lock()).push(n);
                pool.give_back(db);
            }));
            while unpoisoned(queue.state.lock()).waiting.len() <= n {
                std::thread::yield_now();
            }
        }
        pool.give_back(first);
        threads.into_iter().for_each(|thread| thread.join().unwrap_or_default());
        assert_eq!(*unpoisoned(served.lock()), [0, 1, 2, 3, 4]);
        // Nobody waits: it is free again, and there is still one.
        assert_eq!(unpoisoned(pool.state.lock()).free.len(), 1);
    }
}
