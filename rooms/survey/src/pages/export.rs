//! `/surveys/{survey}/export/{format}`: the answers as a spreadsheet; entries of repeats on a sheet of their own, or, in
//! text, as a part of their own.

use std::io::Write;

use kernel::kinds::Names;
use kernel::table::Format;
use kernel::{App, Ctx, Db, Error, Id, Lang, Reply, Result, Standing, Viewer, Words};
use sheet::{CsvStyle, CsvWriter, Out, TableWriter, WriteError, XlsxStyle, XlsxWriter};

use crate::found::{self, Filter, Found, Placed, Value, in_order};
use crate::question::{Column, Sort};
use crate::shown::Shown;
use crate::survey;

/// Answers that are read at once.
const SOME: i64 = 300;

/// What is written, in whose eyes.
struct Export {
    w: Words,
    viewer: Viewer,
    filter: Filter,
    title: String,
}

fn wrong(error: WriteError) -> Error {
    Error::internal(format!("export: {error}"))
}

/// A cell before it is written.
enum Cell {
    Empty,
    Text(String),
    Number(i64, u8),
    Date(jiff::civil::Date),
}

impl Cell {
    fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }
    fn out(&self) -> Out<'_> {
        match self {
            Cell::Empty => Out::Empty,
            Cell::Text(text) => Out::Text(text),
            Cell::Number(number, 0) => Out::Int(*number),
            Cell::Number(number, places) => Out::Decimal(*number, *places),
            Cell::Date(day) => Out::Date(i32::from(day.year()), day.month() as u8, day.day() as u8),
        }
    }
}

/// A number in ten-thousandths with the decimals that it has.
fn number(mut number: i64) -> Cell {
    let mut places = 4;
    while places > 0 && number % 10 == 0 {
        (number, places) = (number / 10, places - 1);
    }
    Cell::Number(number, places)
}

fn cell(shown: &Shown, column: &Column, values: &[&Value], names: &Names) -> Cell {
    match (column.sort, values) {
        (_, []) => Cell::Empty,
        (Sort::Number, [one]) if one.number.is_some() => number(one.number.unwrap_or_default()),
        (Sort::Text, [one]) if column.quiet && one.number.is_some() => number(one.number.unwrap_or_default()),
        (Sort::Date, [one]) => crate::value::day(&one.text).map_or_else(|| Cell::text(&one.text), Cell::Date),
        (Sort::Instant | Sort::Point, [one]) => Cell::text(&one.text),
        _ => Cell::text(shown.joined(column, values, names)),
    }
}

/// Takes some answers and their values.
type Show<'a> = dyn FnMut(&mut Db, &[Found], &[Value]) -> Result<()> + 'a;

impl Export {
    /// Shows some answers after another, each time with their values.
    fn each(&self, db: &mut Db, show: &mut Show<'_>) -> Result<()> {
        let mut skip = 0;
        loop {
            let some = found::some(db, &self.viewer, &self.filter, skip, SOME)?;
            if some.is_empty() {
                return Ok(());
            }
            let ids: Vec<Id> = some.iter().map(|answer| answer.id).collect();
            let values = found::values(db, &ids)?;
            show(db, &some, &values)?;
            skip += SOME;
        }
    }

    fn head(&self, columns: &[&Column]) -> Vec<String> {
        let fixed = ["id", "day", "organisation", "place", "who", "edition", "lat", "lon"];
        let labels = columns.iter().map(|column| column.label.best(self.w.lang).to_owned());
        fixed.iter().map(|name| self.w.t2("survey.column", name)).chain(labels).collect()
    }

    fn answers(
        &self,
        db: &mut Db,
        shown: &Shown,
        columns: &[&Column],
        write: &mut dyn FnMut(&[Cell]) -> Result<()>,
    ) -> Result<()> {
        self.each(db, &mut |db, some, values| {
            let names = shown.names(&self.viewer, db, values)?;
            let accounts: Vec<Id> = some.iter().filter_map(|answer| answer.account).collect();
            let accounts = people::account_names(db, &accounts)?;
            let placed = Placed::of(values);
            for answer in some {
                let at = |number: Option<i64>| number.map_or(Cell::Empty, |number| Cell::Number(number, 6));
                let mut cells = vec![
                    Cell::text(answer.id.to_string()),
                    Cell::Date(answer.day),
                    Cell::text(
                        answer
                            .organisation
                            .as_ref()
                            .map(|(_, name)| name.best(self.w.lang))
                            .unwrap_or_default(),
                    ),
                    Cell::text(
                        answer.place.as_ref().map(|place| self.w.place(&place.division)).unwrap_or_default(),
                    ),
                    Cell::text(answer.account.and_then(|id| accounts.get(&id).cloned()).unwrap_or_default()),
                    Cell::Number(answer.edition, 0),
                    at(answer.point.map(|(lat, _)| lat)),
                    at(answer.point.map(|(_, lon)| lon)),
                ];
                cells.extend(
                    columns
                        .iter()
                        .map(|column| cell(shown, column, placed.at(answer.id, column.id, ""), &names)),
                );
                write(&cells)?;
            }
            Ok(())
        })
    }

    fn entries(
        &self,
        db: &mut Db,
        shown: &Shown,
        columns: &[&Column],
        write: &mut dyn FnMut(&[Cell]) -> Result<()>,
    ) -> Result<()> {
        self.each(db, &mut |db, some, values| {
            let names = shown.names(&self.viewer, db, values)?;
            let placed = Placed::of(values);
            for answer in some {
                let own = values.iter().filter(|value| value.answer == answer.id && !value.entry.is_empty());
                let mut entries: Vec<&str> = own.map(|value| value.entry.as_str()).collect();
                entries.sort_by_key(|entry| in_order(entry));
                entries.dedup();
                for entry in entries {
                    let mut cells = vec![Cell::text(answer.id.to_string()), Cell::text(entry)];
                    cells.extend(
                        columns.iter().map(|column| {
                            cell(shown, column, placed.at(answer.id, column.id, entry), &names)
                        }),
                    );
                    write(&cells)?;
                }
            }
            Ok(())
        })
    }

    fn write(&self, app: &App, out: &mut (dyn Write + Send), format: Format, part: bool) -> Result<()> {
        app.read(|db| {
            let shown = Shown::of(self.w, db, self.filter.survey)?;
            let repeated = repeated(db, &shown, self.filter.survey)?;
            let (inner, outer): (Vec<&Column>, Vec<&Column>) =
                shown.columns.iter().partition(|column| repeated.contains(&column.id));
            let heads = (self.head(&outer), {
                let labels = inner.iter().map(|column| column.label.best(self.w.lang).to_owned());
                ["id", "entry"]
                    .iter()
                    .map(|name| self.w.t2("survey.column", name))
                    .chain(labels)
                    .collect::<Vec<_>>()
            });
            let first = if part { &heads.1 } else { &heads.0 };
            let first: Vec<&str> = first.iter().map(String::as_str).collect();
            let mut writer = match format {
                Format::Csv => {
                    TableWriter::Csv(CsvWriter::new(out, CsvStyle::SPREADSHEET, &first).map_err(wrong)?)
                }
                Format::Xlsx => {
                    let style = XlsxStyle {
                        sheet: &self.title,
                        right_to_left: self.w.lang == Lang::Ar,
                        sheet_rows: None,
                    };
                    TableWriter::Xlsx(XlsxWriter::new(out, style, &first).map_err(wrong)?)
                }
            };
            let put = |writer: &mut TableWriter<_>, cells: &[Cell]| {
                let cells: Vec<Out<'_>> = cells.iter().map(Cell::out).collect();
                writer.row(&cells).map_err(wrong)
            };
            if part {
                self.entries(db, &shown, &inner, &mut |cells| put(&mut writer, cells))?;
            } else {
                self.answers(db, &shown, &outer, &mut |cells| put(&mut writer, cells))?;
            }
            if let (TableWriter::Xlsx(book), false, false) = (&mut writer, part, inner.is_empty()) {
                let head: Vec<&str> = heads.1.iter().map(String::as_str).collect();
                book.sheet(&self.w.t("survey.entries"), &head).map_err(wrong)?;
                self.entries(db, &shown, &inner, &mut |cells| put(&mut writer, cells))?;
            }
            writer.finish().map_err(wrong)?;
            Ok(())
        })
    }
}

/// Questions that were answered in entries of repeats.
fn repeated(db: &mut Db, shown: &Shown, survey: Id) -> Result<Vec<Id>> {
    let query = kernel::sql(
        "select distinct v.question from survey_answer a join survey_value v on v.answer = a.id
                             where a.survey = ? and v.entry <> ''",
    )
    .bind(survey)
    .open("which questions stand in repeats");
    let found: Vec<Id> = db.rows(&query, |row| row.take())?;
    Ok(shown.columns.iter().map(|column| column.id).filter(|id| found.contains(id)).collect())
}

pub(super) fn export(ctx: &Ctx) -> Result<Reply> {
    let format = Format::from_code(ctx.param("format")?).ok_or(Error::NotFound)?;
    let survey = ctx.read(|db| Ok(survey::open(ctx, db, Standing::File)?.0))?;
    let part = ctx.query.text("part") == Some("entries");
    let export = Export {
        w: ctx.w,
        viewer: ctx.viewer.clone(),
        filter: Filter::of(ctx, survey.id),
        title: survey.title.best(ctx.w.lang).to_owned(),
    };
    let (media, extension) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Xlsx => (crate::edition::XLSX, "xlsx"),
    };
    let name = format!("{}{}.{extension}", survey.form, if part { "-entries" } else { "" });
    let produce =
        Box::new(move |app: &App, out: &mut (dyn Write + Send)| export.write(app, out, format, part));
    Ok(Reply::Download { media: media.into(), name, inline: false, produce })
}
