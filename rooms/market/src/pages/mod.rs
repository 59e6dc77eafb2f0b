//! The pages of the room, named after their addresses.

mod catalogue;
mod cost;
mod dfc;
mod epcis;
mod feed;
mod label;
mod list;
mod lot;
mod print;
mod product;
mod shown;
mod sitemap;

use kernel::room::Route;

pub(crate) use list::tone;
pub(crate) use shown::{LabelLine, label_lines, quantity};

pub(crate) fn routes() -> Vec<Route> {
    [
        catalogue::routes(),
        feed::routes(),
        sitemap::routes(),
        dfc::routes(),
        list::routes(),
        product::routes(),
        cost::routes(),
        crate::photo::routes(),
        lot::routes(),
        epcis::routes(),
        crate::blend::routes(),
        label::routes(),
        print::routes(),
        crate::pieces::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
