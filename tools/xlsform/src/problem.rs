//! What is wrong with a questionnaire, as codes and data without sentences.

use std::collections::BTreeMap;

/// Something wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub code: &'static str,
    /// The sheet; empty for the whole file.
    pub sheet: &'static str,
    /// The row of the spreadsheet, from 1; 0 for the whole sheet.
    pub row: u32,
    /// The column, as it is called in the sheet; empty for the whole row.
    pub column: String,
    /// What the sentence speaks of.
    pub with: BTreeMap<&'static str, String>,
}

impl Problem {
    pub(crate) fn new(code: &'static str, sheet: &'static str, row: u32, column: &str) -> Problem {
        Problem { code, sheet, row, column: column.to_owned(), with: BTreeMap::new() }
    }

    pub(crate) fn with(mut self, name: &'static str, text: impl ToString) -> Problem {
        self.with.insert(name, text.to_string());
        self
    }
}

/// Why a questionnaire was refused.
#[derive(Clone, Debug, PartialEq)]
pub enum Problems {
    /// The file is no workbook that can be read.
    Unread(sheet::ReadError),
    /// Everything that is wrong in it, in the order of its sheets and rows.
    These(Vec<Problem>),
}
