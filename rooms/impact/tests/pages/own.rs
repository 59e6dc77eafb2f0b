//! A programme's own indicators: defined on a page, counted like shipped ones, known to nobody else.

use kernel::testing::{Visitor, on_both};
use kernel::{Id, sql};
use people::testing::sign_in;
use serde_json::Value;

use super::{Place, ago, members, place, put, rooms};

/// Defines an indicator of the programme; answers its code.
fn define(manager: &Visitor<'_>, programme: &str, form: &[(&str, &str)]) -> String {
    let mut all = vec![("name.fr", "Notre indicateur"), ("definition.fr", "Ce que nous comptons")];
    all.extend(form);
    put(manager, &format!("/programmes/{programme}/own-indicators"), &all)
}

fn total(visitor: &Visitor<'_>, code: &str, query: &str) -> Value {
    visitor.get_json(&format!("/indicators/{code}?{query}")).is(200).json()["total"].clone()
}

#[test]
fn a_programme_counts_its_own_way_and_opens_on_the_same_records() {
    on_both(rooms, |house| {
        let Place { manager, programme, cooperatives, .. } = place(house);
        let share = [("base", "members-registered"), ("measure", "share"), ("meets", "sex:woman")];
        let share = define(&manager, &programme, &share);
        // Seven of nine, and by province: all of seven, none of two.
        let page = manager.get_json(&format!("/indicators/{share}?by=province")).is(200).json();
        assert_eq!((page["total"]["value"].as_i64(), page["total"]["n"].as_i64()), (Some(778), Some(9)));
        let rows: Vec<_> =
            page["rows"].as_array().unwrap().iter().map(|row| &row["total"]["figure"]).collect();
        let by: Vec<_> = rows.iter().map(|f| (f["row"].as_str(), f["value"].as_i64())).collect();
        assert_eq!(by, [(Some("08.577"), Some(1000)), (Some("08.587"), Some(0))]);
        assert_eq!(page["made"]["base"], "members-registered");
        manager.get(&format!("/indicators/{share}")).is(200).says("Sexe : Femme").says("Notre indicateur");
        let list = manager.get_json(&format!("/indicators/{share}/records")).is(200).json();
        let met = list["items"].as_array().unwrap().iter().filter(|item| item["value"] == 1).count();
        assert_eq!((list["count"].as_i64(), met), (Some(9), 7));
        manager.get(&format!("/indicators/{share}/records")).is(200).says("dans la part");
        // A count with two filters, worked by hand: women, and of the first province.
        let filters = [("only_1", "sex:woman"), ("only_2", "province:08.577")];
        let form = [&[("base", "members-registered"), ("measure", "count")][..], &filters].concat();
        let count = define(&manager, &programme, &form);
        assert_eq!(total(&manager, &count, "")["value"], 7);
        let records = format!("/indicators/{count}/records?cut.cooperative={}", cooperatives[0]);
        let list = manager.get_json(&records).is(200).json();
        assert_eq!((list["count"].as_i64(), list["read"].as_i64()), (Some(7), Some(7)));
        let other = format!("/indicators/{count}/records?cut.cooperative={}", cooperatives[1]);
        assert_eq!(manager.get_json(&other).is(200).json()["count"], 0);
        for format in ["csv", "xlsx"] {
            manager.get(&format!("/indicators/{count}/table/{format}?by=cooperative&and=sex")).is(200);
        }
        manager.get(&format!("/indicators/{count}/table/csv?by=province")).says("Notre indicateur");
        // It stands on the dashboard and in the list of its programme.
        let dashboard = manager.get_json(&format!("/programmes/{programme}/impact")).is(200).json();
        assert_eq!(dashboard["themes"][0]["code"], "own");
        assert_eq!(dashboard["themes"][0]["tiles"].as_array().unwrap().len(), 2);
        let list = manager.get_json(&format!("/indicators?programme={programme}")).is(200).json();
        assert_eq!(list["own"]["lines"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn a_mean_and_a_change_are_worked_out_from_the_same_records() {
    on_both(rooms, |house| {
        let Place { manager, programme, cooperatives, .. } = place(house);
        for (cooperative, members) in cooperatives.iter().zip([30, 11]) {
            house.given(|tx| {
                let id: Id = cooperative.parse().map_err(kernel::Error::internal)?;
                let declare = sql("update organisation set members = ? where id = ?").bind(members).bind(id);
                tx.run(&declare.open("what the cooperative declares"))
            });
        }
        let mean = define(&manager, &programme, &[("base", "members-declared"), ("measure", "mean")]);
        assert_eq!(total(&manager, &mean, "")["value"], 2050, "20.50 members a cooperative");
        manager.get(&format!("/indicators/{mean}")).is(200).says("20,50");
        let sum = [("base", "members-declared"), ("measure", "sum"), ("only_1", "province:08.587")];
        assert_eq!(total(&manager, &define(&manager, &programme, &sum), "")["value"], 11);
        // The promotion began 200 days ago: two cooperatives more than at the beginning, none since.
        let change = [("base", "cooperatives-supported"), ("measure", "change")];
        let change = define(&manager, &programme, &change);
        assert_eq!(total(&manager, &change, "")["value"], 2);
        assert_eq!(total(&manager, &change, &format!("since={}", ago(100)))["value"], 0);
    });
}

#[test]
fn few_people_are_hidden_and_so_is_what_would_betray_them() {
    on_both(rooms, |house| {
        let Place { manager, partner, programme, cooperatives, .. } = place(house);
        let base = [("base", "members-registered"), ("measure", "count")];
        let women = define(&manager, &programme, &[&base[..], &[("only_1", "sex:woman")]].concat());
        let both = [("only_1", "sex:woman"), ("only_2", "province:08.577")];
        let both = define(&manager, &programme, &[&base[..], &both].concat());
        let share = [("base", "members-registered"), ("measure", "share"), ("meets", "sex:woman")];
        let share = define(&manager, &programme, &share);
        for code in [&women, &both, &share] {
            assert_eq!(total(&manager, code, "")["hidden"], false);
            // All but seven of nine are two men: the seven would tell of them.
            assert_eq!(total(&partner, code, "")["hidden"], true, "nine are shown, so seven betray two");
            let records = partner.get_json(&format!("/indicators/{code}/records")).is(200).json();
            assert_eq!((records["count"].as_i64(), records["items"].as_array().unwrap().len()), (Some(0), 0));
            partner.get(&format!("/indicators/{code}?by=cooperative")).is(200).never_says(">7<");
            partner.get(&format!("/indicators/{code}/table/csv?by=province")).is(200).never_says(";7");
            partner.get(&format!("/indicators/{code}?by=cooperative&and=sex")).is(200).never_says(">7<");
            assert_eq!(total(&partner, code, "territory=08.577")["hidden"], true);
        }
        // Five men more, and nobody can be recognised any longer.
        members(house, &cooperatives[1], 5, Some(people::Sex::Man));
        for code in [&women, &both] {
            let seen = total(&partner, code, "");
            assert_eq!((seen["hidden"].as_bool(), seen["value"].as_i64()), (Some(false), Some(7)));
        }
    });
}

#[test]
fn an_own_indicator_is_its_programmes_alone() {
    on_both(rooms, |house| {
        let Place { boss, manager, partner, programme, .. } = place(house);
        let form = [("base", "visits-made"), ("measure", "count")];
        let code = define(&manager, &programme, &form);
        partner.get(&format!("/indicators/{code}")).is(200).says("Notre indicateur").never_says("Modifier");
        partner.get(&format!("/programmes/{programme}/own-indicators/new")).is(403);
        partner.get(&format!("/own-indicators/{code}/edit")).is(403);
        let all = [("name.fr", "A"), ("definition.fr", "B"), form[0], form[1]];
        partner.post(&format!("/programmes/{programme}/own-indicators"), &all).is(403);
        partner.post(&format!("/own-indicators/{code}/remove"), &[]).is(403);
        let form = [
            ("name.fr", "Autre programme"),
            ("since", &*ago(300)),
            ("until", "2035-12-31"),
            ("status", "running"),
        ];
        let other = put(&boss, "/programmes", &form);
        let elsewhere = sign_in(house, "ailleurs", &[("manager", &format!("programme:{other}"))]);
        let stranger = sign_in(house, "driss", &[]);
        for visitor in [&elsewhere, &stranger] {
            for path in ["", "/records", "/table/csv"] {
                visitor.get_json(&format!("/indicators/{code}{path}")).is(404);
                visitor.get_json(&format!("/indicators/{code}{path}?programme={other}")).is(404);
            }
            visitor.get(&format!("/indicators?programme={programme}")).never_says("Notre indicateur");
        }
        house.visitor().get(&format!("/indicators/{code}")).is(303).leads_to("/sign-in");
        boss.get(&format!("/indicators/{code}?programme={other}")).is(404);
        // Nor does another programme aim with it.
        let target = [("indicator", code.as_str()), ("target", "4"), ("due", "2030-01-01")];
        elsewhere.post_json(&format!("/programmes/{other}/targets"), &target).is(422);
    });
}

#[test]
fn what_makes_no_sense_is_refused_with_a_sentence() {
    on_both(rooms, |house| {
        let Place { manager, programme, .. } = place(house);
        let path = format!("/programmes/{programme}/own-indicators");
        manager.get(&format!("/indicators?programme={programme}")).says("Ici viendront les indicateurs");
        let form = format!("{path}/new?base=members-registered");
        manager.get(&form).is(200).says("Sexe : Femme").says("Province : ").never_says("Somme</option>");
        let members = ("base", "members-registered");
        let wrong: &[(&[(&str, &str)], &str)] = &[
            (&[("base", "leverage"), ("measure", "count")], "n’existe pas"),
            (&[members, ("measure", "sum")], "ne se mesure pas ainsi"),
            (&[members, ("measure", "share")], "Il faut répondre ici"),
            (&[members, ("measure", "count"), ("meets", "sex:man")], "Seule une part"),
            (&[members, ("measure", "count"), ("only_1", "month:2026-01")], "ne se ventile pas ainsi"),
            (&[members, ("measure", "count"), ("only_1", "province:99.999")], "n’existe pas"),
            (&[members, ("measure", "count"), ("only_2", "sex"), ("only_1", "sex:man")], "n’existe pas"),
            (
                &[members, ("measure", "count"), ("only_2", "sex:man"), ("only_1", "sex:woman")],
                "gardez-en un",
            ),
            (&[("base", "visits-made"), ("measure", "count"), ("only_1", "sex:woman")], "ne se ventile pas"),
        ];
        for (form, sentence) in wrong {
            let mut all = vec![("name.fr", "Essai"), ("definition.fr", "Essai")];
            all.extend(*form);
            manager.post(&path, &all).is(422).says(sentence);
        }
    });
}

#[test]
fn it_is_changed_aimed_at_and_removed_when_nothing_needs_it() {
    on_both(rooms, |house| {
        let Place { manager, programme, cooperatives, .. } = place(house);
        let form = [("base", "members-registered"), ("measure", "count"), ("only_1", "sex:woman")];
        let code = define(&manager, &programme, &form);
        let page = format!("/own-indicators/{code}");
        manager.get(&format!("{page}/edit")).is(200).says("Sexe : Femme");
        let change = |version: &str, slice: &str| {
            manager.post(&page, &[("version", version), ("only_1", slice), ("_fields", "only_1")])
        };
        change("1", "sex:man").is(303);
        assert_eq!(total(&manager, &code, "")["value"], 2);
        change("1", "province:08.577").is(422);
        change("2", "province:08.577").is(303);
        assert_eq!(total(&manager, &code, "")["value"], 7);
        // A target of the whole and one of a group, with where it began.
        let targets = format!("/programmes/{programme}/targets");
        let aim = [("indicator", code.as_str()), ("due", "2030-01-01")];
        let whole = put(&manager, &targets, &[&aim[..], &[("target", "14")]].concat());
        let women = [("target", "10"), ("slice", "sex:woman"), ("baseline", "4")];
        let women = put(&manager, &targets, &[&aim[..], &women].concat());
        manager.post(&targets, &[&aim[..], &[("target", "1"), ("slice", "month:2026-01")]].concat()).is(422);
        let dashboard = manager.get_json(&format!("/programmes/{programme}/impact")).is(200).json();
        let told = dashboard["themes"][0]["tiles"][0]["targets"].clone();
        let told: Vec<_> =
            told.as_array().unwrap().iter().map(|t| (t["of"].as_str(), t["percent"].as_i64())).collect();
        assert_eq!(told.len(), 2);
        assert!(
            told.contains(&(None, Some(50))) && told.contains(&(Some("Sexe : Femme"), Some(50))),
            "{told:?}"
        );
        manager
            .get(&format!("/programmes/{programme}/impact"))
            .says("départ : 4")
            .says(&format!("/targets/{women}/edit"));
        manager.get(&format!("/targets/{women}/edit")).is(200).says("value=\"sex:woman\" selected");
        // What is aimed at stays, and so does what a draft shows.
        manager.post(&format!("{page}/remove"), &[]).is(409).says("retirez d’abord la cible");
        for target in [whole, women] {
            manager.post(&format!("/targets/{target}/remove"), &[]).is(303);
        }
        // A report hides what would betray two men; with five more it tells of the women.
        members(house, &cooperatives[1], 5, Some(people::Sex::Man));
        let report = [("template", "empty"), ("title", "Rapport"), ("language", "fr")];
        let dates = [("since", &*ago(100)), ("until", &*ago(0))];
        let report =
            put(&manager, &format!("/programmes/{programme}/reports"), &[&report[..], &dates].concat());
        let section = put(&manager, &format!("/reports/{report}/sections"), &[("kind", "table")]);
        let fill = [("version", "1"), ("indicators", &*code), ("first_cut", "province")];
        manager.post(&format!("/report-sections/{section}"), &fill).is(303);
        let told = manager.get_json(&format!("/reports/{report}")).is(200).json();
        assert_eq!(told["report"]["parts"][0]["grid"]["total"], "7", "{told}");
        manager.post(&format!("{page}/remove"), &[]).is(409).says("retirez-le d’abord du rapport");
        manager.post(&format!("/report-sections/{section}/remove"), &[]).is(303);
        manager.post(&format!("{page}/remove"), &[]).is(303);
        manager.get(&format!("/indicators/{code}")).is(404);
    });
}

#[test]
fn a_target_of_a_phase_counts_its_days() {
    on_both(rooms, |house| {
        let Place { manager, programme, cooperatives, .. } = place(house);
        let phase = |name: &str, since: i64, until: i64| {
            let form = [("name.fr", name), ("since", &*ago(since)), ("until", &*ago(until))];
            put(&manager, &format!("/programmes/{programme}/phases"), &form)
        };
        let (first, second) = (phase("Première", 290, 100), phase("Seconde", 99, -90));
        for days in [150, 120, 20] {
            house.given(|tx| {
                let visit = coaching::Visit {
                    id: Id::new(),
                    version: 1,
                    organisation: cooperatives[0].parse::<Id>().map_err(kernel::Error::internal)?.into(),
                    held: kernel::today().saturating_sub(jiff::ToSpan::days(days)),
                    coach: Id::named("samira").into(),
                    programme: Some(programme.parse::<Id>().map_err(kernel::Error::internal)?.into()),
                    purpose: None,
                    status: coaching::VisitStatus::Done,
                    minutes: None,
                    met: None,
                    seen: None,
                    next_step: None,
                    next_visit: None,
                    photo: None,
                };
                kernel::record::insert(tx, &visit)
            });
        }
        for phase in [&first, &second] {
            let form =
                [("indicator", "visits-made"), ("target", "4"), ("due", "2030-01-01"), ("phase", phase)];
            put(&manager, &format!("/programmes/{programme}/targets"), &form);
        }
        let page = manager.get_json(&format!("/programmes/{programme}/impact")).is(200).json();
        let tiles =
            page["themes"].as_array().unwrap().iter().flat_map(|theme| theme["tiles"].as_array().unwrap());
        let visits = tiles.into_iter().find(|tile| tile["code"] == "visits-made").unwrap();
        let told: Vec<_> = visits["targets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|t| (t["of"].as_str(), t["percent"].as_i64()))
            .collect();
        assert!(
            told.contains(&(Some("Première"), Some(50))) && told.contains(&(Some("Seconde"), Some(25))),
            "{told:?}"
        );
    });
}
