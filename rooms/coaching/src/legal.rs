//! The legal calendar: rules as data with their source, and what they ask of a cooperative now. A rule nobody verified
//! is switched off when it comes, and says so wherever it shows.

use std::sync::OnceLock;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use kernel::access::{self, PUBLIC, Standing};
use kernel::kinds::{Choice, Multi};
use kernel::{Db, Error, Id, Record, Result, Tx, choice, record, sql};
use registry::{Document, DocumentKind, Month, Organisation};
use serde::Deserialize;

choice! {
    /// What a deadline counts from.
    pub Origin in "legal_rule.counts_from" { Close = "close", Document = "document" }
}

record! {
    /// A deadline that the law or a partner sets.
    pub LegalRule in "legal_rule" as "coaching.legal_rule", then saved {
        main(Public, Steward) { code: String, name: Multi, text: Option<Multi>, article: Option<String>, source: Option<String> }
        formula(Public, Steward) {
            counts_from: Origin, months: Option<i64>, days: Option<i64>,
            /// The document that proves it was met, or from whose date it counts.
            document: DocumentKind,
            /// True if it is asked once, not again and again.
            once: bool,
        }
        state(Public, Steward) { active: bool, verified_by: Option<String>, verified_on: Option<Date> }
    }
}

/// The law is public.
fn saved(rule: &LegalRule, tx: &mut Tx<'_>) -> Result<()> {
    access::grant(tx, rule.id, PUBLIC, Standing::Public, None)
}

impl LegalRule {
    /// True if somebody has seen it in its source.
    pub fn is_verified(&self) -> bool {
        self.verified_on.is_some()
    }
}

static PACK: OnceLock<&'static str> = OnceLock::new();

/// Opens the rules of a country pack; the first one opened serves the process.
pub fn open_rules(text: &'static str) {
    PACK.get_or_init(|| text);
}

#[derive(Deserialize)]
struct PackText {
    rule: Vec<RuleText>,
}

#[derive(Deserialize)]
struct RuleText {
    code: String,
    name: Multi,
    text: Multi,
    article: Option<String>,
    source: String,
    counts_from: String,
    months: Option<i64>,
    days: Option<i64>,
    document: String,
    verified: bool,
    verified_on: Option<String>,
    #[serde(default)]
    once: bool,
}

/// Brings in the rules of the country pack that are not there yet; what was verified or changed here stays.
pub(crate) fn bring(tx: &mut Tx<'_>) -> Result<()> {
    let Some(text) = PACK.get() else { return Ok(()) };
    let wrong = |what: &str| Error::internal(format!("the legal rules of the country pack: {what}"));
    let pack: PackText = toml::from_str(text).map_err(|error| wrong(&error.to_string()))?;
    for rule in pack.rule {
        let id = Id::named(&format!("legal rule {}", rule.code));
        if kernel::record::find::<LegalRule>(tx, id)?.is_some() {
            continue;
        }
        let verified_on = rule.verified_on.filter(|_| rule.verified).and_then(|day| day.parse().ok());
        let rule = LegalRule {
            id,
            version: 1,
            name: rule.name,
            text: Some(rule.text),
            article: rule.article,
            source: Some(rule.source),
            counts_from: Origin::from_code(&rule.counts_from).ok_or_else(|| wrong(&rule.counts_from))?,
            months: rule.months,
            days: rule.days,
            document: DocumentKind::from_code(&rule.document).ok_or_else(|| wrong(&rule.document))?,
            once: rule.once,
            active: rule.verified,
            verified_by: rule.verified.then(|| "Tiwizi".to_owned()),
            verified_on,
            code: rule.code,
        };
        kernel::record::insert(tx, &rule)?;
    }
    Ok(())
}

/// Every rule, those in force first.
pub fn rules(db: &mut Db) -> Result<Vec<LegalRule>> {
    let query = sql(&format!("select {} from legal_rule order by active desc, code", LegalRule::columns("")));
    db.rows(&query.open("the law is public"), LegalRule::from_row)
}

/// How a deadline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Past, and nothing proves that it was met.
    Late,
    /// It comes within two months.
    Soon,
    /// It comes later.
    Ahead,
    /// A document proves it.
    Met,
    /// No document of its kind is registered.
    Unknown,
}

/// What a rule asks of a cooperative now.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Deadline {
    /// The rule.
    pub rule: Id,
    /// Its name.
    pub name: Multi,
    /// Until when.
    #[schemars(with = "Option<String>")]
    pub due: Option<Date>,
    /// How it stands.
    pub state: State,
    /// The document behind it.
    pub document: Option<Id>,
    /// False if nobody has seen the rule in its source.
    pub verified: bool,
}

/// Days before a deadline at which it is near.
const SOON: i64 = 60;

/// The last day of the financial year that ended before `today`.
pub fn last_close(year_end: Month, today: Date) -> Date {
    let month = year_end.code().parse().unwrap_or(12);
    let close = date(today.year(), month, 1).last_of_month();
    if close < today { close } else { date(today.year() - 1, month, 1).last_of_month() }
}

/// The month in which the financial year of an organisation ends: December unless it says otherwise.
pub(crate) fn year_end(db: &mut Db, organisation: Id) -> Result<Month> {
    let organisation = kernel::record::get::<Organisation>(db, organisation)?;
    Ok(organisation.year_end.unwrap_or(Month::December))
}

/// What a rule asks of a cooperative with these documents, whose financial year ends in this month.
pub fn deadline(rule: &LegalRule, documents: &[Document], year_end: Month, today: Date) -> Option<Deadline> {
    let after = |day: Date| {
        day.saturating_add(rule.months.unwrap_or(0).months()).saturating_add(rule.days.unwrap_or(0).days())
    };
    let of_kind = documents.iter().filter(|document| document.kind == rule.document);
    let latest = of_kind.filter(|d| d.issued.is_some_and(|day| day <= today)).max_by_key(|d| d.issued);
    let (due, met) = match rule.counts_from {
        Origin::Close => {
            let close = last_close(year_end, today);
            let met = latest.filter(|document| document.issued > Some(close));
            // A year that ends with a month is counted in whole months: from September to the last day of March.
            let months = close.saturating_add(rule.months.unwrap_or(0).months()).last_of_month();
            (Some(months.saturating_add(rule.days.unwrap_or(0).days())), met.is_some())
        }
        Origin::Document => (latest.and_then(|d| d.issued).map(after), false),
    };
    let near = |due: Date| due <= today.saturating_add(SOON.days());
    let state = match due {
        _ if met => State::Met,
        None => State::Unknown,
        Some(due) if due < today => State::Late,
        Some(due) if near(due) => State::Soon,
        Some(_) => State::Ahead,
    };
    // What is asked once and is over asks nothing more.
    if rule.once && matches!(state, State::Late | State::Unknown) {
        return None;
    }
    Some(Deadline {
        rule: rule.id,
        name: rule.name.clone(),
        due,
        state,
        document: latest.map(|document| document.id),
        verified: rule.is_verified(),
    })
}

/// What the rules in force ask of a cooperative now, the most pressing first.
pub fn calendar(db: &mut Db, organisation: Id, today: Date) -> Result<Vec<Deadline>> {
    let documents = registry::documents(db, organisation)?;
    let year_end = year_end(db, organisation)?;
    let mut found: Vec<Deadline> = rules(db)?
        .iter()
        .filter(|rule| rule.active)
        .filter_map(|rule| deadline(rule, &documents, year_end, today))
        .collect();
    found.sort_by_key(|deadline| (deadline.state as u8, deadline.due));
    Ok(found)
}
