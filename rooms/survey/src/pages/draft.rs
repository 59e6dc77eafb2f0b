//! `/survey-drafts/{survey_draft}`: what a questionnaire asks, before it is published.

use askama::Template;
use kernel::kinds::Multi;
use kernel::{Ctx, Id, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;
use xlsform::{Form, Item, Kind, Question};

use crate::edition::{self, multi};
use crate::{draft, survey};

/// A line of the preview.
#[derive(Serialize, JsonSchema)]
struct Line {
    /// The groups around it.
    around: Vec<Multi>,
    name: String,
    /// What it is, in words.
    kind: String,
    label: Multi,
    /// True for a group.
    group: bool,
    required: bool,
    /// When it is asked.
    relevant: String,
    /// What can be chosen.
    choices: Vec<Multi>,
    more: usize,
}

/// A questionnaire before its publication.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "survey_draft.html")]
pub(crate) struct DraftPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    programme: Id,
    name: String,
    title: String,
    form: String,
    languages: Vec<String>,
    questions: usize,
    /// The edition that it will be.
    edition: i64,
    /// True if answers are tied to a cooperative.
    tied: bool,
    /// Columns that were not read.
    unread: Vec<String>,
    /// Fields of the cooperative that it changes.
    changes: Vec<String>,
    lines: Vec<Line>,
}

/// Choices that are shown of a list.
const SHOWN: usize = 6;

fn kind_word(w: Words, kind: &Kind) -> String {
    let code = match kind {
        Kind::Text => "text",
        Kind::Integer => "integer",
        Kind::Decimal => "decimal",
        Kind::Date => "date",
        Kind::Time => "time",
        Kind::DateTime => "instant",
        Kind::Note => "note",
        Kind::One(_) => "one",
        Kind::Several(_) => "several",
        Kind::OneOf(_) => "cooperative",
        Kind::Range(..) => "range",
        Kind::Geopoint => "point",
        Kind::Image => "image",
        Kind::Audio => "audio",
        Kind::File => "file",
        Kind::Barcode => "barcode",
        Kind::Acknowledge => "acknowledge",
        Kind::Calculate => "calculate",
        Kind::Hidden => "hidden",
        Kind::Known(_) => "known",
    };
    w.t2("survey.kind", code)
}

fn question(w: Words, form: &Form, around: &[Multi], question: &Question) -> Line {
    let list = match &question.kind {
        Kind::One(list) | Kind::Several(list) => form.list(list),
        _ => None,
    };
    let all = list.map_or(&[][..], |list| &list.choices);
    Line {
        around: around.to_vec(),
        name: question.name.clone(),
        kind: kind_word(w, &question.kind),
        label: multi(form, &question.label),
        group: false,
        required: !question.required.is_empty(),
        relevant: question.relevant.clone(),
        choices: all.iter().take(SHOWN).map(|choice| multi(form, &choice.label)).collect(),
        more: all.len().saturating_sub(SHOWN),
    }
}

fn lines(w: Words, form: &Form, items: &[Item], around: &mut Vec<Multi>, found: &mut Vec<Line>) {
    for item in items {
        match item {
            // What the telephone notes by itself is no question.
            Item::Question(asked) if matches!(asked.kind, Kind::Known(_)) => {}
            Item::Question(asked) => found.push(question(w, form, around, asked)),
            Item::Group(group) => {
                let kind = if group.repeat.is_some() { "repeat" } else { "group" };
                found.push(Line {
                    around: around.clone(),
                    name: group.name.clone(),
                    kind: w.t2("survey.kind", kind),
                    label: multi(form, &group.label),
                    group: true,
                    required: false,
                    relevant: group.relevant.clone(),
                    choices: Vec::new(),
                    more: 0,
                });
                around.push(multi(form, &group.label));
                lines(w, form, &group.items, around, found);
                around.pop();
            }
        }
    }
}

pub(super) fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let draft = draft::open(ctx, db)?;
        let upload = draft.upload(&ctx.app, db)?;
        let form = edition::read(w, &upload.name, &upload.bytes)?;
        let known = survey::by_form(db, draft.programme, &form.id)?;
        let questions = form.questions();
        let changes = questions.iter().filter(|(_, asked)| !asked.save_to.is_empty());
        let mut found = Vec::new();
        lines(w, &form, &form.items, &mut Vec::new(), &mut found);
        Ok(DraftPage {
            w,
            id: draft.id,
            programme: draft.programme,
            name: programmes::programme::name_of(ctx, db, draft.programme)?,
            languages: form.languages.iter().filter(|language| !language.is_empty()).cloned().collect(),
            questions: questions.iter().filter(|(_, asked)| asked.kind.asks()).count(),
            edition: known.map_or(1, |known| known.edition + 1),
            tied: questions.iter().any(|(_, asked)| matches!(asked.kind, Kind::OneOf(_))),
            changes: changes.map(|(_, asked)| w.t2("organisation", &asked.save_to)).collect(),
            unread: form.unread.clone(),
            title: form.title.clone(),
            form: form.id.clone(),
            lines: found,
        })
    })?;
    ctx.page(&page.title.clone(), &page)
}

/// Publishes what was looked at. It stays until another is looked at, so that to publish it twice is harmless.
pub(super) fn publish(ctx: &Ctx) -> Result<Reply> {
    let published = ctx.write(|tx| {
        let draft = draft::open(ctx, tx)?;
        let upload = draft.upload(&ctx.app, tx)?;
        edition::import(&ctx.app, tx, ctx.w, draft.programme, &upload)
    })?;
    let done = if published.fresh { "survey_published" } else { "survey_same" };
    ctx.done(&format!("/surveys/{}", published.survey), done)
}
