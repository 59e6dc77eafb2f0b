//! The cooperatives of a programme side by side: a heat map of their latest diagnoses, and whether assessors agree.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Id, Reply, Result, Standing, Words};
use programmes::programme;
use schemars::JsonSchema;
use serde::Serialize;

use crate::instrument::{self, Edition, InstrumentStatus};
use crate::reliability::{self, Agreement};
use crate::scoring::Stage;
use crate::{assessment, report};

pub(super) fn routes() -> Vec<Route> {
    vec![get("/programmes/{programme}/diagnosis", cohort).query(&["instrument"]).answers::<CohortPage>()]
}

#[derive(Serialize, JsonSchema)]
struct Cell {
    /// Verified score in permille.
    score: Option<i64>,
    #[serde(skip)]
    tone: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct Row {
    organisation: Id,
    assessment: Id,
    name: Multi,
    held: String,
    cells: Vec<Cell>,
    overall: Option<i64>,
    stage: Option<Stage>,
}

#[derive(Serialize, JsonSchema)]
struct Head {
    code: String,
    name: Multi,
    /// Mean of the verified scores in permille.
    mean: Option<i64>,
}

#[derive(Serialize, JsonSchema)]
struct Pick {
    id: Id,
    label: String,
    chosen: bool,
}

/// The latest diagnoses of a programme's cooperatives.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "coaching_cohort.html")]
struct CohortPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: Multi,
    enrolled: usize,
    dimensions: Vec<Head>,
    rows: Vec<Row>,
    stages: Vec<(Stage, usize)>,
    mean: Option<i64>,
    repeated: usize,
    agreement: Agreement,
    instruments: Vec<Pick>,
}

impl CohortPage {
    /// A score without decimals: a cell of the map is read at a glance.
    fn whole(&self, permille: &Option<i64>) -> String {
        permille.map_or_else(|| "–".into(), |permille| self.w.num((permille + 5) / 10))
    }
    fn head(&self, position: &usize) -> &str {
        self.dimensions.get(*position).map_or("", |head| self.w.name(&head.name))
    }
    fn stage(&self, stage: &Stage) -> String {
        self.w.t2("stage", stage.code())
    }
    fn tone(&self, stage: &Stage) -> &'static str {
        report::tone(*stage)
    }
    fn kappa(&self) -> String {
        self.agreement.kappa.map_or_else(|| "–".into(), |permille| self.w.decimal(permille / 10, 2))
    }
    fn percent(&self, part: &usize) -> String {
        self.w.percent(*part as f64 * 100.0 / self.agreement.pairs.max(1) as f64)
    }
    fn weakest(&self) -> Option<&Head> {
        self.dimensions.iter().filter(|head| head.mean.is_some()).min_by_key(|head| head.mean)
    }
}

/// The tone of a score, as that of a stage.
fn tone(score: Option<i64>) -> &'static str {
    match score {
        None => "",
        Some(..250) => "late",
        Some(250..500) => "wait",
        Some(500..750) => "info",
        Some(_) => "good",
    }
}

fn mean(scores: impl Iterator<Item = Option<i64>>) -> Option<i64> {
    let scores: Vec<i64> = scores.flatten().collect();
    let n = scores.len() as i64;
    (n > 0).then(|| (2 * scores.iter().sum::<i64>() + n) / (2 * n))
}

fn cohort(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (programme, _) = programme::open(db, ctx, ctx.id("programme")?, Standing::File)?;
        let latest = assessment::of_programme(db, &ctx.viewer, programme.id)?;
        let known = instrument::list(db, &ctx.viewer)?;
        let used = |id: Id| latest.iter().filter(|(_, a)| a.instrument.id == id).count();
        let asked = ctx.query.parse::<Id>("instrument");
        let chosen = asked.filter(|id| known.iter().any(|line| line.id == *id)).or_else(|| {
            let offered = known.iter().filter(|line| line.status != InstrumentStatus::Draft);
            offered.max_by_key(|line| (used(line.id), std::cmp::Reverse(line.id))).map(|line| line.id)
        });
        let edition = chosen.map(|id| instrument::edition(db, id)).transpose()?;
        let (mut rows, mut pairs, mut repeated) = (Vec::new(), Vec::new(), 0);
        if let Some(edition) = &edition {
            for (name, round) in
                latest.iter().filter(|(_, round)| round.instrument.id == edition.instrument.id)
            {
                let answers = assessment::answers(db, round.id)?;
                let outcome = assessment::outcome(edition, round, &answers);
                rows.push(Row {
                    organisation: round.organisation.id,
                    assessment: round.id,
                    name: name.clone(),
                    held: w.month(&round.held),
                    cells: outcome
                        .verified
                        .dimensions
                        .iter()
                        .map(|score| Cell { score: *score, tone: tone(*score) })
                        .collect(),
                    overall: outcome.verified.overall,
                    stage: outcome.stage,
                });
            }
        }
        if let Some(edition) = &edition {
            for (first, second) in
                assessment::repeated_in(db, &ctx.viewer, programme.id, edition.instrument.id)?
            {
                let (ours, theirs) = (assessment::answers(db, first)?, assessment::answers(db, second)?);
                pairs.extend(report::pairs(&ours, &theirs));
                repeated += 1;
            }
        }
        let count = |stage: Stage| rows.iter().filter(|row| row.stage == Some(stage)).count();
        Ok(CohortPage {
            w,
            id: programme.id,
            enrolled: programmes::enrolment::enrolled(db, programme.id)?.len(),
            name: programme.name,
            dimensions: edition.as_ref().map(|edition| heads(edition, &rows)).unwrap_or_default(),
            stages: Stage::ALL.into_iter().map(|stage| (stage, count(stage))).collect(),
            mean: mean(rows.iter().map(|row| row.overall)),
            rows,
            repeated,
            agreement: reliability::agreement(&pairs),
            instruments: known
                .iter()
                .filter(|line| line.status != InstrumentStatus::Draft)
                .map(|line| Pick {
                    id: line.id,
                    label: format!("{} {}", line.name.best(w.lang), line.edition),
                    chosen: chosen == Some(line.id),
                })
                .collect(),
        })
    })?;
    ctx.page(&w.t("cohort.title"), &page)
}

fn heads(edition: &Edition, rows: &[Row]) -> Vec<Head> {
    let heads = edition.dimensions.iter().enumerate();
    heads
        .map(|(i, dimension)| Head {
            code: dimension.code.clone(),
            name: dimension.name.clone(),
            mean: mean(rows.iter().map(|row| row.cells[i].score)),
        })
        .collect()
}
