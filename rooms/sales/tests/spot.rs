//! Sold on the spot: at a souk, at a fair, at the door of the workshop.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crate::house::{day, product, publish, represents};
use crate::shop::{Shop, count, price, rooms, shop};
use kernel::Id;
use kernel::testing::{House, Visitor, on_both};

fn path(shop: &Shop<'_>) -> String {
    format!("/organisations/{}/spot-sales", shop.given.organisation)
}

/// Sells so many bottles; answers the status and what came back.
fn sell(who: &Visitor<'_>, shop: &Shop<'_>, bottles: &str, more: &[(&str, &str)]) -> (u16, String) {
    let (count, price) = (format!("count.{}", shop.pack), format!("price.{}", shop.pack));
    let mut form = vec![(&*count, bottles), (&*price, "45"), ("place", "Souk de Tinghir"), ("means", "cash")];
    form.retain(|(there, _)| !more.iter().any(|(name, _)| name == there));
    form.extend_from_slice(more);
    let answer = who.post(&path(shop), &form);
    (answer.status, answer.text())
}

fn left(house: &House, lot: &str) -> i64 {
    let lot: Id = lot.parse().unwrap();
    house.look(|db| {
        db.one(&kernel::sql("select cast(l.quantity - coalesce((select sum(m.quantity) from lot_movement m where m.lot = l.id), 0) as bigint)
             from lot l where l.id = ?").bind(lot).open("test"))
    })
}

#[test]
fn what_is_sold_at_the_souk_leaves_the_lots_and_is_paid() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let who = &shop.presidente;
        who.get(&format!("{}/new", path(&shop))).is(200).says("Flacon de 250 ml").says("value=\"45\"");
        let id = Id::new().to_string();
        // Five bottles: four of the lot that was made first, one of the other.
        assert_eq!(sell(who, &shop, "5", &[("id", &id)]).0, 303);
        let told = who.get_json(&format!("/sales/{id}")).is(200).json();
        let order = &told["order"];
        assert_eq!((&told["spot"], &order["status"]), (&true.into(), &"delivered".into()));
        assert_eq!((&order["received"]["minor"], &order["due"]["minor"]), (&22_500.into(), &0.into()));
        who.get(&format!("/sales/{id}")).is(200).says("Vendue sur place").says("Souk de Tinghir");
        assert_eq!((left(house, &shop.lots[0]), left(house, &shop.lots[1])), (0, 1_250));
        // Sent twice, it is one sale.
        assert_eq!(sell(who, &shop, "5", &[("id", &id)]).0, 303);
        assert_eq!(count(house, "select count(*) from sale_order"), 1);
        // Not paid yet, another day, at another price.
        let (id, price) = (Id::new().to_string(), format!("price.{}", shop.pack));
        let more = [("id", &*id), ("means", ""), ("day", &day(-2)), (&price, "40,50"), ("country", "FR")];
        assert_eq!(sell(who, &shop, "2", &more).0, 303);
        let told = who.get_json(&format!("/sales/{id}")).is(200).json();
        assert_eq!(
            (&told["order"]["received"]["minor"], &told["order"]["due"]["minor"]),
            (&0.into(), &8_100.into())
        );
        assert_eq!(
            count(house, "select cast(max(number) as bigint) from sale_order"),
            2,
            "numbers have no gaps"
        );
    });
}

#[test]
fn mistakes_are_told_and_nothing_is_kept() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let who = &shop.presidente;
        let (price, tomorrow) = (format!("price.{}", shop.pack), day(1));
        for (bottles, more, sentence) in [
            ("", vec![], "au moins un produit"),
            ("x", vec![], "nombre"),
            ("-1", vec![], "nombre"),
            ("11", vec![], "ne reste que 10"),
            ("1", vec![("place", "")], "répondre"),
            ("1", vec![(&*price, "0")], "à quel prix"),
            ("1", vec![(&*price, "")], "à quel prix"),
            ("1", vec![(&*price, "45x")], "montant"),
            ("1", vec![("day", &*tomorrow)], "jamais d’avance"),
            ("1", vec![("day", "1999-01-01")], "un an après"),
            ("1", vec![("day", "hier")], "date"),
            ("1", vec![("means", "card")], ""),
            ("1", vec![("country", "XX")], ""),
        ] {
            let (status, text) = sell(who, &shop, bottles, &more);
            assert!(status == 422 && text.contains(sentence), "{bottles:?} {more:?}: {status} {text}");
        }
        assert_eq!(sell(who, &shop, "1", &[("place", &"é".repeat(121))]).0, 422);
        let strange = format!("count.{}", Id::new());
        assert_eq!(sell(who, &shop, "1", &[(&strange, "1")]).0, 404);
        assert_eq!(sell(who, &shop, "1", &[("count.x", "1")]).0, 409);
        assert_eq!(count(house, "select count(*) from sale_order"), 0);
        assert_eq!(count(house, "select count(*) from lot_movement"), 0);
        // What was typed is still there.
        assert!(sell(who, &shop, "11", &[]).1.contains("value=\"11\""));
    });
}

#[test]
fn a_unique_piece_is_sold_once_and_what_was_promised_may_still_be_carried_away() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let who = &shop.presidente;
        let form = [
            ("kind", "craft"),
            ("unit", "piece"),
            ("ingredients.fr", ""),
            ("name.fr", "Tapis"),
            ("making", "unique"),
        ];
        let carpet = product(who, shop.given.organisation, &form);
        price(who, &carpet, "", "individual", "1200");
        publish(who, &carpet);
        let buy = |pieces: &str| {
            let (count, price) = (format!("count.{carpet}"), format!("price.{carpet}"));
            who.post(
                &path(&shop),
                &[(&*count, pieces), (&*price, "1100"), ("place", "Foire"), ("means", "cash")],
            )
            .status
        };
        assert_eq!((buy("2"), buy("1"), buy("1")), (422, 303, 422));
        // All bottles are promised to somebody: what left the house left it, and the next promise finds less.
        let promised = [(shop.product.parse().unwrap(), 2_500)].into();
        house.given(|tx| market::promise::keep(tx, Id::named("elsewhere"), &promised));
        assert_eq!(sell(who, &shop, "3", &[]).0, 303);
        assert_eq!(left(house, &shop.lots[0]), 250);
    });
}

#[test]
fn nobody_sells_for_others() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let other = represents(house, shop.given.other, "autre");
        other.get(&format!("{}/new", path(&shop))).is(403);
        assert_eq!(sell(&other, &shop, "1", &[]).0, 403);
        house.visitor().get(&format!("{}/new", path(&shop))).leads_to("/sign-in");
        assert!(matches!(sell(&house.visitor(), &shop, "1", &[]).0, 303 | 401 | 403));
        assert_eq!(count(house, "select count(*) from sale_order"), 0);
        // An article of one cooperative is not sold by another.
        let count = format!("count.{}", shop.pack);
        let theirs = format!("/organisations/{}/spot-sales", shop.given.other);
        other.post(&theirs, &[(&*count, "1"), ("place", "Souk")]).is(409);
        other.get(&format!("{theirs}/new")).is(200).says("Aucun produit publié");
    });
}
