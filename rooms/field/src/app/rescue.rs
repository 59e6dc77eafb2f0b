//! What a phone could not send, brought in as a file: sealed with a code that the phone shows, opened here.
//!
//! The file is JSON: `salt`, `rounds`, `iv` and `data`, in base64 but for the rounds. The code's twelve digits, without
//! spaces, make the key by PBKDF2 with SHA-256; `data` is sealed by AES-256-GCM. What was sealed is JSON again: the
//! batches as the phone would have sent them, and their files.

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::{Error, Id, Json, Result};
use serde::Deserialize;
use sha2::Sha256;

/// Digits of the code.
const CODE: usize = 12;

/// Rounds that a file may ask for: fewer would not protect it, more would keep the house busy.
const ROUNDS: std::ops::RangeInclusive<u32> = 600_000..=3_000_000;

#[derive(Deserialize)]
struct Envelope {
    salt: String,
    rounds: u32,
    iv: String,
    data: String,
}

/// A photo or a voice note that was rescued.
#[derive(Clone, PartialEq, Eq)]
pub struct RescuedFile {
    /// The id of its upload, which commands name.
    pub upload: Id,
    /// What it was called.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for RescuedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RescuedFile({}, {} bytes)", self.upload, self.bytes.len())
    }
}

/// What was rescued from a phone.
#[derive(Debug)]
pub struct Rescued {
    /// Whose work it is.
    pub account: Id,
    /// How the phone called that person.
    pub name: String,
    /// The phone.
    pub device: Id,
    /// Batches, as the phone would have sent them.
    pub batches: Vec<Json>,
    /// The files that their commands name.
    pub files: Vec<RescuedFile>,
}

#[derive(Deserialize)]
struct Sealed {
    account: Id,
    name: String,
    device: Id,
    batches: Vec<Json>,
    files: Vec<SealedFile>,
}

#[derive(Deserialize)]
struct SealedFile {
    upload: Id,
    name: String,
    data: String,
}

fn refused() -> Error {
    Error::refused("app.rescue.unreadable")
}

fn bytes(text: &str) -> Result<Vec<u8>> {
    STANDARD.decode(text).map_err(|_| refused())
}

/// Opens a rescue file with its code; refuses, with a sentence, a file that is none and a code that is another's.
pub fn batches(envelope: &[u8], code: &str) -> Result<Rescued> {
    let envelope: Envelope = serde_json::from_slice(envelope).map_err(|_| refused())?;
    let digits: String =
        code.chars().filter_map(|c| c.to_digit(10)).filter_map(|d| char::from_digit(d, 10)).collect();
    if digits.len() != CODE {
        return Err(Error::refused("app.rescue.code_length"));
    }
    if !ROUNDS.contains(&envelope.rounds) {
        return Err(refused());
    }
    let iv: [u8; 12] = bytes(&envelope.iv)?.try_into().map_err(|_| refused())?;
    let key: [u8; 32] =
        pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(digits.as_bytes(), &bytes(&envelope.salt)?, envelope.rounds);
    let cipher = Aes256Gcm::new(&key.into());
    let opened = cipher.decrypt(&Nonce::from(iv), bytes(&envelope.data)?.as_slice());
    let opened = opened.map_err(|_| Error::refused("app.rescue.wrong_code"))?;
    let sealed: Sealed = serde_json::from_slice(&opened).map_err(|_| refused())?;
    let file = |file: SealedFile| {
        Ok(RescuedFile { upload: file.upload, name: file.name, bytes: bytes(&file.data)? })
    };
    Ok(Rescued {
        account: sealed.account,
        name: sealed.name,
        device: sealed.device,
        batches: sealed.batches,
        files: sealed.files.into_iter().map(file).collect::<Result<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]
    use serde_json::json;

    use super::*;

    fn sealed(code: &str, rounds: u32) -> Vec<u8> {
        let (salt, iv) = ([7_u8; 16], [9_u8; 12]);
        let plain = json!({
            "account": Id::named("hanane"), "name": "Hanane", "device": Id::named("phone"),
            "batches": [{ "id": Id::named("batch"), "commands": [] }],
            "files": [{ "upload": Id::named("photo"), "name": "a.jpg", "data": STANDARD.encode([1, 2, 3]) }],
        });
        let key = pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(code.as_bytes(), &salt, rounds);
        let data =
            Aes256Gcm::new(&key.into()).encrypt(&Nonce::from(iv), plain.to_string().as_bytes()).unwrap();
        json!({ "salt": STANDARD.encode(salt), "rounds": rounds, "iv": STANDARD.encode(iv), "data": STANDARD.encode(data) })
            .to_string()
            .into_bytes()
    }

    fn key_of(error: &Error) -> String {
        match error {
            Error::Refused(wrong) => wrong.key.clone(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_file_opens_with_its_code_however_it_is_spaced() {
        let file = sealed("123456789012", 600_000);
        let rescued = batches(&file, "1234 5678 9012").unwrap();
        assert_eq!((rescued.account, rescued.name.as_str()), (Id::named("hanane"), "Hanane"));
        assert_eq!(rescued.batches.len(), 1);
        assert_eq!(rescued.files[0].bytes, [1, 2, 3]);
        let wrong = batches(&file, "123456789013").unwrap_err();
        assert_eq!(key_of(&wrong), "app.rescue.wrong_code");
        assert_eq!(key_of(&batches(&file, "1234").unwrap_err()), "app.rescue.code_length");
    }

    #[test]
    fn a_file_that_was_altered_or_asks_for_too_much_is_refused() {
        let text = String::from_utf8(sealed("123456789012", 600_000)).unwrap();
        let many = text.replace("600000", "4000000000");
        assert_eq!(key_of(&batches(many.as_bytes(), "123456789012").unwrap_err()), "app.rescue.unreadable");
        assert_eq!(key_of(&batches(b"no file", "123456789012").unwrap_err()), "app.rescue.unreadable");
    }
}
