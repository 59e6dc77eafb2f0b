//! `/pooled-orders/{pooled_order}`: the order as its lead works on it, step by step.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use kernel::form::show_group;
use kernel::kinds::{Choice as _, Multi, Names};
use kernel::room::{Route, get};
use kernel::{Ctx, Db, Html, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::shown::{self, Brought, answer_tone, brought, dirhams, packs, why};
use crate::collection;
use crate::order::{Order, Stage, led};
use crate::part::{Answer, Place, places};
use crate::settlement::{self, Advance, Charge, Receipt};
use crate::steps::certain;

pub(super) fn routes() -> Vec<Route> {
    vec![get("/pooled-orders/{pooled_order}", show).answers::<OrderPage>()]
}

/// A cooperative of the order, for the lead.
#[derive(Serialize, JsonSchema)]
struct PlaceLine {
    part: Id,
    organisation: Id,
    name: Multi,
    /// True if it pledged.
    pledged: bool,
    most: String,
    least: Option<String>,
    floor: Option<String>,
    ready: String,
    how: String,
    writer: Option<String>,
    paper: Option<String>,
    members: i64,
    /// Its share of the last round.
    share: Option<String>,
    why: String,
    answer: Option<&'static str>,
    answer_word: String,
    answer_tone: &'static str,
    answered: Option<String>,
    /// What it had said yes to before it was asked about more.
    kept: Option<String>,
    accepted: String,
    /// How much of what it said yes to was accepted, in percent.
    done: i64,
    closed: Option<String>,
    closes: bool,
}

/// A sum of money with what it was for.
#[derive(Serialize, JsonSchema)]
struct MoneyLine {
    id: Id,
    day: String,
    what: String,
    amount: String,
    /// The rate at which the bank credited it, if it came in another currency.
    rate: Option<String>,
}

/// What the settlement gives one.
#[derive(Serialize, JsonSchema)]
pub(super) struct Paid {
    part: Id,
    name: Multi,
    first: String,
    second: String,
    gross: String,
    charges: String,
    advance: String,
    net: String,
}

/// The settlement.
#[derive(Serialize, JsonSchema)]
struct Settled {
    id: Id,
    day: String,
    received: String,
    charges: String,
    first: String,
    second: Option<String>,
    /// True if the viewer can give the second signature.
    signs: bool,
    lines: Vec<Paid>,
}

/// An order, for whoever works on the file of its lead.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "pooled_order.html")]
struct OrderPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    version: i64,
    lead: Id,
    lead_name: String,
    product: Multi,
    /// The currency of the order, and today, for the forms that begin with them.
    currency: String,
    today: String,
    buyer: String,
    country: String,
    stage: &'static str,
    stage_word: String,
    tone: &'static str,
    /// The step that comes now, from 0.
    now: usize,
    ordered: String,
    least: String,
    pledged: String,
    certain: String,
    certain_packs: i64,
    /// True if what is certain is within the tolerance.
    enough: bool,
    waiting: usize,
    /// True if another round would share something.
    short: bool,
    round: i64,
    past: bool,
    mode: &'static str,
    rule: String,
    reason: Option<String>,
    agreed: bool,
    places: Vec<PlaceLine>,
    receptions: Vec<Brought>,
    receipts: Vec<MoneyLine>,
    charges: Vec<MoneyLine>,
    advances: Vec<MoneyLine>,
    settlement: Option<Settled>,
    new: Id,
    /// What other rooms tell of it.
    panels: serde_json::Map<String, kernel::Json>,
    #[serde(skip)]
    #[schemars(skip)]
    told: Vec<Html>,
    #[serde(skip)]
    #[schemars(skip)]
    facts: Vec<Html>,
}

impl OrderPage {
    /// The steps of the thread.
    fn steps(&self) -> Vec<(String, bool, bool)> {
        let codes = ["order", "call", "shares", "acceptance", "collection", "settlement"];
        let told =
            |(at, code): (usize, &&str)| (self.w.t2("pooled.step", code), at < self.now, at == self.now);
        codes.iter().enumerate().map(told).collect()
    }

    fn is(&self, stage: &str) -> bool {
        self.stage == stage
    }

    /// Some that were left without a share, and could deliver.
    fn reserve(&self) -> Vec<&PlaceLine> {
        self.places.iter().filter(|line| line.answer == Some(Answer::Reserve.code())).collect()
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let order = led(ctx, db)?;
        order_page(ctx, db, order)
    })?;
    ctx.page(ctx.w.name(&page.product), &page)
}

fn order_page(ctx: &Ctx, db: &mut Db, order: Order) -> Result<OrderPage> {
    let w = ctx.w;
    let places = places(db, order.id)?;
    let mut accounts: Vec<Id> = Vec::new();
    accounts.extend(places.iter().filter_map(|place| Some(place.pledge.as_ref()?.writer?.id)));
    let settlement = settlement::of(db, order.id)?;
    accounts.extend(
        settlement.iter().flat_map(|there| [Some(there.first.id), there.second.map(|by| by.id)]).flatten(),
    );
    let writers = people::account_names(db, &accounts)?;
    let names: BTreeMap<Id, Multi> = places.iter().map(|place| (place.part.id, place.name.clone())).collect();
    let (certain, least) = (certain(&places), order.least());
    let pledged = places.iter().filter_map(|place| Some(place.pledge.as_ref()?.most)).sum();
    let waiting = places.iter().filter(|place| is_waiting(place)).count();
    let offered: i64 = places
        .iter()
        .map(|place| if place.part.closed.is_some() { place.accepted() } else { given(place) })
        .sum();
    let spare = places.iter().any(is_spare);
    let receptions = collection::of(db, "pooled_order", order.id)?;
    let now = match order.stage {
        Stage::Draft => 0,
        Stage::Open => 1,
        Stage::Shared if waiting > 0 => 2,
        Stage::Shared => 3,
        Stage::Confirmed if certain > places.iter().map(Place::accepted).sum() || receptions.is_empty() => 4,
        Stage::Confirmed => 5,
        Stage::Settled => 6,
        Stage::Cancelled => 7,
    };
    let lead_name = registry::organisation::name_of(ctx, db, order.lead.id)?;
    let reference = Names::from([(order.lead.id.to_string(), lead_name.clone())]);
    let group = |group| show_group(&order, group, Standing::File, &w, &reference);
    let panels = ctx.panels(db, "pooled.order", order.id, Standing::File)?;
    Ok(OrderPage {
        w,
        panels: panels.data,
        told: panels.wide,
        id: order.id,
        version: order.version,
        lead: order.lead.id,
        lead_name,
        product: order.product.clone(),
        currency: order.price.currency.clone(),
        today: kernel::today().to_string(),
        buyer: order.buyer.clone(),
        country: order.country.clone(),
        stage: order.stage.code(),
        stage_word: w.choice(&order.stage),
        tone: order.stage.tone(),
        now,
        ordered: packs(w, &order, order.wanted()),
        least: packs(w, &order, least),
        pledged: packs(w, &order, pledged),
        certain: packs(w, &order, certain),
        certain_packs: certain,
        enough: certain >= least,
        waiting,
        short: matches!(order.stage, Stage::Shared | Stage::Confirmed) && offered < order.wanted() && spare,
        round: places.iter().filter_map(|place| Some(place.share.as_ref()?.round)).max().unwrap_or(0),
        past: order.closes < kernel::today(),
        mode: order.mode.code(),
        rule: w.choice(&order.rule),
        reason: order.cancelled_reason.clone(),
        agreed: order.agreed.is_some(),
        receptions: brought(ctx, db, &order, receptions, &names)?,
        receipts: settlement::pieces::<Receipt>(db, order.id)?.iter().map(|one| receipt(w, one)).collect(),
        charges: settlement::pieces::<Charge>(db, order.id)?.iter().map(|one| charge(w, one)).collect(),
        advances: settlement::pieces::<Advance>(db, order.id)?
            .iter()
            .map(|one| advance(w, one, &names))
            .collect(),
        settlement: settlement.map(|there| settled(ctx, db, &order, there, &names, &writers)).transpose()?,
        places: places.iter().map(|place| place_line(w, &order, place, &writers)).collect(),
        facts: ["buyer", "wanted", "sale", "deal"].map(group).into(),
        new: Id::new(),
    })
}

/// What a place was given in the last round and did not refuse.
fn given(place: &Place) -> i64 {
    place.share.as_ref().map_or(0, |share| match share.answer {
        Answer::Refused => share.kept,
        Answer::Waiting | Answer::Accepted | Answer::Reserve => share.packs,
    })
}

fn is_waiting(place: &Place) -> bool {
    place.share.as_ref().is_some_and(|share| share.answer == Answer::Waiting)
}

/// True if it pledged more than it was given, and did not say no.
fn is_spare(place: &Place) -> bool {
    let said_no = place.share.as_ref().is_some_and(|share| share.answer == Answer::Refused);
    let more = place.pledge.as_ref().is_some_and(|pledge| pledge.most > given(place));
    place.part.closed.is_none() && !said_no && more
}

fn place_line(w: Words, order: &Order, place: &Place, writers: &HashMap<Id, String>) -> PlaceLine {
    let pledge = place.pledge.as_ref();
    let share = place.share.as_ref();
    let answer = share.map(|share| share.answer);
    let most = pledge.map_or(0, |pledge| pledge.most);
    PlaceLine {
        part: place.part.id,
        organisation: place.part.organisation.id,
        name: place.name.clone(),
        pledged: pledge.is_some(),
        most: packs(w, order, most),
        least: pledge.and_then(|pledge| pledge.least).map(|least| w.num(least)),
        floor: pledge.and_then(|pledge| pledge.floor.as_ref()).map(|floor| w.money(floor)),
        ready: pledge.map(|pledge| w.date(&pledge.ready)).unwrap_or_default(),
        how: pledge.map(|pledge| w.choice(&pledge.how)).unwrap_or_default(),
        writer: pledge.and_then(|pledge| writers.get(&pledge.writer?.id).cloned()),
        paper: pledge.and_then(|pledge| Some(pledge.paper.as_ref()?.0.clone())),
        members: pledge.map_or(0, |pledge| pledge.members),
        share: share.map(|share| packs(w, order, share.packs)),
        why: share.map(|share| why(w, order, share, most)).unwrap_or_default(),
        answer: answer.as_ref().map(kernel::kinds::Choice::code),
        answer_word: answer.map(|answer| w.choice(&answer)).unwrap_or_default(),
        answer_tone: answer.map_or("plain", answer_tone),
        answered: share.and_then(|share| Some(w.date(&share.answered?))),
        kept: share
            .filter(|share| share.kept > 0 && share.answer != Answer::Accepted)
            .map(|share| w.num(share.kept)),
        accepted: packs(w, order, place.accepted()),
        done: (i128::from(place.accepted()) * 100 / i128::from(place.agreed().max(1))) as i64,
        closed: place.part.closed.map(|day| w.date(&day)),
        closes: order.stage == Stage::Confirmed
            && place.part.closed.is_none()
            && place.accepted() < place.agreed(),
    }
}

fn receipt(w: Words, receipt: &Receipt) -> MoneyLine {
    let other = receipt.amount.currency != receipt.credited.currency;
    // Four places of the rate; for reading alone, nothing is worked out with it.
    let places = i32::from(kernel::locale::exponent(&receipt.amount.currency)) - 2;
    let scaled = i128::from(receipt.credited.minor) * 10_000 * 10_i128.pow(places.max(0).unsigned_abs());
    let rate =
        scaled / (i128::from(receipt.amount.minor.max(1)) * 10_i128.pow((-places).max(0).unsigned_abs()));
    MoneyLine {
        id: receipt.id,
        day: w.date(&receipt.day),
        what: receipt.note.clone().unwrap_or_default(),
        amount: if other {
            format!("{} → {}", w.money(&receipt.amount), w.money(&receipt.credited))
        } else {
            w.money(&receipt.credited)
        },
        rate: other.then(|| w.decimal(i64::try_from(rate).unwrap_or(i64::MAX), 4)),
    }
}

fn charge(w: Words, charge: &Charge) -> MoneyLine {
    let what = format!("{} · {}", w.choice(&charge.kind), charge.agreed);
    MoneyLine { id: charge.id, day: w.date(&charge.day), what, amount: w.money(&charge.amount), rate: None }
}

fn advance(w: Words, advance: &Advance, names: &BTreeMap<Id, Multi>) -> MoneyLine {
    let name = names.get(&advance.part.id).map(|name| w.name(name).to_owned()).unwrap_or_default();
    let what = advance.note.as_ref().map_or_else(|| name.clone(), |note| format!("{name} · {note}"));
    MoneyLine {
        id: advance.id,
        day: w.date(&advance.day),
        what,
        amount: w.money(&advance.amount),
        rate: None,
    }
}

fn settled(
    ctx: &Ctx,
    db: &mut Db,
    order: &Order,
    there: settlement::Settlement,
    names: &BTreeMap<Id, Multi>,
    writers: &HashMap<Id, String>,
) -> Result<Settled> {
    let w = ctx.w;
    let line = |payment: settlement::Payment| Paid {
        part: payment.part.id,
        name: names.get(&payment.part.id).cloned().unwrap_or_default(),
        first: shown::packs(w, order, payment.first_grade),
        second: w.num(payment.second_grade),
        gross: dirhams(w, payment.gross),
        charges: dirhams(w, payment.charges),
        advance: dirhams(w, payment.advance),
        net: dirhams(w, payment.net),
    };
    let mut lines: Vec<Paid> = settlement::payments(db, there.id)?.into_iter().map(line).collect();
    lines.sort_by(|a, b| w.name(&a.name).cmp(w.name(&b.name)));
    Ok(Settled {
        id: there.id,
        day: w.date(&there.day),
        received: w.money(&there.received),
        charges: w.money(&there.charges),
        first: writers.get(&there.first.id).cloned().unwrap_or_default(),
        second: there.second.and_then(|by| writers.get(&by.id).cloned()),
        signs: there.second.is_none() && ctx.viewer.account != Some(there.first.id),
        lines,
    })
}
