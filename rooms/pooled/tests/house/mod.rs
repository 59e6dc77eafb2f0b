//! What the tests of this room begin with: a GIE with three cooperatives, a fourth one outside, and people.
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
    let kernel = Room { name: "kernel", routes: kernel::web::own_routes(), ..Room::default() };
    vec![
        kernel,
        people::room(),
        registry::room(),
        programmes::room(),
        market::room(),
        pooled::room(),
        kernel::testing::press(),
    ]
}

/// Names of the cooperatives; the first three are in the GIE.
pub(crate) const NAMES: [&str; 4] = ["Afra", "Bouzza", "Chems", "Dehors"];

/// The id of a cooperative or of the GIE.
pub(crate) fn org(name: &str) -> Id {
    Id::named(&format!("organisation {name}"))
}

/// A GIE with three cooperatives in it and one beside.
pub(crate) fn given(house: &House) {
    house.given(|tx| {
        for (name, kind) in [("Gie", "gie")].into_iter().chain(NAMES.map(|name| (name, "cooperative"))) {
            let form = Fields::of([
                ("kind", kind),
                ("name.fr", name),
                ("place", "08.577.01.05"),
                ("status", "active"),
                ("published", "yes"),
                ("members", "10"),
            ]);
            kernel::record::create::<registry::Organisation>(tx, org(name), &form, Standing::Steward)?;
        }
        for name in &NAMES[..3] {
            let (gie, member) = (org("Gie").to_string(), org(name).to_string());
            let form = Fields::of([("union_of", &*gie), ("member", &*member)]);
            kernel::record::create::<registry::Affiliation>(
                tx,
                Id::named(&format!("in {name}")),
                &form,
                Standing::Steward,
            )?;
        }
        Ok(())
    });
}

/// The representative of an organisation.
pub(crate) fn of<'a>(house: &'a House, name: &str) -> Visitor<'a> {
    sign_in(house, name, &[("representative", &format!("organisation:{}", org(name)))])
}

/// Somebody who works on the file of an organisation without being of it.
pub(crate) fn coach<'a>(house: &'a House, who: &str, name: &str) -> Visitor<'a> {
    sign_in(house, who, &[("coach", &format!("organisation:{}", org(name)))])
}

/// A day so many days from today, as forms say it.
pub(crate) fn day(from_today: i64) -> String {
    kernel::today().saturating_add(jiff::ToSpan::days(from_today)).to_string()
}

/// The form of an order: 100 packs of 5 kg.
pub(crate) fn order_form<'a>(
    id: &'a str,
    days: &'a [String; 2],
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("id", id),
        ("buyer", "Maison Palmeraie"),
        ("country", "fr"),
        ("product.fr", "Dattes en caisses"),
        ("unit", "g"),
        ("pack", "5000"),
        ("packs", "100"),
        ("tolerance", "5"),
        ("second_grade", "50"),
        ("price", "12,50"),
        ("price.currency", "EUR"),
        ("incoterm", "FCA"),
        ("place", "Ouarzazate"),
        ("deliver", days[1].as_str()),
        ("mode", "lead"),
        ("rule", "pledge"),
        ("closes", days[0].as_str()),
    ];
    for (name, value) in more {
        form.retain(|(there, _)| there != name);
        form.push((name, value));
    }
    form
}

/// An order of the GIE that is open for pledges; answers its id.
pub(crate) fn opened(lead: &Visitor<'_>, more: &[(&str, &str)]) -> String {
    let (id, days) = (Id::new().to_string(), [day(5), day(30)]);
    lead.post(&format!("/organisations/{}/pooled-orders", org("Gie")), &order_form(&id, &days, more)).is(303);
    lead.post(&format!("/pooled-orders/{id}/opening"), &[("version", "1")]).is(303);
    id
}

/// The part of a cooperative in an order.
pub(crate) fn part(house: &House, order: &str, name: &str) -> String {
    let query = kernel::sql("select id from pooled_part where pooled_order = ? and organisation = ?")
        .bind(order.parse::<Id>().unwrap())
        .bind(org(name))
        .open("test");
    house.look(|db| db.one::<Id>(&query)).to_string()
}

/// A pledge of a cooperative itself; answers the status.
pub(crate) fn pledge(house: &House, order: &str, name: &str, most: &str, more: &[(&str, &str)]) -> u16 {
    let path = format!("/pooled-parts/{}/pooled-pledges", part(house, order, name));
    let ready = day(20);
    let mut form = vec![("most", most), ("ready", ready.as_str()), ("how", "own")];
    form.extend_from_slice(more);
    of(house, name).post(&path, &form).status
}

/// The packs of the last round, by name.
pub(crate) fn shares(house: &House, order: &str) -> Vec<(i64, String)> {
    let id: Id = order.parse().unwrap();
    NAMES[..3]
        .iter()
        .filter_map(|name| {
            let query = kernel::sql(
                "select s.packs, s.answer from pooled_share s join pooled_part m on m.id = s.part
                 where m.pooled_order = ? and m.organisation = ? order by s.round desc limit 1",
            )
            .bind(id)
            .bind(org(name))
            .open("test");
            house.look(|db| db.row(&query, |row| Ok((row.take()?, row.take()?))))
        })
        .collect()
}

/// What a cooperative says to its share; answers the status.
pub(crate) fn says(house: &House, order: &str, name: &str, answer: &str, round: &str) -> u16 {
    let path = format!("/pooled-parts/{}/answer", part(house, order, name));
    of(house, name).post(&path, &[("answer", answer), ("round", round)]).status
}

/// A product of a cooperative with one lot of so many packs of 5 kg; answers the lot.
pub(crate) fn lot(house: &House, name: &str, number: &str, packs: i64) -> String {
    let (product, lot) = (Id::new().to_string(), Id::new().to_string());
    let who = of(house, name);
    let form = [
        ("id", product.as_str()),
        ("kind", "food"),
        ("making", "repeated"),
        ("name.fr", "Dattes"),
        ("unit", "g"),
    ];
    who.post(&format!("/organisations/{}/products", org(name)), &form).is(303);
    let (made, quantity) = (day(-10), (packs * 5_000).to_string());
    let form = [
        ("id", lot.as_str()),
        ("number", number),
        ("produced", made.as_str()),
        ("quantity", quantity.as_str()),
    ];
    who.post(&format!("/products/{product}/lots"), &form).is(303);
    lot
}

/// What is left of a lot, in grams.
pub(crate) fn left(house: &House, lot: &str) -> i64 {
    let query = "select cast(l.quantity + coalesce((select sum(case when m.reason in ('found', 'returned') then m.quantity
                 else -m.quantity end) from lot_movement m where m.lot = l.id), 0) as bigint) from lot l where l.id = ?";
    house.look(|db| db.one(&kernel::sql(query).bind(lot.parse::<Id>().unwrap()).open("test")))
}
