//! What a gateway answers, and what one can do about it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use courier::{Config, Fault, Gateway, Message, Outcome, Reason};

/// A gateway that answers one request with this status, or never; tells what it was sent.
fn server(status: Option<u16>) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/send", listener.local_addr().unwrap());
    let (told, heard) = channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        let (mut all, mut piece) = (Vec::new(), [0; 4096]);
        while let Ok(n @ 1..) = stream.read(&mut piece) {
            all.extend_from_slice(&piece[..n]);
        }
        told.send(String::from_utf8(all).unwrap()).unwrap();
        match status {
            Some(status) => {
                let head = format!(
                    "HTTP/1.1 {status} x\r\nlocation: http://elsewhere.example/\r\ncontent-length: 2\r\n\r\nok"
                );
                stream.write_all(head.as_bytes()).unwrap();
            }
            None => std::thread::sleep(Duration::from_secs(2)),
        }
    });
    (url, heard)
}

const MESSAGE: Message<'_> = Message { id: "7", phone: "+212661000001", text: "Bonjour" };

fn tried(config: Config, status: Option<u16>) -> (Outcome, String) {
    let (url, heard) = server(status);
    let gateway = Gateway::open(&Config { url, ..config }, Duration::from_millis(900)).unwrap();
    let outcome = gateway.hand_over(MESSAGE);
    (outcome, heard.recv_timeout(Duration::from_secs(3)).unwrap())
}

#[test]
fn a_good_answer_is_accepted() {
    let (outcome, sent) = tried(Config { token: Some("secret".into()), ..Config::default() }, Some(202));
    assert_eq!(outcome, Outcome::Accepted);
    assert!(sent.starts_with("POST /send HTTP/1.1\r\n"), "{sent}");
    assert!(sent.to_lowercase().contains("authorization: bearer secret\r\n"), "{sent}");
    assert!(sent.ends_with(r#"{"id":"7","to":"+212661000001","message":"Bonjour"}"#), "{sent}");
}

#[test]
fn name_password_and_form_are_sent_as_gateways_want_them() {
    let config = Config {
        user: Some("sms".into()),
        password: Some("pw".into()),
        header: Some("X-Sender: Coop".into()),
        body: Some("To={phone}&Body={text}".into()),
        ..Config::default()
    };
    let (outcome, sent) = tried(config, Some(200));
    assert_eq!(outcome, Outcome::Accepted);
    let head = sent.to_lowercase();
    assert!(
        head.contains("authorization: basic c21zonb3\r\n") && head.contains("x-sender: coop\r\n"),
        "{sent}"
    );
    assert!(sent.ends_with("To=%2B212661000001&Body=Bonjour"), "{sent}");
}

#[test]
fn each_answer_says_what_can_be_done() {
    for (status, outcome) in [
        (500, Outcome::Later(Reason::Busy(500))),
        (429, Outcome::Later(Reason::Busy(429))),
        (400, Outcome::Refused(Reason::Refused(400))),
        (302, Outcome::Refused(Reason::Refused(302))),
        (401, Outcome::Refused(Reason::Credentials(401))),
        (409, Outcome::Accepted),
    ] {
        assert_eq!(tried(Config::default(), Some(status)).0, outcome, "{status}");
    }
    let unnamed = Config { body: Some("To={phone}&Body={text}".into()), ..Config::default() };
    assert_eq!(tried(unnamed, Some(409)).0, Outcome::Refused(Reason::Refused(409)));
}

#[test]
fn silence_and_absence_are_tried_again() {
    assert_eq!(tried(Config::default(), None).0, Outcome::Later(Reason::Slow));
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let config = Config { url: format!("http://{closed}/"), ..Config::default() };
    let gateway = Gateway::open(&config, Duration::from_secs(1)).unwrap();
    assert_eq!(gateway.hand_over(MESSAGE), Outcome::Later(Reason::Unreachable));
}

#[test]
fn what_cannot_work_is_refused_at_once() {
    let open = |config: Config| Gateway::open(&config, Duration::from_secs(1)).err();
    let url = "https://user:key@sms.example/send?key=1".to_owned();
    assert_eq!(open(Config { url: "sms.example".into(), ..Config::default() }), Some(Fault::Url));
    assert_eq!(
        open(Config { url: url.clone(), body: Some("{".into()), ..Config::default() }),
        Some(Fault::Body)
    );
    assert_eq!(
        open(Config { url: url.clone(), header: Some("key".into()), ..Config::default() }),
        Some(Fault::Header)
    );
    assert_eq!(
        open(Config { url: url.clone(), token: Some("a\r\nb: c".into()), ..Config::default() }),
        Some(Fault::Header)
    );
    let gateway = Gateway::open(&Config { url, ..Config::default() }, Duration::from_secs(1)).unwrap();
    assert_eq!(gateway.host(), "sms.example");
}
