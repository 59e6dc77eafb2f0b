//! A report that makes itself again and again: on its day it is composed from a ready report, frozen, and sent as a letter
//! to each of its readers.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::form::Options;
use kernel::kinds::{Choice, Email, Long, Ref};
use kernel::piece::{self, Piece};
use kernel::room::Route;
use kernel::work::{self, Job};
use kernel::{Actor, App, Ctx, Db, Error, Fields, Id, Record, Result, Standing, Tx, choice, record, sql};
use programmes::Programme;

use super::record::{Report, ReportLanguage, ReportState, ReportTemplate};
use super::{keep, letter, pages, ready};
use crate::scope::Period;

choice! {
    /// How often.
    pub Rhythm in "report_schedule.every" { Month = "month", Quarter = "quarter", Year = "year" }
}

record! {
    /// A report that makes and sends itself.
    pub ReportSchedule in "report_schedule" as "impact.report_schedule", about programme {
        main(Steward, Steward) {
            programme: Ref<Programme>, template: ReportTemplate, title: String, language: ReportLanguage,
            /// Code of a province, if it tells of that alone.
            territory: Option<String>,
            every: Rhythm,
            /// The day on which it goes out next; it tells of the whole month, quarter or year before.
            next: Date,
            /// Mail addresses, apart by spaces, commas or lines.
            recipients: Long,
        }
    }
}

/// Readers of one report: more is a mailing list, which has tools of its own.
const READERS: usize = 50;

pub(crate) fn routes() -> Vec<Route> {
    piece::routes::<ReportSchedule>("/programmes/{programme}")
}

impl Rhythm {
    fn months(self) -> i32 {
        match self {
            Rhythm::Month => 1,
            Rhythm::Quarter => 3,
            Rhythm::Year => 12,
        }
    }

    /// The whole month, quarter or year of the calendar that ended before this day.
    fn before(self, day: Date) -> Period {
        let months = self.months();
        let begun = i32::from(day.month() - 1) % months;
        let first = day.first_of_month().saturating_sub(begun.months());
        Period { since: first.saturating_sub(months.months()), until: first.saturating_sub(1.day()) }
    }

    /// The next time after this day.
    fn after(self, day: Date) -> Date {
        day.saturating_add(self.months().months())
    }
}

impl ReportSchedule {
    /// Its readers, each once.
    pub(crate) fn readers(&self) -> Result<Vec<String>, kernel::Wrong> {
        let mut all = Vec::new();
        let apart = |c: char| c.is_whitespace() || c == ',' || c == ';' || c == '،';
        for typed in self.recipients.0.split(apart).filter(|typed| !typed.is_empty()) {
            let address = Email::read(typed)?.0;
            if !all.contains(&address) {
                all.push(address);
            }
        }
        Ok(all)
    }
}

impl Piece for ReportSchedule {
    const PLURAL: &'static str = "report-schedules";
    const OWNER: &'static str = "programme";
    const LEAST: Standing = Standing::Steward;
    fn owner(&self) -> Id {
        self.programme.id
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        programmes::programme::name_of(ctx, db, owner)
    }
    fn home(owner: Id) -> String {
        format!("/programmes/{owner}/reports#schedules")
    }
    fn offers(ctx: &Ctx, _db: &mut Db, _owner: Id) -> Result<Vec<(&'static str, Options)>> {
        let mut templates = Options::new();
        for code in ReportTemplate::CODES {
            let Some(template) = ReportTemplate::from_code(code) else { continue };
            if let Some(ready) = ready::find(template)? {
                templates.push((template.code().to_owned(), ready.title.best(ctx.w.lang).to_owned()));
            }
        }
        Ok(vec![("template", templates), ("territory", pages::provinces(ctx.w))])
    }
    fn prepare(_ctx: &Ctx, _tx: &mut Tx<'_>, _owner: Id, form: &mut Fields) -> Result<()> {
        // Who says nothing else gets it on the first day of the month.
        if form.text("next").is_none() {
            form.set("next", kernel::today().first_of_month().saturating_add(1.month()).to_string());
        }
        Ok(())
    }
    const EITHER: &'static [&'static str] = &["next"];
    fn check(&self, _ctx: &Ctx, _tx: &mut Tx<'_>) -> Result<()> {
        let wrong = |_| Error::field("recipients", "report_schedule.recipients.wrong");
        let readers = self.readers().map_err(wrong)?;
        if readers.is_empty() || readers.len() > READERS {
            return Err(Error::field("recipients", "report_schedule.recipients.count"));
        }
        if ready::find(self.template)?.is_none() {
            return Err(Error::field("template", "error.reference"));
        }
        if self.next < kernel::today() {
            return Err(Error::field("next", "report_schedule.next.past"));
        }
        pages::check(&self.report()?)
    }
}

impl ReportSchedule {
    /// The report that goes out on its next day.
    fn report(&self) -> Result<Report> {
        let period = self.every.before(self.next);
        Ok(Report {
            id: Id::named(&format!("report of {} on {}", self.id, self.next)),
            version: 1,
            programme: self.programme,
            template: self.template,
            title: self.title.clone(),
            language: self.language,
            since: period.since,
            until: period.until,
            territory: self.territory.clone(),
            state: ReportState::Draft,
            frozen_on: None,
            frozen_by: None,
            previous: None,
        })
    }
}

/// The schedules of a programme, the next one first.
pub(crate) fn of(db: &mut Db, programme: Id) -> Result<Vec<ReportSchedule>> {
    let query = sql(&format!(
        "select {} from report_schedule where programme = ? order by next, id",
        ReportSchedule::columns("")
    ));
    db.rows(&query.bind(programme).open("the caller stewards the programme"), ReportSchedule::from_row)
}

/// Name of the work.
pub(crate) const JOB: &str = "impact.scheduled_report";

/// Queues what is due today.
pub(crate) fn daily(tx: &mut Tx<'_>) -> Result<()> {
    let query = sql("select id from report_schedule where next <= ?").bind(kernel::today());
    let due: Vec<Id> = tx.rows(&query.open("the day begins"), |row| row.take())?;
    for schedule in due {
        work::queue(tx, Id::new(), JOB, &serde_json::json!({ "schedule": schedule }), None)?;
    }
    letter::forget(tx)
}

/// Makes the report that is due, freezes it and writes its letters, in one transaction. Done twice, it is made once.
pub(crate) fn run(app: &App, job: &Job) -> Result<()> {
    let schedule: Id =
        job.input["schedule"].as_str().and_then(|text| text.parse().ok()).ok_or(Error::NotFound)?;
    app.write(Actor::machine("queue"), |tx| {
        // Whoever holds the row makes the report; the other then finds that it is not due.
        let hold = sql("update report_schedule set version = version where id = ?").bind(schedule);
        tx.run(&hold.open("the work of reports"))?;
        match kernel::record::find::<ReportSchedule>(tx, schedule)? {
            Some(there) if there.next <= kernel::today() => make(app, tx, there),
            _ => Ok(()),
        }
    })?;
    app.bell.ring();
    work::finish(app, job.id, "done", &serde_json::Value::Null)
}

fn make(app: &App, tx: &mut Tx<'_>, schedule: ReportSchedule) -> Result<()> {
    let report = schedule.report()?;
    ready::prepare(tx, &report)?;
    keep::freeze(tx, app.words.speak(report.lang()), report.id, 1, None)?;
    for address in schedule.readers().map_err(|_| Error::internal("a schedule without addresses"))? {
        letter::write(tx, &report, &address)?;
    }
    // After a long stop the missed ones are not made up: the next one tells of what is past.
    let mut next = schedule.every.after(schedule.next);
    while next <= kernel::today() {
        next = schedule.every.after(next);
    }
    kernel::record::update(tx, &ReportSchedule { next, ..schedule })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::Rhythm;
    use crate::scope::Period;

    #[test]
    fn it_tells_of_the_whole_month_quarter_or_year_before() {
        let day = date(2026, 5, 17);
        let of = |rhythm: Rhythm| rhythm.before(day);
        assert_eq!(of(Rhythm::Month), Period { since: date(2026, 4, 1), until: date(2026, 4, 30) });
        assert_eq!(of(Rhythm::Quarter), Period { since: date(2026, 1, 1), until: date(2026, 3, 31) });
        assert_eq!(of(Rhythm::Year), Period { since: date(2025, 1, 1), until: date(2025, 12, 31) });
        assert_eq!(Rhythm::Month.after(date(2026, 1, 31)), date(2026, 2, 28));
    }
}
