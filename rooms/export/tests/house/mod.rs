//! What the tests of this room begin with: two cooperatives, one of them enrolled in a programme, and people with roles.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::testing::{House, Visitor};
use kernel::{Fields, Id, Room, Standing};
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
    export::open_rules(include_str!("../../../../packs/ma/export.toml"));
    let kernel = Room { name: "kernel", routes: kernel::web::own_routes(), ..Room::default() };
    vec![
        kernel,
        people::room(),
        registry::room(),
        programmes::room(),
        market::room(),
        sales::room(),
        export::room(),
        kernel::testing::press(),
    ]
}

/// Ids of what stands there when a test begins.
pub(crate) struct Given {
    pub(crate) programme: Id,
    pub(crate) organisation: Id,
    pub(crate) other: Id,
}

/// A public cooperative in a programme, and another one that nobody accompanies.
pub(crate) fn given(house: &House) -> Given {
    let (programme, organisation, other) =
        (Id::named("programme"), Id::named("organisation tiniri"), Id::named("organisation other"));
    house.given(|tx| {
        let form = Fields::of([
            ("name.fr", "Programme"),
            ("since", "2026-01-01"),
            ("until", "2028-12-31"),
            ("status", "running"),
        ]);
        kernel::record::create::<programmes::Programme>(tx, programme, &form, Standing::Steward)?;
        for (id, (name, arabic)) in [(organisation, ("Tiniri", "تينيري")), (other, ("Autre", "أخرى"))]
        {
            let form = Fields::of([
                ("kind", "cooperative"),
                ("name.fr", name),
                ("name.ar", arabic),
                ("place", "08.577.01.05"),
                ("status", "active"),
                ("activities", "argan"),
                ("published", "yes"),
            ]);
            kernel::record::create::<registry::Organisation>(tx, id, &form, Standing::Steward)?;
        }
        let promotion = Id::named("promotion");
        let (p, o) = (programme.to_string(), organisation.to_string());
        let form = Fields::of([("programme", &*p), ("name.fr", "Promotion 1"), ("since", "2026-02-01")]);
        kernel::record::create::<programmes::Promotion>(tx, promotion, &form, Standing::Steward)?;
        let form = Fields::of([
            ("programme", &*p),
            ("promotion", &promotion.to_string()),
            ("organisation", &o),
            ("status", "active"),
            ("since", "2026-02-02"),
        ]);
        kernel::record::create::<programmes::Enrolment>(tx, Id::named("enrolment"), &form, Standing::Steward)
    });
    Given { programme, organisation, other }
}

/// Somebody with a role in the programme.
pub(crate) fn team<'a>(house: &'a House, given: &Given, role: &str) -> Visitor<'a> {
    sign_in(house, role, &[(role, &format!("programme:{}", given.programme))])
}

/// The representative of a cooperative.
pub(crate) fn represents<'a>(house: &'a House, organisation: Id, name: &str) -> Visitor<'a> {
    sign_in(house, name, &[("representative", &format!("organisation:{organisation}"))])
}

/// Adds a product; answers its id.
pub(crate) fn product(who: &Visitor<'_>, organisation: Id, more: &[(&str, &str)]) -> String {
    let id = Id::new().to_string();
    let mut form = vec![
        ("id", id.as_str()),
        ("kind", "food"),
        ("making", "repeated"),
        ("name.fr", "Eau de rose"),
        ("name.ar", "ماء الورد"),
        ("unit", "ml"),
        ("ingredients.fr", "Rosa damascena"),
    ];
    for (name, value) in more {
        form.retain(|(there, _)| there != name);
        form.push((name, value));
    }
    who.post(&format!("/organisations/{organisation}/products"), &form).is(303);
    id
}

/// Adds a lot; answers its id.
pub(crate) fn lot(who: &Visitor<'_>, product: &str, number: &str, quantity: &str) -> String {
    let id = Id::new().to_string();
    let form = [("id", id.as_str()), ("number", number), ("produced", "2026-03-01"), ("quantity", quantity)];
    who.post(&format!("/products/{product}/lots"), &form).is(303);
    id
}

/// Adds a pack; answers its id.
pub(crate) fn pack(who: &Visitor<'_>, product: &str, name: &str, quantity: &str) -> String {
    let id = Id::new().to_string();
    let form = [("id", id.as_str()), ("name.fr", name), ("quantity", quantity)];
    who.post(&format!("/products/{product}/packs"), &form).is(303);
    id
}

/// A day so many days from today, as forms say it.
pub(crate) fn day(from_today: i64) -> String {
    kernel::today().saturating_add(jiff::ToSpan::days(from_today)).to_string()
}

/// Adds a statement; answers its id.
pub(crate) fn statement(who: &Visitor<'_>, organisation: Id, kind: &str, more: &[(&str, &str)]) -> String {
    let id = Id::new().to_string();
    let since = day(-30);
    let mut form = vec![("id", id.as_str()), ("kind", kind), ("number", "N-77"), ("since", &since)];
    for (name, value) in more {
        form.retain(|(there, _)| there != name);
        form.push((name, value));
    }
    who.post(&format!("/organisations/{organisation}/export-statements"), &form).is(303);
    id
}
