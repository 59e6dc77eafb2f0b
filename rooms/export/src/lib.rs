//! Export: what a product still needs for a destination, by rules that name their sources; packages of orders and their papers.

mod file;
mod pages;
mod panel;
mod ready;
mod rules;
mod shipment;
mod statement;
mod told;

use kernel::room::{Pointer, Room, declared, pointer};

pub use rules::open_rules;
pub use shipment::{Content, Package, Paper, PaperKind, Sscc};
pub use statement::Statement;

/// What follows when two organisations turn out to be one.
const POINTERS: &[Pointer] = &[
    pointer("organisation", "export_statement", "organisation", None),
    pointer("organisation", "shipment_package", "organisation", None),
    pointer("organisation", "shipment_content", "organisation", None),
    pointer("organisation", "shipment_paper", "organisation", None),
];

/// The room of export as the house sees it.
pub fn room() -> Room {
    Room {
        name: "export",
        words: include_str!("../words.toml"),
        schema: &[
            ("0001_export", include_str!("../schema/0001_export.sql")),
            ("0002_shipments", include_str!("../schema/0002_shipments.sql")),
            ("0003_pooled_shipments", include_str!("../schema/0003_pooled_shipments.sql")),
        ],
        routes: pages::routes(),
        panels: panel::panels(),
        protected: &["export_statement", "shipment_package", "shipment_content", "shipment_paper"],
        records: vec![
            declared::<Statement>(),
            declared::<Package>(),
            declared::<Content>(),
            declared::<Paper>(),
        ],
        pointers: POINTERS,
        ..Room::default()
    }
}
