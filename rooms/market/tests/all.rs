//! The market through its addresses, on both databases.

mod catalogue;
mod costs;
mod house;

mod labels;
mod lots;
mod products;
mod sums;
