//! `/products`: what the cooperatives make on whose files the viewer works.

use askama::Template;
use kernel::room::{Route, get};
use kernel::{Ctx, Id, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::product::{self, Line, PAGE, ProductStatus};

pub(super) fn routes() -> Vec<Route> {
    let roles = &["manager", "coach", "representative"];
    vec![get("/products", show).role(roles).query(&["before"]).answers::<ListPage>()]
}

/// Products of the cooperatives whose file the viewer works on.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "market_list.html")]
struct ListPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    products: Vec<Line>,
    /// Where those before the last one are read.
    more: Option<Id>,
}

impl ListPage {
    fn tone(&self, line: &Line) -> &'static str {
        tone(line.status)
    }
}

/// The colour that goes with the word of a status.
pub(crate) fn tone(status: ProductStatus) -> &'static str {
    match status {
        ProductStatus::Draft => "wait",
        ProductStatus::Published => "good",
        ProductStatus::Withdrawn => "plain",
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let mut products = ctx.read(|db| product::mine(db, &ctx.viewer, ctx.query.parse("before")))?;
    let goes_on = products.len() > PAGE as usize;
    products.truncate(PAGE as usize);
    let more = products.last().map(|line| line.id).filter(|_| goes_on);
    ctx.page(&ctx.w.t("nav.products"), &ListPage { w: ctx.w, products, more })
}
