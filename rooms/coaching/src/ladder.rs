//! The autonomy ladder, as rules: what can be computed from the records there are is computed, the rest says which
//! records are missing. Nobody types a rung.

use std::sync::OnceLock;

use askama::Template;
use kernel::kinds::Multi;
use kernel::{Ctx, Db, Error, Id, Result, Shown, Words};
use serde::{Deserialize, Serialize};

use crate::panel::shown;
use crate::{assessment, instrument};

#[derive(Deserialize)]
struct LadderText {
    rung: Vec<RungText>,
}

#[derive(Deserialize)]
struct RungText {
    name: Multi,
    criterion: Vec<CriterionText>,
}

#[derive(Deserialize)]
struct CriterionText {
    name: Multi,
    record: String,
    dimension: Option<String>,
    least: Option<i64>,
}

fn rules() -> Result<&'static [RungText]> {
    static READ: OnceLock<Vec<RungText>> = OnceLock::new();
    if let Some(rules) = READ.get() {
        return Ok(rules);
    }
    let text: LadderText = toml::from_str(include_str!("../ladder.toml"))
        .map_err(|error| Error::internal(format!("the autonomy ladder: {error}")))?;
    Ok(READ.get_or_init(|| text.rung))
}

/// What must hold for a rung, and whether it does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Criterion {
    /// In words.
    pub name: Multi,
    /// Whether it holds; nothing while the records are missing.
    pub met: Option<bool>,
    /// The value that was computed, in permille.
    pub value: Option<i64>,
    /// Which records it is computed from: `sales`, `books` or `diagnosis`.
    pub record: &'static str,
}

/// A rung of the ladder.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rung {
    /// Its name.
    pub name: Multi,
    /// What must hold.
    pub criteria: Vec<Criterion>,
}

impl Rung {
    /// True if everything holds.
    pub fn is_reached(&self) -> bool {
        self.criteria.iter().all(|criterion| criterion.met == Some(true))
    }

    /// True if nothing can be said of it for want of records.
    pub fn is_unknown(&self) -> bool {
        self.criteria.iter().all(|criterion| criterion.met.is_none())
    }
}

/// The ladder for verified scores of dimensions, by their code, in permille. Books and sales are not kept here yet: what
/// needs them is unknown.
pub fn ladder(scores: &[(String, Option<i64>)]) -> Result<Vec<Rung>> {
    let record = |name: &str| match name {
        "diagnosis" => "diagnosis",
        "books" => "books",
        _ => "sales",
    };
    let judge = |criterion: &CriterionText| {
        let dimension = criterion.dimension.as_ref();
        let value = scores.iter().find(|(code, _)| Some(code) == dimension).and_then(|(_, score)| *score);
        Criterion {
            name: criterion.name.clone(),
            met: value.zip(criterion.least).map(|(value, least)| value >= least),
            value,
            record: record(&criterion.record),
        }
    };
    let rungs = rules()?.iter();
    Ok(rungs
        .map(|rung| Rung { name: rung.name.clone(), criteria: rung.criterion.iter().map(judge).collect() })
        .collect())
}

/// The ladder of a cooperative.
#[derive(Template, Serialize)]
#[template(path = "coaching_panel_ladder.html")]
struct Ladder {
    #[serde(skip)]
    w: Words,
    rungs: Vec<Rung>,
    diagnosed: bool,
}

impl Ladder {
    fn missing(&self, record: &&'static str) -> String {
        self.w.t2("ladder.missing", record)
    }
}

pub(crate) fn panel(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    let rounds = assessment::of(db, organisation)?;
    // The ladder speaks of Boussole's dimensions.
    let latest = rounds.iter().find(|round| {
        round.concluded.is_some() && round.repeats.is_none() && round.instrument.id == crate::boussole()
    });
    let mut scores = Vec::new();
    if let Some(round) = latest {
        let edition = instrument::edition(db, round.instrument.id)?;
        let outcome = assessment::outcome(&edition, round, &assessment::answers(db, round.id)?);
        let codes = edition.dimensions.iter().map(|dimension| dimension.code.clone());
        scores.extend(codes.zip(outcome.verified.dimensions));
    }
    shown(&Ladder { w: ctx.w, rungs: ladder(&scores)?, diagnosed: latest.is_some() })
}

#[cfg(test)]
mod tests {
    use super::ladder;

    #[test]
    fn what_cannot_be_computed_is_unknown_and_never_met() {
        let rungs = ladder(&[]).unwrap();
        assert_eq!(rungs.len(), 4);
        assert!(rungs.iter().all(|rung| rung.is_unknown() && !rung.is_reached()));
        let scores = [("B".to_owned(), Some(600)), ("E".to_owned(), Some(599))];
        let rungs = ladder(&scores).unwrap();
        let met: Vec<_> = rungs[3].criteria.iter().map(|criterion| criterion.met).collect();
        assert_eq!(met, [None, None, None, None, Some(true), Some(false)]);
        assert!(!rungs[3].is_unknown() && !rungs[3].is_reached());
    }
}
