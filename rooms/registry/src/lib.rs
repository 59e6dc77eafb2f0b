//! The registry: every organisation once, whoever registered it.

mod affiliation;
mod agreement;
mod card;
mod correction;
mod directory;
mod document;
mod duplicate;
mod export;
mod file;
mod glimpse;
pub mod import;
mod mandate;
mod membership;
mod merge;
pub mod organisation;
mod pages;
mod pieces;
mod space;

use kernel::Nav;
use kernel::room::{Leaves, Need, Pointer, Room, declared, pointer};

pub use affiliation::Affiliation;
pub use agreement::{Agreement, Extent};
pub use correction::{Correction, CorrectionStatus};
pub use directory::{Picture, count_map, value_map};
pub use document::{Document, DocumentKind, of as documents};
pub use duplicate::{Candidate, Comparison, Description, candidates};
pub use export::export_file;
pub use import::import_file;
pub use mandate::{Held, Mandate, Office, of as mandates};
pub use membership::{
    Counts as MemberCounts, Membership, Named as NamedMember, counts as member_counts, named as named_members,
};
pub use organisation::{
    Activity, Filter, Line, Month, Organisation, OrganisationKind, Status, names as organisation_names,
};
pub use pages::{DivisionCount, choices, told};
pub use pieces::members;

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
    pointer("organisation", "correction", "organisation", None),
];

/// Why imports stay.
const IMPORTED: &str = "how a file was read; what it brought is in the records and their history";

/// The registry as the house sees it.
pub fn room() -> Room {
    Room {
        name: "registry",
        words: include_str!("../words.toml"),
        schema: &[
            ("0001_registry", include_str!("../schema/0001_registry.sql")),
            ("0002_corrections", include_str!("../schema/0002_corrections.sql")),
            ("0003_year_end", include_str!("../schema/0003_year_end.sql")),
        ],
        routes: [
            directory::routes(),
            pages::routes(),
            pieces::routes(),
            duplicate::routes(),
            glimpse::routes(),
            card::routes(),
            correction::routes(),
            space::routes(),
            import::routes::<import::Organisations>(),
        ]
        .into_iter()
        .flatten()
        .collect(),
        nav: vec![
            Nav { order: 5, path: "/space", word: "nav.space", need: Need::Held(&["representative"]) },
            Nav { order: 20, path: "/organisations", word: "nav.organisations", need: Need::SignedIn },
            Nav { order: 80, path: "/directory", word: "nav.directory", need: Need::Anybody },
        ],
        protected: &[
            "organisation",
            "document",
            "mandate",
            "membership",
            "affiliation",
            "agreement",
            "correction",
            "comparison",
            "merge",
            "import",
            "import_row",
        ],
        records: vec![
            declared::<Organisation>(),
            declared::<Document>(),
            declared::<Mandate>(),
            declared::<Membership>(),
            declared::<Affiliation>(),
            declared::<Agreement>(),
            declared::<Correction>(),
            declared::<Comparison>(),
        ],
        leaves: &[
            ("merge", Leaves::Whole),
            ("import", Leaves::Stays(IMPORTED)),
            ("import_row", Leaves::Stays(IMPORTED)),
            ("import_mapping", Leaves::Stays(IMPORTED)),
        ],
        indexed: Some(organisation::INDEXED),
        pointers: POINTERS,
        jobs: import::jobs::<import::Organisations>(),
        tasks: vec![pieces::tasks, correction::tasks],
        scopes: Some(scopes),
        daily: Some(agreement::begin),
        opens_file: Some(file::opens),
        spoken: &[("space", space::SPOKEN)],
        ..Room::default()
    }
}

/// Organisations whose file the viewer answers for: roles of representatives hold there.
fn scopes(ctx: &kernel::Ctx, db: &mut kernel::Db) -> kernel::Result<Vec<(String, String)>> {
    let query = kernel::sql("select o.id, o.name from organisation o where o.merged_into is null and")
        .seen_near(&ctx.viewer, "o.id", kernel::Standing::Steward)
        .and(" order by o.sort limit 300");
    db.rows(&query, |row| {
        let (id, name): (kernel::Id, kernel::kinds::Multi) = (row.take()?, row.take()?);
        Ok((organisation::scope(id), name.best(ctx.w.lang).to_owned()))
    })
}
