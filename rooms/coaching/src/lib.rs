//! Coaching: where a cooperative stands, what would help it most, and the way there.

mod action;
pub mod assessment;
mod calls;
pub mod instrument;
pub mod ladder;
pub mod legal;
mod pages;
mod panel;
mod pieces;
mod probe;
pub mod reliability;
pub mod report;
pub mod scoring;
mod shipped;
pub mod souk;
mod taken;
mod tiles;
pub mod visit;
mod work;
mod xlsform;

use kernel::Nav;
use kernel::room::{Need, Pointer, Room, declared, pointer};

pub use action::{Action, ActionStatus, Funding, Proposed, proposals};
pub use assessment::{Answer, Assessment, Evidence, Extent};
pub use instrument::{Dimension, Edition, Instrument, InstrumentStatus, Item, Remedy};
pub use legal::{LegalRule, open_rules};
pub use shipped::boussole;
pub use souk::{Day, Souk};
pub use taken::{Round, Taken, taken};
pub use visit::{Photo, Visit, VisitStatus};
pub use work::{FULL_TIME, Rhythm, Told, Work, WorkStanding};

/// What follows when two organisations turn out to be one.
const POINTERS: &[Pointer] = &[
    pointer("organisation", "assessment", "organisation", None),
    pointer("organisation", "answer", "organisation", None),
    pointer("organisation", "plan_action", "organisation", None),
    pointer("organisation", "visit", "organisation", None),
    pointer("organisation", "visit_photo", "organisation", None),
    pointer("organisation", "work_record", "organisation", None),
    pointer("person", "work_record", "person", None),
];

/// Brings in what comes with Tiwizi and its country pack and is not there yet: instruments, legal rules.
pub fn bring(tx: &mut kernel::Tx<'_>) -> kernel::Result<()> {
    shipped::bring(tx)?;
    legal::bring(tx)
}

/// The room of coaching as the house sees it.
pub fn room() -> Room {
    Room {
        name: "coaching",
        words: include_str!("../words.toml"),
        schema: &[
            ("0001_coaching", include_str!("../schema/0001_coaching.sql")),
            ("0002_visits", include_str!("../schema/0002_visits.sql")),
            ("0003_legal", include_str!("../schema/0003_legal.sql")),
            ("0004_work", include_str!("../schema/0004_work.sql")),
        ],
        routes: pages::routes().into_iter().chain(pieces::routes()).collect(),
        panels: panel::panels(),
        nav: vec![
            Nav { order: 35, path: "/visits", word: "nav.visits", need: Need::Role(&["manager", "coach"]) },
            Nav {
                order: 85,
                path: "/instruments",
                word: "nav.instruments",
                need: Need::Role(&["manager", "coach"]),
            },
        ],
        protected: &[
            "instrument",
            "dimension",
            "item",
            "remedy",
            "assessment",
            "answer",
            "plan_action",
            "visit",
            "visit_photo",
            "work_record",
        ],
        records: vec![
            declared::<Instrument>(),
            declared::<Dimension>(),
            declared::<Item>(),
            declared::<Remedy>(),
            declared::<Assessment>(),
            declared::<Answer>(),
            declared::<Action>(),
            declared::<Visit>(),
            declared::<Photo>(),
            declared::<Work>(),
            declared::<Souk>(),
            declared::<LegalRule>(),
        ],
        pointers: POINTERS,
        daily: Some(bring),
        tasks: vec![panel::tasks, calls::visit_tasks, calls::legal_tasks],
        spoken: &[("space", tiles::SPOKEN)],
        ..Room::default()
    }
}
