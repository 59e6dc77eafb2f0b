//! The map is tested: what the documents promise of the house holds, or this fails.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The rooms, from the bottom of the stairs to the top. Rooms on one step are siblings and never call each other.
const STAIRS: &[&[&str]] = &[
    &["kernel"],
    &["people"],
    &["registry"],
    &["programmes"],
    &["training", "coaching", "survey", "market"],
    &["field", "sales", "pooled"],
    &["invoicing", "export"],
    &["impact"],
    &["open"],
    &["desk"],
    &["tiwizi"],
];

fn step(name: &str) -> Option<usize> {
    STAIRS.iter().position(|step| step.contains(&name))
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("node_modules") {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path.as_ref()).unwrap_or_else(|e| panic!("{}: {e}", path.as_ref().display()))
}

fn rooms() -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(root().join("rooms"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn every_room_is_on_the_map_and_tells_itself_on_one_screen() {
    let map = read(root().join("ARCHITECTURE.md"));
    for room in rooms() {
        assert!(map.contains(&format!("`{room}`")), "ARCHITECTURE.md does not tell of the room {room}");
        let told = read(root().join("rooms").join(&room).join("README.md"));
        assert!(told.lines().count() <= 45, "the README of {room} is longer than a screen");
    }
}

#[test]
fn calls_go_down_the_stairs_only() {
    for room in rooms() {
        let here = step(&room).unwrap_or_else(|| panic!("{room} stands on no step: name it in STAIRS"));
        let manifest: toml::Table =
            read(root().join("rooms").join(&room).join("Cargo.toml")).parse().unwrap();
        for name in manifest["dependencies"].as_table().unwrap().keys() {
            if let Some(there) = step(name) {
                assert!(there < here, "{room} calls {name}, which is not below it");
            }
        }
    }
}

/// Text that templates may hold: marks, arrows, the name of a format.
const MARKS: &[&str] = &["OpenAPI 3.1 (JSON)", "Tiwizi"];

#[test]
fn no_template_writes_a_word_by_hand() {
    for path in files(&root().join("rooms"), ".html")
        .into_iter()
        .chain(files(&root().join("kernel/templates"), ".html"))
    {
        let mut text = read(&path);
        for mark in MARKS {
            text = text.replace(mark, "");
        }
        for (open, close) in [("{#", "#}"), ("{{", "}}"), ("{%", "%}"), ("<", ">")] {
            while let Some((before, rest)) = text.split_once(open) {
                let Some((_, after)) = rest.split_once(close) else {
                    panic!("{}: {open} without {close}", path.display())
                };
                text = format!("{before} {after}");
            }
        }
        let text = text.replace("&nbsp;", "").replace("&amp;", "");
        let word: String = text.chars().filter(|c| c.is_alphabetic()).take(40).collect();
        assert!(word.is_empty(), "{} writes « {word} » by hand: it belongs into words.toml", path.display());
    }
}

fn words() -> BTreeMap<String, Vec<kernel::Lang>> {
    let words = kernel::app::catalogue(&tiwizi::rooms()).unwrap();
    words.keys().into_iter().map(|(key, langs)| (key.to_owned(), langs)).collect()
}

#[test]
fn french_arabic_and_english_are_complete() {
    let missing: Vec<_> = words()
        .into_iter()
        .flat_map(|(key, langs)| {
            [kernel::Lang::Fr, kernel::Lang::Ar, kernel::Lang::En]
                .into_iter()
                .filter(move |lang| !langs.contains(lang))
                .map(move |lang| format!("{key} in {}", lang.code()))
        })
        .collect();
    assert!(missing.is_empty(), "words are missing: {missing:?}");
}

#[test]
fn every_word_that_is_asked_for_is_written() {
    let words = words();
    let mut missing = Vec::new();
    for path in files(&root().join("rooms"), ".html")
        .into_iter()
        .chain(files(&root().join("rooms"), ".rs"))
        .chain(files(&root().join("kernel"), ".html"))
    {
        let text = read(&path);
        for call in ["w.t(\"", "w.n(\"", "w.with(\"", "w.args(\"", "Error::refused(\"", "Wrong::new(\""] {
            for rest in text.split(call).skip(1) {
                let key = rest.split('"').next().unwrap();
                if !words.contains_key(key) {
                    missing.push(format!("{key} ({})", path.file_name().unwrap().to_string_lossy()));
                }
            }
        }
    }
    for room in tiwizi::rooms() {
        for declared in &room.records {
            for field in declared.fields {
                let label = format!("{}.{}", declared.table, field.name);
                if !words.contains_key(&label) {
                    missing.push(label);
                }
                use kernel::kinds::Input;
                if let Input::Choice { codes, words: under } | Input::Choices { codes, words: under } =
                    field.ops.input
                {
                    missing.extend(
                        codes
                            .iter()
                            .map(|code| format!("{under}.{code}"))
                            .filter(|key| !words.contains_key(key)),
                    );
                }
            }
        }
        for (_, text) in room.schema {
            for name in text.split('"').skip(1).step_by(2).filter(|name| name.matches('.').count() == 2) {
                if !words.contains_key(name) {
                    missing.push(format!("{name} (the message of a constraint)"));
                }
            }
        }
        missing.extend(room.nav.iter().map(|nav| nav.word.to_owned()).filter(|key| !words.contains_key(key)));
        let name = format!("room.{}", room.name);
        if !words.contains_key(&name) {
            missing.push(name);
        }
    }
    missing.sort();
    missing.dedup();
    assert!(missing.is_empty(), "nobody wrote these words: {missing:#?}");
}

#[test]
fn to_run_without_a_name_runs_tiwizi() {
    let manifest: Vec<String> = read(root().join("Cargo.toml")).lines().map(str::to_owned).collect();
    let default = manifest.iter().find(|line| line.starts_with("default-members"));
    assert_eq!(default.map(String::as_str), Some("default-members = [\"tiwizi\"]"), "`cargo run` is Tiwizi");
}

#[test]
fn no_file_of_tests_is_forgotten() {
    for list in files(&root(), "tests/all.rs") {
        let named = read(&list);
        for path in fs::read_dir(list.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let runs = name == "all" || named.contains(&format!("mod {name};"));
            let is_tests = path.extension().is_some_and(|ending| ending == "rs");
            assert!(runs || !is_tests, "{} does not run: name it in {}", path.display(), list.display());
        }
    }
}

#[test]
fn files_stay_small() {
    /// Each with its reason.
    const LARGE: &[(&str, &str)] = &[
        ("store.rs", "every difference between the two engines, in one place"),
        ("web.rs", "from a socket to a handler and back, read in one go"),
    ];
    for path in files(&root(), ".rs") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let lines = read(&path).lines().count();
        let most = if LARGE.iter().any(|(large, _)| *large == name) { 700 } else { 400 };
        assert!(lines <= most, "{} has {lines} lines: a file has up to {most}", path.display());
    }
    assert!(
        read(root().join("kernel/src/record.rs")).lines().count() < 400,
        "the record mechanism stays under 400 lines"
    );
}

#[test]
fn the_pages_name_only_files_that_are_served() {
    for name in [
        "tiwizi.css",
        "tiwizi.js",
        "sound.js",
        "mark.svg",
        "favicon.svg",
        "fonts/arabic-regular.woff2",
        "fonts/arabic-bold.woff2",
        "fonts/tifinagh.woff2",
    ] {
        let address = kernel::assets::address(name);
        assert!(kernel::assets::at(address).is_some(), "{name} is not served");
    }
    let style =
        String::from_utf8_lossy(kernel::assets::at(kernel::assets::address("tiwizi.css")).unwrap().bytes)
            .into_owned();
    for rest in style.split("url(").skip(1) {
        let url = rest.split(')').next().unwrap().trim_matches(['"', '\'']);
        assert!(url.starts_with("data:") || kernel::assets::at(url).is_some(), "the style asks for {url}");
    }
}
