//! The field, through its addresses.

mod conflicts;
mod house;
mod openrosa;
mod received;
