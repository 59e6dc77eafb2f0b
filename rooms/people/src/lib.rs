//! People: who signs in and what they may do; who is known without signing in, and what they agreed to.

mod account;
mod ask;
mod command;
mod consent;
mod invitation;
mod message;
mod pages;
mod password;
mod person;
mod recording;
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
use kernel::room::{Leaves, Need, Room, declared};

pub use account::{
    Account, Language, by_login, create as create_account, names as account_names, set_disabled,
};
pub use command::{account_lines, command_line_invitation, command_line_second_factor_off};
pub use consent::{Consent, Purpose, consents_to};
pub use invitation::invite;
pub use message::gateway::{Gateway, sends_messages, sms_link};
pub use message::mail::{mailer, sends_letters};
pub use message::{
    CODE_LIFE, Draft, LINK_LIFE, Message, MessageKind, MessageState, messages, send as send_message,
};
pub use pages::{Said, message_chip, message_id, message_link, recordings_page};
pub use password::{Hashed, hash as hash_password, opens as password_opens, set as set_password};
pub use person::{Person, Sex, Tongue, erased};
pub use recording::{Recording, SPOKEN, Voices, part_subject, word_subject};
pub use role::{Holder, PLATFORM, Role, RoleKind, end as end_role, grant as grant_role, holders};
pub use secret::{digest as secret_digest, fresh as fresh_secret};
pub use session::viewer;
pub use token::{create as create_token, end as end_token};
pub use year::Year;

/// People as the house sees them.
pub fn room() -> Room {
    Room {
        name: "people",
        words: include_str!("../words.toml"),
        schema: &[
            ("0001_people", include_str!("../schema/0001_people.sql")),
            ("0002_messages", include_str!("../schema/0002_messages.sql")),
            ("0003_recordings", include_str!("../schema/0003_recordings.sql")),
        ],
        routes: pages::routes(),
        nav: vec![
            Nav {
                order: 40,
                path: "/people",
                word: "nav.people",
                need: Need::Role(&["manager", "coach", "representative"]),
            },
            Nav { order: 90, path: "/accounts", word: "nav.accounts", need: Need::Role(pages::MANAGERS) },
            Nav { order: 92, path: "/messages", word: "nav.messages", need: Need::Role(&["administrator"]) },
            Nav {
                order: 94,
                path: "/recordings",
                word: "nav.recordings",
                need: Need::Role(&["administrator"]),
            },
        ],
        spoken: &[(
            "sign_in",
            &[
                "sign_in.title",
                "sign_in.login",
                "sign_in.password",
                "sign_in.action",
                "sign_in.forgotten_answer",
            ],
        )],
        protected: &["person", "person_speaks", "person_reads", "consent", "message", "recording"],
        jobs: vec![(message::post::JOB, message::post::run)],
        daily: Some(message::post::recover),
        leaves: &[
            ("secret", Leaves::Stays("passwords and second factors")),
            ("half_way", Leaves::Stays("who signs in opens it")),
            ("session", Leaves::Stays("whoever holds one is signed in")),
            ("invitation", Leaves::Stays("whoever holds one chooses a password")),
            ("token", Leaves::Stays("programs sign in with it")),
            // A text may carry a link or a code that opens something.
            ("message", Leaves::Without(&["text"])),
        ],
        records: vec![
            declared::<Account>(),
            declared::<Role>(),
            declared::<Person>(),
            declared::<Consent>(),
            declared::<Recording>(),
        ],
        identify: Some(session::identify),
        mend: Some(second_factor::mend),
        ..Room::default()
    }
}
