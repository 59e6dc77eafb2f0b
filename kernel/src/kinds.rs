//! The kinds of fields that a record can declare. A kind knows its columns, how it is typed in, shown and exported.

mod choice;
mod codes;
mod money;
mod multi;
mod place;
mod plain;
mod reference;
mod text;

use std::collections::HashMap;

use serde_json::Value as Json;

use crate::html::Html;
use crate::value::{Row, Value};
use crate::{Error, Result, Words, Wrong};

pub use choice::{Choice, Many, choice_parse, choice_put, choice_take};
pub use codes::{Code, Email, File, Ice, Phone};
pub use money::{CURRENCIES, Money};
pub use multi::Multi;
pub use place::{Divisions, Place};
pub use reference::Ref;
pub use text::Long;

/// The type of a column; both engines know these names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Text of any length.
    Text,
    /// A whole number of 64 bits.
    Int,
    /// A floating-point number: coordinates only.
    Real,
}

impl Column {
    /// Its name in a schema.
    pub fn ddl(self) -> &'static str {
        match self {
            Column::Text => "TEXT",
            Column::Int => "BIGINT",
            Column::Real => "DOUBLE PRECISION",
        }
    }
}

/// How a field is typed in.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// One line in each language.
    Multi,
    /// One of several codes; the words of code `x` stand under `words.x`.
    Choice {
        /// The codes.
        codes: &'static [&'static str],
        /// Where their words stand.
        words: &'static str,
    },
    /// Several of several codes.
    Choices {
        /// The codes.
        codes: &'static [&'static str],
        /// Where their words stand.
        words: &'static str,
    },
    /// An amount and its currency.
    Money,
    /// A calendar date.
    Date,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A whole number.
    Number,
    /// Yes or no.
    Yes,
    /// A commune and a point.
    Place,
    /// A stored document.
    File,
    /// Another record; the page offers the choices.
    Reference {
        /// The table it stands in.
        table: &'static str,
    },
}

/// What was typed for one field: its own name and its parts (`name.fr`, `amount.currency`).
pub struct Raw<'a> {
    /// The form.
    pub fields: &'a crate::Fields,
    /// The field.
    pub name: &'a str,
}

impl<'a> Raw<'a> {
    /// The trimmed text of the field itself, if any was typed.
    pub fn text(&self) -> Option<&'a str> {
        self.fields.text(self.name)
    }

    /// The trimmed text of a part.
    pub fn part(&self, part: &str) -> Option<&'a str> {
        self.fields.text(&format!("{}.{part}", self.name))
    }
}

/// Names of referenced records by their id, for showing.
pub type Names = HashMap<String, String>;

/// A kind of field.
pub trait Kind: Sized {
    /// How it is typed in.
    const INPUT: Input;
    /// Its columns: suffix and type. A kind without columns keeps its values in a table of links.
    const COLUMNS: &'static [(&'static str, Column)] = &[("", Column::Text)];
    /// The contents of its columns.
    fn put(&self) -> Vec<Value>;
    /// Reads its columns; `None` if nothing is stated.
    fn take(row: &mut Row) -> Result<Option<Self>>;
    /// Reads what a person typed; `None` if nothing was.
    fn parse(raw: &Raw<'_>) -> Result<Option<Self>, Wrong>;
    /// Its JSON.
    fn json(&self) -> Json;
    /// What would have to be typed for it: parts and texts.
    fn typed(&self) -> Vec<(String, String)>;
    /// As a reader sees it.
    fn show(&self, w: &Words, names: &Names) -> Html;
}

fn one_text<T>(row: &mut Row, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>> {
    match row.take::<Option<String>>()? {
        None => Ok(None),
        Some(text) => match read(&text) {
            Some(value) => Ok(Some(value)),
            None => Err(Error::internal(format!("unreadable column content {text:?}"))),
        },
    }
}

fn itself(text: impl ToString) -> Vec<(String, String)> {
    vec![(String::new(), text.to_string())]
}

/// The same text with Arabic and Persian digits written 0 to 9.
fn ascii_digits(text: &str) -> String {
    let digit = |c: char| match c {
        '\u{660}'..='\u{669}' => c as u32 - 0x660,
        '\u{6f0}'..='\u{6f9}' => c as u32 - 0x6f0,
        _ => u32::MAX,
    };
    text.chars().map(|c| char::from_digit(digit(c), 10).unwrap_or(c)).collect()
}

fn bounded(text: &str, most: usize) -> Result<String, Wrong> {
    if text.chars().count() > most {
        return Err(Wrong::new("error.too_long").with("most", most));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\r' && c != '\t') {
        return Err(Wrong::new("error.control"));
    }
    Ok(text.to_owned())
}
