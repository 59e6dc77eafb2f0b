//! What changed in the cooperatives three to six months after a session, on the subjects that its module serves.
//!
//! The level before is the last one found up to the session's first day; the level after is the first one found 90 to
//! 190 days after its last day. Cooperatives of the programme that were never trained in the module are looked at over
//! the same days: a comparison, never a cause.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::kinds::Multi;
use kernel::{Db, Id, Result, Viewer};
use programmes::Stage;
use programmes::finding::{self, Finding};
use schemars::JsonSchema;
use serde::Serialize;

use crate::session::Session;
use crate::{half_day, participant};

/// First and last day after a session on which a change is looked for.
const AFTER: (i64, i64) = (90, 190);

/// Which way a cooperative went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Way {
    /// It is further than before.
    Rose,
    /// It is where it was.
    Same,
    /// It fell back.
    Fell,
}

impl Way {
    /// Its code, under which its word stands.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Way::Rose => "rose",
            Way::Same => "same",
            Way::Fell => "fell",
        }
    }
}

/// A cooperative before and after: sums of its levels on the subjects known at both times.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Change {
    pub(crate) organisation: Id,
    pub(crate) name: Multi,
    pub(crate) before: i64,
    pub(crate) after: i64,
    /// The best that these subjects could come to.
    pub(crate) highest: i64,
    pub(crate) way: Way,
}

/// Cooperatives seen before and after.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct Group {
    pub(crate) changes: Vec<Change>,
    pub(crate) rose: usize,
    pub(crate) same: usize,
    pub(crate) fell: usize,
    /// Cooperatives without a level at both times.
    pub(crate) unknown: usize,
}

/// What changed after a session, beside cooperatives that were not trained.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Behaviour {
    pub(crate) trained: Group,
    pub(crate) others: Group,
    /// The days in which a change is looked for.
    #[schemars(with = "String")]
    pub(crate) from: Date,
    #[schemars(with = "String")]
    pub(crate) to: Date,
}

/// What changed after this session; nothing if it has no day yet or serves no subject.
pub(crate) fn of(db: &mut Db, viewer: &Viewer, session: &Session) -> Result<Option<Behaviour>> {
    let Some((first, last)) = half_day::span(&half_day::of(db, session.id)?) else { return Ok(None) };
    let subjects = crate::module::subjects(db, session.module.id)?;
    if subjects.is_empty() {
        return Ok(None);
    }
    let codes: Vec<String> = subjects.into_iter().map(|subject| subject.code).collect();
    let found = finding::of_subjects(db, viewer, &codes)?;
    let (from, to) = (last.saturating_add(AFTER.0.days()), last.saturating_add(AFTER.1.days()));
    let came = came(db, session.id)?;
    let trained: BTreeSet<Id> = crate::trained(db, session.module.id)?.into_iter().collect();
    let (mut here, mut others) = (Group::default(), Group::default());
    for line in programmes::enrolment::board(db, session.programme.id, kernel::today())? {
        let group = match (came.contains(&line.organisation), trained.contains(&line.organisation)) {
            (true, _) => &mut here,
            (false, false) if line.status != Stage::Left => &mut others,
            _ => continue,
        };
        match change(&found, &codes, line.organisation, first, (from, to)) {
            Some((before, after, known)) => group.add(line.organisation, line.name, before, after, known),
            None => group.unknown += 1,
        }
    }
    Ok(Some(Behaviour { trained: here, others, from, to }))
}

/// The cooperatives of whom somebody was there.
fn came(db: &mut Db, session: Id) -> Result<BTreeSet<Id>> {
    let marks = crate::attendance::of(db, session)?;
    let there: BTreeSet<Id> =
        marks.into_iter().filter(|(_, mark)| mark.present).map(|((_, participant), _)| participant).collect();
    let lines = participant::of(db, session)?;
    Ok(lines
        .into_iter()
        .filter(|line| there.contains(&line.id))
        .filter_map(|line| line.organisation)
        .collect())
}

/// Sums of levels before and after, on the subjects known at both times, and how many these are.
fn change(
    found: &[Finding],
    codes: &[String],
    organisation: Id,
    first: Date,
    (from, to): (Date, Date),
) -> Option<(i64, i64, i64)> {
    let (mut before, mut after, mut known) = (0, 0, 0);
    for code in codes {
        let mine = || found.iter().filter(|f| f.organisation == organisation && f.subject == *code);
        // Findings come with the earliest first.
        let old = mine().rfind(|f| f.found <= first);
        let new = mine().find(|f| from <= f.found && f.found <= to);
        if let (Some(old), Some(new)) = (old, new) {
            before += old.level;
            after += new.level;
            known += 1;
        }
    }
    (known > 0).then_some((before, after, known))
}

impl Group {
    fn add(&mut self, organisation: Id, name: Multi, before: i64, after: i64, known: i64) {
        let way = match after.cmp(&before) {
            std::cmp::Ordering::Greater => Way::Rose,
            std::cmp::Ordering::Equal => Way::Same,
            std::cmp::Ordering::Less => Way::Fell,
        };
        match way {
            Way::Rose => self.rose += 1,
            Way::Same => self.same += 1,
            Way::Fell => self.fell += 1,
        }
        let highest = known * finding::HIGHEST;
        self.changes.push(Change { organisation, name, before, after, highest, way });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_after_is_looked_for_in_its_days_only() {
        let organisation = Id::new();
        let found = |day: &str, level| Finding {
            organisation,
            subject: "x/1".into(),
            level,
            found: day.parse().unwrap_or_default(),
        };
        let (first, window) = (
            jiff::civil::date(2026, 1, 10),
            (jiff::civil::date(2026, 4, 11), jiff::civil::date(2026, 7, 20)),
        );
        let codes = ["x/1".to_owned()];
        let seen = |all: &[Finding]| change(all, &codes, organisation, first, window);
        let before = [found("2025-06-01", 0), found("2026-01-10", 1)];
        assert_eq!(seen(&before), None);
        assert_eq!(seen(&[&before[..], &[found("2026-03-01", 4)]].concat()), None, "too early");
        let whole = [&before[..], &[found("2026-03-01", 4), found("2026-05-01", 3), found("2026-07-01", 2)]];
        assert_eq!(seen(&whole.concat()), Some((1, 3, 1)), "the last before, the first in the window");
    }
}
