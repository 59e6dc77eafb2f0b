//! Workbooks, row by row through a temporary file.

use crate::WriteError;
use crate::write::{Out, Written, clean, decimal};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use std::collections::HashSet;
use std::io::Write;

/// The rows that a sheet holds.
const SHEET_ROWS: u32 = 1_048_576;
/// The UTF-16 units that a cell holds.
const CELL_UNITS: usize = 32_767;
/// From here on a spreadsheet would lose digits, so the number is written as text.
const LOSES_DIGITS: u64 = 1_000_000_000_000_000;

/// How a workbook is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct XlsxStyle<'a> {
    /// The name of the sheet. What a sheet's name cannot hold is left out.
    pub sheet: &'a str,
    /// Whether columns go from right to left.
    pub right_to_left: bool,
    /// The rows of a sheet, header included; the next ones go to another sheet. None for as many as fit.
    pub sheet_rows: Option<u32>,
}

/// Writes a workbook. The header is bold, stays in sight and filters.
pub struct XlsxWriter<W: Write + Send> {
    out: W,
    book: Workbook,
    sheet: Worksheet,
    name: String,
    /// Names of sheets that are taken, in lower case: no two may be the same.
    taken: HashSet<String>,
    right_to_left: bool,
    sheet_rows: u32,
    header: Vec<String>,
    part: u32,
    next: u32,
    date: Format,
    decimals: Vec<Format>,
    written: Written,
}

impl<W: Write + Send> XlsxWriter<W> {
    /// Starts a table with its header.
    ///
    /// # Errors
    /// When no temporary file can be made.
    pub fn new(out: W, style: XlsxStyle<'_>, header: &[&str]) -> Result<Self, WriteError> {
        let decimals = (0..=9).map(|places| {
            let zeros = "0".repeat(places);
            Format::new().set_num_format(if places == 0 {
                "#,##0".to_owned()
            } else {
                format!("#,##0.{zeros}")
            })
        });
        let mut book = Workbook::new();
        let mut writer = Self {
            out,
            sheet: book.new_worksheet_with_constant_memory()?,
            book,
            name: sheet_name(style.sheet),
            taken: HashSet::new(),
            right_to_left: style.right_to_left,
            sheet_rows: style.sheet_rows.unwrap_or(SHEET_ROWS).clamp(2, SHEET_ROWS),
            header: header.iter().map(|name| clean(name).into_owned()).collect(),
            part: 0,
            next: 0,
            date: Format::new().set_num_format("yyyy-mm-dd"),
            decimals: decimals.collect(),
            written: Written::default(),
        };
        writer.start_sheet()?;
        Ok(writer)
    }

    /// Writes one row.
    ///
    /// # Errors
    /// When the temporary file refuses.
    pub fn row(&mut self, cells: &[Out<'_>]) -> Result<(), WriteError> {
        if self.next >= self.sheet_rows {
            self.end_sheet()?;
            self.sheet = self.book.new_worksheet_with_constant_memory()?;
            self.start_sheet()?;
        }
        for (column, cell) in (0_u16..).zip(cells) {
            self.cell(column, *cell)?;
        }
        self.next += 1;
        self.written.rows += 1;
        Ok(())
    }

    fn cell(&mut self, column: u16, cell: Out<'_>) -> Result<(), WriteError> {
        match cell {
            Out::Empty => {}
            Out::Text(text) => self.text(column, text)?,
            Out::Int(n) if n.unsigned_abs() >= LOSES_DIGITS => self.text(column, &n.to_string())?,
            Out::Int(n) => {
                self.sheet.write_number(self.next, column, n as f64)?;
            }
            Out::Decimal(minor, exponent) => match self.decimals.get(usize::from(exponent)) {
                Some(format) if minor.unsigned_abs() < LOSES_DIGITS => {
                    let number = minor as f64 / 10_f64.powi(i32::from(exponent));
                    self.sheet.write_number_with_format(self.next, column, number, format)?;
                }
                _ => self.text(column, &decimal(minor, exponent, '.'))?,
            },
            Out::Date(year, month, day) => {
                let known =
                    u16::try_from(year).ok().and_then(|y| ExcelDateTime::from_ymd(y, month, day).ok());
                match known {
                    Some(date) => {
                        self.sheet.write_date_with_format(self.next, column, &date, &self.date)?;
                    }
                    None => self.text(column, &format!("{year:04}-{month:02}-{day:02}"))?,
                }
            }
            Out::Bool(b) => {
                self.sheet.write_boolean(self.next, column, b)?;
            }
        }
        Ok(())
    }

    fn text(&mut self, column: u16, text: &str) -> Result<(), WriteError> {
        let text = clean(text);
        let kept = fitting(&text);
        self.written.cut += u64::from(kept.len() < text.len());
        if !kept.is_empty() {
            self.sheet.write_string(self.next, column, kept)?;
        }
        Ok(())
    }

    /// Ends the table and starts another one with its own header on a sheet of its own.
    ///
    /// # Errors
    /// When no temporary file can be made.
    pub fn sheet(&mut self, name: &str, header: &[&str]) -> Result<(), WriteError> {
        self.end_sheet()?;
        self.sheet = self.book.new_worksheet_with_constant_memory()?;
        self.name = sheet_name(name);
        self.header = header.iter().map(|name| clean(name).into_owned()).collect();
        self.part = 0;
        self.start_sheet()
    }

    fn start_sheet(&mut self) -> Result<(), WriteError> {
        self.written.sheets += 1;
        let name = loop {
            self.part += 1;
            let name = match self.part {
                1 => self.name.clone(),
                n => format!("{} ({n})", self.name),
            };
            if self.taken.insert(name.to_lowercase()) {
                break name;
            }
        };
        self.sheet.set_name(name)?.set_right_to_left(self.right_to_left).set_freeze_panes(1, 0)?;
        let bold = Format::new().set_bold();
        for (column, name) in (0_u16..).zip(&self.header) {
            let width = name.chars().count().clamp(10, 40) + 2;
            self.sheet.set_column_width(column, width as f64)?;
            self.sheet.write_string_with_format(0, column, fitting(name), &bold)?;
        }
        self.next = 1;
        Ok(())
    }

    fn end_sheet(&mut self) -> Result<(), WriteError> {
        if let Some(last_column) = self.header.len().checked_sub(1).and_then(|c| u16::try_from(c).ok()) {
            self.sheet.autofilter(0, 0, self.next - 1, last_column)?;
        }
        self.book.push_worksheet(std::mem::take(&mut self.sheet));
        Ok(())
    }

    /// Writes the workbook and gives back the place it went to.
    ///
    /// # Errors
    /// When the place it goes to refuses.
    pub fn finish(mut self) -> Result<(W, Written), WriteError> {
        self.end_sheet()?;
        self.book.save_to_writer(&mut self.out)?;
        self.out.flush()?;
        Ok((self.out, self.written))
    }
}

/// The longest start of a text that a cell holds.
fn fitting(text: &str) -> &str {
    if text.len() <= CELL_UNITS {
        return text;
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > CELL_UNITS
    });
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// A name that a sheet may have, short enough for a number behind it.
fn sheet_name(wanted: &str) -> String {
    let allowed = |c: &char| !c.is_control() && !"[]:*?/\\".contains(*c);
    let name: String = wanted.chars().filter(allowed).take(24).collect();
    match name.trim_matches(['\'', ' ']) {
        "" => "1".to_owned(),
        name => name.to_owned(),
    }
}
