//! `/pooled-parts/{pooled_part}`: an order as one cooperative sees it: its own figures, and sums of the others.

use std::collections::BTreeMap;

use askama::Template;
use kernel::kinds::{Choice as _, Multi};
use kernel::room::{Panels, Route, get};
use kernel::{Ctx, Db, Html, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::shown::{Brought, answer_tone, brought, dirhams, packs, why};
use crate::collection;
use crate::order::{Order, Stage};
use crate::part::{self, Answer, Member, places};
use crate::{reserve, settlement};

pub(super) fn routes() -> Vec<Route> {
    vec![get("/pooled-parts/{pooled_part}", show).answers::<PartPage>()]
}

/// An order, for one of its cooperatives.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "pooled_part.html")]
struct PartPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    organisation: Id,
    name: Multi,
    /// True if the viewer works on the file of the cooperative: else it is the lead who looks.
    own: bool,
    /// True if the viewer is of the cooperative itself.
    itself: bool,
    lead_name: String,
    product: Multi,
    grade: Option<String>,
    label: Option<String>,
    pack: String,
    ordered: String,
    price: String,
    /// The currency of the order.
    currency: String,
    second_grade: i64,
    closes: String,
    deliver: String,
    place: String,
    mode: &'static str,
    rule: String,
    rule_code: &'static str,
    stage: &'static str,
    stage_word: String,
    tone: &'static str,
    /// True while it may pledge.
    open: bool,
    pledge: Option<Id>,
    pledged: Option<String>,
    least: Option<String>,
    floor: Option<String>,
    ready: Option<String>,
    /// What is kept in its lot for its part, and what it still has to bring.
    reserved: Option<(String, String)>,
    how: Option<String>,
    /// Who wrote the pledge down, if it was not the cooperative.
    writer: Option<String>,
    share: Option<String>,
    round: i64,
    why: String,
    answer: Option<&'static str>,
    answer_word: String,
    answer_tone: &'static str,
    answer_how: Option<String>,
    answer_writer: Option<String>,
    kept: Option<String>,
    /// True if an answer is awaited from whoever looks.
    asked: bool,
    paid: Option<String>,
    accepted: String,
    receptions: Vec<Brought>,
    /// What other rooms tell of it to whoever works on the file of the cooperative.
    panels: serde_json::Map<String, kernel::Json>,
    #[serde(skip)]
    #[schemars(skip)]
    told: Vec<Html>,
    /// How many cooperatives pledged, and how much in all.
    count: usize,
    sum: String,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (part, order, own) = part::open(ctx, db)?;
        part_page(ctx, db, part, order, own)
    })?;
    ctx.page(ctx.w.name(&page.product), &page)
}

fn part_page(ctx: &Ctx, db: &mut Db, part: Member, order: Order, own: bool) -> Result<PartPage> {
    let w = ctx.w;
    let all = places(db, order.id)?;
    let count = all.iter().filter(|place| place.pledge.is_some()).count();
    let sum = all.iter().filter_map(|place| Some(place.pledge.as_ref()?.most)).sum();
    let place = all.into_iter().find(|place| place.part.id == part.id).ok_or(kernel::Error::NotFound)?;
    let (pledge, share) = (place.pledge.as_ref(), place.share.as_ref());
    let writers: Vec<Id> = [pledge.and_then(|pledge| pledge.writer), share.and_then(|share| share.writer)]
        .into_iter()
        .flatten()
        .map(|by| by.id)
        .collect();
    let writers = people::account_names(db, &writers)?;
    let other = |how: Option<part::How>, by: Option<Id>| {
        how.filter(|how| *how != part::How::Own).and_then(|_| writers.get(&by?).cloned())
    };
    let settlement = settlement::of(db, order.id)?.filter(|there| there.second.is_some());
    let paid = match settlement {
        Some(there) => settlement::payments(db, there.id)?
            .iter()
            .find(|payment| payment.part.id == part.id)
            .map(|payment| dirhams(w, payment.net)),
        None => None,
    };
    let receptions = collection::of(db, "part", part.id)?;
    let names = BTreeMap::from([(part.id, place.name.clone())]);
    let waiting = share.is_some_and(|share| share.answer == Answer::Waiting);
    let running = matches!(order.stage, Stage::Shared | Stage::Confirmed);
    let panels =
        if own { ctx.panels(db, "pooled.part", part.id, Standing::File)? } else { Panels::default() };
    let reserved = match pledge.and_then(|pledge| pledge.lot).filter(|_| own) {
        Some(_) => reserve::kept(db, &order, &place)?,
        None => None,
    };
    Ok(PartPage {
        w,
        reserved: reserved.map(|(kept, owed)| (packs(w, &order, kept), packs(w, &order, owed))),
        panels: panels.data,
        told: panels.wide,
        id: part.id,
        organisation: part.organisation.id,
        name: place.name.clone(),
        own,
        itself: part::is_own(ctx, part.organisation.id),
        lead_name: registry_name(ctx, db, order.lead.id)?,
        product: order.product.clone(),
        grade: order.grade.clone(),
        label: order.label.map(|label| w.choice(&label)),
        pack: packs(w, &order, 1),
        ordered: packs(w, &order, order.wanted()),
        price: w.money(&order.price),
        currency: order.price.currency.clone(),
        second_grade: order.second_grade,
        closes: w.long_date(&order.closes),
        deliver: w.long_date(&order.deliver),
        place: format!("{} {}", order.incoterm.code(), order.place),
        mode: order.mode.code(),
        rule: w.choice(&order.rule),
        rule_code: order.rule.code(),
        stage: order.stage.code(),
        stage_word: w.choice(&order.stage),
        tone: order.stage.tone(),
        open: own && order.stage == Stage::Open && order.closes >= kernel::today(),
        pledge: pledge.map(|pledge| pledge.id),
        pledged: pledge.map(|pledge| packs(w, &order, pledge.most)),
        least: pledge.and_then(|pledge| pledge.least).map(|least| w.num(least)),
        floor: pledge.and_then(|pledge| pledge.floor.as_ref()).map(|floor| w.money(floor)),
        ready: pledge.map(|pledge| w.date(&pledge.ready)),
        how: pledge.map(|pledge| w.choice(&pledge.how)),
        writer: pledge.and_then(|pledge| other(Some(pledge.how), pledge.writer.map(|by| by.id))),
        share: share.map(|share| packs(w, &order, share.packs)),
        round: share.map_or(0, |share| share.round),
        why: share
            .map(|share| why(w, &order, share, pledge.map_or(0, |pledge| pledge.most)))
            .unwrap_or_default(),
        answer: share.map(|share| share.answer.code()),
        answer_word: share.map(|share| w.choice(&share.answer)).unwrap_or_default(),
        answer_tone: share.map_or("plain", |share| answer_tone(share.answer)),
        answer_how: share.and_then(|share| Some(w.choice(&share.how?))),
        answer_writer: share.and_then(|share| other(share.how, share.writer.map(|by| by.id))),
        kept: share
            .filter(|share| share.kept > 0 && share.answer == Answer::Waiting)
            .map(|share| packs(w, &order, share.kept)),
        asked: own && waiting && running,
        paid,
        accepted: packs(w, &order, place.accepted()),
        receptions: brought(ctx, db, &order, receptions, &names)?,
        count,
        sum: packs(w, &order, sum),
    })
}

/// The name of the lead, which those it invited may know.
pub(super) fn registry_name(ctx: &Ctx, db: &mut Db, lead: Id) -> Result<String> {
    let lead = kernel::record::get::<registry::Organisation>(db, lead)?;
    Ok(ctx.w.name(&lead.name).to_owned())
}
