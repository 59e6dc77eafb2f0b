//! Bytes to text, when nothing says which encoding they are in.

use crate::ReadError;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1256};

/// The text of a file and the name of its encoding.
pub(crate) fn decode(bytes: &[u8]) -> Result<(String, &'static str), ReadError> {
    let (encoding, skip) = Encoding::for_bom(bytes).unwrap_or_else(|| (guess(bytes), 0));
    let (text, _) = encoding.decode_without_bom_handling(bytes.get(skip..).unwrap_or_default());
    if text.contains('\0') {
        return Err(ReadError::Foreign { format: "binary" });
    }
    Ok((text.into_owned(), encoding.name()))
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    // UTF-16 without a mark: every ASCII character has a zero byte, always on the same side.
    let sample = bytes.get(..4096).unwrap_or(bytes);
    let zeros_at = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, pairs) = (zeros_at(0), zeros_at(1), bytes.len().is_multiple_of(2));
    if pairs && even == 0 && odd * 20 > sample.len() {
        UTF_16LE
    } else if pairs && odd == 0 && even * 20 > sample.len() {
        UTF_16BE
    } else if mostly_utf8(bytes) {
        UTF_8
    } else if letters_run(bytes) {
        WINDOWS_1256
    } else {
        WINDOWS_1252
    }
}

/// Valid UTF-8, or so nearly that a wrong byte is damage and not another encoding.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut wrong, mut right) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        wrong += usize::from(!chunk.invalid().is_empty());
        right += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
    }
    wrong * 20 <= right
}

/// Whether bytes over 0x7f stand in runs, as Arabic letters do in Windows-1256, or alone among ASCII letters, as
/// accented letters do in Windows-1252. (The two encodings share the French lower-case letters.)
fn letters_run(bytes: &[u8]) -> bool {
    let is_high = |b: u8| b >= 0xc0 || matches!(b, 0x81 | 0x8d | 0x8e | 0x90 | 0x98 | 0x9a | 0x9f | 0xaa);
    let (mut together, mut alone) = (0_usize, 0_usize);
    for pair in bytes.windows(2) {
        match (is_high(pair[0]), is_high(pair[1])) {
            (true, true) => together += 1,
            (true, false) if pair[1].is_ascii_alphabetic() => alone += 1,
            (false, true) if pair[0].is_ascii_alphabetic() => alone += 1,
            _ => {}
        }
    }
    together > alone
}
