//! What is planted in the room of impact: a draft that only the programme's team may know of, and an indicator that is
//! the programme's own.

use impact::{OwnIndicator, Report, ReportSection};
use kernel::{Fields, Id, Result, Standing, Tx};

pub(crate) fn plant(tx: &mut Tx<'_>, programme: &str) -> Result<()> {
    let report = Id::named("walked report");
    let form = Fields::of([
        ("programme", programme),
        ("template", "annual"),
        ("title", "SECRETDRAFT"),
        ("language", "fr"),
        ("since", "2026-01-01"),
        ("until", "2026-12-31"),
        ("state", "draft"),
    ]);
    kernel::record::create::<Report>(tx, report, &form, Standing::Steward)?;
    let report = report.to_string();
    let form = Fields::of([
        ("programme", programme),
        ("report", report.as_str()),
        ("position", "1"),
        ("kind", "text"),
        ("body", "SECRETSECTION"),
    ]);
    kernel::record::create::<ReportSection>(
        tx,
        Id::named("walked report_section"),
        &form,
        Standing::Steward,
    )?;
    let form = Fields::of([
        ("programme", programme),
        ("name.fr", "SECRETINDICATOR"),
        ("definition.fr", "Visites de la province"),
        ("base", "visits-made"),
        ("measure", "count"),
        ("only_1", "province:08.587"),
    ]);
    let own = Id::named("walked own_indicator");
    kernel::record::create::<OwnIndicator>(tx, own, &form, Standing::Steward)?;
    Ok(())
}
