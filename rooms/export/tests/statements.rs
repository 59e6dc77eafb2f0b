//! Statements: what each kind asks for, of whom, and that a repeat is harmless.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::house::{day, given, product, represents, rooms, statement, team};
use kernel::Id;
use kernel::testing::on_both;

#[test]
fn each_kind_asks_for_its_own() {
    on_both(rooms, |house| {
        let given = given(house);
        let presidente = represents(house, given.organisation, "presidente");
        let at = format!("/organisations/{}/export-statements", given.organisation);
        let rose = product(&presidente, given.organisation, &[]);
        let since = day(-3);
        presidente.get(&format!("{at}/new?kind=analysis&product={rose}")).is(200).says("Bulletin d’analyse");
        for (form, sentence) in [
            (vec![("kind", "analysis"), ("number", "1")], "vaut pour un produit"),
            (vec![("kind", "analysis"), ("product", rose.as_str())], "Écrivez le numéro"),
            (vec![("kind", "exporter_of_record"), ("number", "1")], "au nom de qui"),
            (
                vec![("kind", "commercial_register"), ("number", "1"), ("product", rose.as_str())],
                "laissez le produit vide",
            ),
            (vec![("kind", "royal_permit"), ("number", "1")], "de la liste"),
            (
                vec![("kind", "exporter_register"), ("number", "1"), ("until", "2020-01-01")],
                "La fin ne peut pas venir avant le début",
            ),
        ] {
            let form: Vec<(&str, &str)> = form.into_iter().chain([("since", since.as_str())]).collect();
            let answer = presidente.post(&at, &form).is(422);
            assert!(answer.text().contains(sentence), "{form:?}: {}", answer.text());
        }
        let page = presidente.get(&format!("/organisations/{}/export", given.organisation)).is(200);
        page.says("Rien pour le moment");
        // A product of another cooperative is none of this one's.
        let others = product(&represents(house, given.other, "autre"), given.other, &[]);
        let form = [("kind", "analysis"), ("number", "1"), ("since", &since), ("product", &others)];
        presidente.post(&at, &form).is(422);
    });
}

#[test]
fn a_statement_is_kept_changed_and_removed() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let page = format!("/organisations/{}/export", given.organisation);
        let id = statement(&coach, given.organisation, "exporter_register", &[("until", &day(90))]);
        // The same again is the same.
        let form = [
            ("id", id.as_str()),
            ("kind", "exporter_register"),
            ("number", "N-77"),
            ("since", &day(-30)),
            ("until", &day(90)),
        ];
        coach.post(&format!("/organisations/{}/export-statements", given.organisation), &form).is(303);
        let listed = coach.get_json(&page).is(200).json();
        assert_eq!(listed["statements"].as_array().unwrap().len(), 1);
        assert_eq!(listed["statements"][0]["state"], "valid");
        coach.get(&page).is(200).says("N-77").says("Valable");
        let at = format!("/export-statements/{id}");
        let form = [("until", day(-1)), ("version", "1".into()), ("_fields", "until".into())];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, text)| (*name, text.as_str())).collect();
        coach.post(&at, &form).is(303);
        coach.get(&page).is(200).says("A pris fin");
        coach.get(&format!("/organisations/{}", given.organisation)).is(200).says("1 a pris fin");
        // It says for whom it was written.
        let fact: Option<Id> = house.look(|db| {
            let query = kernel::sql("select behalf from fact where record = ? order by id limit 1");
            db.one(&query.bind(id.parse::<Id>().unwrap()))
        });
        assert_eq!(fact, Some(given.organisation));
        coach.post(&format!("{at}/remove"), &[]).is(303);
        coach.get(&page).is(200).says("Rien pour le moment");
    });
}

#[test]
fn the_file_of_a_statement_opens_for_its_cooperative_alone() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let at = format!("/organisations/{}/export-statements", given.organisation);
        let form = [("kind", "exporter_register"), ("number", "N-5"), ("since", &day(-4))];
        coach.upload(&at, &form, "file", "registre.pdf", b"%PDF-1.4 registre").is(303);
        let page = format!("/organisations/{}/export", given.organisation);
        let file = coach.get_json(&page).is(200).json()["statements"][0]["file"].as_str().unwrap().to_owned();
        coach.get(&page).is(200).says(&format!("/files/{file}"));
        coach.get(&format!("/files/{file}")).is(200);
        represents(house, given.other, "autre").get_json(&format!("/files/{file}")).is(404);
        // To change the number keeps the file.
        let id = coach.get_json(&page).json()["statements"][0]["id"].as_str().unwrap().to_owned();
        let form = [("number", "N-6"), ("version", "1"), ("_fields", "number,file")];
        coach.post(&format!("/export-statements/{id}"), &form).is(303);
        assert_eq!(coach.get_json(&page).json()["statements"][0]["file"], file.as_str());
    });
}
