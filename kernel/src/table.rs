//! Any list as a spreadsheet: the same rights, sent while it is read.

use std::io::Write;

use sheet::{CsvStyle, CsvWriter, Out, TableWriter, WriteError, XlsxStyle, XlsxWriter};

use crate::ctx::{Producer, Reply};
use crate::store::Db;
use crate::{App, Error, Lang, Result};

/// The formats a list can be taken away in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A workbook.
    Xlsx,
    /// Semicolon-separated text with a byte-order mark, as French spreadsheets expect.
    Csv,
}

impl Format {
    /// `xlsx` or `csv`.
    pub fn from_code(code: &str) -> Option<Format> {
        match code {
            "xlsx" => Some(Format::Xlsx),
            "csv" => Some(Format::Csv),
            _ => None,
        }
    }
}

/// Receives the rows of an export.
pub type Rows<'a> = dyn FnMut(&[Out<'_>]) -> Result<()> + 'a;

/// A download named `name` with this header, whose rows `fill` reads from one snapshot and passes on as they come.
pub fn export(
    format: Format,
    name: &str,
    lang: Lang,
    header: Vec<String>,
    fill: impl FnOnce(&mut Db, &mut Rows<'_>) -> Result<()> + Send + 'static,
) -> Reply {
    let sheet_name = name.to_owned();
    let produce: Producer = Box::new(move |app: &App, out: &mut (dyn Write + Send)| {
        let wrong = |e: WriteError| Error::internal(format!("export: {e}"));
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let mut writer = match format {
            Format::Csv => {
                TableWriter::Csv(CsvWriter::new(out, CsvStyle::SPREADSHEET, &header).map_err(wrong)?)
            }
            Format::Xlsx => {
                let style =
                    XlsxStyle { sheet: &sheet_name, right_to_left: lang == Lang::Ar, sheet_rows: None };
                TableWriter::Xlsx(XlsxWriter::new(out, style, &header).map_err(wrong)?)
            }
        };
        app.read(|db| fill(db, &mut |row| writer.row(row).map_err(wrong)))?;
        writer.finish().map_err(wrong)?;
        Ok(())
    });
    let (media, extension) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    };
    Reply::Download { media: media.into(), name: format!("{name}.{extension}"), inline: false, produce }
}
