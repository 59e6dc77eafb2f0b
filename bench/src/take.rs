//! Lists that leave and lists that come.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use kernel::Lang;

use crate::Result;
use crate::dice::Dice;
use crate::engine::{Engine, Run};
use crate::http::Browser;
use crate::names;
use crate::server::{self, Server};

/// Every organisation as a workbook, and how much memory that takes.
pub(crate) fn export(run: &mut Run<'_>, engine: &Engine, server: &Server) -> Result {
    let before = server.memory()?.0;
    let done = AtomicBool::new(false);
    let (took, most, bytes) = std::thread::scope(|scope| -> Result<(f64, f64, usize)> {
        let watch = scope.spawn(|| {
            let mut most = before;
            while !done.load(Ordering::Relaxed) {
                most = server.memory().map_or(most, |(now, _)| now.max(most));
                std::thread::sleep(Duration::from_millis(20));
            }
            most
        });
        let began = Instant::now();
        let answer = Browser::open(&server.address, Some("administrator"), "")
            .and_then(|mut browser| browser.count("/organisations/export/xlsx"));
        done.store(true, Ordering::Relaxed);
        Ok((began.elapsed().as_secs_f64(), watch.join().unwrap_or(before), answer?.bytes))
    })?;
    run.report.add(engine.name, "export of 60,000 organisations to XLSX", took, "s", Some(30.0), None);
    run.report.add(engine.name, "export: memory beside", most - before, "MB", None, None);
    run.report.note(format!("the workbook has {:.1} MB", bytes as f64 / 1e6));
    Ok(())
}

/// A list of 60,000 cooperatives, half of them known already, through the command line.
pub(crate) fn import(run: &mut Run<'_>, engine: &Engine) -> Result {
    let communes: Vec<_> =
        kernel::territory::atlas().ok_or("no territory")?.level(atlas::Level::Commune).collect();
    let mut dice = Dice::new(60_000);
    let mut text = String::from("Nom;Nom (arabe);Type;Commune;Téléphone\n");
    for _ in 0..60_000 {
        let (name, commune) = (names::cooperative(&mut dice), dice.pick(&communes));
        let arabic = name.0.get("ar").cloned().unwrap_or_default();
        let phone = dice.below(100_000_000);
        writeln!(
            text,
            "{};{arabic};Coopérative;{} ({});06{phone:08}",
            name.best(Lang::Fr),
            commune.name_fr,
            commune.code
        )?;
    }
    let file = run.folder.join("list.csv");
    std::fs::write(&file, text)?;
    let began = Instant::now();
    let done = server::tiwizi(&run.program, &engine.data, engine.database.as_deref())
        .arg("import")
        .arg(&file)
        .output()?;
    let said = String::from_utf8_lossy(if done.status.success() { &done.stdout } else { &done.stderr })
        .trim()
        .to_owned();
    if done.status.success() && said.contains("60") {
        run.report.add(
            engine.name,
            "import of 60,000 rows with duplicate check",
            began.elapsed().as_secs_f64(),
            "s",
            Some(60.0),
            None,
        );
        run.report.note(format!("the import said: {}", said.lines().next().unwrap_or_default()));
    } else {
        run.report
            .note(format!("not measured: import ({})", said.lines().next().unwrap_or("it said nothing")));
    }
    Ok(())
}
