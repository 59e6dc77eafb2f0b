//! Preparing an order: what is in each line is taken from lots, all of it at once, so that every jar can be traced.

use kernel::kinds::{Kind, Raw};
use kernel::{Db, Error, FieldError, Fields, Id, Result, Tx};
use market::sale::{self, LotLeft};
use market::{Lot, Making, Product, promise};
use schemars::JsonSchema;
use serde::Serialize;

use crate::line::{self, Line};
use crate::order::{SaleOrder, SaleStatus, not_now};

/// A lot from which a line can be filled, with how much is proposed to be taken: what ends first, first.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Offer {
    pub(crate) lot: LotLeft,
    /// So many of the article of the line.
    pub(crate) take: i64,
}

/// The lots of a line, filled up one after another. Empty if its cooperative keeps no lots of the product.
pub(crate) fn offers(db: &mut Db, line: &Line) -> Result<Vec<Offer>> {
    let mut wanted = line.count;
    let lots = sale::lots(db, line.product.id, kernel::today())?;
    let offers = lots.into_iter().map(|lot| {
        let take = wanted.min(lot.left / line.content);
        wanted -= take;
        Offer { lot, take }
    });
    Ok(offers.collect())
}

/// Takes what was typed (`take.<line>.<lot>`, so many of the article) from the lots. Each line is filled exactly, unless its
/// product is made to order or no lots of it are kept. The caller holds the order.
pub(crate) fn prepare(tx: &mut Tx<'_>, order: SaleOrder, form: &Fields) -> Result<SaleOrder> {
    match order.status {
        SaleStatus::Ordered => {}
        SaleStatus::Prepared | SaleStatus::Delivered => return Ok(order),
        _ => return Err(not_now()),
    }
    let mut lines = line::of(tx, order.id)?;
    // Lots are held after their product, and products in one order: two orders never wait for each other.
    lines.sort_by_key(|line| line.product.id);
    promise::hold(tx, lines.iter().map(|line| line.product.id))?;
    for line in &lines {
        let taken = taken(form, line.id)?;
        let sum: i128 = taken.iter().map(|(_, count)| i128::from(*count)).sum();
        let product = kernel::record::get::<Product>(tx, line.product.id)?;
        let kept =
            product.making != Making::ToOrder && !sale::lots(tx, product.id, kernel::today())?.is_empty();
        if sum != i128::from(line.count) && (kept || !taken.is_empty()) {
            return Err(Error::field(format!("take.{}", line.id), "sale_order.not_filled"));
        }
        for (lot, count) in taken {
            let id = Id::named(&format!("{} {lot}", line.id));
            let from = kernel::record::find::<Lot>(tx, lot)?.filter(|lot| lot.product.id == product.id);
            let from = from.ok_or_else(|| Error::refused("error.reference"))?;
            let quantity = count.saturating_mul(line.content);
            market::sell(tx, id, &from, kernel::today(), quantity, order.reference())?;
        }
    }
    order.moves(tx, SaleStatus::Prepared)
}

/// How many were typed for which lot of a line.
fn taken(form: &Fields, line: Id) -> Result<Vec<(Id, i64)>> {
    let prefix = format!("take.{line}.");
    let mut taken = Vec::<(Id, i64)>::new();
    for (name, _) in form.0.iter().filter(|(name, _)| name.starts_with(&prefix)) {
        let lot: Id = name[prefix.len()..].parse().map_err(|_| Error::refused("error.reference"))?;
        let typed = i64::parse(&Raw { fields: form, name });
        let wrong = |wrong| Error::Invalid(vec![FieldError { field: format!("take.{line}"), wrong }]);
        let count = typed.map_err(wrong)?.unwrap_or_default();
        if count > 0 && !taken.iter().any(|(there, _)| *there == lot) {
            taken.push((lot, count));
        }
    }
    taken.sort();
    Ok(taken)
}
