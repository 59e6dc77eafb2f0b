//! What sending something abroad asks for, as data of the country pack: to what a rule applies, what it needs, why, where to
//! get it, where that was read, and who verified it. A rule that nobody verified says so wherever it is shown.

use std::sync::OnceLock;

use jiff::civil::Date;
use kernel::kinds::{Choice, Multi};
use kernel::{Error, Result};
use market::{ProductKind, Scheme};
use registry::{Activity, DocumentKind};
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

static PACK: OnceLock<&'static str> = OnceLock::new();

/// Names the rules that the country pack carries; the first call of the process counts.
pub fn open_rules(text: &'static str) {
    PACK.get_or_init(|| text);
}

/// How something leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    /// Goods for a shop or an importer.
    Consignment,
    /// A parcel to somebody who uses it.
    Parcel,
}

impl Way {
    /// Both, in the order they are offered.
    pub(crate) const ALL: [Way; 2] = [Way::Consignment, Way::Parcel];

    /// Its code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Way::Consignment => "consignment",
            Way::Parcel => "parcel",
        }
    }
}

/// Something that the file of an organisation or a product states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Field {
    Ice,
    Address,
    Hs,
    Origin,
    Ingredients,
    /// A lot that is followed.
    Lot,
    /// The seller's own reference of each pack.
    Reference,
}

/// What a rule needs to be on file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Need {
    Field(Field),
    /// A label of this scheme in force.
    #[serde(deserialize_with = "choice")]
    Label(Scheme),
    /// A document of this kind that has not ended.
    #[serde(deserialize_with = "choice")]
    Document(DocumentKind),
    /// A statement of this kind, kept by this room.
    Statement(String),
    /// Nothing: it is to be known.
    Nothing,
}

/// To what a rule applies: all that is stated here holds. What is left out does not matter.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct When {
    /// Countries (ISO 3166-1) or groups of them.
    pub(crate) to: Vec<String>,
    pub(crate) way: Option<Way>,
    #[serde(deserialize_with = "choices")]
    pub(crate) kinds: Vec<ProductKind>,
    /// What the holder lives from.
    #[serde(deserialize_with = "some_choice")]
    pub(crate) activity: Option<Activity>,
    /// Beginnings of codes of the Harmonised System.
    pub(crate) hs: Vec<String>,
    /// True where it is sold as organic.
    pub(crate) organic: bool,
    /// Containers that hold more than so many millilitres.
    pub(crate) more_than_ml: Option<i64>,
    /// Worth at most so many euros.
    pub(crate) up_to_eur: Option<i64>,
    /// Worth more than so many euros.
    pub(crate) over_eur: Option<i64>,
    /// The first day on which it holds.
    pub(crate) since: Option<Date>,
}

/// What a rule is about, for papers that speak of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Topic {
    /// How origin is told.
    Origin,
}

/// A rule of the pack.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) code: String,
    pub(crate) name: Multi,
    pub(crate) why: Multi,
    /// Where it is got.
    pub(crate) place: Multi,
    #[serde(default)]
    pub(crate) topic: Option<Topic>,
    #[serde(default)]
    pub(crate) when: When,
    pub(crate) needs: Need,
    /// Codes of the sources that it was read in.
    pub(crate) source: Vec<String>,
    /// Who read the text in force and agreed; nobody if empty.
    #[serde(default)]
    pub(crate) verified_by: String,
    #[serde(default)]
    pub(crate) verified_on: Option<Date>,
}

/// How near a source is to the text of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Rank {
    Official,
    Secondary,
    Memory,
}

impl Rank {
    /// Its code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Rank::Official => "official",
            Rank::Secondary => "secondary",
            Rank::Memory => "memory",
        }
    }
}

/// Where a rule was read.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Source {
    #[serde(skip_serializing)]
    pub(crate) code: String,
    pub(crate) rank: Rank,
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) address: String,
    /// The day on which it was read.
    #[schemars(with = "String")]
    pub(crate) read: Date,
}

/// Whose statement it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Of {
    Organisation,
    Product,
}

/// What a statement cannot be without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Asks {
    Number,
    Named,
}

/// The kind of statement that says who is the exporter of record.
pub(crate) const EXPORTER: &str = "exporter_of_record";

/// A kind of statement that is kept here.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stated {
    pub(crate) code: String,
    pub(crate) of: Of,
    pub(crate) asks: Asks,
    pub(crate) name: Multi,
    pub(crate) help: Multi,
}

/// The rules of a country.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pack {
    /// Destinations that are shown first.
    pub(crate) first: Vec<String>,
    pub(crate) groups: std::collections::BTreeMap<String, Vec<String>>,
    pub(crate) source: Vec<Source>,
    pub(crate) statement: Vec<Stated>,
    pub(crate) rule: Vec<Rule>,
}

impl Pack {
    /// Reads a pack.
    ///
    /// # Errors
    /// When it is not written as one, or names a source, a group or a statement that it does not hold.
    pub(crate) fn read(text: &str) -> std::result::Result<Pack, String> {
        let pack: Pack = toml::from_str(text).map_err(|error| format!("rules of export: {error}"))?;
        for rule in &pack.rule {
            let unknown = |what: &str| Err(format!("rules of export: {} names an unknown {what}", rule.code));
            if rule.source.is_empty() || !rule.source.iter().all(|code| pack.source(code).is_some()) {
                return unknown("source");
            }
            if let Need::Statement(code) = &rule.needs
                && pack.stated(code).is_none()
            {
                return unknown("statement");
            }
            let is_place =
                |to: &String| pack.groups.contains_key(to) || sales::Country::from_code(to).is_some();
            if !rule.when.to.iter().all(is_place) {
                return unknown("destination");
            }
        }
        Ok(pack)
    }

    /// The source with this code.
    pub(crate) fn source(&self, code: &str) -> Option<&Source> {
        self.source.iter().find(|source| source.code == code)
    }

    /// The kind of statement with this code.
    pub(crate) fn stated(&self, code: &str) -> Option<&Stated> {
        self.statement.iter().find(|stated| stated.code == code)
    }

    /// True if a country is one of these, by itself or through a group.
    pub(crate) fn is_among(&self, country: &str, to: &[String]) -> bool {
        let through =
            |group: &String| self.groups.get(group).is_some_and(|all| all.iter().any(|one| one == country));
        to.iter().any(|one| one == country || through(one))
    }
}

/// The rules that were opened.
pub(crate) fn pack() -> Result<&'static Pack> {
    static READ: OnceLock<std::result::Result<Pack, String>> = OnceLock::new();
    let read = READ.get_or_init(|| Pack::read(PACK.get().ok_or("no rules of export were opened")?));
    read.as_ref().map_err(Error::internal)
}

fn choice<'de, D: Deserializer<'de>, T: Choice>(from: D) -> std::result::Result<T, D::Error> {
    let code = String::deserialize(from)?;
    T::from_code(&code).ok_or_else(|| D::Error::custom(format!("{code} is no {}", T::WORDS)))
}

fn some_choice<'de, D: Deserializer<'de>, T: Choice>(from: D) -> std::result::Result<Option<T>, D::Error> {
    choice(from).map(Some)
}

fn choices<'de, D: Deserializer<'de>, T: Choice>(from: D) -> std::result::Result<Vec<T>, D::Error> {
    let codes = Vec::<String>::deserialize(from)?;
    let known = |code: &String| {
        T::from_code(code).ok_or_else(|| D::Error::custom(format!("{code} is no {}", T::WORDS)))
    };
    codes.iter().map(known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = include_str!("../../../packs/ma/export.toml");

    #[test]
    fn the_pack_is_whole() {
        let pack = Pack::read(OWN).unwrap();
        let mut codes: Vec<&str> = pack.rule.iter().map(|rule| rule.code.as_str()).collect();
        codes.sort_unstable();
        let count = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), count, "two rules have one code");
        for rule in &pack.rule {
            for text in [&rule.name, &rule.why, &rule.place] {
                for lang in ["fr", "ar", "en"] {
                    assert!(text.0.get(lang).is_some_and(|text| !text.is_empty()), "{} in {lang}", rule.code);
                }
            }
            assert_eq!(
                rule.verified_by.is_empty(),
                rule.verified_on.is_none(),
                "{}: who and when",
                rule.code
            );
        }
        assert!(pack.stated(EXPORTER).is_some(), "papers name the exporter by this statement");
        for code in &pack.first {
            assert!(sales::Country::from_code(code).is_some(), "{code} is offered nowhere");
        }
    }

    #[test]
    fn what_a_rule_names_is_there() {
        for (there, broken) in [
            ("source = [\"baker\"]", "source = [\"nowhere\"]"),
            ("source = [\"baker\"]", "source = []"),
            ("{ statement = \"analysis\" }", "{ statement = \"nothing_kept\" }"),
            ("{ label = \"sanitary\" }", "{ label = \"holy\" }"),
            ("to = [\"EU\"]", "to = [\"EVERYWHERE\"]"),
            ("kinds = [\"craft\"]", "kinds = [\"magic\"]"),
        ] {
            assert!(OWN.contains(there), "{there}");
            assert!(Pack::read(&OWN.replace(there, broken)).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_group_holds_its_countries() {
        let pack = Pack::read(OWN).unwrap();
        let eu = ["EU".to_owned()];
        assert!(pack.is_among("FR", &eu) && pack.is_among("DE", &eu));
        assert!(!pack.is_among("CH", &eu) && !pack.is_among("US", &eu) && !pack.is_among("GB", &eu));
        assert!(pack.is_among("US", &["US".to_owned()]));
        assert_eq!(pack.groups["EU"].len(), 27);
    }
}
