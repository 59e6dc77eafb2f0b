//! Payment by card: the page of the provider, what it tells, and what is not believed.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use base64::Engine;
use kernel::testing::{House, on_both};
use kernel::{Id, Json};
use sha2::{Digest, Sha512};

use crate::house::{represents, team};
use crate::shop::{Shop, buyer, count, order, rooms, secret, shop, with_basket};

const KEY: &str = "CLE|d'essai\\1";

/// What the provider would send about an attempt, sealed with this key.
fn message(attempt: &str, amount: &str, code: &str, key: &str) -> Vec<(&'static str, String)> {
    // In the order of their names, as the seal wants them.
    let mut fields = vec![
        ("amount", amount.to_owned()),
        ("currency", "504".to_owned()),
        ("oid", attempt.to_owned()),
        ("ProcReturnCode", code.to_owned()),
        ("TransId", "26331|7".to_owned()),
    ];
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|");
    let text: String = fields.iter().map(|(_, value)| format!("{}|", escaped(value))).collect();
    let seal = Sha512::digest(format!("{text}{}", escaped(key)));
    fields.push(("HASH", base64::engine::general_purpose::STANDARD.encode(seal)));
    fields
}

fn tell(house: &House, message: &[(&'static str, String)]) -> String {
    let form: Vec<(&str, &str)> = message.iter().map(|(name, value)| (*name, value.as_str())).collect();
    // The provider is another site, and may come by a browser.
    house.visitor().lured().post("/card-payments/cmi", &form).is(200).text()
}

/// Four bottles for 180 dirhams, ordered at once.
fn ordered(house: &House, shop: &Shop<'_>, key: &str) -> String {
    let mut form = buyer(key, "order");
    let seen = format!("seen.{}", shop.given.organisation);
    form.push((&seen, "18000 MAD"));
    with_basket(house, &shop.pack, 4).post("/basket/orders", &form).is(303);
    order(&house.visitor(), key)["id"].as_str().unwrap().to_owned()
}

fn takes_cards(shop: &Shop<'_>) {
    let page = format!("/organisations/{}/card-payments", shop.given.organisation);
    shop.presidente.get(&page).is(200).says("Numéro de commerçant");
    let id = Id::new().to_string();
    let account = |more: &[(&str, &str)]| {
        let mut form = vec![
            ("id", &*id),
            ("version", "0"),
            ("provider", "cmi"),
            ("client", "600002599"),
            ("testing", "yes"),
        ];
        form.extend(more);
        shop.presidente.post(&page, &form)
    };
    account(&[]).is(422).says("Écrivez la clé");
    account(&[("key", KEY)]).is(303);
    account(&[("key", KEY)]).is(303);
    shop.presidente.get(&page).is(200).says("À l’essai").never_says("essai\\1");
}

#[test]
fn a_card_pays_once_and_nothing_forged_is_believed() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let (link, nobody) = (secret("levant"), house.visitor());
        let id = ordered(house, &shop, &link);
        let bought = format!("/bought/{link}");
        nobody.get(&bought).is(200).never_says("Payer par carte");
        let attempt = Id::new().to_string();
        let begin =
            |attempt: &str| nobody.post_json(&format!("{bought}/card"), &[("id", attempt), ("order", &id)]);
        begin(&attempt).is(409).says("ne prend pas encore les cartes");
        takes_cards(&shop);
        assert_eq!(
            count(house, "select count(*) from fact where changes like '%essai%'"),
            0,
            "no fact tells the key"
        );
        assert_eq!(count(house, "select count(*) from card_merchant where store_key like '%essai%'"), 0);

        nobody.get(&bought).is(200).says("Payer par carte");
        let gate = begin(&attempt).is(200);
        let policy = gate.head["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("form-action 'self' https://testpayment.cmi.co.ma;"), "{policy}");
        let fields = gate.json()["fields"].as_array().unwrap().clone();
        let field =
            |name: &str| fields.iter().find(|pair| pair[0] == name).map(|pair| pair[1].clone()).unwrap();
        assert_eq!((field("amount"), field("oid")), ("180.00".into(), Json::from(&*attempt)));
        nobody
            .post(&format!("{bought}/card"), &[("id", &attempt), ("order", &id)])
            .is(200)
            .says("Page d’essai");
        nobody
            .post(&format!("{bought}/card?lang=ar"), &[("id", &attempt), ("order", &id)])
            .is(200)
            .says("dir=\"rtl\"");
        assert_eq!(count(house, "select count(*) from card_attempt"), 1, "opened again, it is the same");
        // Another site cannot begin it; the provider's page leads back without saying anything.
        house.visitor().lured().post(&format!("{bought}/card"), &[("order", &id)]).is(403);
        let lured = house.visitor().lured();
        let back = lured.post(&format!("{bought}/card-return"), &[("ProcReturnCode", "00")]).is(303);
        assert_eq!(back.location.as_deref(), Some(&*format!("{bought}?done=card_back")));

        let nothing = || count(house, "select count(*) from sale_payment");
        for (forged, why) in [
            (message(&attempt, "180.00", "00", "another key"), "another key"),
            (message(&attempt, "1.00", "00", KEY), "another amount"),
            (message(&Id::new().to_string(), "180.00", "00", KEY), "an unknown attempt"),
            (message("x", "180.00", "00", KEY), "no attempt at all"),
            (vec![], "an empty message"),
        ] {
            assert_eq!((tell(house, &forged), nothing()), ("FAILURE".to_owned(), 0), "{why}");
        }
        let mut changed = message(&attempt, "180.00", "05", KEY);
        changed[3].1 = "00".into();
        assert_eq!((tell(house, &changed), nothing()), ("FAILURE".to_owned(), 0), "changed on its way");
        assert_eq!(tell(house, &message(&attempt, "180.00", "05", KEY)), "APPROVED");
        assert_eq!(nothing(), 0, "a card that was refused pays nothing");
        for _ in 0..2 {
            assert_eq!(tell(house, &message(&attempt, "180.00", "00", KEY)), "ACTION=POSTAUTH");
        }
        assert_eq!(nothing(), 1, "told twice, it counts once");
        let told = order(&nobody, &link);
        assert_eq!(
            (&told["paid"], &told["payments"][0]["means"], &told["payments"][0]["reference"]),
            (&"fully".into(), &"card".into(), &"26331|7".into())
        );
        nobody.get(&bought).is(200).never_says("Payer par carte");
        begin(&Id::new().to_string()).is(409);
    });
}

#[test]
fn only_who_runs_the_cooperative_writes_its_account_and_nobody_says_by_hand_that_a_card_paid() {
    on_both(rooms, |house| {
        let shop = shop(house);
        let page = format!("/organisations/{}/card-payments", shop.given.organisation);
        let other = represents(house, shop.given.other, "autre");
        assert!([403, 404].contains(&other.get(&page).status));
        let form = [("provider", "cmi"), ("client", "1"), ("key", "k")];
        assert!([403, 404].contains(&other.post(&page, &form).status));
        // A coach helps with orders, not with where the money goes.
        team(house, &shop.given, "coach").get(&page).is(403);
        team(house, &shop.given, "coach").post(&page, &form).is(403);
        house.visitor().get(&page).is(303);
        assert!([401, 403].contains(&house.visitor().post(&page, &form).status));
        assert_eq!(count(house, "select count(*) from card_merchant"), 0);

        let link = secret("levant");
        let id = ordered(house, &shop, &link);
        let today = crate::house::day(0);
        let paid = [
            ("order", &*id),
            ("day", &today),
            ("amount", "180"),
            ("amount.currency", "MAD"),
            ("means", "card"),
        ];
        house.visitor().post(&format!("/bought/{link}/payments"), &paid).is(422);
        shop.presidente.post(&format!("/sales/{id}/payments"), &paid).is(422);
        assert_eq!(count(house, "select count(*) from sale_payment"), 0);
    });
}
