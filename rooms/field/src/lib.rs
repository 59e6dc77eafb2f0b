//! The field: work done without a network, what devices sent and what became of it, and where two people's work meets.

mod app;

use kernel::Nav;
use kernel::room::{Need, Room};

pub use app::rescue::{Rescued, RescuedFile, batches};

/// The room of the field as the house sees it.
pub fn room() -> Room {
    Room {
        name: "field",
        words: include_str!("../words.toml"),
        schema: &[("0002_devices", include_str!("../schema/0002_devices.sql"))],
        routes: app::routes(),
        nav: vec![Nav {
            order: 36,
            path: "/field",
            word: "nav.field",
            need: Need::Role(&["manager", "coach", "trainer"]),
        }],
        protected: &["field_device"],
        records: app::records(),
        ..Room::default()
    }
}
