//! Registering, finding, changing, sharing and merging organisations, as people do it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, Room};
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
    let kernel = Room { name: "kernel", routes: kernel::web::own_routes(), ..Room::default() };
    vec![kernel, people::room(), registry::room()]
}

fn coach(house: &House) -> Visitor<'_> {
    sign_in(house, "hanane", &[("coach", "programme:00000000-0000-7000-8000-000000000001")])
}

fn administrator(house: &House) -> Visitor<'_> {
    sign_in(house, "nadia", &[("administrator", "platform")])
}

/// Registers an organisation and answers its id.
fn register(visitor: &Visitor<'_>, name: &str, place: &str, more: &[(&str, &str)]) -> String {
    let id = Id::new().to_string();
    let mut form = vec![
        ("id", id.as_str()),
        ("kind", "cooperative"),
        ("name", name),
        ("place", place),
        ("force", "yes"),
    ];
    form.extend(more);
    visitor.post("/organisations", &form).is(303).leads_to(&format!("/organisations/{id}"));
    id
}

#[test]
fn a_coach_registers_a_cooperative_and_finds_it_in_any_spelling() {
    on_both(rooms, |house| {
        let hanane = coach(house);
        let id = register(
            &hanane,
            "Coopérative Aït Bougmez",
            "Skoura Ahl El Oust",
            &[("name.ar", "تعاونية آيت بوكماز"), ("members", "20"), ("women", "15")],
        );
        for typed in
            ["ait boug", "Aït Bougmez", "آيت", "بوكماز", "COOPERATIVE ait", "تعاونية ايت", "bouguemez"]
        {
            let found = hanane
                .get_json(&format!("/organisations?q={}", kernel::fields::encode(typed)))
                .is(200)
                .json();
            assert_eq!(found["count"], 1, "« {typed} » finds it");
        }
        assert_eq!(hanane.get_json("/organisations?q=zagora").json()["count"], 0);
        assert_eq!(hanane.get_json("/organisations?territory=Ouarzazate&women_led=yes").json()["count"], 1);
        hanane
            .get(&format!("/organisations/{id}?lang=ar"))
            .is(200)
            .says("dir=\"rtl\"")
            .says("تعاونية آيت بوكماز")
            .says("20 عضوا");
    });
}

#[test]
fn whatever_is_typed_into_the_search_is_answered() {
    on_both(rooms, |house| {
        let hanane = coach(house);
        register(&hanane, "Tiniri n'Tafukt", "Skoura Ahl El Oust", &[]);
        let long = "argan ".repeat(3000);
        for typed in
            [long.as_str(), "%", "'", "\u{0}", "~", "a", "-", "é", "𝒶", "( or 1=1", "tini\u{10ffff}", "  "]
        {
            for path in ["/organisations?q=", "/organisations/suggest?q=", "/directory?q=", "/people?q="] {
                hanane.get_json(&format!("{path}{}", kernel::fields::encode(typed))).is(200);
            }
        }
        for after in ["~", "x~y", "~-5", "~99999999999999999999", "é~1"] {
            hanane.get_json(&format!("/organisations?after={}", kernel::fields::encode(after))).is(200);
        }
    });
}

#[test]
fn a_form_with_mistakes_keeps_what_was_typed() {
    on_both(rooms, |house| {
        let hanane = coach(house);
        let form = [
            ("kind", "cooperative"),
            ("name.fr", "Tiniri"),
            ("place", "Nulle part"),
            ("members", "5"),
            ("women", "9"),
            ("phone", "12"),
        ];
        hanane
            .post("/organisations", &form)
            .is(422)
            .says("Nulle part")
            .says("value=\"Tiniri\"")
            .says("Aucun lieu ne s’appelle");
        let form = [
            ("kind", "cooperative"),
            ("name.fr", "Tiniri"),
            ("place", "08.401.01.07"),
            ("members", "5"),
            ("women", "9"),
        ];
        hanane.post("/organisations", &form).is(422).says("plus de femmes que de membres");
        let problem = hanane.post_json("/organisations", &form).is(422).json();
        assert_eq!(
            (problem["status"].as_i64(), problem["errors"][0]["field"].as_str()),
            (Some(422), Some("women"))
        );
        assert_eq!(hanane.get_json("/organisations").json()["count"], 0, "nothing was half written");
    });
}

#[test]
fn what_looks_known_is_shown_before_it_is_registered_twice() {
    on_both(rooms, |house| {
        let other = sign_in(house, "other", &[("coach", "programme:00000000-0000-7000-8000-000000000002")]);
        register(&other, "Coopérative Tifaouine", "08.401.07.07", &[("phone", "0661000001")]);
        let hanane = coach(house);
        let form = |name: &'static str, place: &'static str, phone: &'static str| {
            vec![("kind", "cooperative"), ("name", name), ("place", place), ("phone", phone)]
        };
        hanane
            .post("/organisations", &form("تعاونية تيفاوين", "08.401.07.07", ""))
            .is(409)
            .says("Coopérative Tifaouine");
        hanane
            .post("/organisations", &form("Autre nom", "08.587.01.13", "06 61 00 00 01"))
            .is(409)
            .says("même téléphone");
        // The same name in another commune is no reason: homonyms are real.
        hanane.post("/organisations", &form("Coopérative Tifaouine", "08.587.01.13", "")).is(303);
    });
}

#[test]
fn a_merge_moves_everything_and_can_be_undone() {
    on_both(rooms, |house| {
        let nadia = administrator(house);
        let kept = register(&nadia, "Coopérative Tamra", "08.587.01.13", &[]);
        let gone = register(&nadia, "Coop Tamra", "08.587.01.13", &[("phone", "0661000009")]);
        nadia
            .post(
                &format!("/organisations/{gone}/members"),
                &[("name", "Rqia Imaginaire"), ("sex", "woman"), ("active", "yes")],
            )
            .is(303);
        nadia
            .upload(
                &format!("/organisations/{gone}/documents"),
                &[("kind", "statutes")],
                "file",
                "statuts.pdf",
                b"%PDF-1.7 fictif",
            )
            .is(303);
        nadia.get(&format!("/organisations/{kept}/duplicates")).is(200).says("Coop Tamra");
        nadia
            .post(&format!("/organisations/{kept}/duplicates"), &[("other", &gone), ("verdict", "same")])
            .is(303);
        let page = nadia.get_json(&format!("/organisations/{kept}")).json();
        assert_eq!(
            (page["members"]["all"].as_i64(), page["documents"].as_array().unwrap().len()),
            (Some(1), 1)
        );
        assert_eq!(page["organisation"]["phone"], "+212661000009", "an empty field is filled");
        assert_eq!(nadia.get_json("/organisations").json()["count"], 1);
        let merges = nadia.get_json(&format!("/organisations/{kept}/duplicates")).json()["merges"].clone();
        let undo = format!("/merges/{}/undo", merges[0]["id"].as_str().unwrap());
        nadia.post(&undo, &[]).is(303);
        nadia.post(&undo, &[]).is(409);
        assert_eq!(nadia.get_json("/organisations").json()["count"], 2);
        let (a, b) = (
            nadia.get_json(&format!("/organisations/{kept}")).json(),
            nadia.get_json(&format!("/organisations/{gone}")).json(),
        );
        assert_eq!((a["members"]["all"].as_i64(), b["members"]["all"].as_i64()), (Some(0), Some(1)));
        assert_eq!(
            (a["organisation"]["phone"].as_str(), b["organisation"]["phone"].as_str()),
            (None, Some("+212661000009"))
        );
    });
}

#[test]
fn an_agreement_opens_the_file_and_its_end_closes_it() {
    on_both(rooms, |house| {
        let nadia = administrator(house);
        let cooperative = register(
            &nadia,
            "Coopérative Anaruz",
            "08.401.03.15",
            &[("phone", "0661000002"), ("register_number", "RC-77")],
        );
        let sponsor = register(&nadia, "Fondation", "08.401.01.07", &[]);
        let partner = sign_in(house, "karim", &[("representative", &format!("organisation:{sponsor}"))]);
        partner.get(&format!("/organisations/{cooperative}")).is(404);
        let today = kernel::today();
        let until = today.saturating_add(jiff::ToSpan::days(30)).to_string();
        let form = [
            ("partner", sponsor.as_str()),
            ("purpose", "Suivi"),
            ("extent", "profile"),
            ("since", &today.to_string()),
            ("until", &until),
        ];
        nadia.post(&format!("/organisations/{cooperative}/agreements"), &form).is(303);
        partner.get(&format!("/organisations/{cooperative}")).is(200).says("661000002").never_says("RC-77");
        let agreements =
            nadia.get_json(&format!("/organisations/{cooperative}")).json()["agreements"].clone();
        nadia.post(&format!("/agreements/{}/end", agreements[0]["id"].as_str().unwrap()), &[]).is(303);
        partner.get(&format!("/organisations/{cooperative}")).is(404);
    });
}

#[test]
fn two_tabs_do_not_overwrite_each_other() {
    on_both(rooms, |house| {
        let nadia = administrator(house);
        let id = register(&nadia, "Coopérative Ayyur", "08.577.05.21", &[]);
        let path = format!("/organisations/{id}");
        nadia.post(&path, &[("version", "1"), ("_fields", "phone"), ("phone", "0661000003")]).is(303);
        nadia.post(&path, &[("version", "1"), ("_fields", "email"), ("email", "a@exemple.ma")]).is(303);
        nadia
            .post(&path, &[("version", "1"), ("_fields", "phone"), ("phone", "0661000004")])
            .is(422)
            .says("+212661000003");
        nadia.get(&format!("{path}/history")).is(200).says("Fiche modifiée").says("nadia");
    });
}

#[test]
fn wrong_files_and_foreign_files_are_refused() {
    on_both(rooms, |house| {
        let nadia = administrator(house);
        let (a, b) = (
            register(&nadia, "Coopérative A", "08.577.05.21", &[]),
            register(&nadia, "Coopérative B", "08.577.05.17", &[]),
        );
        let documents = format!("/organisations/{a}/documents");
        nadia
            .upload(&documents, &[("kind", "statutes")], "file", "virus.exe", b"MZ\x90\x00")
            .is(422)
            .says("que des PDF");
        nadia.upload(&documents, &[("kind", "photo")], "file", "p.png", b"\x89PNG\r\n\x1a\n0000").is(303);
        let file = nadia.get_json(&format!("/organisations/{a}")).json()["documents"][0]["file"]
            .as_str()
            .unwrap()
            .to_owned();
        nadia.get(&format!("/files/{file}")).is(200);
        house.visitor().get(&format!("/files/{file}")).is(303).leads_to("/sign-in");
        sign_in(house, "stranger", &[]).get(&format!("/files/{file}")).is(404);
        nadia.post(&format!("/organisations/{b}/documents"), &[("kind", "photo"), ("file", &file)]).is(422);
    });
}

#[test]
fn an_export_is_the_list_and_cannot_carry_a_formula() {
    on_both(rooms, |house| {
        let nadia = administrator(house);
        register(&nadia, "=HYPERLINK(\"x\")", "08.577.05.21", &[("phone", "0661000005")]);
        let csv = nadia.get("/organisations/export/csv").is(200).text();
        assert!(
            csv.starts_with('\u{feff}') && csv.contains("'=HYPERLINK") && csv.contains("+212661000005"),
            "{csv}"
        );
        let bytes = nadia.get("/organisations/export/xlsx").is(200).bytes;
        let sheet = sheet::read("organisations.xlsx", &bytes, sheet::Limits::default()).unwrap();
        assert_eq!(sheet.rows.len(), 1);
        nadia.get("/organisations/export/pdf").is(404);
    });
}
