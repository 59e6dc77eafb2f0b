//! Certificates: issued to who completed, verified by anybody, taken back for a reason, forgotten with the person.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

mod common;

use common::{Ground, facts, ground, rooms};
use kernel::testing::{House, on_both, press};
use kernel::{Id, Room};
use people::testing::sign_in;

/// The house with somebody who prints.
fn printing() -> Vec<Room> {
    rooms().into_iter().chain([press()]).collect()
}

/// Two people are listed; the first was there all day.
fn held(house: &House) -> (Ground, Vec<Id>) {
    let ground = ground(house);
    let youssef = ground.trainer(house);
    let listed = ground.list(house, 1);
    for half in ground.half_days {
        ground.call(&youssef, half, &listed, &listed[..1]).is(303);
    }
    (ground, listed)
}

#[test]
fn a_certificate_is_issued_verified_and_taken_back() {
    on_both(printing, |house| {
        let (ground, listed) = held(house);
        let (hanane, samira, karim) = (ground.coach(house), ground.manager(house), ground.partner(house));
        let path = ground.page("/certificates");
        hanane.get(&path).is(409).says("Aucune attestation");
        house.visitor().get("/status/certificates").is(404);
        hanane.get(&ground.page("/results")).is(200).says("Délivrer 1 attestation");
        for visitor in [&karim, &sign_in(house, "stranger", &[])] {
            let answered = visitor.post(&path, &[]).status;
            assert!([403, 404].contains(&answered), "{answered}");
        }
        hanane.post(&path, &[]).is(303);
        hanane.post(&path, &[]).is(303);
        assert_eq!(facts(house, "training.certificate.created"), 1, "issued twice, each has one");
        assert_eq!(facts(house, "training.signing_key.created"), 1);
        let page = hanane.get_json(&ground.page("/results")).is(200).json();
        let line = &page["certificates"][0];
        assert_eq!(line["participant"], listed[0].to_string());
        let (id, code) = (line["id"].as_str().unwrap(), line["code"].as_str().unwrap());
        // Anybody with the code checks it, and takes the proof elsewhere.
        let verify = format!("/verify/{code}");
        let visitor = house.visitor();
        visitor.get(&verify).is(200).says("Valable").says("Membre 0 Alpha").says("Tenir la caisse");
        visitor.get("/verify/0000").is(404);
        let signed = visitor.get(&format!("{verify}/credential")).is(200).json();
        assert_eq!(signed["proof"]["cryptosuite"], "eddsa-rdfc-2022");
        let keys = visitor.get("/.well-known/did.json").is(200).json();
        assert_eq!(keys["id"], "did:web:localhost");
        let known = |signed: &serde_json::Value| {
            let mark = keys["verificationMethod"][0]["publicKeyMultibase"].as_str().unwrap();
            let key = credential::PublicKey::from_multibase(mark).unwrap();
            credential::verify(signed, jiff::Timestamp::now(), |_| Some(key))
        };
        assert!(known(&signed).is_ok());
        let mut altered = signed;
        altered["credentialSubject"]["achievement"]["name"] = "Autre chose".into();
        assert!(known(&altered).is_err());
        // On paper in both languages, with its address.
        visitor
            .get(&format!("{verify}/pdf"))
            .is(200)
            .says("Attestation de formation")
            .says("شهادة تكوين")
            .says(&verify);
        hanane.get(&path).is(200).says("Membre 0 Alpha");
        // Taken back by who plans, for a reason; everybody learns of it.
        let revoke = format!("/certificates/{id}/revocation");
        hanane.post(&revoke, &[("reason", "erreur")]).is(403);
        samira.post(&revoke, &[]).is(409).says("pourquoi");
        samira.post(&revoke, &[("reason", "Délivrée à la mauvaise personne")]).is(303);
        samira.post(&revoke, &[("reason", "encore")]).is(303);
        visitor.get(&verify).is(200).says("Retirée").never_says("mauvaise personne");
        visitor.get(&format!("{verify}/pdf")).is(409);
        let list = visitor.get("/status/certificates").is(200).json();
        let encoded = list["credentialSubject"]["encodedList"].as_str().unwrap();
        assert_eq!(credential::StatusList::decode(encoded).unwrap().get(0), Some(true));
    });
}

#[test]
fn a_replaced_key_signs_nothing_new_and_what_it_signed_stays_good() {
    on_both(printing, |house| {
        let (ground, _) = held(house);
        let hanane = ground.coach(house);
        let nadia = sign_in(house, "nadia", &[("administrator", "platform")]);
        hanane.post(&ground.page("/certificates"), &[]).is(303);
        hanane.post("/training/keys", &[]).is(403);
        nadia.get("/training/keys").is(200).says("signe aujourd");
        nadia.post("/training/keys", &[]).is(303);
        let keys = nadia.get_json("/training/keys").json()["keys"].as_array().unwrap().len();
        assert_eq!(keys, 2);
        let page = hanane.get_json(&ground.page("/results")).json();
        let code = page["certificates"][0]["code"].as_str().unwrap().to_owned();
        house.visitor().get(&format!("/verify/{code}")).is(200).says("Valable");
        // Whose data is erased is named on no certificate.
        let person = ground.members[0][0];
        nadia.post(&format!("/people/{person}/erase"), &[("confirm", "EFFACER")]).is(303);
        house.visitor().get(&format!("/verify/{code}")).is(200).never_says("Membre 0 Alpha");
        house.visitor().get(&format!("/verify/{code}/credential")).is(404);
    });
}
