//! What is promised: nobody is sold what another was promised a moment before.

use std::collections::BTreeMap;

use kernel::{Db, Error, Id, Result, Tx, Words, Wrong};
use market::{Making, Product, promise};

use crate::line::{self, Line};
use crate::order::{SaleOrder, SaleStatus};

/// How much of a product can be promised to an order, in the smallest unit; nothing if its cooperative keeps no lots of it.
pub(crate) fn free(db: &mut Db, product: &Product, order: Id) -> Result<Option<i64>> {
    promise::free(db, product, order, kernel::today())
}

/// How much lines ask for of each product, in the smallest unit.
fn asked(lines: &[Line]) -> BTreeMap<Id, i64> {
    let mut asked = BTreeMap::<Id, i64>::new();
    for line in lines {
        let sum = asked.entry(line.product.id).or_default();
        *sum = sum.saturating_add(line.quantity());
    }
    asked
}

/// Refuses lines of an order that ask for more than can be promised. Whoever orders the same products at the same time waits.
pub(crate) fn check(tx: &mut Tx<'_>, w: Words, order: Id, lines: &[Line]) -> Result<()> {
    let asked = asked(lines);
    promise::hold(tx, asked.keys().copied())?;
    for (id, quantity) in asked {
        let product = kernel::record::get::<Product>(tx, id)?;
        let Some(free) = free(tx, &product, order)? else { continue };
        if free < quantity {
            let line = lines.iter().find(|line| line.product.id == id).ok_or(Error::NotFound)?;
            let wrong = Wrong::new("sale_order.short").with("left", w.num(free / line.content));
            return Err(Error::Refused(wrong.with("name", line.name.best(w.lang))));
        }
    }
    Ok(())
}

/// Promises what an order holds as it stands: all of it once it is ordered; once it was taken from its lots, only what was
/// made once, which stays sold whether or not a lot says so; nothing otherwise.
///
/// # Errors
/// When the database fails.
pub fn follow(tx: &mut Tx<'_>, order: &SaleOrder) -> Result<()> {
    let mut promised = if order.is_agreed() { asked(&line::of(tx, order.id)?) } else { BTreeMap::new() };
    if order.status != SaleStatus::Ordered {
        for id in promised.keys().copied().collect::<Vec<_>>() {
            if kernel::record::get::<Product>(tx, id)?.making != Making::Unique {
                promised.remove(&id);
            }
        }
    }
    promise::keep(tx, order.id, &promised)
}
