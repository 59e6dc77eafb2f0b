//! What devices send: once, in order, refused in words, held for a manager, never lost.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crate::house;

use house::{Phone, given, rooms};
use kernel::testing::{House, on_both};
use kernel::{Id, sql};
use people::testing::sign_in;
use serde_json::json;

fn count(house: &House, statement: &str) -> i64 {
    house.look(|db| db.one(&sql(statement).open("test")))
}

#[test]
fn work_is_applied_once_however_often_it_is_sent() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let phone = Phone::of(&amina);
        let visit = Id::new().to_string();
        let plan = phone.fill(
            &format!("{}/visits", given.page()),
            &[("id", &visit), ("held", &kernel::today().to_string()), ("purpose", "Caisse")],
        );
        let (batch, commands) = (Id::new(), [plan.clone()]);
        let first = phone.send_as(batch, &commands).is(200).json();
        assert_eq!(first["commands"][0]["state"], "done");
        assert!(first["commands"][0]["location"].as_str().unwrap().contains("/organisations/"));
        let facts = count(house, "select count(*) from fact");
        assert_eq!(phone.send_as(batch, &commands).is(200).json(), first, "the same batch");
        assert_eq!(phone.send(&commands).is(200).json(), first, "the same work in another batch");
        assert_eq!(count(house, "select count(*) from fact"), facts, "a repeat is no news");
        assert_eq!(count(house, "select count(*) from visit"), 1);
        // The fact says who did it, when, and that it was done on a device.
        let told = "select count(*) from fact where kind = 'coaching.visit.created' and origin = 'device' and device_at is not null";
        assert_eq!(count(house, told), 1);
        // The same id with other content is kept for a look, and changes nothing.
        let mut forged = plan.clone();
        forged["form"][2][1] = json!("Autre chose");
        phone.send(&[forged]).is(200);
        assert_eq!(count(house, "select count(*) from clash"), 1);
        assert_eq!(count(house, "select count(*) from visit where purpose = 'Caisse'"), 1);
        let admin = sign_in(house, "admin", &[("administrator", "platform")]);
        admin.get("/field/received").is(200).says("gardé et n’a rien changé");
        // Nobody else's work answers to me.
        let other = given.coach(house, "brahim");
        let path = format!("/field/commands?ids={}", plan["id"].as_str().unwrap());
        assert_eq!(other.get_json(&path).is(200).json()["commands"], json!([]));
    });
}

#[test]
fn work_waits_for_what_it_stands_on() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let phone = Phone::of(&amina);
        let (visit, today) = (Id::new().to_string(), kernel::today().to_string());
        let plan = phone.fill(&format!("{}/visits", given.page()), &[("id", &visit), ("held", &today)]);
        let mut report = phone.fill(
            &format!("/visits/{visit}/report"),
            &[("held", &today), ("minutes", "60"), ("seen", "Cahier"), ("version", "1")],
        );
        // It names what it stands on, or only its address does: it waits either way.
        assert_eq!(phone.state_of(&report), "waiting");
        let named = Id::new();
        report["id"] = json!(named);
        report["after"] = json!([plan["id"]]);
        report["form"][1][1] = json!("61");
        assert_eq!(phone.state_of(&report), "waiting");
        assert_eq!(phone.state_of(&plan), "done");
        assert_eq!(phone.ask(&report)["state"], "done");
        assert_eq!(count(house, "select count(*) from visit where status = 'done'"), 1);
        // What was refused is corrected by another piece of work, and what stood on it goes on.
        let bad = phone.fill(&format!("{}/visits", given.page()), &[("id", &Id::new().to_string())]);
        let mut next = phone.fill(
            &format!("{}/actions", given.page()),
            &[("id", &Id::new().to_string()), ("title.fr", "Suite"), ("status", "agreed")],
        );
        next["after"] = json!([bad["id"]]);
        let answer = phone.send(&[bad.clone(), next.clone()]).is(200).json();
        assert_eq!(answer["commands"][0]["state"], "needs_you");
        assert_eq!(answer["commands"][0]["errors"][0]["field"], "held");
        assert!(answer["commands"][0]["sentence"].as_str().unwrap().contains("rien n’est perdu"));
        assert_eq!(answer["commands"][1]["state"], "waiting");
        let mut good = phone
            .fill(&format!("{}/visits", given.page()), &[("id", &Id::new().to_string()), ("held", &today)]);
        good["instead"] = bad["id"].clone();
        assert_eq!(phone.state_of(&good), "done");
        assert_eq!(phone.ask(&next)["state"], "done");
    });
}

#[test]
fn photos_come_in_pieces_after_the_record() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let phone = Phone::of(&amina);
        let (visit, today) = (Id::new().to_string(), kernel::today().to_string());
        let plan = phone.fill(&format!("{}/visits", given.page()), &[("id", &visit), ("held", &today)]);
        assert_eq!(phone.state_of(&plan), "done");
        let upload = Id::new();
        let mut report = phone.fill(
            &format!("/visits/{visit}/report"),
            &[("held", &today), ("minutes", "60"), ("version", "1")],
        );
        report["files"] = json!([{ "field": "photo", "upload": upload, "name": "four.jpg" }]);
        assert_eq!(phone.state_of(&report), "waiting");
        let picture: Vec<u8> = [b"\xff\xd8\xff\xe0".to_vec(), vec![7; 5_000]].concat();
        let encoded = |text: &str| {
            use base64::Engine as _;
            base64::prelude::BASE64_STANDARD.encode(text)
        };
        let metadata = format!("id {},filename {}", encoded(&upload.to_string()), encoded("four.jpg"));
        let size = picture.len().to_string();
        let tus = ("tus-resumable", "1.0.0");
        let head = [tus, ("upload-length", size.as_str()), ("upload-metadata", metadata.as_str())];
        amina.call("POST", "/field/uploads", &[], "").is(412);
        let made = amina.call("POST", "/field/uploads", &head, "").is(201);
        let path = made.location.unwrap();
        amina.call("POST", "/field/uploads", &head, "").is(201);
        let piece = |at: &str, bytes: &[u8]| {
            let kind = ("content-type", "application/offset+octet-stream");
            amina.call("PATCH", &path, &[tus, kind, ("upload-offset", at)], bytes).status
        };
        assert_eq!(piece("0", &picture[..2_000]), 204);
        assert_eq!(piece("0", &picture[..2_000]), 409, "a piece that is there");
        assert_eq!(piece("3000", &picture[3_000..]), 409, "a gap");
        assert_eq!(piece("2000", &vec![0; 9_000]), 413, "more than was announced");
        let there = amina.call("HEAD", &path, &[tus], "").is(200);
        assert_eq!(there.head["upload-offset"], "2000");
        given.coach(house, "brahim").call("HEAD", &path, &[tus], "").is(404);
        assert_eq!(piece("2000", &picture[2_000..]), 204);
        assert_eq!(phone.ask(&report)["state"], "done");
        assert_eq!(count(house, "select count(*) from file where size = 5004"), 1);
        // A day has an end: what is beyond waits on the telephone.
        let much = kernel::files::LARGEST.to_string();
        let begun = (0..210).map(|_| {
            let metadata = format!("id {}", encoded(&Id::new().to_string()));
            let head = [tus, ("upload-length", much.as_str()), ("upload-metadata", metadata.as_str())];
            amina.call("POST", "/field/uploads", &head, "").status
        });
        let begun: Vec<u16> = begun.collect();
        assert_eq!((begun[0], begun[209]), (201, 429), "{begun:?}");
        amina.call("POST", "/field/uploads", &head, "").is(201);
    });
}

#[test]
fn whoever_lost_the_right_loses_no_work() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let phone = Phone::of(&amina);
        let visit = Id::new().to_string();
        let form = [("id", visit.as_str()), ("held", &kernel::today().to_string())];
        let plan = phone.fill(&format!("{}/visits", given.page()), &form);
        house.given(|tx| tx.run(&sql("delete from role").open("test")));
        assert_eq!(phone.state_of(&plan), "held");
        amina.get("/field/received").is(403);
        let elsewhere = sign_in(house, "elsewhere", &[("manager", "territory:06")]);
        elsewhere.get("/field/received").is(200).never_says("Tiniri");
        let path = format!("/field/received/{}/carry", plan["id"].as_str().unwrap());
        elsewhere.post(&path, &[]).is(404);
        let samira = given.manager(house, "samira");
        samira.get("/field/received").is(200).says("Tiniri").says("amina");
        let aside = path.replace("carry", "aside");
        samira.post(&aside, &[]).is(303);
        assert_eq!(phone.ask(&plan)["state"], "set_aside");
        samira.post(&path.replace("carry", "again"), &[]).is(303);
        samira.post(&path, &[]).is(303);
        assert_eq!(phone.ask(&plan)["state"], "done");
        let behalf = "select count(*) from fact where kind = 'coaching.visit.created' and behalf is not null and actor <> behalf";
        assert_eq!(count(house, behalf), 1, "in the manager's name, on behalf of whoever did it");
    });
}

#[test]
fn what_cannot_be_read_is_refused_whole() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let phone = Phone::of(&amina);
        let kind = [("content-type", "application/json")];
        amina.call("POST", "/field/batches", &kind, "{").is(409);
        amina.call("POST", "/field/batches", &kind, vec![0xff, 0xfe]).is(409);
        house.visitor().call("POST", "/field/batches", &kind, "{}").is(401);
        let good = phone.fill(&format!("{}/visits", given.page()), &[("held", &kernel::today().to_string())]);
        for path in [
            "/nowhere",
            "/field/batches",
            "/visits?x=1",
            "",
            "/field/received/x/carry",
            "/v1/key/x/projects/y/submission",
        ] {
            let bad = phone.fill(path, &[]);
            phone.send(&[good.clone(), bad]).is(409);
        }
        let mut old = good;
        for nonsense in [i64::MAX, i64::MIN] {
            old["at"] = json!(nonsense);
            phone.send(std::slice::from_ref(&old)).is(409);
        }
        assert_eq!(count(house, "select count(*) from device_command"), 0, "nothing half kept");
        assert_eq!(count(house, "select count(*) from batch"), 0);
    });
}

#[test]
fn work_that_arrives_at_once_is_applied_as_if_it_came_one_after_another() {
    on_both(rooms, |house| {
        let given = given(house);
        let send = |n: usize| {
            let who = given.coach(house, &format!("coach{n}"));
            let phone = Phone::of(&who);
            let (visit, today) = (Id::new().to_string(), kernel::today().to_string());
            let email = format!("coach{n}@example.org");
            let change = phone.fill(&given.page(), &[("email", &email), ("version", "1")]);
            let report = [("held", &*today), ("minutes", "60"), ("seen", "Cahier"), ("version", "1")];
            let report = phone.fill(&format!("/visits/{visit}/report"), &report);
            let plan = phone.fill(&format!("{}/visits", given.page()), &[("id", &visit), ("held", &today)]);
            // The report is sent beside the plan that it stands on, and everything twice.
            std::thread::scope(|scope| {
                for command in [&report, &plan, &change, &change, &plan, &report] {
                    let name = format!("coach{n}");
                    let (given, id, branch) = (&given, phone.id, phone.branch);
                    scope.spawn(move || {
                        let who = given.coach(house, &name);
                        let phone = Phone { who: &who, id, branch, behind: 0 };
                        phone.send(std::slice::from_ref(command)).is(200);
                    });
                }
            });
        };
        std::thread::scope(|scope| {
            let senders: Vec<_> = (0..5).map(|n| scope.spawn(move || send(n))).collect();
            senders.into_iter().for_each(|sender| sender.join().unwrap());
        });
        assert_eq!(count(house, "select count(*) from device_command where state <> 'done'"), 0);
        assert_eq!(count(house, "select count(*) from visit where status = 'done'"), 5);
        assert_eq!(count(house, "select count(*) from conflict_side"), 5, "nobody's value was written over");
        assert_eq!(count(house, "select count(*) from clash"), 0);
    });
}
