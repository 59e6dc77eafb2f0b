//! Signs and verifies [Open Badges 3.0](https://www.imsglobal.org/spec/ob/v3p0) credentials and their status lists.
//!
//! A [`Credential`] has one fixed shape (a verifiable credential of the W3C, version 2.0). Its graph is written straight
//! from that shape and made canonical as RDFC-1.0 asks, so there is no JSON-LD processor and no network; the proof is
//! `eddsa-rdfc-2022`, which anybody's verifier knows. [`verify`] is strict: it knows this shape alone, since a member
//! that it does not know would not be covered by the signature.
//!
//! A person stands in a credential as a salted hash or by name, never by telephone or address of mail.

mod claims;
mod did;
mod error;
mod graph;
mod holder;
mod key;
mod list;
mod proof;
mod read;
mod shape;

pub use claims::{Achievement, Credential, Issuer, Name, Status, Verified, verify};
pub use did::{PublishedKey, did_web_document};
pub use error::Error;
pub use holder::Holder;
pub use key::{Key, PublicKey};
pub use list::{StatusList, StatusListCredential, verify_status_list};
