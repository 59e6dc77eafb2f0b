//! Money that came in, and half of the cooperatives equipped with a part of their own.

use kernel::value::ToValue;
use kernel::{Db, Id, sql};

use super::{Hand, Helped};
use crate::Result;
use crate::country::administrator;
use crate::sink::Sink;

/// Receipts of each contribution.
const RECEIPTS: usize = 5;

/// Contributions that were promised, with their programmes.
pub(super) fn promised(db: &mut Db) -> kernel::Result<Vec<(Id, Id)>> {
    let query = sql("select id, programme from contribution order by id");
    db.rows(&query.open("a measure"), |row| Ok((row.take()?, row.take()?)))
}

pub(super) fn write<S: Sink>(hand: &mut Hand<S>, helped: &[Helped], promised: &[(Id, Id)]) -> Result {
    for (contribution, programme) in promised {
        for _ in 0..RECEIPTS {
            let (day, amount) = (hand.day(), (20_000 + hand.dice.below(80_000) as i64) * 100);
            let values = [
                programme.to_value(),
                contribution.to_value(),
                amount.to_value(),
                "MAD".to_value(),
                day.to_value(),
            ];
            hand.record("receipt", "programme, contribution, amount, amount_currency, received", &values)?;
        }
    }
    for one in helped {
        for (organisation, _) in one.cooperatives.iter().step_by(2) {
            equipped(hand, one.programme, *organisation)?;
        }
    }
    Ok(())
}

fn equipped<S: Sink>(hand: &mut Hand<S>, programme: Id, organisation: Id) -> Result {
    let (day, cost) = (hand.day(), (10_000 + hand.dice.below(90_000) as i64) * 100);
    let mad = "MAD".to_value();
    let funding = hand.record(
        "funding",
        "programme, organisation, title, asked, cost, cost_currency, grant_asked, grant_asked_currency, own_cash, own_cash_currency",
        &[
            programme.to_value(),
            organisation.to_value(),
            "Extracteur d'huile".to_value(),
            day.to_value(),
            cost.to_value(),
            mad.clone(),
            (cost * 7 / 10).to_value(),
            mad.clone(),
            (cost * 3 / 10).to_value(),
            mad.clone(),
        ],
    )?;
    let of_it = [programme.to_value(), funding.to_value()];
    let with = |more: Vec<kernel::value::Value>| of_it.iter().cloned().chain(more).collect::<Vec<_>>();
    let tranche = hand.record(
        "tranche",
        "programme, funding, milestone, amount, amount_currency",
        &with(vec!["Livraison".to_value(), (cost * 7 / 10).to_value(), mad.clone()]),
    )?;
    hand.record(
        "grant_payment",
        "programme, funding, tranche, amount, amount_currency, paid",
        &with(vec![tranche.to_value(), (cost * 7 / 10).to_value(), mad.clone(), day.to_value()]),
    )?;
    let nature = *hand.dice.pick(&["cash", "in_kind"]);
    hand.record(
        "own_part",
        "programme, funding, nature, subject, amount, amount_currency, given",
        &with(vec![
            nature.to_value(),
            "Part propre".to_value(),
            (cost * 3 / 10).to_value(),
            mad,
            day.to_value(),
        ]),
    )?;
    // Nobody opens the receipts of an invented country.
    let paper = Id::named("bench receipt").to_value();
    let hand_over = hand.record(
        "hand_over",
        "programme, funding, handed, receiver, file",
        &with(vec![day.to_value(), "Trésorière".to_value(), paper]),
    )?;
    for name in [r#"{"fr":"Extracteur"}"#, r#"{"fr":"Balance"}"#] {
        let quantity = 1 + hand.dice.below(3) as i64;
        let equipment = hand.record(
            "equipment",
            "programme, funding, name, quantity, hand_over",
            &with(vec![name.to_value(), quantity.to_value(), hand_over.to_value()]),
        )?;
        for months in [6, 12] {
            let inspected = day.saturating_add(jiff::Span::new().days(months * 30));
            if inspected > hand.last || hand.dice.chance(15) {
                continue;
            }
            let state = *hand.dice.pick(&["works", "works", "works", "idle", "broken"]);
            let values = vec![
                equipment.to_value(),
                inspected.to_value(),
                "other".to_value(),
                state.to_value(),
                administrator().to_value(),
            ];
            let columns = "programme, funding, equipment, inspected, occasion, state, account";
            hand.record("inspection", columns, &with(values))?;
        }
    }
    Ok(())
}
