//! A quotation: what a cooperative asks for an order, until when, and on which terms. It is never changed: another one follows.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::kinds::{Long, Money, Ref};
use kernel::{Db, Error, Id, Record, Result, Tx, choice, record, sql};
use market::Incoterm;
use registry::Organisation;

use crate::line::{self, Line};
use crate::order::{SaleOrder, SaleStatus};

choice! {
    /// When a buyer pays.
    pub Terms in "sale_quotation.terms" {
        Before = "before", OnDelivery = "on_delivery", Half = "half", Within30 = "within_30", Within60 = "within_60",
    }
}

record! {
    /// What is asked for an order.
    pub Quotation in "sale_quotation" as "sales.sale_quotation", about organisation {
        main(File, Steward) {
            organisation: Ref<Organisation>, sale_order: Ref<SaleOrder>, number: i64, dated: Date, total: Money,
            accepted: Option<Date>,
        }
        terms(File, File) {
            delivery: Option<Money>, valid_until: Date, ready: Option<Date>, terms: Terms, incoterm: Option<Incoterm>,
            named_place: Option<String>, note: Option<Long>,
        }
    }
}

record! {
    /// What one of a line costs in a quotation.
    pub LinePrice in "sale_price" as "sales.sale_price", about organisation {
        main(File, Steward) {
            organisation: Ref<Organisation>, sale_quotation: Ref<Quotation>, sale_line: Ref<Line>, price: Money,
        }
    }
}

/// Furthest that a quotation binds, in days.
const LONGEST: i32 = 366;

impl Quotation {
    /// A last look, in the transaction that saves it.
    pub(crate) fn check_sound(&self) -> Result<()> {
        if self.valid_until < self.dated || self.valid_until > self.dated.saturating_add(LONGEST.days()) {
            return Err(Error::field("valid_until", "sale_quotation.valid_range"));
        }
        if self.ready.is_some_and(|ready| ready < self.dated) {
            return Err(Error::field("ready", "error.dates_order"));
        }
        if self.delivery.as_ref().is_some_and(|delivery| delivery.currency != self.total.currency) {
            return Err(Error::field("delivery", "sale_quotation.one_currency"));
        }
        if self.incoterm.is_some() && self.named_place.is_none() {
            return Err(Error::field("named_place", "sale_quotation.place_needed"));
        }
        Ok(())
    }
}

/// The sum of prices times counts and of what delivery costs, in minor units.
///
/// # Errors
/// When nothing is priced or the sum is beyond what money of this house may be.
pub(crate) fn total(lines: &[(i64, i64)], delivery: i64) -> Result<i64> {
    let sum = lines.iter().map(|(price, count)| i128::from(*price) * i128::from(*count)).sum::<i128>();
    let sum = sum + i128::from(delivery);
    if lines.is_empty() || sum <= 0 {
        return Err(Error::refused("sale_quotation.nothing"));
    }
    i64::try_from(sum)
        .ok()
        .filter(|sum| *sum <= 1_000_000_000_000)
        .ok_or_else(|| Error::refused("error.money_range"))
}

/// Keeps a quotation with its prices, one for each line of the order, all in one currency.
pub(crate) fn keep(tx: &mut Tx<'_>, quotation: &Quotation, prices: &[(Id, Money)]) -> Result<()> {
    quotation.check_sound()?;
    kernel::record::insert(tx, quotation)?;
    for (line, price) in prices {
        let price = LinePrice {
            id: Id::named(&format!("{} {line}", quotation.id)),
            version: 1,
            organisation: quotation.organisation,
            sale_quotation: quotation.id.into(),
            sale_line: (*line).into(),
            price: price.clone(),
        };
        kernel::record::insert(tx, &price)?;
    }
    Ok(())
}

/// Quotations of an order, the latest first. The caller checked the right to it.
pub(crate) fn of(db: &mut Db, order: Id) -> Result<Vec<Quotation>> {
    let columns = Quotation::columns("");
    let query = format!("select {columns} from sale_quotation where sale_order = ? order by number desc");
    db.rows(&sql(&query).bind(order).open("the caller checked the right to the order"), Quotation::from_row)
}

/// The prices of a quotation, by line.
pub(crate) fn prices(db: &mut Db, quotation: Id) -> Result<Vec<(Id, Money)>> {
    let query = sql("select sale_line, price, price_currency from sale_price where sale_quotation = ?")
        .bind(quotation);
    db.rows(&query.open("the caller checked the right to the order"), |row| {
        Ok((row.take()?, Money { minor: row.take()?, currency: row.take()? }))
    })
}

/// The buyer accepts the latest quotation while it binds: the quantities are promised from now on.
pub(crate) fn accept(tx: &mut Tx<'_>, w: kernel::Words, order: SaleOrder, id: Id) -> Result<()> {
    let latest = of(tx, order.id)?.into_iter().next().ok_or_else(crate::order::not_now)?;
    if latest.id == id && latest.accepted.is_some() {
        return Ok(());
    }
    if order.status != SaleStatus::Quoted {
        return Err(crate::order::not_now());
    }
    if latest.id != id {
        return Err(Error::refused("sale_quotation.newer"));
    }
    let today = kernel::today();
    if latest.valid_until < today {
        return Err(Error::refused("sale_quotation.over"));
    }
    let lines = line::of(tx, order.id)?;
    crate::reserve::check(tx, w, order.id, &lines)?;
    kernel::record::update(tx, &Quotation { accepted: Some(today), ..latest })?;
    SaleOrder { ordered: Some(today), ..order }.moves(tx, SaleStatus::Ordered).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::total;

    #[test]
    fn sums_are_exact_and_bounded() {
        assert_eq!(total(&[(4_550, 12), (120_000, 1)], 15_000).unwrap_or_default(), 189_600);
        assert_eq!(total(&[(1, 1)], 0).unwrap_or_default(), 1);
        assert!(total(&[], 500).is_err() && total(&[(0, 4)], 0).is_err());
        assert!(total(&[(1_000_000_000_000, 1_000_000)], 0).is_err());
    }
}
