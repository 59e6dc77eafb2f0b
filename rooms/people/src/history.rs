//! What facts say of a person, in words.

use kernel::facts::Fact;
use kernel::kinds::Input;
use kernel::record::Field;
use kernel::{Id, Json, Record, Words};

use crate::Person;
use crate::consent::Consent;

/// One thing that happened.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Event {
    /// Id of the fact.
    pub(crate) id: Id,
    /// When; milliseconds since 1970.
    pub(crate) at: i64,
    /// What, such as `people.person.changed`.
    pub(crate) kind: String,
    /// The same in words.
    pub(crate) title: String,
    /// Account that did it.
    pub(crate) actor: Option<Id>,
    /// What changed.
    pub(crate) changes: Vec<Change>,
}

/// One field that changed.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Change {
    /// The field in words.
    pub(crate) label: String,
    /// What stood there.
    pub(crate) before: String,
    /// What stands there since.
    pub(crate) after: String,
}

/// A fact in words.
pub(crate) fn event(fact: Fact, w: Words) -> Event {
    let (noun, fields) = match fact.kind.split('.').nth(1) {
        Some("consent") => ("consent", Consent::fields()),
        _ => ("person", Person::fields()),
    };
    let changes = fact.changes.iter().filter(|(name, _)| *name != "person").map(|(name, change)| {
        let field = fields.iter().find(|field| field.name == name);
        let text = |i: usize| shown(change.get(i).unwrap_or(&Json::Null), field, w);
        Change { label: w.t2(noun, name), before: text(0), after: text(1) }
    });
    let changes = changes.collect();
    let title = w.t2("fact", &fact.kind);
    Event { id: fact.id, at: fact.at, kind: fact.kind, title, actor: fact.actor, changes }
}

fn shown(value: &Json, field: Option<&Field>, w: Words) -> String {
    match value {
        Json::Null => "–".into(),
        Json::Bool(yes) => w.t(if *yes { "yes" } else { "no" }).into_owned(),
        Json::String(text) => match field.map(|field| field.ops.input) {
            Some(Input::Choice { words, .. } | Input::Choices { words, .. }) => w.t2(words, text),
            _ => text.clone(),
        },
        Json::Array(items) => items.iter().map(|item| shown(item, field, w)).collect::<Vec<_>>().join(" · "),
        Json::Object(parts) if parts.contains_key("erased") => w.t("history.erased").into_owned(),
        Json::Object(parts) => {
            parts.values().map(|part| shown(part, None, w)).collect::<Vec<_>>().join(" · ")
        }
        other => other.to_string(),
    }
}
