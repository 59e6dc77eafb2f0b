//! Packages of a pooled order: nothing is packed that was not accepted, and each lot keeps the name of its cooperative.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::house::rooms;
use crate::pooled_house::{coach, day, given, lot, of, opened, part, pledge, says};
use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, Json, sql};

/// A pooled order as its lead sees it.
struct Collected {
    order: String,
    page: String,
    /// The fields of the form of a package that put the lots of Afra and Bouzza in.
    holds: [String; 2],
    /// What was received of each.
    receptions: [String; 2],
}

/// A confirmed order of which nothing was brought so far.
fn confirmed(house: &House, lead: &Visitor<'_>, more: &[(&str, &str)]) -> String {
    given(house);
    let mut form = vec![("tolerance", "50")];
    form.extend_from_slice(more);
    let order = opened(lead, &form);
    assert_eq!(pledge(house, &order, "Afra", "40", &[]), 303);
    assert_eq!(pledge(house, &order, "Bouzza", "20", &[]), 303);
    lead.post(&format!("/pooled-orders/{order}/allocation"), &[("round", "0")]).is(303);
    for name in ["Afra", "Bouzza"] {
        assert_eq!(says(house, &order, name, "accepted", "1"), 303);
    }
    lead.post(&format!("/pooled-orders/{order}/confirmation"), &[]).is(303);
    order
}

/// Forty packs of the first grade came from Afra, twenty of the second from Bouzza.
fn collected(house: &House, lead: &Visitor<'_>, more: &[(&str, &str)]) -> Collected {
    let order = confirmed(house, lead, more);
    let page = format!("/pooled-orders/{order}");
    let [first, second] = [("Afra", "A-1", "40", "first"), ("Bouzza", "B-1", "20", "second")].map(
        |(name, number, packs, grade)| {
            let (id, part, today) = (Id::new().to_string(), part(house, &order, name), day(0));
            let lot = lot(house, name, number, 100);
            let form = [
                ("id", id.as_str()),
                ("part", part.as_str()),
                ("lot", &lot),
                ("day", &today),
                ("brought", packs),
                ("accepted", packs),
                ("grade", grade),
            ];
            lead.post(&format!("{page}/pooled-receptions"), &form).is(303);
            (lot, id)
        },
    );
    let holds = [first.0, second.0].map(|lot| format!("hold.{order}.{lot}"));
    Collected { order, page, holds, receptions: [first.1, second.1] }
}

/// Makes packages that are alike; answers the status.
fn pack(who: &Visitor<'_>, there: &Collected, id: &str, count: &str, held: [&str; 2]) -> u16 {
    let form = [
        ("id", id),
        ("count", count),
        ("net", "50000"),
        ("gross", "54000"),
        (there.holds[0].as_str(), held[0]),
        (there.holds[1].as_str(), held[1]),
    ];
    who.post(&format!("{}/packages", there.page), &form).status
}

fn ready(who: &Visitor<'_>, page: &str) -> Json {
    who.get_json(&format!("{page}/shipment")).is(200).json()["ready"].clone()
}

fn new() -> String {
    Id::new().to_string()
}

#[test]
fn packages_hold_what_was_accepted_and_no_more() {
    on_both(rooms, |house| {
        let lead = of(house, "Gie");
        let there = collected(house, &lead, &[]);
        let page = format!("{}/shipment", there.page);
        lead.get(&there.page).is(200).says("Aucun colis").says(&page);
        lead.get(&page).is(200).says("60 articles ne sont encore").says("Afra").says("France");
        lead.get(&format!("{}/packages/new", there.page)).is(200).says("A-1").says("Bouzza");
        lead.get(&format!("{}/packing-list", there.page)).is(409);
        // Three pallets of twelve, and the same form again.
        let pallets = new();
        assert_eq!(pack(&lead, &there, &pallets, "3", ["12", ""]), 303);
        assert_eq!(pack(&lead, &there, &pallets, "3", ["12", ""]), 303, "the same again");
        assert_eq!(ready(&lead, &there.page)["totals"]["packages"], 3);
        let form = [("count", "1"), ("net", "1"), ("gross", "1"), (there.holds[0].as_str(), "5")];
        lead.post(&format!("{}/packages", there.page), &form)
            .is(422)
            .says("1 de plus que ce qui a été accepté");
        assert_eq!(pack(&lead, &there, &new(), "3", ["", "7"]), 422, "thrice seven are more than twenty");
        assert_eq!(pack(&lead, &there, &new(), "1", ["", ""]), 422, "an empty pallet");
        let lost = format!("hold.{}.", there.order);
        let form = [("count", "1"), ("net", "1"), ("gross", "1"), (lost.as_str(), "1")];
        lead.post(&format!("{}/packages", there.page), &form).is(422);
        let mixed = new();
        assert_eq!(pack(&lead, &there, &mixed, "1", ["4", "20"]), 303);
        let now = ready(&lead, &there.page);
        assert_eq!((now["to_pack"].as_i64(), now["totals"]["net"].as_i64()), (Some(0), Some(200_000)));
        assert_eq!(now["packages"][1]["contents"][1]["maker"], "Bouzza");
        lead.get(&page).is(200).says("Tout ce qui a été accepté");
        // Two who change the same: the second reads what the first wrote. Nothing of theirs is lost.
        let at = format!("/packages/{mixed}");
        lead.get(&format!("{at}/edit")).is(200).says("value=\"20\"");
        let change = |version: &str, net: &str| {
            let form = [
                ("version", version),
                ("_fields", "net"),
                ("net", net),
                (there.holds[0].as_str(), "4"),
                (there.holds[1].as_str(), "20"),
            ];
            lead.post(&at, &form).status
        };
        assert_eq!(change("1", "40000"), 303);
        assert!([409, 422].contains(&change("1", "30000")), "somebody else wrote another weight");
        assert_eq!(ready(&lead, &there.page)["totals"]["net"], 190_000);
        lead.post(&format!("{at}/remove"), &[]).is(303);
        assert_eq!(ready(&lead, &there.page)["to_pack"], 24);
        lead.get(&there.page).is(200).says("24 articles ne sont encore");
    });
}

#[test]
fn nothing_leaves_before_something_is_accepted() {
    on_both(rooms, |house| {
        let lead = of(house, "Gie");
        let order = confirmed(house, &lead, &[]);
        let page = format!("/pooled-orders/{order}");
        lead.get(&format!("{page}/shipment"))
            .is(200)
            .says("quelque chose accepté")
            .says(&format!("href=\"{page}\""));
        lead.get(&page).is(200).says("quelque chose accepté");
        for path in ["packages/new", "packing-list", "delivery-note", "origin-data"] {
            lead.get(&format!("{page}/{path}")).is(409);
        }
        lead.post(&format!("{page}/packages"), &[("count", "1"), ("net", "1"), ("gross", "1")]).is(409);
    });
}

#[test]
fn what_is_taken_back_after_it_was_packed_is_too_many() {
    on_both(rooms, |house| {
        let lead = of(house, "Gie");
        let there = collected(house, &lead, &[]);
        let (first, second) = (new(), new());
        assert_eq!(pack(&lead, &there, &first, "1", ["25", ""]), 303);
        assert_eq!(pack(&lead, &there, &second, "1", ["15", ""]), 303);
        lead.post(&format!("/pooled-receptions/{}/remove", there.receptions[0]), &[]).is(303);
        let now = ready(&lead, &there.page);
        assert_eq!(now["over"][0]["count"], 40);
        assert_eq!(now["to_pack"], 20, "those of Bouzza wait");
        lead.get(&format!("{}/shipment", there.page)).is(200).says("40 de trop").says("A-1").says("Afra");
        lead.get(&there.page).is(200).says("Trop d’articles");
        assert_eq!(pack(&lead, &there, &new(), "1", ["1", ""]), 422, "no more of them");
        let third = new();
        assert_eq!(pack(&lead, &there, &third, "1", ["", "20"]), 303, "others are packed meanwhile");
        // Taken out package by package; what is only less is no mistake.
        let fewer = [("version", "1"), (there.holds[0].as_str(), "5")];
        lead.post(&format!("/packages/{first}"), &fewer).is(303);
        assert_eq!(ready(&lead, &there.page)["over"][0]["count"], 20);
        for package in [&first, &second] {
            lead.post(&format!("/packages/{package}/remove"), &[]).is(303);
        }
        let now = ready(&lead, &there.page);
        assert_eq!((&now["over"], now["to_pack"].as_i64()), (&serde_json::json!([]), Some(0)));
        // All of it taken back: what is packed can still be opened and taken out.
        lead.post(&format!("/pooled-receptions/{}/remove", there.receptions[1]), &[]).is(303);
        assert_eq!(ready(&lead, &there.page)["over"][0]["count"], 20);
        lead.get(&format!("/packages/{third}/edit")).is(200);
        lead.post(&format!("/packages/{third}/remove"), &[]).is(303);
        assert_eq!(ready(&lead, &there.page), Json::Null);
    });
}

#[test]
fn papers_name_the_cooperative_of_each_lot() {
    on_both(rooms, |house| {
        let lead = of(house, "Gie");
        let there = collected(house, &lead, &[("mode", "mandate"), ("mandate", "Mandat 7")]);
        assert_eq!(pack(&lead, &there, &new(), "4", ["10", ""]), 303);
        for (lang, role) in [("fr", "d’où vient"), ("ar", "مصدر السلعة"), ("en", "come from")] {
            for paper in ["packing-list", "delivery-note", "origin-data"] {
                let answer = lead.get(&format!("{}/{paper}?in={lang}", there.page)).is(200);
                assert_eq!(answer.head["content-type"], "application/pdf");
                let answer = answer.says(&format!("{lang} ")).says("Maison Palmeraie").says("Mandat 7");
                let answer = answer.says("FCA").says(role).says("Afra").says("Bouzza");
                match paper {
                    "packing-list" => answer.says("10 × ").says("A-1"),
                    "delivery-note" => answer.says("A-1").says("B-1").never_says("12,50"),
                    _ => answer.says("1library.net"),
                };
            }
        }
        // The second grade is worth half, as the settlement counts it: 40 × 12.50 and 20 × 6.25.
        let origin = ready(&lead, &there.page)["origin"].clone();
        let worth =
            |at: usize| (origin["lines"][at]["maker"].clone(), origin["lines"][at]["value"]["minor"].clone());
        assert_eq!(worth(0), ("Afra".into(), 50_000.into()));
        assert_eq!(worth(1), ("Bouzza".into(), 12_500.into()));
        assert_eq!(origin["euros"], 625);
        assert_eq!(origin["lines"][0]["opens"], false, "the lead does not work on the files of its members");
    });
}

#[test]
fn several_sellers_have_one_shipment_that_names_them_all() {
    on_both(rooms, |house| {
        let lead = of(house, "Gie");
        let there = collected(house, &lead, &[("mode", "several"), ("country", "ee")]);
        assert_eq!(pack(&lead, &there, &new(), "4", ["10", ""]), 303);
        let paper = lead.get(&format!("{}/packing-list?in=fr", there.page)).is(200);
        paper
            .says("Vendeurs")
            .says("40 articles")
            .says("20 articles")
            .says("Rassemblé par")
            .never_says("Expéditeur\",");
        // A country for which no word is known keeps its code.
        lead.get(&format!("{}/shipment", there.page)).is(200).says("EE");
    });
}

#[test]
fn a_shipment_is_that_of_its_lead() {
    on_both(rooms, |house| {
        let lead = of(house, "Gie");
        let there = collected(house, &lead, &[]);
        let package = new();
        assert_eq!(pack(&lead, &there, &package, "1", ["10", ""]), 303);
        let paper = new();
        let form = [("id", paper.as_str()), ("kind", "dum"), ("number", "DUM-41"), ("dated", "2026-03-09")];
        lead.post(&format!("{}/export-papers", there.page), &form)
            .is(303)
            .leads_to(&format!("{}/shipment", there.page));
        lead.get(&format!("{}/shipment", there.page)).is(200).says("DUM-41");
        lead.get(&format!("/export-papers/{paper}/edit")).is(200).says(&format!("{}/shipment", there.page));
        lead.post(&format!("{}/export-papers", there.page), &[("kind", "dum"), ("number", "")]).is(422);
        let reads =
            ["shipment", "packing-list", "delivery-note", "origin-data", "packages/new", "export-papers/new"]
                .map(|path| format!("{}/{path}", there.page));
        let reads: Vec<String> = reads
            .into_iter()
            .chain([format!("/packages/{package}/edit"), format!("/export-papers/{paper}/edit")])
            .collect();
        let writes = [
            format!("{}/packages", there.page),
            format!("{}/export-papers", there.page),
            format!("/packages/{package}"),
            format!("/packages/{package}/remove"),
            format!("/export-papers/{paper}/remove"),
        ];
        // A cooperative that brought its dates, one that has nothing to do with it, and whoever works on the file of another.
        for who in [of(house, "Afra"), of(house, "Dehors"), coach(house, "ailleurs", "Dehors")] {
            for path in &reads {
                let status = who.get_json(path).status;
                assert!([403, 404].contains(&status), "{path} answered {status}");
            }
            for path in &writes {
                let status = who.post_json(path, &[("count", "1"), ("net", "1"), ("gross", "1")]).status;
                assert!([403, 404].contains(&status), "POST {path} answered {status}");
            }
        }
        for path in &reads {
            assert_eq!(house.visitor().get_json(path).status, 401, "a visitor at {path}");
        }
        assert_eq!(ready(&lead, &there.page)["totals"]["packages"], 1);
        lead.post(&format!("/export-papers/{paper}/remove"), &[]).is(303);
        lead.get(&format!("{}/shipment", there.page)).is(200).never_says("DUM-41");
        // Nobody moves a package to another order by a form.
        let other = opened(&lead, &[]);
        let form = [
            ("version", "1"),
            ("_fields", "pooled_order"),
            ("pooled_order", other.as_str()),
            (there.holds[0].as_str(), "10"),
        ];
        lead.post(&format!("/packages/{package}"), &form).is(303);
        let query = sql("select pooled_order from shipment_package").open("test");
        assert_eq!(house.look(|db| db.one::<Id>(&query)).to_string(), there.order);
        // Who works on the file of the lead packs, too.
        assert_eq!(pack(&coach(house, "chez", "Gie"), &there, &new(), "1", ["", "20"]), 303);
    });
}

#[test]
fn several_who_pack_at_once_pack_each_crate_once() {
    on_both(rooms, |house| {
        let lead = of(house, "Gie");
        let there = collected(house, &lead, &[]);
        let names: Vec<String> = (0..4).map(|n| format!("packer{n}")).collect();
        let packers: Vec<_> = names.iter().map(|name| coach(house, name, "Gie")).collect();
        let answers: Vec<u16> = std::thread::scope(|scope| {
            let all: Vec<_> = packers
                .into_iter()
                .map(|who| {
                    let there = &there;
                    scope.spawn(move || pack(&who, there, &new(), "1", ["20", ""]))
                })
                .collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|status| **status == 303).count(), 2, "{answers:?}");
        assert_eq!(answers.iter().filter(|status| **status == 422).count(), 2, "{answers:?}");
        assert_eq!(ready(&lead, &there.page)["to_pack"], 20);
    });
}
