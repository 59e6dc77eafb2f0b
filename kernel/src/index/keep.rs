//! How the index follows the records.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use roaring::RoaringBitmap;

use super::family::Family;
use super::lately::changed;
use super::{ANY, PIECE, family, pack, reach, unpack};
use crate::store::Db;
use crate::{Id, Result, sql};

/// A kind of records that is indexed: the name of its table.
#[derive(Clone, Copy)]
pub struct Indexed {
    /// Its table.
    pub kind: &'static str,
    /// Counted up when `read` answers otherwise than before: the index is then made anew.
    pub version: u32,
    /// Beginnings of terms that pages count or order by: they are held in memory.
    pub counted: &'static [&'static str],
    /// Reads the entries of these records; those that nobody shall find are left out.
    pub read: fn(&mut Db, &[Id]) -> Result<Vec<Entry>>,
}

/// What the index holds of a record, beside the scopes that reach it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The record.
    pub record: Id,
    /// Its place in the order of names.
    pub sort: String,
    /// Its terms.
    pub terms: Vec<String>,
}

/// An entry as it stands.
#[derive(Clone, Debug, Default, PartialEq)]
struct Kept {
    number: u32,
    sort: String,
    terms: BTreeSet<String>,
}

/// So many records, or terms, are looked at together.
const TOGETHER: usize = 500;

/// Brings the entries of these records up to date, in the transaction that changed the records.
pub(crate) fn settle(db: &mut Db, indexed: &Indexed, records: &BTreeSet<Id>) -> Result<()> {
    let records: Vec<Id> = records.iter().copied().collect();
    for some in records.chunks(TOGETHER) {
        let mut changes = changes(db, indexed, some)?;
        if changes.is_empty() {
            continue;
        }
        if db.lock_index()? {
            // Somebody else may have changed what reaches these records while this waited.
            changes = self::changes(db, indexed, some)?;
        }
        apply(db, indexed, changes)?;
    }
    Ok(())
}

/// A record, what the index holds of it, and what it should hold.
type Change = (Id, Option<Kept>, Option<Kept>);

fn changes(db: &mut Db, indexed: &Indexed, records: &[Id]) -> Result<Vec<Change>> {
    let mut wanted = wanted(db, indexed, records)?;
    let mut there = kept(db, indexed.kind, records)?;
    let changes = records.iter().map(|record| {
        let (old, mut new) = (there.remove(record), wanted.remove(record));
        if let (Some(old), Some(new)) = (&old, &mut new) {
            new.number = old.number;
        }
        (*record, old, new)
    });
    Ok(changes.filter(|(_, old, new)| old != new).collect())
}

fn wanted(db: &mut Db, indexed: &Indexed, records: &[Id]) -> Result<HashMap<Id, Kept>> {
    let mut found: HashMap<Id, Kept> = HashMap::new();
    for Entry { record, sort, terms } in (indexed.read)(db, records)? {
        let terms = terms.into_iter().chain([ANY.to_owned()]).collect();
        found.insert(record, Kept { number: 0, sort, terms });
    }
    let scopes = sql("select record, scope from reach where until is null and record").within(records);
    for (record, scope) in db.rows(&scopes, |row| Ok((row.take::<Id>()?, row.take::<String>()?)))? {
        if let Some(entry) = found.get_mut(&record) {
            entry.terms.insert(reach(&scope));
        }
    }
    Ok(found)
}

fn kept(db: &mut Db, kind: &str, records: &[Id]) -> Result<HashMap<Id, Kept>> {
    let query = sql("select record, number, sort, terms from entry where kind = ? and record")
        .bind(kind)
        .within(records);
    let rows = db.rows(&query, |row| {
        let (record, number, sort) = (row.take::<Id>()?, row.take::<i64>()? as u32, row.take()?);
        let terms = row.take::<String>()?.lines().map(str::to_owned).collect();
        Ok((record, Kept { number, sort, terms }))
    })?;
    Ok(rows.into_iter().collect())
}

/// Numbers that come to a piece of a set and numbers that leave it, by term and piece.
type Moves = BTreeMap<(String, u32), (RoaringBitmap, RoaringBitmap)>;

fn apply(db: &mut Db, indexed: &Indexed, changes: Vec<Change>) -> Result<()> {
    let kind = indexed.kind;
    let last = sql("select coalesce(max(number), 0) from entry where kind = ?").bind(kind);
    let (mut last, mut moves, mut entries) = (db.one::<i64>(&last)? as u32, Moves::new(), Vec::new());
    let none = BTreeSet::new();
    let mut moved = false;
    for (record, old, new) in changes {
        moved |= old.as_ref().map(|old| &old.sort) != new.as_ref().map(|new| &new.sort);
        let number = old.as_ref().map(|old| old.number).unwrap_or_else(|| {
            last += 1;
            last
        });
        let before = old.as_ref().map_or(&none, |old| &old.terms);
        let after = new.as_ref().map_or(&none, |new| &new.terms);
        for term in after.difference(before) {
            moves.entry((term.clone(), number / PIECE)).or_default().0.insert(number);
        }
        for term in before.difference(after) {
            moves.entry((term.clone(), number / PIECE)).or_default().1.insert(number);
        }
        match new {
            None => drop(db.run(&sql("delete from entry where record = ?").bind(record))?),
            Some(new) => entries.push((record, Kept { number, ..new })),
        }
    }
    write(db, kind, &entries)?;
    if moved {
        changed(db, kind)?;
    }
    family::moved(db, kind, indexed.counted, |beginning| {
        moves.keys().any(|(term, _)| term.starts_with(beginning))
    })?;
    move_numbers(db, kind, moves)
}

/// So many rows are written together.
const ROWS: usize = 50;

fn write(db: &mut Db, kind: &str, entries: &[(Id, Kept)]) -> Result<()> {
    for some in entries.chunks(ROWS) {
        let mut statement = sql("insert into entry (record, kind, number, sort, terms) values ")
            .and(&vec!["(?, ?, ?, ?, ?)"; some.len()].join(", "))
            .and(" on conflict (record) do update set sort = excluded.sort, terms = excluded.terms");
        for (record, entry) in some {
            let terms: Vec<&str> = entry.terms.iter().map(String::as_str).collect();
            let number = i64::from(entry.number);
            statement =
                statement.bind(*record).bind(kind).bind(number).bind(&entry.sort).bind(terms.join("\n"));
        }
        db.run(&statement)?;
    }
    Ok(())
}

fn move_numbers(db: &mut Db, kind: &str, moves: Moves) -> Result<()> {
    let moves: Vec<_> = moves.into_iter().collect();
    for some in moves.chunks(TOGETHER) {
        let terms: Vec<&str> = some.iter().map(|((term, _), _)| term.as_str()).collect();
        let query =
            sql("select term, piece, numbers from posting where kind = ? and term").bind(kind).within(&terms);
        let mut there: HashMap<(String, u32), Vec<u8>> = HashMap::new();
        db.each(&query, |row| {
            there.insert((row.take()?, row.take::<i64>()? as u32), row.take()?);
            Ok(())
        })?;
        let mut pieces = Vec::new();
        for (key, (come, leave)) in some {
            let mut numbers =
                there.get(key).map_or_else(|| Ok(RoaringBitmap::new()), |bytes| unpack(bytes))?;
            numbers |= come;
            numbers -= leave;
            pieces.push((key.0.as_str(), key.1, numbers));
        }
        put(db, kind, pieces)?;
    }
    Ok(())
}

/// Writes pieces of sets; an empty one goes.
fn put(db: &mut Db, kind: &str, pieces: Vec<(&str, u32, RoaringBitmap)>) -> Result<()> {
    let (empty, full): (Vec<_>, Vec<_>) = pieces.into_iter().partition(|(_, _, numbers)| numbers.is_empty());
    for (term, piece, _) in empty {
        let gone = sql("delete from posting where kind = ? and term = ? and piece = ?").bind(kind);
        db.run(&gone.bind(term).bind(i64::from(piece)))?;
    }
    for some in full.chunks(ROWS) {
        let mut statement = sql("insert into posting (kind, term, piece, numbers) values ")
            .and(&vec!["(?, ?, ?, ?)"; some.len()].join(", "))
            .and(" on conflict (kind, term, piece) do update set numbers = excluded.numbers");
        for (term, piece, numbers) in some {
            statement = statement.bind(kind).bind(term).bind(i64::from(*piece)).bind(pack(numbers)?);
        }
        db.run(&statement)?;
    }
    Ok(())
}

fn all(db: &mut Db, kind: &str) -> Result<Vec<Id>> {
    let query = sql(&format!("select id from {kind} order by id")).open("the index holds every record");
    db.rows(&query, crate::value::Row::take)
}

/// The sets of these entries by term.
fn gather(sets: &mut BTreeMap<String, RoaringBitmap>, entry: &Kept) {
    for term in &entry.terms {
        match sets.get_mut(term) {
            Some(numbers) => {
                numbers.insert(entry.number);
            }
            None => {
                sets.insert(term.clone(), RoaringBitmap::from([entry.number]));
            }
        }
    }
}

/// Makes the index of a kind anew from its records.
pub fn rebuild(db: &mut Db, indexed: &Indexed) -> Result<()> {
    db.run(&sql("delete from entry where kind = ?").bind(indexed.kind))?;
    db.run(&sql("delete from posting where kind = ?").bind(indexed.kind))?;
    let (mut sets, mut number) = (BTreeMap::new(), 0);
    for some in all(db, indexed.kind)?.chunks(TOGETHER) {
        let (mut wanted, mut entries) = (wanted(db, indexed, some)?, Vec::new());
        for record in some {
            if let Some(entry) = wanted.remove(record) {
                number += 1;
                let entry = Kept { number, ..entry };
                gather(&mut sets, &entry);
                entries.push((*record, entry));
            }
        }
        write(db, indexed.kind, &entries)?;
    }
    changed(db, indexed.kind)?;
    family::moved(db, indexed.kind, indexed.counted, |_| true)?;
    let sets: Vec<_> = sets.into_iter().collect();
    for some in sets.chunks(TOGETHER) {
        let mut pieces = Vec::new();
        for (term, numbers) in some {
            for piece in 0..=number / PIECE {
                let range = piece * PIECE..=piece * PIECE + (PIECE - 1);
                pieces.push((term.as_str(), piece, numbers.range(range).collect::<RoaringBitmap>()));
            }
        }
        pieces.retain(|(_, _, numbers)| !numbers.is_empty());
        put(db, indexed.kind, pieces)?;
    }
    Ok(())
}

/// Brings an index that an earlier version made to where this one goes on from.
pub(crate) fn take_up(db: &mut Db, indexed: &Indexed) -> Result<()> {
    family::begin(db, indexed.kind, indexed.counted)
}

/// Where the index of a kind differs from its records; nothing if all is well.
pub fn faults(db: &mut Db, indexed: &Indexed) -> Result<Vec<String>> {
    let (mut found, mut sets) = (Vec::new(), BTreeMap::new());
    let records = all(db, indexed.kind)?;
    for some in records.chunks(TOGETHER) {
        for (record, old, new) in changes(db, indexed, some)? {
            let what = match (old, new) {
                (None, _) => "is missing in the index",
                (_, None) => "is in the index and should not be",
                _ => "has changed and its entry has not",
            };
            found.push(format!("{} {record} {what}", indexed.kind));
        }
        for entry in kept(db, indexed.kind, some)?.into_values() {
            gather(&mut sets, &entry);
        }
    }
    let mut there: BTreeMap<String, RoaringBitmap> = BTreeMap::new();
    let query = sql("select term, numbers from posting where kind = ?").bind(indexed.kind);
    db.each(&query, |row| {
        let (term, numbers) = (row.take::<String>()?, unpack(&row.take::<Vec<u8>>()?)?);
        *there.entry(term).or_default() |= numbers;
        Ok(())
    })?;
    for beginning in indexed.counted {
        if !Family::stands(db, indexed.kind, beginning)? {
            found.push(format!("what is held of {beginning} for {} is out of date", indexed.kind));
        }
    }
    let terms: BTreeSet<&String> = sets.keys().chain(there.keys()).collect();
    let differ = terms.into_iter().filter(|term| sets.get(*term) != there.get(*term));
    found.extend(
        differ.map(|term| format!("the index of {} for {term} is not that of its entries", indexed.kind)),
    );
    Ok(found)
}
