//! The market through its addresses, on both databases.

mod catalogue;
mod house;

mod labels;
mod lots;
mod products;
mod sums;
