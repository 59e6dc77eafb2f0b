//! The market: what cooperatives make, the lots it comes in, what proves its quality, and the pages buyers read.

mod blend;
mod card;
mod catalogue;
mod cost;
pub mod counter;
pub mod gtin;
mod label;
mod lot;
mod movement;
mod origin;
mod pages;
mod panel;
mod photo;
mod pieces;
mod price;
mod product;
pub mod promise;
pub mod sale;
pub mod stock;
mod taken;
mod tasks;
mod told;
mod trade;
pub mod xml;

use kernel::Nav;
use kernel::room::{Leaves, Need, Pointer, Room, declared, pointer};

pub use cost::{CostKind, CostLine, CostSheet};
pub use gtin::{Gtin, Hs};
pub use label::{Condition, Cover, Label, Scheme, is_holder};
pub use lot::Lot;
pub use movement::{Movement, Reason};
pub use photo::Photo;
pub use pieces::hand;
pub use price::{Buyer, Pack, Price};
pub use product::{Allergen, Making, Product, ProductKind, ProductStatus, Unit};
pub use taken::{
    SoldLot, gone_into, holds_label, labels_of, made_of, packs_of, products_of, sell, sold_as, stock_of,
    unsell,
};
pub use trade::Incoterm;

/// What follows when two organisations turn out to be one.
const POINTERS: &[Pointer] = &[
    pointer("organisation", "product", "organisation", None),
    pointer("organisation", "product_photo", "organisation", None),
    pointer("organisation", "product_pack", "organisation", None),
    pointer("organisation", "product_price", "organisation", None),
    pointer("organisation", "lot", "organisation", Some("number")),
    pointer("organisation", "lot_movement", "organisation", None),
    pointer("organisation", "quality_label", "organisation", None),
    pointer("organisation", "label_cover", "organisation", None),
    pointer("organisation", "cost_sheet", "organisation", None),
    pointer("organisation", "cost_line", "organisation", None),
];

/// The room of the market as the house sees it.
pub fn room() -> Room {
    Room {
        name: "market",
        words: include_str!("../words.toml"),
        schema: &[
            ("0001_market", include_str!("../schema/0001_market.sql")),
            ("0003_costs", include_str!("../schema/0003_costs.sql")),
            ("0004_promises", include_str!("../schema/0004_promises.sql")),
        ],
        routes: pages::routes(),
        panels: panel::panels(),
        nav: vec![
            Nav {
                order: 38,
                path: "/products",
                word: "nav.products",
                need: Need::Held(&["coach", "representative"]),
            },
            Nav { order: 39, path: "/catalogue", word: "nav.catalogue", need: Need::Anybody },
        ],
        indexed: Some(catalogue::INDEXED),
        hears: Some(catalogue::hears),
        protected: &[
            "product",
            "product_photo",
            "product_pack",
            "product_price",
            "lot",
            "lot_movement",
            "quality_label",
            "label_cover",
            "cost_sheet",
            "cost_line",
            "stock_promise",
        ],
        records: vec![
            declared::<Product>(),
            declared::<Photo>(),
            declared::<Pack>(),
            declared::<Price>(),
            declared::<Lot>(),
            declared::<Movement>(),
            declared::<Label>(),
            declared::<Cover>(),
            declared::<CostSheet>(),
            declared::<CostLine>(),
        ],
        leaves: LEAVES,
        pointers: POINTERS,
        tasks: vec![tasks::find],
        spoken: &[("space", &["market_tile.products"])],
        ..Room::default()
    }
}

/// What is no declared record of its own and leaves with the whole file.
const LEAVES: &[(&str, Leaves)] = &[("stock_promise", Leaves::Whole)];
