//! Applicants are told of the committee's decisions: by SMS with a link of their own, by letter, each once.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use jiff::ToSpan;
use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, Room, sql};
use people::testing::sign_in;

fn rooms() -> Vec<Room> {
    let pack = atlas::Pack {
        divisions: include_str!("../../../packs/ma/divisions.csv"),
        census: include_str!("../../../packs/ma/census_2024.csv"),
        regions: include_str!("../../../packs/ma/regions.json"),
        provinces: include_str!("../../../packs/ma/provinces.json"),
        communes: include_str!("../../../packs/ma/communes.json"),
    };
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

/// A call that is closed, with an application in French and one in Arabic, and its manager.
fn closed(house: &House) -> (Visitor<'_>, String, [String; 2]) {
    let nadia = sign_in(house, "nadia", &[("administrator", "platform")]);
    let form =
        [("name.fr", "Programme"), ("since", "2026-01-01"), ("until", "2028-12-31"), ("status", "running")];
    let programme = put(&nadia, "/programmes", &form);
    let manager = sign_in(house, "samira", &[("manager", &format!("programme:{programme}"))]);
    let form = [
        ("title.fr", "Appel 2026"),
        ("title.ar", "طلب 2026"),
        ("opens", &*day(-3)),
        ("closes", &day(10)),
        ("places", "1"),
    ];
    let call = put(
        &manager,
        &format!("/programmes/{programme}/calls"),
        &[&form[..], &[("status", "draft")]].concat(),
    );
    manager.post(&format!("/calls/{call}/opening"), &[]).is(303);
    let applications =
        [("Tiniri", "fr", "0661000001"), ("تزارين", "ar", "0661000002")].map(|(name, lang, phone)| {
            let id = Id::new().to_string();
            let secret = format!("{:064x}", u128::from_str_radix(&id.replace('-', ""), 16).unwrap());
            let named = format!("name.{lang}");
            let form = [
                ("id", id.as_str()),
                ("secret", &secret),
                (&named, name),
                ("place", "08.587.11.07"),
                ("phone", phone),
                ("members", "20"),
                ("women", "15"),
                ("women_or_young", "15"),
                ("title.fr", "Séchoir"),
                ("cost", "100 000"),
                ("asked", "60 000"),
                ("own_cash", "25 000"),
                ("own_kind", "15 000"),
                ("act", "send"),
            ];
            let visitor = house.visitor().cookie(kernel::web::LANGUAGE, lang);
            visitor.post(&format!("/calls/{call}/applications"), &form).is(303);
            id
        });
    house.given(|tx| {
        tx.run(&sql("update call set closes = ? where id = ?").bind(day(-1)).bind(&call).open("time passes"))
    });
    (manager, call, applications)
}

fn decide(manager: &Visitor<'_>, call: &str, outcomes: [(&str, &str); 2]) {
    let fields: Vec<(String, String)> = outcomes
        .iter()
        .flat_map(|(id, outcome)| {
            [
                (format!("outcome.{id}"), (*outcome).to_owned()),
                (format!("reason.{id}"), "Dossier solide".to_owned()),
            ]
        })
        .collect();
    let form: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    manager.post(&format!("/calls/{call}/decisions"), &form).is(303);
}

fn texts(house: &House) -> Vec<(String, String)> {
    house.look(|db| {
        let query = sql("select phone, coalesce(text, '') from message order by phone, at").open("a test");
        db.rows(&query, |row| Ok((row.take()?, row.take()?)))
    })
}

#[test]
fn each_applicant_is_told_its_own_result_once() {
    on_both(rooms, |house| {
        let (manager, call, [french, arabic]) = closed(house);
        let path = format!("/calls/{call}/notices");
        manager.get(&path).is(409);
        decide(&manager, &call, [(&french, "selected"), (&arabic, "declined")]);
        manager.get(&format!("/calls/{call}/ranking")).is(200).says("Informer les candidates");
        manager.get(&path).is(200).says("Envoyer 2 SMS").says("0 sur 2").says("Rien ne quitte la maison");
        manager.post(&path, &[]).is(303);
        manager.post(&path, &[]).is(303);
        let told = texts(house);
        assert_eq!(told.len(), 2, "each is told once: {told:?}");
        assert!(told[0].1.contains("Appel 2026") && told[0].1.contains("est retenue"), "{told:?}");
        assert!(told[1].1.contains("طلب 2026") && told[1].1.contains("لم يُقبل"), "{told:?}");
        // The link of the message opens its own result, and no other.
        let link = told[0].1.rsplit(' ').next().unwrap().replace("http://localhost", "");
        house.visitor().get(&link).is(200).says("Tiniri").says("Retenue").never_says("تزارين");
        house.work();
        manager.get(&path).is(200).says("Gardé ici").says("sms:+212661000001?body=").says("2 sur 2");
        let message = house.look(|db| {
            db.one::<String>(&sql("select id from message where phone = '+212661000001'").open("a test"))
        });
        manager.post(&format!("/messages/{message}/passed"), &[("back", &path)]).is(303).leads_to(&path);
        manager.get(&path).is(200).says("Transmis de vive voix").never_says("sms:+212661000001");
        // Decided otherwise, the applicant is told again; the other one is not.
        decide(&manager, &call, [(&french, "reserve"), (&arabic, "declined")]);
        manager.get(&path).is(200).says("informée d’une autre décision avant").says("Envoyer un SMS");
        manager.post(&path, &[("application", &french)]).is(303);
        assert_eq!(texts(house).len(), 3);
        assert_eq!(manager.get_json(&path).is(200).json()["lines"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn letters_are_in_the_language_of_the_applicant() {
    on_both(rooms, |house| {
        let (manager, call, [french, arabic]) = closed(house);
        manager.get(&format!("/calls/{call}/letters/pdf")).is(409);
        decide(&manager, &call, [(&french, "selected"), (&arabic, "reserve")]);
        let pdf = format!("/calls/{call}/letters/pdf");
        manager.post(&format!("/calls/{call}/letters"), &[("application", &arabic)]).is(303).leads_to(&pdf);
        let one = manager.get(&format!("{pdf}?application={arabic}")).is(200).text();
        assert!(one.starts_with("ar ") && one.contains("لائحة الانتظار") && !one.contains("Tiniri"), "{one}");
        manager.get(&format!("/calls/{call}/notices")).is(200).says("imprimée le").says("1 sur 2");
        manager.post(&format!("/calls/{call}/letters"), &[]).is(303);
        manager.post(&format!("/calls/{call}/letters"), &[]).is(303);
        let all = manager.get(&pdf).is(200).says("Tiniri").says("Dossier solide").says("تزارين").text();
        assert!(all.starts_with("fr "), "{all}");
        let notices: i64 = house.look(|db| db.one(&sql("select count(*) from notice").open("a test")));
        assert_eq!(notices, 2);
        manager.get(&format!("{pdf}?application={}", Id::new())).is(404);
        let coach = sign_in(house, "coach", &[("coach", "territory:08.587")]);
        for path in [format!("/calls/{call}/notices"), pdf] {
            assert!([403, 404].contains(&coach.get(&path).status));
        }
        assert!([403, 404].contains(&coach.post(&format!("/calls/{call}/notices"), &[]).status));
        house.visitor().get(&format!("/calls/{call}/notices")).is(303);
    });
}
