//! `/programmes/{programme}/cohorts`: its promotions side by side, and beside them the cooperatives that still wait.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Db, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::ask::{Asked, QUERY};
use crate::cut::Cut;
use crate::figure::{self, Figure};
use crate::indicator::{self, Indicator};
use crate::pivot::{self, Table};
use crate::scope::{Eyes, Scope};
use crate::unit;

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/programmes/{programme}/cohorts", show).query(QUERY).answers::<CohortsPage>()]
}

/// What promotions are compared by, in the order of the way through a programme. What was lost on that way, and how many
/// were looked at twice, stand beside what changed.
const COMPARED: &[(&str, &[&str])] = &[
    ("reach", &["cooperatives-supported", "cooperatives-graduated", "cooperatives-lost"]),
    ("diagnosis", &["diagnosis-level", "diagnosed-twice", "diagnosis-change", "gates-passed"]),
    ("training", &["people-trained", "presence", "tests-paired", "learning-gain"]),
    ("coaching", &["hours-per-cooperative", "visits-made", "left-alone", "actions-done"]),
    ("jobs", &["jobs", "jobs-full-time"]),
];

/// What can be said of cooperatives that nobody supports yet.
const WAITING: &[&str] =
    &["diagnosis-level", "diagnosed-twice", "diagnosis-change", "gates-passed", "jobs", "jobs-full-time"];

#[derive(Serialize, JsonSchema)]
struct Cell {
    /// What the column is called.
    column: String,
    figure: Figure,
    said: String,
    /// How many stand behind it, where that is not what is said.
    behind: Option<i64>,
    bounds: Option<String>,
    path: Option<String>,
}

/// An indicator, promotion by promotion.
#[derive(Serialize, JsonSchema)]
struct Row {
    code: String,
    name: Multi,
    path: String,
    cells: Vec<Cell>,
}

#[derive(Serialize, JsonSchema)]
struct Theme {
    name: String,
    rows: Vec<Row>,
}

/// Promotions side by side.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "impact_cohorts.html")]
struct CohortsPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: String,
    since: String,
    until: String,
    /// Which days are shown, where others were asked for.
    brought: Option<String>,
    columns: Vec<String>,
    themes: Vec<Theme>,
    /// How many cooperatives wait, as far as the viewer may count them.
    waiting: i64,
    hidden: bool,
}

fn cell(w: Words, indicator: &Indicator, column: &str, figure: Figure, path: Option<String>) -> Cell {
    // A count says itself how many stand behind it.
    let counts = figure.value == Some(figure.n);
    Cell {
        column: column.to_owned(),
        said: unit::figure(w, indicator, &figure),
        behind: Some(figure.n).filter(|n| !counts && *n > 0 && !figure.hidden),
        bounds: unit::bounds(w, &figure),
        path: path.filter(|_| !figure.hidden && figure.n > 0),
        figure,
    }
}

/// How many cooperatives are on the waiting list of the programme, and how their figures are asked for.
fn waiting(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<(i64, Scope)> {
    let scope = Scope { waiting: Some(programme), ..Scope::default() };
    let count = programmes::selection::waiting(db, &ctx.viewer, programme)?;
    Ok((count, scope))
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let id = ctx.id("programme")?;
        let asked = Asked::read(ctx, db, Some(id))?;
        let (waiting, beside) = waiting(ctx, db, id)?;
        let promotions = promotions(ctx, db, id)?;
        let mut hidden = false;
        let mut themes = Vec::new();
        for (theme, codes) in COMPARED {
            let mut rows = Vec::new();
            for code in *codes {
                let indicator = &*indicator::shipped(code)?;
                let path = format!("/indicators/{code}?{}&by=promotion", asked.query());
                let table = pivot::table(ctx, db, &asked, indicator, Cut::Promotion, None)?;
                let mut cells = of_promotions(w, &asked, indicator, &promotions, &table);
                let total = asked.total(ctx, db, indicator)?;
                let records = format!("/indicators/{code}?{}", asked.query());
                cells.push(cell(w, indicator, &w.t("impact.total"), total, Some(records)));
                if waiting > 0 {
                    let mut figure = Figure::default();
                    if WAITING.contains(code) {
                        let eyes = Eyes::Viewer(&ctx.viewer, Standing::Shared);
                        figure = figure::total(db, indicator, &beside, asked.period, eyes)?;
                        figure.hidden = !asked.reads && indicator.people;
                    }
                    cells.push(cell(w, indicator, &w.t("cohorts.waiting"), figure, None));
                }
                hidden |= cells.iter().any(|cell| cell.figure.hidden);
                rows.push(Row { code: indicator.code.clone(), name: indicator.name.clone(), path, cells });
            }
            themes.push(Theme { name: w.t2("impact.theme", theme), rows });
        }
        let first = themes.first().and_then(|theme| theme.rows.first());
        let columns = first.iter().flat_map(|row| &row.cells).map(|cell| cell.column.clone()).collect();
        Ok(CohortsPage {
            w,
            id,
            since: asked.period.since.to_string(),
            until: asked.period.until.to_string(),
            brought: asked.brought(w),
            name: asked.name,
            columns,
            themes,
            waiting,
            hidden,
        })
    })?;
    ctx.page(&w.t("cohorts.title"), &page)
}

/// The promotions of a programme, the first to begin first.
fn promotions(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<Vec<(String, String)>> {
    let mut all: Vec<(String, String)> = programmes::enrolment::promotions(db, programme)?
        .into_iter()
        .map(|promotion| (promotion.id.to_string(), promotion.name.best(ctx.w.lang).to_owned()))
        .collect();
    all.reverse();
    Ok(all)
}

fn of_promotions(
    w: Words,
    asked: &Asked,
    indicator: &Indicator,
    promotions: &[(String, String)],
    table: &Table,
) -> Vec<Cell> {
    let cells = promotions.iter().map(|(code, name)| {
        let figure = table.row(indicator, &Some(code.clone()));
        let path = format!("/indicators/{}/records?{}&cut.promotion={code}", indicator.code, asked.query());
        cell(w, indicator, name, figure, indicator.items.is_some().then_some(path))
    });
    cells.collect()
}
