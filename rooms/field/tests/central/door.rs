//! Who is let in: a login with a key, and a session that was opened with them.

use super::{Program, basic, code};
use crate::house::{given, rooms};
use kernel::testing::{House, on_both};
use kernel::{Id, sql};
use serde_json::json;

fn order(house: &House, text: &str) {
    house.given(|tx| tx.run(&sql(text).open("test")));
}

#[test]
fn a_login_and_a_key_open_the_programme_of_the_key() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let program = Program::of(house, &given, &amina);
        assert_eq!((program.login.as_str(), program.project), ("amina@example.org", 1));
        let projects = program.at("/v1/projects").is(200).json();
        assert_eq!((projects[0]["id"].as_i64(), projects[0]["name"].as_str()), (Some(1), Some("Programme")));
        assert_eq!(projects.as_array().unwrap().len(), 1);
        program.get("").is(200).says("createdAt");
        // The same programme by its id, for whoever knows that.
        program.at(&format!("/v1/projects/{}", given.programme)).is(200);
        program.at("/v1/users/current").is(200).says("amina@example.org");
        // Another programme, one that is none, and what is no number at all are the same.
        let other = house.given(|tx| {
            let form = kernel::Fields::of([
                ("name.fr", "Autre"),
                ("since", "2026-01-01"),
                ("until", "2028-12-31"),
                ("status", "running"),
            ]);
            let id = Id::named("other programme");
            kernel::record::create::<programmes::Programme>(tx, id, &form, kernel::Standing::Steward)?;
            Ok(id)
        });
        let mut answers = Vec::new();
        for project in
            [other.to_string(), Id::named("none").to_string(), "2".into(), "-1".into(), "x'y".into()]
        {
            for rest in ["", "/forms", "/forms/tiwizi-visit.svc/Submissions", "/datasets"] {
                let answer = program.at(&format!("/v1/projects/{project}{rest}")).is(404);
                answers.push((code(&answer), answer.text()));
            }
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
    });
}

#[test]
fn whatever_is_wrong_the_answer_is_the_same() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let samira = given.manager(house, "samira");
        let (program, hers) = (Program::of(house, &given, &amina), Program::of(house, &given, &samira));
        house.given(|tx| {
            people::set_password(tx, Id::named("amina"), &people::hash_password("mains-unies-2026")?)
        });
        let path = format!("{}/forms", program.base);
        let shown = [
            String::new(),
            "Basic".into(),
            "Basic !!!".into(),
            "Basic //79".into(),
            "Digest username=\"amina\"".into(),
            basic("amina@example.org", "mains-unies-2026"),
            basic("amina@example.org", &"0".repeat(64)),
            basic("amina@example.org", &hers.key),
            basic("nobody@example.org", &program.key),
            basic("", &program.key),
            format!("Bearer {}", program.key),
            "Bearer ' or 1=1 --".into(),
        ];
        let mut answers: Vec<_> = shown
            .iter()
            .map(|shown| {
                let answer = program.ask_as("GET", &path, shown, "").is(401);
                assert_eq!(answer.head["www-authenticate"], "Basic realm=\"Tiwizi\", charset=\"UTF-8\"");
                (code(&answer), answer.text())
            })
            .collect();
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
        assert_eq!(answers[0].0, "401.2");
        let open = json!({ "email": program.login, "password": "mains-unies-2026" }).to_string();
        let answer = program.visitor.call("POST", "/v1/sessions", &[], open).is(401);
        assert_eq!((code(&answer), answer.text()), answers[0]);
        // A session of the pages is no key, and a key opens no page.
        let answer = amina.get_json(&path).is(401);
        assert_eq!(code(&answer), "401.2");
        program.ask_as("GET", "/field/collect", &basic(&program.login, &program.key), "").is(401);
        program.get("/forms").is(200);
    });
}

#[test]
fn who_tries_too_often_waits() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let program = Program::of(house, &given, &amina);
        let wrong = basic(&program.login, "wrong");
        for _ in 0..10 {
            program.get("/forms").is(200);
            program.ask_as("GET", "/v1/projects", &wrong, "").is(401);
        }
        for _ in 0..9 {
            program.ask_as("GET", "/v1/projects", &wrong, "").is(401);
        }
        let answer = program.ask_as("GET", "/v1/projects", &wrong, "").is(429);
        assert_eq!(code(&answer), "429.1");
        assert!(answer.head.contains_key("retry-after"));
        program.get("/forms").is(429);
    });
}

#[test]
fn a_session_holds_a_day_and_ends_with_its_key() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let program = Program::of(house, &given, &amina);
        let pair = json!({ "email": program.login, "password": program.key }).to_string();
        let open = || {
            let opened = program.visitor.call("POST", "/v1/sessions", &[], pair.clone()).is(200).json();
            for name in ["csrf", "createdAt", "expiresAt"] {
                assert!(opened[name].is_string(), "{name}");
            }
            format!("Bearer {}", opened["token"].as_str().unwrap())
        };
        let path = format!("{}/forms", program.base);
        let asked = |token: &str| program.ask_as("GET", &path, token, "").status;
        let (first, second, third) = (open(), open(), open());
        assert_eq!((asked(&first), asked(&second)), (200, 200));
        let kept: i64 = house.look(|db| {
            let text = first.trim_start_matches("Bearer ");
            db.one(&sql("select count(*) from central_session where digest like ?").bind(format!("%{text}%")))
        });
        assert_eq!(kept, 0, "the token itself is not kept");
        // One ends itself, and another that it names.
        program.ask_as("DELETE", "/v1/sessions/current", &first, "").is(200);
        assert_eq!(asked(&first), 401);
        let named = second.replace("Bearer ", "/v1/sessions/");
        program.ask_as("DELETE", &named, &third, "").is(200);
        program.ask_as("DELETE", &named, &third, "").is(404);
        assert_eq!((asked(&second), asked(&third)), (401, 200));
        // A day later it is over; what another opens takes it away.
        order(house, "update central_session set expires = 1");
        assert_eq!(asked(&third), 401);
        let last = open();
        assert_eq!(house.look(|db| db.one::<i64>(&sql("select count(*) from central_session"))), 1);
        // The token opens nothing but this door.
        for page in ["/field/collect", "/organisations", "/settings"] {
            program.ask_as("GET", page, &last, "").is(401);
        }
        let keys = amina.get_json("/field/collect").is(200).json();
        amina.post(&format!("/field/collect/{}/end", keys["keys"][0]["id"].as_str().unwrap()), &[]).is(303);
        assert_eq!(asked(&last), 401);
        assert_eq!(program.get("/forms").status, 401);
        assert_eq!(house.look(|db| db.one::<i64>(&sql("select count(*) from central_session"))), 0);
        for wrong in ["", "{}", "[1]", "{\"email\":1,\"password\":2}", "\u{feff}{"] {
            let answer = program.visitor.call("POST", "/v1/sessions", &[], wrong).is(400);
            assert_eq!(code(&answer), "400.2");
        }
    });
}

#[test]
fn a_closed_account_opens_nothing() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let program = Program::of(house, &given, &amina);
        order(house, "update account set disabled = 1 where name = 'amina'");
        assert_eq!(code(&program.get("/forms").is(401)), "401.2");
    });
}

#[test]
fn a_key_is_not_shown_where_others_hear_it() {
    let reached =
        |address: &str| House::open_with(rooms(), |settings| settings.public = Some(address.to_owned()));
    for (address, status) in
        [("http://10.0.0.5:8080", 403), ("https://tiwizi.example", 200), ("http://localhost:8080", 200)]
    {
        let house = reached(address);
        let given = given(&house);
        let amina = given.coach(&house, "amina");
        let program = Program::of(&house, &given, &amina);
        let answer = program.get("/forms").is(status);
        assert!(status == 200 || code(&answer) == "403.1");
        let pair = json!({ "email": program.login, "password": program.key }).to_string();
        program.visitor.call("POST", "/v1/sessions", &[], pair).is(status);
        program.get("/formList").is(if status == 200 { 200 } else { 400 });
    }
}

#[test]
fn collect_shows_a_login_and_a_key_when_it_is_asked_for_them() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let program = Program::of(house, &given, &amina);
        let list = format!("{}/formList", program.base);
        let asked = program.visitor.get(&list).is(401).says("<OpenRosaResponse");
        assert!(asked.head["www-authenticate"].to_str().unwrap().starts_with("Basic "));
        let listed = program.get("/formList").is(200).text();
        for name in ["downloadUrl", "manifestUrl"] {
            let url = listed.split(&format!("<{name}>")).nth(1).unwrap().split('<').next().unwrap();
            let path = url.strip_prefix("http://localhost").unwrap();
            assert!(path.starts_with(&program.base), "{path}");
            program.visitor.get(path).is(401);
            program.at(path).is(200);
        }
        program.get("/lists/cooperatives").is(200).says("Tiniri");
        program.get(&format!("/lists/cooperatives/integrity?id={}", given.organisation)).is(200);
        let head = format!("{}/submission", program.base);
        program.ask_as("HEAD", &head, &basic(&program.login, &program.key), "").is(204);
        let part =
            "--e\r\ncontent-disposition: form-data; name=\"xml_submission_file\"; filename=\"a.xml\"\r\n\r\n";
        let body = format!("{part}{}\r\n--e--\r\n", super::visit(given.organisation, "p", "Vu"));
        let shown = basic(&program.login, &program.key);
        let kind = ("content-type", "multipart/form-data; boundary=e");
        program.visitor.call("POST", &head, &[kind], body.clone()).is(401);
        program.visitor.call("POST", &head, &[kind, ("authorization", &shown)], body).is(201);
        program.get("/forms/tiwizi-visit/submissions/uuid:p").is(200);
    });
}
