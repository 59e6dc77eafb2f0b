//! Work and income, told at a visit.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::house;

use house::{coach, given, rooms};
use jiff::ToSpan;
use kernel::testing::on_both;
use kernel::{Id, sql};
use people::testing::sign_in;

fn day(ago: i64) -> String {
    kernel::today().saturating_sub(ago.days()).to_string()
}

#[test]
fn work_is_told_corrected_and_removed() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = coach(house, &given, "amina");
        let home = format!("/organisations/{}", given.organisation);
        let records = format!("{home}/work-records");
        amina.get(&home).is(200).says("Qui a travaillé, combien de jours");
        let visit = Id::new().to_string();
        amina
            .post(&format!("{home}/visits"), &[("id", &visit), ("held", &day(2)), ("purpose", "Caisse")])
            .is(303);
        let told = [("held", &*day(2)), ("minutes", "60"), ("version", "1")];
        amina.post(&format!("/visits/{visit}/report"), &told).is(303);
        amina.get(&format!("/visits/{visit}")).is(200).says(&format!("work-records/new?visit={visit}"));
        amina
            .get(&format!("{records}/new?visit={visit}"))
            .is(200)
            .says(&format!("value=\"{visit}\" selected"));
        let id = Id::new().to_string();
        let told = |more: &[(&str, &str)]| {
            let (since, until) = (day(92), day(3));
            let mut form = vec![
                ("id", id.as_str()),
                ("visit", &visit),
                ("since", &since),
                ("until", &until),
                ("people", "4"),
                ("sex", "woman"),
                ("standing", "worker_member"),
                ("days", "120"),
                ("pay", "8400"),
                ("pay.currency", "MAD"),
                ("before", "no"),
                ("evidence", "said"),
            ];
            for (name, value) in more {
                form.retain(|(there, _)| there != name);
                form.push((name, value));
            }
            amina.post(&records, &form)
        };
        told(&[("days", "361")]).is(422).says("Plus de jours que ces personnes");
        told(&[("until", &day(-5))]).is(422).says("la date est dans le futur");
        told(&[("since", &day(600))]).is(422).says("Une année au plus");
        told(&[("people", "0")]).is(422).says("Entre 1 et 10 000");
        told(&[("full_time", "20")]).is(422).says("Entre 150 et 366");
        told(&[("evidence", "attached")]).is(422).says("Joignez le document");
        told(&[("pay", "-10")]).is(422);
        told(&[("visit", &Id::new().to_string())]).is(409);
        told(&[]).is(303);
        told(&[]).is(303);
        let kept = house.look(|db| {
            db.row(
                &sql("select count(*), cast(sum(days) as bigint), max(full_time) from work_record")
                    .open("test"),
                |row| Ok((row.take::<i64>()?, row.take::<i64>()?, row.take::<i64>()?)),
            )
        });
        assert_eq!(
            kept,
            Some((1, 120, 286)),
            "sent twice, kept once, with the full-time year of the country"
        );
        amina
            .get(&home)
            .is(200)
            .says("4 personnes")
            .says("Membre qui travaille")
            .says("120 jours")
            .says("8\u{202f}400");
        // A stale version changes nothing.
        let change = format!("/work-records/{id}");
        amina.post(&change, &[("days", "100"), ("version", "1"), ("_fields", "days")]).is(303);
        amina
            .post(&change, &[("days", "90"), ("version", "1"), ("_fields", "days")])
            .is(422)
            .says("entre-temps");
        // Whoever has no right to the file learns of nothing and changes nothing.
        let other = sign_in(house, "other", &[("coach", &format!("programme:{}", Id::new()))]);
        other.get(&format!("{change}/edit")).is(404);
        other.post(&change, &[("days", "1"), ("version", "2"), ("_fields", "days")]).is(404);
        other.post(&records, &[("id", &Id::new().to_string())]).is(404);
        amina.post(&format!("{change}/remove"), &[("version", "2")]).is(303);
        amina.get(&home).is(200).says("Qui a travaillé, combien de jours");
    });
}

#[test]
fn what_is_too_large_is_refused_in_the_language_of_who_sent_it() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = coach(house, &given, "amina");
        house.given(|tx| tx.run(&sql("update account set language = 'ar'").open("test")).map(|_| ()));
        let path = format!("/organisations/{}/assessments", given.organisation);
        let long = "ا".repeat(3 << 20);
        amina.post(&path, &[("note", &long)]).is(413).says("<html lang=\"ar\" dir=\"rtl\">");
    });
}
