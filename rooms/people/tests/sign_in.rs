//! Signing in and out, invitations, one's own settings.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, Room, sql, web};
use people::testing::{account, code, sign_in};

const PASSWORD: &str = "three green palms";

fn rooms() -> Vec<Room> {
    vec![people::room()]
}

/// An account with a password, as its holder finds it.
fn with_password(house: &House, name: &str) -> Id {
    let id = account(house, name, &[]);
    let hashed = people::hash_password(PASSWORD).unwrap();
    house.given(|tx| people::set_password(tx, id, &hashed));
    id
}

fn enter<'a>(house: &'a House, name: &str) -> Visitor<'a> {
    let visitor = house.visitor();
    visitor.post("/sign-in", &[("login", &format!("{name}@example.org")), ("password", PASSWORD)]).is(303);
    visitor
}

#[test]
fn whoever_signs_in_goes_on_to_where_they_were_going() {
    on_both(rooms, |house| {
        with_password(house, "aicha");
        let aicha = house.visitor();
        aicha
            .get("/settings")
            .is(303)
            .leads_to("/sign-in?next=%2Fsettings")
            .follow()
            .is(200)
            .says("name=\"next\" value=\"/settings\"");
        let form = [("login", " AICHA@example.org "), ("password", PASSWORD), ("next", "/settings")];
        aicha.post("/sign-in", &form).is(303).leads_to("/settings").follow().is(200).says("aicha");
        assert_eq!(aicha.get_json("/settings").json()["sessions"].as_array().unwrap().len(), 1);
        aicha.post("/sign-out", &[]).is(303);
        assert_eq!(aicha.holds(web::SESSION), None);
        aicha.get("/settings").leads_to("/sign-in");
        let astray =
            [("login", "aicha@example.org"), ("password", PASSWORD), ("next", "//elsewhere.example")];
        assert_eq!(house.visitor().post("/sign-in", &astray).is(303).location.as_deref(), Some("/"));
    });
}

#[test]
fn an_unknown_account_and_a_wrong_password_get_the_same_answer() {
    on_both(rooms, |house| {
        let id = with_password(house, "aicha");
        let answer = |login: &str, password: &str| {
            house.visitor().post_json("/sign-in", &[("login", login), ("password", password)]).is(422).json()
                ["errors"]
                .clone()
        };
        let wrong = answer("aicha@example.org", "not the password");
        assert_eq!(wrong, answer("nobody@example.org", "not the password"));
        account(house, "silent", &[]);
        assert_eq!(wrong, answer("silent@example.org", ""));
        account(house, "boss", &[("administrator", "platform")]);
        house.given(|tx| people::set_disabled(tx, id, true));
        assert_eq!(wrong, answer("aicha@example.org", PASSWORD));
    });
}

#[test]
fn passwords_cannot_be_tried_at_will() {
    on_both(rooms, |house| {
        with_password(house, "aicha");
        for i in 0..6 {
            // Other spellings of the same address count together.
            let login = if i % 2 == 0 { "aicha@example.org" } else { "AICHA@Example.org" };
            let status =
                house.visitor().post("/sign-in", &[("login", login), ("password", "wrong, again")]).status;
            assert_eq!(status, if i < 5 { 422 } else { 429 });
        }
        house.visitor().post("/sign-in", &[("login", "aicha@example.org"), ("password", PASSWORD)]).is(429);
    });
}

#[test]
fn an_invitation_works_once() {
    on_both(rooms, |house| {
        let id = account(house, "aicha", &[]);
        let old = house.given(|tx| people::invite(tx, id));
        let path = format!("/invitation/{}", house.given(|tx| people::invite(tx, id)));
        let aicha = house.visitor();
        aicha.get(&format!("/invitation/{old}")).is(409);
        aicha.get(&path).is(200).says("aicha");
        aicha.post(&path, &[("password", "short"), ("again", "short")]).is(422);
        aicha.post(&path, &[("password", PASSWORD), ("again", "another password")]).is(422);
        aicha.post(&path, &[("password", PASSWORD), ("again", PASSWORD)]).is(303).leads_to("/sign-in");
        aicha.post(&path, &[("password", "a second choice"), ("again", "a second choice")]).is(409);
        aicha.get(&path).is(409);
        enter(house, "aicha").get("/settings").is(200);
    });
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    on_both(rooms, |house| {
        with_password(house, "aicha");
        let (phone, laptop) = (enter(house, "aicha"), enter(house, "aicha"));
        let new = "four green palms";
        laptop
            .post("/settings/password", &[("old", "wrong wrong"), ("password", new), ("again", new)])
            .is(422);
        phone.get("/settings").is(200);
        laptop
            .post("/settings/password", &[("old", PASSWORD), ("password", new), ("again", new)])
            .is(303)
            .follow()
            .is(200);
        phone.get("/settings").leads_to("/sign-in");
    });
}

#[test]
fn sessions_end_one_by_one_or_all_others() {
    on_both(rooms, |house| {
        let (a, b, c) =
            (sign_in(house, "aicha", &[]), sign_in(house, "aicha", &[]), sign_in(house, "aicha", &[]));
        let sessions = a.get_json("/settings").json()["sessions"].as_array().unwrap().clone();
        assert_eq!(sessions.len(), 3);
        let other = sign_in(house, "brahim", &[]);
        let digest = sessions.iter().find(|s| s["this"] == false).unwrap()["digest"].as_str().unwrap();
        other.post("/settings/sessions/end", &[("session", digest)]).is(303);
        assert_eq!(
            a.get_json("/settings").json()["sessions"].as_array().unwrap().len(),
            3,
            "nobody ends another's session"
        );
        a.post("/settings/sessions/end", &[("session", digest)]).is(303);
        assert_eq!([&b, &c].iter().filter(|v| v.get("/settings").status == 200).count(), 1);
        a.post("/settings/sessions/end", &[]).is(303);
        assert_eq!([&b, &c].iter().filter(|v| v.get("/settings").status == 200).count(), 0);
        a.get("/settings").is(200);
        other.get("/settings").is(200);
    });
}

#[test]
fn a_code_of_the_telephone_is_asked_for_and_accepted_once() {
    on_both(rooms, |house| {
        with_password(house, "aicha");
        let aicha = enter(house, "aicha");
        aicha.post("/settings/second-factor", &[]).is(303);
        aicha.get("/settings").says("<svg");
        let key = aicha.get_json("/settings").json()["key"].as_str().unwrap().to_owned();
        aicha.post("/settings/second-factor/confirm", &[("code", "000")]).is(422);
        let kept = || {
            let query = sql(
                "select coalesce(totp, totp_waiting) from secret where totp_waiting is not null or totp is not null",
            );
            house.look(|db| db.one::<String>(&query))
        };
        assert!(
            kernel::secret::is_sealed(&kept()) && !kept().contains(&key),
            "a copy of the database tells no key"
        );
        // What an earlier version kept in clear is sealed when the house opens.
        house.given(|tx| {
            tx.run(&sql("update secret set totp_waiting = ? where totp_waiting is not null").bind(&key))
        });
        house.app.rooms.iter().filter_map(|room| room.mend).for_each(|mend| mend(&house.app).unwrap());
        assert!(kernel::secret::is_sealed(&kept()));
        // One code throughout: half a minute later another would be the one before.
        let before = code(&key, -1);
        aicha.post("/settings/second-factor/confirm", &[("code", &before)]).is(303);
        assert_eq!(aicha.get_json("/settings").json()["second_factor"], true);

        let phone = house.visitor();
        let half = phone
            .post_json("/sign-in", &[("login", "aicha@example.org"), ("password", PASSWORD)])
            .is(200)
            .json();
        assert_eq!(phone.holds(web::SESSION), None, "the password alone opens nothing");
        let ticket = half["ticket"].as_str().unwrap();
        phone.post("/sign-in", &[("ticket", ticket), ("code", &before)]).is(422);
        let now = code(&key, 0);
        phone.post("/sign-in", &[("ticket", ticket), ("code", &now)]).is(303);
        phone.get("/settings").is(200);
        house.visitor().post("/sign-in", &[("ticket", ticket), ("code", &code(&key, 1))]).is(422);
        phone.post("/settings/second-factor/off", &[("code", &now)]).is(422);
        phone.post("/settings/second-factor/off", &[("code", &code(&key, 1))]).is(303);
        assert!(people::command_line_second_factor_off(&house.app, "nobody@tiwizi.example").is_err());
        enter(house, "aicha").get("/settings").is(200);
    });
}

#[test]
fn a_token_reads_or_writes_as_it_was_made_and_makes_no_other() {
    on_both(rooms, |house| {
        let boss = sign_in(house, "boss", &[("administrator", "platform")]);
        let until = kernel::today().tomorrow().unwrap().to_string();
        boss.post("/settings/tokens", &[("name", "reader"), ("expires", "2999-01-01")]).is(422);
        let token = |form: &[(&str, &str)]| {
            boss.post_json("/settings/tokens", form).is(200).json()["fresh"].as_str().unwrap().to_owned()
        };
        let reader = token(&[("name", "reader"), ("expires", &until)]);
        let writer = token(&[("name", "writer"), ("expires", &until), ("writes", "yes")]);
        boss.get("/settings").is(200).never_says(&reader);
        let new = [("name", "Idir"), ("email", "idir@example.org")];
        house.program(&reader).get_json("/accounts").is(200);
        house.program(&reader).post_json("/accounts", &new).is(403);
        house.program(&writer).post_json("/accounts", &new).is(200);
        house
            .program(&writer)
            .post_json("/settings/tokens", &[("name", "third"), ("expires", &until)])
            .is(403);
        house.program("made up").get_json("/accounts").is(401);
        let id = boss.get_json("/settings").json()["tokens"][0]["id"].as_str().unwrap().to_owned();
        sign_in(house, "brahim", &[]).post(&format!("/settings/tokens/{id}/end"), &[]).is(404);
        boss.post(&format!("/settings/tokens/{id}/end"), &[]).is(303);
        house.program(&writer).get_json("/accounts").is(401);
    });
}

#[test]
fn the_account_s_language_speaks_and_a_change_of_it_holds_at_once() {
    on_both(rooms, |house| {
        let aicha = sign_in(house, "aicha", &[]);
        aicha.get("/settings?lang=en").says("lang=\"en\"");
        aicha.get("/settings").says("lang=\"en\"");
        aicha
            .post("/settings", &[("name", "Aïcha"), ("language", "ar"), ("email", "thief@example.org")])
            .is(303);
        aicha
            .get("/settings")
            .says("dir=\"rtl\"")
            .says("Aïcha")
            .says("aicha@example.org")
            .never_says("thief");
        aicha.post("/settings", &[("name", ""), ("language", "ar")]).is(422);
    });
}
