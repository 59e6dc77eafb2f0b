//! What these tests begin with: a programme with a cooperative, a session with people, and devices that send.
#![allow(dead_code, clippy::unwrap_used, reason = "each test uses its part; a test stops where it fails")]

pub(crate) mod collect;

use kernel::testing::{Answer, House, Visitor};
use kernel::{Fields, Id, Json, Room, Standing};
use people::testing::sign_in;
use serde_json::json;

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
    vec![
        people::room(),
        registry::room(),
        programmes::room(),
        training::room(),
        coaching::room(),
        market::room(),
        survey::room(),
        field::room(),
    ]
}

/// Ids of what stands there when a test begins.
pub(crate) struct Given {
    pub(crate) programme: Id,
    pub(crate) organisation: Id,
    pub(crate) session: Id,
    pub(crate) half_day: Id,
}

fn made<R: kernel::Record>(house: &House, name: &str, form: &[(&str, &str)]) -> Id {
    let id = Id::named(name);
    let fields = Fields(form.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect());
    house.given(|tx| kernel::record::create::<R>(tx, id, &fields, Standing::Steward));
    id
}

/// A running programme with an enrolled cooperative and a session of today.
pub(crate) fn given(house: &House) -> Given {
    kernel::work::begin_day(&house.app).unwrap();
    let programme = made::<programmes::Programme>(
        house,
        "programme",
        &[("name.fr", "Programme"), ("since", "2026-01-01"), ("until", "2028-12-31"), ("status", "running")],
    );
    let p = programme.to_string();
    let organisation = made::<registry::Organisation>(
        house,
        "tiniri",
        &[("kind", "cooperative"), ("name.fr", "Tiniri"), ("place", "08.587.11.07"), ("status", "active")],
    );
    let o = organisation.to_string();
    let since = ("since", "2026-02-01");
    let promotion = made::<programmes::Promotion>(
        house,
        "promotion",
        &[("programme", &p), ("name.fr", "Promotion 1"), since],
    );
    let promotion = promotion.to_string();
    made::<programmes::Enrolment>(
        house,
        "enrolment",
        &[("programme", &p), ("promotion", &promotion), ("organisation", &o), ("status", "active"), since],
    );
    let module = made::<training::Module>(
        house,
        "module",
        &[("code", "CAISSE"), ("title.fr", "Tenir la caisse"), ("hours", "6"), ("published", "yes")],
    );
    let module = module.to_string();
    let session = made::<training::Session>(
        house,
        "session",
        &[("programme", &p), ("module", &module), ("capacity", "30"), ("status", "open")],
    );
    let (s, today) = (session.to_string(), kernel::today().to_string());
    let half_day = made::<training::HalfDay>(
        house,
        "half-day",
        &[("programme", &p), ("session", &s), ("day", &today), ("part", "morning"), ("minutes", "180")],
    );
    Given { programme, organisation, session, half_day }
}

impl Given {
    /// A coach of the programme.
    pub(crate) fn coach<'a>(&self, house: &'a House, name: &str) -> Visitor<'a> {
        sign_in(house, name, &[("coach", &format!("programme:{}", self.programme))])
    }

    /// A manager of the programme.
    pub(crate) fn manager<'a>(&self, house: &'a House, name: &str) -> Visitor<'a> {
        sign_in(house, name, &[("manager", &format!("programme:{}", self.programme))])
    }

    /// The address of the cooperative.
    pub(crate) fn page(&self) -> String {
        format!("/organisations/{}", self.organisation)
    }
}

/// The telephone of somebody.
pub(crate) struct Phone<'a> {
    pub(crate) who: &'a Visitor<'a>,
    pub(crate) id: Id,
    pub(crate) branch: Id,
    /// How far its clock is behind; milliseconds.
    pub(crate) behind: i64,
}

impl<'a> Phone<'a> {
    pub(crate) fn of(who: &'a Visitor<'a>) -> Phone<'a> {
        Phone { who, id: Id::new(), branch: Id::new(), behind: 0 }
    }

    /// A form that is filled in now.
    pub(crate) fn fill(&self, path: &str, form: &[(&str, &str)]) -> Json {
        self.fill_at(kernel::now(), path, form)
    }

    /// A form that was filled in at this instant.
    pub(crate) fn fill_at(&self, at: i64, path: &str, form: &[(&str, &str)]) -> Json {
        json!({
            "id": Id::new(), "at": at - self.behind, "skew": self.behind, "branch": self.branch, "after": [],
            "path": path, "form": form, "files": [],
        })
    }

    /// Sends work.
    pub(crate) fn send(&self, commands: &[Json]) -> Answer<'_> {
        self.send_as(Id::new(), commands)
    }

    /// Sends work as the batch of this id.
    pub(crate) fn send_as(&self, batch: Id, commands: &[Json]) -> Answer<'_> {
        let body = json!({ "id": batch, "device": self.id, "sent_at": kernel::now(), "commands": commands });
        self.who.call("POST", "/field/batches", &[("content-type", "application/json")], body.to_string())
    }

    /// Sends one piece of work; answers its state.
    pub(crate) fn state_of(&self, command: &Json) -> String {
        let answer = self.send(std::slice::from_ref(command)).is(200).json();
        answer["commands"][0]["state"].as_str().unwrap().to_owned()
    }

    /// Asks what became of work.
    pub(crate) fn ask(&self, command: &Json) -> Json {
        let id = command["id"].as_str().unwrap();
        let answer = self.who.get_json(&format!("/field/commands?ids={id}")).is(200).json();
        answer["commands"][0].clone()
    }
}

/// The version of the cooperative and one of its fields.
pub(crate) fn organisation(who: &Visitor<'_>, given: &Given) -> Json {
    who.get_json(&given.page()).is(200).json()
}
