//! The pages of this room.

mod account;
mod accounts;
mod consents;
mod dossier;
mod invitation;
mod messages;
mod people;
mod person;
mod recordings;
mod settings;
mod sign_in;

use kernel::room::Route;

pub use messages::{message_chip, message_id, message_link};
pub use recordings::{Said, recordings_page};

/// Roles that manage accounts.
pub(crate) const MANAGERS: &[&str] = &["manager"];

/// The addresses of this room.
pub(crate) fn routes() -> Vec<Route> {
    [
        sign_in::routes(),
        invitation::routes(),
        settings::routes(),
        accounts::routes(),
        account::routes(),
        people::routes(),
        person::routes(),
        consents::routes(),
        dossier::routes(),
        messages::routes(),
        recordings::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The address of a person's page.
pub(crate) fn person_path(person: kernel::Id) -> String {
    format!("/people/{person}")
}
