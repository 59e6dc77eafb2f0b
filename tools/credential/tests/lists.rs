//! Lists of what was taken back.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use credential::{Error, Issuer, Key, StatusList, StatusListCredential, verify_status_list};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

fn published(bits: &StatusList) -> Json {
    let key = Key::from_seed(&[3; 32]);
    let issuer = Issuer::of(&key.public().did_key(), &key.public(), "");
    let list = StatusListCredential {
        id: "https://tiwizi.example/status/1".to_owned(),
        issuer: issuer.id,
        verification_method: issuer.verification_method,
        valid_from: at("2026-03-08T10:00:00Z"),
        valid_until: Some(at("2026-04-08T10:00:00Z")),
        encoded: bits.encode(),
    };
    list.sign(&key, at("2026-03-08T10:00:00Z")).unwrap()
}

fn read(sealed: &Json) -> Result<StatusList, Error> {
    verify_status_list(sealed, at("2026-03-09T10:00:00Z"), credential::PublicKey::of_did_key)?.list()
}

#[test]
fn a_list_is_published_and_read() {
    let mut bits = StatusList::new(0);
    assert_eq!(bits.places(), 131_072);
    bits.set(0, true).unwrap();
    bits.set(94_567, true).unwrap();
    bits.set(131_071, true).unwrap();
    bits.set(131_071, false).unwrap();
    assert_eq!(bits.set(131_072, true), Err(Error::Malformed("index")));
    let read = read(&published(&bits)).unwrap();
    assert_eq!(read, bits);
    let set: Vec<u32> = (0..131_072).filter(|index| read.get(*index) == Some(true)).collect();
    assert_eq!(set, [0, 94_567]);
    assert_eq!(read.get(131_072), None);
    assert_eq!(StatusList::new(200_001).places(), 200_008);
}

#[test]
fn a_changed_list_is_refused() {
    let empty = StatusList::new(0);
    let mut full = empty.clone();
    full.set(5, true).unwrap();
    let sealed = published(&full);
    let mut changed = sealed.clone();
    changed["credentialSubject"]["encodedList"] = json!(empty.encode());
    assert_eq!(read(&changed), Err(Error::Signature));
    let mut changed = sealed.clone();
    changed["credentialSubject"]["ttl"] = json!(1000);
    assert!(matches!(read(&changed), Err(Error::Malformed(_))));
    let late = verify_status_list(&sealed, at("2026-05-09T10:00:00Z"), credential::PublicKey::of_did_key);
    assert_eq!(late, Err(Error::Expired));
}

#[test]
fn what_is_no_list_is_refused() {
    let bomb = StatusList::new(17 * 1024 * 1024 * 8).encode();
    for text in ["", "u", "uH4s", "z123", "u****", bomb.as_str()] {
        assert!(StatusList::decode(text).is_err());
    }
}

#[test]
fn the_first_bit_is_the_leftmost() {
    // An empty list as the recommendation of the W3C prints it.
    let empty = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA";
    assert_eq!(StatusList::decode(empty), Ok(StatusList::new(0)));
}

proptest! {
    #[test]
    fn what_is_set_is_read(indices in proptest::collection::vec(0_u32..131_072, 0..50)) {
        let mut bits = StatusList::new(0);
        for index in &indices {
            bits.set(*index, true).unwrap();
        }
        let read = StatusList::decode(&bits.encode()).unwrap();
        prop_assert!(indices.iter().all(|index| read.get(*index) == Some(true)));
        prop_assert_eq!(read, bits);
    }
}
