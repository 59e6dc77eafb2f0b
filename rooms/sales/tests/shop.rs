//! A cooperative with something to sell, and a buyer with a basket.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crate::house::{Given, day, given, lot, photo, product, publish, represents};
use kernel::testing::{House, Visitor};
use kernel::{Id, Room, sql};

pub(crate) fn rooms() -> Vec<Room> {
    let mut rooms = crate::house::rooms();
    rooms.push(sales::room());
    rooms
}

/// What is offered: rose water in bottles of 250 ml at 45 dirhams, of which ten lie in two lots.
pub(crate) struct Shop<'a> {
    pub(crate) given: Given,
    pub(crate) presidente: Visitor<'a>,
    pub(crate) product: String,
    pub(crate) pack: String,
    pub(crate) lots: [String; 2],
}

pub(crate) fn shop(house: &House) -> Shop<'_> {
    let given = given(house);
    let presidente = represents(house, given.organisation, "presidente");
    let product = product(&presidente, given.organisation, &[]);
    let pack = Id::new().to_string();
    let form = [("id", &*pack), ("name.fr", "Flacon de 250 ml"), ("quantity", "250")];
    presidente.post(&format!("/products/{product}/packs"), &form).is(303);
    price(&presidente, &product, &pack, "individual", "45");
    price(&presidente, &product, &pack, "shop", "38");
    let late = lot(&presidente, &product, "R-2", &day(-5), "1500");
    let early = lot(&presidente, &product, "R-1", &day(-9), "1000");
    photo(&presidente, &product);
    publish(&presidente, &product);
    Shop { given, presidente, product, pack, lots: [early, late] }
}

pub(crate) fn price(who: &Visitor<'_>, product: &str, pack: &str, buyer: &str, price: &str) {
    let form = [("pack", pack), ("buyer", buyer), ("price", price), ("price.currency", "MAD")];
    who.post(&format!("/products/{product}/prices"), &form).is(303);
}

/// A browser with so many of an article in its basket.
pub(crate) fn with_basket<'a>(house: &'a House, article: &str, count: i64) -> Visitor<'a> {
    house.visitor().cookie("tiwizi_basket", &format!("{article}.{count}"))
}

/// A secret as the page of a basket makes them.
pub(crate) fn secret(name: &str) -> String {
    people::secret_digest(name).chars().take(64).collect()
}

/// What a buyer says.
pub(crate) fn buyer<'a>(secret: &'a str, act: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("secret", secret),
        ("act", act),
        ("name", "Épicerie du Levant"),
        ("buyer", "shop"),
        ("phone", "0522000000"),
        ("country", "MA"),
        ("town", "Casablanca"),
    ]
}

pub(crate) fn count(house: &House, statement: &str) -> i64 {
    house.look(|db| db.one(&sql(statement).open("test")))
}

/// The one order of this link, as JSON.
pub(crate) fn order(who: &Visitor<'_>, secret: &str) -> kernel::Json {
    who.get_json(&format!("/bought/{secret}")).is(200).json()["orders"][0].clone()
}
