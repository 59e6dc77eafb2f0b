//! What can be wrong with a credential.

use std::fmt;

/// Why nothing was signed, or why a credential is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// It has not the shape that is signed here; the text names the place.
    Malformed(&'static str),
    /// Nobody knows this key, or it is not one of the issuer.
    UnknownKey,
    /// Something was changed after it was signed.
    Signature,
    /// Its time has not come.
    NotYetValid,
    /// Its time is over.
    Expired,
    /// It would carry a telephone number or an address of mail in clear.
    Private,
    /// The system gave no random numbers.
    Random,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(place) => write!(f, "malformed: {place}"),
            Self::UnknownKey => f.write_str("unknown key"),
            Self::Signature => f.write_str("signature mismatch"),
            Self::NotYetValid => f.write_str("not yet valid"),
            Self::Expired => f.write_str("expired"),
            Self::Private => f.write_str("a telephone number or an address of mail in clear"),
            Self::Random => f.write_str("no random numbers"),
        }
    }
}

impl std::error::Error for Error {}
