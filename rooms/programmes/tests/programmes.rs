//! Opening a programme, its money, enrolling, and who does what, where.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, Room, sql};
use people::testing::sign_in;

fn rooms() -> Vec<Room> {
    let pack = atlas::Pack {
        divisions: include_str!("../../../packs/ma/divisions.csv"),
        census: include_str!("../../../packs/ma/census_2024.csv"),
        regions: include_str!("../../../packs/ma/regions.json"),
        provinces: include_str!("../../../packs/ma/provinces.json"),
        communes: include_str!("../../../packs/ma/communes.json"),
    };
    kernel::territory::open(&pack, |_| "HCP".to_owned()).unwrap();
    vec![people::room(), registry::room(), programmes::room()]
}

fn nadia(house: &House) -> Visitor<'_> {
    sign_in(house, "nadia", &[("administrator", "platform")])
}

fn register(visitor: &Visitor<'_>, kind: &str, name: &str, place: &str) -> String {
    let id = Id::new().to_string();
    visitor
        .post(
            "/organisations",
            &[("id", &id), ("kind", kind), ("name", name), ("place", place), ("force", "yes")],
        )
        .is(303);
    id
}

/// A programme in Tinghir with one promotion: ids of both.
fn open(visitor: &Visitor<'_>) -> (String, String) {
    let (programme, promotion) = (Id::new().to_string(), Id::new().to_string());
    let form = [
        ("id", programme.as_str()),
        ("name.fr", "Programme"),
        ("since", "2026-01-01"),
        ("until", "2027-12-31"),
        ("status", "running"),
        ("territory", "08.577"),
    ];
    visitor.post("/programmes", &form).is(303).leads_to(&format!("/programmes/{programme}"));
    let form = [("id", promotion.as_str()), ("name.fr", "Promotion 1"), ("since", "2026-02-01")];
    visitor.post(&format!("/programmes/{programme}/promotions"), &form).is(303);
    (programme, promotion)
}

#[test]
fn what_was_promised_and_received_is_added_up_each_currency_apart() {
    on_both(rooms, |house| {
        let nadia = nadia(house);
        let sponsor = register(&nadia, "sponsor", "Groupe", "08.401.01.07");
        let (programme, _) = open(&nadia);
        let convention = Id::new().to_string();
        nadia
            .post(
                &format!("/programmes/{programme}/conventions"),
                &[("id", &convention), ("title.fr", "Convention")],
            )
            .is(303);
        let promise = |nature: &str, amount: &str, currency: &str| {
            let id = Id::new().to_string();
            let form = [
                ("id", id.as_str()),
                ("organisation", &sponsor),
                ("nature", nature),
                ("promised", amount),
                ("promised.currency", currency),
            ];
            nadia.post(&format!("/conventions/{convention}/contributions"), &form).is(303);
            id
        };
        let cash = promise("cash", "10 000,50", "MAD");
        promise("in_kind", "2 000", "MAD");
        promise("cash", "500", "EUR");
        let receive = |currency: &str| {
            nadia.post(
                &format!("/contributions/{cash}/receipts"),
                &[("amount", "4 000"), ("amount.currency", currency), ("received", "2026-03-01")],
            )
        };
        receive("MAD").is(303);
        receive("EUR").is(422).says("dans la monnaie de la promesse");
        let totals = nadia.get_json(&format!("/programmes/{programme}/money")).json()["totals"].clone();
        assert_eq!(
            totals[0]["cash"]["minor"].as_i64().unwrap() + totals[1]["cash"]["minor"].as_i64().unwrap(),
            1_000_050 + 50_000
        );
        let dirhams = if totals[0]["cash"]["currency"] == "MAD" { &totals[0] } else { &totals[1] };
        assert_eq!(
            (dirhams["in_kind"]["minor"].as_i64(), dirhams["received"]["minor"].as_i64()),
            (Some(200_000), Some(400_000))
        );
    });
}

#[test]
fn enrolling_opens_the_file_to_the_team_and_leaving_closes_it() {
    on_both(rooms, |house| {
        let nadia = nadia(house);
        let cooperative = register(&nadia, "cooperative", "Coopérative Ayyur", "08.577.05.21");
        let (programme, promotion) = open(&nadia);
        let hanane = sign_in(house, "hanane", &[("coach", &format!("programme:{programme}"))]);
        let file = format!("/organisations/{cooperative}");
        hanane.get_json(&file).is(404);
        let enrol = [
            ("promotion", promotion.as_str()),
            ("organisation", cooperative.as_str()),
            ("reason", "Retenue"),
        ];
        nadia.post(&format!("/programmes/{programme}/enrol"), &enrol).is(303);
        nadia.post(&format!("/programmes/{programme}/enrol"), &enrol).is(303);
        hanane.get(&file).is(200).says("Programme");
        let board = hanane.get_json(&format!("/programmes/{programme}/board")).json();
        assert_eq!(board["count"], 1, "enrolling twice enrols once");
        let card = board["columns"][0]["cards"][0].clone();
        let path = format!("/enrolments/{}", card["id"].as_str().unwrap());
        hanane.post(&path, &[("version", "1"), ("status", "left")]).is(409);
        hanane
            .post(&path, &[("version", "1"), ("status", "left"), ("reason", "A rejoint un autre programme")])
            .is(303);
        hanane.get_json(&file).is(404);
        nadia.get(&format!("{file}/history")).says("A rejoint un autre programme").says("Retenue");
        hanane.post(&format!("/programmes/{programme}/enrol"), &enrol).is(403);
    });
}

#[test]
fn overlaps_are_seen_and_communes_without_support_too() {
    on_both(rooms, |house| {
        let nadia = nadia(house);
        let cooperative = register(&nadia, "cooperative", "Coopérative Ayyur", "08.577.05.21");
        let (one, other) = (
            register(&nadia, "association", "Association Une", "08.577.01.11"),
            register(&nadia, "institution", "Office Deux", "08.577.01.11"),
        );
        let (programme, _) = open(&nadia);
        let support = |actor: &str, theme: &str, since: &str, until: &str| {
            let form = [
                ("actor", actor),
                ("theme", theme),
                ("title.fr", "Formation"),
                ("since", since),
                ("until", until),
                ("status", "done"),
            ];
            nadia.post(&format!("/organisations/{cooperative}/interventions"), &form).is(303);
        };
        support(&one, "management", "2026-01-01", "2026-03-31");
        support(&one, "management", "2026-02-01", "2026-02-28");
        support(&other, "quality", "2026-01-01", "2026-03-31");
        assert_eq!(
            nadia.get_json("/convergence").json()["overlaps"].as_array().unwrap().len(),
            0,
            "same actor, or other theme"
        );
        support(&other, "management", "2026-03-31", "2026-04-30");
        let seen = nadia.get_json(&format!("/convergence?programme={programme}")).json();
        assert_eq!(seen["target"], 25, "the communes of Tinghir");
        let seen = nadia.get_json("/convergence").json();
        assert_eq!(seen["overlaps"].as_array().unwrap().len(), 1, "one common day is enough");
        assert_eq!(
            (seen["count"].as_i64(), seen["covered"].as_i64(), seen["gaps_in_all"].as_i64()),
            (Some(4), Some(1), Some(24))
        );
        assert!(seen["gaps"][0]["women_illiteracy"].is_number(), "the census stands beside");
        nadia
            .get(&format!("/organisations/{cooperative}"))
            .says("Qui aide déjà cette coopérative")
            .says("Recouvrement");
        let csv = nadia.get("/convergence/export/csv").is(200).text();
        assert_eq!(csv.lines().count(), 5);
    });
}

#[test]
fn what_hangs_on_one_programme_cannot_be_hung_on_another() {
    on_both(rooms, |house| {
        let nadia = nadia(house);
        let (programme, promotion) = open(&nadia);
        let (elsewhere, _) = open(&nadia);
        let cooperative = register(&nadia, "cooperative", "Coopérative", "08.577.05.21");
        let enrol = [("promotion", promotion.as_str()), ("organisation", cooperative.as_str())];
        nadia.post(&format!("/programmes/{elsewhere}/enrol"), &enrol).is(409);
        let phase = Id::new().to_string();
        let form =
            [("id", phase.as_str()), ("name.fr", "Phase"), ("since", "2026-01-01"), ("until", "2026-06-30")];
        nadia.post(&format!("/programmes/{programme}/phases"), &form).is(303);
        let form = [("name.fr", "Promotion"), ("since", "2026-02-01"), ("phase", phase.as_str())];
        nadia.post(&format!("/programmes/{elsewhere}/promotions"), &form).is(422);
        let form = [("name.fr", "Trop longue"), ("since", "2026-01-01"), ("until", "2030-01-01")];
        nadia
            .post(&format!("/programmes/{programme}/phases"), &form)
            .is(422)
            .says("entre le début et la fin du programme");
        let enrolled: i64 =
            house.look(|db| db.one(&sql("select count(*) from enrolment").open("the test counts")));
        assert_eq!(enrolled, 0);
    });
}
