//! Facts told in the reader's language: when, who, what, and each changed field with what stood before.

use std::collections::HashMap;

use serde::Serialize;

use crate::facts::Fact;
use crate::kinds::{Input, Money};
use crate::record::Field;
use crate::{App, Id, Json, Words};

/// A fact in words.
#[derive(Serialize, schemars::JsonSchema)]
pub struct Told {
    /// Id of the fact.
    pub id: Id,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// When, in words.
    pub when: String,
    /// Who did it, or through which door the machine did.
    pub who: String,
    /// What, such as `registry.organisation.changed`.
    pub kind: String,
    /// The same in words.
    pub what: String,
    /// Page and name of the record it is about, if the reader may know of it.
    pub about: Option<(String, String)>,
    /// What changed.
    pub changes: Vec<Change>,
}

/// A changed field in words.
#[derive(Serialize, schemars::JsonSchema)]
pub struct Change {
    /// The field.
    pub field: String,
    /// What stood before.
    pub before: String,
    /// What stands now.
    pub after: String,
}

/// Tells facts; `accounts` names those who did them, by id.
pub fn tell(app: &App, w: Words, facts: Vec<Fact>, accounts: &HashMap<Id, String>) -> Vec<Told> {
    facts.into_iter().map(|fact| tell_one(app, w, fact, accounts)).collect()
}

fn tell_one(app: &App, w: Words, fact: Fact, accounts: &HashMap<Id, String>) -> Told {
    let table = fact.kind.split('.').nth(1).unwrap_or_default().to_owned();
    let fields = app.rooms.iter().flat_map(|room| &room.records).find(|declared| declared.table == table);
    let fields = fields.map_or(&[][..], |declared| declared.fields);
    let changes = fact.changes.iter().filter_map(|(name, change)| {
        let field = fields.iter().find(|field| field.name == name);
        // An id tells nobody anything; the fact stands on the page of what it refers to.
        if field.is_some_and(|field| matches!(field.ops.input, Input::Reference { .. } | Input::File)) {
            return None;
        }
        let side = |i: usize| value(w, field, change.get(i).unwrap_or(&Json::Null));
        Some(Change { field: w.t2(&table, name), before: side(0), after: side(1) })
    });
    Told {
        id: fact.id,
        at: fact.at,
        when: w.instant(fact.at),
        who: fact
            .actor
            .and_then(|id| accounts.get(&id).cloned())
            .unwrap_or_else(|| w.t2("fact.origin", &fact.origin)),
        what: what(w, &fact.kind),
        about: None,
        changes: changes.collect(),
        kind: fact.kind,
    }
}

/// What happened, in words. That a field got several values is told alike of every kind of record.
fn what(w: Words, kind: &str) -> String {
    let key = format!("fact.{kind}");
    match kind.strip_suffix(".contested") {
        Some(_) if !w.knows(&key) => w.t("fact.contested").into_owned(),
        _ => w.t(&key).into_owned(),
    }
}

/// The value of a field as its JSON stands in a fact, in words; nothing if nothing was stated.
fn value(w: Words, field: Option<&Field>, json: &Json) -> String {
    match (json, field.map(|field| field.ops.input)) {
        (Json::Null, _) => String::new(),
        (Json::Bool(yes), _) => w.t(if *yes { "yes" } else { "no" }).into_owned(),
        (Json::Number(n), Some(Input::Number)) => n.as_i64().map_or_else(|| n.to_string(), |n| w.num(n)),
        (Json::String(code), Some(Input::Choice { words, .. } | Input::Choices { words, .. })) => {
            w.t2(words, code)
        }
        (Json::String(text), Some(Input::Date)) => {
            text.parse().map_or_else(|_| text.clone(), |date| w.date(&date))
        }
        (Json::String(text), _) => text.clone(),
        (Json::Array(items), _) => {
            items.iter().map(|item| value(w, field, item)).collect::<Vec<_>>().join(" · ")
        }
        (Json::Object(parts), _) if parts.contains_key("erased") => w.t("fact.erased").into_owned(),
        (json @ Json::Object(_), Some(Input::Money)) => serde_json::from_value::<Money>(json.clone())
            .map_or_else(|_| String::new(), |money| w.money(money)),
        (Json::Object(parts), Some(Input::Place)) => {
            parts.get("division").and_then(Json::as_str).map(|code| w.place(code)).unwrap_or_default()
        }
        (Json::Object(parts), _) => parts.values().filter_map(Json::as_str).collect::<Vec<_>>().join(" / "),
        (other, _) => other.to_string(),
    }
}
