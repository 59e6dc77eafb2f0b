//! What every link that is handed out keeps to: it ends on a day, and its secret cannot be guessed.

use jiff::civil::Date;
use kernel::{Error, FieldError, Result, Wrong};

/// Longest life of a link.
const MONTHS: i32 = 24;

/// Refuses a link that would end in the past or too late, or whose secret nobody drew.
///
/// # Errors
/// A sentence at the field `until`, or for the form.
pub fn check(until: Date, secret: &str) -> Result<()> {
    let latest = kernel::today().saturating_add(jiff::ToSpan::months(MONTHS));
    if until < kernel::today() || until > latest {
        let wrong = Wrong::new("report_link.until.range");
        return Err(Error::Invalid(vec![FieldError { field: "until".into(), wrong }]));
    }
    if secret.len() != 64 || !secret.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Error::refused("error.needed"));
    }
    Ok(())
}
