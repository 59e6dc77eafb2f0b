//! The roll-call: who was there on a half-day. A late entry keeps the instant of the device beside that of the server.

use std::collections::{BTreeMap, BTreeSet};

use kernel::kinds::{File, Ref};
use kernel::value::Row;
use kernel::{Db, Error, Id, Result, Tx, now, record, sql};
use programmes::Programme;
use serde_json::{Map, json};

use crate::half_day::HalfDay;
use crate::session::{Session, SessionStatus};

record! {
    /// A photo of the paper list of a half-day; its digest proves that it did not change.
    pub Sheet in "attendance_sheet" as "training.attendance_sheet", about programme {
        main(File, File) { programme: Ref<Programme>, half_day: Ref<HalfDay>, file: File }
    }
}

/// What was written down of somebody on a half-day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// True if she was there.
    pub present: bool,
    /// When the server wrote it; milliseconds.
    pub at: i64,
    /// When the device says it was taken.
    pub device_at: Option<i64>,
}

/// The marks of a session, by half-day and participant.
pub(crate) fn of(db: &mut Db, session: Id) -> Result<BTreeMap<(Id, Id), Mark>> {
    let query =
        sql("select a.half_day, a.participant, a.present, a.at, a.device_at from attendance a join half_day h on h.id = a.half_day
                     where h.session = ?");
    let rows = db.rows(&query.bind(session).open("the hand on the session was checked"), |row| {
        let key = (row.take()?, row.take()?);
        Ok((key, Mark { present: row.take()?, at: row.take()?, device_at: row.take()? }))
    })?;
    Ok(rows.into_iter().collect())
}

/// Who was there on a half-day and who was not, by participant.
pub(crate) fn of_half_day(db: &mut Db, half_day: Id) -> Result<BTreeMap<Id, bool>> {
    let query = sql("select participant, present from attendance where half_day = ?").bind(half_day);
    let query = query.open("the hand on the session was checked");
    Ok(db.rows(&query, |row| Ok((row.take()?, row.take()?)))?.into_iter().collect())
}

/// Writes down a roll-call in one go: one statement, one fact that names who changed. The same roll-call again changes
/// nothing; whom it does not speak of stays as she was. Answers how many changed.
pub fn take(
    tx: &mut Tx<'_>,
    half: &HalfDay,
    marks: &BTreeMap<Id, bool>,
    device_at: Option<i64>,
) -> Result<usize> {
    let reason = "the hand on the session was checked";
    let listed = sql("select id from participant where session = ?").bind(half.session.id).open(reason);
    let listed: BTreeSet<Id> = tx.rows(&listed, Row::take)?.into_iter().collect();
    if marks.keys().any(|participant| !listed.contains(participant)) {
        return Err(Error::refused("error.reference"));
    }
    let there = of_half_day(tx, half.id)?;
    let changed: Vec<(Id, bool)> = marks
        .iter()
        .filter(|(participant, present)| there.get(participant) != Some(present))
        .map(|(participant, present)| (*participant, *present))
        .collect();
    if changed.is_empty() {
        return Ok(0);
    }
    store(tx, half, &changed, device_at)?;
    tell(tx, half, &there, &changed, device_at)?;
    // Whoever marks her anew has seen the marks that were there.
    kernel::conflict::settle(tx, half.id, |field| {
        changed.iter().any(|(participant, _)| participant.to_string() == field)
    })?;
    let session = kernel::record::get::<Session>(tx, half.session.id)?;
    if matches!(session.status, SessionStatus::Planned | SessionStatus::Open) {
        kernel::record::update(tx, &Session { status: SessionStatus::Held, ..session })?;
    }
    Ok(changed.len())
}

fn store(tx: &mut Tx<'_>, half: &HalfDay, marks: &[(Id, bool)], device_at: Option<i64>) -> Result<()> {
    let (at, account) = (tx.dated.unwrap_or_else(now), tx.actor.account);
    for some in marks.chunks(200) {
        let rows = vec!["(?, ?, ?, ?, ?, ?)"; some.len()].join(", ");
        let mut insert = sql(&format!(
            "insert into attendance (half_day, participant, present, at, device_at, account) values {rows}
             on conflict (half_day, participant) do update set present = excluded.present, at = excluded.at,
             device_at = excluded.device_at, account = excluded.account"
        ));
        for (participant, present) in some {
            insert = insert.bind(half.id).bind(*participant).bind(*present).bind(at);
            insert = insert.bind(device_at).bind(account);
        }
        tx.run(&insert.open("the hand on the session was checked"))?;
    }
    Ok(())
}

/// One fact for the whole roll-call: how many were there, and each person whose mark changed.
fn tell(
    tx: &mut Tx<'_>,
    half: &HalfDay,
    there: &BTreeMap<Id, bool>,
    changed: &[(Id, bool)],
    device_at: Option<i64>,
) -> Result<()> {
    let mut after = there.clone();
    after.extend(changed.iter().copied());
    let count = |marks: &BTreeMap<Id, bool>| marks.values().filter(|present| **present).count();
    let (mut before, mut now) = (Map::new(), Map::new());
    for (participant, present) in changed {
        before.insert(participant.to_string(), json!(there.get(participant)));
        now.insert(participant.to_string(), json!(present));
    }
    let mut changes = Map::new();
    changes.insert("present".into(), json!([count(there), count(&after)]));
    changes.insert("people".into(), json!([before, now]));
    let device = std::mem::replace(&mut tx.actor.device_at, device_at);
    let told = tx.fact("training.attendance.taken", half.id, half.programme.id, changes);
    tx.actor.device_at = device;
    told.map(|_| ())
}

/// A paper list with the digest of its bytes.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Paper {
    pub(crate) file: Id,
    pub(crate) half_day: Id,
    pub(crate) name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub(crate) digest: String,
}

/// The paper lists of a session.
pub(crate) fn papers(db: &mut Db, session: Id) -> Result<Vec<Paper>> {
    let query =
        sql("select f.id, e.half_day, f.name, f.digest from attendance_sheet e join file f on f.id = e.file
                     join half_day h on h.id = e.half_day where h.session = ? order by h.day, e.id");
    db.rows(&query.bind(session).open("the hand on the session was checked"), |row| {
        Ok(Paper { file: row.take()?, half_day: row.take()?, name: row.take()?, digest: row.take()? })
    })
}
