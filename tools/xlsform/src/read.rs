//! A workbook becomes a form, or every problem at once.

use crate::form::{Form, Text};
use crate::problem::{Problem, Problems};
use crate::table::{LIMITS, Line, Table};
use crate::{check, choices, entities, settings, survey};

/// A list that comes beside forms, and which properties of its entries a form may change.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// Its name: the file is called after it.
    pub list: &'a str,
    /// What can be changed of its entries; none if nothing can.
    pub properties: &'a [&'a str],
}

/// What is known while sheets are read.
pub(crate) struct Reading<'a> {
    pub(crate) beside: &'a [Beside<'a>],
    pub(crate) languages: Vec<String>,
    pub(crate) first: usize,
    pub(crate) problems: Vec<Problem>,
}

impl Reading<'_> {
    /// A text of a row in every language.
    pub(crate) fn text(&self, line: Line<'_>, kind: &str) -> Text {
        let mut texts = vec![String::new(); self.languages.len()];
        for (column, text) in line.cells_with().filter(|(column, _)| column.kind == kind) {
            let at = match column.language.as_str() {
                "" => Some(self.plain()),
                language => self.languages.iter().position(|there| there == language),
            };
            if let Some(there) = at.and_then(|at| texts.get_mut(at)) {
                *there = text.to_owned();
            }
        }
        Text(texts)
    }

    /// The language of what is said in none.
    fn plain(&self) -> usize {
        self.languages.iter().position(String::is_empty).unwrap_or(self.first)
    }
}

/// Most bytes that the form may come to: every text stands in it once in each language, the next best where it was not
/// translated.
const HEAVIEST: usize = 16 << 20;

/// Reads a workbook; `file` is its name, from which a form that names itself nowhere takes its id. `beside` are the lists
/// that come beside forms.
///
/// # Errors
/// When the file cannot be read, or everything that is wrong in it.
pub fn read(file: &str, bytes: &[u8], beside: &[Beside<'_>]) -> Result<Form, Problems> {
    let sheets = sheet::read(file, bytes, LIMITS).map_err(Problems::Unread)?.sheets;
    let table = |name| Table::read(file, bytes, &sheets, name).map_err(Problems::Unread);
    let Some(asked) = table("survey")? else {
        return Err(Problems::These(vec![Problem::new("sheet_missing", "survey", 0, "")]));
    };
    let (offered, set, changed) = (table("choices")?, table("settings")?, table("entities")?);
    let mut problems = Vec::new();
    let settings = settings::read(set.as_ref(), file, &mut problems);
    let (languages, first) = settings::languages(&[Some(&asked), offered.as_ref()], &settings);
    let weight: usize = [Some(&asked), offered.as_ref()].into_iter().flatten().map(Table::weight).sum();
    if weight.saturating_mul(languages.len()) > HEAVIEST {
        problems.push(asked.problem("too_heavy"));
        return Err(Problems::These(problems));
    }
    let mut reading = Reading { beside, languages, first, problems };
    let lists = offered.as_ref().map(|table| choices::read(table, &mut reading, settings.twice));
    let items = survey::read(&asked, &mut reading);
    let updates = changed.as_ref().and_then(|table| entities::read(table, beside, &mut reading.problems));
    let Reading { languages, first, mut problems, .. } = reading;
    let mut form = Form {
        id: settings.id,
        title: settings.title,
        languages,
        first,
        items,
        lists: lists.unwrap_or_default(),
        beside: Vec::new(),
        updates,
        instance_name: settings.instance_name,
        unread: survey::unread(&asked),
    };
    check::check(&mut form, beside, changed.is_some(), &mut problems);
    if problems.is_empty() {
        return Ok(form);
    }
    let place =
        |sheet: &str| ["settings", "survey", "choices", "entities"].iter().position(|name| *name == sheet);
    problems.sort_by_key(|problem| (place(problem.sheet), problem.row));
    problems.dedup();
    Err(Problems::These(problems))
}
