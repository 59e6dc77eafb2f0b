//! What a telephone takes along of the calls that are open: what they ask, and which cooperatives have applied.

use kernel::{Db, Id, Record, Result, Standing, Viewer, sql};

use super::call::{self, Call, CallQuestion, CallStatus};

/// A call to which one can apply, for whoever works in its programme.
#[derive(Debug)]
pub struct TakenCall {
    /// The call.
    pub call: Call,
    /// What it asks beside what every application says.
    pub questions: Vec<CallQuestion>,
    /// Cooperatives that have applied, each with its number.
    pub applied: Vec<(Id, i64)>,
}

/// The open calls of a programme in which the viewer works; those of the coming weeks too.
pub fn calls(db: &mut Db, viewer: &Viewer, programme: Id) -> Result<Vec<TakenCall>> {
    let query = sql(&format!(
        "select {} from call c where c.programme = ? and c.status = ? and c.closes >= ? and",
        Call::columns("c.")
    ));
    let query = query.bind(programme).bind(CallStatus::Open).bind(kernel::today());
    let query = query.seen_near(viewer, "c.programme", Standing::File).and(" order by c.closes, c.id");
    let mut found = Vec::new();
    for call in db.rows(&query, Call::from_row)? {
        let applied = sql("select organisation, number from application
                           where call = ? and organisation is not null and number is not null and status = 'submitted' and");
        let applied = applied.bind(call.id).seen_near(viewer, "organisation", Standing::File);
        let applied = db.rows(&applied.and(" order by number"), |row| Ok((row.take()?, row.take()?)))?;
        found.push(TakenCall { questions: call::questions(db, call.id)?, call, applied });
    }
    Ok(found)
}
