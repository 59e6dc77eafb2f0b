//! `/catalogue`: published products, photos first.

use askama::Template;
use kernel::page::Head;
use kernel::{Ctx, Html, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::filters::{self, month_of};
use crate::card::{self, Card};
use crate::{catalogue, told};

/// Most products on a page.
const PAGE: usize = 24;

/// The catalogue.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "market_catalogue.html")]
pub(super) struct CataloguePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    /// How many products were found.
    count: i64,
    products: Vec<Card>,
    /// Where the next page is read.
    next: Option<String>,
    /// Names of filters that could not be understood and narrow nothing.
    misread: Vec<&'static str>,
    /// True if something is narrowed.
    narrowed: bool,
    #[serde(skip)]
    #[schemars(skip)]
    filters: Html,
    /// The month of today, as a number.
    #[serde(skip)]
    #[schemars(skip)]
    month: u8,
    /// True after the first page.
    #[serde(skip)]
    #[schemars(skip)]
    further: bool,
}

impl CataloguePage {
    fn face(&self, card: &Card) -> Html {
        card.face()
    }
    fn misread_names(&self) -> String {
        filters::names(self.w, &self.misread)
    }
}

pub(super) fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let asked = filters::asked(&ctx.query);
    let page = ctx.read(|db| {
        let found = asked.filter.found(db)?;
        let after = ctx.query.text("after");
        let page = catalogue::page(db, &found, asked.order, after, PAGE)?;
        Ok(CataloguePage {
            w,
            count: found.count(),
            products: card::of_page(db, &page)?,
            next: page
                .next
                .as_deref()
                .map(|next| ctx.query.query_with(&[("after", next), ("lang", ""), ("done", "")])),
            filters: filters::form(ctx, db, "/catalogue", &asked, &found, true)?,
            narrowed: asked.filter.narrows(),
            misread: asked.misread,
            month: month_of(kernel::today()).map_or(0, |_| kernel::today().month() as u8),
            further: after.is_some(),
        })
    })?;
    let plain =
        !page.narrowed && !page.further && page.misread.is_empty() && ctx.query.text("order").is_none();
    let head = Head {
        description: w.t("catalogue.description").into_owned(),
        address: plain.then(|| "/catalogue".to_owned()),
        picture: page.products.iter().find_map(|card| card.photo).map(|id| format!("/product-photos/{id}")),
        kind: "website",
        data: vec![told::list(ctx, &page.products), told::crumbs(ctx, &[])],
    };
    ctx.public_page(&w.t("catalogue.title"), &head, &page)
}
