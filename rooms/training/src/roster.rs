//! What a roll-call needs where there is no network: half-days, who is on their list, which marks stand.

use kernel::access::Standing;
use kernel::kinds::{Choice, Multi};
use kernel::{Db, Id, Result, Viewer, Words, sql};

use crate::attendance;
use crate::half_day::{self, HalfDay};
use crate::hand::{self, Hand};
use crate::participant;
use crate::session::SessionStatus;

/// A half-day whose roll-call can be taken.
pub struct Rostered {
    /// The half-day.
    pub half_day: Id,
    /// Its version.
    pub version: i64,
    /// Its session.
    pub session: Id,
    /// What the session is called.
    pub name: Multi,
    /// When it is, in words.
    pub when: String,
    /// Participants that are marked as present.
    pub present: Vec<Id>,
    /// Participants that are marked as absent.
    pub absent: Vec<Id>,
}

/// Somebody on the list of a session.
pub struct OnRoster {
    /// The participant.
    pub id: Id,
    /// The session.
    pub session: Id,
    /// Her name.
    pub name: Multi,
    /// The cooperative for which she comes.
    pub organisation: Option<Multi>,
}

/// Days before and after today whose roll-calls are carried along.
const AROUND: i32 = 30;

/// The half-days around today of a programme's sessions, and who is on their lists; nothing for whoever takes no
/// roll-calls there.
pub fn roster(
    db: &mut Db,
    viewer: &Viewer,
    programme: Id,
    w: Words,
) -> Result<(Vec<Rostered>, Vec<OnRoster>)> {
    if hand::of(viewer, db, programme)? < Some(Hand::Takes) {
        return Ok(Default::default());
    }
    let today = kernel::today();
    let around = jiff::Span::new().days(AROUND);
    let query = sql("select distinct h.session, coalesce(s.title, m.title) from half_day h
         join training_session s on s.id = h.session join module m on m.id = s.module
         where s.programme = ? and s.status <> ? and h.day >= ? and h.day <= ? and")
    .bind(programme)
    .bind(SessionStatus::Cancelled.code())
    .bind(today.saturating_sub(around))
    .bind(today.saturating_add(around))
    .seen_near(viewer, "s.programme", Standing::Shared)
    .and(" order by 1 limit 200");
    let sessions: Vec<(Id, Multi)> = db.rows(&query, |row| Ok((row.take()?, row.take()?)))?;
    let (mut half_days, mut listed) = (Vec::new(), Vec::new());
    for (session, name) in sessions {
        for half in half_day::of(db, session)? {
            half_days.push(rostered(db, w, &name, &half)?);
        }
        listed.extend(participant::of(db, session)?.into_iter().map(|line| OnRoster {
            id: line.id,
            session,
            name: line.name,
            organisation: line.organisation_name,
        }));
    }
    Ok((half_days, listed))
}

fn rostered(db: &mut Db, w: Words, name: &Multi, half: &HalfDay) -> Result<Rostered> {
    let marks = attendance::of_half_day(db, half.id)?;
    let marked = |there: bool| marks.iter().filter(|(_, mark)| **mark == there).map(|(id, _)| *id).collect();
    Ok(Rostered {
        half_day: half.id,
        version: half.version,
        session: half.session.id,
        name: name.clone(),
        when: half_day::when(w, half),
        present: marked(true),
        absent: marked(false),
    })
}

/// True if this viewer takes roll-calls in the programme.
pub fn takes_roll_calls(db: &mut Db, viewer: &Viewer, programme: Id) -> Result<bool> {
    Ok(hand::of(viewer, db, programme)? >= Some(Hand::Takes))
}
