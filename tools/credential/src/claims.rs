//! The credential: what is claimed of whom, by whom, for how long.

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::proof::{self, belongs, in_time};
use crate::read::{address, language, prose, uuid, whole};
use crate::{Error, Holder, Key, PublicKey};

pub(crate) const VC: &str = "https://www.w3.org/ns/credentials/v2";
pub(crate) const OB: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
pub(crate) const WEB: &[&str] = &["https://", "http://"];

/// Who vouches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// `did:web:…` or `did:key:…`.
    pub id: String,
    /// The key that signs: the id, `#`, and its mark.
    pub verification_method: String,
    /// Name for people.
    pub name: String,
    /// Page for people.
    pub url: Option<String>,
}

impl Issuer {
    /// An issuer whose keys are published in [`did_web_document`](crate::did_web_document), which marks them so.
    pub fn of(id: &str, key: &PublicKey, name: &str) -> Issuer {
        let verification_method = format!("{id}#{}", key.multibase());
        Issuer { id: id.to_owned(), verification_method, name: name.to_owned(), url: None }
    }
}

/// A title, with its language if that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The title.
    pub text: String,
    /// Its language, such as `fr`.
    pub lang: Option<String>,
}

/// What was achieved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Achievement {
    /// `urn:uuid:…`, the same for everybody who achieves it.
    pub id: String,
    /// In the words of Open Badges: `Course`, `Certificate`, `Competency`, `Membership`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// What one must do for it.
    pub criteria: String,
    /// The language of these texts, such as `fr`.
    pub lang: Option<String>,
}

/// Where to look whether it was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Web address of the [`StatusListCredential`](crate::StatusListCredential).
    pub list: String,
    /// Its place in that list.
    pub index: u32,
}

/// An Open Badge before it is signed. Instants are written to the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// `urn:uuid:…`.
    pub id: String,
    /// Its title.
    pub name: Name,
    /// More about it.
    pub description: Option<String>,
    /// Who vouches.
    pub issuer: Issuer,
    /// When it begins to hold.
    pub valid_from: Timestamp,
    /// The last instant at which it holds.
    pub valid_until: Option<Timestamp>,
    /// Who achieved it.
    pub holder: Holder,
    /// What was achieved.
    pub achievement: Achievement,
    /// Where to look whether it was taken back.
    pub status: Option<Status>,
}

/// A credential whose signature holds, at an instant at which it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// What it says.
    pub credential: Credential,
    /// When it was signed, as the signer says.
    pub created: Timestamp,
}

/// Verifies a credential of this shape. `resolve` knows the keys by their verification method; whether the credential
/// was taken back is asked of its status list.
///
/// # Errors
/// Every way in which it does not hold has its own [`Error`].
pub fn verify(
    sealed: &Json,
    now: Timestamp,
    resolve: impl Fn(&str) -> Option<PublicKey>,
) -> Result<Verified, Error> {
    let (document, proof) = proof::open(sealed)?;
    let credential = Credential::read(&document, proof.method.clone())?;
    proof.verify(&credential.graph(), resolve)?;
    in_time(credential.valid_from, credential.valid_until, now)?;
    Ok(Verified { credential, created: proof.created })
}

impl Credential {
    /// Signs it. The same credential, key and instant give the same signature.
    ///
    /// # Errors
    /// [`Error::Malformed`] for what cannot be written, [`Error::Private`] for what must not stand in clear,
    /// [`Error::UnknownKey`] if the verification method is not one of the issuer.
    pub fn sign(&self, key: &Key, created: Timestamp) -> Result<Json, Error> {
        self.check()?;
        proof::seal(self.json(), &self.graph(), key, &self.issuer.verification_method, whole(created))
    }

    /// Refuses what its shape does not allow.
    pub(crate) fn check(&self) -> Result<(), Error> {
        belongs(&self.issuer.verification_method, &self.issuer.id)?;
        uuid(&self.id, "/id")?;
        uuid(&self.achievement.id, "/credentialSubject/achievement/id")?;
        prose(&self.name.text, "/name")?;
        prose(&self.issuer.name, "/issuer/name")?;
        prose(&self.achievement.kind, "/credentialSubject/achievement/achievementType")?;
        prose(&self.achievement.name, "/credentialSubject/achievement/name")?;
        prose(&self.achievement.description, "/credentialSubject/achievement/description")?;
        prose(&self.achievement.criteria, "/credentialSubject/achievement/criteria")?;
        language(self.name.lang.as_ref(), "/name")?;
        language(self.achievement.lang.as_ref(), "/credentialSubject/achievement/inLanguage")?;
        self.description.iter().try_for_each(|text| prose(text, "/description"))?;
        self.issuer.url.iter().try_for_each(|url| address(url, WEB, "/issuer/url"))?;
        self.status.iter().try_for_each(|status| match status.list.contains('#') {
            true => Err(Error::Malformed("/credentialStatus")),
            false => address(&status.list, WEB, "/credentialStatus"),
        })?;
        if let Holder::Named(name) = &self.holder {
            prose(name, "/credentialSubject/identifier")?;
        }
        self.holder.check()
    }
}
