//! The questions of a survey, as the columns of its answers: those of all editions, found again by where they stand.

use std::collections::HashMap;

use kernel::kinds::Multi;
use kernel::{Db, Id, Result, Tx, sql};
use xlsform::{Form, Kind};

use crate::edition::multi;

/// What answers to a question are, however it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sort {
    /// Text.
    Text,
    /// A number.
    Number,
    /// A day.
    Date,
    /// An instant.
    Instant,
    /// One choice.
    One,
    /// Several choices.
    Several,
    /// A cooperative.
    Cooperative,
    /// A place.
    Point,
    /// A document.
    Media,
}

impl Sort {
    const ALL: [(Sort, &'static str); 9] = [
        (Sort::Text, "text"),
        (Sort::Number, "number"),
        (Sort::Date, "date"),
        (Sort::Instant, "instant"),
        (Sort::One, "one"),
        (Sort::Several, "several"),
        (Sort::Cooperative, "cooperative"),
        (Sort::Point, "point"),
        (Sort::Media, "media"),
    ];

    /// Its code.
    pub(crate) fn code(self) -> &'static str {
        Sort::ALL.iter().find(|(sort, _)| *sort == self).map_or("text", |(_, code)| code)
    }

    fn from_code(code: &str) -> Sort {
        Sort::ALL.iter().find(|(_, known)| *known == code).map_or(Sort::Text, |(sort, _)| *sort)
    }

    /// What answers of a kind of question are; nothing for what takes none.
    pub(crate) fn of(kind: &Kind) -> Option<Sort> {
        Some(match kind {
            Kind::Note => return None,
            Kind::Integer | Kind::Decimal | Kind::Range(..) => Sort::Number,
            Kind::Date => Sort::Date,
            Kind::DateTime => Sort::Instant,
            Kind::Known(what) => match what.as_str() {
                "today" => Sort::Date,
                "start" | "end" => Sort::Instant,
                _ => Sort::Text,
            },
            Kind::One(_) => Sort::One,
            Kind::Several(_) => Sort::Several,
            Kind::OneOf(_) => Sort::Cooperative,
            Kind::Geopoint => Sort::Point,
            Kind::Image | Kind::Audio | Kind::File => Sort::Media,
            // What is worked out may well be a number: each answer tells.
            Kind::Calculate | Kind::Hidden | Kind::Text | Kind::Barcode | Kind::Acknowledge | Kind::Time => {
                Sort::Text
            }
        })
    }
}

/// A column of the answers.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) id: Id,
    pub(crate) path: String,
    pub(crate) sort: Sort,
    pub(crate) label: Multi,
    /// True for what the form works out or notes by itself.
    pub(crate) quiet: bool,
    /// Where it stands: among what the edition in use asks, what only earlier ones asked, or what nobody was asked.
    position: i64,
}

impl Column {
    /// True if the edition in use asks it.
    pub(crate) fn is_asked(&self) -> bool {
        self.position < EARLIER
    }

    /// True if only earlier editions asked it.
    pub(crate) fn is_earlier(&self) -> bool {
        !self.is_asked() && !self.quiet
    }
}

/// Where columns of earlier editions stand.
const EARLIER: i64 = 100_000;
/// Where columns stand that nobody was asked.
const QUIET: i64 = 1_000_000;

/// The id of a question of a survey.
pub(crate) fn id_of(survey: Id, path: &str) -> Id {
    Id::named(&format!("{survey} question {path}"))
}

/// Where a question stands, without the root.
pub(crate) fn path_of(around: &[String], name: &str) -> String {
    around.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join("/")
}

/// Keeps the questions of the edition that is in use now, beside those of earlier ones.
pub(crate) fn keep(tx: &mut Tx<'_>, survey: Id, form: &Form) -> Result<()> {
    let earlier = sql("update survey_question set position = position + ? where survey = ? and position < ?")
        .bind(EARLIER)
        .bind(survey)
        .bind(EARLIER);
    tx.run(&earlier.open("the caller stewards the programme"))?;
    for (position, (around, question)) in (0_i64..).zip(form.questions()) {
        let Some(sort) = Sort::of(&question.kind) else { continue };
        let path = path_of(&around, &question.name);
        let id = id_of(survey, &path);
        let quiet = !question.kind.asks();
        let mut label = multi(form, &question.label);
        if label.0.is_empty() {
            label.0.insert("fr".into(), question.name.clone());
        }
        let kept = sql("insert into survey_question (id, survey, path, kind, label, position) values (?, ?, ?, ?, ?, ?)
                        on conflict (id) do update set kind = excluded.kind, label = excluded.label, position = excluded.position");
        let kept = kept.bind(id).bind(survey).bind(path).bind(sort.code()).bind(label);
        tx.run(
            &kept.bind(position + if quiet { QUIET } else { 0 }).open("the caller stewards the programme"),
        )?;
        let (Kind::One(list) | Kind::Several(list)) = &question.kind else { continue };
        for (position, choice) in (0_i64..).zip(form.list(list).into_iter().flat_map(|list| &list.choices)) {
            let mut label = multi(form, &choice.label);
            if label.0.is_empty() {
                label.0.insert("fr".into(), choice.name.clone());
            }
            let kept = sql("insert into survey_choice (question, code, label, position) values (?, ?, ?, ?)
                            on conflict (question, code) do update set label = excluded.label, position = excluded.position");
            let kept = kept.bind(id).bind(choice.name.as_str()).bind(label).bind(position);
            tx.run(&kept.open("the caller stewards the programme"))?;
        }
    }
    Ok(())
}

/// The columns of a survey's answers, in the order in which they are asked.
pub(crate) fn columns(db: &mut Db, survey: Id) -> Result<Vec<Column>> {
    let query = sql(
        "select id, path, kind, label, position from survey_question where survey = ? order by position, id",
    )
    .bind(survey)
    .open("the caller checked the survey");
    db.rows(&query, |row| {
        let (id, path, kind, label): (Id, String, String, Multi) =
            (row.take()?, row.take()?, row.take()?, row.take()?);
        let position: i64 = row.take()?;
        Ok(Column { id, path, sort: Sort::from_code(&kind), label, quiet: position >= QUIET, position })
    })
}

/// The choices of every question of a survey, in order: code and label, by question.
pub(crate) fn choices(db: &mut Db, survey: Id) -> Result<HashMap<Id, Vec<(String, Multi)>>> {
    let query = sql(
        "select c.question, c.code, c.label from survey_choice c join survey_question q on q.id = c.question
                     where q.survey = ? order by c.question, c.position, c.code",
    )
    .bind(survey)
    .open("the caller checked the survey");
    let rows: Vec<(Id, String, Multi)> =
        db.rows(&query, |row| Ok((row.take()?, row.take()?, row.take()?)))?;
    let mut found: HashMap<Id, Vec<(String, Multi)>> = HashMap::new();
    for (question, code, label) in rows {
        found.entry(question).or_default().push((code, label));
    }
    Ok(found)
}
