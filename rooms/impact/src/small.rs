//! Small cells: whoever may not read the records does not learn of fewer than five people, neither from a cell nor from
//! the difference between a total and its other cells.

use std::collections::BTreeSet;

/// Fewer people than this could be recognised.
pub const FEWEST: i64 = 5;

/// Which cells of a table to hide. `cells[row][column]` is how many people stand behind a cell; rows, columns and the
/// whole have totals that are shown. A cell with few people is hidden; then, in each row and column that hides exactly
/// one cell, or cells that hold few people together, the smallest other one goes too, until no total betrays any.
pub fn hidden(cells: &[Vec<i64>]) -> BTreeSet<(usize, usize)> {
    let (rows, columns) = (cells.len(), cells.first().map_or(0, Vec::len));
    let mut hidden: BTreeSet<(usize, usize)> = (0..rows)
        .flat_map(|row| (0..columns).map(move |column| (row, column)))
        .filter(|(row, column)| (1..FEWEST).contains(&cells[*row][*column]))
        .collect();
    let lines: Vec<Vec<(usize, usize)>> = (0..rows)
        .map(|row| (0..columns).map(|column| (row, column)).collect())
        .chain((0..columns).map(|column| (0..rows).map(|row| (row, column)).collect()))
        .collect();
    loop {
        let before = hidden.len();
        for line in &lines {
            let gone: Vec<_> = line.iter().filter(|at| hidden.contains(at)).collect();
            let together: i64 = gone.iter().map(|(row, column)| cells[*row][*column]).sum();
            if gone.is_empty() || (gone.len() > 1 && together >= FEWEST) {
                continue;
            }
            let others = line
                .iter()
                .filter(|(row, column)| !hidden.contains(&(*row, *column)) && cells[*row][*column] > 0);
            if let Some(next) = others.min_by_key(|(row, column)| (cells[*row][*column], *row, *column)) {
                hidden.insert(*next);
            }
        }
        if hidden.len() == before {
            return hidden;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{FEWEST, hidden};

    #[test]
    fn a_single_small_cell_takes_the_next_smallest_with_it() {
        assert_eq!(hidden(&[vec![3, 40, 9]]).into_iter().collect::<Vec<_>>(), [(0, 0), (0, 2)]);
        assert!(hidden(&[vec![5, 40, 0]]).is_empty());
        // Two cells of one and two people hide three together: that is few, so a third goes.
        assert_eq!(hidden(&[vec![1, 2, 40, 9]]).len(), 3);
    }

    proptest! {
        #[test]
        fn no_total_betrays_a_hidden_cell(cells in (1_usize..5, 1_usize..5).prop_flat_map(|(rows, columns)|
            prop::collection::vec(prop::collection::vec(0_i64..30, columns), rows))) {
            let gone = hidden(&cells);
            let few = |n: i64| (1..FEWEST).contains(&n);
            let rows = cells.len();
            let columns = cells[0].len();
            for row in 0..rows {
                for column in 0..columns {
                    prop_assert!(!few(cells[row][column]) || gone.contains(&(row, column)));
                }
            }
            // What a row or a column hides is nothing, or cannot be told apart, or is all that it holds.
            let lines: Vec<Vec<(usize, usize)>> = (0..rows).map(|r| (0..columns).map(|c| (r, c)).collect())
                .chain((0..columns).map(|c| (0..rows).map(|r| (r, c)).collect())).collect();
            for line in lines {
                let hid: Vec<_> = line.iter().filter(|at| gone.contains(at)).collect();
                let sum: i64 = hid.iter().map(|(r, c)| cells[*r][*c]).sum();
                let rest = line.iter().any(|at| !gone.contains(at) && cells[at.0][at.1] > 0);
                prop_assert!(hid.is_empty() || !rest || (hid.len() > 1 && sum >= FEWEST));
            }
        }
    }
}
