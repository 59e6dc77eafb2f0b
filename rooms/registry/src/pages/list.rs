//! The list of organisations, and the suggestions while somebody types.

use askama::Template;
use kernel::{Ctx, Fields, Html, Json, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::filters::{filter_of, filters};
use crate::TEAM;
use crate::organisation::{self, Filter, Line};

/// Lines on one page of a list.
const PAGE: i64 = 50;

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
    let after = ctx.query.text("after").and_then(|cursor| cursor.rsplit_once('~'));
    let (count, lines) = ctx.read(|db| {
        let lines = organisation::list(db, &ctx.viewer, &filter, after, PAGE + 1)?;
        // What fits on the first page is counted already.
        let whole = after.is_none() && lines.len() <= PAGE as usize;
        let count = if whole { lines.len() as i64 } else { organisation::count(db, &ctx.viewer, &filter)? };
        Ok((count, lines))
    })?;
    let next = next_page(&ctx.query, &lines);
    let page = ListPage {
        w: ctx.w,
        count,
        next,
        organisations: lines.into_iter().take(PAGE as usize).collect(),
        filters: filters(ctx.w, "/organisations", &ctx.query, &filter)?,
        query: ctx.query.query_with(&[("after", ""), ("done", ""), ("lang", "")]),
        may_register: ctx.viewer.has_role(TEAM),
        filtered: !ctx.query.0.is_empty(),
    };
    ctx.page(&ctx.w.t("registry.list.title"), &page)
}

/// The query string of the page after these lines, if there is one.
pub(crate) fn next_page(query: &Fields, lines: &[Line]) -> Option<String> {
    let last = lines.get(PAGE as usize - 1).filter(|_| lines.len() > PAGE as usize)?;
    Some(query.query_with(&[("after", &format!("{}~{}", last.sort, last.id)), ("done", ""), ("lang", "")]))
}

pub(super) fn suggest(ctx: &Ctx) -> Result<Reply> {
    let filter = Filter {
        text: ctx.query.get("q").filter(|q| q.trim().chars().count() >= 2).map(str::to_owned),
        ..Filter::default()
    };
    let lines = match filter.text {
        None => Vec::new(),
        Some(_) => ctx.read(|db| organisation::list(db, &ctx.viewer, &filter, None, 8))?,
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
