//! What is planted in export: a number that the planted cooperative stated.

use ::export::Statement;
use kernel::{Fields, Id, Result, Standing, Tx};

pub(crate) fn plant(tx: &mut Tx<'_>, organisation: &str) -> Result<()> {
    let form = Fields::of([
        ("organisation", organisation),
        ("kind", "exporter_register"),
        ("number", "SECRETSTATEMENT"),
        ("since", "2026-02-01"),
    ]);
    kernel::record::create::<Statement>(tx, Id::named("walked export_statement"), &form, Standing::Steward)
        .map(|_| ())
}
