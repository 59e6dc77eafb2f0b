//! What can go wrong, as codes and data without sentences.

use std::fmt;

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing is written in it.
    Empty,
    /// It has more bytes than allowed.
    TooLarge {
        /// The bytes it has.
        bytes: usize,
        /// The bytes allowed.
        max: usize,
    },
    /// It unpacks to more bytes than allowed.
    UnpacksTooLarge {
        /// The bytes allowed.
        max: u64,
    },
    /// It has more rows than allowed.
    TooManyRows {
        /// The rows allowed.
        max: usize,
    },
    /// It has a cell beyond the last column allowed.
    TooManyColumns {
        /// The row of that cell.
        row: u32,
        /// The columns allowed.
        max: usize,
    },
    /// It has more cells than allowed.
    TooManyCells {
        /// The cells allowed.
        max: usize,
    },
    /// A cell has more characters than allowed.
    CellTooLong {
        /// The row of the cell, from 1.
        row: u32,
        /// The column of the cell, from 1.
        column: u32,
        /// The characters allowed.
        max: usize,
    },
    /// It is not a table but something else, such as `pdf`, `xls`, `ods`, `image`.
    Foreign {
        /// What it seems to be.
        format: &'static str,
    },
    /// It is locked with a password.
    Locked,
    /// It claims to be a workbook and cannot be read as one.
    Damaged,
    /// It has no sheet of the name asked for.
    NoSuchSheet {
        /// The name asked for.
        name: String,
    },
}

impl ReadError {
    /// The key of the message that tells a person about this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "sheet.empty",
            Self::TooLarge { .. } => "sheet.too_large",
            Self::UnpacksTooLarge { .. } => "sheet.unpacks_too_large",
            Self::TooManyRows { .. } => "sheet.too_many_rows",
            Self::TooManyColumns { .. } => "sheet.too_many_columns",
            Self::TooManyCells { .. } => "sheet.too_many_cells",
            Self::CellTooLong { .. } => "sheet.cell_too_long",
            Self::Foreign { .. } => "sheet.foreign",
            Self::Locked => "sheet.locked",
            Self::Damaged => "sheet.damaged",
            Self::NoSuchSheet { .. } => "sheet.no_such_sheet",
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for ReadError {}

/// Why a table could not be written.
#[derive(Debug)]
pub enum WriteError {
    /// The place it goes to refused.
    Io(std::io::Error),
    /// The workbook library refused.
    Workbook(Box<rust_xlsxwriter::XlsxError>),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(e) => e.fmt(f),
            Self::Workbook(e) => e.fmt(f),
        }
    }
}

impl std::error::Error for WriteError {}

impl From<std::io::Error> for WriteError {
    fn from(e: std::io::Error) -> Self {
        Self::Io(e)
    }
}

impl From<csv::Error> for WriteError {
    fn from(e: csv::Error) -> Self {
        Self::Io(e.into())
    }
}

impl From<rust_xlsxwriter::XlsxError> for WriteError {
    fn from(e: rust_xlsxwriter::XlsxError) -> Self {
        Self::Workbook(Box::new(e))
    }
}
