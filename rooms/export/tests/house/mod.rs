//! What the tests of this room begin with: the house of the market, with the rooms that sell above it and what export keeps.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[allow(dead_code, reason = "the tests of the market need more of it")]
#[path = "../../../market/tests/house/mod.rs"]
mod market;

use kernel::testing::{House, Visitor};
use kernel::{Fields, Id, Room, Standing};

pub(crate) use market::{Given, day, product, represents, team};

pub(crate) fn rooms() -> Vec<Room> {
    export::open_rules(include_str!("../../../../packs/ma/export.toml"));
    let mut rooms = market::rooms();
    rooms.extend([sales::room(), pooled::room(), export::room()]);
    rooms
}

/// The cooperatives of the market; both press argan, on which a rule depends.
pub(crate) fn given(house: &House) -> Given {
    let given = market::given(house);
    house.given(|tx| {
        for id in [given.organisation, given.other] {
            let form = Fields::of([("activities", "argan")]);
            kernel::record::change::<registry::Organisation>(tx, id, 1, &form, Standing::Steward)?;
        }
        Ok(())
    });
    given
}

/// Adds a lot of the first of March; answers its id.
pub(crate) fn lot(who: &Visitor<'_>, product: &str, number: &str, quantity: &str) -> String {
    market::lot(who, product, number, "2026-03-01", quantity)
}

/// Adds a pack; answers its id.
pub(crate) fn pack(who: &Visitor<'_>, product: &str, name: &str, quantity: &str) -> String {
    let id = Id::new().to_string();
    let form = [("id", id.as_str()), ("name.fr", name), ("quantity", quantity)];
    who.post(&format!("/products/{product}/packs"), &form).is(303);
    id
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
