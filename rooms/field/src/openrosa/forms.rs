//! The forms that a telephone is offered: the report of a visit, a roll-call, what changed at a cooperative.

use kernel::Words;

use super::sheet::{Ask, First, Group, Question, Said, Sheet};

/// The lists that come beside forms, and their files.
pub(crate) const COOPERATIVES: &str = "cooperatives";
pub(crate) const HALF_DAYS: &str = "half_days";
pub(crate) const PARTICIPANTS: &str = "participants";

/// Ids of forms.
pub(super) const VISIT: &str = "tiwizi-visit";
pub(super) const ROLL_CALL: &str = "tiwizi-roll-call";
pub(super) const COOPERATIVE: &str = "tiwizi-cooperative";

/// What of a cooperative can be changed from a telephone: the fields of its page.
pub(super) const CHANGED: [&str; 5] = ["phone", "email", "members", "women", "young"];

/// What every form knows of itself: when it was filled in and where.
pub(super) fn known() -> Vec<Question> {
    vec![
        Question::hidden("start", Ask::Known("timestamp", "start")),
        Question::hidden("end", Ask::Known("timestamp", "end")),
        Question::hidden("deviceid", Ask::Known("property", "deviceid")),
    ]
}

/// Which cooperative it is about.
pub(super) fn organisation(w: Words) -> Question {
    Question::new("organisation", Said::word(w, "visit.organisation"), Ask::OneOf(COOPERATIVES)).required()
}

/// A day that is not later than today; today unless another is chosen.
pub(super) fn held(w: Words, word: &str) -> Question {
    Question::new("held", Said::word(w, word), Ask::Day)
        .required()
        .first(First::Opened("today()"))
        .must(". <= today()", Said::word(w, "visit.not_yet"))
}

/// The report of a visit.
pub(super) fn visit(w: Words) -> Sheet {
    let ask = |name: &str, ask: Ask| Question::new(name, Said::word(w, &format!("visit.{name}")), ask);
    let mut questions = known();
    questions.extend([
        organisation(w),
        held(w, "visit.held"),
        ask("minutes", Ask::Whole).must(". >= 1 and . <= 1440", Said::word(w, "visit.minutes.range")),
        ask("met", Ask::Text),
        ask("seen", Ask::Long).required(),
        ask("next_step", Ask::Text),
        ask("next_visit", Ask::Day).must(". > /data/held", Said::word(w, "visit.next_later")),
        ask("photo", Ask::Photo),
    ]);
    Sheet {
        id: VISIT.into(),
        title: Said::word(w, "field.collect.visit"),
        lists: &[COOPERATIVES],
        groups: vec![Group::top(questions)],
        updates: None,
    }
}

/// The roll-call of a half-day. What the list and the marks were when it was filled in is sent along.
pub(super) fn roll_call(w: Words) -> Sheet {
    let of = |column: &str| {
        Ask::Worked(format!("instance('{HALF_DAYS}')/root/item[name= /data/half_day ]/{column}"))
    };
    let listed = format!("join(' ', instance('{PARTICIPANTS}')/root/item[session= /data/session ]/name)");
    let mut questions = known();
    questions.extend([
        Question::new("half_day", Said::word(w, "half_day.part"), Ask::OneOf(HALF_DAYS)).required(),
        Question::hidden("session", of("session")),
        Question::hidden("listed", Ask::Worked(listed)),
        Question::hidden("was_present", of("present")),
        Question::hidden("was_absent", of("absent")),
        Question::new(
            "present",
            Said::word(w, "field.collect.present"),
            Ask::Some(PARTICIPANTS, "session= /data/session ".into()),
        )
        .hint(Said::word(w, "field.collect.present_hint")),
    ]);
    Sheet {
        id: ROLL_CALL.into(),
        title: Said::word(w, "roll_call.title"),
        lists: &[HALF_DAYS, PARTICIPANTS],
        groups: vec![Group::top(questions)],
        updates: None,
    }
}

/// What changed at a cooperative. What stood there is shown first and sent along, so that only a change is one.
pub(super) fn cooperative(w: Words) -> Sheet {
    let of = |column: &str| {
        let value = format!("instance('{COOPERATIVES}')/root/item[name= /data/organisation ]/{column}");
        First::After("/data/organisation", value)
    };
    let mut questions = known();
    questions.push(organisation(w));
    for name in CHANGED {
        questions.push(Question::hidden(&format!("was_{name}"), Ask::Seen).first(of(name)));
    }
    for name in CHANGED {
        let ask = if ["phone", "email"].contains(&name) { Ask::Text } else { Ask::Whole };
        let question = Question::new(name, Said::word(w, &format!("organisation.{name}")), ask);
        let mut question = question.first(of(name));
        if name == "women" || name == "young" {
            let range = Said::word(w, &format!("organisation.{name}.range"));
            question = question.must("/data/members = '' or . <= /data/members", range);
        }
        questions.push(Question { saves: Some(name), ..question });
    }
    Sheet {
        id: COOPERATIVE.into(),
        title: Said::word(w, "field.collect.cooperative"),
        lists: &[COOPERATIVES],
        groups: vec![Group::top(questions)],
        updates: Some(COOPERATIVES),
    }
}
