//! Everything that must hold, part by part.

use std::fs::{self, File};
use std::process::Child;
use std::time::{Duration, Instant};

use crate::Result;
use crate::machine::{cargo, needs, run, scratch, succeeds, tied};
use crate::postgres::Postgres;
use crate::{browser, judges, kill, server};

type Part = (&'static str, fn() -> Result);

const PARTS: &[Part] = &[
    ("needs", needs),
    ("format", || run(&mut cargo("fmt --all --check"))),
    ("lint", || run(&mut cargo("clippy --workspace --all-targets -- -D warnings"))),
    ("unit+http", unit_and_http),
    ("docs", docs),
    ("judges", judges::judges),
    ("browser", browser::tests),
    ("kill", kill::kill),
];

/// The names of all parts.
pub(crate) fn names() -> String {
    PARTS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
}

/// Runs these parts, or all of them. A part that cannot run has failed.
pub(crate) fn parts(wanted: &[String]) -> Result {
    if let Some(unknown) = wanted.iter().find(|name| PARTS.iter().all(|(part, _)| part != name)) {
        return Err(format!("no part is called {unknown}; there are: {}", names()).into());
    }
    let mut table = Vec::new();
    let (mut ready, mut beside) = (true, None);
    let parts: Vec<_> = PARTS
        .iter()
        .filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name))
        .collect();
    for (n, (name, part)) in parts.iter().enumerate() {
        println!("\n━━ {name}");
        let began = Instant::now();
        // The browser mostly waits for pages and the kills for restarts: they share the machine.
        if ready && *name == "browser" && parts.get(n + 1).is_some_and(|(next, _)| *next == "kill") {
            beside = Some(Beside::begin("kill")?);
        }
        let done = match (ready, beside.take_if(|other| other.name == *name)) {
            (false, _) => Err("not run: the machine lacks something".into()),
            (true, Some(other)) => other.end(),
            (true, None) => part(),
        };
        ready &= *name != "needs" || done.is_ok();
        println!(
            "── {name}: {}, {}",
            done.as_ref().map_or_else(ToString::to_string, |()| "passed".into()),
            time(began.elapsed())
        );
        table.push((name, began.elapsed(), done.is_ok()));
    }
    println!();
    for (name, took, passed) in &table {
        println!("{name:<10} {:>8}  {}", time(*took), if *passed { "passed" } else { "FAILED" });
    }
    let failed = table.iter().filter(|(_, _, passed)| !passed).count();
    println!("{:<10} {:>8}\n", "", time(table.iter().map(|(_, took, _)| *took).sum()));
    println!("{} passed, {failed} failed", table.len() - failed);
    if failed == 0 { Ok(()) } else { std::process::exit(1) }
}

/// A part that runs in a process of its own while another one runs here; what it says is shown at its turn.
struct Beside {
    name: &'static str,
    process: Child,
    said: std::path::PathBuf,
}

impl Beside {
    fn begin(name: &'static str) -> Result<Beside> {
        server::build()?;
        let said = scratch(&format!("beside-{name}"))?.join("said");
        let file = File::create(&said)?;
        let mut command = tied(&std::env::current_exe()?);
        let process = command.args(["test", name]).stdout(file.try_clone()?).stderr(file).spawn()?;
        Ok(Beside { name, process, said })
    }

    fn end(mut self) -> Result {
        let status = self.process.wait()?;
        print!("{}", fs::read_to_string(&self.said)?);
        if status.success() { Ok(()) } else { Err(format!("{} ended with {status}", self.name).into()) }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn time(took: Duration) -> String {
    format!("{}:{:04.1}", took.as_secs() / 60, took.as_secs_f64() % 60.0)
}

/// Tests of functions and of addresses, on both databases.
fn unit_and_http() -> Result {
    let postgres = Postgres::start(
        "test",
        &["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300"],
    )?;
    let nextest = succeeds(&mut cargo("nextest --version"));
    let mut test = cargo(if nextest {
        "nextest run --workspace --no-fail-fast"
    } else {
        "test --workspace --tests --no-fail-fast"
    });
    run(test.env("TIWIZI_TEST_POSTGRES", &postgres.url))
}

/// The documentation builds without a warning, and its examples run.
fn docs() -> Result {
    run(cargo("doc --workspace --no-deps --quiet").env("RUSTDOCFLAGS", "-D warnings"))?;
    run(&mut cargo("test --workspace --doc"))
}
