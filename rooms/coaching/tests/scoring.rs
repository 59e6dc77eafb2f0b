//! The scoring keeps its promises whatever the answers are.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use coaching::reliability::agreement;
use coaching::scoring::{Given, Grade, Mark, Stage, change, priority, score};
use proptest::prelude::*;

const DIMENSIONS: usize = 5;

fn grade() -> impl Strategy<Value = Grade> {
    prop_oneof![Just(Grade::Said), Just(Grade::Seen), Just(Grade::Attached), Just(Grade::Confirmed)]
}

fn given() -> impl Strategy<Value = Given> {
    prop_oneof![
        1 => Just(Given::Nothing),
        1 => Just(Given::NotApplicable),
        6 => (0_i64..=4, grade()).prop_map(|(level, grade)| Given::Level(level, grade)),
    ]
}

fn marks() -> impl Strategy<Value = Vec<Mark>> {
    let mark = (0..DIMENSIONS, prop::bool::weighted(0.2), given()).prop_map(|(dimension, gate, given)| {
        Mark { dimension, weight: if gate { 2 } else { 1 }, gate, given }
    });
    prop::collection::vec(mark, 0..60)
}

const WEIGHTS: [i64; DIMENSIONS] = [1, 1, 2, 1, 1];

fn at_least(after: &[Option<i64>], before: &[Option<i64>]) -> bool {
    after.iter().zip(before).all(|(after, before)| match (after, before) {
        (Some(after), Some(before)) => after >= before,
        _ => true,
    })
}

proptest! {
    #[test]
    fn to_raise_an_item_or_its_evidence_lowers_nothing(marks in marks(), at in any::<prop::sample::Index>(), level: bool) {
        prop_assume!(!marks.is_empty());
        let mut better = marks.clone();
        let mark = at.get_mut(&mut better);
        if let Given::Level(n, grade) = &mut mark.given {
            if level { *n = (*n + 1).min(4) } else { *grade = Grade::Confirmed }
        }
        let (before, after) = (score(&marks, &WEIGHTS), score(&better, &WEIGHTS));
        prop_assert!(at_least(&after.declared.dimensions, &before.declared.dimensions));
        prop_assert!(at_least(&after.verified.dimensions, &before.verified.dimensions));
        prop_assert!(after.verified.overall >= before.verified.overall);
        prop_assert!(after.stage >= before.stage);
        prop_assert!(after.evidence >= before.evidence);
    }

    #[test]
    fn what_does_not_apply_changes_nothing(marks in marks(), gate: bool, dimension in 0..DIMENSIONS) {
        let mut more = marks.clone();
        more.push(Mark { dimension, weight: 3, gate, given: Given::NotApplicable });
        prop_assert_eq!(score(&marks, &WEIGHTS), score(&more, &WEIGHTS));
    }

    #[test]
    fn the_order_of_answers_changes_nothing((marks, mixed) in marks().prop_flat_map(|marks| (Just(marks.clone()), Just(marks).prop_shuffle()))) {
        prop_assert_eq!(score(&marks, &WEIGHTS), score(&mixed, &WEIGHTS));
    }

    #[test]
    fn a_weak_gate_caps_the_stage(marks in marks(), weak in 0_i64..=2) {
        let mut capped = marks;
        capped.push(Mark { dimension: 0, weight: 2, gate: true, given: Given::Level(weak, Grade::Confirmed) });
        let most = if weak == 2 { Stage::Structured } else { Stage::Emerging };
        prop_assert!(score(&capped, &WEIGHTS).stage.is_none_or(|stage| stage <= most));
    }

    #[test]
    fn verified_is_never_more_than_declared(marks in marks()) {
        let outcome = score(&marks, &WEIGHTS);
        prop_assert!(at_least(&outcome.declared.dimensions, &outcome.verified.dimensions));
        prop_assert!(outcome.declared.overall >= outcome.verified.overall);
    }

    #[test]
    fn a_round_compared_with_itself_did_not_move(marks in marks()) {
        let still = change(&marks, &marks, &WEIGHTS);
        prop_assert!(still.overall.is_none_or(|n| n == 0) && still.rose == 0 && still.fell == 0);
        prop_assert_eq!(still.items, score(&marks, &WEIGHTS).answered);
    }

    #[test]
    fn assessors_agree_the_same_whoever_comes_first(pairs in prop::collection::vec((0_i64..=4, 0_i64..=4), 0..40)) {
        let turned: Vec<_> = pairs.iter().map(|(a, b)| (*b, *a)).collect();
        let (one, other) = (agreement(&pairs), agreement(&turned));
        prop_assert_eq!(&one, &other);
        prop_assert!(one.exact <= one.within_one && one.within_one <= one.pairs);
        prop_assert!(one.kappa.is_none_or(|kappa| (-1000..=1000).contains(&kappa)));
        if let Some(kappa) = one.kappa { prop_assert_eq!(kappa == 1000, one.exact == one.pairs) }
    }
}

#[test]
fn scores_are_what_a_person_finds_with_paper_and_pencil() {
    let mark = |dimension, gate, level, grade| Mark {
        dimension,
        weight: if gate { 2 } else { 1 },
        gate,
        given: Given::Level(level, grade),
    };
    // Dimension 0: a gate at 3 with a document (2 × 3), an item at 4 by hearsay: declared 10/12, verified 7/12.
    let marks =
        [mark(0, true, 3, Grade::Attached), mark(0, false, 4, Grade::Said), mark(1, false, 2, Grade::Seen)];
    let outcome = score(&marks, &[1, 1]);
    assert_eq!(outcome.declared.dimensions, [Some(833), Some(500)]);
    assert_eq!(outcome.verified.dimensions, [Some(583), Some(500)]);
    assert_eq!((outcome.declared.overall, outcome.verified.overall), (Some(667), Some(542)));
    assert_eq!((outcome.evidence, outcome.stage), (Some(500), Some(Stage::Structured)));
    assert_eq!(priority(2, 1, 3), 18);
}

#[test]
fn a_dimension_answered_by_less_than_two_thirds_has_no_score() {
    let mark = |given| Mark { dimension: 0, weight: 1, gate: false, given };
    let answered = Given::Level(4, Grade::Confirmed);
    let two_of_three = [mark(answered), mark(answered), mark(Given::Nothing)];
    assert_eq!(score(&two_of_three, &[1]).verified.overall, Some(1000));
    let one_of_two = [mark(answered), mark(Given::Nothing)];
    assert_eq!(score(&one_of_two, &[1]).verified.overall, None);
}

#[test]
fn kappa_is_that_of_a_worked_example() {
    // Worked by hand: Σ(i-j)²O = 2, Σ(i-j)²rc = 64, n = 8: κ = 1 - 2·8/64 = 0.75.
    let pairs = [(0, 0), (0, 0), (1, 0), (1, 1), (2, 2), (2, 2), (3, 2), (1, 1)];
    let found = agreement(&pairs);
    let (mut seen, mut expected) = (0, 0);
    for (a, b) in pairs {
        seen += (a - b) * (a - b);
        expected += pairs.iter().map(|(_, other)| (a - other) * (a - other)).sum::<i64>();
    }
    assert_eq!(found.kappa, Some((1000 * (expected - seen * 8) + expected / 2) / expected));
    assert_eq!((found.exact, found.within_one, found.pairs), (6, 8, 8));
    assert_eq!(agreement(&[(2, 2), (2, 2)]).kappa, None, "chance alone would make everybody agree");
}
