//! The import of a list, from the file to its undoing, as a team meets it.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::kinds::{Multi, Place};
use kernel::testing::{Answer, House, Visitor, on_both};
use kernel::{Fields, Id, Json, Record, Room, Standing, access, sql};
use people::testing::{account, sign_in};
use registry::{Organisation, OrganisationKind};

fn rooms() -> Vec<Room> {
    let pack = atlas::Pack {
        divisions: include_str!("../../../packs/ma/divisions.csv"),
        census: "",
        regions: "",
        provinces: "",
        communes: "",
    };
    kernel::territory::open(&pack, |_| String::new()).unwrap();
    let kernel = Room { name: "kernel", routes: kernel::web::own_routes(), ..Room::default() };
    vec![kernel, people::room(), registry::room()]
}

const COACH: &[(&str, &str)] = &[("coach", "programme:00000000-0000-7000-8000-000000000001")];

/// Three good rows, one with two wrong cells, one that is known under its French name.
const LIST: &str = "Nom de la coopérative;Province;Commune;Tél;Nb adhérents;dont femmes;Activités\n\
    تعاونية أزمور;Tinghir;Ikniouen;0661000001;34;20;miel; \n\
    تعاونية الورد;Tinghir;Alnif;٠٦٦١٠٠٠٠٠٢;12;12;الورد\n\
    تعاونية النخيل;Zagora;M'Hamid El Ghizlane;;20;;dattes\n\
    تعاونية السلام;Tinghir;Atlantide;06;8;9;couscous\n\
    تعاونية تاغبالوت;Tinghir;Ikniouen;;15;5;tapis\n";

/// The list as an Arabic spreadsheet saves it.
fn arabic(text: &str) -> Vec<u8> {
    let (bytes, _, unmapped) = encoding_rs::WINDOWS_1256.encode(text);
    assert!(!unmapped, "the list has letters that this encoding lacks");
    bytes.into_owned()
}

fn plain(text: &str) -> Vec<u8> {
    let letters = |c: char| match c {
        '٠'..='٩' => char::from_digit(c as u32 - 0x660, 10).unwrap(),
        c => c,
    };
    arabic(&text.chars().map(letters).collect::<String>())
}

fn registered(house: &House, name: &str, commune: &str, near: Option<Id>) -> Id {
    let id = Id::named(name);
    house.given(|tx| {
        let form = Fields::of([
            ("name.fr", name),
            ("kind", "cooperative"),
            ("place", commune),
            ("status", "active"),
        ]);
        kernel::record::create::<Organisation>(tx, id, &form, Standing::Steward)?;
        match near {
            Some(account) => access::grant(tx, id, &access::scope("account", account), Standing::File, None),
            None => Ok(()),
        }
    });
    id
}

fn path(answer: &Answer<'_>) -> String {
    answer.location.clone().unwrap().split('?').next().unwrap().to_owned()
}

/// Uploads a list and takes the guessed mapping.
fn brought(house: &House, visitor: &Visitor<'_>, name: &str, bytes: &[u8]) -> String {
    let import = path(&visitor.upload("/imports", &[], "file", name, bytes).is(303));
    confirm(visitor, &import);
    house.work();
    import
}

fn confirm(visitor: &Visitor<'_>, import: &str) {
    let page = visitor.get_json(import).is(200).json();
    let columns = page["columns"].as_array().unwrap().iter().enumerate();
    let columns: Vec<(String, String)> = columns
        .map(|(i, column)| (format!("column.{i}"), column["target"].as_str().unwrap().to_owned()))
        .collect();
    let form: Vec<(&str, &str)> =
        columns.iter().map(|(name, target)| (name.as_str(), target.as_str())).collect();
    visitor.post(&format!("{import}/mapping"), &form).is(303);
}

fn counts(visitor: &Visitor<'_>, import: &str) -> Json {
    visitor.get_json(import).is(200).json()["counts"].clone()
}

fn organisations(house: &House) -> i64 {
    house.look(|db| db.one(&sql("select count(*) from organisation").open("a test")))
}

#[test]
fn a_list_is_brought_checked_decided_applied_and_taken_back() {
    on_both(rooms, |house| {
        let coach = sign_in(house, "coach", COACH);
        let known = registered(house, "Coopérative Taghbalout", "Ikniouen", None);
        let import = path(&coach.upload("/imports", &[], "file", "liste.csv", &plain(LIST)).is(303));
        let page = coach.get_json(&import).is(200).json();
        let targets: Vec<_> =
            page["columns"].as_array().unwrap().iter().map(|c| c["target"].as_str().unwrap()).collect();
        assert_eq!(targets, ["name.ar", "place.in", "place", "phone", "members", "women", "activities"]);
        coach.get(&import).is(200).says("Nom de la coopérative").says("تعاونية أزمور");
        coach
            .post(&format!("{import}/mapping"), &[("column.0", "name"), ("column.1", "name")])
            .is(422)
            .says("Deux colonnes");
        confirm(&coach, &import);
        coach.get(&import).is(200).says("data-job");
        house.work();
        assert_eq!(counts(&coach, &import), serde_json::json!({"good": 3, "wrong": 1, "maybe": 1}));
        assert_eq!(organisations(house), 1);

        let wrong = coach.get(&format!("{import}?list=wrong")).is(200);
        let wrong = wrong.says("Atlantide").says("Tél").says("plus de femmes que");
        drop(wrong);
        let maybe = coach.get_json(&format!("{import}?list=maybe")).json();
        assert_eq!(maybe["lines"][0]["number"], 6);
        assert_eq!(maybe["lines"][0]["candidates"][0]["organisation"], known.to_string());
        coach
            .get(&format!("{import}?list=maybe"))
            .is(200)
            .says("Coopérative Taghbalout")
            .says("Ikniouen, Tinghir");

        let decisions = format!("{import}/decisions");
        coach.post(&decisions, &[("row.6", &format!("same:{}", Id::new()))]).is(409);
        coach.post(&decisions, &[("row.6", &format!("same:{known}"))]).is(303);
        for _ in 0..2 {
            coach.post(&format!("{import}/apply"), &[]).is(303);
        }
        house.work();
        coach.post(&format!("{import}/apply"), &[]).is(303);
        house.work();
        assert_eq!(counts(&coach, &import), serde_json::json!({"done": 4, "wrong": 1}));
        assert_eq!(organisations(house), 4);
        // The file is not the coach's: it is known, and nothing of it is filled.
        let there = house.look(|db| kernel::record::get::<Organisation>(db, known));
        assert_eq!((there.version, there.members), (1, None));
        coach.get("/organisations?q=azmur").is(200).says("تعاونية أزمور");
        let made = coach.get_json(&format!("{import}?list=done")).json()["lines"][0]["record"]
            .as_str()
            .unwrap()
            .to_owned();
        coach.get(&format!("/organisations/{made}")).is(200).says("أزمور");
        coach.get(&format!("/organisations/{made}/history")).is(200).says("coach");

        let book = coach.get(&format!("{import}/wrong")).is(200);
        let again = sheet::read("again.xlsx", &book.bytes, sheet::Limits::default()).unwrap();
        assert_eq!((again.rows.len(), again.header.len()), (1, 8));
        assert!(again.rows[0].cells[7].text.contains("Commune"), "{:?}", again.rows[0]);

        // One of them is changed by hand: it stays.
        coach.post(&format!("/organisations/{made}"), &[("version", "1"), ("acronym", "AZ")]).is(303);
        for _ in 0..2 {
            coach.post(&format!("{import}/undo"), &[]).is(303);
        }
        house.work();
        assert_eq!(counts(&coach, &import), serde_json::json!({"kept": 1, "undone": 3, "wrong": 1}));
        coach.get(&format!("{import}?list=kept")).is(200).says("modifiée ou ouverte depuis");
        assert_eq!(organisations(house), 2);
        let left = "select (select count(*) from reach r where r.record not in (select id from organisation) and r.scope like 'territory:%')
                    + (select count(*) from search s where s.record not in (select id from organisation) and s.kind = 'organisation')";
        assert_eq!(house.look(|db| db.one::<i64>(&sql(left).open("a test"))), 0);
        let removed =
            sql("select count(*) from fact where kind = 'registry.organisation.removed'").open("a test");
        assert_eq!(house.look(|db| db.one::<i64>(&removed)), 2);
    });
}

#[test]
fn who_works_on_a_file_fills_it_and_empties_it_again() {
    on_both(rooms, |house| {
        let coach = sign_in(house, "coach", COACH);
        let known =
            registered(house, "Coopérative Taghbalout", "Ikniouen", Some(account(house, "coach", COACH)));
        let import = brought(house, &coach, "l.csv", &plain(LIST));
        coach.post(&format!("{import}/decisions"), &[("all", "same")]).is(303);
        coach.post(&format!("{import}/apply"), &[]).is(303);
        house.work();
        let filled = house.look(|db| kernel::record::get::<Organisation>(db, known));
        assert_eq!((filled.version, filled.members, filled.women), (2, Some(15), Some(5)));
        assert_eq!(filled.name.0.len(), 1, "a field that says something is not touched");
        coach.post(&format!("{import}/undo"), &[]).is(303);
        house.work();
        let empty = house.look(|db| kernel::record::get::<Organisation>(db, known));
        assert_eq!((empty.version, empty.members, empty.activities.is_none()), (3, None, true));
        assert_eq!(organisations(house), 1);
    });
}

#[test]
fn a_row_that_is_refused_at_the_end_holds_up_no_other() {
    on_both(rooms, |house| {
        let coach = sign_in(house, "coach", COACH);
        let known = registered(house, "Taghbalout", "Ikniouen", Some(account(house, "coach", COACH)));
        house.given(|tx| {
            let there = kernel::record::get::<Organisation>(tx, known)?;
            kernel::record::update(tx, &Organisation { members: Some(3), ..there })
        });
        let list = "Nom;Commune;Femmes\nAzmour;Alnif;4\nTaghbalout;Ikniouen;5\nTiniri;Ikniouen;6\n";
        let import = brought(house, &coach, "l.csv", list.as_bytes());
        coach.post(&format!("{import}/decisions"), &[("all", "same")]).is(303);
        coach.post(&format!("{import}/apply"), &[]).is(303);
        house.work();
        assert_eq!(counts(&coach, &import), serde_json::json!({"done": 2, "wrong": 1}));
        coach.get(&format!("{import}?list=wrong")).is(200).says("<bdi>Femmes</bdi> : Il ne peut pas y avoir");
        // Work that a dead process left behind goes on where it stopped.
        let again = "update import_row set state = 'good', record = null where number = 2";
        house.given(|tx| tx.run(&sql(again)));
        house.given(|tx| tx.run(&sql("update import set state = 'applying'")));
        house.given(|tx| {
            tx.run(&sql("update job set state = 'waiting' where kind = 'registry.import.apply'"))
        });
        house.work();
        assert_eq!(counts(&coach, &import), serde_json::json!({"done": 2, "wrong": 1}));
        assert_eq!(organisations(house), 4);
    });
}

#[test]
fn no_detour_through_the_file_fills_what_is_not_ones_own() {
    on_both(rooms, |house| {
        let coach = sign_in(house, "coach", COACH);
        let known = registered(house, "Taghbalout", "Ikniouen", None);
        let list =
            "Nom;Commune;Membres\nTaghbalout;Ikniouen;\nTaghbaloute;Ikniouen;7\nTaghbalout;Ikniouen;8\n";
        let import = brought(house, &coach, "l.csv", list.as_bytes());
        let form = [("row.2", &*format!("same:{known}")), ("row.3", "same:2"), ("row.4", "same:3")];
        coach.post(&format!("{import}/decisions"), &form).is(303);
        coach.post(&format!("{import}/apply"), &[]).is(303);
        house.work();
        assert_eq!(counts(&coach, &import), serde_json::json!({"done": 3}));
        let there = house.look(|db| kernel::record::get::<Organisation>(db, known));
        assert_eq!((there.version, there.members), (1, None));
    });
}

#[test]
fn rows_of_one_file_are_compared_with_each_other() {
    on_both(rooms, |house| {
        let coach = sign_in(house, "coach", COACH);
        let list = "Nom;Commune;ICE;Membres\nTiniri;Ikniouen;001234567000089;\nTiniri n'Ikniouen;Alnif;001234567000089;12\nCoop Tiniri;Ikniouen;;\n";
        let import = brought(house, &coach, "l.csv", list.as_bytes());
        assert_eq!(counts(&coach, &import), serde_json::json!({"good": 1, "maybe": 2}));
        coach.post(&format!("{import}/decisions"), &[("row.3", "same:2"), ("row.4", "new")]).is(303);
        coach.post(&format!("{import}/apply"), &[]).is(303);
        house.work();
        assert_eq!(organisations(house), 2);
        let rows = coach.get_json(&format!("{import}?list=done")).json()["lines"].clone();
        assert_eq!(rows[0]["record"], rows[1]["record"]);
        let first = rows[0]["record"].as_str().unwrap().parse().unwrap();
        assert_eq!(house.look(|db| kernel::record::get::<Organisation>(db, first)).members, Some(12));
        coach.post(&format!("{import}/undo"), &[]).is(303);
        house.work();
        assert_eq!((organisations(house), counts(&coach, &import)), (0, serde_json::json!({"undone": 3})));
    });
}

#[test]
fn an_import_is_seen_by_its_account_and_administrators() {
    on_both(rooms, |house| {
        let (coach, other) = (sign_in(house, "coach", COACH), sign_in(house, "other", COACH));
        let form = [("id", "01890000-0000-7000-8000-000000000001")];
        let first = path(&coach.upload("/imports", &form, "file", "l.csv", &plain(LIST)).is(303));
        assert_eq!(path(&coach.upload("/imports", &form, "file", "l.csv", &plain(LIST)).is(303)), first);
        assert_ne!(path(&other.upload("/imports", &form, "file", "l.csv", &plain(LIST)).is(303)), first);
        other.get(&first).is(404);
        other.get(&format!("{first}/wrong")).is(404);
        for action in ["mapping", "decisions", "apply", "undo"] {
            other.post(&format!("{first}/{action}"), &[("all", "new")]).is(404);
        }
        let file = coach.get_json(&first).json()["file"].as_str().unwrap().to_owned();
        other.get(&format!("/files/{file}")).is(404);
        assert_eq!(coach.get(&format!("/files/{file}")).is(200).bytes, plain(LIST));
        assert_eq!(coach.get_json("/imports").json()["imports"].as_array().unwrap().len(), 1);
        sign_in(house, "boss", &[("administrator", "platform")]).get(&first).is(200);
        sign_in(house, "partner", &[("partner", "programme:00000000-0000-7000-8000-000000000001")])
            .get("/imports")
            .is(403);
        house.visitor().get("/imports").leads_to("/sign-in");
    });
}

#[test]
fn a_file_that_is_no_table_is_refused_in_words() {
    on_both(rooms, |house| {
        let coach = sign_in(house, "coach", COACH);
        let refused = |name: &str, bytes: &[u8], words: &str| {
            coach.upload("/imports", &[], "file", name, bytes).is(422).says(words);
        };
        refused("l.pdf", b"%PDF-1.4 nothing", "pdf");
        refused("l.csv", b"Nom;Commune\n", "en-t\u{ea}te");
        refused("l.xlsx", b"PK\x03\x04 broken", "ab\u{ee}m\u{e9}");
        coach.post("/imports", &[]).is(422);
        assert!(coach.get_json("/imports").json()["imports"].as_array().unwrap().is_empty());
    });
}

#[test]
fn the_choice_of_columns_is_remembered() {
    on_both(rooms, |house| {
        let coach = sign_in(house, "coach", COACH);
        let list = "Nom;Commune;Chose\nTiniri;Ikniouen;AZ\n";
        let import = path(&coach.upload("/imports", &[], "file", "l.csv", list.as_bytes()).is(303));
        let form = [("column.0", "name"), ("column.1", "place"), ("column.2", "acronym"), ("kind", "gie")];
        coach.post(&format!("{import}/mapping"), &form).is(303);
        let next = path(&coach.upload("/imports", &[], "file", "l2.csv", list.as_bytes()).is(303));
        assert_eq!(coach.get_json(&next).json()["columns"][2]["target"], "acronym");
    });
}

#[test]
fn the_command_line_brings_back_what_it_wrote() {
    let written = tempfile::tempdir().unwrap();
    for ending in ["xlsx", "csv"] {
        let file = written.path().join(format!("all.{ending}"));
        on_both(rooms, |house| {
            let place = |code: &str| Place {
                division: kernel::territory::resolve(code, None).unwrap(),
                lat: None,
                lon: None,
            };
            let id = registered(house, "Coopérative Tiniri", "Ikniouen", None);
            house.given(|tx| {
                let there = kernel::record::get::<Organisation>(tx, id)?;
                let activities =
                    Some(kernel::kinds::Many(vec![registry::Activity::Honey, registry::Activity::Dates]));
                let name = Multi::fr_ar("Coopérative Tiniri", "تعاونية تينيري");
                kernel::record::update(
                    tx,
                    &Organisation {
                        name,
                        activities,
                        kind: OrganisationKind::Gie,
                        place: place("Alnif"),
                        ..there
                    },
                )
            });
            registry::export_file(&house.app, &file).unwrap();
            let said = registry::import_file(&house.app, &file).unwrap();
            assert!(said.contains("0 created, 1 known already"), "{said}");
        });
        on_both(rooms, |house| {
            let said = registry::import_file(&house.app, &file).unwrap();
            assert!(said.contains("1 created"), "{said}");
            let there =
                house.look(|db| kernel::record::get::<Organisation>(db, Id::named("Coopérative Tiniri")));
            assert_eq!(there.name.0["ar"], "تعاونية تينيري");
            assert_eq!(
                (there.kind, there.activities.clone().unwrap().0.len(), there.version()),
                (OrganisationKind::Gie, 2, 1)
            );
            assert!(registry::import_file(&house.app, &file).unwrap().contains("1 known already"));
        });
    }
}
