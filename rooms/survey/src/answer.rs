//! A questionnaire that was filled in: what came, typed by the questions of its edition, each once.

use std::collections::HashSet;

use jiff::civil::Date;
use kernel::{
    App, Ctx, Db, Error, FieldError, Fields, Id, Json, Reply, Result, Standing, Tx, Upload, Viewer, Words,
    Wrong, now, sql,
};
use serde_json::Map;
use sha2::{Digest, Sha256};

use crate::question::Sort;
use crate::reading::{Asked, At, Reading, reading};
use crate::survey::{self, Survey};
use crate::value::{self, Typed};

/// Fields of the form that carry answers begin so.
pub const ANSWER: &str = "answer.";
/// Most values of one that was filled in.
const MOST: usize = 10_000;
const MEDIA: &str = "application/octet-stream";

/// A value with its place.
struct Kept {
    question: Id,
    path: String,
    entry: String,
    position: i64,
    typed: Typed,
    /// The field of the form that brings its document.
    field: Option<String>,
}

/// What came, read.
#[derive(Default)]
struct Answers {
    kept: Vec<Kept>,
    organisation: Option<Id>,
    day: Option<Date>,
    point: Option<(i64, i64)>,
    /// True if the form noted the day.
    noted: bool,
}

/// Reads what came by the questions of an edition.
fn read(w: Words, edition: &Reading, form: &Fields) -> Result<Answers> {
    let (mut answers, mut errors) = (Answers::default(), Vec::new());
    let mut seen = HashSet::new();
    let mut refuse = |field: &String, wrong: Wrong| errors.push(FieldError { field: field.clone(), wrong });
    let given = form.0.iter().filter_map(|(name, text)| Some((name, name.strip_prefix(ANSWER)?, text)));
    for (field, path, text) in given.filter(|(_, _, text)| !text.trim().is_empty()) {
        let unknown = Wrong::new("survey_answer.unknown").with("name", path);
        let Some((path, entry)) =
            value::place(path, &|path| edition.repeats.iter().any(|there| there == path))
        else {
            refuse(field, unknown);
            continue;
        };
        let question = match edition.asked.get(&path) {
            Some(At::Question(question)) => question,
            Some(At::Note) => continue,
            // How often a repeat was asked stands in its entries.
            None if path
                .strip_suffix("_count")
                .is_some_and(|of| edition.repeats.iter().any(|there| there == of)) =>
            {
                continue;
            }
            None => {
                refuse(field, unknown);
                continue;
            }
        };
        let name = question.label.best(w.lang);
        let name = if name.is_empty() { &path } else { name };
        let typed = match value::read(question.sort, question.quiet, text, name) {
            Ok(typed) => typed,
            Err(wrong) => {
                refuse(field, wrong);
                continue;
            }
        };
        if !seen.insert((question.id, entry.clone())) {
            refuse(field, Wrong::new("survey_answer.twice").with("name", name));
            continue;
        }
        answers.note(question, &typed);
        let media = question.sort == Sort::Media;
        for (position, typed) in (0_i64..).zip(typed) {
            let (path, entry, field) = (path.clone(), entry.clone(), media.then(|| field.clone()));
            answers.kept.push(Kept { question: question.id, path, entry, position, typed, field });
        }
        if answers.kept.len() > MOST {
            return Err(Error::TooLarge);
        }
    }
    if errors.is_empty() { Ok(answers) } else { Err(Error::Invalid(errors)) }
}

impl Answers {
    /// What an answer says of the whole: whose it is, of which day, where.
    fn note(&mut self, question: &Asked, typed: &[Typed]) {
        let Some(first) = typed.first() else { return };
        match question.sort {
            Sort::Cooperative => self.organisation = first.text.parse().ok(),
            Sort::Point if self.point.is_none() => self.point = value::point(&first.text),
            // The day that the form notes by itself goes before the instant at which it was filled in.
            Sort::Date if question.quiet => {
                self.day = value::day(&first.text).or(self.day);
                self.noted = true;
            }
            Sort::Instant if question.quiet && !self.noted => {
                self.day = value::day(&first.text).or(self.day);
            }
            _ => {}
        }
    }

    /// Names what came: the same again is a repeat.
    fn digest(&self, survey: Id) -> String {
        let mut digest = Sha256::new();
        digest.update(survey.to_string());
        for kept in &self.kept {
            digest.update(format!("\n{}\t{}\t{}\t{}", kept.path, kept.entry, kept.position, kept.typed.text));
        }
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// `POST /surveys/{survey}/answers`: what was filled in, once.
pub(crate) fn create(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.form.parse::<Id>("id").ok_or_else(|| Error::field("id", "error.needed"))?;
    ctx.write(|tx| {
        let (survey, _) = survey::open(ctx, tx, Standing::File)?;
        let number = ctx.form.parse("edition").unwrap_or(survey.edition);
        let edition = reading(&ctx.app, tx, survey.id, number)?;
        let answers = read(ctx.w, &edition, &ctx.form)?;
        if let Some(organisation) = answers.organisation {
            ctx.standing(tx, organisation, Standing::File)?;
            let enrolled = sql("select count(*) from enrolment where organisation = ? and programme = ?")
                .bind(organisation)
                .bind(survey.programme.id)
                .open("the standing was checked");
            if tx.one::<i64>(&enrolled)? == 0 {
                return Err(Error::field("answer", "survey_answer.not_enrolled"));
            }
        }
        let account = tx.actor.behalf.or(tx.actor.account);
        keep(
            &ctx.app,
            tx,
            &survey,
            id,
            &Came { edition: edition.number, account, uploads: &ctx.uploads },
            &answers,
        )
    })?;
    ctx.done(&format!("/survey-answers/{id}"), "survey_answer_kept")
}

/// Keeps a questionnaire that somebody filled in on the edition in use: its fields are those of the form. The caller
/// checked the rights.
pub fn put(
    app: &App,
    tx: &mut Tx<'_>,
    w: Words,
    survey: Id,
    account: Option<Id>,
    form: &Fields,
) -> Result<()> {
    let survey = kernel::record::get::<Survey>(tx, survey)?;
    let id = form.parse::<Id>("id").ok_or_else(|| Error::field("id", "error.needed"))?;
    let edition = reading(app, tx, survey.id, survey.edition)?;
    let answers = read(w, &edition, form)?;
    keep(app, tx, &survey, id, &Came { edition: edition.number, account, uploads: &[] }, &answers)
}

/// How a questionnaire came in.
struct Came<'a> {
    edition: i64,
    account: Option<Id>,
    uploads: &'a [Upload],
}

/// Keeps what came, with its fact; the same again changes nothing.
fn keep(
    app: &App,
    tx: &mut Tx<'_>,
    survey: &Survey,
    id: Id,
    came: &Came<'_>,
    answers: &Answers,
) -> Result<()> {
    if answers.kept.is_empty() {
        return Err(Error::field("answer", "survey_answer.empty"));
    }
    let digest = answers.digest(survey.id);
    let there =
        sql("select content from survey_answer where id = ?").bind(id).open("an id that must be free");
    if let Some(there) = tx.row(&there, |row| row.take::<String>())? {
        return if there == digest { Ok(()) } else { Err(Error::refused("error.id_taken")) };
    }
    let taken = sql("select count(*) from fact where record = ?").bind(id).open("an id that must be free");
    if tx.one::<i64>(&taken)? > 0 {
        return Err(Error::refused("error.id_taken"));
    }
    let made = tx.dated.or(tx.actor.device_at).unwrap_or_else(now).min(now());
    let today = kernel::locale::date_of(made);
    // A clock that runs ahead puts no answer into the future.
    let day = answers.day.filter(|day| *day <= kernel::today()).unwrap_or(today);
    let owner = answers.organisation.unwrap_or(survey.programme.id);
    let insert = sql("insert into survey_answer (id, survey, edition, content, programme, organisation, owner, day, made, at, account, lat, lon)
                      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    let insert = insert.bind(id).bind(survey.id).bind(came.edition).bind(digest).bind(survey.programme.id);
    let insert =
        insert.bind(answers.organisation).bind(owner).bind(day).bind(made).bind(now()).bind(came.account);
    let (lat, lon) = answers.point.unzip();
    tx.run(&insert.bind(lat).bind(lon).open("the caller checked the survey"))?;
    for some in answers.kept.chunks(TOGETHER) {
        values(app, tx, id, came, some)?;
    }
    let mut changes = Map::new();
    changes.insert("title".into(), Json::from(vec![Json::Null, serde_json::to_value(&survey.title)?]));
    changes.insert("day".into(), Json::from(vec![Json::Null, day.to_string().into()]));
    tx.fact("survey.survey_answer.created", id, owner, changes).map(|_| ())
}

/// Values that one statement keeps.
const TOGETHER: usize = 50;

fn values(app: &App, tx: &mut Tx<'_>, id: Id, came: &Came<'_>, kept: &[Kept]) -> Result<()> {
    let rows = vec!["(?, ?, ?, ?, ?, ?, ?)"; kept.len()].join(", ");
    let mut insert = sql(&format!(
        "insert into survey_value (answer, question, entry, position, text, number, file) values {rows}"
    ));
    for one in kept {
        let upload =
            one.field.as_ref().and_then(|field| came.uploads.iter().find(|sent| sent.field == *field));
        let file = match upload {
            // Kept whatever it is: what no browser shows is only ever saved.
            Some(upload) => {
                let media = kernel::files::media_of(&upload.bytes).unwrap_or(MEDIA);
                Some(kernel::files::keep_as(app, tx, upload, id, media)?)
            }
            None => None,
        };
        let text = one.typed.text.as_str();
        insert = insert.bind(id).bind(one.question).bind(one.entry.as_str()).bind(one.position).bind(text);
        insert = insert.bind(one.typed.number).bind(file);
    }
    tx.run(&insert.open("the caller checked the survey")).map(|_| ())
}

/// An answer as it is kept.
pub(crate) struct Answer {
    pub(crate) id: Id,
    pub(crate) survey: Id,
    pub(crate) edition: i64,
    pub(crate) organisation: Option<Id>,
    pub(crate) owner: Id,
    pub(crate) day: Date,
    pub(crate) at: i64,
    pub(crate) account: Option<Id>,
    pub(crate) point: Option<(i64, i64)>,
    pub(crate) aside: Option<i64>,
}

/// A document of an answer is open to whoever reads the answer.
pub(crate) fn opens_file(viewer: &Viewer, db: &mut Db, file: Id) -> Result<bool> {
    let query =
        sql("select a.owner from survey_value v join survey_answer a on a.id = v.answer where v.file = ?");
    let owner = db.row(&query.bind(file).open("the standing is checked next"), |row| row.take::<Id>())?;
    owner.map_or(Ok(false), |owner| Ok(viewer.standing(db, owner)? >= Some(Standing::File)))
}

/// The answer of an address, if the viewer stands near enough to whose it is.
pub(crate) fn open(ctx: &Ctx, db: &mut Db) -> Result<(Answer, Standing)> {
    let query = sql("select id, survey, edition, organisation, owner, day, at, account, lat, lon, aside
                     from survey_answer where id = ?")
    .bind(ctx.id("survey_answer")?)
    .open("the standing is checked next");
    let found = db.row(&query, |row| {
        Ok(Answer {
            id: row.take()?,
            survey: row.take()?,
            edition: row.take()?,
            organisation: row.take()?,
            owner: row.take()?,
            day: row.take()?,
            at: row.take()?,
            account: row.take()?,
            point: row.take::<Option<i64>>()?.zip(row.take::<Option<i64>>()?),
            aside: row.take()?,
        })
    })?;
    let answer = found.ok_or(if ctx.viewer.signed_in() { Error::NotFound } else { Error::SignIn })?;
    let standing = ctx.standing(db, answer.owner, Standing::File)?;
    Ok((answer, standing))
}

/// `POST /survey-answers/{survey_answer}/aside`: it counts no more, and stays.
pub(crate) fn set_aside(ctx: &Ctx) -> Result<Reply> {
    mark(ctx, true)
}

/// `POST /survey-answers/{survey_answer}/restoration`: it counts again.
pub(crate) fn restore(ctx: &Ctx) -> Result<Reply> {
    mark(ctx, false)
}

fn mark(ctx: &Ctx, aside: bool) -> Result<Reply> {
    let id = ctx.write(|tx| {
        let (answer, _) = open(ctx, tx)?;
        let survey = kernel::record::get::<Survey>(tx, answer.survey)?;
        ctx.standing(tx, survey.programme.id, Standing::Steward)?;
        if answer.aside.is_some() == aside {
            return Ok(answer.id);
        }
        let mark =
            sql("update survey_answer set aside = ? where id = ?").bind(aside.then(now)).bind(answer.id);
        tx.run(&mark.open("the standing was checked"))?;
        let kind = if aside { "survey.survey_answer.set_aside" } else { "survey.survey_answer.restored" };
        tx.fact(kind, answer.id, answer.owner, Map::new())?;
        Ok(answer.id)
    })?;
    ctx.done(
        &format!("/survey-answers/{id}"),
        if aside { "survey_answer_aside" } else { "survey_answer_restored" },
    )
}
