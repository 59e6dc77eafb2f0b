//! Who sells in a pooled order invoices what was accepted: the lead for all, or each cooperative its part.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::testing::{House, Visitor, on_both};
use kernel::{Fields, Id, Standing};
use people::testing::sign_in;
use pooled::{Member, Order, Reception};

use crate::house::{day, given, lot, product, represents};
use crate::shop::count;
use crate::shown::{fill, issue, issued, preview, rooms, typed};

/// A confirmed order of dates led by a GIE: two cooperatives brought, one of them some of the second grade.
fn confirmed(house: &House, mode: &str) -> (Id, Id, [(Id, Id); 2]) {
    let base = given(house);
    let coops = [base.organisation, base.other];
    let (gie, order) = (Id::named("gie"), Id::named(&format!("pooled {mode}")));
    let mut parts = Vec::new();
    for (at, coop) in coops.into_iter().enumerate() {
        let who = represents(house, coop, &format!("apporte{at}"));
        let dates = product(&who, coop, &[("name.fr", "Dattes"), ("unit", "g")]);
        parts.push((
            coop,
            Id::named(&format!("part {at}")),
            lot(&who, &dates, &format!("D-{at}"), &day(-9), "90000"),
        ));
    }
    house.given(|tx| {
        let form = Fields::of([
            ("kind", "gie"),
            ("name.fr", "Groupement"),
            ("place", "08.577.01.05"),
            ("status", "active"),
            ("published", "yes"),
        ]);
        kernel::record::create::<registry::Organisation>(tx, gie, &form, Standing::Steward)?;
        let (lead, o) = (gie.to_string(), order.to_string());
        let form = Fields::of([
            ("lead", &*lead),
            ("buyer", "Maison Palmeraie"),
            ("country", "FR"),
            ("contact", "Lyon"),
            ("product.fr", "Dattes en caisses"),
            ("unit", "g"),
            ("pack", "5000"),
            ("packs", "10"),
            ("tolerance", "5"),
            ("second_grade", "50"),
            ("price", "12,50"),
            ("price.currency", "EUR"),
            ("incoterm", "FCA"),
            ("place", "Ouarzazate"),
            ("deliver", &day(5)),
            ("mode", mode),
            ("mandate", "Mandat 7"),
            ("rule", "pledge"),
            ("closes", &day(-9)),
            ("stage", "confirmed"),
        ]);
        kernel::record::create::<Order>(tx, order, &form, Standing::Steward)?;
        for (at, (coop, part, lot)) in parts.iter().enumerate() {
            let (coop, p) = (coop.to_string(), part.to_string());
            let form = Fields::of([("lead", &*lead), ("pooled_order", &*o), ("organisation", &*coop)]);
            kernel::record::create::<Member>(tx, *part, &form, Standing::Steward)?;
            for (grade, packs) in [("first", "6"), ("second", "2")].into_iter().take(at + 1) {
                let form = Fields::of([
                    ("lead", &*lead),
                    ("pooled_order", &*o),
                    ("organisation", &*coop),
                    ("part", &*p),
                    ("lot", lot),
                    ("day", &day(-1)),
                    ("brought", packs),
                    ("accepted", packs),
                    ("grade", grade),
                ]);
                kernel::record::create::<Reception>(tx, Id::new(), &form, Standing::Steward)?;
            }
        }
        Ok(())
    });
    (gie, order, [(parts[0].0, parts[0].1), (parts[1].0, parts[1].1)])
}

fn of_gie<'a>(house: &'a House, gie: Id) -> Visitor<'a> {
    sign_in(house, "groupement", &[("representative", &format!("organisation:{gie}"))])
}

#[test]
fn a_lead_that_sells_invoices_all_of_it_once() {
    on_both(rooms, |house| {
        let (gie, order, parts) = confirmed(house, "mandate");
        let lead = of_gie(house, gie);
        let page = format!("/pooled-orders/{order}");
        lead.get(&page).is(200).says("Faire la facture");
        issue(&lead, &page, &[("second_price", "7"), ("second_price.currency", "EUR")]).is(422);
        fill(&lead, gie);
        // The second grade has its own price, proposed by the order and typed by the seller.
        lead.get(&format!("{page}/invoice")).is(200).says("value=\"6,25\"");
        let form: Vec<_> = typed(&[]);
        let form: Vec<_> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        lead.post(&format!("{page}/invoice"), &form).is(422).says("f-second_price");
        let more = [("second_price", "7"), ("second_price.currency", "EUR"), ("treatment", "export")];
        let invoice = issued(&lead, &page, &more);
        assert_eq!(issued(&lead, &page, &more), invoice);
        let told = lead.get_json(&invoice).is(200).json();
        // Twelve packs of the first grade at 12.50 and two of the second at 7.
        assert_eq!(told["content"]["total"], 16_400);
        assert_eq!(told["content"]["mandate"], "Mandat 7");
        lead.get(&invoice)
            .is(200)
            .says("cent soixante-quatre euros")
            .says("Vend par mandat")
            .says("article 92");
        lead.get(&page).is(200).says("Facture \u{2066}");
        lead.get(&format!("{invoice}/ubl")).is(200).says("Incoterm 2020: FCA Ouarzazate");
        // A member does not sell here, and reads nothing of it.
        let member = represents(house, parts[0].0, "membre0");
        member
            .get(&format!("/pooled-parts/{}/invoice", parts[0].1))
            .is(409)
            .says("pas cette organisation qui vend");
        assert!([403, 404].contains(&member.get(&invoice).status));
    });
}

#[test]
fn several_sellers_invoice_their_own_part() {
    on_both(rooms, |house| {
        let (gie, order, parts) = confirmed(house, "several");
        let lead = of_gie(house, gie);
        lead.get(&format!("/pooled-orders/{order}")).is(200).says("facture sa part elle-même");
        lead.get(&format!("/pooled-orders/{order}/invoice")).is(409);
        let mut totals = Vec::new();
        for (at, (coop, part)) in parts.iter().enumerate() {
            let who = represents(house, *coop, &format!("membre{at}"));
            fill(&who, *coop);
            let page = format!("/pooled-parts/{part}");
            who.get(&page).is(200).says("Faire la facture");
            let more: &[(&str, &str)] = &[("second_price", "6,25"), ("second_price.currency", "EUR")];
            assert!(preview(&who, &page, &typed(more))["seen"].is_string());
            let invoice = issued(&who, &page, if at == 0 { &[] } else { more });
            totals.push(who.get_json(&invoice).is(200).json()["content"]["total"].as_i64().unwrap());
            let other = represents(house, parts[1 - at].0, &format!("autre{at}"));
            assert!([403, 404].contains(&other.get(&invoice).status));
        }
        assert_eq!(
            (totals, count(house, "select count(*) from invoice where serial = 1")),
            (vec![7_500, 8_750], 2)
        );
    });
}
