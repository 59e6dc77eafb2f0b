//! Selling: what buyers put in a basket, ask for and order from cooperatives; quotations, preparation from lots, delivery and
//! payment.

mod basket;
mod card;
mod line;
mod link;
mod look;
mod order;
mod pages;
mod panel;
mod payment;
mod prepare;
mod quotation;
mod reserve;
mod spot;
mod statement;
mod taken;
mod tasks;

use kernel::Nav;
use kernel::room::{Leaves, Need, Pointer, Room, declared, pointer};

pub use line::Line;
pub use link::add as open_to;
pub use order::{Country, SaleOrder, SaleStatus};
pub use payment::{Means, Payment, PaymentStatus};
pub use quotation::{LinePrice, Quotation, Terms};
pub use reserve::follow;
pub use taken::{Agreed, agreed, hold, opened_by, received};

/// What follows when two organisations turn out to be one.
const POINTERS: &[Pointer] = &[
    pointer("organisation", "sale_order", "organisation", Some("number")),
    pointer("organisation", "sale_line", "organisation", None),
    pointer("organisation", "sale_quotation", "organisation", None),
    pointer("organisation", "sale_price", "organisation", None),
    pointer("organisation", "sale_payment", "organisation", None),
    pointer("organisation", "card_merchant", "organisation", Some("provider")),
    pointer("organisation", "card_attempt", "organisation", None),
];

/// The room of selling as the house sees it.
pub fn room() -> Room {
    Room {
        name: "sales",
        words: include_str!("../words.toml"),
        schema: &[
            ("0001_sales", include_str!("../schema/0001_sales.sql")),
            ("0002_cards", include_str!("../schema/0002_cards.sql")),
            ("0003_promises", include_str!("../schema/0003_promises.sql")),
            ("0004_spot", include_str!("../schema/0004_spot.sql")),
        ],
        routes: pages::routes().into_iter().chain(card::routes()).collect(),
        panels: panel::panels(),
        looks: look::looks(),
        nav: vec![Nav {
            order: 39,
            path: "/sales",
            word: "nav.sales",
            need: Need::Held(&["coach", "representative"]),
        }],
        protected: &[
            "sale_order",
            "sale_line",
            "sale_quotation",
            "sale_price",
            "sale_payment",
            "card_merchant",
            "card_attempt",
        ],
        records: vec![
            declared::<SaleOrder>(),
            declared::<Line>(),
            declared::<Quotation>(),
            declared::<LinePrice>(),
            declared::<Payment>(),
            declared::<card::CardMerchant>(),
            declared::<card::CardAttempt>(),
        ],
        leaves: &[
            ("card_merchant", Leaves::Without(&["store_key"])),
            ("sale_link", Leaves::Stays("whoever has the secret of a buyer acts as that buyer")),
        ],
        pointers: POINTERS,
        tasks: vec![tasks::find],
        spoken: &[(
            "space",
            &["sales_tile.orders", "sales_tile.paid", "sales_tile.asked", "sales_tile.spot"],
        )],
        ..Room::default()
    }
}
