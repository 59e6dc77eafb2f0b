//! Work in the background: a durable queue in the same database. A job shows its progress and survives a restart:
//! what was running when the process died runs again, so every job is written to be repeated.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value as Json;

use crate::store::Db;
use crate::value::Row;
use crate::{App, Error, Id, Result, now, sql};

/// Another process may have queued work: one looks again after this while even if nobody rang.
const LOOK: Duration = Duration::from_secs(5);
/// How often a job says that it is being done.
const BEAT: Duration = Duration::from_secs(5);
/// After this while without a word, whoever did a job is taken for dead.
const SILENCE: Duration = Duration::from_secs(30);

/// A piece of work.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Job {
    /// Its id.
    pub id: Id,
    /// What kind of work.
    pub kind: String,
    /// What it works on.
    pub input: Json,
    /// `waiting`, `running`, `done` or `failed`.
    pub state: String,
    /// Steps done.
    pub done: i64,
    /// Steps in all; 0 while not known.
    pub total: i64,
    /// What came of it: data, or the key of a sentence when it failed.
    pub result: Option<Json>,
    /// Who asked for it.
    pub account: Option<Id>,
}

/// Wakes the worker when there is something to do.
#[derive(Default)]
pub struct Bell {
    rung: Mutex<bool>,
    heard: Condvar,
    stop: AtomicBool,
}

impl Bell {
    /// There is work.
    pub fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.heard.notify_all();
    }

    /// The process ends; the worker finishes the job at hand.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::SeqCst);
        self.ring();
    }

    /// Waits until it rings, or so long; false once it was stopped.
    fn waits(&self, most: Duration) -> bool {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut rung, _) =
            self.heard.wait_timeout_while(rung, most, |rung| !*rung).unwrap_or_else(PoisonError::into_inner);
        *rung = false;
        !self.stop.load(Ordering::SeqCst)
    }
}

/// Puts work in the queue, in the transaction that makes it necessary. Ring the bell after it.
pub fn queue(db: &mut Db, id: Id, kind: &str, input: &Json, account: Option<Id>) -> Result<()> {
    queue_at(db, id, kind, input, account, 0)
}

/// The same, for work that nobody takes before the instant `due` (milliseconds since 1970): another try after a pause.
pub fn queue_at(db: &mut Db, id: Id, kind: &str, input: &Json, account: Option<Id>, due: i64) -> Result<()> {
    db.run(
        &sql("insert into job (id, kind, input, state, done, total, account, at, changed_at, due)
              values (?, ?, ?, 'waiting', 0, 0, ?, ?, ?, ?) on conflict (id) do nothing")
        .bind(id)
        .bind(kind)
        .bind(input.to_string())
        .bind(account)
        .bind(now())
        .bind(now())
        .bind(due),
    )?;
    Ok(())
}

fn from_row(row: &mut Row) -> Result<Job> {
    Ok(Job {
        id: row.take()?,
        kind: row.take()?,
        input: serde_json::from_str(&row.take::<String>()?)?,
        state: row.take()?,
        done: row.take()?,
        total: row.take()?,
        result: row.take::<Option<String>>()?.map(|text| serde_json::from_str(&text)).transpose()?,
        account: row.take()?,
    })
}

const COLUMNS: &str = "select id, kind, input, state, done, total, result, account from job where ";

/// The job with this id.
pub fn find(db: &mut Db, id: Id) -> Result<Option<Job>> {
    db.row(&sql(COLUMNS).and("id = ?").bind(id), from_row)
}

/// The jobs of an account, newest first.
pub fn of_account(db: &mut Db, account: Id, kind: &str) -> Result<Vec<Job>> {
    db.rows(
        &sql(COLUMNS).and("account = ? and kind = ? order by at desc limit 50").bind(account).bind(kind),
        from_row,
    )
}

/// How many jobs wait.
pub fn waiting(db: &mut Db) -> Result<i64> {
    db.one(&sql("select count(*) from job where state in ('waiting', 'running')"))
}

/// Says how far a job is.
pub fn progress(app: &App, job: Id, done: i64, total: i64) -> Result<()> {
    app.store.write(|db| {
        db.run(
            &sql("update job set done = ?, total = ?, changed_at = ? where id = ?")
                .bind(done)
                .bind(total)
                .bind(now())
                .bind(job),
        )?;
        Ok(())
    })
}

/// Says what came of a job.
pub fn finish(app: &App, job: Id, state: &str, result: &Json) -> Result<()> {
    app.store.write(|db| {
        db.run(
            &sql("update job set state = ?, result = ?, changed_at = ? where id = ?")
                .bind(state)
                .bind(result.to_string())
                .bind(now())
                .bind(job),
        )?;
        Ok(())
    })
}

/// Puts a job back in the queue that failed, or whose product is gone.
pub fn again(db: &mut Db, id: Id) -> Result<()> {
    db.run(
        &sql("update job set state = 'waiting', done = 0, total = 0, result = null, changed_at = ?
              where id = ? and state in ('done', 'failed')")
        .bind(now())
        .bind(id),
    )?;
    Ok(())
}

/// Does every waiting job now, on this thread.
pub fn run_all(app: &App) -> Result<()> {
    while let Some(job) = take(app)? {
        let runner = app.rooms.iter().flat_map(|room| &room.jobs).find(|(kind, _)| *kind == job.kind);
        let ran = match runner {
            Some((_, run)) => alive(app, job.id, || {
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(app, &job)))
                    .unwrap_or_else(|_| Err(Error::internal("the job panicked")))
            }),
            None => Err(Error::internal(format!("no room does {}", job.kind))),
        };
        if let Err(error) = ran {
            tracing::error!(job = %job.id, kind = job.kind, %error, "a job failed");
            let wrong = match &error {
                Error::Refused(wrong) => wrong.key.clone(),
                _ => "error.internal".into(),
            };
            finish(app, job.id, "failed", &serde_json::json!({ "error": wrong }))?;
        }
    }
    Ok(())
}

fn take(app: &App) -> Result<Option<Job>> {
    app.store.write(|db| {
        let Some(job) = db.row(
            &sql(COLUMNS).and("state = 'waiting' and due <= ? order by at, id limit 1").bind(now()),
            from_row,
        )?
        else {
            return Ok(None);
        };
        let mine = db.run(
            &sql("update job set state = 'running', changed_at = ? where id = ? and state = 'waiting'")
                .bind(now())
                .bind(job.id),
        )?;
        Ok((mine == 1).then_some(job))
    })
}

/// Says again and again that the job is being done while it is, so that nobody else takes it up.
fn alive<T>(app: &App, job: Id, work: impl FnOnce() -> T) -> T {
    let done = Bell::default();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while done.waits(BEAT) {
                let mark = sql("update job set changed_at = ? where id = ?").bind(now()).bind(job);
                if let Err(error) = app.store.write(|db| db.run(&mark)) {
                    tracing::warn!(%job, %error, "the job could not say that it is alive");
                }
            }
        });
        // The one who does the work may panic with a reason of its own: the bell is rung whatever happens.
        let _rung = Rung(&done);
        work()
    })
}

struct Rung<'a>(&'a Bell);

impl Drop for Rung<'_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Takes up what a process that died left running.
fn take_up(app: &App) -> Result<()> {
    let left = " state = 'running' and changed_at < ?";
    let silent = now() - SILENCE.as_millis() as i64;
    if app.read(|db| db.one::<i64>(&sql("select count(*) from job where").and(left).bind(silent)))? == 0 {
        return Ok(());
    }
    app.store.write(|db| db.run(&sql("update job set state = 'waiting' where").and(left).bind(silent)))?;
    Ok(())
}

/// Lets each room do what it does once a day.
pub fn begin_day(app: &App) -> Result<()> {
    for daily in app.rooms.iter().filter_map(|room| room.daily) {
        app.write(crate::Actor::machine("command"), daily)?;
    }
    crate::made::sweep(app)?;
    app.store.tidy()
}

/// Lets rooms tend what they hold in memory, until the house closes.
pub fn tend(app: &Arc<App>) {
    const PAUSE: Duration = Duration::from_millis(500);
    while !app.bell.stop.load(Ordering::SeqCst) {
        for tend in app.rooms.iter().filter_map(|room| room.tends) {
            if let Err(error) = tend(app) {
                tracing::error!(%error, "what is held in memory could not be tended");
            }
        }
        std::thread::sleep(PAUSE);
    }
}

/// Works until the bell stops it. Jobs that a dead process left running start again.
pub fn serve(app: &Arc<App>) {
    let mut day = None;
    loop {
        if let Err(error) = take_up(app) {
            tracing::error!(%error, "jobs left by an earlier run could not be taken up");
        }
        if day != Some(crate::today()) {
            day = Some(crate::today());
            if let Err(error) = begin_day(app) {
                tracing::error!(%error, "the work of the day failed");
            }
        }
        if let Err(error) = run_all(app) {
            tracing::error!(%error, "the queue could not be read");
        }
        if !app.bell.waits(LOOK) {
            return;
        }
    }
}
