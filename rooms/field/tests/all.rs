//! The field, through its addresses.

mod conflicts;
mod house;
mod received;
