//! 300,000 rounds of the diagnosis with their answers, visits, plans, and who worked how much.

use kernel::value::{ToValue, Value};
use kernel::{Db, Id};

use super::{DAYS, Hand, Helped};
use crate::Result;
use crate::sink::Sink;

const ROUNDS: usize = 300_000;
/// Visits to each cooperative.
const VISITS: usize = 6;

/// The instrument and what its short form asks.
pub(super) struct Items {
    instrument: Id,
    asked: Vec<Id>,
}

pub(super) fn items(db: &mut Db) -> kernel::Result<Items> {
    let edition = coaching::instrument::edition(db, coaching::boussole())?;
    let asked = edition.items.iter().filter(|item| item.short).map(|item| item.id).collect();
    Ok(Items { instrument: edition.instrument.id, asked })
}

pub(super) fn write<S: Sink>(hand: &mut Hand<S>, helped: &[Helped], items: &Items) -> Result {
    let all: usize = helped.iter().map(|one| one.cooperatives.len()).sum();
    let mut n = 0;
    for one in helped {
        for (organisation, members) in &one.cooperatives {
            let rounds = (n + 1) * ROUNDS / all - n * ROUNDS / all;
            n += 1;
            diagnosed(hand, one, *organisation, rounds, items)?;
            visited(hand, one, *organisation)?;
            worked(hand, *organisation, members)?;
            planned(hand, one, *organisation)?;
        }
    }
    Ok(())
}

fn diagnosed<S: Sink>(
    hand: &mut Hand<S>,
    one: &Helped,
    organisation: Id,
    rounds: usize,
    items: &Items,
) -> Result {
    for round in 0..rounds {
        let step = DAYS / rounds.max(1);
        let ago = (rounds - 1 - round) * step + hand.dice.below(step.max(1));
        let held = hand.back(ago as i64);
        let round_id = hand.record(
            "assessment",
            "organisation, instrument, extent, held, programme, assessor, concluded",
            &[
                organisation.to_value(),
                items.instrument.to_value(),
                "short".to_value(),
                held.to_value(),
                one.programme.to_value(),
                one.coach.to_value(),
                held.to_value(),
            ],
        )?;
        for item in &items.asked {
            let level = (hand.dice.below(3) + hand.dice.below(round + 1) / 2).min(4) as i64;
            let level = (!hand.dice.chance(4)).then_some(level);
            let values = [
                organisation.to_value(),
                round_id.to_value(),
                item.to_value(),
                level.to_value(),
                "seen".to_value(),
            ];
            hand.record("answer", "organisation, assessment, item, level, evidence", &values)?;
        }
    }
    Ok(())
}

fn visited<S: Sink>(hand: &mut Hand<S>, one: &Helped, organisation: Id) -> Result {
    for _ in 0..VISITS {
        let (held, minutes) = (hand.day(), 60 + 15 * hand.dice.below(10) as i64);
        let status = if hand.dice.chance(90) { "done" } else { "cancelled" };
        let values = [
            organisation.to_value(),
            one.programme.to_value(),
            one.coach.to_value(),
            held.to_value(),
            status.to_value(),
            "Suivi du plan".to_value(),
            minutes.to_value(),
        ];
        hand.record("visit", "organisation, programme, coach, held, status, purpose, minutes", &values)?;
    }
    Ok(())
}

/// Members who work month by month, and pickers without names in one season.
fn worked<S: Sink>(hand: &mut Hand<S>, organisation: Id, members: &[Id]) -> Result {
    let columns = "organisation, since, until, person, people, sex, standing, rhythm, days, full_time, pay, pay_currency, before, evidence, protected";
    for n in 0..6 {
        let until = hand.day();
        let since = until.saturating_sub(jiff::Span::new().days(29));
        let person = if n == 5 { None } else { members.get(n % members.len().max(1)) };
        let named = person.is_some();
        let days = 5 + hand.dice.below(20) as i64;
        let standing = *hand.dice.pick(&["worker_member", "worker_member", "employee", "supplier_member"]);
        let values: [Value; 15] = [
            organisation.to_value(),
            since.to_value(),
            until.to_value(),
            person.copied().to_value(),
            if named { 1_i64 } else { 12 }.to_value(),
            (!named).then_some("woman").to_value(),
            standing.to_value(),
            "seasonal".to_value(),
            days.to_value(),
            288_i64.to_value(),
            (days * 9_000).to_value(),
            "MAD".to_value(),
            (*hand.dice.pick(&["yes", "no"])).to_value(),
            (*hand.dice.pick(&["said", "seen", "attached", "confirmed"])).to_value(),
            (*hand.dice.pick(&["yes", "no"])).to_value(),
        ];
        hand.record("work_record", columns, &values)?;
    }
    Ok(())
}

fn planned<S: Sink>(hand: &mut Hand<S>, one: &Helped, organisation: Id) -> Result {
    for _ in 0..3 {
        let due = hand.day();
        let values = [
            organisation.to_value(),
            one.programme.to_value(),
            r#"{"fr":"Tenir le registre"}"#.to_value(),
            due.to_value(),
            (*hand.dice.pick(&["agreed", "doing", "done", "dropped"])).to_value(),
        ];
        hand.record("plan_action", "organisation, programme, title, due, status", &values)?;
    }
    if hand.dice.chance(10) {
        let since = hand.day();
        let until = since.saturating_add(jiff::Span::new().days(730));
        let values = [
            organisation.to_value(),
            neighbour(one, organisation).to_value(),
            "Suivi".to_value(),
            "file".to_value(),
            since.to_value(),
            until.to_value(),
        ];
        hand.record("agreement", "organisation, partner, purpose, extent, since, until", &values)?;
    }
    Ok(())
}

/// A neighbour in the same programme.
fn neighbour(one: &Helped, organisation: Id) -> Id {
    one.cooperatives.iter().map(|(id, _)| *id).find(|id| *id != organisation).unwrap_or(organisation)
}
