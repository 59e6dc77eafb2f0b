//! Questionnaires of two hundred and fifty questions that five hundred telephones send at once, each durable and among the
//! answers before it is acknowledged.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use sheet::{Out, XlsxStyle, XlsxWriter};

use crate::Result;
use crate::engine::{Engine, Run};
use crate::http::Browser;
use crate::load;
use crate::server::Server;

/// Telephones that send at once.
const TELEPHONES: usize = 500;
/// Questions of the form.
const QUESTIONS: usize = 250;
const JSON: &str = "Accept: application/json\r\n";

/// The questionnaire: numbers, texts and choices in turn.
fn questionnaire() -> Result<Vec<u8>> {
    let style = XlsxStyle { sheet: "survey", right_to_left: false, sheet_rows: None };
    let mut book = XlsxWriter::new(Vec::new(), style, &["type", "name", "label"])?;
    let mut row = |cells: [&str; 3]| book.row(&cells.map(Out::Text));
    row(["select_one_from_file cooperatives.csv", "cooperative", "Coopérative"])?;
    for n in 1..QUESTIONS {
        let kind = ["integer", "text", "select_one yes_no"][n % 3];
        row([kind, &format!("q{n}"), &format!("Question {n} du questionnaire")])?;
    }
    book.sheet("choices", &["list_name", "name", "label"])?;
    book.row(&["yes_no", "yes", "Oui"].map(Out::Text))?;
    book.row(&["yes_no", "no", "Non"].map(Out::Text))?;
    book.sheet("settings", &["form_title", "form_id"])?;
    book.row(&["Mesure", "mesure"].map(Out::Text))?;
    Ok(book.finish()?.0)
}

/// One that was filled in; `n` makes it another.
fn filled(n: u64, cooperative: &str) -> String {
    let mut answers = format!("<cooperative>{cooperative}</cooperative>");
    for question in 1..QUESTIONS {
        let answer = match question % 3 {
            0 => format!("{}", n * 31 + question as u64),
            1 => format!("Réponse {n} de la membre"),
            _ => ["yes", "no"][(n as usize + question) % 2].to_owned(),
        };
        answers.push_str(&format!("<q{question}>{answer}</q{question}>"));
    }
    format!(
        "<data id=\"mesure\" version=\"1\"><meta><instanceID>uuid:bench-{}-{n}</instanceID></meta>{answers}</data>",
        std::process::id()
    )
}

fn told(answer: &crate::http::Answer) -> Result<Value> {
    if answer.status >= 300 {
        return Err(format!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)).into());
    }
    Ok(serde_json::from_slice(&answer.body)?)
}

/// Publishes the questionnaire and makes a key; answers where telephones send.
fn publish(server: &Server, programme: &str) -> Result<String> {
    let mut manager = Browser::open(&server.address, Some("administrator"), JSON)?;
    let draft = manager.upload(
        &format!("/programmes/{programme}/surveys"),
        "file",
        "mesure.xlsx",
        &questionnaire()?,
    )?;
    let draft = told(&draft)?;
    let at = draft["location"].as_str().ok_or("no draft")?.to_owned();
    told(&manager.post(&format!("{at}/publication"), "")?)?;
    let mut coach = Browser::open(&server.address, Some("coach-0"), JSON)?;
    let made = told(&coach.post("/field/collect", &format!("name=Mesure&programme={programme}"))?)?;
    let address = made["fresh"]["address"].as_str().ok_or("no key")?;
    let path = address.find("/v1/").and_then(|at| address.get(at..)).ok_or("no address")?;
    Ok(format!("{path}/submission"))
}

/// Waits until the server has read what it holds in memory, five minutes at the most: that is no part of the measure.
fn calm(server: &Server) -> Result {
    let (mut still, began) = (0, Instant::now());
    while still < 5 && began.elapsed() < Duration::from_secs(300) {
        let before = (server.cpu()?, server.read()?);
        std::thread::sleep(Duration::from_secs(1));
        let busy = server.cpu()? - before.0 > 0.1 || server.read()? - before.1 > 1 << 20;
        still = if busy { 0 } else { still + 1 };
    }
    Ok(())
}

/// Sends from five hundred telephones, then counts what is among the answers.
pub(crate) fn measure(run: &mut Run<'_>, engine: &Engine, server: &Server) -> Result {
    let programme = &engine.known.programme;
    let path = publish(server, programme)?;
    calm(server)?;
    let cooperatives = &engine.known.of_coach;
    let next = AtomicU64::new(0);
    let begin = |_| Browser::open(&server.address, None, "");
    let ask = |telephone: &mut Browser| {
        let n = next.fetch_add(1, Ordering::Relaxed);
        let xml = filled(n, &cooperatives[n as usize % cooperatives.len()]);
        let answer = telephone.upload(&path, "xml_submission_file", "s.xml", xml.as_bytes())?;
        if answer.status == 201 {
            Ok(())
        } else {
            Err(format!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)).into())
        }
    };
    load::run_over(TELEPHONES, server, Duration::from_secs(1), begin, ask)?;
    let (load, _) = load::run_over(TELEPHONES, server, run.asked.time, begin, ask)?;
    let sent = next.load(Ordering::Relaxed) as i64;
    let began = Instant::now();
    let lost = loop {
        let there = counted(engine)?;
        if there == sent || began.elapsed() > Duration::from_secs(60) {
            break sent - there;
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    let (name, report) = ("questionnaires of 250 answers, 500 telephones", &mut run.report);
    report.add(engine.name, name, load.rate, "requests/s", Some(500.0), None);
    report.add(engine.name, &format!("{name}: p95"), load.within(0.95), "ms", None, None);
    report.add(engine.name, &format!("{name}: processor"), load.cpu, "ms/request", None, None);
    report.add(engine.name, &format!("{name}: lost"), lost as f64, "answers", Some(0.0), None);
    report.add(
        engine.name,
        "the last one is among the answers after",
        began.elapsed().as_secs_f64() * 1000.0,
        "ms",
        None,
        None,
    );
    Ok(())
}

fn counted(engine: &Engine) -> Result<i64> {
    let query = kernel::sql(
        "select count(*) from survey_answer a join survey s on s.id = a.survey where s.form = 'mesure'",
    );
    Ok(kernel::store::Store::open(&engine.place(), 1)?.read(|db| db.one(&query.open("a measure")))?)
}
