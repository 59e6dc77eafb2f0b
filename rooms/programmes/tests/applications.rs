//! Applications that came on paper or by another form, brought in as a list.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use jiff::ToSpan;
use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, Json, Room, sql};
use people::testing::sign_in;

fn rooms() -> Vec<Room> {
    let pack = atlas::Pack {
        divisions: include_str!("../../../packs/ma/divisions.csv"),
        census: include_str!("../../../packs/ma/census_2024.csv"),
        regions: include_str!("../../../packs/ma/regions.json"),
        provinces: include_str!("../../../packs/ma/provinces.json"),
        communes: include_str!("../../../packs/ma/communes.json"),
    };
    kernel::territory::open(&pack, |_| String::new()).unwrap();
    let kernel = Room { name: "kernel", routes: kernel::web::own_routes(), ..Room::default() };
    vec![kernel, people::room(), registry::room(), programmes::room()]
}

const IMPORTS: &str = "/calls/imports";

fn day(ahead: i64) -> String {
    kernel::today().saturating_add(ahead.days()).to_string()
}

fn put(visitor: &Visitor<'_>, path: &str, form: &[(&str, &str)]) -> String {
    let id = Id::new().to_string();
    let mut all = vec![("id", id.as_str())];
    all.extend(form);
    visitor.post(path, &all).is(303);
    id
}

/// A manager, and an open call of hers with a question whose answer is one of two.
fn opened(house: &House) -> (Visitor<'_>, String) {
    let boss = sign_in(house, "boss", &[("administrator", "platform")]);
    let form =
        [("name.fr", "Programme"), ("since", "2026-01-01"), ("until", "2028-12-31"), ("status", "running")];
    let programme = put(&boss, "/programmes", &form);
    let manager = sign_in(house, "samira", &[("manager", &format!("programme:{programme}"))]);
    let form = [("title.fr", "Appel 2026"), ("opens", &*day(-30)), ("closes", &day(10)), ("places", "2")];
    let call = put(&manager, &format!("/programmes/{programme}/calls"), &form);
    let form = [
        ("position", "1"),
        ("label.fr", "Avez-vous un local ?"),
        ("kind", "choice"),
        ("choices.fr", "À nous ; Loué"),
        ("choices.ar", "ملك لنا ؛ مكترى"),
        ("needed", "yes"),
    ];
    put(&manager, &format!("/calls/{call}/questions"), &form);
    manager.post(&format!("/calls/{call}/opening"), &[]).is(303);
    (manager, call)
}

const LIST: &str = "Nom de la coopérative;Commune;Téléphone;Membres;Femmes;Coût;Subvention;Apport propre;Avez-vous un local ?\n\
    Coopérative Tifaouine;Ikniouen;0661000001;20;18;100 000 DH;60 000;40 000;loué\n\
    تعاونية تيليلي;Ikniouen;0661000002;12;12;;;;ملك لنا\n\
    Coopérative Targa;Ikniouen;0661000003;9;4;100 000;60 000;30 000;\n\
    Coopérative Ighil;Ikniouen;0661000004;9;4;;;;dans la rue\n\
    Tifaouine bis;Ikniouen;0661 000 001;20;18;;;;\n\
    Coopérative Assif;Nulle part;0661000005;9;4;;;;\n";

fn brought(visitor: &Visitor<'_>, list: &str) -> String {
    let answer = visitor.upload(IMPORTS, &[], "file", "candidatures.csv", list.as_bytes()).is(303);
    answer.location.unwrap().split('?').next().unwrap().to_owned()
}

fn map<'a>(visitor: &'a Visitor<'_>, import: &str, call: &str) -> kernel::testing::Answer<'a> {
    let page = visitor.get_json(import).is(200).json();
    let columns: Vec<(String, String)> = page["columns"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .map(|(i, column)| (format!("column.{i}"), column["target"].as_str().unwrap().to_owned()))
        .collect();
    let mut form: Vec<(&str, &str)> = columns.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    form.push(("call", call));
    visitor.post(&format!("{import}/mapping"), &form)
}

fn count(house: &House, table: &str) -> i64 {
    house.look(|db| db.one(&sql(&format!("select count(*) from {table}")).open("a test")))
}

fn act(house: &House, visitor: &Visitor<'_>, import: &str, action: &str) -> Json {
    visitor.post(&format!("{import}/{action}"), &[]).is(303);
    house.work();
    visitor.get_json(import).is(200).json()["counts"].clone()
}

#[test]
fn a_list_of_applications_is_checked_applied_and_taken_back() {
    on_both(rooms, |house| {
        let (manager, call) = opened(house);
        manager.get(IMPORTS).is(200).says("encore importé aucune candidature");
        let import = brought(&manager, LIST);
        map(&manager, &import, "").is(422).says("Choisissez l’appel");
        map(&manager, &import, &Id::new().to_string()).is(422);
        map(&manager, &import, &call).is(303);
        house.work();
        let page = manager.get_json(&import).is(200).json();
        assert_eq!(page["counts"], serde_json::json!({ "good": 2, "known": 1, "wrong": 3 }), "{page}");
        manager.get(&format!("{import}?list=wrong")).is(200).says("dans la rue").says("somme");
        assert_eq!(count(house, "application"), 0);
        let counts = act(house, &manager, &import, "apply");
        assert_eq!(counts, serde_json::json!({ "done": 2, "known": 1, "wrong": 3 }));
        assert_eq!(count(house, "application_answer"), 2);
        // The applications stand in the call with their numbers, and a second list brings nothing new.
        manager.get(&format!("/calls/{call}")).is(200).says("Coopérative Tifaouine").says("تعاونية تيليلي");
        let again = brought(&manager, LIST);
        map(&manager, &again, &call).is(303);
        house.work();
        assert_eq!(manager.get_json(&again).json()["counts"]["known"], 3);
        // Somebody applies herself afterwards: her number comes after those.
        assert_eq!(
            act(house, &manager, &import, "undo"),
            serde_json::json!({ "known": 1, "undone": 2, "wrong": 3 })
        );
        assert_eq!((count(house, "application"), count(house, "application_answer")), (0, 0));
    });
}

#[test]
fn only_who_manages_a_call_brings_applications_to_it() {
    on_both(rooms, |house| {
        let (_, call) = opened(house);
        let other = sign_in(house, "karim", &[("manager", "territory:08")]);
        let import = brought(&other, LIST);
        map(&other, &import, &call).is(422);
        sign_in(house, "driss", &[]).get(IMPORTS).is(403);
        house.visitor().get(IMPORTS).is(303).leads_to("/sign-in");
        assert_eq!(count(house, "application"), 0);
    });
}
