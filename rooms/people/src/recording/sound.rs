//! Which sounds are taken, told by their first bytes and not by their name.

/// The media type of a sound that browsers play; nothing for anything else, a film too.
pub(crate) fn media_of(bytes: &[u8]) -> Option<&'static str> {
    let starts = |prefix: &[u8]| bytes.starts_with(prefix);
    let has = |mark: &[u8]| bytes.windows(mark.len()).any(|window| window == mark);
    let head = &bytes[..bytes.len().min(4096)];
    let says = |mark: &[u8]| head.windows(mark.len()).any(|window| window == mark);
    match bytes {
        _ if bytes.len() < 64 => None,
        _ if starts(b"RIFF") && bytes.get(8..12) == Some(b"WAVE") => Some("audio/wav"),
        _ if starts(b"OggS") => (says(b"OpusHead") || says(b"\x01vorbis")).then_some("audio/ogg"),
        // A film in the same container names its pictures' coding.
        _ if starts(b"\x1a\x45\xdf\xa3") => {
            (says(b"webm") && (says(b"A_OPUS") || says(b"A_VORBIS")) && !says(b"V_VP") && !says(b"V_AV1"))
                .then_some("audio/webm")
        }
        _ if bytes.get(4..8) == Some(b"ftyp") => (has(b"smhd") && !has(b"vmhd")).then_some("audio/mp4"),
        _ if starts(b"ID3") => Some("audio/mpeg"),
        // Eleven bits of one; then the layer says whether it is MPEG audio or AAC in ADTS.
        [0xff, second, ..] if second & 0xf6 == 0xf0 => Some("audio/aac"),
        [0xff, second, third, ..]
            if second & 0xe0 == 0xe0
                && second & 0x06 == 0x02
                && third & 0xf0 != 0xf0
                && third & 0x0c != 0x0c =>
        {
            Some("audio/mpeg")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn padded(head: &[u8], inner: &[u8]) -> Vec<u8> {
        [head, inner, &[0; 200]].concat()
    }

    #[test]
    fn sounds_are_told_by_their_bytes() {
        for (bytes, media) in [
            (padded(b"RIFF\x24\0\0\0WAVEfmt ", b""), "audio/wav"),
            (padded(b"OggS\0\x02", b"\0\0\0OpusHead"), "audio/ogg"),
            (padded(b"\x1a\x45\xdf\xa3", b"\x42\x82\x84webm..A_OPUS"), "audio/webm"),
            (padded(b"\0\0\0\x20ftypM4A ", b"moov..smhd"), "audio/mp4"),
            (padded(b"\0\0\0\x20ftypiso5", b"moov..smhd"), "audio/mp4"),
            (padded(b"ID3\x04", b""), "audio/mpeg"),
            (padded(b"\xff\xfb\x90\x00", b""), "audio/mpeg"),
            (padded(b"\xff\xf1\x50\x80", b""), "audio/aac"),
        ] {
            assert_eq!(media_of(&bytes), Some(media));
        }
    }

    #[test]
    fn what_is_no_sound_is_not_taken() {
        for bytes in [
            padded(b"RIFF\x24\0\0\0WEBPVP8 ", b""),
            padded(b"\x1a\x45\xdf\xa3", b"webm..A_OPUS..V_VP8"),
            padded(b"\0\0\0\x20ftypmp42", b"moov..smhd..vmhd"),
            padded(b"\xff\xd8\xff\xe0", b"JFIF"),
            padded(b"%PDF-1.7", b""),
            padded(b"<html><script>", b""),
            padded(b"MZ", b""),
            b"RIFF\x24\0\0\0WAVE".to_vec(),
        ] {
            assert_eq!(media_of(&bytes), None);
        }
    }
}
