//! The way from a programme to its reports.

use askama::Template;
use kernel::room::Panel;
use kernel::{Ctx, Db, Error, Html, Id, Result, Shown, Standing, Words};
use serde::Serialize;

use super::record;

/// Reports that a panel names.
const NAMED: usize = 3;

pub(crate) fn panels() -> Vec<Panel> {
    vec![Panel {
        name: "reports",
        place: "programmes.programme",
        order: 2,
        side: true,
        read: Standing::Shared,
        show,
    }]
}

#[derive(Template, Serialize)]
#[template(path = "reports_panel.html")]
struct Reports {
    #[serde(skip)]
    w: Words,
    programme: Id,
    /// Id, language, title, and the day on which it was frozen.
    reports: Vec<(Id, &'static str, String, Option<String>)>,
}

fn show(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<Option<Shown>> {
    let standing = ctx.standing(db, programme, Standing::Shared)?;
    let reports = record::of(db, programme, standing >= Standing::File)?;
    if reports.is_empty() && standing < Standing::Steward {
        return Ok(None);
    }
    let line = |report: record::Report| {
        (report.id, report.lang().code(), report.title, report.frozen_on.map(|day| ctx.w.date(&day)))
    };
    let panel = Reports { w: ctx.w, programme, reports: reports.into_iter().take(NAMED).map(line).collect() };
    let html = Html(panel.render().map_err(Error::internal)?);
    Ok(Some(Shown { html, data: serde_json::to_value(&panel)? }))
}
