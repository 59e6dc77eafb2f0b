//! Lots: numbers, dates, what came and went, blends, and the page of whoever holds a jar.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::house::{day, given, lot, product, publish, represents, rooms, team};
use kernel::testing::{House, on_both};
use kernel::{Fields, Id, Standing, sql};

fn left(house: &House, lot: &str) -> i64 {
    let query = "select cast(l.quantity + coalesce((select sum(case when m.reason in ('found', 'returned') then m.quantity
                 else -m.quantity end) from lot_movement m where m.lot = l.id), 0) as bigint) from lot l where l.id = ?";
    house.look(|db| db.one(&sql(query).bind(lot.parse::<Id>().unwrap()).open("test")))
}

#[test]
fn a_lot_is_made_sold_and_counted() {
    on_both(rooms, |house| {
        let given = given(house);
        let presidente = represents(house, given.organisation, "presidente");
        let id = product(&presidente, given.organisation, &[]);
        presidente.get(&format!("/products/{id}")).is(200).says("Aucun lot encore");
        let lots = format!("/products/{id}/lots");
        let told = |more: &[(&str, &str)]| {
            let produced = day(-10);
            let mut form = vec![("number", "R-26.1"), ("produced", produced.as_str()), ("quantity", "12500")];
            form.retain(|(name, _)| !more.iter().any(|(there, _)| there == name));
            form.extend_from_slice(more);
            presidente.post(&lots, &form)
        };
        told(&[("produced", &day(1))]).is(422).says("pas encore arrivé");
        told(&[("best_before", &day(-20))]).is(422);
        told(&[("quantity", "0")]).is(422).says("contient quelque chose");
        told(&[("quantity", "-4")]).is(422);
        told(&[("number", "A/B")]).is(422).says("20 lettres latines");
        told(&[("number", "لوط")]).is(422);
        told(&[("number", &"X".repeat(21))]).is(422);
        let made = Id::new().to_string();
        told(&[("id", &made), ("best_before", &day(300))]).is(303);
        told(&[("id", &made), ("best_before", &day(300))]).is(303);
        told(&[("number", "r-26.1")]).is(422).says("a déjà un lot avec ce numéro");
        presidente.get(&format!("/products/{id}")).is(200).says("12,5 l");
        // Movements: what is left is never below zero, on any day.
        let movements = format!("/lots/{made}/movements");
        let moved = |ago: i64, reason: &str, quantity: &str| {
            presidente.post(&movements, &[("day", &day(ago)), ("reason", reason), ("quantity", quantity)])
        };
        moved(-8, "sold", "12501").is(422).says("il manque 1");
        moved(-8, "sold", "10000").is(303);
        moved(-2, "returned", "5000").is(303);
        // There is enough today, but there was not on that day.
        moved(-5, "sold", "3000").is(422).says("il manque 500");
        moved(-2, "lost", "7500").is(303);
        moved(-11, "given", "1").is(422).says("pas encore fait ce jour-là");
        moved(1, "given", "1").is(422);
        moved(-1, "used", "0").is(422);
        moved(-1, "blended", "1").is(409);
        assert_eq!(left(house, &made), 0);
        presidente.get(&format!("/lots/{made}")).is(200).says("Sortie : vendu").says("− 10 l");
        // To make it less, or take back what came, would leave less than nothing.
        let lot = format!("/lots/{made}");
        presidente.post(&lot, &[("quantity", "9000"), ("version", "1"), ("_fields", "quantity")]).is(422);
        let came: Id = house
            .look(|db| db.one(&sql("select id from lot_movement where reason = 'returned'").open("test")));
        presidente.post(&format!("/movements/{came}/remove"), &[]).is(422).says("il manque");
        presidente.post(&format!("{lot}/remove"), &[]).is(409).says("d’où vient chaque bocal");
        // The unit under counted lots stays.
        let change = [("unit", "g"), ("version", "1"), ("_fields", "unit")];
        presidente.post(&format!("/products/{id}"), &change).is(422).says("comptés dans l’autre unité");
        // Others.
        let other = represents(house, given.other, "other");
        other.post(&movements, &[("day", &day(-1)), ("reason", "found"), ("quantity", "5")]).is(403);
        other.get(&lot).is(404);
        house.visitor().get(&lot).is(303);
        // The same number belongs to another cooperative, too.
        let theirs = product(&other, given.other, &[]);
        crate::house::lot(&other, &theirs, "R-26.1", &day(-3), "100");
    });
}

#[test]
fn a_blend_takes_its_parts_at_once_or_not_at_all() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let id = product(&coach, given.organisation, &[]);
        let (a, b) = (lot(&coach, &id, "A1", &day(-20), "1000"), lot(&coach, &id, "B1", &day(-15), "500"));
        let carpet = product(
            &coach,
            given.organisation,
            &[("kind", "craft"), ("unit", "piece"), ("ingredients.fr", "")],
        );
        let pieces = lot(&coach, &carpet, "T1", &day(-20), "4");
        let blends = format!("/products/{id}/blends");
        coach.get(&format!("{blends}/new")).is(200).says("A1").says("B1").never_says("T1");
        let (blend, part_a, part_b) = (Id::new().to_string(), format!("part.{a}"), format!("part.{b}"));
        let make = |on: i64, parts: &[(&str, &str)]| {
            let produced = day(on);
            let mut form = vec![("id", blend.as_str()), ("number", "M1"), ("produced", produced.as_str())];
            form.extend_from_slice(parts);
            coach.post(&blends, &form)
        };
        make(-5, &[(&part_a, "900"), (&part_b, "501")]).is(422).says("il manque 1");
        make(-5, &[]).is(422).says("lot au moins");
        make(-17, &[(&part_a, "1"), (&part_b, "1")]).is(422).says("pas encore fait");
        make(-5, &[(&part_a, "-3")]).is(422);
        make(-5, &[(&format!("part.{pieces}"), "1")]).is(422).says("même unité");
        make(-5, &[(&format!("part.{}", Id::new()), "1")]).is(409);
        make(-5, &[("part.x", "1")]).is(404);
        assert_eq!((left(house, &a), left(house, &b)), (1000, 500), "nothing was taken");
        make(-5, &[(&part_a, "600"), (&part_b, "300")]).is(303);
        make(-5, &[(&part_a, "600"), (&part_b, "300")]).is(303);
        assert_eq!((left(house, &a), left(house, &b), left(house, &blend)), (400, 200, 900));
        let page = format!("/lots/{blend}");
        coach.get(&page).is(200).says("De quoi est-il fait").says("66,7").says("33,3").says("A1");
        coach.get(&format!("/lots/{a}")).is(200).says("Sortie : mis dans un assemblage").says(&page);
        // Its sum and its day are those of its parts; a part is not taken out alone.
        coach
            .post(&page, &[("quantity", "901"), ("version", "1"), ("_fields", "quantity")])
            .is(422)
            .says("la somme");
        coach.post(&page, &[("produced", &day(-4)), ("version", "1"), ("_fields", "produced")]).is(422);
        let part: Id = house.look(|db| db.one(&sql("select min(id) from lot_movement").open("test")));
        coach.post(&format!("/movements/{part}/remove"), &[]).is(409);
        let more = [("quantity", "1"), ("version", "1"), ("_fields", "quantity")];
        coach.post(&format!("/movements/{part}"), &more).is(409);
        // Lots of another cooperative are out of reach.
        let other = represents(house, given.other, "other");
        let theirs = product(&other, given.other, &[]);
        let form = [("number", "V1"), ("produced", &*day(-1)), (part_a.as_str(), "1")];
        other.post(&format!("/products/{theirs}/blends"), &form).is(409);
        assert_eq!(left(house, &a), 400);
        // Anybody reads of a published one what it is made of, and nothing of stocks.
        publish(&coach, &id);
        let nobody = house.visitor();
        nobody
            .get(&page)
            .is(200)
            .says("A1")
            .says("66,7")
            .never_says("900")
            .never_says("600")
            .never_says("Reste");
        nobody.get_json(&page).is(200).never_says("900").never_says("600 ml");
        // What it was made from is named, but a draft stays a draft.
        let petals = product(&coach, given.organisation, &[("name.fr", "Pétales")]);
        let (raw, water) = (lot(&coach, &petals, "P1", &day(-20), "50"), Id::new().to_string());
        let part = format!("part.{raw}");
        let form = [("id", water.as_str()), ("number", "M2"), ("produced", &*day(-3)), (part.as_str(), "50")];
        coach.post(&blends, &form).is(303);
        nobody.get(&format!("/lots/{water}")).is(200).says("P1").never_says("Pétales").never_says(&raw);
        coach.get(&format!("/lots/{water}")).is(200).says("Pétales").says(&raw);
    });
}

#[test]
fn the_page_of_a_lot_is_found_by_id_number_and_digital_link() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let id = product(&coach, given.organisation, &[("origin", "08.577.01.05")]);
        let made = lot(&coach, &id, "ROSE-7", &day(-20), "1000");
        let nobody = house.visitor();
        nobody.get("/lots/ROSE-7").is(404);
        publish(&coach, &id);
        nobody
            .get("/lots/rose-7")
            .is(303)
            .leads_to(&format!("/lots/{made}"))
            .follow()
            .is(200)
            .says("ROSE-7")
            .says("class=\"map\"");
        // Without a GTIN the square tells our own address, and no number is made up.
        nobody
            .get(&format!("/lots/{made}"))
            .is(200)
            .says(&format!("http://localhost/lots/{made}"))
            .never_says("/01/");
        let drawn = nobody.get(&format!("/lots/{made}/square")).is(200);
        assert!(drawn.text().starts_with("<svg "), "{}", drawn.text());
        nobody.get("/01/09506000134352/10/ROSE-7").is(404);
        nobody.get("/01/09506000134353").is(404);
        let version = coach.get_json(&format!("/products/{id}")).json()["product"]["version"].to_string();
        coach
            .post(
                &format!("/products/{id}"),
                &[("gtin", "9506000134352"), ("version", &version), ("_fields", "gtin")],
            )
            .is(303);
        nobody.get(&format!("/lots/{made}")).is(200).says("http://localhost/01/09506000134352/10/ROSE-7");
        nobody.get("/01/09506000134352/10/ROSE-7").is(303).leads_to(&format!("/lots/{made}"));
        nobody.get("/01/09506000134352/10/NONE").is(404);
        nobody.get("/01/9506000134352").is(303).leads_to(&format!("/products/{id}"));
        // Labels to cut out are for those who make them.
        coach
            .get(&format!("/lots/{made}/labels?in=ar"))
            .is(200)
            .says("ROSE-7")
            .says("ماء الورد")
            .says("تينيري")
            .never_says("Tiniri");
        nobody.get(&format!("/lots/{made}/labels")).is(303).leads_to("/sign-in");
        // Another cooperative with the same number: the reader chooses.
        let other = represents(house, given.other, "other");
        let theirs = product(&other, given.other, &[]);
        lot(&other, &theirs, "ROSE-7", &day(-2), "10");
        nobody.get("/lots/ROSE-7").is(303);
        publish(&other, &theirs);
        nobody
            .get("/lots/ROSE-7")
            .is(200)
            .says("Lequel tenez-vous")
            .never_says("1000")
            .says("Tiniri")
            .says("Autre");
        // A product that is withdrawn keeps the pages of its lots.
        let version = coach.get_json(&format!("/products/{id}")).json()["product"]["version"].to_string();
        coach.post(&format!("/products/{id}/withdrawal"), &[("version", &version)]).is(303);
        nobody.get(&format!("/lots/{made}")).is(200).says("N’est plus en vente");
        nobody.get(&format!("/products/{id}")).is(303);
        nobody.get("/lots/99999").is(404);
        nobody.get(&format!("/lots/{}", Id::new())).is(404);
    });
}

#[test]
fn crafts_have_dimensions_and_no_end() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let id = product(
            &coach,
            given.organisation,
            &[
                ("kind", "craft"),
                ("making", "unique"),
                ("unit", "piece"),
                ("ingredients.fr", ""),
                ("name.fr", "Tapis"),
                ("length", "2005"),
                ("width", "1500"),
                ("weight", "9500"),
            ],
        );
        coach.get(&format!("/products/{id}")).is(200).says("200,5 × 150").says("9,5 kg").says("Pièce unique");
        let lots = format!("/products/{id}/lots");
        let form = [("number", "T1"), ("produced", &*day(-1)), ("quantity", "2")];
        coach.post(&lots, &form).is(422).says("il n’y en a qu’une");
        let form = [("number", "T1"), ("produced", &*day(-1)), ("quantity", "1"), ("best_before", &*day(30))];
        coach.post(&lots, &form).is(422).says("pas de date de consommation");
        lot(&coach, &id, "T1", &day(-1), "1");
    });
}

#[test]
fn the_last_of_a_lot_leaves_once() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let id = product(&coach, given.organisation, &[]);
        let made = lot(&coach, &id, "L1", &day(-5), "1000");
        // Ten sell at the same time, two blend; each takes 300 of the 1000.
        let take = &|n: usize| {
            let who = team(house, &given, "coach");
            let form = match n {
                0..10 => vec![("day", day(-1)), ("reason", "sold".into()), ("quantity", "300".into())],
                _ => vec![("number", format!("M{n}")), ("produced", day(-1)), ("part", "300".into())],
            };
            let part = format!("part.{made}");
            let form: Vec<_> = form
                .iter()
                .map(|(name, text)| (if *name == "part" { part.as_str() } else { *name }, text.as_str()))
                .collect();
            let path =
                if n < 10 { format!("/lots/{made}/movements") } else { format!("/products/{id}/blends") };
            who.post(&path, &form).status
        };
        let answers: Vec<u16> = std::thread::scope(|scope| {
            let takers: Vec<_> = (0..12).map(|n| scope.spawn(move || take(n))).collect();
            takers.into_iter().map(|taker| taker.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|status| **status == 303).count(), 3, "{answers:?}");
        assert_eq!(answers.iter().filter(|status| **status == 422).count(), 9, "{answers:?}");
        assert_eq!(left(house, &made), 100);
    });
}

#[test]
fn the_events_of_a_blend_lead_back_to_its_parts() {
    on_both(rooms, |house| {
        let given = given(house);
        let presidente = represents(house, given.organisation, "presidente");
        let product = product(&presidente, given.organisation, &[]);
        let parts = [("A1", -9, "1000"), ("B1", -8, "500")]
            .map(|(n, ago, q)| lot(&presidente, &product, n, &day(ago), q));
        let blend = Id::new().to_string();
        let takes = parts.each_ref().map(|part| format!("part.{part}"));
        let (number, on) = ("M1", day(-2));
        let form = [
            ("id", &*blend),
            ("number", number),
            ("produced", &*on),
            (&*takes[0], "400"),
            (&*takes[1], "500"),
        ];
        presidente.post(&format!("/products/{product}/blends"), &form).is(303);
        let form = [("day", &*day(-1)), ("reason", "sold"), ("quantity", "50")];
        presidente.post(&format!("/lots/{blend}/movements"), &form).is(303);

        let page = format!("/lots/{blend}/epcis");
        let told = presidente.get(&page).is(200).json();
        let events = told["epcisBody"]["eventList"].as_array().unwrap();
        let steps: Vec<_> = events
            .iter()
            .map(|event| (event["type"].as_str().unwrap(), event["bizStep"].as_str().unwrap()))
            .collect();
        assert_eq!(
            steps,
            [
                ("ObjectEvent", "creating_class_instance"),
                ("ObjectEvent", "creating_class_instance"),
                ("TransformationEvent", "creating_class_instance"),
                ("ObjectEvent", "shipping"),
            ]
        );
        let sum = |list: &kernel::Json| {
            list.as_array().unwrap().iter().map(|q| q["quantity"].as_i64().unwrap()).sum::<i64>()
        };
        assert_eq!((sum(&events[2]["inputQuantityList"]), sum(&events[2]["outputQuantityList"])), (900, 900));
        assert_eq!(events[2]["outputQuantityList"][0]["uom"], "MLT");
        let class = events[2]["outputQuantityList"][0]["epcClass"].as_str().unwrap();
        assert!(class.ends_with(&format!("/lots/{blend}")), "{class}");
        presidente.get(&format!("/lots/{blend}")).is(200).says("EPCIS");

        // Quantities are the cooperative's own affair.
        publish(&presidente, &product);
        house.visitor().get(&format!("/lots/{blend}")).is(200).never_says("EPCIS");
        house.visitor().get(&page).is(303);
        let other = represents(house, given.other, "autre");
        assert!([403, 404].contains(&other.get(&page).status));
        team(house, &given, "coach").get(&page).is(200);
    });
}

#[test]
fn lots_that_are_sold_out_hide_none_of_which_something_is_left() {
    on_both(rooms, |house| {
        let given = given(house);
        let presidente = represents(house, given.organisation, "presidente");
        let product = product(&presidente, given.organisation, &[]);
        lot(&presidente, &product, "ANCIEN", &day(-300), "1000");
        house.given(|tx| {
            let (organisation, own) = (given.organisation.to_string(), product.clone());
            for n in 0..201 {
                let (id, number) = (Id::new(), format!("V{n}"));
                let form = [
                    ("organisation", &*organisation),
                    ("product", &own),
                    ("number", &number),
                    ("produced", &day(-9)),
                    ("quantity", "1"),
                    ("unit", "ml"),
                ];
                kernel::record::create::<market::Lot>(tx, id, &Fields::of(form), Standing::Steward)?;
                let lot = id.to_string();
                let form = [
                    ("organisation", &*organisation),
                    ("lot", &lot),
                    ("day", &day(-8)),
                    ("reason", "sold"),
                    ("quantity", "1"),
                ];
                kernel::record::create::<market::Movement>(
                    tx,
                    Id::new(),
                    &Fields::of(form),
                    Standing::Steward,
                )?;
            }
            Ok(())
        });
        presidente.get(&format!("/products/{product}/blends/new")).is(200).says("ANCIEN").never_says("V200");
        let today = kernel::today();
        let left = house.look(|db| market::sale::lots(db, product.parse().unwrap(), today));
        assert_eq!(left.iter().map(|lot| (&*lot.number, lot.left)).collect::<Vec<_>>(), [("ANCIEN", 1000)]);
    });
}
