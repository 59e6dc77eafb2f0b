//! The field, through its addresses.

mod app;
mod central;
mod conflicts;
mod house;
mod model;
mod openrosa;
mod received;
mod rescue;
mod surveys;
