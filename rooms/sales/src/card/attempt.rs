//! An attempt to pay an order by card: begun by the buyer, ended by what the provider tells.

use kernel::kinds::{Money, Ref};
use kernel::{App, Error, Fields, Id, Result, Tx, choice, record};
use registry::Organisation;

use super::{CardProvider, Told, Verdict, merchant, of};
use crate::order::{self, SaleOrder};
use crate::payment::{Means, Payment, PaymentStatus};

choice! {
    /// What became of an attempt.
    pub AttemptStatus in "card_attempt.status" { Begun = "begun", Accepted = "accepted", Refused = "refused" }
}

record! {
    /// A payment by card that a buyer began.
    pub CardAttempt in "card_attempt" as "sales.card_attempt", about organisation {
        main(File, Steward) {
            organisation: Ref<Organisation>, sale_order: Ref<SaleOrder>, amount: Money, status: AttemptStatus,
            reference: Option<String>,
        }
    }
}

/// Begins an attempt. The same again changes nothing. The caller holds the order.
pub(crate) fn begin(tx: &mut Tx<'_>, id: Id, order: &SaleOrder, amount: Money) -> Result<()> {
    if let Some(there) = kernel::record::find::<CardAttempt>(tx, id)? {
        return if there.sale_order.id == order.id { Ok(()) } else { Err(Error::refused("error.id_taken")) };
    }
    let attempt = CardAttempt {
        id,
        version: 1,
        organisation: order.organisation,
        sale_order: order.id.into(),
        amount,
        status: AttemptStatus::Begun,
        reference: None,
    };
    kernel::record::insert(tx, &attempt)
}

/// Takes what a provider tells. It is believed if it was sealed with the key of the cooperative and speaks of the amount of
/// the attempt; told twice, it counts once.
pub(crate) fn hear(app: &App, tx: &mut Tx<'_>, provider: CardProvider, message: &Fields) -> Result<Verdict> {
    let known = match of(provider).attempt(message) {
        Some(id) => kernel::record::find::<CardAttempt>(tx, id)?,
        None => None,
    };
    let Some(attempt) = known else { return Ok(Verdict::Refused) };
    let Some(merchant) = merchant::of(tx, attempt.organisation.id)? else { return Ok(Verdict::Refused) };
    if merchant.provider != provider {
        return Ok(Verdict::Refused);
    }
    let key = merchant::key(tx, &app.secret, merchant.id)?;
    let told = of(provider).told(message, &key).filter(|told| told.amount == attempt.amount.minor);
    let Some(told) = told else { return Ok(Verdict::Refused) };
    // Whoever writes to the order at the same time waits.
    let order = order::hold(tx, attempt.sale_order.id)?;
    let attempt = kernel::record::get::<CardAttempt>(tx, attempt.id)?;
    match (attempt.status, told.accepted) {
        (AttemptStatus::Accepted, _) => Ok(Verdict::Kept),
        (_, true) => keep(tx, &order, attempt, told),
        (_, false) => {
            kernel::record::update(tx, &CardAttempt { status: AttemptStatus::Refused, ..attempt })?;
            Ok(Verdict::Heard)
        }
    }
}

/// Writes down that the money came.
fn keep(tx: &mut Tx<'_>, order: &SaleOrder, attempt: CardAttempt, told: Told) -> Result<Verdict> {
    if !order.is_agreed() {
        // Nothing is owed any more: the card is not charged.
        kernel::record::update(tx, &CardAttempt { status: AttemptStatus::Refused, ..attempt })?;
        return Ok(Verdict::Heard);
    }
    let payment = Payment {
        id: Id::named(&format!("payment by card {}", attempt.id)),
        version: 1,
        organisation: attempt.organisation,
        sale_order: attempt.sale_order,
        proof: None,
        status: PaymentStatus::Received,
        day: kernel::today(),
        amount: attempt.amount.clone(),
        means: Means::Card,
        reference: Some(told.reference).filter(|reference| !reference.is_empty()),
    };
    kernel::record::insert(tx, &payment)?;
    let reference = payment.reference;
    kernel::record::update(tx, &CardAttempt { status: AttemptStatus::Accepted, reference, ..attempt })?;
    Ok(Verdict::Kept)
}
