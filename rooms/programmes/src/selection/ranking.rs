//! The ranking of a call, the same each time it is made, and what the committee decided.

use std::cmp::Reverse;

use jiff::civil::Date;
use kernel::kinds::{Long, Ref};
use kernel::{Db, Error, Id, Record, Result, Tx, Words, choice, record, sql};

use super::application::{self, Application};
use super::call::{Call, CallStatus};
use super::eligibility::{self, Checked};
use super::mark::{self, Tally};
use crate::Programme;
use crate::enrolment::{Enrolment, Promotion, Stage};

choice! {
    /// What the committee decided.
    pub Outcome in "call_decision.outcome" { Selected = "selected", Reserve = "reserve", Declined = "declined" }
}

record! {
    /// The committee's decision on an application.
    pub Decision in "call_decision" as "programmes.call_decision", about programme {
        main(File, Steward) {
            programme: Ref<Programme>, call: Ref<Call>, application: Ref<Application>, outcome: Outcome, position: i64,
            score: Option<i64>, reason: Option<Long>, decided: Date,
        }
    }
}

/// An application in its place.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// The application.
    pub application: Application,
    /// Its place, from 1.
    pub position: usize,
    /// What the rules say.
    pub checks: Vec<Checked>,
    /// What the marks say.
    pub tally: Tally,
    /// Assessors who declared an interest.
    pub interests: usize,
    /// What follows from the ranking: selected while there are places, then the reserve.
    pub proposed: Outcome,
    /// What was decided.
    pub decision: Option<Decision>,
}

impl Ranked {
    /// True if no rule fails.
    pub fn is_eligible(&self) -> bool {
        self.checks.iter().all(|check| check.met != Some(false))
    }
}

/// The order: eligible ones first; then the higher score; then the larger share of women; then who sent first; then the
/// lower number. Two applications never share a place.
fn order(a: &Ranked, b: &Ranked) -> std::cmp::Ordering {
    let women = |ranked: &Ranked| {
        let (women, all) = (ranked.application.women.unwrap_or(0), ranked.application.members.unwrap_or(0));
        (i128::from(women), i128::from(all.max(1)))
    };
    let ((women_a, all_a), (women_b, all_b)) = (women(a), women(b));
    let key = |ranked: &Ranked| (Reverse(ranked.is_eligible()), Reverse(ranked.tally.score));
    key(a)
        .cmp(&key(b))
        .then((women_b * all_a).cmp(&(women_a * all_b)))
        .then(a.application.submitted.cmp(&b.application.submitted))
        .then(a.application.number.cmp(&b.application.number))
        .then(a.application.id.cmp(&b.application.id))
}

/// The applications of a call in their order. The caller has checked the viewer's standing.
pub fn ranking(db: &mut Db, w: Words, call: &Call) -> Result<Vec<Ranked>> {
    let (rules, criteria) = (eligibility::rules(db, call.id)?, super::call::criteria(db, call.id)?);
    let decisions = decisions(db, call.id)?;
    let mut ranked = Vec::new();
    for application in application::sent(db, call.id)? {
        let sheets: Vec<_> = mark::sheets(db, application.id)?.iter().map(mark::Sheet::given).collect();
        ranked.push(Ranked {
            position: 0,
            checks: eligibility::check(w, &rules, &application.figures()),
            tally: mark::tally(&criteria, &sheets),
            interests: mark::interests(db, application.id)?.len(),
            proposed: Outcome::Declined,
            decision: decisions.iter().find(|d| d.application.id == application.id).cloned(),
            application,
        });
    }
    ranked.sort_by(order);
    for (i, line) in ranked.iter_mut().enumerate() {
        line.position = i + 1;
        line.proposed = match () {
            () if !line.is_eligible() || line.tally.score.is_none() => Outcome::Declined,
            () if (i as i64) < call.places => Outcome::Selected,
            () => Outcome::Reserve,
        };
    }
    Ok(ranked)
}

/// The decisions on the applications of a call.
pub fn decisions(db: &mut Db, call: Id) -> Result<Vec<Decision>> {
    let query = sql(&format!(
        "select {} from call_decision where call = ? order by position, id",
        Decision::columns("")
    ))
    .bind(call)
    .open("the caller checked the standing at the call");
    db.rows(&query, Decision::from_row)
}

/// The decision on an application.
pub fn decision(db: &mut Db, application: Id) -> Result<Option<Decision>> {
    let query = sql(&format!("select {} from call_decision where application = ?", Decision::columns("")))
        .bind(application)
        .open("the caller checked the right to the application");
    db.row(&query, Decision::from_row)
}

/// What a committee says of one application.
pub struct Said {
    /// The application.
    pub application: Id,
    /// What it decides.
    pub outcome: Outcome,
    /// Why; needed where it is not what the ranking proposes.
    pub reason: Option<Long>,
}

/// Writes the decisions of a call, all or none. A decision that departs from the ranking says why.
pub(crate) fn decide(tx: &mut Tx<'_>, w: Words, call: &Call, said: &[Said]) -> Result<()> {
    let ranked = ranking(tx, w, call)?;
    for line in &ranked {
        let said = said.iter().find(|said| said.application == line.application.id);
        let said = said.ok_or_else(|| Error::refused("call_decision.every"))?;
        if said.outcome != line.proposed && said.reason.is_none() {
            return Err(Error::field(format!("reason.{}", said.application), "call_decision.why"));
        }
        let id = Id::named(&format!("decision on {}", said.application));
        let there = kernel::record::find::<Decision>(tx, id)?;
        let decision = Decision {
            id,
            version: there.as_ref().map_or(1, |decision| decision.version),
            programme: call.programme,
            call: call.id.into(),
            application: said.application.into(),
            outcome: said.outcome,
            position: line.position as i64,
            score: line.tally.score,
            reason: said.reason.clone(),
            decided: there.as_ref().map_or_else(kernel::today, |decision| decision.decided),
        };
        if there.is_some() {
            kernel::record::update(tx, &decision)?;
        } else {
            kernel::record::insert(tx, &decision)?;
        }
    }
    if call.status == CallStatus::Open {
        kernel::record::update(tx, &Call { status: CallStatus::Decided, ..call.clone() })?;
    }
    Ok(())
}

/// Enrols the selected cooperatives in a promotion. One that is not registered yet is registered with what it applied
/// with; one that is in the programme already stays as it is.
pub(crate) fn enrol(tx: &mut Tx<'_>, ctx: &kernel::Ctx, call: &Call, promotion: &Promotion) -> Result<usize> {
    let mut enrolled = 0;
    for decision in decisions(tx, call.id)?.iter().filter(|decision| decision.outcome == Outcome::Selected) {
        let application = kernel::record::get::<Application>(tx, decision.application.id)?;
        let organisation = match application.organisation {
            Some(organisation) => organisation.id,
            None => register(tx, ctx, &application)?,
        };
        let known = sql("select count(*) from enrolment where programme = ? and organisation = ?")
            .bind(call.programme.id)
            .bind(organisation)
            .open("standing checked");
        if tx.one::<i64>(&known)? > 0 {
            continue;
        }
        let enrolment = Enrolment {
            id: Id::new(),
            version: 1,
            programme: call.programme,
            promotion: promotion.id.into(),
            organisation: organisation.into(),
            status: Stage::Selected,
            since: kernel::today(),
            reason: decision.reason.clone().map(|reason| reason.0.chars().take(300).collect()),
        };
        kernel::record::insert(tx, &enrolment)?;
        enrolled += 1;
    }
    Ok(enrolled)
}

/// Registers the cooperative of an application, and remembers which it is.
fn register(tx: &mut Tx<'_>, ctx: &kernel::Ctx, application: &Application) -> Result<Id> {
    let id = Id::named(&format!("organisation of {}", application.id));
    let mut form = kernel::record::typed(application);
    form.0.retain(|(name, _)| {
        let field = name.split('.').next().unwrap_or(name);
        ["name", "place", "register_number", "founded", "phone", "members", "women", "young"].contains(&field)
    });
    form.set("kind", "cooperative");
    registry::organisation::create(tx, id, &form, &ctx.viewer)?;
    kernel::record::update(tx, &Application { organisation: Some(id.into()), ..application.clone() })?;
    Ok(id)
}
