//! The floor: what a page asks of the database, asked again through the bare library with nothing around it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use kernel::value::Value;
use kernel::web::Credentials;
use kernel::{App, Ctx, Fields, Id, Lang, Settings, Viewer};
use postgres::fallible_iterator::FallibleIterator as _;
use postgres::types::ToSql;

use crate::country::secret;
use crate::{Result, load::CONNECTIONS};

/// A statement and its arguments.
type Statement = (String, Vec<Value>);

static HEARD: Mutex<Vec<Statement>> = Mutex::new(Vec::new());

fn heard() -> Vec<Statement> {
    std::mem::take(&mut *HEARD.lock().unwrap_or_else(PoisonError::into_inner))
}

/// The house in this process, to learn its statements, and the bare library beside it.
pub(crate) struct Floor {
    app: Arc<App>,
    bare: Bare,
}

/// Who asks.
#[derive(Clone, Copy)]
enum Who<'a> {
    /// Somebody who never signed in.
    Nobody,
    /// Somebody with an account.
    Account(&'a str),
    /// Somebody with this in their basket.
    Buyer(&'a str),
}

/// What the database alone took: milliseconds on average, and within which 95 and 99 of 100 were done.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) mean: f64,
    pub(crate) p95: f64,
    pub(crate) p99: f64,
}

impl Floor {
    /// Beside a server that uses the same database.
    pub(crate) fn open(data: &Path, database: Option<&str>) -> Result<Floor> {
        kernel::store::listen(|text, args| {
            HEARD.lock().unwrap_or_else(PoisonError::into_inner).push((text.to_owned(), args.to_vec()));
        });
        let mut settings = Settings { readers: 1, ..Settings::in_folder(data) };
        if let Some(address) = database {
            settings.database = kernel::store::Place::Postgres(address.to_owned());
        }
        Ok(Floor {
            app: App::open_as_it_is(&settings, tiwizi::rooms())?,
            bare: Bare::open(&data.join("tiwizi.db"), database)?,
        })
    }

    /// The statements behind one request, of somebody who signed in or with something in their basket.
    fn statements(&self, who: Who<'_>, path: &str, form: Option<&str>) -> Result<Vec<Statement>> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let wanted = if form.is_some() { kernel::room::Method::Post } else { kernel::room::Method::Get };
        let routes =
            self.app.rooms.iter().flat_map(|room| &room.routes).filter(|route| route.method == wanted);
        let (route, params) = routes
            .filter_map(|route| Some((route, fits(route.path, path)?)))
            .min_by_key(|(_, params)| params.len())
            .ok_or_else(|| format!("no route for {path}"))?;
        heard();
        let session = if let Who::Account(who) = who { Some(secret(who)) } else { None };
        let viewer: Viewer = kernel::web::identify(&self.app, &Credentials { session, bearer: None })?;
        let w = self.app.words.speak(Lang::Fr);
        let mut ctx = Ctx {
            viewer,
            params,
            query: Fields::from_query(query),
            form: Fields::from_query(form.unwrap_or_default()),
            json: form.is_some(),
            ..kernel::web::stranger(Arc::clone(&self.app), w, path.to_owned())
        };
        if let Who::Buyer(basket) = who {
            ctx.headers.insert("cookie", format!("tiwizi_basket={basket}").parse()?);
        }
        (route.handler)(&ctx)?;
        Ok(heard())
    }

    /// What reading these pages takes.
    pub(crate) fn read(&mut self, time: Duration, who: Option<&str>, paths: &[String]) -> Result<Cost> {
        let who = who.map_or(Who::Nobody, Who::Account);
        let few = paths.iter().take(40 * CONNECTIONS);
        let pages = few.map(|path| self.statements(who, path, None)).collect::<Result<Vec<_>>>()?;
        let (mut times, began) = (Vec::new(), Instant::now());
        while began.elapsed() < time {
            for page in &pages {
                let asked = Instant::now();
                self.bare.run("begin", page)?;
                times.push(asked.elapsed().as_secs_f64() * 1000.0);
            }
        }
        Ok(cost(times))
    }

    /// What saving a change with its fact takes. `form` is a change of this organisation at `version`.
    pub(crate) fn write(
        &mut self,
        time: Duration,
        who: &str,
        organisation: &str,
        mut version: i64,
    ) -> Result<Cost> {
        let form = format!("version={version}&phone=0655{:06}", version % 1_000_000);
        let mut change =
            self.statements(Who::Account(who), &format!("/organisations/{organisation}"), Some(&form))?;
        version += 1;
        let (mut times, began) = (Vec::new(), Instant::now());
        while began.elapsed() < time {
            for (text, args) in &mut change {
                if text.starts_with("insert into fact") {
                    args[0] = Value::Text(Id::new().to_string());
                } else if text.starts_with("update organisation set version") {
                    let last = args.len() - 1;
                    (args[0], args[last]) = (Value::Int(version + 1), Value::Int(version));
                }
            }
            version += 1;
            let asked = Instant::now();
            self.bare.run("begin immediate", &change)?;
            times.push(asked.elapsed().as_secs_f64() * 1000.0);
        }
        Ok(cost(times))
    }
}

impl Floor {
    /// What saving either of these forms takes, one after the other.
    pub(crate) fn repeat(&mut self, time: Duration, who: &str, path: &str, forms: [&str; 2]) -> Result<Cost> {
        let who = Who::Account(who);
        // The first one may find what it says: only from then on each changes everything.
        self.statements(who, path, Some(forms[1]))?;
        let mut changes =
            [self.statements(who, path, Some(forms[0]))?, self.statements(who, path, Some(forms[1]))?];
        let (mut times, began) = (Vec::new(), Instant::now());
        while began.elapsed() < time {
            let change = &mut changes[times.len() % 2];
            for (text, args) in change.iter_mut() {
                if text.starts_with("insert into fact") {
                    args[0] = Value::Text(Id::new().to_string());
                }
            }
            let asked = Instant::now();
            self.bare.run("begin immediate", change)?;
            times.push(asked.elapsed().as_secs_f64() * 1000.0);
        }
        Ok(cost(times))
    }
}

impl Floor {
    /// What an order takes: those of these buyers (what their basket holds, what they send) are written again and again,
    /// each time with ids and a number of their own.
    pub(crate) fn order(&mut self, time: Duration, buyers: &[(String, String)]) -> Result<Cost> {
        let asked = |(basket, form): &(String, String)| {
            self.statements(Who::Buyer(basket), "/basket/orders", Some(form))
        };
        let mut orders = buyers.iter().map(asked).collect::<Result<Vec<_>>>()?;
        let (mut times, began) = (Vec::new(), Instant::now());
        while began.elapsed() < time {
            let at = times.len() % orders.len();
            renew(&mut orders[at]);
            let asked = Instant::now();
            self.bare.run("begin immediate", &orders[at])?;
            times.push(asked.elapsed().as_secs_f64() * 1000.0);
        }
        Ok(cost(times))
    }
}

/// Gives the rows of an order new ids, and the order the next number.
fn renew(order: &mut [Statement]) {
    let own = |text: &str| text.starts_with("insert into sale_") || text.starts_with("insert into fact");
    let rows = order.iter().filter(|(text, _)| own(text)).filter_map(|(_, args)| match args.first() {
        Some(Value::Text(id)) => Some((id.clone(), Id::new().to_string())),
        _ => None,
    });
    let fresh: HashMap<String, String> = rows.collect();
    for (text, args) in order {
        for arg in args.iter_mut() {
            if let Value::Text(id) = arg
                && let Some(new) = fresh.get(id)
            {
                id.clone_from(new);
            }
        }
        // Its columns begin with the id, the version (which is no argument), the organisation, the number.
        if text.starts_with("insert into sale_order (")
            && let Some(Value::Int(number)) = args.get_mut(2)
        {
            *number += 1;
        }
    }
}

fn cost(mut times: Vec<f64>) -> Cost {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        times.get((times.len() as f64 * share) as usize).or(times.last()).copied().unwrap_or_default()
    };
    Cost { mean: times.iter().sum::<f64>() / times.len().max(1) as f64, p95: at(0.95), p99: at(0.99) }
}

/// The parameters of a path, if it fits the pattern of a route.
fn fits(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
    if pattern.split('/').count() != path.split('/').count() {
        return None;
    }
    let mut params = Vec::new();
    for (part, given) in pattern.split('/').zip(path.split('/')) {
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => params.push((name.to_owned(), given.to_owned())),
            None if part == given => {}
            None => return None,
        }
    }
    Some(params)
}

/// One connection of either library.
enum Bare {
    Sqlite(rusqlite::Connection),
    Postgres(Box<postgres::Client>, HashMap<String, postgres::Statement>),
}

impl Bare {
    fn open(path: &Path, database: Option<&str>) -> Result<Bare> {
        if let Some(address) = database {
            return Ok(Bare::Postgres(
                Box::new(postgres::Client::connect(address, postgres::NoTls)?),
                HashMap::new(),
            ));
        }
        let db = rusqlite::Connection::open(path)?;
        db.busy_timeout(Duration::from_secs(10))?;
        db.execute_batch("pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -16000; pragma temp_store = memory")?;
        db.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        db.set_prepared_statement_cache_capacity(256);
        Ok(Bare::Sqlite(db))
    }

    fn run(&mut self, begin: &str, statements: &[Statement]) -> Result {
        match self {
            Bare::Sqlite(db) => {
                db.prepare_cached(begin)?.raw_execute()?;
                for (text, args) in statements {
                    let mut statement = db.prepare_cached(text)?;
                    let width = statement.column_count();
                    let mut rows = statement.query(rusqlite::params_from_iter(args))?;
                    while let Some(row) = rows.next()? {
                        for column in 0..width {
                            std::hint::black_box(row.get_ref(column)?);
                        }
                    }
                }
                db.prepare_cached("commit")?.raw_execute()?;
            }
            Bare::Postgres(db, prepared) => {
                db.batch_execute(begin.split(' ').next().unwrap_or("begin"))?;
                for (text, args) in statements {
                    if !prepared.contains_key(text) {
                        prepared.insert(text.clone(), db.prepare(&numbered(text))?);
                    }
                    let args = args.iter().map(|arg| arg as &(dyn ToSql + Sync));
                    let mut rows = db.query_raw(&prepared[text], args)?;
                    while let Some(row) = rows.next()? {
                        std::hint::black_box(row);
                    }
                }
                db.batch_execute("commit")?;
            }
        }
        Ok(())
    }
}

fn numbered(text: &str) -> String {
    let mut parts = text.split('?');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.enumerate().fold(first, |text, (n, part)| format!("{text}${}{part}", n + 1))
}
