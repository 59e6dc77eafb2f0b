//! The sheet of a diagnosis that stays with the cooperative, in its language: where it stands, what holds it back, what
//! was agreed.

use kernel::room::{Route, get};
use kernel::{Ctx, Error, Json, Lang, Paper, Reply, Result, Words};
use registry::Organisation;
use serde_json::json;

use super::assessment::open;
use crate::action::{self, Action};
use crate::instrument;
use crate::report::{self, DimensionLine, ItemLine, Report};

pub(super) fn routes() -> Vec<Route> {
    vec![get("/assessments/{assessment}/sheet", print).query(&["in"])]
}

fn print(ctx: &Ctx) -> Result<Reply> {
    // Not "lang", which would change the language of whoever prints.
    let lang = ctx.query.text("in").and_then(Lang::from_code).unwrap_or(ctx.w.lang);
    let w = ctx.w.speak(lang);
    let data = ctx.read(|db| {
        let assessment = open(ctx, db)?;
        if assessment.concluded.is_none() {
            return Err(Error::refused("sheet.not_concluded"));
        }
        let organisation = kernel::record::get::<Organisation>(db, assessment.organisation.id)?;
        let edition = instrument::edition(db, assessment.instrument.id)?;
        let report = report::of(ctx, db, &edition, &assessment)?;
        let plan = action::of(db, organisation.id)?;
        let account = assessment.assessor.map(|account| account.id);
        let assessor = people::account_names(db, &account.into_iter().collect::<Vec<_>>())?;
        let instrument = &edition.instrument;
        let head = ["plan_action.title", "plan_action.owner", "plan_action.due"].map(|key| w.t(key));
        let signs = ["sheet.cooperative", "sheet.coach"].map(|key| w.t(key));
        Ok(json!({
            "name": organisation.name.best(lang),
            "facts": [
                [w.t("assessment.held"), w.long_date(&assessment.held)],
                [w.t("assessment.assessor"), assessor.into_values().next()],
                [w.t("assessment.instrument"), format!("{} {}", instrument.name.best(lang), w.num(instrument.edition))],
            ],
            "stage": report.outcome.stage.map(|stage| json!({
                "name": w.t2("stage", stage.code()),
                "about": w.t2("stage.about", stage.code()),
            })),
            "figures": figures(w, &report),
            "dimensions": {
                "heading": w.t("sheet.dimensions"),
                "legend": w.t("sheet.legend"),
                "lines": report.dimensions.iter().map(|line| dimension(w, line)).collect::<Vec<_>>(),
            },
            "gates": {
                "heading": w.t("gates.title"),
                "lead": w.t("gates.lead"),
                "lines": report.gates.iter().map(|line| gate(w, line)).collect::<Vec<_>>(),
            },
            "plan": {
                "heading": w.t("plan.title"),
                "head": head,
                "none": w.t("sheet.no_plan"),
                "rows": plan.iter().filter(|action| action.is_open()).map(|action| agreed(w, action)).collect::<Vec<_>>(),
            },
            "signs": signs,
        }))
    })?;
    let paper = Paper {
        template: include_str!("../../templates/diagnosis.typ"),
        title: w.t("sheet.title").into_owned(),
        lang,
        data,
        pictures: Vec::new(),
    };
    ctx.paper(&paper, &format!("{}.pdf", w.t("sheet.file")))
}

fn figures(w: Words, report: &Report) -> Vec<[String; 2]> {
    let outcome = &report.outcome;
    let mut figures = vec![
        [w.score(&outcome.verified.overall), w.t("score.verified").into_owned()],
        [w.score(&outcome.declared.overall), w.t("score.declared").into_owned()],
    ];
    if let Some(before) = &report.before {
        let args = [("n", before.change.items.to_string()), ("date", w.date(&before.held))];
        figures.push([w.difference(&before.change.overall), w.args("score.change", &args)]);
    }
    figures
}

fn dimension(w: Words, line: &DimensionLine) -> Json {
    json!({
        "name": line.name.best(w.lang),
        "verified": line.verified,
        "declared": line.declared,
        "score": w.score(&line.verified),
        "change": line.change.map(|_| w.difference(&line.change)),
    })
}

fn gate(w: Words, line: &ItemLine) -> [String; 2] {
    let sentence = line.sentence.as_ref().map(|sentence| sentence.best(w.lang).to_owned());
    let sentence = sentence.unwrap_or_else(|| w.t("item.unanswered").into_owned());
    [line.topic.best(w.lang).to_owned(), sentence]
}

fn agreed(w: Words, action: &Action) -> [String; 3] {
    let due = action.due.map(|day| w.date(&day)).unwrap_or_default();
    [action.title.best(w.lang).to_owned(), action.owner.clone().unwrap_or_default(), due]
}
