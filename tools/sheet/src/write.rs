//! One way to write a table, whatever the format.

use crate::{CsvWriter, WriteError, XlsxWriter};
use std::borrow::Cow;
use std::io::Write;

/// A cell to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Out<'a> {
    /// Nothing.
    Empty,
    /// Text, whatever it looks like: never a formula, never made a number.
    Text(&'a str),
    /// A whole number.
    Int(i64),
    /// A number of minor units and the count of its decimals: `(1250, 2)` is 12.50.
    Decimal(i64, u8),
    /// Year, month, day.
    Date(i32, u8, u8),
    /// True or false.
    Bool(bool),
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Rows, headers apart.
    pub rows: u64,
    /// Sheets: more than one when the rows did not fit on one.
    pub sheets: u32,
    /// Texts cut because the format holds no longer ones.
    pub cut: u64,
}

/// A table being written, in one of the formats.
#[expect(clippy::large_enum_variant, reason = "a process holds few of them, and none in a list")]
pub enum TableWriter<W: Write + Send> {
    /// Delimited text.
    Csv(CsvWriter<W>),
    /// A workbook.
    Xlsx(XlsxWriter<W>),
}

impl<W: Write + Send> TableWriter<W> {
    /// Writes one row.
    ///
    /// # Errors
    /// When the place it goes to, or the temporary file before it, refuses.
    pub fn row(&mut self, cells: &[Out<'_>]) -> Result<(), WriteError> {
        match self {
            Self::Csv(writer) => writer.row(cells),
            Self::Xlsx(writer) => writer.row(cells),
        }
    }

    /// Ends the table and gives back the place it went to. A workbook is written only now.
    ///
    /// # Errors
    /// When the place it goes to refuses.
    pub fn finish(self) -> Result<(W, Written), WriteError> {
        match self {
            Self::Csv(writer) => writer.finish(),
            Self::Xlsx(writer) => writer.finish(),
        }
    }
}

/// The text without the characters that XML forbids, and with `\n` for every line end.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    let forbidden = |c: char| matches!(c, '\0'..='\x08' | '\x0b'..='\x1f' | '\u{fffe}' | '\u{ffff}');
    if text.contains(forbidden) {
        text.replace("\r\n", "\n").replace('\r', "\n").replace(forbidden, "").into()
    } else {
        text.into()
    }
}

/// A number of minor units written with a decimal sign.
pub(crate) fn decimal(minor: i64, exponent: u8, sign: char) -> String {
    let exponent = usize::from(exponent);
    if exponent == 0 {
        return minor.to_string();
    }
    let digits = format!("{:0width$}", minor.unsigned_abs(), width = exponent + 1);
    let (whole, fraction) = digits.split_at(digits.len() - exponent);
    format!("{}{whole}{sign}{fraction}", if minor < 0 { "-" } else { "" })
}
