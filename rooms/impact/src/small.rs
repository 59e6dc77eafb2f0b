//! Small cells: whoever may not read the records does not learn of fewer than five people, neither from a cell nor from
//! the difference between a total and its other cells.

use std::collections::BTreeSet;

use crate::indicator::Measure;

/// Fewer people than this could be recognised.
pub const FEWEST: i64 = 5;

/// The fewest people that a figure tells of: a share also tells of those who do, and of those who do not.
pub(crate) fn fewest(measure: Measure, value: Option<i64>, n: i64) -> i64 {
    // In larger groups a share in permille no longer tells the number.
    const TOLD: i64 = 1000;
    let met = value.filter(|_| measure == Measure::Share && n < TOLD).map(|share| (share * n + 500) / 1000);
    let parts = [Some(n), met, met.map(|met| n - met)];
    least(parts.into_iter().flatten())
}

/// The smallest of these numbers of people that is not nobody.
pub(crate) fn least(numbers: impl IntoIterator<Item = i64>) -> i64 {
    numbers.into_iter().filter(|n| *n > 0).min().unwrap_or(0)
}

/// True if so many people could be recognised.
pub(crate) fn few(n: i64) -> bool {
    (1..FEWEST).contains(&n)
}

/// What of a table is hidden: cells by row and column, and totals of rows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// Cells.
    pub cells: BTreeSet<(usize, usize)>,
    /// Rows whose total is hidden.
    pub rows: BTreeSet<usize>,
}

/// What to hide of a table whose whole is shown. `totals[row]` and `cells[row][column]` are how many people stand behind
/// each. Few people are hidden; then, wherever one hidden number, or several that hold few people together, could be
/// told from a total, the smallest other one goes too, until no total betrays any.
pub fn hidden(totals: &[i64], cells: &[Vec<i64>]) -> Hidden {
    let columns = cells.first().map_or(0, Vec::len);
    let mut hidden = Hidden::default();
    hidden.rows.extend((0..totals.len()).filter(|row| few(totals[*row])));
    for (row, line) in cells.iter().enumerate() {
        hidden.cells.extend((0..columns).filter(|column| few(line[*column])).map(|column| (row, column)));
    }
    loop {
        let before = hidden.cells.len() + hidden.rows.len();
        let numbers: Vec<(usize, i64)> = totals.iter().copied().enumerate().collect();
        complete(&numbers, &mut hidden.rows);
        for (row, numbers) in cells.iter().enumerate() {
            let line: Vec<_> = numbers.iter().enumerate().map(|(column, n)| ((row, column), *n)).collect();
            // Cells that are all shown would add up to a total that is hidden.
            if hidden.rows.contains(&row) && !line.iter().any(|(at, _)| hidden.cells.contains(at)) {
                hidden.cells.extend(smallest(&line, &hidden.cells));
            }
            complete(&line, &mut hidden.cells);
        }
        for column in 0..columns {
            let line: Vec<_> = (0..cells.len()).map(|row| ((row, column), cells[row][column])).collect();
            complete(&line, &mut hidden.cells);
        }
        if hidden.cells.len() + hidden.rows.len() == before {
            return hidden;
        }
    }
}

/// What of a table is hidden, by the codes of its buckets. It follows from the numbers and the codes alone: were it another in
/// another language, order or page, the two together would tell what each hides.
#[derive(Debug, Default)]
pub(crate) struct Gone {
    /// Rows whose total is hidden.
    pub(crate) rows: BTreeSet<Code>,
    /// Cells.
    pub(crate) cells: BTreeSet<(Code, Code)>,
}

/// The code of a bucket; nothing is *not stated*.
pub(crate) type Code = Option<String>;

/// What to hide of a table with these rows and columns; `n` says how many people stand behind a row, or a cell of it.
pub(crate) fn gone(rows: &[Code], columns: &[Code], n: impl Fn(&Code, Option<&Code>) -> i64) -> Gone {
    let (mut rows, mut columns) = (rows.to_vec(), columns.to_vec());
    rows.sort();
    columns.sort();
    let totals: Vec<i64> = rows.iter().map(|row| n(row, None)).collect();
    let line = |row| columns.iter().map(|column| n(row, Some(column))).collect();
    let cells: Vec<Vec<i64>> = rows.iter().map(line).collect();
    let hidden = hidden(&totals, &cells);
    Gone {
        rows: hidden.rows.into_iter().map(|row| rows[row].clone()).collect(),
        cells: hidden
            .cells
            .into_iter()
            .map(|(row, column)| (rows[row].clone(), columns[column].clone()))
            .collect(),
    }
}

/// Hides one more number of a line whose hidden numbers could be told from its total.
fn complete<At: Ord + Copy>(line: &[(At, i64)], hidden: &mut BTreeSet<At>) {
    let gone: Vec<i64> = line.iter().filter(|(at, _)| hidden.contains(at)).map(|(_, n)| *n).collect();
    if !gone.is_empty() && (gone.len() == 1 || gone.iter().sum::<i64>() < FEWEST) {
        hidden.extend(smallest(line, hidden));
    }
}

/// The smallest number of a line that is still shown; zeros tell of nobody and stay.
fn smallest<At: Ord + Copy>(line: &[(At, i64)], hidden: &BTreeSet<At>) -> Option<At> {
    let shown = line.iter().filter(|(at, n)| *n > 0 && !hidden.contains(at));
    shown.min_by_key(|(at, n)| (*n, *at)).map(|(at, _)| *at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{FEWEST, gone, hidden};

    #[test]
    fn a_single_small_number_takes_the_next_smallest_with_it() {
        assert_eq!(hidden(&[3, 40, 9], &[]).rows.into_iter().collect::<Vec<_>>(), [0, 2]);
        assert!(hidden(&[5, 40, 0], &[]).rows.is_empty());
        // Two rows of one and two people hide three together: that is few, so a third goes.
        assert_eq!(hidden(&[1, 2, 40, 9], &[]).rows.len(), 3);
        // Two men of one cooperative: neither their cell, nor what is left of the whole, may tell of them.
        let table = hidden(&[7, 2], &[vec![7, 0], vec![0, 2]]);
        assert_eq!((table.rows.len(), table.cells.len()), (2, 2));
    }

    #[test]
    fn what_is_hidden_does_not_depend_on_the_order_of_the_table() {
        let n = |row: &Option<String>, _: Option<&Option<String>>| match row.as_deref() {
            Some("c") => 2,
            Some(_) => 7,
            None => 9,
        };
        let code = |text: &str| Some(text.to_owned());
        let one = gone(&[code("a"), code("b"), code("c"), None], &[], n);
        let other = gone(&[None, code("c"), code("b"), code("a")], &[], n);
        assert_eq!(one.rows, other.rows);
        assert_eq!(one.rows.into_iter().collect::<Vec<_>>(), [code("a"), code("c")]);
    }

    proptest! {
        #[test]
        fn no_total_betrays_a_hidden_number(cells in (1_usize..5, 1_usize..5).prop_flat_map(|(rows, columns)|
            prop::collection::vec(prop::collection::vec(0_i64..30, columns), rows))) {
            let totals: Vec<i64> = cells.iter().map(|row| row.iter().sum()).collect();
            let gone = hidden(&totals, &cells);
            let (rows, columns) = (cells.len(), cells[0].len());
            let safe = |hid: Vec<i64>, rest: bool| hid.is_empty() || !rest || (hid.len() > 1 && hid.iter().sum::<i64>() >= FEWEST);
            for row in 0..rows {
                for (column, n) in cells[row].iter().enumerate() {
                    prop_assert!(!(1..FEWEST).contains(n) || gone.cells.contains(&(row, column)));
                }
                prop_assert!(!(1..FEWEST).contains(&totals[row]) || gone.rows.contains(&row));
                let all_shown = (0..columns).all(|column| !gone.cells.contains(&(row, column)));
                prop_assert!(!gone.rows.contains(&row) || !all_shown || totals[row] == 0);
            }
            let lines = (0..rows).map(|r| (0..columns).map(|c| (r, c)).collect::<Vec<_>>())
                .chain((0..columns).map(|c| (0..rows).map(|r| (r, c)).collect()));
            for line in lines {
                let (hid, shown): (Vec<_>, Vec<_>) = line.into_iter().partition(|at| gone.cells.contains(at));
                let rest = shown.iter().any(|(r, c)| cells[*r][*c] > 0);
                prop_assert!(safe(hid.iter().map(|(r, c)| cells[*r][*c]).collect(), rest));
            }
            let (hid, shown): (Vec<usize>, Vec<usize>) = (0..rows).partition(|row| gone.rows.contains(row));
            prop_assert!(safe(hid.iter().map(|row| totals[*row]).collect(), shown.iter().any(|row| totals[*row] > 0)));
        }
    }
}
