//! Messages wait, go out once, are tried again, fail in the open, and are forgotten where they open something.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kernel::kinds::Phone;
use kernel::testing::{House, on_both, on_both_with};
use kernel::{Fields, Id, Lang, Room, sql};
use people::testing::sign_in;
use people::{CODE_LIFE, Draft, MessageKind};

fn rooms() -> Vec<Room> {
    vec![people::room()]
}

/// What a gateway was sent.
type Heard = Arc<Mutex<Vec<String>>>;
/// The statuses that it answers with, one request after the other (0: never); 200 when there are no more.
type Plan = Arc<Mutex<Vec<u16>>>;

/// A gateway: its address, what it heard, what it will answer.
fn gateway() -> (String, Heard, Plan) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/send", listener.local_addr().unwrap());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let plan = Arc::new(Mutex::new(Vec::new()));
    let (told, next) = (Arc::clone(&heard), Arc::clone(&plan));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
            let (mut all, mut piece) = (Vec::new(), [0; 4096]);
            while let Ok(n @ 1..) = stream.read(&mut piece) {
                all.extend_from_slice(&piece[..n]);
            }
            told.lock().unwrap().push(String::from_utf8_lossy(&all).into_owned());
            let status = if next.lock().unwrap().is_empty() { 200 } else { next.lock().unwrap().remove(0) };
            if status == 0 {
                std::thread::sleep(Duration::from_millis(1500));
            }
            let _ = write!(stream, "HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    (url, heard, plan)
}

fn write(house: &House, n: u32, kind: MessageKind, secret: Option<i64>) -> Id {
    let id = Id::named(&format!("message {n}"));
    let draft = Draft {
        id,
        kind,
        about: Id::named("cooperative"),
        name: "Fatima".into(),
        phone: Phone(format!("+21266100000{n}")),
        lang: Lang::Fr,
        text: format!("Bonjour {n}"),
        secret,
    };
    house.given(|tx| people::send_message(tx, &draft));
    id
}

/// Lets the pause before the next try be over.
fn later(house: &House) {
    house.given(|tx| {
        tx.run(
            &sql("update job set due = 0 where state = 'waiting' and due < ?")
                .bind(kernel::now() + 3_600_000),
        )?;
        tx.run(&sql("update message set tried = 0 where tried is not null").open("a test"))
    });
    house.work();
}

fn state(house: &House, id: Id) -> (String, String, bool) {
    house
        .look(|db| {
            let query = sql("select state, coalesce(reason, ''), text from message where id = ?").bind(id);
            db.row(&query.open("a test"), |row| {
                Ok((row.take()?, row.take()?, row.take::<Option<String>>()?.is_some()))
            })
        })
        .unwrap()
}

#[test]
fn without_a_gateway_nothing_leaves_the_house() {
    on_both(rooms, |house| {
        let id = write(house, 1, MessageKind::Invitation, None);
        house.work();
        assert_eq!(state(house, id), ("kept".into(), String::new(), true));
        let admin = sign_in(house, "admin", &[("administrator", "platform")]);
        admin
            .get("/messages")
            .is(200)
            .says("Rien ne quitte la maison")
            .says("sms:+212661000001?body=Bonjour%201");
        sign_in(house, "manager", &[("manager", "territory:08")]).get("/messages").is(403);
        house.visitor().get("/messages").is(303);
        admin.post(&format!("/messages/{id}/passed"), &[]).is(303);
        assert_eq!(state(house, id).0, "passed");
        admin.get("/messages?state=passed").is(200).says("Bonjour 1").never_says("sms:");
        admin.get("/messages?state=failed").is(200).says("Aucun message ici");
        assert_eq!(admin.get_json("/messages").is(200).json()["messages"][0]["state"], "passed");
    });
}

#[test]
fn a_message_goes_out_once() {
    let (url, heard, _) = gateway();
    on_both_with(rooms, &[("TIWIZI_SMS_URL", &url), ("TIWIZI_SMS_TOKEN", "sesame")], |house| {
        heard.lock().unwrap().clear();
        let id = write(house, 1, MessageKind::Invitation, None);
        write(house, 1, MessageKind::Invitation, None);
        house.work();
        // The same work once more, as after a crash: the gateway has the message already.
        house.given(|tx| tx.run(&sql("update job set state = 'waiting'")));
        house.work();
        assert_eq!(state(house, id), ("sent".into(), String::new(), true));
        let requests = heard.lock().unwrap().clone();
        assert_eq!(requests.len(), 1, "{requests:?}");
        assert!(
            requests[0].contains(&format!(r#"{{"id":"{id}","to":"+212661000001","message":"Bonjour 1"}}"#))
        );
        let admin = sign_in(house, "admin", &[("administrator", "platform")]);
        admin
            .get("/messages")
            .is(200)
            .says("Envoyé")
            .says("127.0.0.1")
            .never_says("sesame")
            .never_says("Rien ne quitte");
        admin.post(&format!("/messages/{id}/again"), &[]).is(303);
        house.work();
        assert_eq!(heard.lock().unwrap().len(), 1, "what was sent is not sent again");
    });
}

#[test]
fn a_gateway_that_fails_is_asked_again_with_growing_pauses() {
    let (url, heard, plan) = gateway();
    on_both_with(rooms, &[("TIWIZI_SMS_URL", &url)], |house| {
        heard.lock().unwrap().clear();
        *plan.lock().unwrap() = vec![500, 503];
        let id = write(house, 1, MessageKind::Invitation, None);
        house.work();
        assert_eq!(state(house, id), ("waiting".into(), "busy".into(), true));
        house.work();
        assert_eq!(heard.lock().unwrap().len(), 1, "nobody asks before the pause is over");
        let due = |house: &House| -> i64 {
            house.look(|db| db.one(&sql("select cast(max(due) as bigint) from job where state = 'waiting'")))
        };
        let minutes = (due(house) - kernel::now() + 30_000) / 60_000;
        assert_eq!(minutes, 1);
        later(house);
        assert_eq!((due(house) - kernel::now() + 30_000) / 60_000, 5);
        let admin = sign_in(house, "admin", &[("administrator", "platform")]);
        admin.get("/messages").is(200).says("réponse 503").says("essayé 2 fois");
        later(house);
        assert_eq!(state(house, id).0, "sent");
        assert_eq!(heard.lock().unwrap().len(), 3);
        // Eight tries, then it fails in the open and can be sent by hand.
        *plan.lock().unwrap() = vec![500; 8];
        let id = write(house, 2, MessageKind::Invitation, None);
        for _ in 0..9 {
            house.given(|tx| tx.run(&sql("update job set due = 0")));
            house.work();
        }
        assert_eq!(state(house, id), ("failed".into(), "busy".into(), true));
        admin.get("/messages").is(200).says("Réessayer celui qui a échoué");
        admin.post("/messages/again", &[]).is(303);
        house.work();
        assert_eq!(state(house, id).0, "sent");
    });
}

#[test]
fn a_refusal_and_a_silence_are_told() {
    let (url, heard, plan) = gateway();
    on_both_with(rooms, &[("TIWIZI_SMS_URL", &url), ("TIWIZI_SMS_TIMEOUT", "1")], |house| {
        heard.lock().unwrap().clear();
        *plan.lock().unwrap() = vec![400];
        let id = write(house, 1, MessageKind::Invitation, None);
        house.work();
        assert_eq!(state(house, id), ("failed".into(), "refused".into(), true));
        let admin = sign_in(house, "admin", &[("administrator", "platform")]);
        admin.get("/messages").is(200).says("a refusé ce message (réponse 400)");
        *plan.lock().unwrap() = vec![0];
        let (slow, other) =
            (write(house, 2, MessageKind::Invitation, None), write(house, 3, MessageKind::Invitation, None));
        house.work();
        assert_eq!(state(house, slow), ("waiting".into(), "slow".into(), true));
        assert_eq!(state(house, other), ("waiting".into(), String::new(), true), "the others wait a minute");
        assert_eq!(heard.lock().unwrap().len(), 2);
        later(house);
        assert_eq!((state(house, slow).0.as_str(), state(house, other).0.as_str()), ("sent", "sent"));
    });
}

#[test]
fn what_opens_something_is_forgotten() {
    let (url, heard, plan) = gateway();
    on_both_with(rooms, &[("TIWIZI_SMS_URL", &url)], |house| {
        heard.lock().unwrap().clear();
        let id = write(house, 1, MessageKind::Code, Some(CODE_LIFE));
        let admin = sign_in(house, "admin", &[("administrator", "platform")]);
        admin.get("/messages").is(200).says("il n’est pas montré").never_says("Bonjour 1");
        house.work();
        assert_eq!(state(house, id), ("sent".into(), String::new(), false));
        let facts: i64 =
            house.look(|db| db.one(&sql("select count(*) from fact where changes like '%Bonjour%'")));
        assert_eq!(facts, 0, "no fact keeps what a message says");
        // Too old, or replaced by a newer one, it is never sent.
        *plan.lock().unwrap() = vec![500];
        let id = write(house, 2, MessageKind::Code, Some(CODE_LIFE));
        house.work();
        house.given(|tx| {
            tx.run(&sql("update message set expires = 1 where id = ?").bind(id).open("a test"))?;
            tx.run(&sql("update job set due = 0"))
        });
        house.work();
        assert_eq!(state(house, id), ("failed".into(), "expired".into(), false));
        admin.post(&format!("/messages/{id}/again"), &[]).is(409).says("n’est plus gardé");
        assert_eq!(heard.lock().unwrap().len(), 2);
    });
}

#[test]
fn a_message_whose_work_was_lost_is_taken_up_again() {
    let (url, heard, _) = gateway();
    on_both_with(rooms, &[("TIWIZI_SMS_URL", &url)], |house| {
        heard.lock().unwrap().clear();
        let id = write(house, 1, MessageKind::Invitation, None);
        house.given(|tx| tx.run(&sql("delete from job")));
        house.work();
        kernel::work::begin_day(&house.app).unwrap();
        house.work();
        assert_eq!(state(house, id).0, "waiting", "its next try may still come");
        house.given(|tx| tx.run(&sql("update message set at = 1 where id = ?").bind(id).open("a test")));
        kernel::work::begin_day(&house.app).unwrap();
        house.work();
        assert_eq!(state(house, id).0, "sent");
    });
}

#[test]
fn an_erasure_reaches_messages() {
    on_both(rooms, |house| {
        let person = Id::new();
        house.given(|tx| {
            let form = Fields::of([("name.fr", "Fatima"), ("phone", "+212661000001"), ("erased", "no")]);
            kernel::record::create::<people::Person>(tx, person, &form, kernel::Standing::Steward)
        });
        let id = write(house, 1, MessageKind::Invitation, None);
        sign_in(house, "admin", &[("administrator", "platform")])
            .post(&format!("/people/{person}/erase"), &[("confirm", "effacer")])
            .is(303);
        assert_eq!(state(house, id), ("failed".into(), "erased".into(), false));
    });
}
