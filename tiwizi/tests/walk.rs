//! Walks every route of the house as people with different rights. Values that only some may read are planted in the
//! records; nobody else may meet them on any page, list, export, search, history or in any JSON; and nobody may
//! write where they have no right.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

#[path = "walk/exports.rs"]
mod exports_planted;
#[path = "walk/figures.rs"]
mod figures;
#[path = "walk/invoices.rs"]
mod invoices_planted;
#[path = "walk/market.rs"]
mod market_planted;
#[path = "walk/plant.rs"]
mod plant;
#[path = "walk/pooled.rs"]
mod pooled_planted;
#[path = "walk/reports.rs"]
mod reports;
#[path = "walk/sales.rs"]
mod sales_planted;
#[path = "walk/surveys.rs"]
mod surveys;
#[path = "walk/training.rs"]
mod training;

use std::collections::{BTreeMap, BTreeSet};

use kernel::room::{Method, Need};
use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, Standing, sql};
use people::testing::sign_in;
use plant::{PLANTED, Planted, plant};

/// Rooms with the territory they need.
fn rooms() -> Vec<kernel::Room> {
    tiwizi::open_pack().unwrap();
    tiwizi::rooms()
}

/// The people who walk, and how near each stands to the planted cooperative.
const WALKERS: &[(&str, Option<Standing>)] = &[
    ("nobody", None),
    ("stranger", None),
    ("coach elsewhere", None),
    ("partner", Some(Standing::Shared)),
    ("coach", Some(Standing::File)),
    ("manager", Some(Standing::Steward)),
    ("administrator", Some(Standing::Steward)),
];

fn walker<'a>(house: &'a House, planted: &Planted, name: &str) -> Visitor<'a> {
    let here = format!("programme:{}", planted.programme);
    let elsewhere = format!("programme:{}", Id::named("another programme"));
    match name {
        "nobody" => house.visitor(),
        "stranger" => sign_in(house, "stranger", &[]),
        "coach elsewhere" => sign_in(house, "elsewhere", &[("coach", &elsewhere)]),
        "partner" => sign_in(house, "partner", &[("partner", &here)]),
        "coach" => sign_in(house, "coach", &[("coach", &here)]),
        "manager" => sign_in(house, "manager", &[("manager", &here)]),
        _ => sign_in(house, "administrator", &[("administrator", "platform")]),
    }
}

/// Ids to put into a path, by the name of the parameter, which is the name of a table or says what it is.
fn ids(house: &House, planted: &Planted) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    house.look(|db| {
        for table in db
            .columns()?
            .into_iter()
            .filter(|(_, column)| column == "id")
            .map(|(table, _)| table)
            .collect::<BTreeSet<_>>()
        {
            let some: Vec<String> = db.rows(
                &sql(&format!("select id from {table} order by id limit 3")).open("the walk"),
                |row| row.take(),
            )?;
            found.insert(table, some);
        }
        Ok(())
    });
    let mut first = |name: &str, id: String| found.entry(name.into()).or_default().insert(0, id);
    first("organisation", planted.organisation.to_string());
    first("programme", planted.programme.to_string());
    for table in [
        "membership",
        "mandate",
        "document",
        "agreement",
        "promotion",
        "enrolment",
        "intervention",
        "convention",
        "contribution",
        "person",
        "assessment",
        "plan_action",
        "module",
        "training_session",
        "half_day",
        "participant",
        "training_invitation",
        "report",
        "report_section",
        "own_indicator",
        "survey_answer",
        "product",
        "product_pack",
        "product_price",
        "lot",
        "lot_movement",
        "quality_label",
        "label_cover",
        "cost_line",
        "pooled_order",
        "pooled_part",
        "pooled_pledge",
        "pooled_share",
        "pooled_reception",
        "pooled_charge",
        "pooled_receipt",
        "pooled_advance",
        "invoice",
        "invoice_setting",
        "export_statement",
        "shipment_package",
        "shipment_paper",
    ] {
        first(table, Id::named(&format!("walked {table}")).to_string());
    }
    first("sale_order", Id::named("shipped sale_order").to_string());
    first("indicator", Id::named("walked own_indicator").to_string());
    first("item", Id::named(&format!("{} A1", coaching::boussole())).to_string());
    found.insert("format".into(), vec!["csv".into()]);
    found.insert(
        "dfc_part".into(),
        ["supplied_products", "catalog_items", "offers"].map(str::to_owned).into(),
    );
    found.insert("page".into(), vec!["0.xml".into()]);
    found.insert("listed".into(), ["pages", "products", "cooperatives"].map(str::to_owned).into());
    found.insert("secret".into(), vec!["0".repeat(64)]);
    found
}

/// Every path of a route with ids in the place of its parameters.
fn paths(path: &str, ids: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let Some((before, rest)) = path.split_once('{') else { return vec![path.to_owned()] };
    let (name, after) = rest.split_once('}').unwrap();
    let values = ids.get(name).cloned().unwrap_or_else(|| vec![Id::named("nothing").to_string()]);
    values.iter().flat_map(|value| paths(&format!("{before}{value}{after}"), ids)).collect()
}

#[test]
fn nobody_reads_what_is_not_theirs() {
    on_both(rooms, |house| {
        let planted = plant(house);
        let ids = ids(house, &planted);
        let mut met: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (name, standing) in WALKERS {
            let visitor = walker(house, &planted, name);
            let routes = house
                .app
                .rooms
                .iter()
                .flat_map(|room| &room.routes)
                .filter(|route| route.method == Method::Get);
            for route in routes {
                let questions = ["", "?q=secretname", "?q=coop"].iter().take(if route.query.contains(&"q") {
                    3
                } else {
                    1
                });
                for path in questions.flat_map(|question| {
                    paths(route.path, &ids).into_iter().map(move |path| format!("{path}{question}"))
                }) {
                    for answer in [visitor.get(&path), visitor.get_json(&path)] {
                        assert!(
                            answer.status < 500,
                            "{name} {path} answered {}: {}",
                            answer.status,
                            answer.text()
                        );
                        if *name == "nobody" && route.need != Need::Anybody {
                            assert!(
                                [303, 401].contains(&answer.status),
                                "nobody {path} answered {}",
                                answer.status
                            );
                        }
                        let text = answer.text();
                        for (secret, least) in PLANTED.iter().filter(|(secret, _)| text.contains(secret)) {
                            // The page that asks for a reason shows the name to a team, so that it registers nothing twice.
                            let asks =
                                *name == "coach elsewhere" && answer.status == 403 && *secret == "SECRETNAME";
                            assert!(asks || *standing >= Some(*least), "{name} meets {secret} at {path}");
                            met.entry(secret).or_default().insert(name);
                        }
                    }
                }
            }
        }
        for (secret, least) in PLANTED {
            let must: BTreeSet<_> = WALKERS
                .iter()
                .filter(|(_, standing)| *standing >= Some(*least))
                .map(|(name, _)| *name)
                .collect();
            let did = met.get(secret).cloned().unwrap_or_default();
            let missing: Vec<_> = must.difference(&did).collect();
            assert!(
                missing.is_empty(),
                "{secret} is never shown to {missing:?}, who may read it: the walk would not notice a leak"
            );
        }
    });
}

#[test]
fn nobody_writes_what_is_not_theirs() {
    on_both(rooms, |house| {
        let planted = plant(house);
        let ids = ids(house, &planted);
        let (o, boussole) = (planted.organisation.to_string(), coaching::boussole().to_string());
        let facts = || -> i64 {
            house.look(|db| {
                let about = sql("select count(*) from fact where about = ? or about = ?")
                    .bind(planted.organisation)
                    .bind(planted.programme);
                db.one(&about)
            })
        };
        for name in ["nobody", "stranger", "coach elsewhere", "partner"] {
            let visitor = walker(house, &planted, name);
            let before = facts();
            let routes = house
                .app
                .rooms
                .iter()
                .flat_map(|room| &room.routes)
                .filter(|route| route.method == Method::Post);
            for route in routes.filter(|route| !route.path.contains("glimpse") && route.path != "/sign-out") {
                for path in paths(route.path, &ids) {
                    let form = [
                        ("name.fr", "Intrus"),
                        ("name", "Intrus"),
                        ("kind", "other"),
                        ("status", "left"),
                        ("reason", "intrusion"),
                        ("version", "99"),
                        ("since", "2026-03-01"),
                        ("until", "2026-09-01"),
                        ("role", "president"),
                        ("theme", "quality"),
                        ("title.fr", "Intrus"),
                        ("purpose", "intrusion"),
                        ("extent", "file"),
                        ("verdict", "same"),
                        ("other", &o),
                        ("organisation", &o),
                        ("person", ""),
                        ("amount", "5"),
                        ("promised", "5"),
                        ("received", "2026-03-01"),
                        ("nature", "cash"),
                        ("planned", "5"),
                        ("actor", &o),
                        ("partner", &o),
                        ("level", "2"),
                        ("evidence", "seen"),
                        ("held", "2026-03-02"),
                        ("extent", "short"),
                        ("instrument", &boussole),
                    ];
                    let answer = visitor.post_json(&path, &form);
                    assert!(
                        answer.status < 500,
                        "{name} POST {path} answered {}: {}",
                        answer.status,
                        answer.text()
                    );
                    assert_eq!(facts(), before, "{name} wrote through POST {path}");
                }
            }
        }
    });
}

#[test]
fn counts_are_exact_under_the_rights_of_whoever_asks() {
    on_both(rooms, |house| {
        let planted = plant(house);
        for (name, organisations) in
            [("stranger", 1), ("coach elsewhere", 1), ("partner", 2), ("manager", 2), ("administrator", 2)]
        {
            let answer = walker(house, &planted, name).get_json("/organisations").is(200).json();
            assert_eq!(answer["count"], organisations, "{name} counts");
            assert_eq!(answer["organisations"].as_array().unwrap().len(), organisations, "{name} lists");
        }
    });
}

#[test]
fn the_id_of_another_record_is_never_taken() {
    on_both(rooms, |house| {
        let planted = plant(house);
        let visitor = walker(house, &planted, "coach elsewhere");
        for record in [
            planted.programme,
            Id::named("walked person"),
            Id::named("walked convention"),
            Id::named("elsewhere"),
        ] {
            let id = record.to_string();
            let form = [
                ("id", id.as_str()),
                ("kind", "cooperative"),
                ("name", "Intrus"),
                ("place", "08.587.01.13"),
                ("force", "yes"),
            ];
            visitor.post("/organisations", &form).is(409);
        }
        visitor.get_json(&format!("/programmes/{}", planted.programme)).is(404);
    });
}

#[test]
fn a_role_that_ended_opens_nothing() {
    on_both(rooms, |house| {
        let planted = plant(house);
        let scope = format!("programme:{}", planted.programme);
        let visitor = sign_in(house, "former", &[("coach", &scope)]);
        visitor.get(&format!("/organisations/{}", planted.organisation)).is(200);
        house.given(|tx| {
            let role: Id = tx.one(&sql("select id from role where account = ?").bind(Id::named("former")))?;
            tx.run(&sql("update role set until = '2020-01-01', since = '2019-01-01' where id = ?").bind(role))
        });
        visitor.get_json(&format!("/organisations/{}", planted.organisation)).is(404);
    });
}

#[test]
fn a_file_outside_ones_role_opens_for_a_reason_and_the_reason_stays() {
    on_both(rooms, |house| {
        let planted = plant(house);
        let visitor = walker(house, &planted, "coach elsewhere");
        let path = format!("/organisations/{}", planted.organisation);
        visitor.get(&path).is(403).never_says("SECRETREGISTER");
        visitor.post(&format!("{path}/glimpse"), &[("reason", "trop")]).is(409);
        visitor.post(&format!("{path}/glimpse"), &[("reason", "Appel urgent de la présidente")]).is(303);
        visitor.get(&path).is(200).says("SECRETREGISTER");
        let manager = walker(house, &planted, "manager");
        manager.get(&format!("{path}/history")).is(200).says("Appel urgent de la présidente");
        house.given(|tx| {
            tx.run(
                &sql("update reach set until = 1 where record = ? and scope like 'account:%'")
                    .bind(planted.organisation),
            )
        });
        visitor.get(&path).is(403);
    });
}
