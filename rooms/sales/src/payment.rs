//! Payments as they are: cash, a transfer, a cheque, in parts. A buyer says that they paid; it counts once it is received.

use jiff::civil::Date;
use kernel::kinds::{Choice as _, File, Money, Ref};
use kernel::{Db, Error, Id, Record, Result, Tx, choice, record, sql};
use registry::Organisation;

use crate::order::SaleOrder;

choice! {
    /// How somebody paid.
    pub Means in "sale_payment.means" {
        Transfer = "transfer", Cash = "cash", Cheque = "cheque", OnDelivery = "on_delivery", Mobile = "mobile",
        Card = "card",
    }
}

choice! {
    /// Whether the money came.
    pub PaymentStatus in "sale_payment.status" { Announced = "announced", Received = "received", Missing = "missing" }
}

record! {
    /// A payment for an order, announced by the buyer or received by the cooperative.
    pub Payment in "sale_payment" as "sales.sale_payment", about organisation {
        origin(File, Steward) {
            organisation: Ref<Organisation>, sale_order: Ref<SaleOrder>, proof: Option<File>, status: PaymentStatus,
        }
        main(File, File) { day: Date, amount: Money, means: Means, reference: Option<String> }
    }
}

/// The ways of paying that people write down: who pays by card is told of by the provider.
pub(crate) fn by_hand(w: kernel::Words) -> kernel::form::Options {
    let ways = Means::CODES.iter().filter(|code| **code != Means::Card.code());
    ways.map(|code| ((*code).to_owned(), w.t2(Means::WORDS, code))).collect()
}

/// How far an order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Paid {
    /// Nothing was received.
    Not,
    /// Less than the total was received.
    Partly,
    /// The total was received, or more.
    Fully,
}

/// How far a total is paid by what was received.
pub(crate) fn paid(total: i64, received: i64) -> Paid {
    match received {
        _ if received >= total => Paid::Fully,
        0 => Paid::Not,
        _ => Paid::Partly,
    }
}

impl Payment {
    /// A last look, in the transaction that saves it.
    pub(crate) fn check_sound(&self, order: &SaleOrder, total: &Money) -> Result<()> {
        if self.means == Means::Card {
            return Err(Error::field("means", "error.choice"));
        }
        if self.amount.currency != total.currency {
            return Err(Error::field("amount", "sale_payment.currency"));
        }
        if self.amount.minor == 0 {
            return Err(Error::field("amount", "sale_payment.nothing"));
        }
        if self.day > kernel::today() || self.day < order.asked {
            return Err(Error::field("day", "sale_payment.day_range"));
        }
        Ok(())
    }
}

/// Payments of an order, the latest first. The caller checked the right to it.
pub(crate) fn of(db: &mut Db, order: Id) -> Result<Vec<Payment>> {
    let columns = Payment::columns("");
    let query = format!("select {columns} from sale_payment where sale_order = ? order by day desc, id desc");
    db.rows(&sql(&query).bind(order).open("the caller checked the right to the order"), Payment::from_row)
}

/// What was received of these, in minor units.
pub(crate) fn received(payments: &[Payment]) -> i64 {
    let came = payments.iter().filter(|payment| payment.status == PaymentStatus::Received);
    came.map(|payment| payment.amount.minor).sum()
}

/// What one cooperative received since a day, by currency, the most first. The caller checked the standing.
pub(crate) fn received_since(db: &mut Db, organisation: Id, since: Date) -> Result<Vec<Money>> {
    let query = sql("select cast(sum(amount) as bigint), amount_currency from sale_payment
         where organisation = ? and status = 'received' and day >= ? group by amount_currency order by 1 desc")
    .bind(organisation)
    .bind(since)
    .open("the page checked the standing");
    db.rows(&query, |row| Ok(Money { minor: row.take()?, currency: row.take()? }))
}

/// Payments that buyers announced to one cooperative and nobody confirmed yet. The caller checked the standing.
pub(crate) fn announced(db: &mut Db, organisation: Id) -> Result<i64> {
    let query = sql("select count(*) from sale_payment where organisation = ? and status = 'announced'");
    db.one(&query.bind(organisation).open("the page checked the standing"))
}

/// Says whether an announced payment came. The same again changes nothing.
pub(crate) fn decide(tx: &mut Tx<'_>, payment: Payment, status: PaymentStatus) -> Result<()> {
    if payment.status == status {
        return Ok(());
    }
    if payment.status == PaymentStatus::Received {
        return Err(Error::refused("sale_payment.received_already"));
    }
    kernel::record::update(tx, &Payment { status, ..payment })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_says_how_far_it_is_paid() {
        assert_eq!(
            (paid(100, 0), paid(100, 99), paid(100, 100), paid(100, 130)),
            (Paid::Not, Paid::Partly, Paid::Fully, Paid::Fully)
        );
    }
}
