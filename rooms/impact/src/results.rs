//! `/results`: what came of the published programmes, for everybody. Aggregates only, small numbers hidden.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Id, Reply, Result, Words, sql};
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
        let query = sql("select id, name, summary, since, until, invented from programme where published = 1 order by since desc, id limit 50")
            .open("what its team published");
        let programmes = db.rows(&query, |row| {
            Ok((row.take::<Id>()?, row.take::<Multi>()?, row.take::<Option<Multi>>()?, row.take()?, row.take()?, row.take::<bool>()?))
        })?;
        let mut lines = Vec::new();
        for (id, name, summary, since, until, invented) in programmes {
            let outside = Outside::of(w, &kernel::record::get(db, id)?);
            let mut figures = Vec::new();
            for code in TOLD {
                let indicator = &*indicator::find(db, code)?;
                let figure = outside.total(ctx, db, indicator)?;
                if figure.n > 0 {
                    figures.push(Told { code, name: indicator.name.clone(), said: unit::figure(w, indicator, &figure) });
                }
            }
            let dates = format!("{} – {}", w.date(&since), w.date(&until));
            lines.push(Line { id, name, summary, dates, invented, figures });
        }
        Ok(ResultsPage { w, lines })
    })?;
    ctx.page(&w.t("nav.results"), &page)
}
