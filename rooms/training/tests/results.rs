//! Tests, reactions, completion, figures and what each hand may do.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crate::common;

use common::{facts, ground, rooms};
use kernel::Id;
use kernel::testing::on_both;
use people::testing::sign_in;

#[test]
fn gains_are_measured_on_who_did_both_tests() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let youssef = ground.trainer(house);
        let listed = ground.list(house, 2);
        let path = ground.page("/tests");
        let name = |moment: &str, n: usize| format!("{moment}.{}", listed[n]);
        let [b0, b1, b2, a0, a1] =
            [name("before", 0), name("before", 1), name("before", 2), name("after", 0), name("after", 1)];
        youssef.post(&path, &[("out_of", "99"), (&b0, "4")]).is(409).says("de 1 à 60");
        youssef.post(&path, &[("out_of", "10"), (&b0, "11")]).is(409).says("Membre 0 Alpha");
        let form =
            [("out_of", "10"), ("mode", "oral"), (&b0, "4"), (&b1, "10"), (&b2, "3"), (&a0, "7"), (&a1, "9")];
        youssef.post(&path, &form).is(303);
        youssef.post(&path, &form).is(303);
        assert_eq!(facts(house, "training.test_score.created"), 5);
        assert_eq!(facts(house, "training.test_score.changed"), 0);
        let learning = youssef.get_json(&ground.page("/results")).json()["learning"].clone();
        assert_eq!((learning["pairs"].as_i64(), learning["measured"].as_i64()), (Some(2), Some(1)));
        assert_eq!(
            (learning["gain"].as_str(), learning["normalised"].as_str()),
            (Some("+10,0"), Some("0,50"))
        );
        assert_eq!(learning["full_before"], 1);
        youssef.post(&path, &[("out_of", "10"), (&a0, "8")]).is(303);
        assert_eq!(facts(house, "training.test_score.changed"), 1, "a correction keeps what stood before");
    });
}

#[test]
fn a_test_is_marked_question_by_question_and_decides_with_the_hours() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let (youssef, nadia) =
            (ground.trainer(house), sign_in(house, "nadia", &[("administrator", "platform")]));
        let questions: Vec<String> = (0..3).map(|_| Id::new().to_string()).collect();
        let path = format!("/training/modules/{}/test-questions", ground.module);
        for id in &questions {
            let mut form = vec![
                ("id", id.as_str()),
                ("wording.fr", "Que note-t-on ?"),
                ("choice_a.fr", "Tout"),
                ("choice_b.fr", "Rien"),
                ("correct", "c"),
            ];
            nadia.post(&path, &form).is(422).says("Cette réponse n’est pas écrite");
            form[4] = ("correct", "a");
            nadia.post(&path, &form).is(303);
        }
        youssef.get(&format!("/training/modules/{}", ground.module)).is(200).says("Que note-t-on");
        let stranger = sign_in(house, "stranger", &[]);
        stranger.get(&format!("/training/modules/{}", ground.module)).is(200).never_says("Que note-t-on");
        let listed = ground.list(house, 1);
        let [morning, afternoon] = ground.half_days;
        ground.call(&youssef, morning, &listed, &listed).is(303);
        ground.call(&youssef, afternoon, &listed, &listed[..1]).is(303);
        let answer = |n: usize, right: usize| {
            let names: Vec<String> = questions.iter().map(|id| format!("q.{id}")).collect();
            let mut form = vec![("moment", "after"), ("mode", "oral")];
            form.extend(
                names.iter().enumerate().map(|(i, q)| (q.as_str(), if i < right { "a" } else { "b" })),
            );
            youssef.post(&ground.page(&format!("/tests/{}", listed[n])), &form).is(303);
        };
        answer(0, 1);
        answer(1, 3);
        let completed = || house.look(|db| training::completions(db, ground.session));
        assert!(
            completed().iter().all(|line| !line.complete),
            "there without passing, passing without being there"
        );
        answer(0, 2);
        let lines = completed();
        let first = lines.iter().find(|line| line.participant == listed[0]).unwrap();
        assert_eq!(
            (first.present, first.minutes, first.score, first.complete),
            (360, 360, Some((2, 3)), true)
        );
        assert_eq!(lines.iter().filter(|line| line.complete).count(), 1);
        youssef.get(&ground.page(&format!("/tests/{}?moment=after", listed[0]))).is(200).says("checked");
    });
}

#[test]
fn reactions_have_no_name_and_their_rate_counts_who_was_there() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let youssef = ground.trainer(house);
        let listed = ground.list(house, 2);
        ground.call(&youssef, ground.half_days[0], &listed, &listed).is(303);
        let path = ground.page("/reactions");
        youssef.get(&path).is(200);
        youssef.post(&path, &[("remark", "Bien")]).is(409).says("au moins un visage");
        youssef.post(&path, &[("useful", "6")]).is(422);
        let id = Id::new().to_string();
        let form = [("id", id.as_str()), ("useful", "5"), ("clear", "3"), ("remark", "Plus de pratique")];
        youssef.post(&path, &form).is(303);
        youssef.post(&path, &form).is(303);
        youssef.post(&path, &[("useful", "4")]).is(303);
        let seen = youssef.get_json(&ground.page("/results")).json();
        assert_eq!((seen["reactions"].as_i64(), seen["response"].as_i64()), (Some(2), Some(50)));
        assert_eq!(seen["faces"][0]["mean"], "4,5");
        assert_eq!(seen["faces"][1]["count"], 1);
        assert!(seen["faces"][2]["mean"].is_null(), "no mean of nobody");
        let partner = ground.partner(house);
        partner.get(&ground.page("/results")).is(200).never_says("Plus de pratique");
    });
}

#[test]
fn persons_and_participations_are_two_counts_and_every_cut_adds_up() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let youssef = ground.trainer(house);
        let listed = ground.list(house, 5);
        let [morning, afternoon] = ground.half_days;
        ground.call(&youssef, morning, &listed, &listed[..8]).is(303);
        ground.call(&youssef, afternoon, &listed, &listed[..4]).is(303);
        let figures = youssef.get_json(&ground.page("/results")).json()["figures"].clone();
        assert_eq!((figures["persons"].as_i64(), figures["participations"].as_i64()), (Some(8), Some(12)));
        assert_eq!(figures["minutes"], 12 * 180);
        for cut in figures["cuts"].as_array().unwrap() {
            for (sum, of) in [("persons", 8), ("participations", 12), ("minutes", 12 * 180)] {
                let total: i64 =
                    cut["buckets"].as_array().unwrap().iter().map(|b| b[sum].as_i64().unwrap()).sum();
                assert_eq!(total, of, "{} by {}", sum, cut["by"]);
            }
            let by = cut["by"].as_str().unwrap();
            for bucket in cut["buckets"].as_array().unwrap() {
                let path = format!(
                    "/programmes/{}/training/people?session={}&{by}={}",
                    ground.programme,
                    ground.session,
                    bucket["code"].as_str().unwrap()
                );
                let people = youssef.get_json(&path).is(200).json()["people"].as_array().unwrap().len();
                assert_eq!(Some(people as i64), bucket["persons"].as_i64(), "the list behind {path}");
            }
        }
        let sexes = &figures["cuts"][0]["buckets"];
        let none = sexes.as_array().unwrap().iter().find(|bucket| bucket["code"] == "none").unwrap();
        assert_eq!(none["persons"], 2, "who did not say has a place of her own");
        let export = format!("/programmes/{}/training/export/csv", ground.programme);
        assert_eq!(youssef.get(&export).is(200).text().lines().count(), 9);
        ground.partner(house).get_json(&export).is(403);
        let page = format!("/programmes/{}/training", ground.programme);
        let early = youssef.get_json(&format!("{page}?to=2020-01-01")).json();
        assert_eq!(early["figures"]["persons"], 0);
        youssef.get(&page).is(200).says("Qui a été formé");
    });
}

#[test]
fn each_hand_does_what_it_may() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let listed = ground.list(house, 1);
        let pages = [
            ("", 1),
            ("/results", 1),
            ("/people", 2),
            ("/roll-call", 2),
            ("/cards", 2),
            ("/tests", 2),
            ("/reactions", 2),
            ("/invitations", 3),
            ("/half-days/new", 4),
            ("/trainers/new", 4),
        ];
        let elsewhere = sign_in(house, "elsewhere", &[("trainer", &format!("programme:{}", Id::new()))]);
        let people = [
            (ground.partner(house), 1),
            (ground.trainer(house), 2),
            (ground.coach(house), 3),
            (ground.manager(house), 4),
        ];
        for (part, least) in pages {
            let path = ground.page(part);
            for (visitor, hand) in &people {
                visitor.get(&path).is(if *hand >= least { 200 } else { 403 });
            }
            elsewhere.get_json(&path).is(404);
            house.visitor().get(&path).leads_to("/sign-in");
        }
        for (visitor, hand) in &people {
            let text = visitor.get(&ground.page("/results")).text() + &visitor.get(&ground.page("")).text();
            assert!(!text.contains("Membre 0") || *hand >= 2, "a sponsor reads no name");
        }
        ground.call(&people[0].0, ground.half_days[0], &listed, &listed).is(403);
        ground.call(&elsewhere, ground.half_days[0], &listed, &listed).is(404);
        elsewhere.get_json("/training").is(200).never_says("Salle");
        people[1].0.get("/training").is(200).says("Tenir la caisse");
        let file = format!("/organisations/{}", ground.cooperatives[0]);
        people[2].0.get(&file).is(200).says("Ce qui lui manque encore").says("Sujet try/1");
        people[0].0.get(&file).is(200).never_says("Sujet try/1");
        // The cooperative's own people read where they were, whoever organised it.
        let half = ground.half_days[0];
        ground.call(&people[1].0, half, &listed, &listed).is(303);
        let fatima = sign_in(
            house,
            "fatima",
            &[("representative", &format!("organisation:{}", ground.cooperatives[0]))],
        );
        let read = fatima.get(&file).is(200).says("Quelles formations").says("Tenir la caisse").text();
        assert!(
            !read.contains(&format!("/training/sessions/{}", ground.session)),
            "no link to what she may not open"
        );
        fatima.get_json(&ground.page("")).is(404);
        people[0].0.get(&format!("/programmes/{}", ground.programme)).is(200).says("Formations");
    });
}

#[test]
fn who_comes_to_two_sessions_of_a_module_is_one_person_and_one_cooperative() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let (youssef, hanane) = (ground.trainer(house), ground.coach(house));
        let listed = ground.list(house, 2);
        ground.call(&youssef, ground.half_days[0], &listed, &listed).is(303);
        // The same four come again to another session of the module.
        let (programme, module) = (ground.programme.to_string(), ground.module.to_string());
        let fields = |form: &[(&str, &str)]| {
            kernel::Fields(form.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect())
        };
        let (again, half) = (Id::named("session again"), Id::named("morning again"));
        let (session, day) = (again.to_string(), common::days_ago(1).to_string());
        let steward = kernel::Standing::Steward;
        house.given(|tx| {
            let form =
                [("programme", &*programme), ("module", &module), ("capacity", "30"), ("status", "held")];
            kernel::record::create::<training::Session>(tx, again, &fields(&form), steward)?;
            let form = [
                ("programme", &*programme),
                ("session", &session),
                ("day", &day),
                ("part", "morning"),
                ("minutes", "180"),
            ];
            kernel::record::create::<training::HalfDay>(tx, half, &fields(&form), steward)
        });
        let people: Vec<(Id, String, String)> = (0..4)
            .map(|n| (n / 2, n % 2))
            .map(|(coop, n)| {
                let person = ground.members[coop][n];
                (
                    Id::named(&format!("again {person}")),
                    person.to_string(),
                    ground.cooperatives[coop].to_string(),
                )
            })
            .collect();
        for (id, person, organisation) in &people {
            let form = [
                ("programme", &*programme),
                ("session", &session),
                ("person", person),
                ("organisation", organisation),
                ("role", "member"),
            ];
            house.given(|tx| {
                kernel::record::create::<training::Participant>(tx, *id, &fields(&form), steward)
            });
        }
        let half = half.to_string();
        let ids: Vec<String> = people.iter().map(|(id, ..)| id.to_string()).collect();
        let call: Vec<(&str, &str)> = [("half_day", half.as_str())]
            .into_iter()
            .chain(ids.iter().flat_map(|id| [("listed", id.as_str()), ("present", id.as_str())]))
            .collect();
        youssef.post(&format!("/training/sessions/{again}/roll-call"), &call).is(303);
        let figures =
            hanane.get_json(&format!("/programmes/{programme}/training")).is(200).json()["figures"].clone();
        assert_eq!((figures["persons"].as_i64(), figures["participations"].as_i64()), (Some(4), Some(8)));
        for cut in figures["cuts"].as_array().unwrap() {
            let persons = cut["buckets"].as_array().unwrap().iter().map(|b| b["persons"].as_i64().unwrap());
            assert_eq!(persons.sum::<i64>(), 4, "{cut}");
        }
        for session in [ground.page("/results"), format!("/training/sessions/{again}/results")] {
            let behaviour = hanane.get_json(&session).is(200).json()["behaviour"].clone();
            let of = |group: &str| {
                let group = &behaviour[group];
                group["changes"].as_array().unwrap().len() as i64 + group["unknown"].as_i64().unwrap()
            };
            assert_eq!((of("trained"), of("others")), (2, 2), "each cooperative counts once: {behaviour}");
        }
    });
}
