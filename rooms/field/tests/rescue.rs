//! Work that a telephone cannot send any more: a manager brings it in from a file; and what is kept of somebody goes when
//! she asks for it.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crate::house;

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use house::{Phone, given, rooms};
use kernel::testing::{House, on_both};
use kernel::{Id, Json, sql};
use people::testing::sign_in;
use serde_json::json;

const CODE: &str = "123456789012";

/// The file that a telephone makes of its pending work.
fn file_of(account: Id, batches: &[Json], files: &[Json]) -> Vec<u8> {
    let plain = json!({ "account": account, "name": "Amina", "device": Id::new(), "batches": batches, "files": files });
    let (salt, iv) = ([7_u8; 16], [9_u8; 12]);
    let key = pbkdf2::pbkdf2_hmac_array::<sha2::Sha256, 32>(CODE.as_bytes(), &salt, 600_000);
    let data = Aes256Gcm::new(&key.into()).encrypt(&Nonce::from(iv), plain.to_string().as_bytes()).unwrap();
    let text = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
    json!({ "salt": text(&salt), "rounds": 600_000, "iv": text(&iv), "data": text(&data) })
        .to_string()
        .into_bytes()
}

fn count(house: &House, statement: &str) -> i64 {
    house.look(|db| db.one(&sql(statement).open("test")))
}

#[test]
fn a_manager_brings_in_what_a_phone_cannot_send() {
    on_both(rooms, |house| {
        let given = given(house);
        let (amina, samira) = (given.coach(house, "amina"), given.manager(house, "samira"));
        let phone = Phone::of(&amina);
        let (visit, photo) = (Id::new().to_string(), Id::new());
        let today = kernel::today().to_string();
        let plan = phone.fill(&format!("{}/visits", given.page()), &[("id", &visit), ("held", &today)]);
        let mut report = phone.fill(
            &format!("/visits/{visit}/report"),
            &[("held", &today), ("minutes", "60"), ("version", "1")],
        );
        report["files"] = json!([{ "field": "photo", "upload": photo, "name": "four.jpg" }]);
        let batch = json!({ "id": Id::new(), "device": phone.id, "sent_at": 1, "commands": [plan, report] });
        let picture = BASE64_STANDARD.encode(b"\xff\xd8\xff\xe0 a photo");
        let files = [json!({ "upload": photo, "name": "four.jpg", "data": picture })];
        let file = file_of(Id::named("amina"), std::slice::from_ref(&batch), &files);
        let bring = |who: &kernel::testing::Visitor<'_>, code: &str| {
            who.upload("/field/rescue", &[("code", code)], "file", "travail.json", &file).status
        };
        assert_eq!(bring(&amina, CODE), 403);
        assert_eq!(bring(&samira, "123456789013"), 422);
        assert_eq!(count(house, "select count(*) from device_command"), 0);
        assert_eq!(bring(&samira, CODE), 200);
        assert_eq!(count(house, "select count(*) from visit where status = 'done' and photo is not null"), 1);
        let behalf = "select count(*) from fact where kind = 'coaching.visit.created' and behalf is not null";
        assert_eq!(count(house, behalf), 1, "the manager's hand, on behalf of the coach");
        // The telephone is mended and sends it itself: nothing happens twice, and it is told so.
        let facts = count(house, "select count(*) from fact where kind like 'coaching.%'");
        assert_eq!(phone.state_of(&batch["commands"][0]), "done");
        assert_eq!(count(house, "select count(*) from fact where kind like 'coaching.%'"), facts);
        assert_eq!(bring(&samira, CODE), 200);
        assert_eq!(count(house, "select count(*) from visit"), 1);
        // A file that names nobody of the house brings nothing.
        let strange = file_of(Id::new(), &[batch], &[]);
        let answer = samira.upload("/field/rescue", &[("code", CODE)], "file", "x.json", &strange);
        assert_eq!(answer.status, 422);
    });
}

#[test]
fn what_was_sent_of_somebody_goes_with_her_data() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let phone = Phone::of(&amina);
        let half = given.half_day.to_string();
        let form = [
            ("id", &*Id::new().to_string()),
            ("half_day", &half),
            ("name", "Fatima Aït Lahcen"),
            ("sex", "woman"),
        ];
        let door = phone.fill(&format!("/training/sessions/{}/roll-call/people", given.session), &form);
        assert_eq!(phone.state_of(&door), "done");
        let named = "select count(*) from batch b where b.body like '%Fatima%'";
        assert_eq!(count(house, named), 1);
        let admin = sign_in(house, "admin", &[("administrator", "platform")]);
        let person = house
            .look(|db| db.one::<Id>(&sql("select id from person where name like '%Fatima%'").open("test")));
        let erased = admin.post(&format!("/people/{person}/erase"), &[("confirm", "EFFACER")]);
        assert_eq!(erased.status, 303, "{}", erased.text());
        assert_eq!(count(house, named), 0);
        assert_eq!(count(house, "select count(*) from device_command where form like '%Fatima%'"), 0);
        assert_eq!(
            count(house, "select count(*) from device_command where state = 'done'"),
            1,
            "that it came stays"
        );
        assert_eq!(phone.state_of(&door), "done", "sent again it changes nothing");
        assert_eq!(count(house, "select count(*) from batch b where b.body like '%Fatima%'"), 0);
        // A telephone that was away speaks of her afterwards: it is told so, and nothing of it is kept.
        let late = phone.fill(&format!("/people/{person}"), &[("name.fr", "Fatima"), ("version", "1")]);
        assert_eq!(phone.state_of(&late), "needs_you");
        let sentence = phone.ask(&late)["sentence"].as_str().unwrap().to_owned();
        assert!(sentence.contains("effacées"), "{sentence}");
        assert_eq!(count(house, "select count(*) from device_command where form like '%Fatima%'"), 0);
        assert_eq!(phone.state_of(&late), "needs_you");
        assert_eq!(count(house, "select count(*) from batch b where b.body like '%Fatima%'"), 0);
    });
}
