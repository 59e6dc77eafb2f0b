//! Stored files that are read from any point on, as players of sound do (RFC 9110, section 14): one range at a time.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode, header};
use axum::response::IntoResponse;

use crate::Result;

/// What is asked of a file of this size: all of it, a part, or a part that it does not have.
#[derive(Debug, PartialEq)]
enum Part {
    All,
    From(u64, u64),
    None,
}

fn part(range: Option<&str>, size: u64) -> Part {
    // What cannot be read, and several ranges at once, may be ignored: the whole is a right answer.
    let Some((first, last)) = range
        .and_then(|text| text.strip_prefix("bytes="))
        .filter(|text| !text.contains(','))
        .and_then(|text| text.split_once('-'))
    else {
        return Part::All;
    };
    let (first, last) = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => (first, last.min(size.saturating_sub(1))),
        (Ok(first), Err(_)) if last.trim().is_empty() => (first, size.saturating_sub(1)),
        (Err(_), Ok(0)) => return Part::None,
        (Err(_), Ok(tail)) if first.trim().is_empty() => (size.saturating_sub(tail), size.saturating_sub(1)),
        _ => return Part::All,
    };
    if first < size { Part::From(first, last) } else { Part::None }
}

/// The file, or the part of it that was asked for.
pub(crate) fn answer(
    path: &Path,
    media: &str,
    tag: &str,
    keep: &str,
    asked: &HeaderMap,
) -> Result<Response<Body>> {
    let text = |name| asked.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    let tag = format!("\"{tag}\"");
    let head = [
        (header::CONTENT_TYPE, media),
        (header::CACHE_CONTROL, keep),
        (header::ETAG, tag.as_str()),
        (header::ACCEPT_RANGES, "bytes"),
    ];
    if text(header::IF_NONE_MATCH) == Some(tag.as_str()) {
        return Ok((StatusCode::NOT_MODIFIED, head).into_response());
    }
    let mut file = std::fs::File::open(path)?;
    let size = file.metadata()?.len();
    // A part of what was replaced meanwhile fits nothing: then all of it is sent.
    let fits = text(header::IF_RANGE).is_none_or(|known| known == tag);
    let range = text(header::RANGE).filter(|_| fits);
    Ok(match part(range, size) {
        Part::All => {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            (StatusCode::OK, head, bytes).into_response()
        }
        Part::From(first, last) => {
            file.seek(SeekFrom::Start(first))?;
            let mut bytes = Vec::new();
            file.take(last - first + 1).read_to_end(&mut bytes)?;
            let which = [(header::CONTENT_RANGE, format!("bytes {first}-{last}/{size}"))];
            (StatusCode::PARTIAL_CONTENT, head, which, bytes).into_response()
        }
        Part::None => {
            let which = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            (StatusCode::RANGE_NOT_SATISFIABLE, which).into_response()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_the_standard() {
        for (range, expected) in [
            (None, Part::All),
            (Some("bytes=0-"), Part::From(0, 99)),
            (Some("bytes=10-19"), Part::From(10, 19)),
            (Some("bytes=90-400"), Part::From(90, 99)),
            (Some("bytes=-10"), Part::From(90, 99)),
            (Some("bytes=-400"), Part::From(0, 99)),
            (Some("bytes=100-"), Part::None),
            (Some("bytes=-0"), Part::None),
            (Some("bytes=9-3"), Part::All),
            (Some("bytes=0-1,5-6"), Part::All),
            (Some("lines=1-2"), Part::All),
        ] {
            assert_eq!(part(range, 100), expected, "{range:?}");
        }
    }
}
