//! What invoices propose to whoever makes a diagnosis of the cooperative.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::testing::{House, on_both};
use kernel::{Id, Room};

use crate::house::{day, team};
use crate::shop::{Shop, buyer, order as bought, secret, shop, with_basket};
use crate::shown::{fill, issued};

fn rooms() -> Vec<Room> {
    let mut rooms = crate::shown::rooms();
    rooms.push(coaching::room());
    rooms
}

/// One bottle, ordered at once and delivered; answers the page of the order.
fn delivered(house: &House, shop: &Shop<'_>, name: &str) -> String {
    let (key, basket) = (secret(name), with_basket(house, &shop.pack, 1));
    let (seen, mut form) = (format!("seen.{}", shop.given.organisation), buyer(&key, "order"));
    form.push((&seen, "4500 MAD"));
    basket.post("/basket/orders", &form).is(303);
    let told = bought(&basket, &key);
    let (sale, line) =
        (format!("/sales/{}", told["id"].as_str().unwrap()), told["lines"][0]["id"].as_str().unwrap());
    let take = format!("take.{line}.{}", shop.lots[1]);
    shop.presidente.post(&format!("{sale}/preparation"), &[(&take, "1")]).is(303);
    shop.presidente.post(&format!("{sale}/delivery"), &[]).is(303);
    sale
}

#[test]
fn a_diagnosis_reads_from_invoices_and_payments_whether_sales_leave_their_papers() {
    on_both(rooms, |house| {
        let shop = shop(house);
        fill(&shop.presidente, shop.given.organisation);
        kernel::work::begin_day(&house.app).unwrap();
        let coach = team(house, &shop.given, "coach");
        let (assessment, boussole, today) = (Id::new().to_string(), coaching::boussole().to_string(), day(0));
        let form = [("id", &*assessment), ("instrument", &*boussole), ("extent", "full"), ("held", &*today)];
        coach.post(&format!("/organisations/{}/assessments", shop.given.organisation), &form).is(303);
        let question = format!(
            "/assessments/{assessment}/questions/{}",
            Id::named(&format!("{} G4", coaching::boussole()))
        );
        let proposed = || coach.get_json(&question).is(200).json()["proposal"].clone();
        let paid = |sale: &str, amount: &str| {
            let form = [("day", &*today), ("amount", amount), ("amount.currency", "MAD"), ("means", "cash")];
            shop.presidente.post(&format!("{sale}/payments"), &form).is(303);
        };

        let sales = ["a", "b", "c", "d"].map(|name| delivered(house, &shop, name));
        assert!(proposed().is_null(), "four sales say too little");
        let last = delivered(house, &shop, "e");
        assert_eq!(proposed()["level"], 1, "none is invoiced");
        for sale in &sales {
            issued(&shop.presidente, sale, &[]);
            paid(sale, "45");
        }
        issued(&shop.presidente, &last, &[]);
        paid(&last, "44");
        let told = proposed();
        assert_eq!(
            (&told["level"], told["records"].as_array().unwrap().len()),
            (&3.into(), 5),
            "a dirham is missing"
        );
        paid(&last, "1");
        assert_eq!(proposed()["level"], 4);
    });
}
