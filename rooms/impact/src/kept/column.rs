//! Columns of items in memory, as narrow as what they hold.

use std::collections::HashMap;

use jiff::civil::{Date, date};
use kernel::{Error, Id, Result};

/// No item, no programme.
pub(super) const NONE: u32 = u32::MAX;

/// Whole numbers; the largest one of a width stands for nothing.
#[derive(Clone, Debug)]
pub(super) enum Numbers {
    /// The same in every row.
    Same(Option<i64>),
    Narrow(Vec<u8>),
    Short(Vec<u16>),
    Wide(Vec<i64>),
}

impl Numbers {
    pub(super) fn new() -> Numbers {
        Numbers::Narrow(Vec::new())
    }

    pub(super) fn get(&self, at: usize) -> Option<i64> {
        match self {
            Numbers::Same(value) => *value,
            Numbers::Narrow(all) => (all[at] != u8::MAX).then(|| i64::from(all[at])),
            Numbers::Short(all) => (all[at] != u16::MAX).then(|| i64::from(all[at])),
            Numbers::Wide(all) => (all[at] != i64::MAX).then_some(all[at]),
        }
    }

    pub(super) fn push(&mut self, value: Option<i64>) {
        let fits = |most: i64| value.is_none_or(|value| (0..most).contains(&value));
        match self {
            Numbers::Same(_) => {}
            Numbers::Narrow(all) if fits(i64::from(u8::MAX)) => {
                all.push(value.and_then(|value| u8::try_from(value).ok()).unwrap_or(u8::MAX));
            }
            Numbers::Short(all) if fits(i64::from(u16::MAX)) => {
                all.push(value.and_then(|value| u16::try_from(value).ok()).unwrap_or(u16::MAX));
            }
            Numbers::Wide(all) => all.push(value.unwrap_or(i64::MAX)),
            Numbers::Narrow(_) if fits(i64::from(u16::MAX)) => {
                let wider = |one: &u8| if *one == u8::MAX { u16::MAX } else { u16::from(*one) };
                if let Numbers::Narrow(all) = self {
                    *self = Numbers::Short(all.iter().map(wider).collect());
                }
                self.push(value);
            }
            Numbers::Narrow(_) | Numbers::Short(_) => {
                let count = self.len();
                *self = Numbers::Wide((0..count).map(|at| self.get(at).unwrap_or(i64::MAX)).collect());
                self.push(value);
            }
        }
    }

    /// A column of the same kind without rows.
    pub(super) fn emptied(&self) -> Numbers {
        match self {
            Numbers::Same(value) => Numbers::Same(*value),
            _ => Numbers::new(),
        }
    }

    fn len(&self) -> usize {
        match self {
            Numbers::Same(_) => 0,
            Numbers::Narrow(all) => all.len(),
            Numbers::Short(all) => all.len(),
            Numbers::Wide(all) => all.len(),
        }
    }

    /// The rows in another order, or some of them.
    pub(super) fn picked(&self, order: &[u32]) -> Numbers {
        match self {
            Numbers::Same(value) => Numbers::Same(*value),
            Numbers::Narrow(all) => Numbers::Narrow(picked(all, order)),
            Numbers::Short(all) => Numbers::Short(picked(all, order)),
            Numbers::Wide(all) => Numbers::Wide(picked(all, order)),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            Numbers::Same(_) => 0,
            Numbers::Narrow(all) => all.len(),
            Numbers::Short(all) => all.len() * 2,
            Numbers::Wide(all) => all.len() * 8,
        }
    }
}

/// These of all.
pub(super) fn picked<T: Copy>(all: &[T], order: &[u32]) -> Vec<T> {
    order.iter().map(|at| all[*at as usize]).collect()
}

/// A few texts by number, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    pub(super) all: Vec<String>,
}

impl Texts {
    /// The number of a text.
    pub(super) fn number(&mut self, text: &str) -> i64 {
        let at = self.all.iter().position(|one| one == text).unwrap_or_else(|| {
            self.all.push(text.to_owned());
            self.all.len() - 1
        });
        at as i64
    }
}

/// Ids by number: those of the base in order, then those that came since.
#[derive(Clone, Debug, Default)]
pub(super) struct Ids {
    sorted: std::sync::Arc<Vec<u128>>,
    since: Vec<u128>,
    places: HashMap<u128, u32>,
    /// True if some of them are digests of other texts, which nobody can be asked for by.
    pub(super) digests: bool,
}

impl Ids {
    /// The number of an id, given now if it has none.
    pub(super) fn number(&mut self, id: u128) -> u32 {
        if let Some(number) = self.find(id) {
            return number;
        }
        let number = (self.sorted.len() + self.since.len()) as u32;
        self.since.push(id);
        self.places.insert(id, number);
        number
    }

    pub(super) fn find(&self, id: u128) -> Option<u32> {
        match self.sorted.binary_search(&id) {
            Ok(at) => Some(at as u32),
            Err(_) => self.places.get(&id).copied(),
        }
    }

    pub(super) fn get(&self, number: u32) -> u128 {
        let at = number as usize;
        self.sorted.get(at).or_else(|| self.since.get(at - self.sorted.len())).copied().unwrap_or(0)
    }

    pub(super) fn len(&self) -> usize {
        self.sorted.len() + self.since.len()
    }

    /// All of them in order, and what became of each number.
    pub(super) fn settled(self) -> (Ids, Vec<u32>) {
        let all: Vec<u128> = (0..self.len() as u32).map(|number| self.get(number)).collect();
        let mut order: Vec<u32> = (0..all.len() as u32).collect();
        order.sort_unstable_by_key(|at| all[*at as usize]);
        let mut became = vec![0; all.len()];
        for (place, number) in order.iter().enumerate() {
            became[*number as usize] = place as u32;
        }
        let sorted = std::sync::Arc::new(picked(&all, &order));
        (Ids { sorted, digests: self.digests, ..Ids::default() }, became)
    }

    pub(super) fn bytes(&self) -> usize {
        self.sorted.len() * 16 + self.since.len() * 40
    }
}

/// True if this text is no id.
pub(super) fn is_digest(text: &str) -> bool {
    text.parse::<Id>().is_err()
}

/// A text as a number: an id is itself, anything else by its digest.
pub(super) fn number_of(text: &str) -> u128 {
    text.parse::<Id>().unwrap_or_else(|_| Id::named(text)).number()
}

/// The version of an identifier; none has all four bits.
const VERSION: u128 = 0xf << 76;

/// Whoever belongs to no cooperative, in this programme: they are so many that no change may touch them all.
pub(super) fn nobody_in(programme: Option<u128>) -> u128 {
    programme.map_or(0, |programme| programme | VERSION)
}

/// True if this owner is nobody.
pub(super) fn is_nobody(owner: u128) -> bool {
    owner == 0 || owner & VERSION == VERSION
}

/// Days are counted from here; nothing is zero.
const FIRST: Date = date(1900, 1, 1);

/// A day as a number.
pub(super) fn day_number(day: Date) -> Result<u16> {
    let days = FIRST.until(day).map_err(Error::internal)?.get_days();
    // Whatever lies beyond 2079 holds for ever.
    u16::try_from((days + 1).min(i32::from(u16::MAX)))
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| Error::internal(format!("{day} is too long ago to be kept")))
}

/// The day with this number.
pub(super) fn day_of(number: u16) -> Option<Date> {
    (number > 0).then(|| FIRST.saturating_add(jiff::Span::new().days(i64::from(number) - 1)))
}

/// A text as the number of its day.
pub(super) fn day_in(text: Option<&str>, known: &mut HashMap<String, u16>) -> Result<u16> {
    let Some(text) = text else { return Ok(0) };
    if let Some(number) = known.get(text) {
        return Ok(*number);
    }
    let number = day_number(text.parse().map_err(Error::internal)?)?;
    known.insert(text.to_owned(), number);
    Ok(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back_as_they_went(all in prop::collection::vec(prop::option::of(prop_oneof![0_i64..300, -5_i64..70_000, any::<i32>().prop_map(i64::from)]), 0..40)) {
            let mut kept = Numbers::new();
            all.iter().for_each(|one| kept.push(*one));
            let back: Vec<Option<i64>> = (0..all.len()).map(|at| kept.get(at)).collect();
            prop_assert_eq!(back, all);
        }

        #[test]
        fn ids_keep_their_numbers(first in prop::collection::vec(any::<u128>(), 1..30), then in prop::collection::vec(any::<u128>(), 0..30)) {
            let mut ids = Ids::default();
            first.iter().for_each(|id| { ids.number(*id); });
            let (mut ids, _) = ids.settled();
            for id in first.iter().chain(&then) {
                let number = ids.number(*id);
                prop_assert_eq!(ids.get(number), *id);
            }
        }

        #[test]
        fn days_keep_their_order(one in 0_i64..60_000, other in 0_i64..60_000) {
            let day = |days: i64| FIRST.saturating_add(jiff::Span::new().days(days));
            let (a, b) = (day_number(day(one)).unwrap(), day_number(day(other)).unwrap());
            prop_assert_eq!(a.cmp(&b), one.cmp(&other));
            prop_assert_eq!(day_of(a), Some(day(one)));
        }
    }
}
