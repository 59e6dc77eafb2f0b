//! What orders propose for questions of a diagnosis: regular buyers and the share of the largest, deliveries in time, lots
//! that can be followed. The levels are those of Boussole, items G1, G5 and F3.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::room::{Behind, Look, Proposal};
use kernel::value::Row;
use kernel::{Ctx, Db, Id, Result, sql};

use crate::taken::agreed;

/// Fewer deliveries than this in a year say little: the coach asks.
const ENOUGH: usize = 5;

pub(crate) fn looks() -> Vec<Look> {
    vec![
        Look { name: "regular_buyers", read: regular_buyers },
        Look { name: "in_time", read: in_time },
        Look { name: "lots_followed", read: lots_followed },
    ]
}

/// An order that was delivered, as its latest accepted quotation agreed it.
struct Delivered {
    id: Id,
    number: i64,
    /// The telephone, else the email address, else the name.
    buyer: String,
    total: i64,
    currency: String,
    ready: Option<Date>,
    day: Date,
}

/// Delivered in the twelve months up to the day, the latest first; nobody knows who buys at a souk.
fn delivered(db: &mut Db, organisation: Id, day: Date) -> Result<Vec<Delivered>> {
    let query = sql("select s.id, s.number, coalesce(s.phone, s.email, s.name), q.total, q.total_currency, q.ready, s.delivered
         from sale_order s join sale_quotation q on q.sale_order = s.id and q.number =
         (select max(n.number) from sale_quotation n where n.sale_order = s.id and n.accepted is not null)
         where s.organisation = ? and s.status = 'delivered' and s.spot = 0 and s.delivered > ? and s.delivered <= ? order by s.delivered desc, s.number desc")
    .bind(organisation)
    .bind(day.saturating_sub(1.year()))
    .bind(day);
    db.rows(&query.open("whoever asks checked the right to the file"), |row: &mut Row| {
        Ok(Delivered {
            id: row.take()?,
            number: row.take()?,
            buyer: row.take()?,
            total: row.take()?,
            currency: row.take()?,
            ready: row.take()?,
            day: row.take()?,
        })
    })
}

fn behind(ctx: &Ctx, orders: &[Delivered]) -> Vec<Behind> {
    let one = |order: &Delivered| Behind {
        label: ctx.w.args(
            "sales.look.order",
            &[("number", ctx.w.num(order.number)), ("date", ctx.w.date(&order.day))],
        ),
        path: format!("/sales/{}", order.id),
    };
    orders.iter().take(10).map(one).collect()
}

/// Nothing where amounts in several currencies cannot be compared.
fn regular_buyers(ctx: &Ctx, db: &mut Db, organisation: Id, day: Date) -> Result<Option<Proposal>> {
    let orders = delivered(db, organisation, day)?;
    let one_currency = orders.windows(2).all(|pair| pair[0].currency == pair[1].currency);
    if orders.len() < ENOUGH || !one_currency {
        return Ok(None);
    }
    let mut buyers: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for order in &orders {
        let (times, sum) = buyers.entry(&order.buyer).or_default();
        *times += 1;
        *sum += order.total;
    }
    let regular = buyers.values().filter(|(times, _)| *times >= 2).count();
    let (all, largest) = (
        buyers.values().map(|(_, sum)| sum).sum::<i64>(),
        buyers.values().map(|(_, sum)| *sum).max().unwrap_or_default(),
    );
    let percent = 100 * largest / all.max(1);
    Ok(Some(Proposal {
        level: regular_level(regular, largest, all),
        reason: ctx.w.args(
            "sales.look.regular",
            &[
                ("orders", ctx.w.num(orders.len())),
                ("regular", ctx.w.num(regular)),
                ("largest", ctx.w.num(percent)),
            ],
        ),
        records: behind(ctx, &orders),
    }))
}

/// Level of *regular buyers* from how many bought twice or more and what the largest one took of all.
fn regular_level(regular: usize, largest: i64, all: i64) -> i64 {
    match regular {
        0 => 0,
        _ if 4 * largest > 3 * all => 1,
        _ if 2 * largest > all => 2,
        1 | 2 => 2,
        _ if 10 * largest > 3 * all => 3,
        _ => 4,
    }
}

fn in_time(ctx: &Ctx, db: &mut Db, organisation: Id, day: Date) -> Result<Option<Proposal>> {
    let mut orders = delivered(db, organisation, day)?;
    orders.retain(|order| order.ready.is_some());
    orders.truncate(10);
    if orders.len() < ENOUGH {
        return Ok(None);
    }
    let met = orders.iter().filter(|order| order.ready.is_some_and(|ready| order.day <= ready)).count();
    Ok(Some(Proposal {
        level: in_time_level(met, orders.len()),
        reason: ctx
            .w
            .args("sales.look.in_time", &[("met", ctx.w.num(met)), ("orders", ctx.w.num(orders.len()))]),
        records: behind(ctx, &orders),
    }))
}

/// Level of *complete and in time* from how many of the last orders were.
fn in_time_level(met: usize, of: usize) -> i64 {
    match 100 * met {
        n if n < 25 * of => 0,
        n if n < 50 * of => 1,
        n if n < 75 * of => 2,
        n if n < 90 * of => 3,
        _ => 4,
    }
}

/// The highest level of *lots followed* that orders can show: who supplied the material stands in no record of the house.
const BUYERS_ALONE: i64 = 2;

/// Of the last orders, those that name a lot for all that left. Where none does, the coach asks: there may be a book.
fn lots_followed(ctx: &Ctx, db: &mut Db, organisation: Id, day: Date) -> Result<Option<Proposal>> {
    let mut orders = delivered(db, organisation, day)?;
    orders.truncate(10);
    if orders.len() < ENOUGH {
        return Ok(None);
    }
    let of = orders.len();
    let mut named = Vec::new();
    for order in orders {
        if is_named(db, organisation, order.id)? {
            named.push(order);
        }
    }
    let counted = [("met", ctx.w.num(named.len())), ("orders", ctx.w.num(of))];
    Ok((!named.is_empty()).then(|| Proposal {
        level: BUYERS_ALONE,
        reason: ctx.w.args("sales.look.lots", &counted),
        records: behind(ctx, &named),
    }))
}

/// True if lots are named for all that left with an order.
fn is_named(db: &mut Db, organisation: Id, order: Id) -> Result<bool> {
    let Some(agreed) = agreed(db, order)? else { return Ok(false) };
    let mut left: BTreeMap<Id, i128> = BTreeMap::new();
    for (line, _) in &agreed.lines {
        *left.entry(line.product.id).or_default() += i128::from(line.count) * i128::from(line.content);
    }
    for lot in market::sold_as(db, organisation, &agreed.order.reference())? {
        *left.entry(lot.product).or_default() -= i128::from(lot.quantity);
    }
    Ok(left.values().all(|left| *left <= 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_those_of_the_questionnaire() {
        let regular = [
            (0, 10, 100),
            (2, 76, 100),
            (3, 75, 100),
            (2, 40, 100),
            (3, 50, 100),
            (3, 31, 100),
            (3, 30, 100),
        ];
        let levels: Vec<i64> =
            regular.iter().map(|(n, largest, all)| regular_level(*n, *largest, *all)).collect();
        assert_eq!(levels, [0, 1, 2, 2, 3, 3, 4]);
        let in_time: Vec<i64> =
            [0, 2, 3, 4, 5, 7, 8, 9, 10].iter().map(|met| in_time_level(*met, 10)).collect();
        assert_eq!(in_time, [0, 0, 1, 1, 2, 2, 3, 4, 4]);
    }
}
