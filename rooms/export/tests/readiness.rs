//! A product becomes ready one record after the other, and stops being so when one ends.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::house::{day, given, lot, pack, product, represents, rooms, statement, team};
use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, Json, sql};

/// The codes of the rules that stand so.
fn codes(page: &Json, standing: &str) -> Vec<String> {
    let parts = page["parts"].as_array().unwrap().iter();
    let rules =
        parts.filter(|part| part["standing"] == standing).flat_map(|part| part["rules"].as_array().unwrap());
    rules.map(|rule| rule["code"].as_str().unwrap().to_owned()).collect()
}

fn ask(who: &Visitor<'_>, product: &str, query: &str) -> Json {
    who.get_json(&format!("/products/{product}/export{query}")).is(200).json()
}

/// A sanitary label of the cooperative, not verified yet; answers its id.
fn sanitary(who: &Visitor<'_>, organisation: Id) -> String {
    let id = Id::new().to_string();
    let form = [
        ("id", id.as_str()),
        ("scheme", "sanitary"),
        ("body", "ONSSA"),
        ("number", "A-1"),
        ("since", &day(-100)),
        ("until", &day(200)),
    ];
    who.post(&format!("/organisations/{organisation}/labels"), &form).is(303);
    id
}

fn verify(who: &Visitor<'_>, label: &str) {
    let version = who.get_json(&format!("/labels/{label}")).json()["version"].to_string();
    who.post(&format!("/labels/{label}/verification"), &[("version", &version)]).is(303);
}

/// Types what the file of the cooperative lacks.
fn fill_in(house: &House, organisation: Id) {
    house.given(|tx| {
        let form = kernel::Fields::of([("ice", "001512572000078"), ("address", "Centre")]);
        let version = kernel::record::get::<registry::Organisation>(tx, organisation)?.version;
        kernel::record::change::<registry::Organisation>(
            tx,
            organisation,
            version,
            &form,
            kernel::Standing::Steward,
        )
        .map(|_| ())
    });
}

#[test]
fn what_is_filled_in_is_missing_no_longer() {
    on_both(rooms, |house| {
        let given = given(house);
        let presidente = represents(house, given.organisation, "presidente");
        let id = product(&presidente, given.organisation, &[]);
        let empty = ask(&presidente, &id, "?to=FR&value=1000");
        let all = [
            "exporter_of_record",
            "commercial_register",
            "ice",
            "address",
            "hs",
            "origin",
            "sanitary",
            "lot",
            "analysis",
        ];
        assert_eq!(codes(&empty, "missing"), all);
        assert_eq!(codes(&empty, "ready"), ["ingredients"]);
        assert_eq!(codes(&empty, "depends"), ["argan_licence"], "an oil of argan, or not: the code says");
        assert_eq!(
            (empty["counts"]["missing"].as_u64(), empty["counts"]["ready"].as_u64()),
            (Some(9), Some(1))
        );
        let page = presidente.get(&format!("/products/{id}/export?to=FR&value=1000")).is(200);
        let page = page.says("Il manque 9 choses").says("d’une source secondaire").says("Compléter");
        page.says(&format!(
            "/organisations/{}/export-statements/new?kind=exporter_of_record",
            given.organisation
        ))
        .says("La liste n’est pas complète");
        // One after the other.
        fill_in(house, given.organisation);
        statement(&presidente, given.organisation, "exporter_of_record", &[("named", "GIE"), ("number", "")]);
        statement(&presidente, given.organisation, "commercial_register", &[]);
        statement(&presidente, given.organisation, "analysis", &[("product", &id)]);
        lot(&presidente, &id, "L-1", "1000");
        pack(&presidente, &id, "Flacon", "250");
        let version = ask_version(&presidente, &id);
        let form =
            [("hs", "3301.90"), ("origin", "08.577.01.05"), ("version", &version), ("_fields", "hs,origin")];
        presidente.post(&format!("/products/{id}"), &form).is(303);
        let label = sanitary(&presidente, given.organisation);
        let nearly = ask(&presidente, &id, "?to=FR&value=1000");
        assert_eq!(codes(&nearly, "missing"), [""; 0]);
        assert_eq!(codes(&nearly, "waiting"), ["sanitary"], "a paper that nobody verified is not relied on");
        let page = presidente.get(&format!("/products/{id}/export?to=FR&value=1000")).is(200);
        page.says("Il manque une chose").says(&format!("/labels/{label}"));
        verify(&team(house, &given, "manager"), &label);
        let ready = ask(&presidente, &id, "?to=FR&value=1000");
        assert_eq!(codes(&ready, "waiting"), [""; 0]);
        assert_eq!(ready["counts"]["ready"], 10);
        assert_eq!(ready["unverified"], ready["rules"], "nobody verified any rule so far, and it shows");
        presidente.get(&format!("/products/{id}/export?to=FR&value=1000")).is(200).says("Rien ne manque");
        presidente.get(&format!("/products/{id}")).is(200).says("Prêt pour l’export").says("Rien ne manque");
        presidente
            .get(&format!("/organisations/{}/export", given.organisation))
            .is(200)
            .says("Rien ne manque");
        // What ends is missing again, and says so.
        house.given(|tx| {
            let over = sql("update quality_label set until = ? where id = ?").bind(day(-1));
            tx.run(&over.bind(label.parse::<Id>().unwrap()).open("test"))
        });
        assert_eq!(codes(&ask(&presidente, &id, "?to=FR&value=1000"), "missing"), ["sanitary"]);
        presidente.get(&format!("/products/{id}/export?to=FR")).is(200).says("a pris fin le");
    });
}

fn ask_version(who: &Visitor<'_>, product: &str) -> String {
    who.get_json(&format!("/products/{product}")).json()["product"]["version"].to_string()
}

#[test]
fn a_destination_asks_for_its_own() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let rose = product(&coach, given.organisation, &[]);
        let craft = [("kind", "craft"), ("making", "unique"), ("unit", "piece"), ("ingredients.fr", "")];
        let rug = product(&coach, given.organisation, &craft);
        let parcel = ask(&coach, &rug, "?to=US&way=parcel");
        assert_eq!(codes(&parcel, "know"), ["us_duty"]);
        assert!(codes(&parcel, "missing").contains(&"exporter_register".to_owned()));
        assert!(!codes(&parcel, "missing").contains(&"sanitary".to_owned()), "nobody eats a rug");
        // Parcels to consumers in the EU, since this month.
        let parcel = ask(&coach, &rose, "?to=DE&way=parcel&value=40");
        assert!(codes(&parcel, "missing").contains(&"parcel_ids".to_owned()));
        assert_eq!(codes(&parcel, "know"), ["parcel_duty"]);
        let dear = ask(&coach, &rose, "?to=DE&way=parcel&value=151");
        assert_eq!(codes(&dear, "know"), [""; 0]);
        // Two ways of telling origin, parted by the value; none without it.
        let known = |query: &str| codes(&ask(&coach, &rose, query), "know").join(" ");
        assert!(known("?to=FR&value=6000").contains("origin_small"));
        assert!(known("?to=FR&value=6001").contains("origin_large"));
        assert!(!known("?to=FR").contains("origin_") && !known("?to=US&value=5").contains("origin_"));
        let open = ask(&coach, &rose, "?to=FR");
        assert!(codes(&open, "depends").contains(&"origin_small".to_owned()));
        // Only what is sold as organic is asked for a certificate.
        assert!(codes(&ask(&coach, &rose, "?to=FR&organic=yes"), "missing").contains(&"organic".to_owned()));
        assert!(!codes(&ask(&coach, &rose, "?to=FR&asked=1"), "missing").contains(&"organic".to_owned()));
    });
}

#[test]
fn a_drum_of_argan_oil_asks_for_a_licence() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let oil = product(&coach, given.organisation, &[("name.fr", "Huile d’argan"), ("hs", "1515.90")]);
        assert_eq!(codes(&ask(&coach, &oil, "?to=FR&value=10"), "depends"), ["argan_licence"], "in what?");
        let bottle = pack(&coach, &oil, "Bouteille", "250");
        assert_eq!(codes(&ask(&coach, &oil, "?to=FR&value=10"), "depends"), [""; 0]);
        pack(&coach, &oil, "Fût", "20000");
        let missing =
            |query: &str| codes(&ask(&coach, &oil, query), "missing").contains(&"argan_licence".to_owned());
        assert!(missing("?to=FR"), "the largest container counts");
        assert!(!missing(&format!("?to=FR&pack={bottle}")), "a bottle needs none");
        statement(&coach, given.organisation, "argan_licence", &[("product", &oil)]);
        assert!(!missing("?to=FR"));
    });
}

#[test]
fn what_is_asked_wrongly_is_said() {
    on_both(rooms, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let id = product(&coach, given.organisation, &[]);
        let at = format!("/products/{id}/export");
        coach.get(&format!("{at}?to=MA")).is(422).says("Choisissez un pays");
        coach.get(&format!("{at}?to=XX")).is(422).says("Choisissez un pays");
        coach.get(&format!("{at}?value=beaucoup")).is(422).says("nombre entier");
        coach.get(&format!("{at}?value=٤٥٠٠")).is(200);
        coach.get(&format!("{at}?pack={}", Id::new())).is(200);
        coach.get(&at).is(200).says("Vers : France");
        coach.get(&format!("{at}?to=US&lang=ar")).is(200).says("ما ينقص").says("مصدر ثانوي");
        coach.get(&format!("{at}?lang=en")).is(200).says("from a secondary source");
    });
}
