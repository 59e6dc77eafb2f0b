//! What is signed verifies; whatever is changed afterwards does not.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use credential::{
    Achievement, Credential, Error, Holder, Issuer, Key, Name, PublicKey, PublishedKey, Status,
    did_web_document, verify,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

fn key() -> Key {
    Key::from_seed(&[3; 32])
}

fn course() -> Credential {
    Credential {
        id: "urn:uuid:01920000-0000-7000-8000-000000000001".to_owned(),
        name: Name { text: "Comptabilité".to_owned(), lang: Some("fr".to_owned()) },
        description: Some("Deux jours\nà Tazenakht \"bien\" \\ fini".to_owned()),
        issuer: Issuer {
            url: Some("https://tiwizi.example/".to_owned()),
            ..Issuer::of("did:web:tiwizi.example", &key().public(), "Tiwizi")
        },
        valid_from: at("2026-03-08T10:00:00Z"),
        valid_until: Some(at("2027-03-08T10:00:00Z")),
        holder: Holder::hashed("ext:phone", "+212600000000", "salt1"),
        achievement: Achievement {
            id: "urn:uuid:01920000-0000-7000-8000-000000000002".to_owned(),
            kind: "Course".to_owned(),
            name: "Comptabilité".to_owned(),
            description: "Tenir la caisse".to_owned(),
            criteria: "Présente à 80 %".to_owned(),
            lang: Some("fr".to_owned()),
        },
        status: Some(Status { list: "https://tiwizi.example/status/1".to_owned(), index: 7 }),
    }
}

fn bare() -> Credential {
    let full = course();
    Credential {
        name: Name { lang: None, ..full.name.clone() },
        description: None,
        issuer: Issuer { url: None, ..full.issuer.clone() },
        valid_until: None,
        holder: Holder::Named("Fatima El Idrissi".to_owned()),
        achievement: Achievement { lang: None, ..full.achievement.clone() },
        status: None,
        ..full
    }
}

fn sign(credential: &Credential) -> Json {
    credential.sign(&key(), at("2026-03-08T11:00:00Z")).unwrap()
}

fn check(sealed: &Json) -> Result<Credential, Error> {
    let known = format!("did:web:tiwizi.example#{}", key().public().multibase());
    let resolve = |method: &str| (method == known).then(|| key().public());
    verify(sealed, at("2026-06-01T00:00:00Z"), resolve).map(|verified| verified.credential)
}

#[test]
fn what_is_signed_verifies_and_reads_back_the_same() {
    for credential in [course(), bare()] {
        let sealed = sign(&credential);
        assert_eq!(check(&sealed), Ok(credential.clone()));
        let again: Json = serde_json::from_str(&sealed.to_string()).unwrap();
        assert_eq!(check(&again), Ok(credential.clone()));
        assert_eq!(sign(&credential).to_string(), sealed.to_string(), "signing twice gives the same");
    }
}

/// Every place in the document, with what stands there.
fn places(json: &Json, here: String, found: &mut Vec<String>) {
    match json {
        Json::Object(members) => {
            for (name, value) in members {
                places(value, format!("{here}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Json::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(value, format!("{here}/{index}"), found);
            }
        }
        _ => {}
    }
    found.push(here);
}

#[test]
fn any_change_anywhere_is_refused() {
    for sealed in [sign(&course()), sign(&bare())] {
        let mut all = Vec::new();
        places(&sealed, String::new(), &mut all);
        assert!(all.len() > 30);
        for place in all {
            let old = sealed.pointer(&place).unwrap();
            let text = old.as_str().map(str::to_owned);
            let others = [
                json!("another"),
                json!(null),
                json!(true),
                json!({}),
                json!([]),
                json!(text.clone().map(|text| text + "1")),
                json!(text.map(|text| text.replace("2026", "2025").replace("urn:uuid:0", "urn:uuid:1"))),
                json!([old]),
                json!({ "@value": old }),
            ];
            for other in others.into_iter().filter(|other| other != old) {
                let mut changed = sealed.clone();
                *changed.pointer_mut(&place).unwrap() = other.clone();
                assert!(check(&changed).is_err(), "{place} may become {other}");
            }
            let mut changed = sealed.clone();
            if let Some(members) = changed.pointer_mut(&place).and_then(Json::as_object_mut) {
                members.insert("evidence".to_owned(), json!("more"));
                assert!(check(&changed).is_err(), "{place} may have a member more");
                let names: Vec<String> =
                    sealed.pointer(&place).unwrap().as_object().unwrap().keys().cloned().collect();
                for name in names {
                    let mut changed = sealed.clone();
                    changed.pointer_mut(&place).unwrap().as_object_mut().unwrap().shift_remove(&name);
                    assert!(check(&changed).is_err(), "{place} may lose {name}");
                }
            }
        }
    }
}

#[test]
fn every_refusal_has_its_own_error() {
    let sealed = sign(&course());
    let other = Key::from_seed(&[4; 32]).public();
    let on = |day: &str| verify(&sealed, at(day), |_| Some(key().public())).map(|_| ());
    assert_eq!(on("2026-03-08T09:59:59Z"), Err(Error::NotYetValid));
    assert_eq!(on("2026-03-08T10:00:00Z"), Ok(()));
    assert_eq!(on("2027-03-08T10:00:00.5Z"), Ok(()));
    assert_eq!(on("2027-03-08T10:00:01Z"), Err(Error::Expired));
    let now = at("2026-06-01T00:00:00Z");
    assert_eq!(verify(&sealed, now, |_| Some(other)).err(), Some(Error::Signature));
    assert_eq!(verify(&sealed, now, |_| None).err(), Some(Error::UnknownKey));
    assert_eq!(verify(&json!({}), now, |_| None).err(), Some(Error::Malformed("/proof")));
    let mut foreign = sealed.clone();
    foreign["proof"]["verificationMethod"] = json!(format!("{}#{}", other.did_key(), other.multibase()));
    assert_eq!(
        verify(&foreign, now, |_| Some(other)).err(),
        Some(Error::UnknownKey),
        "a key of somebody else"
    );
    let mut forged = course();
    forged.achievement.name = "Direction".to_owned();
    let mut forged = sign(&forged);
    forged["proof"] = sealed["proof"].clone();
    assert_eq!(check(&forged), Err(Error::Signature));
}

#[test]
fn nothing_private_stands_in_clear() {
    let sealed = sign(&course()).to_string();
    assert!(!sealed.contains("212600000000"));
    let holder = &course().holder;
    assert!(holder.is("+212600000000") && !holder.is("+212600000001"));
    for name in ["fatima@example.org", "0600 00 00 00", "٠٦٠٠٠٠٠٠٠٠"] {
        let credential = Credential { holder: Holder::Named(name.to_owned()), ..course() };
        assert_eq!(credential.sign(&key(), at("2026-03-08T11:00:00Z")), Err(Error::Private));
    }
}

#[test]
fn what_cannot_be_written_is_not_signed() {
    let refuse = |change: fn(&mut Credential)| {
        let mut credential = course();
        change(&mut credential);
        credential.sign(&key(), at("2026-03-08T11:00:00Z")).unwrap_err()
    };
    assert!(matches!(refuse(|c| c.id = "urn:uuid:1".to_owned()), Error::Malformed("/id")));
    assert!(matches!(refuse(|c| c.name.text = "a\tb".to_owned()), Error::Malformed("/name")));
    assert!(matches!(refuse(|c| c.name.lang = Some("fr> <x".to_owned())), Error::Malformed("/name")));
    assert!(matches!(refuse(|c| c.issuer.name = String::new()), Error::Malformed("/issuer/name")));
    assert!(matches!(
        refuse(|c| c.issuer.url = Some("https://x/> <y".to_owned())),
        Error::Malformed("/issuer/url")
    ));
    assert!(matches!(
        refuse(|c| c.issuer.id = "https://tiwizi.example".to_owned()),
        Error::Malformed("/issuer")
    ));
    assert!(matches!(
        refuse(|c| c.issuer.verification_method = "did:web:b.example#k".to_owned()),
        Error::UnknownKey
    ));
    assert!(matches!(
        refuse(|c| c.status = Some(Status { list: "x".to_owned(), index: 0 })),
        Error::Malformed(_)
    ));
}

#[test]
fn keys_are_read_and_written() {
    let key = Key::generate().unwrap();
    assert_eq!(Key::from_seed(&key.seed()).public(), key.public());
    assert_eq!(PublicKey::from_multibase(&key.public().multibase()), Some(key.public()));
    assert!(key.public().multibase().starts_with("z6Mk"));
    let did = key.public().did_key();
    assert_eq!(PublicKey::of_did_key(&format!("{did}#{}", key.public().multibase())), Some(key.public()));
    assert_eq!(PublicKey::of_did_key(&format!("{did}#z6Mk")), None);
    for text in ["", "z", "z6Mk", "u6Mk", &"z".repeat(5000)] {
        assert_eq!(PublicKey::from_multibase(text), None);
    }
    assert!(!format!("{key:?}").contains(&format!("{:?}", key.seed())));
}

#[test]
fn an_issuer_publishes_its_keys() {
    let published =
        PublishedKey { key: key().public(), expires: None, revoked: Some(at("2026-03-08T10:00:00Z")) };
    let document = did_web_document("tiwizi.example", &[published]);
    let method = Issuer::of("did:web:tiwizi.example", &key().public(), "x").verification_method;
    assert_eq!(document["id"], "did:web:tiwizi.example");
    assert_eq!(document["verificationMethod"][0]["id"], method);
    assert_eq!(document["verificationMethod"][0]["revoked"], "2026-03-08T10:00:00Z");
    assert_eq!(document["assertionMethod"][0], method);
}

proptest! {
    #[test]
    fn any_text_survives(name in "[^\\p{Cc}]{1,40}", criteria in "[^\\p{Cc}]{1,40}", lines in "([a-zé\"\\\\]{0,9}\n?){1,4}") {
        let mut credential = course();
        credential.name.text = name;
        credential.achievement.criteria = criteria;
        credential.description = if lines.is_empty() { None } else { Some(lines) };
        prop_assert_eq!(check(&sign(&credential)), Ok(credential));
    }

    #[test]
    fn any_other_byte_of_the_signature_is_refused(at_byte in 1_usize..80, digit in "[1-9A-HJ-NP-Za-km-z]") {
        let mut sealed = sign(&course());
        let old = sealed["proof"]["proofValue"].as_str().unwrap().to_owned();
        let mut new = old.clone();
        new.replace_range(at_byte..=at_byte, &digit);
        sealed["proof"]["proofValue"] = json!(new);
        prop_assert_eq!(check(&sealed).is_ok(), new == old);
    }

    #[test]
    fn any_document_is_read_without_harm(text in ".{0,200}") {
        let odd: Json = serde_json::from_str(&text).unwrap_or(Json::String(text));
        prop_assert!(check(&odd).is_err());
    }
}
