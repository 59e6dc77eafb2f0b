//! `/results`: what came of the published programmes, for everybody. Aggregates only, small numbers hidden.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Id, Record as _, Reply, Result, Words, sql};
use programmes::Programme;
use schemars::JsonSchema;
use serde::Serialize;

use crate::indicator;
use crate::outside::{Outside, TOLD};
use crate::unit;

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/results", show).open().answers::<ResultsPage>()]
}

#[derive(Serialize, JsonSchema)]
struct Told {
    code: &'static str,
    name: Multi,
    said: String,
}

#[derive(Serialize, JsonSchema)]
struct Line {
    id: Id,
    name: Multi,
    summary: Option<Multi>,
    dates: String,
    invented: bool,
    figures: Vec<Told>,
}

/// What came of the published programmes.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "impact_results.html")]
struct ResultsPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    lines: Vec<Line>,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let columns = Programme::columns("");
        let query = sql(&format!(
            "select {columns} from programme where published = 1 order by since desc, id limit 50"
        ))
        .open("what its team published");
        let mut lines = Vec::new();
        for programme in db.rows(&query, Programme::from_row)? {
            let outside = Outside::of(w, &programme);
            let mut figures = Vec::new();
            for code in TOLD {
                let indicator = &*indicator::shipped(code)?;
                let figure = outside.total(ctx, db, indicator)?;
                if figure.n > 0 {
                    figures.push(Told {
                        code,
                        name: indicator.name.clone(),
                        said: unit::figure(w, indicator, &figure),
                    });
                }
            }
            let dates = format!("{} – {}", w.date(&programme.since), w.date(&programme.until));
            let Programme { id, name, summary, invented, .. } = programme;
            lines.push(Line { id, name, summary, dates, invented, figures });
        }
        Ok(ResultsPage { w, lines })
    })?;
    ctx.page(&w.t("nav.results"), &page)
}
