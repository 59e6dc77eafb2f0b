//! The chores of this repository, one command each.
#![expect(clippy::print_stdout, reason = "it talks to the person who started it")]

mod browser;
mod http;
mod judges;
mod kill;
mod machine;
mod postgres;
mod server;
mod test;

use std::process::ExitCode;
use std::{env, error::Error};

use machine::{cargo, run};
use postgres::Postgres;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const USAGE: &str = "\
cargo xtask test [PART …]          everything that must hold, or only these parts
cargo xtask bench [ARGUMENT …]     measures on a seeded country; --json FILE keeps the rows
cargo xtask schema                 writes the schema that the tests compare with
cargo xtask screenshots [FOLDER]   pictures of the pages, French and Arabic, laptop and phone";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (command, rest) = arguments.split_first().map_or(("", &[][..]), |(command, rest)| (command, rest));
    let done = env::set_current_dir(machine::root()).map_err(Into::into).and_then(|()| match command {
        "test" => test::parts(rest),
        "bench" => bench(rest),
        "schema" => run(cargo("test -p tiwizi --test all -- schema::").env("TIWIZI_WRITE_SCHEMA", "1")),
        "screenshots" => browser::screenshots(rest.first().map(String::as_str)),
        _ => Err(format!("what shall it be?\n\n{USAGE}\n\nParts of the test: {}", test::names()).into()),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn bench(arguments: &[String]) -> Result {
    // What is measured waits for the disk.
    let postgres =
        Postgres::start("bench", &["shared_buffers=256MB", "max_wal_size=2GB", "max_connections=300"])?;
    let python = judges::python("xtask/duckdb", &["bench/requirements.txt"])?;
    run(cargo("run --release -p bench --")
        .args(arguments)
        .env("TIWIZI_TEST_POSTGRES", &postgres.url)
        .env("TIWIZI_BENCH_PYTHON", python))
}
