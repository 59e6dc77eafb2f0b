//! The same statements over the same rows, by an engine that is made for counting: DuckDB, through Python.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use impact::Period;
use kernel::value::Value;
use serde_json::{Map, Value as Json, json};

use super::{NATIONAL, cuts, indicator, query};
use crate::Result;
use crate::engine::{Engine, Run};
use crate::http::Browser;
use crate::say;
use crate::server::Server;

/// Where Python stands that has the library; `cargo xtask bench` installs it.
const PYTHON: &str = "TIWIZI_BENCH_PYTHON";

/// Exports, counts there and here, and says how they compare; figures that differ end the run.
pub(super) fn measure(run: &mut Run<'_>, engine: &Engine) -> Result {
    let Ok(python) = std::env::var(PYTHON) else {
        run.report.note(format!("not measured: DuckDB, {PYTHON} names no Python that has it"));
        return Ok(());
    };
    if engine.database.is_some() {
        return Ok(());
    }
    let folder = run.folder.join("duckdb");
    std::fs::create_dir_all(&folder)?;
    let period = Period::year_to(kernel::today());
    let mut asked = Vec::new();
    let mut words = BTreeSet::new();
    for code in NATIONAL {
        let indicator = indicator(code)?;
        let by = cuts(&indicator);
        let statements: Vec<Json> = (0..=by.len())
            .filter_map(|some| impact::figure::over_all(&indicator, period, &by[..some]))
            .map(|statement| {
                let (text, args) = statement.told();
                let word = |c: char| !c.is_ascii_alphanumeric() && c != '_';
                words.extend(text.split(word).map(str::to_owned));
                json!([text, args.iter().map(json_of).collect::<Vec<_>>()])
            })
            .collect();
        asked.push(json!({ "code": code, "statements": statements }));
    }
    let began = std::time::Instant::now();
    let tables = export(&engine.data.join("tiwizi.db"), &folder, &words)?;
    say(&format!("exported in {:.0} s", began.elapsed().as_secs_f64()));
    let plan = folder.join("plan.json");
    std::fs::write(&plan, json!({ "tables": tables, "asked": asked }).to_string())?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/duckdb_beside.py");
    let python = |what: &str| -> Result<Json> {
        let out = Command::new(&python).arg(script).arg(what).arg(&plan).arg(&folder).output()?;
        if !out.status.success() {
            return Err(format!("DuckDB: {}", String::from_utf8_lossy(&out.stderr)).into());
        }
        Ok(serde_json::from_slice(&out.stdout)?)
    };
    python("keep")?;
    let told = python("count")?;
    compare(run, engine, &told)
}

/// The figures of DuckDB beside those of the house, first and again.
fn compare(run: &mut Run<'_>, engine: &Engine, told: &Json) -> Result {
    let server = Server::start(&run.program, &engine.data, None)?;
    super::wait(&server)?;
    let mut browser = Browser::open(&server.address, Some("administrator"), "Accept: application/json\r\n")?;
    // Here and there, first and again.
    let (mut ours, mut theirs) = ([0.0; 2], [0.0; 2]);
    let (mut wrong, mut given_up) = (Vec::new(), Vec::new());
    for (code, told) in NATIONAL.iter().zip(told["asked"].as_array().into_iter().flatten()) {
        let path = format!("/indicators/{code}?{}", query(&cuts(&*indicator(code)?)));
        let asked = std::time::Instant::now();
        let answer = browser.get(&path)?;
        let first = super::ms(asked);
        let asked = std::time::Instant::now();
        browser.count(&path)?;
        let again = super::ms(asked);
        let (Some(cold), Some(warm)) = (told["cold"].as_f64(), told["warm"].as_f64()) else {
            given_up.push(*code);
            continue;
        };
        say(&format!(
            "{code:<24} {first:>6.0} ms, again {again:>4.0} ms; DuckDB {cold:>6.0} ms, again {warm:>6.0} ms"
        ));
        for (sums, times) in [(&mut ours, [first, again]), (&mut theirs, [cold, warm])] {
            sums.iter_mut().zip(times).for_each(|(sum, time)| *sum += time);
        }
        let page: Json = serde_json::from_slice(&answer.body)?;
        let (total, rows) = (page["total"]["n"].as_i64(), page["rows"].as_array().map_or(0, Vec::len));
        if total != told["n"].as_i64() || rows as i64 != told["rows"].as_i64().unwrap_or(0) {
            wrong.push(format!("{code}: {total:?} in {rows} rows, not {} in {}", told["n"], told["rows"]));
        }
    }
    if !wrong.is_empty() {
        return Err(format!("figures differ from those of DuckDB: {wrong:#?}").into());
    }
    let name = "figures by province and sex";
    let [started, knows] = ["a DuckDB that just started", "one that knows the data"];
    run.report.add(engine.name, &format!("{name}, beside {started}"), ours[0], "ms", None, Some(theirs[0]));
    run.report.add(engine.name, &format!("{name}, beside {knows}"), ours[1], "ms", None, Some(theirs[1]));
    run.report.note("beside DuckDB the floor is its own time: two threads, the same statements over Parquet; its totals are the same".into());
    if !given_up.is_empty() {
        run.report.note(format!("DuckDB did not answer in a minute, and these are in no sum: {given_up:?}"));
    }
    Ok(())
}

fn json_of(value: &Value) -> Json {
    match value {
        Value::Int(number) => json!(number),
        Value::Real(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::Null | Value::Bytes(_) => Json::Null,
    }
}

/// The tables that these words name, each as a file of commas; answers their columns.
fn export(database: &Path, folder: &Path, words: &BTreeSet<String>) -> Result<Map<String, Json>> {
    let db = rusqlite::Connection::open(database)?;
    let tables: Vec<String> = db
        .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut told = Map::new();
    for table in tables.into_iter().filter(|table| words.contains(table)) {
        let columns: Vec<(String, String)> = db
            .prepare(&format!("select name, type from pragma_table_info('{table}')"))?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut file = std::io::BufWriter::new(std::fs::File::create(folder.join(format!("{table}.csv")))?);
        let mut statement = db.prepare(&format!("select * from {table}"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            for n in 0..columns.len() {
                if n > 0 {
                    file.write_all(b",")?;
                }
                match row.get_ref(n)? {
                    rusqlite::types::ValueRef::Text(text) => {
                        let text = String::from_utf8_lossy(text).replace('"', "\"\"");
                        write!(file, "\"{text}\"")?;
                    }
                    rusqlite::types::ValueRef::Integer(number) => write!(file, "{number}")?,
                    rusqlite::types::ValueRef::Real(number) => write!(file, "{number}")?,
                    _ => {}
                }
            }
            file.write_all(b"\n")?;
        }
        file.flush()?;
        let kind = |kind: &str| match kind {
            "BIGINT" => "BIGINT",
            "TEXT" => "VARCHAR",
            _ => "DOUBLE",
        };
        let columns: Map<String, Json> =
            columns.into_iter().map(|(name, of)| (name, kind(&of).into())).collect();
        told.insert(table, Json::Object(columns));
    }
    Ok(told)
}
