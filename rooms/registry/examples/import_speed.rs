//! How long an import takes: `cargo run --release -p registry --example import_speed [rows]` into an empty SQLite
//! database, then the same list again, in which every row is known.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "an example speaks on the terminal and stops at errors"
)]

use std::fmt::Write;
use std::time::Instant;

use kernel::{App, Settings};

fn main() {
    let rows: usize = std::env::args().nth(1).map_or(60_000, |n| n.parse().unwrap());
    let pack = atlas::Pack {
        divisions: include_str!("../../../packs/ma/divisions.csv"),
        census: "",
        regions: "",
        provinces: "",
        communes: "",
    };
    kernel::territory::open(&pack, |_| String::new()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let app =
        App::open(&Settings::in_folder(&folder.path().join("data")), vec![people::room(), registry::room()])
            .unwrap();
    let file = folder.path().join("list.csv");
    std::fs::write(&file, list(rows)).unwrap();
    for turn in ["new", "known by name or telephone"] {
        let began = Instant::now();
        let said = registry::import_file(&app, &file).unwrap();
        println!("{turn}: {:.1} s: {}", began.elapsed().as_secs_f64(), said.lines().next().unwrap());
    }
    let began = Instant::now();
    registry::export_file(&app, &folder.path().join("all.xlsx")).unwrap();
    println!("export: {:.1} s", began.elapsed().as_secs_f64());
}

/// An invented list with names as varied as real ones.
fn list(rows: usize) -> String {
    const STARTS: [&str; 12] = ["Ta", "Ti", "A", "I", "Zi", "Ma", "Bou", "Ouar", "Asa", "Iz", "Am", "Tam"];
    const MIDDLES: [&str; 16] = [
        "gh", "zr", "nir", "fs", "mel", "rkha", "dd", "kou", "lham", "ssa", "wri", "ghba", "nt", "zagh",
        "bri", "mezg",
    ];
    const ENDS: [&str; 12] =
        ["rt", "zert", "oute", "il", "ane", "our", "it", "ala", "ine", "art", "oun", "iz"];
    let communes: Vec<&atlas::Division> =
        kernel::territory::atlas().unwrap().level(atlas::Level::Commune).collect();
    let mut text =
        String::from("Nom;Forme;Commune;Téléphone;Membres;Dont femmes;Activités;Date de création\n");
    for i in 0..rows {
        let word = |seed: usize| {
            format!("{}{}{}", STARTS[seed % 12], MIDDLES[seed / 12 % 16], ENDS[seed / 192 % 12])
        };
        let commune = communes[i * 7 % communes.len()];
        writeln!(
            text,
            "Coopérative {} {};Coopérative;{};06{:08};{};{};miel; \"dattes\";{:02}/0{}/20{:02}",
            word(i * 31),
            word(i * 17 + i / 2304),
            commune.code,
            i,
            5 + i % 90,
            i % 5,
            1 + i % 28,
            1 + i % 9,
            1 + i % 20,
        )
        .unwrap();
    }
    text.replace("miel; \"dattes\"", "\"miel; dattes\"")
}
