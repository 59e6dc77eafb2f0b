//! A run: each engine with its copy of the country, each part of the measures in turn.

use std::path::{Path, PathBuf};

use kernel::{Db, sql};

use crate::floor::Floor;
use crate::report::Report;
use crate::server::Server;
use crate::{
    Asked, Result, accompany, collect, country, measures, pack, results, scale, seed, server, shop, take,
    wire,
};

/// What every measure works with.
pub(crate) struct Run<'a> {
    pub(crate) asked: &'a Asked,
    pub(crate) report: Report,
    pub(crate) program: PathBuf,
    /// Where countries are kept.
    pub(crate) folder: PathBuf,
}

/// One engine with its country.
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    pub(crate) data: PathBuf,
    pub(crate) database: Option<String>,
    pub(crate) known: Known,
}

impl Engine {
    /// Where its rows are.
    pub(crate) fn place(&self) -> kernel::store::Place {
        match &self.database {
            Some(address) => kernel::store::Place::Postgres(address.clone()),
            None => kernel::store::Place::Sqlite(self.data.join("tiwizi.db")),
        }
    }
}

/// Records that the measures ask for.
#[derive(Default)]
pub(crate) struct Known {
    /// Cooperatives of the first coach's programme.
    pub(crate) of_coach: Vec<String>,
    /// Organisations of the region.
    pub(crate) of_region: Vec<String>,
    /// The first coach's programme.
    pub(crate) programme: String,
}

/// Measures what was asked for.
pub(crate) fn measure(asked: &Asked) -> Result {
    tiwizi::open_pack()?;
    let program = server::program()?;
    let target = program.ancestors().nth(2).ok_or("this program lies outside a target folder")?;
    let folder = target.join("bench");
    std::fs::create_dir_all(&folder)?;
    let mut run = Run { asked, report: Report::default(), program, folder };
    for name in &asked.engines {
        match prepare(&run, name)? {
            Some(engine) => parts(&mut run, &engine)?,
            None => run.report.note("not measured: PostgreSQL, TIWIZI_TEST_POSTGRES names no server".into()),
        }
    }
    if asked.wants("scale") {
        scale::measure(&mut run)?;
    }
    crate::say(&run.report.table());
    if let Some(file) = &asked.json {
        std::fs::write(file, run.report.json())?;
    }
    Ok(())
}

fn prepare(run: &Run<'_>, name: &'static str) -> Result<Option<Engine>> {
    let (data, database) = if name == "sqlite" {
        (seed::sqlite(&run.folder, country::WHOLE)?, None)
    } else {
        let Ok(server) = std::env::var("TIWIZI_TEST_POSTGRES") else { return Ok(None) };
        let data = run.folder.join("files");
        std::fs::create_dir_all(&data)?;
        (data, Some(seed::postgres(&server, &run.folder, country::WHOLE)?))
    };
    let known = known(&data, database.as_deref())?;
    Ok(Some(Engine { name, data, database, known }))
}

/// Looks up what the measures ask for.
pub(crate) fn known(data: &Path, database: Option<&str>) -> Result<Known> {
    let place = match database {
        Some(address) => kernel::store::Place::Postgres(address.to_owned()),
        None => kernel::store::Place::Sqlite(data.join("tiwizi.db")),
    };
    let reached = |db: &mut Db, scope: &str, most: i64| {
        let query = sql(
            "select r.record from reach r join organisation o on o.id = r.record where r.scope = ? order by 1 limit ?",
        );
        db.rows(&query.bind(scope).bind(most).open("a measure"), |row| row.take::<String>())
    };
    Ok(kernel::store::Store::open(&place, 1)?.read(|db| {
        let email = "select r.scope from account a join role r on r.account = a.id where a.email = 'coach-0@tiwizi.example'";
        let scope: String = db.one(&sql(email))?;
        Ok(Known {
            of_coach: reached(db, &scope, 1000)?,
            of_region: reached(db, &kernel::access::territory_scope(country::REGION), 4000)?,
            programme: scope.trim_start_matches("programme:").to_owned(),
        })
    })?)
}

fn parts(run: &mut Run<'_>, engine: &Engine) -> Result {
    let asked = run.asked;
    let server = Server::start(&run.program, &engine.data, engine.database.as_deref())?;
    let mut floor = Floor::open(&engine.data, engine.database.as_deref())?;
    if asked.wants("memory") {
        run.report.add(
            engine.name,
            "cold start until the first answer",
            server.cold.as_secs_f64() * 1000.0,
            "ms",
            Some(500.0),
            None,
        );
        std::thread::sleep(std::time::Duration::from_secs(1));
        run.report.add(engine.name, "memory at rest", server.memory()?.0, "MB", Some(80.0), None);
    }
    // What follows asks a server that has been open for a while.
    let rests = server.rests()?;
    run.report.note(format!("{}: what is held in memory was read {rests:.0} s after the start", engine.name));
    if asked.wants("wire") {
        wire::measure(run, engine, &server)?;
    }
    if asked.wants("page") {
        measures::page(run, engine, &server, &mut floor)?;
    }
    if asked.wants("list") {
        measures::list(run, engine, &server, &mut floor)?;
    }
    if asked.wants("search") {
        measures::search(run, engine, &server, &mut floor)?;
    }
    if asked.wants("product") {
        shop::product(run, engine, &server, &mut floor)?;
    }
    if asked.wants("catalogue") {
        shop::catalogue(run, engine, &server, &mut floor)?;
    }
    if asked.wants("order") {
        shop::orders(run, engine, &server, &mut floor)?;
    }
    if asked.wants("write") {
        measures::write(run, engine, &server, &mut floor)?;
    }
    if asked.wants("rollcall") {
        accompany::roll_call(run, engine, &server, &mut floor)?;
    }
    if asked.wants("pack") {
        pack::measure(run, engine, &server)?;
    }
    if asked.wants("collect") {
        collect::measure(run, engine, &server)?;
    }
    if asked.wants("diagnosis") {
        accompany::diagnosis(run, engine, &server, &mut floor)?;
    }
    if asked.wants("memory") {
        run.report.add(
            engine.name,
            "memory under this load, at most",
            server.memory()?.1,
            "MB",
            Some(300.0),
            None,
        );
    }
    if asked.wants("certificates") {
        accompany::certificates(run, engine, &server)?;
    }
    if asked.wants("export") {
        take::export(run, engine, &server)?;
    }
    if asked.wants("results") {
        results::measure(run, engine, &server)?;
    }
    drop((server, floor));
    if asked.wants("results") {
        results::beside(run, engine)?;
    }
    if asked.wants("import") {
        take::import(run, engine)?;
    }
    Ok(())
}
