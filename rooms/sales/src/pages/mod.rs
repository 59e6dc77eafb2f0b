//! The pages of the room, named after their addresses.

mod basket;
mod bought;
mod checkout;
mod list;
mod order;
mod quotation;
mod shown;
mod spot;
mod statement;
mod steps;

pub(crate) use basket::held;

use kernel::room::Route;

pub(crate) fn routes() -> Vec<Route> {
    [
        basket::routes(),
        checkout::routes(),
        bought::routes(),
        list::routes(),
        order::routes(),
        quotation::routes(),
        steps::routes(),
        statement::routes(),
        spot::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
