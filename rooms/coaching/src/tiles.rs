//! What coaching tells in the cooperative's own space: where it stands, its plan, who comes next.

use askama::Template;
use kernel::{Ctx, Db, Id, Result, Shown, Words};
use people::Voices;
use serde::Serialize;

use crate::action::{self, ActionStatus};
use crate::panel::shown;
use crate::scoring::Stage;
use crate::visit::{self, VisitStatus};
use crate::{assessment, instrument, report};

/// Three tiles.
#[derive(Template, Serialize)]
#[template(path = "coaching_tiles.html")]
struct Tiles {
    #[serde(skip)]
    w: Words,
    organisation: Id,
    assessment: Option<Id>,
    score: Option<i64>,
    stage: Option<Stage>,
    done: usize,
    all: usize,
    next_visit: Option<String>,
    #[serde(skip)]
    voices: Voices,
}

/// The words of the tiles that can be listened to.
pub(crate) const SPOKEN: &[&str] = &["tile.diagnosis", "tile.plan", "tile.visit"];

impl Tiles {
    fn tone(&self, stage: &Stage) -> &'static str {
        report::tone(*stage)
    }
}

pub(crate) fn tiles(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    let rounds = assessment::of(db, organisation)?;
    let latest = rounds.into_iter().find(|round| round.concluded.is_some() && round.repeats.is_none());
    let outcome = match &latest {
        Some(round) => {
            let edition = instrument::edition(db, round.instrument.id)?;
            let answers = assessment::answers(db, round.id)?;
            Some(assessment::outcome(&edition, round, &answers))
        }
        None => None,
    };
    let plan = action::of(db, organisation)?;
    let today = kernel::today();
    let visits = visit::of(db, organisation)?;
    let planned = visits.iter().filter(|visit| visit.status == VisitStatus::Planned && visit.held >= today);
    shown(&Tiles {
        w: ctx.w,
        voices: Voices::of_words(ctx, db)?,
        organisation,
        assessment: latest.map(|round| round.id),
        score: outcome.as_ref().and_then(|outcome| outcome.verified.overall),
        stage: outcome.and_then(|outcome| outcome.stage),
        done: plan.iter().filter(|action| action.status == ActionStatus::Done).count(),
        all: plan.iter().filter(|action| action.status != ActionStatus::Dropped).count(),
        next_visit: planned.map(|visit| visit.held).min().map(|day| ctx.w.date(&day)),
    })
}
