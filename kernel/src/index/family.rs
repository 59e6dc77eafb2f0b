//! All terms that begin alike, such as those of each province, by number: pages count hundreds of them at once.

use std::collections::HashMap;
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::lately::{Lately, changed, stamp};
use super::order::least;
use super::unpack;
use crate::store::Db;
use crate::{Id, Result, sql};

/// The terms of each number. To go through the numbers that a question found takes less than to meet every set.
#[derive(PartialEq)]
pub(super) struct Family {
    /// The rest of each term, in their order.
    rests: Vec<String>,
    /// Places in `rests` that some number has together; the first is that of numbers without any.
    together: Vec<Vec<u32>>,
    /// Which of these each number has.
    of: Vec<u32>,
}

static LATELY: Lately<Family> = Lately::new(16);

/// The name of the stamp of what begins so; that of all terms begins with nothing.
fn name(kind: &str, beginning: &str) -> String {
    format!("{kind} {beginning}")
}

impl Family {
    /// The sets as they stand in this snapshot.
    pub(super) fn of(db: &mut Db, kind: &str, beginning: &str) -> Result<Arc<Family>> {
        let name = name(kind, beginning);
        match stamp(db, &name)? {
            // Without a stamp nobody says when it changes.
            None => Family::read(db, kind, beginning).map(Arc::new),
            Some(stamp) => LATELY.under(&name, stamp, || Family::read(db, kind, beginning)),
        }
    }

    fn read(db: &mut Db, kind: &str, beginning: &str) -> Result<Family> {
        let query =
            sql("select term, numbers from posting where kind = ? and term >= ? and term < ? order by term")
                .bind(kind)
                .bind(beginning)
                .bind(format!("{beginning}\u{10ffff}"));
        let (mut rests, mut pairs): (Vec<String>, Vec<(u32, u32)>) = (Vec::new(), Vec::new());
        db.each(&query, |row| {
            let (term, piece) = (row.take::<String>()?, unpack(&row.take::<Vec<u8>>()?)?);
            let rest = &term[beginning.len()..];
            if rests.last().is_none_or(|last| last != rest) {
                rests.push(rest.to_owned());
            }
            let term = rests.len() as u32 - 1;
            pairs.extend(piece.iter().map(|number| (number, term)));
            Ok(())
        })?;
        Ok(Family::new(rests, pairs))
    }

    /// From the rest of each term and pairs of a number and a place among these.
    fn new(rests: Vec<String>, mut pairs: Vec<(u32, u32)>) -> Family {
        pairs.sort_unstable();
        let mut of = vec![0; pairs.last().map_or(0, |(number, _)| *number as usize + 1)];
        let mut together = HashMap::from([(Vec::new(), 0)]);
        for own in pairs.chunk_by(|(one, _), (other, _)| one == other) {
            let next = together.len() as u32;
            let terms = own.iter().map(|(_, term)| *term).collect();
            of[own[0].0 as usize] = *together.entry(terms).or_insert(next);
        }
        let mut together: Vec<_> = together.into_iter().collect();
        together.sort_unstable_by_key(|(_, at)| *at);
        Family { rests, together: together.into_iter().map(|(terms, _)| terms).collect(), of }
    }

    /// True if what is held is what the database says.
    pub(super) fn stands(db: &mut Db, kind: &str, beginning: &str) -> Result<bool> {
        Ok(*Family::of(db, kind, beginning)? == Family::read(db, kind, beginning)?)
    }

    /// How many of these numbers have each of the terms, but for those that none has.
    pub(super) fn count(&self, numbers: &RoaringBitmap) -> Vec<(String, i64)> {
        let mut met = vec![0; self.together.len()];
        for number in numbers {
            met[self.place(number)] += 1;
        }
        let mut counts = vec![0; self.rests.len()];
        for (terms, met) in self.together.iter().zip(met) {
            terms.iter().for_each(|term| counts[*term as usize] += met);
        }
        let met = self.rests.iter().zip(counts).filter(|(_, count)| *count > 0);
        met.map(|(rest, count)| (rest.clone(), count)).collect()
    }

    /// Where in `together` the terms of a number stand.
    fn place(&self, number: u32) -> usize {
        self.of.get(number as usize).map_or(0, |at| *at as usize)
    }

    /// The first `most` of these numbers in the order of their one term, or the other way round, each with the rest of it;
    /// those without one come last. They come after the number and the rest at which an earlier page ended.
    pub(super) fn first(
        &self,
        numbers: &RoaringBitmap,
        backwards: bool,
        after: Option<(&str, u32)>,
        most: usize,
    ) -> Vec<(&str, u32)> {
        let last = self.rests.len();
        let turned = |at: usize| if backwards { last - 1 - at } else { at };
        let places: Vec<usize> =
            self.together.iter().map(|terms| terms.first().map_or(last, |at| turned(*at as usize))).collect();
        // The place from which the page goes on, and the number after which it does there.
        let from =
            after.map(|(rest, number)| match self.rests.binary_search_by(|one| one.as_str().cmp(rest)) {
                _ if rest.is_empty() => (last, Some(number)),
                Ok(at) => (turned(at), Some(number)),
                // By now no record has this term.
                Err(at) => (if backwards { last - at } else { at }, None),
            });
        let after = |one: &(usize, u32)| {
            from.is_none_or(|(place, number)| {
                one.0 > place || (one.0 == place && number.is_none_or(|n| one.1 > n))
            })
        };
        let all = numbers.iter().map(|number| (places[self.place(number)], number)).filter(after);
        let rest = |place: usize| if place == last { "" } else { &self.rests[turned(place)] };
        least(all, most).into_iter().map(|(place, number)| (rest(place), number)).collect()
    }
}

/// The stamp of all terms of a kind.
pub(super) fn stamp_of_all(db: &mut Db, kind: &str) -> Result<Option<Id>> {
    stamp(db, &name(kind, ""))
}

/// Says that those of these families, and of all terms, changed of which a term did.
pub(super) fn moved(db: &mut Db, kind: &str, families: &[&str], term: impl Fn(&str) -> bool) -> Result<()> {
    let moved = families.iter().chain([&""]).filter(|beginning| term(beginning));
    moved.into_iter().try_for_each(|beginning| changed(db, &name(kind, beginning)))
}

/// Gives each of these families, and all terms, a stamp if they have none yet.
pub(super) fn begin(db: &mut Db, kind: &str, families: &[&str]) -> Result<()> {
    for beginning in families.iter().chain([&""]) {
        if stamp(db, &name(kind, beginning))?.is_none() {
            changed(db, &name(kind, beginning))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Terms by number: at most so many of each.
    fn terms(most: usize) -> impl Strategy<Value = Vec<Vec<u32>>> {
        prop::collection::vec(prop::collection::btree_set(0..6u32, 0..=most), 0..60)
            .prop_map(|all| all.into_iter().map(|own| own.into_iter().collect()).collect())
    }

    fn family(terms: &[Vec<u32>]) -> Family {
        let pairs =
            terms.iter().enumerate().flat_map(|(n, own)| own.iter().map(move |term| (n as u32, *term)));
        Family::new((0..6).map(|term| format!("{term}")).collect(), pairs.collect())
    }

    proptest! {
        #[test]
        fn counts_are_those_of_going_through_all(all in terms(3), found in prop::collection::btree_set(0..70u32, 0..70)) {
            let has = |n: &u32, term: u32| all.get(*n as usize).is_some_and(|own| own.contains(&term));
            let count = |term: u32| found.iter().filter(|n| has(n, term)).count() as i64;
            let wanted: Vec<_> = (0..6).map(|t| (t.to_string(), count(t))).filter(|(_, count)| *count > 0).collect();
            prop_assert_eq!(family(&all).count(&found.iter().collect()), wanted);
        }

        #[test]
        fn pages_tell_each_once_in_order(
            all in terms(1),
            found in prop::collection::btree_set(0..70u32, 0..70),
            backwards: bool,
            most in 1..9usize,
        ) {
            let family = family(&all);
            let numbers: RoaringBitmap = found.iter().collect();
            let mut wanted: Vec<(i64, u32)> = found
                .iter()
                .map(|n| match all.get(*n as usize).and_then(|own| own.first()) {
                    Some(term) if backwards => (-i64::from(*term), *n),
                    Some(term) => (i64::from(*term), *n),
                    None => (100, *n),
                })
                .collect();
            wanted.sort_unstable();
            let (mut told, mut after) = (Vec::new(), None);
            loop {
                let page = family.first(&numbers, backwards, after, most);
                told.extend(page.iter().map(|(_, number)| *number));
                match page.last() {
                    Some(end) => after = Some(*end),
                    None => break,
                }
            }
            prop_assert_eq!(told, wanted.into_iter().map(|(_, number)| number).collect::<Vec<_>>());
        }

        #[test]
        fn a_page_goes_on_where_its_last_term_was(all in terms(1), gone in 0..6u32, backwards: bool) {
            // The term at which the page ended is nobody's by now, and no longer among the rests.
            let pairs = all.iter().enumerate().flat_map(|(n, own)| own.iter().map(move |term| (n as u32, *term)));
            let pairs = pairs.filter(|(_, term)| *term != gone).map(|(n, term)| (n, term - u32::from(term > gone)));
            let rests = (0..6).filter(|term| *term != gone).map(|term| term.to_string());
            let family = Family::new(rests.collect(), pairs.collect());
            let numbers: RoaringBitmap = (0..60).collect();
            let gone = gone.to_string();
            let next = family.first(&numbers, backwards, Some((&gone, 7)), 100);
            let past = |rest: &str| rest.is_empty() || if backwards { rest < gone.as_str() } else { rest > gone.as_str() };
            prop_assert!(next.iter().all(|(rest, _)| past(rest)));
            let whole = family.first(&numbers, backwards, None, 100);
            prop_assert_eq!(next.len(), whole.iter().filter(|(rest, _)| past(rest)).count());
        }
    }
}
