//! A report for a sponsor on paper, and a table of many columns.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use kernel::Lang;
use kernel::table::{Format, export as table};
use sheet::Out;

use super::ms;
use crate::Result;
use crate::engine::{Engine, Run};
use crate::http::Browser;
use crate::server::Server;

/// What stands in the report beside what the ready one has: tables by cooperative, a page and more each.
const TABLES: [&str; 20] = [
    "people-trained",
    "person-hours",
    "participations",
    "people-first-time",
    "presence",
    "learning-gain",
    "women-trained",
    "youth-trained",
    "visits-made",
    "coach-hours",
    "actions-done",
    "diagnoses-made",
    "diagnosis-level",
    "equipment-delivered",
    "equipment-working",
    "grants-paid",
    "own-parts",
    "jobs",
    "jobs-full-time",
    "income-paid",
];

/// The yearly report of a programme with twenty long tables: composed, frozen, and printed.
pub(super) fn report(run: &mut Run<'_>, engine: &Engine, server: &Server) -> Result {
    let mut browser = Browser::open(&server.address, Some("administrator"), "Accept: application/json\r\n")?;
    let (programme, id) = (&engine.known.programme, kernel::Id::new());
    let today = kernel::today();
    let since = today.saturating_sub(jiff::Span::new().days(364));
    let form = format!("id={id}&template=annual&title=Rapport&language=fr&since={since}&until={today}");
    post(&mut browser, &format!("/programmes/{programme}/reports"), &form)?;
    for code in TABLES {
        let cuts = if ["jobs", "diagnosis-level", "equipment-working", "actions-done"].contains(&code) {
            "first_cut=cooperative"
        } else {
            "first_cut=cooperative&second_cut=quarter"
        };
        let section = kernel::Id::new();
        let path = format!("/reports/{id}/sections");
        post(&mut browser, &path, &format!("id={section}&kind=table"))?;
        let form = format!("version=1&heading={code}&indicators={code}&{cuts}");
        post(&mut browser, &format!("/report-sections/{section}"), &form)?;
    }
    let began = Instant::now();
    browser.count(&format!("/reports/{id}/pdf"))?;
    let draft = ms(began) / 1000.0;
    let began = Instant::now();
    post(&mut browser, &format!("/reports/{id}/freeze"), "version=1")?;
    let frozen = ms(began) / 1000.0;
    let began = Instant::now();
    let printed = browser.get(&format!("/reports/{id}/pdf"))?;
    let took = ms(began) / 1000.0;
    let file = run.folder.join("report.pdf");
    std::fs::write(&file, &printed.body)?;
    let told = std::process::Command::new("pdfinfo").arg(&file).output()?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    let pages = told.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap_or("?").trim();
    let report = &mut run.report;
    report.add(engine.name, "a sponsor's report in PDF, frozen", took, "s", Some(5.0), None);
    report.add(engine.name, "a sponsor's report in PDF, a draft", draft, "s", Some(5.0), None);
    report.add(engine.name, "a sponsor's report is frozen", frozen, "s", None, None);
    report.note(format!("the report has {pages} pages and {:.1} MB", printed.body.len() as f64 / 1e6));
    Ok(())
}

fn post(browser: &mut Browser, path: &str, form: &str) -> Result {
    let answer = browser.post(path, form)?;
    if answer.status == 200 {
        return Ok(());
    }
    Err(format!("{path}: {} {}", answer.status, String::from_utf8_lossy(&answer.body)).into())
}

const ROWS: i64 = 132_000;
const COLUMNS: usize = 510;

/// Rows that nobody stores, through the hands that every export goes through: numbers, dates, words.
pub(super) fn export(run: &mut Run<'_>, engine: &Engine) -> Result {
    let header = (0..COLUMNS).map(|n| format!("Question {n}")).collect();
    let reply = table(Format::Xlsx, "table", Lang::Fr, header, |_, rows| {
        let words: Vec<String> = (0..97).map(|n| format!("Réponse {n} في الدار")).collect();
        let mut row: Vec<Out<'_>> = Vec::with_capacity(COLUMNS);
        for n in 0..ROWS {
            row.clear();
            for column in 0..COLUMNS {
                let some = n as usize * 31 + column * 7;
                row.push(match column % 4 {
                    0 => Out::Int(some as i64 % 10_000),
                    1 => Out::Text(&words[some % words.len()]),
                    2 if !some.is_multiple_of(3) => Out::Empty,
                    2 => Out::Text("oui"),
                    _ => Out::Int((some % 5) as i64),
                });
            }
            rows(&row)?;
        }
        Ok(())
    });
    let kernel::Reply::Download { produce, .. } = reply else { return Err("no download".into()) };
    let settings = kernel::Settings { readers: 1, ..kernel::Settings::in_folder(&engine.data) };
    let app = kernel::App::open_as_it_is(&settings, tiwizi::rooms())?;
    let (before, done) = (memory()?, AtomicBool::new(false));
    let (took, most) = std::thread::scope(|scope| -> Result<(f64, f64)> {
        let watch = scope.spawn(|| {
            let mut most = before;
            while !done.load(Ordering::Relaxed) {
                most = memory().map_or(most, |now| now.max(most));
                std::thread::sleep(Duration::from_millis(20));
            }
            most
        });
        let began = Instant::now();
        let written = produce(&app, &mut std::io::sink());
        done.store(true, Ordering::Relaxed);
        let most = watch.join().unwrap_or(before);
        written?;
        Ok((began.elapsed().as_secs_f64(), most))
    })?;
    run.report.add(engine.name, "132,000 rows × 510 columns to XLSX", took, "s", Some(90.0), None);
    run.report.add(engine.name, "132,000 rows × 510 columns: memory beside", most - before, "MB", None, None);
    Ok(())
}

/// Megabytes of this process.
fn memory() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    Ok(line.split_whitespace().next().unwrap_or("0").parse::<f64>()? / 1024.0)
}
