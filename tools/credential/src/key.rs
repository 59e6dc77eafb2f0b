//! Ed25519 keys and how they are written.

use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use crate::Error;

/// What stands before the 32 bytes of a public Ed25519 key.
const ED25519: [u8; 2] = [0xed, 0x01];

/// A key that signs. It is wiped from memory when it is dropped and never shown.
pub struct Key(SigningKey);

impl Key {
    /// A new key.
    ///
    /// # Errors
    /// [`Error::Random`] if the system gives no random numbers.
    pub fn generate() -> Result<Key, Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| Error::Random)?;
        Ok(Key::from_seed(&seed))
    }

    /// The key of this seed.
    pub fn from_seed(seed: &[u8; 32]) -> Key {
        Key(SigningKey::from_bytes(seed))
    }

    /// The seed, to be kept secret.
    pub fn seed(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The key that verifies what this one signs.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.public().multibase())
    }
}

/// A key that verifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// As it is published: `z6Mk…`.
    pub fn multibase(&self) -> String {
        multibase(&[&ED25519[..], self.0.as_bytes()].concat())
    }

    /// Reads what [`PublicKey::multibase`] wrote.
    pub fn from_multibase(text: &str) -> Option<PublicKey> {
        let bytes = from_multibase(text)?;
        let key: &[u8; 32] = bytes.strip_prefix(&ED25519)?.try_into().ok()?;
        VerifyingKey::from_bytes(key).ok().map(PublicKey)
    }

    /// The identifier that is nothing but this key: `did:key:z6Mk…`.
    pub fn did_key(&self) -> String {
        format!("did:key:{}", self.multibase())
    }

    /// The key of a verification method `did:key:z6Mk…#z6Mk…`: it says itself what it is.
    pub fn of_did_key(method: &str) -> Option<PublicKey> {
        let (key, again) = method.strip_prefix("did:key:")?.split_once('#')?;
        if key == again { PublicKey::from_multibase(key) } else { None }
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

/// Bytes in base58btc.
pub(crate) fn multibase(bytes: &[u8]) -> String {
    format!("z{}", bs58::encode(bytes).into_string())
}

/// Reads base58btc; longer texts than any key or signature are not tried.
pub(crate) fn from_multibase(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix('z').filter(|digits| digits.len() <= 100)?;
    bs58::decode(digits).into_vec().ok()
}
