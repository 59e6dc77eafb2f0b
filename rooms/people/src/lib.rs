//! People: who signs in and what they may do; who is known without signing in, and what they agreed to.

mod account;
mod ask;
mod command;
mod consent;
mod invitation;
mod pages;
mod password;
mod person;
mod role;
mod scopes;
mod second_factor;
mod secret;
mod session;
#[cfg(feature = "testing")]
pub mod testing;
mod token;
mod year;

use kernel::Nav;
use kernel::room::{Need, Room, declared};

pub use account::{
    Account, Language, by_login, create as create_account, names as account_names, set_disabled,
};
pub use command::{account_lines, command_line_invitation, command_line_second_factor_off};
pub use consent::{Consent, Purpose, consents_to};
pub use invitation::invite;
pub use password::{Hashed, hash as hash_password, set as set_password};
pub use person::{Person, Sex, Tongue};
pub use role::{Holder, PLATFORM, Role, RoleKind, end as end_role, grant as grant_role, holders};
pub use secret::{digest as secret_digest, fresh as fresh_secret};
pub use session::viewer;
pub use year::Year;

/// People as the house sees them.
pub fn room() -> Room {
    Room {
        name: "people",
        words: include_str!("../words.toml"),
        schema: &[("0001_people", include_str!("../schema/0001_people.sql"))],
        routes: pages::routes(),
        nav: vec![
            Nav {
                order: 40,
                path: "/people",
                word: "nav.people",
                need: Need::Role(&["manager", "coach", "representative"]),
            },
            Nav { order: 90, path: "/accounts", word: "nav.accounts", need: Need::Role(pages::MANAGERS) },
        ],
        protected: &["person", "person_speaks", "person_reads", "consent"],
        records: vec![declared::<Account>(), declared::<Role>(), declared::<Person>(), declared::<Consent>()],
        identify: Some(session::identify),
        mend: Some(second_factor::mend),
        ..Room::default()
    }
}
