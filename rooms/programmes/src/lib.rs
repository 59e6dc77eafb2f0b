//! Programmes: who supports which cooperatives, with what, where and when.

mod board;
pub mod convention;
mod convergence;
pub mod enrolment;
pub mod finding;
pub mod funding;
mod import;
pub mod intervention;
mod money;
mod pages;
mod panel;
pub mod partner;
mod pieces;
pub mod plan;
pub mod programme;
mod reported;
pub mod selection;
mod taken;

use kernel::Nav;
use kernel::room::{Declared, Leaves, Need, Pointer, Room, declared, pointer};

pub use convention::{Contribution, Convention, Nature, Receipt, Signatory};
pub use enrolment::{Assignment, Enrolment, Promotion, Stage};
pub use intervention::{Intervention, InterventionStatus};
pub use partner::{Partner, PartnerRole};
pub use plan::{BudgetLine, Phase};
pub use programme::{Programme, ProgrammeStatus, Theme};
pub use reported::{OthersFile, Standard};
pub use taken::{Cooperative, Piece, Province, cooperatives, pieces_of_equipment, provinces};

/// What follows when two organisations turn out to be one.
const POINTERS: &[Pointer] = &[
    pointer("organisation", "partner", "organisation", Some("programme")),
    pointer("organisation", "signatory", "organisation", Some("convention")),
    pointer("organisation", "contribution", "organisation", None),
    pointer("organisation", "enrolment", "organisation", Some("programme")),
    pointer("organisation", "assignment", "organisation", None),
    pointer("organisation", "intervention", "organisation", None),
    pointer("organisation", "intervention", "actor", None),
    pointer("organisation", "finding", "organisation", None),
    pointer("organisation", "application", "organisation", None),
    pointer("organisation", "funding", "organisation", None),
];

/// Tables whose reads must speak of rights.
const PROTECTED: &[&str] = &[
    "programme",
    "phase",
    "partner",
    "convention",
    "signatory",
    "contribution",
    "receipt",
    "budget_line",
    "promotion",
    "enrolment",
    "assignment",
    "intervention",
    "others_file",
    "finding",
    "call",
    "call_question",
    "call_rule",
    "criterion",
    "assessor",
    "application",
    "application_answer",
    "mark_sheet",
    "declared_interest",
    "call_decision",
    "funding",
    "equipment",
    "quotation",
    "grant_decision",
    "tranche",
    "grant_payment",
    "own_part",
    "purchase",
    "hand_over",
    "inspection",
    "notice",
];

fn records() -> Vec<Declared> {
    let mut records = vec![
        declared::<Programme>(),
        declared::<Phase>(),
        declared::<Partner>(),
        declared::<Convention>(),
        declared::<Signatory>(),
        declared::<Contribution>(),
        declared::<Receipt>(),
        declared::<BudgetLine>(),
        declared::<Promotion>(),
        declared::<Enrolment>(),
        declared::<Assignment>(),
        declared::<Intervention>(),
        declared::<OthersFile>(),
    ];
    records.extend(selection::records());
    records.extend(funding::records());
    records
}

/// The room of programmes as the house sees it.
pub fn room() -> Room {
    Room {
        name: "programmes",
        words: include_str!("../words.toml"),
        schema: &[
            ("0001_programmes", include_str!("../schema/0001_programmes.sql")),
            ("0002_findings", include_str!("../schema/0002_findings.sql")),
            ("0003_follow_up", include_str!("../schema/0003_follow_up.sql")),
            ("0004_selection", include_str!("../schema/0004_selection.sql")),
            ("0005_funding", include_str!("../schema/0005_funding.sql")),
            ("0006_notices", include_str!("../schema/0006_notices.sql")),
            ("0007_reported", include_str!("../schema/0007_reported.sql")),
            ("0008_reserved", include_str!("../schema/0008_reserved.sql")),
        ],
        routes: [
            pages::routes(),
            money::routes(),
            board::routes(),
            convergence::routes(),
            reported::routes(),
            registry::import::routes::<import::Interventions>(),
            pieces::routes(),
            selection::routes(),
            funding::routes(),
        ]
        .into_iter()
        .flatten()
        .collect(),
        panels: panel::panels().into_iter().chain(funding::panels()).collect(),
        nav: vec![
            Nav { order: 30, path: "/programmes", word: "nav.programmes", need: Need::SignedIn },
            Nav { order: 32, path: "/calls", word: "nav.calls", need: Need::Anybody },
            Nav { order: 40, path: "/convergence", word: "nav.convergence", need: Need::SignedIn },
        ],
        protected: PROTECTED,
        leaves: &[
            ("subject", Leaves::Whole),
            ("finding", Leaves::Whole),
            ("reported_intervention", Leaves::Whole),
            ("application_link", Leaves::Stays("whoever holds one changes the application")),
            ("application_block", Leaves::Stays("numbers that telephones hold ahead of time")),
        ],
        records: records(),
        pointers: POINTERS,
        jobs: [
            registry::import::jobs::<import::Interventions>(),
            registry::import::jobs::<selection::Applications>(),
        ]
        .concat(),
        scopes: Some(scopes),
        tasks: vec![money::tasks, selection::tasks, funding::tasks],
        opens_file: Some(opens),
        ..Room::default()
    }
}

/// A programme's documents are open to its partners.
fn opens(viewer: &kernel::Viewer, db: &mut kernel::Db, file: kernel::Id) -> kernel::Result<bool> {
    let Some(owner) = kernel::files::owner(db, file)? else { return Ok(false) };
    // What came with an application is for the team alone.
    let applied = kernel::sql("select count(*) from application_answer where value = ?")
        .bind(file.to_string())
        .open("the owner's rights follow");
    if db.one::<i64>(&applied)? > 0 {
        return Ok(viewer.standing(db, owner)? >= Some(kernel::Standing::File));
    }
    // A paper of a funding file is for the team and for the cooperative.
    if let Some(organisation) = funding::whose_paper(db, file)? {
        let near = viewer.standing(db, owner)?.max(viewer.standing(db, organisation)?);
        return Ok(near >= Some(kernel::Standing::File));
    }
    let is_programme = kernel::record::find::<Programme>(db, owner)?.is_some();
    Ok(is_programme && viewer.standing(db, owner)? >= Some(kernel::Standing::Shared))
}

/// Programmes that the viewer manages: the roles of a team hold there.
fn scopes(ctx: &kernel::Ctx, db: &mut kernel::Db) -> kernel::Result<Vec<(String, String)>> {
    let query = kernel::sql("select p.id, p.name from programme p where")
        .seen_near(&ctx.viewer, "p.id", kernel::Standing::Steward)
        .and(" order by p.since desc limit 100");
    db.rows(&query, |row| {
        let (id, name): (kernel::Id, kernel::kinds::Multi) = (row.take()?, row.take()?);
        Ok((programme::scope(id), name.best(ctx.w.lang).to_owned()))
    })
}
