//! Reports: sections composed on a page, frozen at a date with their sources, printed, tabled, shared by a link that ends.

mod compose;
mod count;
mod keep;
mod last;
mod link;
mod pages;
mod panel;
mod paper;
mod photo;
mod ready;
mod record;
mod section;
mod share;
mod show;
mod sources;
mod spreadsheet;
mod story;
mod told;

use kernel::room::{Declared, Pointer, Route, declared, pointer};

pub(crate) use panel::panels;

pub use keep::freeze;
pub use ready::prepare;
pub use record::{
    Report, ReportLanguage, ReportLink, ReportSection, ReportState, ReportTemplate, SectionKind,
};

/// Its column that points at organisations.
pub(crate) const POINTERS: &[Pointer] = &[pointer("organisation", "report_section", "organisation", None)];

pub(crate) fn records() -> Vec<Declared> {
    vec![declared::<Report>(), declared::<ReportSection>(), declared::<ReportLink>()]
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
    ]
    .into_iter()
    .flatten()
    .collect()
}
