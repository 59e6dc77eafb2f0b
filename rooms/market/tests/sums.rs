//! Stock and blends are exact whatever the order, and never below zero.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use jiff::ToSpan;
use jiff::civil::{Date, date};
use market::stock::{left, permille};
use proptest::prelude::*;

fn first() -> Date {
    date(2026, 1, 1)
}

fn changes() -> impl Strategy<Value = Vec<(Date, i64)>> {
    let one = (0i64..20, -50i64..50).prop_map(|(day, change)| (first().saturating_add(day.days()), change));
    proptest::collection::vec(one, 0..40)
}

proptest! {
    #[test]
    fn the_order_of_writing_does_not_matter(mut written in changes(), seed in any::<u64>()) {
        let before = left(written.clone());
        let mut seed = seed;
        for at in (1..written.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            written.swap(at, (seed >> 33) as usize % (at + 1));
        }
        prop_assert_eq!(left(written), before);
    }

    #[test]
    fn what_is_left_is_the_sum_and_never_negative(written in changes()) {
        let sum: i128 = written.iter().map(|(_, change)| i128::from(*change)).sum();
        match left(written.clone()) {
            Ok(left) => {
                prop_assert_eq!(left, sum);
                prop_assert!(left >= 0);
            }
            Err(short) => {
                // On that day, and on no day before, more had left than had come.
                let until = |day: Date| -> i128 {
                    written.iter().filter(|(there, _)| *there <= day).map(|(_, change)| i128::from(*change)).sum()
                };
                prop_assert_eq!(until(short.day), -short.missing);
                prop_assert!(written.iter().filter(|(day, _)| *day < short.day).all(|(day, _)| until(*day) >= 0));
            }
        }
    }

    #[test]
    fn a_blend_takes_exactly_what_it_holds(taken in proptest::collection::vec(1i64..1_000_000_000, 1..12)) {
        let blend: i128 = taken.iter().map(|part| i128::from(*part)).sum();
        let gone: i128 = taken
            .iter()
            .map(|part| 2 * i128::from(*part) - left([(first(), 2 * part), (first(), -part)]).unwrap())
            .sum();
        prop_assert_eq!(gone, blend);
        let shares = permille(&taken);
        prop_assert_eq!(shares.iter().sum::<i64>(), 1000);
        for (part, share) in taken.iter().zip(&shares) {
            let exact = i128::from(*part) * 1000 / blend;
            prop_assert!((exact..=exact + 1).contains(&i128::from(*share)));
        }
    }

    #[test]
    fn even_the_largest_numbers_are_exact(parts in proptest::collection::vec(any::<i64>().prop_map(i64::saturating_abs), 0..50)) {
        let sum: i128 = parts.iter().map(|part| i128::from(*part)).sum();
        prop_assert_eq!(left(parts.into_iter().map(|part| (first(), part))), Ok(sum));
    }
}

#[test]
fn nothing_blended_has_no_shares() {
    assert_eq!(permille(&[]), Vec::<i64>::new());
    assert_eq!(permille(&[0, 0]), [0, 0]);
    assert_eq!(permille(&[1, 1, 1]), [334, 333, 333]);
}
