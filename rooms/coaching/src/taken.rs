//! What a phone takes along of the accompaniment of a cooperative: the open plan, the visits to come, the rounds that run.

use jiff::ToSpan;
use kernel::{Ctx, Db, Id, Result, today};

use crate::action::{self, Action};
use crate::assessment::{self, Answers, Assessment};
use crate::instrument::{self, InstrumentStatus};
use crate::probe;
use crate::scoring::Outcome;
use crate::visit::{self, Visit, VisitStatus};

/// A round of a diagnosis that was not concluded, with what was answered so far.
#[derive(Clone, Debug)]
pub struct Round {
    /// The round.
    pub assessment: Assessment,
    /// Its answers.
    pub answers: Answers,
}

/// The accompaniment of a cooperative as a phone takes it along.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Actions of the plan that are still open.
    pub actions: Vec<Action>,
    /// Visits that are planned, and those of the last quarter.
    pub visits: Vec<Visit>,
    /// Rounds of the viewer's own that run.
    pub rounds: Vec<Round>,
    /// The latest concluded round, and what it said.
    pub last: Option<(Assessment, Outcome)>,
    /// Levels that the records propose today, by item of the editions in use.
    pub proposed: Vec<(Id, i64)>,
}

/// The accompaniment of a cooperative; the caller has checked that the viewer works on its file.
pub fn taken(ctx: &Ctx, db: &mut Db, organisation: Id, editions: &[Id]) -> Result<Taken> {
    let lately = today().saturating_sub(3.months());
    let mut visits = visit::of(db, organisation)?;
    visits.retain(|visit| match visit.status {
        VisitStatus::Planned => true,
        VisitStatus::Done => visit.held >= lately,
        VisitStatus::Cancelled => false,
    });
    let mut actions = action::of(db, organisation)?;
    actions.retain(Action::is_open);
    let (mut rounds, mut last) = (Vec::new(), None);
    for assessment in assessment::of(db, organisation)? {
        let mine = assessment.assessor.map(|account| account.id) == ctx.viewer.account;
        if assessment.concluded.is_some() {
            if last.is_none() && assessment.repeats.is_none() {
                let edition = instrument::edition(db, assessment.instrument.id)?;
                let answers = assessment::answers(db, assessment.id)?;
                last = Some((assessment.clone(), assessment::outcome(&edition, &assessment, &answers)));
            }
        } else if mine {
            rounds.push(Round { answers: assessment::answers(db, assessment.id)?, assessment });
        }
    }
    Ok(Taken { actions, visits, rounds, last, proposed: proposed(ctx, db, organisation, editions)? })
}

/// Whoever answers otherwise than the records propose says why, also without a network.
fn proposed(ctx: &Ctx, db: &mut Db, organisation: Id, editions: &[Id]) -> Result<Vec<(Id, i64)>> {
    let mut found = Vec::new();
    for edition in editions {
        let edition = instrument::edition(db, *edition)?;
        if edition.instrument.status != InstrumentStatus::Published {
            continue;
        }
        for item in &edition.items {
            let Some(probe) = item.probe else { continue };
            if let Some(proposal) = probe::look_on(ctx, db, probe, organisation, today())? {
                found.push((item.id, proposal.level));
            }
        }
    }
    Ok(found)
}
