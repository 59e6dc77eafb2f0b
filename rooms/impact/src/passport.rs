//! `/organisations/{organisation}/passport`: what a cooperative shows of itself to a bank, a buyer or the next programme:
//! who it is, what it received, what came of it. It is the cooperative's own; whoever reads its file may print it.

use askama::Template;
use kernel::kinds::Choice;
use kernel::room::{Route, get};
use kernel::{Ctx, Db, Id, Json, Paper, Reply, Result, Standing, Words};
use programmes::intervention::{self, Filter};
use registry::{Document, Organisation};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::figure;
use crate::indicator;
use crate::report::story::{self, Diagnosis};
use crate::scope::{Eyes, Period, Scope};
use crate::unit;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/organisations/{organisation}/passport", show).answers::<PassportPage>(),
        get("/organisations/{organisation}/passport/pdf", print),
    ]
}

/// What is told of it in numbers.
const TOLD: &[&str] = &[
    "people-trained",
    "person-hours",
    "certificates-issued",
    "visits-made",
    "diagnosis-change",
    "actions-done",
    "grants-paid",
    "equipment-working",
    "jobs",
    "jobs-full-time",
    "income-paid",
    "sales-made",
    "buyers",
    "pooled-sales",
];

/// The latest supports are named; an old cooperative had many.
const SUPPORTS: i64 = 12;

#[derive(Serialize, JsonSchema)]
struct Told {
    code: &'static str,
    name: String,
    said: String,
    /// Bounds of a share of few.
    about: Option<String>,
}

/// What an actor did for it.
#[derive(Serialize, JsonSchema)]
struct Support {
    actor: String,
    title: String,
    theme: String,
    dates: String,
}

/// A document that holds, or held.
#[derive(Serialize, JsonSchema)]
struct Paperwork {
    name: String,
    until: Option<String>,
    holds: bool,
}

/// The passport of a cooperative.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "impact_passport.html")]
struct PassportPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: String,
    place: String,
    /// Who it is: label and value, where there is one.
    facts: Vec<(String, String)>,
    supports: Vec<Support>,
    before: Option<Diagnosis>,
    after: Option<Diagnosis>,
    figures: Vec<Told>,
    equipment: Vec<String>,
    documents: Vec<Paperwork>,
    /// The day on which it was made.
    day: String,
}

fn facts(w: Words, known: &Organisation) -> Vec<(String, String)> {
    let number = |n: Option<i64>| n.map(|n| w.num(n));
    let activities = known.activities.as_ref().filter(|all| !all.0.is_empty());
    let all: [(&str, Option<String>); 12] = [
        ("organisation.kind", Some(w.choice(&known.kind))),
        (
            "organisation.activities",
            activities.map(|all| all.0.iter().map(|one| w.choice(one)).collect::<Vec<_>>().join(", ")),
        ),
        ("organisation.founded", known.founded.map(|day| w.date(&day))),
        ("organisation.members", number(known.members)),
        ("organisation.women", number(known.women)),
        ("organisation.young", number(known.young)),
        ("organisation.register_number", known.register_number.as_ref().map(|code| code.0.clone())),
        ("organisation.register_court", known.register_court.clone()),
        ("organisation.ice", known.ice.as_ref().map(|ice| ice.0.clone())),
        ("organisation.phone", known.phone.as_ref().map(|phone| phone.0.clone())),
        ("organisation.email", known.email.as_ref().map(|email| email.0.clone())),
        ("organisation.status", Some(w.choice(&known.status))),
    ];
    all.into_iter().filter_map(|(key, value)| Some((w.t(key).into_owned(), value?))).collect()
}

fn supports(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Vec<Support>> {
    let w = ctx.w;
    let filter = Filter { organisation: Some(organisation), ..Filter::default() };
    let lines = intervention::list(db, &ctx.viewer, &filter, SUPPORTS)?;
    let given = lines.into_iter().filter(|line| line.status.code() != "cancelled");
    Ok(given
        .map(|line| Support {
            actor: line.actor_name.best(w.lang).to_owned(),
            title: line.title.best(w.lang).to_owned(),
            theme: w.choice(&line.theme),
            dates: format!("{} – {}", w.date(&line.since), w.date_or_dash(&line.until)),
        })
        .collect())
}

fn figures(db: &mut Db, w: Words, organisation: Id, period: Period) -> Result<Vec<Told>> {
    let scope = Scope { organisation: Some(organisation), ..Scope::default() };
    let mut told = Vec::new();
    for code in TOLD {
        let indicator = &*indicator::shipped(code)?;
        let figure = figure::total(db, indicator, &scope, period, Eyes::Checked)?;
        if figure.n == 0 || figure.value.is_none() {
            continue;
        }
        told.push(Told {
            code,
            name: indicator.name.best(w.lang).to_owned(),
            said: unit::figure(w, indicator, &figure),
            about: unit::bounds(w, &figure),
        });
    }
    Ok(told)
}

fn documents(db: &mut Db, w: Words, organisation: Id) -> Result<Vec<Paperwork>> {
    let today = kernel::today();
    let told = |one: Document| Paperwork {
        name: one.title.clone().unwrap_or_else(|| w.choice(&one.kind)),
        until: one.expires.map(|day| w.date(&day)),
        holds: one.expires.is_none_or(|day| day >= today),
    };
    Ok(registry::documents(db, organisation)?.into_iter().map(told).collect())
}

fn page(ctx: &Ctx) -> Result<PassportPage> {
    let w = ctx.w;
    ctx.read(|db| {
        let id = ctx.id("organisation")?;
        let (known, _) = registry::organisation::open(db, ctx, id, Standing::File)?;
        let until = kernel::today();
        let (before, after) = story::diagnoses(db, w, id, until)?;
        Ok(PassportPage {
            w,
            id,
            name: known.name.best(w.lang).to_owned(),
            place: w.place(&known.place.division),
            facts: facts(w, &known),
            supports: supports(ctx, db, id)?,
            before,
            after,
            figures: figures(db, w, id, Period { since: jiff::civil::date(2000, 1, 1), until })?,
            equipment: story::equipment(db, w, id, None, until)?,
            documents: documents(db, w, id)?,
            day: w.date(&until),
        })
    })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let page = page(ctx)?;
    ctx.page(&ctx.w.t("passport.title"), &page)
}

fn print(ctx: &Ctx) -> Result<Reply> {
    let page = page(ctx)?;
    let paper = Paper {
        template: include_str!("../templates/passport.typ"),
        title: ctx.w.t("passport.title").into_owned(),
        lang: ctx.w.lang,
        data: page.data(),
        pictures: Vec::new(),
    };
    ctx.paper(&paper, &format!("{}.pdf", ctx.w.t("passport.file")))
}

impl PassportPage {
    fn is_wide(&self, told: &Told) -> bool {
        crate::dashboard::is_wide(&told.said)
    }

    fn round(&self, round: &Diagnosis) -> String {
        format!("{} · {} ({})", round.score, round.stage, round.day)
    }

    fn data(&self) -> Json {
        let w = self.w;
        let part = |key: &str, rows: Json| json!({ "heading": w.t(key), "rows": rows });
        let rounds = [("report.story.before", &self.before), ("report.story.after", &self.after)];
        let rounds =
            rounds.map(|(key, round)| json!([w.t(key), round.as_ref().map(|round| self.round(round))]));
        let head = ["intervention.actor", "intervention.title", "intervention.theme", "passport.dates"];
        json!({
            "name": self.name,
            "place": self.place,
            "facts": self.facts,
            "figures": part("impact.panel_organisation", self.figures.iter()
                .map(|told| json!([told.name, told.said, told.about])).collect()),
            "rounds": part("passport.diagnosis", rounds.into_iter().collect()),
            "supports": json!({
                "heading": w.t("passport.supports"),
                "head": head.map(|key| w.t(key)).to_vec(),
                "rows": self.supports.iter().map(|one| json!([one.actor, one.title, one.theme, one.dates])).collect::<Vec<_>>(),
            }),
            "equipment": part("report.story.equipment", self.equipment.iter().map(|one| json!(one)).collect()),
            "documents": part("passport.documents", self.documents.iter().filter(|one| one.holds)
                .map(|one| json!([one.name, one.until])).collect()),
            "note": w.with("passport.note", "date", &self.day),
        })
    }
}
