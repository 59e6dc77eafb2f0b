//! `/catalogue`: what cooperatives sell, for everybody; who makes it, and in which month there is what.

mod calendar;
mod filters;
mod holder;
mod list;

use kernel::room::{Route, get};

const QUERY: &[&str] = &["q", "kind", "territory", "label", "month", "price", "order", "after"];

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/catalogue", list::show).open().query(QUERY).answers::<list::CataloguePage>(),
        get("/catalogue/calendar", calendar::show).open().query(QUERY).answers::<calendar::CalendarPage>(),
        get("/catalogue/cooperatives/{organisation}", holder::show).open().answers::<holder::HolderPage>(),
    ]
}
