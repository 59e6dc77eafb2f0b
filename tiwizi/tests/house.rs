//! The whole house: the demonstration, backup and restore, headers, limits, the description of the interface.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use kernel::testing::{House, on_both};
use kernel::{App, Fields, Id, Room, Settings, Standing, sql};
use people::testing::sign_in;

fn rooms() -> Vec<Room> {
    tiwizi::open_pack().unwrap();
    tiwizi::rooms()
}

fn administrator(house: &House) -> kernel::testing::Visitor<'_> {
    sign_in(house, "nadia", &[("administrator", "platform")])
}

#[test]
fn the_demonstration_tells_its_story_and_a_second_one_changes_nothing() {
    on_both(rooms, |house| {
        let accounts = tiwizi::demo::fill(&house.app).unwrap();
        assert_eq!(accounts.len(), 7);
        let nadia = administrator(house);
        assert_eq!(nadia.get_json("/organisations?kind=cooperative").json()["count"], 22);
        let seen = nadia.get_json("/convergence").json();
        assert_eq!(
            seen["overlaps"].as_array().unwrap().len(),
            2,
            "two overlaps that nobody had seen: {}",
            seen["overlaps"]
        );
        assert!(seen["gaps_in_all"].as_i64().unwrap() > 0);
        let youssef = house.visitor();
        let login = [("login", "formateur@tiwizi.example"), ("password", tiwizi::demo::PASSWORD)];
        youssef.post("/sign-in", &login).is(303);
        youssef.get("/day").is(200).says("Appel à faire aujourd’hui").never_says("Une place est libre");
        let samira = house.visitor();
        let login = [("login", "responsable@tiwizi.example"), ("password", tiwizi::demo::PASSWORD)];
        samira.post("/sign-in", &login).is(303);
        let day = samira.get("/day").is(200).says("Une place est libre").says("Session à confirmer");
        day.says("à verser : étape franchie").says("Demande d’équipement").says("Équipement à inspecter");
        let cooperative = kernel::Id::named("demonstration cooperative 0");
        nadia
            .post(
                &format!("/organisations/{cooperative}"),
                &[("version", "1"), ("_fields", "phone"), ("phone", "0661 00 00 77")],
            )
            .is(303);
        let count = |house: &House| house.look(|db| db.one::<i64>(&sql("select count(*) from fact")));
        let before = count(house);
        tiwizi::demo::fill(&house.app).unwrap();
        assert_eq!(count(house), before);
        nadia.get(&format!("/organisations/{cooperative}")).says("+212661000077");
        assert_eq!(tiwizi::check::run(&house.app).unwrap(), Vec::<String>::new());
    });
}

#[test]
fn a_backup_restores_on_either_engine_and_a_damaged_one_restores_nothing() {
    on_both(rooms, |house| {
        tiwizi::demo::fill(&house.app).unwrap();
        let nadia = administrator(house);
        let cooperative = kernel::Id::named("demonstration cooperative 1");
        nadia
            .upload(
                &format!("/organisations/{cooperative}/documents"),
                &[("kind", "photo")],
                "file",
                "p.png",
                b"\x89PNG\r\n\x1a\nfictif",
            )
            .is(303);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("house.backup");
        tiwizi::backup::write(&house.app, &path, false).unwrap();
        let facts = house.look(|db| db.one::<i64>(&sql("select count(*) from fact")));
        on_both(rooms, |other| {
            tiwizi::backup::restore(&other.app, &path).unwrap();
            assert_eq!(other.look(|db| db.one::<i64>(&sql("select count(*) from fact"))), facts);
            assert_eq!(tiwizi::check::run(&other.app).unwrap(), Vec::<String>::new());
            assert!(
                tiwizi::backup::restore(&other.app, &path).is_err(),
                "a house with people in it is never written over"
            );
        });
        keeps_its_secret(house, folder.path());
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0xff;
        std::fs::write(&path, &bytes).unwrap();
        let empty = House::open(rooms());
        assert!(tiwizi::backup::restore(&empty.app, &path).is_err());
        assert_eq!(empty.look(|db| db.one::<i64>(&sql("select count(*) from fact"))), 0);
    });
}

/// The secret of the house is in a backup only if it is asked for; then the house that restores it takes it over.
fn keeps_its_secret(house: &House, folder: &std::path::Path) {
    let (without, with) = (folder.join("without.backup"), folder.join("with.backup"));
    tiwizi::backup::write(&house.app, &without, false).unwrap();
    tiwizi::backup::write(&house.app, &with, true).unwrap();
    let digits = house.app.secret.digits();
    for (path, told, same) in [(&without, "put back the secret", false), (&with, "documents", true)] {
        let data = folder.join(path.file_stem().unwrap());
        let settings = Settings::in_folder(&data);
        let said = tiwizi::backup::restore(&App::open(&settings, rooms()).unwrap(), path).unwrap();
        assert!(said.contains(told) && said.contains("put back") != same, "{said}");
        let kept = std::fs::read_to_string(data.with_extension("secret")).unwrap();
        assert_eq!(kept.trim() == digits, same);
    }
}

#[test]
fn check_finds_a_write_without_its_fact_and_a_document_that_changed() {
    on_both(rooms, |house| {
        let nadia = administrator(house);
        let id = Id::new();
        let form = Fields::of([
            ("kind", "cooperative"),
            ("name", "Coopérative"),
            ("place", "08.587.01.13"),
            ("status", "active"),
        ]);
        house.given(|tx| kernel::record::create::<registry::Organisation>(tx, id, &form, Standing::Steward));
        nadia
            .upload(
                &format!("/organisations/{id}/documents"),
                &[("kind", "photo")],
                "file",
                "p.png",
                b"\x89PNG\r\n\x1a\nfictif",
            )
            .is(303);
        assert_eq!(tiwizi::check::run(&house.app).unwrap(), Vec::<String>::new());
        house.given(|tx| tx.run(&sql("update organisation set version = 9 where id = ?").bind(id)));
        let digest: String = house.look(|db| db.one(&sql("select digest from file")));
        std::fs::write(kernel::files::path_of(&house.app.files, &digest), b"other").unwrap();
        let found = tiwizi::check::run(&house.app).unwrap();
        assert_eq!(found.len(), 2, "{found:?}");
    });
}

#[test]
fn every_answer_carries_its_guards_and_forged_forms_are_refused() {
    on_both(rooms, |house| {
        let visitor = house.visitor();
        for path in ["/", "/sign-in", "/nowhere", "/assets/0/x", "/health"] {
            let answer = visitor.get(path);
            let header = |name: &str| {
                answer.head.get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
            };
            let policy = header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
            assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        }
        let answer = visitor.post("/sign-in", &[("login", "x"), ("password", "y")]);
        assert_eq!(answer.status, 422);
        let lured = administrator(house).lured();
        assert_eq!(lured.post("/programmes", &[("name.fr", "Forged")]).status, 403);
        let cookie =
            house.visitor().get("/?lang=ar").head.get("set-cookie").unwrap().to_str().unwrap().to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        visitor.get("/nowhere").is(404).says("Cette page n’existe pas");
        visitor.get_json("/nowhere").is(404).says("\"status\":404");
        assert!(!visitor.get("/").text().contains("style=\""), "inline styles would be blocked");
    });
}

#[test]
fn the_interface_describes_every_route_once() {
    on_both(rooms, |house| {
        let described = house.visitor().get_json("/api/openapi.json").is(200).json();
        assert_eq!(described["openapi"], "3.1.0");
        let paths = described["paths"].as_object().unwrap();
        let mut ids = std::collections::BTreeSet::new();
        for route in house.app.rooms.iter().flat_map(|room| &room.routes) {
            let method = route.method.name();
            let operation = &paths[route.path][method];
            assert!(operation["operationId"].is_string(), "{method} {} is not described", route.path);
            assert!(
                ids.insert(operation["operationId"].to_string()),
                "{} is called like another",
                operation["operationId"]
            );
        }
        house.visitor().get("/api?lang=ar").is(200).says("/organisations/{organisation}");
    });
}

#[test]
fn a_house_of_an_older_schema_is_brought_up_to_date_when_it_opens() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::in_folder(&folder.path().join("data"));
    let bare = App::open(&settings, vec![Room::default()]).unwrap();
    drop(bare);
    let app = App::open(&settings, rooms()).unwrap();
    assert_eq!(
        app.read(|db| db.one::<i64>(&sql("select count(*) from organisation o").open("an empty house")))
            .unwrap(),
        0
    );
}
