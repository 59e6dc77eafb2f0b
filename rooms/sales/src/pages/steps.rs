//! The steps of an order on the cooperative's side: declined, prepared, delivered, paid.

use kernel::room::{Route, post};
use kernel::{Ctx, Error, Id, Reply, Result, Standing, Tx, Upload};

use super::order::{Part, page};
use crate::order::{self, SaleOrder, SaleStatus, not_now};
use crate::payment::{self, Payment, PaymentStatus};
use crate::{prepare, quotation};

pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/sales/{sale_order}/refusal", decline),
        post("/sales/{sale_order}/preparation", prepared),
        post("/sales/{sale_order}/delivery", deliver),
        post("/sales/{sale_order}/payments", pay).upload().takes::<Payment>(),
        post("/sale-payments/{sale_payment}/receipt", receive),
        post("/sale-payments/{sale_payment}/absence", miss),
    ]
}

fn done(ctx: &Ctx, word: &str) -> Result<Reply> {
    ctx.done(&format!("/sales/{}", ctx.id("sale_order")?), word)
}

/// The cooperative cannot: it says why, and the buyer reads it.
fn decline(ctx: &Ctx) -> Result<Reply> {
    let reason = ctx.form.text("reason").map(str::to_owned);
    let reason = reason.ok_or_else(|| Error::refused("sale_order.reason_needed"))?;
    if reason.chars().count() > 500 {
        return Err(Error::Refused(kernel::Wrong::new("error.too_long").with("most", 500)));
    }
    ctx.write(|tx| {
        let order = order::open_held(ctx, tx)?;
        match order.status {
            SaleStatus::Declined => Ok(()),
            _ if order.is_open() => SaleOrder { reason: Some(reason.clone()), ..order }
                .moves(tx, SaleStatus::Declined)
                .map(|_| ()),
            _ => Err(not_now()),
        }
    })?;
    done(ctx, "sale_declined")
}

/// Everything is packed, from these lots.
fn prepared(ctx: &Ctx) -> Result<Reply> {
    let made = ctx.write(|tx| {
        let order = order::open_held(ctx, tx)?;
        prepare::prepare(tx, order, &ctx.form)
    });
    match made {
        Ok(_) => done(ctx, "sale_prepared"),
        Err(Error::Invalid(errors)) if !ctx.json => page(ctx, 422, Some(Part::Preparation), errors),
        Err(error) => Err(error),
    }
}

/// The buyer has it.
fn deliver(ctx: &Ctx) -> Result<Reply> {
    ctx.write(|tx| {
        let order = order::open_held(ctx, tx)?;
        match order.status {
            SaleStatus::Delivered => Ok(()),
            SaleStatus::Prepared => {
                let delivered = Some(ctx.day());
                SaleOrder { delivered, ..order }.moves(tx, SaleStatus::Delivered).map(|_| ())
            }
            _ => Err(not_now()),
        }
    })?;
    done(ctx, "sale_delivered")
}

/// The cooperative writes down what it received.
fn pay(ctx: &Ctx) -> Result<Reply> {
    let upload = ctx.uploads.iter().find(|upload| upload.field == "proof" && !upload.bytes.is_empty());
    ctx.read(|db| order::open(ctx, db))?;
    let proof = upload.map(|upload| proof(&upload.bytes)).transpose()?;
    let kept = ctx.write(|tx| {
        let order = order::open_held(ctx, tx)?;
        if !order.is_agreed() {
            return Err(not_now());
        }
        keep_payment(ctx, tx, &order, proof.clone(), PaymentStatus::Received)
    });
    match kept {
        Ok(()) => done(ctx, "payment_received"),
        Err(Error::Invalid(errors)) if !ctx.json => page(ctx, 422, Some(Part::Payment), errors),
        Err(error) => Err(error),
    }
}

/// The photo of a slip, drawn again: without the place and hour that a telephone wrote into it.
pub(super) fn proof(bytes: &[u8]) -> Result<Vec<u8>> {
    kernel::picture::small(bytes, "proof")
}

/// Keeps a payment of an order that the caller holds. The same again changes nothing.
pub(super) fn keep_payment(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    order: &SaleOrder,
    proof: Option<Vec<u8>>,
    status: PaymentStatus,
) -> Result<()> {
    let id: Id = ctx.new_id();
    if kernel::record::find::<Payment>(tx, id)?.is_some_and(|there| there.sale_order.id == order.id) {
        return Ok(());
    }
    let total = quotation::of(tx, order.id)?.into_iter().next().ok_or_else(not_now)?.total;
    let mut form = ctx.form.clone();
    form.set("organisation", order.organisation.id.to_string());
    form.set("sale_order", order.id.to_string());
    form.set("status", kernel::kinds::Choice::code(&status));
    form.set("proof", "");
    if let Some(bytes) = proof {
        let upload = Upload { field: "proof".into(), name: "recu.jpg".into(), bytes };
        let file = kernel::files::keep_as(&ctx.app, tx, &upload, order.organisation.id, "image/jpeg")?;
        form.set("proof", file.to_string());
    }
    kernel::record::create::<Payment>(tx, id, &form, Standing::Steward)?.check_sound(order, &total)
}

fn decide(ctx: &Ctx, status: PaymentStatus, word: &str) -> Result<Reply> {
    let order = ctx.write(|tx| {
        let payment = kernel::record::get::<Payment>(tx, ctx.id("sale_payment")?)?;
        ctx.standing(tx, payment.organisation.id, Standing::File)?;
        market::hand(ctx, tx, payment.organisation.id);
        order::hold(tx, payment.sale_order.id)?;
        let payment = kernel::record::get::<Payment>(tx, payment.id)?;
        let order = payment.sale_order.id;
        payment::decide(tx, payment, status)?;
        Ok(order)
    })?;
    ctx.done(&format!("/sales/{order}#payments"), word)
}

/// What the buyer announced came.
fn receive(ctx: &Ctx) -> Result<Reply> {
    decide(ctx, PaymentStatus::Received, "payment_received")
}

/// What the buyer announced did not come.
fn miss(ctx: &Ctx) -> Result<Reply> {
    decide(ctx, PaymentStatus::Missing, "payment_missing")
}
