//! The measures hold for whatever tests people do.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use proptest::prelude::*;
use training::measure::{Pair, Ratio, gains, mean, median};

fn pair() -> impl Strategy<Value = Pair> {
    (1_i64..=60)
        .prop_flat_map(|max| (0..=max, 0..=max).prop_map(move |(before, after)| Pair { before, after, max }))
}

proptest! {
    #[test]
    fn every_pair_is_counted_once(pairs in prop::collection::vec(pair(), 0..60)) {
        let found = gains(&pairs);
        prop_assert_eq!(found.pairs, pairs.len());
        prop_assert_eq!(found.measured + found.full_before, pairs.len());
        prop_assert_eq!(found.full_before, pairs.iter().filter(|p| p.before == p.max).count());
        prop_assert_eq!(found.mean.is_some(), !pairs.is_empty());
        prop_assert_eq!(found.normalised.is_some(), found.measured > 0, "never a mean of nobody");
    }

    #[test]
    fn the_normalised_gain_is_the_part_of_what_was_left(pair in pair()) {
        match pair.normalised() {
            None => prop_assert_eq!(pair.before, pair.max),
            Some(g) => {
                prop_assert!(g <= Ratio::new(1, 1).unwrap());
                prop_assert_eq!(g == Ratio::new(1, 1).unwrap(), pair.after == pair.max);
                prop_assert_eq!(g < Ratio::new(0, 1).unwrap(), pair.after < pair.before);
            }
        }
    }

    #[test]
    fn the_order_of_people_does_not_matter(mut pairs in prop::collection::vec(pair(), 1..40)) {
        let there = gains(&pairs);
        pairs.reverse();
        prop_assert_eq!(gains(&pairs), there);
    }

    #[test]
    fn mean_and_median_lie_between_the_smallest_and_the_largest(pairs in prop::collection::vec(pair(), 1..60)) {
        let all: Vec<Ratio> = pairs.iter().filter_map(Pair::gain).collect();
        let (low, high) = (*all.iter().min().unwrap(), *all.iter().max().unwrap());
        for of in [mean(&all).unwrap(), median(&all).unwrap()] {
            prop_assert!(low <= of && of <= high);
        }
    }

    #[test]
    fn the_mean_is_exact(before in prop::collection::vec(0_i64..=7, 1..50)) {
        let pairs: Vec<Pair> = before.iter().map(|b| Pair { before: *b, after: 7, max: 7 }).collect();
        let sum: i64 = before.iter().map(|b| 7 - b).sum();
        prop_assert_eq!(gains(&pairs).mean, Ratio::new(sum.into(), 7 * before.len() as i128));
    }
}

#[test]
fn numbers_are_rounded_only_when_they_are_shown() {
    let third = Ratio::new(1, 3).unwrap();
    assert_eq!((third.rounded(2), third.rounded(0)), (33, 0));
    assert_eq!(Ratio::new(-1, 2).unwrap().rounded(0), -1);
    assert_eq!(Ratio::new(5, 1000).unwrap().rounded(2), 1);
    assert_eq!(Ratio::new(1, 0), None);
    assert_eq!(mean(&[]), None);
    assert_eq!(median(&[]), None);
}

#[test]
fn a_session_of_four() {
    let pair = |before, after| Pair { before, after, max: 10 };
    let found = gains(&[pair(2, 6), pair(5, 10), pair(10, 9), pair(4, 4)]);
    assert_eq!((found.pairs, found.measured, found.full_before), (4, 3, 1));
    assert_eq!(found.mean, Ratio::new(8, 40));
    assert_eq!(found.median, Ratio::new(2, 10));
    assert_eq!(found.normalised, Ratio::new(1, 2));
    assert_eq!(found.normalised_median, Ratio::new(1, 2));
}
