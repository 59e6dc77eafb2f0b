//! `/indicators`: every indicator, with what it counts. Definitions are open to everybody.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::ask::QUERY;
use crate::indicator::{self, Indicator};
use crate::own;

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/indicators", show).open().query(QUERY).answers::<ListPage>()]
}

#[derive(Serialize, JsonSchema)]
struct Line {
    code: String,
    name: Multi,
    definition: Multi,
}

#[derive(Serialize, JsonSchema)]
struct Theme {
    name: String,
    lines: Vec<Line>,
}

/// The own indicators of a programme.
#[derive(Serialize, JsonSchema)]
struct Own {
    lines: Vec<Line>,
    /// Where whoever may define another does.
    #[serde(skip)]
    new: Option<String>,
}

/// Every indicator.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "impact_list.html")]
struct ListPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    count: usize,
    /// What the programme defined for itself; nothing where no programme is asked about.
    own: Option<Own>,
    themes: Vec<Theme>,
    /// Whose figures the links lead to.
    #[serde(skip)]
    query: String,
}

fn line(indicator: &Indicator) -> Line {
    Line {
        code: indicator.code.clone(),
        name: indicator.name.clone(),
        definition: indicator.definition.clone(),
    }
}

/// Definitions that come with Tiwizi are open to everybody; a programme's own ones to whoever sees its figures.
fn own(ctx: &Ctx) -> Result<Option<Own>> {
    let Some(programme) = ctx.query.parse::<Id>("programme") else { return Ok(None) };
    ctx.read(|db| {
        let standing = ctx.viewer.standing(db, programme)?;
        if standing < Some(Standing::Shared) {
            return Ok(None);
        }
        let lines = own::of(db, programme)?.iter().map(|indicator| line(indicator)).collect();
        let new = (standing >= Some(Standing::Steward))
            .then(|| format!("/programmes/{programme}/own-indicators/new"));
        Ok(Some(Own { lines, new }))
    })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let own = own(ctx)?;
    let mut themes: Vec<(&str, Theme)> = Vec::new();
    for indicator in indicator::all()? {
        match themes.iter_mut().find(|(code, _)| *code == indicator.theme) {
            Some((_, theme)) => theme.lines.push(line(indicator)),
            None => {
                let name = w.t2("impact.theme", &indicator.theme);
                themes.push((&indicator.theme, Theme { name, lines: vec![line(indicator)] }));
            }
        }
    }
    let mut asked = ctx.query.clone();
    asked.0.retain(|(name, _)| name != "done");
    let query = if asked.0.is_empty() { String::new() } else { format!("?{}", asked.to_query()) };
    let page = ListPage {
        w,
        count: indicator::all()?.len() + own.as_ref().map_or(0, |own| own.lines.len()),
        own,
        themes: themes.into_iter().map(|(_, theme)| theme).collect(),
        query,
    };
    ctx.page(&w.t("impact.indicators"), &page)
}
