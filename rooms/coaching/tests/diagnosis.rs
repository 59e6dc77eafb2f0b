//! A diagnosis from the first question to the plan.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::house;

use house::{SHORT, answer, begin, coach, given, item, rooms};
use kernel::testing::on_both;
use kernel::{Id, sql};
use people::testing::sign_in;

#[test]
fn a_coach_diagnoses_a_cooperative_and_agrees_on_a_plan() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = coach(house, &given, "amina");
        let organisation = given.organisation;
        amina
            .get(&format!("/organisations/{organisation}"))
            .is(200)
            .says("Le premier diagnostic montrera ici");
        amina.get(&format!("/organisations/{organisation}/assessments/new")).is(200).says("Boussole 1");
        let id = begin(&amina, organisation, &[]);
        // A question a screen, one after the other.
        let first = format!("/assessments/{id}/questions/{}", item("A1"));
        amina.get(&first).is(200).says("Question 1 sur 16");
        answer(&amina, &id, "A1", "3", "seen")
            .is(303)
            .leads_to(&format!("/assessments/{id}/questions/{}", item("A5")));
        // Too early to print or to conclude: nothing is lost.
        let sheet = format!("/assessments/{id}/sheet?in=ar");
        amina.get(&sheet).is(409).says("une fois le diagnostic conclu");
        amina.post(&format!("/assessments/{id}/conclusion"), &[]).is(409).says("il en reste 15");
        for code in &SHORT[1..] {
            let level = if *code == "E1" { "1" } else { "2" };
            answer(&amina, &id, code, level, "seen").is(303);
        }
        amina.post(&format!("/assessments/{id}/conclusion"), &[]).is(303);
        amina.post(&format!("/assessments/{id}/conclusion"), &[]).is(303);
        let result = amina.get_json(&format!("/assessments/{id}")).is(200).json();
        // A: (2·3 + 2) / 12 = 667; E: (2·1 + 2·2 + 2) / 20 = 400; the eight others 500: mean 506.7.
        assert_eq!(result["report"]["outcome"]["verified"]["overall"], 507);
        assert_eq!(result["report"]["outcome"]["stage"], "emerging", "the cash book holds it down");
        assert_eq!(result["report"]["gates"].as_array().unwrap().len(), 5);
        amina
            .get(&format!("/assessments/{id}"))
            .is(200)
            .says("Ce qui retient le stade")
            .says("<svg viewBox=\"0 0 360 360\"");
        amina.get(&format!("/organisations/{organisation}")).is(200).says("50,7");
        // What was found is known to the rooms above, as it was answered.
        let findings = house.look(|db| programmes::finding::latest(db, organisation));
        assert_eq!(findings.len(), 16);
        assert!(findings.iter().any(|found| found.subject == "boussole-1/E1" && found.level == 1));
        // The most urgent first: a gate at level 1 with an easy remedy.
        let plan = amina.get_json(&format!("/assessments/{id}/plan?all=yes")).is(200).json();
        let proposals = plan["proposals"].as_array().unwrap();
        let priorities: Vec<i64> = proposals.iter().map(|p| p["priority"].as_i64().unwrap()).collect();
        assert!(priorities.is_sorted_by(|a, b| a >= b), "{priorities:?}");
        let chosen = proposals[0]["remedy"].as_str().unwrap();
        let path = format!("/assessments/{id}/plan");
        amina.post(&path, &[]).is(422).says("Choisissez au moins une action");
        let form = [("remedy", chosen), ("owner", "Trésorière"), ("due", "2026-01-31")];
        amina.post(&path, &form).is(303);
        amina.post(&path, &form).is(303);
        let actions = house.look(|db| db.one::<i64>(&sql("select count(*) from plan_action").open("test")));
        assert_eq!(actions, 1, "to choose twice is to choose");
        amina
            .get(&format!("/organisations/{organisation}"))
            .is(200)
            .says("0 actions faites sur 1")
            .says("1 action en retard");
        // The sheet speaks the language of the cooperative, whatever that of the coach.
        amina.get(&sheet).is(200).says("ar {").says("50,7").says("Trésorière").says("ما يعيق المرحلة");
    });
}

#[test]
fn an_answer_is_checked_and_never_lost() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = coach(house, &given, "amina");
        let id = begin(&amina, given.organisation, &[]);
        let path = format!("/assessments/{id}/questions/{}", item("A1"));
        amina.post(&path, &[]).is(422).says("Il faut répondre ici");
        amina.post(&path, &[("level", "9"), ("evidence", "seen")]).is(422).says("de 0 à 4");
        amina.post(&path, &[("level", "na"), ("evidence", "seen")]).is(422);
        amina.post(&path, &[("level", "3"), ("evidence", "attached")]).is(422).says("Joignez la photo");
        amina.upload(&path, &[("level", "3"), ("evidence", "seen")], "file", "x.exe", b"MZ").is(422);
        amina
            .upload(&path, &[("level", "3"), ("evidence", "seen")], "file", "p.pdf", b"%PDF-1.7 statuts")
            .is(303);
        let page = amina.get_json(&path).is(200).json();
        assert_eq!(page["evidence"][2]["chosen"], true, "what is attached counts as evidence");
        // The same answer again changes nothing; another one from an old page is refused, showing what stands.
        let answered = |version: &str, level: &str| {
            amina.post(&path, &[("level", level), ("evidence", "attached"), ("version", version)])
        };
        answered("0", "3").is(303);
        answered("0", "1").is(422).says("Il y a maintenant : « 3 »");
        answered("1", "1").is(303);
        let facts = house.look(|db| {
            db.one::<i64>(
                &sql("select count(*) from fact where kind = 'coaching.answer.changed'").open("test"),
            )
        });
        assert_eq!(facts, 1);
        // Only where the instrument allows it, an item does not apply.
        amina.get(&format!("/assessments/{id}/questions/{}", item("F4"))).is(200).says("value=\"na\"");
        answer(&amina, &id, "F4", "na", "said").is(303);
        // An item that is not asked in the short form has no page.
        amina.get(&format!("/assessments/{id}/questions/{}", item("A2"))).is(404);
    });
}

#[test]
fn the_records_propose_and_the_coach_contests_with_a_reason() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = coach(house, &given, "amina");
        let organisation = given.organisation;
        let year = kernel::today().year() - 1;
        let (first, second) = (format!("{year}-03-10"), format!("{}-04-01", year - 1));
        for issued in [&first, &second] {
            amina
                .post(
                    &format!("/organisations/{organisation}/documents"),
                    &[("kind", "minutes"), ("issued", issued)],
                )
                .is(303);
        }
        for (n, active) in
            [("Aïcha", "yes"), ("Fadma", "yes"), ("Hada", "yes"), ("Itto", "yes"), ("Zahra", "no")]
        {
            let form = [("name.fr", n), ("sex", "woman"), ("active", active)];
            amina.post(&format!("/organisations/{organisation}/members"), &form).is(303);
        }
        let id = begin(&amina, organisation, &[]);
        let page = amina.get_json(&format!("/assessments/{id}/questions/{}", item("C2"))).is(200).json();
        assert_eq!(page["proposal"]["level"], 4, "four active members of five");
        assert_eq!(page["levels"][4]["chosen"], true);
        let path = format!("/assessments/{id}/questions/{}", item("B1"));
        let page = amina.get_json(&path).is(200).json();
        assert!(page["proposal"]["records"].as_array().unwrap().len() == 2, "{page}");
        let proposed = page["proposal"]["level"].as_i64().unwrap();
        let other = if proposed == 1 { "3" } else { "1" };
        amina
            .post(&path, &[("level", other), ("evidence", "seen")])
            .is(422)
            .says("dites pourquoi dans la remarque");
        amina.post(&path, &[("level", other), ("evidence", "seen"), ("note", "faux procès-verbal")]).is(303);
        amina.get(&format!("/assessments/{id}")).is(200).says("autrement que les registres");
    });
}

#[test]
fn a_second_assessor_looks_apart_and_the_two_are_compared() {
    on_both(rooms, |house| {
        let given = given(house);
        let (amina, driss) = (coach(house, &given, "amina"), coach(house, &given, "driss"));
        let organisation = given.organisation;
        let first = begin(&amina, organisation, &[]);
        SHORT.iter().for_each(|code| drop(answer(&amina, &first, code, "3", "seen").is(303)));
        let again = format!("/organisations/{organisation}/assessments");
        let boussole = coaching::boussole().to_string();
        let today = kernel::today().to_string();
        let form = [
            ("instrument", boussole.as_str()),
            ("extent", "short"),
            ("held", &today),
            ("repeats", first.as_str()),
        ];
        driss.post(&again, &form).is(422);
        amina.post(&format!("/assessments/{first}/conclusion"), &[]).is(303);
        amina.post(&again, &form).is(409).says("une autre personne");
        let second = begin(&driss, organisation, &[("repeats", &first)]);
        amina.get(&format!("/assessments/{second}")).is(403);
        for (i, code) in SHORT.iter().enumerate() {
            answer(&driss, &second, code, if i < 4 { "2" } else { "3" }, "seen").is(303);
        }
        driss.post(&format!("/assessments/{second}/conclusion"), &[]).is(303);
        let result = amina.get_json(&format!("/assessments/{first}")).is(200).json();
        let agreement = &result["report"]["second"]["agreement"];
        assert_eq!(
            (&agreement["exact"], &agreement["within_one"], &agreement["pairs"]),
            (&12.into(), &16.into(), &16.into())
        );
        // The second look is compared, never counted as a round.
        let latest = house.look(|db| programmes::finding::latest(db, organisation));
        assert!(latest.iter().all(|found| found.level == 3));
        let cohort = amina.get_json(&format!("/programmes/{}/diagnosis", given.programme)).is(200).json();
        assert_eq!((&cohort["repeated"], cohort["rows"].as_array().unwrap().len()), (&1.into(), 1));
    });
}

#[test]
fn nobody_else_reads_or_answers() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = coach(house, &given, "amina");
        let id = begin(&amina, given.organisation, &[]);
        answer(&amina, &id, "A1", "3", "seen").is(303);
        let partner = sign_in(house, "partner", &[("partner", &format!("programme:{}", given.programme))]);
        let stranger = sign_in(house, "stranger", &[]);
        for path in [
            format!("/assessments/{id}"),
            format!("/assessments/{id}/questions/{}", item("A1")),
            format!("/assessments/{id}/plan"),
            format!("/assessments/{id}/sheet"),
        ] {
            house.visitor().get(&path).is(303).leads_to("/sign-in");
            stranger.get(&path).is(404);
            partner.get(&path).is(403);
        }
        partner.get(&format!("/programmes/{}/diagnosis", given.programme)).is(403);
        for visitor in [&stranger, &partner] {
            for what in ["conclusion", "reopening", "removal", "plan"] {
                let answered = visitor
                    .post(&format!("/assessments/{id}/{what}"), &[("reason", "intrusion"), ("remedy", &id)]);
                assert!([403, 404].contains(&answered.status), "{what}: {}", answered.status);
            }
        }
        amina.get(&format!("/assessments/{}", Id::new())).is(404);
    });
}

#[test]
fn a_concluded_diagnosis_is_reopened_with_a_reason_only() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = coach(house, &given, "amina");
        let id = begin(&amina, given.organisation, &[]);
        SHORT.iter().for_each(|code| drop(answer(&amina, &id, code, "2", "seen").is(303)));
        amina.post(&format!("/assessments/{id}/conclusion"), &[]).is(303);
        answer(&amina, &id, "A1", "4", "seen").is(409).says("Rouvrez-le");
        amina.post(&format!("/assessments/{id}/removal"), &[]).is(409);
        amina.post(&format!("/assessments/{id}/reopening"), &[]).is(409).says("pourquoi");
        amina.post(&format!("/assessments/{id}/reopening"), &[("reason", "erreur de saisie")]).is(303);
        assert!(house.look(|db| programmes::finding::latest(db, given.organisation)).is_empty());
        amina.post(&format!("/assessments/{id}/removal"), &[]).is(303);
        amina.get(&format!("/assessments/{id}")).is(404);
    });
}
