//! Reads and writes the tables that people exchange: XLSX and CSV, in French and Arabic.
//!
//! [`read`] takes a file as it comes (any encoding, any separator, a title above the header, empty rows and
//! columns) and gives a header and rows that still know their number in the spreadsheet. [`parse`] turns what
//! people type in cells into numbers, dates, yes or no. [`TableWriter`] writes rows as they come, in bounded
//! memory, so that no cell is ever run as a formula.
//!
//! Files are not trusted: every size has a limit, and a hostile or damaged file is an error, never a panic.
//! Errors carry a code and data; the words are the caller's.

mod decode;
mod delimited;
mod error;
mod guard;
mod kind;
pub mod parse;
mod table;
mod workbook;
mod write;
mod write_csv;
mod write_xlsx;

pub use error::{ReadError, WriteError};
pub use table::{Cell, Limits, Row, Sheet, Value, read, read_named};
pub use write::{Out, TableWriter, Written};
pub use write_csv::{CsvStyle, CsvWriter};
pub use write_xlsx::{XlsxStyle, XlsxWriter};
