//! The proof `eddsa-rdfc-2022`: one signature over the digests of the proof's own graph and of the document's.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::graph::{DATE_TIME, Graph, Node, SECURITY, iri};
use crate::key::{from_multibase, multibase};
use crate::read::{address, instant, text, whole, written};
use crate::{Error, Key, PublicKey};

const SUITE: &str = "eddsa-rdfc-2022";
pub(crate) const DIDS: &[&str] = &["did:key:", "did:web:"];

pub(crate) struct Proof {
    pub(crate) created: Timestamp,
    pub(crate) method: String,
    signature: [u8; 64],
}

/// Adds the proof to a document that means this graph.
pub(crate) fn seal(
    mut document: Json,
    graph: &Graph,
    key: &Key,
    method: &str,
    created: Timestamp,
) -> Result<Json, Error> {
    let signature = key.sign(&message(method, created, graph));
    let proof = Proof { created, method: method.to_owned(), signature };
    document.as_object_mut().ok_or(Error::Malformed("/"))?.insert("proof".into(), proof.json());
    Ok(document)
}

/// Takes document and proof apart.
pub(crate) fn open(sealed: &Json) -> Result<(Json, Proof), Error> {
    let mut document = sealed.clone();
    let proof = document.as_object_mut().and_then(|members| members.shift_remove("proof"));
    let json = proof.ok_or(Error::Malformed("/proof"))?;
    let value = from_multibase(&text(&json, "/proofValue")?).and_then(|bytes| bytes.try_into().ok());
    let proof = Proof {
        created: instant(&json, "/created")?,
        method: text(&json, "/verificationMethod")?,
        signature: value.ok_or(Error::Malformed("/proof/proofValue"))?,
    };
    if proof.json() == json { Ok((document, proof)) } else { Err(Error::Malformed("/proof")) }
}

impl Proof {
    fn json(&self) -> Json {
        json!({
            "type": "DataIntegrityProof",
            "created": written(self.created),
            "verificationMethod": self.method,
            "cryptosuite": SUITE,
            "proofPurpose": "assertionMethod",
            "proofValue": multibase(&self.signature),
        })
    }

    /// Whether a key of this issuer signed this graph.
    pub(crate) fn verify(
        &self,
        graph: &Graph,
        resolve: impl Fn(&str) -> Option<PublicKey>,
    ) -> Result<(), Error> {
        let key = resolve(&self.method).ok_or(Error::UnknownKey)?;
        let signed = key.verifies(&message(&self.method, self.created, graph), &self.signature);
        if signed { Ok(()) } else { Err(Error::Signature) }
    }
}

/// A method is a key of the issuer: its address and a mark.
pub(crate) fn belongs(method: &str, issuer: &str) -> Result<(), Error> {
    address(issuer, DIDS, "/issuer")?;
    address(method, DIDS, "/proof/verificationMethod")?;
    let mark = method.strip_prefix(issuer).and_then(|rest| rest.strip_prefix('#'));
    if mark.is_some_and(|mark| !mark.is_empty() && !mark.contains('#')) {
        Ok(())
    } else {
        Err(Error::UnknownKey)
    }
}

/// Whether now lies between these.
pub(crate) fn in_time(from: Timestamp, until: Option<Timestamp>, now: Timestamp) -> Result<(), Error> {
    let now = whole(now);
    match until {
        _ if now < from => Err(Error::NotYetValid),
        Some(until) if now > until => Err(Error::Expired),
        _ => Ok(()),
    }
}

fn message(method: &str, created: Timestamp, document: &Graph) -> Vec<u8> {
    let proof = Node::Blank("proof");
    let mut graph = Graph::default();
    graph.kind(&proof, (SECURITY, "DataIntegrityProof"));
    graph.typed(&proof, ("http://purl.org/dc/terms/", "created"), &written(created), DATE_TIME);
    graph.node(&proof, (SECURITY, "verificationMethod"), &iri(method));
    graph.typed(&proof, (SECURITY, "cryptosuite"), SUITE, "https://w3id.org/security#cryptosuiteString");
    graph.node(&proof, (SECURITY, "proofPurpose"), &iri("https://w3id.org/security#assertionMethod"));
    [graph.digest(), document.digest()].concat()
}
