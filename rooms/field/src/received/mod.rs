//! What devices send: every batch is kept as it came, then each of its commands is applied once ([`engine`]).

mod batch;
pub(crate) mod engine;
pub(crate) mod erasure;
mod pages;
mod state;
mod upload;

use kernel::room::{Route, get, head, patch, post};

pub use batch::{Batch, Sent, SentFile, receive};
pub use engine::apply;
pub(crate) use engine::waiting_for;
pub(crate) use erasure::TOMBSTONE;
pub(crate) use pages::tasks;
pub use state::{State, Told};
pub(crate) use state::{states, told};
pub(crate) use upload::{keep_whole, whole};

/// Who is asked about work that cannot be applied by itself.
pub(crate) const MANAGERS: &[&str] = &["administrator", "manager"];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        post("/field/batches", batch::take).raw().answers::<batch::Answer>(),
        get("/field/commands", state::ask).query(&["ids"]).answers::<batch::Answer>(),
        post("/field/commands/missing", state::missing).raw().answers::<state::Missing>(),
        post("/field/uploads", upload::create).raw(),
        head("/field/uploads/{upload}", upload::offset),
        patch("/field/uploads/{upload}", upload::append).raw(),
        get("/field/received", pages::page).role(MANAGERS).answers::<pages::ReceivedPage>(),
        post("/field/received/{command}/carry", pages::carry).role(MANAGERS),
        post("/field/received/{command}/aside", pages::set_aside).role(MANAGERS),
        post("/field/received/{command}/again", pages::take_up).role(MANAGERS),
    ]
}
