//! The same organisations on a map, with its table.

use askama::Template;
use kernel::{Ctx, Html, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::filters::{filter_of, filters};
use crate::organisation;

/// The organisations a viewer finds, on a map and in its table.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "registry_map.html")]
pub(crate) struct MapPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    count: i64,
    /// Divisions and how many organisations lie in each.
    divisions: Vec<DivisionCount>,
    #[serde(skip)]
    #[schemars(skip)]
    picture: Option<crate::directory::Picture>,
    #[serde(skip)]
    filters: Html,
    #[serde(skip)]
    query: String,
}

/// How many organisations lie in a division.
#[derive(Serialize, JsonSchema)]
pub struct DivisionCount {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How many.
    pub count: i64,
    /// Where they are listed.
    pub href: String,
}

pub(super) fn map(ctx: &Ctx) -> Result<Reply> {
    let filter = filter_of(&ctx.query);
    let communes = ctx.read(|db| {
        let found = filter.found(db, &ctx.viewer)?;
        organisation::count_by_commune(db, &found)
    })?;
    let count = communes.iter().map(|(_, n)| n).sum();
    let (divisions, picture) =
        crate::directory::count_map(ctx, "/organisations/map", &communes, filter.territory.as_deref())?;
    let page = MapPage {
        w: ctx.w,
        count,
        divisions,
        picture,
        filters: filters(ctx.w, "/organisations/map", &ctx.query, &filter)?,
        query: ctx.query.query_with(&[("done", ""), ("lang", "")]),
    };
    ctx.page(&ctx.w.t("registry.map.title"), &page)
}
