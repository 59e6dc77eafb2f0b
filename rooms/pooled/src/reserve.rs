//! What a yes keeps: as much of the lot that a cooperative named in its pledge as is there and promised to nobody else, at
//! most what it still has to bring. So no buyer of its own is sold what the pooled order counts on.

use std::collections::BTreeMap;

use kernel::{App, Db, Id, Result, Tx, sql};
use market::{Lot, Product, promise, sale};

use crate::order::{self, Order, Stage};
use crate::part::{Place, places};

/// What a cooperative still has to bring, in the unit of the order.
fn owed(order: &Order, place: &Place) -> i64 {
    let holds = matches!(order.stage, Stage::Shared | Stage::Confirmed) && place.part.closed.is_none();
    let packs = if holds { place.agreed() - place.accepted() } else { 0 };
    packs.max(0).saturating_mul(order.pack)
}

/// Makes whoever promises or takes of the lots that were named for an order wait, and of this lot too.
pub(crate) fn hold(tx: &mut Tx<'_>, order: Id, lot: Option<&Lot>) -> Result<()> {
    let query = sql("select distinct l.product from pooled_part m join pooled_pledge p on p.part = m.id
                     join lot l on l.id = p.lot where m.pooled_order = ?");
    let query = query.bind(order).open("waits, changes nothing");
    let mut products = tx.rows(&query, kernel::value::Row::take::<Id>)?;
    products.extend(lot.map(|lot| lot.product.id));
    promise::hold(tx, products)
}

/// Keeps and frees what each cooperative of an order owes as things stand. The caller holds the order.
///
/// # Errors
/// When the order is not there or the database fails.
pub fn follow(tx: &mut Tx<'_>, order: Id) -> Result<()> {
    hold(tx, order, None)?;
    let order = kernel::record::get::<Order>(tx, order)?;
    let today = kernel::today();
    for place in places(tx, order.id)? {
        let mut kept = BTreeMap::new();
        let owed = owed(&order, &place);
        if let Some(lot) = place.pledge.as_ref().and_then(|pledge| pledge.lot).filter(|_| owed > 0) {
            let product = kernel::record::get::<Lot>(tx, lot.id)?.product.id;
            let there = sale::lots(tx, product, today)?.into_iter().find(|there| there.id == lot.id);
            let product = kernel::record::get::<Product>(tx, product)?;
            let free = promise::free(tx, &product, place.part.id, today)?.unwrap_or(owed);
            kept.insert(product.id, owed.min(free).min(there.map_or(0, |there| there.left)));
        }
        promise::keep(tx, place.part.id, &kept)?;
    }
    Ok(())
}

/// Packs that are kept for a cooperative's part, and those that it still has to bring; nothing as long as it owes none.
pub(crate) fn kept(db: &mut Db, order: &Order, place: &Place) -> Result<Option<(i64, i64)>> {
    let owed = owed(order, place);
    if owed == 0 {
        return Ok(None);
    }
    let kept: i64 = promise::to(db, place.part.id)?.values().sum();
    Ok(Some((kept / order.pack, owed / order.pack)))
}

/// True if a cooperative owes something of a lot that it named, and nothing is kept for it.
fn lacks(db: &mut Db, id: Id) -> Result<bool> {
    let order = kernel::record::get::<Order>(db, id)?;
    for place in places(db, id)? {
        let named = place.pledge.as_ref().is_some_and(|pledge| pledge.lot.is_some());
        if named && owed(&order, &place) > 0 && promise::to(db, place.part.id)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Keeps what was said yes to before anything was kept for it; where that is done, nothing is written.
pub(crate) fn mend(app: &App) -> Result<()> {
    let query = sql("select id from pooled_order where stage in ('shared', 'confirmed') order by id");
    let query = query.open("every order is put right");
    let orders: Vec<Id> = app.read(|db| db.rows(&query, kernel::value::Row::take))?;
    for id in orders {
        if !app.read(|db| lacks(db, id))? {
            continue;
        }
        app.write(kernel::Actor::machine("command"), |tx| {
            order::hold(tx, id)?;
            follow(tx, id)
        })?;
    }
    Ok(())
}
