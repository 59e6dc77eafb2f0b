//! The order of names of a kind, held in memory for as long as it stands.

use std::collections::BinaryHeap;
use std::sync::Arc;

use super::lately::{Lately, stamp};
use crate::store::Db;
use crate::{Result, sql};

/// Numbers by place, and places by number.
pub(super) struct Order {
    numbers: Vec<u32>,
    places: Vec<u32>,
}

static LATELY: Lately<Order> = Lately::new(16);

impl Order {
    /// The order as it stands in this snapshot.
    pub(super) fn of(db: &mut Db, kind: &str) -> Result<Arc<Order>> {
        match stamp(db, kind)? {
            None => Ok(Arc::new(Order { numbers: Vec::new(), places: Vec::new() })),
            Some(stamp) => LATELY.under(kind, stamp, || Order::read(db, kind)),
        }
    }

    fn read(db: &mut Db, kind: &str) -> Result<Order> {
        let mut numbers = Vec::new();
        db.each(&sql("select number from entry where kind = ? order by sort, number").bind(kind), |row| {
            numbers.push(row.take::<i64>()? as u32);
            Ok(())
        })?;
        let mut places = vec![u32::MAX; numbers.iter().max().map_or(0, |last| *last as usize + 1)];
        for (place, number) in numbers.iter().enumerate() {
            places[*number as usize] = place as u32;
        }
        Ok(Order { numbers, places })
    }

    /// The place of a number; after the last for one that has none.
    pub(super) fn place(&self, number: u32) -> usize {
        self.places.get(number as usize).map_or(usize::MAX, |place| *place as usize)
    }

    /// The first `most` of these numbers from this place on, in order.
    pub(super) fn first(&self, numbers: &roaring::RoaringBitmap, from: usize, most: usize) -> Vec<u32> {
        let many = numbers.len() as usize > self.numbers.len() / 8;
        if many {
            // One meets them soon.
            let rest = self.numbers.iter().skip(from);
            return rest.filter(|number| numbers.contains(**number)).take(most).copied().collect();
        }
        let places = numbers.iter().map(|number| self.place(number));
        let places = places.filter(|place| (from..self.numbers.len()).contains(place));
        least(places, most).into_iter().map(|place| self.numbers[place]).collect()
    }
}

/// The `most` least of these, in their order.
pub(super) fn least<T: Ord>(all: impl Iterator<Item = T>, most: usize) -> Vec<T> {
    let mut least = BinaryHeap::with_capacity(most + 1);
    for one in all {
        if least.len() < most {
            least.push(one);
        } else if least.peek().is_some_and(|greatest| one < *greatest) {
            least.pop();
            least.push(one);
        }
    }
    least.into_sorted_vec()
}
