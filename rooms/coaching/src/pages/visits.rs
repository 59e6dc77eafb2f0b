//! The calendar of visits, who waits for one, and where.

use std::collections::BTreeMap;

use askama::Template;
use jiff::civil::{Date, date};
use jiff::{ToSpan, Unit};
use kernel::kinds::{Choice, Multi, Place};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, Id, Reply, Result, Standing, Words};
use programmes::programme;
use schemars::JsonSchema;
use serde::Serialize;

use crate::souk::{self, Day};
use crate::visit::{self, FOLLOW_UP, Followed, Hours, Line, VisitStatus};

/// Who plans visits.
const COACHES: &[&str] = &["administrator", "manager", "coach"];

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/visits", calendar).role(COACHES).query(&["month", "whose", "from"]).answers::<CalendarPage>(),
        post("/visits/souks", set_souk).role(COACHES),
        get("/programmes/{programme}/visits", of_programme)
            .query(&["from", "to"])
            .answers::<ProgrammeVisits>(),
    ]
}

/// A day of the month.
#[derive(Serialize, JsonSchema)]
struct DayCell {
    number: i8,
    name: String,
    today: bool,
    /// False for the days before and after the month.
    inside: bool,
    visits: Vec<Line>,
}

/// A cooperative that is accompanied.
#[derive(Serialize, JsonSchema)]
struct Waiting {
    organisation: Id,
    name: Multi,
    place: String,
    days: i32,
    never: bool,
    waits: bool,
    next: Option<String>,
    souk: Option<Day>,
    kilometres: Option<i64>,
}

/// The calendar of visits.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "coaching_visits.html")]
struct CalendarPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    month: String,
    weeks: Vec<Vec<DayCell>>,
    before: String,
    after: String,
    everybody: bool,
    planned: usize,
    done: usize,
    followed: Vec<Waiting>,
    waiting: usize,
    souks: Vec<(String, Day)>,
    #[serde(skip)]
    from: String,
    #[serde(skip)]
    from_refused: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    picture: Option<registry::Picture>,
    #[serde(skip)]
    query: String,
}

impl CalendarPage {
    fn day(&self, day: &Day) -> String {
        self.w.choice(day)
    }
    fn days(&self) -> Vec<String> {
        souk::week().iter().map(|day| self.w.t2("day.short", day.code())).collect()
    }
    fn tone(&self, line: &Line) -> &'static str {
        match line.status {
            VisitStatus::Done => "good",
            VisitStatus::Planned if line.held < kernel::today() => "late",
            _ => "info",
        }
    }
    fn all_days(&self) -> Vec<(&'static str, String)> {
        Day::CODES.iter().map(|code| (*code, self.w.t2(Day::WORDS, code))).collect()
    }
}

fn calendar(ctx: &Ctx) -> Result<Reply> {
    let (w, today) = (ctx.w, kernel::today());
    let first = month_of(ctx.query.text("month")).unwrap_or_else(|| today.first_of_month());
    let everybody = ctx.query.text("whose") == Some("all");
    let coach = ctx.viewer.account.filter(|_| !everybody);
    let from = ctx.query.text("from").map(|typed| kernel::territory::resolve(typed, None));
    let start = match &from {
        Some(Ok(code)) => souk::point(&Place { division: code.clone(), lat: None, lon: None }),
        _ => None,
    };
    let page = ctx.read(|db| {
        let visits = visit::between(db, &ctx.viewer, first, first.last_of_month(), coach)?;
        let followed = match coach {
            Some(account) => visit::followed_by(db, &ctx.viewer, account)?,
            None => {
                let mut all = Vec::new();
                for line in programme::list(db, &ctx.viewer)?.iter().filter(|line| line.enrolled > 0) {
                    all.extend(visit::followed_in(db, &ctx.viewer, line.id)?);
                }
                all.sort_by_key(|followed| followed.organisation);
                all.dedup_by_key(|followed| followed.organisation);
                all
            }
        };
        let souks = souk::all(db)?;
        let mut communes: BTreeMap<String, i64> = BTreeMap::new();
        for followed in &followed {
            *communes.entry(followed.place.division.clone()).or_default() += 1;
        }
        let communes: Vec<_> = communes.into_iter().collect();
        let (_, picture) = registry::value_map(ctx, &communes, "/organisations?kind=cooperative")?;
        let mut waiting: Vec<Waiting> = followed
            .into_iter()
            .map(|followed| Waiting {
                days: followed.days_alone(today),
                never: followed.last.is_none(),
                waits: followed.is_waiting(today),
                next: followed.next.filter(|next| *next >= today).map(|next| w.date(&next)),
                souk: souks.get(&followed.place.division).copied(),
                kilometres: start.zip(souk::point(&followed.place)).map(|(a, b)| souk::kilometres(a, b)),
                place: w.place(&followed.place.division),
                organisation: followed.organisation,
                name: followed.name,
            })
            .collect();
        waiting.sort_by_key(|line| (!line.waits, -line.days, line.organisation));
        let mut souks: Vec<(String, Day)> =
            souks.into_iter().map(|(code, day)| (w.place(&code), day)).collect();
        souks.sort();
        Ok(CalendarPage {
            w,
            month: w.month(&first),
            before: month_query(ctx, first.saturating_sub(1.month())),
            after: month_query(ctx, first.saturating_add(1.month())),
            everybody,
            planned: visits.iter().filter(|line| line.status == VisitStatus::Planned).count(),
            done: visits.iter().filter(|line| line.status == VisitStatus::Done).count(),
            weeks: weeks(w, first, today, visits),
            waiting: waiting.iter().filter(|line| line.waits).count(),
            followed: waiting,
            souks,
            from: ctx.query.text("from").unwrap_or_default().to_owned(),
            from_refused: from.and_then(std::result::Result::err).map(|wrong| w.wrong(&wrong)),
            picture,
            query: ctx.query.query_with(&[("whose", if everybody { "" } else { "all" }), ("done", "")]),
        })
    })?;
    ctx.page(&w.t("nav.visits"), &page)
}

/// The first day of a month typed as `2026-11`.
fn month_of(text: Option<&str>) -> Option<Date> {
    let (year, month) = text?.split_once('-')?;
    let year = year.parse::<i16>().ok().filter(|year| (1900..=2200).contains(year))?;
    Date::new(year, month.parse().ok()?, 1).ok()
}

fn month_query(ctx: &Ctx, first: Date) -> String {
    ctx.query.query_with(&[("month", &first.strftime("%Y-%m").to_string()), ("done", "")])
}

/// The month in weeks that begin on Monday.
fn weeks(w: Words, first: Date, today: Date, visits: Vec<Line>) -> Vec<Vec<DayCell>> {
    let lead = i64::from(first.weekday().to_monday_zero_offset());
    let mut day = first.saturating_sub(lead.days());
    let mut visits = visits.into_iter().peekable();
    let mut weeks = Vec::new();
    while day <= first.last_of_month() {
        let mut week = Vec::new();
        for _ in 0..7 {
            let mut found = Vec::new();
            while let Some(visit) = visits.next_if(|visit| visit.held == day) {
                found.push(visit);
            }
            week.push(DayCell {
                number: day.day(),
                name: w.date(&day),
                today: day == today,
                inside: day.month() == first.month(),
                visits: found,
            });
            day = day.tomorrow().unwrap_or(day);
        }
        weeks.push(week);
    }
    weeks
}

fn set_souk(ctx: &Ctx) -> Result<Reply> {
    let place = ctx.form.text("place").ok_or_else(|| Error::field("place", "error.needed"))?;
    let place = kernel::territory::resolve(place, None).map_err(Error::Refused)?;
    let day =
        ctx.form.text("day").and_then(Day::from_code).ok_or_else(|| Error::field("day", "error.needed"))?;
    ctx.write(|tx| souk::set(tx, &place, day))?;
    ctx.done("/visits#souks", "saved")
}

/// A cooperative on its way through the months of follow-up.
#[derive(Serialize, JsonSchema)]
struct FollowUp {
    organisation: Id,
    name: Multi,
    months: i64,
    done: i64,
    hours: String,
    last: String,
    next: String,
    waits: bool,
}

/// The visits of a programme: hours by coach, follow-up of each cooperative.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "coaching_programme_visits.html")]
struct ProgrammeVisits {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: Multi,
    of_months: i64,
    hours: Vec<Hours>,
    followed: Vec<FollowUp>,
    waiting: usize,
    visits: i64,
    total: String,
    #[serde(skip)]
    from: String,
    #[serde(skip)]
    to: String,
}

impl ProgrammeVisits {
    fn long(&self, minutes: &i64) -> String {
        hours_of(self.w, *minutes)
    }
    fn part(&self, months: &i64) -> kernel::Html {
        let part = *months as f64 / self.of_months.max(1) as f64;
        kernel::Html(atlas::bar(Some(part), None, self.w.lang.dir() == "rtl"))
    }
}

/// Minutes as hours with one decimal.
fn hours_of(w: Words, minutes: i64) -> String {
    w.decimal((minutes * 10 + 30) / 60, 1)
}

fn of_programme(ctx: &Ctx) -> Result<Reply> {
    let (w, today) = (ctx.w, kernel::today());
    let day = |name: &str| ctx.query.parse::<Date>(name);
    let (from, to) = (day("from").unwrap_or(date(1900, 1, 1)), day("to").unwrap_or(date(2200, 1, 1)));
    let page = ctx.read(|db| {
        let (programme, _) = programme::open(db, ctx, ctx.id("programme")?, Standing::File)?;
        let hours = visit::hours(db, &ctx.viewer, programme.id, from, to)?;
        let followed = visit::followed_in(db, &ctx.viewer, programme.id)?;
        Ok(ProgrammeVisits {
            w,
            id: programme.id,
            of_months: programme.follow_up.unwrap_or(FOLLOW_UP),
            name: programme.name,
            visits: hours.iter().map(|line| line.visits).sum(),
            total: hours_of(w, hours.iter().map(|line| line.minutes).sum()),
            hours,
            waiting: followed.iter().filter(|line| line.is_waiting(today)).count(),
            followed: followed.into_iter().map(|line| follow_up(w, line, today)).collect(),
            from: ctx.query.text("from").unwrap_or_default().to_owned(),
            to: ctx.query.text("to").unwrap_or_default().to_owned(),
        })
    })?;
    ctx.page(&w.t("visits.programme"), &page)
}

fn follow_up(w: Words, line: Followed, today: Date) -> FollowUp {
    let months = line.since.until((Unit::Month, today)).map_or(0, |span| i64::from(span.get_months()));
    FollowUp {
        months: months.max(0),
        done: line.done,
        hours: hours_of(w, line.minutes),
        last: w.date_or_dash(&line.last),
        next: w.date_or_dash(&line.next),
        waits: line.is_waiting(today),
        organisation: line.organisation,
        name: line.name,
    }
}
