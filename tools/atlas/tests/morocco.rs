//! The atlas over the pack of Morocco: joins, names, census and the sizes of pictures.

#![allow(clippy::unwrap_used)] // a helper that fails is a test that fails

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use atlas::{Atlas, Choropleth, Frame, Level, Map, Pack, Sex, Value, Within};

fn atlas() -> Atlas {
    let pack = Pack {
        divisions: include_str!("../../../packs/ma/divisions.csv"),
        census: include_str!("../../../packs/ma/census_2024.csv"),
        regions: include_str!("../../../packs/ma/regions.json"),
        provinces: include_str!("../../../packs/ma/provinces.json"),
        communes: include_str!("../../../packs/ma/communes.json"),
    };
    Atlas::load(&pack, str::to_lowercase).unwrap()
}

fn code(atlas: &Atlas, level: Level, name: &str) -> String {
    let found = atlas.find(name, Within { level: Some(level), ancestor: None });
    assert_eq!(found.len(), 1, "{name}");
    found[0].code.clone()
}

fn draw(atlas: &Atlas, level: Level, frame: Frame, codes: &[String]) -> Map {
    let value = |(i, code): (usize, &String)| {
        let href = Some(format!("/convergence?lieu={code}&x=1"));
        (code.clone(), Value { number: (i % 9) as f64, label: (i % 9).to_string(), href })
    };
    let values: BTreeMap<_, _> = codes.iter().enumerate().map(value).collect();
    let map = Choropleth { level, frame, language: "fr", title: "Où ?", description: "Par lieu.", values };
    let map = atlas.choropleth(&map).unwrap();
    assert!(!map.svg.contains("style"));
    map
}

fn codes(atlas: &Atlas, level: Level) -> Vec<String> {
    atlas.level(level).map(|d| d.code.clone()).collect()
}

#[test]
fn divisions_nest_and_are_counted() {
    let atlas = atlas();
    let counts = [(Level::Region, 12), (Level::Province, 75), (Level::Cercle, 213), (Level::Commune, 1503)];
    for (level, count) in counts {
        assert_eq!(atlas.level(level).count(), count);
    }
    let tinghir = code(&atlas, Level::Province, "Tinghir");
    assert_eq!(atlas.name(&tinghir, "ar"), "تنغير");
    assert_eq!(atlas.name(&tinghir, "en"), "Tinghir");
    assert_eq!(atlas.name("99.999", "fr"), "99.999");
    let path: Vec<_> = atlas.ancestors(&tinghir).iter().map(|d| d.name_fr.as_str()).collect();
    assert_eq!(path, ["Drâa-Tafilalet"]);
    assert!(atlas.children(&tinghir).all(|d| d.parent.as_deref() == Some(&tinghir)));
    for commune in atlas.level(Level::Commune) {
        assert!(
            atlas.ancestors(&commune.code).iter().any(|d| d.level == Level::Province),
            "{}",
            commune.code
        );
    }
}

#[test]
fn typed_text_finds_every_place_it_may_mean() {
    let atlas = atlas();
    let tinghir = code(&atlas, Level::Province, "tinghir");
    assert_eq!(atlas.find(&tinghir, Within::default()).len(), 1);
    assert_eq!(atlas.find("تنغير", Within { level: Some(Level::Province), ancestor: None })[0].code, tinghir);
    assert!(atlas.find("nowhere", Within::default()).is_empty());
    assert!(atlas.find("", Within::default()).is_empty());

    let shared = atlas.find("oulad aissa", Within { level: Some(Level::Commune), ancestor: None });
    let labels: Vec<_> = shared.iter().map(|d| atlas.label(&d.code, "fr")).collect();
    assert_eq!(labels.len(), 3);
    assert!(labels.iter().all(|label| label.starts_with("Oulad Aissa — ")), "{labels:?}");

    let inside = Within { level: Some(Level::Commune), ancestor: Some(&tinghir) };
    let found = atlas.suggest("a", inside, 3);
    assert!(found.len() == 3 && found.iter().all(|d| atlas.is_within(&d.code, &tinghir)));
    assert!(found.is_sorted_by_key(|d| std::cmp::Reverse(d.population)));
}

#[test]
fn the_census_covers_every_division() {
    let atlas = atlas();
    let country = atlas.census("MA", Sex::All).unwrap();
    assert_eq!((country.population, country.illiteracy), (Some(36_490_591.0), Some(24.8)));
    assert_eq!(atlas.census("MA", Sex::Male).unwrap().weekly_souks, None);
    for level in [Level::Region, Level::Province, Level::Cercle, Level::Commune] {
        for division in atlas.level(level) {
            assert!(atlas.census(&division.code, Sex::Female).is_some(), "{}", division.code);
        }
    }
}

#[test]
fn every_division_has_its_outline() {
    let atlas = atlas();
    for level in [Level::Region, Level::Province] {
        let map = draw(&atlas, level, Frame::Country, &codes(&atlas, level));
        assert_eq!(map.svg.matches("<a ").count(), atlas.level(level).count());
        assert!(!map.svg.contains("d=\"\"") && !map.svg.contains("<path d="), "an area is empty or unknown");
    }
    for province in atlas.level(Level::Province) {
        let communes: Vec<String> = codes(&atlas, Level::Commune)
            .into_iter()
            .filter(|c| atlas.is_within(c, &province.code))
            .collect();
        let map = draw(&atlas, Level::Commune, Frame::Inside(&province.code), &communes);
        assert_eq!(map.svg.matches("<a ").count(), communes.len(), "{}", province.name_fr);
        assert!(!map.svg.contains("d=\"\"") && !map.svg.contains("<path d="), "an area is empty or unknown");
    }
}

#[test]
fn pictures_stay_small() {
    let atlas = atlas();
    let provinces = codes(&atlas, Level::Province);
    let some = draw(&atlas, Level::Province, Frame::Country, &provinces[..15]).svg.len();
    let all = draw(&atlas, Level::Province, Frame::Country, &provinces).svg.len();
    let bare = draw(&atlas, Level::Province, Frame::Country, &[]).svg.len();
    let mut communes: Vec<(usize, String)> = atlas
        .level(Level::Province)
        .map(|p| (draw(&atlas, Level::Commune, Frame::Inside(&p.code), &[]).svg.len(), p.name_fr.clone()))
        .collect();
    communes.sort_unstable();
    assert!(some <= 14_000 && bare <= 12_000 && all <= 28_000, "{bare} {some} {all}");
    assert!(communes.iter().all(|(size, _)| *size <= 8_000), "{communes:?}");
}

#[test]
fn colours_follow_values() {
    let atlas = atlas();
    let map = draw(&atlas, Level::Province, Frame::Values, &codes(&atlas, Level::Province)[..3]);
    let classes: Vec<_> = map.legend.iter().map(|step| (step.class, step.label.as_str())).collect();
    assert_eq!(classes, [("m0", "0"), ("m2", "1"), ("m3", "2")]);
    assert!(map.svg.contains("href=\"/convergence?lieu=") && map.svg.contains("&amp;x=1"));
    assert!(
        atlas
            .choropleth(&Choropleth {
                level: Level::Commune,
                frame: Frame::Country,
                language: "fr",
                title: "",
                description: "",
                values: BTreeMap::new(),
            })
            .is_err()
    );
}

#[test]
fn starting_is_quick() {
    let start = Instant::now();
    let _atlas = atlas();
    assert!(start.elapsed() < Duration::from_millis(200), "{:?} without optimisation", start.elapsed());
}
