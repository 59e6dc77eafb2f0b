//! Nobody reads or writes invoices of others; a buyer reads their own alone.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::testing::on_both;
use people::testing::sign_in;

use crate::house::{represents, team};
use crate::shop::{buyer, count, order as bought, secret, shop, with_basket};
use crate::shown::{fill, issued, order, rooms};

#[test]
fn others_learn_nothing() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let coop = &shop.presidente;
        fill(coop, shop.given.organisation);
        let sale = format!("/sales/{}", order(house, shop.given.organisation, &shop.product, 9, 1, 4_500));
        let page = issued(coop, &sale, &[]);
        let other = represents(house, shop.given.other, "autre");
        let stranger = sign_in(house, "stranger", &[]);
        let partner = team(house, &shop.given, "partner");
        let pages = [
            page.clone(),
            format!("{page}/pdf"),
            format!("{page}/ubl"),
            format!("{page}/credit"),
            format!("{sale}/proforma"),
            format!("{sale}/invoice"),
            format!("/organisations/{}/invoicing", shop.given.organisation),
        ];
        for who in [&other, &stranger, &partner] {
            for path in &pages {
                let answer = who.get(path);
                assert!([403, 404].contains(&answer.status), "{path} answers {}", answer.status);
            }
            for (path, form) in [
                (format!("{page}/credit"), vec![("reason", "x"), ("whole", "yes")]),
                (format!("{page}/clearance"), vec![("clearance_number", "1"), ("clearance_state", "x")]),
                (format!("{sale}/invoice"), vec![("act", "issue")]),
                (pages[6].clone(), vec![("treatment", "standard")]),
            ] {
                assert!([403, 404].contains(&who.post(&path, &form).status), "{path}");
            }
        }
        other.get("/invoices").is(200).never_says("Maison Levant").says("Aucune facture ici");
        other.get("/invoices/export/csv").is(200).never_says("Maison Levant");
        other.get(&format!("/invoices?organisation={}", shop.given.organisation)).never_says("Maison Levant");
        let nobody = house.visitor();
        for path in &pages {
            assert!([303, 401].contains(&nobody.get(path).status), "{path}");
        }
        assert_eq!(count(house, "select count(*) from invoice"), 1);
        // A coach of the programme does it for the cooperative, and the fact says so.
        let coach = team(house, &shop.given, "coach");
        coach.post(&format!("{page}/credit"), &[("reason", "Erreur"), ("whole", "yes")]).is(303);
        let behalf =
            "select count(*) from fact where kind = 'invoicing.invoice.created' and behalf is not null";
        assert_eq!(count(house, behalf), 1);
    });
}

#[test]
fn a_buyer_reads_their_own_alone() {
    on_both(rooms, |house| {
        let shop = shop(house);
        fill(&shop.presidente, shop.given.organisation);
        let page = |name: &str| {
            let secret = secret(name);
            let browser = with_basket(house, &shop.pack, 1);
            let (seen, mut form) = (format!("seen.{}", shop.given.organisation), buyer(&secret, "order"));
            form.push((&seen, "4500 MAD"));
            browser.post("/basket/orders", &form).is(303);
            let id = bought(&browser, &secret)["id"].as_str().unwrap().to_owned();
            // Before the invoice there is the proforma.
            let proforma = format!("/bought/{secret}/orders/{id}/proforma");
            browser.get(&format!("/bought/{secret}")).is(200).says(&proforma);
            browser.get(&proforma).is(200).says("Facture proforma");
            let page = issued(&shop.presidente, &format!("/sales/{id}"), &[]);
            browser.get(&format!("/bought/{secret}")).is(200).never_says("/proforma");
            (secret, page, id)
        };
        let ((mine, own, _), (_, other, theirs)) = (page("mine"), page("other"));
        let nobody = house.visitor();
        nobody.get(&format!("/bought/{mine}/orders/{theirs}/proforma")).is(404);
        nobody.get(&format!("/bought/{}/orders/{theirs}/proforma", "0".repeat(64))).is(404);
        for end in ["", "/pdf", "/ubl"] {
            nobody.get(&format!("/bought/{mine}{own}{end}")).is(200);
            nobody.get(&format!("/bought/{mine}{other}{end}")).is(404);
            nobody.get(&format!("/bought/{}{own}{end}", "0".repeat(64))).is(404);
        }
    });
}
