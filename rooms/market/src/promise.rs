//! What is promised of a product and still lies with its cooperative: nobody is sold what somebody else was promised.
//!
//! Whoever promises (an order, a share of a pooled order) is known by its id alone: the rooms above need not know of each
//! other.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use kernel::{Db, Id, Result, Tx, sql};

use crate::product::Product;
use crate::stock;

/// Makes whoever promises or takes of these products at the same time wait until this transaction is over; in the order of
/// their ids, so that no two transactions wait for each other.
///
/// # Errors
/// When the database fails.
pub fn hold(tx: &mut Tx<'_>, products: impl IntoIterator<Item = Id>) -> Result<()> {
    let mut products: Vec<Id> = products.into_iter().collect();
    products.sort();
    products.dedup();
    for product in products {
        let hold = sql("update product set version = version where id = ?").bind(product);
        tx.run(&hold.open("waits, changes nothing"))?;
    }
    Ok(())
}

/// Promises to this holder so much of these products, in their smallest units, and nothing else any more. The caller holds
/// the products, and looked at what is [`free`] of them.
///
/// # Errors
/// When the database fails.
pub fn keep(tx: &mut Tx<'_>, holder: Id, quantities: &BTreeMap<Id, i64>) -> Result<()> {
    const WHY: &str = "the caller checked the right to the holder";
    tx.run(&sql("delete from stock_promise where holder = ?").bind(holder).open(WHY))?;
    for (product, quantity) in quantities.iter().filter(|(_, quantity)| **quantity > 0) {
        let insert = sql("insert into stock_promise (holder, product, quantity) values (?, ?, ?)");
        tx.run(&insert.bind(holder).bind(*product).bind(*quantity).open(WHY))?;
    }
    Ok(())
}

/// How much of a product can be promised to this holder on this day, in its smallest unit, whatever it was promised before;
/// nothing if its cooperative keeps no lots of it, or makes it to order. A unique piece is there once.
///
/// # Errors
/// When the database fails.
pub fn free(db: &mut Db, product: &Product, holder: Id, day: Date) -> Result<Option<i64>> {
    let good = stock::good(db, &[product.id], day)?;
    let promised = of(db, &[product.id], holder)?;
    Ok(stock::for_sale(
        product.making,
        good.get(&product.id).copied(),
        promised.get(&product.id).copied().unwrap_or(0),
    ))
}

/// What is promised to this holder, by product, in their smallest units. The caller checked the right to the holder.
///
/// # Errors
/// When the database fails.
pub fn to(db: &mut Db, holder: Id) -> Result<BTreeMap<Id, i64>> {
    let query = sql("select product, quantity from stock_promise where holder = ?").bind(holder);
    let query = query.open("the caller checked the right to the holder");
    Ok(db.rows(&query, |row| Ok((row.take()?, row.take()?)))?.into_iter().collect())
}

/// How much of these products is promised, but to this holder; those of which nothing is are not among them.
pub(crate) fn of(db: &mut Db, products: &[Id], but: Id) -> Result<HashMap<Id, i64>> {
    let query =
        sql("select product, cast(sum(quantity) as bigint) from stock_promise where holder <> ? and product");
    let query = query.bind(but).within(products).and(" group by product");
    let rows =
        db.rows(&query.open("how much is promised, not to whom"), |row| Ok((row.take()?, row.take()?)))?;
    Ok(rows.into_iter().collect())
}
