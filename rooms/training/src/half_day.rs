//! A half-day of a session: the unit in which people are there or not.

use askama::Template;
use jiff::civil::Date;
use kernel::access::Standing;
use kernel::kinds::{Choice, Kind, Raw, Ref};
use kernel::piece::Piece;
use kernel::{
    Ctx, Db, Error, FieldError, Fields, Html, Id, Record, Reply, Result, Tx, Words, choice, record, sql,
};
use programmes::Programme;

use crate::hand::{self, Hand};
use crate::session::Session;

choice! {
    /// Morning or afternoon.
    pub DayPart in "half_day.part" { Morning = "morning", Afternoon = "afternoon" }
}

record! {
    /// A half-day of a session.
    pub HalfDay in "half_day" as "training.half_day", about programme {
        main(Shared, Steward) { programme: Ref<Programme>, session: Ref<Session>, day: Date, part: DayPart, minutes: i64 }
    }
}

/// Minutes of a half-day that says nothing else.
const MINUTES: i64 = 180;

impl Piece for HalfDay {
    const PLURAL: &'static str = "half-days";
    const OWNER: &'static str = "session";
    const GIVEN: &'static [&'static str] = &["programme"];
    const LEAST: Standing = Standing::Steward;
    fn owner(&self) -> Id {
        self.session.id
    }
    fn rights(db: &mut Db, owner: Id) -> Result<Id> {
        Ok(kernel::record::get::<Session>(db, owner)?.programme.id)
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        let session = kernel::record::get::<Session>(db, owner)?;
        Ok(session.name(db)?.best(ctx.w.lang).to_owned())
    }
    fn home(owner: Id) -> String {
        format!("/training/sessions/{owner}#days")
    }
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("programme", Self::rights(tx, owner)?.to_string());
        Ok(())
    }
}

/// The half-days of a session in their order.
pub(crate) fn of(db: &mut Db, session: Id) -> Result<Vec<HalfDay>> {
    // Morning comes before afternoon; their codes sort the other way round.
    let query = sql(&format!(
        "select {} from half_day where session = ? order by day, part desc",
        HalfDay::columns("")
    ));
    db.rows(&query.bind(session).open("the hand on the session was checked"), HalfDay::from_row)
}

/// The half-day that runs now: of today's, the morning before one o'clock, the afternoon after it.
pub(crate) fn running(days: &[HalfDay], now: jiff::civil::DateTime) -> Option<&HalfDay> {
    let today: Vec<_> = days.iter().filter(|half| half.day == now.date()).collect();
    let part = if now.hour() < 13 { DayPart::Morning } else { DayPart::Afternoon };
    today.iter().find(|half| half.part == part).or(today.first()).copied()
}

/// Removes a half-day, unless somebody was counted on it: what happened stays.
pub(crate) fn remove(ctx: &Ctx) -> Result<Reply> {
    let session = ctx.write(|tx| {
        let half = kernel::record::get::<HalfDay>(tx, ctx.id("half_day")?)?;
        hand::on(ctx, tx, half.programme.id, Hand::Plans)?;
        let query = sql("select (select count(*) from attendance where half_day = ?)
                         + (select count(*) from attendance_sheet where half_day = ?)");
        let query = query.bind(half.id).bind(half.id).open("the hand on the session was checked");
        if tx.one::<i64>(&query)? > 0 {
            return Err(Error::refused("half_day.has_roll_call"));
        }
        kernel::record::remove(tx, &half)?;
        Ok(half.session.id)
    })?;
    ctx.done(&HalfDay::home(session), "removed")
}

/// First and last day of these half-days.
pub(crate) fn span(days: &[HalfDay]) -> Option<(Date, Date)> {
    Some((days.iter().map(|half| half.day).min()?, days.iter().map(|half| half.day).max()?))
}

/// The day and part of a half-day, in words.
pub(crate) fn when(w: Words, half: &HalfDay) -> String {
    w.args("half_day.when", &[("day", w.date(&half.day)), ("part", w.choice(&half.part))])
}

/// When these half-days are, in words.
pub(crate) fn dates(w: Words, since: Option<Date>, until: Option<Date>) -> String {
    match (since, until) {
        // Every language here says the day first: within a month, only the day differs.
        (Some(since), Some(until)) if since != until && since.first_of_month() == until.first_of_month() => {
            format!("{}\u{a0}–\u{a0}{}", since.day(), w.date(&until))
        }
        (Some(since), Some(until)) if since != until => format!("{} – {}", w.date(&since), w.date(&until)),
        (Some(since), _) => w.date(&since),
        _ => w.t("training_session.no_dates").into_owned(),
    }
}

/// The part of the form of a new session that says its first days.
#[derive(Template)]
#[template(path = "training_first_days.html")]
struct FirstDays {
    w: Words,
    first_day: String,
    days: String,
    minutes: String,
    parts: Vec<(&'static str, bool)>,
    error: Option<String>,
}

pub(crate) fn first_days(ctx: &Ctx, typed: &Fields, errors: &[FieldError]) -> Option<Html> {
    let text = |name: &str, default: &str| typed.text(name).unwrap_or(default).to_owned();
    let chosen: Vec<&str> = typed.all("parts").collect();
    let page = FirstDays {
        w: ctx.w,
        first_day: text("first_day", ""),
        days: text("days", "1"),
        minutes: text("half_day_minutes", &MINUTES.to_string()),
        parts: DayPart::CODES
            .iter()
            .map(|code| (*code, chosen.is_empty() || chosen.contains(code)))
            .collect(),
        error: errors.iter().find(|error| error.field == "first_day").map(|error| ctx.w.wrong(&error.wrong)),
    };
    page.render().ok().map(Html)
}

/// Plans the first half-days of a new session from what its form says.
pub(crate) fn plan(session: &Session, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
    let form = &ctx.form;
    let wrong = |wrong| Error::Invalid(vec![FieldError { field: "first_day".into(), wrong }]);
    let Some(first) = Date::parse(&Raw { fields: form, name: "first_day" }).map_err(wrong)? else {
        return Ok(());
    };
    let days = i64::parse(&Raw { fields: form, name: "days" }).map_err(wrong)?.unwrap_or(1);
    let minutes = i64::parse(&Raw { fields: form, name: "half_day_minutes" }).map_err(wrong)?;
    if !(1..=30).contains(&days) {
        return Err(Error::field("first_day", "half_day.days.range"));
    }
    let parts: Vec<DayPart> = form.all("parts").filter_map(DayPart::from_code).collect();
    let parts = if parts.is_empty() { vec![DayPart::Morning] } else { parts };
    for n in 0..days {
        for part in &parts {
            let half = HalfDay {
                // A repeat of the form plans the same half-days.
                id: Id::named(&format!("half-day {n} {} of {}", part.code(), session.id)),
                version: 1,
                programme: session.programme,
                session: session.id.into(),
                day: first.checked_add(jiff::ToSpan::days(n)).map_err(Error::internal)?,
                part: *part,
                minutes: minutes.unwrap_or(MINUTES),
            };
            kernel::record::insert(tx, &half)?;
        }
    }
    Ok(())
}
