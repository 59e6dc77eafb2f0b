//! Measures Tiwizi on an invented country: 60,000 organisations, 760,000 persons, 2,000 programmes, 3 million facts.
//!
//! The server is a process of its own; this one asks. Beside each measure stands the floor: the same statements
//! through the bare database library.

mod accompany;
mod collect;
mod country;
mod dice;
mod engine;
mod fieldwork;
mod floor;
mod funds;
mod goods;
mod http;
mod load;
mod measures;
mod names;
mod pack;
mod pen;
mod report;
mod results;
mod sample;
mod scale;
mod seed;
mod server;
mod shop;
mod sink;
mod take;
mod wire;
mod years;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

type Result<T = (), E = Box<dyn Error>> = std::result::Result<T, E>;

const USAGE: &str = "\
bench [--engine sqlite|postgres|both] [--quick] [--only PART,…] [--json FILE]
  --engine   which database; PostgreSQL at TIWIZI_TEST_POSTGRES (default: both, if there is one)
  --quick    three seconds for each measure instead of ten
  --only     some of: page list search product catalogue order write rollcall pack collect diagnosis certificates export results import memory wire scale
  --json     writes the rows to FILE";

/// What was asked for.
struct Asked {
    engines: Vec<&'static str>,
    time: Duration,
    only: Option<Vec<String>>,
    json: Option<PathBuf>,
}

impl Asked {
    fn read() -> Result<Asked> {
        let mut asked = Asked {
            engines: vec!["sqlite", "postgresql"],
            time: Duration::from_secs(10),
            only: None,
            json: None,
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut next = || words.next().ok_or(USAGE);
            match word.as_str() {
                "--quick" => asked.time = Duration::from_secs(3),
                "--json" => asked.json = Some(next()?.into()),
                "--only" => asked.only = Some(next()?.split(',').map(str::to_owned).collect()),
                "--engine" => match next()?.as_str() {
                    "sqlite" => asked.engines = vec!["sqlite"],
                    "postgres" | "postgresql" => asked.engines = vec!["postgresql"],
                    "both" => {}
                    _ => return Err(USAGE.into()),
                },
                _ => return Err(USAGE.into()),
            }
        }
        Ok(asked)
    }

    /// True if this part is to be measured.
    fn wants(&self, part: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|asked| asked == part))
    }
}

fn main() -> ExitCode {
    match Asked::read().and_then(|asked| engine::measure(&asked)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Says a line at once.
#[expect(clippy::print_stdout, reason = "it talks to the person who started it")]
fn say(line: &str) {
    println!("{line}");
}
