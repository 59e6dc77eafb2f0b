//! What the page of the buyer and that of the cooperative show alike: lines, the latest quotation, payments.

use kernel::kinds::{Choice as _, Money, Multi};
use kernel::{Db, Id, Result, Words};
use market::Incoterm;
use schemars::JsonSchema;
use serde::Serialize;

use crate::line;
use crate::order::{SaleOrder, SaleStatus, tone};
use crate::payment::{self, Means, Paid, PaymentStatus};
use crate::quotation::{self, Quotation, Terms};

/// A line of an order.
#[derive(Serialize, JsonSchema)]
pub(super) struct LineShown {
    pub(super) id: Id,
    pub(super) product: Id,
    pub(super) name: Multi,
    pub(super) count: i64,
    /// What one holds, times how many, in words.
    pub(super) quantity: String,
    /// What one costs by the latest quotation, and all of it.
    pub(super) price: Option<Money>,
    pub(super) sum: Option<Money>,
}

/// The latest quotation.
#[derive(Serialize, JsonSchema)]
pub(super) struct QuotationShown {
    pub(super) id: Id,
    pub(super) number: i64,
    pub(super) dated: String,
    pub(super) valid_until: String,
    /// True if it no longer binds.
    pub(super) over: bool,
    pub(super) ready: Option<String>,
    pub(super) terms: Terms,
    pub(super) incoterm: Option<Incoterm>,
    pub(super) named_place: Option<String>,
    pub(super) delivery: Option<Money>,
    pub(super) note: Option<String>,
    pub(super) total: Money,
}

impl QuotationShown {
    /// The rule of delivery with its place, in words.
    pub(super) fn rule(&self, w: &Words) -> Option<String> {
        let rule = w.choice(self.incoterm.as_ref()?);
        Some(format!("{rule} · {}", self.named_place.as_deref().unwrap_or("–")))
    }
}

/// A payment.
#[derive(Serialize, JsonSchema)]
pub(super) struct PaymentShown {
    pub(super) id: Id,
    pub(super) day: String,
    pub(super) amount: Money,
    pub(super) means: Means,
    pub(super) reference: Option<String>,
    pub(super) proof: Option<String>,
    pub(super) status: PaymentStatus,
}

impl PaymentShown {
    /// True if the cooperative has not said yet whether it came.
    pub(super) fn announced(&self) -> bool {
        self.status == PaymentStatus::Announced
    }
}

/// An order, as both sides read it.
#[derive(Serialize, JsonSchema)]
pub(super) struct OrderShown {
    pub(super) id: Id,
    pub(super) organisation: Id,
    pub(super) holder: Multi,
    pub(super) reference: String,
    pub(super) status: SaleStatus,
    pub(super) asked: String,
    pub(super) ordered: Option<String>,
    pub(super) delivered: Option<String>,
    pub(super) wanted: Option<String>,
    pub(super) note: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) lines: Vec<LineShown>,
    pub(super) quotation: Option<QuotationShown>,
    pub(super) payments: Vec<PaymentShown>,
    /// How far it is paid, once there is something to pay.
    pub(super) paid: Option<Paid>,
    pub(super) received: Option<Money>,
    pub(super) due: Option<Money>,
    /// True if what is due can be paid by card.
    pub(super) card: bool,
}

impl OrderShown {
    pub(super) fn tone(&self) -> &'static str {
        tone(self.status)
    }
    pub(super) fn paid_tone(&self, paid: &Paid) -> &'static str {
        match paid {
            Paid::Not => "wait",
            Paid::Partly => "info",
            Paid::Fully => "good",
        }
    }
    pub(super) fn paid_code(&self, paid: &Paid) -> &'static str {
        match paid {
            Paid::Not => "not",
            Paid::Partly => "partly",
            Paid::Fully => "fully",
        }
    }
    /// Its reference, which reads from left to right in every language.
    pub(super) fn isolated(&self) -> String {
        format!("\u{2066}{}\u{2069}", self.reference)
    }
    pub(super) fn is(&self, code: &str) -> bool {
        self.status.code() == code
    }
    /// True if money is expected or came.
    pub(super) fn pays(&self) -> bool {
        matches!(self.status, SaleStatus::Ordered | SaleStatus::Prepared | SaleStatus::Delivered)
    }
    pub(super) fn is_open(&self) -> bool {
        matches!(self.status, SaleStatus::Asked | SaleStatus::Quoted | SaleStatus::Ordered)
    }
    /// The steps that every order goes through, and whether this one came so far.
    pub(super) fn steps(&self) -> Vec<(&'static str, bool)> {
        let way = [
            SaleStatus::Asked,
            SaleStatus::Quoted,
            SaleStatus::Ordered,
            SaleStatus::Prepared,
            SaleStatus::Delivered,
        ];
        let at = way.iter().position(|step| *step == self.status);
        way.iter().enumerate().map(|(n, step)| (step.code(), at.is_some_and(|at| n <= at))).collect()
    }
}

/// What both sides read of an order. The caller checked the right to it.
pub(super) fn order(w: Words, db: &mut Db, order: &SaleOrder) -> Result<OrderShown> {
    let latest = quotation::of(db, order.id)?.into_iter().next();
    let prices = match &latest {
        Some(latest) => quotation::prices(db, latest.id)?,
        None => Vec::new(),
    };
    let lines = line::of(db, order.id)?.into_iter().map(|line| {
        let price = prices.iter().find(|(id, _)| *id == line.id).map(|(_, price)| price.clone());
        LineShown {
            quantity: market::sale::quantity(w, line.unit, line.quantity()),
            sum: price
                .as_ref()
                .map(|price| Money { minor: price.minor.saturating_mul(line.count), ..price.clone() }),
            price,
            id: line.id,
            product: line.product.id,
            name: line.name,
            count: line.count,
        }
    });
    let lines = lines.collect();
    let payments = payment::of(db, order.id)?;
    let came = payment::received(&payments);
    let total = latest.as_ref().map(|latest| latest.total.clone()).filter(|_| order.is_agreed());
    let due = total.as_ref().map(|total| Money { minor: (total.minor - came).max(0), ..total.clone() });
    let card = match due.as_ref().filter(|due| due.minor > 0) {
        Some(due) => crate::card::taken_by(db, order.organisation.id, &due.currency)?.is_some(),
        None => false,
    };
    Ok(OrderShown {
        id: order.id,
        organisation: order.organisation.id,
        holder: kernel::record::get::<registry::Organisation>(db, order.organisation.id)?.name,
        reference: order.reference(),
        status: order.status,
        asked: w.long_date(&order.asked),
        ordered: order.ordered.map(|day| w.long_date(&day)),
        delivered: order.delivered.map(|day| w.long_date(&day)),
        wanted: order.wanted.map(|day| w.long_date(&day)),
        note: order.note.as_ref().map(|note| note.0.clone()),
        reason: order.reason.clone(),
        lines,
        quotation: latest.map(|latest| shown(w, latest)),
        payments: payments.into_iter().map(|payment| payment_shown(w, payment)).collect(),
        paid: total.as_ref().map(|total| payment::paid(total.minor, came)),
        received: total.as_ref().map(|total| Money { minor: came, ..total.clone() }),
        due,
        card,
    })
}

fn shown(w: Words, quotation: Quotation) -> QuotationShown {
    QuotationShown {
        id: quotation.id,
        number: quotation.number,
        dated: w.long_date(&quotation.dated),
        valid_until: w.long_date(&quotation.valid_until),
        over: quotation.accepted.is_none() && quotation.valid_until < kernel::today(),
        ready: quotation.ready.map(|day| w.long_date(&day)),
        terms: quotation.terms,
        incoterm: quotation.incoterm,
        named_place: quotation.named_place,
        delivery: quotation.delivery,
        note: quotation.note.map(|note| note.0),
        total: quotation.total,
    }
}

fn payment_shown(w: Words, payment: payment::Payment) -> PaymentShown {
    PaymentShown {
        id: payment.id,
        day: w.date(&payment.day),
        amount: payment.amount,
        means: payment.means,
        reference: payment.reference,
        proof: payment.proof.map(|file| file.0),
        status: payment.status,
    }
}
