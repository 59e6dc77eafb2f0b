//! What is wrong with a questionnaire, as sentences that name sheet, row and column.

use kernel::{Error, FieldError, Words, Wrong};
use sheet::ReadError;
use xlsform::{Problem, Problems};

/// Most problems that are told.
const MOST: usize = 200;

/// Where a problem stands, in words.
fn place(w: Words, problem: &Problem) -> String {
    let sheet = problem.sheet.to_owned();
    match (problem.row, problem.column.is_empty()) {
        (0, true) => w.args("survey.place.sheet", &[("sheet", sheet)]),
        (0, false) => w.args("survey.place.column", &[("sheet", sheet), ("column", problem.column.clone())]),
        (row, _) => {
            let (row, column) = (w.num(i64::from(row)), problem.column.clone());
            w.args("survey.place.cell", &[("sheet", sheet), ("row", row), ("column", column)])
        }
    }
}

/// The sentence of a problem.
fn of_problem(w: Words, problem: &Problem) -> Wrong {
    let wrong = Wrong::new(format!("survey.problem.{}", problem.code)).with("place", place(w, problem));
    problem.with.iter().fold(wrong, |wrong, (name, text)| wrong.with(name, text))
}

/// The sentence of a file that cannot be read.
fn of_file(error: &ReadError) -> Wrong {
    let wrong = Wrong::new(error.code());
    match error {
        ReadError::TooLarge { max, .. } => wrong.with("max", max >> 20),
        ReadError::UnpacksTooLarge { max } => wrong.with("max", max >> 20),
        ReadError::TooManyRows { max } => wrong.with("max", max - 1),
        ReadError::TooManyColumns { max, .. } | ReadError::TooManyCells { max } => wrong.with("max", max),
        ReadError::CellTooLong { row, column, max } => {
            wrong.with("row", row).with("column", column).with("max", max)
        }
        ReadError::Foreign { format } => wrong.with("format", format),
        ReadError::NoSuchSheet { name } => wrong.with("name", name),
        ReadError::Empty | ReadError::Locked | ReadError::Damaged => wrong,
    }
}

/// Every problem, each as a refusal of the file.
pub(crate) fn refused(w: Words, problems: &Problems) -> Error {
    let wrongs = match problems {
        Problems::Unread(error) => vec![of_file(error)],
        Problems::These(found) => found.iter().take(MOST).map(|problem| of_problem(w, problem)).collect(),
    };
    Error::Invalid(wrongs.into_iter().map(|wrong| FieldError { field: "file".into(), wrong }).collect())
}
