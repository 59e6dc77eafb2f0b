//! Pages, lists, searches and saved changes under load.

use std::time::Duration;

use serde_json::Value;

use crate::country::{PROVINCE, REGION};
use crate::dice::Dice;
use crate::engine::{Engine, Run};
use crate::floor::Floor;
use crate::http::{Browser, encode};
use crate::load::{self, CONNECTIONS};
use crate::server::Server;
use crate::{Result, names};

/// A cooperative's page as a coach with rights through a programme.
pub(crate) fn page(run: &mut Run<'_>, engine: &Engine, server: &Server, floor: &mut Floor) -> Result {
    let paths: Vec<String> = engine.known.of_coach.iter().map(|id| format!("/organisations/{id}")).collect();
    let least = floor.read(floor_time(run), Some("coach-0"), &paths)?;
    let load = load::read(server, run.asked.time, Some("coach-0"), &paths)?;
    let (name, report) = ("a cooperative's page, coach", &mut run.report);
    report.add(engine.name, name, load.rate, "requests/s", Some(1500.0), Some(1000.0 / least.mean));
    report.add(engine.name, &format!("{name}: p99"), load.within(0.99), "ms", Some(30.0), Some(least.p99));
    report.add(
        engine.name,
        &format!("{name}: processor"),
        load.cpu,
        "ms/request",
        Some(0.6),
        Some(least.mean),
    );
    Ok(())
}

fn floor_time(run: &Run<'_>) -> Duration {
    run.asked.time / 5
}

/// The list with filters, rights and the exact count, for who sees little, much and everything.
pub(crate) fn list(run: &mut Run<'_>, engine: &Engine, server: &Server, floor: &mut Floor) -> Result {
    for (who, what) in [
        ("coach-0", "coach"),
        ("province", "manager of a province"),
        ("region", "manager of a region"),
        ("administrator", "administrator"),
    ] {
        let mut paths: Vec<String> =
            ["", "?kind=cooperative", "?kind=cooperative&activity=saffron", "?women_led=yes"]
                .map(|query| format!("/organisations{query}"))
                .into();
        paths.push(format!("/organisations?territory={PROVINCE}&kind=cooperative"));
        paths.push(format!("/organisations?territory={REGION}&activity=milk"));
        let name = format!("list with filter and exact count, {what}");
        reads(run, engine, server, floor, who, &name, &paths, (Some(40.0), None))?;
    }
    Ok(())
}

/// Search as one types, Latin and Arabic: what the field suggests, and the list with its exact count.
pub(crate) fn search(run: &mut Run<'_>, engine: &Engine, server: &Server, floor: &mut Floor) -> Result {
    let mut dice = Dice::new(7);
    let typed: Vec<String> = (0..200).map(|_| encode(&names::typed(&mut dice))).collect();
    for (who, what) in
        [("coach-0", "coach"), ("region", "manager of a region"), ("administrator", "administrator")]
    {
        for (path, kind) in
            [("/organisations/suggest", "suggestions"), ("/organisations", "list with exact count")]
        {
            let paths: Vec<String> = typed.iter().map(|typed| format!("{path}?q={typed}")).collect();
            reads(
                run,
                engine,
                server,
                floor,
                who,
                &format!("search, {kind}, {what}"),
                &paths,
                (Some(30.0), Some(2.0)),
            )?;
        }
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "three lists ask for the same rows")]
fn reads(
    run: &mut Run<'_>,
    engine: &Engine,
    server: &Server,
    floor: &mut Floor,
    who: &str,
    name: &str,
    paths: &[String],
    (p95, cpu): (Option<f64>, Option<f64>),
) -> Result {
    let least = floor.read(floor_time(run), Some(who), paths)?;
    let load = load::read(server, run.asked.time, Some(who), paths)?;
    run.report.add(engine.name, name, load.rate, "requests/s", None, Some(1000.0 / least.mean));
    run.report.add(engine.name, &format!("{name}: p95"), load.within(0.95), "ms", p95, Some(least.p95));
    run.report.add(engine.name, &format!("{name}: processor"), load.cpu, "ms/request", cpu, Some(least.mean));
    Ok(())
}

/// Somebody who changes telephone numbers, one organisation after another.
struct Writer {
    browser: Browser,
    /// Id, version and last acknowledged number.
    files: Vec<(String, i64, Option<String>)>,
    next: usize,
}

fn read_back(browser: &mut Browser, id: &str) -> Result<(i64, String)> {
    let page: Value = serde_json::from_slice(&browser.get(&format!("/organisations/{id}"))?.body)?;
    let record = &page["organisation"];
    Ok((
        record["version"].as_i64().ok_or("no version")?,
        record["phone"].as_str().unwrap_or_default().to_owned(),
    ))
}

/// Saved changes, each with its fact, durable before it is acknowledged; afterwards every one of them is looked for.
pub(crate) fn write(run: &mut Run<'_>, engine: &Engine, server: &Server, floor: &mut Floor) -> Result {
    let all = &engine.known.of_region;
    let version = read_back(
        &mut Browser::open(&server.address, Some("region"), "Accept: application/json\r\n")?,
        &all[0],
    )?
    .0;
    let least = floor.write(floor_time(run), "region", &all[0], version)?;
    let begin = |n: usize| {
        let mut browser = Browser::open(&server.address, Some("region"), "Accept: application/json\r\n")?;
        let mine = all.iter().skip(1 + n).step_by(CONNECTIONS).take(100);
        let files =
            mine.map(|id| Ok((id.clone(), read_back(&mut browser, id)?.0, None))).collect::<Result<_>>()?;
        Ok(Writer { browser, files, next: 0 })
    };
    let ask = |writer: &mut Writer| {
        let at = writer.next % writer.files.len();
        let (id, version, number) = &mut writer.files[at];
        let phone = format!("06{:08}", (writer.next * 7919 + at) % 100_000_000);
        writer.next += 1;
        let answer = writer
            .browser
            .post(&format!("/organisations/{id}"), &format!("version={version}&phone={phone}"))?;
        if answer.status != 200 {
            return Err(format!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)).into());
        }
        *version += 1;
        *number = Some(format!("+212{}", &phone[1..]));
        Ok(())
    };
    let (load, writers) = load::run(server, run.asked.time, begin, ask)?;
    let mut lost = 0;
    for mut writer in writers {
        for (id, version, number) in std::mem::take(&mut writer.files) {
            let there = read_back(&mut writer.browser, &id)?;
            lost += usize::from(there.0 != version || number.is_some_and(|number| number != there.1));
        }
    }
    let (name, report) = ("saving a change with its fact, durable", &mut run.report);
    report.add(engine.name, name, load.rate, "requests/s", Some(500.0), Some(1000.0 / least.mean));
    report.add(engine.name, &format!("{name}: p95"), load.within(0.95), "ms", None, Some(least.p95));
    report.add(
        engine.name,
        &format!("{name}: processor"),
        load.cpu,
        "ms/request",
        Some(1.0),
        Some(least.mean),
    );
    report.add(engine.name, &format!("{name}: lost"), lost as f64, "changes", Some(0.0), None);
    Ok(())
}
