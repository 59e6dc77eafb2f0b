//! What the app is told once for a version: its words, and the forms as the records declare them.

use std::collections::BTreeMap;

use coaching::{Action, Visit};
use kernel::kinds::Input;
use kernel::record::Field;
use kernel::{Json, Record, Words};
use people::Person;
use programmes::funding::Inspection;
use programmes::selection::Application;
use registry::Organisation;
use serde_json::json;

/// Beginnings of the keys that the app shows: its own, and the names of what it fills in.
const SHOWN: &[&str] = &[
    "app.",
    "visit.held",
    "visit.minutes",
    "visit.met",
    "visit.seen",
    "visit.next_step",
    "visit.next_visit",
    "visit.purpose",
    "visit.status.",
    "answer.evidence.",
    "answer.na",
    "answer.level.range",
    "answer.contest",
    "answer.file_needed",
    "assessment.extent.",
    "stage.",
    "plan_action.status.",
    "participant.role.",
    "person.name",
    "person.sex",
    "person.birth_year",
    "person.phone",
    "organisation.kind",
    "organisation.name",
    "organisation.place",
    "organisation.activities",
    "organisation.phone",
    "organisation.members",
    "organisation.women",
    "activity.",
    "enrolment.status.",
    "inspection.",
    "application.",
    "half_day.part.",
    "error.needed",
    "error.date",
    "error.number",
    "error.money",
    "yes",
    "no",
    "error.phone",
    "error.text.403",
    "error.text.404",
];

/// The words of a language as they are written, with their plural forms; the app works those out.
pub(super) fn words(w: Words) -> BTreeMap<&'static str, String> {
    let shown = |key: &str| SHOWN.iter().any(|start| key == *start || key.starts_with(start));
    let keys = w.keys().into_iter().filter(|key| shown(key));
    keys.filter_map(|key| Some((key, w.pattern(key)?.to_owned()))).collect()
}

/// How a field is typed in: its name, its kind, whether it is needed, its codes and where their words stand.
fn told(field: &Field) -> Json {
    let (kind, more) = match field.ops.input {
        Input::Line => ("line", None),
        Input::Lines => ("lines", None),
        Input::Multi => ("multi", None),
        Input::Choice { codes, words } => ("choice", Some((codes, words))),
        Input::Choices { codes, words } => ("choices", Some((codes, words))),
        Input::Money => ("money", None),
        Input::Date => ("date", None),
        Input::Phone => ("phone", None),
        Input::Email => ("email", None),
        Input::Number => ("number", None),
        Input::Yes => ("yes", None),
        Input::Place => ("place", None),
        Input::File => ("file", None),
        Input::Reference { .. } => ("reference", None),
    };
    match more {
        Some((codes, words)) => json!([field.name, kind, field.ops.needed, codes, words]),
        None => json!([field.name, kind, field.ops.needed]),
    }
}

fn form<R: Record>() -> (String, Json) {
    (R::TABLE.to_owned(), R::fields().iter().map(told).collect())
}

/// The forms that the app fills in, by table.
pub(super) fn forms() -> BTreeMap<String, Json> {
    [
        form::<Visit>(),
        form::<Action>(),
        form::<Organisation>(),
        form::<Person>(),
        form::<Inspection>(),
        form::<Application>(),
    ]
    .into()
}
