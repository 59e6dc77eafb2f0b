//! What can go wrong on the way to paper.

use std::fmt;

use typst::diag::SourceDiagnostic;
use typst::{World, WorldExt};

use crate::world::Desk;

/// Why nothing was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The template is wrong, or asks for what is not there.
    Template(Vec<Fault>),
    /// No calendar has this date.
    Date,
    /// This is no name for a file.
    Name(String),
    /// This is no drawing, or none of the size of a page.
    Picture(String),
    /// The engine itself failed.
    Engine,
}

/// One message of the template engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, and what the engine advises.
    pub message: String,
    /// Where, as far as it is known.
    pub place: Option<Place>,
}

/// A place in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Name of the file; the template itself is `main.typ`.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

pub(crate) fn faults(desk: &Desk, found: &[SourceDiagnostic]) -> Vec<Fault> {
    let fault = |one: &SourceDiagnostic| {
        let hints = one.hints.iter().map(|hint| format!(" ({})", hint.v));
        let traced = one.trace.iter().map(|point| point.span.into());
        Fault {
            message: std::iter::once(one.message.to_string()).chain(hints).collect(),
            place: std::iter::once(one.span).chain(traced).find_map(|span| place(desk, span)),
        }
    };
    found.iter().map(fault).collect()
}

fn place(desk: &Desk, span: typst::syntax::DiagSpan) -> Option<Place> {
    let file = span.id()?;
    let start = desk.range(span)?.start;
    let (line, column) = desk.source(file).ok()?.lines().byte_to_line_column(start)?;
    Some(Place { file: file.vpath().get_without_slash().to_owned(), line: line + 1, column: column + 1 })
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Template(faults) => {
                for (at, fault) in faults.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { "; " })?;
                    fault.fmt(f)?;
                }
                Ok(())
            }
            Self::Date => f.write_str("no calendar has this date"),
            Self::Name(name) => write!(f, "{name} is no name for a file"),
            Self::Picture(why) => write!(f, "no picture: {why}"),
            Self::Engine => f.write_str("the template engine failed"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Place { file, line, column }) = &self.place {
            write!(f, "{file}:{line}:{column}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
