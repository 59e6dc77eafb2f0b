//! Payment by card on the page of a payment provider: the buyer goes there and comes back, the provider tells the house
//! what became of it. A provider is whatever does what [`Provider`] says.

mod attempt;
mod cmi;
mod merchant;
mod pages;

use kernel::kinds::Money;
use kernel::{Fields, Id, choice};

pub(crate) use attempt::CardAttempt;
pub(crate) use merchant::{CardMerchant, standing};
pub(crate) use pages::{routes, taken_by};

choice! {
    /// Who takes cards for a cooperative.
    pub CardProvider in "card_merchant.provider" { Cmi = "cmi" }
}

/// What a buyer is about to pay.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    /// The account of the cooperative with the provider.
    pub(crate) client: &'a str,
    /// True for the provider's test page, where no money moves.
    pub(crate) testing: bool,
    /// Names this attempt to the provider.
    pub(crate) attempt: Id,
    pub(crate) amount: &'a Money,
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
    pub(crate) lang: &'a str,
    /// Where the buyer's browser comes back to, whatever became of it.
    pub(crate) back: &'a str,
    /// Where the provider itself tells what became of it.
    pub(crate) told: &'a str,
}

/// The page of the provider, and the form that leads there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gate {
    /// Scheme and host of the page.
    pub(crate) origin: &'static str,
    /// Its address.
    pub(crate) url: String,
    /// What the form carries.
    pub(crate) fields: Vec<(&'static str, String)>,
}

/// What a provider told, once it is sure that nobody else did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// In minor units.
    pub(crate) amount: i64,
    /// True if the money is the cooperative's once the house agrees.
    pub(crate) accepted: bool,
    /// The number of the transaction.
    pub(crate) reference: String,
}

/// How the house takes what it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Written down as received: the money may be drawn.
    Kept,
    /// Heard; nothing is to be drawn.
    Heard,
    /// Not believed: forged, of another amount, of nothing that is known.
    Refused,
}

/// What the house asks of a payment provider.
pub(crate) trait Provider {
    /// True if it takes this currency.
    fn takes(&self, currency: &str) -> bool;
    /// The page where the buyer pays, sealed with the key of the cooperative.
    fn gate(&self, asked: &Asked<'_>, key: &str) -> Gate;
    /// The attempt that a message speaks of, before it is believed.
    fn attempt(&self, message: &Fields) -> Option<Id>;
    /// What the message says; nothing if it was not sealed with this key.
    fn told(&self, message: &Fields, key: &str) -> Option<Told>;
    /// What the provider waits to hear.
    fn answer(&self, verdict: Verdict) -> &'static str;
}

/// The provider of this name.
pub(crate) fn of(provider: CardProvider) -> &'static dyn Provider {
    match provider {
        CardProvider::Cmi => &cmi::Cmi,
    }
}
