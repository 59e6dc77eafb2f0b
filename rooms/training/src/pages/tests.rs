//! Tests before and after: quickly as numbers of right answers, or question by question for one person.

use askama::Template;
use kernel::kinds::{Choice, Multi};
use kernel::{Ctx, Error, Id, Reply, Result, Words, Wrong};
use schemars::JsonSchema;
use serde::Serialize;

use super::Head;
use crate::hand::{self, Hand};
use crate::question::{self, Letter, Question};
use crate::score::{self, Mode, Moment, Outcome, Score};
use crate::{measure, participant};

/// A person with her tests.
#[derive(Serialize, JsonSchema)]
struct Row {
    participant: Id,
    name: Multi,
    organisation: Option<Multi>,
    before: Option<Test>,
    after: Option<Test>,
}

#[derive(Serialize, JsonSchema)]
struct Test {
    score: i64,
    out_of: i64,
    mode: Mode,
}

/// The tests of a session.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "training_tests.html")]
pub(crate) struct TestsPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    head: Head,
    rows: Vec<Row>,
    /// Questions of the module; 0 if its test is not written.
    questions: usize,
    /// Persons with both tests.
    pairs: usize,
    #[serde(skip)]
    #[schemars(skip)]
    out_of: String,
    #[serde(skip)]
    #[schemars(skip)]
    refused: Option<String>,
}

impl TestsPage {
    fn asks(&self) -> bool {
        self.questions > 0
    }
    fn typed(&self, test: &Option<Test>) -> String {
        test.as_ref().map(|test| test.score.to_string()).unwrap_or_default()
    }
    fn modes(&self) -> Vec<(&'static str, String)> {
        modes(self.w)
    }
}

fn modes(w: Words) -> Vec<(&'static str, String)> {
    Mode::CODES.iter().map(|code| (*code, w.t2(Mode::WORDS, code))).collect()
}

fn test_of(scores: &[Score], participant: Id, moment: Moment) -> Option<Test> {
    let score = scores.iter().find(|s| s.participant.id == participant && s.moment == moment)?;
    Some(Test { score: score.score, out_of: score.out_of, mode: score.mode })
}

fn tests_page(ctx: &Ctx, status: u16, refused: Option<String>) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (session, head) = super::open(ctx, db, Hand::Takes, "tests")?;
        let scores = score::of(db, session.id)?;
        let questions = question::of(db, session.module.id)?.len();
        let rows = participant::of(db, session.id)?.into_iter().map(|line| Row {
            before: test_of(&scores, line.id, Moment::Before),
            after: test_of(&scores, line.id, Moment::After),
            participant: line.id,
            name: line.name,
            organisation: line.organisation_name,
        });
        let known = scores.first().map(|score| score.out_of);
        let usual = if questions > 0 { questions as i64 } else { known.unwrap_or(10) };
        Ok(TestsPage {
            w: ctx.w,
            head,
            rows: rows.collect(),
            questions,
            pairs: measure::gains(&score::pairs(&scores).0).pairs,
            out_of: ctx.form.text("out_of").map_or_else(|| usual.to_string(), str::to_owned),
            refused,
        })
    })?;
    ctx.page_with_status(status, &ctx.w.t("tests.title"), &page)
}

pub(super) fn page(ctx: &Ctx) -> Result<Reply> {
    tests_page(ctx, 200, None)
}

fn mode_of(ctx: &Ctx) -> Mode {
    ctx.form.get("mode").and_then(Mode::from_code).unwrap_or(Mode::Written)
}

/// Saves the numbers of right answers that were typed; what was left empty, or says what is known, stays.
pub(super) fn save(ctx: &Ctx) -> Result<Reply> {
    let mode = mode_of(ctx);
    let saved = ctx.write(|tx| {
        let (session, _) = hand::session(ctx, tx, Hand::Takes)?;
        let out_of = ctx.form.parse::<i64>("out_of").filter(|n| (1..=60).contains(n));
        let out_of = out_of.ok_or_else(|| Error::refused("test_score.out_of.range"))?;
        let scores = score::of(tx, session.id)?;
        for line in participant::of(tx, session.id)? {
            for moment in [Moment::Before, Moment::After] {
                let Some(text) = ctx.form.text(&format!("{}.{}", moment.code(), line.id)) else { continue };
                let typed = sheet::parse::number(text).filter(|n| (0..=out_of).contains(n));
                let Some(score) = typed else {
                    let name = line.name.best(ctx.w.lang);
                    return Err(Error::Refused(
                        Wrong::new("tests.wrong").with("name", name).with("most", out_of),
                    ));
                };
                let known = test_of(&scores, line.id, moment);
                if known.is_some_and(|test| test.score == score && test.out_of == out_of) {
                    continue;
                }
                let result = Outcome { score, out_of, mode, given: None };
                score::save(tx, &session, line.id, moment, result)?;
            }
        }
        Ok(session.id)
    });
    match saved {
        Ok(session) => ctx.done(&format!("/training/sessions/{session}/tests"), "saved"),
        Err(Error::Refused(wrong)) if !ctx.json => tests_page(ctx, 409, Some(ctx.w.wrong(&wrong))),
        Err(error) => Err(error),
    }
}

/// A question with what was answered.
#[derive(Serialize)]
struct Asked {
    id: Id,
    wording: Multi,
    picture: Option<String>,
    choices: Vec<(Letter, Multi, bool)>,
}

/// The test of one person.
#[derive(Template, Serialize)]
#[template(path = "training_test.html")]
struct TestPage {
    #[serde(skip)]
    w: Words,
    head: Head,
    participant: Id,
    name: Multi,
    moment: Moment,
    questions: Vec<Asked>,
    modes: Vec<(&'static str, String, bool)>,
}

impl TestPage {
    fn code(&self, choice: &impl Choice) -> &'static str {
        choice.code()
    }
}

fn moment_of(ctx: &Ctx) -> Moment {
    let asked = ctx.form.get("moment").or_else(|| ctx.query.get("moment"));
    asked.and_then(Moment::from_code).unwrap_or(Moment::Before)
}

fn asked(question: &Question, given: &[(Id, Letter)]) -> Asked {
    let choices = question
        .choices()
        .into_iter()
        .map(|(letter, words)| (letter, words.clone(), given.contains(&(question.id, letter))));
    Asked {
        id: question.id,
        wording: question.wording.clone(),
        picture: question.picture.as_ref().map(|file| file.0.clone()),
        choices: choices.collect(),
    }
}

pub(super) fn one(ctx: &Ctx) -> Result<Reply> {
    let moment = moment_of(ctx);
    let page = ctx.read(|db| {
        let (session, head) = super::open(ctx, db, Hand::Takes, "tests")?;
        let participant = participant::open(ctx, db, session.id)?;
        let person = kernel::record::get::<people::Person>(db, participant.person.id)?;
        let known = score::find(db, participant.id, moment)?;
        let given = known.as_ref().map(score::letters).unwrap_or_default();
        let mode = known.map_or(Mode::Oral, |score| score.mode);
        let questions = question::of(db, session.module.id)?;
        Ok(TestPage {
            w: ctx.w,
            head,
            participant: participant.id,
            name: person.name,
            moment,
            questions: questions.iter().map(|question| asked(question, &given)).collect(),
            modes: modes(ctx.w).into_iter().map(|(code, word)| (code, word, code == mode.code())).collect(),
        })
    })?;
    ctx.page(page.name.best(ctx.w.lang), &page)
}

/// Marks the letters given in a person's test.
pub(super) fn save_one(ctx: &Ctx) -> Result<Reply> {
    let moment = moment_of(ctx);
    let session = ctx.write(|tx| {
        let (session, _) = hand::session(ctx, tx, Hand::Takes)?;
        let participant = participant::open(ctx, tx, session.id)?;
        let questions = question::of(tx, session.module.id)?;
        if questions.is_empty() {
            return Err(Error::refused("tests.no_questions"));
        }
        let given: Vec<(Id, Letter)> = questions
            .iter()
            .filter_map(|question| {
                let letter = ctx.form.get(&format!("q.{}", question.id)).and_then(Letter::from_code)?;
                Some((question.id, letter))
            })
            .collect();
        let result = score::mark(&questions, &given, mode_of(ctx));
        score::save(tx, &session, participant.id, moment, result)?;
        Ok(session.id)
    })?;
    ctx.done(&format!("/training/sessions/{session}/tests"), "saved")
}
