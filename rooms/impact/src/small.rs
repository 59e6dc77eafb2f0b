//! Small cells: whoever may not read the records does not learn of fewer than five people, neither from a number nor from
//! the difference between a whole and its other parts ([decision 21](../../../decisions/0021-small-cells.md)).

use std::collections::{BTreeMap, BTreeSet};

use crate::indicator::Measure;
use crate::recover::{self, Equation};

/// The code of a bucket; nothing is *not stated*.
pub(crate) type Code = Option<String>;

/// Fewer people than this could be recognised.
pub(crate) const FEWEST: i64 = 5;

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

/// A number among others: how many people stand behind it, and whether it is told.
#[derive(Clone, Debug)]
struct Cell {
    n: i64,
    hidden: bool,
    /// True if that was decided before.
    fixed: bool,
}

/// Numbers, and the lines in which one of them is the whole of others. What is hidden follows from the numbers and their
/// codes alone: were it another in another language, order or page, the two together would tell what each hides.
#[derive(Clone, Debug)]
pub(crate) struct Lines<Code> {
    cells: BTreeMap<Code, Cell>,
    lines: BTreeMap<(Code, u8), BTreeSet<Code>>,
}

impl<Code> Default for Lines<Code> {
    fn default() -> Lines<Code> {
        Lines { cells: BTreeMap::new(), lines: BTreeMap::new() }
    }
}

impl<Code: Ord + Clone> Lines<Code> {
    /// A number with so many people behind it, hidden if they are few.
    pub(crate) fn cell(&mut self, code: Code, n: i64) {
        self.cells.insert(code, Cell { n, hidden: few(n), fixed: false });
    }

    /// A number that is told or hidden already, whatever follows here.
    pub(crate) fn fixed(&mut self, code: Code, n: i64, hidden: bool) {
        self.cells.insert(code, Cell { n, hidden, fixed: true });
    }

    /// Says that a number is part of a whole. A whole may be divided in several ways, each with its number.
    pub(crate) fn part(&mut self, whole: Code, way: u8, part: Code) {
        self.lines.entry((whole, way)).or_default().insert(part);
    }

    /// Every number, with how many people stand behind it, and whether it is hidden.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Code, i64, bool)> {
        self.cells.iter().map(|(code, cell)| (code, cell.n, cell.hidden))
    }

    /// How many numbers there are.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// How many people stand behind a number.
    pub(crate) fn n(&self, code: &Code) -> Option<i64> {
        self.cells.get(code).map(|cell| cell.n)
    }

    /// Hides few people, and as many other numbers as keep each line from betraying them: of a line that hides something,
    /// two parts at least, of five people together, each time the smallest that is still told; where no part is left,
    /// the whole. False if what is fixed betrays people whatever is hidden beside it: then nothing here may be told.
    pub(crate) fn hide(&mut self) -> bool {
        let Ok(lines) = self.numbered() else { return false };
        let mut cells: Vec<Cell> = self.cells.values().cloned().collect();
        pin(&mut cells, &lines);
        let mut of: Vec<Vec<usize>> = vec![Vec::new(); cells.len()];
        for (line, (whole, parts)) in lines.iter().enumerate() {
            parts.iter().chain([whole]).for_each(|cell| of[*cell].push(line));
        }
        let mut waits: BTreeSet<usize> = (0..lines.len()).collect();
        let mut safe = true;
        while safe {
            while let Some(line) = waits.pop_first() {
                let (whole, parts) = &lines[line];
                match next(&cells, *whole, parts) {
                    Next::Nothing => {}
                    Next::Hide(cell) => {
                        cells[cell].hidden = true;
                        waits.extend(&of[cell]);
                    }
                    Next::Betrayed => safe = false,
                }
            }
            // What each line keeps, several may tell together.
            let betrayed = recovered(&cells, &lines);
            if betrayed.is_empty() {
                break;
            }
            for cell in betrayed {
                let Some(more) = beside(&cells, &lines, &of, &of[cell]) else {
                    safe = false;
                    break;
                };
                cells[more].hidden = true;
                waits.extend(&of[more]);
            }
        }
        for (cell, told) in self.cells.values_mut().zip(cells) {
            cell.hidden = told.hidden;
        }
        safe
    }

    /// True if a number is hidden; nothing if it is not known.
    pub(crate) fn hides(&self, code: &Code) -> Option<bool> {
        self.cells.get(code).map(|cell| cell.hidden)
    }

    /// The lines by the places of their cells in the order of codes.
    fn numbered(&self) -> Result<Vec<Line>, ()> {
        let places: BTreeMap<&Code, usize> =
            self.cells.keys().enumerate().map(|(at, code)| (code, at)).collect();
        let place = |code: &Code| places.get(code).copied();
        let line = |((whole, _), parts): (&(Code, u8), &BTreeSet<Code>)| {
            Some((place(whole)?, parts.iter().map(place).collect::<Option<Vec<usize>>>()?))
        };
        self.lines.iter().map(line).collect::<Option<Vec<_>>>().ok_or(())
    }
}

/// Few people who follow from all lines together.
fn recovered(cells: &[Cell], lines: &[Line]) -> Vec<usize> {
    let unknown = |cell: &usize| cells[*cell].hidden && cells[*cell].n > 0;
    let equations: Vec<Equation> = lines
        .iter()
        .map(|(whole, parts)| {
            let parts = parts.iter().filter(|part| unknown(part)).map(|part| (*part, 1));
            parts.chain(Some(*whole).filter(|whole| unknown(whole)).map(|whole| (whole, -1))).collect()
        })
        .filter(|equation: &Equation| !equation.is_empty())
        .collect();
    let found = recover::determined(&equations).unwrap_or_default();
    // What was told before, or follows from it, is nobody's to hide here.
    found.into_iter().filter(|cell| few(cells[*cell].n)).collect()
}

/// The smallest number that is still told in these lines, a part before a whole; where there is none, in the lines around
/// them, and so on.
fn beside(cells: &[Cell], lines: &[Line], of: &[Vec<usize>], some: &[usize]) -> Option<usize> {
    let told = |cell: &usize| !cells[*cell].hidden && !cells[*cell].fixed && cells[*cell].n > 0;
    let smallest =
        |all: &mut dyn Iterator<Item = usize>| all.filter(told).min_by_key(|cell| (cells[*cell].n, *cell));
    let mut near: BTreeSet<usize> = some.iter().copied().collect();
    loop {
        let parts = &mut near.iter().flat_map(|line| lines[*line].1.iter().copied());
        let found = smallest(parts).or_else(|| smallest(&mut near.iter().map(|line| lines[*line].0)));
        if found.is_some() {
            return found;
        }
        let cells = near.iter().flat_map(|line| lines[*line].1.iter().chain([&lines[*line].0]));
        let around: BTreeSet<usize> = cells.flat_map(|cell| of[*cell].iter().copied()).collect();
        if around.len() == near.len() {
            return None;
        }
        near = around;
    }
}

/// The places of a whole and of its parts.
type Line = (usize, Vec<usize>);

/// What a line needs.
enum Next {
    Nothing,
    Hide(usize),
    Betrayed,
}

/// Marks what it would be in vain to hide: the only part of a whole that is told for good is as large as that, and parts
/// that are all told for good add up to their whole.
fn pin(cells: &mut [Cell], lines: &[Line]) {
    loop {
        let mut pinned = false;
        for (whole, parts) in lines {
            let told = |cell: &Cell| cell.fixed && !cell.hidden;
            let some: Vec<usize> = parts.iter().copied().filter(|part| cells[*part].n > 0).collect();
            let follows = match some.as_slice() {
                [] => continue,
                [only] if told(&cells[*whole]) => *only,
                some if some.iter().all(|part| told(&cells[*part])) => *whole,
                _ => continue,
            };
            let cell = &mut cells[follows];
            if !cell.fixed && !cell.hidden {
                cell.fixed = true;
                pinned = true;
            }
        }
        if !pinned {
            return;
        }
    }
}

fn next(cells: &[Cell], whole: usize, parts: &[usize]) -> Next {
    let told = !cells[whole].hidden;
    let some = || parts.iter().copied().filter(|part| cells[*part].n > 0);
    let gone: Vec<i64> = some().filter(|part| cells[*part].hidden).map(|part| cells[part].n).collect();
    let betrays = match gone.len() {
        0 => !told,
        1 => true,
        _ => gone.iter().sum::<i64>() < FEWEST,
    };
    if !betrays || some().next().is_none() {
        return Next::Nothing;
    }
    let shown = some().filter(|part| !cells[*part].hidden && !cells[*part].fixed);
    match shown.min_by_key(|part| (cells[*part].n, *part)) {
        Some(part) => Next::Hide(part),
        None if told && !cells[whole].fixed => Next::Hide(whole),
        // A whole that is not told betrays none of its parts, but parts that are all told betray it.
        None if !told && !gone.is_empty() => Next::Nothing,
        None => Next::Betrayed,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{FEWEST, Lines, few};

    /// A whole and its parts, which are named by their places.
    fn line(parts: &[i64]) -> Lines<usize> {
        let mut lines = Lines::default();
        lines.cell(0, parts.iter().sum());
        for (at, n) in parts.iter().enumerate() {
            lines.cell(at + 1, *n);
            lines.part(0, 0, at + 1);
        }
        lines
    }

    fn hidden(lines: &mut Lines<usize>) -> Vec<usize> {
        assert!(lines.hide());
        lines.cells.iter().filter(|(_, cell)| cell.hidden).map(|(code, _)| *code).collect()
    }

    #[test]
    fn a_single_small_number_takes_the_next_smallest_with_it() {
        assert_eq!(hidden(&mut line(&[3, 40, 9])), [1, 3]);
        assert!(hidden(&mut line(&[5, 40, 0])).is_empty());
        // Two of one and two people hide three together: that is few, so a third goes.
        assert_eq!(hidden(&mut line(&[1, 2, 40, 9])), [1, 2, 4]);
        // Of two that are as large the code decides.
        assert_eq!(hidden(&mut line(&[7, 7, 2])), [1, 3]);
        assert_eq!(hidden(&mut line(&[3])), [0, 1]);
    }

    #[test]
    fn what_was_decided_stays_and_the_others_give_way() {
        let mut lines = line(&[3, 9, 40]);
        lines.fixed(2, 9, false);
        assert_eq!(hidden(&mut lines), [1, 3]);
        lines = line(&[3, 9]);
        lines.fixed(2, 9, false);
        assert_eq!(hidden(&mut lines), [0, 1], "the whole goes");
        lines = line(&[3, 9]);
        lines.fixed(0, 12, false);
        lines.fixed(2, 9, false);
        assert!(!lines.hide(), "nothing is left that could go");
        lines = line(&[7, 9]);
        lines.fixed(0, 16, true);
        assert_eq!(hidden(&mut lines), [0, 1, 2], "parts do not add up to a whole that is not told");
    }

    /// Leaves under wholes under wholes, divided in two ways as a place is by communes and by promotions.
    fn world(leaves: &[(i64, usize, usize)], order: &[usize]) -> Lines<String> {
        let mut lines = Lines::default();
        let sum = |of: &dyn Fn(&(i64, usize, usize)) -> bool| {
            leaves.iter().filter(|l| of(l)).map(|l| l.0).sum::<i64>()
        };
        let all: i64 = sum(&|_| true);
        lines.fixed("all".to_owned(), all, few(all));
        for at in order.iter().copied().filter(|at| *at < leaves.len()) {
            let (n, commune, group) = leaves[at];
            let (province, leaf) = (commune / 2, format!("leaf {at}"));
            let names =
                (format!("province {province}"), format!("commune {commune}"), format!("group {group}"));
            lines.cell(leaf.clone(), n);
            lines.cell(names.0.clone(), sum(&|leaf| leaf.1 / 2 == province));
            lines.cell(names.1.clone(), sum(&|leaf| leaf.1 == commune));
            lines.cell(names.2.clone(), sum(&|leaf| leaf.2 == group));
            lines.part("all".into(), 0, names.0.clone());
            lines.part("all".into(), 1, names.2.clone());
            lines.part(names.0, 0, names.1.clone());
            lines.part(names.1, 0, leaf.clone());
            lines.part(names.2, 0, leaf);
        }
        lines
    }

    proptest! {
        #[test]
        fn no_line_betrays_few(
            leaves in prop::collection::vec((0_i64..30, 0_usize..6, 0_usize..3), 1..14),
            order in Just((0_usize..14).collect::<Vec<_>>()).prop_shuffle(),
            shown in prop::collection::btree_set(0_usize..14, 0..3),
        ) {
            let same: Vec<usize> = (0..14).collect();
            let (mut one, mut other) = (world(&leaves, &order), world(&leaves, &same));
            for at in shown.iter().filter(|at| **at < leaves.len() && leaves[**at].0 >= FEWEST) {
                one.fixed(format!("leaf {at}"), leaves[*at].0, false);
                other.fixed(format!("leaf {at}"), leaves[*at].0, false);
            }
            let (safe, again) = (one.hide(), other.hide());
            prop_assert_eq!(safe, again);
            for (code, cell) in &one.cells {
                prop_assert_eq!(Some(cell.hidden), other.hides(code), "{}", code);
                prop_assert!(!few(cell.n) || cell.hidden, "{} is told", code);
            }
            for at in shown.iter().filter(|at| **at < leaves.len() && leaves[**at].0 >= FEWEST) {
                prop_assert_eq!(one.hides(&format!("leaf {at}")), Some(false));
            }
            if !safe {
                return Ok(());
            }
            for ((whole, _), parts) in &one.lines {
                let gone: Vec<i64> = parts.iter().map(|part| &one.cells[part]).filter(|c| c.hidden && c.n > 0).map(|c| c.n).collect();
                let told = !one.cells[whole].hidden;
                let enough = gone.len() > 1 && gone.iter().sum::<i64>() >= FEWEST;
                prop_assert!(!told || gone.is_empty() || enough, "{} betrays {:?}", whole, gone);
                prop_assert!(told || !gone.is_empty() || one.cells[whole].n == 0, "{} is told by its parts", whole);
            }
        }
    }
}
