//! The pages of the room, named after their addresses.

mod organisation;
mod ready;

use kernel::room::Route;

use crate::statement::Statement;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = kernel::piece::routes::<Statement>("/organisations/{organisation}");
    routes.extend(ready::routes());
    routes.extend(organisation::routes());
    routes
}
