//! Is a product ready for a destination: rules against what is on file. Pure: no database, no clock.
//!
//! What always holds, and is tested with random files: the same question gets the same answer whatever the order of what is on
//! file; with more on file no rule stands worse than before; each rule that applies, or may apply, is answered once.

use jiff::civil::Date;
use market::ProductKind;
use registry::Activity;
use schemars::JsonSchema;
use serde::Serialize;

use crate::rules::{Need, Pack, Rule, Way, When};

/// What is to be sent, where and how.
#[derive(Clone, Debug)]
pub(crate) struct Journey {
    /// Country, ISO 3166-1.
    pub(crate) to: String,
    pub(crate) way: Way,
    /// Worth so many whole euros, if that is known.
    pub(crate) value: Option<i64>,
    pub(crate) kind: ProductKind,
    /// What the holder lives from.
    pub(crate) activities: Vec<Activity>,
    /// Code of the Harmonised System, digits only, if that is known.
    pub(crate) hs: Option<String>,
    /// What the largest container holds, in millilitres; 0 where nothing is measured so, nothing if it is not known.
    pub(crate) container: Option<i64>,
    pub(crate) organic: bool,
    pub(crate) day: Date,
}

/// How something that is on file stands on the day, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// It ended or was withdrawn.
    Over,
    /// It is there, but nobody verified it or its first day is to come.
    Waiting,
    /// It holds.
    Valid,
}

/// Something that is on file for a need.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) meets: Need,
    pub(crate) state: State,
    /// Its day, where it has one.
    pub(crate) dated: Option<Date>,
    /// Its last day, where it has one.
    pub(crate) until: Option<Date>,
    /// What it says, for a reader.
    pub(crate) told: String,
    /// Where it stands.
    pub(crate) path: String,
}

/// What must be known before it can be said whether a rule applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Open {
    Value,
    Container,
    Hs,
}

/// How a rule stands, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// Nothing that holds is on file.
    Missing,
    /// Something is on file that does not hold yet.
    Waiting,
    /// It cannot be said yet whether it applies.
    Depends,
    /// It is on file.
    Ready,
    /// It asks for nothing that is kept here.
    Know,
}

/// A rule and how it stands.
#[derive(Clone, Debug)]
pub(crate) struct Judged<'a> {
    pub(crate) rule: &'a Rule,
    pub(crate) standing: Standing,
    /// What is on file for it, also if that does not hold.
    pub(crate) held: Option<&'a Held>,
    /// What is not known yet.
    pub(crate) open: Option<Open>,
}

/// Whether a condition holds, or what must be known first.
type Holds = Result<bool, Open>;

/// Whether a rule applies: one condition that fails is enough for no, whatever is not known.
fn applies(pack: &Pack, when: &When, journey: &Journey) -> Holds {
    let among = |all: &[ProductKind]| all.is_empty() || all.contains(&journey.kind);
    let value = |holds: &dyn Fn(i64) -> bool| journey.value.map(holds).ok_or(Open::Value);
    let conditions: [Holds; 10] = [
        Ok(when.to.is_empty() || pack.is_among(&journey.to, &when.to)),
        Ok(when.way.is_none_or(|way| way == journey.way)),
        Ok(among(&when.kinds)),
        Ok(when.activity.is_none_or(|activity| journey.activities.contains(&activity))),
        Ok(!when.organic || journey.organic),
        Ok(when.since.is_none_or(|since| since <= journey.day)),
        match (&journey.hs, when.hs.is_empty()) {
            (_, true) => Ok(true),
            (Some(hs), _) => Ok(when.hs.iter().any(|start| hs.starts_with(start.as_str()))),
            (None, _) => Err(Open::Hs),
        },
        when.more_than_ml
            .map_or(Ok(true), |ml| journey.container.map(|holds| holds > ml).ok_or(Open::Container)),
        when.up_to_eur.map_or(Ok(true), |most| value(&|worth| worth <= most)),
        when.over_eur.map_or(Ok(true), |most| value(&|worth| worth > most)),
    ];
    if conditions.contains(&Ok(false)) {
        return Ok(false);
    }
    conditions.into_iter().collect::<Result<Vec<_>, _>>().map(|_| true)
}

/// Answers every rule that applies or may apply, in the order of the pack.
pub(crate) fn judge<'a>(pack: &'a Pack, journey: &Journey, on_file: &'a [Held]) -> Vec<Judged<'a>> {
    let answer = |rule: &'a Rule| match applies(pack, &rule.when, journey) {
        Ok(false) => None,
        Err(open) => Some(Judged { rule, standing: Standing::Depends, held: None, open: Some(open) }),
        Ok(true) => Some(meet(rule, on_file)),
    };
    pack.rule.iter().filter_map(answer).collect()
}

/// The best of what is on file for a rule that applies: what holds, then what holds longest.
fn meet<'a>(rule: &'a Rule, on_file: &'a [Held]) -> Judged<'a> {
    if rule.needs == Need::Nothing {
        return Judged { rule, standing: Standing::Know, held: None, open: None };
    }
    let longest = |held: &Held| held.until.unwrap_or(Date::MAX);
    let held = on_file
        .iter()
        .filter(|held| held.meets == rule.needs)
        .max_by(|a, b| (a.state, longest(a), &a.path, &a.told).cmp(&(b.state, longest(b), &b.path, &b.told)));
    let standing = match held.map(|held| held.state) {
        Some(State::Valid) => Standing::Ready,
        Some(State::Waiting) => Standing::Waiting,
        Some(State::Over) | None => Standing::Missing,
    };
    Judged { rule, standing, held, open: None }
}

/// How many rules stand so.
pub(crate) fn count(judged: &[Judged<'_>], standing: Standing) -> usize {
    judged.iter().filter(|one| one.standing == standing).count()
}

#[cfg(test)]
mod tests;
