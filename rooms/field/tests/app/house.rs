//! A programme with cooperatives, members, a plan, a visit and a session; and who works for it.

use kernel::testing::{House, Visitor};
use kernel::{Fields, Id, Record, Room, Standing, today};
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
        market::room(),
        survey::room(),
        field::room(),
        kernel::testing::press(),
    ]
}

pub(crate) fn made<R: Record>(house: &House, id: Id, form: &[(&str, &str)]) -> Id {
    let fields = Fields(form.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect());
    house.given(|tx| kernel::record::create::<R>(tx, id, &fields, Standing::Steward));
    id
}

/// Names of places: of Tinghir and of Zagora.
const PLACES: [&str; 2] = ["08.577.05.21", "08.587.11.07"];

/// A programme with so many cooperatives, every second one in another province, each with so many members.
pub(crate) fn programme(house: &House, name: &str, cooperatives: usize, members: usize) -> Id {
    kernel::work::begin_day(&house.app).unwrap();
    let programme = made::<programmes::Programme>(
        house,
        Id::named(name),
        &[("name.fr", name), ("since", "2025-01-01"), ("until", "2030-12-31"), ("status", "running")],
    );
    let p = programme.to_string();
    let promotion = made::<programmes::Promotion>(
        house,
        Id::named(&format!("promotion of {name}")),
        &[("programme", &p), ("name.fr", "Promotion"), ("since", "2025-02-01")],
    );
    for n in 0..cooperatives {
        let french = format!("Coopérative {n} de {name}");
        let arabic = format!("تعاونية {n}");
        let id = made::<registry::Organisation>(
            house,
            cooperative(name, n),
            &[
                ("kind", "cooperative"),
                ("name.fr", &french),
                ("name.ar", &arabic),
                ("place", PLACES[n % 2]),
                ("phone", "0661000000"),
                ("status", "active"),
            ],
        );
        let o = id.to_string();
        made::<programmes::Enrolment>(
            house,
            Id::named(&format!("enrolment {n} of {name}")),
            &[
                ("programme", &p),
                ("promotion", &promotion.to_string()),
                ("organisation", &o),
                ("status", "active"),
                ("since", "2025-03-01"),
            ],
        );
        for m in 0..members {
            member(house, name, n, m, &o);
        }
        made::<coaching::Action>(
            house,
            Id::named(&format!("action {n} of {name}")),
            &[
                ("organisation", &o),
                ("title.fr", "Compter la caisse à deux chaque mois"),
                ("status", "agreed"),
                ("due", "2027-01-20"),
                ("owner", "La trésorière"),
            ],
        );
    }
    programme
}

pub(crate) fn cooperative(programme: &str, n: usize) -> Id {
    Id::named(&format!("cooperative {n} of {programme}"))
}

const GIVEN: [&str; 10] =
    ["Fatima", "Aïcha", "Khadija", "Naïma", "Zahra", "Hadda", "Itto", "Mina", "Rqia", "Saadia"];
const FAMILY: [&str; 9] = [
    "Aït Oufella",
    "Ben Salah",
    "Oufkir",
    "El Mansouri",
    "Tagmat",
    "Bnou Khayal",
    "Imaghrane",
    "Azzouzi",
    "N’Aït Ali",
];

fn member(house: &House, programme: &str, n: usize, m: usize, organisation: &str) {
    let name = format!("{} {}", GIVEN[(n + m) % GIVEN.len()], FAMILY[(n * 7 + m) % FAMILY.len()]);
    let key = format!("member {m} of {n} of {programme}");
    let person = made::<people::Person>(
        house,
        Id::named(&key),
        &[("name.fr", &name), ("sex", "woman"), ("phone", "0661000001")],
    );
    let person = person.to_string();
    made::<registry::Membership>(
        house,
        Id::named(&format!("{key} in it")),
        &[("organisation", organisation), ("person", &person), ("active", "yes")],
    );
    if m == 0 {
        let mandate = [
            ("organisation", organisation),
            ("person", &person),
            ("role", "president"),
            ("since", "2025-01-01"),
        ];
        made::<registry::Mandate>(house, Id::named(&format!("{key} presides")), &mandate);
    }
}

/// A session of today with so many of the first cooperative's members on its list.
pub(crate) fn session(house: &House, name: &str, listed: usize) -> Id {
    let p = Id::named(name).to_string();
    let module = made::<training::Module>(
        house,
        Id::named(&format!("module of {name}")),
        &[("code", "GF1"), ("title.fr", "Tenir la caisse"), ("hours", "6"), ("published", "yes")],
    );
    let session = made::<training::Session>(
        house,
        Id::named(&format!("session of {name}")),
        &[("programme", &p), ("module", &module.to_string()), ("capacity", "30"), ("status", "planned")],
    );
    for part in ["morning", "afternoon"] {
        made::<training::HalfDay>(
            house,
            Id::named(&format!("{part} of {name}")),
            &[
                ("programme", &p),
                ("session", &session.to_string()),
                ("day", &today().to_string()),
                ("part", part),
                ("minutes", "180"),
            ],
        );
    }
    for m in 0..listed {
        made::<training::Participant>(
            house,
            Id::named(&format!("participant {m} of {name}")),
            &[
                ("programme", &p),
                ("session", &session.to_string()),
                ("person", &Id::named(&format!("member {m} of 0 of {name}")).to_string()),
                ("organisation", &cooperative(name, 0).to_string()),
                ("role", "member"),
            ],
        );
    }
    session
}

/// Somebody with a role in a programme.
pub(crate) fn someone<'a>(house: &'a House, name: &str, role: &str, programme: Id) -> Visitor<'a> {
    sign_in(house, name, &[(role, &format!("programme:{programme}"))])
}
