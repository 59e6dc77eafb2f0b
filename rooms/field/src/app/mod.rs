//! The field app: a page that works without a network, and what it takes along.

use kernel::room::Route;

pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}
