//! What leaves with an order, of one cooperative or pooled: its packages, what is in them, and the papers that go along.

pub(crate) mod consignment;
pub(crate) mod origin;
pub(crate) mod package;
pub(crate) mod paper;
pub(crate) mod prepared;
pub(crate) mod print;
mod sscc;
pub(crate) mod told;

pub use package::{Content, Package};
pub use paper::{Paper, PaperKind};
pub use sscc::Sscc;
