#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use proptest::prelude::*;

use super::{Content, Line};
use crate::testing::sample;

fn line(gross: i64) -> Line {
    Line { count: 1, price: gross, gross, ..sample("cooperative").lines[0].clone() }
}

#[test]
fn nothing_is_no_invoice_and_sums_are_bounded() {
    let of = |lines| Content { lines, ..sample("cooperative") }.summed();
    assert!(of(Vec::new()).is_err());
    assert!(of(vec![line(0)]).is_err());
    assert!(of(vec![line(1_000_000_000_000), line(1)]).is_err());
    assert_eq!(of(vec![line(4_550), line(50)]).unwrap().total, 4_600);
}

#[test]
fn a_digest_tells_what_changed() {
    let one = sample("cooperative");
    let other = Content { note: Some("!".into()), ..one.clone() };
    assert_eq!(one.digest().unwrap(), sample("cooperative").digest().unwrap());
    assert_ne!(one.digest().unwrap(), other.digest().unwrap());
}

proptest! {
    // EN 16931: BR-CO-10, BR-CO-13, BR-CO-15, BR-CO-16, BR-S-08, BR-S-09.
    #[test]
    fn lines_tax_and_rounding_add_up_to_what_was_agreed(grosses in prop::collection::vec(1_i64..5_000_000, 1..12)) {
        for code in ["cooperative", "standard"] {
            let lines: Vec<Line> = grosses.iter().map(|gross| line(*gross)).collect();
            let content = Content { lines, ..sample(code) }.summed().unwrap();
            prop_assert_eq!(content.total, grosses.iter().sum::<i64>());
            prop_assert_eq!(content.net, content.lines.iter().map(|line| line.net).sum::<i64>());
            prop_assert_eq!(content.net + content.tax + content.rounding, content.total);
            prop_assert!(content.rounding.abs() <= 1);
            prop_assert!(content.lines.iter().all(|line| line.net <= line.gross && line.net >= line.gross * 5 / 6));
            prop_assert_eq!(content.tax == 0, content.treatment.rate == 0);
        }
    }
}
