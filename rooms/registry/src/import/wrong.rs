//! The rows that could not be read, as a workbook with the reasons beside them, to be corrected and brought again.

use kernel::kinds::Input;
use kernel::table::{self, Format};
use kernel::{Ctx, Record, Reply, Result, Standing, Words, sql};
use schemars::JsonSchema;
use serde::Serialize;
use sheet::Out;

use super::mapping::Mapping;
use super::rows::{self, Kept, Problem};
use super::{Subject, open};

/// `GET /imports/{import}/wrong`.
pub(crate) fn download<S: Subject>(ctx: &Ctx) -> Result<Reply> {
    let import = ctx.read(|db| open::<S>(ctx, db))?;
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
                let reasons = reasons::<S>(row, &import.header, &import.mapping, w);
                let reasons = reasons.iter().map(|reason| reason.said(w)).collect::<Vec<_>>().join("\n");
                let texts: Vec<_> = row.cells.iter().map(rows::Cell::text).collect();
                let mut cells: Vec<Out<'_>> = texts.iter().map(|text| Out::Text(text)).collect();
                cells.push(Out::Text(&reasons));
                write(&cells)?;
            }
        }
    }))
}

/// Why a row is wrong: a sentence, and the name that its column has in the file; none for the whole row.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Reason {
    pub(super) column: Option<String>,
    pub(super) sentence: String,
}

impl Reason {
    /// Both as one text.
    pub(crate) fn said(&self, w: Words) -> String {
        match &self.column {
            Some(column) => format!("{column}{}{}", colon(w), self.sentence),
            None => self.sentence.clone(),
        }
    }
}

/// The sign between a column and what is wrong with it.
pub(crate) fn colon(w: Words) -> &'static str {
    if w.lang == kernel::Lang::Fr { " : " } else { ": " }
}

/// Why a row is wrong, column by column.
pub(crate) fn reasons<S: Subject>(row: &Kept, header: &[String], mapping: &Mapping, w: Words) -> Vec<Reason> {
    let column = |problem: &Problem| {
        let base = problem.field.split('.').next().unwrap_or_default();
        let columns = || mapping.columns.iter().zip(header);
        let exactly = columns().find(|(target, _)| **target == problem.field);
        let found = exactly.or_else(|| columns().find(|(target, _)| target.split('.').next() == Some(base)));
        let own = || S::targets(Standing::Steward).into_iter().find(|target| target.code == base);
        found.map(|(_, name)| name.clone()).or_else(|| own().map(|target| target.said(w)))
    };
    let said = |problem: &Problem| Reason {
        column: if problem.field.is_empty() { None } else { column(problem) },
        sentence: problem.said(w) + &choices::<S>(problem, w).unwrap_or_default(),
    };
    row.problems.iter().map(said).collect()
}

/// The answers that a short list of codes offers: there is no form to look them up in.
fn choices<S: Subject>(problem: &Problem, w: Words) -> Option<String> {
    let field = S::Record::field(&problem.field).filter(|_| problem.key == "error.choice")?;
    match field.ops.input {
        Input::Choice { codes, words } | Input::Choices { codes, words } if codes.len() <= 15 => {
            let labels: Vec<String> = codes.iter().map(|code| w.t2(words, code)).collect();
            Some(format!(" {}", w.with("registry.import.choices", "names", &labels.join(" · "))))
        }
        _ => None,
    }
}
