//! The link by which a buyer, who has no account, finds their orders again.

use kernel::value::Row;
use kernel::{Ctx, Db, Error, Id, Result, Tx, now, sql};

use crate::order::{self, SaleOrder};

/// True for a secret as this house makes them.
pub(crate) fn is_secret(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The orders that this link opens.
pub(crate) fn orders(db: &mut Db, secret: &str) -> Result<Vec<SaleOrder>> {
    let query = sql("select sale_order from sale_link where digest = ?").bind(people::secret_digest(secret));
    let ids: Vec<Id> = db.rows(&query.open("whoever holds the link holds the right"), Row::take)?;
    if ids.is_empty() { Err(Error::NotFound) } else { order::select(db, &ids) }
}

/// The order that the form names, held, if the link of the address opens it.
pub(crate) fn order_held(ctx: &Ctx, tx: &mut Tx<'_>) -> Result<SaleOrder> {
    let asked: Id = ctx.form.parse("order").ok_or(Error::NotFound)?;
    let own = orders(tx, ctx.param("secret")?)?.into_iter().any(|order| order.id == asked);
    if own { order::hold(tx, asked) } else { Err(Error::NotFound) }
}

/// Opens an order to whoever holds this secret: 64 hexadecimal digits, of which the digest alone is kept.
pub fn add(tx: &mut Tx<'_>, secret: &str, order: Id) -> Result<()> {
    let add = sql("insert into sale_link (digest, sale_order, at) values (?, ?, ?) on conflict do nothing");
    tx.run(&add.bind(people::secret_digest(secret)).bind(order).bind(now()).open("a link of its own"))
        .map(|_| ())
}
