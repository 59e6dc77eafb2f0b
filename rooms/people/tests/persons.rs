//! Persons: who reads and corrects them, what they agreed to, what is left after erasure.

use kernel::access::{self, Standing};
use kernel::testing::{House, on_both};
use kernel::{Fields, Id, Room, sql};
use people::testing::sign_in;
use people::{Person, Purpose};

fn rooms() -> Vec<Room> {
    vec![people::room()]
}

fn programme(name: &str) -> String {
    format!("programme:{}", Id::named(name))
}

/// A person who belongs to an organisation that a programme reaches.
fn member(house: &House, name: &str, organisation: &str, of: &str, standing: Standing) -> Id {
    let (id, organisation) = (Id::named(name), Id::named(organisation));
    house.given(|tx| {
        let form = [
            ("name.fr", name),
            ("sex", "woman"),
            ("birth_year", "1985"),
            ("phone", "0661000000"),
            ("position", "weaver"),
            ("speaks", "shi,ary"),
        ];
        kernel::record::create::<Person>(tx, id, &Fields::of(form), Standing::Steward)?;
        access::grant(tx, id, &access::via(organisation), Standing::File, None)?;
        access::grant(tx, organisation, &programme(of), standing, None)
    });
    id
}

#[test]
fn a_person_is_known_to_whoever_works_on_her_organisation_s_file() {
    on_both(rooms, |house| {
        let aicha = member(house, "Aïcha Aït Benhaddou", "tiniri", "north", Standing::Steward);
        let fatima = member(house, "Fatima Oubella", "taghbalout", "south", Standing::Steward);
        let zahra = member(house, "Zahra Idali", "shared", "fair", Standing::Shared);
        let coach = sign_in(house, "coach", &[("coach", &programme("north"))]);
        let listed = |visitor: &kernel::testing::Visitor<'_>, query: &str| {
            let data = visitor.get_json(&format!("/people{query}")).is(200).json();
            let ids: Vec<Id> = data["people"]
                .as_array()
                .unwrap()
                .iter()
                .map(|p| p["id"].as_str().unwrap().parse().unwrap())
                .collect();
            assert_eq!(data["count"], ids.len());
            ids
        };
        assert_eq!(listed(&coach, ""), [aicha]);
        assert_eq!(listed(&coach, "?q=ait+benhad"), [aicha]);
        assert_eq!(listed(&coach, "?q=fatima"), []);
        coach.get(&format!("/people/{aicha}")).is(200).says("Aïcha").says("1985").says("+212661000000");
        let partner = sign_in(house, "partner", &[("partner", &programme("north"))]);
        let fair = sign_in(house, "fair", &[("coach", &programme("fair"))]);
        for (visitor, hidden) in [
            (&coach, fatima),
            (&coach, zahra),
            (&partner, aicha),
            (&fair, zahra),
            (&sign_in(house, "stranger", &[]), aicha),
        ] {
            for path in ["", "/edit", "/dossier"] {
                visitor.get(&format!("/people/{hidden}{path}")).is(404);
            }
            visitor.post(&format!("/people/{hidden}"), &[("name.fr", "Taken")]).is(404);
            visitor.post(&format!("/people/{hidden}/consents"), &[("purpose", "photo")]).is(404);
        }
        assert!(listed(&partner, "").is_empty() && listed(&fair, "").is_empty());
        house.visitor().get(&format!("/people/{aicha}")).leads_to("/sign-in");
        assert_eq!(listed(&sign_in(house, "boss", &[("administrator", "platform")]), "").len(), 3);
    });
}

#[test]
fn a_list_pages_in_the_order_of_names() {
    on_both(rooms, |house| {
        for i in 0..53 {
            member(house, &format!("Person {i:02}"), "tiniri", "north", Standing::Steward);
        }
        let coach = sign_in(house, "coach", &[("coach", &programme("north"))]);
        let first = coach.get_json("/people").json();
        assert_eq!((first["count"].as_i64(), first["people"].as_array().unwrap().len()), (Some(53), 50));
        let second = coach.get_json(&format!("/people{}", first["next"].as_str().unwrap())).json();
        assert_eq!(
            second["people"]
                .as_array()
                .unwrap()
                .iter()
                .map(|p| p["name"]["fr"].as_str().unwrap())
                .collect::<Vec<_>>(),
            ["Person 50", "Person 51", "Person 52"]
        );
        assert!(second["next"].is_null());
    });
}

#[test]
fn a_correction_leaves_a_trace() {
    on_both(rooms, |house| {
        let aicha = member(house, "Aicha", "tiniri", "north", Standing::Steward);
        let coach = sign_in(house, "coach", &[("coach", &programme("north"))]);
        let path = format!("/people/{aicha}");
        coach.get(&format!("{path}/edit")).is(200).says("value=\"1985\"");
        coach.post(&path, &[("version", "1"), ("birth_year", "3000")]).is(422);
        coach
            .post(&path, &[("version", "1"), ("name.fr", "Aïcha"), ("name.ar", "عائشة"), ("erased", "yes")])
            .is(303)
            .follow()
            .says("عائشة");
        let dossier = coach.get_json(&format!("{path}/dossier")).is(200).json();
        assert_eq!(dossier["facts"][1]["kind"], "people.person.changed");
        assert_eq!(dossier["facts"][1]["changes"].as_array().unwrap().len(), 1);
        assert_eq!(dossier["facts"][1]["changes"][0]["before"], "Aicha");
        coach.get(&format!("{path}/dossier?lang=ar")).is(200).says("dir=\"rtl\"").says("عائشة");
    });
}

#[test]
fn consent_is_given_before_a_witness_and_withdrawn_at_will() {
    on_both(rooms, |house| {
        let aicha = member(house, "Aicha", "tiniri", "north", Standing::Steward);
        let coach = sign_in(house, "coach", &[("coach", &programme("north"))]);
        let path = format!("/people/{aicha}/consents");
        let agrees = || house.look(|db| people::consents_to(db, aicha, Purpose::Photo));
        let form =
            [("purpose", "photo"), ("text_version", "2026-1"), ("form", "oral"), ("given_on", "2026-01-05")];
        coach.post(&path, &form).is(422);
        coach
            .post(&path, &[&form[..], &[("witness", "Brahim"), ("given_on", "2999-01-01")]].concat())
            .is(303);
        assert!(agrees());
        let page = coach.get_json(&format!("/people/{aicha}")).json();
        assert_eq!(page["consents"][0]["witness"], "Brahim");
        let given = page["consents"][0]["id"].as_str().unwrap().to_owned();
        let zahra = member(house, "Zahra", "tiniri", "north", Standing::Steward);
        coach.post(&format!("/people/{zahra}/consents/{given}/withdraw"), &[]).is(404);
        coach.post(&format!("{path}/{given}/withdraw"), &[]).is(303);
        assert!(!agrees());
        let later = [
            ("purpose", "photo"),
            ("text_version", "2026-1"),
            ("form", "written"),
            ("given_on", "2999-01-01"),
        ];
        coach.post(&path, &later).is(422);
    });
}

#[test]
fn erasure_leaves_counts_and_nothing_that_names() {
    on_both(rooms, |house| {
        let aicha = member(house, "Aicha Amzil", "tiniri", "north", Standing::Steward);
        let manager = sign_in(house, "manager", &[("manager", &programme("north"))]);
        let coach = sign_in(house, "coach", &[("coach", &programme("north"))]);
        let path = format!("/people/{aicha}");
        let form = [
            ("purpose", "story"),
            ("text_version", "2026-1"),
            ("form", "oral"),
            ("given_on", "2026-01-05"),
            ("witness", "Brahim Witness"),
        ];
        manager.post(&format!("{path}/consents"), &form).is(303);
        coach.get(&format!("{path}/erase")).is(403);
        coach.post(&format!("{path}/erase"), &[("confirm", "EFFACER")]).is(403);
        manager.get(&format!("{path}/erase")).is(200).says("EFFACER");
        manager.post(&format!("{path}/erase"), &[("confirm", "oui")]).is(422);
        manager
            .post(&format!("{path}/erase"), &[("confirm", "effacer")])
            .is(303)
            .follow()
            .is(200)
            .never_says("Amzil");
        let dossier = manager.get_json(&format!("{path}/dossier")).is(200);
        for gone in ["Amzil", "212661000000", "weaver", "Witness", "shi"] {
            assert!(!dossier.text().contains(gone), "{gone} stays: {}", dossier.text());
        }
        assert_eq!(
            (&dossier.json()["person"]["sex"], &dossier.json()["person"]["birth_year"]),
            (&"woman".into(), &1985.into())
        );
        assert_eq!(dossier.json()["consents"][0]["purpose"], "story");
        let kept: Vec<String> = house.look(|db| db.rows(&sql("select changes from fact"), |row| row.take()));
        assert!(kept.iter().all(|changes| !changes.contains("Amzil")
            && !changes.contains("Witness")
            && !changes.contains("weaver")));
        assert_eq!(manager.get_json("/people?q=amzil").json()["count"], 0);
        manager.get(&format!("{path}/edit")).is(409);
        manager.post(&path, &[("name.fr", "Back")]).is(409);
    });
}
