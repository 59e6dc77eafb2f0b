//! Open data: what a programme publishes for everybody, in the formats that others read. Aggregates only.

mod activity;
mod adx;
mod catalogue;
mod edit;
mod figures;
mod files;
mod link;
mod organisation;
mod page;
mod panel;
mod record;
mod results;
mod share;
mod who;
mod xml;

use kernel::Nav;
use kernel::room::{Leaves, Need, Pointer, Room, declared, pointer};

pub use adx::{AdxCode, AdxPush, PushState};
pub use link::FigureLink;
pub use record::{Licence, OpenData, PublisherKind, Sector, id_of};

/// What follows when two organisations turn out to be one.
const POINTERS: &[Pointer] = &[pointer("organisation", "open_data", "publisher", None)];

/// The room of open data as the house sees it.
pub fn room() -> Room {
    Room {
        name: "open",
        words: include_str!("../words.toml"),
        schema: &[
            ("0001_open", include_str!("../schema/0001_open.sql")),
            ("0002_adx", include_str!("../schema/0002_adx.sql")),
        ],
        routes: [
            page::routes(),
            edit::routes(),
            files::routes(),
            catalogue::routes(),
            share::routes(),
            adx::routes(),
        ]
        .into_iter()
        .flatten()
        .collect(),
        panels: vec![panel::PANEL],
        nav: vec![Nav { order: 47, path: "/open-data", word: "nav.open_data", need: Need::Anybody }],
        protected: &["open_data", "figure_link", "adx_code", "adx_push"],
        leaves: &[("figure_key", Leaves::Stays("whoever holds one reads the figures"))],
        records: [declared::<OpenData>(), declared::<FigureLink>()]
            .into_iter()
            .chain(adx::records())
            .collect(),
        jobs: vec![(adx::JOB, adx::run)],
        pointers: POINTERS,
        ..Room::default()
    }
}
