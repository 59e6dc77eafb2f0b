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
    let words = fold::words(typed);
    let last = words.len().saturating_sub(1);
    let still_typing = !typed.ends_with(char::is_whitespace);
    words.iter().enumerate().fold(query, |query, (i, word)| {
        let prefix = i == last && still_typing;
        let query = query
            .and(&format!(" and {column} in (select record from search where kind = ? and ("))
            .bind(kind);
        let query = one(query, word, prefix);
        // Sounds of one letter would find half the country.
        let keys: Vec<_> = fold::keys(word).into_iter().filter(|key| key.chars().count() >= 2).collect();
        let query = keys.iter().fold(query, |query, key| one(query.and(" or "), &format!("~{key}"), prefix));
        query.and("))")
    })
}

fn one(query: Sql, word: &str, prefix: bool) -> Sql {
    if prefix {
        query.and("(word >= ? and word < ?)").bind(word).bind(format!("{word}\u{10ffff}"))
    } else {
        query.and("word = ?").bind(word)
    }
}
