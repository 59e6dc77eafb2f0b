//! The tests of export, through addresses.

mod house;
mod moved;
#[allow(dead_code, reason = "the tests of pooled orders need more of it")]
#[path = "../../pooled/tests/house/mod.rs"]
mod pooled_house;
mod pooled_shipments;
mod readiness;
mod rights;
mod shipments;
mod statements;
