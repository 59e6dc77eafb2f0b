//! Training: modules, sessions, who was there, what was learnt and what changed afterwards.

mod attendance;
mod behaviour;
mod certificate;
mod check;
mod claim;
mod completion;
mod double;
mod figures;
mod half_day;
mod hand;
mod invitation;
mod issuer;
pub mod measure;
mod module;
mod need;
mod notice;
mod pages;
mod panel;
mod participant;
mod print;
mod question;
mod reaction;
mod roster;
mod score;
mod session;
mod taken;
mod tasks;
mod trainer;

use kernel::Nav;
use kernel::room::{Leaves, Need, Pointer, Room, declared, pointer};

pub use attendance::{Mark, Sheet, take};
pub use certificate::{Certificate, issue as issue_certificates};
pub use completion::{Completion, PRESENCE, completions, trained};
pub use half_day::{DayPart, HalfDay};
pub use invitation::{Invitation, InvitationStatus};
pub use issuer::Address;
pub use module::{Material, Module, PASS_MARK, Subjects};
pub use participant::{Part, Participant, name_of as participant_name};
pub use question::{Letter, Question};
pub use reaction::Reaction;
pub use roster::{OnRoster, Rostered, roster, takes_roll_calls};
pub use score::{Mode, Moment, Score};
pub use session::{Session, SessionStatus};
pub use taken::{Listed, Taken, taken};
pub use trainer::SessionTrainer;

/// What follows when two organisations turn out to be one.
const POINTERS: &[Pointer] = &[
    pointer("organisation", "training_session", "partner", None),
    pointer("organisation", "training_invitation", "organisation", Some("session")),
    pointer("organisation", "participant", "organisation", None),
];

/// The room of training as the house sees it.
pub fn room() -> Room {
    Room {
        name: "training",
        words: include_str!("../words.toml"),
        schema: &[
            ("0001_training", include_str!("../schema/0001_training.sql")),
            ("0002_certificates", include_str!("../schema/0002_certificates.sql")),
            ("0003_keys", include_str!("../schema/0003_keys.sql")),
            ("0004_issued_again", include_str!("../schema/0004_issued_again.sql")),
        ],
        routes: pages::routes(),
        panels: panel::panels(),
        nav: vec![Nav { order: 35, path: "/training", word: "nav.training", need: Need::SignedIn }],
        protected: &[
            "module",
            "module_material",
            "training_question",
            "training_session",
            "half_day",
            "session_trainer",
            "training_invitation",
            "participant",
            "attendance",
            "attendance_sheet",
            "test_score",
            "training_reaction",
            "certificate",
        ],
        leaves: &[
            ("attendance", Leaves::Whole),
            ("certificate_proof", Leaves::Whole),
            // What is left verifies signatures and makes none.
            ("signing_key", Leaves::Without(&["seed"])),
        ],
        records: vec![
            declared::<Module>(),
            declared::<Material>(),
            declared::<Question>(),
            declared::<Session>(),
            declared::<HalfDay>(),
            declared::<SessionTrainer>(),
            declared::<Invitation>(),
            declared::<Participant>(),
            declared::<Sheet>(),
            declared::<Score>(),
            declared::<Reaction>(),
            declared::<Certificate>(),
        ],
        settles: &[(double::KIND, double::set)],
        pointers: POINTERS,
        hears: Some(hears),
        jobs: vec![(print::JOB, print::run)],
        mend: Some(issuer::mend),
        tasks: vec![tasks::find],
        opens_file: Some(hand::opens),
        spoken: &[("space", &["training_tile.trained"])],
        ..Room::default()
    }
}

/// Whose data is erased is named on no certificate.
fn hears(tx: &mut kernel::Tx<'_>, fact: &kernel::Fact) -> kernel::Result<()> {
    if fact.kind == "people.person.erased" { certificate::forget(tx, fact.record) } else { Ok(()) }
}
