//! A diagnosis as a form: one question a group, its levels as they look, how sure the answer is.

use coaching::{Edition, Evidence, Item};
use kernel::kinds::{Choice, Multi};
use kernel::{Id, Words};

use super::forms::{COOPERATIVES, held, known, organisation};
use super::sheet::{Ask, First, Group, Question, Said, Sheet};

/// What the id of such a form begins with; the edition's follows.
pub(super) const PREFIX: &str = "tiwizi-diagnosis-";

/// What the name of an item's group begins with; the item's id without its hyphens follows.
const ITEM: &str = "q_";

fn group(item: Id) -> String {
    format!("{ITEM}{}", item.to_string().replace('-', ""))
}

/// The item of a group.
pub(super) fn item_of(group: &str) -> Option<Id> {
    group.strip_prefix(ITEM)?.parse().ok()
}

/// The form of an edition.
pub(super) fn diagnosis(w: Words, edition: &Edition) -> Sheet {
    let word = |key: &str| Said::word(w, key);
    let one = |prefix: &str, codes: &[&str]| {
        Ask::One(codes.iter().map(|code| ((*code).to_owned(), word(&format!("{prefix}.{code}")))).collect())
    };
    let mut first = known();
    first.extend([
        organisation(w),
        held(w, "assessment.held"),
        Question::new("extent", word("assessment.extent"), one("assessment.extent", &["short", "full"]))
            .required()
            .first(First::Text("short"))
            .hint(word("assessment.extent.help")),
    ]);
    let mut groups = vec![Group::top(first)];
    groups.extend(edition.items.iter().map(|item| asked(w, edition, item)));
    groups.push(Group::top(vec![
        Question::new(
            "conclude",
            word("field.collect.conclude"),
            one("field.collect.conclude", &["yes", "no"]),
        )
        .required()
        .first(First::Text("yes")),
    ]));
    Sheet {
        id: format!("{PREFIX}{}", edition.instrument.id),
        title: Said::of(&edition.instrument.name),
        lists: &[COOPERATIVES],
        groups,
        updates: None,
    }
}

fn asked(w: Words, edition: &Edition, item: &Item) -> Group {
    let word = |key: &str| Said::word(w, key);
    let name = group(item.id);
    let level = format!("/data/{name}/level");
    let mut levels: Vec<(String, Said)> =
        (0..).zip(item.levels()).map(|(n, text)| numbered(n, text)).collect();
    if item.optional {
        levels.push(("na".into(), word("answer.na")));
    }
    let evidence = Evidence::CODES
        .iter()
        .map(|code| ((*code).to_owned(), word(&format!("answer.evidence.{code}"))))
        .collect();
    let answered = format!("{level} != '' and {level} != 'na'");
    let attached = format!("/data/{name}/evidence = 'attached'");
    let mut note = Question::new("note", word("answer.note"), Ask::Long);
    if item.probe.is_some() {
        // The records may say otherwise, which nobody knows without a network: the page would ask why.
        note = note.hint(word("field.collect.probe"));
        note.required = Some(format!("{level} != ''"));
    }
    let dimension = edition.dimensions.get(edition.dimension_of(item)).map(|found| Said::of(&found.name));
    let topic = Said::of(&item.topic);
    let label = match dimension {
        Some(of) => {
            Said { fr: format!("{} – {}", of.fr, topic.fr), ar: format!("{} – {}", of.ar, topic.ar) }
        }
        None => topic,
    };
    Group {
        relevant: (!item.short).then(|| "/data/extent = 'full'".to_owned()),
        label: Some(label),
        questions: vec![
            Question::new("level", Said::of(item.ask.as_ref().unwrap_or(&item.topic)), Ask::One(levels)),
            Question {
                required: Some("true()".into()),
                relevant: Some(answered),
                ..Question::new("evidence", word("answer.evidence"), Ask::One(evidence))
            },
            note,
            Question {
                required: Some("true()".into()),
                relevant: Some(attached),
                ..Question::new("file", word("answer.file"), Ask::Photo)
            },
        ],
        name,
    }
}

fn numbered(level: i64, text: &Multi) -> (String, Said) {
    let Said { fr, ar } = Said::of(text);
    (level.to_string(), Said { fr: format!("{level} – {fr}"), ar: format!("{level} – {ar}") })
}
