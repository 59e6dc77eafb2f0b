//! Finding records by the words of their names, in any script or spelling.
//!
//! Each name is kept as folded words and, after a `~`, as sound keys that are the same for `Aït`, `Ait` and `آيت`.
//! Someone who is still typing has written the beginning of the last word.

use crate::store::Db;
use crate::{Id, Result, Sql, sql};

/// Replaces the words under which a record is found.
pub fn index<'a>(db: &mut Db, kind: &str, record: Id, names: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut words: Vec<String> = names.flat_map(words_of).collect();
    words.sort();
    words.dedup();
    let before: Vec<String> = db.rows(
        &sql("select word from search where record = ? and kind = ? order by word").bind(record).bind(kind),
        crate::value::Row::take,
    )?;
    if before == words {
        return Ok(());
    }
    db.run(&sql("delete from search where record = ? and kind = ?").bind(record).bind(kind))?;
    for chunk in words.chunks(50) {
        let mut insert = sql("insert into search (kind, word, record) values ")
            .and(&vec!["(?, ?, ?)"; chunk.len()].join(", "));
        for word in chunk {
            insert = insert.bind(kind).bind(word).bind(record);
        }
        db.run(&insert)?;
    }
    Ok(())
}

/// The words kept for one name.
pub fn words_of(name: &str) -> Vec<String> {
    let mut words = fold::words(name);
    words
        .extend(fold::name_keys(name).into_iter().filter(|key| !key.is_empty()).map(|key| format!("~{key}")));
    words
}

/// Appends the condition that the record in `column` is found by what was typed; nothing if nothing was typed.
pub fn matching(query: Sql, kind: &str, column: &str, typed: &str) -> Sql {
    matching_by(query, kind, column, typed, &[])
}

/// How a walk through records in some order asks for a typed word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Few records have it: they lead, the order is made afterwards.
    Lead,
    /// Some have it: they are gathered, and each record of the walk is sought among them.
    Gather,
    /// Many have it: each record of the walk is asked for its words, and the walk ends soon.
    Ask,
}

/// The same as [`matching`] in the order of a walk, each word in the way that [`ways`] found.
pub fn matching_by(query: Sql, kind: &str, column: &str, typed: &str, ways: &[Way]) -> Sql {
    words_typed(kind, typed).into_iter().enumerate().fold(query, |query, (i, word)| {
        let entries = match ways.get(i).unwrap_or(&Way::Lead) {
            Way::Lead => format!(" and {column} in (select record from search where"),
            // Concatenating nothing keeps the database from being led by these records.
            Way::Gather => format!(" and {column} || '' in (select record from search where"),
            Way::Ask => format!(" and exists (select 1 from search where record = {column} and"),
        };
        query.and(&entries).join(word).and(")")
    })
}

/// The quickest way for each typed word of a walk: at most the rarest one leads.
pub fn ways(db: &mut Db, kind: &str, typed: &str) -> Result<Vec<Way>> {
    let count = |word: Sql| {
        let entries = sql("select count(*) from (select 1 from search where").join(word);
        db.one::<i64>(&entries.and(" limit ?) few").bind(MANY))
    };
    let counts = words_typed(kind, typed).into_iter().map(count).collect::<Result<Vec<_>>>()?;
    let rarest = counts.iter().copied().min().filter(|count| *count < FEW);
    let way = |count: &i64| match *count {
        count if Some(count) == rarest => Way::Lead,
        MANY.. => Way::Ask,
        _ => Way::Gather,
    };
    Ok(counts.iter().map(way).collect())
}

/// From so many entries on a walk is quicker than looking each one up.
const FEW: i64 = 1500;
/// From so many entries on a walk comes across them quicker than they are gathered.
const MANY: i64 = 5000;

/// For each typed word, the condition under which an entry of the index begins with it or sounds like it.
fn words_typed(kind: &str, typed: &str) -> Vec<Sql> {
    let words = fold::words(typed);
    let last = words.len().saturating_sub(1);
    let still_typing = !typed.ends_with(char::is_whitespace);
    let condition = |(i, word): (usize, &String)| {
        let prefix = i == last && still_typing;
        let query = one(sql(" kind = ? and (").bind(kind), word, prefix);
        // Sounds of one letter would find half the country.
        let keys = fold::keys(word).into_iter().filter(|key| key.chars().count() >= 2);
        keys.fold(query, |query, key| one(query.and(" or "), &format!("~{key}"), prefix)).and(")")
    };
    words.iter().enumerate().map(condition).collect()
}

fn one(query: Sql, word: &str, prefix: bool) -> Sql {
    if prefix {
        query.and("(word >= ? and word < ?)").bind(word).bind(format!("{word}\u{10ffff}"))
    } else {
        query.and("word = ?").bind(word)
    }
}
