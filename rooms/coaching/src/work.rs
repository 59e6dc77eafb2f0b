//! Work and income: who worked how many days for a cooperative, as what, and what they received. Noted at a visit until the
//! books of the cooperative say it themselves. Counting follows the guidance of the Joint Impact Indicators on jobs: heads and
//! full-time equivalents are two figures, and what a supplying member receives is an income, not a job.

use askama::Template;
use jiff::civil::Date;
use kernel::form::Options;
use kernel::kinds::{File, Money, Ref};
use kernel::piece::Piece;
use kernel::{Ctx, Db, Error, Fields, Id, Record, Result, Shown, Tx, Words, choice, record, sql};
use people::{Person, Sex};
use registry::Organisation;
use serde::Serialize;

use crate::assessment::Evidence;
use crate::panel::shown;
use crate::visit::{self, Visit, VisitStatus};

choice! {
    /// As what somebody works for a cooperative (after the ILO's guidelines on statistics of cooperatives, 2018).
    pub WorkStanding in "work_record.standing" {
        Employee = "employee", WorkerMember = "worker_member", FamilyWorker = "family_worker", SupplierMember = "supplier_member",
    }
}

choice! {
    /// How steady the work is.
    pub Rhythm in "work_record.rhythm" { Permanent = "permanent", Seasonal = "seasonal", ByDay = "by_day", ByPiece = "by_piece" }
}

choice! {
    /// Whether something holds; nobody asked yet where nothing is said.
    pub Told in "told" { Yes = "yes", No = "no" }
}

record! {
    /// Work of one person, or of several who are alike, for a cooperative between two days.
    pub Work in "work_record" as "coaching.work_record", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, visit: Option<Ref<Visit>>, since: Date, until: Date, person: Option<Ref<Person>>,
            people: i64, sex: Option<Sex>, standing: WorkStanding, rhythm: Option<Rhythm>, days: i64, full_time: i64,
        }
        income(File, File) { pay: Option<Money>, before: Option<Told>, evidence: Evidence, proof: Option<File> }
        decent(File, File) {
            minimum: Option<Told>, protected: Option<Told>, lawful: Option<Told>, safe: Option<Told>, written: Option<Told>,
            voice: Option<Told>,
        }
    }
}

/// Days of a full-time year where nothing else is said: 2,288 hours by days of eight hours (Morocco, Code du travail,
/// article 184, outside agriculture; see `packs/ma/SOURCES.md`).
pub const FULL_TIME: i64 = 286;

impl Work {
    /// Days in the span, both ends counted.
    fn span(&self) -> i64 {
        self.since.until((jiff::Unit::Day, self.until)).map_or(0, |span| i64::from(span.get_days()) + 1)
    }

    fn check_numbers(&self) -> Result<()> {
        if self.until < self.since {
            return Err(Error::field("until", "error.dates_order"));
        }
        if self.until > kernel::today() {
            return Err(Error::field("until", "work_record.not_yet"));
        }
        if self.span() > 366 {
            return Err(Error::field("until", "work_record.long"));
        }
        if self.person.is_some() && self.people != 1 {
            return Err(Error::field("people", "work_record.one"));
        }
        if self.days < 0 || self.days > self.people.saturating_mul(self.span()) {
            return Err(Error::field("days", "work_record.too_many"));
        }
        if self.pay.as_ref().is_some_and(|pay| pay.minor < 0) {
            return Err(Error::field("pay", "work_record.negative"));
        }
        if self.evidence == Evidence::Attached && self.proof.is_none() {
            return Err(Error::field("proof", "work_record.unproven"));
        }
        Ok(())
    }
}

impl Piece for Work {
    const PLURAL: &'static str = "work-records";
    const OWNER: &'static str = "organisation";
    const GROUPS: &'static [&'static str] = &["main", "income", "decent"];
    fn owner(&self) -> Id {
        self.organisation.id
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        registry::organisation::name_of(ctx, db, owner)
    }
    fn home(owner: Id) -> String {
        format!("/organisations/{owner}#work")
    }
    const EITHER: &'static [&'static str] = &["people", "full_time"];
    fn offers(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Vec<(&'static str, Options)>> {
        let made = visit::of(db, organisation)?.into_iter().filter(|visit| visit.status == VisitStatus::Done);
        let visits = made.map(|visit| (visit.id.to_string(), ctx.w.date(&visit.held)));
        Ok(vec![("visit", visits.collect()), ("person", registry::members(ctx, db, organisation)?)])
    }
    fn prepare(_: &Ctx, _: &mut Tx<'_>, _: Id, form: &mut Fields) -> Result<()> {
        complete(form);
        Ok(())
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        self.check_numbers()?;
        if let Some(visit) = self.visit
            && kernel::record::get::<Visit>(tx, visit.id)?.organisation.id != self.organisation.id
        {
            return Err(Error::field("visit", "error.reference"));
        }
        if let Some(person) = self.person {
            let member = sql("select count(*) from membership where organisation = ? and person = ?")
                .bind(self.organisation.id)
                .bind(person.id)
                .open("the caller checked the standing at the organisation");
            if tx.one::<i64>(&member)? == 0 {
                return Err(Error::field("person", "error.reference"));
            }
        }
        Ok(())
    }
}

/// One person where nobody said how many; the full-time year of the country.
fn complete(form: &mut Fields) {
    let mut default = |name: &'static str, value: String| {
        if form.text(name).is_none() {
            form.set(name, value);
            form.push("_fields", name);
        }
    };
    default("people", "1".into());
    default("full_time", FULL_TIME.to_string());
}

/// The latest work records of an organisation.
fn latest(db: &mut Db, organisation: Id, most: i64) -> Result<Vec<Work>> {
    let query = sql(&format!(
        "select {} from work_record where organisation = ? order by until desc, id desc limit ?",
        Work::columns("")
    ))
    .bind(organisation)
    .bind(most)
    .open("the caller checked the standing at the organisation");
    db.rows(&query, Work::from_row)
}

#[derive(Serialize)]
struct Line {
    id: Id,
    until: String,
    since: String,
    standing: WorkStanding,
    people: String,
    days: Option<String>,
    pay: Option<String>,
    evidence: Evidence,
}

/// Work and income of a cooperative.
#[derive(Template, Serialize)]
#[template(path = "coaching_panel_work.html")]
struct WorkPanel {
    #[serde(skip)]
    w: Words,
    organisation: Id,
    lines: Vec<Line>,
    /// Records beside those that are shown.
    more: usize,
}

pub(crate) fn panel(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    const SHOWN: i64 = 8;
    let w = ctx.w;
    let count = sql("select count(*) from work_record where organisation = ?")
        .bind(organisation)
        .open("the caller checked the standing at the organisation");
    let more = (db.one::<i64>(&count)? - SHOWN).max(0) as usize;
    let lines = latest(db, organisation, SHOWN)?.into_iter().map(|work| Line {
        id: work.id,
        until: w.date(&work.until),
        since: w.date(&work.since),
        standing: work.standing,
        people: w.n("work_record.people_n", work.people as usize),
        days: (work.days > 0).then(|| w.n("work_record.days_n", work.days as usize)),
        pay: work.pay.as_ref().map(|pay| w.money(pay)),
        evidence: work.evidence,
    });
    shown(&WorkPanel { w, organisation, lines: lines.collect(), more })
}
