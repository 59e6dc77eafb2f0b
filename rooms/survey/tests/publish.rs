//! A questionnaire comes in, is looked at, and is published; the next edition takes its place.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::sql;
use kernel::testing::on_both;

use crate::house::{FORM, book, coach, given, manager, publish, rooms, send};

#[test]
fn a_questionnaire_is_looked_at_and_published() {
    on_both(rooms, |house| {
        let given = given(house);
        let samira = manager(house, &given, "samira");
        let page = format!("/programmes/{}/surveys", given.programme);
        samira.get(&page).is(200).says("Aucune enquête encore").says("Télécharger un exemple");
        samira.get(&format!("/programmes/{}", given.programme)).is(200).says("Enquêtes et questionnaires");
        let draft = send(&samira, &given, FORM).is(303).location.unwrap();
        samira
            .get(&draft)
            .is(200)
            .says("Produits")
            .says("Tapis")
            .says("Répétition")
            .says("Publier la version 1");
        let none: i64 = house.look(|db| db.one(&sql("select count(*) from survey").open("test")));
        assert_eq!(none, 0, "a look publishes nothing");
        let survey = publish(&samira, &given, FORM);
        samira
            .get(&survey)
            .is(200)
            .says("Suivi des ventes")
            .says("Les réponses viendront ici")
            .says("Version 1");
        samira.get(&page).is(200).says("Proposée aux téléphones");
        let next = FORM.replace("Ventes |", "Ventes du mois |");
        assert_eq!(publish(&samira, &given, &next), survey, "the same survey");
        samira.get(&survey).is(200).says("Version 2");
        samira.post(&format!("{survey}/withdrawal"), &[]).is(303);
        samira.get(&survey).is(200).says("Retirée");
        samira.post(&format!("{survey}/offer"), &[]).is(303);
        samira.get(&survey).is(200).says("Proposée aux téléphones");
    });
}

#[test]
fn the_same_bytes_are_no_new_version() {
    on_both(rooms, |house| {
        let given = given(house);
        let samira = manager(house, &given, "samira");
        let (path, bytes) = (format!("/programmes/{}/surveys", given.programme), book(FORM));
        for done in ["survey_published", "survey_same"] {
            let draft = samira.upload(&path, &[], "file", "ventes.xlsx", &bytes).is(303).location.unwrap();
            let told = samira.post(&format!("{draft}/publication"), &[]).is(303).location.unwrap();
            assert!(told.contains(done), "{told}");
        }
        let survey: String = house.look(|db| db.one(&sql("select id from survey").open("test")));
        samira.post(&format!("/surveys/{survey}/withdrawal"), &[]).is(303);
        let draft = samira.upload(&path, &[], "file", "ventes.xlsx", &bytes).is(303).location.unwrap();
        samira.post(&format!("{draft}/publication"), &[]).is(303);
        samira.get(&format!("/surveys/{survey}")).is(200).says("Proposée aux téléphones");
        let editions: i64 = house.look(|db| db.one(&sql("select count(*) from survey_edition").open("test")));
        assert_eq!(editions, 1);
    });
}

#[test]
fn the_example_can_be_published() {
    on_both(rooms, |house| {
        let given = given(house);
        let samira = manager(house, &given, "samira");
        let example = samira.get("/surveys/example").is(200);
        let path = format!("/programmes/{}/surveys", given.programme);
        let draft =
            samira.upload(&path, &[], "file", "exemple.xlsx", &example.bytes).is(303).location.unwrap();
        samira.get(&draft).is(200).says("Chaque réponse sera liée").says("English (en)");
        samira.post(&format!("{draft}/publication"), &[]).is(303);
        // Twice is harmless, and what was looked at goes when another is.
        let again = samira.post(&format!("{draft}/publication"), &[]).is(303).location.unwrap();
        assert!(again.contains("survey_same"), "{again}");
        samira.upload(&path, &[], "file", "exemple.xlsx", &example.bytes).is(303);
        samira.get(&draft).is(404);
        samira.get("/surveys/example").is(200);
    });
}

#[test]
fn what_is_wrong_is_told_with_sheet_row_and_column() {
    on_both(rooms, |house| {
        let given = given(house);
        let samira = manager(house, &given, "samira");
        let broken = FORM
            .replace("decimal | amount | Ventes", "decimal | amount | Ventes | | | ${personne} = 1")
            .replace("select_multiple products", "select_multiple produits");
        let refused = send(&samira, &given, &broken).is(422).text();
        for said in [
            "2 points sont à corriger",
            "Feuille survey, ligne 4, colonne type : la liste de choix « produits »",
            "Feuille survey, ligne 5, colonne relevant : aucune question ne s’appelle « personne »",
        ] {
            assert!(refused.contains(said), "{said} is not in {refused}");
        }
        let remarks = FORM
            .replace("| repeat_count\n", "| repeat_count | remarque\n")
            .replace("geopoint | place | Lieu | المكان", "geopoint | place | Lieu | المكان | | | | à revoir");
        let draft = send(&samira, &given, &remarks).is(303).location.unwrap();
        samira.get(&draft).is(200).says("n’ont pas été lues").says("remarque");
        let own = FORM.replace("| ventes |", "| tiwizi-visit |");
        send(&samira, &given, &own).is(422).says("est réservé");
        let path = format!("/programmes/{}/surveys", given.programme);
        for (name, bytes, said) in [
            ("a.xlsx", &b"PK\x03\x04 nothing"[..], "abîmé"),
            ("a.pdf", b"%PDF-1.7", "PDF"),
            ("a.csv", b"type,name\ntext,a\n", "survey"),
            ("a.xlsx", b"", "Choisissez d"),
        ] {
            let refused = samira.upload(&path, &[], "file", name, bytes).is(422).text();
            assert!(
                refused.to_lowercase().contains(&said.to_lowercase()),
                "{name}: {said} is not in {refused}"
            );
        }
        let left: i64 = house.look(|db| db.one(&sql("select count(*) from survey_draft").open("test")));
        assert_eq!(left, 1, "the one that could be read");
        coach(house, &given, "amina").upload(&path, &[], "file", "a.xlsx", &book(FORM)).is(403);
    });
}
