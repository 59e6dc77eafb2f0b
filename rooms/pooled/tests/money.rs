//! Settlement: two signatures, to the centime, locked while it is signed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::house::{coach, day, given, lot, of, opened, part, pledge, rooms, says};
use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, sql};

/// An order of which 40 packs of the first grade came from Afra and 20 of the second from Bouzza.
fn collected(house: &House, lead: &Visitor<'_>) -> String {
    given(house);
    let order = opened(lead, &[("tolerance", "50")]);
    let page = format!("/pooled-orders/{order}");
    assert_eq!(pledge(house, &order, "Afra", "40", &[]), 303);
    assert_eq!(pledge(house, &order, "Bouzza", "20", &[]), 303);
    lead.post(&format!("{page}/allocation"), &[("round", "0")]).is(303);
    for name in ["Afra", "Bouzza"] {
        assert_eq!(says(house, &order, name, "accepted", "1"), 303);
    }
    lead.post(&format!("{page}/confirmation"), &[]).is(303);
    for (name, packs, grade) in [("Afra", "40", "first"), ("Bouzza", "20", "second")] {
        let (part, lot, today) = (part(house, &order, name), lot(house, name, "L1", 100), day(0));
        let form = [
            ("part", part.as_str()),
            ("lot", &lot),
            ("day", &today),
            ("brought", packs),
            ("accepted", packs),
            ("grade", grade),
        ];
        lead.post(&format!("{page}/pooled-receptions"), &form).is(303);
    }
    order
}

fn nets(house: &House) -> Vec<i64> {
    let query =
        "select p.net from pooled_payment p join organisation o on o.id = p.organisation order by o.sort";
    house.look(|db| db.rows(&sql(query).open("test"), kernel::value::Row::take))
}

#[test]
fn an_order_is_settled_by_two_people_to_the_centime() {
    on_both(rooms, |house| {
        let lead = of(house, "Gie");
        let order = collected(house, &lead);
        let (page, today) = (format!("/pooled-orders/{order}"), day(0));
        let settle = format!("{page}/settlement");
        lead.post(&settle, &[]).is(409).says("ce que l’acheteur a payé");
        let receipts = format!("{page}/pooled-receipts");
        let came = |amount, currency, credited, other| {
            let form = [
                ("day", today.as_str()),
                ("amount", amount),
                ("amount.currency", currency),
                ("credited", credited),
                ("credited.currency", other),
            ];
            lead.post(&receipts, &form)
        };
        came("750", "EUR", "750", "EUR").is(422).says("en dirhams");
        came("100", "MAD", "99", "MAD").is(422).says("tel quel");
        came("750", "EUR", "8 100,01", "MAD").is(303);
        let charges = format!("{page}/pooled-charges");
        let kept = |amount, currency| {
            let form = [
                ("kind", "transport"),
                ("amount", amount),
                ("amount.currency", currency),
                ("day", today.as_str()),
                ("agreed", "Devis"),
            ];
            lead.post(&charges, &form)
        };
        kept("9000", "MAD").is(303);
        lead.post(&settle, &[]).is(409).says("dépassent");
        let large: Id = house.look(|db| db.one(&sql("select id from pooled_charge").open("test")));
        lead.post(&format!("/pooled-charges/{large}/remove"), &[]).is(303);
        kept("20", "EUR").is(422);
        kept("600", "MAD").is(303);
        let afra = part(house, &order, "Afra");
        let form = [("part", afra.as_str()), ("day", &today), ("amount", "1000"), ("amount.currency", "MAD")];
        lead.post(&format!("{page}/pooled-advances"), &form).is(303);
        let chems = part(house, &order, "Chems");
        let form = [("part", chems.as_str()), ("day", &today), ("amount", "10"), ("amount.currency", "MAD")];
        lead.post(&format!("{page}/pooled-advances"), &form).is(422);
        lead.get(&page).is(200).says("10,8000");
        // Worth: 40 and 20 at half: 4 to 1 of 7,500.01 dirhams.
        let id = Id::new().to_string();
        lead.post(&settle, &[("id", &id)]).is(303);
        lead.post(&settle, &[("id", &id)]).is(303);
        assert_eq!(nets(house), [600_001 - 100_000, 150_000]);
        // Until the second has signed nothing is settled, and what was counted is locked.
        let (own, statement) = (of(house, "Afra"), format!("/pooled-parts/{afra}/statement"));
        own.get(&statement).is(409);
        kept("1", "MAD").is(409).says("première signature");
        let sign = format!("/pooled-settlements/{id}/signature");
        lead.post(&sign, &[]).is(409).says("une autre personne");
        lead.post(&format!("/pooled-settlements/{id}/withdrawal"), &[]).is(303);
        assert_eq!(nets(house).len(), 0);
        kept("0,02", "MAD").is(303);
        let again = Id::new().to_string();
        lead.post(&settle, &[("id", &again)]).is(303);
        let second = coach(house, "Second", "Gie");
        second.post(&format!("/pooled-settlements/{again}/signature"), &[]).is(303);
        second.post(&format!("/pooled-settlements/{again}/signature"), &[]).is(303);
        lead.post(&format!("/pooled-settlements/{again}/withdrawal"), &[]).is(409);
        kept("1", "MAD").is(409);
        let sum: i64 = nets(house).iter().sum();
        assert_eq!(sum + 100_000 + 60_002, 810_001, "the ledger is balanced");
        own.get(&statement).is(200).says("Relevé de la coopérative").says("Second").never_says("Bouzza");
        own.get(&format!("{statement}?in=ar")).is(200).says("كشف التعاونية");
        own.get(&format!("/pooled-parts/{afra}")).is(200).says("Voir le relevé");
        lead.get(&page).is(200).says("Réglée").says("Second");
    });
}
