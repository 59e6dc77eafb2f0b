//! Writes what judges from outside look at: two credentials, a status list, the document of the issuer.
//!
//! `cargo run -p credential --example sample_badges -- FOLDER`

use std::io::{Error, ErrorKind};
use std::path::PathBuf;

use credential::{
    Achievement, Credential, Holder, Issuer, Key, Name, PublishedKey, Status, StatusList,
    StatusListCredential, did_web_document,
};
use serde_json::Value as Json;

const DOMAIN: &str = "tiwizi.example:badges";
const LIST: &str = "https://tiwizi.example/badges/status/1";

fn main() -> Result<(), Error> {
    let folder = std::env::args().nth(1).map(PathBuf::from);
    let folder = folder.ok_or_else(|| Error::new(ErrorKind::InvalidInput, "which folder?"))?;
    let write = |name: &str, json: &Json| std::fs::write(folder.join(name), json.to_string());

    let key = Key::from_seed(&[7; 32]);
    let issuer = Issuer::of(&key.public().did_key(), &key.public(), "Fédération des coopératives « Tiwizi »");
    let signed = "2026-03-08T10:00:00Z".parse().map_err(Error::other)?;
    let course = Credential {
        id: "urn:uuid:01920000-0000-7000-8000-000000000001".to_owned(),
        name: Name { text: "Comptabilité d’une coopérative".to_owned(), lang: Some("fr".to_owned()) },
        description: Some("Douze heures à Tazenakht.\n« Tenir \\ ses comptes » : \"bien\".".to_owned()),
        issuer: issuer.clone(),
        valid_from: signed,
        valid_until: Some("2099-03-08T10:00:00Z".parse().map_err(Error::other)?),
        holder: Holder::hashed("ext:phone", "+212600000000", "b0c4e6a8d2f1"),
        achievement: Achievement {
            id: "urn:uuid:01920000-0000-7000-8000-000000000002".to_owned(),
            kind: "Course".to_owned(),
            name: "Comptabilité".to_owned(),
            description: "Tenir la caisse, les stocks et le livre journal. مسك المحاسبة ⵣ 👩".to_owned(),
            criteria: "Présente à 80 % des séances, 12/20 au test.".to_owned(),
            lang: Some("fr".to_owned()),
        },
        status: Some(Status { list: LIST.to_owned(), index: 94_568 }),
    };
    write("badge.json", &course.sign(&key, signed).map_err(Error::other)?)?;

    let published = PublishedKey { key: key.public(), expires: None, revoked: None };
    let document = did_web_document(DOMAIN, &[published]);
    let named = Credential {
        name: Name { text: "شهادة".to_owned(), lang: None },
        description: None,
        issuer: Issuer {
            url: Some("https://tiwizi.example/".to_owned()),
            ..Issuer::of(&format!("did:web:{DOMAIN}"), &key.public(), "تيويزي")
        },
        valid_until: None,
        holder: Holder::Named("فاطمة الإدريسي".to_owned()),
        status: None,
        achievement: Achievement { lang: None, ..course.achievement.clone() },
        ..course
    };
    write("badge-web.json", &named.sign(&key, signed).map_err(Error::other)?)?;
    write("did.json", &document)?;

    let mut bits = StatusList::new(0);
    bits.set(94_567, true).map_err(Error::other)?;
    let list = StatusListCredential {
        id: LIST.to_owned(),
        issuer: issuer.id,
        verification_method: issuer.verification_method,
        valid_from: signed,
        valid_until: None,
        encoded: bits.encode(),
    };
    write("status.json", &list.sign(&key, signed).map_err(Error::other)?)
}
