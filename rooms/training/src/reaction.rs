//! What somebody thought of a session: five faces a line, no name, entered on a phone that goes round.

use kernel::kinds::{Long, Ref};
use kernel::{Db, Id, Record, Result, record, sql};
use programmes::Programme;

use crate::measure::{Ratio, mean};
use crate::session::Session;

record! {
    /// What somebody thought of a session, from 1 (bad) to 5 (good), without a name.
    pub Reaction in "training_reaction" as "training.training_reaction", about programme {
        main(Shared, Shared) {
            programme: Ref<Programme>, session: Ref<Session>, useful: Option<i64>, clear: Option<i64>, language: Option<i64>,
            moment: Option<i64>, would_apply: Option<i64>,
        }
        remark(Shared, Shared) { remark: Option<Long> }
    }
}

/// The lines that are asked, in order.
pub(crate) const LINES: [&str; 5] = ["useful", "clear", "language", "moment", "would_apply"];

impl Reaction {
    /// What was said on each of the lines.
    pub(crate) fn said(&self) -> [Option<i64>; 5] {
        [self.useful, self.clear, self.language, self.moment, self.would_apply]
    }
}

/// The reactions to a session.
pub(crate) fn of(db: &mut Db, session: Id) -> Result<Vec<Reaction>> {
    let query =
        format!("select {} from training_reaction where session = ? order by id", Reaction::columns(""));
    db.rows(&sql(&query).bind(session).open("the hand on the session was checked"), Reaction::from_row)
}

/// How many said something on a line, and their mean.
pub(crate) fn summary(reactions: &[Reaction], line: usize) -> (usize, Option<Ratio>) {
    let said: Vec<Ratio> = reactions
        .iter()
        .filter_map(|reaction| reaction.said()[line])
        .filter_map(|face| Ratio::new(face.into(), 1))
        .collect();
    (said.len(), mean(&said))
}
