//! `/basket`: what somebody chose, by cooperative, and who they are.

use askama::Template;
use kernel::kinds::{Money, Multi};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Fields, Form, Id, Reply, Result, Standing, Words};
use market::{Buyer, Making};
use registry::Organisation;
use schemars::JsonSchema;
use serde::Serialize;

use crate::basket::Basket;
use crate::order::SaleOrder;
use crate::reserve;

/// The cookie of a basket, and how long it is kept: a month.
const COOKIE: &str = "tiwizi_basket";
const KEPT: i64 = 30 * 86_400;

pub(super) fn routes() -> Vec<Route> {
    vec![get("/basket", show).open().answers::<BasketPage>(), post("/basket", put).open()]
}

/// An article of a basket.
#[derive(Serialize, JsonSchema)]
pub(super) struct Chosen {
    /// The pack, or the product where it is sold by the unit.
    pub(super) id: Id,
    product: Id,
    pub(super) name: Multi,
    pub(super) count: i64,
    /// What one costs an individual.
    pub(super) price: Option<Money>,
    /// What all of it costs.
    pub(super) sum: Option<Money>,
    /// How many can be had, where lots are kept.
    pub(super) free: Option<i64>,
    to_order: bool,
}

/// What is chosen of one cooperative.
#[derive(Serialize, JsonSchema)]
pub(super) struct Of {
    pub(super) organisation: Id,
    pub(super) holder: Multi,
    pub(super) chosen: Vec<Chosen>,
    /// What it comes to, if everything has a price in one currency.
    pub(super) total: Option<Money>,
}

impl Of {
    /// True if it can be ordered at once: everything has a price and is there, or is made to order.
    pub(super) fn orderable(&self) -> bool {
        let there = |chosen: &Chosen| chosen.to_order || chosen.free.is_some_and(|free| free >= chosen.count);
        self.total.is_some() && self.chosen.iter().all(there)
    }
}

/// A basket.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sales_basket.html")]
pub(super) struct BasketPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    pub(super) of: Vec<Of>,
    /// What was chosen and can no longer be had.
    gone: i64,
    /// The secret of the link by which the buyer finds the orders again.
    secret: String,
    #[serde(skip)]
    #[schemars(skip)]
    form: Form,
}

impl BasketPage {
    pub(super) fn orderable(&self) -> bool {
        self.of.iter().all(Of::orderable)
    }
}

/// The basket that the browser holds.
pub(crate) fn held(ctx: &Ctx) -> Basket {
    let cookies = ctx.header("cookie").split(';');
    let own = cookies.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == COOKIE);
    own.map(|(_, text)| Basket::read(text)).unwrap_or_default()
}

/// The same reply, with this basket in the browser.
pub(super) fn keep(reply: Reply, basket: &Basket) -> Reply {
    let age = if basket.0.is_empty() { 0 } else { KEPT };
    reply.with_cookie(COOKIE, basket.write(), age)
}

/// What is in a basket, by cooperative, at today's prices, and how many articles can no longer be had.
pub(super) fn look(ctx: &Ctx, db: &mut Db, basket: &Basket) -> Result<(Vec<Of>, i64)> {
    let (mut of, mut gone) = (Vec::<Of>::new(), 0);
    for (id, count) in &basket.0 {
        let article = match market::sale::article(ctx, db, *id) {
            Ok(article) => article,
            Err(Error::NotFound | Error::SignIn | Error::Forbidden) => {
                gone += 1;
                continue;
            }
            Err(error) => return Err(error),
        };
        let price = market::sale::prices(db, &article, Buyer::Individual)?.into_iter().next();
        let sum = price.as_ref().and_then(|price| {
            Some(Money { minor: price.minor.checked_mul(*count)?, currency: price.currency.clone() })
        });
        let free = reserve::free(db, &article.product, Id::default())?.map(|free| free / article.content());
        let organisation = article.product.organisation.id;
        let chosen = Chosen {
            id: *id,
            product: article.product.id,
            name: article.name(),
            count: *count,
            price,
            sum,
            free,
            to_order: article.product.making == Making::ToOrder,
        };
        match of.iter_mut().find(|of| of.organisation == organisation) {
            Some(of) => of.chosen.push(chosen),
            None => {
                let holder = kernel::record::get::<Organisation>(db, organisation)?.name;
                of.push(Of { organisation, holder, chosen: vec![chosen], total: None });
            }
        }
    }
    for of in &mut of {
        of.total = total(&of.chosen);
    }
    Ok((of, gone))
}

/// The sum, if everything has a price in one currency.
fn total(chosen: &[Chosen]) -> Option<Money> {
    let mut sums = chosen.iter().map(|chosen| chosen.sum.as_ref());
    let first = sums.next()??.clone();
    sums.try_fold(first, |all, sum| {
        let sum = sum.filter(|sum| sum.currency == all.currency)?;
        Some(Money { minor: all.minor.checked_add(sum.minor)?, currency: all.currency })
    })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, Fields::of([("country", "MA"), ("buyer", "individual")]), Vec::new())
}

/// The page of a basket with what was typed.
pub(super) fn page(ctx: &Ctx, status: u16, typed: Fields, errors: Vec<FieldError>) -> Result<Reply> {
    let (of, gone) = ctx.read(|db| look(ctx, db, &held(ctx)))?;
    let secret = match typed.get("secret") {
        Some(secret) if crate::link::is_secret(secret) => secret.to_owned(),
        _ => people::fresh_secret()?,
    };
    let form = Form::of::<SaleOrder>(ctx.w, typed, Standing::Steward).refused(errors);
    ctx.page_with_status(status, &ctx.w.t("basket.title"), &BasketPage { w: ctx.w, of, gone, secret, form })
}

/// Puts an article in the basket, changes how many, or takes it out.
fn put(ctx: &Ctx) -> Result<Reply> {
    ctx.attempt("basket", 120)?;
    let id: Id = ctx.form.parse("article").ok_or_else(|| Error::refused("error.form"))?;
    let count = ctx.form.text("count").unwrap_or("1").trim().parse::<i64>();
    let count = count.map_err(|_| Error::field("count", "error.number"))?;
    let mut basket = held(ctx);
    if count > 0 {
        // Whoever may not know of an article is told no more than that it cannot be had.
        let hidden = |_| Error::refused("basket.gone_refused");
        ctx.read(|db| Ok(market::sale::article(ctx, db, id).map(|_| ())))?.map_err(hidden)?;
    }
    let count =
        if ctx.form.get("act") == Some("add") { count.saturating_add(basket.count(id)) } else { count };
    if !basket.put(id, count) {
        return Err(Error::refused("basket.full"));
    }
    Ok(keep(ctx.done("/basket", "basket_kept")?, &basket))
}
