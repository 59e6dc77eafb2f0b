//! Writes answers and what Tiwizi makes of them as JSON, for an independent judge of the scoring.
//!
//! sample_scores FILE

use coaching::reliability::agreement;
use coaching::scoring::{Given, Grade, Mark, change, score};
use serde_json::{Value, json};

/// A repeatable row of numbers (a linear congruence; the judge needs variety, not randomness).
struct Row(u64);

impl Row {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

fn marks(row: &mut Row, dimensions: u64, items: u64, silent: u64) -> Vec<Mark> {
    (0..items)
        .map(|_| {
            let gate = row.next(8) == 0;
            let grade = [Grade::Said, Grade::Seen, Grade::Attached, Grade::Confirmed][row.next(4) as usize];
            Mark {
                dimension: row.next(dimensions) as usize,
                weight: if gate { 2 } else { 1 + row.next(3) as i64 },
                gate,
                given: match row.next(12) {
                    0 => Given::NotApplicable,
                    n if n <= silent => Given::Nothing,
                    _ => Given::Level(row.next(5) as i64, grade),
                },
            }
        })
        .collect()
}

fn told(marks: &[Mark]) -> Value {
    let told = marks.iter().map(|mark| {
        let (level, evidence) = match mark.given {
            Given::Nothing => (Value::Null, Value::Null),
            Given::NotApplicable => (json!("na"), Value::Null),
            Given::Level(level, grade) => (json!(level), json!(grade as u8)),
        };
        json!({ "dimension": mark.dimension, "weight": mark.weight, "gate": mark.gate, "level": level, "evidence": evidence })
    });
    told.collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("usage: sample_scores FILE")?;
    let mut row = Row(2026);
    let mut cases = Vec::new();
    for case in 0..400 {
        let dimensions = 1 + row.next(10);
        let weights: Vec<i64> = (0..dimensions).map(|_| 1 + row.next(3) as i64).collect();
        let items = row.next(61);
        let before = marks(&mut row, dimensions, items, case % 5);
        // The second round asks the same items, answered otherwise.
        let other = marks(&mut row, dimensions, items, case % 3);
        let after: Vec<Mark> =
            before.iter().zip(&other).map(|(mark, other)| Mark { given: other.given, ..*mark }).collect();
        let pairs: Vec<(i64, i64)> =
            (0..row.next(40)).map(|_| (row.next(5) as i64, row.next(5) as i64)).collect();
        cases.push(json!({
            "weights": weights, "before": told(&before), "after": told(&after), "pairs": pairs,
            "outcome": score(&before, &weights), "change": change(&before, &after, &weights), "agreement": agreement(&pairs),
        }));
    }
    std::fs::write(file, Value::from(cases).to_string())?;
    Ok(())
}
