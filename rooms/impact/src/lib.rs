//! Impact: what came of it. Every figure is computed from the records of the work and opens down to them.

mod ask;
mod beside;
mod chart;
mod cut;
mod dashboard;
pub mod figure;
pub mod indicator;
mod kept;
mod link;
mod list;
mod listed;
mod measure;
pub mod outside;
mod own;
mod panel;
mod pivot;
mod portfolio;
mod progress;
mod records;
mod report;
mod results;
pub mod scope;
mod shipped;
mod slice;
pub mod small;
mod target;
mod unit;

use kernel::Nav;
use kernel::room::{Need, Room, declared};

pub use cut::{AGES, Cut, PROVINCE, REGION};
pub use figure::{Figure, figures, total};
pub use indicator::{Example, Indicator, Measure, Unit, When, all, find, shipped};
pub use kept::{Anew, held, leads, settle, tend};
pub use link::check as check_link;
pub use listed::Item;
pub use own::{OwnIndicator, OwnMeasure};
pub use report::{
    Report, ReportLanguage, ReportLink, ReportSection, ReportState, ReportTemplate, SectionKind, freeze,
    prepare,
};
pub use scope::{Eyes, Period, Scope};
pub use slice::Slice;
pub use target::{Target, of as targets};
pub use unit::scale;

/// The room of impact as the house sees it.
pub fn room() -> Room {
    Room {
        name: "impact",
        words: include_str!("../words.toml"),
        schema: &[
            ("0001_impact", include_str!("../schema/0001_impact.sql")),
            ("0002_reports", include_str!("../schema/0002_reports.sql")),
            ("0003_own", include_str!("../schema/0003_own.sql")),
            ("0004_kept", include_str!("../schema/0004_kept.sql")),
        ],
        routes: [
            dashboard::routes(),
            list::routes(),
            measure::routes(),
            records::routes(),
            portfolio::routes(),
            results::routes(),
            target::routes(),
            own::routes(),
            report::routes(),
        ]
        .into_iter()
        .flatten()
        .collect(),
        panels: panel::panels().into_iter().chain(report::panels()).collect(),
        nav: vec![
            Nav { order: 45, path: "/portfolio", word: "nav.portfolio", need: Need::SignedIn },
            Nav { order: 46, path: "/results", word: "nav.results", need: Need::Anybody },
        ],
        protected: &[
            "impact_target",
            "own_indicator",
            "report",
            "report_section",
            "report_figure",
            "report_story",
            "report_link",
        ],
        records: [declared::<Target>(), declared::<OwnIndicator>()]
            .into_iter()
            .chain(report::records())
            .collect(),
        pointers: report::POINTERS,
        hears: Some(kept::hears),
        daily: Some(kept::forget),
        tends: Some(kept::tend),
        ..Room::default()
    }
}
