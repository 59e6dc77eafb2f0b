//! Selection: from the call for applications to the committee's decision. Everything is in the facts, so that a
//! decision can be explained years later.

mod answers;
pub mod application;
mod apply;
mod assess;
pub mod call;
mod committee;
pub mod eligibility;
mod import;
mod letter;
pub mod mark;
mod minutes;
pub mod notice;
mod notices;
mod pages;
mod pieces;
pub mod ranking;
mod reserved;
mod taken;
mod waiting;

use kernel::room::{Declared, Route, declared};

pub use application::{Application, ApplicationStatus, Reply};
pub use call::{Assessor, Call, CallQuestion, CallStatus, Criterion, QuestionKind};
pub use eligibility::{CallRule, Quantity, Relation, open_packs};
pub use mark::{Interest, Sheet};
pub use notice::{Notice, Way};
pub use ranking::{Decision, Outcome};
pub use reserved::{Block, reserve};
pub use taken::{TakenCall, calls};
pub use waiting::{waiting, waits};

pub(crate) use import::Applications;
pub(crate) use pages::tasks;

pub(crate) fn routes() -> Vec<Route> {
    [
        registry::import::routes::<Applications>(),
        pages::routes(),
        apply::routes(),
        assess::routes(),
        committee::routes(),
        minutes::routes(),
        notices::routes(),
        letter::routes(),
        pieces::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(crate) fn records() -> Vec<Declared> {
    vec![
        declared::<Call>(),
        declared::<CallQuestion>(),
        declared::<CallRule>(),
        declared::<Criterion>(),
        declared::<Assessor>(),
        declared::<Application>(),
        declared::<Reply>(),
        declared::<Sheet>(),
        declared::<Interest>(),
        declared::<Decision>(),
        declared::<Notice>(),
    ]
}
