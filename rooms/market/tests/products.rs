//! A product, from its draft to the page that everybody reads.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::house::{given, product, publish, represents, rooms, team};
use kernel::testing::on_both;
use kernel::{Id, sql};

#[test]
fn a_cooperative_drafts_publishes_and_withdraws() {
    on_both(rooms, |house| {
        let given = given(house);
        let presidente = represents(house, given.organisation, "presidente");
        let home = format!("/organisations/{}", given.organisation);
        presidente.get(&home).is(200).says("Que fait cette coopérative").says("Aucun produit encore");
        presidente.get(&format!("{home}/products/new")).is(200).says("Son histoire");
        let id = product(
            &presidente,
            given.organisation,
            &[
                ("story.fr", "Distillée à l’aube"),
                ("origin", "08.577"),
                ("season", "05"),
                ("allergens", "nuts"),
                ("share", "80"),
                ("share_told", "yes"),
            ],
        );
        let page = format!("/products/{id}");
        presidente.get(&page).is(200).says("Brouillon").says("Distillée à l’aube");
        // A draft is nobody else's.
        let nobody = house.visitor();
        nobody.get(&page).is(303);
        nobody.get_json(&page).is(401);
        let other = represents(house, given.other, "other");
        other.get(&page).is(404);
        nobody.get(&home).is(200).never_says("Eau de rose");
        publish(&presidente, &id);
        nobody
            .get(&page)
            .is(200)
            .says("Distillée à l’aube")
            .says("Fruits à coque")
            .says("80 % du prix")
            .says("class=\"map\"")
            .says(&format!("href=\"/organisations/{}\"", given.organisation))
            .never_says("/edit")
            .never_says("Dernière modification");
        nobody.get(&format!("{page}?lang=ar")).is(200).says("dir=\"rtl\"").says("ماء الورد");
        nobody.get(&format!("{page}?lang=en")).is(200).says("Tree nuts").says("80% of the price");
        nobody.get(&home).is(200).says("Eau de rose");
        other.get(&page).is(200).never_says("/edit");
        let version = presidente.get_json(&page).json()["product"]["version"].to_string();
        presidente.post(&format!("{page}/withdrawal"), &[("version", &version)]).is(303);
        nobody.get(&page).is(303);
        // Once more changes nothing; what was made on an older version is refused.
        presidente.post(&format!("{page}/withdrawal"), &[("version", &version)]).is(303);
        presidente.post(&format!("{page}/publication"), &[("version", &version)]).is(422).says("entre-temps");
    });
}

#[test]
fn a_coach_writes_on_its_behalf_and_it_shows() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let id = product(&coach, given.organisation, &[]);
        let behalf = |id: &str| -> Option<Id> {
            let id: Id = id.parse().unwrap();
            let query = sql("select behalf from fact where record = ? order by id desc limit 1").bind(id);
            house.look(|db| db.row(&query, kernel::value::Row::take::<Option<Id>>)).flatten()
        };
        assert_eq!(behalf(&id), Some(given.organisation));
        coach.get(&format!("/products/{id}")).is(200).says("coach").says("au nom de la coopérative");
        let presidente = represents(house, given.organisation, "presidente");
        let change = [("name.fr", "Eau de rose pure"), ("version", "1"), ("_fields", "name")];
        presidente.post(&format!("/products/{id}"), &change).is(303);
        assert_eq!(behalf(&id), None, "her own product is hers");
        presidente.get(&format!("/products/{id}")).is(200).never_says("au nom de la coopérative");
        // A stale version, at the same field.
        coach
            .post(&format!("/products/{id}"), &[("name.fr", "Rose"), ("version", "1"), ("_fields", "name")])
            .is(422);
        coach.get("/products").is(200).says("Eau de rose pure");
    });
}

#[test]
fn mistakes_are_told_in_sentences() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let path = format!("/organisations/{}/products", given.organisation);
        let told = |more: &[(&str, &str)]| {
            let mut form =
                vec![("kind", "food"), ("making", "repeated"), ("name.fr", "Dattes"), ("unit", "g")];
            form.retain(|(name, _)| !more.iter().any(|(there, _)| there == name));
            form.extend_from_slice(more);
            coach.post(&path, &form)
        };
        told(&[("gtin", "9506000134353")]).is(422).says("Le dernier chiffre ne correspond pas");
        told(&[("gtin", "12")]).is(422).says("8, 12, 13 ou 14 chiffres");
        told(&[("hs", "0804")]).is(422).says("6, 8 ou 10 chiffres");
        told(&[("share", "101")]).is(422).says("de 0 à 100");
        told(&[("share_told", "yes")]).is(422).says("la part que vous acceptez de dire");
        told(&[("kind", "craft"), ("allergens", "nuts"), ("unit", "piece")])
            .is(422)
            .says("ni ingrédients ni allergènes");
        told(&[("making", "unique")]).is(422).says("se compte en pièces");
        told(&[("allergens", "gold")]).is(422);
        told(&[("origin", "99.999")]).is(422);
        told(&[("name.fr", "")]).is(422);
        told(&[("status", "published"), ("gtin", "9506000134352")]).is(303);
        let found: String = house.look(|db| db.one(&sql("select status from product").open("test")));
        assert_eq!(found, "draft", "nothing is published by a form");
        told(&[("gtin", "09506000134352")]).is(422).says("porte déjà ce code-barres");
        let id: Id = house.look(|db| db.one(&sql("select id from product").open("test")));
        coach.post(&format!("/products/{id}/withdrawal"), &[("version", "1")]).is(409).says("pas publié");
        coach
            .post(&format!("/products/{id}/publication"), &[("version", "1")])
            .is(422)
            .says("dit ses ingrédients");
        coach.post(&format!("/products/{id}/remove"), &[]).is(409).says("retirez-le de la vente");
        // Whoever has no right to the file learns of nothing and changes nothing.
        let other = represents(house, given.other, "other");
        other.get(&format!("/products/{id}/edit")).is(403);
        other.post(&format!("/products/{id}"), &[("name.fr", "x"), ("version", "1")]).is(403);
        other.post(&format!("/products/{id}/publication"), &[("version", "1")]).is(403);
        other.post(&path, &[("name.fr", "x")]).is(403);
        house.visitor().post(&format!("/products/{id}/publication"), &[("version", "1")]).is(401);
    });
}

#[test]
fn a_hidden_cooperative_publishes_nothing() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let id = product(&coach, given.organisation, &[]);
        publish(&coach, &id);
        house.visitor().get(&format!("/products/{id}")).is(200);
        let hide = [("version", "1"), ("_fields", "published")];
        coach.post(&format!("/organisations/{}", given.organisation), &hide).is(303);
        house.visitor().get(&format!("/products/{id}")).is(303);
        let second = product(&coach, given.organisation, &[]);
        let publication = format!("/products/{second}/publication");
        coach.post(&publication, &[("version", "1")]).is(422).says("page de la coopérative");
    });
}

#[test]
fn packs_and_prices_are_per_buyer_and_only_one_is_public() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let id = product(&coach, given.organisation, &[]);
        publish(&coach, &id);
        let pack = Id::new().to_string();
        let form = [("id", pack.as_str()), ("name.fr", "Flacon de 250 ml"), ("quantity", "250")];
        coach.post(&format!("/products/{id}/packs"), &form).is(303);
        coach.post(&format!("/products/{id}/packs"), &[("name.fr", "Rien"), ("quantity", "0")]).is(422);
        let price = |buyer: &str, amount: &str, currency: &str| {
            let form =
                [("pack", pack.as_str()), ("buyer", buyer), ("price", amount), ("price.currency", currency)];
            coach.post(&format!("/products/{id}/prices"), &form)
        };
        price("individual", "45,50", "MAD").is(303);
        price("individual", "6", "EUR").is(303);
        price("exporter", "31,25", "MAD").is(303);
        price("exporter", "30", "MAD").is(422).says("existe déjà");
        price("shop", "0", "MAD").is(422).says("plus que zéro");
        price("shop", "-3", "MAD").is(422);
        coach.get(&format!("/products/{id}")).is(200).says("31,25").says("Exportateur");
        let minor: i64 = house.look(|db| {
            db.one(
                &sql("select cast(sum(price) as bigint) from product_price where price_currency = 'MAD'")
                    .open("test"),
            )
        });
        assert_eq!(minor, 4550 + 3125, "whole centimes");
        for answer in [
            house.visitor().get(&format!("/products/{id}")),
            house.visitor().get_json(&format!("/products/{id}")),
        ] {
            let answer = answer.is(200).never_says("31,25").never_says("3125").never_says("xporter");
            assert!(answer.text().contains("45,50") || answer.text().contains("4550"));
        }
        coach.post(&format!("/packs/{pack}/remove"), &[]).is(409).says("retirez d’abord le prix");
        // A pack of another product is no pack of this one.
        let second = product(&coach, given.organisation, &[]);
        let form = [("pack", pack.as_str()), ("buyer", "shop"), ("price", "4")];
        coach.post(&format!("/products/{second}/prices"), &form).is(422);
    });
}

fn jpeg(side: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(side, side / 2).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    let plain = bytes.into_inner();
    // What a telephone writes behind the first mark of a JPEG: an EXIF segment that tells a place.
    let told = b"Exif\0\0MM\0*\0\0\0\x08 GPS 31.1234N";
    let mut with = plain[..2].to_vec();
    with.extend_from_slice(&[0xff, 0xe1, 0, told.len() as u8 + 2]);
    with.extend_from_slice(told);
    with.extend_from_slice(&plain[2..]);
    with
}

#[test]
fn photos_are_resized_and_tell_no_place() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let id = product(&coach, given.organisation, &[]);
        let path = format!("/products/{id}/photos");
        let photo = Id::new().to_string();
        let send = || {
            coach.upload(
                &path,
                &[("id", &photo), ("caption.fr", "L’alambic")],
                "photo",
                "IMG.jpg",
                &jpeg(2000),
            )
        };
        send().is(303);
        send().is(303);
        let count: i64 = house.look(|db| db.one(&sql("select count(*) from product_photo").open("test")));
        assert_eq!(count, 1, "sent twice, kept once");
        let seen = coach.get(&format!("/product-photos/{photo}")).is(200);
        let drawn = image::load_from_memory(&seen.bytes).unwrap();
        assert_eq!((drawn.width(), drawn.height()), (960, 480));
        assert!(!seen.bytes.windows(3).any(|window| window == b"GPS"), "the place stays with the telephone");
        house.visitor().get(&format!("/product-photos/{photo}")).is(303);
        publish(&coach, &id);
        house.visitor().get(&format!("/product-photos/{photo}")).is(200);
        house.visitor().get(&format!("/products/{id}")).is(200).says("L’alambic");
        // Wrong files, a bomb, nothing at all.
        coach.upload(&path, &[], "photo", "a.pdf", b"%PDF-1.7").is(422);
        coach.upload(&path, &[], "photo", "a.jpg", b"\xff\xd8\xff\xe0 no picture").is(422);
        let mut huge = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        huge.extend_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0]);
        coach.upload(&path, &[], "photo", "a.png", &huge).is(422);
        coach.post(&path, &[]).is(422);
        represents(house, given.other, "other").upload(&path, &[], "photo", "a.jpg", &jpeg(40)).is(403);
        coach.post(&format!("/product-photos/{photo}/remove"), &[]).is(303);
        house.visitor().get(&format!("/product-photos/{photo}")).is(404);
    });
}
