//! Files in which other actors tell of their own work: read, shown beside, taken back; wrong ones refused with a sentence.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use kernel::testing::{Answer, Visitor, on_both};
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
    vec![people::room(), registry::room(), programmes::room()]
}

/// Four activities: by name of a province, by the point of a commune, without a place, in another country.
const IATI: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<iati-activities version="2.03">
  <iati-activity xml:lang="en">
    <iati-identifier>XX-1-A</iati-identifier>
    <reporting-org ref="XX-1" type="40"><narrative>Agence inventée</narrative></reporting-org>
    <title><narrative>Saffron quality</narrative><narrative xml:lang="fr">Qualité du safran</narrative></title>
    <participating-org role="1"><narrative>Un bailleur</narrative></participating-org>
    <participating-org role="4"><narrative>ONG Tifinagh</narrative></participating-org>
    <activity-status code="2"/>
    <activity-date type="1" iso-date="2025-12-01"/><activity-date type="2" iso-date="2026-01-10"/>
    <recipient-country code="MA"/>
    <location><name><narrative>Zagora</narrative></name></location>
    <sector vocabulary="1" code="31120"/>
  </iati-activity>
  <iati-activity>
    <iati-identifier>XX-1-B</iati-identifier>
    <reporting-org ref="XX-1" type="40"><narrative>Agence inventée</narrative></reporting-org>
    <title><narrative>Microcrédit</narrative></title>
    <activity-status code="4"/>
    <location><point><pos>30.92 -6.91</pos></point></location>
    <sector code="24040"/>
  </iati-activity>
  <iati-activity>
    <iati-identifier>XX-1-C</iati-identifier>
    <reporting-org ref="XX-1" type="40"><narrative>Agence inventée</narrative></reporting-org>
    <title><narrative>Une stratégie nationale</narrative></title>
    <activity-status code="2"/>
  </iati-activity>
  <iati-activity>
    <iati-identifier>XX-1-D</iati-identifier>
    <reporting-org ref="XX-1" type="40"><narrative>Agence inventée</narrative></reporting-org>
    <title><narrative>Ailleurs</narrative></title>
    <recipient-country code="SN"/>
  </iati-activity>
</iati-activities>"#;

const TABLE: &str = "Organisation;Secteur;Activité;Province;Début\n#org+name;#sector;#activity;#adm2+name;#date+start\n\
    ONG Assif;Alphabétisation;Cours du soir;Tinghir;2026-02-01\nONG Assif;Eau;Puits;Nulle part;2026-02-01\n;Eau;Puits;Zagora;\n";

fn send<'a>(visitor: &'a Visitor<'_>, id: &Id, name: &str, bytes: &[u8]) -> Answer<'a> {
    visitor.upload("/convergence/others", &[("id", &id.to_string())], "file", name, bytes)
}

fn others(visitor: &Visitor<'_>, query: &str) -> (i64, Vec<String>) {
    let page = visitor.get_json(&format!("/convergence{query}")).is(200).json();
    let said = page["others"].as_array().unwrap().iter().map(|line| {
        let theme = line["theme"].as_str().unwrap_or("-");
        format!(
            "{} {} {theme} {}",
            line["actor"].as_str().unwrap(),
            line["place"].as_str().unwrap(),
            line["status"].as_str().unwrap()
        )
    });
    let mut said: Vec<String> = said.collect();
    said.sort();
    (page["others_in_all"].as_i64().unwrap(), said)
}

#[test]
fn what_others_publish_stands_beside_what_is_known() {
    on_both(rooms, |house| {
        let boss = sign_in(house, "boss", &[("administrator", "platform")]);
        let coach = sign_in(house, "amina", &[("coach", "territory:08")]);
        boss.get("/convergence/others").is(200).says("Aucun fichier");
        let id = Id::new();
        send(&coach, &id, "agence.xml", IATI.as_bytes()).is(303);
        send(&coach, &id, "agence.xml", IATI.as_bytes()).is(303);
        let list = boss.get_json("/convergence/others").is(200).json();
        assert_eq!(list["files"].as_array().unwrap().len(), 1, "the same form twice is one file");
        assert_eq!(
            (&list["files"][0]["told"], &list["files"][0]["publisher"]),
            (&3.into(), &"Agence inventée".into())
        );
        let file = format!("/convergence/others/{}", list["files"][0]["id"].as_str().unwrap());
        boss.get(&file).is(200).says("dans un autre pays").says("Ailleurs");
        // Who carries it out, where by name or by the nearest commune, what by the sector; the country where nothing is said.
        let (count, said) = others(&boss, "");
        assert_eq!(count, 3);
        assert!(said[0].starts_with("Agence inventée  - running"), "{said:?}");
        assert!(
            said[1].starts_with("Agence inventée 08.401.") && said[1].ends_with("finance done"),
            "{said:?}"
        );
        assert_eq!(said[2], "ONG Tifinagh 08.587 production running");
        assert_eq!(others(&boss, "?territory=08.587").0, 1);
        assert_eq!(others(&boss, "?theme=finance").0, 1);
        assert_eq!(boss.get_json("/convergence").json()["count"], 0, "never counted with the interventions");
        boss.get("/convergence").says("Qualité du safran").says("ONG Tifinagh");
        // A newer edition of the same file replaces what it names.
        send(&boss, &Id::new(), "agence-2.xml", IATI.replace("Saffron quality", "Rose water").as_bytes())
            .is(303);
        assert_eq!(others(&boss, "").0, 3);
        // A table with hashtags.
        let id = Id::new();
        send(&boss, &id, "3w.csv", TABLE.as_bytes()).is(303);
        assert_eq!(others(&boss, "?territory=08.577").1, ["ONG Assif 08.577 literacy running"]);
        let list = boss.get_json("/convergence/others").json();
        let hxl = list["files"].as_array().unwrap().iter().find(|file| file["standard"] == "hxl").unwrap();
        let hxl = format!("/convergence/others/{}", hxl["id"].as_str().unwrap());
        boss.get(&hxl).is(200).says("lieu inconnu ici").says("ne dit pas qui");
        // Whoever brought it takes it back, and an administrator; nobody else.
        coach.post(&format!("{hxl}/remove"), &[]).is(403);
        boss.post(&format!("{hxl}/remove"), &[]).is(303);
        assert_eq!(others(&boss, "?territory=08.577").0, 0);
    });
}

#[test]
fn a_wrong_file_is_refused_with_a_sentence_and_nothing_is_kept() {
    on_both(rooms, |house| {
        let boss = sign_in(house, "boss", &[("administrator", "platform")]);
        let wrong = |name: &str, bytes: &[u8], sentence: &str| {
            send(&boss, &Id::new(), name, bytes).is(422).says(sentence);
        };
        wrong("a.xml", b"<iati-activities version='2.03'><iati-activity>", "pas un XML lisible");
        wrong("a.xml", b"<html/>", "IATI de version 2");
        wrong("a.xml", b"<iati-activities version='1.05'/>", "IATI de version 2");
        wrong("a.xml", b"<iati-activities version='2.03'/>", "aucune intervention");
        wrong("a.xml", b"<a>\xe9</a>", "UTF-8");
        let entities = "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]><iati-activities version='2.03'>&b;</iati-activities>";
        wrong("a.xml", entities.as_bytes(), "pas un XML lisible");
        wrong("a.csv", b"Organisation;Secteur\nONG;Eau\n", "mots-cl");
        wrong("a.csv", b"a;b\n#adm1;#date+start\nx;y\n", "ne disent pas qui");
        wrong("a.csv", b"", "");
        assert_eq!(boss.get_json("/convergence/others").json()["files"].as_array().unwrap().len(), 0);
        boss.upload("/convergence/others", &[], "other", "a.xml", b"x").is(422);
        let stranger = sign_in(house, "driss", &[]);
        stranger.get("/convergence/others").is(403);
        send(&stranger, &Id::new(), "a.xml", IATI.as_bytes()).is(403);
        boss.get("/convergence/others/00000000-0000-7000-8000-000000000000").is(404);
    });
}
