//! How much of a lot is left: exact sums of whole numbers, day by day, in whatever order they were written.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use kernel::{Db, Id, Result as Answer, sql};

use crate::product::Making;

/// More left a lot than was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    /// The first day on which it is so.
    pub day: Date,
    /// How much is missing on that day.
    pub missing: i128,
}

/// What is left after these changes, each with its day. What came and went on one day is taken together.
///
/// # Errors
/// When on some day more had left than had come.
pub fn left(changes: impl IntoIterator<Item = (Date, i64)>) -> Result<i128, Short> {
    let mut days = BTreeMap::<Date, i128>::new();
    for (day, change) in changes {
        *days.entry(day).or_default() += i128::from(change);
    }
    let mut sum = 0;
    for (day, change) in days {
        sum += change;
        if sum < 0 {
            return Err(Short { day, missing: -sum });
        }
    }
    Ok(sum)
}

/// Parts of a whole in tenths of a percent that add up to exactly a thousand: the largest remainders are rounded up, the
/// first of equals first.
pub fn permille(parts: &[i64]) -> Vec<i64> {
    let whole: i128 = parts.iter().map(|part| i128::from(*part)).sum();
    if whole <= 0 {
        return vec![0; parts.len()];
    }
    let mut shares: Vec<i64> = parts.iter().map(|part| (i128::from(*part) * 1000 / whole) as i64).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(i128::from(parts[*at]) * 1000 % whole), *at));
    let missing = 1000 - shares.iter().sum::<i64>();
    for at in order.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
        shares[at] += 1;
    }
    shares
}

/// What is left of these products in lots that are good on this day, in their smallest units; a product without any lot is
/// not among them.
pub(crate) fn good(db: &mut Db, products: &[Id], day: Date) -> Answer<HashMap<Id, i64>> {
    let query = sql("select l.product, cast(coalesce(sum(case when l.best_before is null or l.best_before >= ? then
         l.quantity + coalesce((select sum(case when m.reason in ('found', 'returned') then m.quantity else -m.quantity end)
         from lot_movement m where m.lot = l.id), 0) else 0 end), 0) as bigint) from lot l where l.product")
    .bind(day)
    .within(products)
    .and(" group by l.product")
    .open("whether something is left of a published product is public");
    Ok(db.rows(&query, |row| Ok((row.take()?, row.take()?)))?.into_iter().collect())
}

/// How much can be sold of a product with so much in good lots, of which so much is promised: nothing is counted where its
/// cooperative keeps no lots of it, or makes it to order. A unique piece is there once; one that was sold stays promised,
/// whether or not a lot says that it left.
pub(crate) fn for_sale(making: Making, good: Option<i64>, promised: i64) -> Option<i64> {
    match making {
        Making::ToOrder => None,
        Making::Unique => Some((1 - promised).min(good.unwrap_or(1)).max(0)),
        _ => good.map(|good| good.saturating_sub(promised).max(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::for_sale;
    use crate::product::Making::{Repeated, ToOrder, Unique};

    #[test]
    fn what_is_promised_is_not_for_sale() {
        assert_eq!(for_sale(Repeated, Some(500), 120), Some(380));
        assert_eq!(for_sale(Repeated, Some(500), 700), Some(0));
        assert_eq!(for_sale(Repeated, None, 700), None);
        assert_eq!(for_sale(ToOrder, Some(3), 9), None);
        assert_eq!(for_sale(Unique, None, 0), Some(1));
        assert_eq!(for_sale(Unique, Some(1), 1), Some(0));
        assert_eq!(for_sale(Unique, Some(0), 0), Some(0));
    }
}
