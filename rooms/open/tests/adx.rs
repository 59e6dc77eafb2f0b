//! Figures for DHIS2: codes are data, what is sent was tried, and the receiver's answer is shown.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kernel::testing::{on_both, on_both_with};

use crate::{place, put, rooms};

const TOKEN: (&str, &str) = ("TIWIZI_DHIS2_TOKEN", "d2pat_x");

type Heard = Arc<Mutex<Vec<String>>>;
/// The statuses that it answers with.
type Plan = Arc<Mutex<Vec<u16>>>;

/// A receiver: its address, what it heard, and what it answers next; 200 when nothing else was said.
fn receiver() -> (String, Heard, Plan) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (heard, plan) = (Heard::default(), Plan::default());
    let (told, next) = (Arc::clone(&heard), Arc::clone(&plan));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
            let (mut all, mut piece) = (Vec::new(), [0; 4096]);
            while let Ok(n @ 1..) = stream.read(&mut piece) {
                all.extend_from_slice(&piece[..n]);
            }
            told.lock().unwrap().push(String::from_utf8_lossy(&all).into_owned());
            let status = next.lock().unwrap().pop().unwrap_or(200);
            let body = format!("<importSummary>{status} &amp; seen</importSummary>");
            let head =
                format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    (url, heard, plan)
}

fn quarter() -> String {
    let today = kernel::today();
    let first = (today.month() - 1) / 3 * 3 + 1;
    format!("{:04}-{first:02}-01/P3M", today.year())
}

#[test]
fn what_is_sent_was_tried_and_the_answer_is_shown() {
    let (url, heard, plan) = receiver();
    on_both_with(rooms, &[("TIWIZI_DHIS2_URL", &url), TOKEN], |house| {
        let here = place(house);
        heard.lock().unwrap().clear();
        let page = format!("/programmes/{}/adx", here.programme);
        let period = quarter();
        let hand = |send: bool| {
            let id = kernel::Id::new().to_string();
            let mut form = vec![("id", id.as_str()), ("period", period.as_str())];
            form.extend(send.then_some(("send", "yes")));
            let status = here.manager.post(&page, &form).status;
            // Sent twice it is one.
            assert_eq!(here.manager.post(&page, &form).status, status);
            house.work();
            status
        };
        // Without codes there is nothing to send.
        here.manager.get(&page).is(200).says("Aucun code encore");
        assert_eq!(hand(false), 409);
        let codes = format!("/programmes/{}/adx-codes", here.programme);
        let code = |ours: &str, code: &str| put(&here.manager, &codes, &[("ours", ours), ("code", code)]);
        for (ours, theirs) in [
            ("dataset", "DS_COOP"),
            ("org", "OU_PROG"),
            ("indicator:members-registered", "DE_MEMBERS"),
            ("indicator:members-registered:sex", "DE_MEMBERS_SEX"),
            ("cut:sex", "SEX"),
            ("bucket:sex:woman", "F"),
        ] {
            code(ours, theirs);
        }
        let form = [("ours", "dataset"), ("code", "again")];
        here.manager.post(&codes, &form).is(422).says("Ceci a déjà un code");
        let form = [("ours", "cut:age"), ("code", "1 AGE")];
        here.manager.post(&codes, &form).is(422).says("devient un nom en XML");
        here.manager.post(&codes, &[("ours", "cut:colour"), ("code", "C")]).is(422);
        let file = here.manager.get(&format!("{page}/file?period={period}")).is(200).text();
        assert!(file.contains("<adx xmlns=\"urn:ihe:qrph:adx:2015\" exported=\""), "{file}");
        let group = format!("<group orgUnit=\"OU_PROG\" period=\"{period}\" dataSet=\"DS_COOP\">");
        assert!(
            file.contains(&group) && file.contains("<dataValue dataElement=\"DE_MEMBERS\" value=\"9\"/>"),
            "{file}"
        );
        // Two men are few, and seven women would betray them.
        assert!(!file.contains("DE_MEMBERS_SEX") && !file.contains("Zahra"), "{file}");
        here.manager.get(&format!("{page}?period={period}")).is(200).says("1 valeur").says("Homme");
        here.manager
            .get(&format!("{page}?period=2026-11-02/P3M"))
            .is(409)
            .says("Cette période n’en est pas une");
        // What was not tried is not sent; what was refused is not either.
        assert_eq!(hand(true), 409);
        plan.lock().unwrap().push(409);
        assert_eq!(hand(false), 303);
        here.manager.get(&page).is(200).says("Refusé").says("409 &#38;amp; seen");
        assert_eq!(hand(true), 409);
        assert_eq!(hand(false), 303);
        here.manager.get(&format!("{page}?period={period}")).is(200).says("Accepté").says("Envoyer");
        assert_eq!(hand(true), 303);
        let sent = heard.lock().unwrap().clone();
        assert_eq!(sent.len(), 3, "{sent:#?}");
        assert!(sent[0].starts_with("POST /api/dataValueSets?dryRun=true HTTP/1.1\r\n"), "{}", sent[0]);
        assert!(sent[2].starts_with("POST /api/dataValueSets?dryRun=false HTTP/1.1\r\n"), "{}", sent[2]);
        for text in &sent {
            let head = text.to_lowercase();
            assert!(head.contains("content-type: application/adx+xml\r\n"), "{text}");
            assert!(head.contains("authorization: apitoken d2pat_x\r\n"), "{text}");
            assert!(text.contains(&group), "{text}");
        }
        // Other figures were not tried.
        code("indicator:cooperatives-supported", "DE_COOPS");
        assert_eq!(hand(true), 409);
        // Nobody else's business.
        here.partner.get(&page).is(403);
        here.partner.post(&page, &[("period", &period)]).is(403);
        house.visitor().get(&page).is(303).leads_to("/sign-in");
    });
}

#[test]
fn without_a_receiver_the_file_is_taken_by_hand() {
    on_both(rooms, |house| {
        let here = place(house);
        let page = format!("/programmes/{}/adx", here.programme);
        here.manager.get(&page).is(200).says("n’a nommé aucun serveur");
        here.manager.post(&page, &[("period", &quarter())]).is(409).says("n’a nommé aucun serveur");
        here.partner.post(&page, &[("period", &quarter())]).is(403);
    });
}
