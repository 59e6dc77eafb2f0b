//! Equipment and co-financing: a cooperative asks, compares quotations, a committee decides, the grant is paid as
//! milestones are reached, what was bought is handed over against a signed receipt and looked at after six and twelve
//! months.

mod decision;
mod equipment;
mod list;
mod page;
mod panel;
mod purchase;
mod quotation;
mod request;
mod steps;
mod sums;
mod tasks;
mod tranche;

use kernel::piece;
use kernel::room::{Declared, Panel, Route, declared};

pub use decision::{GrantDecision, GrantOutcome};
pub(crate) use equipment::next_inspection;
pub use equipment::{Equipment, HandOver, Inspection, Occasion, Works};
pub use purchase::{OwnPart, Purchase};
pub use quotation::Quotation;
pub use request::Funding;
pub(crate) use request::whose_paper;
pub use steps::{Step, StepState, steps};
pub(crate) use sums::{of_programme, spent};
pub(crate) use tasks::tasks;
pub use tranche::{GrantPayment, Tranche};

pub(crate) fn routes() -> Vec<Route> {
    const FUNDING: &str = "/funding/{funding}";
    [
        list::routes(),
        page::routes(),
        piece::routes::<Funding>("/programmes/{programme}"),
        piece::routes::<Equipment>(FUNDING),
        piece::routes::<Quotation>(FUNDING),
        piece::routes::<GrantDecision>(FUNDING),
        piece::routes::<Tranche>(FUNDING),
        piece::routes::<GrantPayment>(FUNDING),
        piece::routes::<OwnPart>(FUNDING),
        piece::routes::<Purchase>(FUNDING),
        piece::routes::<HandOver>(FUNDING),
        piece::routes::<Inspection>(FUNDING),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(crate) fn records() -> Vec<Declared> {
    vec![
        declared::<Funding>(),
        declared::<Equipment>(),
        declared::<Quotation>(),
        declared::<GrantDecision>(),
        declared::<Tranche>(),
        declared::<GrantPayment>(),
        declared::<OwnPart>(),
        declared::<Purchase>(),
        declared::<HandOver>(),
        declared::<Inspection>(),
    ]
}

pub(crate) fn panels() -> Vec<Panel> {
    panel::panels()
}

/// What is the same for everything that hangs on a request for funding.
macro_rules! hangs_on_funding {
    ($least:ident) => {
        const OWNER: &'static str = "funding";
        const GIVEN: &'static [&'static str] = &["programme"];
        const LEAST: kernel::Standing = kernel::Standing::$least;
        fn owner(&self) -> kernel::Id {
            self.funding.id
        }
        fn rights(db: &mut kernel::Db, owner: kernel::Id) -> kernel::Result<kernel::Id> {
            $crate::funding::request::programme_of(db, owner)
        }
        fn owner_name(ctx: &kernel::Ctx, db: &mut kernel::Db, owner: kernel::Id) -> kernel::Result<String> {
            $crate::funding::request::name(ctx, db, owner)
        }
        fn home(owner: kernel::Id) -> String {
            format!("/funding/{owner}#{}", Self::PLURAL)
        }
    };
}
use hangs_on_funding;
