//! A house that goes on from a backup: what telephones still hold comes again, and nobody's later work is written over by
//! somebody who never saw it.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::testing::{House, Visitor, on_both};
use kernel::{Fields, Id, Json, Room, Standing};
use people::testing::sign_in;
use serde_json::json;

fn rooms() -> Vec<Room> {
    tiwizi::open_pack().unwrap();
    tiwizi::rooms()
}

struct Phone {
    organisation: Id,
    branch: Id,
}

impl Phone {
    /// A form of the cooperative's page, filled in on this version.
    fn fill(&self, version: i64, field: &str, text: &str) -> Json {
        json!({
            "id": Id::new(), "at": kernel::now(), "branch": self.branch,
            "path": format!("/organisations/{}", self.organisation),
            "form": [["version", version.to_string()], [field, text]],
        })
    }
}

fn send(who: &Visitor<'_>, commands: &[&Json]) -> Json {
    let body = json!({ "id": Id::new(), "device": Id::new(), "commands": commands });
    let sent = who.call("POST", "/field/batches", &[("content-type", "application/json")], body.to_string());
    sent.is(200).json()
}

fn missing(who: &Visitor<'_>, commands: &[&Json]) -> Json {
    let ids: Vec<&Json> = commands.iter().map(|command| &command["id"]).collect();
    let body = json!({ "ids": ids }).to_string();
    let told = who.call("POST", "/field/commands/missing", &[("content-type", "application/json")], body);
    told.is(200).json()["missing"].clone()
}

fn cooperative(house: &House) -> Id {
    let id = Id::named("tiniri");
    let form = Fields::of([
        ("kind", "cooperative"),
        ("name.fr", "Tiniri"),
        ("place", "08.587.11.07"),
        ("status", "active"),
    ]);
    house.given(|tx| kernel::record::create::<registry::Organisation>(tx, id, &form, Standing::Steward));
    id
}

fn read(who: &Visitor<'_>, id: Id) -> Json {
    who.get_json(&format!("/organisations/{id}")).is(200).json()["organisation"].clone()
}

#[test]
fn what_a_backup_does_not_know_comes_again_and_writes_over_nothing() {
    on_both(rooms, |house| {
        let organisation = cooperative(house);
        let roles = [("representative", &*format!("organisation:{organisation}"))];
        let amina = sign_in(house, "amina", &roles);
        let phone = Phone { organisation, branch: Id::new() };
        let before = phone.fill(1, "website", "https://tiniri.example");
        send(&amina, &[&before]);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("house.backup");
        tiwizi::backup::write(&house.app, &path, true).unwrap();
        // Seen by everybody, and lost with the house.
        let email = phone.fill(2, "email", "amina@example.org");
        let phone_number = phone.fill(3, "phone", "0661000001");
        let told = send(&amina, &[&email, &phone_number]);
        assert!(told["commands"].as_array().unwrap().iter().all(|one| one["state"] == "done"), "{told}");
        assert_eq!(read(&amina, organisation)["version"], 4);
        on_both(rooms, |other| {
            tiwizi::backup::restore(&other.app, &path).unwrap();
            let amina = sign_in(other, "amina", &[]);
            let all = [&before, &email, &phone_number];
            assert_eq!(missing(&amina, &all), json!([email["id"], phone_number["id"]]));
            let stranger = sign_in(other, "brahim", &[]);
            assert_eq!(
                missing(&stranger, &[&before]),
                json!([before["id"]]),
                "another's work is not told of"
            );
            // Others go on meanwhile.
            let nadia = sign_in(other, "nadia", &[("administrator", "platform")]);
            for (field, text) in [("phone", "0662000002"), ("register_court", "Zagora"), ("address", "Rue 1")]
            {
                let version = read(&nadia, organisation)["version"].to_string();
                let form = [("version", &*version), ("_fields", field), (field, text)];
                nadia.post(&format!("/organisations/{organisation}"), &form).is(303);
            }
            // Made when the house was further on: by its number it would have seen what Nadia wrote just now.
            let court = phone.fill(4, "register_court", "Ouarzazate");
            let told = send(&amina, &[&email, &phone_number, &court]);
            assert!(told["commands"].as_array().unwrap().iter().all(|one| one["state"] == "done"), "{told}");
            assert_eq!(missing(&amina, &all), json!([]));
            let now = read(&amina, organisation);
            assert_eq!(now["email"], "amina@example.org");
            let count = kernel::sql(
                "select count(*) from conflict where closed is null and field in ('phone', 'register_court')",
            );
            assert_eq!(
                other.look(|db| db.one::<i64>(&count.clone().open("test"))),
                2,
                "both values are kept"
            );
            assert!(now["version"].as_i64().unwrap() < i64::from(i32::MAX), "programs count so far");
            assert_eq!(tiwizi::check::run(&other.app).unwrap(), Vec::<String>::new());
            let refused = amina.call("POST", "/field/commands/missing", &[], "{\"ids\":[1]}".to_owned());
            refused.is(409);
        });
    });
}
