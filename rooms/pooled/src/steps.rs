//! What moves an order on: each is one transaction, and the same again is harmless.

use kernel::kinds::Choice as _;
use kernel::room::{Route, post};
use kernel::{Ctx, Error, Id, Reply, Result, Standing, Tx};

use crate::order::{self, Order, Stage, hold, led};
use crate::part::{self, Answer, How, Place, Share, invite, places};
use crate::settlement::{self, Settlement};
use crate::{reserve, sharing};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        post("/pooled-orders/{pooled_order}/opening", open),
        post("/pooled-orders/{pooled_order}/allocation", allocate),
        post("/pooled-orders/{pooled_order}/counter-offer", counter),
        post("/pooled-orders/{pooled_order}/confirmation", confirm),
        post("/pooled-orders/{pooled_order}/cancellation", cancel),
        post("/pooled-orders/{pooled_order}/settlement", prepare),
        post("/pooled-settlements/{pooled_settlement}/signature", sign),
        post("/pooled-settlements/{pooled_settlement}/withdrawal", withdraw),
        post("/pooled-parts/{pooled_part}/answer", answer),
        post("/pooled-parts/{pooled_part}/closing", close),
    ]
}

/// Does something with an order as whoever works on the file of its lead.
fn led_by(ctx: &Ctx, anchor: &str, work: impl FnOnce(&mut Tx<'_>, Order) -> Result<()>) -> Result<Reply> {
    let id = ctx.write(|tx| {
        let order = led(ctx, tx)?;
        let id = order.id;
        part::hand(ctx, tx, order.lead.id);
        let order = hold(tx, id)?;
        work(tx, order).map(|()| id)
    })?;
    ctx.done(&format!("/pooled-orders/{id}#{anchor}"), "saved")
}

/// Opens the call: the rule and the specification stay as they are from now on; members of the union are invited.
fn open(ctx: &Ctx) -> Result<Reply> {
    let base = ctx.base_version();
    led_by(ctx, "call", |tx, order| {
        if order.stage == Stage::Open {
            return Ok(());
        }
        order::at(&order, &[Stage::Draft])?;
        // What is opened is what the page showed.
        if order.version != base {
            return Err(Error::field("stage", "pooled_order.stale"));
        }
        if order.closes < kernel::today() {
            return Err(Error::refused("pooled_order.closes_past"));
        }
        for member in part::affiliated(tx, order.lead.id)? {
            invite(tx, &order, member)?;
        }
        if places(tx, order.id)?.len() < 2 {
            return Err(Error::refused("pooled_order.too_few"));
        }
        kernel::record::update(tx, &Order { stage: Stage::Open, ..order })
    })
}

fn allocate(ctx: &Ctx) -> Result<Reply> {
    // The round that the page showed: sent twice, it is one.
    let seen: i64 = ctx.form.parse("round").unwrap_or(0);
    led_by(ctx, "shares", |tx, order| {
        let places = places(tx, order.id)?;
        let last = places.iter().filter_map(|place| Some(place.share.as_ref()?.round)).max().unwrap_or(0);
        if last == seen { sharing::share(tx, order.id) } else { Ok(()) }
    })
}

/// Packs that are certain as things stand.
pub(crate) fn certain(places: &[Place]) -> i64 {
    places.iter().map(Place::counts).sum()
}

/// The buyer takes what can be delivered, though it is less than the tolerance allows.
fn counter(ctx: &Ctx) -> Result<Reply> {
    let seen: i64 = ctx.form.parse("packs").unwrap_or(0);
    led_by(ctx, "acceptance", |tx, order| {
        if order.agreed == Some(seen) {
            return Ok(());
        }
        order::at(&order, &[Stage::Shared])?;
        let certain = certain(&places(tx, order.id)?);
        if certain != seen || certain == 0 {
            return Err(Error::refused("pooled_order.moved"));
        }
        kernel::record::update(tx, &Order { agreed: Some(certain), ..order })
    })
}

fn confirm(ctx: &Ctx) -> Result<Reply> {
    led_by(ctx, "collection", |tx, order| {
        if order.stage == Stage::Confirmed {
            return Ok(());
        }
        order::at(&order, &[Stage::Shared])?;
        if certain(&places(tx, order.id)?) < order.least() {
            return Err(Error::refused("pooled_order.below"));
        }
        kernel::record::update(tx, &Order { stage: Stage::Confirmed, ..order })
    })
}

fn cancel(ctx: &Ctx) -> Result<Reply> {
    led_by(ctx, "order", |tx, order| {
        if order.stage == Stage::Cancelled {
            return Ok(());
        }
        order::at(&order, &[Stage::Draft, Stage::Open, Stage::Shared, Stage::Confirmed])?;
        settlement::check_open(tx, order.id)?;
        if !crate::collection::of(tx, "pooled_order", order.id)?.is_empty() {
            return Err(Error::refused("pooled_order.collected"));
        }
        let reason = ctx.form.text("reason").ok_or_else(|| Error::refused("pooled_order.reason_needed"))?;
        let cancelled_reason = Some(reason.chars().take(300).collect());
        let id = order.id;
        kernel::record::update(tx, &Order { stage: Stage::Cancelled, cancelled_reason, ..order })?;
        reserve::follow(tx, id)
    })
}

fn account(ctx: &Ctx) -> Result<Id> {
    ctx.viewer.account.ok_or(Error::Forbidden)
}

fn prepare(ctx: &Ctx) -> Result<Reply> {
    let account = account(ctx)?;
    led_by(ctx, "settlement", |tx, order| settlement::prepare(tx, ctx.new_id(), order.id, account))
}

fn settled(ctx: &Ctx, work: impl FnOnce(&mut Tx<'_>, Id) -> Result<()>) -> Result<Reply> {
    let order = ctx.write(|tx| {
        let settlement = kernel::record::get::<Settlement>(tx, ctx.id("pooled_settlement")?)?;
        ctx.standing(tx, settlement.lead.id, Standing::File)?;
        part::hand(ctx, tx, settlement.lead.id);
        work(tx, settlement.id)?;
        Ok(settlement.pooled_order.id)
    })?;
    ctx.done(&format!("/pooled-orders/{order}#settlement"), "saved")
}

fn sign(ctx: &Ctx) -> Result<Reply> {
    let account = account(ctx)?;
    settled(ctx, |tx, settlement| settlement::sign(tx, settlement, account))
}

fn withdraw(ctx: &Ctx) -> Result<Reply> {
    settled(ctx, settlement::withdraw)
}

/// The cooperative says yes or no, or somebody writes down what it said.
fn answer(ctx: &Ctx) -> Result<Reply> {
    let answer = ctx.form.text("answer").and_then(Answer::from_code);
    let answer = answer.filter(|answer| matches!(answer, Answer::Accepted | Answer::Refused));
    let answer = answer.ok_or_else(|| Error::field("answer", "error.needed"))?;
    let id = ctx.write(|tx| {
        let (part, order, own) = part::open(ctx, tx)?;
        if !own {
            return Err(Error::Forbidden);
        }
        let itself = part::is_own(ctx, part.organisation.id);
        let how = if itself { Some(How::Own) } else { ctx.form.text("how").and_then(How::from_code) };
        let how = how.filter(|how| itself || matches!(how, How::Phone | How::Visit | How::Paper));
        part::hand(ctx, tx, part.organisation.id);
        let told = Share {
            id: Id::default(),
            version: 0,
            organisation: part.organisation,
            part: part.id.into(),
            round: ctx.form.parse("round").unwrap_or(0),
            packs: 0,
            kept: 0,
            why: crate::allocation::Why::Nothing,
            answer,
            answered: Some(ctx.day()),
            how: Some(how.ok_or_else(|| Error::field("how", "pooled_pledge.how_other"))?),
            writer: ctx.viewer.account.map(Into::into),
        };
        sharing::answer(tx, part.id, order.id, &told)?;
        Ok(part.id)
    })?;
    ctx.done(&format!("/pooled-parts/{id}"), "saved")
}

/// The cooperative brings no more than it brought: its share becomes that, the rest is free for the others.
fn close(ctx: &Ctx) -> Result<Reply> {
    let order = ctx.write(|tx| {
        let part = kernel::record::get::<part::Member>(tx, ctx.id("pooled_part")?)?;
        ctx.standing(tx, part.lead.id, Standing::File)?;
        part::hand(ctx, tx, part.lead.id);
        let order = hold(tx, part.pooled_order.id)?;
        let part = kernel::record::get::<part::Member>(tx, part.id)?;
        if part.closed.is_none() {
            order::at(&order, &[Stage::Confirmed])?;
            settlement::check_open(tx, order.id)?;
            kernel::record::update(tx, &part::Member { closed: Some(kernel::today()), ..part })?;
            reserve::follow(tx, order.id)?;
        }
        Ok(order.id)
    })?;
    ctx.done(&format!("/pooled-orders/{order}#collection"), "saved")
}
