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
pub fn matching(query: Sql, kind: &str, column: &str, text: &str) -> Sql {
    words_typed(text).into_iter().fold(query, |query, ways| {
        let query = query
            .and(&format!(" and {column} in (select record from search where kind = ? and ("))
            .bind(kind);
        let one = |(i, query): (usize, Sql), way: Typed| {
            let query = if i > 0 { query.and(" or ") } else { query };
            let query = if way.begun {
                query.and("(word >= ? and word < ?)").bind(&way.word).bind(format!("{}\u{10ffff}", way.word))
            } else {
                query.and("word = ?").bind(&way.word)
            };
            (i + 1, query)
        };
        ways.into_iter().fold((0, query), one).1.and("))")
    })
}

/// So many words are looked for at most.
const MOST: usize = 12;

/// A word of a name to be found.
pub(crate) struct Typed {
    /// The folded word, or a sound key after `~`.
    pub(crate) word: String,
    /// True if it may have been begun only.
    pub(crate) begun: bool,
}

/// For each typed word, what a name can have to be found by it: the word, or one that sounds like it.
pub(crate) fn words_typed(text: &str) -> Vec<Vec<Typed>> {
    let mut words = fold::words(text);
    // No name is longer; a pasted page of text must not become a statement of a thousand conditions.
    words.truncate(MOST);
    let last = words.len().saturating_sub(1);
    let still_typing = !text.ends_with(char::is_whitespace);
    let ways = |(i, word): (usize, &String)| {
        let begun = i == last && still_typing;
        // Sounds of one letter would find half the country.
        let keys = fold::keys(word).into_iter().filter(|key| key.chars().count() >= 2);
        let words = std::iter::once(word.clone()).chain(keys.map(|key| format!("~{key}")));
        words.map(|word| Typed { word, begun }).collect()
    };
    words.iter().enumerate().map(ways).collect()
}
