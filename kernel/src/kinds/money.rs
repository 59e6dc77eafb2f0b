//! Money.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Column, Input, Kind, Names, Raw};
use crate::html::{self, Html};
use crate::locale::exponent;
use crate::value::{Row, ToValue, Value};
use crate::{Result, Words, Wrong};

/// An amount: whole minor units of a currency, never a floating-point number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Money {
    /// Minor units: centimes for the dirham.
    pub minor: i64,
    /// ISO 4217 code.
    pub currency: String,
}

impl Money {
    /// So many whole units of a currency.
    pub fn whole(units: i64, currency: &str) -> Money {
        Money { minor: units * 10_i64.pow(exponent(currency).into()), currency: currency.into() }
    }
}

impl AsRef<Money> for Money {
    fn as_ref(&self) -> &Money {
        self
    }
}

/// Currencies offered in forms; any ISO 4217 code is accepted from elsewhere.
pub const CURRENCIES: &[&str] = &["MAD", "EUR", "USD", "XOF", "TND", "DZD"];

impl Kind for Money {
    const INPUT: Input = Input::Money;
    const COLUMNS: &'static [(&'static str, Column)] = &[("", Column::Int), ("_currency", Column::Text)];
    fn put(&self) -> Vec<Value> {
        vec![self.minor.to_value(), self.currency.to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<Money>> {
        let (minor, currency): (Option<i64>, Option<String>) = (row.take()?, row.take()?);
        Ok(minor.zip(currency).map(|(minor, currency)| Money { minor, currency }))
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Money>, Wrong> {
        let minor = raw
            .part("minor")
            .map(|minor| minor.parse::<i64>().map_err(|_| Wrong::new("error.money")))
            .transpose()?;
        if raw.text().is_none() && minor.is_none() {
            return Ok(None);
        }
        let currency = raw.part("currency").unwrap_or(CURRENCIES[0]).to_ascii_uppercase();
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(Wrong::new("error.currency"));
        }
        let typed = || sheet::parse::money_minor(raw.text().unwrap_or_default(), exponent(&currency).into());
        let minor = minor.or_else(typed).ok_or_else(|| Wrong::new("error.money"))?;
        // A programme of a whole country stays far below; sums of a million such amounts still fit.
        if !(0..=1_000_000_000_000).contains(&minor) {
            return Err(Wrong::new("error.money_range"));
        }
        Ok(Some(Money { minor, currency }))
    }
    fn json(&self) -> Json {
        serde_json::json!({ "minor": self.minor, "currency": self.currency })
    }
    fn typed(&self) -> Vec<(String, String)> {
        let places = exponent(&self.currency) as usize;
        let unit = 10_i64.pow(places as u32);
        let mut amount = (self.minor / unit).to_string();
        if self.minor % unit != 0 {
            amount.push_str(&format!(",{:0places$}", (self.minor % unit).abs()));
        }
        vec![(String::new(), amount), ("currency".into(), self.currency.clone())]
    }
    fn show(&self, w: &Words, _: &Names) -> Html {
        html::isolate(&w.money(self))
    }
}
