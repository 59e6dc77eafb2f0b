//! Do two assessors see the same? Exact agreement, agreement within one level, and Cohen's kappa with quadratic
//! weights (J. Cohen, *Weighted kappa*, Psychological Bulletin 70, 1968).

use serde::Serialize;

/// How far two assessors agree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Agreement {
    /// Pairs of answers compared.
    pub pairs: usize,
    /// Pairs with the same level.
    pub exact: usize,
    /// Pairs at most one level apart.
    pub within_one: usize,
    /// Kappa in permille, from -1000 to 1000; `None` when chance alone would make everybody agree, or without pairs.
    pub kappa: Option<i64>,
}

/// Compares pairs of levels from 0 to 4.
pub fn agreement(pairs: &[(i64, i64)]) -> Agreement {
    let (mut rows, mut columns) = ([0_i64; 5], [0_i64; 5]);
    let mut seen = 0;
    for (a, b) in pairs {
        let (a, b) = (a.clamp(&0, &4), b.clamp(&0, &4));
        rows[*a as usize] += 1;
        columns[*b as usize] += 1;
        seen += (a - b) * (a - b);
    }
    let expected: i64 = (0..5)
        .flat_map(|i| (0..5).map(move |j| (i, j)))
        .map(|(i, j)| (i as i64 - j as i64).pow(2) * rows[i] * columns[j])
        .sum();
    // Disagreement seen over disagreement by chance; the common factor 16 falls out.
    let n = pairs.len() as i64;
    let kappa = (expected > 0).then(|| {
        let (top, bottom) = (1000 * (expected - seen * n), expected);
        let half = (2 * top.abs() + bottom) / (2 * bottom);
        if top < 0 { -half } else { half }
    });
    Agreement {
        pairs: pairs.len(),
        exact: pairs.iter().filter(|(a, b)| a == b).count(),
        within_one: pairs.iter().filter(|(a, b)| (a - b).abs() <= 1).count(),
        kappa,
    }
}
