//! `/survey-answers/{survey_answer}`: one questionnaire that was filled in.

use std::collections::HashSet;

use askama::Template;
use kernel::kinds::{Multi, Names};
use kernel::telling::Told;
use kernel::{Ctx, Html, Id, Reply, Result, Standing, Words, facts, sql};
use schemars::JsonSchema;
use serde::Serialize;
use xlsform::{Form, Item};

use crate::answer::{self, Answer};
use crate::edition::{self, multi};
use crate::found::{self, Placed, Value, in_order};
use crate::question::{Column, Sort, id_of, path_of};
use crate::shown::Shown;
use crate::survey::Survey;

/// A document of an answer.
#[derive(Serialize, JsonSchema)]
struct Document {
    file: Id,
    name: String,
    /// True for a picture that a browser shows.
    picture: bool,
}

/// A question and what was answered.
#[derive(Serialize, JsonSchema)]
struct Said {
    label: Multi,
    text: String,
    document: Option<Document>,
    /// True for numbers, places and codes.
    code: bool,
}

/// A repeat as a table.
#[derive(Serialize, JsonSchema)]
struct Entries {
    columns: Vec<Multi>,
    rows: Vec<Vec<Option<Said>>>,
}

/// A part of the questionnaire.
#[derive(Serialize, JsonSchema)]
struct Part {
    title: Option<Multi>,
    said: Vec<Said>,
    entries: Option<Entries>,
}

/// One questionnaire that was filled in.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "survey_answer.html")]
pub(crate) struct AnswerPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    survey: Id,
    title: Multi,
    edition: i64,
    day: String,
    arrived: String,
    who: String,
    organisation: Option<(Id, Multi)>,
    point: Option<String>,
    aside: bool,
    /// True if the viewer may open the other answers.
    opens: bool,
    /// True if the viewer may set it aside.
    stewards: bool,
    parts: Vec<Part>,
    history: Vec<Told>,
}

/// What is looked through to show an answer.
struct Look<'a> {
    id: Id,
    survey: Id,
    form: &'a Form,
    shown: &'a Shown,
    values: &'a [Value],
    placed: Placed<'a>,
    names: &'a Names,
}

impl<'a> Look<'a> {
    fn said(&self, column: &Column, entry: &'a str) -> Option<Said> {
        let own = self.placed.at(self.id, column.id, entry);
        let first = own.first()?;
        let picture =
            ["jpg", "jpeg", "png", "webp"].iter().any(|end| first.text.to_lowercase().ends_with(end));
        let document = first.file.map(|file| Document { file, name: first.text.clone(), picture });
        Some(Said {
            label: column.label.clone(),
            text: self.shown.joined(column, own, self.names),
            document,
            code: matches!(column.sort, Sort::Number | Sort::Point),
        })
    }

    fn column(&self, path: &str) -> Option<&Column> {
        let id = id_of(self.survey, path);
        self.shown.columns.iter().find(|column| column.id == id)
    }

    /// The questions below these items, those of inner repeats apart.
    fn below<'b>(&'b self, items: &[Item], around: &mut Vec<String>) -> Vec<&'b Column> {
        let mut found = Vec::new();
        for item in items {
            match item {
                Item::Question(question) => found.extend(self.column(&path_of(around, &question.name))),
                Item::Group(group) if group.repeat.is_none() => {
                    around.push(group.name.clone());
                    found.extend(self.below(&group.items, around));
                    around.pop();
                }
                Item::Group(_) => {}
            }
        }
        found
    }

    fn parts(&self, items: &[Item], around: &mut Vec<String>, parts: &mut Vec<Part>) {
        let mut loose = Vec::new();
        let flush = |loose: &mut Vec<Said>, parts: &mut Vec<Part>| {
            if !loose.is_empty() {
                parts.push(Part { title: None, said: std::mem::take(loose), entries: None });
            }
        };
        for item in items {
            match item {
                Item::Question(question) => {
                    let column = self.column(&path_of(around, &question.name));
                    loose.extend(
                        column.filter(|column| !column.quiet).and_then(|column| self.said(column, "")),
                    );
                }
                Item::Group(group) => {
                    flush(&mut loose, parts);
                    let title = Some(multi(self.form, &group.label)).filter(|title| !title.0.is_empty());
                    around.push(group.name.clone());
                    if group.repeat.is_some() {
                        parts.extend(self.entries(title, &group.items, around));
                    } else {
                        let at = parts.len();
                        self.parts(&group.items, around, parts);
                        if let Some(first) = parts.get_mut(at).filter(|first| first.title.is_none()) {
                            first.title = title;
                        }
                    }
                    around.pop();
                }
            }
        }
        flush(&mut loose, parts);
    }

    /// A repeat: a row an entry; repeats in it follow.
    fn entries(&self, title: Option<Multi>, items: &[Item], around: &mut Vec<String>) -> Vec<Part> {
        let columns = self.below(items, around);
        let asked: HashSet<Id> = columns.iter().map(|column| column.id).collect();
        let mut entries: Vec<&'a str> = self
            .values
            .iter()
            .filter(|value| asked.contains(&value.question))
            .map(|value| value.entry.as_str())
            .collect();
        entries.sort_by_key(|entry| in_order(entry));
        entries.dedup();
        let mut parts = Vec::new();
        if !entries.is_empty() {
            let rows =
                entries.iter().map(|entry| columns.iter().map(|column| self.said(column, entry)).collect());
            let rows: Vec<Vec<Option<Said>>> = rows.collect();
            let table =
                Entries { columns: columns.iter().map(|column| column.label.clone()).collect(), rows };
            parts.push(Part { title, said: Vec::new(), entries: Some(table) });
        }
        for item in items {
            if let Item::Group(group) = item {
                around.push(group.name.clone());
                let title = Some(multi(self.form, &group.label)).filter(|title| !title.0.is_empty());
                if group.repeat.is_some() {
                    parts.extend(self.entries(title, &group.items, around));
                }
                around.pop();
            }
        }
        parts
    }
}

pub(super) fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (answer, _) = answer::open(ctx, db)?;
        let survey = kernel::record::get::<Survey>(db, answer.survey)?;
        let near = ctx.viewer.standing(db, survey.programme.id)?;
        let form = edition::form(db, survey.id, answer.edition)?;
        let shown = Shown::of(w, db, survey.id)?;
        let values = found::values(db, &[answer.id])?;
        let names = shown.names(&ctx.viewer, db, &values)?;
        let (id, placed) = (answer.id, Placed::of(&values));
        let look = Look {
            id,
            survey: survey.id,
            form: &form,
            shown: &shown,
            values: &values,
            placed,
            names: &names,
        };
        let mut parts = Vec::new();
        look.parts(&form.items, &mut Vec::new(), &mut parts);
        let tail =
            sql(" f.record = ? order by f.id desc limit 50").bind(answer.id).open("the standing was checked");
        let facts = facts::read(db, tail)?;
        let history = registry::told(ctx, db, facts)?;
        let accounts: Vec<Id> = answer.account.into_iter().collect();
        let who = people::account_names(db, &accounts)?.into_values().next().unwrap_or_default();
        Ok(AnswerPage {
            w,
            id: answer.id,
            survey: survey.id,
            title: survey.title,
            edition: answer.edition,
            day: w.long_date(&answer.day),
            arrived: w.instant(answer.at),
            who,
            organisation: organisation(ctx, db, &answer)?,
            point: answer.point.map(|(lat, lon)| format!("{:.5}, {:.5}", lat as f64 / 1e6, lon as f64 / 1e6)),
            aside: answer.aside.is_some(),
            opens: near >= Some(Standing::File),
            stewards: near >= Some(Standing::Steward),
            parts,
            history,
        })
    })?;
    ctx.page(page.title.best(w.lang), &page)
}

fn organisation(ctx: &Ctx, db: &mut kernel::Db, answer: &Answer) -> Result<Option<(Id, Multi)>> {
    let Some(id) = answer.organisation else { return Ok(None) };
    ctx.standing(db, id, Standing::File)?;
    Ok(kernel::record::find::<registry::Organisation>(db, id)?.map(|there| (id, there.name)))
}

impl AnswerPage {
    fn row(&self, columns: &[Multi], row: &[Option<Said>]) -> Vec<(String, Html)> {
        let cells = columns.iter().zip(row);
        cells
            .map(|(label, said)| {
                (
                    label.best(self.w.lang).to_owned(),
                    said.as_ref().map_or_else(|| kernel::html::text("–"), |said| self.value(said)),
                )
            })
            .collect()
    }
    /// What was answered, each kind in its own way.
    fn value(&self, said: &Said) -> Html {
        match &said.document {
            Some(document) if document.picture => Html(format!(
                "<a href=\"/files/{0}\"><img class=\"report-photo\" src=\"/files/{0}\" alt=\"{1}\" loading=\"lazy\"></a>",
                document.file,
                kernel::html::escape(&document.name)
            )),
            Some(document) => Html(format!(
                "<a href=\"/files/{}\">{}</a>",
                document.file,
                kernel::html::run(&document.name)
            )),
            _ if said.code => kernel::html::isolate(&said.text),
            _ => kernel::html::lines(&said.text),
        }
    }
}
