//! What nobody means well: names, numbers and texts that break what is made of them elsewhere.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::Id;
use kernel::testing::on_both;
use sheet::{Limits, read_named};

use crate::house::{FORM, answers, coach, given, manager, publish, rooms};

#[test]
fn a_choice_that_is_said_twice_counts_once() {
    on_both(rooms, |house| {
        let given = given(house);
        let (samira, amina) = (manager(house, &given, "samira"), coach(house, &given, "amina"));
        let survey = publish(&samira, &given, FORM);
        let id = Id::new().to_string();
        let form = [("id", id.as_str()), ("answer.products", "dates carpets dates")];
        amina.post(&format!("{survey}/answers"), &form).is(303);
        let data = samira.get_json(&format!("{survey}/summary")).is(200).json();
        let asked =
            data["asked"].as_array().unwrap().iter().find(|asked| asked["path"] == "products").unwrap();
        assert_eq!((asked["n"].as_i64(), asked["counted"][1]["n"].as_i64()), (Some(1), Some(1)));
    });
}

#[test]
fn numbers_that_do_not_add_up_break_no_page() {
    on_both(rooms, |house| {
        let given = given(house);
        let (samira, amina) = (manager(house, &given, "samira"), coach(house, &given, "amina"));
        let survey = publish(&samira, &given, FORM);
        for _ in 0..11 {
            let (id, entry) = (Id::new().to_string(), |n| format!("answer.buyer[{n}]/orders"));
            let mut form = vec![("id".to_owned(), id), ("answer.products".to_owned(), "dates".to_owned())];
            form.extend((1..9_990).map(|n| (entry(n), "9999999999".to_owned())));
            let form: Vec<(&str, &str)> = form.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
            amina.post(&format!("{survey}/answers"), &form).is(303);
        }
        samira.get(&format!("{survey}/summary")).is(200).says("Commandes");
    });
}

#[test]
fn a_title_names_a_sheet_whatever_it_is_and_no_cell_is_a_formula() {
    on_both(rooms, |house| {
        let given = given(house);
        let (samira, amina) = (manager(house, &given, "samira"), coach(house, &given, "amina"));
        let organisation = given.organisation.to_string();
        for (form, title) in
            [("a", "Ventes [2026] / a:b*?\\ ' et encore plus long que trente"), ("b", "Répétitions")]
        {
            let form = FORM
                .replace("Suivi des ventes | ventes", &format!("{title} | {form}"))
                .replace("Nom de l’acheteur", "=1+1")
                .replace("| Ventes |", "| @cmd |");
            let survey = publish(&samira, &given, &form);
            let id = Id::new().to_string();
            let mut form = answers(&id, &organisation, "5");
            form.retain(|(name, _)| *name != "answer.buyer/name");
            form.push(("answer.buyer/name", "=HYPERLINK(\"x\")"));
            amina.post(&format!("{survey}/answers"), &form).is(303);
            let book = amina.get(&format!("{survey}/export/xlsx")).is(200).bytes;
            let sheets = sheet::read("a.xlsx", &book, Limits::default()).unwrap().sheets;
            assert_eq!(sheets.len(), 2, "{sheets:?}");
            let second = read_named("a.xlsx", &book, &sheets[1], Limits::default()).unwrap();
            assert_eq!(second.rows.len(), 2);
            let csv = amina.get(&format!("{survey}/export/csv?part=entries")).is(200).text();
            assert!(csv.contains("'=1+1") && csv.contains("'=HYPERLINK"), "{csv}");
            assert!(amina.get(&format!("{survey}/export/csv")).is(200).text().contains("'@cmd"));
        }
    });
}

#[test]
fn a_clock_that_is_wrong_costs_no_answer() {
    on_both(rooms, |house| {
        let given = given(house);
        let (samira, amina) = (manager(house, &given, "samira"), coach(house, &given, "amina"));
        let survey = publish(&samira, &given, FORM);
        let id = Id::new().to_string();
        let form = [("id", id.as_str()), ("answer.today", "9999-12-31"), ("answer.products", "dates")];
        amina.post(&format!("{survey}/answers"), &form).is(303);
        let today = kernel::today().to_string();
        samira.get(&format!("{survey}?from={today}&to={today}")).is(200).says("Une réponse.");
    });
}

#[test]
fn a_list_that_is_too_long_to_show_hides_no_answer() {
    on_both(rooms, |house| {
        let given = given(house);
        let (samira, amina) = (manager(house, &given, "samira"), coach(house, &given, "amina"));
        let more: String = (0..60).map(|n| format!("products | p{n} | P{n} | م{n}\n")).collect();
        let form = FORM.replace("products | dates", &format!("{more}products | dates"));
        let survey = publish(&samira, &given, &form);
        let chosen: Vec<String> = (0..45).map(|n| format!("p{n}")).collect();
        let chosen = format!("dates {}", chosen.join(" "));
        for products in ["dates", &chosen] {
            let id = Id::new().to_string();
            amina
                .post(&format!("{survey}/answers"), &[("id", id.as_str()), ("answer.products", products)])
                .is(303);
        }
        let data = samira.get_json(&format!("{survey}/summary")).is(200).json();
        let asked =
            data["asked"].as_array().unwrap().iter().find(|asked| asked["path"] == "products").unwrap();
        let counted = asked["counted"].as_array().unwrap();
        assert_eq!((counted[0]["label"].as_str(), counted[0]["n"].as_i64()), (Some("Dattes"), Some(2)));
        assert_eq!(counted.len(), 41);
        assert_eq!(counted.iter().filter_map(|line| line["n"].as_i64()).sum::<i64>(), 47);
    });
}
