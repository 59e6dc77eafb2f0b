//! Who needs a session: cooperatives of its programme that lack what the module serves and were not trained in it.

use std::collections::{BTreeMap, BTreeSet};

use kernel::kinds::Multi;
use kernel::{Db, Id, Result, Viewer};
use programmes::Stage;
use programmes::finding::{self, GAP, HIGHEST};

use crate::session::Session;

/// A subject that a cooperative lacks.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Gap {
    pub(crate) subject: String,
    pub(crate) name: Multi,
    pub(crate) level: i64,
}

/// A cooperative that could be invited.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Candidate {
    pub(crate) organisation: Id,
    pub(crate) name: Multi,
    pub(crate) place: String,
    /// What it lacks, the lowest first; empty for who was not diagnosed.
    pub(crate) gaps: Vec<Gap>,
}

/// Cooperatives of the programme, by what is known of their need.
#[derive(Debug, Default, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Needs {
    /// Those with a gap, the largest first.
    pub(crate) lacking: Vec<Candidate>,
    /// Those of which nothing is known on these subjects.
    pub(crate) unknown: Vec<Candidate>,
    /// How many were trained in this module already.
    pub(crate) trained: usize,
    /// How many were looked at and have no gap.
    pub(crate) fine: usize,
}

/// The latest level of each subject, by cooperative, as far as this viewer may read files.
pub(crate) fn latest(
    db: &mut Db,
    viewer: &Viewer,
    subjects: &[String],
) -> Result<BTreeMap<(Id, String), i64>> {
    let found = finding::of_subjects(db, viewer, subjects)?;
    // The earliest come first: the last one written for a subject is the latest.
    Ok(found.into_iter().map(|f| ((f.organisation, f.subject), f.level)).collect())
}

/// Who needs this session.
pub(crate) fn of(db: &mut Db, viewer: &Viewer, session: &Session) -> Result<Needs> {
    let subjects = crate::module::subjects(db, session.module.id)?;
    let codes: Vec<String> = subjects.iter().map(|subject| subject.code.clone()).collect();
    let levels = latest(db, viewer, &codes)?;
    let trained: BTreeSet<Id> = crate::trained(db, session.module.id)?.into_iter().collect();
    let mut needs = Needs::default();
    let enrolled = programmes::enrolment::board(db, session.programme.id, kernel::today())?;
    for line in enrolled {
        if !matches!(line.status, Stage::Selected | Stage::Active | Stage::Paused) {
            continue;
        }
        if trained.contains(&line.organisation) {
            needs.trained += 1;
            continue;
        }
        let known = subjects.iter().filter_map(|subject| {
            let level = levels.get(&(line.organisation, subject.code.clone()))?;
            Some(Gap { subject: subject.code.clone(), name: subject.name.clone(), level: *level })
        });
        let known: Vec<Gap> = known.collect();
        let candidate =
            |gaps| Candidate { organisation: line.organisation, name: line.name, place: line.place, gaps };
        if known.is_empty() {
            needs.unknown.push(candidate(Vec::new()));
            continue;
        }
        let mut gaps: Vec<Gap> = known.into_iter().filter(|gap| gap.level <= GAP).collect();
        gaps.sort_by_key(|gap| gap.level);
        if gaps.is_empty() {
            needs.fine += 1;
        } else {
            needs.lacking.push(candidate(gaps));
        }
    }
    // The board is in the order of names, and the sort keeps it among equals.
    needs.lacking.sort_by_key(size);
    Ok(needs)
}

/// The largest gap first: the lowest level, then how much is lacking in all.
fn size(candidate: &Candidate) -> (i64, i64) {
    let lowest = candidate.gaps.iter().map(|gap| gap.level).min().unwrap_or(HIGHEST);
    let short: i64 = candidate.gaps.iter().map(|gap| HIGHEST - gap.level).sum();
    (lowest, -short)
}
