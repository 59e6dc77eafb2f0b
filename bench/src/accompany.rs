//! Work in the field and what comes of it: a roll-call, a page of the diagnosis, a thousand certificates.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use kernel::{Lang, Paper};
use serde_json::Value;

use crate::Result;
use crate::engine::{Engine, Run};
use crate::fieldwork::{CALLED, CERTIFICATES, assessment, called, certified, half_day, participant};
use crate::floor::Floor;
use crate::http::Browser;
use crate::load;
use crate::server::Server;

const JSON: &str = "Accept: application/json\r\n";

/// The roll-call of thirty, with or without them all.
pub(crate) fn call(present: bool) -> String {
    let ids = (0..CALLED).map(|n| participant(called(), n));
    let name = if present { "&present=" } else { "" };
    let marks =
        ids.map(|id| if present { format!("&listed={id}{name}{id}") } else { format!("&listed={id}") });
    format!("half_day={}{}", half_day(), marks.collect::<String>())
}

/// A roll-call saved by one trainer after the other, each time with every mark changed.
pub(crate) fn roll_call(run: &mut Run<'_>, engine: &Engine, server: &Server, floor: &mut Floor) -> Result {
    let path = format!("/training/sessions/{}/roll-call", called());
    let mut coach = Browser::open(&server.address, Some("coach-0"), JSON)?;
    let (mut times, began) = (Vec::new(), Instant::now());
    while began.elapsed() < run.asked.time {
        let asked = Instant::now();
        let answer = coach.post(&path, &call(times.len() % 2 == 0))?;
        times.push(asked.elapsed().as_secs_f64() * 1000.0);
        if answer.status != 200 {
            return Err(format!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)).into());
        }
    }
    let least = floor.repeat(run.asked.time / 5, "coach-0", &path, [&call(true), &call(false)])?;
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[(times.len() as f64 * share) as usize % times.len()];
    let (name, report) = ("roll-call of 30 saved", &mut run.report);
    report.add(engine.name, &format!("{name}: median"), at(0.5), "ms", None, Some(least.mean));
    report.add(engine.name, &format!("{name}: p99"), at(0.99), "ms", Some(100.0), Some(least.p99));
    Ok(())
}

/// What a round of the diagnosis says, as a coach reads it.
pub(crate) fn diagnosis(run: &mut Run<'_>, engine: &Engine, server: &Server, floor: &mut Floor) -> Result {
    let paths: Vec<String> =
        engine.known.of_coach.iter().map(|id| format!("/assessments/{}", assessment(id))).collect();
    let least = floor.read(run.asked.time / 5, Some("coach-0"), &paths)?;
    let load = load::read(server, run.asked.time, Some("coach-0"), &paths)?;
    let (name, report) = ("a diagnosis, coach", &mut run.report);
    report.add(engine.name, name, load.rate, "requests/s", None, Some(1000.0 / least.mean));
    report.add(engine.name, &format!("{name}: p99"), load.within(0.99), "ms", Some(30.0), Some(least.p99));
    report.add(engine.name, &format!("{name}: processor"), load.cpu, "ms/request", None, Some(least.mean));
    Ok(())
}

/// As many pages with a name, a square code and nothing else: what the typesetter alone takes.
fn pages() -> Result<f64> {
    let square = kernel::square("https://tiwizi.example/verify/01234567890123456789")?.0.into_bytes();
    let names: Vec<String> = (0..CERTIFICATES).map(|n| format!("Membre {n}")).collect();
    let paper = Paper {
        template: "#import \"house.typ\": *\n#show: house\n#for (i, one) in data.names.enumerate() { if i > 0 { pagebreak() } \
                   else { heading(level: 1, title) }; one; image(\"square.svg\", width: 30mm, alt: one) }",
        title: "Bench".into(),
        lang: Lang::Fr,
        data: serde_json::json!({ "names": names }),
        pictures: vec![("square.svg".into(), square)],
    };
    let began = Instant::now();
    (tiwizi::press::PRESS.print)(&paper)?;
    Ok(began.elapsed().as_secs_f64())
}

/// A thousand certificates: issued, then printed in the background while a page is read.
pub(crate) fn certificates(run: &mut Run<'_>, engine: &Engine, server: &Server) -> Result {
    let path = format!("/training/sessions/{}/certificates", certified());
    let mut manager = Browser::open(&server.address, Some("administrator"), JSON)?;
    let began = Instant::now();
    let answer = manager.post(&path, "")?;
    if answer.status != 200 {
        return Err(format!("issuing: {} {}", answer.status, String::from_utf8_lossy(&answer.body)).into());
    }
    let issued = began.elapsed().as_secs_f64();
    let before = server.memory()?.0;
    let done = AtomicBool::new(false);
    let (took, worst) = std::thread::scope(|scope| -> Result<(f64, f64)> {
        // Somebody goes on working meanwhile.
        let reader = scope.spawn(|| {
            let mut worst = 0.0_f64;
            let mut coach = Browser::open(&server.address, Some("coach-0"), "").ok()?;
            while !done.load(Ordering::Relaxed) {
                let asked = Instant::now();
                coach.count("/organisations").ok()?;
                worst = worst.max(asked.elapsed().as_secs_f64() * 1000.0);
                std::thread::sleep(Duration::from_millis(50));
            }
            Some(worst)
        });
        let began = Instant::now();
        let printed = print(&mut manager, &path);
        done.store(true, Ordering::Relaxed);
        let worst = reader.join().ok().flatten().unwrap_or_default();
        printed?;
        Ok((began.elapsed().as_secs_f64(), worst))
    })?;
    let (memory, pdf) = (server.memory()?.1 - before, manager.count(&format!("{path}/pdf"))?);
    let least = pages()?;
    let report = &mut run.report;
    report.add(engine.name, "1,000 certificates issued and signed", issued, "s", None, None);
    report.add(
        engine.name,
        "1,000 certificates in PDF, in the background",
        took,
        "s",
        Some(60.0),
        Some(least),
    );
    report.add(engine.name, "printing: memory beside, at most", memory, "MB", None, None);
    report.add(engine.name, "printing: slowest list meanwhile", worst, "ms", None, None);
    report.note(format!("the document has {:.1} MB", pdf.bytes as f64 / 1e6));
    Ok(())
}

fn print(manager: &mut Browser, path: &str) -> Result {
    let asked = manager.post(&format!("{path}/print"), "")?;
    if asked.status != 200 {
        return Err(format!("printing: {}", asked.status).into());
    }
    loop {
        let page: Value = serde_json::from_slice(&manager.get(path)?.body)?;
        match page["state"].as_str() {
            Some("done") => return Ok(()),
            Some("failed") | None => return Err(format!("printing: {page}").into()),
            _ => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}
