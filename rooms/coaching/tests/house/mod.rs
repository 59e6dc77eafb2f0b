//! What the tests of this room begin with: a programme, a cooperative enrolled in it, people with roles.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses its part; a test stops where it fails"
)]

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
    coaching::open_rules(include_str!("../../../../packs/ma/legal.toml"));
    kernel::territory::open(&pack, |_| "HCP".to_owned()).unwrap();
    vec![people::room(), registry::room(), programmes::room(), coaching::room(), kernel::testing::press()]
}

/// Ids of what stands there when a test begins.
pub(crate) struct Given {
    pub(crate) programme: Id,
    pub(crate) organisation: Id,
}

/// A running programme with one enrolled cooperative; the shipped instruments are there.
pub(crate) fn given(house: &House) -> Given {
    kernel::work::begin_day(&house.app).unwrap();
    let (programme, organisation, promotion) =
        (Id::named("programme"), Id::named("tiniri"), Id::named("promotion"));
    house.given(|tx| {
        let form = Fields::of([
            ("name.fr", "Programme"),
            ("since", "2026-01-01"),
            ("until", "2028-12-31"),
            ("status", "running"),
        ]);
        kernel::record::create::<programmes::Programme>(tx, programme, &form, Standing::Steward)?;
        let form = Fields::of([
            ("kind", "cooperative"),
            ("name.fr", "Tiniri"),
            ("place", "08.587.11.07"),
            ("status", "active"),
        ]);
        kernel::record::create::<registry::Organisation>(tx, organisation, &form, Standing::Steward)?;
        let form = Fields::of([
            ("programme", &*programme.to_string()),
            ("name.fr", "Promotion 1"),
            ("since", "2026-02-01"),
        ]);
        kernel::record::create::<programmes::Promotion>(tx, promotion, &form, Standing::Steward)?;
        let form = Fields::of([
            ("programme", &*programme.to_string()),
            ("promotion", &promotion.to_string()),
            ("organisation", &organisation.to_string()),
            ("status", "active"),
            ("since", "2026-02-02"),
        ]);
        kernel::record::create::<programmes::Enrolment>(tx, Id::named("enrolment"), &form, Standing::Steward)
    });
    Given { programme, organisation }
}

/// A coach of the programme.
pub(crate) fn coach<'a>(house: &'a House, given: &Given, name: &str) -> Visitor<'a> {
    sign_in(house, name, &[("coach", &format!("programme:{}", given.programme))])
}

/// The item of Boussole with this code.
pub(crate) fn item(code: &str) -> Id {
    Id::named(&format!("{} {code}", coaching::boussole()))
}

/// The codes of Boussole's short form.
pub(crate) const SHORT: [&str; 16] =
    ["A1", "A5", "B1", "B4", "C1", "C2", "D1", "E1", "E3", "E8", "F3", "F4", "G1", "H1", "I1", "J5"];

/// Begins a short diagnosis today; answers its id.
pub(crate) fn begin(visitor: &Visitor<'_>, organisation: Id, more: &[(&str, &str)]) -> String {
    let (id, boussole, today) =
        (Id::new().to_string(), coaching::boussole().to_string(), kernel::today().to_string());
    let mut form = vec![
        ("id", id.as_str()),
        ("instrument", boussole.as_str()),
        ("extent", "short"),
        ("held", today.as_str()),
    ];
    form.extend(more);
    visitor.post(&format!("/organisations/{organisation}/assessments"), &form).is(303);
    id
}

/// Answers an item with this level.
pub(crate) fn answer<'a>(
    visitor: &'a Visitor<'_>,
    assessment: &str,
    code: &str,
    level: &str,
    evidence: &str,
) -> kernel::testing::Answer<'a> {
    let form = [("level", level), ("evidence", evidence), ("version", "0"), ("note", "vu au registre")];
    visitor.post(&format!("/assessments/{assessment}/questions/{}", item(code)), &form)
}
