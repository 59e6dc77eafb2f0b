//! `/catalogue/calendar`: which product there is in which month.

use askama::Template;
use kernel::kinds::Choice as _;
use kernel::page::Head;
use kernel::{Ctx, Html, Reply, Result, Words};
use registry::Month;
use schemars::JsonSchema;
use serde::Serialize;

use super::filters;
use crate::card::{self, Card};
use crate::catalogue::{self, Filter, Order};
use crate::told;

/// Most products on a page.
const PAGE: usize = 40;

/// A month, as the table names it.
#[derive(Serialize, JsonSchema)]
struct Column {
    number: u8,
    name: String,
    now: bool,
}

/// The calendar of seasons.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "market_calendar.html")]
pub(super) struct CalendarPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    /// How many products say in which months they are available.
    count: i64,
    months: Vec<Column>,
    products: Vec<Card>,
    next: Option<String>,
    misread: Vec<&'static str>,
    narrowed: bool,
    #[serde(skip)]
    #[schemars(skip)]
    filters: Html,
}

impl CalendarPage {
    fn face(&self, card: &Card) -> Html {
        card.face()
    }
    fn misread_names(&self) -> String {
        filters::names(self.w, &self.misread)
    }
}

pub(super) fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let mut asked = filters::asked(&ctx.query);
    asked.filter = Filter { seasonal: true, ..asked.filter };
    let this = kernel::today().month();
    let page = ctx.read(|db| {
        let found = asked.filter.found(db)?;
        let after = ctx.query.text("after");
        let page = catalogue::page(db, &found, Order::Name, after, PAGE)?;
        let column = |(at, code): (usize, &&str)| Column {
            number: at as u8 + 1,
            name: w.t2(Month::WORDS, code),
            now: at as i8 + 1 == this,
        };
        Ok(CalendarPage {
            w,
            count: found.count(),
            months: Month::CODES.iter().enumerate().map(column).collect(),
            products: card::of_page(db, &page)?,
            next: page
                .next
                .as_deref()
                .map(|next| ctx.query.query_with(&[("after", next), ("lang", ""), ("done", "")])),
            filters: filters::form(ctx, db, "/catalogue/calendar", &asked, &found, false)?,
            narrowed: asked.filter.narrows(),
            misread: asked.misread,
        })
    })?;
    let title = w.t("catalogue.calendar.title");
    let plain = !page.narrowed && page.misread.is_empty() && ctx.query.text("after").is_none();
    let head = Head {
        description: w.t("catalogue.calendar.lead").into_owned(),
        address: plain.then(|| "/catalogue/calendar".to_owned()),
        picture: None,
        kind: "website",
        data: vec![told::crumbs(ctx, &[(title.to_string(), "/catalogue/calendar".to_owned())])],
    };
    ctx.public_page(&title, &head, &page)
}
