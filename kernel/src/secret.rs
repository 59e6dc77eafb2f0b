//! The secret of the house: what must not be read from a copy of the database is sealed with it. It lies outside of
//! the database and outside of backups, in `TIWIZI_SECRET` or in a file beside the data folder.

use std::fmt;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use crate::{Error, Result};

/// What stands before everything that is sealed; a later way of sealing counts on.
const MARK: &str = "1:";
const NONCE: usize = 24;

/// Where the secret is kept.
#[derive(Clone, Debug)]
pub enum Keeping {
    /// These 64 hexadecimal digits.
    Given(String),
    /// A file that only its owner reads; it is made when it is missing.
    File(PathBuf),
}

impl Keeping {
    /// Beside this data folder: `tiwizi-data.secret` for `tiwizi-data`.
    pub fn beside(data: &Path) -> Keeping {
        let mut name = data.file_name().unwrap_or_default().to_owned();
        name.push(".secret");
        Keeping::File(data.with_file_name(name))
    }
}

/// The secret of the house.
pub struct Secret {
    key: [u8; 32],
    kept: Keeping,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads what [`hex`] wrote.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.bytes().all(|c| c.is_ascii_hexdigit()) && text.len().is_multiple_of(2);
    let pair = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    if digits { (0..text.len()).step_by(2).map(pair).collect() } else { None }
}

fn read(text: &str, place: &str) -> Result<[u8; 32]> {
    from_hex(text.trim()).and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
        Error::internal(format!(
            "{place} holds no secret: write 64 hexadecimal digits (openssl rand -hex 32)"
        ))
    })
}

/// Makes the file if it is missing: never over one that is there.
fn make(path: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    let made = std::fs::File::options().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
        Ok(mut file) => {
            file.write_all(format!("{}\n", hex(key)).as_bytes())?;
            file.sync_all()
        }
    }
}

impl Secret {
    /// Opens the secret that is kept there.
    pub fn open(kept: &Keeping) -> Result<Secret> {
        let key = match kept {
            Keeping::Given(text) => read(text, "TIWIZI_SECRET")?,
            Keeping::File(path) => {
                let place = path.display().to_string();
                let wrong = |error: std::io::Error| {
                    Error::internal(format!("{place}: {error}; set TIWIZI_SECRET or TIWIZI_SECRET_FILE"))
                };
                if !path.exists() {
                    let mut key = [0; 32];
                    getrandom::fill(&mut key).map_err(Error::internal)?;
                    make(path, &key).map_err(wrong)?;
                }
                if path.metadata().map_err(wrong)?.permissions().mode() & 0o077 != 0 {
                    return Err(Error::internal(format!("others can read {place}: chmod 600 {place}")));
                }
                read(&std::fs::read_to_string(path).map_err(wrong)?, &place)?
            }
        };
        Ok(Secret { key, kept: kept.clone() })
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.key.into())
    }

    /// Seals bytes for one place, such as `signing_key 0198…`: moved elsewhere, they do not open.
    pub fn seal(&self, place: &str, clear: &[u8]) -> Result<String> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(Error::internal)?;
        let payload = Payload { msg: clear, aad: place.as_bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(Error::internal)?;
        Ok(format!("{MARK}{}{}", hex(&nonce), hex(&sealed)))
    }

    /// Opens what was sealed for this place. A sentence tells if it was sealed with another secret.
    pub fn unseal(&self, place: &str, sealed: &str) -> Result<Vec<u8>> {
        let bytes = sealed.strip_prefix(MARK).and_then(from_hex);
        let opened = bytes.as_deref().and_then(|bytes| {
            let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
            self.cipher().decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: place.as_bytes() }).ok()
        });
        opened.ok_or_else(|| Error::refused("error.secret"))
    }

    /// The secret itself, for a backup that is asked to hold it.
    pub fn digits(&self) -> String {
        hex(&self.key)
    }

    /// Puts the secret of a backup in place of the one of an empty house. A secret that was given must be the same.
    pub fn replace(&self, digits: &str) -> Result<()> {
        let key = read(digits, "the backup")?;
        match &self.kept {
            _ if key == self.key => Ok(()),
            Keeping::Given(_) => Err(Error::internal("TIWIZI_SECRET is not the secret of this backup")),
            Keeping::File(path) => {
                std::fs::remove_file(path)?;
                Ok(make(path, &key)?)
            }
        }
    }
}

/// True if a text was sealed, with whatever secret.
pub fn is_sealed(text: &str) -> bool {
    text.starts_with(MARK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_in_its_place_with_its_secret_alone() {
        let [one, other] = ["11", "22"].map(|two| Secret::open(&Keeping::Given(two.repeat(32))).unwrap());
        let sealed = one.seal("here", b"seed").unwrap();
        assert!(is_sealed(&sealed) && !sealed.contains(&hex(b"seed")));
        assert_ne!(sealed, one.seal("here", b"seed").unwrap());
        assert_eq!(one.unseal("here", &sealed).unwrap(), b"seed");
        assert!(one.unseal("there", &sealed).is_err());
        assert!(other.unseal("here", &sealed).is_err());
        assert!(one.unseal("here", "1:00").is_err());
    }

    #[test]
    fn the_file_is_made_once_for_its_owner_and_refused_when_others_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Keeping::beside(&folder.path().join("data"));
        let Keeping::File(path) = &kept else { return };
        assert!(path.ends_with("data.secret"));
        let digits = Secret::open(&kept).unwrap().digits();
        assert_eq!(Secret::open(&kept).unwrap().digits(), digits);
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(Secret::open(&kept).is_err());
        assert!(Secret::open(&Keeping::Given("short".into())).is_err());
    }
}
