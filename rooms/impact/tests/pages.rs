//! Who sees which figures, and what stands behind them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use jiff::ToSpan;
use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, Room};
use people::testing::sign_in;

#[path = "pages/few.rs"]
mod few;
#[path = "pages/own.rs"]
mod own;
#[path = "pages/places.rs"]
mod places;
#[path = "pages/reader.rs"]
mod reader;
#[path = "pages/surveys.rs"]
mod surveys;

fn rooms() -> Vec<Room> {
    let pack = atlas::Pack {
        divisions: include_str!("../../../packs/ma/divisions.csv"),
        census: include_str!("../../../packs/ma/census_2024.csv"),
        regions: include_str!("../../../packs/ma/regions.json"),
        provinces: include_str!("../../../packs/ma/provinces.json"),
        communes: include_str!("../../../packs/ma/communes.json"),
    };
    kernel::territory::open(&pack, |_| String::new()).unwrap();
    vec![
        people::room(),
        registry::room(),
        programmes::room(),
        training::room(),
        coaching::room(),
        survey::room(),
        market::room(),
        sales::room(),
        pooled::room(),
        impact::room(),
    ]
}

fn put(visitor: &Visitor<'_>, path: &str, form: &[(&str, &str)]) -> String {
    let id = Id::new().to_string();
    let mut all = vec![("id", id.as_str())];
    all.extend(form);
    visitor.post(path, &all).is(303);
    id
}

fn ago(days: i64) -> String {
    kernel::today().saturating_sub(days.days()).to_string()
}

struct Place<'a> {
    boss: Visitor<'a>,
    manager: Visitor<'a>,
    partner: Visitor<'a>,
    programme: String,
    cooperatives: Vec<String>,
}

/// So many members of a cooperative.
fn members(house: &House, cooperative: &str, people: i64, sex: Option<people::Sex>) {
    for n in 0..people {
        house.given(|tx| {
            let person = people::Person {
                id: Id::new(),
                version: 1,
                name: kernel::kinds::Multi::fr_ar(&format!("Personne {n}"), ""),
                sex,
                birth_year: None,
                position: None,
                phone: None,
                speaks: None,
                reads: None,
                erased: false,
            };
            kernel::record::insert(tx, &person)?;
            let membership = registry::Membership {
                id: Id::new(),
                version: 1,
                organisation: cooperative.parse::<Id>().map_err(kernel::Error::internal)?.into(),
                person: person.id.into(),
                since: None,
                until: None,
                active: true,
            };
            kernel::record::insert(tx, &membership)
        });
    }
}

/// A programme with two cooperatives: seven members of the first are women, two of the second are men.
fn place(house: &House) -> Place<'_> {
    let boss = sign_in(house, "boss", &[("administrator", "platform")]);
    let form = [
        ("name.fr", "Programme"),
        ("since", &*ago(300)),
        ("until", "2035-12-31"),
        ("status", "running"),
        ("published", "yes"),
    ];
    let programme = put(&boss, "/programmes", &form);
    let scope = format!("programme:{programme}");
    let promotion = put(
        &boss,
        &format!("/programmes/{programme}/promotions"),
        &[("name.fr", "Promotion"), ("since", &*ago(200))],
    );
    let mut cooperatives = Vec::new();
    for (name, place, people, sex) in [
        ("Coopérative Ayyur", "08.577.05.21", 7, Some(people::Sex::Woman)),
        ("Coopérative Targa", "08.587.11.07", 2, Some(people::Sex::Man)),
    ] {
        let form = [("kind", "cooperative"), ("name", name), ("place", place), ("force", "yes")];
        let cooperative = put(&boss, "/organisations", &form);
        let form = [("promotion", promotion.as_str()), ("organisation", &cooperative)];
        boss.post(&format!("/programmes/{programme}/enrol"), &form).is(303);
        members(house, &cooperative, people, sex);
        cooperatives.push(cooperative);
    }
    let manager = sign_in(house, "samira", &[("manager", &scope)]);
    let partner = sign_in(house, "karim", &[("partner", &scope)]);
    Place { boss, manager, partner, programme, cooperatives }
}

#[test]
fn a_figure_opens_on_its_records_for_who_may_read_them() {
    on_both(rooms, |house| {
        let Place { manager, partner, programme, cooperatives, .. } = place(house);
        let page = manager.get_json(&format!("/programmes/{programme}/impact")).is(200).json();
        assert_eq!(page["themes"][0]["tiles"][0]["figure"]["value"], 2, "{page}");
        manager.get(&format!("/programmes/{programme}/impact")).is(200).says("Coopératives soutenues");
        let path = format!("/indicators/members-registered?programme={programme}&by=cooperative&and=sex");
        let table = manager.get_json(&path).is(200).json();
        assert_eq!(table["total"]["value"], 9);
        assert_eq!(table["rows"][0]["total"]["figure"]["value"], 7);
        let records = format!(
            "/indicators/members-registered/records?programme={programme}&cut.cooperative={}",
            cooperatives[1]
        );
        let list = manager.get_json(&records).is(200).json();
        assert_eq!((list["count"].as_i64(), list["read"].as_i64()), (Some(2), Some(2)));
        assert!(list["items"][0]["path"].as_str().unwrap().starts_with("/people/"));
        // A sponsor counts, and reads no record; a group of two is hidden, and so is what would betray it.
        let table = partner.get_json(&path).is(200).json();
        assert_eq!(table["total"]["value"], 9);
        let rows = table["rows"].as_array().unwrap();
        assert!(rows.iter().all(|row| {
            row["cells"]
                .as_array()
                .unwrap()
                .iter()
                .all(|cell| cell["figure"]["hidden"] == true || cell["figure"]["n"] == 0)
        }));
        partner.get(&path).is(200).says("caché").never_says("Personne 0");
        let list = partner.get_json(&records).is(200).json();
        assert_eq!((list["read"].as_i64(), list["items"].as_array().unwrap().len()), (Some(0), 0));
        for format in ["csv", "xlsx"] {
            let base =
                format!("/indicators/members-registered/table/{format}?programme={programme}&by=cooperative");
            manager.get(&base).is(200);
            partner.get(&base).is(200);
        }
        partner
            .get(&format!("/indicators/members-registered/table/csv?programme={programme}&by=cooperative"))
            .never_says("2;2");
    });
}

#[test]
fn figures_are_open_to_their_programme_and_totals_to_everybody() {
    on_both(rooms, |house| {
        let Place { boss, programme, partner, .. } = place(house);
        let stranger = sign_in(house, "driss", &[]);
        // The programme is published: its name is known, its figures are not.
        stranger.get(&format!("/programmes/{programme}/impact")).is(403);
        stranger.get(&format!("/indicators/people-trained?programme={programme}")).is(403);
        assert_eq!(stranger.get_json("/portfolio").is(200).json()["lines"].as_array().unwrap().len(), 0);
        // Without a programme a stranger counts what is theirs: nothing.
        assert_eq!(
            stranger.get_json("/indicators/cooperatives-supported").is(200).json()["total"]["value"],
            0
        );
        assert_eq!(boss.get_json("/indicators/cooperatives-supported").is(200).json()["total"]["value"], 2);
        assert_eq!(partner.get_json("/portfolio").is(200).json()["lines"].as_array().unwrap().len(), 1);
        let visitor = house.visitor();
        visitor.get(&format!("/programmes/{programme}/impact")).is(303).leads_to("/sign-in");
        visitor.get("/indicators/people-trained").is(303).leads_to("/sign-in");
        visitor.get("/indicators").is(200).says("Personnes formées");
        visitor.get("/results").is(200).says("Coopératives soutenues").never_says("Ayyur");
        for wrong in
            ["/indicators/rien", "/indicators/people-trained?by=rien", "/indicators/coach-hours?by=sex"]
        {
            boss.get(wrong).is(404);
        }
        boss.get("/indicators/people-trained?since=2026-05-01&until=2026-01-01").is(409);
        boss.get("/indicators/people-trained?since=hier").is(200);
    });
}

#[test]
fn the_right_to_one_file_opens_no_figure_of_others() {
    on_both(rooms, |house| {
        let Place { manager, programme, cooperatives, .. } = place(house);
        let sponsor = put(
            &sign_in(house, "boss", &[("administrator", "platform")]),
            "/organisations",
            &[("kind", "sponsor"), ("name", "Groupe"), ("place", "08.577.05.21"), ("force", "yes")],
        );
        house.given(|tx| {
            let convention = programmes::Convention {
                id: Id::new(),
                version: 1,
                programme: programme.parse::<Id>().map_err(kernel::Error::internal)?.into(),
                title: kernel::kinds::Multi::fr_ar("Convention", ""),
                territory: None,
                signed: Some(kernel::today()),
                since: None,
                until: None,
                file: None,
            };
            kernel::record::insert(tx, &convention)?;
            let promise = programmes::Contribution {
                id: Id::new(),
                version: 1,
                programme: convention.programme,
                convention: convention.id.into(),
                organisation: sponsor.parse::<Id>().map_err(kernel::Error::internal)?.into(),
                nature: programmes::Nature::Cash,
                subject: None,
                promised: kernel::kinds::Money::whole(500, "MAD"),
                due: None,
            };
            kernel::record::insert(tx, &promise)
        });
        let money = |visitor: &Visitor<'_>, scope: &str| {
            visitor.get_json(&format!("/indicators/promised?{scope}")).is(200).json()["total"]["value"]
                .clone()
        };
        assert_eq!(money(&manager, &format!("programme={programme}")), 50_000);
        let own = format!("organisation={}", cooperatives[0]);
        let scope = format!("organisation:{}", cooperatives[0]);
        let president = sign_in(house, "fadma", &[("representative", &scope)]);
        assert_eq!(money(&president, &own), serde_json::Value::Null);
        let list = president.get_json(&format!("/indicators/promised/records?{own}")).is(200).json();
        assert_eq!(list["count"], 0);
        president.get(&format!("/indicators/promised/records?{own}")).never_says("Groupe");
        president.get(&format!("/indicators/promised?programme={programme}")).is(403);
    });
}

#[test]
fn a_target_is_typed_in_the_unit_that_people_read() {
    on_both(rooms, |house| {
        let Place { manager, partner, programme, .. } = place(house);
        let path = format!("/programmes/{programme}/targets");
        let form = [
            ("indicator", "cooperatives-supported"),
            ("target", "4"),
            ("due", "2030-01-01"),
            ("baseline", "0"),
        ];
        put(&manager, &path, &form);
        let page = manager.get_json(&format!("/programmes/{programme}/impact")).json();
        assert_eq!(page["themes"][0]["tiles"][0]["targets"][0]["percent"], 50);
        manager.post(&path, &[("indicator", "rien"), ("target", "4"), ("due", "2030-01-01")]).is(422);
        partner.get(&format!("{path}/new")).is(403);
        partner.post(&path, &form).is(403);
    });
}

#[test]
fn a_share_of_people_does_not_betray_the_one_who_is_not_in_it() {
    on_both(rooms, |house| {
        let Place { boss, manager, partner, programme, cooperatives } = place(house);
        let note = |standing: &str, rhythm: &str, people: &str, protected: &str| {
            let (since, until) = (ago(90), ago(3));
            let form = [
                ("since", since.as_str()),
                ("until", &until),
                ("people", people),
                ("standing", standing),
                ("rhythm", rhythm),
                ("days", "10"),
                ("evidence", "seen"),
                ("protected", protected),
            ];
            put(&boss, &format!("/organisations/{}/work-records", cooperatives[0]), &form);
        };
        let said = |who: &Visitor<'_>| {
            let page =
                who.get_json(&format!("/indicators/jobs-protected?programme={programme}")).is(200).json();
            (page["total"]["hidden"].as_bool(), page["total"]["value"].as_i64())
        };
        for rhythm in ["permanent", "seasonal", "by_day", "by_piece", ""] {
            note("employee", rhythm, "3", "yes");
        }
        note("worker_member", "", "1", "no");
        assert_eq!(said(&manager), (Some(false), Some(938)), "15 of 16");
        assert_eq!(said(&partner).0, Some(true), "six records, but one person would be told");
        note("family_worker", "", "4", "no");
        assert_eq!(said(&partner), (Some(false), Some(750)), "15 of 20: five are not in it");
    });
}
