//! Packages of an order: nothing is packed that was not prepared, totals agree, papers say the same as the page.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::house::{given, lot, product, represents, rooms, statement, team};
use kernel::testing::{House, Visitor, on_both};
use kernel::{Fields, Id, Json, Standing};

/// An order of 48 bottles of 250 ml by a shop in Lyon, at 2.90 euros; its id and that of its line.
fn order(house: &House, organisation: Id, product: &str, status: &str) -> (String, String) {
    let (order, line, quotation) = (Id::new(), Id::new(), Id::new());
    let (o, s, l, q) = (organisation.to_string(), order.to_string(), line.to_string(), quotation.to_string());
    let fields = |more: &[(&str, &str)]| {
        let own = [
            ("organisation", o.as_str()),
            ("sale_order", s.as_str()),
            ("sale_line", l.as_str()),
            ("sale_quotation", q.as_str()),
            ("product", product),
        ];
        Fields(own.iter().chain(more).map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    };
    house.given(|tx| {
        let form = fields(&[
            ("number", "7"),
            ("asked", "2026-03-01"),
            ("name", "Épicerie de Lyon"),
            ("buyer", "shop"),
            ("phone", "0661000000"),
            ("country", "FR"),
            ("town", "Lyon"),
            ("status", status),
            ("ordered", "2026-03-03"),
        ]);
        kernel::record::create::<sales::SaleOrder>(tx, order, &form, Standing::Steward)?;
        let form = fields(&[
            ("name.fr", "Eau de rose · Flacon"),
            ("content", "250"),
            ("unit", "ml"),
            ("count", "48"),
        ]);
        kernel::record::create::<sales::Line>(tx, line, &form, Standing::Steward)?;
        let form = fields(&[
            ("number", "1"),
            ("dated", "2026-03-02"),
            ("valid_until", "2026-04-02"),
            ("terms", "before"),
            ("total", "139.20"),
            ("total.currency", "EUR"),
            ("incoterm", "FCA"),
            ("named_place", "Ouarzazate"),
        ]);
        kernel::record::create::<sales::Quotation>(tx, quotation, &form, Standing::Steward)?;
        let form = fields(&[("price", "2.90"), ("price.currency", "EUR")]);
        kernel::record::create::<sales::LinePrice>(tx, Id::new(), &form, Standing::Steward)
    });
    (s, l)
}

/// The same, prepared from two lots: 30 bottles of the first and 18 of the second. Answers order, line and lots.
fn prepared(house: &House, who: &Visitor<'_>, organisation: Id) -> (String, String, [String; 2]) {
    let rose = product(who, organisation, &[("hs", "3301.90"), ("origin", "08.577.01.05")]);
    let lots = [lot(who, &rose, "R-1", "7500"), lot(who, &rose, "R-2", "10000")];
    let (order, line) = order(house, organisation, &rose, "ordered");
    let [first, second] = lots.each_ref().map(|lot| format!("take.{line}.{lot}"));
    let form = [(first.as_str(), "30"), (second.as_str(), "18")];
    who.post(&format!("/sales/{order}/preparation"), &form).is(303);
    (order, line, lots)
}

/// Makes packages that are alike; answers the status.
fn pack(
    who: &Visitor<'_>,
    order: &str,
    id: &str,
    count: &str,
    held: &[(String, &str)],
    more: &[(&str, &str)],
) -> u16 {
    let mut form = vec![("id", id), ("count", count), ("net", "3000"), ("gross", "5400")];
    form.extend(held.iter().map(|(name, text)| (name.as_str(), *text)));
    for (name, value) in more {
        form.retain(|(there, _)| there != name);
        form.push((name, value));
    }
    who.post(&format!("/sales/{order}/packages"), &form).status
}

fn ready(who: &Visitor<'_>, order: &str) -> Json {
    who.get_json(&format!("/sales/{order}/shipment")).is(200).json()["ready"].clone()
}

#[test]
fn packages_hold_what_was_prepared_and_no_more() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let (order, line, lots) = prepared(house, &coach, given.organisation);
        let [first, second] = lots.each_ref().map(|lot| format!("hold.{line}.{lot}"));
        let page = format!("/sales/{order}/shipment");
        coach.get(&page).is(200).says("48 articles ne sont encore").says("Aucun colis");
        coach.get(&format!("/sales/{order}/packing-list")).is(409);
        coach.get(&format!("/sales/{order}/packages/new")).is(200).says("R-1").says("R-2");
        let new = || Id::new().to_string();
        // Two boxes of twelve of the first lot leave six of it.
        let boxes = new();
        assert_eq!(pack(&coach, &order, &boxes, "2", &[(first.clone(), "12")], &[]), 303);
        assert_eq!(pack(&coach, &order, &boxes, "2", &[(first.clone(), "12")], &[]), 303, "the same again");
        assert_eq!(ready(&coach, &order)["totals"]["packages"], 2);
        let form = [(first.as_str(), "7"), ("count", "1"), ("net", "10"), ("gross", "20")];
        coach
            .post(&format!("/sales/{order}/packages"), &form)
            .is(422)
            .says("1 de plus que ce qui a été préparé");
        assert_eq!(pack(&coach, &order, &new(), "2", &[(second.clone(), "18")], &[]), 422, "twice eighteen");
        assert_eq!(pack(&coach, &order, &new(), "1", &[], &[]), 422, "an empty box");
        assert_eq!(pack(&coach, &order, &new(), "0", &[(second.clone(), "1")], &[]), 422);
        assert_eq!(pack(&coach, &order, &new(), "1", &[(second.clone(), "1")], &[("gross", "2999")]), 422);
        assert_eq!(pack(&coach, &order, &new(), "1", &[(second.clone(), "x")], &[]), 422);
        let unknown = format!("hold.{line}.{}", Id::new());
        assert_eq!(pack(&coach, &order, &new(), "1", &[(unknown, "1")], &[]), 422, "a lot of somewhere else");
        let loose = format!("hold.{line}.");
        assert_eq!(pack(&coach, &order, &new(), "1", &[(loose, "1")], &[]), 422, "lots are kept: which one?");
        assert_eq!(ready(&coach, &order)["totals"]["packages"], 2, "what was refused left nothing behind");
        // What is left of both goes into one.
        let mixed = new();
        let held = [(first.clone(), "6"), (second.clone(), "18")];
        let size =
            [("net", "6000"), ("gross", "9000"), ("length", "400"), ("width", "300"), ("height", "220")];
        assert_eq!(pack(&coach, &order, &mixed, "1", &held, &size), 303);
        let now = ready(&coach, &order);
        assert_eq!(now["to_pack"], 0);
        assert_eq!(now["left"], serde_json::json!([]));
        assert_eq!(
            (now["totals"]["net"].as_i64(), now["totals"]["gross"].as_i64()),
            (Some(12_000), Some(19_800))
        );
        assert_eq!(now["packages"][0]["range"], "1–2");
        assert_eq!(now["packages"][1]["range"], "3");
        coach
            .get(&page)
            .is(200)
            .says("Tout ce qui a été préparé")
            .says("19,8 kg")
            .says("R-2")
            .says("400 × 300 × 220");
        // A package is changed, and taken away.
        let at = format!("/packages/{mixed}");
        coach.get(&format!("{at}/edit")).is(200).says("value=\"18\"");
        let form = [
            ("version", "1"),
            (first.as_str(), "6"),
            (second.as_str(), "10"),
            ("_fields", "net"),
            ("net", "4000"),
        ];
        coach.post(&at, &form).is(303);
        assert_eq!(ready(&coach, &order)["to_pack"], 8);
        let form = [
            ("version", "2"),
            (first.as_str(), "7"),
            (second.as_str(), "10"),
            ("_fields", "net"),
            ("net", "4000"),
        ];
        coach.post(&at, &form).is(422).says("1 de plus");
        assert_eq!(ready(&coach, &order)["to_pack"], 8);
        coach.post(&format!("{at}/remove"), &[]).is(303);
        assert_eq!(ready(&coach, &order)["to_pack"], 24);
        coach.get(&format!("/sales/{order}")).is(200).says("24 articles ne sont encore");
    });
}

#[test]
fn a_number_of_one_package_is_of_one_package() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let (order, line, lots) = prepared(house, &coach, given.organisation);
        let held = [(format!("hold.{line}.{}", lots[0]), "1")];
        let status = |count: &str, sscc: &str| {
            pack(&coach, &order, &Id::new().to_string(), count, &held, &[("sscc", sscc)])
        };
        assert_eq!(status("1", "376104250021234568"), 422, "its last digit is wrong");
        assert_eq!(status("1", "12345"), 422);
        assert_eq!(status("2", "376104250021234569"), 422, "two packages have two numbers");
        assert_eq!(status("1", "376104250021234569"), 303);
        assert_eq!(status("1", "376104250021234569"), 422, "it is given once");
        assert_eq!(status("1", ""), 303, "none is ever made up");
        assert_eq!(ready(&coach, &order)["packages"][1]["sscc"], Json::Null);
    });
}

#[test]
fn nothing_leaves_before_it_is_prepared() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let rose = product(&coach, given.organisation, &[]);
        let (order, line) = order(house, given.organisation, &rose, "ordered");
        coach.get(&format!("/sales/{order}/shipment")).is(200).says("une fois la commande préparée");
        coach.get(&format!("/sales/{order}/packages/new")).is(409);
        let form = [
            (format!("hold.{line}."), "1".to_owned()),
            ("count".into(), "1".into()),
            ("net".into(), "1".into()),
            ("gross".into(), "1".into()),
        ];
        let form: Vec<(&str, &str)> =
            form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        coach.post(&format!("/sales/{order}/packages"), &form).is(409);
        for paper in ["packing-list", "delivery-note", "origin-data"] {
            coach.get(&format!("/sales/{order}/{paper}")).is(409);
        }
        // No lots are kept of it: its line is packed without one.
        coach.post(&format!("/sales/{order}/preparation"), &[]).is(303);
        coach.post(&format!("/sales/{order}/packages"), &form).is(303);
        assert_eq!(ready(&coach, &order)["to_pack"], 47);
    });
}

#[test]
fn papers_are_printed_in_three_languages_and_those_of_others_are_kept() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let (order, line, lots) = prepared(house, &coach, given.organisation);
        let held = [(format!("hold.{line}.{}", lots[0]), "12")];
        assert_eq!(pack(&coach, &order, &Id::new().to_string(), "1", &held, &[("marks", "LYON <1>")]), 303);
        for paper in ["packing-list", "delivery-note", "origin-data"] {
            for lang in ["fr", "ar", "en"] {
                let answer = coach.get(&format!("/sales/{order}/{paper}?in={lang}")).is(200);
                assert_eq!(answer.head["content-type"], "application/pdf");
                let answer = answer.says(&format!("{lang} ")).says("Épicerie de Lyon").says("FCA");
                match paper {
                    "packing-list" => answer.says("LYON <1>").says("R-1").says("12 × ").never_says("R-2"),
                    "delivery-note" => answer.says("R-1").says("R-2").never_says("2,90"),
                    _ => answer.says("330190").says("1library.net").never_says("R-1"),
                };
            }
        }
        // The data of origin, and that their wording is none of ours.
        let page = coach.get(&format!("/sales/{order}/shipment")).is(200);
        page.says("Ceci n’est pas une déclaration")
            .says("6 000 €")
            .says("d’une source secondaire")
            .says("330190");
        let origin = ready(&coach, &order)["origin"].clone();
        assert_eq!(origin["exporter"], Json::Null);
        assert_eq!(origin["euros"], 140, "139.20 euros, rounded up against the threshold");
        statement(
            &coach,
            given.organisation,
            "exporter_of_record",
            &[("named", "GIE des vallées"), ("number", "")],
        );
        assert_eq!(ready(&coach, &order)["origin"]["exporter"], "GIE des vallées");
        // A number that customs gave.
        let id = Id::new().to_string();
        let form = [("id", id.as_str()), ("kind", "dum"), ("number", "DUM-41"), ("dated", "2026-03-09")];
        coach.post(&format!("/sales/{order}/export-papers"), &form).is(303);
        coach.get(&format!("/sales/{order}/shipment")).is(200).says("DUM-41");
        coach.post(&format!("/sales/{order}/export-papers"), &[("kind", "dum"), ("number", "")]).is(422);
        coach.post(&format!("/export-papers/{id}/remove"), &[]).is(303);
        coach.get(&format!("/sales/{order}/shipment")).is(200).never_says("DUM-41");
    });
}

#[test]
fn a_shipment_is_that_of_its_cooperative() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let (order, line, lots) = prepared(house, &coach, given.organisation);
        let held = [(format!("hold.{line}.{}", lots[0]), "12")];
        let package = Id::new().to_string();
        assert_eq!(pack(&coach, &order, &package, "1", &held, &[]), 303);
        let paths = [
            format!("/sales/{order}/shipment"),
            format!("/sales/{order}/packing-list"),
            format!("/sales/{order}/delivery-note"),
            format!("/sales/{order}/origin-data"),
            format!("/sales/{order}/packages/new"),
            format!("/sales/{order}/export-papers/new"),
            format!("/packages/{package}/edit"),
        ];
        for who in [represents(house, given.other, "autre"), team(house, &given, "partner")] {
            for path in &paths {
                let status = who.get_json(path).status;
                assert!([403, 404].contains(&status), "{path} answered {status}");
            }
            for path in [
                format!("/packages/{package}"),
                format!("/packages/{package}/remove"),
                format!("/sales/{order}/packages"),
            ] {
                let status = who.post_json(&path, &[("count", "1"), ("net", "1"), ("gross", "1")]).status;
                assert!([403, 404].contains(&status), "POST {path} answered {status}");
            }
        }
        // Nobody moves a package to an order of their own.
        let others = represents(house, given.other, "autre");
        let (theirs, their_line, their_lots) = prepared(house, &others, given.other);
        let held = format!("hold.{their_line}.{}", their_lots[0]);
        let form = [
            ("version", "1"),
            ("sale_order", theirs.as_str()),
            ("_fields", "sale_order,organisation"),
            (held.as_str(), "1"),
        ];
        coach.post(&format!("/packages/{package}"), &form).is(422);
        assert_eq!(ready(&others, &theirs)["totals"]["packages"], 0);
        assert_eq!(ready(&coach, &order)["totals"]["packages"], 1);
    });
}

#[test]
fn several_who_pack_at_once_pack_each_bottle_once() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let (order, line, lots) = prepared(house, &coach, given.organisation);
        let held = format!("hold.{line}.{}", lots[1]);
        let names: Vec<String> = (0..4).map(|n| format!("packer{n}")).collect();
        let packers: Vec<_> = names.iter().map(|name| represents(house, given.organisation, name)).collect();
        let answers: Vec<u16> = std::thread::scope(|scope| {
            let all: Vec<_> = packers
                .into_iter()
                .map(|who| {
                    let (order, held) = (&order, [(held.clone(), "9")]);
                    scope.spawn(move || pack(&who, order, &Id::new().to_string(), "1", &held, &[]))
                })
                .collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|status| **status == 303).count(), 2, "{answers:?}");
        assert_eq!(answers.iter().filter(|status| **status == 422).count(), 2, "{answers:?}");
        let now = ready(&coach, &order);
        assert_eq!((now["totals"]["packages"].as_i64(), now["to_pack"].as_i64()), (Some(2), Some(30)));
    });
}
