//! The catalogue as everybody and every program reads it: what is public is in it, and nothing else.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::testing::{House, Visitor, on_both};

use crate::house::{day, given, lot, photo, product, publish, represents, rooms, team};

/// Sets a price; answers nothing.
fn price(who: &Visitor<'_>, product: &str, buyer: &str, amount: &str, currency: &str) {
    let form = [("buyer", buyer), ("price", amount), ("price.currency", currency)];
    who.post(&format!("/products/{product}/prices"), &form).is(303);
}

fn count(who: &Visitor<'_>, query: &str) -> i64 {
    who.get_json(&format!("/catalogue?{query}")).is(200).json()["count"].as_i64().unwrap()
}

fn names(who: &Visitor<'_>, query: &str) -> Vec<String> {
    let page = who.get_json(&format!("/catalogue?{query}")).is(200).json();
    let products = page["products"].as_array().unwrap().iter();
    products.map(|card| card["name"]["fr"].as_str().unwrap().to_owned()).collect()
}

/// Everything that machines may ask for.
fn outside(house: &House, organisation: kernel::Id) -> Vec<(String, String)> {
    let nobody = house.visitor();
    let mut paths = vec![
        "/catalogue".to_owned(),
        "/catalogue/calendar".to_owned(),
        format!("/catalogue/cooperatives/{organisation}"),
        "/catalogue/feed.xml".to_owned(),
        "/catalogue/feed.xml?currency=EUR".to_owned(),
        "/api/dfc/enterprises".to_owned(),
        "/api/dfc/organizations".to_owned(),
        format!("/api/dfc/enterprises/{organisation}"),
        format!("/api/dfc/organizations/{organisation}"),
        format!("/api/dfc/enterprises/{organisation}/catalog_items"),
        format!("/api/dfc/enterprises/{organisation}/offers"),
        format!("/api/dfc/enterprises/{organisation}/supplied_products"),
        "/sitemap.xml".to_owned(),
    ];
    let maps = nobody.get("/sitemap.xml").is(200).text();
    let parts = maps.split("<loc>").skip(1).filter_map(|part| part.split("</loc>").next());
    paths.extend(parts.map(|address| format!("/sitemap{}", address.split_once("/sitemap").unwrap().1)));
    let read = |path: String| {
        let text = nobody.get(&path).is(200).text();
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn what_is_withdrawn_vanishes_everywhere_and_private_prices_never_leave() {
    on_both(rooms, |house| {
        let given = given(house);
        let presidente = represents(house, given.organisation, "presidente");
        let nobody = house.visitor();
        nobody.get("/catalogue").is(200).says("Aucun produit n’est encore publié").says("hreflang=\"ar\"");
        let id =
            product(&presidente, given.organisation, &[("story.fr", "Distillée à l’aube"), ("season", "05")]);
        photo(&presidente, &id);
        price(&presidente, &id, "individual", "45", "MAD");
        price(&presidente, &id, "shop", "31,37", "MAD");
        price(&presidente, &id, "exporter", "2,93", "EUR");
        assert_eq!(count(&nobody, ""), 0, "a draft is nobody else's");
        publish(&presidente, &id);
        assert_eq!(count(&nobody, ""), 1);
        nobody.get("/catalogue").is(200).says("Eau de rose").says("45").says("Tiniri").says("1 produit");
        let told = outside(house, given.organisation);
        for (path, text) in &told {
            for private in ["31.37", "31,37", "2.93", "2,93"] {
                assert!(!text.contains(private), "{path} tells a price that is not public");
            }
            let lists =
                path.contains("currency=EUR") || path.ends_with("pages/0.xml") || path == "/sitemap.xml";
            let named =
                text.contains("Eau de rose") || text.contains(&id) || path == "/api/dfc/organizations";
            let named = named || path == "/api/dfc/enterprises" || path.contains("/sitemap/cooperatives/");
            assert!(lists || named, "{path} does not tell of it");
        }
        let page = format!("/products/{id}");
        let text = nobody.get(&page).is(200).text();
        for part in [
            "\"@type\":\"Product\"",
            "\"price\":\"45.00\"",
            "\"priceCurrency\":\"MAD\"",
            "rel=\"canonical\"",
            "hreflang=\"x-default\"",
            "og:image",
            "\"@type\":\"BreadcrumbList\"",
        ] {
            assert!(text.contains(part), "{part} is missing");
        }
        assert!(!text.contains("31.37") && !text.contains("2.93"));
        // Whoever works on the file sees more, and machines are told no more by it.
        let head = presidente.get(&page).is(200).text();
        let head = head.split("</head>").next().unwrap();
        assert!(!head.contains("31.37") && !head.contains("2.93"));
        let version = presidente.get_json(&page).json()["product"]["version"].to_string();
        presidente.post(&format!("{page}/withdrawal"), &[("version", &version)]).is(303);
        assert_eq!(count(&nobody, ""), 0);
        for (path, text) in outside(house, given.organisation) {
            assert!(!text.contains(&id) && !text.contains("Eau de rose"), "{path} still tells of it");
        }
        nobody.get(&format!("/api/dfc/enterprises/{}/catalog_items/{id}", given.organisation)).is(404);
    });
}

#[test]
fn a_cooperative_that_is_hidden_takes_its_products_along() {
    on_both(rooms, |house| {
        let given = given(house);
        let presidente = represents(house, given.organisation, "presidente");
        let nobody = house.visitor();
        let id = product(&presidente, given.organisation, &[]);
        publish(&presidente, &id);
        let shop = format!("/catalogue/cooperatives/{}", given.organisation);
        nobody
            .get(&shop)
            .is(200)
            .says("Eau de rose")
            .says("\"@type\":\"Organization\"")
            .says("class=\"map\"");
        nobody
            .get(&format!("/catalogue/cooperatives/{}", given.other))
            .is(200)
            .says("aucun produit publié")
            .says("noindex");
        house.given(|tx| {
            let holder = kernel::record::get::<registry::Organisation>(tx, given.organisation)?;
            kernel::record::update(tx, &registry::Organisation { published: false, ..holder })
        });
        assert_eq!(count(&nobody, ""), 0);
        nobody.get(&shop).is(404);
        nobody.get(&format!("/api/dfc/enterprises/{}", given.organisation)).is(404);
        nobody.get("/catalogue/cooperatives/nothing").is(404);
        let maps = nobody.get("/sitemap.xml").is(200).text();
        assert!(!maps.contains("/sitemap/products/"), "{maps}");
        nobody.get("/sitemap/products/0.xml").is(404);
        nobody.get("/sitemap/pages/1.xml").is(404);
        nobody.get("/robots.txt").is(200).says("Sitemap: http");
    });
}

#[test]
fn search_finds_spellings_and_filters_narrow() {
    on_both(rooms, |house| {
        let given = given(house);
        let presidente = represents(house, given.organisation, "presidente");
        let other = represents(house, given.other, "other");
        let nobody = house.visitor();
        let saffron = [
            ("name.fr", "Safran de Taznakht"),
            ("name.ar", "زعفران تازناخت"),
            ("name.en", "Saffron threads"),
            ("story.fr", "Émondé le jour même par les femmes"),
            ("season", "11"),
        ];
        let carpet = [
            ("name.fr", "Tapis Aït Ouaouzguite"),
            ("name.ar", "زربية آيت واوزكيت"),
            ("kind", "craft"),
            ("making", "unique"),
            ("unit", "piece"),
            ("ingredients.fr", ""),
        ];
        let ids = [
            product(&presidente, given.organisation, &saffron),
            product(&other, given.other, &carpet),
            product(&presidente, given.organisation, &[]),
        ];
        publish(&presidente, &ids[0]);
        publish(&other, &ids[1]);
        publish(&presidente, &ids[2]);
        price(&presidente, &ids[0], "individual", "40", "MAD");
        price(&other, &ids[1], "individual", "7800", "MAD");
        for typed in
            ["safran", "Saffran", "SAFRAN", "الزعفران", "زعفران", "saffron", "taznakht", "emonde", "femmes"]
        {
            let found = names(&nobody, &format!("q={}", kernel::fields::encode(typed)));
            assert_eq!(found, ["Safran de Taznakht"], "{typed}");
        }
        for typed in ["ait", "Aït", "ايت", "آيت", "tapis", "زربيه"] {
            let found = names(&nobody, &format!("q={}", kernel::fields::encode(typed)));
            assert_eq!(found, ["Tapis Aït Ouaouzguite"], "{typed}");
        }
        assert_eq!(count(&nobody, "q=zzzz"), 0);
        nobody.get("/catalogue?q=zzzz").is(200).says("Aucun produit ne correspond").says("noindex");
        assert_eq!(names(&nobody, "kind=craft"), ["Tapis Aït Ouaouzguite"]);
        assert_eq!(names(&nobody, "month=11"), ["Safran de Taznakht"]);
        assert_eq!(names(&nobody, "price=100"), ["Safran de Taznakht"]);
        assert_eq!(count(&nobody, "price=40"), 1);
        assert_eq!(count(&nobody, "price=39"), 0);
        assert_eq!(count(&nobody, "territory=08.577"), 3);
        assert_eq!(count(&nobody, "territory=01"), 0);
        assert_eq!(count(&nobody, "territory=08&kind=craft&q=tapis&price=8000"), 1);
        nobody.get("/catalogue").is(200).says("Drâa-Tafilalet (3)");
        nobody.get("/catalogue?q=tapis&territory=01").is(200).says("Drâa-Tafilalet (1)");
        let [rose, safran, tapis] = ["Eau de rose", "Safran de Taznakht", "Tapis Aït Ouaouzguite"];
        assert_eq!(names(&nobody, ""), [rose, safran, tapis]);
        assert_eq!(names(&nobody, "order=cheap"), [safran, tapis, rose]);
        assert_eq!(names(&nobody, "order=dear"), [tapis, safran, rose]);
        // What cannot be understood is told, and narrows nothing.
        nobody
            .get("/catalogue?kind=gold&price=cheap")
            .is(200)
            .says("Nature, Prix maximum")
            .says("3 produits");
        nobody.get("/catalogue?after=%00~x&order=cheap").is(200);
        nobody
            .get("/catalogue/calendar")
            .is(200)
            .says("Safran de Taznakht")
            .never_says("Tapis Aït")
            .says("disponible");
        nobody.get("/catalogue?lang=ar").is(200).says("dir=\"rtl\"").says("زعفران تازناخت").says("3 منتوجات");
        nobody.get("/catalogue?lang=en").is(200).says("Saffron threads").says("3 products");
        // The numbers beside places follow what is offered.
        let page = format!("/products/{}", ids[2]);
        let version = presidente.get_json(&page).json()["product"]["version"].to_string();
        presidente.post(&format!("{page}/withdrawal"), &[("version", &version)]).is(303);
        nobody.get("/catalogue").is(200).says("Drâa-Tafilalet (2)");
    });
}

#[test]
fn every_order_is_read_to_its_end() {
    on_both(rooms, |house| {
        let given = given(house);
        let presidente = represents(house, given.organisation, "presidente");
        let nobody = house.visitor();
        for at in 0..53 {
            let name = format!("Produit {at:02}");
            let id = product(&presidente, given.organisation, &[("name.fr", &name)]);
            publish(&presidente, &id);
            if at % 3 > 0 {
                price(&presidente, &id, "individual", &(at % 7 + 1).to_string(), "MAD");
            }
        }
        for order in ["name", "cheap", "dear"] {
            let (mut all, mut path) = (Vec::new(), format!("/catalogue?order={order}"));
            loop {
                let page = nobody.get_json(&path).is(200).json();
                assert_eq!(page["count"], 53);
                let card = |card: &serde_json::Value| {
                    (card["name"]["fr"].as_str().unwrap().to_owned(), card["price"]["minor"].as_i64())
                };
                all.extend(page["products"].as_array().unwrap().iter().map(card));
                match page["next"].as_str() {
                    Some(next) => path = format!("/catalogue{next}"),
                    None => break,
                }
            }
            assert_eq!(all.len(), 53, "{order}");
            let told: std::collections::BTreeSet<_> = all.iter().map(|(name, _)| name).collect();
            assert_eq!(told.len(), 53, "{order} tells each once");
            let prices: Vec<i64> = all.iter().map_while(|(_, price)| *price).collect();
            match order {
                "cheap" => assert!(prices.len() == 35 && prices.is_sorted()),
                "dear" => assert!(prices.len() == 35 && prices.iter().rev().is_sorted()),
                _ => assert!(all.iter().map(|(name, _)| name).is_sorted()),
            }
        }
    });
}

#[test]
fn a_label_is_found_while_it_is_in_force() {
    on_both(rooms, |house| {
        let given = given(house);
        let presidente = represents(house, given.organisation, "presidente");
        let manager = team(house, &given, "manager");
        let nobody = house.visitor();
        let id = product(&presidente, given.organisation, &[]);
        publish(&presidente, &id);
        let label = |scheme: &str, since: i64, until: i64| {
            let label = kernel::Id::new().to_string();
            let (since, until) = (day(since), day(until));
            let form = [
                ("id", label.as_str()),
                ("scheme", scheme),
                ("body", "Organisme"),
                ("number", scheme),
                ("since", since.as_str()),
                ("until", until.as_str()),
            ];
            presidente.post(&format!("/organisations/{}/labels", given.organisation), &form).is(303);
            presidente.post(&format!("/labels/{label}/covers"), &[("product", &id)]).is(303);
            label
        };
        let verify = |label: &str| {
            let version = manager.get_json(&format!("/labels/{label}")).is(200).json()["version"].to_string();
            manager.post(&format!("/labels/{label}/verification"), &[("version", &version)]).is(303);
        };
        let (holds, ended, coming) = (label("aop", -10, 0), label("organic", -10, -1), label("igp", 1, 10));
        assert_eq!(count(&nobody, "label=aop"), 0, "nobody verified it");
        [&holds, &ended, &coming].into_iter().for_each(|label| verify(label));
        assert_eq!(count(&nobody, "label=aop"), 1);
        assert_eq!(count(&nobody, "label=organic"), 0, "it ended yesterday");
        assert_eq!(count(&nobody, "label=igp"), 0, "it begins tomorrow");
        nobody.get("/catalogue").is(200).says("class=\"chip good\"");
        let text = nobody.get(&format!("/products/{id}")).is(200).text();
        assert_eq!(text.matches("\"@type\":\"Certification\"").count(), 1);
        let graph = nobody.get(&format!("/api/dfc/enterprises/{}", given.organisation)).is(200).text();
        assert_eq!(graph.matches("schema:Certification\"").count(), 1);
        manager.post(&format!("/labels/{holds}/withdrawal"), &[("reason", "Contrôle")]).is(303);
        assert_eq!(count(&nobody, "label=aop"), 0);
        nobody.get("/catalogue").is(200).never_says("class=\"chip good\"");
        let text = nobody.get(&format!("/products/{id}")).is(200).text();
        assert!(!text.contains("Certification"));
    });
}

#[test]
fn programs_of_food_read_both_versions() {
    on_both(rooms, |house| {
        let given = given(house);
        let presidente = represents(house, given.organisation, "presidente");
        let nobody = house.visitor();
        let id = product(&presidente, given.organisation, &[("name.fr", "Eau de rose & <jasmin>")]);
        let pack = kernel::Id::new().to_string();
        let form = [("id", pack.as_str()), ("name.fr", "Flacon"), ("quantity", "250")];
        presidente.post(&format!("/products/{id}/packs"), &form).is(303);
        let form = [("buyer", "individual"), ("price", "45"), ("price.currency", "MAD"), ("pack", &pack)];
        presidente.post(&format!("/products/{id}/prices"), &form).is(303);
        photo(&presidente, &id);
        publish(&presidente, &id);
        let craft = [("kind", "craft"), ("unit", "piece"), ("ingredients.fr", ""), ("name.fr", "Tapis")];
        let craft = product(&presidente, given.organisation, &craft);
        publish(&presidente, &craft);
        let base = format!("/api/dfc/enterprises/{}", given.organisation);
        let one = nobody.get(&base).is(200).json();
        assert!(one["@context"][0].as_str().unwrap().ends_with("context_1.16.0.jsonld"));
        let graph = one["@graph"].as_array().unwrap();
        let of = |class: &str| graph.iter().filter(|node| node["@type"] == class).collect::<Vec<_>>();
        assert_eq!(of("dfc-b:Enterprise").len(), 1);
        let supplied = of("dfc-b:SuppliedProduct");
        assert_eq!(supplied.len(), 1, "a carpet is no food");
        assert_eq!(supplied[0]["dfc-b:name"], "Eau de rose & <jasmin> · Flacon");
        assert_eq!(supplied[0]["dfc-b:hasQuantity"]["dfc-b:value"], "250");
        let offer = of("dfc-b:Offer")[0];
        assert_eq!(offer["dfc-b:hasPrice"]["dfc-b:value"], "45.00");
        assert!(offer["dfc-b:hasPrice"].get("dfc-b:hasUnit").is_none(), "the measures know no dirham");
        let item = of("dfc-b:CatalogItem")[0]["@id"].as_str().unwrap().to_owned();
        let path = item.split_once("/api").map(|(_, rest)| format!("/api{rest}")).unwrap();
        assert_eq!(nobody.get(&path).is(200).json()["@graph"][0]["@id"], item.as_str());
        nobody.get(&format!("{base}/nothing")).is(404);
        let two = nobody.get("/api/dfc/organizations").is(200).json();
        assert!(two["@context"][0].as_str().unwrap().ends_with("context_2.0.0.json"));
        assert_eq!(two["@graph"][0]["@type"], "ldp:Container");
        assert_eq!(two["@graph"][1]["@type"], "dfc-b:Organization");
        assert_eq!(two["@graph"][0]["ldp:contains"][0], two["@graph"][1]["@id"]);
        // The feed escapes what XML would misread, and says what a merchant's program needs.
        let feed = nobody.get("/catalogue/feed.xml").is(200).text();
        for part in [
            "Eau de rose &amp; &lt;jasmin&gt;",
            "<g:price>45.00 MAD</g:price>",
            "<g:identifier_exists>no</g:identifier_exists>",
            "<g:availability>in_stock</g:availability>",
        ] {
            assert!(feed.contains(part), "{part} is missing");
        }
        // Nothing of a text ends the block it stands in.
        let page = nobody.get(&format!("/products/{id}")).is(200).text();
        assert!(page.contains("\\u003cjasmin"), "{page}");
        // What is sold is not to be had, and how much is left stays with the cooperative.
        let lot = lot(&presidente, &id, "L1", &day(-3), "500");
        let sold = [("day", day(0)), ("reason", "sold".to_owned()), ("quantity", "500".to_owned())];
        let sold: Vec<(&str, &str)> = sold.iter().map(|(name, value)| (*name, value.as_str())).collect();
        presidente.post(&format!("/lots/{lot}/movements"), &sold).is(303);
        nobody.get("/catalogue/feed.xml").is(200).says("<g:availability>out_of_stock</g:availability>");
        nobody.get(&format!("/products/{id}")).is(200).says("schema.org/OutOfStock");
        // What is past its best is not offered, though it is left; what is good is.
        let kept = |number: &str, until: &str| {
            let produced = day(-3);
            let form =
                [("number", number), ("produced", &*produced), ("quantity", "500"), ("best_before", until)];
            presidente.post(&format!("/products/{id}/lots"), &form).is(303);
        };
        kept("L2", &day(-1));
        nobody.get("/catalogue/feed.xml").is(200).says("<g:availability>out_of_stock</g:availability>");
        nobody.get(&format!("/products/{id}")).is(200).says("schema.org/OutOfStock");
        kept("L3", &day(0));
        nobody.get("/catalogue/feed.xml").is(200).says("<g:availability>in_stock</g:availability>");
        nobody.get(&format!("/products/{id}")).is(200).says("schema.org/InStock");
    });
}
