//! Export: what a product still needs for a destination, by rules that name their sources.

mod file;
mod pages;
mod panel;
mod ready;
mod rules;
mod statement;
mod told;

use kernel::room::{Pointer, Room, declared, pointer};

pub use rules::open_rules;
pub use statement::Statement;

/// What follows when two organisations turn out to be one.
const POINTERS: &[Pointer] = &[pointer("organisation", "export_statement", "organisation", None)];

/// The room of export as the house sees it.
pub fn room() -> Room {
    Room {
        name: "export",
        words: include_str!("../words.toml"),
        schema: &[("0001_export", include_str!("../schema/0001_export.sql"))],
        routes: pages::routes(),
        panels: panel::panels(),
        protected: &["export_statement"],
        records: vec![declared::<Statement>()],
        pointers: POINTERS,
        ..Room::default()
    }
}
