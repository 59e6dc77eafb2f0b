//! Reports: sections composed on a page, frozen at a date with their sources, printed, tabled, shared by a link that ends.

mod compose;
mod count;
mod keep;
mod last;
mod letter;
mod link;
mod pages;
mod panel;
mod paper;
mod photo;
mod ready;
mod record;
mod schedule;
mod section;
mod share;
mod show;
mod sources;
mod spreadsheet;
pub(crate) mod story;
mod told;

use kernel::room::{Declared, JobRunner, Pointer, Route, declared, pointer};

pub(crate) use panel::panels;

pub use keep::freeze;
pub use letter::LetterState;
pub use ready::prepare;
pub use record::{
    Report, ReportLanguage, ReportLink, ReportSection, ReportState, ReportTemplate, SectionKind,
};
pub(crate) use schedule::daily;
pub use schedule::{ReportSchedule, Rhythm};

/// Its work in the background.
pub(crate) fn jobs() -> Vec<(&'static str, JobRunner)> {
    vec![(schedule::JOB, schedule::run), (letter::JOB, letter::run)]
}

/// Its column that points at organisations.
pub(crate) const POINTERS: &[Pointer] = &[pointer("organisation", "report_section", "organisation", None)];

pub(crate) fn records() -> Vec<Declared> {
    vec![
        declared::<Report>(),
        declared::<ReportSection>(),
        declared::<ReportLink>(),
        declared::<ReportSchedule>(),
    ]
}

pub(crate) fn routes() -> Vec<Route> {
    [
        pages::routes(),
        show::routes(),
        section::routes(),
        share::routes(),
        paper::routes(),
        spreadsheet::routes(),
        photo::routes(),
        schedule::routes(),
        letter::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
