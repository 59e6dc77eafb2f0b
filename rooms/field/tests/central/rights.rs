//! Who reads which submissions: rights are those of now, and stand in the query.

use super::{Program, basic, code, visit};
use crate::house::{Given, given, rooms};
use kernel::testing::{House, Visitor, on_both};
use kernel::{Fields, Id, Standing, sql};
use people::testing::sign_in;

const FORM: &str = "tiwizi-visit";
const TABLE: &str = "/forms/tiwizi-visit.svc/Submissions?$count=true";

fn order(house: &House, text: &str) {
    house.given(|tx| tx.run(&sql(text).open("test")));
}

/// A second cooperative of the programme.
fn second(house: &House, given: &Given) -> Id {
    let id = Id::named("second");
    let programme = given.programme.to_string();
    house.given(|tx| {
        let form =
            [("kind", "cooperative"), ("name.fr", "Anzal"), ("place", "08.587.11.07"), ("status", "active")];
        kernel::record::create::<registry::Organisation>(tx, id, &Fields::of(form), Standing::Steward)?;
        let (promotion, organisation) = (Id::named("promotion").to_string(), id.to_string());
        let form = [
            ("programme", programme.as_str()),
            ("promotion", &promotion),
            ("organisation", &organisation),
            ("status", "active"),
            ("since", "2026-02-01"),
        ];
        kernel::record::create::<programmes::Enrolment>(
            tx,
            Id::named("e2"),
            &Fields::of(form),
            Standing::Steward,
        )
    });
    id
}

/// What a program meets, however it asks: ids in the table, the list and the text, and the count.
fn met(program: &Program<'_>) -> Vec<String> {
    let table = program.get(TABLE).is(200).json();
    let rows: Vec<String> = table["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["__id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(table["@odata.count"].as_u64(), Some(rows.len() as u64), "what is counted is what is shown");
    let list = program.get(&format!("/forms/{FORM}/submissions")).is(200).json();
    let listed: Vec<&str> =
        list.as_array().unwrap().iter().map(|line| line["instanceId"].as_str().unwrap()).collect();
    assert_eq!(listed, rows);
    let csv = program.get(&format!("/forms/{FORM}/submissions.csv")).is(200).text();
    for id in ["uuid:hers", "uuid:his", "uuid:far"] {
        let there = rows.iter().any(|row| row == id);
        assert_eq!(csv.contains(id), there, "{id} in {csv}");
        for rest in ["", ".xml", "/attachments"] {
            let one = program.get(&format!("/forms/{FORM}/submissions/{id}{rest}"));
            assert_eq!(one.status, if there { 200 } else { 404 }, "{id}{rest}");
        }
        let one = program.get(&format!("/forms/{FORM}.svc/Submissions('{id}')"));
        assert_eq!(one.status, if there { 200 } else { 404 }, "{id}");
    }
    rows
}

fn program<'a>(house: &'a House, given: &Given, who: &Visitor<'_>) -> Program<'a> {
    Program::of(house, given, who)
}

#[test]
fn a_manager_reads_all_a_coach_hers_and_what_she_works_on() {
    on_both(rooms, |house| {
        let given = given(house);
        let far = second(house, &given);
        let (amina, brahim, samira) =
            (given.coach(house, "amina"), given.coach(house, "brahim"), given.manager(house, "samira"));
        let (amina, brahim, samira) = (
            program(house, &given, &amina),
            program(house, &given, &brahim),
            program(house, &given, &samira),
        );
        amina.send(FORM, &visit(given.organisation, "hers", "Vu")).is(200);
        brahim.send(FORM, &visit(given.organisation, "his", "Vu")).is(200);
        brahim.send(FORM, &visit(far, "far", "Vu")).is(200);
        for who in [&amina, &brahim, &samira] {
            assert_eq!(met(who), ["uuid:far", "uuid:his", "uuid:hers"]);
        }
        // The second cooperative keeps its file from the team of the programme: only who sent it, and who answers for it.
        let team = kernel::access::scope("programme", given.programme);
        house.given(|tx| kernel::access::grant(tx, far, &team, Standing::Shared, None));
        assert_eq!(met(&amina), ["uuid:his", "uuid:hers"]);
        assert_eq!(met(&brahim), ["uuid:far", "uuid:his", "uuid:hers"]);
        assert_eq!(met(&samira), ["uuid:far", "uuid:his", "uuid:hers"]);
        house.given(|tx| kernel::access::revoke(tx, given.organisation, &team));
        assert_eq!(met(&amina), ["uuid:hers"]);
    });
}

#[test]
fn a_right_that_ended_opens_nothing_and_strangers_learn_nothing() {
    on_both(rooms, |house| {
        let given = given(house);
        let (amina, brahim) = (given.coach(house, "amina"), given.coach(house, "brahim"));
        let (amina, brahim) = (program(house, &given, &amina), program(house, &given, &brahim));
        amina.send(FORM, &visit(given.organisation, "hers", "Vu")).is(200);
        let scope = format!("programme:{}", Id::named("elsewhere"));
        let stranger = sign_in(house, "elsewhere", &[("coach", &scope)]);
        let form = [("name", "x"), ("programme", &*given.programme.to_string())];
        stranger.post_json("/field/collect", &form).is(404);
        // Her key with another's login, and the key of another programme.
        let forms = format!("{}/forms", amina.base);
        amina.ask_as("GET", &forms, &basic("elsewhere@example.org", &amina.key), "").is(401);
        order(
            house,
            "update role set role = 'sponsor' where account = (select id from account where name = 'brahim')",
        );
        for rest in
            ["/forms", TABLE, "/datasets", "/forms/nothing", &format!("/forms/{FORM}/submissions/uuid:hers")]
        {
            assert_eq!(code(&brahim.get(rest).is(403)), "403.1", "{rest}");
        }
        assert_eq!(brahim.at("/v1/projects").is(200).text(), "[]");
        assert_eq!(code(&brahim.send(FORM, &visit(given.organisation, "late", "Vu")).is(403)), "403.1");
        assert_eq!(met(&amina), ["uuid:hers"]);
    });
}

#[test]
fn what_was_erased_does_not_come_out() {
    on_both(rooms, |house| {
        let given = given(house);
        let samira = program(house, &given, &given.manager(house, "samira"));
        let person = Id::named("somebody");
        let xml = visit(given.organisation, "hers", &format!("Vu {person}"));
        samira.send(FORM, &xml).is(200);
        samira.send(FORM, &visit(given.organisation, "his", "Vu")).is(200);
        assert_eq!(met(&samira), ["uuid:his", "uuid:hers"]);
        house.given(|tx| tx.fact("people.person.erased", person, person, serde_json::Map::new()));
        assert_eq!(met(&samira), ["uuid:his"]);
        // Sent again, it is taken and says nothing.
        samira.send(FORM, &xml).is(200).never_says(&person.to_string());
        assert_eq!(met(&samira), ["uuid:his"]);
    });
}

#[test]
fn a_batch_that_takes_the_id_of_a_submission_is_not_taken_for_it() {
    on_both(rooms, |house| {
        let given = given(house);
        let (hers, his) = (given.coach(house, "amina"), given.coach(house, "brahim"));
        let amina = program(house, &given, &hers);
        let id = Id::named(&format!("openrosa {} {FORM} uuid:hers", given.programme));
        let body = serde_json::json!({ "id": id, "device": Id::new(), "commands": [] }).to_string();
        his.call("POST", "/field/batches", &[("content-type", "application/json")], body).is(200);
        amina.send(FORM, &visit(given.organisation, "hers", "Vu")).is(200);
        assert_eq!(met(&amina), ["uuid:hers"]);
    });
}
