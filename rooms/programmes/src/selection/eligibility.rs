//! Eligibility as rules with sources: a share or an amount that must not be passed, computed in whole numbers.

use std::sync::OnceLock;

use kernel::kinds::{Choice, Money, Multi, Ref};
use kernel::{Db, Error, Id, Record, Result, Tx, Words, choice, record, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::Call;

choice! {
    /// A quantity that an application states.
    pub Quantity in "quantity" {
        Cost = "cost", Grant = "grant", Own = "own", OwnKind = "own_kind", Members = "members", Women = "women",
        Young = "young", WomenOrYoung = "women_or_young", Age = "age",
    }
}

choice! {
    /// How a quantity stands to its limit.
    pub Relation in "relation" { AtMost = "at_most", AtLeast = "at_least", MoreThan = "more_than" }
}

record! {
    /// A rule of a call. The limit is a share of another quantity, an amount of money, or a number.
    pub CallRule in "call_rule" as "programmes.call_rule", about call {
        main(Public, Steward) {
            call: Ref<Call>, position: i64, name: Multi, subject: Quantity, relation: Relation, percent: Option<i64>,
            base: Option<Quantity>, amount: Option<Money>, number: Option<i64>,
        }
        source(Public, Steward) { source: Option<String>, verified: bool }
    }
}

/// What an application states, in whole numbers; money in minor units of one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// What the project costs.
    pub cost: Option<i64>,
    /// What is asked.
    pub grant: Option<i64>,
    /// Own part in cash.
    pub own_cash: Option<i64>,
    /// Own part in kind.
    pub own_kind: Option<i64>,
    /// Members.
    pub members: Option<i64>,
    /// Women among them.
    pub women: Option<i64>,
    /// Young people among them.
    pub young: Option<i64>,
    /// Women and young people, each person once.
    pub women_or_young: Option<i64>,
    /// Whole years since it was founded.
    pub age: Option<i64>,
    /// Currency of the amounts.
    pub currency: String,
}

impl Figures {
    /// The value of a quantity, if it is stated.
    pub fn value(&self, quantity: Quantity) -> Option<i64> {
        match quantity {
            Quantity::Cost => self.cost,
            Quantity::Grant => self.grant,
            Quantity::Own => Some(self.own_cash? + self.own_kind.unwrap_or(0)),
            Quantity::OwnKind => self.own_kind.or(self.own_cash.map(|_| 0)),
            Quantity::Members => self.members,
            Quantity::Women => self.women,
            Quantity::Young => self.young,
            Quantity::WomenOrYoung => self.women_or_young,
            Quantity::Age => self.age,
        }
    }
}

impl Quantity {
    /// True if it is an amount of money.
    pub fn is_money(self) -> bool {
        matches!(self, Quantity::Cost | Quantity::Grant | Quantity::Own | Quantity::OwnKind)
    }
}

/// What a rule says of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is met.
    Met,
    /// It fails by so much: minor units of money, or whole numbers.
    Fails(i64),
    /// A figure is not stated.
    Unknown,
}

/// Applies a rule. What is missing or too much is rounded to the side of whoever has to change it.
pub fn apply(rule: &CallRule, figures: &Figures) -> Verdict {
    let Some(value) = figures.value(rule.subject) else { return Verdict::Unknown };
    // The limit as a fraction over `whole`: a share of another quantity, or a plain number.
    let (limit, whole) = match (rule.percent.zip(rule.base), &rule.amount, rule.number) {
        (Some((percent, base)), ..) => match figures.value(base) {
            Some(base) => (i128::from(percent) * i128::from(base), 100),
            None => return Verdict::Unknown,
        },
        // Amounts of different currencies are not compared.
        (None, Some(amount), _) if amount.currency == figures.currency => (i128::from(amount.minor), 1),
        (None, None, Some(number)) => (i128::from(number), 1),
        _ => return Verdict::Unknown,
    };
    let value = i128::from(value) * whole;
    let short = match rule.relation {
        Relation::AtMost => value - limit,
        Relation::AtLeast => limit - value,
        // One more than the limit is the least that is more.
        Relation::MoreThan => limit - value + if value <= limit { 1 } else { 0 },
    };
    if short <= 0 {
        Verdict::Met
    } else {
        Verdict::Fails(i64::try_from((short + whole - 1) / whole).unwrap_or(i64::MAX))
    }
}

/// A rule and what it says of an application, in words.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Checked {
    /// Its name.
    pub name: Multi,
    /// `Some(true)` met, `Some(false)` not, `None` unknown.
    pub met: Option<bool>,
    /// What is stated, the limit, and by how much it fails.
    pub why: String,
    /// Where the rule comes from.
    pub source: Option<String>,
    /// False if nobody has seen it in its source.
    pub verified: bool,
}

/// Checks the rules of a call; every answer says why and by how much.
pub fn check(w: Words, rules: &[CallRule], figures: &Figures) -> Vec<Checked> {
    let shown = |quantity: Quantity, n: i64| {
        if quantity.is_money() {
            w.money(&Money { minor: n, currency: figures.currency.clone() })
        } else {
            w.num(n)
        }
    };
    let say = |rule: &CallRule| {
        let limit = match (rule.percent, &rule.base, &rule.amount, rule.number) {
            (Some(percent), Some(base), ..) => w.args(
                "eligibility.share",
                &[("percent", w.num(percent)), ("base", w.choice(base).to_lowercase())],
            ),
            (_, _, Some(amount), _) => w.money(amount),
            (.., number) => w.num(number.unwrap_or(0)),
        };
        let relation = w.with(&format!("eligibility.{}", rule.relation.code()), "limit", &limit);
        match apply(rule, figures) {
            Verdict::Unknown => w.with("eligibility.unknown", "rule", &relation),
            verdict => {
                let stated = shown(rule.subject, figures.value(rule.subject).unwrap_or(0));
                let said = w.args("eligibility.stated", &[("stated", stated), ("rule", relation)]);
                match verdict {
                    Verdict::Fails(by) => {
                        let key = if rule.relation == Relation::AtMost { "too_much" } else { "missing" };
                        format!(
                            "{said} {}",
                            w.with(&format!("eligibility.{key}"), "by", &shown(rule.subject, by))
                        )
                    }
                    _ => said,
                }
            }
        }
    };
    rules
        .iter()
        .map(|rule| Checked {
            name: rule.name.clone(),
            met: match apply(rule, figures) {
                Verdict::Met => Some(true),
                Verdict::Fails(_) => Some(false),
                Verdict::Unknown => None,
            },
            why: say(rule),
            source: rule.source.clone(),
            verified: rule.verified,
        })
        .collect()
}

/// The rules of a call, in order.
pub fn rules(db: &mut Db, call: Id) -> Result<Vec<CallRule>> {
    let query =
        sql(&format!("select {} from call_rule where call = ? order by position, id", CallRule::columns("")))
            .bind(call)
            .open("the caller checked the standing at the call");
    db.rows(&query, CallRule::from_row)
}

static PACK: OnceLock<&'static str> = OnceLock::new();

/// Opens the rule packs of a country pack; the first one opened serves the process.
pub fn open_packs(text: &'static str) {
    PACK.get_or_init(|| text);
}

#[derive(Deserialize)]
struct PacksText {
    pack: Vec<PackText>,
}

#[derive(Deserialize)]
struct PackText {
    code: String,
    name: Multi,
    source: String,
    rule: Vec<RuleText>,
}

#[derive(Deserialize)]
struct RuleText {
    name: Multi,
    subject: String,
    relation: String,
    percent: Option<i64>,
    base: Option<String>,
    amount: Option<Money>,
    number: Option<i64>,
    verified: bool,
}

fn read() -> Result<Vec<PackText>> {
    let Some(text) = PACK.get() else { return Ok(Vec::new()) };
    let packs: PacksText =
        toml::from_str(text).map_err(|e| Error::internal(format!("eligibility packs: {e}")))?;
    Ok(packs.pack)
}

/// The packs that can be taken over: code and name.
pub fn packs() -> Result<Vec<(String, Multi)>> {
    Ok(read()?.into_iter().map(|pack| (pack.code, pack.name)).collect())
}

/// Takes the rules of a pack over into a call, where they can be changed. Taken twice, they stand once.
pub(crate) fn take_over(tx: &mut Tx<'_>, call: Id, code: &str) -> Result<()> {
    let packs = read()?;
    let pack = packs.into_iter().find(|pack| pack.code == code);
    let pack = pack.ok_or_else(|| Error::refused("error.reference"))?;
    let wrong = || Error::internal(format!("the eligibility pack {code} speaks of something unknown"));
    for (position, rule) in pack.rule.into_iter().enumerate() {
        let id = Id::named(&format!("{call} {code} {position}"));
        if kernel::record::find::<CallRule>(tx, id)?.is_some() {
            continue;
        }
        let base = match rule.base {
            Some(base) => Some(Quantity::from_code(&base).ok_or_else(wrong)?),
            None => None,
        };
        let rule = CallRule {
            id,
            version: 1,
            call: call.into(),
            position: position as i64,
            name: rule.name,
            subject: Quantity::from_code(&rule.subject).ok_or_else(wrong)?,
            relation: Relation::from_code(&rule.relation).ok_or_else(wrong)?,
            percent: rule.percent,
            base,
            amount: rule.amount,
            number: rule.number,
            source: Some(pack.source.clone()),
            verified: rule.verified,
        };
        kernel::record::insert(tx, &rule)?;
    }
    Ok(())
}
