//! The pages of the room, named after their addresses.

mod bought;
mod credit;
mod issue;
mod list;
mod setting;
mod show;

use kernel::room::Route;

pub(crate) fn routes() -> Vec<Route> {
    [list::routes(), show::routes(), credit::routes(), issue::routes(), setting::routes(), bought::routes()]
        .into_iter()
        .flatten()
        .collect()
}
