//! Reading what was signed, and refusing what could not have been.

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::Error;

/// The text at this place.
pub(crate) fn text(json: &Json, at: &'static str) -> Result<String, Error> {
    json.pointer(at).and_then(Json::as_str).map(str::to_owned).ok_or(Error::Malformed(at))
}

/// The text at this place, if there is something.
pub(crate) fn optional(json: &Json, at: &'static str) -> Result<Option<String>, Error> {
    json.pointer(at).map(|_| text(json, at)).transpose()
}

/// The instant at this place.
pub(crate) fn instant(json: &Json, at: &'static str) -> Result<Timestamp, Error> {
    text(json, at)?.parse().map_err(|_| Error::Malformed(at))
}

/// How an instant is written: in UTC, to the second.
pub(crate) fn written(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// An instant without what is not written.
pub(crate) fn whole(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}

/// Text for people: something is written, and no control character that verifiers write differently.
pub(crate) fn prose(text: &str, place: &'static str) -> Result<(), Error> {
    let fine = !text.is_empty() && !text.chars().any(|c| c.is_control() && c != '\n');
    if fine { Ok(()) } else { Err(Error::Malformed(place)) }
}

/// An address that begins with one of these and holds nothing that must be escaped.
pub(crate) fn address(text: &str, starts: &[&str], place: &'static str) -> Result<(), Error> {
    let plain = |c: u8| c.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&c);
    let fine = text.len() <= 2000
        && text.bytes().all(plain)
        && starts.iter().any(|start| text.strip_prefix(start).is_some_and(|rest| !rest.is_empty()));
    if fine { Ok(()) } else { Err(Error::Malformed(place)) }
}

/// `urn:uuid:` and a UUID.
pub(crate) fn uuid(text: &str, place: &'static str) -> Result<(), Error> {
    let digits = text.strip_prefix("urn:uuid:").unwrap_or_default();
    let fine = digits.len() == 36
        && digits.bytes().enumerate().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == b'-',
            _ => matches!(c, b'0'..=b'9' | b'a'..=b'f'),
        });
    if fine { Ok(()) } else { Err(Error::Malformed(place)) }
}

/// A language code such as `fr` or `zgh`.
pub(crate) fn language(code: Option<&String>, place: &'static str) -> Result<(), Error> {
    let fine = |code: &String| (2..=3).contains(&code.len()) && code.bytes().all(|c| c.is_ascii_lowercase());
    if code.is_none_or(fine) { Ok(()) } else { Err(Error::Malformed(place)) }
}
