//! `/indicators`: every indicator, with what it counts. Definitions are open to everybody.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::ask::QUERY;
use crate::indicator;

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/indicators", show).open().query(QUERY).answers::<ListPage>()]
}

#[derive(Serialize, JsonSchema)]
struct Line {
    code: &'static str,
    name: &'static Multi,
    definition: &'static Multi,
}

#[derive(Serialize, JsonSchema)]
struct Theme {
    name: String,
    lines: Vec<Line>,
}

/// Every indicator.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "impact_list.html")]
struct ListPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    count: usize,
    themes: Vec<Theme>,
    /// Whose figures the links lead to.
    #[serde(skip)]
    query: String,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let mut themes: Vec<(&str, Theme)> = Vec::new();
    for indicator in indicator::all()? {
        let line = Line { code: &indicator.code, name: &indicator.name, definition: &indicator.definition };
        match themes.iter_mut().find(|(code, _)| *code == indicator.theme) {
            Some((_, theme)) => theme.lines.push(line),
            None => {
                let name = w.t2("impact.theme", &indicator.theme);
                themes.push((&indicator.theme, Theme { name, lines: vec![line] }));
            }
        }
    }
    let query = if ctx.query.0.is_empty() { String::new() } else { format!("?{}", ctx.query.to_query()) };
    let page = ListPage {
        w,
        count: indicator::all()?.len(),
        themes: themes.into_iter().map(|(_, theme)| theme).collect(),
        query,
    };
    ctx.page(&w.t("impact.indicators"), &page)
}
