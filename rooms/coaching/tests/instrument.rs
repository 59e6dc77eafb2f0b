//! Instruments: the shipped one, and another one made from the interface.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::house;

use house::{given, item, rooms};
use kernel::testing::on_both;
use kernel::{Id, sql};
use people::testing::sign_in;

#[test]
fn boussole_is_there_for_everybody_and_comes_once() {
    on_both(rooms, |house| {
        given(house);
        kernel::work::begin_day(&house.app).unwrap();
        let boussole = coaching::boussole();
        let page = house.visitor().get_json(&format!("/instruments/{boussole}")).is(200).json();
        assert_eq!(
            (&page["items"], &page["short"], &page["licence"]),
            (&60.into(), &16.into(), &"CC BY 4.0".into())
        );
        let gates = |page: &serde_json::Value| -> Vec<String> {
            let items =
                page["dimensions"].as_array().unwrap().iter().flat_map(|d| d["items"].as_array().unwrap());
            items.filter(|i| i["gate"] == true).map(|i| i["code"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(gates(&page), ["A1", "B1", "C1", "E1", "E3", "F4"]);
        house.visitor().get(&format!("/items/{}", item("E1"))).is(200);
        house.visitor().get("/instruments").is(200).says("Boussole");
        let visitor = house.visitor();
        let form = visitor.get(&format!("/instruments/{boussole}/xlsform")).is(200);
        assert!(form.bytes.starts_with(b"PK"));
        let subjects = house.look(programmes::finding::subjects);
        assert_eq!((subjects.len(), subjects[0].code.as_str()), (60, "boussole-1/A1"));
    });
}

#[test]
fn a_second_instrument_is_made_published_and_then_fixed() {
    on_both(rooms, |house| {
        let given = given(house);
        let nadia = sign_in(house, "nadia", &[("administrator", "platform")]);
        let coach = sign_in(house, "coach", &[("coach", &format!("programme:{}", given.programme))]);
        let id = Id::new().to_string();
        coach.post("/instruments", &[("id", &id), ("code", "x"), ("name.fr", "X")]).is(403);
        nadia.post("/instruments", &[("id", &id), ("name.fr", "Filière")]).is(422);
        nadia.post("/instruments", &[("id", &id), ("code", "filiere"), ("name.fr", "Filière")]).is(303);
        coach.get(&format!("/instruments/{id}")).is(404);
        nadia.post(&format!("/instruments/{id}/publication"), &[]).is(409).says("au moins une question");
        let dimension = Id::new().to_string();
        let form = [
            ("id", dimension.as_str()),
            ("code", "S"),
            ("position", "0"),
            ("name.fr", "Safran"),
            ("weight", "1"),
        ];
        nadia.post(&format!("/instruments/{id}/dimensions"), &form).is(303);
        let path = format!("/instruments/{id}/items");
        let mut form = vec![
            ("code", "S1"),
            ("position", "0"),
            ("dimension", dimension.as_str()),
            ("topic.fr", "Séchage"),
            ("weight", "12"),
        ];
        form.extend([
            ("level_0.fr", "a"),
            ("level_1.fr", "b"),
            ("level_2.fr", "c"),
            ("level_3.fr", "d"),
            ("level_4.fr", "e"),
        ]);
        nadia.post(&path, &form).is(422).says("de 1 à 9");
        form.retain(|(name, _)| *name != "weight");
        form.push(("weight", "2"));
        nadia.post(&path, &form).is(303);
        nadia.post(&format!("/instruments/{id}/publication"), &[]).is(303);
        coach.get(&format!("/instruments/{id}")).is(200).says("Séchage");
        // Fixed: answers are given to its very words.
        nadia
            .post(&format!("/instruments/{id}"), &[("name.fr", "Autre"), ("version", "1")])
            .is(409)
            .says("ne change plus");
        nadia.post(&format!("/dimensions/{dimension}"), &[("name.fr", "Autre"), ("version", "1")]).is(409);
        nadia.post(&path, &form).is(409);
        // The next edition begins as a copy, and replaces this one when it is published.
        let next = Id::new().to_string();
        for _ in 0..2 {
            nadia.post(&format!("/instruments/{id}/editions"), &[("id", &next)]).is(303);
        }
        let page = nadia.get_json(&format!("/instruments/{next}")).is(200).json();
        assert_eq!(
            (&page["edition"], &page["items"], &page["status"]),
            (&2.into(), &1.into(), &"draft".into())
        );
        nadia.post(&format!("/instruments/{next}/publication"), &[]).is(303);
        let page = nadia.get_json(&format!("/instruments/{id}")).is(200).json();
        assert_eq!(page["status"], "retired");
        let published = sql("select count(*) from instrument where status = 'published'").open("test");
        assert_eq!(house.look(|db| db.one::<i64>(&published)), 2, "Boussole and this one");
    });
}

#[test]
fn a_draft_shows_each_change_and_an_edition_in_use_keeps_its_words() {
    on_both(rooms, |house| {
        given(house);
        let nadia = sign_in(house, "nadia", &[("administrator", "platform")]);
        let (id, dimension, item) = (Id::new().to_string(), Id::new().to_string(), Id::new().to_string());
        nadia.post("/instruments", &[("id", &id), ("code", "miel"), ("name.fr", "Miel")]).is(303);
        let form =
            [("id", &*dimension), ("code", "M"), ("position", "0"), ("name.fr", "Miel"), ("weight", "1")];
        nadia.post(&format!("/instruments/{id}/dimensions"), &form).is(303);
        let mut form = vec![
            ("id", &*item),
            ("code", "M1"),
            ("position", "0"),
            ("dimension", &*dimension),
            ("weight", "1"),
        ];
        form.push(("topic.fr", "Ruches"));
        let levels = ["level_0.fr", "level_1.fr", "level_2.fr", "level_3.fr", "level_4.fr"];
        form.extend(levels.map(|level| (level, "a")));
        nadia.post(&format!("/instruments/{id}/items"), &form).is(303);
        let topics = |instrument: &str| {
            let page = nadia.get_json(&format!("/instruments/{instrument}")).is(200).json();
            page["dimensions"][0]["items"][0]["topic"]["fr"].as_str().unwrap_or_default().to_owned()
        };
        assert_eq!(topics(&id), "Ruches");
        nadia.post(&format!("/items/{item}"), &[("version", "1"), ("topic.fr", "Pots")]).is(303);
        assert_eq!(topics(&id), "Pots", "a draft is read each time");
        // A publication that is undone leaves nothing behind.
        let instrument: Id = id.parse().unwrap();
        let undone: kernel::Result<()> = house.app.write(kernel::Actor::machine("command"), |tx| {
            coaching::instrument::publish(tx, instrument)?;
            Err(kernel::Error::NotFound)
        });
        assert!(undone.is_err());
        nadia.post(&format!("/items/{item}"), &[("version", "2"), ("topic.fr", "Cire")]).is(303);
        nadia.post(&format!("/instruments/{id}/publication"), &[]).is(303);
        assert_eq!(topics(&id), "Cire");
        let next = Id::new().to_string();
        nadia.post(&format!("/instruments/{id}/editions"), &[("id", &next)]).is(303);
        let copied = nadia.get_json(&format!("/instruments/{next}")).is(200).json();
        let copied = copied["dimensions"][0]["items"][0]["id"].as_str().unwrap().to_owned();
        nadia.post(&format!("/items/{copied}"), &[("version", "1"), ("topic.fr", "Reines")]).is(303);
        assert_eq!((topics(&id).as_str(), topics(&next).as_str()), ("Cire", "Reines"));
        nadia.post(&format!("/instruments/{next}/publication"), &[]).is(303);
        assert_eq!((topics(&id).as_str(), topics(&next).as_str()), ("Cire", "Reines"));
    });
}
