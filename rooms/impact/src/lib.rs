//! Impact: what came of it. Every figure is computed from the records of the work and opens down to them.

mod ask;
mod beside;
mod chart;
mod cohorts;
mod cut;
mod dashboard;
mod days;
mod decide;
mod family;
pub mod figure;
pub mod indicator;
mod kept;
mod lags;
mod link;
mod list;
mod listed;
mod measure;
pub mod outside;
mod own;
mod panel;
mod passport;
mod picture;
mod pivot;
mod portfolio;
mod progress;
mod records;
mod recover;
mod report;
mod results;
pub mod scope;
mod shipped;
mod slice;
mod small;
mod target;
mod target_commune;
mod territory;
mod unit;
mod veil;

use kernel::room::{Leaves, Need, Room, declared};
use kernel::{Fact, Nav, Result, Tx};

pub use cut::{AGES, Cut, PROVINCE, REGION};
pub use figure::{Figure, figures, total};
pub use indicator::{Example, Indicator, Measure, Unit, When, all, find, shipped};
pub use kept::{Anew, held, holds, leads, settle, tend};
pub use link::check as check_link;
pub use listed::Item;
pub use own::{OwnIndicator, OwnMeasure};
pub use report::{
    LetterState, Report, ReportLanguage, ReportLink, ReportSchedule, ReportSection, ReportState,
    ReportTemplate, Rhythm, SectionKind, freeze, prepare,
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
            ("0004_targets", include_str!("../schema/0004_targets.sql")),
            ("0005_schedules", include_str!("../schema/0005_schedules.sql")),
            ("0006_kept", include_str!("../schema/0006_kept.sql")),
        ],
        routes: [
            dashboard::routes(),
            cohorts::routes(),
            list::routes(),
            measure::routes(),
            picture::routes(),
            passport::routes(),
            records::routes(),
            portfolio::routes(),
            results::routes(),
            territory::routes(),
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
            "report_schedule",
            "report_letter",
        ],
        leaves: &[
            (
                "target_commune",
                Leaves::Stays("worked out from the territories of the programmes and the census"),
            ),
            ("impact_touch", Leaves::Stays("whose rows changed since figures were counted")),
            ("report_figure", Leaves::Whole),
            ("report_story", Leaves::Whole),
            ("report_letter", Leaves::Whole),
            ("report_key", Leaves::Stays("whoever holds one reads the report")),
        ],
        records: [declared::<Target>(), declared::<OwnIndicator>()]
            .into_iter()
            .chain(report::records())
            .collect(),
        pointers: report::POINTERS,
        hears: Some(hears),
        jobs: report::jobs(),
        daily: Some(daily),
        mend: Some(target_commune::mend),
        tends: Some(|app| kept::tend(app)),
        ..Room::default()
    }
}

/// What follows from a fact in its transaction.
fn hears(tx: &mut Tx<'_>, fact: &Fact) -> Result<()> {
    target_commune::hears(tx, fact)?;
    kept::hears(tx, fact)
}

fn daily(tx: &mut Tx<'_>) -> Result<()> {
    report::daily(tx)?;
    kept::forget(tx)
}
