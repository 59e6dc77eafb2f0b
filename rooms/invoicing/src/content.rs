//! What an invoice says, frozen: it is never worked out again from the order, the organisation or the rules.

use jiff::civil::Date;
use kernel::kinds::{Input, Kind, Money, Multi, Names, Raw};
use kernel::value::{Row, ToValue as _, Value};
use kernel::{Error, Html, Id, Result, Words, Wrong};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rules::Treatment;

/// The seller as it was on the day of issue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Seller {
    /// Its legal name.
    pub name: Multi,
    /// Its kind, which says its legal form: a code of `organisation.kind`.
    pub form: String,
    /// Street or village, as it was typed.
    pub address: Option<String>,
    /// The commune and its province.
    pub place: Multi,
    /// *Identifiant commun de l'entreprise*; a proforma may lack it.
    pub ice: Option<String>,
    /// *Identifiant fiscal*; a proforma may lack it.
    pub tax_number: Option<String>,
    /// Article of the *taxe professionnelle*.
    pub professional_tax: Option<String>,
    /// Number in the register, and whose register it is.
    pub register: Option<String>,
    /// Affiliation to the social security (CNSS).
    pub social_number: Option<String>,
    /// Where it can be reached.
    pub phone: Option<String>,
    /// Where it can be written to.
    pub email: Option<String>,
    /// The account on which it is paid.
    pub account: Option<String>,
}

/// The buyer as it was on the day of issue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Buyer {
    /// Its name.
    pub name: String,
    /// Its address, in one line.
    pub address: Option<String>,
    /// Its country (ISO 3166-1).
    pub country: String,
    /// Its ICE, which is not demanded of buyers.
    pub ice: Option<String>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// What is sold.
    pub name: Multi,
    /// So many.
    pub count: i64,
    /// What one of it is, in UN/ECE Recommendation 20: `C62` for one of whatever the name says.
    pub unit: String,
    /// What one costs, in minor units, taxes within.
    pub price: i64,
    /// What all cost, in minor units, taxes within.
    pub gross: i64,
    /// The same without taxes.
    pub net: i64,
    /// Its code in the Harmonised System.
    pub hs: Option<String>,
    /// Where it is made (ISO 3166-1).
    pub origin: Option<String>,
    /// Lots that it was taken from.
    pub lots: Vec<String>,
    /// The line of the invoice that a line of a credit note takes back, from 0.
    pub of: Option<usize>,
    /// True if it takes back a part of the price alone: nothing comes back to the seller.
    pub reduces: bool,
}

/// What a credit note takes back from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Credited {
    /// The invoice.
    pub invoice: Id,
    /// Its number.
    pub number: String,
    /// Its day.
    #[schemars(with = "String")]
    pub issued: Date,
    /// Why.
    pub reason: String,
}

/// What an invoice or a credit note says, but for its number and its day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Content {
    /// The seller.
    pub seller: Seller,
    /// The buyer.
    pub buyer: Buyer,
    /// The reference of the order, which the buyer knows.
    pub reference: String,
    /// The day of the operation: of the delivery.
    #[schemars(with = "String")]
    pub operation: Date,
    /// Until when it is to be paid.
    #[schemars(with = "String")]
    pub due: Date,
    /// Its currency.
    pub currency: String,
    /// Its lines.
    pub lines: Vec<Line>,
    /// The sum of lines without tax, in minor units.
    pub net: i64,
    /// The tax, in minor units.
    pub tax: i64,
    /// What net and tax lack of the total that was agreed: at most one minor unit (BT-114).
    pub rounding: i64,
    /// What is to be paid, in minor units.
    pub total: i64,
    /// How it is taxed.
    pub treatment: Treatment,
    /// Incoterm 2020, by its code.
    pub incoterm: Option<String>,
    /// The place that goes with it.
    pub place: Option<String>,
    /// When the buyer pays: a code of `sale_quotation.terms`.
    pub terms: Option<String>,
    /// The mandate by which an organisation sells for others.
    pub mandate: Option<String>,
    /// What the seller adds.
    pub note: Option<String>,
    /// The invoice that a credit note takes back from.
    pub credits: Option<Credited>,
}

impl Content {
    /// Works out what the lines come to. Taxes are within the prices; the parts of the net follow the lines by the largest
    /// remainders, so that they add up.
    ///
    /// # Errors
    /// When it comes to nothing, or beyond what money of this house may be.
    pub(crate) fn summed(mut self) -> Result<Content> {
        let gross: i128 = self.lines.iter().map(|line| i128::from(line.gross)).sum();
        let total = i64::try_from(gross).ok().filter(|total| (1..=1_000_000_000_000).contains(total));
        self.total = total.ok_or_else(|| Error::refused("invoice.nothing"))?;
        let whole = 100 + i128::from(self.treatment.rate);
        self.net = rounded(gross * 100, whole);
        self.tax = rounded(i128::from(self.net) * i128::from(self.treatment.rate), 100);
        self.rounding = self.total - self.net - self.tax;
        let mut left = self.net;
        for line in &mut self.lines {
            line.net = (i128::from(line.gross) * 100 / whole) as i64;
            left -= line.net;
        }
        let mut by_rest: Vec<usize> = (0..self.lines.len()).collect();
        by_rest.sort_by_key(|at| std::cmp::Reverse(i128::from(self.lines[*at].gross) * 100 % whole));
        for at in by_rest.into_iter().take(usize::try_from(left).unwrap_or(0)) {
            self.lines[at].net += 1;
        }
        Ok(self)
    }

    /// An amount of it as money.
    pub fn money(&self, minor: i64) -> Money {
        Money { minor, currency: self.currency.clone() }
    }

    /// The digest of all it says: a form carries it, so that what is frozen is what was read.
    pub(crate) fn digest(&self) -> Result<String> {
        use sha2::Digest as _;
        Ok(kernel::secret::hex(&sha2::Sha256::digest(serde_json::to_vec(self)?)))
    }
}

/// A quotient, rounded to the nearest, halves away from zero.
fn rounded(dividend: i128, divisor: i128) -> i64 {
    ((dividend * 2 + divisor) / (divisor * 2)) as i64
}

/// It stands in one column, as it was frozen.
impl Kind for Content {
    const INPUT: Input = Input::Lines;
    fn put(&self) -> Vec<Value> {
        vec![self.text().to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<Content>> {
        let text: Option<String> = row.take()?;
        text.map(|text| Ok(serde_json::from_str(&text)?)).transpose()
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Content>, Wrong> {
        let read = |text| serde_json::from_str(text).map_err(|_| Wrong::new("error.reference"));
        raw.text().map(read).transpose()
    }
    fn json(&self) -> kernel::Json {
        serde_json::to_value(self).unwrap_or_default()
    }
    fn typed(&self) -> Vec<(String, String)> {
        vec![(String::new(), self.text())]
    }
    fn show(&self, w: &Words, _: &Names) -> Html {
        kernel::html::isolate(&w.money(self.money(self.total)))
    }
}

impl Content {
    fn text(&self) -> String {
        self.json().to_string()
    }
}

#[cfg(test)]
mod tests;
