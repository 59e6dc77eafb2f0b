//! XLSX workbooks, unpacked once to learn their true size before anything is built from them.

use crate::table::{Cell, Grid};
use crate::{Limits, ReadError, Value};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use zip::ZipArchive;

/// The rows of one sheet, its name, and the names of those with rows.
pub(crate) struct Found {
    pub(crate) grid: Grid,
    pub(crate) sheet: String,
    pub(crate) sheets: Vec<String>,
}

/// Reads the named sheet, or the first visible one that is not empty.
pub(crate) fn read(bytes: &[u8], wanted: Option<&str>, limits: Limits) -> Result<Found, ReadError> {
    // The libraries below are not ours: should one panic on a hostile file, that file is damaged, no more.
    catch_unwind(AssertUnwindSafe(|| {
        check_parts(bytes, limits)?;
        find(bytes, wanted, limits)
    }))
    .unwrap_or(Err(ReadError::Damaged))
}

/// Unpacks every part to nowhere, counting. The sizes that an archive declares are not trusted.
fn check_parts(bytes: &[u8], limits: Limits) -> Result<(), ReadError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ReadError::Damaged)?;
    if let Some(format) = foreign(&archive) {
        return Err(ReadError::Foreign { format });
    }
    let too_large = ReadError::UnpacksTooLarge { max: limits.max_unpacked };
    if archive.len() > 5_000 {
        return Err(too_large);
    }
    let mut left = limits.max_unpacked;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| ReadError::Damaged)?;
        // Rows are read one at a time; the other parts become lists in memory several times their size.
        let is_rows = part.name().is_ok_and(|name| name.contains("worksheets/"));
        let allowed = if is_rows { left } else { left.min(limits.max_unpacked / 4) };
        let size = std::io::copy(&mut part.take(allowed + 1), &mut std::io::sink())
            .map_err(|_| ReadError::Damaged)?;
        if size > allowed {
            return Err(too_large);
        }
        left -= size;
    }
    Ok(())
}

/// What an archive is if it is not a workbook that this crate reads.
fn foreign(archive: &ZipArchive<Cursor<&[u8]>>) -> Option<&'static str> {
    let has =
        |start: &str| archive.file_names().flatten().any(|n| n.trim_start_matches('/').starts_with(start));
    if has("xl/workbook.bin") {
        Some("xlsb")
    } else if has("word/") {
        Some("docx")
    } else if has("mimetype") {
        Some("ods")
    } else if has("xl/") || has("[Content_Types].xml") {
        None
    } else {
        Some("archive")
    }
}

fn find(bytes: &[u8], wanted: Option<&str>, limits: Limits) -> Result<Found, ReadError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| ReadError::Damaged)?;
    let listed: Vec<_> =
        book.sheets_metadata().iter().filter(|s| s.typ == SheetType::WorkSheet).cloned().collect();
    let visible = || listed.iter().filter(|s| s.visible == SheetVisible::Visible);
    let names = visible().map(|s| s.name.clone());
    let sheets: Vec<String> = names.filter(|name| has_rows(&mut book, name)).collect();
    let asked: Vec<_> = match wanted {
        Some(name) => listed.iter().filter(|s| s.name == name).collect(),
        None => visible().filter(|s| sheets.is_empty() || sheets.contains(&s.name)).collect(),
    };
    if let (Some(name), true) = (wanted, asked.is_empty()) {
        return Err(ReadError::NoSuchSheet { name: name.to_owned() });
    }
    for sheet in asked {
        let grid = fill(&mut book, &sheet.name, limits)?;
        if !grid.is_empty() {
            return Ok(Found { grid, sheet: sheet.name.clone(), sheets });
        }
    }
    Err(ReadError::Empty)
}

/// Whether something stands in more than one row of a sheet. It is read no further than that.
fn has_rows(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> bool {
    let Ok(mut cells) = book.worksheet_cells_reader(name) else { return false };
    let mut first = None;
    while let Ok(Some(found)) = cells.next_cell() {
        let row = found.get_position().0;
        if !cell(found.get_value()).is_empty() && *first.get_or_insert(row) != row {
            return true;
        }
    }
    false
}

fn fill(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, limits: Limits) -> Result<Grid, ReadError> {
    let mut grid = Grid::new(limits);
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| ReadError::Damaged)?;
    while let Some(found) = cells.next_cell().map_err(|_| ReadError::Damaged)? {
        let (row, column) = found.get_position();
        if *found.get_value() != DataRef::Empty {
            grid.set(row.saturating_add(1), column, || cell(found.get_value()))?;
        }
    }
    Ok(grid)
}

fn cell(data: &DataRef<'_>) -> Cell {
    match data {
        DataRef::Int(n) => number(*n as f64),
        DataRef::Float(n) => number(*n),
        DataRef::String(text) => Cell::text(text.trim()),
        DataRef::SharedString(text) => Cell::text(text.trim()),
        DataRef::Bool(b) => Cell { text: b.to_string(), value: Value::Bool(*b) },
        DataRef::DateTime(moment) => date_time(*moment),
        DataRef::DateTimeIso(text) => match crate::parse::date(text) {
            Some((y, m, d)) => Cell { text: text.clone(), value: Value::Date(y, m, d) },
            None => Cell::text(text),
        },
        DataRef::DurationIso(text) => Cell::text(text),
        DataRef::Error(error) => Cell::text(&error.to_string()),
        DataRef::Empty => Cell::default(),
    }
}

/// A number to the 15 digits that a spreadsheet keeps: 0.1 + 0.2 is 0.3.
fn number(n: f64) -> Cell {
    let n = format!("{n:.14e}").parse().unwrap_or(n);
    Cell { text: n.to_string(), value: Value::Number(n) }
}

/// A date, with its time if it has one; a duration or an hour of the day stays text.
fn date_time(moment: ExcelDateTime) -> Cell {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if moment.is_duration() || moment.as_f64().abs() < 1.0 {
        let minutes = (moment.as_f64() * 1440.0).round() as i64;
        let sign = if minutes < 0 { "-" } else { "" };
        return Cell::text(&format!("{sign}{:02}:{:02}", (minutes / 60).abs(), (minutes % 60).abs()));
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    let text = match (hour, minute, second) {
        (0, 0, 0) => date.clone(),
        _ => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
    };
    match crate::parse::date(&date) {
        Some((y, m, d)) => Cell { text, value: Value::Date(y, m, d) },
        None => Cell::text(&text),
    }
}
