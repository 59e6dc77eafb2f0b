//! Labels: entered by the holder, verified by somebody else, shown while they hold and no longer.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::house::{day, given, lot, product, publish, represents, rooms, team};
use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, sql};
use people::testing::sign_in;

fn label(who: &Visitor<'_>, organisation: Id, since: &str, until: &str) -> String {
    let id = Id::new().to_string();
    let form = [
        ("id", id.as_str()),
        ("scheme", "aop"),
        ("title.fr", "Rose de la vallée"),
        ("body", "Organisme de contrôle"),
        ("number", "AOP-77"),
        ("since", since),
        ("until", until),
        ("verified", "2026-01-01"),
        ("verifier", &Id::named("presidente").to_string()),
    ];
    who.post(&format!("/organisations/{organisation}/labels"), &form).is(303);
    id
}

fn cover(who: &Visitor<'_>, label: &str, product: &str, lot: &str) {
    who.post(&format!("/labels/{label}/covers"), &[("product", product), ("lot", lot)]).is(303);
}

fn verify(who: &Visitor<'_>, label: &str) -> u16 {
    let version = who.get_json(&format!("/labels/{label}")).json()["version"].to_string();
    who.post(&format!("/labels/{label}/verification"), &[("version", &version)]).status
}

/// As if that day had come.
fn ends_on(house: &House, label: &str, until: &str) {
    let query =
        sql("update quality_label set until = ? where id = ?").bind(until).bind(label.parse::<Id>().unwrap());
    house.given(|tx| tx.run(&query.open("test")));
}

#[test]
fn nobody_verifies_their_own_and_what_nobody_verified_is_not_public() {
    on_both(rooms, |house| {
        let given = given(house);
        let presidente = represents(house, given.organisation, "presidente");
        let manager = team(house, &given, "manager");
        let id = product(&presidente, given.organisation, &[]);
        publish(&presidente, &id);
        let page = format!("/products/{id}");
        let made = label(&presidente, given.organisation, &day(-100), &day(400));
        cover(&presidente, &made, &id, "");
        let at = format!("/labels/{made}");
        presidente
            .get(&at)
            .is(200)
            .says("Non vérifié")
            .says("n’est montré à aucun acheteur")
            .never_says("/verification");
        let nobody = house.visitor();
        nobody.get(&page).is(200).never_says("AOP-77");
        assert_eq!(verify(&presidente, &made), 403, "not her own");
        assert_eq!(verify(&team(house, &given, "coach"), &made), 403, "a coach is near, and does not vouch");
        let both = [
            ("manager", &*format!("programme:{}", given.programme)),
            ("representative", &*format!("organisation:{}", given.organisation)),
        ];
        assert_eq!(
            verify(&sign_in(house, "both", &both), &made),
            403,
            "who holds it, whatever else they are"
        );
        manager.post(&format!("{at}/verification"), &[("version", "7")]).is(422).says("entre-temps");
        assert_eq!(verify(&manager, &made), 303);
        assert_eq!(verify(&manager, &made), 303, "twice is once");
        manager.get(&at).is(200).says("En vigueur").says("Vérifié le").says("manager");
        nobody
            .get(&page)
            .is(200)
            .says("AOP-77")
            .says("Appellation d’origine protégée")
            .never_says("Vérifié le");
        // What changes is verified again.
        let version = presidente.get_json(&at).json()["version"].to_string();
        presidente.post(&at, &[("number", "AOP-78"), ("version", &version), ("_fields", "number")]).is(303);
        nobody.get(&page).is(200).never_says("AOP-78");
        presidente.get(&at).is(200).says("Non vérifié");
        assert_eq!(verify(&manager, &made), 303);
        nobody.get(&page).is(200).says("AOP-78");
        // So is what it stands for.
        let second = product(&presidente, given.organisation, &[]);
        cover(&presidente, &made, &second, "");
        nobody.get(&page).is(200).never_says("AOP-78");
        presidente
            .post(&format!("/labels/{made}/covers"), &[("product", &second)])
            .is(422)
            .says("déjà dans la liste");
        // Strangers learn nothing.
        let other = represents(house, given.other, "other");
        other.get(&at).is(403);
        other.post(&format!("{at}/withdrawal"), &[("reason", "x")]).is(403);
        nobody.get(&at).is(303).leads_to("/sign-in");
    });
}

#[test]
fn an_expired_or_withdrawn_label_disappears_by_itself() {
    on_both(rooms, |house| {
        let given = given(house);
        let manager = team(house, &given, "manager");
        let id = product(&manager, given.organisation, &[]);
        publish(&manager, &id);
        let (mine, other_lot) =
            (lot(&manager, &id, "L1", &day(-5), "10"), lot(&manager, &id, "L2", &day(-5), "10"));
        let nobody = house.visitor();
        let pages = [format!("/products/{id}"), format!("/lots/{mine}"), format!("/lots/{other_lot}")];
        let shown = |number: &str| -> Vec<bool> {
            pages.iter().map(|page| nobody.get(page).is(200).text().contains(number)).collect()
        };
        let made = label(&manager, given.organisation, &day(-100), &day(0));
        cover(&manager, &made, &id, "");
        assert_eq!(verify(&manager, &made), 303);
        assert_eq!(shown("AOP-77"), [true, true, true], "its last day is a day");
        ends_on(house, &made, &day(-1));
        assert_eq!(shown("AOP-77"), [false, false, false]);
        manager.get(&format!("/labels/{made}")).is(200).says("Expiré");
        ends_on(house, &made, &day(30));
        assert_eq!(shown("AOP-77"), [true, true, true]);
        manager.get(&format!("/labels/{made}")).is(200).says("Finit bientôt");
        manager.post(&format!("/labels/{made}/withdrawal"), &[]).is(422);
        manager.post(&format!("/labels/{made}/withdrawal"), &[("reason", "Contrôle négatif")]).is(303);
        manager.post(&format!("/labels/{made}/withdrawal"), &[("reason", "Encore")]).is(303);
        assert_eq!(shown("AOP-77"), [false, false, false]);
        manager.get(&format!("/labels/{made}")).is(200).says("Contrôle négatif");
        // One for a single lot; one that begins tomorrow; one of the cooperative as such.
        let single = label(&manager, given.organisation, &day(-1), "");
        cover(&manager, &single, &id, &mine);
        assert_eq!(verify(&manager, &single), 303);
        assert_eq!(shown("AOP-77"), [false, true, false]);
        ends_on(house, &single, &day(-1));
        let tomorrow = label(&manager, given.organisation, &day(1), "");
        cover(&manager, &tomorrow, &id, "");
        assert_eq!(verify(&manager, &tomorrow), 303);
        assert_eq!(shown("AOP-77"), [false, false, false]);
        let holder = label(&manager, given.organisation, &day(-1), "");
        assert_eq!(verify(&manager, &holder), 303);
        assert_eq!(shown("AOP-77"), [true, true, true], "as one of the cooperative");
        nobody.get(&format!("/organisations/{}", given.organisation)).is(200).says("AOP-77");
    });
}

#[test]
fn mistakes_of_a_label_are_told() {
    on_both(rooms, |house| {
        let given = given(house);
        let manager = team(house, &given, "manager");
        let path = format!("/organisations/{}/labels", given.organisation);
        let form = |more: &[(&'static str, &str)]| {
            let mut form = vec![
                ("scheme", "other"),
                ("body", "X"),
                ("number", "1"),
                ("since", "2026-01-01"),
                ("title.fr", "Y"),
            ];
            form.retain(|(name, _)| !more.iter().any(|(there, _)| there == name));
            let more: Vec<_> = more.to_vec();
            let all: Vec<(&str, &str)> = form.into_iter().chain(more).collect();
            manager.post(&path, &all).status
        };
        assert_eq!(form(&[("title.fr", "")]), 422);
        assert_eq!(form(&[("until", "2025-12-31")]), 422);
        assert_eq!(form(&[("scheme", "gold")]), 422);
        assert_eq!(form(&[("body", "")]), 422);
        assert_eq!(form(&[]), 303);
        let made = label(&manager, given.organisation, &day(-10), "");
        // Neither a product of somebody else, nor a lot of another product.
        let other = represents(house, given.other, "other");
        let theirs = product(&other, given.other, &[]);
        let covers = format!("/labels/{made}/covers");
        manager.post(&covers, &[("product", &theirs)]).is(422);
        let (mine, second) =
            (product(&manager, given.organisation, &[]), product(&manager, given.organisation, &[]));
        let lot = lot(&manager, &second, "L1", &day(-5), "10");
        manager.post(&covers, &[("product", &mine), ("lot", &lot)]).is(422).says("un autre produit");
        // A paper that is none.
        let bad = [("scheme", "igp"), ("body", "X"), ("number", "2"), ("since", "2026-01-01")];
        manager.upload(&path, &bad, "file", "a.exe", b"MZ\x90").is(422);
        manager.upload(&path, &bad, "file", "a.pdf", b"%PDF-1.7 a paper").is(303);
        let file: Id = house
            .look(|db| db.one(&sql("select file from quality_label where file is not null").open("test")));
        manager.get(&format!("/files/{file}")).is(200);
        other.get(&format!("/files/{file}")).is(404);
        house.visitor().get(&format!("/files/{file}")).is(303);
        // A foreign file is not taken over.
        let foreign = [
            ("scheme", "igp"),
            ("body", "X"),
            ("number", "3"),
            ("since", "2026-01-01"),
            ("file", &*file.to_string()),
        ];
        other.post(&format!("/organisations/{}/labels", given.other), &foreign).is(422);
        assert_eq!(verify(&manager, &made), 303);
        manager.post(&format!("/labels/{made}/remove"), &[]).is(409).says("retirez-le");
    });
}
