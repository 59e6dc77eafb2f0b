//! Reads questionnaires that people write as spreadsheets (XLSForm) and writes them as ODK XForms.
//!
//! [`read`] takes the bytes of a workbook with the sheets `survey`, `choices`, `settings` and `entities` and gives a
//! [`Form`], or every [`Problem`] at once, each with its sheet, row and column. [`write()`] gives the XForm. What is not
//! supported is refused rather than left out. See <https://xlsform.org/en/ref-table/> and
//! <https://getodk.github.io/xforms-spec/>.
//!
//! Files are not trusted: every size has a limit, and a hostile or damaged file is an error, never a panic. Problems
//! carry a code and data; the words are the caller's.

mod check;
mod choices;
mod entities;
mod expression;
mod form;
mod kind;
mod names;
mod problem;
mod read;
mod settings;
mod survey;
mod syntax;
mod table;
mod write;
mod xml;

pub use form::{Choice, Form, Group, Item, Kind, List, Question, Repeat, Text, Updates};
pub use problem::{Problem, Problems};
pub use read::{Beside, read};
pub use write::write;
