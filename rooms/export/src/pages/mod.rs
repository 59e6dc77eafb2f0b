//! The pages of the room, named after their addresses.

mod organisation;
mod package;
mod ready;
mod shipment;

use kernel::room::Route;

use crate::shipment::Paper;
use crate::statement::Statement;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = kernel::piece::routes::<Statement>("/organisations/{organisation}");
    routes.extend(kernel::piece::routes::<Paper>("/sales/{sale_order}"));
    routes.extend(kernel::piece::added_to::<Paper>("/pooled-orders/{pooled_order}"));
    routes.extend(ready::routes());
    routes.extend(shipment::routes());
    routes.extend(package::routes());
    routes.extend(organisation::routes());
    routes
}
