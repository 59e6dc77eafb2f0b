//! The order of names of a kind, held in memory for as long as it stands.
//!
//! Each change of the order gives it a new stamp in the database. Whoever reads learns the stamp from the same
//! snapshot as everything else, so an order under its stamp is never out of date: it is only no longer asked for.

use std::sync::{Arc, Mutex, PoisonError};

use crate::store::Db;
use crate::{Id, Result, sql};

/// Numbers by place, and places by number.
pub(super) struct Order {
    numbers: Vec<u32>,
    places: Vec<u32>,
}

/// Orders asked for lately, the latest last.
static LATELY: Mutex<Vec<(Id, Arc<Order>)>> = Mutex::new(Vec::new());

/// So many are held: that of the house, and in tests those of a few houses.
const HELD: usize = 4;

impl Order {
    /// The order as it stands in this snapshot.
    pub(super) fn of(db: &mut Db, kind: &str) -> Result<Arc<Order>> {
        let stamp = sql("select stamp from ordering where kind = ?").bind(kind);
        let Some(stamp) = db.row(&stamp, crate::value::Row::take::<Id>)? else {
            return Ok(Arc::new(Order { numbers: Vec::new(), places: Vec::new() }));
        };
        let held = || LATELY.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, order)) = held().iter().find(|(there, _)| *there == stamp) {
            return Ok(Arc::clone(order));
        }
        let mut numbers = Vec::new();
        db.each(&sql("select number from entry where kind = ? order by sort, number").bind(kind), |row| {
            numbers.push(row.take::<i64>()? as u32);
            Ok(())
        })?;
        let mut places = vec![u32::MAX; numbers.iter().max().map_or(0, |last| *last as usize + 1)];
        for (place, number) in numbers.iter().enumerate() {
            places[*number as usize] = place as u32;
        }
        let order = Arc::new(Order { numbers, places });
        let mut held = held();
        if held.len() >= HELD {
            held.remove(0);
        }
        held.push((stamp, Arc::clone(&order)));
        Ok(order)
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
        let mut places: Vec<usize> =
            places.filter(|place| (from..self.numbers.len()).contains(place)).collect();
        if places.len() > most {
            places.select_nth_unstable(most);
            places.truncate(most);
        }
        places.sort_unstable();
        places.into_iter().map(|place| self.numbers[place]).collect()
    }
}

/// Says that the order of this kind is another now.
pub(super) fn changed(db: &mut Db, kind: &str) -> Result<()> {
    db.run(
        &sql("insert into ordering (kind, stamp) values (?, ?)
              on conflict (kind) do update set stamp = excluded.stamp")
        .bind(kind)
        .bind(Id::new()),
    )
    .map(drop)
}
