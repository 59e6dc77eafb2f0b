//! What is promised: nobody is sold what another was promised a moment before.

use std::collections::BTreeMap;

use kernel::{Db, Error, Id, Result, Tx, Words, Wrong, sql};
use market::{Making, Product};

use crate::line::Line;

/// How much of a product was promised and not yet taken from its lots, in the smallest unit, but for one order.
fn promised(db: &mut Db, product: &Product, but: Id) -> Result<i64> {
    // What was made once and sold stays sold, whether or not a lot says so.
    let states = if product.making == Making::Unique {
        " and s.status in ('ordered', 'prepared', 'delivered')"
    } else {
        " and s.status = 'ordered'"
    };
    let query = sql("select cast(coalesce(sum(l.content * l.count), 0) as bigint) from sale_line l
         join sale_order s on s.id = l.sale_order where l.product = ? and s.id <> ?");
    let query = query.bind(product.id).bind(but).and(states);
    db.one(&query.open("how much is promised, not to whom"))
}

/// How much of a product can still be promised, in the smallest unit; nothing if its cooperative keeps no lots of it.
pub(crate) fn free(db: &mut Db, product: &Product, but: Id) -> Result<Option<i64>> {
    let stock = market::sale::stock(db, product, kernel::today())?;
    let Some(stock) = stock else { return Ok(None) };
    // A unique piece that left its lot is no longer there, and no longer promised either.
    let made = if product.making == Making::Unique { 1 } else { stock };
    Ok(Some((made - promised(db, product, but)?).min(stock).max(0)))
}

/// Refuses lines of an order that ask for more than can be promised. Whoever orders the same products at the same time waits.
pub(crate) fn check(tx: &mut Tx<'_>, w: Words, order: Id, lines: &[Line]) -> Result<()> {
    let mut asked = BTreeMap::<Id, i64>::new();
    for line in lines {
        let sum = asked.entry(line.product.id).or_default();
        *sum = sum.saturating_add(line.quantity());
    }
    // In the order of their ids: two orders never wait for each other.
    for (id, quantity) in asked {
        market::sale::hold(tx, id)?;
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
