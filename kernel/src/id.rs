//! Identifiers: UUIDv7, made by whoever creates the record, on a phone offline too.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The identifier of a record. Ordered by the instant it was made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(Uuid);

impl Id {
    /// A new identifier, later than every one made before it in this process.
    pub fn new() -> Id {
        Id(Uuid::now_v7())
    }

    /// A new identifier that sorts as if it had been made at this instant (milliseconds since 1970).
    pub fn at(instant: i64) -> Id {
        let millis = u64::try_from(instant).unwrap_or(0);
        let when =
            uuid::Timestamp::from_unix(uuid::NoContext, millis / 1000, (millis % 1000) as u32 * 1_000_000);
        Id(Uuid::new_v7(when))
    }

    /// An identifier that is always the same for the same name: demonstration data and imports that repeat.
    pub fn named(name: &str) -> Id {
        use sha2::Digest;
        let digest = sha2::Sha256::digest(name.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Id(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// Its 128 bits as a number: in the order of its text.
    pub fn number(self) -> u128 {
        self.0.as_u128()
    }

    /// The identifier whose number this is.
    pub fn from_number(number: u128) -> Id {
        Id(Uuid::from_u128(number))
    }
}

impl Default for Id {
    fn default() -> Id {
        Id::new()
    }
}

impl FromStr for Id {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Id, uuid::Error> {
        Uuid::try_parse(text).map(Id)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl schemars::JsonSchema for Id {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "uuid" })
    }
}
