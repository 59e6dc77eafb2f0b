//! A sheet of the workbook as rows whose cells are asked for by the name of their column.

use sheet::{Limits, ReadError};

use crate::problem::Problem;

/// A questionnaire is a small table.
pub(crate) const LIMITS: Limits = Limits {
    max_bytes: 4 << 20,
    max_unpacked: 64 << 20,
    max_rows: 20_001,
    max_columns: 200,
    max_cells: 400_000,
    max_cell: 10_000,
};

/// A column: `label::Français (fr)` is of the kind `label` in a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// As it is written in the sheet.
    pub(crate) title: String,
    /// What it says, in lower case with `_` for spaces.
    pub(crate) kind: String,
    /// In which language; empty if not said.
    pub(crate) language: String,
}

impl Column {
    fn of(title: &str) -> Column {
        let (kind, language) = title.split_once("::").map_or((title, ""), |(kind, rest)| (kind, rest.trim()));
        let kind = kind.trim().to_lowercase().replace(' ', "_");
        let kind = match kind.as_str() {
            "list_name" | "dataset" | "list" => "list_name",
            "value" => "name",
            "relevance" => "relevant",
            "calculate" => "calculation",
            "readonly" => "read_only",
            "required_msg" => "required_message",
            "constraint_msg" => "constraint_message",
            other => other,
        };
        Column { title: title.to_owned(), kind: kind.to_owned(), language: language.to_owned() }
    }
}

/// A sheet.
#[derive(Debug)]
pub(crate) struct Table {
    /// What it is called: `survey`.
    pub(crate) name: &'static str,
    pub(crate) columns: Vec<Column>,
    rows: Vec<(u32, Vec<String>)>,
}

/// A row of a sheet.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) table: &'a Table,
    pub(crate) number: u32,
    cells: &'a [String],
}

/// What XML cannot hold is left out.
fn clean(text: &str) -> String {
    let held =
        |c: &char| !matches!(c, '\0'..='\x08' | '\x0b'..='\x1f' | '\u{fffe}' | '\u{ffff}') || *c == '\r';
    text.chars().filter(held).collect::<String>().trim().to_owned()
}

impl Table {
    /// The sheet of this name, if the workbook has it.
    pub(crate) fn read(
        file: &str,
        bytes: &[u8],
        sheets: &[String],
        name: &'static str,
    ) -> Result<Option<Table>, ReadError> {
        let Some(there) = sheets.iter().find(|there| there.trim().eq_ignore_ascii_case(name)) else {
            return Ok(None);
        };
        let read = sheet::read_named(file, bytes, there, LIMITS)?;
        let columns = read.header.iter().map(|title| Column::of(&clean(title))).collect();
        let rows = read
            .rows
            .iter()
            .map(|row| (row.number, row.cells.iter().map(|cell| clean(&cell.text)).collect()));
        Ok(Some(Table { name, columns, rows: rows.collect() }))
    }

    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let lines = self.rows.iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
        lines.map(|(number, cells)| Line { table: self, number: *number, cells })
    }

    pub(crate) fn has(&self, kind: &str) -> bool {
        self.columns.iter().any(|column| column.kind == kind)
    }

    /// About how many bytes of a form its cells become: a reference becomes a path.
    pub(crate) fn weight(&self) -> usize {
        const PATH: usize = 300;
        let weight = |cell: &String| cell.len() + PATH * cell.matches("${").count();
        self.rows.iter().flat_map(|(_, cells)| cells).map(weight).sum()
    }

    /// A problem with the whole sheet.
    pub(crate) fn problem(&self, code: &'static str) -> Problem {
        Problem::new(code, self.name, 0, "")
    }
}

impl<'a> Line<'a> {
    /// The text of the column of this kind that is of no language.
    pub(crate) fn get(&self, kind: &str) -> &'a str {
        self.cells_with()
            .find(|(column, _)| column.kind == kind && column.language.is_empty())
            .map_or("", |(_, text)| text)
    }

    /// Every cell that is not empty, with its column.
    pub(crate) fn cells_with(&self) -> impl Iterator<Item = (&'a Column, &'a str)> + use<'a> {
        let pairs = self.table.columns.iter().zip(self.cells);
        pairs.map(|(column, text)| (column, text.as_str())).filter(|(_, text)| !text.is_empty())
    }

    /// A problem in a column of this row.
    pub(crate) fn problem(&self, code: &'static str, kind: &str) -> Problem {
        let column = self.table.columns.iter().find(|column| column.kind == kind);
        Problem::new(code, self.table.name, self.number, column.map_or(kind, |column| &column.title))
    }
}

/// Refuses cells of columns whose kind would change what a form does and is not supported.
pub(crate) fn refuse_unsupported(table: &Table, known: &[&str], problems: &mut Vec<Problem>) {
    const REFUSED: [&str; 14] = [
        "media",
        "image",
        "audio",
        "video",
        "big-image",
        "guidance_hint",
        "bind",
        "body",
        "instance",
        "trigger",
        "autoplay",
        "rows",
        "accuracythreshold",
        "intent",
    ];
    for line in table.lines() {
        for (column, _) in line.cells_with() {
            let first = column.kind.split(':').next().unwrap_or_default();
            if REFUSED.contains(&first) && !known.contains(&column.kind.as_str()) {
                let at = Problem::new("column_unsupported", table.name, line.number, &column.title);
                problems.push(at);
            }
        }
    }
}
