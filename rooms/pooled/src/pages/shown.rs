//! What several pages show alike: a share with its reason, a lot with where it is from, colours.

use std::collections::BTreeMap;

use kernel::kinds::{Choice as _, Money, Multi};
use kernel::{Ctx, Db, Id, Result, Words};
use market::{Lot, Unit};
use schemars::JsonSchema;
use serde::Serialize;

use crate::allocation::Rule;
use crate::collection::{Grade, Reception};
use crate::order::Order;
use crate::part::{Answer, Share};

/// The colour that goes with an answer.
pub(super) fn answer_tone(answer: Answer) -> &'static str {
    match answer {
        Answer::Waiting => "wait",
        Answer::Accepted => "good",
        Answer::Refused => "late",
        Answer::Reserve => "plain",
    }
}

/// Packs with what they hold in all, such as « 120 (600 kg) ».
pub(super) fn packs(w: Words, order: &Order, packs: i64) -> String {
    let count = w.n("pooled.packs", packs);
    let units = packs.saturating_mul(order.pack);
    let (word, mantissa, places) = match order.unit {
        Unit::Piece => return count,
        Unit::Gram if units >= 1_000_000 => ("pooled.tonnes", units / 1000, 3),
        Unit::Gram => ("pooled.kg", units, 3),
        Unit::Millilitre => ("pooled.litres", units, 3),
    };
    let (mut mantissa, mut places) = (mantissa, places);
    while places > 0 && mantissa % 10 == 0 {
        (mantissa, places) = (mantissa / 10, places - 1);
    }
    let whole = w.with(word, "n", &w.decimal(mantissa, places));
    w.args("pooled.packs_of", &[("packs", count), ("whole", whole)])
}

/// An amount in centimes of the currency in which members are paid; below zero with its sign.
pub(super) fn dirhams(w: Words, minor: i64) -> String {
    let money = Money { minor: minor.abs(), currency: crate::settlement::CURRENCY.into() };
    if minor < 0 { format!("− {}", w.money(&money)) } else { w.money(&money) }
}

/// Why a share is what it is, in a sentence.
pub(super) fn why(w: Words, order: &Order, share: &Share, pledged: i64) -> String {
    let key = format!("pooled_share.says.{}", share.why.code());
    let rule = match order.rule {
        Rule::Equal => "pooled_order.by.equal",
        Rule::Pledge => "pooled_order.by.pledge",
        Rule::Members => "pooled_order.by.members",
        Rule::Guarantee => "pooled_order.by.guarantee",
        Rule::Memory => "pooled_order.by.memory",
    };
    let by = w.t(rule).into_owned();
    let args = [("packs", w.num(share.packs)), ("pledged", w.num(pledged)), ("by", by)];
    w.args(&key, &args)
}

/// A reception as pages tell it.
#[derive(Serialize, JsonSchema)]
pub(super) struct Brought {
    pub(super) id: Id,
    pub(super) organisation: Multi,
    pub(super) day: String,
    pub(super) lot: Id,
    pub(super) number: String,
    /// Numbers of the lots that it is a blend of.
    pub(super) made_of: Vec<String>,
    pub(super) brought: String,
    pub(super) accepted: String,
    /// True if nothing passed.
    pub(super) failed: bool,
    pub(super) grade: String,
    pub(super) second: bool,
    pub(super) moisture: Option<String>,
    pub(super) photo: Option<Id>,
    pub(super) note: Option<String>,
}

/// Receptions as pages tell them, each with the lots that its lot is made of.
pub(super) fn brought(
    ctx: &Ctx,
    db: &mut Db,
    order: &Order,
    receptions: Vec<Reception>,
    names: &BTreeMap<Id, Multi>,
) -> Result<Vec<Brought>> {
    let w = ctx.w;
    let mut lines = Vec::new();
    for reception in receptions {
        let number = |db: &mut Db, id: Id| -> Result<String> {
            Ok(kernel::record::find::<Lot>(db, id)?.map(|lot| lot.number.0).unwrap_or_default())
        };
        let mut made_of = Vec::new();
        for source in market::made_of(db, &[reception.lot.id])? {
            made_of.push(number(db, source)?);
        }
        made_of.sort();
        lines.push(Brought {
            id: reception.id,
            organisation: names.get(&reception.part.id).cloned().unwrap_or_default(),
            day: w.date(&reception.day),
            lot: reception.lot.id,
            number: number(db, reception.lot.id)?,
            made_of,
            brought: w.num(reception.brought),
            accepted: packs(w, order, reception.accepted),
            failed: reception.accepted == 0,
            grade: w.choice(&reception.grade),
            second: reception.grade == Grade::Second,
            moisture: reception.moisture.map(|permille| w.percent(permille as f64 / 10.0)),
            photo: reception.photo.as_ref().and_then(|file| file.0.parse().ok()),
            note: reception.note,
        });
    }
    Ok(lines)
}
