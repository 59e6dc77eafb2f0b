//! Who waits for a place: on the reserve list of a call of a programme, and in no promotion of it yet.

use kernel::{Db, Id, Result, Sql, Standing, Viewer, sql};

/// A condition: the organisation in this column waits for a place in a programme.
pub fn waits(column: &str, programme: Id) -> Sql {
    sql(&format!(
        "exists (select 1 from application wa join call_decision wd on wd.application = wa.id where wa.organisation = {column}
         and wd.programme = ? and wd.outcome = 'reserve' and not exists (select 1 from enrolment we where we.organisation = wa.organisation
         and we.programme = wd.programme))"
    ))
    .bind(programme)
}

/// How many organisations wait for a place in a programme, as far as the viewer may count them.
pub fn waiting(db: &mut Db, viewer: &Viewer, programme: Id) -> Result<i64> {
    let query = sql("select count(*) from organisation o where").seen_near(viewer, "o.id", Standing::Shared);
    db.one(&query.and(" and ").join(waits("o.id", programme)))
}
