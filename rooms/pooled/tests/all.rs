//! Pooled orders through their addresses, on both databases; their rules without any.

mod house;

mod money;
mod orders;
mod rights;
mod rules;
