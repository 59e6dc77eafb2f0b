//! Ordering at once, at the prices that everybody reads; and many who want the last ones.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crate::house::{lot, product, publish};
use crate::shop::{buyer, count, order, price, rooms, secret, shop, with_basket};
use kernel::testing::on_both;

#[test]
fn the_price_that_was_seen_is_the_price_that_is_paid() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let seen = format!("seen.{}", shop.given.organisation);
        let buy = |key: &str, count: i64, total: &str| {
            let key = secret(key);
            let mut form = buyer(&key, "order");
            form.push((&seen, total));
            let answer = with_basket(house, &shop.pack, count).post("/basket/orders", &form).text();
            let made = house.visitor().get(&format!("/bought/{key}")).status;
            (made, answer)
        };
        let (made, answer) = buy("one", 4, "17900 MAD");
        assert!(made == 404 && answer.contains("a changé depuis"), "{answer}");
        assert_eq!(buy("two", 4, "18000 MAD").0, 200);
        let told = order(&house.visitor(), &secret("two"));
        assert_eq!((&told["status"], &told["due"]["minor"]), (&"ordered".into(), &18_000.into()));
        // Four of ten are promised: seven cannot be had, six can.
        assert_eq!(buy("three", 7, "31500 MAD").0, 404);
        house.visitor().get(&format!("/products/{}", shop.product)).is(200).says("6 disponibles");
        assert_eq!(buy("four", 6, "27000 MAD").0, 200);
        house.visitor().get(&format!("/products/{}", shop.product)).is(200).says("plus disponible");
        assert_eq!(
            count(house, "select count(*) from sale_order"),
            2,
            "what was refused left nothing behind"
        );
        // Who steps back frees what was promised to them.
        let id = told["id"].as_str().unwrap();
        house.visitor().post(&format!("/bought/{}/cancellation", secret("two")), &[("order", id)]).is(303);
        house.visitor().get(&format!("/products/{}", shop.product)).is(200).says("4 disponibles");
        let numbers = "select cast(max(number) as bigint) from sale_order";
        assert_eq!(count(house, numbers), 2, "numbers have no gaps");
    });
}

#[test]
fn what_others_were_promised_is_not_sold() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let seen = format!("seen.{}", shop.given.organisation);
        let buy = |key: &str, count: i64, total: &str| {
            let key = secret(key);
            let mut form = buyer(&key, "order");
            form.push((&seen, total));
            with_basket(house, &shop.pack, count).post("/basket/orders", &form).status
        };
        let page = format!("/products/{}", shop.product);
        // Seven of ten are promised elsewhere, such as to a pooled order.
        let elsewhere = kernel::Id::named("elsewhere");
        let promise = |packs: i64| {
            let promised = [(shop.product.parse().unwrap(), packs * 250)].into();
            house.given(|tx| market::promise::keep(tx, elsewhere, &promised));
        };
        promise(7);
        house.visitor().get(&page).is(200).says("3 disponibles");
        assert_eq!((buy("a", 4, "18000 MAD"), buy("b", 3, "13500 MAD")), (409, 303));
        house.visitor().get(&page).is(200).says("plus disponible").says("schema.org/OutOfStock");
        promise(0);
        assert_eq!(buy("c", 7, "31500 MAD"), 303);
    });
}

#[test]
fn fifty_buyers_never_buy_what_is_not_there() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let seen = format!("seen.{}", shop.given.organisation);
        let answers: Vec<u16> = std::thread::scope(|scope| {
            let buyers: Vec<_> = (0..50)
                .map(|n| {
                    let (seen, pack) = (&seen, &shop.pack);
                    scope.spawn(move || {
                        let key = secret(&format!("buyer {n}"));
                        let mut form = buyer(&key, "order");
                        form.push((seen, "9000 MAD"));
                        with_basket(house, pack, 2).post("/basket/orders", &form).status
                    })
                })
                .collect();
            buyers.into_iter().map(|buyer| buyer.join().unwrap()).collect()
        });
        let sold = answers.iter().filter(|status| **status == 303).count();
        let refused = answers.iter().filter(|status| **status == 409).count();
        assert_eq!((sold, refused), (5, 45), "{answers:?}");
        let promised = "select cast(sum(l.content * l.count) as bigint) from sale_line l join sale_order s on s.id = l.sale_order
             where s.status = 'ordered'";
        assert_eq!(count(house, promised), 2_500);
        assert_eq!(count(house, "select count(distinct number) from sale_order"), 5);
    });
}

#[test]
fn a_unique_piece_is_sold_once_and_what_is_made_to_order_always() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let more = [("kind", "craft"), ("unit", "piece"), ("ingredients.fr", ""), ("name.fr", "Tapis")];
        let make = |making: &str| {
            let mut form = more.to_vec();
            form.push(("making", making));
            let id = product(&shop.presidente, shop.given.organisation, &form);
            price(&shop.presidente, &id, "", "individual", "1200");
            publish(&shop.presidente, &id);
            id
        };
        let (carpet, dish) = (make("unique"), make("to_order"));
        let buy = |key: &str, article: &str| {
            let (key, seen) = (secret(key), format!("seen.{}", shop.given.organisation));
            let mut form = buyer(&key, "order");
            form.push((&seen, "120000 MAD"));
            with_basket(house, article, 1).post("/basket/orders", &form).status
        };
        assert_eq!((buy("a", &carpet), buy("b", &carpet)), (303, 409));
        assert_eq!((buy("c", &dish), buy("d", &dish)), (303, 303));
        // Delivered, it does not come back for sale; and its lot says the same.
        let sale = format!("/sales/{}", order(&house.visitor(), &secret("a"))["id"].as_str().unwrap());
        shop.presidente.post(&format!("{sale}/preparation"), &[]).is(303);
        shop.presidente.post(&format!("{sale}/delivery"), &[]).is(303);
        assert_eq!(buy("e", &carpet), 409);
        // Another one with a lot: taken from it, it is gone.
        let carpet = make("unique");
        let lot = lot(&shop.presidente, &carpet, "T-1", &crate::house::day(-3), "1");
        assert_eq!(buy("f", &carpet), 303);
        let sale = format!("/sales/{}", order(&house.visitor(), &secret("f"))["id"].as_str().unwrap());
        let line = shop.presidente.get_json(&sale).json()["work"][0]["line"].as_str().unwrap().to_owned();
        shop.presidente.post(&format!("{sale}/preparation"), &[]).is(422);
        shop.presidente.post(&format!("{sale}/preparation"), &[(&format!("take.{line}.{lot}"), "1")]).is(303);
        assert_eq!(buy("g", &carpet), 409);
    });
}

#[test]
fn a_statement_of_the_bank_pays_the_orders_it_names() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let seen = format!("seen.{}", shop.given.organisation);
        for (key, count, total) in [("one", 2, "9000 MAD"), ("two", 3, "13500 MAD")] {
            let key = secret(key);
            let mut form = buyer(&key, "order");
            form.push((&seen, total));
            with_basket(house, &shop.pack, count).post("/basket/orders", &form).is(303);
        }
        let reference = order(&house.visitor(), &secret("one"))["reference"].as_str().unwrap().to_owned();
        let today = kernel::today();
        let text = format!(
            "Date;Libellé;Débit;Crédit\n{today};VIR RECU cmd {};;90,00\n{today};VIREMENT;;135\n{today};AUTRE;;7\n{today};FRAIS;9;\n",
            reference.replace('-', " ")
        );
        let read = |name: &str, bytes: &[u8]| {
            shop.presidente.upload("/sales/statement", &[("currency", "MAD")], "file", name, bytes)
        };
        shop.presidente.get("/sales/statement").is(200).says("Lire un relevé");
        read("x.csv", b"Nom;Age\nA;3\n").is(422).says("n’a pas de colonne");
        read("x.csv", b"").is(422);
        read("x.xlsx", b"PK\x03\x04 broken").is(422);
        let page = read("releve.csv", text.as_bytes()).is(200);
        page.says("la référence y figure").says("seul le montant correspond").says("Une autre rentrée");
        // Nothing is written down before somebody says so.
        assert_eq!(count(house, "select count(*) from sale_payment"), 0);
        let told = read("releve.csv", text.as_bytes()).text();
        let values: Vec<String> = told
            .split("name=\"line\" value=\"")
            .skip(1)
            .map(|part| part.split('"').next().unwrap().replace("&#34;", "\"").replace("&quot;", "\""))
            .collect();
        assert_eq!(values.len(), 2);
        let form: Vec<(&str, &str)> = values.iter().map(|value| ("line", value.as_str())).collect();
        shop.presidente.post("/sales/statement/payments", &[]).is(409);
        shop.presidente.post("/sales/statement/payments", &[("line", "{}")]).is(409);
        let stranger = crate::house::represents(house, shop.given.other, "stranger");
        stranger.post("/sales/statement/payments", &form).is(403);
        stranger
            .upload("/sales/statement", &[], "file", "releve.csv", text.as_bytes())
            .is(200)
            .never_says("Levant");
        shop.presidente.post("/sales/statement/payments", &form).is(303);
        shop.presidente.post("/sales/statement/payments", &form).is(303);
        assert_eq!(
            count(house, "select count(*) from sale_payment"),
            2,
            "the same statement again is the same"
        );
        assert_eq!(order(&house.visitor(), &secret("one"))["paid"], "fully");
        // What is paid waits for no money any more.
        let again = read("releve.csv", text.as_bytes()).is(200);
        again.never_says("la référence y figure").never_says("seul le montant correspond");
    });
}
