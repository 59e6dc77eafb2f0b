//! The committee: the ranking, its decisions with their reasons, and the enrolment of who was selected.

use askama::Template;
use kernel::form::Options;
use kernel::kinds::{Choice, Kind, Long, Multi, Raw};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{self, Call, CallStatus};
use super::ranking::{self, Outcome, Said};
use crate::enrolment::{self, Promotion};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/calls/{call}/ranking", show).answers::<RankingPage>(),
        post("/calls/{call}/decisions", decide),
        post("/calls/{call}/enrolments", enrol),
    ]
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Line {
    id: Id,
    pub(super) number: String,
    pub(super) position: usize,
    pub(super) name: Multi,
    pub(super) place: String,
    eligible: bool,
    pub(super) fails: Vec<String>,
    pub(super) score: Option<i64>,
    spread: Option<i64>,
    assessors: usize,
    interests: usize,
    proposed: Outcome,
    pub(super) outcome: Outcome,
    pub(super) reason: String,
    error: Option<String>,
}

/// The ranking of a call.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_ranking.html")]
struct RankingPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    call: Id,
    title: Multi,
    places: i64,
    lines: Vec<Line>,
    decided: bool,
    unmarked: usize,
    closed: bool,
    #[serde(skip)]
    promotions: Options,
    selected: usize,
    #[serde(skip)]
    refused: bool,
}

/// Assessors further apart than this many permille should talk.
const FAR: i64 = 200;

impl RankingPage {
    fn outcomes(&self) -> Vec<(&'static str, String)> {
        Outcome::CODES.iter().map(|code| (*code, self.w.t2(Outcome::WORDS, code))).collect()
    }
    fn is(&self, outcome: &Outcome, code: &str) -> bool {
        outcome.code() == code
    }
    fn far(&self, line: &Line) -> bool {
        line.spread.is_some_and(|spread| spread >= FAR)
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    ranking_page(ctx, 200, &[])
}

pub(super) fn lines(ctx: &Ctx, db: &mut Db, call: &Call, errors: &[FieldError]) -> Result<Vec<Line>> {
    let w = ctx.w;
    let ranked = ranking::ranking(db, w, call)?;
    let line = |ranked: ranking::Ranked| {
        let id = ranked.application.id;
        let typed = |name: &str| ctx.form.text(&format!("{name}.{id}"));
        let decided = ranked.decision.as_ref();
        Line {
            id,
            number: format!("{:03}", ranked.application.number.unwrap_or(0)),
            position: ranked.position,
            place: w.place(&ranked.application.place.division),
            eligible: ranked.is_eligible(),
            fails: ranked
                .checks
                .iter()
                .filter(|check| check.met == Some(false))
                .map(|check| format!("{} – {}", check.name.best(w.lang), check.why))
                .collect(),
            score: ranked.tally.score,
            spread: ranked.tally.spread,
            assessors: ranked.tally.totals.len(),
            interests: ranked.interests,
            proposed: ranked.proposed,
            outcome: typed("outcome")
                .and_then(Outcome::from_code)
                .or(decided.map(|decision| decision.outcome))
                .unwrap_or(ranked.proposed),
            reason: typed("reason").map(str::to_owned).unwrap_or_else(|| {
                decided.and_then(|d| d.reason.clone()).map(|reason| reason.0).unwrap_or_default()
            }),
            error: errors
                .iter()
                .find(|error| error.field == format!("reason.{id}"))
                .map(|error| w.wrong(&error.wrong)),
            name: ranked.application.name,
        }
    };
    Ok(ranked.into_iter().map(line).collect())
}

fn ranking_page(ctx: &Ctx, status: u16, errors: &[FieldError]) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (call, _) = call::open(ctx, db, Standing::Steward)?;
        let lines = lines(ctx, db, &call, errors)?;
        let promotions = enrolment::promotions(db, call.programme.id)?;
        Ok(RankingPage {
            w,
            call: call.id,
            title: call.title,
            places: call.places,
            decided: call.status == CallStatus::Decided,
            closed: call.closes < kernel::today(),
            unmarked: lines.iter().filter(|line| line.score.is_none()).count(),
            selected: lines.iter().filter(|line| line.outcome == Outcome::Selected).count(),
            lines,
            promotions: promotions
                .into_iter()
                .map(|p| (p.id.to_string(), p.name.best(w.lang).to_owned()))
                .collect(),
            refused: !errors.is_empty(),
        })
    })?;
    ctx.page_with_status(status, &w.t("ranking.title"), &page)
}

fn decide(ctx: &Ctx) -> Result<Reply> {
    let decided = ctx.write(|tx| {
        let (call, _) = call::open(ctx, tx, Standing::Steward)?;
        if call.status == CallStatus::Draft || call.closes >= kernel::today() {
            return Err(Error::refused("call.still_open"));
        }
        let (mut said, mut errors) = (Vec::new(), Vec::new());
        for (name, code) in &ctx.form.0 {
            let Some(application) = name.strip_prefix("outcome.").and_then(|id| id.parse::<Id>().ok()) else {
                continue;
            };
            let outcome = Outcome::from_code(code).ok_or_else(|| Error::refused("error.reference"))?;
            let field = format!("reason.{application}");
            match Long::parse(&Raw { fields: &ctx.form, name: &field }) {
                Ok(reason) => said.push(Said { application, outcome, reason }),
                Err(wrong) => errors.push(FieldError { field, wrong }),
            }
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        ranking::decide(tx, ctx.w, &call, &said)?;
        Ok(call.id)
    });
    match decided {
        Ok(id) => ctx.done(&format!("/calls/{id}/ranking"), "call_decided"),
        Err(Error::Invalid(errors)) if !ctx.json => ranking_page(ctx, 422, &errors),
        Err(error) => Err(error),
    }
}

fn enrol(ctx: &Ctx) -> Result<Reply> {
    let programme = ctx.write(|tx| {
        let (call, _) = call::open(ctx, tx, Standing::Steward)?;
        if call.status != CallStatus::Decided {
            return Err(Error::refused("call.not_decided"));
        }
        let promotion =
            ctx.form.parse::<Id>("promotion").ok_or_else(|| Error::refused("enrol.promotion_needed"))?;
        let promotion = kernel::record::find::<Promotion>(tx, promotion)?
            .filter(|promotion| promotion.programme.id == call.programme.id)
            .ok_or_else(|| Error::refused("error.reference"))?;
        ranking::enrol(tx, ctx, &call, &promotion)?;
        Ok(call.programme.id)
    })?;
    ctx.done(&format!("/programmes/{programme}/board"), "enrolled")
}
