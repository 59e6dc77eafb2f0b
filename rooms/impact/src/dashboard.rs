//! `/programmes/{programme}/impact`: what came of a programme, at a glance.

use askama::Template;
use kernel::room::{Route, get};
use kernel::{Ctx, Db, Html, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::ask::{Asked, QUERY};
use crate::chart;
use crate::cut::{self, Cut};
use crate::figure::Figure;
use crate::indicator::{self, Indicator, Measure};
use crate::lags::{self, Due, Lag};
use crate::progress::{Aims, Progress};
use crate::unit;

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/programmes/{programme}/impact", show).query(QUERY).answers::<DashboardPage>()]
}

/// What a dashboard shows, by theme; every other indicator is a tap away.
const KEY: &[&str] = &[
    "cooperatives-supported",
    "cooperatives-graduated",
    "cooperatives-lost",
    "communes-reached",
    "inhabitants-covered",
    "people-trained",
    "women-trained",
    "person-hours",
    "learning-gain",
    "visits-made",
    "coach-hours",
    "left-alone",
    "actions-done",
    "diagnosis-change",
    "diagnosed-twice",
    "received",
    "grants-paid",
    "leverage",
    "equipment-delivered",
    "equipment-working",
    "jobs",
    "jobs-full-time",
    "income-paid",
    "cooperatives-selling",
    "sales-made",
    "orders-abroad",
    "buyers",
    "overlaps",
];

/// Where an indicator stands among the key ones; nothing for the others.
pub(crate) fn place(code: &str) -> Option<usize> {
    KEY.iter().position(|key| *key == code)
}

/// A figure on a dashboard.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Tile {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) figure: Figure,
    /// As people read it.
    pub(crate) said: String,
    pub(crate) bounds: Option<String>,
    pub(crate) path: String,
    pub(crate) targets: Vec<Progress>,
    #[serde(skip)]
    #[schemars(skip)]
    pub(crate) trend: Option<Html>,
}

impl Tile {
    pub(crate) fn is_wide(&self) -> bool {
        is_wide(&self.said)
    }
}

/// True if a figure needs a line of its own on a phone: an amount of money is not broken in two.
pub(crate) fn is_wide(said: &str) -> bool {
    const FITS: usize = 9;
    said.chars().count() > FITS
}

#[derive(Serialize, JsonSchema)]
struct Theme {
    code: String,
    name: String,
    tiles: Vec<Tile>,
}

/// The dashboard of a programme.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "impact_dashboard.html")]
struct DashboardPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: String,
    since: String,
    until: String,
    /// Which days are shown, where others were asked for.
    brought: Option<String>,
    themes: Vec<Theme>,
    others: Vec<Tile>,
    /// For whom something waits, and what is due soon: for whoever reads the records.
    lags: Vec<Lag>,
    due: Vec<Due>,
    #[serde(skip)]
    reads: bool,
    #[serde(skip)]
    query: String,
    #[serde(skip)]
    manages: bool,
}

/// One indicator for the scope that was asked for.
pub(crate) fn tile(ctx: &Ctx, db: &mut Db, asked: &Asked, indicator: &Indicator) -> Result<Tile> {
    let figure = asked.total(ctx, db, indicator)?;
    Ok(Tile {
        code: indicator.code.clone(),
        name: indicator.name.best(ctx.w.lang).to_owned(),
        said: unit::figure(ctx.w, indicator, &figure),
        bounds: unit::bounds(ctx.w, &figure),
        path: format!("/indicators/{}?{}", indicator.code, asked.query()),
        figure,
        targets: Vec::new(),
        trend: None,
    })
}

/// Quarter by quarter, for what happens over time and adds up.
fn trend(ctx: &Ctx, db: &mut Db, asked: &Asked, indicator: &Indicator) -> Result<Option<Html>> {
    let adds = matches!(indicator.measure, Measure::Count | Measure::Sum);
    if !adds || !indicator.cuts.contains(&Cut::Quarter) {
        return Ok(None);
    }
    let mut quarters = asked.told(ctx, db, indicator, &[Cut::Quarter])?.unwrap_or_default();
    quarters.retain(|quarter| quarter.row.is_some());
    quarters.sort_by(|a, b| a.row.cmp(&b.row));
    if quarters.len() < 2 {
        return Ok(None);
    }
    let codes: Vec<String> = quarters.iter().filter_map(|quarter| quarter.row.clone()).collect();
    let names = cut::labels(db, ctx.w, Cut::Quarter, None, &codes)?;
    let columns: Vec<(String, Option<i64>, String)> = quarters
        .into_iter()
        .map(|quarter| {
            let name = quarter.row.as_ref().and_then(|code| names.get(code)).cloned().unwrap_or_default();
            let said = unit::figure(ctx.w, indicator, &quarter);
            (name, quarter.value.filter(|_| !quarter.hidden), said)
        })
        .collect();
    Ok(Some(chart::columns(&columns, ctx.w.lang.dir() == "rtl")))
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let id = ctx.id("programme")?;
        let asked = Asked::read(ctx, db, Some(id))?;
        let manages = ctx.viewer.standing(db, id)? >= Some(Standing::Steward);
        let aims = Aims::of(db, id, manages)?;
        let mut themes: Vec<Theme> = Vec::new();
        let mut others = Vec::new();
        for indicator in indicator::of_programme(db, id)? {
            let key = indicator.built.is_some() || place(&indicator.code).is_some();
            if !key && !aims.has(&indicator.code) {
                continue;
            }
            let mut tile = tile(ctx, db, &asked, &indicator)?;
            tile.targets = aims.progress(ctx, db, &asked, &indicator, &tile.figure)?;
            tile.trend = trend(ctx, db, &asked, &indicator)?;
            if !key {
                others.push(tile);
                continue;
            }
            match themes.iter_mut().find(|theme| theme.code == indicator.theme) {
                Some(theme) => theme.tiles.push(tile),
                None => themes.push(Theme {
                    code: indicator.theme.clone(),
                    name: w.t2("impact.theme", &indicator.theme),
                    tiles: vec![tile],
                }),
            }
        }
        themes.iter_mut().for_each(|theme| theme.tiles.sort_by_key(|tile| place(&tile.code)));
        let (lags, due) = match asked.reads {
            true => (lags::lags(ctx, db, &asked)?, lags::due(ctx, db, id, kernel::today())?),
            false => (Vec::new(), Vec::new()),
        };
        Ok(DashboardPage {
            w,
            id,
            lags,
            due,
            reads: asked.reads,
            query: asked.query(),
            since: asked.period.since.to_string(),
            until: asked.period.until.to_string(),
            brought: asked.brought(w),
            name: asked.name,
            themes,
            others,
            manages,
        })
    })?;
    ctx.page(&w.with("impact.of", "name", &page.name), &page)
}
