//! What selling tells on other pages: the button of a product, the orders of a cooperative, its tile.

use askama::Template;
use jiff::ToSpan;
use kernel::kinds::{Money, Multi};
use kernel::room::Panel;
use kernel::{Ctx, Db, Error, Html, Id, Result, Shown, Standing, Words};
use market::{Buyer, Making, Product, ProductStatus};
use people::Voices;
use serde::Serialize;

use crate::order::{self, SaleStatus};
use crate::{payment, reserve};

pub(crate) fn panels() -> Vec<Panel> {
    let panel = |name, place, order, side, read, show| Panel { name, place, order, side, read, show };
    vec![
        panel("buy", "market.product", 10, true, Standing::Public, buy),
        panel("sales", "registry.organisation", 16, true, Standing::File, of_organisation),
        panel("sales", "registry.space", 46, false, Standing::File, tiles),
    ]
}

fn shown<T: Template + Serialize>(panel: &T) -> Result<Option<Shown>> {
    let html = Html(panel.render().map_err(Error::internal)?);
    Ok(Some(Shown { html, data: serde_json::to_value(panel)? }))
}

/// Something that can be put in the basket.
#[derive(Serialize)]
struct Offered {
    article: Id,
    name: Multi,
    price: Option<Money>,
    /// How many can be had, where lots are kept: few are told, [`FEW`] and one stand for more.
    free: Option<i64>,
}

impl Offered {
    fn many(&self) -> bool {
        self.free.is_some_and(|free| free > FEW)
    }
}

/// Up to so many, buyers are told how many are left; what lies in store beyond is the cooperative's own affair.
const FEW: i64 = 10;

/// The way into the basket.
#[derive(Template, Serialize)]
#[template(path = "sales_buy.html")]
struct Buy {
    #[serde(skip)]
    w: Words,
    articles: Vec<Offered>,
    to_order: bool,
    /// How many articles are in the reader's basket.
    chosen: i64,
}

fn buy(ctx: &Ctx, db: &mut Db, product: Id) -> Result<Option<Shown>> {
    let product = kernel::record::get::<Product>(db, product)?;
    if product.status != ProductStatus::Published {
        return Ok(None);
    }
    let mut articles = Vec::new();
    for article in market::sale::articles(db, &product)? {
        articles.push(Offered {
            price: market::sale::prices(db, &article, Buyer::Individual)?.into_iter().next(),
            free: reserve::free(db, &product, Id::default())?
                .map(|free| (free / article.content()).min(FEW + 1)),
            article: article.id(),
            name: article.pack.map_or(product.name.clone(), |pack| pack.name),
        });
    }
    let chosen = crate::pages::held(ctx).0.len() as i64;
    shown(&Buy { w: ctx.w, articles, to_order: product.making == Making::ToOrder, chosen })
}

/// How many orders wait.
#[derive(Template, Serialize)]
#[template(path = "sales_panel.html")]
struct OfOrganisation {
    #[serde(skip)]
    w: Words,
    asked: i64,
    ordered: i64,
    delivered: i64,
    organisation: Id,
    /// True for who may say which account takes cards.
    money: bool,
}

fn counted(ctx: &Ctx, db: &mut Db, id: Id) -> Result<OfOrganisation> {
    Ok(OfOrganisation {
        w: ctx.w,
        asked: order::waiting(db, id, SaleStatus::Asked)?,
        ordered: order::waiting(db, id, SaleStatus::Ordered)?,
        delivered: order::waiting(db, id, SaleStatus::Delivered)?,
        organisation: id,
        money: crate::card::standing(ctx, db, id).is_ok(),
    })
}

fn of_organisation(ctx: &Ctx, db: &mut Db, id: Id) -> Result<Option<Shown>> {
    let panel = counted(ctx, db, id)?;
    let sells = !market::counter::offers(db, &[id])?.is_empty();
    if panel.asked + panel.ordered + panel.delivered == 0 && !sells { Ok(None) } else { shown(&panel) }
}

/// In the cooperative's own space, three things: what is to prepare, what was paid, what is asked; and the
/// counter.
#[derive(Template, Serialize)]
#[template(path = "sales_tile.html")]
struct Tiles {
    #[serde(skip)]
    w: Words,
    organisation: Id,
    to_do: i64,
    asked: i64,
    /// What was received lately, by currency, the most first.
    received: Vec<Money>,
    /// Payments of which buyers say that they made them.
    announced: i64,
    #[serde(skip)]
    voices: Voices,
}

fn tiles(ctx: &Ctx, db: &mut Db, id: Id) -> Result<Option<Shown>> {
    let counted = counted(ctx, db, id)?;
    let voices = Voices::of_words(ctx, db)?;
    let received = payment::received_since(db, id, ctx.day().saturating_sub(LATELY.days()))?;
    let announced = payment::announced(db, id)?;
    shown(&Tiles {
        w: ctx.w,
        organisation: id,
        to_do: counted.ordered,
        asked: counted.asked,
        received,
        announced,
        voices,
    })
}

/// Days of which the tile tells what was paid.
const LATELY: i64 = 30;
