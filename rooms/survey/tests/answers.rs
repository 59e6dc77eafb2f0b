//! What was filled in is kept once, and read as a dataset.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::testing::on_both;
use kernel::{Id, sql};

use crate::house::{FORM, answers, coach, given, manager, publish, rooms};

#[test]
fn an_answer_is_kept_once_and_read_in_its_place() {
    on_both(rooms, |house| {
        let given = given(house);
        let (samira, amina) = (manager(house, &given, "samira"), coach(house, &given, "amina"));
        let survey = publish(&samira, &given, FORM);
        let (path, id, organisation) =
            (format!("{survey}/answers"), Id::new().to_string(), given.organisation.to_string());
        let form = answers(&id, &organisation, "1250.5");
        amina.post(&path, &form).is(303);
        amina.post(&path, &form).is(303);
        amina.post(&path, &answers(&id, &organisation, "99")).is(409);
        let facts: i64 = house.look(|db| {
            db.one(
                &sql("select count(*) from fact where kind = 'survey.survey_answer.created' and about = ?")
                    .bind(given.organisation)
                    .open("test"),
            )
        });
        assert_eq!(facts, 1, "a repeat is no news");
        let list = amina.get(&survey).is(200).text();
        for said in ["Tiniri", "Une réponse", "Tapis · Dattes", "1\u{202f}250,5", "amina"] {
            assert!(list.contains(said), "{said} is not in {list}");
        }
        let page = format!("/survey-answers/{id}");
        let read = amina.get(&page).is(200).text();
        for said in [
            "Riad Amane",
            "Épicerie Zitoun",
            "Nom de l’acheteur",
            "30.92000, -6.91000",
            "4 mars 2026",
            "Réponse à une enquête",
        ] {
            assert!(read.contains(said), "{said} is not in {read}");
        }
        amina
            .get(&format!("/organisations/{organisation}"))
            .is(200)
            .says("Qu’a-t-elle répondu")
            .says("Suivi des ventes");
        // Narrowed.
        for (query, said) in [
            ("q=zitoun", "Une réponse."),
            ("q=%C3%89picerie", "Une réponse."),
            ("q=100%25", "Aucune réponse ne correspond"),
            ("from=2026-03-05", "Aucune réponse ne correspond"),
            ("territory=08.587&to=2026-03-04", "Une réponse."),
            ("territory=Tanger", "Aucune réponse ne correspond"),
        ] {
            amina.get(&format!("{survey}?{query}")).is(200).says(said);
        }
        let data = amina.get_json(&format!("{survey}/summary")).is(200).json();
        let asked = |path: &str| {
            data["asked"].as_array().unwrap().iter().find(|asked| asked["path"] == path).cloned().unwrap()
        };
        assert_eq!(asked("buyer/orders")["numbers"]["mean"], "3,5");
        assert_eq!(asked("buyer/orders")["n"], 2);
        assert_eq!(asked("products")["counted"][0]["percent"], 100);
        assert_eq!(asked("products")["n"], 1);
        let csv = amina.get(&format!("{survey}/export/csv")).is(200).text();
        assert!(csv.contains("Tiniri") && csv.contains("1250,5") && csv.contains("Tapis · Dattes"), "{csv}");
        let entries = amina.get(&format!("{survey}/export/csv?part=entries")).is(200).text();
        assert!(entries.contains("buyer/2") && entries.contains("Épicerie Zitoun"), "{entries}");
        let book = amina.get(&format!("{survey}/export/xlsx")).is(200).bytes;
        let read = |name| sheet::read_named("a.xlsx", &book, name, sheet::Limits::default()).unwrap();
        assert_eq!(read("Suivi des ventes").rows.len(), 1);
        assert_eq!(read("Répétitions").rows.len(), 2);
    });
}

#[test]
fn what_is_no_answer_is_refused_whole() {
    on_both(rooms, |house| {
        let given = given(house);
        let (samira, amina) = (manager(house, &given, "samira"), coach(house, &given, "amina"));
        let survey = publish(&samira, &given, FORM);
        let (path, organisation) = (format!("{survey}/answers"), given.organisation.to_string());
        let stranger = Id::named("samira").to_string();
        for (field, text, status) in [
            ("answer.amount", "beaucoup", 422),
            ("answer.nobody", "x", 422),
            ("answer.buyer[0]/name", "x", 422),
            ("answer.place", "ici", 422),
            ("answer.cooperative", "Tiniri", 422),
            ("answer.cooperative", &stranger, 404),
        ] {
            let id = Id::new().to_string();
            let form = [("id", id.as_str()), ("answer.products", "carpets"), (field, text)];
            amina.post_json(&path, &form).is(status);
        }
        amina.post_json(&path, &[("id", &Id::new().to_string())]).is(422);
        amina.post_json(&path, &[("answer.products", "dates")]).is(422);
        // The id of another record is not taken over.
        amina.post_json(&path, &[("id", &organisation), ("answer.products", "dates")]).is(409);
        let kept: i64 = house.look(|db| db.one(&sql("select count(*) from survey_value").open("test")));
        assert_eq!(kept, 0);
    });
}

#[test]
fn answers_to_earlier_editions_stay_in_the_same_dataset() {
    on_both(rooms, |house| {
        let given = given(house);
        let (samira, amina) = (manager(house, &given, "samira"), coach(house, &given, "amina"));
        let survey = publish(&samira, &given, FORM);
        let (path, organisation) = (format!("{survey}/answers"), given.organisation.to_string());
        let first = Id::new().to_string();
        amina.post(&path, &answers(&first, &organisation, "100")).is(303);
        // The next edition asks for the amount under another label, for a number more, and for no telephone.
        let next = FORM.replace("| Ventes |", "| Chiffre du mois |").replace(
            "text | phone | Téléphone de secours | هاتف بديل",
            "integer | staff | Salariées | أجيرات",
        );
        assert_eq!(publish(&samira, &given, &next), survey);
        let second = Id::new().to_string();
        let mut form = answers(&second, &organisation, "300");
        form.push(("answer.staff", "4"));
        amina.post(&path, &form).is(303);
        // One of the first edition still comes in, filled in before.
        let third = Id::new().to_string();
        let mut form = answers(&third, &organisation, "200");
        form.extend([("edition", "1"), ("answer.phone", "0661000001")]);
        amina.post(&path, &form).is(303);
        let data = amina.get_json(&format!("{survey}/summary")).is(200).json();
        let asked = |path: &str| {
            data["asked"].as_array().unwrap().iter().find(|asked| asked["path"] == path).cloned().unwrap()
        };
        assert_eq!(asked("amount")["label"]["fr"], "Chiffre du mois");
        assert_eq!((asked("amount")["n"].as_i64(), asked("staff")["n"].as_i64()), (Some(3), Some(1)));
        assert_eq!(asked("phone")["earlier"], true);
        assert_eq!(asked("amount")["numbers"]["mean"], "200");
        // One that is set aside counts nowhere, and can be taken back.
        let page = format!("/survey-answers/{second}");
        amina.post(&format!("{page}/aside"), &[]).is(403);
        samira.post(&format!("{page}/aside"), &[]).is(303);
        samira.get(&survey).is(200).says("2 réponses.").says("Une réponse est mise de côté");
        samira.get(&format!("{survey}?aside=1")).is(200).says("Tiniri");
        samira.get(&page).is(200).says("elle ne compte plus");
        samira.post(&format!("{page}/restoration"), &[]).is(303);
        samira.get(&survey).is(200).says("3 réponses.");
    });
}

#[test]
fn a_photo_is_kept_with_its_answer() {
    on_both(rooms, |house| {
        let given = given(house);
        let (samira, amina) = (manager(house, &given, "samira"), coach(house, &given, "amina"));
        let survey = publish(&samira, &given, FORM);
        let (id, picture) = (Id::new().to_string(), [b"\xff\xd8\xff\xe0".to_vec(), vec![7; 300]].concat());
        let form = [("id", id.as_str()), ("answer.products", "dates"), ("answer.photo", "etal.jpg")];
        amina.upload(&format!("{survey}/answers"), &form, "answer.photo", "etal.jpg", &picture).is(303);
        let page = amina.get(&format!("/survey-answers/{id}")).is(200).says("Sans coopérative").text();
        let at = page.find("/files/").unwrap();
        let file = page[at..].split('"').next().unwrap().to_owned();
        amina.get(&file).is(200);
        people::testing::sign_in(house, "elsewhere", &[("coach", &format!("programme:{}", Id::named("x")))])
            .get(&file)
            .is(404);
        let partner = format!("programme:{}", given.programme);
        people::testing::sign_in(house, "partner", &[("partner", &partner)]).get(&file).is(404);
    });
}
