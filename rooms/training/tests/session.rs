//! From a module to the figures of its session: planning, invitations by need, roll-call, tests, reactions.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crate::common;

use common::{ground, rooms};
use kernel::Id;
use kernel::testing::on_both;
use programmes::finding;

#[test]
fn a_manager_writes_a_module_and_plans_a_session_with_its_half_days() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let samira = ground.manager(house);
        let id = Id::new().to_string();
        let mut form = vec![("id", id.as_str()), ("code", "gv1"), ("title.fr", "Assemblée"), ("hours", "0")];
        samira.post("/training/modules", &form).is(422).says("de 1 à 1000 heures");
        form[3] = ("hours", "12");
        form.push(("subjects", "nowhere/1"));
        samira.post("/training/modules", &form).is(422).says("n’existe dans aucun diagnostic");
        form[4] = ("subjects", "try/2");
        samira.post("/training/modules", &form).is(303).leads_to("/training/modules/");
        samira.get(&format!("/training/modules/{id}")).is(200).says("Sujet try/2").says("Brouillon");
        let hanane = ground.coach(house);
        hanane.get_json(&format!("/training/modules/{id}")).is(404);
        let session = Id::new().to_string();
        let plan = format!("/programmes/{}/sessions", ground.programme);
        samira.get(&format!("{plan}/new")).is(200).says("Premier jour");
        let mut form = vec![
            ("id", session.as_str()),
            ("module", id.as_str()),
            ("capacity", "20"),
            ("first_day", "2026-01-32"),
            ("days", "2"),
            ("parts", "morning"),
            ("parts", "afternoon"),
        ];
        samira.post(&plan, &form).is(422);
        form[3] = ("first_day", "2026-02-03");
        samira.post(&plan, &form).is(303);
        samira.post(&plan, &form).is(303);
        let page = samira.get_json(&format!("/training/sessions/{session}")).json();
        assert_eq!(page["days"].as_array().unwrap().len(), 4, "two days with two halves, once");
        // A module that a programme teaches is known to its team, published or not.
        hanane.get(&format!("/training/modules/{id}")).is(200);
        hanane.post(&plan, &form).is(403);
        let half = page["days"][0]["id"].as_str().unwrap().to_owned();
        let twice = [("day", "2026-02-03"), ("part", "morning"), ("minutes", "120")];
        samira.post(&format!("/training/sessions/{session}/half-days"), &twice).is(422).says("déjà prévue");
        samira
            .post(&format!("/half-days/{half}"), &[("version", "1"), ("minutes", "5")])
            .is(422)
            .says("de 15 à 480 minutes");
        samira.post(&format!("/sessions/{session}/remove"), &[]).is(409).says("annulez-la");
    });
}

#[test]
fn two_managers_who_change_the_same_field_are_told() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let samira = ground.manager(house);
        let path = format!("/sessions/{}", ground.session);
        samira.post(&path, &[("version", "1"), ("venue", "Salle A")]).is(303);
        samira.post(&path, &[("version", "1"), ("capacity", "25")]).is(303);
        samira.post(&path, &[("version", "1"), ("venue", "Salle B")]).is(422).says("Salle A");
    });
}

#[test]
fn who_lacks_the_most_is_invited_first_and_beyond_the_capacity_one_waits() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let hanane = ground.coach(house);
        let [alpha, beta, _, delta] = ground.cooperatives;
        let path = ground.page("/invitations");
        let seen = hanane.get_json(&path).is(200).json();
        let lacking: Vec<_> =
            seen["needs"]["lacking"].as_array().unwrap().iter().map(|c| c["organisation"].clone()).collect();
        assert_eq!(lacking, [alpha.to_string(), beta.to_string()], "the largest gap first");
        assert_eq!(seen["needs"]["unknown"][0]["organisation"], delta.to_string());
        assert_eq!(seen["needs"]["fine"], 1);
        let invite = |places: &str, who: &[Id]| {
            let ids: Vec<String> = who.iter().map(Id::to_string).collect();
            let mut form = vec![("places", places)];
            form.extend(ids.iter().map(|id| ("organisation", id.as_str())));
            hanane.post(&path, &form).status
        };
        assert_eq!(invite("20", &[]), 409, "nobody chosen");
        assert_eq!(invite("0", &[alpha]), 409, "no place");
        assert_eq!(invite("20", &[Id::new()]), 404, "not a cooperative of anybody");
        assert_eq!(invite("31", &[alpha]), 409, "more than the session has");
        assert_eq!(invite("20", &[alpha, beta]), 303);
        assert_eq!(invite("20", &[alpha]), 303, "inviting again changes nothing");
        assert_eq!(invite("10", &[delta]), 303, "nobody overtakes who waits");
        let seen = hanane.get_json(&path).json();
        let lines = seen["invitations"].as_array().unwrap();
        let states: Vec<_> = lines.iter().map(|line| line["status"].as_str().unwrap()).collect();
        assert_eq!((states, seen["held"].as_i64()), (vec!["invited", "waiting", "waiting"], Some(20)));
        let path_of = |n: usize| format!("/training-invitations/{}", lines[n]["id"].as_str().unwrap());
        let answer = |n: usize, version: &str, status: &str| {
            hanane.post(&path_of(n), &[("version", version), ("status", status)]).status
        };
        assert_eq!(answer(1, "1", "confirmed"), 409, "capacity exceeded");
        assert_eq!(answer(0, "1", "confirmed"), 303);
        assert_eq!(answer(0, "1", "declined"), 409, "a stale version");
        assert_eq!(answer(0, "2", "declined"), 303);
        assert_eq!(answer(2, "1", "invited"), 409, "the first who waits comes first");
        let seen = hanane.get_json(&path).json();
        assert_eq!(seen["next"], lines[1]["id"]);
        assert_eq!(answer(0, "3", "invited"), 409, "whoever declined comes back behind those who wait");
        assert_eq!(answer(1, "1", "invited"), 303);
        // Whoever was trained needs it no more.
        let listed = ground.list(house, 2);
        ground.call(&hanane, ground.half_days[0], &listed, &listed[..1]).is(303);
        let seen = hanane.get_json(&path).json();
        assert_eq!(seen["needs"]["trained"], 1);
        assert_eq!(house.look(|db| training::trained(db, ground.module)), [alpha]);
    });
}

#[test]
fn members_of_invited_cooperatives_are_put_on_the_list_with_their_office() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let (hanane, youssef) = (ground.coach(house), ground.trainer(house));
        let alpha = ground.cooperatives[0].to_string();
        hanane.post(&ground.page("/invitations"), &[("places", "3"), ("organisation", &alpha)]).is(303);
        let path = ground.page("/people");
        let expected = youssef.get_json(&path).is(200).json()["expected"].clone();
        assert_eq!(expected.as_array().unwrap().len(), 1);
        assert_eq!(expected[0]["members"].as_array().unwrap().len(), 5);
        let (first, foreign) = (ground.members[0][0].to_string(), ground.members[2][0].to_string());
        youssef.post(&path, &[("person", &foreign)]).is(409);
        youssef.post(&path, &[("person", &first)]).is(303);
        youssef.post(&path, &[("person", &first)]).is(303);
        let listed = youssef.get_json(&path).json()["participants"].clone();
        assert_eq!(listed.as_array().unwrap().len(), 1, "twice is once");
        assert_eq!(listed[0]["role"], "president");
        let id = listed[0]["id"].as_str().unwrap().to_owned();
        youssef.get(&ground.page("/cards")).is(200).says("<svg");
        youssef.post(&format!("{path}/{id}/remove"), &[]).is(303);
        assert!(youssef.get_json(&path).json()["participants"].as_array().unwrap().is_empty());
    });
}

#[test]
fn what_moved_three_to_six_months_later_is_counted_beside_who_was_not_trained() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let hanane = ground.coach(house);
        let listed = ground.list(house, 1);
        ground.call(&hanane, ground.half_days[0], &listed, &listed[..1]).is(303);
        // The session was long ago.
        let day = common::days_ago(120);
        house.given(|tx| {
            let update =
                kernel::sql("update half_day set day = ?").bind(day).open("the test turns the clock");
            tx.run(&update)?;
            for n in 0..3 {
                let old = [("try/1".to_owned(), 1), ("try/2".to_owned(), 1)];
                let source = Id::named(&format!("before {n}"));
                finding::state(tx, source, ground.cooperatives[n], common::days_ago(150), &old)?;
                let new = [("try/1".to_owned(), if n == 0 { 3 } else { 1 })];
                let source = Id::named(&format!("after {n}"));
                finding::state(tx, source, ground.cooperatives[n], common::days_ago(10), &new)?;
            }
            Ok(())
        });
        let behaviour = hanane.get_json(&ground.page("/results")).is(200).json()["behaviour"].clone();
        assert_eq!(
            (behaviour["trained"]["rose"].as_i64(), behaviour["trained"]["same"].as_i64()),
            (Some(1), Some(0))
        );
        assert_eq!(behaviour["trained"]["changes"][0]["after"], 3);
        assert_eq!(
            (behaviour["others"]["same"].as_i64(), behaviour["others"]["unknown"].as_i64()),
            (Some(2), Some(1))
        );
        // A trainer and a partner do not read the files of cooperatives.
        let youssef = ground.trainer(house);
        assert!(youssef.get_json(&ground.page("/results")).json()["behaviour"].is_null());
    });
}
