//! Reports, from a ready one to the link that ends: composed, frozen, compared, printed, tabled, shared.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

#[path = "reports/ground.rs"]
mod ground;
#[path = "reports/letters.rs"]
mod letters;
#[path = "reports/shared.rs"]
mod shared;

use kernel::testing::on_both;
use kernel::{Id, today};

use ground::*;

#[test]
fn a_frozen_figure_stays_and_the_next_report_says_what_was_corrected() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let first = compose(&ground, "empty", "Premier rapport", &[]);
        let page = format!("/reports/{first}");
        ground.manager.post(&format!("{page}/freeze"), &[("version", "1")]).is(409).says("section");
        let figures = section(
            &ground,
            &first,
            "figures",
            &[
                ("heading", "En bref"),
                ("indicators", "people-trained"),
                ("indicators", "cooperatives-supported"),
            ],
        );
        ground.manager.get(&page).is(200).says("En bref").says("Brouillon");
        assert_eq!(tile(&ground.manager.get_json(&page).json(), "people-trained"), "7");
        // A stale page freezes nothing; a repeat changes nothing.
        ground.manager.post(&page, &[("version", "1"), ("title", "Rapport d’ouverture")]).is(303);
        ground.manager.post(&format!("{page}/freeze"), &[("version", "1")]).is(409);
        freeze(&ground, &first);
        let before = facts(house);
        freeze(&ground, &first);
        assert_eq!(facts(house), before, "a repeat changed something");
        let kept = ground.manager.get_json(&page).is(200).json();
        assert_eq!(tile(&kept, "people-trained"), "7");
        let source = &kept["report"]["sources"][0];
        assert_eq!((source["n"].as_str(), source["items"].as_str().unwrap().len()), (Some("7"), 64));

        // The record of an eighth person comes late: the frozen figure stays as it was.
        let form = [("name.fr", "Personne 8"), ("sex", "woman")];
        let person = made::<people::Person>(house, "Personne 8", &form);
        let form = [
            ("programme", ground.programme.as_str()),
            ("session", &Id::named("session").to_string()),
            ("person", &person),
            ("organisation", &ground.cooperative),
            ("role", "member"),
        ];
        let late = made::<training::Participant>(house, "participant 8", &form);
        let all: Vec<String> =
            (0..7).map(|n| Id::named(&format!("participant {n}")).to_string()).chain([late]).collect();
        roll(house, &Id::named("half").to_string(), &all);
        assert_eq!(tile(&ground.manager.get_json(&page).json(), "people-trained"), "7");

        let second = compose(&ground, "empty", "Deuxième rapport", &[("since", &ago(300))]);
        section(
            &ground,
            &second,
            "figures",
            &[("indicators", "people-trained"), ("indicators", "cooperatives-supported")],
        );
        for frozen in [false, true] {
            if frozen {
                freeze(&ground, &second);
            }
            let told = ground.manager.get_json(&format!("/reports/{second}")).is(200).json();
            let last = &told["report"]["last"];
            assert_eq!(last["title"], "Rapport d’ouverture");
            let line = &last["lines"][0];
            let said = [&line["then"], &line["again"], &line["now"]].map(|text| text.as_str().unwrap());
            assert_eq!(said, ["7", "8", "8"]);
            let why = line["why"].to_string();
            assert!(why.contains("Autre période") && why.contains("+1"), "{why}");
            assert!(last["lines"][1]["why"].to_string().contains("n’a pas changé"));
        }

        // What is frozen is not changed, by no way.
        let section = format!("/report-sections/{figures}");
        ground.manager.post(&section, &[("version", "2"), ("heading", "x")]).is(409);
        ground.manager.post(&format!("{section}/place"), &[("to", "1")]).is(409);
        ground.manager.post(&format!("{section}/remove"), &[]).is(409);
        ground.manager.post(&page, &[("version", "3"), ("title", "x")]).is(409);
        ground.manager.post(&format!("{page}/remove"), &[]).is(409);
        let id = Id::new().to_string();
        ground.manager.post(&format!("{page}/sections"), &[("id", &id), ("kind", "text")]).is(409);
    });
}

#[test]
fn sections_are_put_in_order_and_belong_to_their_report() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let (one, other) = (compose(&ground, "empty", "Un", &[]), compose(&ground, "empty", "Autre", &[]));
        let text = |report: &str, heading: &str| {
            section(&ground, report, "text", &[("heading", heading), ("body", "Une phrase.\nUne autre.")])
        };
        let (first, second) = (text(&one, "Premier"), text(&one, "Second"));
        let foreign = text(&other, "Ailleurs");
        let order = || -> Vec<String> {
            let page = ground.manager.get_json(&format!("/reports/{one}")).json();
            let parts = page["report"]["parts"].as_array().unwrap().clone();
            parts.iter().map(|part| part["heading"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(order(), ["Premier", "Second"]);
        for _ in 0..2 {
            ground.manager.post(&format!("/report-sections/{second}/place"), &[("to", "1")]).is(303);
            assert_eq!(order(), ["Second", "Premier"]);
        }
        // A section of another report is not taken over, neither by its id nor by a field.
        ground
            .manager
            .post(&format!("/reports/{one}/sections"), &[("id", &foreign), ("kind", "text")])
            .is(409);
        let forged = [("version", "2"), ("heading", "Ailleurs"), ("report", one.as_str()), ("position", "9")];
        ground.manager.post(&format!("/report-sections/{foreign}"), &forged).is(303);
        assert_eq!(order(), ["Second", "Premier"]);
        ground.manager.get(&format!("/reports/{one}/photos/{foreign}")).is(404);
        // Two who change the same field differently: the second is told what stands there.
        let path = format!("/report-sections/{first}");
        ground.manager.post(&path, &[("version", "2"), ("heading", "Premier point")]).is(303);
        ground
            .manager
            .post(&path, &[("version", "2"), ("heading", "Autre titre")])
            .is(422)
            .says("Premier point");
        // What does not fit is refused at its field.
        let chart = Id::new().to_string();
        ground
            .manager
            .post(&format!("/reports/{one}/sections"), &[("id", &chart), ("kind", "chart")])
            .is(303);
        ground.manager.get(&format!("/reports/{one}")).says("pas encore remplie");
        ground
            .manager
            .post(&format!("/reports/{one}/freeze"), &[("version", "1")])
            .is(409)
            .says("pas remplie");
        let path = format!("/report-sections/{chart}");
        let wrong = [("version", "1"), ("indicators", "received"), ("first_cut", "commune")];
        ground.manager.post(&path, &wrong).is(422);
        ground
            .manager
            .post(&path, &[("version", "1"), ("indicators", "nothing"), ("first_cut", "year")])
            .is(422);
        ground.manager.post(&format!("{path}/remove"), &[]).is(303);
        assert_eq!(order().len(), 2);
        let version = version(&ground, &other);
        ground.manager.post(&format!("/reports/{other}/remove"), &[("version", &version)]).is(303);
        ground.manager.get(&format!("/reports/{other}")).is(404);
    });
}

#[test]
fn ready_reports_fill_themselves_and_hide_small_cells() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let list = format!("/programmes/{}/reports", ground.programme);
        ground.manager.get(&list).is(200).says("Rapport annuel aux partenaires");
        ground
            .manager
            .get(&format!("{list}/new?template=annual"))
            .is(200)
            .says("Rapport annuel aux partenaires");
        let annual = compose(&ground, "annual", "Rapport annuel", &[]);
        let page = ground.manager.get_json(&format!("/reports/{annual}")).is(200).json();
        assert_eq!(tile(&page, "people-trained"), "7");
        let parts = page["report"]["parts"].as_array().unwrap();
        let table = parts.iter().find(|part| part["kind"] == "table").unwrap();
        // Three women, three men, one who did not say: none of the three cells may be told, nor found by difference.
        assert_eq!(table["grid"]["rows"][0]["cells"], serde_json::json!(["caché", "caché", "caché"]));
        assert_eq!(table["grid"]["rows"][0]["total"], "7");
        // Neither is the share of three women among seven.
        assert_eq!(tile(&page, "women-trained"), "caché");
        ground
            .manager
            .get(&format!("/reports/{annual}"))
            .is(200)
            .says("<svg")
            .says("caché")
            .never_says("Personne 0");

        let arabic = compose(&ground, "monthly", "البطاقة الشهرية", &[("language", "ar")]);
        ground.manager.get(&format!("/reports/{arabic}")).is(200).says("dir=\"rtl\"").says("أُنجز هذا الشهر");

        // The sheet of a committee tells of one province, and says where a figure is wider than that.
        let path = format!("/programmes/{}/reports", ground.programme);
        let (since, until) = (ago(300), today().to_string());
        let form = [
            ("template", "committee"),
            ("title", "x"),
            ("language", "fr"),
            ("since", &since),
            ("until", &until),
        ];
        ground.manager.post(&path, &form).is(422);
        for (place, supported) in [("08.587", "1"), ("08.401", "0")] {
            let sheet = compose(&ground, "committee", "Comité", &[("territory", place)]);
            let page = ground.manager.get_json(&format!("/reports/{sheet}")).is(200).json();
            assert_eq!(tile(&page, "cooperatives-supported"), supported);
        }
        let turned =
            [("template", "empty"), ("title", "x"), ("language", "fr"), ("since", &until), ("until", &since)];
        ground.manager.post(&path, &turned).is(422);
    });
}
