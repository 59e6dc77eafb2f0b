//! The table that a file holds: the header found among its first rows, and the rows below.

use crate::kind::{self, Kind};
use crate::{ReadError, decode, delimited, parse, workbook};
use std::collections::BTreeMap;

/// How much of a file is read before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub max_bytes: usize,
    /// Bytes of all the parts of a workbook, unpacked.
    pub max_unpacked: u64,
    /// Rows that are not empty, header included.
    pub max_rows: usize,
    /// The last column that may hold something.
    pub max_columns: usize,
    /// Cells, empty ones between others included.
    pub max_cells: usize,
    /// Characters of one cell.
    pub max_cell: usize,
}

impl Default for Limits {
    /// Generous for a person's table, small for a server: 16 MiB, 100,000 rows, 400 columns, 3 million cells.
    fn default() -> Self {
        Self {
            max_bytes: 16 << 20,
            max_unpacked: 192 << 20,
            max_rows: 100_000,
            max_columns: 400,
            max_cells: 3_000_000,
            max_cell: 32_767,
        }
    }
}

/// A table that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The encoding of delimited text, such as `UTF-8` or `windows-1256`.
    pub encoding: Option<&'static str>,
    /// The separator of delimited text; none if it has one column.
    pub separator: Option<char>,
    /// The names of the visible sheets of a workbook that have rows below a first one.
    pub sheets: Vec<String>,
    /// The name of the sheet that was read.
    pub sheet: Option<String>,
    /// The rows above the header, as one text each.
    pub titles: Vec<String>,
    /// The number of the header's row in the spreadsheet, from 1.
    pub header_row: u32,
    /// The names of the columns. A column without a name has its letters, such as `C`.
    pub header: Vec<String>,
    /// Where each column stands in the spreadsheet, from 1.
    pub columns: Vec<u32>,
    /// The rows that are not empty, each with as many cells as the header.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number in the spreadsheet, from 1.
    pub number: u32,
    /// Its cells, as many as the header has names.
    pub cells: Vec<Cell>,
}

/// A cell: what a person would read in it, and its value if the file has more than text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cell {
    /// The text, without spaces around. Numbers have no useless `.0`, dates are `YYYY-MM-DD`.
    pub text: String,
    /// The value.
    pub value: Value,
}

/// The value of a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Only text.
    Text,
    /// A number.
    Number(f64),
    /// Year, month, day.
    Date(i32, u8, u8),
    /// True or false.
    Bool(bool),
}

impl Cell {
    pub(crate) fn text(text: &str) -> Self {
        let value = if text.is_empty() { Value::Empty } else { Value::Text };
        Self { text: text.to_owned(), value }
    }

    /// Whether nothing is written in it.
    pub fn is_empty(&self) -> bool {
        self.value == Value::Empty
    }

    /// The whole number in it: its value, or what [`parse::number`] reads.
    pub fn number(&self) -> Option<i64> {
        match self.value {
            Value::Number(_) => self.text.parse().ok(),
            _ => parse::number(&self.text),
        }
    }

    /// The decimal number in it as mantissa and scale: its value, or what [`parse::decimal`] reads.
    pub fn decimal(&self) -> Option<(i64, u32)> {
        parse::decimal(&self.text)
    }

    /// The amount in minor units: its value, or what [`parse::money_minor`] reads.
    pub fn money_minor(&self, exponent: u32) -> Option<i64> {
        match self.value {
            Value::Number(n) => parse::minor_of(n, exponent),
            _ => parse::money_minor(&self.text, exponent),
        }
    }

    /// The date in it: its value, or what [`parse::date`] reads.
    pub fn date(&self) -> Option<(i32, u8, u8)> {
        match self.value {
            Value::Date(y, m, d) => Some((y, m, d)),
            _ => parse::date(&self.text),
        }
    }

    /// Yes or no: its value, or what [`parse::yes_no`] reads.
    pub fn yes_no(&self) -> Option<bool> {
        match self.value {
            Value::Bool(b) => Some(b),
            _ => parse::yes_no(&self.text),
        }
    }
}

/// Reads a CSV or XLSX file: of a workbook, the first visible sheet that has rows.
///
/// # Errors
/// When the file is no table, is damaged, or is larger than a limit.
pub fn read(name: &str, bytes: &[u8], limits: Limits) -> Result<Sheet, ReadError> {
    read_any(name, bytes, None, limits)
}

/// Reads one sheet of a workbook by its name. A CSV file has no names, and is read whatever name is asked for.
///
/// # Errors
/// As [`read`], and when no sheet has that name.
pub fn read_named(name: &str, bytes: &[u8], sheet: &str, limits: Limits) -> Result<Sheet, ReadError> {
    read_any(name, bytes, Some(sheet), limits)
}

fn read_any(name: &str, bytes: &[u8], wanted: Option<&str>, limits: Limits) -> Result<Sheet, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if bytes.len() > limits.max_bytes {
        return Err(ReadError::TooLarge { bytes: bytes.len(), max: limits.max_bytes });
    }
    if kind::of(name, bytes)? == Kind::Archive {
        let found = workbook::read(bytes, wanted, limits)?;
        return Ok(Sheet { sheets: found.sheets, sheet: Some(found.sheet), ..found.grid.into_sheet()? });
    }
    let (text, encoding) = decode::decode(bytes)?;
    let (grid, separator) = delimited::read(&text, limits)?;
    Ok(Sheet { encoding: Some(encoding), separator, ..grid.into_sheet()? })
}

/// The cells of a file that are not empty, by row and column, before the header is known.
pub(crate) struct Grid {
    limits: Limits,
    rows: BTreeMap<u32, Vec<(u32, Cell)>>,
    cells: usize,
}

impl Grid {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, rows: BTreeMap::new(), cells: 0 }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Puts a cell at a row from 1 and a column from 0, unless it is empty.
    pub(crate) fn set(
        &mut self,
        row: u32,
        column: u32,
        cell: impl FnOnce() -> Cell,
    ) -> Result<(), ReadError> {
        let (cell, limits) = (cell(), self.limits);
        if cell.is_empty() {
            return Ok(());
        }
        if column as usize >= limits.max_columns {
            return Err(ReadError::TooManyColumns { row, max: limits.max_columns });
        }
        if cell.text.len() > limits.max_cell && cell.text.chars().nth(limits.max_cell).is_some() {
            return Err(ReadError::CellTooLong { row, column: column + 1, max: limits.max_cell });
        }
        self.cells += 1;
        if self.cells > limits.max_cells {
            return Err(ReadError::TooManyCells { max: limits.max_cells });
        }
        self.rows.entry(row).or_default().push((column, cell));
        if self.rows.len() > limits.max_rows {
            return Err(ReadError::TooManyRows { max: limits.max_rows });
        }
        Ok(())
    }

    /// The table: titles, header, rows. Columns without any cell below the titles are left out.
    fn into_sheet(mut self) -> Result<Sheet, ReadError> {
        let header_row = self.header_row().ok_or(ReadError::Empty)?;
        let body = self.rows.split_off(&header_row);
        let titles = self.rows.into_values().map(|cells| join(&cells)).collect();
        let mut columns: Vec<u32> = body.values().flatten().map(|(column, _)| *column).collect();
        columns.sort_unstable();
        columns.dedup();
        if columns.len().saturating_mul(body.len()) > self.limits.max_cells {
            return Err(ReadError::TooManyCells { max: self.limits.max_cells });
        }
        let mut rows = body.into_iter().map(|(number, cells)| {
            let mut row = Row { number, cells: vec![Cell::default(); columns.len()] };
            for (column, cell) in cells {
                if let Ok(at) = columns.binary_search(&column) {
                    row.cells[at] = cell;
                }
            }
            row
        });
        let names = rows.next().map(|row| row.cells).unwrap_or_default();
        let header =
            names.into_iter().zip(&columns).map(|(n, c)| if n.is_empty() { letters(*c) } else { n.text });
        let (header, rows) = (header.collect(), rows.collect());
        let columns = columns.into_iter().map(|c| c + 1).collect();
        Ok(Sheet {
            encoding: None,
            separator: None,
            sheets: vec![],
            sheet: None,
            titles,
            header_row,
            header,
            columns,
            rows,
        })
    }

    /// The first of the top six rows that fills at least six in ten of the columns in use, half of it with text;
    /// failing that, the first row.
    fn header_row(&self) -> Option<u32> {
        let widest = self.rows.values().take(40).map(Vec::len).max()?;
        let names = |cells: &[(u32, Cell)]| {
            let texts = cells.iter().filter(|(_, cell)| cell.value == Value::Text).count();
            cells.len() * 10 >= widest * 6 && texts * 2 >= cells.len()
        };
        let found = self.rows.iter().take(6).find(|(_, cells)| names(cells));
        found.or_else(|| self.rows.first_key_value()).map(|(number, _)| *number)
    }
}

fn join(cells: &[(u32, Cell)]) -> String {
    cells.iter().map(|(_, cell)| cell.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// The letters of a column counted from 0: A, B, … Z, AA.
fn letters(column: u32) -> String {
    let last = char::from(b'A' + (column % 26) as u8);
    if column < 26 { last.to_string() } else { format!("{}{last}", letters(column / 26 - 1)) }
}
