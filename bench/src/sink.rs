//! Many rows at once, through the bare database libraries.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use kernel::value::Value;

use crate::Result;

/// Takes rows.
pub(crate) trait Sink {
    /// A row of a table; the columns are the same each time.
    fn row(&mut self, table: &str, columns: &str, values: &[Value]) -> Result<()>;
    /// No more rows: indexes, statistics, everything on the disk.
    fn finish(&mut self) -> Result<()>;
}

/// An SQLite file.
pub(crate) struct Sqlite {
    db: rusqlite::Connection,
    indexes: Vec<String>,
    statements: HashMap<String, String>,
}

impl Sqlite {
    /// A file that has its schema and no rows.
    pub(crate) fn open(path: &Path) -> Result<Sqlite> {
        Sqlite::begin(path, |_| true)
    }

    /// A file in which rows are added to these tables alone.
    pub(crate) fn open_for(path: &Path, tables: &[&str]) -> Result<Sqlite> {
        Sqlite::begin(path, |table| tables.contains(&table))
    }

    fn begin(path: &Path, written: impl Fn(&str) -> bool) -> Result<Sqlite> {
        let db = rusqlite::Connection::open(path)?;
        db.execute_batch(
            "pragma journal_mode = off; pragma synchronous = off; pragma foreign_keys = off; pragma cache_size = -2000000;
             pragma temp_store = memory; pragma threads = 2",
        )?;
        db.set_prepared_statement_cache_capacity(64);
        let mut indexes: Vec<(String, String, String)> = db
            .prepare(
                "select name, sql, tbl_name from sqlite_master where type = 'index' and sql is not null",
            )?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        indexes.retain(|(_, _, table)| written(table));
        for (name, ..) in &indexes {
            db.execute_batch(&format!("drop index \"{name}\""))?;
        }
        db.execute_batch("begin")?;
        Ok(Sqlite {
            db,
            indexes: indexes.into_iter().map(|(_, sql, _)| sql).collect(),
            statements: HashMap::new(),
        })
    }
}

impl Sink for Sqlite {
    fn row(&mut self, table: &str, columns: &str, values: &[Value]) -> Result<()> {
        if !self.statements.contains_key(table) {
            let holes = vec!["?"; values.len()].join(", ");
            self.statements
                .insert(table.to_owned(), format!("insert into {table} ({columns}) values ({holes})"));
        }
        self.db.prepare_cached(&self.statements[table])?.execute(rusqlite::params_from_iter(values))?;
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        self.db.execute_batch("commit")?;
        for index in &self.indexes {
            self.db.execute_batch(index)?;
        }
        self.db.execute_batch(
            "pragma analysis_limit = 1000; analyze; pragma journal_mode = wal; pragma synchronous = full",
        )?;
        Ok(())
    }
}

/// A PostgreSQL database.
pub(crate) struct Postgres {
    db: postgres::Client,
    indexes: Vec<String>,
    waiting: HashMap<String, (String, String)>,
}

/// Rows are sent when so many bytes wait.
const ENOUGH: usize = 4 << 20;

impl Postgres {
    /// A database that has its schema and no rows.
    pub(crate) fn open(address: &str) -> Result<Postgres> {
        Postgres::begin(address, |_| true)
    }

    /// A database in which rows are added to these tables alone.
    pub(crate) fn open_for(address: &str, tables: &[&str]) -> Result<Postgres> {
        Postgres::begin(address, |table| tables.contains(&table))
    }

    fn begin(address: &str, written: impl Fn(&str) -> bool) -> Result<Postgres> {
        let mut db = postgres::Client::connect(address, postgres::NoTls)?;
        db.batch_execute("set session_replication_role = replica; set maintenance_work_mem = '1GB'")?;
        let found = db.query(
            "select indexname::text, indexdef, tablename::text from pg_indexes i where schemaname = current_schema()
             and not exists (select 1 from pg_constraint c where c.conname = i.indexname)",
            &[],
        )?;
        let found = found.iter().filter(|row| written(row.get(2)));
        let indexes: Vec<(String, String)> = found.map(|row| (row.get(0), row.get(1))).collect();
        for (name, _) in &indexes {
            db.batch_execute(&format!("drop index \"{name}\""))?;
        }
        Ok(Postgres {
            db,
            indexes: indexes.into_iter().map(|(_, sql)| sql).collect(),
            waiting: HashMap::new(),
        })
    }

    fn send(&mut self, table: &str) -> Result<()> {
        if let Some((columns, rows)) = self.waiting.remove(table) {
            let mut copy = self.db.copy_in(&format!("copy {table} ({columns}) from stdin"))?;
            copy.write_all(rows.as_bytes())?;
            copy.finish()?;
        }
        Ok(())
    }
}

impl Sink for Postgres {
    fn row(&mut self, table: &str, columns: &str, values: &[Value]) -> Result<()> {
        if !self.waiting.contains_key(table) {
            self.waiting.insert(table.to_owned(), (columns.to_owned(), String::new()));
        }
        let Some((_, rows)) = self.waiting.get_mut(table) else { return Ok(()) };
        for (n, value) in values.iter().enumerate() {
            if n > 0 {
                rows.push('\t');
            }
            match value {
                Value::Null => rows.push_str("\\N"),
                Value::Int(number) => write!(rows, "{number}")?,
                Value::Real(number) => write!(rows, "{number}")?,
                Value::Text(text) => rows.extend(text.chars().flat_map(escaped)),
                Value::Bytes(_) => return Err("the index is made from the rows".into()),
            }
        }
        rows.push('\n');
        if rows.len() > ENOUGH { self.send(table) } else { Ok(()) }
    }

    fn finish(&mut self) -> Result<()> {
        let tables: Vec<String> = self.waiting.keys().cloned().collect();
        for table in tables {
            self.send(&table)?;
        }
        for index in &self.indexes {
            self.db.batch_execute(index)?;
        }
        self.db.batch_execute("vacuum analyze")?;
        Ok(())
    }
}

fn escaped(c: char) -> impl Iterator<Item = char> {
    let (escape, c) = match c {
        '\\' => (true, '\\'),
        '\t' => (true, 't'),
        '\n' => (true, 'n'),
        '\r' => (true, 'r'),
        c => (false, c),
    };
    escape.then_some('\\').into_iter().chain([c])
}
