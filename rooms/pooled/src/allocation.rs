//! The allocation of an order among cooperatives: whole packs, by a rule that was chosen before anybody pledged. It knows
//! no database, so that anybody can work it out again.
//!
//! Each cooperative stands between a *floor* (its own minimum, or what it accepted already) and a *ceiling* (its pledge).
//! The rule gives each a weight. The packs are shared in proportion to the weights; whoever would fall below the floor is
//! lifted to it, whoever would pass the ceiling stays at it, and the others share the rest (bounded proportional
//! division). Packs left by rounding go to the largest fractions; equal fractions are decided by a draw that anybody can
//! repeat (the digest of order and cooperative), so that the same one is not first in every order.
//!
//! What always holds, and is tested with random claims: the parts add up to the smaller of what was ordered and what those
//! who were served pledged; nobody gets more than the pledge, nor less than the floor unless nothing; the same claims in
//! any order give the same parts. Once all minimums can be given, a larger order takes at most one pack from anybody: this
//! one pack is the price of largest remainders (the *Alabama paradox*). Below that, a minimum that comes within reach may
//! take more from others.

use kernel::choice;

use crate::division::divide;

choice! {
    /// How an order is shared.
    pub Rule in "pooled_order.rule" {
        Equal = "equal", Pledge = "pledge", Members = "members", Guarantee = "guarantee", Memory = "memory",
    }
}

choice! {
    /// Why a cooperative got its part.
    pub Why in "pooled_share.why" {
        Whole = "whole", Proportion = "proportion", Rounded = "rounded", Lifted = "lifted", Guaranteed = "guaranteed",
        Below = "below", Price = "price", Kept = "kept", Refused = "refused", Delivered = "delivered", Nothing = "nothing",
    }
}

/// What a cooperative brings to the allocation. All quantities are packs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The least that it takes, or what it accepted already.
    pub floor: i64,
    /// The most that it delivers.
    pub ceiling: i64,
    /// True if the floor was accepted already: then it is never left out.
    pub firm: bool,
    /// Its members, for the rule that counts them.
    pub members: i64,
    /// What it missed in earlier orders, for the rule that remembers.
    pub missed: i64,
    /// Decides between equal fractions: the smaller first.
    pub draw: u128,
}

/// What a cooperative gets, in packs, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Packs.
    pub packs: i64,
    /// Why.
    pub why: Why,
}

/// Shares `ordered` packs by a rule; `guarantee` is what [`Rule::Guarantee`] gives everybody first. The parts stand in the
/// order of the claims.
pub fn allocate(ordered: i64, rule: Rule, guarantee: i64, claims: &[Claim]) -> Vec<Part> {
    let served = served(ordered, rule, claims);
    let (floors, ceilings): (Vec<i64>, Vec<i64>) = (0..claims.len())
        .map(|at| if served[at] { (claims[at].floor, claims[at].ceiling) } else { (0, 0) })
        .unzip();
    let weights: Vec<i64> = claims.iter().map(|claim| weight(rule, claim)).collect();
    let draws: Vec<u128> = claims.iter().map(|claim| claim.draw).collect();
    let first: Vec<i64> = (0..claims.len())
        .map(|at| match rule {
            Rule::Guarantee => guarantee,
            Rule::Memory => claims[at].missed,
            Rule::Equal | Rule::Pledge | Rule::Members => 0,
        })
        .zip(floors.iter().zip(&ceilings))
        .map(|(first, (floor, ceiling))| first.min(*ceiling).max(*floor))
        .collect();
    let promised: i128 = first.iter().map(|packs| i128::from(*packs)).sum();
    let ordered = ordered.max(0);
    let divided = if promised <= i128::from(ordered) {
        divide(ordered, &first, &ceilings, &weights, &draws)
    } else {
        // What is given first is already more than there is: it is shared in equal parts, or by what each had missed.
        let weights: Vec<i64> = match rule {
            Rule::Memory => claims.iter().map(|claim| claim.missed.max(1)).collect(),
            _ => vec![1; claims.len()],
        };
        divide(ordered, &floors, &first, &weights, &draws)
    };
    let why = |at: usize, packs: i64, rounded: bool| {
        let claim = &claims[at];
        if !served[at] {
            Why::Below
        } else if packs == 0 {
            Why::Nothing
        } else if packs == claim.ceiling {
            Why::Whole
        } else if packs == claim.floor {
            Why::Lifted
        } else if packs == first[at] && first[at] > claim.floor {
            Why::Guaranteed
        } else if rounded {
            Why::Rounded
        } else {
            Why::Proportion
        }
    };
    divided
        .into_iter()
        .enumerate()
        .map(|(at, (packs, rounded))| Part { packs, why: why(at, packs, rounded) })
        .collect()
}

/// What the rule counts.
fn weight(rule: Rule, claim: &Claim) -> i64 {
    match rule {
        Rule::Equal => 1,
        Rule::Pledge | Rule::Guarantee | Rule::Memory => claim.ceiling.max(1),
        Rule::Members => claim.members.max(1),
    }
}

/// Whom the order can serve: as long as it is smaller than the sum of floors, somebody is left out, never one whose floor
/// is firm. It is whoever is furthest below their own minimum, unless another one alone lets the rest be served in full.
fn served(ordered: i64, rule: Rule, claims: &[Claim]) -> Vec<bool> {
    let ordered = i128::from(ordered.max(0));
    let mut served: Vec<bool> =
        claims.iter().map(|claim| claim.ceiling > 0 && claim.floor <= claim.ceiling).collect();
    loop {
        let sum = |of: fn(&Claim) -> i64| -> i128 {
            claims.iter().zip(&served).filter(|(_, is)| **is).map(|(claim, _)| i128::from(of(claim))).sum()
        };
        let (floors, ceilings) = (sum(|claim| claim.floor), sum(|claim| claim.ceiling));
        if floors <= ordered {
            return served;
        }
        let mut candidates: Vec<usize> = (0..claims.len())
            .filter(|at| served[*at] && claims[*at].floor > 0 && !claims[*at].firm)
            .collect();
        // The largest minimum for its weight is the furthest from being reached.
        candidates.sort_by(|a, b| {
            let far = |at: usize, other: usize| {
                i128::from(claims[at].floor) * i128::from(weight(rule, &claims[other]))
            };
            far(*b, *a).cmp(&far(*a, *b)).then_with(|| claims[*b].draw.cmp(&claims[*a].draw))
        });
        let suffices = |at: &usize| {
            let claim = &claims[*at];
            floors - i128::from(claim.floor) <= ordered && ceilings - i128::from(claim.ceiling) >= ordered
        };
        let Some(out) = candidates.iter().copied().find(suffices).or(candidates.first().copied()) else {
            return served;
        };
        served[out] = false;
    }
}
