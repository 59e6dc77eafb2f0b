//! The field: work done without a network, what devices sent and what became of it, and where two people's work meets.

mod app;

use kernel::room::Room;

/// The room of the field as the house sees it.
pub fn room() -> Room {
    Room {
        name: "field",
        words: include_str!("../words.toml"),
        routes: app::routes(),
        ..Room::default()
    }
}
