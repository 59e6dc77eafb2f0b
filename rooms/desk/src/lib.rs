//! The front desk: the public home, *my day* of whoever signed in, and the journal of the house.

mod day;
mod home;
mod journal;

use kernel::Nav;
use kernel::room::{Need, Room, get};

/// The desk as the house sees it.
pub fn room() -> Room {
    Room {
        name: "desk",
        words: include_str!("../words.toml"),
        routes: vec![
            get("/", home::page).open().answers::<home::HomePage>(),
            get("/day", day::page).answers::<day::DayPage>(),
            get("/journal", journal::page)
                .role(&["administrator", "manager"])
                .query(&["before", "kind", "actor"])
                .answers::<journal::JournalPage>(),
        ],
        nav: vec![
            Nav { order: 10, path: "/day", word: "nav.day", need: Need::SignedIn },
            Nav {
                order: 90,
                path: "/journal",
                word: "nav.journal",
                need: Need::Role(&["administrator", "manager"]),
            },
        ],
        ..Room::default()
    }
}
