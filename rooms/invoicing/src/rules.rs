//! Rules of taxes on invoices, as data of the country pack: which wording, which category, which rate, from which text, and
//! who verified it. A rule that nobody verified says so wherever it is shown.

use std::sync::OnceLock;

use kernel::kinds::Multi;
use kernel::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

static PACK: OnceLock<&'static str> = OnceLock::new();

/// Names the rules that the country pack carries; the first call of the process counts.
pub fn open_rules(text: &'static str) {
    PACK.get_or_init(|| text);
}

/// How a sale is taxed, as it stands on an invoice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Treatment {
    /// Its code in the pack.
    pub code: String,
    /// What it is called in a list.
    pub name: Multi,
    /// What the invoice says.
    pub wording: Multi,
    /// The article of the law.
    pub article: String,
    /// Category of EN 16931 (BT-151): `S` standard rate, `E` exempt, `G` export, `O` not subject.
    pub category: String,
    /// Percent of tax; 0 where none is due.
    pub rate: i64,
    /// Where the rule was read.
    pub source: String,
    /// Who read the text of the law and agreed; nobody if empty.
    #[serde(default)]
    pub verified_by: String,
}

impl Treatment {
    /// True if somebody who is named verified the rule.
    pub fn is_verified(&self) -> bool {
        !self.verified_by.is_empty()
    }
}

/// A turnover that changes how a cooperative is taxed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Watch {
    /// The turnover of a year, without tax, in whole units of the currency.
    pub(crate) turnover: i64,
    pub(crate) currency: String,
    /// From how many percent of it on it is near.
    pub(crate) near: i64,
    pub(crate) article: String,
    pub(crate) source: String,
    #[serde(default)]
    pub(crate) verified_by: String,
}

#[derive(Deserialize)]
struct Pack {
    treatment: Vec<Treatment>,
    watch: Watch,
}

fn pack() -> Result<&'static Pack> {
    static READ: OnceLock<std::result::Result<Pack, String>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        let text = PACK.get().ok_or("no rules of taxes were opened")?;
        toml::from_str(text).map_err(|error| format!("rules of taxes: {error}"))
    });
    read.as_ref().map_err(Error::internal)
}

/// The treatments that an issuer chooses from.
pub(crate) fn treatments() -> Result<&'static [Treatment]> {
    Ok(&pack()?.treatment)
}

/// The treatment with this code.
pub(crate) fn treatment(code: &str) -> Result<Option<&'static Treatment>> {
    Ok(treatments()?.iter().find(|treatment| treatment.code == code))
}

/// The turnover to watch.
pub(crate) fn watch() -> Result<&'static Watch> {
    Ok(&pack()?.watch)
}
