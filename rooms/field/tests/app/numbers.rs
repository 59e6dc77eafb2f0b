//! Numbers of applications that telephones hold ahead of time.

use crate::house;

use house::{Given, Phone, given, rooms};
use kernel::testing::{House, Visitor, on_both};
use kernel::{Fields, Id, Standing, sql};
use people::testing::sign_in;

fn open_call(house: &House, given: &Given, closes: &str) -> Id {
    let id = Id::new();
    let programme = given.programme.to_string();
    let form = Fields::of([
        ("programme", &*programme),
        ("title.fr", "Appel"),
        ("opens", "2026-01-01"),
        ("closes", closes),
        ("places", "5"),
        ("status", "open"),
    ]);
    house.given(|tx| kernel::record::create::<programmes::selection::Call>(tx, id, &form, Standing::Steward));
    id
}

/// A phone of somebody, known to the house.
fn enrolled<'a>(who: &'a Visitor<'a>) -> Phone<'a> {
    let phone = Phone::of(who);
    let id = phone.id.to_string();
    who.post_json("/field/devices", &[("id", &id), ("name", "Téléphone")]).is(200);
    phone
}

fn reserve(phone: &Phone<'_>, call: Id, known: i64) -> (i64, i64) {
    let (call, device, known) = (call.to_string(), phone.id.to_string(), known.to_string());
    let form = [("call", &*call), ("device", &*device), ("known", &*known)];
    let told = phone.who.post_json("/field/numbers", &form).is(200).json();
    (told["first"].as_i64().unwrap(), told["last"].as_i64().unwrap())
}

fn application(secret: char, number: &str) -> Vec<(&'static str, String)> {
    let of = |name, text: &str| (name, text.to_owned());
    vec![
        ("secret", secret.to_string().repeat(64)),
        of("act", "send"),
        of("number", number),
        of("name.fr", "Coopérative"),
        of("place", "08.587.11.07"),
        of("phone", "0661000001"),
        of("members", "12"),
        of("women", "12"),
        of("women_or_young", "12"),
        of("title.fr", "Four"),
        of("cost", "1000"),
        of("asked", "700"),
        of("own_cash", "300"),
    ]
}

fn numbers(house: &House, call: Id) -> Vec<i64> {
    let query = sql("select number from application where call = ? order by number").bind(call).open("test");
    house.look(|db| db.rows(&query, kernel::value::Row::take))
}

#[test]
fn a_number_that_was_told_in_the_village_is_given_to_nobody_else() {
    on_both(rooms, |house| {
        let given = given(house);
        let later = kernel::today().saturating_add(jiff::Span::new().days(9)).to_string();
        let call = open_call(house, &given, &later);
        let (amina, brahim) = (given.coach(house, "amina"), given.coach(house, "brahim"));
        let (first, second) = (enrolled(&amina), enrolled(&brahim));
        assert_eq!(reserve(&first, call, 0), (1, 20));
        assert_eq!(reserve(&first, call, 0), (1, 20), "the answer was lost");
        assert_eq!(reserve(&second, call, 0), (21, 40));
        assert_eq!(reserve(&first, call, 20), (41, 60));
        // Who applies on the page meanwhile is after them all.
        let path = format!("/calls/{call}/applications");
        let form = application('a', "3");
        let form: Vec<(&str, &str)> = form.iter().map(|(name, text)| (*name, &**text)).collect();
        house.visitor().post(&path, &form).is(303);
        assert_eq!(numbers(house, call), [61], "nobody chooses a number on a page");
        let send = |phone: &Phone<'_>, secret, number| {
            let form = application(secret, number);
            let form: Vec<(&str, &str)> = form.iter().map(|(name, text)| (*name, &**text)).collect();
            phone.fill(&path, &form)
        };
        let (third, twice) = (send(&first, 'b', "3"), send(&first, 'c', "3"));
        assert_eq!(first.state_of(&third), "done");
        assert_eq!(first.state_of(&third), "done", "a repeat");
        assert_eq!(numbers(house, call), [3, 61]);
        assert_eq!(first.state_of(&twice), "done");
        assert_eq!(numbers(house, call), [3, 61, 62], "a number is given once");
        assert_eq!(second.state_of(&send(&second, 'd', "7")), "done");
        assert_eq!(numbers(house, call), [3, 61, 62, 63], "a number of another's telephone is not taken");
        // A house that went on from a backup knows of no block: what stands on receipts still counts.
        assert_eq!(second.state_of(&send(&second, 'e', "80")), "done");
        assert_eq!(second.state_of(&send(&second, 'f', "900000")), "done");
        assert_eq!(numbers(house, call), [3, 61, 62, 63, 80, 81]);
        // Whoever has no right to the programme, or names another's telephone, is given none.
        let stranger = sign_in(house, "stranger", &[]);
        let (id, device) = (call.to_string(), first.id.to_string());
        let form = [("call", &*id), ("device", &*device)];
        assert!([403, 404].contains(&stranger.post_json("/field/numbers", &form).status));
        brahim.post_json("/field/numbers", &form).is(404);
        amina.post_json("/field/numbers", &[("call", "nothing"), ("device", &device)]).is(409);
    });
}

#[test]
fn an_application_of_the_last_day_is_taken_when_the_telephone_finds_a_network_later() {
    on_both(rooms, |house| {
        let given = given(house);
        let yesterday = kernel::today().saturating_sub(jiff::Span::new().days(1)).to_string();
        let call = open_call(house, &given, &yesterday);
        let amina = given.coach(house, "amina");
        let phone = enrolled(&amina);
        let path = format!("/calls/{call}/applications");
        let form = application('a', "");
        let form: Vec<(&str, &str)> = form.iter().map(|(name, text)| (*name, &**text)).collect();
        let late = phone.fill(&path, &form);
        assert_eq!(phone.state_of(&late), "needs_you", "it was done after the last day");
        let day = 86_400_000;
        let form = application('b', "");
        let form: Vec<(&str, &str)> = form.iter().map(|(name, text)| (*name, &**text)).collect();
        let in_time = phone.fill_at(kernel::now() - day, &path, &form);
        assert_eq!(phone.state_of(&in_time), "done");
        let submitted = sql("select submitted from application where call = ?").bind(call).open("test");
        assert_eq!(house.look(|db| db.one::<String>(&submitted)), yesterday, "it says when it was done");
        let device = phone.id.to_string();
        let id = call.to_string();
        amina.post_json("/field/numbers", &[("call", &id), ("device", &device)]).is(409);
    });
}
