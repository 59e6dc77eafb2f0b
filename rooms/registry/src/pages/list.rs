//! The list of organisations, and the suggestions while somebody types.

use askama::Template;
use kernel::{Ctx, Db, Html, Json, Reply, Result, Viewer, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::filters::{filter_of, filters};
use crate::TEAM;
use crate::organisation::{self, Filter, Line};

/// Lines on one page of a list.
const PAGE: usize = 50;

/// A list of organisations.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "registry_list.html")]
pub(crate) struct ListPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    /// How many the viewer finds with this filter.
    count: i64,
    organisations: Vec<Line>,
    /// Query string of the next page.
    next: Option<String>,
    #[serde(skip)]
    filters: Html,
    #[serde(skip)]
    query: String,
    #[serde(skip)]
    may_register: bool,
    #[serde(skip)]
    filtered: bool,
}

pub(super) fn list(ctx: &Ctx) -> Result<Reply> {
    let filter = filter_of(&ctx.query);
    let (count, organisations, next) = ctx.read(|db| some(db, ctx, &ctx.viewer, &filter))?;
    let page = ListPage {
        w: ctx.w,
        count,
        next,
        organisations,
        filters: filters(ctx.w, "/organisations", &ctx.query, &filter)?,
        query: ctx.query.query_with(&[("after", ""), ("done", ""), ("lang", "")]),
        may_register: ctx.viewer.has_role(TEAM),
        filtered: !ctx.query.0.is_empty(),
    };
    ctx.page(&ctx.w.t("registry.list.title"), &page)
}

/// How many a viewer finds, a page of them, and the query string of the page after it.
pub(crate) fn some(
    db: &mut Db,
    ctx: &Ctx,
    viewer: &Viewer,
    filter: &Filter,
) -> Result<(i64, Vec<Line>, Option<String>)> {
    let found = filter.found(db, viewer)?;
    let page = found.page(db, ctx.query.text("after"), PAGE)?;
    let next =
        page.next.as_ref().map(|next| ctx.query.query_with(&[("after", next), ("done", ""), ("lang", "")]));
    Ok((found.count(), organisation::lines(db, &page)?, next))
}

pub(super) fn suggest(ctx: &Ctx) -> Result<Reply> {
    let filter = Filter {
        text: ctx.query.get("q").filter(|q| q.trim().chars().count() >= 2).map(str::to_owned),
        ..Filter::default()
    };
    let lines = match filter.text {
        None => Vec::new(),
        Some(_) => ctx.read(|db| {
            let page = filter.found(db, &ctx.viewer)?.page(db, None, 8)?;
            organisation::lines(db, &page)
        })?,
    };
    let offered: Vec<Json> = lines
        .iter()
        .map(|line| {
            let name = line.name.best(ctx.w.lang);
            serde_json::json!({ "value": name, "label": kernel::territory::path(&line.place, ctx.w.lang), "href": format!("/organisations/{}", line.id) })
        })
        .collect();
    ctx.data(&offered)
}
