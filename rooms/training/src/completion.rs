//! Who completed a session: there for four fifths of its time, and the last test passed if the module has one.

use std::collections::BTreeMap;

use kernel::{Db, Id, Result, sql};

use crate::module::Module;
use crate::score::Moment;
use crate::session::{Session, SessionStatus};
use crate::{attendance, half_day, participant, question, score};

/// Percent of the minutes of a session that one must be there for.
pub const PRESENCE: i64 = 80;

/// How far somebody came in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The participant.
    pub participant: Id,
    /// Who she is.
    pub person: Id,
    /// Whom she came for.
    pub organisation: Option<Id>,
    /// Minutes she was there.
    pub present: i64,
    /// Minutes of the session.
    pub minutes: i64,
    /// Right answers of the last test, and out of how many.
    pub score: Option<(i64, i64)>,
    /// True if she completed it.
    pub complete: bool,
}

/// How far each participant of a session came. The caller has checked who asks.
pub fn completions(db: &mut Db, session: Id) -> Result<Vec<Completion>> {
    let session = kernel::record::get::<Session>(db, session)?;
    let module = kernel::record::get::<Module>(db, session.module.id)?;
    let days = half_day::of(db, session.id)?;
    let minutes: i64 = days.iter().map(|half| half.minutes).sum();
    let marks = attendance::of(db, session.id)?;
    let tested = !question::of(db, module.id)?.is_empty();
    let scores: BTreeMap<Id, (i64, i64)> = score::of(db, session.id)?
        .into_iter()
        .filter(|score| score.moment == Moment::After)
        .map(|score| (score.participant.id, (score.score, score.out_of)))
        .collect();
    let held = session.status != SessionStatus::Cancelled;
    let lines = participant::of(db, session.id)?;
    Ok(lines
        .into_iter()
        .map(|line| {
            let there = |half: &&half_day::HalfDay| marks.get(&(half.id, line.id)).is_some_and(|m| m.present);
            let present: i64 = days.iter().filter(there).map(|half| half.minutes).sum();
            let score = scores.get(&line.id).copied();
            let stayed = minutes > 0 && present * 100 >= minutes * PRESENCE;
            let passed = score.is_some_and(|(right, of)| right * 100 >= of * module.passes_at());
            Completion {
                participant: line.id,
                person: line.person,
                organisation: line.organisation,
                present,
                minutes,
                score,
                complete: held && stayed && (passed || !tested),
            }
        })
        .collect())
}

/// The organisations trained in a module: somebody came for them and was there.
pub fn trained(db: &mut Db, module: Id) -> Result<Vec<Id>> {
    let query =
        sql("select distinct t.organisation from participant t join training_session s on s.id = t.session
                     where s.module = ? and s.status <> 'cancelled' and t.organisation is not null
                     and exists (select 1 from attendance a where a.participant = t.id and a.present = 1)");
    db.rows(&query.bind(module).open("a set of ids for whoever narrows a list"), kernel::value::Row::take)
}
