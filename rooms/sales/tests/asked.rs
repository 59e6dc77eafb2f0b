//! A buyer asks, is quoted, orders, receives and pays; and what neither side may do.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crate::house::{day, jpeg, represents, team};
use crate::shop::{Shop, buyer, count, order, price, rooms, secret, shop, with_basket};
use kernel::testing::{House, Visitor, on_both};

/// A request for four bottles; answers the address of the order.
fn ask(house: &House, shop: &Shop<'_>, secret: &str) -> String {
    let buyer_ = with_basket(house, &shop.pack, 4);
    buyer_.post("/basket/orders", &buyer(secret, "quote")).is(303);
    format!("/sales/{}", order(&buyer_, secret)["id"].as_str().unwrap())
}

/// Quotes every line of an order at this price.
pub(crate) fn quote(who: &Visitor<'_>, page: &str, price: &str, more: &[(&str, &str)]) -> u16 {
    let told = who.get_json(page).is(200).json();
    let line = format!("price.{}", told["order"]["lines"][0]["id"].as_str().unwrap());
    let until = day(10);
    let mut form =
        vec![(line.as_str(), price), ("currency", "MAD"), ("terms", "half"), ("valid_until", &*until)];
    form.retain(|(name, _)| !more.iter().any(|(there, _)| there == name));
    form.extend_from_slice(more);
    who.post(&format!("{page}/quotations"), &form).status
}

#[test]
fn from_the_question_to_the_last_centime() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let nobody = house.visitor();
        nobody
            .get(&format!("/products/{}", shop.product))
            .is(200)
            .says("Ajouter au panier")
            .says("10 disponibles");
        nobody.get("/basket").is(200).says("Votre panier est vide");
        let put = nobody.post("/basket", &[("article", &shop.pack), ("count", "4"), ("act", "add")]).is(303);
        assert_eq!(put.location.as_deref(), Some("/basket?done=basket_kept"));
        let chosen = with_basket(house, &shop.pack, 4);
        let page = chosen.get("/basket").is(200);
        page.says("Flacon de 250 ml")
            .says("180\u{a0}MAD")
            .says("Commander à ces prix")
            .says("Demander un devis");
        let secret = secret("levant");
        let sale = ask(house, &shop, &secret);
        // Sent again, it leads to the same.
        with_basket(house, &shop.pack, 4).post("/basket/orders", &buyer(&secret, "quote")).is(303);
        assert_eq!(count(house, "select count(*) from sale_order"), 1);
        let link = format!("/bought/{secret}");
        nobody.get(&link).is(200).says("La coopérative prépare son devis").says("Épicerie du Levant");
        nobody.get(&format!("{link}?lang=ar")).is(200).says("dir=\"rtl\"").says("طُلب بيان ثمن");
        nobody.get(&format!("{link}?lang=fr")).is(200);
        shop.presidente.get("/sales").is(200).says("0001").says("Épicerie du Levant");
        // The price of shops is proposed to a shop.
        shop.presidente.get(&sale).is(200).says("value=\"38\"").says("10 disponibles");
        assert_eq!(quote(&shop.presidente, &sale, "", &[]), 422);
        assert_eq!(quote(&shop.presidente, &sale, "0", &[]), 422);
        assert_eq!(quote(&shop.presidente, &sale, "36,50", &[("valid_until", &day(-1))]), 422);
        assert_eq!(quote(&shop.presidente, &sale, "36,50", &[("incoterm", "FOB")]), 422);
        assert_eq!(count(house, "select count(*) from sale_quotation"), 0);
        assert_eq!(quote(&shop.presidente, &sale, "36,50", &[("delivery", "20")]), 303);
        let told = order(&nobody, &secret);
        assert_eq!(told["quotation"]["total"]["minor"], 16_600);
        let quotation = told["quotation"]["id"].as_str().unwrap().to_owned();
        let id = told["id"].as_str().unwrap().to_owned();
        let accept = |quotation: &str| {
            nobody.post(&format!("{link}/acceptance"), &[("order", &id), ("quotation", quotation)])
        };
        // A newer one takes its place before it is accepted.
        assert_eq!(quote(&shop.presidente, &sale, "35", &[("delivery", "20")]), 303);
        accept(&quotation).is(409).says("nouveau devis");
        let quotation = order(&nobody, &secret)["quotation"]["id"].as_str().unwrap().to_owned();
        accept(&quotation).is(303);
        accept(&quotation).is(303);
        assert_eq!(quote(&shop.presidente, &sale, "1", &[]), 409, "what is agreed stays");
        // Preparing takes exactly what was ordered, what ends first proposed first.
        let work = shop.presidente.get_json(&sale).is(200).json()["work"][0].clone();
        let line = work["line"].as_str().unwrap();
        assert_eq!((&work["lots"][0]["number"], &work["lots"][0]["take"]), (&"R-1".into(), &"4".into()));
        let take = |first: &str, second: &str| {
            let names = shop.lots.each_ref().map(|lot| format!("take.{line}.{lot}"));
            let form = [(names[0].as_str(), first), (names[1].as_str(), second)];
            shop.presidente.post(&format!("{sale}/preparation"), &form)
        };
        take("3", "0").is(422).says("doit être celui de la commande");
        take("5", "-1").is(422);
        assert_eq!(count(house, "select count(*) from lot_movement"), 0);
        take("3", "1").is(303);
        take("3", "1").is(303);
        assert_eq!(
            count(house, "select cast(sum(quantity) as bigint) from lot_movement where reason = 'sold'"),
            1_000
        );
        nobody
            .post(&format!("{link}/cancellation"), &[("order", &id)])
            .is(409)
            .says("appelez la coopérative");
        shop.presidente.post(&format!("{sale}/delivery"), &[]).is(303);
        // Paid in two parts: one announced by the buyer, one written down by the cooperative.
        let today = day(0);
        let pay = [
            ("order", &*id),
            ("day", &today),
            ("amount", "100"),
            ("amount.currency", "MAD"),
            ("means", "transfer"),
        ];
        let slip = |bytes: &[u8]| {
            nobody.upload(&format!("{link}/payments"), &pay, "proof", "recu.jpg", bytes).status
        };
        assert_eq!(slip(b"no picture"), 422);
        assert_eq!(slip(&jpeg()), 303);
        assert_eq!(order(&nobody, &secret)["paid"], "not", "said is not received");
        shop.presidente.get(&sale).is(200).says("Annoncé par l’acheteur").says("Photo du reçu</a>");
        let proof =
            house.look(|db| db.one::<String>(&kernel::sql("select proof from sale_payment").open("test")));
        shop.presidente.get(&format!("/files/{proof}")).is(200);
        nobody.get(&format!("/files/{proof}")).is(303);
        let payment =
            house.look(|db| db.one::<kernel::Id>(&kernel::sql("select id from sale_payment").open("test")));
        shop.presidente.post(&format!("/sale-payments/{payment}/receipt"), &[]).is(303);
        assert_eq!(order(&nobody, &secret)["paid"], "partly");
        shop.presidente.post(&format!("/sale-payments/{payment}/absence"), &[]).is(409);
        let rest = |amount: &str, currency: &str, day: &str| {
            let form = [("day", day), ("amount", amount), ("amount.currency", currency), ("means", "cash")];
            shop.presidente.post(&format!("{sale}/payments"), &form).status
        };
        assert_eq!(rest("60", "EUR", &today), 422);
        assert_eq!(rest("60", "MAD", &day(1)), 422);
        assert_eq!(rest("0", "MAD", &today), 422);
        assert_eq!(rest("60", "MAD", &today), 303);
        let told = order(&nobody, &secret);
        assert_eq!((&told["paid"], &told["due"]["minor"]), (&"fully".into(), &0.into()));
    });
}

#[test]
fn whose_order_it_is() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let (secret, other) = (secret("hers"), secret("his"));
        let sale = ask(house, &shop, &secret);
        let theirs = ask(house, &shop, &other);
        let nobody = house.visitor();
        nobody.get(&sale).is(303);
        nobody.get(&format!("/bought/{}", "0".repeat(64))).is(404);
        nobody.get("/bought/x").is(404);
        let stranger = represents(house, shop.given.other, "stranger");
        stranger.get(&sale).is(403);
        stranger.post(&format!("{sale}/delivery"), &[]).is(403);
        stranger.get("/sales").is(200).never_says("Levant");
        // One link opens one basket: the order of another is not there.
        let id = theirs.rsplit('/').next().unwrap();
        nobody.post(&format!("/bought/{secret}/cancellation"), &[("order", id)]).is(404);
        // A coach answers on behalf of the cooperative, and it shows.
        let coach = team(house, &shop.given, "coach");
        assert_eq!(quote(&coach, &sale, "40", &[]), 303);
        let behalf =
            "select count(*) from fact where kind = 'sales.sale_quotation.created' and behalf is not null";
        assert_eq!(count(house, behalf), 1);
        // No other buyer and no other cooperative reads what was quoted.
        nobody.get(&format!("/bought/{other}")).is(200).never_says("160\u{a0}MAD");
        nobody.get(&format!("/bought/{secret}")).is(200).says("160\u{a0}MAD");
        // Who says why is heard; who says nothing is asked.
        shop.presidente.post(&format!("{theirs}/refusal"), &[("reason", "")]).is(409);
        shop.presidente.post(&format!("{theirs}/refusal"), &[("reason", "Récolte finie")]).is(303);
        nobody.get(&format!("/bought/{other}")).is(200).says("Récolte finie").says("Déclinée");
    });
}

#[test]
fn what_a_basket_cannot_ask() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let key = secret("key");
        let send = |who: &Visitor<'_>, form: &[(&str, &str)]| who.post("/basket/orders", form).status;
        let with = |count| with_basket(house, &shop.pack, count);
        assert_eq!(send(&house.visitor(), &buyer(&key, "quote")), 409, "an empty basket");
        assert_eq!(send(&with(1), &buyer("short", "quote")), 409);
        let without = |name: &str| {
            let mut form = buyer(&key, "quote");
            form.retain(|(there, _)| *there != name);
            form
        };
        with(1).post("/basket/orders", &without("name")).is(422).says("Casablanca").says("Flacon");
        with(1).post("/basket/orders", &without("phone")).is(422).says("téléphone ou une adresse e-mail");
        let mut late = buyer(&key, "quote");
        let yesterday = day(-1);
        late.push(("wanted", &yesterday));
        assert_eq!(send(&with(1), &late), 422);
        // Forged fields say nothing: neither state nor number.
        let mut forged = buyer(&key, "quote");
        forged.extend([("status", "delivered"), ("number", "99"), ("ordered", "2020-01-01")]);
        assert_eq!(send(&with(1), &forged), 303);
        let told = order(&house.visitor(), &key);
        assert_eq!((&told["status"], &told["ordered"]), (&"asked".into(), &kernel::Json::Null));
        // What is withdrawn meanwhile is not sold; strange cookies are empty baskets.
        let page = format!("/products/{}", shop.product);
        let version = shop.presidente.get_json(&page).json()["product"]["version"].to_string();
        shop.presidente.post(&format!("{page}/withdrawal"), &[("version", &version)]).is(303);
        with(1).get("/basket").is(200).says("n’est plus proposé");
        assert_eq!(send(&with(1), &buyer(&secret("again"), "quote")), 409);
        assert_eq!(house.visitor().post("/basket", &[("article", &shop.pack)]).status, 409);
        house.visitor().cookie("tiwizi_basket", "%%%_x.1_.").get("/basket").is(200).says("est vide");
        price(&shop.presidente, &shop.product, &shop.pack, "hotel", "40");
    });
}
