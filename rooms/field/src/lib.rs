//! The field: work done without a network, what devices sent and what became of it, and where two people's work meets.

mod app;
mod central;
mod conflicts;
mod openrosa;
mod received;

use kernel::Standing;
use kernel::room::{Leaves, Nav, Need, Panel, Room};

pub use app::rescue::{Rescued, RescuedFile, batches};
pub use received::{Batch, Sent, SentFile, State, Told, apply, receive};

/// Why what devices sent stays.
const SENT: &str = "how work came in; what it brought is in the records and their history";

/// The room of the field as the house sees it.
pub fn room() -> Room {
    Room {
        name: "field",
        words: include_str!("../words.toml"),
        schema: &[
            ("0001_received", include_str!("../schema/0001_received.sql")),
            ("0002_devices", include_str!("../schema/0002_devices.sql")),
            ("0003_openrosa", include_str!("../schema/0003_openrosa.sql")),
            ("0004_central", include_str!("../schema/0004_central.sql")),
            ("0005_uploads", include_str!("../schema/0005_uploads.sql")),
            ("0006_spare_key", include_str!("../schema/0006_spare_key.sql")),
        ],
        routes: [
            received::routes(),
            conflicts::routes(),
            app::routes(),
            openrosa::routes(),
            central::routes(),
        ]
        .into_iter()
        .flatten()
        .collect(),
        panels: ["registry.organisation", "programmes.programme"]
            .map(|place| Panel {
                name: "conflicts",
                place,
                order: 1,
                side: false,
                read: Standing::File,
                show: conflicts::panel,
            })
            .into(),
        nav: vec![
            Nav { order: 36, path: "/field", word: "nav.field", need: Need::Role(app::WORKERS) },
            Nav { order: 82, path: "/conflicts", word: "nav.conflicts", need: conflicts::NEED },
            Nav {
                order: 83,
                path: "/field/received",
                word: "nav.received",
                need: Need::Role(received::MANAGERS),
            },
            Nav { order: 86, path: "/field/devices", word: "nav.devices", need: Need::Role(app::WORKERS) },
            Nav {
                order: 87,
                path: "/field/collect",
                word: "nav.collect",
                need: Need::Role(openrosa::CARRIERS),
            },
        ],
        protected: &["conflict", "device_command", "field_device"],
        records: app::records(),
        leaves: &[
            ("batch", Leaves::Stays(SENT)),
            ("device_command", Leaves::Stays(SENT)),
            ("command_after", Leaves::Stays(SENT)),
            ("clash", Leaves::Stays(SENT)),
            ("upload", Leaves::Stays(SENT)),
            ("submission", Leaves::Stays(SENT)),
            ("collect_key", Leaves::Stays("telephones send work with it")),
            ("central_session", Leaves::Stays("programs read and send with one for a day")),
            ("central_project", Leaves::Stays("numbers for programs; programmes have ids")),
        ],
        tasks: vec![conflicts::tasks, received::tasks],
        hears: Some(received::erasure::hear),
        tends: Some(received::engine::tend),
        ..Room::default()
    }
}
