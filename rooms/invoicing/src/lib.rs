//! Invoicing: invoices and credit notes from one frozen content, numbered without a gap; on paper, as UBL, in words.

mod content;
mod credit;
mod invoice;
mod issue;
mod look;
mod pages;
mod panel;
mod paper;
mod rules;
mod setting;
mod source;
pub mod spelled;
#[cfg(test)]
mod testing;
mod told;
mod ubl;
mod watch;

use kernel::Nav;
use kernel::room::{Need, Pointer, Room, declared, pointer};

pub use content::{Buyer, Content, Credited, Line, Seller};
pub use credit::issue as take_back;
pub use invoice::{Invoice, InvoiceKind, Origin};
pub use issue::issue_proposed;
pub use rules::{Treatment, open_rules};
pub use setting::Setting;

/// What follows when two organisations turn out to be one.
const POINTERS: &[Pointer] = &[
    pointer("organisation", "invoice", "organisation", Some("number")),
    // One for each organisation: that of the file that goes stays with it.
    pointer("organisation", "invoice_setting", "organisation", Some("1")),
];

/// The room of invoicing as the house sees it.
pub fn room() -> Room {
    Room {
        name: "invoicing",
        words: include_str!("../words.toml"),
        schema: &[("0001_invoicing", include_str!("../schema/0001_invoicing.sql"))],
        routes: pages::routes(),
        panels: panel::panels(),
        looks: look::looks(),
        nav: vec![Nav {
            order: 39,
            path: "/invoices",
            word: "nav.invoices",
            need: Need::Held(&["coach", "representative"]),
        }],
        protected: &["invoice", "invoice_setting"],
        records: vec![declared::<Invoice>(), declared::<Setting>()],
        pointers: POINTERS,
        ..Room::default()
    }
}
