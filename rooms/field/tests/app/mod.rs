//! What a phone takes along, who may, and the phones themselves.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where it fails, and tells what it measured"
)]

mod devices;
mod house;
mod numbers;
mod pack;
mod shell;
