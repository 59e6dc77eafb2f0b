//! A published programme, as people meet it; each file tells one side.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

mod adx;
mod published;

use jiff::ToSpan;
use kernel::testing::{House, Visitor};
use kernel::{Id, Room};
use people::testing::sign_in;

fn rooms() -> Vec<Room> {
    let pack = atlas::Pack {
        divisions: include_str!("../../../packs/ma/divisions.csv"),
        census: include_str!("../../../packs/ma/census_2024.csv"),
        regions: include_str!("../../../packs/ma/regions.json"),
        provinces: include_str!("../../../packs/ma/provinces.json"),
        communes: include_str!("../../../packs/ma/communes.json"),
    };
    kernel::territory::open(&pack, |_| String::new()).unwrap();
    vec![
        people::room(),
        registry::room(),
        programmes::room(),
        training::room(),
        coaching::room(),
        survey::room(),
        impact::room(),
        open::room(),
    ]
}

fn put(visitor: &Visitor<'_>, path: &str, form: &[(&str, &str)]) -> String {
    let id = Id::new().to_string();
    let mut all = vec![("id", id.as_str())];
    all.extend(form);
    visitor.post(path, &all).is(303);
    id
}

fn day(days: i64) -> String {
    kernel::today().saturating_add(days.days()).to_string()
}

struct Place<'a> {
    boss: Visitor<'a>,
    manager: Visitor<'a>,
    partner: Visitor<'a>,
    programme: String,
    publisher: String,
    stranger: String,
}

impl Place<'_> {
    fn page(&self) -> String {
        format!("/programmes/{}/open-data", self.programme)
    }
    fn file(&self, name: &str) -> String {
        format!("{}/{name}", self.page())
    }
    /// What the manager declares, with these fields otherwise.
    fn declare(&self, version: &str, other: &[(&str, &str)]) -> u16 {
        let issued = day(0);
        let mut form = vec![
            ("version", version),
            (
                "_fields",
                "published,who_where,figures,activity,money,publisher,publisher_kind,identifier,sector,licence,issued",
            ),
            ("published", "yes"),
            ("who_where", "yes"),
            ("figures", "yes"),
            ("activity", "yes"),
            ("publisher", &*self.publisher),
            ("publisher_kind", "22"),
            ("identifier", "MA-ICE-001"),
            ("sector", "31194"),
            ("licence", "cc_by"),
            ("issued", &*issued),
        ];
        for (name, text) in other {
            form.retain(|(there, _)| there != name);
            form.push((name, text));
        }
        self.manager.post(&self.page(), &form).status
    }
    fn link(&self, who: &Visitor<'_>, secret: &str, form: &[(&str, &str)]) -> u16 {
        let (id, until) = (Id::named(secret).to_string(), day(30));
        let mut all = vec![
            ("id", id.as_str()),
            ("secret", secret),
            ("indicator", "members-registered"),
            ("cut", "sex"),
            ("until", &*until),
        ];
        for (name, text) in form {
            all.retain(|(there, _)| there != name);
            all.push((name, text));
        }
        who.post(&format!("/programmes/{}/figure-links", self.programme), &all).status
    }
}

/// A published programme of two cooperatives: seven members of the first are women, two of the second are men.
fn place(house: &House) -> Place<'_> {
    let boss = sign_in(house, "boss", &[("administrator", "platform")]);
    let form = [
        ("name.fr", "Programme <Atlas> & Drâa"),
        ("name.ar", "برنامج الأطلس"),
        ("since", &*day(-300)),
        ("until", &*day(300)),
        ("status", "running"),
        ("published", "yes"),
    ];
    let programme = put(&boss, "/programmes", &form);
    let scope = format!("programme:{programme}");
    let promotion = put(
        &boss,
        &format!("/programmes/{programme}/promotions"),
        &[("name.fr", "Promotion"), ("since", &*day(-200))],
    );
    let organisation = |name: &str, kind: &str, place: &str, published: &str| {
        let form =
            [("kind", kind), ("name", name), ("place", place), ("published", published), ("force", "yes")];
        put(&boss, "/organisations", &form)
    };
    let publisher = organisation("Association Tamghart", "association", "08.401.01.07", "yes");
    let stranger = organisation("Association Inconnue", "association", "08.401.01.07", "no");
    let giver = organisation("Mécène Discret", "sponsor", "08.401.01.07", "no");
    let form = [("organisation", &*publisher), ("role", "operator")];
    put(&boss, &format!("/programmes/{programme}/partners"), &form);
    for (name, place, people, sex) in [
        ("Coopérative Ayyur", "08.577.05.21", 7, people::Sex::Woman),
        ("Coopérative Targa", "08.587.11.07", 2, people::Sex::Man),
    ] {
        let cooperative = organisation(name, "cooperative", place, "no");
        let form = [("promotion", promotion.as_str()), ("organisation", &cooperative)];
        boss.post(&format!("/programmes/{programme}/enrol"), &form).is(303);
        house.given(|tx| {
            for n in 0..people {
                let person = people::Person {
                    id: Id::new(),
                    version: 1,
                    name: kernel::kinds::Multi::fr_ar(&format!("Zahra Ouchen {n}"), ""),
                    sex: Some(sex),
                    birth_year: None,
                    position: None,
                    phone: Some(kernel::kinds::Phone("+212661998877".into())),
                    speaks: None,
                    reads: None,
                    erased: false,
                };
                kernel::record::insert(tx, &person)?;
                let membership = registry::Membership {
                    id: Id::new(),
                    version: 1,
                    organisation: cooperative.parse::<Id>().map_err(kernel::Error::internal)?.into(),
                    person: person.id.into(),
                    since: None,
                    until: None,
                    active: true,
                };
                kernel::record::insert(tx, &membership)?;
            }
            Ok(())
        });
        for actor in [&publisher, &stranger] {
            let form = [
                ("actor", actor.as_str()),
                ("programme", &programme),
                ("theme", "quality"),
                ("title.fr", "Chez Zahra Ouchen"),
                ("since", &*day(-100)),
                ("status", "running"),
            ];
            put(&boss, &format!("/organisations/{cooperative}/interventions"), &form);
        }
    }
    let form =
        [("indicator", "members-registered"), ("target", "40"), ("due", &*day(200)), ("baseline", "3")];
    put(&boss, &format!("/programmes/{programme}/targets"), &form);
    let convention = put(
        &boss,
        &format!("/programmes/{programme}/conventions"),
        &[("title.fr", "Convention"), ("signed", &*day(-250))],
    );
    let form =
        [("organisation", &*giver), ("nature", "cash"), ("promised", "778899"), ("promised.currency", "MAD")];
    put(&boss, &format!("/conventions/{convention}/contributions"), &form);
    let manager = sign_in(house, "samira", &[("manager", &scope)]);
    let partner = sign_in(house, "karim", &[("partner", &scope)]);
    Place { boss, manager, partner, programme, publisher, stranger }
}
