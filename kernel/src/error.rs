//! What can go wrong, always as a key of `words.toml`: the person reads a sentence in their language.

use std::fmt;

/// A refusal of one value or of one action: the key of a sentence and its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// Key of the sentence, such as `error.date`.
    pub key: String,
    /// Arguments of the sentence by name.
    pub args: Vec<(&'static str, String)>,
}

impl Wrong {
    /// A refusal without arguments.
    pub fn new(key: impl Into<String>) -> Wrong {
        Wrong { key: key.into(), args: Vec::new() }
    }

    /// Adds an argument of the sentence.
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Wrong {
        self.args.push((name, value.to_string()));
        self
    }
}

/// A refusal that belongs to one field of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldError {
    /// Name of the field.
    pub field: String,
    /// What is wrong with it.
    pub wrong: Wrong,
}

/// Everything a handler can answer instead of a page.
#[derive(Debug)]
pub enum Error {
    /// No such record, or none that this viewer may know of: the two are never told apart.
    NotFound,
    /// The page is for people who signed in.
    SignIn,
    /// The viewer is known and has no right to this.
    Forbidden,
    /// Some fields of the form are wrong; nothing was saved.
    Invalid(Vec<FieldError>),
    /// The action is refused as a whole, with a sentence that says what to do.
    Refused(Wrong),
    /// Too many attempts; seconds to wait.
    TooMany(u64),
    /// The request is larger than allowed.
    TooLarge,
    /// A fault of ours or of the machine. The text goes to the log, never to the page.
    Internal(String),
}

/// The result of nearly everything.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A refusal of the whole action.
    pub fn refused(key: impl Into<String>) -> Error {
        Error::Refused(Wrong::new(key))
    }

    /// A refusal of one field.
    pub fn field(field: impl Into<String>, key: impl Into<String>) -> Error {
        Error::Invalid(vec![FieldError { field: field.into(), wrong: Wrong::new(key) }])
    }

    /// A fault that is not the reader's.
    pub fn internal(what: impl fmt::Display) -> Error {
        Error::Internal(what.to_string())
    }

    /// The HTTP status that goes with it.
    pub fn status(&self) -> u16 {
        match self {
            Error::NotFound => 404,
            Error::SignIn => 401,
            Error::Forbidden => 403,
            Error::Invalid(_) => 422,
            Error::Refused(_) => 409,
            Error::TooMany(_) => 429,
            Error::TooLarge => 413,
            Error::Internal(_) => 500,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Invalid(fields) => write!(f, "invalid {fields:?}"),
            Error::Refused(wrong) => write!(f, "refused {} {:?}", wrong.key, wrong.args),
            Error::Internal(what) => write!(f, "internal: {what}"),
            other => write!(f, "{other:?}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    fn from(e: std::io::Error) -> Error {
        Error::internal(format!("input or output: {e}"))
    }
}

impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Error {
        Error::internal(format!("JSON: {e}"))
    }
}
