//! The registry: every organisation once, whoever registered it.

mod affiliation;
mod agreement;
mod directory;
mod document;
mod duplicate;
mod file;
mod glimpse;
mod mandate;
mod membership;
mod merge;
pub mod organisation;
mod pages;
mod pieces;

use kernel::room::{Need, Pointer, Room, declared, pointer};
use kernel::Nav;

pub use affiliation::Affiliation;
pub use agreement::{Agreement, Extent};
pub use document::{Document, DocumentKind};
pub use duplicate::{Candidate, Comparison, candidates};
pub use mandate::{Mandate, Office};
pub use membership::Membership;
pub use organisation::{Activity, Filter, Line, Organisation, OrganisationKind, Status};
pub use directory::{Picture, count_map, value_map};
pub use pages::{ChangeLine, DivisionCount, FactLine, choices, told};

/// Roles that register and change organisations.
pub const TEAM: &[&str] = &["administrator", "manager", "coach"];

/// What follows when two organisations turn out to be one.
const POINTERS: &[Pointer] = &[
    pointer("organisation", "document", "organisation", None),
    pointer("organisation", "mandate", "organisation", None),
    pointer("organisation", "membership", "organisation", Some("person")),
    pointer("organisation", "affiliation", "union_of", Some("member")),
    pointer("organisation", "affiliation", "member", Some("union_of")),
    pointer("organisation", "agreement", "organisation", None),
    pointer("organisation", "agreement", "partner", None),
];

/// The registry as the house sees it.
pub fn room() -> Room {
    Room {
        name: "registry",
        words: include_str!("../words.toml"),
        schema: &[("0001_registry", include_str!("../schema/0001_registry.sql"))],
        routes: [directory::routes(), pages::routes(), pieces::routes(), duplicate::routes(), glimpse::routes()].into_iter().flatten().collect(),
        nav: vec![
            Nav { order: 20, path: "/organisations", word: "nav.organisations", need: Need::SignedIn },
            Nav { order: 80, path: "/directory", word: "nav.directory", need: Need::Anybody },
        ],
        protected: &["organisation", "document", "mandate", "membership", "affiliation", "agreement", "comparison", "merge"],
        records: vec![
            declared::<Organisation>(), declared::<Document>(), declared::<Mandate>(), declared::<Membership>(),
            declared::<Affiliation>(), declared::<Agreement>(), declared::<Comparison>(),
        ],
        pointers: POINTERS,
        tasks: vec![pieces::tasks],
        opens_file: Some(file::opens),
        ..Room::default()
    }
}
