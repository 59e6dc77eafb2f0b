//! Who achieved something.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::Error;

/// The person that a credential speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Whoever can show this identifier, known only by its salted hash.
    Hashed {
        /// What was hashed, in the words of Open Badges: `emailAddress`, `nationalIdentityNumber`, `ext:phone`.
        kind: String,
        /// Random text, another one for each credential.
        salt: String,
        /// `sha256$` and 64 hexadecimal digits.
        hash: String,
    },
    /// A name in clear.
    Named(String),
}

impl Holder {
    /// Hides an identifier behind a salt. The caller writes it always in one way (case, spaces, country code).
    pub fn hashed(kind: &str, identifier: &str, salt: &str) -> Holder {
        Holder::Hashed { kind: kind.to_owned(), salt: salt.to_owned(), hash: hash(identifier, salt) }
    }

    /// Whether somebody who shows this identifier, or bears this name, is meant.
    pub fn is(&self, identifier: &str) -> bool {
        match self {
            Holder::Hashed { salt, hash: known, .. } => hash(identifier, salt) == *known,
            Holder::Named(name) => name == identifier,
        }
    }

    /// Refuses what must not stand in clear, and a hash that is none.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self {
            Holder::Named(name) => {
                let digits = name.chars().filter(|c| c.is_numeric()).count();
                if name.contains('@') || digits >= 6 { Err(Error::Private) } else { Ok(()) }
            }
            Holder::Hashed { kind, salt, hash } => {
                let digits = hash.strip_prefix("sha256$").unwrap_or_default();
                let whole =
                    digits.len() == 64 && digits.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
                let plain =
                    |text: &str| text.bytes().all(|c| c.is_ascii_alphanumeric() || b":-_".contains(&c));
                match whole && plain(kind) && plain(salt) && !kind.is_empty() && !salt.is_empty() {
                    true => Ok(()),
                    false => Err(Error::Malformed("identifier")),
                }
            }
        }
    }
}

fn hash(identifier: &str, salt: &str) -> String {
    hex("sha256$", &Sha256::digest(format!("{identifier}{salt}")))
}

/// Bytes in hexadecimal after this beginning.
pub(crate) fn hex(start: &str, bytes: &[u8]) -> String {
    bytes.iter().fold(start.to_owned(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
