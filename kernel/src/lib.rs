//! The kernel: what every room needs and none owns. It knows nothing of cooperatives.
//!
//! Start with [`record`](mod@record) (a field is declared once), [`facts`] (what happened), [`access`] (who may know
//! of what), [`room`] (what a room gives the house) and [`ctx`] (a request as a handler sees it).

mod accept;
pub mod access;
pub mod address;
pub mod app;
pub mod assets;
pub mod conflict;
pub mod ctx;
mod declare;
pub mod error;
pub mod facts;
pub mod fields;
pub mod files;
pub mod form;
pub mod held;
pub mod html;
pub mod id;
pub mod index;
pub mod kinds;
pub mod limits;
pub mod locale;
pub mod made;
pub mod metrics;
pub mod migrate;
pub mod openapi;
pub mod page;
pub mod paper;
pub mod picture;
pub mod piece;
mod pool;
mod range;
pub mod record;
pub mod restoration;
pub mod room;
pub mod search;
pub mod secret;
pub mod sql;
mod square;
pub mod store;
pub mod sync;
pub mod table;
pub mod telling;
pub mod territory;
#[cfg(feature = "testing")]
pub mod testing;
pub mod value;
pub mod web;
pub mod words;
pub mod work;
mod writer;

pub use access::{Standing, Viewer};
pub use address::PublicAddress;
pub use app::{App, Settings};
pub use ctx::{Ctx, Reply, Upload};
pub use error::{Error, FieldError, Result, Wrong};
pub use facts::{Actor, Fact, Tx};
pub use fields::Fields;
pub use form::Form;
pub use html::Html;
pub use id::Id;
pub use locale::{now, today};
pub use paper::{Paper, Press};
pub use piece::Piece;
pub use record::Record;
pub use room::{Nav, Panel, Room, Shown};
pub use secret::Secret;
pub use serde_json::Value as Json;
pub use sql::{Sql, sql};
pub use square::square;
pub use store::Db;
pub use words::{Lang, Words};
