//! An invoice is previewed, issued once, frozen, taken back in parts and as a whole, and read by its buyer.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeSet;

use kernel::testing::{House, on_both};
use kernel::{Id, sql};

use crate::house::{day, represents};
use crate::shop::{buyer, count, order as bought, secret, shop, with_basket};
use crate::shown::{fill, issue, issued, order, preview, rooms, typed};

/// This year's number.
fn number(serial: i64) -> String {
    format!("{}-{serial:04}", kernel::today().year())
}

#[test]
fn from_the_order_to_the_invoice_and_back() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let coop = &shop.presidente;
        let secret = secret("levant");
        let nobody = with_basket(house, &shop.pack, 4);
        let (seen, mut form) = (format!("seen.{}", shop.given.organisation), buyer(&secret, "order"));
        form.push((&seen, "18000 MAD"));
        nobody.post("/basket/orders", &form).is(303);
        let id = bought(&nobody, &secret)["id"].as_str().unwrap().to_owned();
        let sale = format!("/sales/{id}");
        // Prepared from a lot, so that the invoice names it.
        let line = bought(&nobody, &secret)["lines"][0]["id"].as_str().unwrap().to_owned();
        coop.post(&format!("{sale}/preparation"), &[(&*format!("take.{line}.{}", shop.lots[0]), "4")])
            .is(303);
        coop.post(&format!("{sale}/delivery"), &[]).is(303);
        // What the law asks for is named with the page where it is filled in; nothing is issued before.
        let form = coop.get(&format!("{sale}/invoice")).is(200);
        form.says("La loi demande ces mentions")
            .says(&format!("href=\"/organisations/{}/edit\"", shop.given.organisation))
            .never_says("Émettre cette facture");
        issue(coop, &sale, &[]).is(422).says("La loi demande ces mentions");
        assert_eq!(count(house, "select count(*) from invoice"), 0);
        fill(coop, shop.given.organisation);
        coop.get(&format!("{sale}/invoice")).is(200).says("Émettre cette facture").says("Règle non vérifiée");
        coop.get(&sale).is(200).says("Faire la facture");
        // Wrong days, a wrong ICE and an invented rule are refused at their fields.
        for wrong in
            [("due", "2020-01-01"), ("operation", "1990-01-01"), ("buyer_ice", "12"), ("treatment", "none")]
        {
            let mut form: Vec<_> = typed(&[]).into_iter().filter(|(name, _)| name != wrong.0).collect();
            form.push((wrong.0.into(), wrong.1.into()));
            let form: Vec<_> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
            coop.post(&format!("{sale}/invoice"), &form).is(422).says(&format!("f-{}", wrong.0));
        }
        let told = preview(coop, &sale, &typed(&[("buyer_ice", "000000000000000")]));
        assert_eq!(told["told"]["title"], "Facture");
        let page = issued(coop, &sale, &[("buyer_ice", "000000000000000"), ("note", "Merci")]);
        // The same again leads to the same; so does the form.
        assert_eq!(issued(coop, &sale, &[]), page);
        coop.get(&format!("{sale}/invoice")).is(303).leads_to(&page);
        assert_eq!(count(house, "select count(*) from invoice"), 1);
        let shown = coop.get(&page).is(200);
        shown
            .says(&number(1))
            .says("Eau de rose · Flacon de 250 ml")
            .says("cent quatre-vingts dirhams")
            .says("article 91")
            .says("001512572000078")
            .says("14456789")
            .says("47120001")
            .says("Merci")
            .says("Lots \u{2066}R-1")
            .says("Reste à payer");
        // It is frozen: what changes later changes nothing of it.
        let file = format!("/organisations/{}", shop.given.organisation);
        let version = coop.get_json(&file).is(200).json()["organisation"]["version"].to_string();
        let form = [("version", version.as_str()), ("_fields", "name"), ("name.fr", "Renommée")];
        coop.post(&file, &form).is(303);
        let told = coop.get_json(&page).is(200).json();
        assert_eq!(told["content"]["seller"]["name"]["fr"], "Tiniri");
        assert_eq!((&told["number"], &told["content"]["total"]), (&number(1).into(), &18_000.into()));
        // Paper and file, in each language.
        for (lang, words) in [
            ("fr", "cent quatre-vingts dirhams"),
            ("ar", "مائة وثمانون درهما"),
            ("en", "one hundred and eighty dirhams"),
        ] {
            let paper = coop.get(&format!("{page}/pdf?in={lang}")).is(200);
            paper.says(words).says(&number(1)).never_says("Règle non vérifiée");
        }
        let ubl = coop.get(&format!("{page}/ubl")).is(200);
        ubl.says("urn:cen.eu:en16931:2017").says(">180.00<").says("<cbc:CompanyID>001512572000078<");
        // The buyer reads it without an account.
        nobody.get(&format!("/bought/{secret}")).is(200).says(&number(1));
        let own = format!("/bought/{secret}{page}");
        nobody.get(&own).is(200).says("cent quatre-vingts dirhams");
        nobody.get(&format!("{own}?lang=ar")).is(200).says("dir=\"rtl\"").says("مائة وثمانون درهما");
        nobody.get(&format!("{own}/pdf")).is(200).says(&number(1));
        nobody.get(&format!("{own}/ubl")).is(200).says(">180.00<");
        nobody.get("/basket?lang=fr").is(200);
        // What was paid is seen.
        let today = day(0);
        let pay = [("day", today.as_str()), ("amount", "180"), ("amount.currency", "MAD"), ("means", "cash")];
        coop.post(&format!("{sale}/payments"), &pay).is(303);
        assert_eq!(coop.get_json(&page).is(200).json()["due"]["minor"], 0);
        coop.get("/invoices").is(200).says(&number(1)).says("Payée").says("180\u{a0}MAD");
    });
}

#[test]
fn credit_notes_take_back_no_more_than_is_left() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let coop = &shop.presidente;
        fill(coop, shop.given.organisation);
        let sale = format!("/sales/{}", order(house, shop.given.organisation, &shop.product, 1, 10, 4_500));
        let page = issued(coop, &sale, &[]);
        let form = format!("{page}/credit");
        coop.get(&form).is(200).says("450\u{a0}MAD").says("Flacon de 250 ml");
        let why = ("reason", "Deux flacons cassés");
        for wrong in [
            vec![why],
            vec![("count.0", "2")],
            vec![why, ("count.0", "11")],
            vec![why, ("amount.0", "450,01")],
            vec![why, ("count.0", "1"), ("amount.0", "1")],
        ] {
            coop.post(&form, &wrong).is(422).says("class=\"errors\"");
        }
        assert_eq!(count(house, "select count(*) from invoice"), 1);
        let id = Id::new().to_string();
        let two = [("id", id.as_str()), why, ("count.0", "2")];
        let note = coop.post(&form, &two).is(303).location.unwrap();
        // Sent twice, it is made once.
        coop.post(&form, &two).is(303);
        assert_eq!(count(house, "select count(*) from invoice"), 2);
        let note = note.split('?').next().unwrap();
        coop.get(note)
            .is(200)
            .says(&format!("Avoir \u{2066}{}", number(2)))
            .says("Deux flacons cassés")
            .says("quatre-vingt-dix dirhams")
            .says(&number(1));
        coop.get(&format!("{note}/ubl")).is(200).says("CreditNoteTypeCode>381<").says("CreditedQuantity");
        coop.get(&format!("{note}/credit")).is(409).says("Un avoir ne se reprend pas");
        // A price reduction, then more than is left, then the rest.
        coop.post(&form, &[why, ("amount.0", "60")]).is(303);
        coop.post(&form, &[why, ("count.0", "8")]).is(422).says("plus que ce qui reste");
        assert_eq!(issued(coop, &sale, &[]), page, "what is taken back in part still stands");
        coop.post(&form, &[why, ("whole", "yes")]).is(303);
        coop.post(&form, &[why, ("whole", "yes")]).is(409).says("déjà reprise en entier");
        let sum =
            "select cast(sum(case when kind = 'invoice' then total else -total end) as bigint) from invoice";
        assert_eq!(count(house, sum), 0);
        coop.get(&page).is(200).says("Reprise par avoir");
        // Now the order can be invoiced again, and has the next number.
        let again = issued(coop, &sale, &[]);
        assert_ne!(again, page);
        coop.get(&again).is(200).says(&number(5));
    });
}

#[test]
fn thirty_at_once_leave_no_gap() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let organisation = shop.given.organisation;
        fill(&shop.presidente, organisation);
        let orders: Vec<Id> =
            (1..=15).map(|number| order(house, organisation, &shop.product, number, 2, 4_500)).collect();
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            // Each order is asked for twice at the same moment.
            let running: Vec<_> = (0..30)
                .map(|at| {
                    let sale = format!("/sales/{}", orders[at % 15]);
                    scope.spawn(move || {
                        let who = represents(house, organisation, &format!("membre{at}"));
                        issue(&who, &sale, &[]).status
                    })
                })
                .collect();
            running.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(statuses.iter().all(|status| *status == 303), "{statuses:?}");
        let numbers: Vec<String> = house
            .look(|db| db.rows(&sql("select number from invoice").open("test"), kernel::value::Row::take));
        let wanted: BTreeSet<String> = (1..=15).map(number).collect();
        assert_eq!((numbers.len(), numbers.into_iter().collect::<BTreeSet<_>>()), (15, wanted));
    });
}

#[test]
fn thirty_orders_at_once_have_thirty_numbers() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let organisation = shop.given.organisation;
        fill(&shop.presidente, organisation);
        let orders: Vec<Id> =
            (1..=30).map(|number| order(house, organisation, &shop.product, number, 1, 4_500)).collect();
        std::thread::scope(|scope| {
            for (at, order) in orders.iter().enumerate() {
                scope.spawn(move || {
                    let who = represents(house, organisation, &format!("membre{at}"));
                    issue(&who, &format!("/sales/{order}"), &[]).is(303);
                });
            }
        });
        let max = count(house, "select cast(max(serial) as bigint) from invoice");
        assert_eq!((count(house, "select count(distinct number) from invoice"), max), (30, 30));
    });
}

#[test]
fn what_changed_since_it_was_read_is_not_issued() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let coop = &shop.presidente;
        fill(coop, shop.given.organisation);
        let sale = format!("/sales/{}", order(house, shop.given.organisation, &shop.product, 1, 10, 4_500));
        let seen = preview(coop, &sale, &typed(&[]))["seen"].as_str().unwrap().to_owned();
        let setting = format!("/organisations/{}/invoicing", shop.given.organisation);
        coop.post(&setting, &[("version", "1"), ("treatment", "none")]).is(422);
        let outside = [("version", "1"), ("treatment", "outside"), ("professional_tax", "47120001")];
        coop.post(&setting, &outside).is(303);
        let mut form = typed(&[("act", "issue"), ("seen", &seen)]);
        let pairs: Vec<_> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        coop.post(&format!("{sale}/invoice"), &pairs).is(409).says("n’est plus ce que vous avez lu");
        form.retain(|(name, _)| name != "seen");
        let pairs: Vec<_> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        coop.post(&format!("{sale}/invoice"), &pairs).is(409);
        assert_eq!(count(house, "select count(*) from invoice"), 0);
        issued(coop, &sale, &[]);
        assert_eq!(count(house, "select count(*) from invoice"), 1);
    });
}

#[test]
fn the_turnover_is_watched_and_the_register_leaves() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let coop = &shop.presidente;
        let organisation = shop.given.organisation;
        fill(coop, organisation);
        let sell = |number: i64, price: i64| {
            let id = order(house, organisation, &shop.product, number, 1, price);
            issued(coop, &format!("/sales/{id}"), &[])
        };
        sell(1, 799_999_999);
        coop.get("/invoices").is(200).never_says("seuil d’exonération");
        let second = sell(2, 1);
        let near = coop.get("/invoices").is(200);
        near.says("elle s’approche de").says("CGI, art. 7").says("Règle non vérifiée");
        sell(3, 200_000_000);
        coop.get(&format!("/organisations/{organisation}")).is(200).says("elle dépasse");
        coop.post(&format!("{second}/credit"), &[("reason", "Erreur"), ("whole", "yes")]).is(303);
        coop.get("/invoices").is(200).says("elle s’approche de").says("Reprise par avoir");
        coop.get("/invoices?kind=credit_note").is(200).says(&number(4)).never_says(&number(3));
        coop.get("/invoices?year=2001").is(200).says("Aucune facture ici");
        let csv = coop.get("/invoices/export/csv").is(200);
        csv.says(&number(4)).says("-0,01").says("Maison Levant");
        assert!(coop.get("/invoices/export/xlsx").is(200).bytes.starts_with(b"PK"));
        coop.get("/invoices/export/pdf").is(404);
    });
}

#[test]
fn an_answer_of_the_tax_authority_is_written_once() {
    on_both(rooms, |house: &House| {
        let shop = shop(house);
        let coop = &shop.presidente;
        fill(coop, shop.given.organisation);
        let sale = format!("/sales/{}", order(house, shop.given.organisation, &shop.product, 1, 1, 4_500));
        let page = issued(coop, &sale, &[]);
        let clear = format!("{page}/clearance");
        coop.post(&clear, &[("clearance_number", "A-1")]).is(409).says("Écrivez le numéro");
        let answer = [
            ("clearance_number", "A-1"),
            ("clearance_state", "Acceptée"),
            ("clearance_code", "https://x.example/A-1"),
        ];
        coop.post(&clear, &answer).is(303);
        coop.post(&clear, &answer).is(303);
        coop.post(&clear, &[("clearance_number", "A-2"), ("clearance_state", "Refusée")]).is(409);
        coop.get(&page).is(200).says("A-1").says("Acceptée").never_says("A-2");
        coop.get(&format!("{page}/pdf")).is(200).says("\"square\":true");
        // A proforma is neither numbered nor kept.
        coop.get(&format!("{sale}/proforma")).is(200).says("Facture proforma").says("n’est pas une facture");
        assert_eq!(count(house, "select count(*) from invoice"), 1);
    });
}
