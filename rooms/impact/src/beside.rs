//! What a programme's own indicator tells of those whom it leaves out: the people trained less the women trained are
//! the men, and the two other provinces less one are the third. Whoever sees the figure of the base sees the difference.

use std::collections::HashMap;

use kernel::{Db, Result};

use crate::cut::Cut;
use crate::figure::Figure;
use crate::indicator::{Indicator, Measure};
use crate::scope::{self, Eyes, Period, Scope};
use crate::slice::Slice;
use crate::small::{self, Code};

/// Notes at each figure the fewest people whom it betrays: the line of each of its slices is read as a table of the base
/// would show it, narrowed by none, some or all of the others; what such a table hides, the figure does not tell either.
/// A total that is not told cannot be told by its parts, so a figure keeps silent with every total it is a part of.
pub(crate) fn tell(
    db: &mut Db,
    indicator: &Indicator,
    scope: &Scope,
    period: Period,
    cuts: &[Cut],
    eyes: Eyes<'_>,
    figures: &mut [Figure],
) -> Result<()> {
    let Some(built) = indicator.built.as_ref().filter(|_| indicator.people) else { return Ok(()) };
    let slices: Vec<&Slice> = built.only.iter().chain(&built.meets).collect();
    let periods: &[Period] = match indicator.measure {
        Measure::Change => &[period, period.before()],
        _ => &[period],
    };
    let wider = scope.territory.as_ref().map(|_| Scope { territory: None, ..scope.clone() });
    for slice in &slices {
        for only in some(&slices, slice) {
            for (scope, period) in
                std::iter::once(scope).chain(&wider).flat_map(|s| periods.iter().map(move |p| (s, *p)))
            {
                for whole in wholes(cuts) {
                    let asked = Lines { indicator, scope, period, eyes, only: &only, along: slice.cut };
                    let lines = asked.read(db, whole)?;
                    for figure in figures.iter_mut() {
                        let part = |at: usize, code: &Option<String>| whole[at].and(code.clone());
                        let line = lines.get(&(part(0, &figure.row), part(1, &figure.column)));
                        let told = line.map_or(0, |line| betrayed(line, slice));
                        figure.beside = small::least([figure.beside, told]);
                    }
                }
            }
        }
    }
    Ok(())
}

/// The cuts of a table, and those of every total above its figures.
fn wholes(cuts: &[Cut]) -> Vec<[Option<Cut>; 2]> {
    let [first, second] = [cuts.first().copied(), cuts.get(1).copied()];
    let mut all = vec![[None, None], [first, None], [None, second], [first, second]];
    all.sort();
    all.dedup();
    all
}

/// None, some or all of the slices but one, in every combination; there are four slices at most.
fn some<'a>(slices: &[&'a Slice], but: &Slice) -> Vec<Vec<&'a Slice>> {
    let mut all = vec![Vec::new()];
    for slice in slices.iter().filter(|slice| **slice != but) {
        let with = all.iter().map(|chosen: &Vec<&Slice>| chosen.iter().copied().chain([*slice]).collect());
        let with: Vec<Vec<&Slice>> = with.collect();
        all.extend(with);
    }
    all
}

/// The fewest people of a line, if its table would hide the bucket of this slice.
fn betrayed(line: &[(Code, i64)], slice: &Slice) -> i64 {
    let mut lines = small::Lines::default();
    let whole = None;
    lines.fixed(whole.clone(), line.iter().map(|(_, n)| n).sum(), false);
    for (code, n) in line {
        lines.cell(Some(code.clone()), *n);
        lines.part(whole.clone(), 0, Some(code.clone()));
    }
    // Where nothing could keep the line from betraying somebody, the slice is silent too.
    let hidden = !lines.hide() || lines.hides(&Some(Some(slice.code.clone()))).unwrap_or(false);
    if hidden { small::least(line.iter().map(|(_, n)| *n)) } else { 0 }
}

/// Buckets of a figure, and how many people stand in each bucket of the cut that narrows it.
type Found = HashMap<(Option<String>, Option<String>), Vec<(Option<String>, i64)>>;

/// Which people are counted along a cut.
struct Lines<'a> {
    indicator: &'a Indicator,
    scope: &'a Scope,
    period: Period,
    eyes: Eyes<'a>,
    only: &'a [&'a Slice],
    along: Cut,
}

impl Lines<'_> {
    fn read(&self, db: &mut Db, cuts: [Option<Cut>; 2]) -> Result<Found> {
        let Some(items) = &self.indicator.items else { return Ok(Found::new()) };
        let year = self.period.until.year();
        let bucket = |cut: Option<Cut>| cut.map_or("cast(null as text)".into(), |cut| cut.expression(year));
        let narrowed = scope::narrowed(self.indicator, items, self.scope, self.period, self.only, None);
        let query = narrowed.and(&format!(
            " select {}, {}, {}, count(distinct x.item) from x where",
            bucket(cuts[0]),
            bucket(cuts[1]),
            bucket(Some(self.along))
        ));
        let mut found = Found::new();
        db.each(&scope::seen(query, items, self.eyes).and(" group by 1, 2, 3"), |row| {
            let key = (row.take()?, row.take()?);
            let bucket = (row.take()?, row.take()?);
            found.entry(key).or_default().push(bucket);
            Ok(())
        })?;
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Cut, Slice, betrayed, some};
    use crate::small::{FEWEST, few};

    #[test]
    fn a_slice_is_read_beside_every_combination_of_the_others() {
        let slices = ["a", "b", "c", "d"].map(|code| Slice::of(Cut::Kind, code));
        let all: Vec<&Slice> = slices.iter().collect();
        let found = some(&all, &slices[1]);
        assert_eq!(found.len(), 8);
        assert!(found.iter().all(|chosen| !chosen.contains(&&slices[1])));
        assert!(found.contains(&vec![]) && found.contains(&vec![&slices[0], &slices[2], &slices[3]]));
    }

    proptest! {
        /// What is shown of a slice leaves others of which each, and their rest as a whole, is nobody or many.
        #[test]
        fn what_is_shown_betrays_no_rest(line in prop::collection::vec(0_i64..20, 1..6), at in 0_usize..6) {
            let at = at % line.len();
            let named: Vec<_> = line.iter().enumerate().map(|(code, n)| (Some(code.to_string()), *n)).collect();
            let told = betrayed(&named, &Slice::of(Cut::Province, at.to_string()));
            let rest = line.iter().sum::<i64>() - line[at];
            prop_assert!(told == 0 || few(told));
            if told == 0 && line[at] > 0 {
                prop_assert!(line[at] >= FEWEST);
                prop_assert!(!few(rest), "{line:?} without {at} leaves {rest}");
            }
        }
    }
}
