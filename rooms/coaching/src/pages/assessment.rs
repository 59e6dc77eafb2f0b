//! An assessment from its beginning to what it says.

use askama::Template;
use kernel::kinds::{Choice, Multi};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Fields, Form, Html, Id, Lang, Reply, Result, Words};
use registry::Organisation;
use schemars::JsonSchema;
use serde::Serialize;

use crate::assessment::{self, Assessment, Evidence};
use crate::instrument::{self, InstrumentStatus};
use crate::pages::question::LEAST;
use crate::report::{self, Report};
use crate::scoring::Stage;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/organisations/{organisation}/assessments/new", new),
        post("/organisations/{organisation}/assessments", begin).takes::<Assessment>(),
        get("/assessments/{assessment}", show).answers::<ResultPage>(),
        post("/assessments/{assessment}/conclusion", conclude),
        post("/assessments/{assessment}/reopening", reopen),
        post("/assessments/{assessment}/removal", remove),
    ]
}

/// The assessment of the address, if the viewer works on its cooperative's file.
pub(super) fn open(ctx: &Ctx, db: &mut Db) -> Result<Assessment> {
    let assessment = kernel::record::find::<Assessment>(db, ctx.id("assessment")?)?;
    let assessment =
        assessment.ok_or(if ctx.viewer.signed_in() { Error::NotFound } else { Error::SignIn })?;
    ctx.standing(db, assessment.organisation.id, LEAST)?;
    // Two who look at the same cooperative do not see each other's answers first.
    if let Some(first) = assessment.repeats
        && assessment.concluded.is_none()
        && assessment.assessor.map(|account| account.id) != ctx.viewer.account
        && ctx.viewer.account.is_some()
    {
        let first = kernel::record::get::<Assessment>(db, first.id)?;
        if first.assessor.map(|account| account.id) == ctx.viewer.account {
            return Err(Error::Forbidden);
        }
    }
    Ok(assessment)
}

/// The form that begins a diagnosis.
#[derive(Template, Serialize)]
#[template(path = "coaching_begin.html")]
struct BeginPage {
    #[serde(skip)]
    w: Words,
    #[serde(skip)]
    form: Form,
    organisation: Id,
    name: Multi,
    id: Id,
    repeats: Option<String>,
}

fn new(ctx: &Ctx) -> Result<Reply> {
    let mut typed = ctx.query.clone();
    if typed.text("held").is_none() {
        typed.set("held", kernel::today().to_string());
    }
    begin_page(ctx, 200, typed, Vec::new())
}

fn begin_page(ctx: &Ctx, status: u16, mut typed: Fields, errors: Vec<FieldError>) -> Result<Reply> {
    let page = ctx.read(|db| {
        let id = ctx.id("organisation")?;
        let standing = ctx.standing(db, id, LEAST)?;
        let organisation = kernel::record::get::<Organisation>(db, id)?;
        let mut instruments = instrument::list(db, &ctx.viewer)?;
        instruments.retain(|line| line.status == InstrumentStatus::Published && line.items > 0);
        let offered: Vec<(String, String)> = instruments
            .iter()
            .map(|line| (line.id.to_string(), format!("{} {}", line.name.best(ctx.w.lang), line.edition)))
            .collect();
        if typed.text("instrument").is_none()
            && let Some((first, _)) = offered.first()
        {
            typed.set("instrument", first.clone());
        }
        if typed.text("extent").is_none() {
            let known = assessment::of(db, id)?.iter().any(|other| other.concluded.is_some());
            typed.set("extent", if known { "full" } else { "short" });
        }
        let programmes = super::programmes_of(ctx, db, id)?;
        if typed.get("programme").is_none()
            && let Some((latest, _)) = programmes.first()
        {
            typed.set("programme", latest.clone());
        }
        let repeats = typed.text("repeats").map(str::to_owned);
        Ok(BeginPage {
            w: ctx.w,
            form: Form::of::<Assessment>(ctx.w, typed, standing)
                .refused(errors)
                .without("organisation")
                .without("assessor")
                .without("repeats")
                .offer("instrument", offered)
                .offer("programme", programmes),
            organisation: id,
            name: organisation.name,
            id: ctx.new_id(),
            repeats,
        })
    })?;
    ctx.page_with_status(status, &ctx.w.t("assessment.new"), &page)
}

fn begin(ctx: &Ctx) -> Result<Reply> {
    let organisation = ctx.id("organisation")?;
    let id = ctx.new_id();
    let begun = ctx.write(|tx| {
        let standing = ctx.standing(tx, organisation, LEAST)?;
        let mut form = ctx.form.clone();
        form.set("organisation", organisation.to_string());
        form.set("assessor", ctx.viewer.account.map(|account| account.to_string()).unwrap_or_default());
        for given in ["organisation", "assessor", "repeats"] {
            form.push("_fields", given);
        }
        form.set("concluded", "");
        if let Some(programme) = form.parse::<Id>("programme") {
            super::in_programme(tx, organisation, programme)?;
        }
        let made = kernel::record::create::<Assessment>(tx, id, &form, standing)?;
        assessment::check(tx, &made)?;
        let edition = instrument::edition(tx, made.instrument.id)?;
        Ok(edition.items.iter().find(|item| made.asks(item)).map(|item| item.id))
    });
    match begun {
        Ok(Some(item)) => ctx.done(&super::question::path(id, item), ""),
        Ok(None) => ctx.done(&format!("/assessments/{id}"), ""),
        Err(Error::Invalid(errors)) if !ctx.json => begin_page(ctx, 422, ctx.form.clone(), errors),
        Err(error) => Err(error),
    }
}

/// What an assessment says, or how far it is.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "coaching_assessment.html")]
struct ResultPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    version: i64,
    organisation: Id,
    name: Multi,
    instrument: Multi,
    instrument_id: Id,
    edition: i64,
    extent: assessment::Extent,
    held: String,
    assessor: String,
    concluded: bool,
    report: Report,
    repeats: Option<Id>,
    /// Where to go on.
    next: Option<String>,
    /// Questions without an answer.
    left: usize,
    rounds: Vec<Round>,
    note: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    radar: Html,
    repeatable: bool,
}

/// Another round of the same cooperative.
#[derive(Serialize, JsonSchema)]
struct Round {
    id: Id,
    held: String,
    what: String,
    current: bool,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let assessment = open(ctx, db)?;
        let organisation = kernel::record::get::<Organisation>(db, assessment.organisation.id)?;
        let edition = instrument::edition(db, assessment.instrument.id)?;
        let report = report::of(ctx, db, &edition, &assessment)?;
        let unanswered =
            |id: &Id| report.dimensions.iter().flat_map(|d| &d.items).any(|i| i.id == *id && !i.answered);
        let asked: Vec<Id> =
            edition.items.iter().filter(|item| assessment.asks(item)).map(|item| item.id).collect();
        let left = asked.iter().filter(|id| unanswered(id)).count();
        let next = asked.iter().find(|id| unanswered(id)).or(asked.first());
        let rounds = assessment::of(db, organisation.id)?
            .into_iter()
            .map(|other| Round {
                current: other.id == assessment.id,
                id: other.id,
                held: w.date(&other.held),
                what: round_word(w, &other),
            })
            .collect();
        let account = assessment.assessor.map(|account| account.id);
        let assessor = people::account_names(db, &account.into_iter().collect::<Vec<_>>())?;
        let days =
            assessment.held.until((jiff::Unit::Day, kernel::today())).map_or(i32::MAX, |s| s.get_days());
        Ok(ResultPage {
            w,
            id: assessment.id,
            version: assessment.version,
            organisation: organisation.id,
            name: organisation.name,
            instrument: edition.instrument.name.clone(),
            instrument_id: edition.instrument.id,
            edition: edition.instrument.edition,
            extent: assessment.extent,
            held: w.long_date(&assessment.held),
            assessor: assessor.into_values().next().unwrap_or_default(),
            concluded: assessment.concluded.is_some(),
            radar: report.radar(w),
            report,
            repeats: assessment.repeats.map(|first| first.id),
            next: next.map(|item| super::question::path(assessment.id, *item)),
            left,
            rounds,
            note: assessment.note.map(|note| note.0),
            repeatable: assessment.concluded.is_some()
                && assessment.repeats.is_none()
                && days <= assessment::REPEATED_WITHIN
                && account != ctx.viewer.account,
        })
    })?;
    ctx.page(&w.with("assessment.of", "name", page.name.best(w.lang)), &page)
}

fn round_word(w: Words, assessment: &Assessment) -> String {
    if assessment.repeats.is_some() {
        w.t("assessment.repetition").into_owned()
    } else if assessment.concluded.is_none() {
        w.t("assessment.running").into_owned()
    } else {
        w.choice(&assessment.extent)
    }
}

impl ResultPage {
    fn extent_code(&self) -> &'static str {
        self.extent.code()
    }
    fn tone(&self, stage: &Stage) -> &'static str {
        report::tone(*stage)
    }
    fn stage(&self, stage: &Stage) -> String {
        self.w.t2("stage", stage.code())
    }
    fn stage_sentence(&self, stage: &Stage) -> String {
        self.w.t2("stage.about", stage.code())
    }
    fn evidence(&self, code: &&'static str) -> String {
        self.w.t2(Evidence::WORDS, code)
    }
    fn kappa(&self, second: &report::Second) -> String {
        second.agreement.kappa.map_or_else(|| "–".into(), |permille| self.w.decimal(permille / 10, 2))
    }
    fn day(&self, day: &jiff::civil::Date) -> String {
        self.w.date(day)
    }
    fn bar(&self, dimension: &report::DimensionLine) -> Html {
        let part = |permille: Option<i64>| permille.map(|n| n as f64 / 1000.0);
        Html(atlas::bar(part(dimension.verified), part(dimension.declared), self.w.lang.dir() == "rtl"))
    }
}

fn conclude(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.write(|tx| {
        let assessment = open(ctx, tx)?;
        let id = assessment.id;
        // To conclude twice is to conclude.
        if assessment.concluded.is_none() {
            assessment::conclude(tx, assessment, kernel::today())?;
        }
        Ok(id)
    })?;
    ctx.done(&format!("/assessments/{id}"), "assessment_concluded")
}

fn reopen(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.write(|tx| {
        let assessment = open(ctx, tx)?;
        let id = assessment.id;
        let reason = ctx.form.text("reason").filter(|reason| reason.chars().count() <= 300);
        let reason = reason.ok_or_else(|| Error::refused("assessment.reason_needed"))?;
        if assessment.concluded.is_some() {
            assessment::reopen(tx, assessment, reason)?;
        }
        Ok(id)
    })?;
    ctx.done(&format!("/assessments/{id}"), "assessment_reopened")
}

/// An assessment that was begun by mistake goes with its answers; one that counts stays.
fn remove(ctx: &Ctx) -> Result<Reply> {
    let organisation = ctx.write(|tx| {
        let assessment = open(ctx, tx)?;
        if assessment.concluded.is_some() {
            return Err(Error::refused("assessment.counts"));
        }
        for answer in assessment::answers(tx, assessment.id)?.into_values() {
            kernel::record::remove(tx, &answer)?;
        }
        kernel::record::remove(tx, &assessment)?;
        Ok(assessment.organisation.id)
    })?;
    ctx.done(&format!("/organisations/{organisation}#diagnosis"), "removed")
}
