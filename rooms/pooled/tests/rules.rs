//! Properties of the allocation and the settlement, with random claims.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use pooled::allocation::{Claim, Part, Rule, Why, allocate};
use pooled::ledger::{Delivered, settle};
use proptest::prelude::*;

const RULES: [Rule; 5] = [Rule::Equal, Rule::Pledge, Rule::Members, Rule::Guarantee, Rule::Memory];

fn claim(floor: i64, ceiling: i64, draw: u128) -> Claim {
    Claim { floor, ceiling, firm: false, members: 10, missed: 0, draw }
}

fn claims(least: impl Strategy<Value = i64>) -> impl Strategy<Value = Vec<Claim>> {
    let one = (least, 0..400_i64, 0..60_i64, 0..80_i64).prop_map(|(floor, more, members, missed)| Claim {
        floor,
        ceiling: floor + more,
        firm: false,
        members,
        missed,
        draw: 0,
    });
    prop::collection::vec(one, 0..9).prop_map(|claims| {
        // Draws are digests: never equal.
        let named = |(at, claim): (usize, Claim)| Claim { draw: (at as u128 + 1) * 7_919 % 101, ..claim };
        claims.into_iter().enumerate().map(named).collect()
    })
}

fn packs(parts: &[Part]) -> Vec<i64> {
    parts.iter().map(|part| part.packs).collect()
}

fn sum(of: impl Iterator<Item = i64>) -> i64 {
    of.sum()
}

proptest! {
    #[test]
    fn sums_are_exact_and_bounds_hold(claims in claims(0..120_i64), ordered in 0..2_500_i64, guarantee in 0..90_i64) {
        for rule in RULES {
            let parts = allocate(ordered, rule, guarantee, &claims);
            prop_assert_eq!(parts.len(), claims.len());
            let served = parts.iter().zip(&claims).filter(|(part, _)| part.why != Why::Below);
            let pledged = sum(served.map(|(_, claim)| claim.ceiling));
            prop_assert_eq!(sum(packs(&parts).into_iter()), ordered.min(pledged));
            for (part, claim) in parts.iter().zip(&claims) {
                prop_assert!(part.packs <= claim.ceiling);
                prop_assert!(part.packs == 0 || part.packs >= claim.floor);
                prop_assert_eq!(part.why == Why::Whole, part.packs == claim.ceiling && part.packs > 0);
            }
            if sum(claims.iter().map(|claim| claim.floor)) <= ordered {
                let all = sum(claims.iter().map(|claim| claim.ceiling));
                prop_assert_eq!(sum(packs(&parts).into_iter()), ordered.min(all), "all minimums can be given");
                prop_assert!(parts.iter().zip(&claims).all(|(part, claim)| part.packs >= claim.floor));
            }
        }
    }

    #[test]
    fn the_order_of_the_claims_changes_nothing(
        claims in claims(0..120_i64), ordered in 0..2_500_i64, guarantee in 0..90_i64, turn in 0..9_usize,
    ) {
        for rule in RULES {
            let straight = allocate(ordered, rule, guarantee, &claims);
            prop_assert_eq!(&straight, &allocate(ordered, rule, guarantee, &claims));
            let mut turned: Vec<usize> = (0..claims.len()).rev().collect();
            turned.rotate_left(turn % claims.len().max(1));
            let other: Vec<Claim> = turned.iter().map(|at| claims[*at].clone()).collect();
            let again = allocate(ordered, rule, guarantee, &other);
            for (place, at) in turned.iter().enumerate() {
                prop_assert_eq!(again[place], straight[*at]);
            }
        }
    }

    #[test]
    fn a_larger_order_takes_at_most_the_pack_of_rounding(
        claims in claims(0..60_i64), ordered in 0..2_500_i64, more in 1..300_i64, guarantee in 0..90_i64,
    ) {
        let ordered = ordered.max(sum(claims.iter().map(|claim| claim.floor)));
        for rule in RULES {
            let before = packs(&allocate(ordered, rule, guarantee, &claims));
            let after = packs(&allocate(ordered + more, rule, guarantee, &claims));
            prop_assert!(before.iter().zip(&after).all(|(before, after)| after + 1 >= *before));
        }
    }

    #[test]
    fn what_was_accepted_stays_when_others_fall_short(
        claims in claims(0..40_i64), ordered in 1..2_000_i64, fails in 0..9_usize,
    ) {
        prop_assume!(!claims.is_empty());
        for rule in RULES {
            let before = allocate(ordered, rule, 10, &claims);
            let fails = fails % claims.len();
            // One delivers half; the others keep what they accepted and may get more; those left out may come in.
            let delivered = before[fails].packs / 2;
            let rest: Vec<(i64, Claim)> = (0..claims.len())
                .filter(|at| *at != fails)
                .map(|at| {
                    let (had, claim) = (before[at].packs, claims[at].clone());
                    (had, Claim { floor: claim.floor.max(had), firm: had > 0, ..claim })
                })
                .collect();
            let total = sum(packs(&before).into_iter());
            let claimed: Vec<Claim> = rest.iter().map(|(_, claim)| claim.clone()).collect();
            let after = allocate(total - delivered, rule, 10, &claimed);
            prop_assert!(rest.iter().zip(&after).all(|((had, _), part)| part.packs >= *had));
            prop_assert!(sum(packs(&after).into_iter()) <= total - delivered);
        }
    }

    #[test]
    fn the_ledger_is_balanced_to_the_centime(
        lines in prop::collection::vec((0..5_000_i128, 0..1_000_000_i64), 1..12),
        received in 1..9_000_000_000_i64, charges in 0..900_000_000_i64,
    ) {
        let delivered: Vec<Delivered> = lines
            .iter()
            .enumerate()
            .map(|(at, (worth, advance))| Delivered { worth: worth * 850, advance: *advance, draw: at as u128 })
            .collect();
        let possible = charges <= received && delivered.iter().any(|line| line.worth > 0);
        let Some(paid) = settle(received, charges, &delivered) else {
            prop_assert!(!possible);
            return Ok(());
        };
        prop_assert_eq!(sum(paid.iter().map(|line| line.net + line.advance + line.charges)), received);
        prop_assert_eq!(sum(paid.iter().map(|line| line.gross)), received);
        prop_assert_eq!(sum(paid.iter().map(|line| line.charges)), charges);
        for (line, delivered) in paid.iter().zip(&delivered) {
            prop_assert!(line.charges <= line.gross);
            prop_assert!(delivered.worth > 0 || line.gross == 0, "who delivered nothing is paid nothing");
        }
    }
}

#[test]
fn each_rule_by_hand() {
    let three = [claim(0, 600, 1), claim(0, 300, 2), claim(0, 100, 3)];
    let of = |ordered, rule, guarantee| packs(&allocate(ordered, rule, guarantee, &three));
    assert_eq!(of(500, Rule::Equal, 0), [200, 200, 100], "the small one is full, the others share the rest");
    assert_eq!(of(500, Rule::Pledge, 0), [300, 150, 50]);
    assert_eq!(of(450, Rule::Guarantee, 80), [247, 123, 80], "the rest goes by pledge");
    assert_eq!(of(120, Rule::Guarantee, 80), [40, 40, 40], "not enough for all guarantees");
    assert_eq!(of(2_000, Rule::Equal, 0), [600, 300, 100], "nobody above the pledge");
    assert_eq!(of(0, Rule::Equal, 0), [0, 0, 0]);
    let members = [Claim { members: 30, ..claim(0, 600, 1) }, Claim { members: 10, ..claim(0, 600, 2) }];
    assert_eq!(packs(&allocate(400, Rule::Members, 0, &members)), [300, 100]);
    let missed = [Claim { missed: 90, ..claim(0, 200, 1) }, claim(0, 200, 2)];
    assert_eq!(packs(&allocate(60, Rule::Memory, 0, &missed)), [60, 0], "what was missed comes first");
    assert_eq!(packs(&allocate(300, Rule::Memory, 0, &missed)), [150, 150]);
    assert_eq!(packs(&allocate(130, Rule::Memory, 0, &missed)), [90, 40]);
}

#[test]
fn a_minimum_is_given_or_nothing() {
    let parts = allocate(60, Rule::Equal, 0, &[claim(50, 100, 1), claim(20, 20, 2)]);
    assert_eq!(packs(&parts), [60, 0], "leaving out that one alone lets the order be filled");
    assert_eq!(parts[1].why, Why::Below);
    // A share that was accepted is never left out, though without it the order would be filled.
    let firm = Claim { firm: true, ..claim(43, 60, 1) };
    let parts = allocate(63, Rule::Pledge, 0, &[firm, claim(90, 90, 2)]);
    assert_eq!(packs(&parts), [60, 0]);
    let parts = allocate(70, Rule::Pledge, 0, &[claim(10, 300, 1), claim(20, 30, 2)]);
    assert_eq!((packs(&parts), parts[1].why), (vec![50, 20], Why::Lifted));
}

#[test]
fn equal_fractions_are_decided_by_the_draw_and_the_paradox_is_one_pack() {
    let two = [claim(0, 9, 8), claim(0, 9, 3)];
    assert_eq!(packs(&allocate(5, Rule::Equal, 0, &two)), [2, 3], "the smaller draw first");
    // Weights 6, 6, 2 and ten packs, then eleven: the smallest loses one.
    let three = [6, 6, 2].map(|members| Claim { members, ..claim(0, 100, members as u128) });
    let (ten, eleven) = (allocate(10, Rule::Members, 0, &three), allocate(11, Rule::Members, 0, &three));
    assert_eq!((packs(&ten), packs(&eleven)), (vec![4, 4, 2], vec![5, 5, 1]));
}

#[test]
fn who_is_paid_what_by_hand() {
    let line = |worth, advance| Delivered { worth, advance, draw: worth as u128 };
    let paid = settle(100_000, 10_000, &[line(2_000, 20_000), line(1_000, 0)]).unwrap();
    assert_eq!((paid[0].gross, paid[0].charges, paid[0].net), (66_667, 6_667, 40_000));
    assert_eq!((paid[1].gross, paid[1].charges, paid[1].net), (33_333, 3_333, 30_000));
    assert!(settle(100, 101, &[line(1, 0)]).is_none(), "charges above what was received");
    assert!(settle(100, 0, &[line(0, 0)]).is_none());
    assert_eq!(settle(100, 0, &[line(1, 150)]).unwrap()[0].net, -50, "too much was paid ahead");
}
