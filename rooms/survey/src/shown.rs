//! Answers as people read them: choices by their labels, cooperatives by their names, numbers and days in their language.

use std::collections::{BTreeSet, HashMap};

use kernel::kinds::{Multi, Names};
use kernel::{Db, Id, Result, Viewer, Words};

use crate::found::Value;
use crate::question::{self, Column, Sort};

/// The questions of a survey and what answers to them are called.
pub(crate) struct Shown {
    pub(crate) columns: Vec<Column>,
    choices: HashMap<Id, Vec<(String, Multi)>>,
    w: Words,
}

impl Shown {
    pub(crate) fn of(w: Words, db: &mut Db, survey: Id) -> Result<Shown> {
        Ok(Shown { columns: question::columns(db, survey)?, choices: question::choices(db, survey)?, w })
    }

    /// The choices of a question.
    pub(crate) fn choices(&self, question: Id) -> &[(String, Multi)] {
        self.choices.get(&question).map_or(&[], Vec::as_slice)
    }

    /// What a choice is called.
    pub(crate) fn choice(&self, question: Id, code: &str) -> String {
        let known = self.choices(question).iter().find(|(there, _)| there == code);
        known.map_or_else(|| code.to_owned(), |(_, label)| label.best(self.w.lang).to_owned())
    }

    /// A value as it is read. `names` are those of cooperatives.
    pub(crate) fn text(&self, column: &Column, value: &Value, names: &Names) -> String {
        match (column.sort, value.number) {
            (Sort::One | Sort::Several, _) => self.choice(column.id, &value.text),
            (Sort::Number, Some(number)) => decimal(self.w, number),
            (Sort::Date, _) => match crate::value::day(&value.text) {
                Some(day) => self.w.date(&day),
                None => value.text.clone(),
            },
            (Sort::Instant, _) => match value.text.parse::<jiff::Timestamp>() {
                Ok(at) => self.w.instant(at.as_millisecond()),
                Err(_) => value.text.clone(),
            },
            (Sort::Cooperative, _) => names.get(&value.text).cloned().unwrap_or_else(|| value.text.clone()),
            (Sort::Point, _) => value.text.split_whitespace().take(2).collect::<Vec<_>>().join(", "),
            _ => value.text.clone(),
        }
    }

    /// Several values of one question of one answer, as they are read.
    pub(crate) fn joined(&self, column: &Column, values: &[&Value], names: &Names) -> String {
        let said: Vec<String> = values.iter().map(|value| self.text(column, value, names)).collect();
        said.join(" · ")
    }

    /// The names of the cooperatives that these values speak of, as far as the viewer knows them.
    pub(crate) fn names(&self, viewer: &Viewer, db: &mut Db, values: &[Value]) -> Result<Names> {
        let asked: BTreeSet<Id> = self
            .columns
            .iter()
            .filter(|column| column.sort == Sort::Cooperative)
            .map(|column| column.id)
            .collect();
        let ids: BTreeSet<Id> = values
            .iter()
            .filter(|value| asked.contains(&value.question))
            .filter_map(|value| value.text.parse().ok())
            .collect();
        let ids: Vec<Id> = ids.into_iter().collect();
        registry::organisation_names(db, viewer, &ids, self.w.lang)
    }
}

/// A number that is kept in ten-thousandths, with the decimals that it has.
pub(crate) fn decimal(w: Words, number: i64) -> String {
    let (mut number, mut places) = (number, 4_u8);
    while places > 0 && number % 10 == 0 {
        (number, places) = (number / 10, places - 1);
    }
    w.decimal(number, places)
}
