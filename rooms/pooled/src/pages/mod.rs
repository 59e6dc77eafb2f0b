//! The pages of the room, named after their addresses.

mod list;
mod order;
mod part;
mod shown;
mod statement;

use kernel::room::Route;

pub(crate) use list::{PartLine, parts_of};

pub(crate) fn routes() -> Vec<Route> {
    [
        list::routes(),
        order::routes(),
        part::routes(),
        statement::routes(),
        crate::steps::routes(),
        crate::pieces::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
