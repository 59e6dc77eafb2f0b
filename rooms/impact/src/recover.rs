//! What follows from several sums together: whoever takes lines of a table from each other solves equations.

use std::collections::{BTreeMap, HashMap};

/// Reckoned in whole numbers of a field, so that nothing is rounded: what follows here follows there, but for a chance in 10¹⁸.
const PRIME: u64 = (1 << 61) - 1;
/// So many steps are taken for one table; a larger one is judged line by line alone.
const STEPS: usize = 5_000_000;

/// An equation: the factor of each unknown number.
pub(crate) type Equation = BTreeMap<usize, i8>;

fn times(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64
}

/// By Fermat: a to the power of the prime less two.
fn inverse(a: u64) -> u64 {
    let (mut base, mut power, mut out) = (a, PRIME - 2, 1);
    while power > 0 {
        if power & 1 == 1 {
            out = times(out, base);
        }
        base = times(base, base);
        power >>= 1;
    }
    out
}

type Row = BTreeMap<usize, u64>;

/// Takes so many times another row from a row.
fn less(row: &mut Row, factor: u64, other: &Row) {
    for (at, value) in other {
        let there = row.entry(*at).or_default();
        *there = (*there + PRIME - times(factor, *value)) % PRIME;
        if *there == 0 {
            row.remove(at);
        }
    }
}

/// The unknown numbers that these equations determine; nothing if there are too many to say.
pub(crate) fn determined(equations: &[Equation]) -> Option<Vec<usize>> {
    let mut rows: Vec<Row> = Vec::new();
    let mut led: HashMap<usize, usize> = HashMap::new();
    let mut steps = 0;
    for equation in equations {
        let factor = |sign: i8| if sign < 0 { PRIME - 1 } else { 1 };
        let mut row: Row = equation.iter().map(|(at, sign)| (*at, factor(*sign))).collect();
        let known: Vec<(usize, u64)> =
            row.iter().filter_map(|(at, value)| Some((*led.get(at)?, *value))).collect();
        for (known, value) in known {
            steps += rows[known].len();
            less(&mut row, value, &rows[known]);
        }
        let Some((lead, value)) = row.first_key_value().map(|(at, value)| (*at, *value)) else { continue };
        let factor = inverse(value);
        row.values_mut().for_each(|value| *value = times(*value, factor));
        for other in &mut rows {
            steps += 1;
            if let Some(value) = other.get(&lead).copied() {
                steps += row.len();
                less(other, value, &row);
            }
        }
        if steps > STEPS {
            return None;
        }
        led.insert(lead, rows.len());
        rows.push(row);
    }
    let alone = rows.iter().filter(|row| row.len() == 1);
    let mut found: Vec<usize> = alone.filter_map(|row| row.keys().next().copied()).collect();
    found.sort_unstable();
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::{Equation, determined};

    #[test]
    fn what_follows_from_lines_together_is_found() {
        let equation = |parts: &[(usize, i8)]| parts.iter().copied().collect::<Equation>();
        let sum = |parts: &[usize]| parts.iter().map(|at| (*at, 1)).collect::<Equation>();
        // Two rows and two columns of four hidden numbers tell none of them.
        assert_eq!(determined(&[sum(&[0, 1]), sum(&[2, 3]), sum(&[0, 2]), sum(&[1, 3])]), Some(vec![]));
        // Rows and columns in which every line hides two, and one number follows all the same.
        assert_eq!(determined(&[sum(&[0, 1]), sum(&[2, 3]), sum(&[0, 2, 4]), sum(&[1, 3])]), Some(vec![4]));
        // A whole that is hidden stands on the other side.
        assert_eq!(determined(&[equation(&[(0, -1), (1, 1)]), sum(&[0, 2]), sum(&[2])]), Some(vec![0, 1, 2]));
    }
}
