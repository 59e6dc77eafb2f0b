//! Invitations told by SMS: to whom, in which language, once.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crate::common::{ground, rooms};
use kernel::testing::{House, on_both};
use kernel::{Fields, Id, sql, today};
use people::testing::sign_in;

#[test]
fn who_answers_for_an_invited_cooperative_is_told_date_and_place() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let hanane = ground.coach(house);
        let [alpha, beta, ..] = ground.cooperatives;
        house.given(|tx| {
            let phone = |n: usize| format!("+21266100000{n}");
            for (n, id) in [alpha, beta].into_iter().enumerate() {
                let update = sql("update organisation set phone = ? where id = ?").bind(phone(n)).bind(id);
                tx.run(&update.open("a test"))?;
            }
            // Alpha has a representative with a telephone of her own, and two members on the list: one agreed to be called.
            let form = Fields::of([("name", "Fatima"), ("phone", "+212661000009"), ("language", "fr")]);
            let account = people::create_account(tx, Id::new(), &form)?.id;
            let (role, scope) = (people::RoleKind::Representative, registry::organisation::scope(alpha));
            people::grant_role(tx, Id::new(), account, role, &scope, today(), None)?;
            for n in 0..2 {
                let update = sql("update person set phone = ? where id = ?").bind(phone(5 + n));
                tx.run(&update.bind(ground.members[0][n]).open("a test"))?;
            }
            let person = ground.members[0][0].to_string();
            let consent = Fields::of([
                ("person", person.as_str()),
                ("purpose", "contact"),
                ("text_version", "1"),
                ("form", "oral"),
                ("witness", "Hanane"),
                ("given_on", "2026-01-01"),
            ]);
            kernel::record::create::<people::Consent>(tx, Id::new(), &consent, kernel::Standing::Steward)
        });
        let path = ground.page("/invitations");
        let tell = format!("{path}/messages");
        hanane.post(&tell, &[]).is(409).says("n’a de numéro de téléphone");
        let (a, b) = (alpha.to_string(), beta.to_string());
        hanane.post(&path, &[("places", "3"), ("organisation", &a), ("organisation", &b)]).is(303);
        let both =
            [("person", ground.members[0][0].to_string()), ("person", ground.members[0][1].to_string())];
        let both: Vec<(&str, &str)> = both.iter().map(|(name, id)| (*name, id.as_str())).collect();
        hanane.post(&ground.page("/people"), &both).is(303);
        hanane.get(&path).is(200).says("Envoyer 3 SMS d’invitation").says("Rien ne quitte la maison");
        hanane.post(&tell, &[]).is(303);
        hanane.post(&tell, &[]).is(303);
        let told = |house: &House| -> Vec<(String, String)> {
            let query = sql("select phone, text from message order by phone, at").open("a test");
            house.look(|db| db.rows(&query, |row| Ok((row.take()?, row.take()?))))
        };
        let messages = told(house);
        let phones: Vec<&str> = messages.iter().map(|(phone, _)| phone.as_str()).collect();
        assert_eq!(
            phones,
            ["+212661000001", "+212661000005", "+212661000009"],
            "who agreed, who answers, else the house"
        );
        assert!(
            messages[2].1.starts_with("Formation : Tenir la caisse") && messages[2].1.contains('3'),
            "{messages:?}"
        );
        assert!(messages[0].1.starts_with("تكوين"), "{messages:?}");
        house.work();
        hanane
            .get(&path)
            .is(200)
            .says("Gardé ici")
            .says("sms:+212661000009")
            .says("Une personne de la liste");
        // Another place is another message.
        house.given(|tx| {
            let update = sql("update training_session set venue = 'Maison de quartier' where id = ?");
            tx.run(&update.bind(ground.session).open("a test"))
        });
        hanane.post(&tell, &[]).is(303);
        assert_eq!(told(house).len(), 6);
        let partner = sign_in(house, "mecene", &[("partner", &format!("programme:{}", ground.programme))]);
        partner.post(&tell, &[]).is(403);
    });
}
