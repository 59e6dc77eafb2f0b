//! What a file is, from its first bytes. Its name only decides when the bytes do not.

use crate::ReadError;

/// What this crate can read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A zip archive, to be read as a workbook.
    Archive,
    /// Delimited text.
    Text,
}

const FOREIGN: [(&[u8], &str); 14] = [
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"RIFF", "image"),
    (b"BM", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"{\\rtf", "rtf"),
    (b"SQLite format 3", "sqlite"),
];

pub(crate) fn of(name: &str, bytes: &[u8]) -> Result<Kind, ReadError> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Archive);
    }
    if let Some((magic, format)) = FOREIGN.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return match (*magic, *format) {
            (b"BM", _) if !bytes.contains(&0) => Ok(Kind::Text),
            (_, "xls") if is_locked(bytes) => Err(ReadError::Locked),
            _ => Err(ReadError::Foreign { format }),
        };
    }
    let start: Vec<u8> = bytes.iter().take(512).filter(|b| **b != 0).map(u8::to_ascii_lowercase).collect();
    let start = String::from_utf8_lossy(&start);
    let start = start.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start();
    if start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<table") {
        return Err(ReadError::Foreign { format: "html" });
    }
    if start.starts_with("<?xml") {
        return Err(ReadError::Foreign { format: "xml" });
    }
    if start.starts_with(['{', '[']) && name.to_ascii_lowercase().ends_with("json") {
        return Err(ReadError::Foreign { format: "json" });
    }
    Ok(Kind::Text)
}

/// An encrypted workbook is an old-style container with a stream of this name, in UTF-16.
fn is_locked(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".bytes().flat_map(|b| [b, 0]).collect();
    bytes.windows(name.len()).any(|w| w == name)
}
