//! What orders propose to whoever makes a diagnosis of the cooperative.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, Room};

use crate::asked::quote;
use crate::house::{day, team};
use crate::shop::{Shop, buyer, order, secret, shop, with_basket};

fn rooms() -> Vec<Room> {
    let mut rooms = crate::shop::rooms();
    rooms.push(coaching::room());
    rooms
}

/// One bottle from the question to the delivery, promised for that day.
fn sell(house: &House, shop: &Shop<'_>, name: &str, phone: &str, promised: &str) {
    let (key, basket) = (secret(name), with_basket(house, &shop.pack, 1));
    let mut form = buyer(&key, "quote");
    form.retain(|(field, _)| *field != "phone");
    form.push(("phone", phone));
    basket.post("/basket/orders", &form).is(303);
    let id = order(&basket, &key)["id"].as_str().unwrap().to_owned();
    let sale = format!("/sales/{id}");
    assert_eq!(quote(&shop.presidente, &sale, "40", &[("ready", promised)]), 303);
    let quotation = order(&basket, &key)["quotation"]["id"].as_str().unwrap().to_owned();
    basket.post(&format!("/bought/{key}/acceptance"), &[("order", &id), ("quotation", &quotation)]).is(303);
    let work = shop.presidente.get_json(&sale).is(200).json()["work"][0].clone();
    let take =
        format!("take.{}.{}", work["line"].as_str().unwrap(), work["lots"][0]["lot"].as_str().unwrap());
    shop.presidente.post(&format!("{sale}/preparation"), &[(&take, "1")]).is(303);
    shop.presidente.post(&format!("{sale}/delivery"), &[]).is(303);
}

fn proposed(coach: &Visitor<'_>, assessment: &str, code: &str) -> kernel::Json {
    let item = Id::named(&format!("{} {code}", coaching::boussole()));
    coach.get_json(&format!("/assessments/{assessment}/questions/{item}")).is(200).json()["proposal"].clone()
}

#[test]
fn a_diagnosis_reads_buyers_and_deliveries_from_the_orders() {
    on_both(rooms, |house| {
        let shop = shop(house);
        kernel::work::begin_day(&house.app).unwrap();
        let coach = team(house, &shop.given, "coach");
        let (assessment, boussole, today) = (Id::new().to_string(), coaching::boussole().to_string(), day(0));
        let form = [("id", &*assessment), ("instrument", &*boussole), ("extent", "full"), ("held", &*today)];
        coach.post(&format!("/organisations/{}/assessments", shop.given.organisation), &form).is(303);

        let (one, other) = ("0522000001", "0522000002");
        for (name, phone, promised) in
            [("a", one, &today), ("b", one, &today), ("c", one, &today), ("d", other, &today)]
        {
            sell(house, &shop, name, phone, promised);
        }
        assert!(proposed(&coach, &assessment, "G1").is_null(), "four orders say too little");
        assert!(proposed(&coach, &assessment, "F3").is_null());
        sell(house, &shop, "e", other, &day(3));
        let regular = proposed(&coach, &assessment, "G1");
        assert_eq!(regular["level"], 2, "{regular}");
        assert!(regular["reason"].as_str().unwrap().contains("60"), "{regular}");
        assert_eq!(regular["records"].as_array().unwrap().len(), 5);
        let in_time = proposed(&coach, &assessment, "G5");
        assert_eq!((&in_time["level"], in_time["records"].as_array().unwrap().len()), (&4.into(), 5));
        coach.get(in_time["records"][0]["path"].as_str().unwrap()).is(200);
        // Every bottle left from a lot; who supplied the roses is not known here.
        let lots = proposed(&coach, &assessment, "F3");
        assert_eq!((&lots["level"], lots["records"].as_array().unwrap().len()), (&2.into(), 5), "{lots}");
        // Where no room looks, the coach asks.
        assert!(proposed(&coach, &assessment, "G4").is_null());
    });
}
