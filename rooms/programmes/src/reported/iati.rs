//! An IATI activity file, version 2: <https://iatistandard.org/en/iati-standard/203/activity-standard/>.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::Wrong;
use kernel::kinds::Multi;
use roxmltree::{Document, Node};

use super::{Contents, Reported, sector};
use crate::intervention::InterventionStatus;

/// Activities of a file: more is a country's whole register.
const MOST: usize = 20_000;
/// How far, in degrees, a point may lie from the point of a commune that it is said to be in: some thirty kilometres.
const NEAR: f64 = 0.3;

/// Reads a file.
///
/// # Errors
/// What is no XML, no IATI activity file of version 2, or too long.
pub(super) fn read(text: &str) -> Result<Contents, Wrong> {
    // A document type is refused by the reader, and with it every entity that grows.
    let document =
        Document::parse(text).map_err(|error| Wrong::new("others.no_xml").with("why", error.to_string()))?;
    let root = document.root_element();
    let version = root.attribute("version").unwrap_or_default();
    if !root.has_tag_name("iati-activities") || !version.starts_with("2.") {
        return Err(Wrong::new("others.no_iati"));
    }
    let mut contents = Contents::default();
    for activity in named(root, "iati-activity").take(MOST) {
        match told(activity) {
            Ok(one) => {
                contents.publisher =
                    contents.publisher.or_else(|| named(activity, "reporting-org").find_map(name));
                contents.told.push(one);
            }
            Err(why) => contents.refused.push((why, label(activity))),
        }
    }
    if named(root, "iati-activity").nth(MOST).is_some() {
        return Err(Wrong::new("others.too_long").with("n", MOST.to_string()));
    }
    Ok(contents)
}

fn named<'a, 'i: 'a>(node: Node<'a, 'i>, tag: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.has_tag_name(tag))
}

fn text(node: Node<'_, '_>) -> Option<String> {
    let text: String = node.text()?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

/// The first narrative of an element.
fn name(node: Node<'_, '_>) -> Option<String> {
    named(node, "narrative").find_map(text)
}

fn label(activity: Node<'_, '_>) -> String {
    let title = named(activity, "title").find_map(name);
    title.or_else(|| named(activity, "iati-identifier").find_map(text)).unwrap_or_else(|| "–".into())
}

fn language<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.attribute(("http://www.w3.org/XML/1998/namespace", "lang"))
}

/// The narratives of a title by language; one that says none is in the activity's, or in French.
fn title(activity: Node<'_, '_>) -> Option<Multi> {
    let usual = language(activity).unwrap_or("fr");
    let narratives = named(activity, "title").flat_map(|title| named(title, "narrative"));
    let told: BTreeMap<String, String> = narratives
        .filter_map(|one| {
            Some((language(one).unwrap_or(usual).chars().take(2).collect::<String>(), text(one)?))
        })
        .collect();
    let known: Vec<(String, String)> = told
        .into_iter()
        .map(|(lang, text)| (if ["fr", "ar", "en"].contains(&&*lang) { lang } else { "fr".into() }, text))
        .collect();
    (!known.is_empty()).then(|| Multi(known.into_iter().collect()))
}

fn date(activity: Node<'_, '_>, kinds: [&str; 2]) -> Option<Date> {
    kinds.iter().find_map(|kind| {
        let found = named(activity, "activity-date").find(|one| one.attribute("type") == Some(kind))?;
        found.attribute("iso-date")?.get(..10)?.parse().ok()
    })
}

fn told(activity: Node<'_, '_>) -> Result<Reported, &'static str> {
    let reference = named(activity, "iati-identifier").find_map(text).ok_or("no_reference")?;
    let title = title(activity).ok_or("no_title")?;
    let countries: Vec<&str> =
        named(activity, "recipient-country").filter_map(|country| country.attribute("code")).collect();
    if !countries.is_empty() && !countries.contains(&kernel::territory::COUNTRY) {
        return Err("elsewhere");
    }
    // Who carries it out; else who answers for it; else who tells of it.
    let of_role = |role: &str| {
        let found = named(activity, "participating-org").filter(|one| one.attribute("role") == Some(role));
        found.filter_map(name).take(3).collect::<Vec<_>>().join(", ")
    };
    let roles = ["4", "2", "1"].map(of_role);
    let actor = roles.into_iter().find(|actor| !actor.is_empty());
    let actor = actor.or_else(|| named(activity, "reporting-org").find_map(name)).ok_or("no_actor")?;
    let status = named(activity, "activity-status").find_map(|status| status.attribute("code"));
    let mut places: Vec<String> = named(activity, "location").filter_map(place).collect();
    places.sort();
    places.dedup();
    let purpose = named(activity, "sector")
        .filter(|one| one.attribute("vocabulary").is_none_or(|vocabulary| vocabulary == "1"))
        .find_map(|one| one.attribute("code"));
    Ok(Reported {
        reference,
        actor,
        title,
        theme: purpose.and_then(sector::of_code),
        sector: purpose.map(str::to_owned),
        places,
        since: date(activity, ["2", "1"]),
        until: date(activity, ["4", "3"]),
        status: match status {
            Some("1") => InterventionStatus::Planned,
            Some("3" | "4") => InterventionStatus::Done,
            Some("5") => InterventionStatus::Cancelled,
            _ => InterventionStatus::Running,
        },
    })
}

/// The division of a location: by our own code, by its name, or by the point.
fn place(location: Node<'_, '_>) -> Option<String> {
    let atlas = kernel::territory::atlas()?;
    let coded = [location.attribute("ref")].into_iter().flatten();
    let coded = coded.chain(named(location, "location-id").filter_map(|id| id.attribute("code")));
    if let Some(code) = coded.into_iter().find(|code| atlas.get(code).is_some()) {
        return Some(code.to_owned());
    }
    let names = named(location, "name").flat_map(|name| named(name, "narrative")).filter_map(text);
    if let Some(code) = names.into_iter().find_map(|name| kernel::territory::resolve_widest(&name).ok()) {
        return Some(code);
    }
    let point = named(location, "point").flat_map(|point| named(point, "pos")).find_map(text)?;
    let (lat, lon) = point.split_once(' ')?;
    nearest(lat.parse().ok()?, lon.trim().parse().ok()?)
}

/// The commune whose point is nearest, if one is near.
pub(super) fn nearest(lat: f64, lon: f64) -> Option<String> {
    let communes = kernel::territory::atlas()?.level(atlas::Level::Commune);
    let far = |commune: &atlas::Division| {
        Some((commune.lat? - lat).hypot((commune.lon? - lon) * lat.to_radians().cos()))
    };
    let found = communes.filter_map(|commune| Some((far(commune)?, commune)));
    let (distance, commune) = found.min_by(|a, b| a.0.total_cmp(&b.0))?;
    (distance <= NEAR).then(|| commune.code.clone())
}
