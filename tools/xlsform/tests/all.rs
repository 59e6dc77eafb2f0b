//! Questionnaires as programmes own them are read whole, or refused with every problem and its place.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

mod book;
mod broken;
mod hostile;
mod written;

use xlsform::{Beside, Form, Problem, Problems};

/// What comes beside forms.
const BESIDE: &[Beside<'static>] = &[Beside { list: "cooperatives", properties: &["phone", "members"] }];

/// The sheets of a text: each begins with a line `# name`.
fn sheets(text: &str) -> Vec<(&str, &str)> {
    text.split("# ").filter_map(|part| part.split_once('\n')).collect()
}

fn read(text: &str) -> Result<Form, Problems> {
    xlsform::read("essai.xlsx", &book::book(&sheets(text)), BESIDE)
}

/// What is wrong with a questionnaire: code, sheet, row, column.
fn wrong(text: &str) -> Vec<(&'static str, &'static str, u32, String)> {
    match read(text) {
        Ok(form) => panic!("{} was read", form.id),
        Err(Problems::Unread(error)) => panic!("{error}"),
        Err(Problems::These(found)) => found
            .into_iter()
            .map(|Problem { code, sheet, row, column, .. }| (code, sheet, row, column))
            .collect(),
    }
}

/// One that holds all that is supported.
fn good() -> Form {
    read(include_str!("good.txt")).unwrap()
}
