//! The rows that could not be read, as a workbook with the reasons beside them, to be corrected and brought again.

use kernel::table::{self, Format};
use kernel::{Ctx, Reply, Result, Words, sql};
use sheet::Out;

use super::mapping::Mapping;
use super::open;
use super::rows::{self, Kept, Problem};

/// `GET /imports/{import}/wrong`.
pub(crate) fn download(ctx: &Ctx) -> Result<Reply> {
    let import = ctx.read(|db| open(ctx, db))?;
    let (w, id) = (ctx.w, import.id);
    let mut header = import.header.clone();
    header.push(w.t("registry.import.reasons").into_owned());
    Ok(table::export(Format::Xlsx, &w.t("registry.import.wrong.file"), w.lang, header, move |db, write| {
        let mut last = 0;
        loop {
            let tail = sql(" and state = 'wrong' and number > ? order by number limit 500").bind(last);
            let batch = rows::read(db, id, tail)?;
            let Some(end) = batch.last() else { return Ok(()) };
            last = end.number;
            for row in &batch {
                let reasons = reasons(row, &import.header, &import.mapping, w).join("\n");
                let texts: Vec<_> = row.cells.iter().map(rows::Cell::text).collect();
                let mut cells: Vec<Out<'_>> = texts.iter().map(|text| Out::Text(text)).collect();
                cells.push(Out::Text(&reasons));
                write(&cells)?;
            }
        }
    }))
}

/// Why a row is wrong: a sentence for each column, under the name it has in the file.
pub(crate) fn reasons(row: &Kept, header: &[String], mapping: &Mapping, w: Words) -> Vec<String> {
    let colon = if w.lang == kernel::Lang::Fr { " : " } else { ": " };
    let said = |problem: &Problem| {
        let sentence = problem.said(w);
        if problem.field.is_empty() {
            return sentence;
        }
        let base = problem.field.split('.').next().unwrap_or_default();
        let columns = || mapping.columns.iter().zip(header);
        let exactly = columns().find(|(target, _)| **target == problem.field);
        let found = exactly.or_else(|| columns().find(|(target, _)| target.split('.').next() == Some(base)));
        let column = found.map_or_else(|| w.t2("organisation", base), |(_, name)| name.clone());
        format!("{column}{colon}{sentence}")
    };
    row.problems.iter().map(said).collect()
}
