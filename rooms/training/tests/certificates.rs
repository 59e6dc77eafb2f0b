//! Certificates: issued to who completed, verified by anybody, taken back for a reason, forgotten with the person.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::common;

use common::{Ground, days_ago, facts, ground, rooms};
use kernel::testing::{House, Visitor, on_both, press};
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
        let id = Id::new().to_string();
        nadia.post("/training/keys", &[("id", &id)]).is(303);
        nadia.post("/training/keys", &[("id", &id)]).is(303);
        let keys = nadia.get_json("/training/keys").json()["keys"].as_array().unwrap().len();
        assert_eq!(keys, 2, "a form sent twice makes one key");
        let seeds = house.look(|db| {
            db.rows(
                &kernel::sql("select seed from signing_key order by made"),
                kernel::value::Row::take::<String>,
            )
        });
        assert!(seeds[0].is_empty(), "a key that signs no more is not kept");
        assert!(kernel::secret::is_sealed(&seeds[1]), "the one that signs is sealed");
        let verify = verify(&ground, &hanane);
        house.visitor().get(&verify).is(200).says("Valable");
        // Whose data is erased is named on no certificate.
        let person = ground.members[0][0];
        nadia.post(&format!("/people/{person}/erase"), &[("confirm", "EFFACER")]).is(303);
        house.visitor().get(&verify).is(200).never_says("Membre 0 Alpha");
        house.visitor().get(&format!("{verify}/credential")).is(404);
    });
}

/// Where the first certificate of the session is checked.
fn verify(ground: &Ground, who: &Visitor<'_>) -> String {
    let page = who.get_json(&ground.page("/results")).json();
    format!("/verify/{}", page["certificates"][0]["code"].as_str().unwrap())
}

#[test]
fn what_a_stolen_key_signs_is_not_believed() {
    on_both(printing, |house| {
        let (ground, _) = held(house);
        let hanane = ground.coach(house);
        let nadia = sign_in(house, "nadia", &[("administrator", "platform")]);
        hanane.post(&ground.page("/certificates"), &[]).is(303);
        let verify = verify(&ground, &hanane);
        let visitor = house.visitor();
        visitor.get(&verify).is(200).says("Valable");
        let id = nadia.get_json("/training/keys").json()["keys"][0]["id"].as_str().unwrap().to_owned();
        let theft = format!("/training/keys/{id}/theft");
        let today = kernel::today().to_string();
        hanane.post(&theft, &[("since", &today)]).is(403);
        nadia.post(&theft, &[]).is(409).says("depuis quel jour");
        nadia.post(&theft, &[("since", &days_ago(3).to_string())]).is(409);
        nadia.post(&theft, &[("since", &today)]).is(303);
        nadia.post(&theft, &[("since", &today)]).is(303);
        assert_eq!(facts(house, "training.signing_key.stolen"), 1);
        nadia.get("/training/keys").is(200).says("volée depuis").says("signe aujourd");
        visitor.get(&verify).is(200).says("clé déclarée volée");
        visitor.get(&format!("{verify}/pdf")).is(409);
        let keys = visitor.get("/.well-known/did.json").is(200).json();
        let methods = keys["verificationMethod"].as_array().unwrap();
        assert_eq!(methods.iter().filter(|method| method["revoked"].is_string()).count(), 1);
        assert_eq!(methods.len(), 2, "another key signs from now on");
        visitor.get("/status/certificates").is(200);
        // What it signed before the theft stays good.
        let later = kernel::now() + 1000;
        house.given(|tx| {
            tx.run(&kernel::sql("update signing_key set stolen = ? where id = ?").bind(later).bind(&id))
        });
        visitor.get(&verify).is(200).says("Valable");
    });
}

#[test]
fn what_was_honestly_signed_after_a_theft_is_issued_again() {
    on_both(printing, |house| {
        let (ground, _) = held(house);
        let (hanane, samira) = (ground.coach(house), ground.manager(house));
        let nadia = sign_in(house, "nadia", &[("administrator", "platform")]);
        let (issue, results) = (ground.page("/certificates"), ground.page("/results"));
        hanane.post(&issue, &[]).is(303);
        let before = verify(&ground, &hanane);
        hanane.get(&results).is(200).never_says("Délivrer 1 attestation");
        let id = nadia.get_json("/training/keys").json()["keys"][0]["id"].as_str().unwrap().to_owned();
        let theft = format!("/training/keys/{id}/theft");
        nadia.post(&theft, &[("since", &kernel::today().to_string())]).is(303);
        hanane.get(&results).is(200).says("Délivrer 1 attestation").says("à délivrer de nouveau");
        for _ in 0..2 {
            hanane.post(&issue, &[]).is(303);
        }
        assert_eq!(facts(house, "training.certificate.created"), 2, "issued again once");
        let after = verify(&ground, &hanane);
        assert_ne!(before, after);
        let visitor = house.visitor();
        visitor.get(&after).is(200).says("Valable").says("Membre 0 Alpha");
        visitor.get(&before).is(200).says("Retirée");
        visitor.get(&format!("{before}/pdf")).is(409);
        visitor.get(&format!("{after}/pdf")).is(200).says("Membre 0 Alpha");
        let reason = kernel::sql("select reason from certificate where revoked is not null").open("a test");
        let reason: String = house.look(|db| db.one(&reason));
        assert!(reason.contains("clé déclarée volée"), "{reason}");
        hanane.get(&results).never_says("Délivrer 1 attestation").never_says("à délivrer de nouveau");
        // What somebody took back for another reason stays taken back.
        let page = hanane.get_json(&results).json();
        let id = page["certificates"][0]["id"].as_str().unwrap().to_owned();
        samira.post(&format!("/certificates/{id}/revocation"), &[("reason", "erreur")]).is(303);
        hanane.post(&issue, &[]).is(303);
        assert_eq!(facts(house, "training.certificate.created"), 2);
    });
}

#[test]
fn a_certificate_says_what_was_signed_whatever_the_records_say_later() {
    on_both(printing, |house| {
        let (ground, _) = held(house);
        let (hanane, samira) = (ground.coach(house), ground.manager(house));
        hanane.post(&ground.page("/certificates"), &[]).is(303);
        let verify = verify(&ground, &hanane);
        let visitor = house.visitor();
        visitor
            .get(&verify)
            .says("Membre 0 Alpha")
            .says("Tenir la caisse")
            .says("<bdi dir=\"ltr\">6</bdi>")
            .says("did:web:localhost")
            .never_says("Depuis la signature");
        let nadia = sign_in(house, "nadia", &[("administrator", "platform")]);
        let change = |path: String, form: &[(&str, &str)]| {
            let version = nadia.get_json(&path).json();
            let version = ["person", "module"].iter().find_map(|name| version[*name]["version"].as_i64());
            let version = version.unwrap_or(1).to_string();
            nadia.post(&path, &[&[("version", version.as_str())], form].concat()).is(303);
        };
        change(format!("/people/{}", ground.members[0][0]), &[("name.fr", "Autre Nom")]);
        change(format!("/training/modules/{}", ground.module), &[("title.fr", "Autre titre")]);
        let minutes = kernel::sql("update half_day set minutes = 60 where session = ?").bind(ground.session);
        house.given(|tx| tx.run(&minutes.open("a test")));
        let today = kernel::today().year().to_string();
        visitor
            .get(&verify)
            .is(200)
            .says("Valable")
            .says("Membre 0 Alpha")
            .says("Tenir la caisse")
            .says("<bdi dir=\"ltr\">6</bdi>")
            .says("Depuis la signature")
            .says("le nom de la personne (")
            .says(&today)
            .says("le nombre d’heures")
            .never_says("Autre Nom")
            .never_says("Autre titre");
        visitor.get(&format!("{verify}/pdf")).is(200).says("Membre 0 Alpha").never_says("Autre");
        let id = hanane.get_json(&ground.page("/results")).json()["certificates"][0]["id"].clone();
        let revoke = format!("/certificates/{}/revocation", id.as_str().unwrap());
        samira.post(&revoke, &[("reason", "erreur")]).is(303);
        visitor.get(&verify).says("Retirée").says("Membre 0 Alpha").says("Depuis la signature");
    });
}

#[test]
fn the_certificates_of_a_session_are_printed_once_in_the_background() {
    on_both(printing, |house| {
        let (ground, listed) = held(house);
        let (hanane, karim) = (ground.coach(house), ground.partner(house));
        let (page, ask, pdf) = (
            ground.page("/certificates"),
            ground.page("/certificates/print"),
            ground.page("/certificates/pdf"),
        );
        hanane.post(&ask, &[]).is(409);
        hanane.post(&page, &[]).is(303);
        hanane.get(&page).is(200).says("Préparer le document").says("1 attestation");
        hanane.get(&pdf).is(404);
        karim.post(&ask, &[]).is(403);
        hanane.post(&ask, &[]).is(303).leads_to(&page);
        hanane.post(&ask, &[]).is(303);
        let jobs = || house.look(|db| db.one::<i64>(&kernel::sql("select count(*) from job")));
        assert_eq!((jobs(), facts(house, "training.certificates.printed")), (1, 1));
        hanane.get(&page).is(200).says("se prépare").says("Actualiser");
        // The process dies in the middle; the next one takes the work up.
        house.given(|tx| tx.run(&kernel::sql("update job set state = 'running', changed_at = 0")));
        house.app.bell.stop();
        kernel::work::serve(&house.app);
        let state = hanane.get_json(&page).json();
        assert_eq!(
            (&state["state"], &state["done"], &state["total"]),
            (&"done".into(), &1.into(), &1.into())
        );
        hanane.get(&page).says("Ouvrir le document");
        hanane.get(&pdf).is(200).says("Membre 0 Alpha").says("شهادة تكوين");
        karim.get(&pdf).is(403);
        house.visitor().get(&pdf).is(303);
        // Asked again, it is there; cleared away or outdated, it is made again.
        hanane.post(&ask, &[]).is(303);
        assert_eq!(hanane.get_json(&page).json()["state"], "done");
        std::fs::remove_dir_all(&house.app.made).unwrap();
        assert_eq!(hanane.get_json(&page).json()["state"], "none");
        hanane.post(&ask, &[]).is(303);
        house.work();
        hanane.get(&pdf).is(200);
        assert_eq!(jobs(), 1);
        let youssef = ground.trainer(house);
        for half in ground.half_days {
            ground.call(&youssef, half, &listed, &listed).is(303);
        }
        hanane.post(&page, &[]).is(303);
        hanane.get(&pdf).is(404);
        hanane.post(&ask, &[]).is(303);
        house.work();
        hanane.get(&pdf).is(200).says("Membre 0 Beta");
    });
}

#[test]
fn the_house_vouches_under_its_public_address_however_it_is_asked() {
    let house =
        House::open_with(printing(), |settings| settings.public = Some("https://tiwizi.example".into()));
    let (ground, _) = held(&house);
    let hanane = ground.coach(&house).calling("evil.example");
    hanane.post(&ground.page("/certificates"), &[]).is(303);
    let verify = verify(&ground, &hanane);
    let visitor = house.visitor().calling("evil.example");
    visitor.get(&verify).is(200).says("did:web:tiwizi.example").never_says("evil");
    visitor.get(&format!("{verify}/pdf")).is(200).says(&format!("https://tiwizi.example{verify}"));
    let keys = visitor.get("/.well-known/did.json").json();
    assert_eq!(keys["id"], "did:web:tiwizi.example");
    let house = House::open(printing());
    house
        .visitor()
        .calling("tiwizi.example:8443")
        .get("/.well-known/did.json")
        .is(200)
        .says("tiwizi.example%3A8443");
    house.visitor().calling("a\"b").get("/.well-known/did.json").is(400);
}

#[test]
fn a_key_that_an_earlier_version_kept_in_clear_is_sealed_when_the_house_opens() {
    let house = House::open(rooms());
    let key = credential::Key::generate().unwrap();
    let clear = kernel::secret::hex(&key.seed());
    let insert = kernel::sql("insert into signing_key (id, seed, made) values (?, ?, 1)").bind(Id::new());
    house.given(|tx| tx.run(&insert.bind(&clear)));
    house.app.rooms.iter().filter_map(|room| room.mend).for_each(|mend| mend(&house.app).unwrap());
    let kept: (String, String) = house.look(|db| {
        Ok(db
            .row(&kernel::sql("select seed, public from signing_key"), |row| Ok((row.take()?, row.take()?)))?
            .unwrap())
    });
    assert!(kernel::secret::is_sealed(&kept.0) && !kept.0.contains(&clear));
    assert_eq!(kept.1, key.public().multibase());
    house.visitor().get("/status/certificates").is(200);
}
