//! Two people change the same cooperative without a network: different fields merge, the same field keeps both values.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crate::house;

use house::{Given, Phone, given, rooms};
use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, Json, sql};
use people::testing::sign_in;

fn version(house: &House, given: &Given) -> String {
    let query = sql("select version from organisation where id = ?").bind(given.organisation);
    house.look(|db| db.one::<i64>(&query.open("test"))).to_string()
}

fn phone_number(house: &House, given: &Given) -> Option<String> {
    let query = sql("select phone from organisation where id = ?").bind(given.organisation);
    house.look(|db| db.one(&query.open("test")))
}

fn open(who: &Visitor<'_>) -> Vec<Json> {
    who.get_json("/conflicts").is(200).json()["lines"].as_array().unwrap().clone()
}

const A: &str = "+212661000001";
const B: &str = "+212661000002";
const C: &str = "+212661000003";

#[test]
fn both_values_stay_until_somebody_decides() {
    on_both(rooms, |house| {
        let given = given(house);
        let (amina, brahim) = (given.coach(house, "amina"), given.coach(house, "brahim"));
        let samira = given.manager(house, "samira");
        let (one, other) = (Phone::of(&amina), Phone::of(&brahim));
        let base = version(house, &given);
        let now = kernel::now();
        let mine = one.fill_at(now - 60_000, &given.page(), &[("phone", A), ("version", &base)]);
        let email = ("email", "tiniri@example.org");
        let theirs = other.fill_at(now - 30_000, &given.page(), &[("phone", B), email, ("version", &base)]);
        assert_eq!(other.state_of(&theirs), "done");
        assert_eq!(one.state_of(&mine), "done");
        // The older value is shown whichever arrived first; what only one changed is merged.
        assert_eq!(phone_number(house, &given).as_deref(), Some(A));
        let page = amina.get(&given.page()).is(200);
        page.says("Deux valeurs à départager").says("tiniri@example.org");
        for who in [&amina, &brahim, &samira] {
            assert_eq!(open(who).len(), 1);
        }
        let stranger = sign_in(house, "stranger", &[("coach", "territory:06")]);
        assert!(open(&stranger).is_empty());
        let id = open(&samira)[0]["id"].as_str().unwrap().to_owned();
        let path = format!("/conflicts/{id}");
        stranger.get(&path).is(404);
        let shown = samira.get_json(&path).is(200).json();
        let values = shown["values"].as_array().unwrap();
        assert_eq!(
            (values.len(), values[0]["who"].as_str(), values[1]["who"].as_str()),
            (2, Some("amina"), Some("brahim"))
        );
        let side = values[1]["id"].as_str().unwrap();
        let decision = format!("{path}/decision");
        stranger.post(&decision, &[("side", side)]).is(404);
        brahim.post(&decision, &[("side", &given.organisation.to_string())]).is(404);
        brahim.post(&decision, &[("side", side)]).is(303);
        brahim.post(&decision, &[("side", side)]).is(409).says("déjà décidé");
        assert_eq!(phone_number(house, &given).as_deref(), Some(B));
        assert!(open(&amina).is_empty());
        amina.get(&given.page()).is(200).never_says("Deux valeurs à départager");
        // It can be taken back, until somebody writes another value.
        amina.post(&format!("{path}/undo"), &[]).is(303);
        assert_eq!(phone_number(house, &given).as_deref(), Some(A));
        assert_eq!(open(&amina).len(), 1);
        amina.post(&decision, &[("side", side)]).is(303);
        let version = version(house, &given);
        samira.post(&given.page(), &[("phone", C), ("version", &version)]).is(303);
        amina.post(&format!("{path}/undo"), &[]).is(409).says("a été changée depuis");
        amina.get(&format!("{}/history", given.page())).is(200).says("Deux valeurs données");
    });
}

#[test]
fn whoever_saw_both_settles_it_by_writing() {
    on_both(rooms, |house| {
        let given = given(house);
        let (amina, brahim) = (given.coach(house, "amina"), given.coach(house, "brahim"));
        let (one, other) = (Phone::of(&amina), Phone::of(&brahim));
        let base = version(house, &given);
        one.send(&[one.fill(&given.page(), &[("phone", A), ("version", &base)])]).is(200);
        // Her next work on the same thread follows her own, and is no conflict.
        one.send(&[one.fill(&given.page(), &[("phone", C), ("version", &base)])]).is(200);
        assert!(open(&amina).is_empty());
        assert_eq!(phone_number(house, &given).as_deref(), Some(C));
        other.send(&[other.fill(&given.page(), &[("phone", B), ("version", &base)])]).is(200);
        assert_eq!(open(&amina).len(), 1);
        assert_eq!(phone_number(house, &given).as_deref(), Some(C));
        // A page that was opened before is refused, as ever; one that saw the mark settles it.
        brahim.post(&given.page(), &[("phone", B), ("version", &base)]).is(422);
        let seen = version(house, &given);
        brahim.post(&given.page(), &[("phone", B), ("version", &seen)]).is(303);
        assert!(open(&amina).is_empty());
        let closed = amina.get_json("/conflicts?state=closed").is(200).json();
        assert_eq!(closed["lines"][0]["outcome"], "Remplacé par une nouvelle valeur");
    });
}

#[test]
fn what_nobody_touched_is_no_conflict() {
    on_both(rooms, |house| {
        let given = given(house);
        let (amina, brahim) = (given.coach(house, "amina"), given.coach(house, "brahim"));
        let (one, other) = (Phone::of(&amina), Phone::of(&brahim));
        let base = version(house, &given);
        one.send(&[one.fill(&given.page(), &[("phone", A), ("version", &base)])]).is(200);
        // The whole form comes with the old telephone, which its maker did not touch.
        let form =
            [("phone", ""), ("email", "a@example.org"), ("_fields", "phone,email"), ("version", &base)];
        other.send(&[other.fill(&given.page(), &form)]).is(200);
        assert!(open(&amina).is_empty());
        assert_eq!(phone_number(house, &given).as_deref(), Some(A));
        // The same value from both is agreement.
        let base = version(house, &given);
        one.send(&[one.fill(&given.page(), &[("phone", B), ("version", &base)])]).is(200);
        other.send(&[other.fill(&given.page(), &[("phone", B), ("version", &base)])]).is(200);
        assert!(open(&amina).is_empty());
    });
}

#[test]
fn two_roll_calls_of_one_half_day_keep_both_marks() {
    on_both(rooms, |house| {
        let given = given(house);
        let samira = given.manager(house, "samira");
        let (amina, brahim) = (given.coach(house, "amina"), given.coach(house, "brahim"));
        let roll_call = format!("/training/sessions/{}/roll-call", given.session);
        let half = given.half_day.to_string();
        let welcome = |name: &str| {
            let form = [("half_day", half.as_str()), ("name", name), ("sex", "woman")];
            samira.post(&format!("{roll_call}/people"), &form).is(303);
        };
        welcome("Fatima Aït Lahcen");
        welcome("Zahra Oubella");
        house.given(|tx| tx.run(&sql("delete from attendance").open("test")));
        let rows = samira.get_json(&roll_call).is(200).json();
        let ids: Vec<String> = rows["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["participant"].as_str().unwrap().to_owned())
            .collect();
        let (one, other) = (Phone::of(&amina), Phone::of(&brahim));
        let call = |phone: &Phone<'_>, present: &[&String], at: i64| {
            let mut form: Vec<(&str, &str)> = vec![("half_day", &half)];
            form.extend(ids.iter().map(|id| ("listed", id.as_str())));
            form.extend(present.iter().map(|id| ("present", id.as_str())));
            phone.fill_at(at, &roll_call, &form)
        };
        let now = kernel::now();
        let late = call(&other, &[&ids[0], &ids[1]], now - 1_000);
        let early = call(&one, &[&ids[0]], now - 9_000);
        assert_eq!(other.state_of(&late), "done");
        assert_eq!(one.state_of(&early), "done");
        let lines = open(&samira);
        assert_eq!(lines.len(), 1, "only whom they mark differently");
        assert!(lines[0]["field"].as_str().unwrap().starts_with("Présence de"));
        assert_eq!(samira.get_json(&roll_call).json()["present"], 1, "the older one shows");
        let path = format!("/conflicts/{}", lines[0]["id"].as_str().unwrap());
        let page = samira.get_json(&path).is(200).json();
        assert_eq!(
            (&page["values"][0]["value"], &page["values"][1]["value"]),
            (&"Absente".into(), &"Présente".into())
        );
        let side = page["values"][1]["id"].as_str().unwrap().to_owned();
        samira.post(&format!("{path}/decision"), &[("side", &side)]).is(303);
        assert_eq!(samira.get_json(&roll_call).json()["present"], 2);
        samira.post(&format!("{path}/undo"), &[]).is(303);
        assert_eq!(samira.get_json(&roll_call).json()["present"], 1);
        // Taken anew by somebody who saw it, it is settled.
        let form = [
            ("half_day", half.as_str()),
            ("listed", &ids[0]),
            ("listed", &ids[1]),
            ("present", &ids[0]),
            ("present", &ids[1]),
        ];
        samira.post(&roll_call, &form).is(303);
        assert!(open(&samira).is_empty());
    });
}

#[test]
fn two_answers_to_one_question_stand_side_by_side() {
    on_both(rooms, |house| {
        let given = given(house);
        house.given(|tx| coaching::bring(tx).map(|_| ()));
        let (amina, brahim) = (given.coach(house, "amina"), given.coach(house, "brahim"));
        let (one, other) = (Phone::of(&amina), Phone::of(&brahim));
        let (round, today) = (Id::new().to_string(), kernel::today().to_string());
        let instrument = coaching::boussole().to_string();
        let form = [("id", &*round), ("instrument", &*instrument), ("extent", "short"), ("held", &*today)];
        amina.post(&format!("{}/assessments", given.page()), &form).is(303);
        let edition = house.look(|db| coaching::instrument::edition(db, coaching::boussole()));
        let item = edition.items.iter().find(|item| item.short).unwrap();
        let path = format!("/assessments/{round}/questions/{}", item.id);
        let answer = |phone: &Phone<'_>, ago: i64, level: &str, note: &str| {
            let form = [("level", level), ("evidence", "seen"), ("note", note), ("version", "0")];
            phone.fill_at(kernel::now() - ago, &path, &form)
        };
        let (mine, theirs) = (answer(&one, 60_000, "2", ""), answer(&other, 30_000, "3", "cahier à jour"));
        assert_eq!(other.state_of(&theirs), "done");
        assert_eq!(one.state_of(&mine), "done");
        let level =
            |house: &House| house.look(|db| db.one::<i64>(&sql("select level from answer").open("test")));
        assert_eq!(level(house), 2, "the older one is shown");
        let lines = open(&brahim);
        let topic = item.topic.best(kernel::Lang::Fr);
        let line = lines.iter().find(|line| line["field"].as_str().unwrap().ends_with("Niveau")).unwrap();
        assert!(line["field"].as_str().unwrap().starts_with(topic), "it says which question: {line}");
        let path = format!("/conflicts/{}", line["id"].as_str().unwrap());
        let shown = brahim.get_json(&path).is(200).json();
        let side = shown["values"].as_array().unwrap().iter().find(|value| value["who"] == "brahim").unwrap();
        brahim.post(&format!("{path}/decision"), &[("side", side["id"].as_str().unwrap())]).is(303);
        assert_eq!(level(house), 3);
        amina.post(&format!("{path}/undo"), &[]).is(303);
        assert_eq!(level(house), 2);
    });
}
