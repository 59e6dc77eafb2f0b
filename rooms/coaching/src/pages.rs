//! The pages of the room, named after their addresses.

mod assessment;
mod cohort;
mod instrument;
mod legal;
mod plan;
mod question;
mod sheet;
mod visit;
mod visits;

use kernel::form::Options;
use kernel::kinds::Multi;
use kernel::room::Route;
use kernel::{Ctx, Db, Error, Id, Result, sql};

pub(crate) use question::path as question_path;
pub(crate) use visit::{begin as begin_visit, coaches, is_coach};

pub(crate) fn routes() -> Vec<Route> {
    [
        instrument::routes(),
        assessment::routes(),
        sheet::routes(),
        question::routes(),
        plan::routes(),
        cohort::routes(),
        visits::routes(),
        visit::routes(),
        legal::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The programmes in which a cooperative is enrolled and of which the viewer knows, the latest first.
pub(crate) fn programmes_of(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Options> {
    let query = sql("select p.id, p.name from enrolment e join programme p on p.id = e.programme
                     where e.organisation = ? and e.status <> 'left' and")
    .bind(organisation)
    .seen(&ctx.viewer, "p.id")
    .and(" order by e.since desc, p.id");
    db.rows(&query, |row| {
        let (id, name): (String, Multi) = (row.take()?, row.take()?);
        Ok((id, name.best(ctx.w.lang).to_owned()))
    })
}

/// Refuses a programme in which the cooperative is not enrolled.
pub(crate) fn in_programme(db: &mut Db, organisation: Id, programme: Id) -> Result<()> {
    let enrolled = sql("select count(*) from enrolment where organisation = ? and programme = ?")
        .bind(organisation)
        .bind(programme)
        .open("the caller checked the standing at the organisation");
    if db.one::<i64>(&enrolled)? > 0 { Ok(()) } else { Err(Error::field("programme", "error.reference")) }
}
