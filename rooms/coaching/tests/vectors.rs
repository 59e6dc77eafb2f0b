//! The scoring says what exact fractions say. The field app is held to the same file (`tests/browser`).
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use coaching::scoring::{Given, Grade, Mark, score};
use serde_json::Value as Json;

fn grade(code: &Json) -> Grade {
    match code.as_str().unwrap() {
        "said" => Grade::Said,
        "seen" => Grade::Seen,
        "attached" => Grade::Attached,
        "confirmed" => Grade::Confirmed,
        other => panic!("no evidence is called {other}"),
    }
}

fn mark(told: &Json) -> Mark {
    let given = match told[3].as_str() {
        Some("na") => Given::NotApplicable,
        Some(_) => Given::Nothing,
        None => Given::Level(told[3].as_i64().unwrap(), grade(&told[4])),
    };
    Mark {
        dimension: usize::try_from(told[0].as_u64().unwrap()).unwrap(),
        weight: told[1].as_i64().unwrap(),
        gate: told[2].as_bool().unwrap(),
        given,
    }
}

#[test]
fn scores_are_those_of_exact_fractions() {
    let vectors: Json = serde_json::from_str(include_str!("../instruments/scoring-vectors.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert!(cases.len() > 80);
    for case in cases {
        let marks: Vec<Mark> = case["marks"].as_array().unwrap().iter().map(mark).collect();
        let weights: Vec<i64> =
            case["weights"].as_array().unwrap().iter().map(|w| w.as_i64().unwrap()).collect();
        assert_eq!(serde_json::to_value(score(&marks, &weights)).unwrap(), case["outcome"], "{case}");
    }
}
