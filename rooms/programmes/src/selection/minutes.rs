//! The minutes of the committee, on the screen and on paper, to be signed: what was decided, on which rules, and why.

use askama::Template;
use kernel::kinds::{Choice, Multi};
use kernel::room::{Route, get};
use kernel::{Ctx, Error, Id, Json, Paper, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::call::{self, CallStatus};
use super::committee::{Line, lines};
use super::{eligibility, ranking};

pub(super) fn routes() -> Vec<Route> {
    vec![get("/calls/{call}/minutes", show).answers::<MinutesPage>(), get("/calls/{call}/minutes/pdf", print)]
}

/// The outcomes, in the order in which the minutes tell them.
const OUTCOMES: [&str; 3] = ["selected", "reserve", "declined"];

/// The minutes of the committee.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_minutes.html")]
struct MinutesPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    call: Id,
    title: Multi,
    decided: String,
    places: i64,
    lines: Vec<Line>,
    criteria: Vec<(Multi, i64)>,
    rules: Vec<Multi>,
    assessors: Vec<String>,
}

impl MinutesPage {
    fn of(&self, outcome: &str) -> Vec<&Line> {
        self.lines.iter().filter(|line| line.outcome.code() == outcome).collect()
    }

    fn sentence(&self) -> String {
        let [n, places] = [self.w.num(self.lines.len()), self.w.num(self.places)];
        self.w.args("minutes.sentence", &[("date", self.decided.clone()), ("n", n), ("places", places)])
    }

    /// What the paper says: the same as the page, and who signs.
    fn told(&self) -> Json {
        let w = self.w;
        let row = |line: &&Line| {
            let reason =
                [line.reason.clone()].into_iter().chain(line.fails.clone()).filter(|text| !text.is_empty());
            json!([
                line.position.to_string(),
                line.name.best(w.lang),
                line.number,
                line.place,
                w.score(&line.score),
                reason.collect::<Vec<_>>().join(" · "),
            ])
        };
        let parts = OUTCOMES.iter().filter(|code| !self.of(code).is_empty()).map(|code| {
            json!({
                "name": w.t(&format!("call_decision.outcome.{code}")),
                "rows": self.of(code).iter().map(row).collect::<Vec<_>>(),
            })
        });
        let words = [
            "ranking.position",
            "application.name",
            "minutes.number",
            "application.place",
            "mark.score_short",
            "call_decision.reason",
        ]
        .map(|key| w.t(key));
        let signs = ["minutes.chair", "minutes.secretary"].map(|key| w.t(key));
        json!({
            "call": self.title.best(w.lang),
            "sentence": self.sentence(),
            "assessors": [w.t("minutes.assessors"), self.assessors.join(", ")],
            "lists": [
                { "name": w.t("call.rules"), "items": self.rules.iter().map(|rule| rule.best(w.lang)).collect::<Vec<_>>() },
                {
                    "name": w.t("call.criteria"),
                    "items": self.criteria.iter()
                        .map(|(name, weight)| format!("{} ({})", name.best(w.lang), w.num(*weight)))
                        .collect::<Vec<_>>(),
                },
            ],
            "head": words,
            "parts": parts.collect::<Vec<_>>(),
            "signs": signs,
        })
    }
}

fn read(ctx: &Ctx) -> Result<MinutesPage> {
    let w = ctx.w;
    ctx.read(|db| {
        let (call, _) = call::open(ctx, db, Standing::Steward)?;
        if call.status != CallStatus::Decided {
            return Err(Error::refused("call.not_decided"));
        }
        let decided = ranking::decisions(db, call.id)?.first().map(|decision| decision.decided);
        Ok(MinutesPage {
            w,
            call: call.id,
            decided: decided.map(|day| w.long_date(&day)).unwrap_or_default(),
            places: call.places,
            lines: lines(ctx, db, &call, &[])?,
            criteria: call::criteria(db, call.id)?.into_iter().map(|c| (c.name, c.weight)).collect(),
            rules: eligibility::rules(db, call.id)?.into_iter().map(|rule| rule.name).collect(),
            assessors: call::assessors(db, call.id)?.into_iter().map(|(.., name)| name).collect(),
            title: call.title,
        })
    })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    ctx.page(&ctx.w.t("minutes.title"), &read(ctx)?)
}

fn print(ctx: &Ctx) -> Result<Reply> {
    let paper = Paper {
        template: include_str!("../../templates/minutes.typ"),
        title: ctx.w.t("minutes.title").into_owned(),
        lang: ctx.w.lang,
        data: read(ctx)?.told(),
        pictures: Vec::new(),
    };
    ctx.paper(&paper, &format!("{}.pdf", ctx.w.t("minutes.file")))
}
