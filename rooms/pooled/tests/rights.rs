//! Who reads and writes what of an order.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::house::{day, given, of, opened, org, part, pledge, rooms};
use kernel::testing::on_both;

#[test]
fn a_cooperative_reads_its_own_and_sums_and_strangers_nothing() {
    on_both(rooms, |house| {
        given(house);
        let lead = of(house, "Gie");
        let order = opened(&lead, &[]);
        let page = format!("/pooled-orders/{order}");
        let floor = [("floor", "11,37"), ("floor.currency", "EUR")];
        assert_eq!(pledge(house, &order, "Afra", "61", &floor), 303);
        assert_eq!(pledge(house, &order, "Bouzza", "23", &[]), 303);
        lead.post(&format!("{page}/allocation"), &[("round", "0")]).is(303);
        let (a, b) = (part(house, &order, "Afra"), part(house, &order, "Bouzza"));
        lead.get(&page).is(200).says("11,37").says("Bouzza");
        lead.get(&format!("/pooled-parts/{a}")).is(200).says("11,37").never_says("J’accepte");
        let (afra, bouzza) = (of(house, "Afra"), of(house, "Bouzza"));
        afra.get(&format!("/pooled-parts/{a}")).is(200).says("11,37").says("420 kg").never_says("Bouzza");
        for text in ["11,37", "1137", "Afra"] {
            bouzza.get(&format!("/pooled-parts/{b}")).is(200).never_says(text);
            bouzza.get_json(&format!("/pooled-parts/{b}")).is(200).never_says(text);
            bouzza.get("/pooled-orders").is(200).never_says(text);
        }
        bouzza.get(&format!("/organisations/{}", org("Gie"))).is(200).never_says("Dattes en caisses");
        // Neither the other's part nor the order of the lead.
        for path in [page.clone(), format!("/pooled-parts/{a}"), format!("/pooled-parts/{a}/statement")] {
            assert!([403, 404].contains(&bouzza.get(&path).status), "{path}");
            assert!([403, 404].contains(&of(house, "Dehors").get(&path).status), "{path}");
            house.visitor().get(&path).is(303).leads_to("/sign-in");
        }
        let (said, none) = ([("answer", "accepted"), ("round", "1")], [("round", "1")]);
        for (path, form) in [
            (format!("/pooled-parts/{a}/answer"), &said[..]),
            (format!("/pooled-parts/{a}/closing"), &none),
            (format!("{page}/allocation"), &none),
            (format!("{page}/confirmation"), &none),
            (format!("{page}/cancellation"), &[("reason", "x")]),
            (format!("{page}/settlement"), &none),
            (format!("{page}/pooled-charges"), &none),
        ] {
            assert_eq!(bouzza.post(&path, form).status, 403, "{path}");
        }
        // The lead does not speak for a cooperative.
        lead.post(&format!("/pooled-parts/{a}/answer"), &said).is(403);
        let ready = day(5);
        lead.post(
            &format!("/pooled-parts/{a}/pooled-pledges"),
            &[("most", "5"), ("ready", &ready), ("how", "phone")],
        )
        .is(403);
        // Its own page and space tell of it.
        bouzza.get(&format!("/organisations/{}", org("Bouzza"))).is(200).says("Dattes en caisses");
        lead.get("/pooled-orders").is(200).says("Dattes en caisses");
    });
}

#[test]
fn a_draft_is_the_leads_alone() {
    on_both(rooms, |house| {
        given(house);
        let lead = of(house, "Gie");
        let (id, days) = (kernel::Id::new().to_string(), [day(5), day(30)]);
        lead.post(
            &format!("/organisations/{}/pooled-orders", org("Gie")),
            &crate::house::order_form(&id, &days, &[]),
        )
        .is(303);
        let members = format!("/pooled-orders/{id}/pooled-parts");
        let other = org("Dehors").to_string();
        lead.post(&members, &[("organisation", &org("Gie").to_string())]).is(422);
        lead.post(&members, &[("organisation", &kernel::Id::new().to_string())]).is(422);
        lead.post(&members, &[("organisation", &other)]).is(303);
        lead.post(&members, &[("organisation", &other)]).is(422).says("déjà invitée");
        let (there, part) = (of(house, "Dehors"), part(house, &id, "Dehors"));
        there.get(&format!("/pooled-parts/{part}")).is(404);
        there.get("/pooled-orders").is(200).never_says("Dattes en caisses");
        lead.post(&format!("/pooled-parts/{part}/remove"), &[]).is(303);
        lead.post(&format!("/pooled-orders/{id}/remove"), &[]).is(303);
        lead.get(&format!("/pooled-orders/{id}")).is(404);
    });
}
