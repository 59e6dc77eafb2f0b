//! Accounts and roles: who may give what to whom.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::testing::on_both;
use kernel::{Ctx, Db, Id, Result, Room};
use people::testing::{account, sign_in};

fn programme(name: &str) -> String {
    format!("programme:{}", Id::named(name))
}

/// A room above that knows two programmes and lets their managers grant roles in them.
fn above() -> Room {
    fn scopes(ctx: &Ctx, _: &mut Db) -> Result<Vec<(String, String)>> {
        let all = ["north", "south"].map(|name| (programme(name), name.to_owned()));
        Ok(all.into_iter().filter(|(scope, _)| ctx.viewer.holds(&["manager"], scope)).collect())
    }
    Room { name: "above", scopes: Some(scopes), ..Room::default() }
}

fn rooms() -> Vec<Room> {
    vec![people::room(), above()]
}

/// Creates an account through the page; answers its id.
fn create(visitor: &kernel::testing::Visitor<'_>, name: &str, role: &str, scope: &str) -> Id {
    let email = format!("{name}@example.org");
    let form = [("name", name), ("email", &email), ("role", role), ("scope", scope), ("since", "2026-01-01")];
    visitor.post_json("/accounts", &form).is(200).json()["id"].as_str().unwrap().parse().unwrap()
}

fn names(visitor: &kernel::testing::Visitor<'_>, query: &str) -> Vec<String> {
    let found = visitor.get_json(&format!("/accounts{query}")).is(200).json();
    let accounts = found["accounts"].as_array().unwrap().clone();
    assert_eq!(found["count"], accounts.len());
    accounts.iter().map(|account| account["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_new_account_comes_with_a_link_to_pass_on() {
    on_both(rooms, |house| {
        let boss = sign_in(house, "boss", &[("administrator", "platform")]);
        let form = [
            ("name", "Hanane"),
            ("phone", "0661 00 00 00"),
            ("role", "coach"),
            ("scope", &programme("north")),
            ("since", "2026-01-01"),
        ];
        let page = boss.post("/accounts", &form).is(200).says("http://localhost/invitation/").text();
        let path = page.split("http://localhost").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let hanane = house.visitor();
        hanane.post(&path, &[("password", "saffron at dawn"), ("again", "saffron at dawn")]).is(303);
        hanane.post("/sign-in", &[("login", "+212 661 000000"), ("password", "saffron at dawn")]).is(303);
        hanane.get("/settings").is(200).says("Hanane");
        hanane.get("/accounts").is(403);
        boss.post("/accounts", &[("name", "Nobody")]).is(422);
        boss.post("/accounts", &[("name", "Twin"), ("phone", "0661000000")]).is(422);
        assert_eq!(names(&boss, "?q=hanan"), ["Hanane"]);
        assert_eq!(names(&boss, "?q=0661000000"), ["Hanane"]);
    });
}

#[test]
fn a_manager_gives_only_roles_below_its_own_and_only_where_it_manages() {
    on_both(rooms, |house| {
        let manager = sign_in(house, "manager", &[("manager", &programme("north"))]);
        let hanane = create(&manager, "hanane", "coach", &programme("north"));
        let roles = format!("/accounts/{hanane}/roles");
        manager.post(&roles, &[("role", "trainer"), ("scope", &programme("north"))]).is(303);
        manager.post(&roles, &[("role", "trainer"), ("scope", &programme("south"))]).is(403);
        manager.post(&roles, &[("role", "manager"), ("scope", &programme("north"))]).is(403);
        manager.post(&roles, &[("role", "administrator"), ("scope", "platform")]).is(403);
        let new = |role: &str, scope: &str| {
            manager
                .post(
                    "/accounts",
                    &[("name", "X"), ("email", "x@example.org"), ("role", role), ("scope", scope)],
                )
                .status
        };
        assert_eq!(
            [
                new("administrator", "platform"),
                new("coach", &programme("south")),
                new("coach", "territory:08")
            ],
            [403; 3]
        );
        manager.post("/accounts", &[("name", "X"), ("email", "x@example.org")]).is(422);
        assert_eq!(names(&manager, ""), ["hanane"], "a refused account is not created");
    });
}

#[test]
fn a_manager_s_hand_ends_where_others_roles_begin() {
    on_both(rooms, |house| {
        let boss = sign_in(house, "boss", &[("administrator", "platform")]);
        let manager = sign_in(house, "manager", &[("manager", &programme("north"))]);
        let mine = account(house, "mine", &[("coach", &programme("north"))]);
        let shared =
            account(house, "shared", &[("coach", &programme("north")), ("coach", &programme("south"))]);
        let foreign = account(house, "foreign", &[("coach", &programme("south"))]);
        let chief = account(house, "chief", &[("administrator", "platform"), ("coach", &programme("north"))]);
        assert_eq!(names(&manager, ""), ["mine", "shared"]);
        let tries = ["", "/invite", "/disable", "/enable"];
        for path in tries {
            for hidden in
                [foreign, chief, account(house, "boss", &[]), account(house, "manager", &[]), Id::new()]
            {
                manager.post(&format!("/accounts/{hidden}{path}"), &[("name", "Taken")]).is(404);
                manager.get(&format!("/accounts/{hidden}")).is(404);
            }
            manager.post(&format!("/accounts/{shared}{path}"), &[("name", "Taken")]).is(403);
        }
        manager.get(&format!("/accounts/{shared}")).is(200).never_says("/invite");
        manager.post(&format!("/accounts/{mine}/invite"), &[]).is(200).says("/invitation/");
        manager.post(&format!("/accounts/{mine}/second-factor/off"), &[]).is(403);
        manager
            .post(&format!("/accounts/{mine}"), &[("name", "Mine"), ("version", "1"), ("disabled", "yes")])
            .is(303);
        manager.get(&format!("/accounts/{mine}")).says("Mine").never_says("/enable");
        let of = |id: Id| {
            boss.get_json(&format!("/accounts/{id}")).is(200).json()["roles"].as_array().unwrap().clone()
        };
        let south = of(shared).iter().find(|role| role["scope"] == programme("south")).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let north = of(shared).iter().find(|role| role["scope"] == programme("north")).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        manager.post(&format!("/accounts/{shared}/roles/{south}/end"), &[]).is(403);
        manager.post(&format!("/accounts/{mine}/roles/{south}/end"), &[]).is(404);
        manager.post(&format!("/accounts/{shared}/roles/{north}/end"), &[]).is(303);
        assert_eq!(of(shared).len(), 1, "a role that began today leaves nothing behind but its fact");
    });
}

#[test]
fn somebody_always_administers_the_platform() {
    on_both(rooms, |house| {
        let boss = sign_in(house, "boss", &[("administrator", "platform")]);
        let id = account(house, "boss", &[]);
        let role =
            boss.get_json(&format!("/accounts/{id}")).json()["roles"][0]["id"].as_str().unwrap().to_owned();
        boss.post(&format!("/accounts/{id}/disable"), &[]).is(409);
        boss.post(&format!("/accounts/{id}/roles/{role}/end"), &[]).is(409);
        create(&boss, "second", "administrator", "platform");
        boss.post(&format!("/accounts/{id}/roles/{role}/end"), &[]).is(303);
        boss.get("/accounts").is(403);
    });
}

#[test]
fn a_disabled_account_is_out_at_once() {
    on_both(rooms, |house| {
        let boss = sign_in(house, "boss", &[("administrator", "platform")]);
        let aicha = sign_in(house, "aicha", &[("coach", &programme("north"))]);
        let id = account(house, "aicha", &[]);
        aicha.get("/settings").is(200);
        boss.post(&format!("/accounts/{id}/disable"), &[]).is(303);
        aicha.get("/settings").leads_to("/sign-in");
        boss.post(&format!("/accounts/{id}/enable"), &[]).is(303);
        aicha.get("/settings").leads_to("/sign-in");
        sign_in(house, "aicha", &[]).get("/settings").is(200);
    });
}

#[test]
fn a_role_holds_between_its_dates_in_a_scope_that_suits_it() {
    on_both(rooms, |house| {
        let boss = sign_in(house, "boss", &[("administrator", "platform")]);
        let later = sign_in(house, "later", &[]);
        let path = format!("/accounts/{}/roles", account(house, "later", &[]));
        let give = |form: &[(&str, &str)]| boss.post(&path, form).status;
        let tomorrow = kernel::today().tomorrow().unwrap().to_string();
        assert_eq!(give(&[("role", "manager"), ("scope", &programme("north")), ("since", &tomorrow)]), 303);
        later.get("/accounts").is(403);
        assert_eq!(
            give(&[
                ("role", "manager"),
                ("scope", &programme("north")),
                ("since", "2020-01-01"),
                ("until", "2020-12-31")
            ]),
            303
        );
        later.get("/accounts").is(403);
        assert_eq!(give(&[("role", "manager"), ("scope", &programme("north"))]), 303);
        later.get("/accounts").is(200);
        assert_eq!(give(&[("role", "coach"), ("scope", "platform")]), 422);
        assert_eq!(give(&[("role", "administrator"), ("scope", &programme("north"))]), 422);
        assert_eq!(give(&[("role", "representative"), ("scope", &programme("north"))]), 422);
        assert_eq!(give(&[("role", "coach"), ("scope", "nonsense")]), 422);
        assert_eq!(give(&[("role", "king"), ("scope", "platform")]), 422);
        assert_eq!(
            give(&[
                ("role", "coach"),
                ("scope", &programme("north")),
                ("since", "2026-02-01"),
                ("until", "2026-01-01")
            ]),
            422
        );
    });
}
