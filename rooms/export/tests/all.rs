//! The tests of export, through addresses.

mod house;
mod readiness;
mod rights;
mod shipments;
mod statements;
