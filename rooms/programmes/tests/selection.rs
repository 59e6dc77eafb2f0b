//! Selection from the call to the enrolment.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use jiff::ToSpan;
use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, Room, sql};
use people::testing::{account, sign_in};

fn rooms() -> Vec<Room> {
    let pack = atlas::Pack {
        divisions: include_str!("../../../packs/ma/divisions.csv"),
        census: include_str!("../../../packs/ma/census_2024.csv"),
        regions: include_str!("../../../packs/ma/regions.json"),
        provinces: include_str!("../../../packs/ma/provinces.json"),
        communes: include_str!("../../../packs/ma/communes.json"),
    };
    programmes::selection::open_packs(include_str!("../../../packs/ma/eligibility.toml"));
    kernel::territory::open(&pack, |_| "HCP".to_owned()).unwrap();
    vec![people::room(), registry::room(), programmes::room(), kernel::testing::press()]
}

fn day(ahead: i64) -> String {
    kernel::today().saturating_add(ahead.days()).to_string()
}

fn put(visitor: &Visitor<'_>, path: &str, form: &[(&str, &str)]) -> String {
    let id = Id::new().to_string();
    let mut all = vec![("id", id.as_str())];
    all.extend(form);
    visitor.post(path, &all).is(303);
    id
}

struct Opened<'a> {
    manager: Visitor<'a>,
    programme: String,
    call: String,
    question: String,
    criterion: String,
}

/// A programme with an open call: the INDH rules, one question, one criterion out of 10, two assessors.
fn opened(house: &House) -> Opened<'_> {
    let nadia = sign_in(house, "nadia", &[("administrator", "platform")]);
    let form =
        [("name.fr", "Programme"), ("since", "2026-01-01"), ("until", "2028-12-31"), ("status", "running")];
    let programme = put(&nadia, "/programmes", &form);
    let scope = format!("programme:{programme}");
    let manager = sign_in(house, "samira", &[("manager", &scope)]);
    for name in ["amina", "driss"] {
        account(house, name, &[("coach", &scope)]);
    }
    let form = [
        ("title.fr", "Appel 2026"),
        ("opens", &*day(-3)),
        ("closes", &day(10)),
        ("places", "1"),
        ("status", "decided"),
    ];
    let call = put(&manager, &format!("/programmes/{programme}/calls"), &form);
    let path = format!("/calls/{call}");
    house.visitor().get(&path).is(303).leads_to("/sign-in");
    manager.post(&format!("{path}/rule-packs"), &[("pack", "indh-3")]).is(303);
    manager.post(&format!("{path}/rule-packs"), &[("pack", "indh-3")]).is(303);
    manager.post(&format!("{path}/rule-packs"), &[("pack", "rien")]).is(409);
    let form = [
        ("position", "1"),
        ("label.fr", "Avez-vous un local ?"),
        ("kind", "choice"),
        ("choices.fr", "Oui ; Non"),
        ("needed", "yes"),
    ];
    let question = put(&manager, &format!("{path}/questions"), &form);
    let form = [("position", "1"), ("name.fr", "Solidité"), ("weight", "3"), ("highest", "10")];
    let criterion = put(&manager, &format!("{path}/criteria"), &form);
    for name in ["amina", "driss"] {
        let account = account(house, name, &[]).to_string();
        put(&manager, &format!("{path}/assessors"), &[("account", &account)]);
    }
    manager.post(&format!("{path}/opening"), &[]).is(303);
    Opened { manager, programme, call, question, criterion }
}

/// Somebody without an account applies; answers the secret of the link.
fn apply(house: &House, opened: &Opened<'_>, name: &str, women: &str, act: &str) -> String {
    let (id, secret) = (
        Id::new().to_string(),
        format!("{:064x}", u128::from_str_radix(&Id::new().to_string().replace('-', ""), 16).unwrap()),
    );
    let question = format!("q.{}", opened.question);
    let form = [
        ("id", id.as_str()),
        ("secret", &secret),
        ("name.fr", name),
        ("place", "08.587.11.07"),
        ("phone", "0661000000"),
        ("members", "20"),
        ("women", women),
        ("women_or_young", women),
        ("title.fr", "Séchoir"),
        ("cost", "100 000"),
        ("asked", "60 000"),
        ("own_cash", "25 000"),
        ("own_kind", "15 000"),
        (question.as_str(), "0"),
        ("act", act),
    ];
    house
        .visitor()
        .post(&format!("/calls/{}/applications", opened.call), &form)
        .is(303)
        .leads_to(&format!("/apply/{secret}"));
    secret
}

/// The calls last day was yesterday.
fn close(house: &House, call: &str) {
    house.given(|tx| {
        tx.run(&sql("update call set closes = ? where id = ?").bind(day(-1)).bind(call).open("time passes"))
    });
}

#[test]
fn a_cooperative_applies_without_an_account_and_resumes_its_draft() {
    on_both(rooms, |house| {
        let opened = opened(house);
        house.visitor().get("/calls").is(200).says("Appel 2026");
        let page = house.visitor().get(&format!("/calls/{}/apply", opened.call)).is(200).text();
        assert!(page.contains("Avez-vous un local ?") && page.contains("name=\"secret\" value=\""));
        let secret = apply(house, &opened, "Tiniri", "15", "keep");
        let link = format!("/apply/{secret}");
        let visitor = house.visitor();
        visitor.get(&link).is(200).says("Brouillon").says("remplie");
        opened.manager.get(&format!("/calls/{}", opened.call)).is(200).never_says("Tiniri");
        // Sending checks what every application says; the money must add up.
        let version = "1";
        let send = |more: &[(&str, &str)]| {
            let mut form = vec![
                ("version", version),
                ("act", "send"),
                ("name.fr", "Tiniri"),
                ("place", "08.587.11.07"),
                ("phone", "0661000000"),
                ("members", "20"),
                ("women", "15"),
                ("women_or_young", "15"),
                ("title.fr", "Séchoir"),
                ("cost", "100 000"),
                ("asked", "60 000"),
                ("own_cash", "25 000"),
                ("own_kind", "15 000"),
            ];
            for (name, text) in more {
                form.retain(|(there, _)| there != name);
                form.push((name, text));
            }
            visitor.post(&link, &form)
        };
        let question = format!("q.{}", opened.question);
        send(&[(&question, "0"), ("asked", "70 000")]).is(422).says("la somme de la subvention");
        send(&[(&question, "0"), ("women", "25")]).is(422).says("plus que le nombre de membres");
        send(&[(&question, "0"), ("asked.currency", "EUR")]).is(422).says("dans la même monnaie");
        send(&[(&question, "7")]).is(422);
        send(&[(&question, "")]).is(422);
        send(&[(&question, "0"), ("status", "submitted"), ("number", "900")]).is(303);
        visitor.get(&link).is(200).says("<b>001</b>");
        send(&[(&question, "0"), ("version", "2")]).is(303);
        assert_eq!(
            opened.manager.get_json(&format!("/calls/{}", opened.call)).json()["applications"][0]["number"],
            1
        );
        // A wrong link opens nothing; a repeat of the first form changes nothing.
        visitor.get(&format!("/apply/{}", "0".repeat(64))).is(404);
        visitor.post(&format!("/calls/{}/applications", opened.call), &[("secret", "court")]).is(409);
        visitor.post(&format!("{link}/withdrawal"), &[]).is(303);
        visitor.get(&link).is(200).says("Retirée");
        assert!(
            opened.manager.get_json(&format!("/calls/{}", opened.call)).json()["applications"]
                .as_array()
                .unwrap()
                .is_empty()
        );
    });
}

#[test]
fn the_applicant_learns_which_rule_fails_and_by_how_much() {
    on_both(rooms, |house| {
        let opened = opened(house);
        let secret = apply(house, &opened, "Azul", "6", "send");
        // 6 of 20 is 30 %, and more than 30 % is asked: one person is missing.
        house.visitor().get(&format!("/apply/{secret}")).is(200).says("non remplie").says("Il manque 1.");
    });
}

#[test]
fn assessors_mark_apart_the_committee_decides_and_the_selected_are_enrolled() {
    on_both(rooms, |house| {
        let opened = opened(house);
        let (first, second) =
            (apply(house, &opened, "Tiniri", "15", "send"), apply(house, &opened, "Assays", "16", "send"));
        let applications =
            opened.manager.get_json(&format!("/calls/{}", opened.call)).json()["applications"].clone();
        let id = |n: usize| applications[n]["id"].as_str().unwrap().to_owned();
        let (amina, driss) = (sign_in(house, "amina", &[]), sign_in(house, "driss", &[]));
        let field = format!("c.{}", opened.criterion);
        let mark = |who: &Visitor<'_>, n: usize, points: &str| -> u16 {
            who.post(
                &format!("/applications/{}/marks", id(n)),
                &[(&field, points), ("remark", "Visite faite")],
            )
            .status
        };
        assert_eq!(mark(&amina, 0, "11"), 422);
        assert_eq!(mark(&amina, 0, ""), 422);
        assert_eq!(mark(&opened.manager, 0, "5"), 403, "who is no assessor gives no marks");
        assert_eq!(mark(&amina, 0, "8"), 303);
        // Nobody sees another's marks before their own are given.
        driss
            .get(&format!("/applications/{}", id(0)))
            .is(200)
            .never_says("Visite faite")
            .says("visible quand toutes");
        assert_eq!(mark(&driss, 0, "6"), 303);
        driss.get(&format!("/applications/{}", id(0))).is(200).says("Visite faite").says("70,0");
        // An interest: no marks, and those that were given are withdrawn.
        assert_eq!(mark(&driss, 1, "10"), 303);
        driss.post(&format!("/applications/{}/interest", id(1)), &[]).is(409);
        driss
            .post(&format!("/applications/{}/interest", id(1)), &[("reason", "Ma sœur en est membre")])
            .is(303);
        assert_eq!(mark(&driss, 1, "10"), 409);
        assert_eq!(mark(&amina, 1, "9"), 303);
        let ranking = opened.manager.get_json(&format!("/calls/{}/ranking", opened.call)).is(200).json();
        let line = |n: usize| {
            (ranking["lines"][n]["id"].as_str().unwrap().to_owned(), ranking["lines"][n]["score"].clone())
        };
        assert_eq!((line(0), line(1)), ((id(1), 900.into()), (id(0), 700.into())));
        amina.get(&format!("/calls/{}/ranking", opened.call)).is(403);
        // The committee decides after the last day; what departs from the ranking says why.
        let path = format!("/calls/{}/decisions", opened.call);
        let (a, b) = (format!("outcome.{}", id(0)), format!("outcome.{}", id(1)));
        opened.manager.post(&path, &[(&a, "selected"), (&b, "reserve")]).is(409).says("encore ouvert");
        close(house, &opened.call);
        opened.manager.post(&path, &[(&a, "reserve")]).is(409).says("Chaque candidature");
        opened.manager.post(&path, &[(&a, "selected"), (&b, "reserve")]).is(422).says("dites pourquoi");
        opened.manager.post(&path, &[(&a, "reserve"), (&b, "selected")]).is(303);
        opened.manager.post(&path, &[(&a, "reserve"), (&b, "selected")]).is(303);
        opened
            .manager
            .get(&format!("/calls/{}/minutes", opened.call))
            .is(200)
            .says("Liste d’attente")
            .says("90,0");
        let paper = opened.manager.get(&format!("/calls/{}/minutes/pdf", opened.call)).is(200);
        paper.says("fr {").says("Liste d’attente").says("90,0").says("La présidence du comité");
        // Each applicant reads the own result, and nobody else's.
        house
            .visitor()
            .get(&format!("/apply/{second}"))
            .is(200)
            .says("Retenue")
            .says("90,0")
            .never_says("Tiniri");
        house.visitor().get(&format!("/apply/{first}")).is(200).says("Liste d’attente");
        // Nothing moves any more.
        assert_eq!(mark(&amina, 0, "10"), 409);
        opened
            .manager
            .post(
                &format!("/calls/{}/criteria", opened.call),
                &[("name.fr", "Tard"), ("weight", "1"), ("highest", "5"), ("position", "9")],
            )
            .is(409);
        // The selected one is registered with what it applied with, and enrolled; once.
        let form = [("name.fr", "Promotion 1"), ("since", "2026-02-01")];
        let promotion = put(&opened.manager, &format!("/programmes/{}/promotions", opened.programme), &form);
        for _ in 0..2 {
            opened
                .manager
                .post(&format!("/calls/{}/enrolments", opened.call), &[("promotion", &promotion)])
                .is(303);
        }
        let board = opened.manager.get_json(&format!("/programmes/{}/board", opened.programme)).json();
        assert_eq!(board["count"], 1);
        opened.manager.get("/organisations?q=assays").is(200).says("Assays");
    });
}

#[test]
fn a_call_and_its_applications_are_for_its_team() {
    on_both(rooms, |house| {
        let opened = opened(house);
        apply(house, &opened, "Tiniri", "15", "send");
        let application = opened.manager.get_json(&format!("/calls/{}", opened.call)).json()["applications"]
            [0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let stranger = sign_in(house, "stranger", &[]);
        let partner = sign_in(house, "partner", &[("partner", &format!("programme:{}", opened.programme))]);
        for visitor in [&stranger, &partner] {
            visitor.get(&format!("/calls/{}", opened.call)).is(200).never_says("Tiniri");
            for answered in [
                visitor.get(&format!("/applications/{application}")),
                visitor.get(&format!("/calls/{}/ranking", opened.call)),
                visitor.get(&format!("/calls/{}/minutes", opened.call)),
                visitor.get(&format!("/calls/{}/minutes/pdf", opened.call)),
                visitor.post(&format!("/applications/{application}/marks"), &[("x", "1")]),
                visitor.post(&format!("/calls/{}/decisions", opened.call), &[("x", "1")]),
                visitor.post(&format!("/calls/{}/rule-packs", opened.call), &[("pack", "indh-3")]),
            ] {
                assert!([403, 404].contains(&answered.status), "{}", answered.status);
            }
        }
        // A rule has one limit, in the right kind.
        let rule = |more: &[(&str, &str)]| {
            let mut form =
                vec![("position", "9"), ("name.fr", "Règle"), ("subject", "women"), ("relation", "at_least")];
            form.extend(more);
            opened.manager.post(&format!("/calls/{}/rules", opened.call), &form).status
        };
        assert_eq!(rule(&[]), 422);
        assert_eq!(rule(&[("percent", "30")]), 422);
        assert_eq!(rule(&[("amount", "100")]), 422);
        assert_eq!(rule(&[("number", "5"), ("percent", "30"), ("base", "members")]), 422);
        assert_eq!(rule(&[("number", "5")]), 303);
    });
}
