//! Selling through its addresses, on both databases.

#[path = "../../market/tests/house/mod.rs"]
mod house;

mod asked;
mod cards;
mod looked;
mod ordered;
mod shop;
mod spot;
