//! Settlement: what the buyer paid, what the bank made of it, what was agreed to be kept, and each one's part of the rest.
//! It is worked out in dirhams: the rate is the one at which the bank credited the payment, never one of ours.

use jiff::civil::Date;
use kernel::kinds::{Money, Ref};
use kernel::{Db, Error, Id, Record, Result, Tx, choice, record, sql};
use people::Account;
use registry::Organisation;

use crate::ledger::{self, Delivered};
use crate::order::{self, Order, Stage};
use crate::part::{Member, Place, places};

/// The currency in which members are paid.
pub(crate) const CURRENCY: &str = "MAD";

choice! {
    /// What is kept from a payment.
    pub ChargeKind in "pooled_charge.kind" {
        Transport = "transport", Laboratory = "laboratory", Commission = "commission", Bank = "bank", Other = "other",
    }
}

record! {
    /// Something that was agreed to be kept from the payment.
    pub Charge in "pooled_charge" as "pooled.charge", about lead {
        main(File, File) {
            lead: Ref<Organisation>, pooled_order: Ref<Order>, kind: ChargeKind, amount: Money, day: Date, agreed: String,
        }
    }
}

record! {
    /// What the buyer paid, and what the bank credited for it.
    pub Receipt in "pooled_receipt" as "pooled.receipt", about lead {
        main(File, File) {
            lead: Ref<Organisation>, pooled_order: Ref<Order>, day: Date, amount: Money, credited: Money,
            note: Option<String>,
        }
    }
}

record! {
    /// What a cooperative was paid ahead.
    pub Advance in "pooled_advance" as "pooled.advance", about lead {
        main(File, File) {
            lead: Ref<Organisation>, pooled_order: Ref<Order>, part: Ref<Member>, day: Date, amount: Money,
            note: Option<String>,
        }
    }
}

record! {
    /// The settlement of an order: nothing is settled before two people signed.
    pub Settlement in "pooled_settlement" as "pooled.settlement", about lead {
        main(File, File) {
            lead: Ref<Organisation>, pooled_order: Ref<Order>, day: Date, received: Money, charges: Money,
            first: Ref<Account>, second: Option<Ref<Account>>, signed: Option<Date>,
        }
    }
}

record! {
    /// What the settlement gives a cooperative.
    pub Payment in "pooled_payment" as "pooled.payment", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, settlement: Ref<Settlement>, part: Ref<Member>, first_grade: i64,
            second_grade: i64, gross: i64, charges: i64, advance: i64, net: i64,
        }
    }
}

/// Refuses changes of what a settlement counted.
pub(crate) fn check_open(db: &mut Db, order: Id) -> Result<()> {
    match of(db, order)? {
        Some(_) => Err(Error::refused("pooled_settlement.locked")),
        None => Ok(()),
    }
}

/// A last look at a charge, a receipt or an advance: in time, and in a currency that can be added up.
pub(crate) fn check_piece(tx: &mut Tx<'_>, order: Id, day: Date, field: &str, amount: &Money) -> Result<()> {
    let order = order::hold(tx, order)?;
    order::at(&order, &[Stage::Confirmed])?;
    check_open(tx, order.id)?;
    if day > kernel::today() {
        return Err(Error::field("day", "lot.not_yet"));
    }
    if amount.currency != CURRENCY {
        return Err(Error::field(field, "pooled_receipt.dirhams"));
    }
    if amount.minor == 0 {
        return Err(Error::field(field, "pooled_order.nothing"));
    }
    Ok(())
}

/// The settlement of an order, signed or not.
pub(crate) fn of(db: &mut Db, order: Id) -> Result<Option<Settlement>> {
    let query =
        sql(&format!("select {} from pooled_settlement where pooled_order = ?", Settlement::columns("")));
    db.row(&query.bind(order).open("the caller checked the standing at the order"), Settlement::from_row)
}

/// The pieces of this kind on an order, by day.
pub(crate) fn pieces<R: Record>(db: &mut Db, order: Id) -> Result<Vec<R>> {
    let query =
        sql(&format!("select {} from {} where pooled_order = ? order by day, id", R::columns(""), R::TABLE));
    db.rows(&query.bind(order).open("the caller checked the standing at the order"), R::from_row)
}

/// What a settlement gives each.
pub(crate) fn payments(db: &mut Db, settlement: Id) -> Result<Vec<Payment>> {
    let query =
        sql(&format!("select {} from pooled_payment where settlement = ? order by id", Payment::columns("")));
    db.rows(&query.bind(settlement).open("the caller checked the standing"), Payment::from_row)
}

/// Sum of these amounts, all of one currency and each below the bound of a typed one.
fn total(amounts: impl Iterator<Item = i64>) -> Result<i64> {
    let sum: i128 = amounts.map(i128::from).sum();
    i64::try_from(sum).map_err(|_| Error::refused("error.number_range"))
}

/// The number that decides between equal remainders: the same for whoever works it out again, another in each order.
pub(crate) fn draw(order: Id, organisation: Id) -> u128 {
    Id::named(&format!("{order} {organisation}")).number()
}

/// Works out the settlement and signs it for the first time.
///
/// # Errors
/// With a sentence, when nothing was received or accepted, or charges exceed what was received.
pub fn prepare(tx: &mut Tx<'_>, id: Id, order: Id, account: Id) -> Result<()> {
    let order = order::hold(tx, order)?;
    if kernel::record::find::<Settlement>(tx, id)?.is_some_and(|there| there.pooled_order.id == order.id) {
        return Ok(());
    }
    order::at(&order, &[Stage::Confirmed])?;
    check_open(tx, order.id)?;
    let places: Vec<Place> = places(tx, order.id)?
        .into_iter()
        .filter(|place| place.accepted() > 0 || place.agreed() > 0)
        .collect();
    let received = total(pieces::<Receipt>(tx, order.id)?.iter().map(|receipt| receipt.credited.minor))?;
    let charges = total(pieces::<Charge>(tx, order.id)?.iter().map(|charge| charge.amount.minor))?;
    let advances = pieces::<Advance>(tx, order.id)?;
    if received == 0 {
        return Err(Error::refused("pooled_settlement.no_receipt"));
    }
    if charges > received {
        return Err(Error::refused("pooled_settlement.charges_above"));
    }
    if advances.iter().any(|advance| places.iter().all(|place| place.part.id != advance.part.id)) {
        return Err(Error::refused("pooled_settlement.advance"));
    }
    let mut delivered = Vec::new();
    for place in &places {
        let own = advances.iter().filter(|advance| advance.part.id == place.part.id);
        delivered.push(Delivered {
            worth: order.hundredths(place.delivered),
            advance: total(own.map(|advance| advance.amount.minor))?,
            draw: draw(order.id, place.part.organisation.id),
        });
    }
    let paid = ledger::settle(received, charges, &delivered)
        .ok_or_else(|| Error::refused("pooled_settlement.nothing"))?;
    let money = |minor: i64| Money { minor, currency: CURRENCY.into() };
    let settlement = Settlement {
        id,
        version: 1,
        lead: order.lead,
        pooled_order: order.id.into(),
        day: kernel::today(),
        received: money(received),
        charges: money(charges),
        first: account.into(),
        second: None,
        signed: None,
    };
    kernel::record::insert(tx, &settlement)?;
    for (place, paid) in places.iter().zip(paid) {
        let payment = Payment {
            id: Id::named(&format!("{id} {}", place.part.id)),
            version: 1,
            organisation: place.part.organisation,
            settlement: id.into(),
            part: place.part.id.into(),
            first_grade: place.delivered[0],
            second_grade: place.delivered[1],
            gross: paid.gross,
            charges: paid.charges,
            advance: paid.advance,
            net: paid.net,
        };
        kernel::record::insert(tx, &payment)?;
    }
    Ok(())
}

/// Signs for the second time, by somebody else: then it is settled.
///
/// # Errors
/// With a sentence, when the same account signed first or another signed already.
pub fn sign(tx: &mut Tx<'_>, settlement: Id, account: Id) -> Result<()> {
    let order = kernel::record::get::<Settlement>(tx, settlement)?.pooled_order.id;
    let order = order::hold(tx, order)?;
    let settlement = kernel::record::get::<Settlement>(tx, settlement)?;
    if let Some(second) = settlement.second {
        return if second.id == account { Ok(()) } else { Err(Error::refused("pooled_order.not_now")) };
    }
    if settlement.first.id == account {
        return Err(Error::refused("pooled_settlement.same"));
    }
    let (second, signed) = (Some(account.into()), Some(kernel::today()));
    kernel::record::update(tx, &Settlement { second, signed, ..settlement })?;
    let id = order.id;
    kernel::record::update(tx, &Order { stage: Stage::Settled, ..order })?;
    crate::reserve::follow(tx, id)
}

/// Takes the first signature back, so that what was counted can be mended.
pub(crate) fn withdraw(tx: &mut Tx<'_>, settlement: Id) -> Result<()> {
    let order = kernel::record::get::<Settlement>(tx, settlement)?.pooled_order.id;
    order::hold(tx, order)?;
    let settlement = kernel::record::get::<Settlement>(tx, settlement)?;
    if settlement.second.is_some() {
        return Err(Error::refused("pooled_settlement.locked"));
    }
    for payment in payments(tx, settlement.id)? {
        kernel::record::remove(tx, &payment)?;
    }
    kernel::record::remove(tx, &settlement)
}
