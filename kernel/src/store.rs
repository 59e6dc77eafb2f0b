//! The two database engines behind one small interface. Every difference between them stands in this file.
//!
//! Statements are written once with `?` placeholders. SQLite runs in WAL mode with one writer and several
//! readers; PostgreSQL with a pool. Code that uses them is synchronous and runs on blocking threads.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::Duration;

use postgres::types::{IsNull, ToSql, Type, private::BytesMut};

use crate::pool::Pool;
use crate::value::{FromValue, Row, Value};
use crate::writer::Writer;
use crate::{Error, FieldError, Result, Sql, Wrong, sql};

/// Where the data is.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file, made if it is missing.
    Sqlite(PathBuf),
    /// A connection address such as `postgres://user@host/name`.
    Postgres(String),
}

/// The database.
pub struct Store {
    readers: Pool,
    /// SQLite admits one writer; holding it here queues writers instead of making them fail.
    writer: Option<Writer>,
    place: Place,
}

/// One connection to either engine.
pub enum Db {
    /// An embedded SQLite database.
    Sqlite(rusqlite::Connection),
    /// A PostgreSQL session and the statements it has prepared.
    Postgres(Box<Session>),
}

/// A PostgreSQL session and the statements it has prepared.
pub struct Session {
    client: postgres::Client,
    prepared: HashMap<String, postgres::Statement>,
}

/// Tables whose every read must speak of rights; filled at start by the rooms, checked in debug builds.
static PROTECTED: std::sync::OnceLock<Vec<&'static str>> = std::sync::OnceLock::new();

/// Names the tables that hold records under access rights.
pub fn protect(tables: Vec<&'static str>) {
    let _ = PROTECTED.set(tables);
}

/// Hears each statement and its arguments before it runs.
pub type Listener = fn(&str, &[Value]);

static LISTENER: std::sync::OnceLock<Listener> = std::sync::OnceLock::new();

/// Lets somebody hear every statement of this process: measures ask what the database alone would take for them.
pub fn listen(listener: Listener) {
    let _ = LISTENER.set(listener);
}

impl Store {
    /// Opens the database with `readers` connections for reading.
    pub fn open(place: &Place, readers: usize) -> Result<Store> {
        let writer = match place {
            Place::Sqlite(path) => Some(Writer::new(open_sqlite(path)?)),
            Place::Postgres(_) => None,
        };
        let place_of_pool = place.clone();
        let pool = Pool::new(readers, move || match &place_of_pool {
            Place::Sqlite(path) => open_sqlite(path),
            Place::Postgres(address) => open_postgres(address),
        })?;
        Ok(Store { readers: pool, writer, place: place.clone() })
    }

    /// Where this database is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// `sqlite` or `postgresql`, for people and reports.
    pub fn engine(&self) -> &'static str {
        match self.place {
            Place::Sqlite(_) => "sqlite",
            Place::Postgres(_) => "postgresql",
        }
    }

    /// Reads in one consistent snapshot.
    pub fn read<T>(&self, work: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        let mut db = self.readers.get()?;
        let begin = match *db {
            Db::Sqlite(_) => "begin",
            Db::Postgres(_) => "begin isolation level repeatable read read only",
        };
        db.transaction(begin, work)
    }

    /// Writes in one transaction: all of it is durable when this returns `Ok`, none of it otherwise.
    pub fn write<T>(&self, work: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        match &self.writer {
            Some(writer) => writer.write(work),
            None => self.readers.get()?.transaction("begin", work),
        }
    }

    /// Refreshes what the engine knows of its own data, where it does not do so by itself.
    pub fn tidy(&self) -> Result<()> {
        match self.place {
            Place::Sqlite(_) => self.write(Db::analyse),
            Place::Postgres(_) => Ok(()),
        }
    }

    /// Copies the SQLite database to a file while it is in use.
    pub fn copy_to(&self, path: &Path) -> Result<()> {
        let db = self.readers.get()?;
        match &*db {
            Db::Sqlite(from) => {
                let mut to = rusqlite::Connection::open(path)?;
                let backup = rusqlite::backup::Backup::new(from, &mut to)?;
                Ok(backup.run_to_completion(1024, Duration::ZERO, None)?)
            }
            Db::Postgres(_) => Err(Error::internal("only an SQLite database is copied as a file")),
        }
    }
}

/// A lock taken although a thread died while holding it: the transaction it left was rolled back.
pub(crate) fn unpoisoned<T>(lock: std::result::Result<T, PoisonError<T>>) -> T {
    lock.unwrap_or_else(PoisonError::into_inner)
}

fn open_sqlite(path: &Path) -> Result<Db> {
    let db = rusqlite::Connection::open(path)?;
    db.busy_timeout(Duration::from_secs(10))?;
    db.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
         pragma cache_size = -16000; pragma temp_store = memory; pragma journal_size_limit = 67108864;
         pragma analysis_limit = 1000;",
    )?;
    // Otherwise a statement is planned anew for each argument, and every statement carries the present instant.
    db.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.set_prepared_statement_cache_capacity(256);
    Ok(Db::Sqlite(db))
}

fn open_postgres(address: &str) -> Result<Db> {
    let client = postgres::Client::connect(address, postgres::NoTls)?;
    Ok(Db::Postgres(Box::new(Session { client, prepared: HashMap::new() })))
}

/// Rolls back when the work fails or panics.
struct Open<'a> {
    db: &'a mut Db,
    done: bool,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if !self.done
            && let Err(error) = self.db.order("rollback")
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }
}

impl Db {
    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Db::Sqlite(_) => false,
            Db::Postgres(session) => session.client.is_closed(),
        }
    }

    fn transaction<T>(&mut self, begin: &str, work: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        self.order(begin)?;
        let mut open = Open { db: self, done: false };
        let result = work(open.db)?;
        open.db.order("commit")?;
        open.done = true;
        Ok(result)
    }

    /// Runs a statement without arguments or answer.
    pub(crate) fn order(&mut self, text: &str) -> Result<()> {
        match self {
            Db::Sqlite(db) => {
                db.prepare_cached(text)?.raw_execute()?;
            }
            Db::Postgres(session) => session.client.batch_execute(text)?,
        }
        Ok(())
    }

    /// Runs schema statements, written for both engines.
    pub fn define(&mut self, ddl: &str) -> Result<()> {
        match self {
            Db::Sqlite(db) => db.execute_batch(ddl)?,
            // Text compares byte by byte in SQLite; PostgreSQL is told to do the same. It has no tables without rowid.
            Db::Postgres(session) => {
                let ddl = ddl.replace(" TEXT", " TEXT COLLATE \"C\"").replace(") without rowid;", ");");
                session.client.batch_execute(&ddl)?;
            }
        }
        Ok(())
    }

    /// Keeps other processes from migrating at the same time until the transaction ends.
    pub(crate) fn lock_schema(&mut self) -> Result<()> {
        match self {
            Db::Sqlite(_) => Ok(()), // `begin immediate` already holds the write lock.
            Db::Postgres(session) => {
                Ok(session.client.batch_execute("select pg_advisory_xact_lock(7495994202)")?)
            }
        }
    }

    /// Lets one transaction after the other write the index; true if this one may have waited for another.
    pub(crate) fn lock_index(&mut self) -> Result<bool> {
        match self {
            Db::Sqlite(_) => Ok(false), // It has one writer.
            Db::Postgres(session) => {
                session.client.batch_execute("select pg_advisory_xact_lock(7495994203)")?;
                Ok(true)
            }
        }
    }

    /// What numbers the rows of a table by the transaction that wrote them, as SQL. Its column `stamp` is indexed.
    pub fn stamp(&self, table: &str) -> String {
        match self {
            // It has one writer, so that numbers grow in the order in which transactions end.
            Db::Sqlite(_) => format!("(select coalesce(max(stamp), 0) + 1 from {table})"),
            Db::Postgres(_) => "cast(cast(pg_current_xact_id() as text) as bigint)".into(),
        }
    }

    /// Every row of the table with a [`stamp`](Db::stamp) below this is seen from here, and no other will come.
    pub fn horizon(&mut self, table: &str) -> Result<i64> {
        let text = match self {
            Db::Sqlite(_) => format!("select coalesce(max(stamp), 0) + 1 from {table}"),
            Db::Postgres(_) => {
                "select cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint)".into()
            }
        };
        self.one(&sql(&text))
    }

    /// The names of the tables and their columns, in order.
    pub fn columns(&mut self) -> Result<Vec<(String, String)>> {
        let text = match self {
            Db::Sqlite(_) => {
                "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c
                 where m.type = 'table' and m.name not like 'sqlite_%' order by m.name, c.cid"
            }
            Db::Postgres(_) => {
                "select c.table_name::text, c.column_name::text from information_schema.columns c
                 where c.table_schema = current_schema() order by 1, c.ordinal_position"
            }
        };
        self.rows(&sql(text), |row| Ok((row.take()?, row.take()?)))
    }

    /// Violations of references between tables: what `check` reports.
    pub fn broken_references(&mut self) -> Result<Vec<String>> {
        match self {
            Db::Sqlite(_) => {
                self.rows(&sql("select \"table\", rowid, parent from pragma_foreign_key_check"), |row| {
                    let (table, line, parent): (String, Option<i64>, String) =
                        (row.take()?, row.take()?, row.take()?);
                    Ok(format!("{table} row {line:?} refers to a missing row of {parent}"))
                })
            }
            // PostgreSQL checks every reference when it is written.
            Db::Postgres(_) => Ok(Vec::new()),
        }
    }

    /// Result of the engine's own check of its file; empty if all is well.
    pub fn damage(&mut self) -> Result<Vec<String>> {
        match self {
            Db::Sqlite(_) => {
                let lines: Vec<String> =
                    self.rows(&sql("select * from pragma_integrity_check"), Row::take)?;
                Ok(lines.into_iter().filter(|line| line != "ok").collect())
            }
            Db::Postgres(_) => Ok(Vec::new()),
        }
    }

    /// Refreshes what the engine knows of its own data, so that it chooses good plans.
    pub fn analyse(&mut self) -> Result<()> {
        self.order("analyze")
    }

    /// Every row of the answer, each made into a `T`.
    pub fn rows<T>(&mut self, sql: &Sql, mut make: impl FnMut(&mut Row) -> Result<T>) -> Result<Vec<T>> {
        let mut found = Vec::new();
        self.each(sql, |row| {
            found.push(make(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The first row of the answer, if there is one.
    pub fn row<T>(&mut self, sql: &Sql, make: impl FnMut(&mut Row) -> Result<T>) -> Result<Option<T>> {
        Ok(self.rows(sql, make)?.into_iter().next())
    }

    /// The one value of the one row.
    pub fn one<T: FromValue>(&mut self, sql: &Sql) -> Result<T> {
        self.row(sql, Row::take)?.ok_or_else(|| Error::internal(format!("no row from {}", sql.text)))
    }

    /// Calls `visit` for each row as it comes, in constant memory.
    pub fn each(&mut self, sql: &Sql, mut visit: impl FnMut(&mut Row) -> Result<()>) -> Result<()> {
        check(sql);
        match self {
            Db::Sqlite(db) => {
                let mut statement = db.prepare_cached(&sql.text).map_err(|e| explain(&e, &sql.text))?;
                let width = statement.column_count();
                let mut rows = statement.query(rusqlite::params_from_iter(&sql.args))?;
                while let Some(row) = rows.next()? {
                    let values = (0..width).map(|i| from_sqlite(row.get_ref(i)?)).collect::<Result<_>>()?;
                    visit(&mut Row(values))?;
                }
            }
            Db::Postgres(session) => {
                let statement = session.prepare(&sql.text)?;
                let mut rows = session.client.query_raw(&statement, &sql.args)?;
                while let Some(row) = postgres::fallible_iterator::FallibleIterator::next(&mut rows)? {
                    let values = (0..row.len()).map(|i| from_postgres(&row, i)).collect::<Result<_>>()?;
                    visit(&mut Row(values))?;
                }
            }
        }
        Ok(())
    }

    /// Changes data; answers how many rows changed.
    pub fn run(&mut self, sql: &Sql) -> Result<u64> {
        check(sql);
        match self {
            Db::Sqlite(db) => {
                let mut statement = db.prepare_cached(&sql.text).map_err(|e| explain(&e, &sql.text))?;
                Ok(statement.execute(rusqlite::params_from_iter(&sql.args))? as u64)
            }
            Db::Postgres(session) => {
                let statement = session.prepare(&sql.text)?;
                let args: Vec<&(dyn ToSql + Sync)> = sql.args.iter().map(|arg| arg as _).collect();
                Ok(session.client.execute(&statement, &args)?)
            }
        }
    }
}

/// A query that forgets the rights of its reader does not survive any test that runs it.
fn check(sql: &Sql) {
    if let Some(listener) = LISTENER.get() {
        listener(&sql.text, &sql.args);
    }
    if cfg!(debug_assertions) {
        let protected = PROTECTED.get().map_or(&[][..], Vec::as_slice);
        let reads =
            !sql.text.trim_start().starts_with("insert") && !sql.text.trim_start().starts_with("update");
        assert!(!reads || sql.spoke_of_rights(protected), "a query that forgets rights: {}", sql.text);
    }
}

impl Session {
    fn prepare(&mut self, text: &str) -> Result<postgres::Statement> {
        if let Some(statement) = self.prepared.get(text) {
            return Ok(statement.clone());
        }
        let statement = self
            .client
            .prepare(&numbered(text))
            .map_err(|e| Error::internal(format!("{} in: {text}", describe(&e))))?;
        if self.prepared.len() >= 512 {
            self.prepared.clear();
        }
        self.prepared.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// Turns each `?` outside quotes into `$1`, `$2`, …
fn numbered(text: &str) -> String {
    let (mut out, mut count, mut quoted) = (String::with_capacity(text.len() + 16), 0, false);
    for c in text.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                out.push(c);
            }
            '?' if !quoted => {
                count += 1;
                out.push_str(&format!("${count}"));
            }
            _ => out.push(c),
        }
    }
    out
}

fn explain(error: &rusqlite::Error, text: &str) -> Error {
    Error::internal(format!("{error} in: {text}"))
}

fn from_sqlite(value: rusqlite::types::ValueRef<'_>) -> Result<Value> {
    use rusqlite::types::ValueRef;
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Real(x) => Value::Real(x),
        ValueRef::Text(bytes) => Value::Text(std::str::from_utf8(bytes).map_err(Error::internal)?.to_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_owned()),
    })
}

fn from_postgres(row: &postgres::Row, i: usize) -> Result<Value> {
    let kind = row.columns()[i].type_();
    Ok(match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(i)?.map_or(Value::Null, Value::Int),
        Type::INT4 => row.try_get::<_, Option<i32>>(i)?.map_or(Value::Null, |n| Value::Int(n.into())),
        Type::FLOAT8 => row.try_get::<_, Option<f64>>(i)?.map_or(Value::Null, Value::Real),
        Type::BOOL => row.try_get::<_, Option<bool>>(i)?.map_or(Value::Null, |b| Value::Int(b.into())),
        Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN => {
            row.try_get::<_, Option<String>>(i)?.map_or(Value::Null, Value::Text)
        }
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(i)?.map_or(Value::Null, Value::Bytes),
        ref other => {
            return Err(Error::internal(format!("a column of type {other}: cast it in the statement")));
        }
    })
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(n) => ValueRef::Integer(*n),
            Value::Real(x) => ValueRef::Real(*x),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match (self, kind) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Int(n), &Type::INT4) => i32::try_from(*n)?.to_sql(kind, out),
            (Value::Int(n), &Type::FLOAT8) => (*n as f64).to_sql(kind, out),
            (Value::Int(n), _) => n.to_sql(kind, out),
            (Value::Real(x), _) => x.to_sql(kind, out),
            (Value::Text(text), _) => text.as_str().to_sql(kind, out),
            (Value::Bytes(bytes), _) => bytes.as_slice().to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        matches!(
            *kind,
            Type::INT8 | Type::INT4 | Type::FLOAT8 | Type::TEXT | Type::VARCHAR | Type::BYTEA | Type::UNKNOWN
        )
    }

    postgres::types::to_sql_checked!();
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        if let rusqlite::Error::SqliteFailure(_, Some(text)) = &error {
            if let Some(columns) = text.strip_prefix("UNIQUE constraint failed: ") {
                let column = columns.split(',').next().unwrap_or(columns).trim();
                return broken_rule(&format!("{column}.taken"));
            }
            if let Some(name) = text.strip_prefix("CHECK constraint failed: ") {
                return broken_rule(name);
            }
            if text.starts_with("FOREIGN KEY constraint failed") {
                return Error::refused("error.reference");
            }
        }
        Error::internal(format!("SQLite: {error}"))
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Error {
        use postgres::error::SqlState;
        if let Some(broken) = error.as_db_error() {
            match (broken.code(), broken.constraint()) {
                (&SqlState::UNIQUE_VIOLATION | &SqlState::CHECK_VIOLATION, Some(name))
                    if name.contains('.') =>
                {
                    return broken_rule(name);
                }
                (&SqlState::FOREIGN_KEY_VIOLATION, _) => return Error::refused("error.reference"),
                _ => {}
            }
        }
        Error::internal(describe(&error))
    }
}

fn describe(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(e) => format!("PostgreSQL {}: {} {}", e.code().code(), e.message(), e.detail().unwrap_or("")),
        None => format!("PostgreSQL: {error}"),
    }
}

/// A constraint is named after the key of its message: `table.column.rule` belongs to the field `column`.
fn broken_rule(name: &str) -> Error {
    match name.split('.').collect::<Vec<_>>()[..] {
        [_, column, _] => {
            Error::Invalid(vec![FieldError { field: column.to_owned(), wrong: Wrong::new(name) }])
        }
        _ => Error::refused(name),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn placeholders_are_numbered_outside_quotes() {
        assert_eq!(super::numbered("a = ? and b = '?' and c = ?"), "a = $1 and b = '?' and c = $2");
    }
}
