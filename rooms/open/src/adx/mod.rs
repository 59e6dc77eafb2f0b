//! ADX (urn:ihe:qrph:adx:2015): figures as DHIS2 and other health and statistics systems take them. Which of their codes
//! stand for what is data of the programme; a file goes out after it was tried without effect.

mod code;
mod file;
mod page;
mod push;

use kernel::piece;
use kernel::room::{Declared, Route, declared};

pub use code::AdxCode;
pub use push::{AdxPush, PushState};
pub(crate) use push::{JOB, run};

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = piece::routes::<AdxCode>("/programmes/{programme}");
    routes.extend(page::routes());
    routes
}

pub(crate) fn records() -> Vec<Declared> {
    vec![declared::<AdxCode>(), declared::<AdxPush>()]
}
