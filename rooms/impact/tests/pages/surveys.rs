//! A programme's own indicators over the answers to its surveys: how many, the mean of a number, the share of a choice.

use kernel::testing::{House, on_both};
use kernel::{Fields, Id, Lang, Upload, sql};
use serde_json::Value;

use super::{Place, ago, place, put, rooms};

/// The example of a questionnaire is published; of the first cooperative two were filled in, of the second one.
fn answered(house: &House, programme: &str, cooperatives: &[String]) -> String {
    let w = house.app.words.speak(Lang::Fr);
    let survey = house.given(|tx| {
        let upload = Upload { field: "file".into(), name: "ventes.xlsx".into(), bytes: survey::example(w)? };
        let programme = programme.parse::<Id>().map_err(kernel::Error::internal)?;
        Ok(survey::import(&house.app, tx, w, programme, &upload)?.survey)
    });
    for (n, (cooperative, amount, hard)) in
        [(0, "100.25", "transport"), (0, "300", "price"), (1, "200", "transport")].into_iter().enumerate()
    {
        house.given(|tx| {
            let mut form = Fields::of([
                ("id", &*Id::named(&format!("answer {n}")).to_string()),
                ("answer.today", &ago(20)),
                ("answer.cooperative", &cooperatives[cooperative]),
                ("answer.sales/amount", amount),
                ("answer.hard", hard),
            ]);
            // Numbers of a repeat add up.
            form.push("answer.buyer/orders", "2");
            form.push("answer.buyer[2]/orders", "3");
            survey::put(&house.app, tx, w, survey, None, &form)
        });
    }
    survey.to_string()
}

fn question(house: &House, path: &str) -> String {
    house.look(|db| db.one(&sql("select id from survey_question where path = ?").bind(path).open("test")))
}

#[test]
fn what_was_answered_becomes_figures() {
    on_both(rooms, |house| {
        let Place { manager, partner, programme, cooperatives, .. } = place(house);
        let survey = answered(house, &programme, &cooperatives);
        let total = |code: &str| -> Value {
            let page = manager.get_json(&format!("/indicators/{code}?programme={programme}")).is(200).json();
            page["total"]["value"].clone()
        };
        assert_eq!((total("survey-answers"), total("survey-cooperatives")), (3.into(), 2.into()));
        let define = |form: &[(&str, &str)]| {
            let mut all = vec![("name.fr", "Notre indicateur"), ("definition.fr", "Ce que nous comptons")];
            all.extend(form);
            put(&manager, &format!("/programmes/{programme}/own-indicators"), &all)
        };
        let amount = format!("kind:{}", question(house, "sales/amount"));
        let mean = define(&[("base", "survey-numbers"), ("measure", "mean"), ("only_1", &amount)]);
        assert_eq!(total(&mean), 20_008, "200.08 each");
        let sum = define(&[("base", "survey-numbers"), ("measure", "sum"), ("only_1", &amount)]);
        assert_eq!(total(&sum), 60_025);
        let orders = format!("kind:{}", question(house, "buyer/orders"));
        let each = define(&[("base", "survey-numbers"), ("measure", "mean"), ("only_1", &orders)]);
        assert_eq!(total(&each), 500, "five orders a questionnaire");
        let hard = format!("kind:{} transport", question(house, "hard"));
        let share = define(&[("base", "survey-choices"), ("measure", "share"), ("meets", &hard)]);
        assert_eq!(total(&share), 667, "two of three who answered the question");
        let of_one = format!("kind:{survey}");
        let count = define(&[("base", "survey-answers"), ("measure", "count"), ("only_1", &of_one)]);
        assert_eq!(total(&count), 3);
        manager.get(&format!("/indicators/{mean}")).is(200).says("Pour combien de dirhams ?").says("200,08");
        let records = manager.get_json(&format!("/indicators/{mean}/records")).is(200).json();
        assert_eq!(records["count"], 3);
        let path = records["items"][0]["path"].as_str().unwrap().to_owned();
        manager.get(&path).is(200).says("Suivi des ventes");
        // Numbers of different questions do not add up, and another programme's question is none of this one's.
        let door = format!("/programmes/{programme}/own-indicators");
        let all = |form: &[(&'static str, &'static str)]| {
            [&[("name.fr", "X"), ("definition.fr", "X"), ("base", "survey-numbers")][..], form].concat()
        };
        manager.post(&door, &all(&[("measure", "sum")])).is(422).says("choisissez une question");
        manager.post(&door, &all(&[("measure", "sum"), ("only_1", "kind:x")])).is(422);
        // A partner learns no answer of three.
        for code in [&mean, &sum, &share] {
            let page = partner.get_json(&format!("/indicators/{code}")).is(200).json();
            assert_eq!(page["total"]["hidden"], true, "{page}");
        }
        // What is set aside counts no more.
        let first = Id::named("answer 1");
        manager.post(&format!("/survey-answers/{first}/aside"), &[]).is(303);
        assert_eq!(
            (total("survey-answers"), total(&sum), total(&share)),
            (2.into(), 30_025.into(), 1000.into())
        );
    });
}
