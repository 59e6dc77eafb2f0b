//! An order from the buyer's demand to the last lot.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::house::{
    coach, day, given, left, lot, of, opened, order_form, org, part, pledge, rooms, says, shares,
};
use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, sql};

fn allocate(lead: &Visitor<'_>, order: &str, round: &str) {
    lead.post(&format!("/pooled-orders/{order}/allocation"), &[("round", round)]).is(303);
}

fn packs(house: &House, order: &str) -> Vec<i64> {
    shares(house, order).into_iter().map(|(packs, _)| packs).collect()
}

fn receive(
    lead: &Visitor<'_>,
    house: &House,
    order: &str,
    name: &str,
    lot: &str,
    packs: [&str; 2],
    more: &[(&str, &str)],
) -> u16 {
    let (part, today) = (part(house, order, name), day(0));
    let mut form = vec![
        ("part", part.as_str()),
        ("lot", lot),
        ("day", today.as_str()),
        ("brought", packs[0]),
        ("accepted", packs[1]),
        ("grade", "first"),
    ];
    form.retain(|(there, _)| !more.iter().any(|(name, _)| name == there));
    form.extend_from_slice(more);
    lead.post(&format!("/pooled-orders/{order}/pooled-receptions"), &form).status
}

#[test]
fn mistakes_of_an_order_are_told_and_its_rule_is_locked() {
    on_both(rooms, |house| {
        given(house);
        let lead = of(house, "Gie");
        let path = format!("/organisations/{}/pooled-orders", org("Gie"));
        lead.get(&format!("{path}/new")).is(200).says("Nombre de colis");
        let days = [day(5), day(30)];
        let told = |more: &[(&str, &str)]| {
            let id = Id::new().to_string();
            lead.post(&path, &order_form(&id, &days, more))
        };
        told(&[("country", "France")]).is(422).says("deux lettres");
        told(&[("packs", "0")]).is(422);
        told(&[("price", "0")]).is(422);
        told(&[("tolerance", "101")]).is(422);
        told(&[("packs", "1000000000"), ("pack", "1000000000")]).is(422).says("plus grand");
        told(&[("mode", "mandate")]).is(422).says("mandat");
        told(&[("rule", "guarantee")]).is(422).says("minimum garanti");
        told(&[("deliver", &day(1))]).is(422);
        told(&[("stage", "settled"), ("agreed", "3")]).is(303);
        let id: Id =
            house.look(|db| db.one(&sql("select id from pooled_order where stage = 'draft'").open("test")));
        let page = format!("/pooled-orders/{id}");
        lead.get(&page)
            .is(200)
            .says("En préparation")
            .says("ensemble et sans limite")
            .says("n’a pas été vérifié");
        // What is opened is what the page showed.
        lead.post(&format!("{page}/opening"), &[("version", "9")]).is(422).says("relisez-la");
        lead.post(&page, &[("packs", "120"), ("version", "1"), ("_fields", "packs")]).is(303);
        lead.post(&format!("{page}/opening"), &[("version", "2")]).is(303);
        lead.post(&format!("{page}/opening"), &[("version", "2")]).is(303);
        lead.get(&page).is(200).says("Promesses ouvertes").says("Afra").says("Bouzza").never_says("Dehors");
        lead.post(&page, &[("rule", "equal"), ("version", "3"), ("_fields", "rule")])
            .is(409)
            .says("ne changent plus");
        lead.post(&format!("{page}/remove"), &[]).is(409);
        lead.post(&format!("{page}/confirmation"), &[]).is(409);
        lead.post(&format!("{page}/allocation"), &[("round", "0")]).is(409).says("encore promis");
        lead.post(&format!("{page}/cancellation"), &[]).is(409).says("pourquoi");
        lead.post(&format!("{page}/cancellation"), &[("reason", "L’acheteur renonce")]).is(303);
        lead.get(&page).is(200).says("L’acheteur renonce");
        assert_eq!(pledge(house, &id.to_string(), "Afra", "10", &[]), 409);
    });
}

#[test]
fn pledges_are_bounded_and_say_who_wrote_them() {
    on_both(rooms, |house| {
        given(house);
        let lead = of(house, "Gie");
        let order = opened(&lead, &[]);
        assert_eq!(pledge(house, &order, "Afra", "101", &[]), 422, "more than the whole order");
        assert_eq!(pledge(house, &order, "Afra", "0", &[]), 422);
        assert_eq!(pledge(house, &order, "Afra", "10", &[("least", "11")]), 422);
        assert_eq!(pledge(house, &order, "Afra", "10", &[("floor", "5"), ("floor.currency", "MAD")]), 422);
        assert_eq!(pledge(house, &order, "Afra", "10", &[("lot", &lot(house, "Bouzza", "B1", 9))]), 422);
        assert_eq!(pledge(house, &order, "Afra", "60", &[]), 303);
        assert_eq!(pledge(house, &order, "Afra", "70", &[]), 422, "one pledge each");
        // A coach writes what was said on the telephone, or with the paper; never as if it were the cooperative.
        let by = coach(house, "Hanane", "Bouzza");
        let at = format!("/pooled-parts/{}", part(house, &order, "Bouzza"));
        let (path, ready) = (format!("{at}/pooled-pledges"), day(9));
        by.get(&at).is(200).says("au nom de la coopérative");
        let told = |how| [("most", "30"), ("ready", ready.as_str()), ("how", how)];
        by.post(&path, &told("own")).is(422).says("comment la parole est venue");
        by.post(&path, &told("paper")).is(422).says("photo du papier");
        by.upload(&path, &told("paper"), "paper", "p.pdf", b"%PDF-1.7 a paper").is(303);
        lead.get(&format!("/pooled-orders/{order}")).is(200).says("Sur papier").says("Hanane");
        let behalf: i64 = house.look(|db| {
            db.one(
                &sql("select count(*) from fact where kind = 'pooled.pledge.created' and behalf = ?")
                    .bind(org("Bouzza")),
            )
        });
        assert_eq!(behalf, 1);
        let file: Id = house
            .look(|db| db.one(&sql("select paper from pooled_pledge where paper is not null").open("test")));
        lead.get(&format!("/files/{file}")).is(200);
        of(house, "Afra").get(&format!("/files/{file}")).is(404);
        // Once shared, it stays.
        allocate(&lead, &order, "0");
        assert_eq!(pledge(house, &order, "Chems", "10", &[]), 409);
        let mine: Id =
            house.look(|db| db.one(&sql("select id from pooled_pledge where most = 60").open("test")));
        of(house, "Afra").post(&format!("/pooled-pledges/{mine}/remove"), &[]).is(409);
    });
}

#[test]
fn a_required_label_must_be_in_force() {
    on_both(rooms, |house| {
        given(house);
        let lead = of(house, "Gie");
        let order = opened(&lead, &[("label", "igp")]);
        assert_eq!(pledge(house, &order, "Afra", "60", &[]), 409, "none");
        let id = Id::new().to_string();
        let since = day(-9);
        let form = [
            ("id", id.as_str()),
            ("scheme", "igp"),
            ("body", "X"),
            ("number", "7"),
            ("since", since.as_str()),
        ];
        of(house, "Afra").post(&format!("/organisations/{}/labels", org("Afra")), &form).is(303);
        assert_eq!(pledge(house, &order, "Afra", "60", &[]), 409, "not verified");
        let manager = people::testing::sign_in(house, "manager", &[("administrator", "platform")]);
        manager.post(&format!("/labels/{id}/verification"), &[("version", "1")]).is(303);
        assert_eq!(pledge(house, &order, "Afra", "60", &[]), 303);
    });
}

#[test]
fn an_order_is_shared_refused_shared_again_and_collected() {
    on_both(rooms, |house| {
        given(house);
        let lead = of(house, "Gie");
        let order = opened(&lead, &[]);
        let page = format!("/pooled-orders/{order}");
        // Pledged: 60, 40 and 60 for 100; one sells only above the buyer's price.
        assert_eq!(pledge(house, &order, "Afra", "60", &[]), 303);
        assert_eq!(pledge(house, &order, "Bouzza", "40", &[]), 303);
        assert_eq!(pledge(house, &order, "Chems", "60", &[("least", "20")]), 303);
        allocate(&lead, &order, "0");
        allocate(&lead, &order, "0");
        assert_eq!(packs(house, &order).iter().sum::<i64>(), 100);
        let first = packs(house, &order)[0];
        assert!([37, 38].contains(&first), "37.5 of 60, by the draw");
        assert_eq!(packs(house, &order)[1], 25);
        let chems = of(house, "Chems");
        let at = format!("/pooled-parts/{}", part(house, &order, "Chems"));
        chems.get(&at).is(200).says("Acceptez-vous cette part").says("en proportion des promesses");
        assert_eq!(says(house, &order, "Afra", "accepted", "7"), 409, "another round than was read");
        assert_eq!(says(house, &order, "Afra", "accepted", "1"), 303);
        assert_eq!(says(house, &order, "Afra", "accepted", "1"), 303, "twice is once");
        assert_eq!(says(house, &order, "Afra", "refused", "1"), 409, "a yes was counted on");
        assert_eq!(says(house, &order, "Chems", "refused", "1"), 303);
        lead.post(&format!("{page}/confirmation"), &[]).is(409).says("minimum de l’acheteur");
        // Chems is out; the others are asked for more, and keep what they accepted.
        allocate(&lead, &order, "1");
        assert_eq!(packs(house, &order), [60, 40, 0]);
        assert_eq!(shares(house, &order)[0].1, "waiting");
        of(house, "Afra")
            .get(&format!("/pooled-parts/{}", part(house, &order, "Afra")))
            .is(200)
            .says("Si vous dites non");
        assert_eq!(says(house, &order, "Afra", "refused", "2"), 303, "a no to more");
        // For Bouzza a coach writes down what was said.
        let by = coach(house, "Hanane", "Bouzza");
        let answer = format!("/pooled-parts/{}/answer", part(house, &order, "Bouzza"));
        by.post(&answer, &[("answer", "accepted"), ("round", "2")]).is(422);
        by.post(&answer, &[("answer", "accepted"), ("round", "2"), ("how", "phone")]).is(303);
        lead.get(&page).is(200).says("Pas encore assez");
        lead.post(&format!("{page}/confirmation"), &[]).is(409);
        lead.post(&format!("{page}/counter-offer"), &[("packs", "99")]).is(409).says("ont changé");
        lead.post(&format!("{page}/counter-offer"), &[("packs", &(first + 40).to_string())]).is(303);
        lead.post(&format!("{page}/confirmation"), &[]).is(303);
        lead.post(&format!("{page}/confirmation"), &[]).is(303);
        // Collection: from their own lots, within what they accepted.
        let (a, b) = (lot(house, "Afra", "A1", 50), lot(house, "Bouzza", "B1", 50));
        lead.get(&format!("{page}/pooled-receptions/new")).is(200).says("A1").says("B1");
        // A photo is drawn again, so that it tells no place; what is no photo is refused.
        lead.upload(&format!("{page}/pooled-receptions"), &[], "photo", "x.jpg", b"no picture").is(422);
        let brings = |name, lot: &str, packs, more: &[(&str, &str)]| {
            receive(&lead, house, &order, name, lot, packs, more)
        };
        assert_eq!(brings("Chems", &a, ["5", "5"], &[]), 422, "no share");
        assert_eq!(brings("Afra", &b, ["5", "5"], &[]), 422, "another's lot");
        assert_eq!(brings("Afra", &a, ["41", "41"], &[]), 422, "above the share");
        assert_eq!(brings("Afra", &a, ["5", "6"], &[("note", "x")]), 422);
        assert_eq!(brings("Afra", &a, ["5", "4"], &[]), 422, "why one was refused");
        assert_eq!(brings("Afra", &a, ["5", "5"], &[("day", &day(-20))]), 422, "before the lot was made");
        assert_eq!(brings("Afra", &a, ["5", "5"], &[("moisture", "1001")]), 422);
        assert_eq!(left(house, &a), 250_000, "nothing was taken by what was refused");
        let id = Id::new().to_string();
        let told = [("id", id.as_str()), ("note", "3 humides"), ("moisture", "235")];
        assert_eq!(brings("Afra", &a, ["40", "37"], &told), 303);
        assert_eq!(brings("Afra", &a, ["40", "37"], &told), 303, "twice is once");
        assert_eq!(left(house, &a), 65_000);
        lead.post(&format!("/pooled-receptions/{id}/remove"), &[]).is(303);
        assert_eq!(left(house, &a), 250_000, "it is in its lot again");
        assert_eq!(brings("Afra", &a, ["37", "37"], &[]), 303);
        assert_eq!(brings("Bouzza", &b, ["30", "30"], &[]), 303);
        lead.get(&page).is(200).says("A1").says("B1");
        // Where did the lot go? Both ways.
        lead.get("/pooled-orders?lot=a1").is(200).says("Maison Palmeraie").says("Afra");
        of(house, "Bouzza").get("/pooled-orders?lot=a1").is(200).never_says("Maison Palmeraie");
        lead.post(&format!("{page}/cancellation"), &[("reason", "x")]).is(409).says("ne s’annule plus");
        // Bouzza brings no more: the ten that are missing are offered to nobody who said no.
        lead.post(&format!("/pooled-parts/{}/closing", part(house, &order, "Bouzza")), &[]).is(303);
        allocate(&lead, &order, "2");
        assert_eq!(packs(house, &order), [first, 30, 0]);
        assert_eq!(brings("Bouzza", &b, ["1", "1"], &[]), 422, "closed");
    });
}

#[test]
fn a_shortfall_at_collection_goes_to_those_who_can_and_to_the_reserve() {
    on_both(rooms, |house| {
        given(house);
        let lead = of(house, "Gie");
        let order = opened(&lead, &[("tolerance", "0")]);
        let page = format!("/pooled-orders/{order}");
        // Chems takes no less than 90, which cannot be given: it stays in reserve.
        assert_eq!(pledge(house, &order, "Afra", "60", &[]), 303);
        assert_eq!(pledge(house, &order, "Bouzza", "80", &[("least", "20")]), 303);
        assert_eq!(pledge(house, &order, "Chems", "90", &[("least", "90")]), 303);
        allocate(&lead, &order, "0");
        assert_eq!(packs(house, &order), [43, 57, 0]);
        assert_eq!(shares(house, &order)[2].1, "reserve");
        lead.get(&page).is(200).says("Liste de réserve");
        for name in ["Afra", "Bouzza"] {
            assert_eq!(says(house, &order, name, "accepted", "1"), 303);
        }
        lead.post(&format!("{page}/confirmation"), &[]).is(303);
        let b = lot(house, "Bouzza", "B1", 100);
        assert_eq!(receive(&lead, house, &order, "Bouzza", &b, ["37", "37"], &[]), 303);
        lead.post(&format!("/pooled-parts/{}/closing", part(house, &order, "Bouzza")), &[]).is(303);
        allocate(&lead, &order, "1");
        assert_eq!(packs(house, &order), [60, 37, 0], "twenty are missing, seventeen can be given");
        // Until it answers, Afra may bring what it accepted before.
        let a = lot(house, "Afra", "A1", 100);
        assert_eq!(receive(&lead, house, &order, "Afra", &a, ["43", "43"], &[]), 303);
        assert_eq!(receive(&lead, house, &order, "Afra", &a, ["1", "1"], &[]), 422);
        assert_eq!(says(house, &order, "Afra", "accepted", "2"), 303);
        assert_eq!(receive(&lead, house, &order, "Afra", &a, ["17", "17"], &[]), 303);
        assert_eq!(left(house, &a), 200_000);
    });
}

#[test]
fn eight_who_receive_at_once_never_take_more_than_the_share() {
    on_both(rooms, |house| {
        given(house);
        let lead = of(house, "Gie");
        let order = opened(&lead, &[("tolerance", "90")]);
        assert_eq!(pledge(house, &order, "Afra", "40", &[]), 303);
        allocate(&lead, &order, "0");
        assert_eq!(says(house, &order, "Afra", "accepted", "1"), 303);
        lead.post(&format!("/pooled-orders/{order}/confirmation"), &[]).is(303);
        let a = lot(house, "Afra", "A1", 60);
        let (part, today) = (part(house, &order, "Afra"), day(0));
        let form = [
            ("part", part.as_str()),
            ("lot", &a),
            ("day", &today),
            ("brought", "10"),
            ("accepted", "10"),
            ("grade", "first"),
        ];
        let done = eight_at_once(house, &format!("/pooled-orders/{order}/pooled-receptions"), &form);
        assert_eq!(done.iter().filter(|status| **status == 303).count(), 4, "{done:?}");
        assert_eq!(left(house, &a), 20 * 5_000);
        // And eight who share at once make one round.
        let done = eight_at_once(house, &format!("/pooled-orders/{order}/allocation"), &[("round", "1")]);
        assert!(done.iter().all(|status| *status == 303), "{done:?}");
        let last: i64 = house.look(|db| db.one(&sql("select max(round) from pooled_share").open("test")));
        assert_eq!(last, 2);
    });
}

/// The same form from eight people of the lead at the same time; answers what each was told.
fn eight_at_once(house: &House, path: &str, form: &[(&str, &str)]) -> Vec<u16> {
    let people: Vec<Visitor<'_>> =
        (0..8).map(|n| coach(house, &format!("person{n}-{}", path.len()), "Gie")).collect();
    std::thread::scope(|scope| {
        let all: Vec<_> =
            people.into_iter().map(|who| scope.spawn(move || who.post(path, form).status)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

#[test]
fn a_yes_keeps_what_is_there_of_the_lot_until_it_is_brought() {
    on_both(rooms, |house| {
        given(house);
        let lead = of(house, "Gie");
        let (afra, chems) = (lot(house, "Afra", "A1", 70), lot(house, "Chems", "C1", 20));
        // How many packs of the lot's product somebody else can still be promised.
        let free = |lot: &str| {
            let lot: Id = lot.parse().unwrap();
            let free = house.look(|db| {
                let product = kernel::record::get::<market::Lot>(db, lot)?.product.id;
                let product = kernel::record::get::<market::Product>(db, product)?;
                market::promise::free(db, &product, Id::default(), kernel::today())
            });
            free.unwrap() / 5_000
        };
        let order = opened(&lead, &[]);
        assert_eq!(pledge(house, &order, "Afra", "50", &[("lot", &afra)]), 303);
        assert_eq!(pledge(house, &order, "Chems", "50", &[("lot", &chems)]), 303);
        allocate(&lead, &order, "0");
        assert_eq!((free(&afra), free(&chems)), (70, 20), "nobody said yes yet");
        assert_eq!(says(house, &order, "Afra", "accepted", "1"), 303);
        assert_eq!(says(house, &order, "Chems", "accepted", "1"), 303);
        assert_eq!((free(&afra), free(&chems)), (20, 0), "no more is kept than there is");
        let page = format!("/pooled-parts/{}", part(house, &order, "Chems"));
        let told = of(house, "Chems").get_json(&page).json();
        assert_eq!(told["reserved"], serde_json::json!(["20 colis (100 kg)", "50 colis (250 kg)"]));
        assert!(lead.get_json(&page).json()["reserved"].is_null(), "its stock is its own business");
        // A house of an earlier version kept nothing: it does from its next opening on.
        let of_afra: Id = part(house, &order, "Afra").parse().unwrap();
        house.given(|tx| market::promise::keep(tx, of_afra, &Default::default()));
        assert_eq!(free(&afra), 70);
        pooled::room().mend.unwrap()(&house.app).unwrap();
        assert_eq!((free(&afra), free(&chems)), (20, 0));
        // Somebody else was promised the rest: nothing of it is kept a second time.
        lead.post(&format!("/pooled-orders/{order}/confirmation"), &[]).is(303);
        assert_eq!(receive(&lead, house, &order, "Afra", &afra, ["30", "30"], &[]), 303);
        assert_eq!((left(house, &afra) / 5_000, free(&afra)), (40, 20), "what was brought is no longer kept");
        let brought: Id = house.look(|db| db.one(&sql("select id from pooled_reception").open("test")));
        lead.post(&format!("/pooled-receptions/{brought}/remove"), &[]).is(303);
        assert_eq!((left(house, &afra) / 5_000, free(&afra)), (70, 20), "taken back, it is kept again");
        lead.post(&format!("/pooled-parts/{}/closing", part(house, &order, "Chems")), &[]).is(303);
        assert_eq!(free(&chems), 20, "who brings no more keeps nothing");
        lead.post(&format!("/pooled-receptions/{brought}/remove"), &[]).is(404);
        lead.post(&format!("/pooled-orders/{order}/cancellation"), &[("reason", "Annulée")]).is(303);
        assert_eq!(free(&afra), 70);
    });
}
