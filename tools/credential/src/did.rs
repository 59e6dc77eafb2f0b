//! The document in which an issuer publishes its keys.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::PublicKey;
use crate::read::written;
use crate::shape::members;

/// A key of an issuer and how long it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedKey {
    /// The key.
    pub key: PublicKey,
    /// From then on it signs nothing new.
    pub expires: Option<Timestamp>,
    /// Since then nothing is believed that it signs.
    pub revoked: Option<Timestamp>,
}

/// The document of `did:web:DOMAIN` (served at `/.well-known/did.json`) or `did:web:DOMAIN:path:of:it` (served at
/// `/path/of/it/did.json`). `domain_path` is what follows `did:web:`, a port written as `%3A8443`. Keys that signed
/// before they were replaced stay in it.
pub fn did_web_document(domain_path: &str, keys: &[PublishedKey]) -> Json {
    let id = format!("did:web:{domain_path}");
    let method = |key: &PublicKey| format!("{id}#{}", key.multibase());
    let methods: Vec<Json> = keys
        .iter()
        .map(|published| {
            members([
                ("id", Some(json!(method(&published.key)))),
                ("type", Some(json!("Multikey"))),
                ("controller", Some(json!(id))),
                ("publicKeyMultibase", Some(json!(published.key.multibase()))),
                ("expires", published.expires.map(|instant| json!(written(instant)))),
                ("revoked", published.revoked.map(|instant| json!(written(instant)))),
            ])
        })
        .collect();
    json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": id,
        "verificationMethod": methods,
        "assertionMethod": keys.iter().map(|published| method(&published.key)).collect::<Vec<_>>(),
    })
}
