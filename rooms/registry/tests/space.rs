//! A cooperative gets a card, signs in with it, and asks for a correction.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use kernel::testing::{House, Visitor, on_both, on_both_with};
use kernel::{Id, Room};
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
    vec![people::room(), registry::room()]
}

fn register(visitor: &Visitor<'_>, name: &str) -> String {
    let id = Id::new().to_string();
    let form = [
        ("id", id.as_str()),
        ("kind", "cooperative"),
        ("name", name),
        ("place", "08.587.11.07"),
        ("force", "yes"),
    ];
    visitor.post("/organisations", &form).is(303);
    id
}

/// A coach of the province.
fn coach(house: &House) -> Visitor<'_> {
    sign_in(house, "amina", &[("coach", "territory:08.587")])
}

/// The code on the card that was just made.
fn code_of(page: &str) -> String {
    let digits = |part: &str| part.len() == 11 && part.bytes().all(|b| b.is_ascii_digit() || b == b' ');
    page.split(['<', '>']).find(|part| digits(part)).unwrap().to_owned()
}

#[test]
fn a_cooperative_signs_in_with_its_number_and_its_code() {
    on_both(rooms, |house| {
        let amina = coach(house);
        let organisation = register(&amina, "Tiniri");
        let path = format!("/organisations/{organisation}/card");
        amina.get(&path).is(200).says("Personne de la coopérative");
        amina.post(&path, &[]).is(422).says("Il faut répondre ici");
        amina.post(&path, &[("name", "Fatima"), ("phone", "12")]).is(422);
        let page =
            amina.post(&path, &[("name", "Fatima"), ("phone", "0661 00 00 01")]).is(200).says("<svg").text();
        let code = code_of(&page);
        amina.get(&path).is(200).says("Fatima").never_says(&code);
        // The number as people write it, the code as it was read out.
        let fatima = house.visitor();
        fatima.post("/sign-in", &[("login", "0661000001"), ("password", "00000000")]).is(422);
        fatima.post("/sign-in", &[("login", "0661000001"), ("password", &code)]).is(303).leads_to("/space");
        fatima.get("/space").is(200).says("Tiniri").says("class=\"tile\"");
        // Only who represents a cooperative finds its space in the menu.
        let link = "href=\"/space\"";
        fatima.get("/organisations").is(200).says(link);
        sign_in(house, "root", &[("administrator", "platform")])
            .get("/organisations")
            .is(200)
            .never_says(link);
        // A lost code is replaced; the old one opens nothing.
        let again =
            code_of(&amina.post(&path, &[("name", "Fatima"), ("phone", "0661000001")]).is(200).text());
        let other = house.visitor();
        other.post("/sign-in", &[("login", "+212661000001"), ("password", &code)]).is(422);
        other.post("/sign-in", &[("login", "+212661000001"), ("password", &again)]).is(303);
        // The cooperative asks for a correction; the team answers, with a reason where it says no.
        let correction = Id::new().to_string();
        let form = [
            ("id", correction.as_str()),
            ("part", "members"),
            ("text", "Nous sommes 31"),
            ("status", "done"),
            ("answer", "oui"),
        ];
        other.post(&format!("/organisations/{organisation}/corrections"), &form).is(303);
        other
            .get(&format!("/organisations/{organisation}"))
            .is(200)
            .says("Nous sommes 31")
            .says("قيد الانتظار")
            .never_says("/answer\"");
        let answer = format!("/corrections/{correction}/answer");
        other.post(&answer, &[("status", "done")]).is(403);
        amina.post(&answer, &[("status", "declined")]).is(409).says("pourquoi");
        amina.post(&answer, &[("status", "nonsense")]).is(422);
        amina.post(&answer, &[("status", "done"), ("answer", "Corrigé, merci")]).is(303);
        other.get(&format!("/organisations/{organisation}")).is(200).says("Corrigé, merci");
        // The cooperative gives no cards itself.
        other.get(&path).is(403);
        other.post(&path, &[("name", "X"), ("phone", "0661000009")]).is(403);
    });
}

#[test]
fn a_card_never_takes_over_somebody_elses_account() {
    on_both(rooms, |house| {
        let nadia = sign_in(house, "nadia", &[("administrator", "platform")]);
        let amina = coach(house);
        let organisation = register(&amina, "Tiniri");
        house.given(|tx| {
            let form = kernel::Fields::of([("name", "Directeur"), ("phone", "0661000002")]);
            let account = people::create_account(tx, Id::named("directeur"), &form)?;
            let kind = people::RoleKind::Manager;
            people::grant_role(tx, Id::new(), account.id, kind, "territory:08", kernel::today(), None)
        });
        let path = format!("/organisations/{organisation}/card");
        amina
            .post(&path, &[("name", "X"), ("phone", "0661000002")])
            .is(422)
            .says("un compte qui fait autre chose");
        // Nor the card of another cooperative.
        let other = register(&nadia, "Assays");
        nadia
            .post(&format!("/organisations/{other}/card"), &[("name", "Itto"), ("phone", "0661000003")])
            .is(200);
        amina.post(&path, &[("name", "Itto"), ("phone", "0661000003")]).is(422);
        let stranger = sign_in(house, "stranger", &[("coach", "territory:07.351")]);
        stranger.post(&path, &[("name", "X"), ("phone", "0661000004")]).is(404);
        stranger.get("/space").is(403);
    });
}

#[test]
fn a_code_goes_by_sms_where_there_is_a_gateway_and_is_forgotten() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let (told, heard) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        use std::io::{Read, Write};
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.set_read_timeout(Some(std::time::Duration::from_millis(100))).unwrap();
            let (mut all, mut piece) = (Vec::new(), [0; 4096]);
            while let Ok(n @ 1..) = stream.read(&mut piece) {
                all.extend_from_slice(&piece[..n]);
            }
            told.send(String::from_utf8(all).unwrap()).unwrap();
            let _ = stream.write_all(b"HTTP/1.1 200 x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    on_both_with(rooms, &[("TIWIZI_SMS_URL", &url)], |house| {
        let amina = coach(house);
        let organisation = register(&amina, "Tiniri");
        let path = format!("/organisations/{organisation}/card");
        let form = [("name", "Fatima"), ("phone", "0661000001")];
        let code = code_of(&amina.post(&path, &form).is(200).says("Envoyer le code par SMS").text());
        let id = Id::new().to_string();
        let sending = |code: &str| {
            let form = [("id", id.as_str()), ("name", "Fatima"), ("phone", "0661000001"), ("code", code)];
            amina.post(&format!("{path}/message"), &form)
        };
        sending("00000 00000").is(409).says("n’ouvre plus rien");
        sending(&code).is(200).says("En attente").says(&code);
        sending(&code).is(200);
        house.work();
        let sent = heard.recv_timeout(std::time::Duration::from_secs(5)).unwrap();
        assert!(sent.contains(&code) && sent.contains("+212661000001"), "{sent}");
        assert!(heard.try_recv().is_err(), "one message for one card");
        let half = code.split(' ').next().unwrap();
        let kept: i64 = house.look(|db| {
            let like = format!("%{half}%");
            let texts = kernel::sql("select (select count(*) from message where text like ?) + (select count(*) from fact where changes like ?) + (select count(*) from job where input like ?)");
            db.one(&texts.bind(&like).bind(&like).bind(&like).open("a test"))
        });
        assert_eq!(kept, 0, "the code is kept nowhere");
        let elsewhere = sign_in(house, "elsewhere", &[("coach", "territory:01.051")]);
        assert!([403, 404].contains(&elsewhere.post(&format!("{path}/message"), &form).status));
    });
}

#[test]
fn without_a_gateway_the_coach_opens_the_text_in_her_own_telephone() {
    on_both(rooms, |house| {
        let amina = coach(house);
        let organisation = register(&amina, "Tiniri");
        let path = format!("/organisations/{organisation}/card");
        let form = [("name", "Fatima"), ("phone", "0661000001")];
        let page =
            amina.post(&path, &form).is(200).says("Rien ne quitte la maison").says("sms:+212661000001?body=");
        let code = code_of(&page.text());
        let form = [("name", "Fatima"), ("phone", "0661000001"), ("code", code.as_str())];
        amina.post(&format!("{path}/message"), &form).is(409).says("Aucune passerelle SMS");
    });
}
