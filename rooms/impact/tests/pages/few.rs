//! A sponsor who reads every page, and takes figures from each other, learns of no group of fewer than five people.

use std::collections::BTreeMap;

use ::people::testing::sign_in;
use kernel::testing::{Visitor, on_both};

use super::reader::{CUTS, Reader, WHOLE, people, trained, world};
use super::rooms;

/// Places and days that pages are narrowed to.
const TERRITORIES: [&str; 5] = ["08", "08.577", "08.587", "08.577.05.21", "08.587.11.31"];
const DAYS: [(&str, &str, &str, &str); 5] = [
    ("year", "2024", "2024-01-01", "2024-12-31"),
    ("quarter", "2024-1", "2024-01-01", "2024-03-31"),
    ("month", "2024-02", "2024-02-01", "2024-02-29"),
    ("month", "2024-03", "2024-03-01", "2024-03-31"),
    ("year", "2025", "2025-01-01", "2025-06-30"),
];

fn level(code: &str) -> &'static str {
    match code.len() {
        2 => "region",
        6 => "province",
        _ => "commune",
    }
}

#[test]
fn whoever_reads_every_page_recovers_no_small_group() {
    on_both(rooms, |house| {
        let boss = sign_in(house, "boss", &[("administrator", "platform")]);
        for seed in [3] {
            let people = people(seed);
            let world = world(house, &boss, &format!("Programme {seed}"), &people);
            let scope = format!("programme:{}", world.programme);
            let partner = sign_in(house, &format!("sponsor{seed}"), &[("partner", &scope)]);
            let mut reader = Reader::new(&world, &partner, &people);
            reader.read(&[], "", &[]);
            for (at, cut) in CUTS.iter().enumerate() {
                reader.read(&[], "", &[cut]);
                for other in &CUTS[at + 1..] {
                    reader.read(&[], "", &[cut, other]);
                }
            }
            for territory in TERRITORIES {
                let query = format!("&territory={territory}");
                for cut in CUTS {
                    reader.read(&[(level(territory), territory)], &query, &[cut]);
                }
            }
            for (cut, code, since, until) in DAYS {
                let query = format!("&since={since}&until={until}");
                for by in CUTS {
                    reader.read(&[(cut, code)], &query, &[by]);
                }
                for territory in TERRITORIES {
                    let query = format!("{query}&territory={territory}");
                    reader.read(&[(cut, code), (level(territory), territory)], &query, &[]);
                }
            }
            let found = reader.recovers();
            assert!(found.is_empty(), "{seed}: {found:#?}");
            assert!(reader.shown > 60, "only {} figures are shown", reader.shown);
        }
    });
}

/// The rows of a page by their codes: what is told of each.
fn rows(visitor: &Visitor<'_>, query: &str) -> BTreeMap<String, Option<i64>> {
    let page = visitor.get_json(&format!("/indicators/people-trained?{query}")).is(200).json();
    let rows = page["rows"].as_array().unwrap().iter().map(|row| &row["total"]["figure"]);
    rows.map(|figure| (figure["row"].as_str().unwrap_or_default().to_owned(), figure["value"].as_i64()))
        .collect()
}

#[test]
fn all_programmes_together_do_not_betray_what_one_of_them_leaves() {
    on_both(rooms, |house| {
        let boss = sign_in(house, "boss", &[("administrator", "platform")]);
        let (woman, month) = (Some(::people::Sex::Woman), "2025-01");
        let here = world(
            house,
            &boss,
            "Ici",
            &[((0, month, woman), 10), ((3, month, woman), 12), ((6, month, woman), 9)],
        );
        let there = world(house, &boss, "Ailleurs", &[]);
        trained(
            house,
            &there.programme,
            &here.cooperatives,
            &[((0, month, woman), 3), ((3, month, woman), 8)],
        );
        let scope = format!("programme:{}", here.programme);
        let partner = sign_in(house, "karim", &[("partner", &scope)]);
        let of_one = rows(
            &partner,
            &format!("programme={}&since=2025-01-01&until=2025-06-30&by=commune", here.programme),
        );
        assert_eq!(of_one["08.577.05.21"], Some(10));
        let days = "since=2025-01-01&until=2025-12-31";
        let of_all = rows(&partner, &format!("{days}&by=commune"));
        // Thirteen less ten are three; and what would tell the thirteen goes with them.
        assert_eq!(of_all["08.577.05.21"], None);
        assert_eq!(of_all["08.587.11.07"], None);
        assert_eq!(of_all["09.001.01.01"], Some(9));
        let total = |visitor: &Visitor<'_>, more: &str| {
            let path = format!("/indicators/people-trained?{days}{more}");
            visitor.get_json(&path).is(200).json()["total"]["value"].as_i64()
        };
        assert_eq!(total(&partner, ""), Some(42));
        let far =
            partner.get_json("/indicators/people-trained?since=2025-01-01&until=2090-01-01").is(200).json();
        assert_eq!(far["until"], kernel::today().to_string(), "no year lies ahead");
        assert_eq!(total(&partner, "&territory=08.577.05.21"), None);
        partner.get(&format!("/territories/08.577.05.21?{days}&theme=training")).is(200).never_says(">13<");
        assert_eq!(rows(&boss, &format!("{days}&by=commune"))["08.577.05.21"], Some(13));
        // One who is left of all of them is not told by their whole either.
        trained(house, &there.programme, &here.cooperatives, &[((5, "2024-02", woman), 2)]);
        trained(house, &here.programme, &here.cooperatives, &[((6, "2024-02", woman), 9)]);
        let early = "/indicators/people-trained?since=2024-01-01&until=2024-12-31";
        assert_eq!(partner.get_json(early).is(200).json()["total"]["hidden"], true);
        assert_eq!(boss.get_json(early).is(200).json()["total"]["value"], 11);
    });
}

#[test]
fn whoever_reads_no_records_asks_for_days_that_lie_within_each_other() {
    on_both(rooms, |house| {
        let boss = sign_in(house, "boss", &[("administrator", "platform")]);
        let women = |n: i64, month: &'static str| ((0, month, Some(::people::Sex::Woman)), n);
        let men = |n: i64, month: &'static str| ((3, month, Some(::people::Sex::Man)), n);
        let here = world(
            house,
            &boss,
            "Ici",
            &[women(8, "2024-02"), women(3, "2024-03"), men(9, "2024-03"), men(7, "2024-05")],
        );
        let scope = format!("programme:{}", here.programme);
        let manager = sign_in(house, "samira", &[("manager", &scope)]);
        let partner = sign_in(house, "karim", &[("partner", &scope)]);
        let ask = |visitor: &Visitor<'_>, since: &str, until: &str| {
            let days = format!("since={since}&until={until}");
            let path = format!("/indicators/people-trained?programme={}&{days}", here.programme);
            let page = visitor.get_json(&path).is(200).json();
            let text = |name: &str| page[name].as_str().unwrap_or_default().to_owned();
            (text("since"), text("until"), page["total"]["value"].as_i64())
        };
        let told = |since: &str, until: &str, value| (since.to_owned(), until.to_owned(), value);
        // Until the day before, and one day more: the difference would be whoever came on that day.
        for until in ["2024-03-10", "2024-03-11"] {
            assert_eq!(ask(&partner, "2024-02-01", until), told("2024-01-01", "2024-03-31", Some(20)));
        }
        assert_eq!(ask(&manager, "2024-02-01", "2024-03-10"), told("2024-02-01", "2024-03-10", Some(8)));
        assert_eq!(ask(&partner, "2020-01-01", "2040-01-01"), told(WHOLE.0, WHOLE.1, Some(27)));
        let base = format!("programme={}&since=2024-02-03&until=2024-03-10", here.programme);
        let paths = [
            format!("/indicators/people-trained?{base}"),
            format!("/programmes/{}/impact?{base}", here.programme),
            format!("/programmes/{}/cohorts?{base}", here.programme),
            "/territories?since=2024-02-03&until=2024-03-10".to_owned(),
        ];
        for path in &paths {
            partner.get(path).is(200).says("Vous voyez du");
        }
        manager.get(&paths[0]).is(200).never_says("Vous voyez du");
        let sheet = format!("/indicators/people-trained/table/csv?{base}");
        partner.get(&sheet).is(200).says("2024-01-01 – 2024-03-31");
        manager.get(&sheet).is(200).says("2024-02-03 – 2024-03-10");
        // March of one commune is three women: its place in the quarter is silent, and so are the places beside it.
        let march = format!("programme={}&since=2024-03-01&until=2024-03-31&by=commune", here.programme);
        assert!(rows(&partner, &march).values().all(Option::is_none));
        assert_eq!(rows(&manager, &march)["08.577.05.21"], Some(3));
        // A place, days and a cut at once are too narrow, and the page says so.
        for more in ["&by=month&and=sex", "&by=sex"] {
            let days = if more.len() < 10 { "&since=2024-03-01&until=2024-03-31" } else { "" };
            let query = format!("programme={}&territory=08.577{days}{more}", here.programme);
            partner.get(&format!("/indicators/people-trained?{query}")).is(200).says("Croisées ainsi");
            manager.get(&format!("/indicators/people-trained?{query}")).is(200).never_says("Croisées ainsi");
        }
        let drawn =
            format!("programme={}&territory=08.577&since=2024-03-01&until=2024-03-31&by=sex", here.programme);
        partner.get(&format!("/indicators/people-trained/chart/svg?{drawn}")).is(200).says("Croisées ainsi");
        // Whoever reads the records of one programme reads no more of the country by naming it.
        let path = format!("/territories?programme={}", here.programme);
        assert_eq!(manager.get_json(&path).is(200).json()["partly"], true);
        assert_eq!(boss.get_json(&path).is(200).json()["partly"], false);
    });
}
