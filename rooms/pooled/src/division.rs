//! Exact division of whole numbers: in proportion to weights between bounds, and by largest remainders.

use std::cmp::Reverse;

/// Divides `whole` in proportion to `weights`, each part between its floor and its ceiling. Answers each part, and whether
/// it was rounded up. The parts add up to `whole`, or to all ceilings if that is less. The floors must not exceed `whole`.
/// Every weight is at least 1.
pub(crate) fn divide(
    whole: i64,
    floors: &[i64],
    ceilings: &[i64],
    weights: &[i64],
    draws: &[u128],
) -> Vec<(i64, bool)> {
    let mut fixed: Vec<Option<i64>> = vec![None; floors.len()];
    let all: i128 = ceilings.iter().map(|ceiling| i128::from(*ceiling)).sum();
    if all <= i128::from(whole) {
        return ceilings.iter().map(|ceiling| (*ceiling, false)).collect();
    }
    loop {
        let open: Vec<usize> = (0..floors.len()).filter(|at| fixed[*at].is_none()).collect();
        let taken: i128 = fixed.iter().flatten().map(|part| i128::from(*part)).sum();
        let (rest, sum) =
            (i128::from(whole) - taken, open.iter().map(|at| i128::from(weights[*at])).sum::<i128>());
        // Quotas are fractions over the sum of weights: everything is compared multiplied by it.
        let quota = |at: usize| rest * i128::from(weights[at]);
        let below = |at: usize| (i128::from(floors[at]) * sum - quota(at)).max(0);
        let above = |at: usize| (quota(at) - i128::from(ceilings[at]) * sum).max(0);
        let (lack, excess): (i128, i128) =
            (open.iter().map(|at| below(*at)).sum(), open.iter().map(|at| above(*at)).sum());
        if lack == 0 && excess == 0 {
            return rounded(&fixed, &open, &quota, sum, rest, draws);
        }
        // The heavier side is settled first: only then does nobody settled now come back within bounds.
        for at in open {
            if lack >= excess && below(at) > 0 {
                fixed[at] = Some(floors[at]);
            }
            if excess >= lack && above(at) > 0 {
                fixed[at] = Some(ceilings[at]);
            }
        }
    }
}

fn rounded(
    fixed: &[Option<i64>],
    open: &[usize],
    quota: &dyn Fn(usize) -> i128,
    sum: i128,
    rest: i128,
    draws: &[u128],
) -> Vec<(i64, bool)> {
    let mut parts: Vec<(i64, bool)> = fixed.iter().map(|part| (part.unwrap_or(0), false)).collect();
    let mut left = rest;
    for at in open {
        let down = quota(*at) / sum;
        parts[*at].0 = i64::try_from(down).unwrap_or(i64::MAX);
        left -= down;
    }
    let mut order = open.to_vec();
    order.sort_by_key(|at| (Reverse(quota(*at) % sum), draws[*at]));
    for at in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        parts[at] = (parts[at].0 + 1, true);
    }
    parts
}

/// Divides an amount in proportion to weights, to the last minor unit: largest remainders, equal ones by the draw. Nothing
/// goes to a weight of zero; without any weight nothing is divided.
pub(crate) fn proportional(amount: i64, weights: &[i128], draws: &[u128]) -> Vec<i64> {
    let sum: i128 = weights.iter().sum();
    if sum <= 0 {
        return vec![0; weights.len()];
    }
    let of = |at: usize| i128::from(amount) * weights[at];
    let mut parts: Vec<i64> =
        (0..weights.len()).map(|at| i64::try_from(of(at) / sum).unwrap_or(i64::MAX)).collect();
    let left = amount - parts.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..weights.len()).filter(|at| weights[*at] > 0).collect();
    order.sort_by_key(|at| (Reverse(of(*at) % sum), draws[*at]));
    for at in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        parts[at] += 1;
    }
    parts
}
