//! Rules and marks are computed exactly.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::Id;
use kernel::kinds::{Money, Multi};
use programmes::selection::call::Criterion;
use programmes::selection::eligibility::{Figures, Verdict, apply};
use programmes::selection::mark::{Points, tally};
use programmes::selection::{CallRule, Quantity, Relation};
use proptest::prelude::*;

fn rule(subject: Quantity, relation: Relation) -> CallRule {
    CallRule {
        id: Id::named("rule"),
        version: 1,
        call: Id::named("call").into(),
        position: 0,
        name: Multi::fr_ar("Règle", ""),
        subject,
        relation,
        percent: None,
        base: None,
        amount: None,
        number: None,
        source: None,
        verified: true,
    }
}

fn share(subject: Quantity, relation: Relation, percent: i64, base: Quantity) -> CallRule {
    CallRule { percent: Some(percent), base: Some(base), ..rule(subject, relation) }
}

fn project(cost: i64, grant: i64, own_kind: i64) -> Figures {
    Figures {
        cost: Some(cost),
        grant: Some(grant),
        own_cash: Some(cost - grant - own_kind),
        own_kind: Some(own_kind),
        members: Some(20),
        women_or_young: Some(7),
        currency: "MAD".into(),
        ..Figures::default()
    }
}

#[test]
fn the_co_financing_rule_says_by_how_much_it_fails() {
    let grant = share(Quantity::Grant, Relation::AtMost, 60, Quantity::Cost);
    assert_eq!(apply(&grant, &project(1_000, 600, 100)), Verdict::Met);
    assert_eq!(apply(&grant, &project(1_000, 680, 100)), Verdict::Fails(80));
    // A part of a centime is a centime too much.
    assert_eq!(apply(&grant, &project(999, 600, 100)), Verdict::Fails(1));
    let own = share(Quantity::Own, Relation::AtLeast, 40, Quantity::Cost);
    assert_eq!(apply(&own, &project(1_000, 650, 100)), Verdict::Fails(50));
    let kind = share(Quantity::OwnKind, Relation::AtMost, 50, Quantity::Own);
    assert_eq!(apply(&kind, &project(1_000, 600, 200)), Verdict::Met);
    assert_eq!(apply(&kind, &project(1_000, 600, 250)), Verdict::Fails(50));
    let most = CallRule {
        amount: Some(Money { minor: 500, currency: "MAD".into() }),
        ..rule(Quantity::Grant, Relation::AtMost)
    };
    assert_eq!(apply(&most, &project(1_000, 600, 100)), Verdict::Fails(100));
    let abroad = CallRule { amount: Some(Money { minor: 500, currency: "EUR".into() }), ..most };
    assert_eq!(apply(&abroad, &project(1_000, 600, 100)), Verdict::Unknown);
    let women = share(Quantity::WomenOrYoung, Relation::MoreThan, 30, Quantity::Members);
    assert_eq!(apply(&women, &project(1_000, 600, 100)), Verdict::Met);
    assert_eq!(
        apply(&women, &Figures { women_or_young: Some(6), ..project(1_000, 600, 100) }),
        Verdict::Fails(1)
    );
    assert_eq!(apply(&women, &Figures::default()), Verdict::Unknown);
}

fn criterion(name: &str, weight: i64, highest: i64) -> Criterion {
    Criterion {
        id: Id::named(name),
        version: 1,
        call: Id::named("call").into(),
        position: 0,
        name: Multi::fr_ar(name, ""),
        hint: None,
        weight,
        highest,
    }
}

#[test]
fn marks_are_weighted_and_rounded_once() {
    let criteria = [criterion("a", 3, 10), criterion("b", 1, 3)];
    let sheet = |a: i64, b: i64| Points::from([(Id::named("a"), a), (Id::named("b"), b)]);
    // (3 × 7/10 + 1 × 2/3) / 4 = 0.69166…
    let found = tally(&criteria, &[sheet(7, 2), sheet(10, 3)]);
    assert_eq!((found.totals, found.score, found.spread), (vec![692, 1000], Some(846), Some(308)));
    assert_eq!(tally(&criteria, &[]).score, None);
}

proptest! {
    #[test]
    fn what_is_missing_is_exactly_what_would_do(cost in 1_i64..10_000_000, grant in 0_i64..10_000_000, percent in 1_i64..=100) {
        let rule = share(Quantity::Grant, Relation::AtMost, percent, Quantity::Cost);
        let figures = |grant| Figures { cost: Some(cost), grant: Some(grant), currency: "MAD".into(), ..Figures::default() };
        if let Verdict::Fails(by) = apply(&rule, &figures(grant)) {
            prop_assert!(by > 0);
            prop_assert_eq!(apply(&rule, &figures(grant - by)), Verdict::Met);
            prop_assert!(apply(&rule, &figures(grant - by + 1)) != Verdict::Met);
        }
    }

    #[test]
    fn a_better_mark_never_lowers_the_score(points in prop::collection::vec((0_i64..=10, 0_i64..=5), 1..6), who in any::<prop::sample::Index>()) {
        let criteria = [criterion("a", 3, 10), criterion("b", 2, 5)];
        let sheet = |(a, b): &(i64, i64)| Points::from([(Id::named("a"), *a), (Id::named("b"), *b)]);
        let before: Vec<Points> = points.iter().map(sheet).collect();
        let mut better = points;
        let mark = who.get_mut(&mut better);
        mark.0 = (mark.0 + 1).min(10);
        let after: Vec<Points> = better.iter().map(sheet).collect();
        prop_assert!(tally(&criteria, &after).score >= tally(&criteria, &before).score);
        prop_assert!((0..=1000).contains(&tally(&criteria, &after).score.unwrap()));
    }
}
