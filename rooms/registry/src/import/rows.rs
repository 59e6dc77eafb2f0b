//! The rows of an import, kept between the steps.

use std::borrow::Cow;
use std::collections::BTreeMap;

use kernel::value::Row;
use kernel::{Db, FieldError, Id, Result, Sql, Words, Wrong, sql};
use serde::{Deserialize, Serialize};

/// A cell as it stands in the file. Whole numbers are kept apart: a spreadsheet drops their leading zeros.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// A whole number.
    Number(i64),
    /// Anything else.
    Text(String),
}

impl Cell {
    pub(crate) fn of(cell: &sheet::Cell) -> Cell {
        match cell.value {
            sheet::Value::Number(_) => match cell.text.split_once('.') {
                // Three decimals of a number would be read as thousands of a text.
                Some((_, decimals)) if decimals.len() == 3 => Cell::Text(format!("{}0", cell.text)),
                _ => cell.text.parse().map_or_else(|_| Cell::Text(cell.text.clone()), Cell::Number),
            },
            _ => Cell::Text(cell.text.clone()),
        }
    }

    /// What a person reads in it.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Cell::Number(n) => n.to_string().into(),
            Cell::Text(text) => text.as_str().into(),
        }
    }
}

/// What is wrong with a row, as it is kept: the field, the key of the sentence, its arguments.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Problem {
    pub(crate) field: String,
    pub(crate) key: String,
    args: BTreeMap<String, String>,
}

impl Problem {
    pub(crate) fn of(error: &FieldError) -> Problem {
        let args = error.wrong.args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Problem { field: error.field.clone(), key: error.wrong.key.clone(), args }
    }

    /// A reason that belongs to the whole row.
    pub(crate) fn row(key: &str) -> Problem {
        Problem { field: String::new(), key: key.to_owned(), args: BTreeMap::new() }
    }

    /// Its sentence.
    pub(crate) fn said(&self, w: Words) -> String {
        const NAMES: [&str; 5] = ["typed", "names", "most", "theirs", "row"];
        let known = NAMES.iter().filter_map(|name| Some((*name, self.args.get(*name)?.clone())));
        w.wrong(&Wrong { key: self.key.clone(), args: known.collect() })
    }
}

/// What looks like a row: a registered organisation, or an earlier row of the same file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Likeness {
    /// The registered one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Id>,
    /// The number of the row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<i64>,
    /// `identifier`, `phone` or `name`.
    pub why: String,
    /// How alike the names are, 0 to 100.
    pub alike: u8,
}

impl Likeness {
    /// How a decision names it.
    pub(crate) fn target(&self) -> String {
        self.organisation.map(|id| id.to_string()).or(self.row.map(|n| n.to_string())).unwrap_or_default()
    }
}

/// A row with all that became of it.
pub struct Kept {
    /// Its number in the spreadsheet.
    pub number: i64,
    /// Its cells.
    pub cells: Vec<Cell>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) candidates: Vec<Likeness>,
    /// What a person decided, as in [`Subject::DECISIONS`](super::Subject::DECISIONS).
    pub decision: Option<String>,
    /// The organisation that it is about or the same as, or the number of an earlier row.
    pub target: Option<String>,
    /// What it became or met.
    pub record: Option<Id>,
    pub(crate) filled: Option<String>,
}

/// Rows of an import; `tail` continues the statement after the import's id.
pub(crate) fn read(db: &mut Db, import: Id, tail: Sql) -> Result<Vec<Kept>> {
    let query = sql("select number, cells, problems, candidates, decision, target, record, filled
                     from import_row where import = ?")
    .bind(import)
    .open("rows of one import, its standing is checked by the caller")
    .join(tail);
    db.rows(&query, |row| {
        Ok(Kept {
            number: row.take()?,
            cells: serde_json::from_str(&row.take::<String>()?)?,
            problems: list(row)?,
            candidates: list(row)?,
            decision: row.take()?,
            target: row.take()?,
            record: row.take()?,
            filled: row.take()?,
        })
    })
}

fn list<T: serde::de::DeserializeOwned>(row: &mut Row) -> Result<Vec<T>> {
    Ok(row.take::<Option<String>>()?.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default())
}

/// How many rows stand in each state.
pub(crate) fn counts(db: &mut Db, import: Id) -> Result<BTreeMap<String, i64>> {
    let query = sql("select state, count(*) from import_row where import = ? group by state")
        .bind(import)
        .open("rows of one import, its standing is checked by the caller");
    Ok(db.rows(&query, |row| Ok((row.take()?, row.take()?)))?.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_a_spreadsheet_keeps_its_size() {
        let cell = |n: f64| Cell::of(&sheet::Cell { text: n.to_string(), value: sheet::Value::Number(n) });
        assert_eq!(cell(34.0), Cell::Number(34));
        assert_eq!(sheet::parse::money_minor(&cell(1234.5).text(), 2), Some(123_450));
        assert_eq!(sheet::parse::money_minor(&cell(12.345).text(), 2), None, "not twelve thousand");
    }
}
