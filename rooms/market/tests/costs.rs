//! The cost sheet of a product: what a batch takes, what a pack costs, what is earned.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::Id;
use kernel::testing::{Visitor, on_both};

use crate::house::{given, product, represents, rooms, team};

fn spend(who: &Visitor<'_>, product: &str, more: &[(&str, &str)]) -> u16 {
    let mut form = vec![("kind", "work"), ("name", "Heures"), ("count", "40"), ("price", "15")];
    form.retain(|(name, _)| !more.iter().any(|(there, _)| there == name));
    form.extend(more);
    who.post(&format!("/products/{product}/cost-lines"), &form).status
}

#[test]
fn a_sheet_says_what_a_pack_costs_and_whether_it_is_sold_at_a_loss() {
    on_both(rooms, |house| {
        let given = given(house);
        let presidente = represents(house, given.organisation, "presidente");
        let product = product(&presidente, given.organisation, &[]);
        let page = format!("/products/{product}/cost");
        presidente.get(&page).is(200).says("Écrivez tout ce qu’une fournée demande");
        presidente.get(&format!("/products/{product}")).is(200).says("Calculer le prix");
        presidente.get(&format!("{page}?lang=ar")).is(200).says("حساب الثمن");
        presidente.get(&format!("{page}?lang=fr")).is(200);

        assert_eq!(spend(&presidente, &product, &[]), 303);
        assert_eq!(
            spend(
                &presidente,
                &product,
                &[("kind", "material"), ("name", "Roses"), ("count", "60"), ("price", "10")]
            ),
            303
        );
        assert_eq!(spend(&presidente, &product, &[("count", "0")]), 422);
        assert_eq!(spend(&presidente, &product, &[("price", "0")]), 422);
        assert_eq!(
            spend(&presidente, &product, &[("price.currency", "EUR")]),
            422,
            "one sheet, one currency"
        );

        // 1 200 dirhams for 40 litres.
        let id = Id::new().to_string();
        let batch = |made: &str, margin: &str, version: &str| {
            let form = [("id", &*id), ("version", version), ("made", made), ("margin", margin)];
            presidente.post(&page, &form)
        };
        batch("0", "40", "0").is(422).says("plus que zéro");
        batch("40000", "501", "0").is(422).says("500");
        batch("40000", "40", "0").is(303);
        batch("40000", "40", "0").is(303);
        let pack = Id::new().to_string();
        let form = [("id", &*pack), ("name.fr", "Flacon"), ("quantity", "250")];
        presidente.post(&format!("/products/{product}/packs"), &form).is(303);
        for (buyer, price) in [("individual", "12"), ("shop", "7")] {
            let form = [("pack", &*pack), ("buyer", buyer), ("price", price), ("price.currency", "MAD")];
            presidente.post(&format!("/products/{product}/prices"), &form).is(303);
        }
        let told = presidente.get_json(&page).is(200).json();
        let worth = &told["worth"][0];
        let minor = |money: &kernel::Json| money["minor"].as_i64().unwrap();
        assert_eq!(
            (minor(&told["total"]), minor(&worth["cost"]), minor(&worth["proposed"])),
            (120_000, 750, 1_050)
        );
        let left: Vec<i64> =
            worth["prices"].as_array().unwrap().iter().map(|paid| minor(&paid["left"])).collect();
        assert_eq!(left, [450, -50]);
        presidente.get(&page).is(200).says("à perte").says("10,50");
        // What somebody else changed meanwhile is not overwritten.
        batch("50000", "40", "1").is(303);
        batch("30000", "40", "1").is(422).says("entre-temps");

        // A coach does it on behalf of the cooperative; nobody else reads it.
        let coach = team(house, &given, "coach");
        coach.get(&page).is(200).says("Roses");
        assert_eq!(
            spend(&coach, &product, &[("kind", "transport"), ("name", "Camion"), ("count", "1")]),
            303
        );
        let other = represents(house, given.other, "autre");
        assert!([403, 404].contains(&other.get(&page).status));
        assert!([403, 404].contains(&spend(&other, &product, &[])));
        assert!([403, 404].contains(&other.post(&page, &[("made", "1"), ("margin", "1")]).status));
        house.visitor().get(&page).is(303);
        let another = crate::house::product(&other, given.other, &[("name.fr", "Miel")]);
        other.get(&format!("/products/{another}/cost")).is(200);
        // The sheet of one is not moved to another by its id.
        let form = [("id", &*id), ("version", "2"), ("made", "9"), ("margin", "9")];
        other.post(&format!("/products/{another}/cost"), &form).is(409);
    });
}
