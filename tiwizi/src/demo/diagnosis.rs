//! Two rounds of diagnosis for each cooperative, some looked at twice, and the plans that came of them.

use coaching::instrument::Edition;
use coaching::{Action, ActionStatus, Answer, Assessment, Evidence, Extent, Funding, Item};
use kernel::kinds::{Long, Money};
use kernel::{Id, Result, Tx};

use super::{ago, cooperatives, id, put, story};

pub(super) fn tell(tx: &mut Tx<'_>) -> Result<()> {
    coaching::bring(tx)?;
    let edition = coaching::instrument::edition(tx, coaching::boussole())?;
    for n in 0..cooperatives::ALL.len() {
        let (_, joined) = story::joined(n);
        let late = matches!(n, 13 | 21);
        let first = Round {
            n,
            number: 1,
            days: joined - 35,
            extent: if late { Extent::Short } else { Extent::Full },
            second: false,
        };
        round(tx, &edition, &first)?;
        plan(tx, &edition, n, first.days)?;
        if !late && n != 18 {
            round(tx, &edition, &Round { number: 2, days: 62 + (n as i64 * 7) % 80, ..first })?;
        }
        // Some are looked at a second time by another assessor, a week later.
        if n % 8 == 3 {
            round(tx, &edition, &Round { days: first.days - 7, second: true, ..first })?;
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
struct Round {
    n: usize,
    number: i64,
    days: i64,
    extent: Extent,
    second: bool,
}

impl Round {
    fn key(&self) -> String {
        let who = if self.second { " again" } else { "" };
        format!("assessment {} {}{who}", self.n, self.number)
    }
}

fn round(tx: &mut Tx<'_>, edition: &Edition, round: &Round) -> Result<()> {
    let organisation = id(&cooperatives::key(round.n));
    let first = id(&format!("assessment {} {}", round.n, round.number));
    let assessor = if round.second { "account coach-2" } else { "account coach" };
    let assessment = Assessment {
        id: id(&round.key()),
        version: 1,
        organisation: organisation.into(),
        instrument: edition.instrument.id.into(),
        extent: round.extent,
        held: ago(round.days),
        programme: Some(id("programme").into()),
        assessor: Some(id(assessor).into()),
        repeats: round.second.then(|| first.into()),
        concluded: None,
        note: None,
    };
    if !put(tx, &assessment, round.days)? {
        return Ok(());
    }
    for (position, item) in edition.items.iter().enumerate().filter(|(_, item)| assessment.asks(item)) {
        put(tx, &answer(round, &assessment, item, position), round.days)?;
    }
    tx.dated = Some(kernel::now() - round.days * 86_400_000 + 60_000);
    coaching::assessment::conclude(tx, assessment, ago(round.days))
}

/// An invented answer: cooperatives differ, some dimensions are weaker, and the second round is better where the plan
/// worked.
fn answer(round: &Round, assessment: &Assessment, item: &Item, position: usize) -> Answer {
    let (n, p) = (round.n as i64, position as i64);
    let mix = (n * 31 + p * 17 + n * p) % 7;
    let strength = (n * 5 + 3) % 4;
    let weak = matches!(item.code.as_bytes().first(), Some(b'E' | b'G' | b'J'));
    let base = 1 + strength / 2 + i64::from(mix > 3) - i64::from(mix == 0) - i64::from(weak);
    let risen = if round.number == 2 { i64::from((n + p) % 3 != 0) + i64::from((n * p) % 5 == 1) } else { 0 };
    let other = i64::from(round.second && (n + p) % 5 == 0);
    let level = (base + risen - other).clamp(0, 4);
    let applies = !(item.optional && (n + p) % 4 == 0);
    let evidence = match (round.number + mix) % 5 {
        0 => Evidence::Said,
        1 | 2 => Evidence::Seen,
        _ if round.number == 2 => Evidence::Confirmed,
        _ => Evidence::Seen,
    };
    let note = (mix == 3).then(|| Long("Vu avec la trésorière, registre sur place".into()));
    Answer {
        id: Id::named(&format!("{} {}", assessment.id, item.id)),
        version: 1,
        organisation: assessment.organisation,
        assessment: assessment.id.into(),
        item: item.id.into(),
        level: applies.then_some(level),
        evidence,
        note,
        file: None,
        proposed: None,
    }
}

const OWNERS: [&str; 5] = ["Présidente", "Trésorière", "Secrétaire", "Groupe de production", "Bureau"];

/// The five most useful actions of the first round, each with its end.
fn plan(tx: &mut Tx<'_>, edition: &Edition, n: usize, days: i64) -> Result<()> {
    let assessment = id(&format!("assessment {n} 1"));
    let answers = coaching::assessment::answers(tx, assessment)?;
    let remedies = coaching::instrument::remedies(tx, edition.instrument.id)?;
    for (k, proposed) in coaching::proposals(edition, &answers, &remedies).into_iter().take(5).enumerate() {
        let due = days - 90 - 40 * k as i64;
        let status = match (n + k) % 6 {
            0..=2 => ActionStatus::Done,
            3 => ActionStatus::Doing,
            4 if k == 4 => ActionStatus::Dropped,
            _ => ActionStatus::Agreed,
        };
        // What is still to be done is due around today: some of it late.
        let due = if matches!(status, ActionStatus::Done | ActionStatus::Dropped) {
            due
        } else {
            20 - 25 * k as i64
        };
        let costs = k % 2 == 1;
        let action = Action {
            id: id(&format!("plan {n} {k}")),
            version: 1,
            organisation: id(&cooperatives::key(n)).into(),
            assessment: Some(assessment.into()),
            item: Some(proposed.item.into()),
            title: proposed.name,
            owner: Some(OWNERS[(n + k) % OWNERS.len()].into()),
            due: Some(ago(due)),
            status: ActionStatus::Agreed,
            programme: Some(id("programme").into()),
            cost: costs.then(|| Money::whole(800 + 350 * ((n + k) % 7) as i64, "MAD")),
            funding: Some(if costs { Funding::Programme } else { Funding::None }),
            proof: None,
            note: None,
        };
        if put(tx, &action, days - 5)? && status != ActionStatus::Agreed {
            tx.dated = Some(kernel::now() - due.max(1) * 86_400_000);
            kernel::record::update(tx, &Action { status, ..action })?;
        }
    }
    Ok(())
}
