//! An indicator: what is counted, over which period, how it can be cut. A shipped one is one file in `indicators/`:
//! names and definition, the records it counts, its assumptions, references, and worked examples that are its tests.

use std::sync::{Arc, OnceLock};

use kernel::kinds::Multi;
use kernel::{Db, Error, Id, Result};
use serde::{Deserialize, Serialize};

use crate::cut::Cut;
use crate::own::{self, Built};
use crate::shipped::FILES;

/// How the items become a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// How many items there are, each counted once.
    Count,
    /// The sum of their values.
    Sum,
    /// Of the items, the share whose value is 1.
    Share,
    /// The sum of their values over the sum of their bases.
    Mean,
    /// The sum of their values over how many items have one.
    Each,
    /// Another indicator's figure over a second one's.
    Ratio,
    /// What a figure is now less what it was over the period before.
    Change,
}

/// How a period narrows the items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// What happened on a day of the period.
    During,
    /// What holds on the last day of the period.
    At,
}

/// What a figure is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// People, each once.
    Persons,
    /// Times that somebody took part.
    Participations,
    /// Hours; values are minutes.
    Hours,
    /// Organisations.
    Cooperatives,
    /// Money; values are minor units of one currency.
    Money,
    /// A share.
    Percent,
    /// Levels of a diagnosis, 0 to 4; values are hundredths.
    Levels,
    /// Jobs of a full-time year; values are ten-thousandths.
    FullTime,
    /// Percentage points; values are tenths.
    Points,
    /// Days.
    Days,
    /// Visits.
    Visits,
    /// How many there are of something on average; values are hundredths.
    Average,
    /// Numbers that people answered; values are hundredths.
    Answered,
    /// Anything else that is counted.
    Records,
}

/// What it is called in a standard that others use.
#[derive(Clone, Debug, Deserialize, Serialize, schemars::JsonSchema)]
pub struct Reference {
    /// Such as `IRIS+`, `SDG`, `GRI`.
    pub scheme: String,
    /// The edition in which it was seen.
    pub version: String,
    /// Its code there.
    pub code: String,
}

/// The records that an indicator counts, as parts of a statement that both engines run.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Items {
    /// Tables and joins.
    pub(crate) from: String,
    /// Id of what is counted.
    pub(crate) item: String,
    /// True if no two rows are the same item.
    #[serde(default)]
    pub(crate) single: bool,
    /// What must hold.
    #[serde(default, rename = "where")]
    pub(crate) holds: String,
    /// Programme it belongs to.
    pub(crate) programme: Option<String>,
    /// Organisation it is about.
    pub(crate) organisation: Option<String>,
    /// The day on which it happened.
    pub(crate) day: Option<String>,
    /// First and last day on which it holds; nothing is for ever.
    pub(crate) since: Option<String>,
    pub(crate) until: Option<String>,
    /// A whole number; 1 if not said.
    pub(crate) value: Option<String>,
    /// True if the value is the item's own: it is added once to a bucket, however many of the item's records lie in it.
    #[serde(default)]
    pub(crate) once: bool,
    /// What a mean is taken over; 1 if not said.
    pub(crate) base: Option<String>,
    /// Currency of a value that is money.
    pub(crate) currency: Option<String>,
    /// Sex and year of birth of the person.
    pub(crate) sex: Option<String>,
    pub(crate) birth_year: Option<String>,
    /// A code that the indicator cuts by, such as a theme, and where its words stand.
    pub(crate) kind: Option<String>,
    pub(crate) kind_words: Option<String>,
    /// Where such codes are named by what programmes wrote: a statement of `code, name, part, programme`.
    pub(crate) kind_names: Option<String>,
    /// How many first signs of a code say what its records are a share of: the question of a choice.
    pub(crate) kind_of: Option<usize>,
    /// True if the values of one kind add up, though those of all do not: only a programme's own indicator adds them.
    #[serde(default)]
    pub(crate) adds: bool,
    /// What an item is called in a list.
    pub(crate) label: Option<String>,
}

impl Items {
    /// True if what counts on one day depends on the first or the last day of the period.
    pub(crate) fn depends_on_days(&self) -> bool {
        let parts = [Some(&self.holds), self.value.as_ref(), self.base.as_ref()];
        parts.into_iter().flatten().any(|part| part.contains('{'))
    }
}

/// A worked example: these records give this figure.
#[derive(Clone, Debug, Deserialize)]
pub struct Example {
    /// What it shows.
    pub says: String,
    /// Records: the table, and fields by name. What is not said gets a plain value.
    pub given: Vec<toml::Table>,
    /// True if it is counted over every programme, not in `P` alone.
    #[serde(default)]
    pub everywhere: bool,
    /// The figure; nothing if it cannot be said.
    pub value: Option<i64>,
    /// How many items stand behind it.
    pub n: i64,
    /// The same by a cut: value by code.
    #[serde(default)]
    pub by: std::collections::BTreeMap<String, std::collections::BTreeMap<String, i64>>,
}

/// An indicator.
#[derive(Clone, Debug, Deserialize)]
pub struct Indicator {
    /// Its code, which is its address.
    pub code: String,
    /// What it is about; its word stands under `impact.theme`.
    pub theme: String,
    /// What it is called.
    pub name: Multi,
    /// What is counted, so that two people count the same.
    pub definition: Multi,
    /// What one must know before quoting it.
    pub assumptions: Multi,
    /// What it is in.
    pub unit: Unit,
    /// How items become a figure.
    pub measure: Measure,
    /// How a period narrows them.
    #[serde(default = "during")]
    pub period: When,
    /// Where an item is shown: an address with `{item}`.
    #[serde(default)]
    pub page: Option<String>,
    /// What it can be cut by.
    #[serde(default)]
    pub cuts: Vec<Cut>,
    /// True if its items are people or tell of one: few of them could be recognised.
    #[serde(default)]
    pub people: bool,
    /// Standards in which it has a code.
    #[serde(default)]
    pub references: Vec<Reference>,
    /// The two indicators of a ratio.
    #[serde(default)]
    pub over: Option<[String; 2]>,
    /// What the first of them is multiplied by, where their scales differ.
    #[serde(default = "once")]
    pub times: i64,
    /// The records it counts.
    pub(crate) items: Option<Items>,
    /// Worked examples.
    #[serde(default)]
    pub example: Vec<Example>,
    /// What a programme built on another indicator's records.
    #[serde(skip)]
    pub(crate) built: Option<Built>,
}

impl Indicator {
    /// True if what it counts is about organisations, so that it can be narrowed to where they are.
    pub(crate) fn knows_places(&self) -> bool {
        match (&self.items, &self.over) {
            (Some(items), _) => items.organisation.is_some(),
            (None, Some(parts)) => {
                parts.iter().all(|code| shipped(code).is_ok_and(|part| part.knows_places()))
            }
            (None, None) => false,
        }
    }

    /// True if figures of this programme may use it: a programme's own indicator is nobody else's.
    pub(crate) fn serves(&self, programme: Id) -> bool {
        self.built.as_ref().is_none_or(|built| built.programme == programme)
    }
}

fn once() -> i64 {
    1
}

fn during() -> When {
    When::During
}

/// Every shipped indicator, in the order of the files.
pub fn all() -> Result<&'static [Arc<Indicator>]> {
    static READ: OnceLock<Vec<Arc<Indicator>>> = OnceLock::new();
    if let Some(read) = READ.get() {
        return Ok(read);
    }
    let mut read = Vec::with_capacity(FILES.len());
    for (name, text) in FILES {
        let mut indicator: Indicator =
            toml::from_str(text).map_err(|error| Error::internal(format!("indicator {name}: {error}")))?;
        // What is told by province is told by région too.
        if let Some(at) = indicator.cuts.iter().position(|cut| *cut == Cut::Province) {
            indicator.cuts.insert(at, Cut::Region);
        }
        read.push(Arc::new(indicator));
    }
    Ok(READ.get_or_init(|| read))
}

/// The shipped indicator with this code.
pub fn shipped(code: &str) -> Result<Arc<Indicator>> {
    all()?.iter().find(|indicator| indicator.code == code).cloned().ok_or(Error::NotFound)
}

/// The indicator with this code: a shipped one, or a programme's own, whose code is its id. Whose figures it may be
/// used for is the caller's question.
pub fn find(db: &mut Db, code: &str) -> Result<Arc<Indicator>> {
    match code.parse::<Id>() {
        Ok(id) => own::read(db, id),
        Err(_) => shipped(code),
    }
}

/// What the figures of a programme can be told by: its own indicators first, then every shipped one.
pub(crate) fn of_programme(db: &mut Db, programme: Id) -> Result<Vec<Arc<Indicator>>> {
    Ok(own::of(db, programme)?.into_iter().chain(all()?.iter().cloned()).collect())
}
