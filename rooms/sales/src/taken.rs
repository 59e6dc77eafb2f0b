//! What rooms above take from selling: an order whole, with what it was agreed at and what came of it.

use kernel::kinds::Money;
use kernel::{Db, Id, Result, Tx};

use crate::line::{self, Line};
use crate::order::{self, SaleOrder};
use crate::{link, payment, quotation};

/// An order with the quotation that counts.
#[derive(Clone, Debug)]
pub struct Agreed {
    /// The order.
    pub order: SaleOrder,
    /// Its latest quotation.
    pub quotation: crate::Quotation,
    /// Its lines, each with what one of it costs.
    pub lines: Vec<(Line, Money)>,
}

/// The order with its latest quotation; nothing as long as nothing is quoted. The caller checked the right to it.
///
/// # Errors
/// When the order is not there or the database fails.
pub fn agreed(db: &mut Db, id: Id) -> Result<Option<Agreed>> {
    let order = kernel::record::get::<SaleOrder>(db, id)?;
    let Some(quotation) = quotation::of(db, id)?.into_iter().next() else { return Ok(None) };
    let prices = quotation::prices(db, quotation.id)?;
    let price = |line: &Line| prices.iter().find(|(id, _)| *id == line.id).map(|(_, price)| price.clone());
    let lines = line::of(db, id)?;
    let lines = lines.into_iter().filter_map(|line| price(&line).map(|price| (line, price))).collect();
    Ok(Some(Agreed { order, quotation, lines }))
}

/// Makes whoever changes the same order wait until this transaction is over. The caller checked the right to it.
///
/// # Errors
/// When the order is not there or the database fails.
pub fn hold(tx: &mut Tx<'_>, id: Id) -> Result<SaleOrder> {
    order::hold(tx, id)
}

/// What was received for an order, in minor units of its currency. The caller checked the right to it.
///
/// # Errors
/// When the database fails.
pub fn received(db: &mut Db, order: Id) -> Result<i64> {
    Ok(payment::received(&payment::of(db, order)?))
}

/// The orders that the link of a buyer opens.
///
/// # Errors
/// "Not found" for a secret that opens nothing.
pub fn opened_by(db: &mut Db, secret: &str) -> Result<Vec<SaleOrder>> {
    link::orders(db, secret)
}
