//! `/portfolio`: every programme that a viewer knows of, side by side.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::ask::Asked;
use crate::dashboard::{Tile, tile};
use crate::indicator;

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/portfolio", show).answers::<PortfolioPage>()]
}

/// What programmes are compared by.
const COLUMNS: &[&str] = &[
    "cooperatives-supported",
    "people-trained",
    "women-trained",
    "coach-hours",
    "received",
    "equipment-working",
];

#[derive(Serialize, JsonSchema)]
struct Line {
    id: Id,
    name: Multi,
    dates: String,
    invented: bool,
    tiles: Vec<Tile>,
}

/// Programmes side by side.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "impact_portfolio.html")]
struct PortfolioPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    columns: Vec<Multi>,
    lines: Vec<Line>,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let mut lines = Vec::new();
        for programme in programmes::programme::list(db, &ctx.viewer)? {
            if ctx.viewer.standing(db, programme.id)? < Some(Standing::Shared) {
                continue;
            }
            let asked = Asked::read(ctx, db, Some(programme.id))?;
            let mut tiles = Vec::new();
            for code in COLUMNS {
                let indicator = indicator::find(db, code)?;
                tiles.push(tile(ctx, db, &asked, &indicator)?);
            }
            lines.push(Line {
                tiles,
                id: programme.id,
                dates: format!("{} – {}", w.date(&programme.since), w.date(&programme.until)),
                invented: programme.invented,
                name: programme.name,
            });
        }
        let columns =
            COLUMNS.iter().map(|code| Ok(indicator::find(db, code)?.name.clone())).collect::<Result<_>>()?;
        Ok(PortfolioPage { w, columns, lines })
    })?;
    ctx.page(&w.t("nav.portfolio"), &page)
}
