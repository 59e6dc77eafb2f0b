//! Figures over three years of work: dashboards, tables, lists of records, a report on paper, a wide export; and the same
//! figures as an engine made for counting gives them.

mod beside;
mod paper;

use std::time::{Duration, Instant};

use impact::{Cut, Indicator};
use kernel::{Db, sql};

use crate::Result;
use crate::engine::{Engine, Run};
use crate::fieldwork::called;
use crate::http::Browser;
use crate::server::Server;

/// What a country looks at: half of them count people, the others cooperatives, money and work.
const NATIONAL: [&str; 20] = [
    "people-trained",
    "women-trained",
    "youth-trained",
    "person-hours",
    "participations",
    "people-first-time",
    "presence",
    "learning-gain",
    "members-registered",
    "jobs",
    "jobs-full-time",
    "income-paid",
    "cooperatives-supported",
    "cooperatives-graduated",
    "visits-made",
    "coach-hours",
    "actions-done",
    "diagnosis-change",
    "equipment-working",
    "grants-paid",
];

/// How long figures may take to be read into memory after the start.
const PATIENCE: Duration = Duration::from_secs(900);
/// Tables of more cells than this are no page: every commune in every programme.
const MANY: [Cut; 4] = [Cut::Cooperative, Cut::Promotion, Cut::Programme, Cut::Commune];

/// All of them.
pub(crate) fn measure(run: &mut Run<'_>, engine: &Engine, server: &Server) -> Result {
    held(run, engine, server)?;
    national(run, engine, server)?;
    programmes(run, engine, server)?;
    tables(run, engine, server)?;
    records(run, engine, server)?;
    paper::report(run, engine, server)?;
    paper::export(run, engine)
}

/// The same figures by an engine made for counting. It starts a server of its own: no other may run.
pub(crate) fn beside(run: &mut Run<'_>, engine: &Engine) -> Result {
    beside::measure(run, engine)
}

fn ms(from: Instant) -> f64 {
    from.elapsed().as_secs_f64() * 1000.0
}

fn read(browser: &mut Browser, path: &str) -> Result<f64> {
    let asked = Instant::now();
    let answer = browser.count(path)?;
    if answer.status == 200 { Ok(ms(asked)) } else { Err(format!("{} from {path}", answer.status).into()) }
}

/// Within which time so many in a hundred were done.
fn within(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    let at = (times.len() as f64 * share) as usize;
    times.get(at.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// How much an address of numbers tells of this.
fn level(browser: &mut Browser, name: &str) -> Result<f64> {
    let text = String::from_utf8(browser.get("/metrics")?.body)?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    Ok(line.and_then(|number| number.parse().ok()).unwrap_or_default())
}

/// How long it takes after a start until figures are in memory, and how much that is.
fn held(run: &mut Run<'_>, engine: &Engine, server: &Server) -> Result {
    if std::env::var("TIWIZI_FIGURES_MEMORY").is_ok_and(|most| most == "0") {
        run.report.note("nothing is held in memory: every figure is counted by its statement".into());
        return Ok(());
    }
    let (began, before) = (Instant::now(), server.memory()?.0);
    let mut browser = Browser::open(&server.address, Some("administrator"), "")?;
    while level(&mut browser, "tiwizi_figures_held")? == 0.0 {
        if began.elapsed() > PATIENCE {
            return Err("figures are not held".into());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    let report = &mut run.report;
    report.add(
        engine.name,
        "figures in memory after a start",
        began.elapsed().as_secs_f64(),
        "s",
        None,
        None,
    );
    let bytes = level(&mut browser, "tiwizi_figures_held_bytes")? / 1e6;
    report.add(engine.name, "figures in memory: their columns", bytes, "MB", None, None);
    report.add(
        engine.name,
        "figures in memory: the process grew by",
        server.memory()?.0 - before,
        "MB",
        None,
        None,
    );
    Ok(())
}

/// Until all of them are held: seconds.
fn wait(server: &Server) -> Result<(Browser, f64)> {
    let began = Instant::now();
    let mut browser = Browser::open(&server.address, Some("administrator"), "")?;
    while level(&mut browser, "tiwizi_figures_held")? == 0.0 {
        if began.elapsed() > PATIENCE {
            return Err("figures are not held".into());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok((browser, began.elapsed().as_secs_f64()))
}

fn indicator(code: &str) -> Result<std::sync::Arc<Indicator>> {
    Ok(impact::shipped(code)?)
}

/// By province, and by sex where people are counted.
fn cuts(indicator: &Indicator) -> Vec<Cut> {
    [Cut::Province, Cut::Sex].into_iter().filter(|cut| indicator.cuts.contains(cut)).collect()
}

fn query(cuts: &[Cut]) -> String {
    let names = ["by", "and"].into_iter().zip(cuts);
    names.map(|(name, cut)| format!("&{name}={}", cut.code())).collect()
}

/// Twenty tables over the whole country: the first time, again, and how soon they follow a change.
fn national(run: &mut Run<'_>, engine: &Engine, server: &Server) -> Result {
    let mut paths = Vec::new();
    for code in NATIONAL {
        paths.push(format!("/indicators/{code}?{}", query(&cuts(&*indicator(code)?))));
    }
    let mut browser = Browser::open(&server.address, Some("administrator"), "Accept-Encoding: gzip\r\n")?;
    let mut all = |paths: &[String]| -> Result<(f64, f64, String)> {
        let (mut sum, mut worst, mut which) = (0.0, 0.0, String::new());
        for path in paths {
            let took = read(&mut browser, path)?;
            sum += took;
            if took > worst {
                (worst, which) = (took, path.clone());
            }
        }
        Ok((sum, worst, which))
    };
    let (first, worst, which) = all(&paths)?;
    let name = "country: 20 figures by province and sex";
    run.report.add(engine.name, &format!("{name}, first"), first, "ms", Some(1000.0), None);
    run.report.note(format!("the slowest of them the first time: {worst:.0} ms, {which}"));
    let mut times = (0..10).map(|_| Ok(all(&paths)?.0)).collect::<Result<Vec<f64>>>()?;
    let again = within(&mut times, 0.5);
    run.report.add(engine.name, &format!("{name}, again"), again, "ms", Some(50.0), None);
    let page = ["/territories?by=province&theme=training".to_owned()];
    let name = "country: its page";
    run.report.add(engine.name, &format!("{name}, first"), all(&page)?.0, "ms", None, None);
    let mut times = (0..10).map(|_| Ok(all(&page)?.0)).collect::<Result<Vec<f64>>>()?;
    run.report.add(engine.name, &format!("{name}, again"), within(&mut times, 0.5), "ms", None, None);
    fresh(run, engine, server, &mut all, &paths)
}

/// Reads pages: how long all of them took together, and which took longest.
type ReadAll<'a> = dyn FnMut(&[String]) -> Result<(f64, f64, String)> + 'a;

/// A roll-call changes, and its figure is asked for until it says so.
fn fresh(
    run: &mut Run<'_>,
    engine: &Engine,
    server: &Server,
    all: &mut ReadAll<'_>,
    paths: &[String],
) -> Result {
    let path = format!("/training/sessions/{}/roll-call", called());
    let json = "Accept: application/json\r\n";
    let mut coach = Browser::open(&server.address, Some("coach-0"), json)?;
    let mut reader = Browser::open(&server.address, Some("administrator"), json)?;
    let mut count = || -> Result<i64> {
        let answer = reader.get("/indicators/participations?by=province&and=sex")?;
        let page: serde_json::Value = serde_json::from_slice(&answer.body)?;
        page["total"]["n"].as_i64().ok_or_else(|| "no figure".into())
    };
    coach.post(&path, &crate::accompany::call(false))?;
    let (mut waits, mut after) = (Vec::new(), Vec::new());
    for present in [true, false, true, false, true] {
        let before = count()?;
        coach.post(&path, &crate::accompany::call(present))?;
        let began = Instant::now();
        while count()? == before {
            if began.elapsed() > Duration::from_secs(60) {
                return Err("a change is not seen in a minute".into());
            }
        }
        waits.push(ms(began));
        after.push(all(paths)?.0);
    }
    let (name, report) = ("country: 20 figures by province and sex", &mut run.report);
    let slowest = within(&mut waits, 1.0);
    report.add(engine.name, "country: a change is seen after, at most", slowest, "ms", Some(2000.0), None);
    report.add(engine.name, &format!("{name}, after a change"), within(&mut after, 0.5), "ms", None, None);
    Ok(())
}

/// Dashboards of one programme after the other, as their sponsors read them.
fn programmes(run: &mut Run<'_>, engine: &Engine, server: &Server) -> Result {
    let place = engine.place();
    let query = sql("select id from programme order by id limit 400");
    let ids: Vec<String> = kernel::store::Store::open(&place, 1)?
        .read(|db: &mut Db| db.rows(&query.open("a measure"), kernel::value::Row::take))?;
    let paths = ids.iter().map(|id| format!("/programmes/{id}/impact")).collect();
    let name = "a programme's dashboard, 23 figures";
    times(run, engine, server, name, paths, 50.0)
}

/// Pages one after the other as long as was asked for.
fn times(
    run: &mut Run<'_>,
    engine: &Engine,
    server: &Server,
    name: &str,
    paths: Vec<String>,
    target: f64,
) -> Result {
    let mut browser = Browser::open(&server.address, Some("administrator"), "Accept-Encoding: gzip\r\n")?;
    let (mut all, began) = (Vec::new(), Instant::now());
    let mut slowest = (0.0, String::new());
    for path in paths.iter().cycle() {
        if began.elapsed() > run.asked.time && all.len() >= paths.len().min(20) {
            break;
        }
        let took = read(&mut browser, path)?;
        if took > slowest.0 {
            slowest = (took, path.clone());
        }
        all.push(took);
    }
    run.report.add(engine.name, &format!("{name}: median"), within(&mut all, 0.5), "ms", None, None);
    run.report.add(engine.name, &format!("{name}: p95"), within(&mut all, 0.95), "ms", Some(target), None);
    run.report.note(format!("the slowest: {:.0} ms, {}", slowest.0, slowest.1));
    Ok(())
}

/// Every indicator by every two of its cuts that make a page.
fn tables(run: &mut Run<'_>, engine: &Engine, server: &Server) -> Result {
    let mut browser = Browser::open(&server.address, Some("administrator"), "Accept-Encoding: gzip\r\n")?;
    let (mut all, mut slowest) = (Vec::new(), (0.0, String::new()));
    for indicator in impact::all()? {
        for (at, by) in indicator.cuts.iter().enumerate() {
            for and in &indicator.cuts[at + 1..] {
                // A long list stands in the rows.
                let (by, and) = if MANY.contains(and) { (and, by) } else { (by, and) };
                if MANY.contains(and) || *by == Cut::Cooperative {
                    continue;
                }
                let path = format!("/indicators/{}?{}", indicator.code, query(&[*by, *and]));
                let took = read(&mut browser, &path)?;
                if took > slowest.0 {
                    slowest = (took, path);
                }
                all.push(took / 1000.0);
            }
        }
    }
    let count = all.len();
    run.report.add(engine.name, "any figure by any two cuts: median", within(&mut all, 0.5), "s", None, None);
    run.report.add(
        engine.name,
        "any figure by any two cuts: slowest",
        within(&mut all, 1.0),
        "s",
        Some(2.0),
        None,
    );
    run.report.note(format!("{count} tables; the slowest: {:.0} ms, {}", slowest.0, slowest.1));
    Ok(())
}

/// Lists of the records behind a figure, of the whole country and of a province, first pages and later ones.
fn records(run: &mut Run<'_>, engine: &Engine, server: &Server) -> Result {
    let mut paths = Vec::new();
    for code in NATIONAL {
        let indicator = indicator(code)?;
        paths.push(format!("/indicators/{code}/records"));
        paths.push(format!("/indicators/{code}/records?page=7"));
        if indicator.cuts.contains(&Cut::Province) {
            paths.push(format!("/indicators/{code}/records?cut.province={}", crate::country::PROVINCE));
        }
        if indicator.cuts.contains(&Cut::Sex) {
            paths.push(format!("/indicators/{code}/records?cut.sex=woman"));
        }
    }
    times(run, engine, server, "records behind a figure", paths, 100.0)
}
