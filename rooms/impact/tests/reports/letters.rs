//! Reports that make and send themselves: on their day, once, to each reader, with the report in the letter.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use kernel::testing::{House, Visitor, on_both, on_both_with};
use kernel::{sql, today};
use people::testing::sign_in;

use crate::ground::*;

/// What a mail server was handed, whole.
type Heard = Arc<Mutex<Vec<String>>>;
/// What it answers to the next recipients; 250 when there is no more.
type Plan = Arc<Mutex<Vec<u16>>>;

/// A mail server: its address, what it took, what it will answer.
fn server() -> (String, Heard, Plan) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let (heard, plan) = (Heard::default(), Plan::default());
    let (told, next) = (Arc::clone(&heard), Arc::clone(&plan));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let mut say = |text: &str| write!(stream, "{text}\r\n").unwrap();
            say("220 here");
            let mut letter = String::new();
            let mut within = false;
            while let Some(Ok(line)) = lines.next() {
                letter += &line;
                letter.push('\n');
                match line.split(' ').next().unwrap_or_default() {
                    "." => {
                        within = false;
                        told.lock().unwrap().push(std::mem::take(&mut letter));
                        say("250 taken");
                    }
                    _ if within => {}
                    "DATA" => {
                        within = true;
                        say("354 go on");
                    }
                    "RCPT" => {
                        let mut plan = next.lock().unwrap();
                        let status = if plan.is_empty() { 250 } else { plan.remove(0) };
                        say(&format!("{status} x"));
                    }
                    "QUIT" => say("221 bye"),
                    _ => say("250 x"),
                }
            }
        }
    });
    (url, heard, plan)
}

/// The day begins, and the work of it is done.
fn day(house: &House) {
    kernel::work::begin_day(&house.app).unwrap();
    house.work();
}

fn schedule(manager: &Visitor<'_>, programme: &str, readers: &str) -> String {
    let id = kernel::Id::new().to_string();
    let form = [
        ("id", id.as_str()),
        ("template", "monthly"),
        ("title", "Fiche du mois"),
        ("language", "fr"),
        ("every", "month"),
        ("next", &today().to_string()),
        ("recipients", readers),
    ];
    manager.post(&format!("/programmes/{programme}/report-schedules"), &form).is(303);
    id
}

fn states(manager: &Visitor<'_>, programme: &str) -> Vec<String> {
    let page = manager.get_json(&format!("/programmes/{programme}/reports")).is(200).json();
    let mut all: Vec<String> = page["letters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|letter| {
            format!("{} {}", letter["address"].as_str().unwrap(), letter["state"].as_str().unwrap())
        })
        .collect();
    all.sort();
    all
}

#[test]
fn on_its_day_a_report_is_made_once_and_sent_to_each_reader() {
    let (url, heard, plan) = server();
    let environment =
        [("TIWIZI_SMTP_URL", url.as_str()), ("TIWIZI_SMTP_FROM", "Tiwizi <tiwizi@example.org>")];
    on_both_with(rooms, &environment, |house| {
        let Ground { manager, programme, .. } = ground(house);
        heard.lock().unwrap().clear();
        // The second reader's address is unknown there; the third one's server is busy.
        plan.lock().unwrap().extend([250, 550, 451]);
        schedule(&manager, &programme, "a@example.org, b@example.org\nc@example.org A@example.org");
        day(house);
        let letters = heard.lock().unwrap().clone();
        assert_eq!(letters.len(), 1, "{letters:?}");
        assert!(letters[0].contains("RCPT TO:<") && letters[0].contains("application/pdf"));
        assert!(letters[0].contains("Fiche du mois"), "the subject is plain");
        let mut said: Vec<String> = states(&manager, &programme)
            .iter()
            .filter_map(|line| line.split(' ').nth(1).map(str::to_owned))
            .collect();
        said.sort();
        assert_eq!(said, ["failed", "sent", "waiting"]);
        let page = manager.get_json(&format!("/programmes/{programme}/reports")).json();
        assert_eq!(page["reports"].as_array().unwrap().len(), 1);
        assert!(page["reports"][0]["frozen"].is_string(), "what is sent no longer changes");
        assert_eq!(page["schedules"][0]["readers"], 3, "each address once, however it is written");
        // The same day again, and the same work again: nothing more goes out.
        day(house);
        assert_eq!(heard.lock().unwrap().len(), 1);
        // Whoever failed is tried again by hand; who waits, when the pause is over.
        let failed =
            page["letters"].as_array().unwrap().iter().find(|letter| letter["state"] == "failed").unwrap();
        manager.get(&format!("/programmes/{programme}/reports")).says("vérifiez l’adresse").says("Renvoyer");
        manager.post(&format!("/report-letters/{}/again", failed["id"].as_str().unwrap()), &[]).is(303);
        house.given(|tx| {
            let now = sql("update job set due = 0 where state = 'waiting'");
            tx.run(&now)
        });
        house.work();
        assert_eq!(heard.lock().unwrap().len(), 3);
        assert!(states(&manager, &programme).iter().all(|line| line.ends_with(" sent")));
    });
}

#[test]
fn without_a_mail_server_reports_are_made_and_kept() {
    on_both(rooms, |house| {
        let Ground { manager, coach, partner, programme, .. } = ground(house);
        let page = format!("/programmes/{programme}/reports");
        manager.get(&page).is(200).says("Aucun rapport ne part encore").says("Aucun serveur de courrier");
        let id = schedule(&manager, &programme, "a@example.org");
        day(house);
        assert_eq!(states(&manager, &programme), ["a@example.org kept"]);
        manager.get(&page).says("À transmettre").never_says("Renvoyer");
        // Whoever does not steward the programme neither sees addresses nor sends.
        for visitor in [&coach, &partner] {
            visitor.get(&page).is(200).never_says("a@example.org");
            visitor.get(&format!("/programmes/{programme}/report-schedules/new")).is(403);
            visitor.post(&format!("/programmes/{programme}/report-schedules"), &[("title", "x")]).is(403);
            visitor.get(&format!("/report-schedules/{id}/edit")).is(403);
        }
        let stranger = sign_in(house, "driss", &[]);
        stranger.get(&format!("/report-schedules/{id}/edit")).is(404);
        // What cannot be is refused with a sentence, and nothing is kept of it.
        let wrong = |form: &[(&str, &str)], sentence: &str| {
            let mut all = vec![
                ("template", "monthly"),
                ("title", "Fiche"),
                ("language", "fr"),
                ("every", "month"),
                ("recipients", "a@example.org"),
            ];
            all.retain(|(name, _)| form.iter().all(|(other, _)| other != name));
            all.extend(form);
            manager.post(&format!("/programmes/{programme}/report-schedules"), &all).is(422).says(sentence);
        };
        wrong(&[("recipients", "a@example.org pas-une-adresse")], "nom@domaine.org");
        wrong(&[("recipients", " , ")], "entre une et cinquante");
        wrong(&[("next", "2020-01-01")], "un jour à venir");
        wrong(&[("template", "empty")], "");
        wrong(&[("template", "committee")], "");
        assert_eq!(manager.get_json(&page).json()["schedules"].as_array().unwrap().len(), 1);
        manager.post(&format!("/report-schedules/{id}/remove"), &[]).is(303);
        assert_eq!(manager.get_json(&page).json()["schedules"].as_array().unwrap().len(), 0);
    });
}
