//! Keeps a cell of delimited text from being run as a formula by the spreadsheet that opens it.
//!
//! A spreadsheet runs text that starts with `=`, `+`, `-` or `@`, ASCII or full width, and some drop a tab, a line
//! end or spaces before it. Such text gets an apostrophe in front, which a person sees and [`remove`] takes off
//! again, so that a file written here and read here says the same. A sign followed by nothing but digits, single
//! spaces, dots and commas is a number or a phone and stays as it is: `-12,50`, `+212 612 345 678`.
//! `+212-612` does not: it would be subtracted.
//!
//! The guard looks at the start of a cell. A file opened with another separator than its own is split
//! elsewhere; the writer's default (`;` with a byte order mark) is what spreadsheets in French expect.

use std::borrow::Cow;

/// The text as it may be written.
pub(crate) fn add(text: &str) -> Cow<'_, str> {
    if is_risky(text) { format!("'{text}").into() } else { text.into() }
}

/// The text as it was before [`add`].
pub(crate) fn remove(text: &str) -> &str {
    text.strip_prefix('\'').filter(|_| is_risky(text)).unwrap_or(text)
}

/// Whether a formula may start behind any spaces and apostrophes. (An apostrophe makes text safe; counting it as
/// part of the risk is what lets [`remove`] know its own.)
fn is_risky(text: &str) -> bool {
    let mut rest = text.trim_start_matches(|c: char| c == '\'' || c.is_whitespace()).chars();
    match rest.next() {
        Some('=' | '@' | '＝' | '＠') => true,
        Some('+' | '-' | '＋' | '－') => !is_plain(rest.as_str()),
        _ => false,
    }
}

/// Digits with single spaces, dots or commas between them.
fn is_plain(text: &str) -> bool {
    text.split([' ', '\u{a0}', '\u{202f}', '.', ','])
        .all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()))
}
