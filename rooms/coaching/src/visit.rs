//! A visit: who went to which cooperative when, what was seen, what moved, and when the next one is.

use jiff::civil::Date;
use kernel::kinds::{File, Long, Multi, Place, Ref};
use kernel::{Db, Id, Record, Result, Sql, Standing, Tx, Viewer, choice, record, sql};
use people::Account;
use programmes::Programme;
use registry::Organisation;

choice! {
    /// How a visit stands.
    pub VisitStatus in "visit.status" { Planned = "planned", Done = "done", Cancelled = "cancelled" }
}

record! {
    /// A visit to a cooperative.
    pub Visit in "visit" as "coaching.visit", about organisation, then saved {
        main(File, File) {
            organisation: Ref<Organisation>, held: Date, coach: Ref<Account>, programme: Option<Ref<Programme>>,
            purpose: Option<String>, status: VisitStatus,
        }
        report(File, File) {
            minutes: Option<i64>, met: Option<String>, seen: Option<Long>, next_step: Option<String>, next_visit: Option<Date>,
            photo: Option<File>,
        }
    }
}

record! {
    /// A further photo of a visit.
    pub Photo in "visit_photo" as "coaching.visit_photo", about organisation {
        main(File, File) { organisation: Ref<Organisation>, visit: Ref<Visit>, file: File, caption: Option<String> }
    }
}

/// Days without a visit after which somebody should go.
pub const TOO_LONG: i32 = 60;

/// Months of follow-up where the programme says nothing else (Mourafaka and INDH accompany for two years).
pub const FOLLOW_UP: i64 = 24;

/// The next visit that a report announces is planned at once; told twice, it is planned once.
fn saved(visit: &Visit, tx: &mut Tx<'_>) -> Result<()> {
    let Some(next) = visit.next_visit.filter(|_| visit.status == VisitStatus::Done) else { return Ok(()) };
    let id = Id::named(&format!("visit after {}", visit.id));
    match kernel::record::find::<Visit>(tx, id)? {
        Some(planned) if planned.status == VisitStatus::Planned && planned.held != next => {
            kernel::record::update(tx, &Visit { held: next, ..planned })
        }
        Some(_) => Ok(()),
        None => kernel::record::insert(
            tx,
            &Visit {
                id,
                version: 1,
                held: next,
                status: VisitStatus::Planned,
                purpose: visit.next_step.clone(),
                minutes: None,
                met: None,
                seen: None,
                next_step: None,
                next_visit: None,
                photo: None,
                ..visit.clone()
            },
        ),
    }
}

/// The visits of an organisation, the latest first.
pub(crate) fn of(db: &mut Db, organisation: Id) -> Result<Vec<Visit>> {
    let query = sql(&format!(
        "select {} from visit where organisation = ? order by held desc, id desc",
        Visit::columns("")
    ))
    .bind(organisation)
    .open("the caller checked the standing at the organisation");
    db.rows(&query, Visit::from_row)
}

/// The photos of a visit.
pub(crate) fn photos(db: &mut Db, visit: Id) -> Result<Vec<Photo>> {
    let query = sql(&format!("select {} from visit_photo where visit = ? order by id", Photo::columns("")))
        .bind(visit)
        .open("the caller checked the standing at the organisation");
    db.rows(&query, Photo::from_row)
}

/// A visit in a list.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Line {
    /// Id.
    pub id: Id,
    /// The cooperative.
    pub organisation: Id,
    /// Its name.
    pub name: Multi,
    /// Where it is.
    pub place: Place,
    /// When.
    #[schemars(with = "String")]
    pub held: Date,
    /// How it stands.
    pub status: VisitStatus,
    /// What for.
    pub purpose: Option<String>,
    /// Name of the coach.
    pub coach: String,
}

/// Visits between two days, in order; of one coach, or of everybody whose files the viewer may read.
pub fn between(db: &mut Db, viewer: &Viewer, from: Date, to: Date, coach: Option<Id>) -> Result<Vec<Line>> {
    let query = sql("select v.id, o.id, o.name, o.place, o.place_lat, o.place_lon, v.held, v.status, v.purpose, a.name
                     from visit v join organisation o on o.id = v.organisation join account a on a.id = v.coach
                     where v.held >= ? and v.held <= ? and v.status <> 'cancelled'")
    .bind(from)
    .bind(to)
    .and_if(" and v.coach = ?", coach)
    .and(" and")
    .seen_near(viewer, "v.organisation", Standing::File)
    .and(" order by v.held, o.sort, v.id limit 500");
    db.rows(&query, |row| {
        Ok(Line {
            id: row.take()?,
            organisation: row.take()?,
            name: row.take()?,
            place: Place { division: row.take()?, lat: row.take()?, lon: row.take()? },
            held: row.take()?,
            status: row.take()?,
            purpose: row.take()?,
            coach: row.take()?,
        })
    })
}

/// A cooperative that is accompanied, with its last and its next visit.
#[derive(Clone, Debug)]
pub struct Followed {
    /// The cooperative.
    pub organisation: Id,
    /// Its name.
    pub name: Multi,
    /// Where it is.
    pub place: Place,
    /// Since when it is enrolled.
    pub since: Date,
    /// The last visit that was made.
    pub last: Option<Date>,
    /// The next one that is planned.
    pub next: Option<Date>,
    /// Visits made.
    pub done: i64,
    /// Minutes of them.
    pub minutes: i64,
}

const FOLLOWED: &str = "select o.id, o.name, o.place, o.place_lat, o.place_lon, min(e.since),
     (select max(v.held) from visit v where v.organisation = o.id and v.status = 'done'),
     (select min(v.held) from visit v where v.organisation = o.id and v.status = 'planned'),
     (select count(*) from visit v where v.organisation = o.id and v.status = 'done'),
     (select cast(coalesce(sum(v.minutes), 0) as bigint) from visit v where v.organisation = o.id and v.status = 'done')
     from enrolment e join organisation o on o.id = e.organisation where e.status in ('selected', 'active')";

fn followed(db: &mut Db, query: Sql) -> Result<Vec<Followed>> {
    let query =
        query.and(" group by o.id, o.name, o.place, o.place_lat, o.place_lon, o.sort order by o.sort, o.id");
    db.rows(&query, |row| {
        Ok(Followed {
            organisation: row.take()?,
            name: row.take()?,
            place: Place { division: row.take()?, lat: row.take()?, lon: row.take()? },
            since: row.take()?,
            last: row.take()?,
            next: row.take()?,
            done: row.take()?,
            minutes: row.take()?,
        })
    })
}

/// The cooperatives of a programme that are accompanied.
pub fn followed_in(db: &mut Db, viewer: &Viewer, programme: Id) -> Result<Vec<Followed>> {
    let query = sql(FOLLOWED).and(" and e.programme = ?").bind(programme).and(" and");
    followed(db, query.seen_near(viewer, "o.id", Standing::File))
}

/// The cooperatives that this account accompanies.
pub fn followed_by(db: &mut Db, viewer: &Viewer, account: Id) -> Result<Vec<Followed>> {
    let mine = " and exists (select 1 from assignment s where s.organisation = o.id and s.account = ?
                 and (s.until is null or s.until >= ?)) and";
    let query = sql(FOLLOWED).and(mine).bind(account).bind(kernel::today());
    followed(db, query.seen_near(viewer, "o.id", Standing::File))
}

impl Followed {
    /// Days since the last visit, or since it was enrolled if there was none.
    pub fn days_alone(&self, today: Date) -> i32 {
        let since = self.last.unwrap_or(self.since);
        since.until((jiff::Unit::Day, today)).map_or(0, |span| span.get_days())
    }

    /// True if somebody should go, and nobody has planned to.
    pub fn is_waiting(&self, today: Date) -> bool {
        self.days_alone(today) > TOO_LONG && self.next.is_none_or(|next| next < today)
    }
}

/// Hours of a coach in a programme.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Hours {
    /// Name of the coach.
    pub coach: String,
    /// Visits made.
    pub visits: i64,
    /// Cooperatives visited.
    pub organisations: i64,
    /// Minutes of those visits whose length was noted.
    pub minutes: i64,
    /// Visits whose length was not noted: the hours are at least so many short.
    pub unknown: i64,
}

/// Hours by coach of a programme, between two days.
pub fn hours(db: &mut Db, viewer: &Viewer, programme: Id, from: Date, to: Date) -> Result<Vec<Hours>> {
    let query = sql("select a.name, count(*), count(distinct v.organisation), cast(coalesce(sum(v.minutes), 0) as bigint),
                     cast(sum(case when v.minutes is null then 1 else 0 end) as bigint)
                     from visit v join account a on a.id = v.coach
                     where v.programme = ? and v.status = 'done' and v.held >= ? and v.held <= ? and")
        .bind(programme)
        .bind(from)
        .bind(to)
        .seen_near(viewer, "v.organisation", Standing::File)
        .and(" group by a.id, a.name order by a.name, a.id");
    db.rows(&query, |row| {
        Ok(Hours {
            coach: row.take()?,
            visits: row.take()?,
            organisations: row.take()?,
            minutes: row.take()?,
            unknown: row.take()?,
        })
    })
}
