//! `/bought/{secret}`: the orders of a buyer who has no account, and what they can do: accept, step back, say they paid.

use askama::Template;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Fields, Form, Html, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::shown::{self, OrderShown};
use crate::order::{SaleStatus, not_now};
use crate::payment::{Payment, PaymentStatus, by_hand};
use crate::{link, quotation};

/// One sender writes at most so often in a minute.
const ATTEMPTS: u32 = 30;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/bought/{secret}", show).open().answers::<BoughtPage>(),
        post("/bought/{secret}/acceptance", accept).open(),
        post("/bought/{secret}/cancellation", cancel).open(),
        post("/bought/{secret}/payments", pay).open().upload().takes::<Payment>(),
    ]
}

/// The orders of a buyer.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sales_bought.html")]
struct BoughtPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    orders: Vec<OrderShown>,
    /// What other rooms tell of each order.
    panels: Vec<serde_json::Map<String, kernel::Json>>,
    #[serde(skip)]
    #[schemars(skip)]
    told: Vec<Vec<Html>>,
    name: String,
    #[serde(skip)]
    link: String,
    #[serde(skip)]
    secret: String,
    /// The order whose payment was refused.
    #[serde(skip)]
    refused: Option<Id>,
    #[serde(skip)]
    #[schemars(skip)]
    form: Form,
    #[serde(skip)]
    new: Id,
}

impl BoughtPage {
    /// What other rooms show of the order at this place of the page.
    fn more(&self, at: &usize) -> &[Html] {
        self.told.get(*at).map_or(&[], Vec::as_slice)
    }
    fn opened(&self, order: &OrderShown) -> bool {
        self.refused == Some(order.id)
    }
    /// An attempt to pay by card, not begun yet.
    fn attempt(&self) -> Id {
        Id::new()
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let today = kernel::today().to_string();
    page(ctx, 200, Fields::of([("day", &*today)]), None, Vec::new())
}

fn page(
    ctx: &Ctx,
    status: u16,
    typed: Fields,
    refused: Option<Id>,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let secret = ctx.param("secret")?;
    let (orders, name, panels) = ctx.read(|db: &mut Db| {
        let found = link::orders(db, secret)?;
        let name = found.first().map(|order| order.name.clone()).unwrap_or_default();
        let orders = found.iter().map(|order| shown::order(ctx.w, db, order)).collect::<Result<Vec<_>>>()?;
        let panels = found.iter().map(|order| ctx.panels(db, "sales.bought", order.id, Standing::Public));
        Ok((orders, name, panels.collect::<Result<Vec<_>>>()?))
    })?;
    let (panels, told) = panels.into_iter().map(|found| (found.data, found.wide)).unzip();
    let page = BoughtPage {
        w: ctx.w,
        orders,
        panels,
        told,
        name,
        link: ctx.link(&format!("/bought/{secret}")),
        secret: secret.to_owned(),
        refused,
        form: Form::of::<Payment>(ctx.w, typed, Standing::File)
            .offer("means", by_hand(ctx.w))
            .refused(errors),
        new: ctx.new_id(),
    };
    ctx.page_with_status(status, &ctx.w.t("bought.title"), &page)
}

fn done(ctx: &Ctx, word: &str) -> Result<Reply> {
    ctx.done(&format!("/bought/{}", ctx.param("secret")?), word)
}

/// The buyer accepts the quotation that they read.
fn accept(ctx: &Ctx) -> Result<Reply> {
    ctx.attempt("purchase", ATTEMPTS)?;
    ctx.write(|tx| {
        let order = link::order_held(ctx, tx)?;
        let id: Id = ctx.form.parse("quotation").ok_or(Error::NotFound)?;
        quotation::accept(tx, ctx.w, order, id)
    })?;
    done(ctx, "sale_ordered")
}

/// The buyer steps back, while nothing is prepared.
fn cancel(ctx: &Ctx) -> Result<Reply> {
    ctx.attempt("purchase", ATTEMPTS)?;
    ctx.write(|tx| {
        let order = link::order_held(ctx, tx)?;
        match order.status {
            SaleStatus::Cancelled => Ok(()),
            _ if order.is_open() => order.moves(tx, SaleStatus::Cancelled).map(|_| ()),
            _ => Err(Error::refused("sale_order.too_late")),
        }
    })?;
    done(ctx, "sale_cancelled")
}

/// The buyer says that they paid, with a photo of the slip if they have one. It counts once the cooperative received it.
fn pay(ctx: &Ctx) -> Result<Reply> {
    ctx.attempt("purchase", ATTEMPTS)?;
    let proof = ctx.uploads.iter().find(|upload| upload.field == "proof");
    // Who holds no link of this order has nothing drawn again for them.
    ctx.read(|db| link::orders(db, ctx.param("secret")?))?;
    let proof = proof.map(|proof| super::steps::proof(&proof.bytes)).transpose()?;
    let kept = ctx.write(|tx| {
        let order = link::order_held(ctx, tx)?;
        if !order.is_agreed() {
            return Err(not_now());
        }
        super::steps::keep_payment(ctx, tx, &order, proof.clone(), PaymentStatus::Announced)
    });
    match kept {
        Ok(()) => done(ctx, "payment_announced"),
        Err(Error::Invalid(errors)) if !ctx.json => {
            page(ctx, 422, ctx.form.clone(), ctx.form.parse("order"), errors)
        }
        Err(error) => Err(error),
    }
}
