//! A programme with a cooperative and people who were trained; how its reports are composed and read.

use jiff::ToSpan;
use kernel::testing::{House, Visitor};
use kernel::{Fields, Id, Record, Room, Standing, sql, today};
use people::testing::sign_in;

pub(crate) fn rooms() -> Vec<Room> {
    let pack = atlas::Pack {
        divisions: include_str!("../../../../packs/ma/divisions.csv"),
        census: include_str!("../../../../packs/ma/census_2024.csv"),
        regions: include_str!("../../../../packs/ma/regions.json"),
        provinces: include_str!("../../../../packs/ma/provinces.json"),
        communes: include_str!("../../../../packs/ma/communes.json"),
    };
    kernel::territory::open(&pack, |_| "HCP".to_owned()).unwrap();
    let kernel = Room { name: "kernel", routes: kernel::web::own_routes(), ..Room::default() };
    vec![
        kernel,
        people::room(),
        registry::room(),
        programmes::room(),
        training::room(),
        coaching::room(),
        survey::room(),
        market::room(),
        sales::room(),
        pooled::room(),
        impact::room(),
        kernel::testing::press(),
    ]
}

pub(crate) fn made<R: Record>(house: &House, name: &str, form: &[(&str, &str)]) -> String {
    let fields = Fields(form.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect());
    house.given(|tx| kernel::record::create::<R>(tx, Id::named(name), &fields, Standing::Steward));
    Id::named(name).to_string()
}

pub(crate) fn ago(days: i64) -> String {
    today().saturating_sub(days.days()).to_string()
}

pub(crate) struct Ground<'a> {
    pub(crate) manager: Visitor<'a>,
    pub(crate) coach: Visitor<'a>,
    pub(crate) partner: Visitor<'a>,
    pub(crate) programme: String,
    pub(crate) cooperative: String,
    pub(crate) trainee: String,
}

/// A programme with a cooperative in it, a visit, and seven people trained ten days ago: three women, three men, and one
/// who did not say.
pub(crate) fn ground(house: &House) -> Ground<'_> {
    let (since, until) = (ago(400), today().saturating_add(400.days()).to_string());
    let form = [("name.fr", "Programme"), ("since", &since), ("until", &until), ("status", "running")];
    let programme = made::<programmes::Programme>(house, "programme", &form);
    let form = [
        ("kind", "cooperative"),
        ("name.fr", "Coopérative Tifaouine"),
        ("place", "08.587.11.07"),
        ("status", "active"),
    ];
    let cooperative = made::<registry::Organisation>(house, "cooperative", &form);
    let form = [("programme", programme.as_str()), ("name.fr", "Promotion 1"), ("since", &since)];
    let promotion = made::<programmes::Promotion>(house, "promotion", &form);
    let form = [
        ("programme", programme.as_str()),
        ("promotion", &promotion),
        ("organisation", &cooperative),
        ("status", "active"),
        ("since", &since),
    ];
    made::<programmes::Enrolment>(house, "enrolment", &form);
    let form = [("code", "M1"), ("title.fr", "Module"), ("hours", "3")];
    let module = made::<training::Module>(house, "module", &form);
    let form = [
        ("programme", programme.as_str()),
        ("module", &module),
        ("venue", "Salle"),
        ("capacity", "30"),
        ("status", "held"),
    ];
    let session = made::<training::Session>(house, "session", &form);
    let day = ago(10);
    let form = [
        ("programme", programme.as_str()),
        ("session", &session),
        ("day", &day),
        ("part", "morning"),
        ("minutes", "180"),
    ];
    let half = made::<training::HalfDay>(house, "half", &form);
    let mut present = Vec::new();
    for (n, sex) in ["woman", "woman", "woman", "man", "man", "man", ""].into_iter().enumerate() {
        let name = format!("Personne {n}");
        let person = made::<people::Person>(house, &name, &[("name.fr", &name), ("sex", sex)]);
        let form = [
            ("programme", programme.as_str()),
            ("session", &session),
            ("person", &person),
            ("organisation", &cooperative),
            ("role", "member"),
        ];
        present.push(made::<training::Participant>(house, &format!("participant {n}"), &form));
    }
    roll(house, &half, &present);
    let scope = format!("programme:{programme}");
    Ground {
        manager: sign_in(house, "samira", &[("manager", &scope)]),
        coach: sign_in(house, "amina", &[("coach", &scope)]),
        partner: sign_in(house, "mecenat", &[("partner", &scope)]),
        trainee: Id::named("Personne 0").to_string(),
        programme,
        cooperative,
    }
}

pub(crate) fn roll(house: &House, half: &str, present: &[String]) {
    house.given(|tx| {
        let half = kernel::record::get::<training::HalfDay>(tx, half.parse().unwrap())?;
        let present = present.iter().map(|one| (one.parse().unwrap(), true)).collect();
        training::take(tx, &half, &present, None).map(|_| ())
    });
}

/// Composes a report of the last year with this title, from a template.
pub(crate) fn compose(ground: &Ground<'_>, template: &str, title: &str, more: &[(&str, &str)]) -> String {
    let id = Id::new().to_string();
    let (since, until) = (ago(364), today().to_string());
    let mut form = vec![
        ("id", id.as_str()),
        ("template", template),
        ("title", title),
        ("language", "fr"),
        ("since", &since),
        ("until", &until),
    ];
    form.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    form.extend(more);
    let path = format!("/programmes/{}/reports", ground.programme);
    ground.manager.post(&path, &form).is(303).leads_to(&format!("/reports/{id}"));
    ground.manager.post(&path, &form).is(303);
    id
}

/// Adds a section of this kind and fills it.
pub(crate) fn section(ground: &Ground<'_>, report: &str, kind: &str, form: &[(&str, &str)]) -> String {
    let id = Id::new().to_string();
    let add = [("id", id.as_str()), ("kind", kind)];
    ground.manager.post(&format!("/reports/{report}/sections"), &add).is(303);
    ground.manager.post(&format!("/reports/{report}/sections"), &add).is(303);
    ground.manager.get(&format!("/report-sections/{id}/edit")).is(200);
    let mut all = vec![("version", "1")];
    all.extend(form);
    ground.manager.post(&format!("/report-sections/{id}"), &all).is(303);
    id
}

pub(crate) fn version(ground: &Ground<'_>, report: &str) -> String {
    ground.manager.get_json(&format!("/reports/{report}")).is(200).json()["version"].to_string()
}

pub(crate) fn freeze(ground: &Ground<'_>, report: &str) {
    let version = version(ground, report);
    ground.manager.post(&format!("/reports/{report}/freeze"), &[("version", &version)]).is(303);
}

/// What the first tile with this code says.
pub(crate) fn tile(page: &kernel::Json, code: &str) -> String {
    let parts = page["report"]["parts"].as_array().unwrap();
    let tiles = parts.iter().flat_map(|part| part["tiles"].as_array().unwrap());
    let found = tiles.into_iter().find(|tile| tile["code"] == code);
    found.unwrap_or_else(|| panic!("no {code}: {page}"))["said"].as_str().unwrap().to_owned()
}

pub(crate) fn facts(house: &House) -> i64 {
    house.look(|db| db.one(&sql("select count(*) from fact")))
}
