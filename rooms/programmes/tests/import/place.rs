//! The place where the imports of these tests happen, and what people do there.

use kernel::testing::{Answer, House, Visitor};
use kernel::{Id, Json, Room, sql};
use people::testing::sign_in;
use programmes::Intervention;

pub(crate) fn rooms() -> Vec<Room> {
    let pack = atlas::Pack {
        divisions: include_str!("../../../../packs/ma/divisions.csv"),
        census: include_str!("../../../../packs/ma/census_2024.csv"),
        regions: include_str!("../../../../packs/ma/regions.json"),
        provinces: include_str!("../../../../packs/ma/provinces.json"),
        communes: include_str!("../../../../packs/ma/communes.json"),
    };
    kernel::territory::open(&pack, |_| String::new()).unwrap();
    let kernel = Room { name: "kernel", routes: kernel::web::own_routes(), ..Room::default() };
    vec![kernel, people::room(), registry::room(), programmes::room()]
}

pub(crate) const IMPORTS: &str = "/convergence/imports";
pub(crate) const ICE: &str = "001234567000089";

/// Ayyur and Tiniri are in Hanane's programme, the far one is not; two actors are public; one aid is known.
pub(crate) struct Place<'a> {
    pub(crate) hanane: Visitor<'a>,
    pub(crate) ayyur: String,
    pub(crate) tiniri: String,
    pub(crate) programme: String,
}

pub(crate) fn registered(visitor: &Visitor<'_>, kind: &str, name: &str, more: &[(&str, &str)]) -> String {
    let id = Id::new().to_string();
    let mut form = vec![("id", id.as_str()), ("kind", kind), ("name", name), ("place", "Ikniouen")];
    form.push(("force", "yes"));
    form.extend(more);
    visitor.post("/organisations", &form).is(303);
    id
}

pub(crate) fn place(house: &House) -> Place<'_> {
    let boss = sign_in(house, "boss", &[("administrator", "platform")]);
    let ayyur = registered(&boss, "cooperative", "Coopérative Ayyur", &[("ice", ICE)]);
    let tiniri = registered(&boss, "cooperative", "Coopérative Tiniri", &[("phone", "0661000002")]);
    registered(&boss, "cooperative", "Coopérative Tamount", &[("phone", "0661000003")]);
    registered(&boss, "institution", "Office Deux", &[("acronym", "OD"), ("published", "yes")]);
    let une = registered(&boss, "association", "Association Une", &[("published", "yes")]);
    let (programme, promotion) = (Id::new().to_string(), Id::new().to_string());
    let form = [
        ("id", programme.as_str()),
        ("name.fr", "Programme Atlas"),
        ("since", "2026-01-01"),
        ("until", "2027-12-31"),
        ("status", "running"),
    ];
    boss.post("/programmes", &form).is(303);
    let form = [("id", promotion.as_str()), ("name.fr", "Promotion 1"), ("since", "2026-02-01")];
    boss.post(&format!("/programmes/{programme}/promotions"), &form).is(303);
    for organisation in [&ayyur, &tiniri] {
        let form = [("promotion", promotion.as_str()), ("organisation", organisation)];
        boss.post(&format!("/programmes/{programme}/enrol"), &form).is(303);
    }
    let form = [
        ("actor", une.as_str()),
        ("theme", "quality"),
        ("title.fr", "Label"),
        ("since", "2026-01-10"),
        ("status", "running"),
    ];
    boss.post(&format!("/organisations/{ayyur}/interventions"), &form).is(303);
    let hanane = sign_in(house, "hanane", &[("manager", &format!("programme:{programme}"))]);
    Place { hanane, ayyur, tiniri, programme }
}

pub(crate) fn path(answer: &Answer<'_>) -> String {
    answer.location.clone().unwrap().split('?').next().unwrap().to_owned()
}

pub(crate) fn targets(visitor: &Visitor<'_>, import: &str) -> Vec<String> {
    let page = visitor.get_json(import).is(200).json();
    let columns = page["columns"].as_array().unwrap();
    columns.iter().map(|column| column["target"].as_str().unwrap().to_owned()).collect()
}

/// Takes the mapping as it was guessed.
pub(crate) fn confirm(house: &House, visitor: &Visitor<'_>, import: &str) {
    let names: Vec<(String, String)> =
        (0..).map(|i| format!("column.{i}")).zip(targets(visitor, import)).collect();
    let form: Vec<(&str, &str)> =
        names.iter().map(|(name, target)| (name.as_str(), target.as_str())).collect();
    visitor.post(&format!("{import}/mapping"), &form).is(303);
    house.work();
}

pub(crate) fn brought(house: &House, visitor: &Visitor<'_>, name: &str, bytes: &[u8]) -> String {
    let import = path(&visitor.upload(IMPORTS, &[], "file", name, bytes).is(303));
    confirm(house, visitor, &import);
    import
}

pub(crate) fn act(house: &House, visitor: &Visitor<'_>, import: &str, action: &str) {
    visitor.post(&format!("{import}/{action}"), &[]).is(303);
    house.work();
}

pub(crate) fn counts(visitor: &Visitor<'_>, import: &str) -> Json {
    visitor.get_json(import).is(200).json()["counts"].clone()
}

pub(crate) fn lines(visitor: &Visitor<'_>, import: &str, list: &str) -> Vec<Json> {
    let page = visitor.get_json(&format!("{import}?list={list}")).is(200).json();
    page["lines"].as_array().unwrap().clone()
}

pub(crate) fn interventions(house: &House) -> i64 {
    house.look(|db| db.one(&sql("select count(*) from intervention").open("a test")))
}

pub(crate) fn record(house: &House, line: &Json) -> Intervention {
    let id = line["record"].as_str().unwrap().parse().unwrap();
    house.look(|db| kernel::record::get::<Intervention>(db, id))
}
