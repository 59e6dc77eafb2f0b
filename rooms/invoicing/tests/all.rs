//! Invoicing through its addresses, on both databases.

#[path = "../../market/tests/house/mod.rs"]
mod house;

mod issued;
mod looked;
mod pooled_orders;
mod rights;
#[path = "../../sales/tests/shop.rs"]
mod shop;
mod shown;
