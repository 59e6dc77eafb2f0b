//! Which cells of a report's table to hide, its row totals too: nothing that is shown betrays fewer than five people.

use std::collections::BTreeSet;

use crate::small::{FEWEST, hidden};

/// Row totals and cells to hide. `totals[row]` and `cells[row][column]` are how many people stand behind each; the whole
/// and the totals of columns are taken for known.
pub(crate) fn cover(totals: &[i64], cells: &[Vec<i64>]) -> (BTreeSet<usize>, BTreeSet<(usize, usize)>) {
    let rows: BTreeSet<usize> = hidden(&[totals.to_vec()]).into_iter().map(|(_, row)| row).collect();
    let mut gone = hidden(cells);
    // The cells of a hidden total would add up to it.
    gone.extend(
        rows.iter().flat_map(|row| {
            cells.get(*row).into_iter().flatten().enumerate().map(|(column, _)| (*row, column))
        }),
    );
    loop {
        let before = gone.len();
        for column in 0..cells.first().map_or(0, Vec::len) {
            complete(&mut gone, &(0..cells.len()).map(|row| (row, column)).collect::<Vec<_>>(), cells);
        }
        for row in (0..cells.len()).filter(|row| !rows.contains(row)) {
            complete(
                &mut gone,
                &(0..cells[row].len()).map(|column| (row, column)).collect::<Vec<_>>(),
                cells,
            );
        }
        if gone.len() == before {
            return (rows, gone);
        }
    }
}

/// Hides one more cell of a line whose total would betray what it hides.
fn complete(gone: &mut BTreeSet<(usize, usize)>, line: &[(usize, usize)], cells: &[Vec<i64>]) {
    let n = |at: &(usize, usize)| cells[at.0][at.1];
    let hid: Vec<_> = line.iter().filter(|at| gone.contains(at) && n(at) > 0).collect();
    let together: i64 = hid.iter().map(|at| n(at)).sum();
    if hid.is_empty() || (hid.len() > 1 && together >= FEWEST) {
        return;
    }
    let next =
        line.iter().filter(|at| !gone.contains(at) && n(at) > 0).min_by_key(|at| (n(at), **at)).copied();
    gone.extend(next);
}

#[cfg(test)]
mod tests {
    use super::cover;

    #[test]
    fn a_hidden_total_takes_its_cells_along() {
        // Three people in the first row: its total goes, and with it the smallest other total, or the whole betrays it.
        let (rows, cells) = cover(&[3, 9, 20], &[vec![2, 1], vec![4, 5], vec![10, 10]]);
        assert_eq!(rows.into_iter().collect::<Vec<_>>(), [0, 1]);
        assert!([(0, 0), (0, 1), (1, 0), (1, 1)].iter().all(|at| cells.contains(at)));
        assert!(!cells.contains(&(2, 0)));
    }

    #[test]
    fn nothing_is_hidden_where_nobody_is_recognised() {
        let (rows, cells) = cover(&[10, 12], &[vec![5, 5], vec![6, 6]]);
        assert!(rows.is_empty() && cells.is_empty());
    }
}
