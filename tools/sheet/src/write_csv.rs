//! Delimited text, safe to open in a spreadsheet.

use crate::write::{Out, Written, clean, decimal};
use crate::{WriteError, guard};
use std::io::Write;

/// How delimited text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvStyle {
    /// Whether a byte order mark comes first, without which spreadsheets misread accents and Arabic.
    pub bom: bool,
    /// What separates cells; an ASCII character.
    pub separator: char,
    /// What separates decimals.
    pub decimal: char,
}

impl CsvStyle {
    /// What a spreadsheet in French opens with a double click: byte order mark, `;`, decimal comma.
    pub const SPREADSHEET: Self = Self { bom: true, separator: ';', decimal: ',' };
    /// What programs expect: `,` and decimal point, no byte order mark.
    pub const PROGRAM: Self = Self { bom: false, separator: ',', decimal: '.' };
}

/// Writes delimited text in UTF-8.
pub struct CsvWriter<W: Write> {
    out: csv::Writer<W>,
    style: CsvStyle,
    rows: u64,
}

impl<W: Write> CsvWriter<W> {
    /// Starts a table with its header.
    ///
    /// # Errors
    /// When the place it goes to refuses.
    pub fn new(mut out: W, style: CsvStyle, header: &[&str]) -> Result<Self, WriteError> {
        if style.bom {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let separator = u8::try_from(style.separator).unwrap_or(b';');
        let out = csv::WriterBuilder::new().delimiter(separator).flexible(true).from_writer(out);
        let mut writer = Self { out, style, rows: 0 };
        let names: Vec<Out<'_>> = header.iter().map(|name| Out::Text(name)).collect();
        writer.write(&names)?;
        Ok(writer)
    }

    /// Writes one row.
    ///
    /// # Errors
    /// When the place it goes to refuses.
    pub fn row(&mut self, cells: &[Out<'_>]) -> Result<(), WriteError> {
        self.rows += 1;
        self.write(cells)
    }

    fn write(&mut self, cells: &[Out<'_>]) -> Result<(), WriteError> {
        for cell in cells {
            match *cell {
                Out::Empty => self.out.write_field("")?,
                Out::Text(text) => self.out.write_field(guard::add(&clean(text)).as_bytes())?,
                Out::Int(n) => self.out.write_field(n.to_string())?,
                Out::Decimal(minor, exponent) => {
                    let number = decimal(minor, exponent, self.style.decimal);
                    self.out.write_field(number)?;
                }
                Out::Date(y, m, d) => self.out.write_field(format!("{y:04}-{m:02}-{d:02}"))?,
                Out::Bool(b) => self.out.write_field(if b { "true" } else { "false" })?,
            }
        }
        Ok(self.out.write_record(None::<&[u8]>)?)
    }

    /// Ends the table and gives back the place it went to.
    ///
    /// # Errors
    /// When the place it goes to refuses.
    pub fn finish(mut self) -> Result<(W, Written), WriteError> {
        self.out.flush()?;
        let out = self.out.into_inner().map_err(|e| std::io::Error::other(e.to_string()))?;
        Ok((out, Written { rows: self.rows, sheets: 1, cut: 0 }))
    }
}
