//! One question a screen: what is asked, what each level looks like, how sure the answer is.

use std::sync::Arc;

use askama::Template;
use kernel::kinds::{Choice, File, Long, Multi};
use kernel::room::{Proposal, Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Html, Id, Record, Reply, Result, Standing, Tx, Words, Wrong};
use people::Voices;
use registry::Organisation;
use schemars::JsonSchema;
use serde::Serialize;

use crate::assessment::{self, Answer, Assessment, Evidence};
use crate::instrument::{self, Edition, Item};
use crate::probe;

pub(super) fn routes() -> Vec<Route> {
    const QUESTION: &str = "/assessments/{assessment}/questions/{item}";
    vec![get(QUESTION, show).answers::<QuestionPage>(), post(QUESTION, answer).upload()]
}

/// Address of a question.
pub(crate) fn path(assessment: Id, item: Id) -> String {
    format!("/assessments/{assessment}/questions/{item}")
}

#[derive(Serialize, JsonSchema)]
struct Level {
    level: i64,
    sentence: Multi,
    chosen: bool,
}

#[derive(Serialize, JsonSchema)]
struct Sure {
    code: &'static str,
    word: String,
    chosen: bool,
}

/// One question of an assessment.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "coaching_question.html")]
struct QuestionPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    assessment: Id,
    organisation: Multi,
    dimension: Multi,
    code: String,
    topic: Multi,
    ask: Option<Multi>,
    gate: bool,
    optional: bool,
    levels: Vec<Level>,
    not_applicable: bool,
    evidence: Vec<Sure>,
    note: String,
    file: Option<String>,
    proposal: Option<Proposal>,
    version: i64,
    position: usize,
    count: usize,
    back: Option<String>,
    skip: String,
    #[serde(skip)]
    action: String,
    #[serde(skip)]
    errors: Vec<(String, String)>,
    #[serde(skip)]
    #[schemars(skip)]
    heard: Heard,
}

/// What of a question can be listened to.
struct Heard {
    chooser: Html,
    ask: Html,
    levels: Vec<Html>,
}

impl Heard {
    fn of(ctx: &Ctx, db: &mut Db, item: &Item) -> Result<Heard> {
        let edition = item.instrument.id;
        let voices = Voices::of(ctx, db, edition)?;
        let said = |what: &str, text: &Multi| voices.part(edition, &item.spoken(what), text.best(ctx.w.lang));
        let levels = item.levels().into_iter().enumerate();
        Ok(Heard {
            chooser: voices.chooser(),
            ask: said("ask", item.ask.as_ref().unwrap_or(&item.topic)),
            levels: levels.map(|(level, text)| said(&format!("level/{level}"), text)).collect(),
        })
    }
}

impl QuestionPage {
    fn heard(&self, level: &i64) -> Html {
        usize::try_from(*level)
            .ok()
            .and_then(|level| self.heard.levels.get(level))
            .cloned()
            .unwrap_or_default()
    }
    fn error(&self, field: &str) -> Option<&String> {
        self.errors.iter().find(|(name, _)| name == field).map(|(_, sentence)| sentence)
    }
}

/// What a question is asked about.
struct Asked {
    assessment: Assessment,
    edition: Arc<Edition>,
    item: Item,
    answer: Option<Answer>,
    proposal: Option<Proposal>,
}

fn asked(ctx: &Ctx, db: &mut Db) -> Result<Asked> {
    let assessment = super::assessment::open(ctx, db)?;
    let edition = instrument::edition(db, assessment.instrument.id)?;
    let id = ctx.id("item")?;
    let item = edition.items.iter().find(|item| item.id == id && assessment.asks(item)).cloned();
    let item = item.ok_or(Error::NotFound)?;
    let answer = assessment::answers(db, assessment.id)?.remove(&id);
    let proposal = match item.probe {
        Some(probe) => probe::look(ctx, db, probe, &assessment)?,
        None => None,
    };
    Ok(Asked { assessment, edition, item, answer, proposal })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    question_page(ctx, 200, Vec::new())
}

fn question_page(ctx: &Ctx, status: u16, errors: Vec<FieldError>) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let Asked { assessment, edition, item, answer, proposal } = asked(ctx, db)?;
        if assessment.concluded.is_some() {
            return Err(Error::refused("assessment.concluded_already"));
        }
        let organisation = kernel::record::get::<Organisation>(db, assessment.organisation.id)?;
        let asked: Vec<&Item> = edition.items.iter().filter(|item| assessment.asks(item)).collect();
        let position = asked.iter().position(|other| other.id == item.id).unwrap_or(0);
        let (back, skip) = around(&assessment, &asked, position);
        // What was typed stays when it was refused; else what was answered, else what the records propose.
        let typed = !errors.is_empty();
        let level = match (typed, &answer, &proposal) {
            (true, ..) => ctx.form.parse::<i64>("level"),
            (false, Some(answer), _) => answer.level,
            (false, None, Some(proposal)) => Some(proposal.level),
            (false, None, None) => None,
        };
        let sure = match (typed, &answer, &proposal) {
            (true, ..) => ctx.form.get("evidence").unwrap_or_default(),
            (false, Some(answer), _) => answer.evidence.code(),
            (false, None, Some(_)) => Evidence::Confirmed.code(),
            (false, None, None) => "",
        };
        let not_applicable = if typed {
            ctx.form.get("level") == Some("na")
        } else {
            answer.as_ref().is_some_and(|a| a.level.is_none())
        };
        Ok(QuestionPage {
            w,
            heard: Heard::of(ctx, db, &item)?,
            organisation: organisation.name,
            dimension: edition.dimensions[edition.dimension_of(&item)].name.clone(),
            levels: item
                .levels()
                .into_iter()
                .zip(0..)
                .map(|(sentence, n)| Level { level: n, sentence: sentence.clone(), chosen: level == Some(n) })
                .collect(),
            not_applicable,
            evidence: Evidence::CODES
                .iter()
                .map(|code| Sure { code, word: w.t2(Evidence::WORDS, code), chosen: *code == sure })
                .collect(),
            note: if typed {
                ctx.form.get("note").unwrap_or_default().to_owned()
            } else {
                answer.as_ref().and_then(|a| a.note.clone()).map(|note| note.0).unwrap_or_default()
            },
            file: answer.as_ref().and_then(|a| a.file.clone()).map(|file| file.0),
            version: answer.as_ref().map_or(0, |a| a.version),
            position: position + 1,
            count: asked.len(),
            action: path(assessment.id, item.id),
            back,
            skip,
            proposal,
            assessment: assessment.id,
            code: item.code,
            topic: item.topic,
            ask: item.ask,
            gate: item.gate,
            optional: item.optional,
            errors: errors.iter().map(|e| (e.field.clone(), w.wrong(&e.wrong))).collect(),
        })
    })?;
    ctx.page_with_status(status, page.topic.best(w.lang), &page)
}

/// The questions before and after this one; after the last stands the page of the assessment.
fn around(assessment: &Assessment, asked: &[&Item], position: usize) -> (Option<String>, String) {
    let before = position.checked_sub(1).and_then(|i| asked.get(i));
    let back = before.map(|item| path(assessment.id, item.id));
    let next = asked.get(position + 1);
    (
        back,
        next.map_or_else(|| format!("/assessments/{}", assessment.id), |item| path(assessment.id, item.id)),
    )
}

fn answer(ctx: &Ctx) -> Result<Reply> {
    let saved = ctx.write(|tx| {
        let asked = asked(ctx, tx)?;
        if asked.assessment.concluded.is_some() {
            return Err(Error::refused("assessment.concluded_already"));
        }
        save(ctx, tx, &asked)?;
        let items: Vec<&Item> = asked.edition.items.iter().filter(|i| asked.assessment.asks(i)).collect();
        let position = items.iter().position(|other| other.id == asked.item.id).unwrap_or(0);
        Ok(around(&asked.assessment, &items, position).1)
    });
    match saved {
        Ok(next) => ctx.done(&next, ""),
        Err(Error::Invalid(errors)) if !ctx.json => question_page(ctx, 422, errors),
        Err(error) => Err(error),
    }
}

/// Saves the answer that was typed. An answer that repeats the one that stands changes nothing.
fn save(ctx: &Ctx, tx: &mut Tx<'_>, asked: &Asked) -> Result<()> {
    let read = read(ctx, tx, asked)?;
    match &asked.answer {
        None => kernel::record::insert(tx, &read),
        // What another answered meanwhile is refused on a page, and kept beside this if it was answered in the field.
        Some(there) => kernel::record::merge(tx, there, ctx.base_version(), read.cells()).map(|_| ()),
    }
}

/// The answer as it was typed: every refusal at once.
fn read(ctx: &Ctx, tx: &mut Tx<'_>, asked: &Asked) -> Result<Answer> {
    let mut errors = Vec::new();
    let mut refuse = |field: &str, key: &str| {
        errors.push(FieldError { field: field.into(), wrong: Wrong::new(key) });
    };
    let level = match ctx.form.text("level") {
        Some("na") if asked.item.optional => None,
        Some(text) => match text.parse::<i64>() {
            Ok(level @ 0..=4) => Some(level),
            _ => {
                refuse("level", "answer.level.range");
                None
            }
        },
        None => {
            refuse("level", "error.needed");
            None
        }
    };
    let stated = ctx.form.text("evidence").and_then(Evidence::from_code);
    let upload = ctx.uploads.iter().find(|upload| upload.field == "file");
    let before = asked.answer.as_ref().and_then(|answer| answer.file.clone());
    // A document that came with the answer is evidence, whatever was ticked.
    let evidence = match stated {
        Some(Evidence::Said | Evidence::Seen) | None if upload.is_some() => Evidence::Attached,
        Some(evidence) => evidence,
        None if level.is_none() => Evidence::Said,
        None => {
            refuse("evidence", "error.needed");
            Evidence::Said
        }
    };
    if evidence == Evidence::Attached && upload.is_none() && before.is_none() {
        refuse("file", "answer.file_needed");
    }
    let note = ctx.form.text("note").map(|text| Long(text.chars().take(2_000).collect()));
    let proposed = asked.proposal.as_ref().map(|proposal| proposal.level);
    if proposed.is_some() && level != proposed && note.is_none() {
        refuse("note", "answer.contest");
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let file = match upload {
        Some(upload) => Some(File(
            kernel::files::keep(&ctx.app, tx, upload, asked.assessment.organisation.id)?.to_string(),
        )),
        None => before,
    };
    Ok(Answer {
        id: asked
            .answer
            .as_ref()
            .map_or_else(|| Id::named(&format!("{} {}", asked.assessment.id, asked.item.id)), |a| a.id),
        version: asked.answer.as_ref().map_or(1, |answer| answer.version),
        organisation: asked.assessment.organisation,
        assessment: asked.assessment.id.into(),
        item: asked.item.id.into(),
        level,
        evidence,
        note,
        file,
        proposed,
    })
}

/// Everybody who works on the file answers; `least` of every address here.
pub(super) const LEAST: Standing = Standing::File;
