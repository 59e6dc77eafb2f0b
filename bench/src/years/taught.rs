//! 200,000 sessions of two half-days, and five million marks in their roll-calls.

use kernel::Id;
use kernel::value::{ToValue, Value};

use super::{Hand, Helped};
use crate::Result;
use crate::sink::Sink;

const SESSIONS: usize = 200_000;
const ATTENDANCES: usize = 5_000_000;

/// Sessions of each programme among its cooperatives; a few come from elsewhere, and some from no cooperative.
pub(super) fn write<S: Sink>(hand: &mut Hand<S>, helped: &[Helped]) -> Result {
    let each = (SESSIONS / helped.len().max(1)).max(1);
    let (mut session, mut mark) = (0, 0);
    for (at, one) in helped.iter().enumerate() {
        let near = people(one);
        let other = people(&helped[(at + 7) % helped.len()]);
        for _ in 0..each {
            session += 1;
            // Two half-days for each participant: twelve or thirteen of them.
            let participants = (session * ATTENDANCES / SESSIONS - mark) / 2;
            mark += participants * 2;
            write_session(hand, one, &near, &other, participants)?;
        }
    }
    Ok(())
}

fn people(one: &Helped) -> Vec<(Id, Id)> {
    one.cooperatives.iter().flat_map(|(id, members)| members.iter().map(|person| (*person, *id))).collect()
}

fn write_session<S: Sink>(
    hand: &mut Hand<S>,
    one: &Helped,
    near: &[(Id, Id)],
    other: &[(Id, Id)],
    participants: usize,
) -> Result {
    let day = hand.day();
    let programme = one.programme.to_value();
    let cost = (3_000 + hand.dice.below(9_000) as i64) * 100;
    let session = hand.record(
        "training_session",
        "programme, module, promotion, capacity, status, cost, cost_currency",
        &[
            programme.clone(),
            Id::named("bench module").to_value(),
            one.promotion.to_value(),
            30_i64.to_value(),
            "held".to_value(),
            cost.to_value(),
            "MAD".to_value(),
        ],
    )?;
    let mut half_days = Vec::new();
    for (n, part) in ["morning", "afternoon"].into_iter().enumerate() {
        let values = [
            programme.clone(),
            session.to_value(),
            day.to_value(),
            part.to_value(),
            (180 - 60 * n as i64).to_value(),
        ];
        half_days.push(hand.record("half_day", "programme, session, day, part, minutes", &values)?);
    }
    let (from, guest) = (hand.dice.below(near.len()), hand.dice.below(other.len()));
    let tested = hand.dice.chance(10);
    let mut marks: Vec<(Id, bool)> = Vec::with_capacity(participants);
    for n in 0..participants {
        // Neighbours come together; every fifth step leaps to another cooperative.
        let (person, organisation) = if n == 0 { other[guest] } else { near[(from + n * 17) % near.len()] };
        let organisation = (!hand.dice.chance(2)).then_some(organisation);
        let values = [
            programme.clone(),
            session.to_value(),
            person.to_value(),
            organisation.to_value(),
            0_i64.to_value(),
        ];
        let id =
            hand.record("participant", "programme, session, person, organisation, at_the_door", &values)?;
        marks.push((id, hand.dice.chance(92)));
        if tested {
            scores(hand, &programme, id)?;
        }
    }
    for half_day in half_days {
        for (participant, present) in &marks {
            let values = [half_day.to_value(), participant.to_value(), present.to_value(), 0_i64.to_value()];
            hand.sink.row("attendance", "half_day, participant, present, at", &values)?;
        }
    }
    let useful = 2 + hand.dice.below(4) as i64;
    hand.record(
        "training_reaction",
        "programme, session, useful",
        &[programme, session.to_value(), useful.to_value()],
    )?;
    Ok(())
}

fn scores<S: Sink>(hand: &mut Hand<S>, programme: &Value, participant: Id) -> Result {
    let before = hand.dice.below(12) as i64;
    for (moment, score) in [("before", before), ("after", before + hand.dice.below(9) as i64)] {
        if moment == "after" && hand.dice.chance(20) {
            continue;
        }
        let values = [
            programme.clone(),
            participant.to_value(),
            moment.to_value(),
            score.to_value(),
            20_i64.to_value(),
            "oral".to_value(),
        ];
        hand.record("test_score", "programme, participant, moment, score, out_of, mode", &values)?;
    }
    Ok(())
}
