//! Bitstring Status List: which credentials were taken back, one bit each, so that whoever asks tells nobody of whom.

use std::io::{Read, Write};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::claims::{VC, WEB};
use crate::graph::{CREDENTIALS, DATE_TIME, Graph, SECURITY, STATUS, iri};
use crate::proof::{self, belongs, in_time};
use crate::read::{address, instant, text, whole, written};
use crate::shape::members;
use crate::{Error, Key, PublicKey};

/// Bits that a list has at least, so that one of them tells nothing.
const LEAST: usize = 131_072;
/// Bytes that a list has at most when it is read.
const MOST: u64 = 16 * 1024 * 1024;

/// The bits of a list; a set bit is a credential that was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusList(Vec<u8>);

impl StatusList {
    /// An empty list of at least so many places, never fewer than 131,072.
    pub fn new(places: usize) -> StatusList {
        StatusList(vec![0; places.max(LEAST).div_ceil(8)])
    }

    /// How many places there are.
    pub fn places(&self) -> usize {
        self.0.len() * 8
    }

    /// Whether the bit is set; nothing if there is no such place.
    pub fn get(&self, index: u32) -> Option<bool> {
        let byte = self.0.get(usize::try_from(index / 8).ok()?)?;
        Some(byte & (0x80 >> (index % 8)) != 0)
    }

    /// Sets or clears the bit.
    ///
    /// # Errors
    /// [`Error::Malformed`] if there is no such place.
    pub fn set(&mut self, index: u32, taken_back: bool) -> Result<(), Error> {
        let byte = usize::try_from(index / 8).ok().and_then(|at| self.0.get_mut(at));
        let byte = byte.ok_or(Error::Malformed("index"))?;
        let bit = 0x80 >> (index % 8);
        *byte = if taken_back { *byte | bit } else { *byte & !bit };
        Ok(())
    }

    /// Packed and written as `u…`.
    pub fn encode(&self) -> String {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        // Writing to memory cannot fail.
        let packed = packer.write_all(&self.0).and_then(|()| packer.finish()).unwrap_or_default();
        format!("u{}", BASE64_URL_SAFE_NO_PAD.encode(packed))
    }

    /// Reads what [`StatusList::encode`] or anybody's library wrote.
    ///
    /// # Errors
    /// [`Error::Malformed`] if it is no list, or unpacks to more than 16 MiB.
    pub fn decode(text: &str) -> Result<StatusList, Error> {
        let wrong = Error::Malformed("/credentialSubject/encodedList");
        let packed = text.strip_prefix('u').and_then(|digits| BASE64_URL_SAFE_NO_PAD.decode(digits).ok());
        let mut bits = Vec::new();
        let packed = packed.ok_or_else(|| wrong.clone())?;
        let read = GzDecoder::new(packed.as_slice()).take(MOST + 1).read_to_end(&mut bits);
        let fits = read.is_ok_and(|read| read * 8 >= LEAST && read as u64 <= MOST);
        if fits { Ok(StatusList(bits)) } else { Err(wrong) }
    }
}

/// A list as it is published, at its own address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusListCredential {
    /// Web address at which it is published.
    pub id: String,
    /// `did:web:…` or `did:key:…`.
    pub issuer: String,
    /// The key that signs: the issuer, `#`, and its mark.
    pub verification_method: String,
    /// When it begins to hold.
    pub valid_from: Timestamp,
    /// The last instant at which it may be relied on.
    pub valid_until: Option<Timestamp>,
    /// What [`StatusList::encode`] wrote.
    pub encoded: String,
}

/// Verifies a published list.
///
/// # Errors
/// Every way in which it does not hold has its own [`Error`].
pub fn verify_status_list(
    sealed: &Json,
    now: Timestamp,
    resolve: impl Fn(&str) -> Option<PublicKey>,
) -> Result<StatusListCredential, Error> {
    let (document, proof) = proof::open(sealed)?;
    let list = StatusListCredential::read(&document, proof.method.clone())?;
    proof.verify(&list.graph(), resolve)?;
    in_time(list.valid_from, list.valid_until, now)?;
    Ok(list)
}

impl StatusListCredential {
    /// Signs it.
    ///
    /// # Errors
    /// [`Error::Malformed`] for what is no list or no address, [`Error::UnknownKey`] if the verification method is not
    /// one of the issuer.
    pub fn sign(&self, key: &Key, created: Timestamp) -> Result<Json, Error> {
        self.check()?;
        proof::seal(self.json(), &self.graph(), key, &self.verification_method, whole(created))
    }

    /// The bits.
    ///
    /// # Errors
    /// [`Error::Malformed`] if `encoded` is no list.
    pub fn list(&self) -> Result<StatusList, Error> {
        StatusList::decode(&self.encoded)
    }

    fn check(&self) -> Result<(), Error> {
        belongs(&self.verification_method, &self.issuer)?;
        address(&self.id, WEB, "/id")?;
        if self.id.contains('#') { Err(Error::Malformed("/id")) } else { self.list().map(|_| ()) }
    }

    fn subject(&self) -> String {
        format!("{}#list", self.id)
    }

    fn json(&self) -> Json {
        members([
            ("@context", Some(json!([VC]))),
            ("id", Some(json!(self.id))),
            ("type", Some(json!(["VerifiableCredential", "BitstringStatusListCredential"]))),
            ("issuer", Some(json!(self.issuer))),
            ("validFrom", Some(json!(written(self.valid_from)))),
            ("validUntil", self.valid_until.map(|instant| json!(written(instant)))),
            (
                "credentialSubject",
                Some(json!({
                    "id": self.subject(),
                    "type": "BitstringStatusList",
                    "statusPurpose": "revocation",
                    "encodedList": self.encoded,
                })),
            ),
        ])
    }

    fn read(json: &Json, verification_method: String) -> Result<StatusListCredential, Error> {
        let list = StatusListCredential {
            id: text(json, "/id")?,
            issuer: text(json, "/issuer")?,
            verification_method,
            valid_from: instant(json, "/validFrom")?,
            valid_until: json.get("validUntil").map(|_| instant(json, "/validUntil")).transpose()?,
            encoded: text(json, "/credentialSubject/encodedList")?,
        };
        list.check()?;
        if list.json() == *json { Ok(list) } else { Err(Error::Malformed("a member too many")) }
    }

    fn graph(&self) -> Graph {
        let (this, subject) = (&iri(&self.id), &iri(&self.subject()));
        let mut graph = Graph::default();
        graph.kind(this, (CREDENTIALS, "VerifiableCredential"));
        graph.kind(this, (STATUS, "BitstringStatusListCredential"));
        graph.node(this, (CREDENTIALS, "issuer"), &iri(&self.issuer));
        graph.typed(this, (CREDENTIALS, "validFrom"), &written(self.valid_from), DATE_TIME);
        if let Some(instant) = self.valid_until {
            graph.typed(this, (CREDENTIALS, "validUntil"), &written(instant), DATE_TIME);
        }
        graph.node(this, (CREDENTIALS, "credentialSubject"), subject);
        graph.kind(subject, (STATUS, "BitstringStatusList"));
        graph.text(subject, (STATUS, "statusPurpose"), "revocation");
        let multibase = format!("{SECURITY}multibase");
        graph.typed(subject, (STATUS, "encodedList"), &self.encoded, &multibase);
        graph
    }
}
