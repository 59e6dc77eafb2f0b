//! Questions to the index, and what they find.

use std::collections::HashMap;
use std::sync::Arc;

use roaring::{MultiOps, RoaringBitmap};

use super::family::{self, Family};
use super::lately::Lately;
use super::order::Order;
use super::{ANY, reach, unpack, word};
use crate::access::Viewer;
use crate::search::{Typed, words_typed};
use crate::store::Db;
use crate::value::Row;
use crate::{Id, Result, Sql, now, sql};

/// Terms of which a record must have one.
#[derive(Clone, Debug, Default)]
struct Either {
    terms: Vec<String>,
    beginnings: Vec<String>,
    /// Scopes that reach it, also for a while.
    scopes: Vec<String>,
    runs: Vec<Run>,
}

/// A run of terms.
#[derive(Clone, Debug)]
struct Run {
    first: String,
    /// No part of it.
    end: String,
    /// Which of them count.
    counts: fn(&str) -> bool,
}

/// What a record must have to be found. It begins with the rights of whoever asks.
#[derive(Clone, Debug)]
pub struct Question {
    kind: &'static str,
    all: Vec<Either>,
}

impl Question {
    /// What this viewer may know of.
    pub fn seen(kind: &'static str, viewer: &Viewer) -> Question {
        let rights = match viewer.scopes() {
            Some(scopes) => Either { scopes, ..Either::default() },
            None => Either { terms: vec![ANY.to_owned()], ..Either::default() },
        };
        Question { kind, all: vec![rights] }
    }

    /// Everything; the reason why rights do not matter here is for whoever reads the code.
    pub fn open(kind: &'static str, reason: &str) -> Question {
        debug_assert!(!reason.is_empty(), "say why rights do not matter here");
        Question { kind, all: vec![Either { terms: vec![ANY.to_owned()], ..Either::default() }] }
    }

    /// Only records with this term.
    pub fn has(self, term: impl Into<String>) -> Question {
        self.has_one([term.into()])
    }

    /// Only records with one of these terms.
    pub fn has_one(mut self, terms: impl IntoIterator<Item = String>) -> Question {
        self.all.push(Either { terms: terms.into_iter().collect(), ..Either::default() });
        self
    }

    /// Only records with a term from the first on and before the end that counts: a price below, a date after. What a term
    /// says is worked out when it is asked for, so that what ends by itself needs no write.
    pub fn between(
        mut self,
        first: impl Into<String>,
        end: impl Into<String>,
        counts: fn(&str) -> bool,
    ) -> Question {
        self.all.push(Either {
            runs: vec![Run { first: first.into(), end: end.into(), counts }],
            ..Either::default()
        });
        self
    }

    /// Only records that this scope reaches.
    pub fn through(mut self, scope: &str) -> Question {
        self.all.push(Either { scopes: vec![scope.to_owned()], ..Either::default() });
        self
    }

    /// Only records whose names have the words typed; the last one may have been begun only.
    pub fn named(mut self, typed: &str) -> Question {
        for ways in words_typed(typed) {
            let mut either = Either::default();
            for Typed { word: text, begun } in ways {
                if begun { &mut either.beginnings } else { &mut either.terms }.push(word(&text));
            }
            self.all.push(either);
        }
        self
    }

    /// What it finds now. What is open to everybody stands until a term changes, and many ask for the same.
    pub fn found(&self, db: &mut Db) -> Result<Found> {
        let open = self.all.iter().all(|either| either.scopes.is_empty());
        let stamp = if open { family::stamp_of_all(db, self.kind)? } else { None };
        let Some(stamp) = stamp else {
            return Ok(Found { kind: self.kind, numbers: Arc::new(self.read(db)?), asked: None });
        };
        // What counts may depend on the day.
        let name = format!("{} {} {:?}", self.kind, crate::today(), self.all);
        let numbers = FOUND.under(&name, stamp, || self.read(db))?;
        Ok(Found { kind: self.kind, numbers, asked: Some((name, stamp)) })
    }

    fn read(&self, db: &mut Db) -> Result<RoaringBitmap> {
        let mut terms: Vec<String> =
            self.all.iter().flat_map(|either| either.terms.iter().cloned()).collect();
        let scopes: Vec<&str> =
            self.all.iter().flat_map(|either| &either.scopes).map(String::as_str).collect();
        terms.extend(scopes.iter().map(|scope| reach(scope)));
        terms.sort();
        terms.dedup();
        let sets = sets(
            db,
            sql("select term, numbers from posting where kind = ? and term").bind(self.kind).within(&terms),
        )?;
        let passing = passing(db, self.kind, &scopes)?;
        let mut parts = Vec::new();
        for either in &self.all {
            let mut some = Vec::new();
            for beginning in &either.beginnings {
                let range = sql("select numbers from posting where kind = ? and term >= ? and term < ?")
                    .bind(self.kind)
                    .bind(beginning)
                    .bind(format!("{beginning}\u{10ffff}"));
                db.each(&range, |row| {
                    some.push(unpack(&row.take::<Vec<u8>>()?)?);
                    Ok(())
                })?;
            }
            for Run { first, end, counts } in &either.runs {
                let mut numbers = RoaringBitmap::new();
                let run = sql("select term, numbers from posting where kind = ? and term >= ? and term < ?")
                    .bind(self.kind)
                    .bind(first)
                    .bind(end);
                db.each(&run, |row| {
                    let (term, piece) = (row.take::<String>()?, row.take::<Vec<u8>>()?);
                    if counts(&term) {
                        numbers |= unpack(&piece)?;
                    }
                    Ok(())
                })?;
                some.push(numbers);
            }
            let reached = either.scopes.iter().map(|scope| reach(scope));
            let exact =
                either.terms.iter().cloned().chain(reached).filter_map(|term| sets.get(&term).cloned());
            some.extend(exact);
            some.extend(either.scopes.iter().filter_map(|scope| passing.get(scope).cloned()));
            parts.push(some.union());
        }
        parts.sort_by_key(RoaringBitmap::len);
        Ok(parts.intersection())
    }
}

/// The sets of terms that a statement answers, whole.
fn sets(db: &mut Db, query: Sql) -> Result<HashMap<String, RoaringBitmap>> {
    let mut found: HashMap<String, RoaringBitmap> = HashMap::new();
    db.each(&query, |row| {
        let (term, piece) = (row.take::<String>()?, unpack(&row.take::<Vec<u8>>()?)?);
        *found.entry(term).or_default() |= piece;
        Ok(())
    })?;
    Ok(found)
}

/// What scopes reach for a while only: that ends by itself, so no set of the index holds it.
fn passing(db: &mut Db, kind: &str, scopes: &[&str]) -> Result<HashMap<String, RoaringBitmap>> {
    let mut found: HashMap<String, RoaringBitmap> = HashMap::new();
    if scopes.is_empty() {
        return Ok(found);
    }
    let query = sql("select r.scope, x.number from reach r join entry x on x.record = r.record
                     where r.until is not null and r.until > ? and x.kind = ? and r.scope")
    .bind(now())
    .bind(kind)
    .within(scopes);
    for (scope, number) in db.rows(&query, |row| Ok((row.take::<String>()?, row.take::<i64>()?)))? {
        found.entry(scope).or_default().insert(number as u32);
    }
    Ok(found)
}

/// The records that a question found.
#[derive(Clone, Debug)]
pub struct Found {
    kind: &'static str,
    numbers: Arc<RoaringBitmap>,
    /// What it is held under.
    asked: Option<(String, Id)>,
}

/// What open questions found lately, and how many of that have which terms.
static FOUND: Lately<RoaringBitmap> = Lately::new(500);
static COUNTED: Lately<Vec<(String, i64)>> = Lately::new(500);

/// So many numbers stand in one statement.
const TOGETHER: usize = 200;

impl Found {
    /// How many.
    pub fn count(&self) -> i64 {
        self.numbers.len() as i64
    }

    /// How many have each term that begins so, by the rest of the term, in its order.
    pub fn count_by(&self, db: &mut Db, beginning: &str) -> Result<Vec<(String, i64)>> {
        let mut count = || Ok(Family::of(db, self.kind, beginning)?.count(&self.numbers));
        match &self.asked {
            None => count(),
            Some((name, stamp)) => Ok(COUNTED.under(&format!("{beginning} {name}"), *stamp, count)?.to_vec()),
        }
    }

    /// Only those of these records.
    pub fn among(mut self, db: &mut Db, records: &[Id]) -> Result<Found> {
        let numbers = self.numbers_of(db, records)?;
        self.numbers = Arc::new(&*self.numbers & numbers);
        self.asked = None;
        Ok(self)
    }

    /// All but these records.
    pub fn without(mut self, db: &mut Db, records: &[Id]) -> Result<Found> {
        let numbers = self.numbers_of(db, records)?;
        self.numbers = Arc::new(&*self.numbers - numbers);
        self.asked = None;
        Ok(self)
    }

    fn numbers_of(&self, db: &mut Db, records: &[Id]) -> Result<RoaringBitmap> {
        let mut numbers = RoaringBitmap::new();
        for some in records.chunks(TOGETHER) {
            let query =
                sql("select number from entry where kind = ? and record").bind(self.kind).within(some);
            db.each(&query, |row| {
                numbers.insert(row.take::<i64>()? as u32);
                Ok(())
            })?;
        }
        Ok(numbers)
    }

    /// The first `most` in the order of names, after the end of an earlier page.
    pub fn page(&self, db: &mut Db, after: Option<&str>, most: usize) -> Result<Page> {
        let order = Order::of(db, self.kind)?;
        let from = match after.and_then(|after| after.rsplit_once('~')) {
            None => 0,
            Some((sort, number)) => {
                // The last one of the earlier page may have another name by now.
                let next = sql("select number from entry where kind = ? and (sort, number) > (?, ?)
                                order by sort, number limit 1")
                .bind(self.kind)
                .bind(sort)
                .bind(number.parse().unwrap_or(0i64));
                db.row(&next, Row::take::<i64>)?.map_or(usize::MAX, |number| order.place(number as u32))
            }
        };
        let mut numbers: Vec<i64> =
            order.first(&self.numbers, from, most + 1).into_iter().map(i64::from).collect();
        let more = numbers.len() > most;
        numbers.truncate(most);
        let next = match numbers.last().filter(|_| more) {
            None => None,
            Some(number) => {
                let sort = sql("select sort from entry where kind = ? and number = ?").bind(self.kind);
                Some(format!("{}~{number}", db.one::<String>(&sort.bind(*number))?))
            }
        };
        Ok(Page { kind: self.kind, numbers, next })
    }
}

impl Found {
    /// The first `most` in the order of their one term that begins so, or the other way round; those without such a term
    /// come last. `after` is the end of an earlier page.
    pub fn page_by(
        &self,
        db: &mut Db,
        beginning: &str,
        backwards: bool,
        after: Option<&str>,
        most: usize,
    ) -> Result<Page> {
        let after = after.and_then(|after| after.rsplit_once('~'));
        let after = after.map(|(rest, number)| (rest, number.parse().unwrap_or(0)));
        let family = Family::of(db, self.kind, beginning)?;
        let mut page = family.first(&self.numbers, backwards, after, most + 1);
        let more = page.len() > most;
        page.truncate(most);
        let next = page.last().filter(|_| more).map(|(rest, number)| format!("{rest}~{number}"));
        Ok(Page {
            kind: self.kind,
            numbers: page.into_iter().map(|(_, number)| i64::from(number)).collect(),
            next,
        })
    }
}

/// Some of the found records, in their order.
#[derive(Clone, Debug)]
pub struct Page {
    kind: &'static str,
    numbers: Vec<i64>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<String>,
}

impl Page {
    /// How many records stand on it.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// True if nothing stands on it.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The place on this page of the record with this number, `x.number` in the statement of [`Page::rows`].
    pub fn place(&self, number: i64) -> usize {
        self.numbers.iter().position(|there| *there == number).unwrap_or(usize::MAX)
    }

    /// The part of a statement from `from` on that reads its records in the order of names; `table` is their table with its
    /// alias, such as `organisation o`, and what is joined to it.
    pub fn rows(&self, table: &str) -> Sql {
        let alias = table.split(' ').nth(1).unwrap_or(table);
        sql(&format!(" from {table} join entry x on x.record = {alias}.id where x.kind = ? and x.number"))
            .bind(self.kind)
            .within_few(&self.numbers)
            .and(" order by x.sort, x.number")
            .open("the rights of the reader were part of the question")
    }
}
