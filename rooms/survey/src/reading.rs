//! What whoever reads answers must know of an edition, worked out once: an edition never changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use kernel::kinds::Multi;
use kernel::{App, Db, Error, Id, Result, sql};
use xlsform::{Form, Item};

use crate::edition::multi;
use crate::question::{Sort, id_of, path_of};

/// A question of an edition.
pub(crate) struct Asked {
    pub(crate) id: Id,
    pub(crate) sort: Sort,
    pub(crate) quiet: bool,
    pub(crate) label: Multi,
}

/// What stands at a place of the form.
pub(crate) enum At {
    /// Something that is answered.
    Question(Asked),
    /// Something that is only read.
    Note,
}

/// An edition, ready to read answers by.
pub(crate) struct Reading {
    pub(crate) number: i64,
    pub(crate) title: String,
    pub(crate) asked: HashMap<String, At>,
    /// The paths of its repeats.
    pub(crate) repeats: Vec<String>,
    /// Questions whose answers are documents.
    pub(crate) media: Vec<String>,
    /// Questions that change a field of the cooperative, and which.
    pub(crate) saves: Vec<(String, String)>,
}

/// Editions that were read; a house has few, of which some are in use.
#[derive(Default)]
struct Readings(Mutex<HashMap<String, Arc<Reading>>>);

/// Editions that are held at the most.
const MOST: usize = 64;

/// An edition of a survey: of this number, or the latest where there is none such. The caller checked the survey.
pub(crate) fn reading(app: &App, db: &mut Db, survey: Id, number: i64) -> Result<Arc<Reading>> {
    let query = sql("select id, number from survey_edition where survey = ?
                     order by case when number = ? then 0 else 1 end, number desc limit 1");
    let query = query.bind(survey).bind(number).open("the caller checked the survey");
    let (id, number): (Id, i64) =
        db.row(&query, |row| Ok((row.take()?, row.take()?)))?.ok_or(Error::NotFound)?;
    let key = id.to_string();
    let held = app.held.of::<Readings>();
    let known = held.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    let form =
        sql("select form from survey_edition where id = ?").bind(id).open("the caller checked the survey");
    let form: Form = serde_json::from_str(&db.one::<String>(&form)?)?;
    let read = Arc::new(Reading::of(survey, number, &form));
    let mut all = held.0.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= MOST {
        all.clear();
    }
    all.insert(key, Arc::clone(&read));
    Ok(read)
}

impl Reading {
    fn of(survey: Id, number: i64, form: &Form) -> Reading {
        let mut read = Reading {
            number,
            title: form.title.clone(),
            asked: HashMap::new(),
            repeats: Vec::new(),
            media: Vec::new(),
            saves: Vec::new(),
        };
        repeats(&form.items, &mut Vec::new(), &mut read.repeats);
        for (around, question) in form.questions() {
            let path = path_of(&around, &question.name);
            if question.kind.is_media() {
                read.media.push(path.clone());
            }
            if !question.save_to.is_empty() {
                read.saves.push((path.clone(), question.save_to.clone()));
            }
            let at = Sort::of(&question.kind).map_or(At::Note, |sort| {
                At::Question(Asked {
                    id: id_of(survey, &path),
                    sort,
                    quiet: !question.kind.asks(),
                    label: multi(form, &question.label),
                })
            });
            read.asked.insert(path, at);
        }
        read
    }
}

/// The repeats of a form, by their paths.
fn repeats(items: &[Item], around: &mut Vec<String>, found: &mut Vec<String>) {
    for item in items {
        if let Item::Group(group) = item {
            if group.repeat.is_some() {
                found.push(path_of(around, &group.name));
            }
            around.push(group.name.clone());
            repeats(&group.items, around, found);
            around.pop();
        }
    }
}
