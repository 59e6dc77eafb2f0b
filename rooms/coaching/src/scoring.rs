//! The scoring of a diagnosis, in whole numbers, so that two implementations agree to the last digit.
//!
//! Source: the specification of Boussole (`instruments/boussole-1/SCORING.md`), which an independent script follows in
//! the tests. A score is counted in permille (0 to 1000) and shown with one decimal: 1000 is « 100,0 ».

use serde::Serialize;

/// How sure an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// E0: somebody said so.
    Said,
    /// E1: the coach saw it.
    Seen,
    /// E2: a document, photo or record is attached.
    Attached,
    /// E3: computed from records, or confirmed by a third party.
    Confirmed,
}

/// What was answered to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// Nothing yet.
    Nothing,
    /// It does not apply here.
    NotApplicable,
    /// A level from 0 to 4, and how sure it is.
    Level(i64, Grade),
}

/// An item as the scoring sees it.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// Which dimension it belongs to: its position.
    pub dimension: usize,
    /// Its weight; 1, and 2 for a gate, unless the instrument says otherwise.
    pub weight: i64,
    /// True if a low level holds the stage down.
    pub gate: bool,
    /// What was answered.
    pub given: Given,
}

/// Stages, from the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Under 25.
    Fragile,
    /// Under 50.
    Emerging,
    /// Under 75.
    Structured,
    /// 75 and more.
    Autonomous,
}

impl Stage {
    /// All of them, from the lowest.
    pub const ALL: [Stage; 4] = [Stage::Fragile, Stage::Emerging, Stage::Structured, Stage::Autonomous];

    /// Its code; its word stands under `stage.code`.
    pub fn code(self) -> &'static str {
        match self {
            Stage::Fragile => "fragile",
            Stage::Emerging => "emerging",
            Stage::Structured => "structured",
            Stage::Autonomous => "autonomous",
        }
    }

    /// The stage of an overall score in permille, before any gate.
    fn of(permille: i64) -> Stage {
        match permille {
            ..250 => Stage::Fragile,
            250..500 => Stage::Emerging,
            500..750 => Stage::Structured,
            _ => Stage::Autonomous,
        }
    }
}

/// One of the two series of a diagnosis: what was declared, or what was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Series {
    /// The score of each dimension in permille; `None` when less than two thirds of its weight is answered.
    pub dimensions: Vec<Option<i64>>,
    /// The overall score in permille; `None` when fewer than four fifths of the dimensions have one.
    pub overall: Option<i64>,
}

/// What a diagnosis says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Outcome {
    /// Every answer as it was given.
    pub declared: Series,
    /// Answers without evidence count for less.
    pub verified: Series,
    /// Weight of the answers with a document or better, of all answered weight, in permille.
    pub evidence: Option<i64>,
    /// The stage, from the verified score, held down by gates; `None` without a score.
    pub stage: Option<Stage>,
    /// Items answered with a level.
    pub answered: usize,
    /// Items that apply.
    pub applicable: usize,
}

/// The quotient of two whole numbers, rounded half away from zero.
fn rounded(numerator: i64, denominator: i64) -> i64 {
    let (n, d) = (i128::from(numerator), i128::from(denominator));
    let twice = (2 * n.abs() + d) / (2 * d);
    i64::try_from(if n < 0 { -twice } else { twice }).unwrap_or(i64::MAX)
}

/// The level that counts as verified: hearsay is worth at most 1, what the coach saw at most 3.
pub fn verified(level: i64, grade: Grade) -> i64 {
    match grade {
        Grade::Said => level.min(1),
        Grade::Seen => level.min(3),
        Grade::Attached | Grade::Confirmed => level,
    }
}

fn series(marks: &[Mark], weights: &[i64], level: impl Fn(i64, Grade) -> i64) -> Series {
    let dimensions: Vec<Option<i64>> = (0..weights.len())
        .map(|dimension| {
            let (mut sum, mut answered, mut applicable) = (0, 0, 0);
            for mark in marks.iter().filter(|mark| mark.dimension == dimension) {
                match mark.given {
                    Given::NotApplicable => {}
                    Given::Nothing => applicable += mark.weight,
                    Given::Level(s, grade) => {
                        applicable += mark.weight;
                        answered += mark.weight;
                        sum += mark.weight * level(s, grade);
                    }
                }
            }
            (answered > 0 && 3 * answered >= 2 * applicable).then(|| rounded(1000 * sum, 4 * answered))
        })
        .collect();
    let scored: Vec<(i64, i64)> =
        dimensions.iter().zip(weights).filter_map(|(score, weight)| Some(((*score)?, *weight))).collect();
    let weight: i64 = scored.iter().map(|(_, weight)| weight).sum();
    let enough = weight > 0 && 5 * scored.len() >= 4 * weights.len();
    let overall = enough.then(|| rounded(scored.iter().map(|(score, weight)| score * weight).sum(), weight));
    Series { dimensions, overall }
}

/// The highest stage that the gates allow: at most *emerging* while one is absent, occasional or unanswered, at most
/// *structured* while one is partial or late.
fn ceiling(marks: &[Mark]) -> Stage {
    let gates = marks.iter().filter(|mark| mark.gate).filter_map(|mark| match mark.given {
        Given::NotApplicable => None,
        Given::Nothing => Some(0),
        Given::Level(level, grade) => Some(verified(level, grade)),
    });
    match gates.min() {
        Some(..=1) => Stage::Emerging,
        Some(2) => Stage::Structured,
        _ => Stage::Autonomous,
    }
}

/// Scores a diagnosis. `weights` are those of the dimensions, in their order.
pub fn score(marks: &[Mark], weights: &[i64]) -> Outcome {
    let declared = series(marks, weights, |level, _| level);
    let proven = series(marks, weights, verified);
    let (mut sure, mut answered, mut n, mut applicable) = (0, 0, 0, 0);
    for mark in marks {
        applicable += usize::from(mark.given != Given::NotApplicable);
        if let Given::Level(_, grade) = mark.given {
            n += 1;
            answered += mark.weight;
            sure += if grade >= Grade::Attached { mark.weight } else { 0 };
        }
    }
    Outcome {
        stage: proven.overall.map(|overall| Stage::of(overall).min(ceiling(marks))),
        evidence: (answered > 0).then(|| rounded(1000 * sure, answered)),
        declared,
        verified: proven,
        answered: n,
        applicable,
    }
}

/// What moved between two rounds with the same edition of an instrument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Change {
    /// How many items were answered in both rounds; only these are compared.
    pub items: usize,
    /// Difference of the verified score of each dimension, in permille.
    pub dimensions: Vec<Option<i64>>,
    /// Difference of the verified overall score, in permille.
    pub overall: Option<i64>,
    /// Items whose verified level rose.
    pub rose: usize,
    /// Items whose verified level fell.
    pub fell: usize,
}

/// Compares two rounds on the items that both answered. Marks of both stand in the same order.
pub fn change(before: &[Mark], after: &[Mark], weights: &[i64]) -> Change {
    let both: Vec<(Mark, Mark)> = before
        .iter()
        .zip(after)
        .filter(|(a, b)| matches!((a.given, b.given), (Given::Level(..), Given::Level(..))))
        .map(|(a, b)| (*a, *b))
        .collect();
    let (a, b): (Vec<Mark>, Vec<Mark>) = both.iter().copied().unzip();
    let (a, b) = (series(&a, weights, verified), series(&b, weights, verified));
    let less = |x: Option<i64>, y: Option<i64>| Some(y? - x?);
    let level = |mark: &Mark| if let Given::Level(s, grade) = mark.given { verified(s, grade) } else { 0 };
    Change {
        items: both.len(),
        dimensions: a.dimensions.iter().zip(&b.dimensions).map(|(x, y)| less(*x, *y)).collect(),
        overall: less(a.overall, b.overall),
        rose: both.iter().filter(|(x, y)| level(y) > level(x)).count(),
        fell: both.iter().filter(|(x, y)| level(y) < level(x)).count(),
    }
}

/// How urgent an item is: weight × what is missing to 4 × how easy it is to improve (1 to 3). Ties go to gates first.
pub fn priority(weight: i64, level: i64, ease: i64) -> i64 {
    weight * (4 - level) * ease
}
