//! `POST /basket/orders`: the basket becomes one order for each cooperative, asked for or ordered at the prices that were
//! shown.

use jiff::ToSpan;
use kernel::kinds::{Choice as _, Money};
use kernel::room::{Route, post};
use kernel::{Ctx, Error, Fields, Id, Reply, Result, Standing, Tx};

use super::basket::{self, Of};
use crate::basket::Basket;
use crate::line::Line;
use crate::order::{self, SaleOrder, SaleStatus};
use crate::quotation::{self, Quotation, Terms};
use crate::{link, reserve};

/// Writes without an account are few: one sender makes at most so many in a minute.
const ATTEMPTS: u32 = 60;

/// What the buyer says; the house fills in the rest.
const TYPED: &[&str] = &["name", "buyer", "phone", "email", "country", "town", "wanted", "note"];

pub(super) fn routes() -> Vec<Route> {
    vec![post("/basket/orders", create).open().takes::<SaleOrder>()]
}

fn create(ctx: &Ctx) -> Result<Reply> {
    ctx.attempt("order", ATTEMPTS)?;
    let secret = ctx.form.text("secret").unwrap_or_default().to_owned();
    if !link::is_secret(&secret) {
        return Err(Error::refused("error.form"));
    }
    let basket = basket::held(ctx);
    let made = ctx.write(|tx| {
        // A repeat leads to what the first one made.
        if link::orders(tx, &secret).is_ok() {
            return Ok(());
        }
        make(ctx, tx, &secret, &basket)
    });
    match made {
        Ok(()) => {
            let done = if orders(ctx) { "sale_ordered" } else { "sale_asked" };
            Ok(basket::keep(ctx.done(&format!("/bought/{secret}"), done)?, &Basket::default()))
        }
        Err(Error::Invalid(errors)) if !ctx.json => basket::page(ctx, 422, ctx.form.clone(), errors),
        Err(error) => Err(error),
    }
}

/// True if the buyer orders at the prices shown; else they ask for a quotation.
fn orders(ctx: &Ctx) -> bool {
    ctx.form.get("act") == Some("order")
}

fn make(ctx: &Ctx, tx: &mut Tx<'_>, secret: &str, basket: &Basket) -> Result<()> {
    let (mut of, gone) = basket::look(ctx, tx, basket)?;
    // In one order for everybody: two baskets never wait for each other.
    of.sort_by_key(|of| of.organisation);
    if of.is_empty() || gone > 0 {
        return Err(Error::refused(if gone > 0 { "basket.gone_refused" } else { "basket.empty_refused" }));
    }
    if ctx.form.text("phone").is_none() && ctx.form.text("email").is_none() {
        return Err(Error::field("phone", "sale_order.reachable"));
    }
    for of in &of {
        make_one(ctx, tx, secret, of)?;
    }
    Ok(())
}

fn make_one(ctx: &Ctx, tx: &mut Tx<'_>, secret: &str, of: &Of) -> Result<()> {
    let id = Id::named(&format!("{secret} {}", of.organisation));
    let mut form = Fields::default();
    for (name, text) in ctx.form.0.iter().filter(|(name, _)| TYPED.contains(&name.as_str())) {
        form.push(name.clone(), text.clone());
    }
    form.set("organisation", of.organisation.to_string());
    form.set("number", order::next_number(tx, of.organisation)?.to_string());
    form.set("asked", kernel::today().to_string());
    form.set("language", ctx.w.lang.code());
    form.set("status", SaleStatus::Asked.code());
    form.set("spot", "no");
    let made = kernel::record::create::<SaleOrder>(tx, id, &form, Standing::Steward)?;
    if made.wanted.is_some_and(|wanted| wanted < kernel::today()) {
        return Err(Error::field("wanted", "error.date_range"));
    }
    let mut lines = Vec::new();
    for chosen in &of.chosen {
        let article = market::sale::article(ctx, tx, chosen.id)?;
        let line = Line::of_article(made.id, &article, chosen.count);
        kernel::record::insert(tx, &line)?;
        lines.push((line, chosen.price.clone()));
    }
    link::add(tx, secret, made.id)?;
    if orders(ctx) { agree(ctx, tx, made, &lines, of) } else { Ok(()) }
}

/// Orders at the prices that everybody reads: a quotation that is accepted as it is made.
fn agree(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    order: SaleOrder,
    lines: &[(Line, Option<Money>)],
    of: &Of,
) -> Result<()> {
    let total =
        of.total.clone().filter(|_| of.orderable()).ok_or_else(|| Error::refused("basket.not_orderable"))?;
    // What the buyer saw is what they agreed to.
    if ctx.form.text(&format!("seen.{}", of.organisation))
        != Some(&format!("{} {}", total.minor, total.currency))
    {
        return Err(Error::refused("basket.prices_changed"));
    }
    let all: Vec<Line> = lines.iter().map(|(line, _)| line.clone()).collect();
    reserve::check(tx, ctx.w, order.id, &all)?;
    let prices: Vec<(Id, Money)> =
        lines.iter().filter_map(|(line, price)| Some((line.id, price.clone()?))).collect();
    let today = kernel::today();
    let quotation = Quotation {
        id: Id::named(&format!("{} 1", order.id)),
        version: 1,
        organisation: order.organisation,
        sale_order: order.id.into(),
        number: 1,
        dated: today,
        valid_until: today.saturating_add(1.days()),
        ready: None,
        terms: Terms::OnDelivery,
        incoterm: None,
        named_place: None,
        delivery: None,
        note: None,
        total,
        accepted: Some(today),
    };
    quotation::keep(tx, &quotation, &prices)?;
    SaleOrder { ordered: Some(today), ..order }.moves(tx, SaleStatus::Ordered).map(|_| ())
}
