//! The way from a programme and from a cooperative to their results.

use askama::Template;
use kernel::room::Panel;
use kernel::{Ctx, Db, Error, Html, Id, Result, Shown, Standing, Words};
use serde::Serialize;

use crate::dashboard::{Tile, tile};
use crate::figure;
use crate::indicator;
use crate::scope::{Eyes, Period, Scope};
use crate::unit;

pub(crate) fn panels() -> Vec<Panel> {
    vec![
        Panel {
            name: "impact",
            place: "programmes.programme",
            order: 1,
            side: true,
            read: Standing::Shared,
            show: programme,
        },
        Panel {
            name: "impact",
            place: "registry.organisation",
            order: 30,
            side: true,
            read: Standing::File,
            show: organisation,
        },
    ]
}

/// First figures, and the way to all of them.
#[derive(Template, Serialize)]
#[template(path = "impact_panel.html")]
struct Figures {
    #[serde(skip)]
    w: Words,
    title: String,
    path: String,
    /// What the way is called.
    #[serde(skip)]
    see: &'static str,
    tiles: Vec<Tile>,
}

fn shown(panel: &Figures) -> Result<Option<Shown>> {
    let html = Html(panel.render().map_err(Error::internal)?);
    Ok(Some(Shown { html, data: serde_json::to_value(panel)? }))
}

fn programme(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<Option<Shown>> {
    let asked = crate::ask::Asked::read(ctx, db, Some(programme))?;
    let mut tiles = Vec::new();
    for code in ["cooperatives-supported", "people-trained", "visits-made", "actions-done"] {
        let indicator = indicator::find(db, code)?;
        tiles.push(tile(ctx, db, &asked, &indicator)?);
    }
    let title = ctx.w.t("impact.panel").into_owned();
    shown(&Figures {
        w: ctx.w,
        title,
        path: format!("/programmes/{programme}/impact"),
        see: "impact.see",
        tiles,
    })
}

/// What the support came to for one cooperative, in every programme: its own file's figures.
fn organisation(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    let w = ctx.w;
    let period = Period { since: jiff::civil::date(2000, 1, 1), until: kernel::today() };
    let scope = Scope { organisation: Some(organisation), ..Scope::default() };
    let mut tiles = Vec::new();
    for code in
        ["people-trained", "person-hours", "visits-made", "coach-hours", "actions-done", "diagnosis-change"]
    {
        let indicator = &*indicator::find(db, code)?;
        let figure = figure::total(db, indicator, &scope, period, Eyes::Checked)?;
        if figure.n == 0 {
            continue;
        }
        tiles.push(Tile {
            code: indicator.code.clone(),
            name: indicator.name.best(w.lang).to_owned(),
            said: unit::figure(w, indicator, &figure),
            bounds: None,
            path: format!(
                "/indicators/{code}?organisation={organisation}&since={}&until={}",
                period.since, period.until
            ),
            figure,
            targets: Vec::new(),
            trend: None,
        });
    }
    shown(&Figures {
        w,
        title: w.t("impact.panel_organisation").into_owned(),
        path: format!("/organisations/{organisation}/passport"),
        see: "passport.title",
        tiles,
    })
}
