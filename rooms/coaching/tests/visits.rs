//! Visits from the calendar to the report.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::house;

use house::{coach, given, rooms};
use jiff::ToSpan;
use kernel::testing::on_both;
use kernel::{Id, sql};
use people::testing::{account, sign_in};

fn day(ahead: i64) -> String {
    kernel::today().saturating_add(ahead.days()).to_string()
}

#[test]
fn a_visit_is_planned_reported_and_followed_by_the_next() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = coach(house, &given, "amina");
        let organisation = given.organisation;
        amina.get("/visits").is(200);
        let (id, programme) = (Id::new().to_string(), given.programme.to_string());
        let form = [
            ("id", id.as_str()),
            ("held", &day(-2)),
            ("programme", &programme),
            ("purpose", "Cahier de caisse"),
        ];
        amina.post(&format!("/organisations/{organisation}/visits"), &form).is(303);
        amina.get(&format!("/organisations/{organisation}")).is(200).says("À raconter");
        // An action of the plan moves with the report.
        let action = Id::new().to_string();
        let form = [("id", action.as_str()), ("title.fr", "Ouvrir un cahier"), ("status", "agreed")];
        amina.post(&format!("/organisations/{organisation}/actions"), &form).is(303);
        let path = format!("/visits/{id}/report");
        let moved = format!("action.{action}");
        let told = |held: &str, minutes: &str, next: &str, version: &str| {
            let form = [
                ("held", held),
                ("minutes", minutes),
                ("met", "Trésorière"),
                ("seen", "Cahier ouvert"),
                ("next_step", "Premier rapprochement"),
                ("next_visit", next),
                (moved.as_str(), "done"),
                ("version", version),
            ];
            amina.post(&path, &form)
        };
        told(&day(3), "90", &day(30), "1").is(422).says("la date est dans le futur");
        told(&day(-2), "5000", &day(30), "1").is(422).says("Entre 1 et 1440");
        told(&day(-2), "90", &day(-10), "1").is(422).says("vient après celle-ci");
        told(&day(-2), "90", &day(30), "1").is(303);
        told(&day(-2), "90", &day(30), "2").is(303);
        let planned = house.look(|db| {
            let count = sql(
                "select count(*) from visit where status = 'planned' and purpose = 'Premier rapprochement'",
            );
            db.one::<i64>(&count.open("test"))
        });
        assert_eq!(planned, 1, "the next visit is planned once");
        amina
            .get(&format!("/visits/{id}"))
            .is(200)
            .says("Cahier ouvert")
            .never_says("Où en sont les actions");
        let page = amina.get_json(&format!("/programmes/{programme}/visits")).is(200).json();
        assert_eq!((&page["visits"], &page["hours"][0]["minutes"]), (&1.into(), &90.into()));
        amina.post(&format!("/visits/{id}/cancellation"), &[]).is(409);
        // A further photo; what is no picture is refused.
        amina
            .upload(&format!("/visits/{id}/photos"), &[("caption", "Le cahier")], "file", "x.txt", b"texte")
            .is(422);
        amina
            .upload(
                &format!("/visits/{id}/photos"),
                &[("caption", "Le cahier")],
                "file",
                "p.jpg",
                b"\xff\xd8\xff\xe0",
            )
            .is(303);
        amina.get(&format!("/visits/{id}")).is(200).says("Le cahier");
    });
}

#[test]
fn who_waits_too_long_is_said_and_distances_help() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = coach(house, &given, "amina");
        let (amina_id, programme) = (account(house, "amina", &[]), given.programme.to_string());
        let manager = sign_in(house, "samira", &[("manager", &format!("programme:{programme}"))]);
        let form = [
            ("organisation", &*given.organisation.to_string()),
            ("account", &amina_id.to_string()),
            ("since", "2026-02-03"),
        ];
        manager.post(&format!("/programmes/{programme}/assignments"), &form).is(303);
        let page = amina.get_json("/visits?from=08.587.01.13&month=2026-11").is(200).json();
        assert_eq!((&page["waiting"], &page["followed"][0]["never"]), (&1.into(), &true.into()));
        assert!(page["followed"][0]["kilometres"].as_i64().unwrap() > 10, "{page}");
        amina.get("/visits?from=nulle%20part").is(200).says("Aucun lieu ne s’appelle");
        amina.get("/visits?month=13-99").is(200);
        // Market days: the one told last holds.
        for day in ["monday", "sunday"] {
            amina.post("/visits/souks", &[("place", "08.587.11.07"), ("day", day)]).is(303);
        }
        amina.get("/visits").is(200).says("dimanche").never_says("lundi</span>");
        amina.post("/visits/souks", &[("place", "nulle part"), ("day", "monday")]).is(409);
        amina.post("/visits/souks", &[]).is(422);
        // A visit planned ends the wait.
        amina.post(&format!("/organisations/{}/visits", given.organisation), &[("held", &day(5))]).is(303);
        assert_eq!(amina.get_json("/visits").json()["waiting"], 0);
    });
}

#[test]
fn visits_are_for_those_who_work_on_the_file() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = coach(house, &given, "amina");
        let id = Id::new().to_string();
        amina
            .post(&format!("/organisations/{}/visits", given.organisation), &[("id", &id), ("held", &day(1))])
            .is(303);
        let stranger = sign_in(house, "stranger", &[]);
        let partner = sign_in(house, "partner", &[("partner", &format!("programme:{}", given.programme))]);
        let elsewhere =
            sign_in(house, "elsewhere", &[("coach", &format!("programme:{}", Id::named("other")))]);
        for visitor in [&stranger, &partner, &elsewhere] {
            for answered in [
                visitor.get(&format!("/visits/{id}")),
                visitor.post(&format!("/visits/{id}/report"), &[("held", "2026-01-01")]),
                visitor.post(&format!("/visits/{id}/cancellation"), &[]),
                visitor.get(&format!("/programmes/{}/visits", given.programme)),
            ] {
                assert!([403, 404].contains(&answered.status), "{}", answered.status);
            }
        }
        assert_eq!(elsewhere.get_json("/visits?whose=all").is(200).json()["planned"], 0);
        // Nobody sends somebody who is in no team.
        let other = account(house, "elsewhere", &[]).to_string();
        let form = [("held", &*day(1)), ("coach", &other)];
        amina.post(&format!("/organisations/{}/visits", given.organisation), &form).is(422);
    });
}
