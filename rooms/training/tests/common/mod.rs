//! A programme with three cooperatives, their members and what was found of them; and who works for it.
#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "a test stops where it fails; each test uses what it needs"
)]

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::kinds::Multi;
use kernel::testing::{House, Visitor};
use kernel::{Fields, Id, Room, Standing, today};
use people::testing::sign_in;
use programmes::finding::{self, Subject};

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
    vec![kernel, people::room(), registry::room(), programmes::room(), training::room()]
}

pub(crate) struct Ground {
    pub(crate) programme: Id,
    pub(crate) module: Id,
    pub(crate) session: Id,
    /// Lacks the most, lacks a little, lacks nothing, not looked at.
    pub(crate) cooperatives: [Id; 4],
    /// Five members of each cooperative.
    pub(crate) members: [[Id; 5]; 4],
    /// The half-days of the session, today.
    pub(crate) half_days: [Id; 2],
}

fn made<R: kernel::Record>(house: &House, id: Id, form: &[(&str, &str)]) -> Id {
    let fields = Fields(form.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect());
    house.given(|tx| kernel::record::create::<R>(tx, id, &fields, Standing::Steward));
    id
}

pub(crate) fn days_ago(days: i64) -> Date {
    today().saturating_sub(days.days())
}

/// Everything at once, past all rights: a session of today with two half-days and thirty places.
pub(crate) fn ground(house: &House) -> Ground {
    let programme = made::<programmes::Programme>(
        house,
        Id::named("programme"),
        &[("name.fr", "Programme"), ("since", "2025-01-01"), ("until", "2030-12-31"), ("status", "running")],
    );
    let p = programme.to_string();
    let promotion = made::<programmes::Promotion>(
        house,
        Id::named("promotion"),
        &[("programme", &p), ("name.fr", "Promotion"), ("since", "2025-02-01")],
    );
    house.given(|tx| {
        let subject = |code: &str| Subject {
            code: code.into(),
            name: Multi::fr_ar(&format!("Sujet {code}"), "موضوع"),
            group: Multi::fr_ar("Finances", "المالية"),
        };
        finding::describe(tx, "try", &[subject("try/1"), subject("try/2")])
    });
    let names = ["Alpha", "Beta", "Gamma", "Delta"];
    let cooperatives = names.map(|name| {
        let id = made::<registry::Organisation>(
            house,
            Id::named(name),
            &[
                ("kind", "cooperative"),
                ("name.fr", &format!("Coopérative {name}")),
                ("place", "08.577.05.21"),
                ("status", "active"),
            ],
        );
        made::<programmes::Enrolment>(
            house,
            Id::named(&format!("enrolment {name}")),
            &[
                ("programme", &p),
                ("promotion", &promotion.to_string()),
                ("organisation", &id.to_string()),
                ("status", "active"),
                ("since", "2025-03-01"),
            ],
        );
        id
    });
    let members = [0, 1, 2, 3].map(|n| [0, 1, 2, 3, 4].map(|m| member(house, names[n], cooperatives[n], m)));
    for (n, levels) in [[0, 1], [2, 2], [3, 4]].into_iter().enumerate() {
        let levels = [("try/1".to_owned(), levels[0]), ("try/2".to_owned(), levels[1])];
        let source = Id::named(&format!("before {n}"));
        house.given(|tx| finding::state(tx, source, cooperatives[n], days_ago(30), &levels));
    }
    let module = made::<training::Module>(
        house,
        Id::named("module"),
        &[
            ("code", "GF1"),
            ("title.fr", "Tenir la caisse"),
            ("hours", "6"),
            ("subjects", "try/1,try/2"),
            ("published", "yes"),
        ],
    );
    let session = made::<training::Session>(
        house,
        Id::named("session"),
        &[
            ("programme", &p),
            ("module", &module.to_string()),
            ("capacity", "30"),
            ("status", "planned"),
            ("venue", "Salle"),
        ],
    );
    let half_days = ["morning", "afternoon"].map(|part| {
        made::<training::HalfDay>(
            house,
            Id::named(part),
            &[
                ("programme", &p),
                ("session", &session.to_string()),
                ("day", &today().to_string()),
                ("part", part),
                ("minutes", "180"),
            ],
        )
    });
    Ground { programme, module, session, cooperatives, members, half_days }
}

fn member(house: &House, cooperative: &str, organisation: Id, n: usize) -> Id {
    let person = Id::named(&format!("member {n} of {cooperative}"));
    let (name, sex) = (format!("Membre {n} {cooperative}"), if n == 4 { "man" } else { "woman" });
    let year = (1950 + n * 15).to_string();
    let stated = [("name.fr", name.as_str()), ("sex", sex), ("birth_year", &year)];
    // The third one states nothing but her name.
    made::<people::Person>(house, person, if n == 2 { &stated[..1] } else { &stated });
    made::<registry::Membership>(
        house,
        Id::named(&format!("membership {n} of {cooperative}")),
        &[("organisation", &organisation.to_string()), ("person", &person.to_string()), ("active", "yes")],
    );
    if n == 0 {
        made::<registry::Mandate>(
            house,
            Id::named(&format!("mandate of {cooperative}")),
            &[
                ("organisation", &organisation.to_string()),
                ("person", &person.to_string()),
                ("role", "president"),
                ("since", "2025-01-01"),
            ],
        );
    }
    person
}

impl Ground {
    pub(crate) fn page(&self, part: &str) -> String {
        format!("/training/sessions/{}{part}", self.session)
    }
    pub(crate) fn someone<'a>(&self, house: &'a House, name: &str, role: &str) -> Visitor<'a> {
        sign_in(house, name, &[(role, &format!("programme:{}", self.programme))])
    }
    pub(crate) fn trainer<'a>(&self, house: &'a House) -> Visitor<'a> {
        self.someone(house, "youssef", "trainer")
    }
    pub(crate) fn coach<'a>(&self, house: &'a House) -> Visitor<'a> {
        self.someone(house, "hanane", "coach")
    }
    pub(crate) fn manager<'a>(&self, house: &'a House) -> Visitor<'a> {
        self.someone(house, "samira", "manager")
    }
    pub(crate) fn partner<'a>(&self, house: &'a House) -> Visitor<'a> {
        self.someone(house, "karim", "partner")
    }
    /// Puts the first so many members of the first two cooperatives on the list; answers ids of participants.
    pub(crate) fn list(&self, house: &House, each: usize) -> Vec<Id> {
        let mut listed = Vec::new();
        for (organisation, members) in self.cooperatives.iter().zip(&self.members).take(2) {
            for person in members.iter().take(each) {
                let id = Id::named(&format!("participant {person}"));
                made::<training::Participant>(
                    house,
                    id,
                    &[
                        ("programme", &self.programme.to_string()),
                        ("session", &self.session.to_string()),
                        ("person", &person.to_string()),
                        ("organisation", &organisation.to_string()),
                        ("role", "member"),
                    ],
                );
                listed.push(id);
            }
        }
        listed
    }
    /// Saves a roll-call: everybody listed, and those who are there.
    pub(crate) fn call<'v>(
        &self,
        who: &'v Visitor<'_>,
        half: Id,
        listed: &[Id],
        there: &[Id],
    ) -> kernel::testing::Answer<'v> {
        let texts: Vec<(&str, String)> = [("half_day", half.to_string())]
            .into_iter()
            .chain(listed.iter().map(|id| ("listed", id.to_string())))
            .chain(there.iter().map(|id| ("present", id.to_string())))
            .collect();
        let form: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
        who.post(&self.page("/roll-call"), &form)
    }
}

/// How many facts of this kind were written.
pub(crate) fn facts(house: &House, kind: &str) -> i64 {
    house.look(|db| db.one(&kernel::sql("select count(*) from fact where kind = ?").bind(kind)))
}
