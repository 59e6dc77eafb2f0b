//! What devices sent is kept as it came; once a person's data is erased, what it said of her is not.

use kernel::{Db, Fact, Id, Result, Tx, sql};

/// What stands in the place of what was sent.
pub(crate) const TOMBSTONE: &str = r#"{"erased":true}"#;

/// Why this room touches what was sent.
const WHY: &str = "erasing a person's data";

/// Hears that a person's data was erased: the forms that speak of her, the batches they came in and the documents that came
/// with them are emptied. That they came, from whom and when stays.
pub(crate) fn hear(tx: &mut Tx<'_>, fact: &Fact) -> Result<()> {
    if fact.kind != "people.person.erased" {
        return Ok(());
    }
    let id = fact.record;
    let speaks = format!("%{id}%");
    let query = sql("select c.id from device_command c where c.path like ? or c.form like ?
         or c.id in (select m.command from fact_command m join fact f on f.id = m.fact where f.record = ?)");
    let query = query.bind(speaks.as_str()).bind(speaks.as_str()).bind(id).open(WHY);
    let found: Vec<Id> = tx.rows(&query, kernel::value::Row::take)?;
    for command in found {
        empty(tx, command)?;
        tx.run(&sql("update device_command set told = null where id = ?").bind(command).open(WHY))?;
    }
    Ok(())
}

/// Empties what a command said, the batch it came in and its documents.
pub(super) fn empty(tx: &mut Tx<'_>, command: Id) -> Result<()> {
    let query = sql("select batch, files from device_command where id = ?").bind(command).open(WHY);
    let row = tx.row(&query, |row| Ok((row.take::<Id>()?, row.take::<String>()?)))?;
    let Some((batch, files)) = row else { return Ok(()) };
    tx.run(&sql("update device_command set form = '[]' where id = ?").bind(command).open(WHY))?;
    tx.run(&sql("update batch set body = ? where key = ?").bind(TOMBSTONE).bind(batch))?;
    let files: Vec<super::batch::SentFile> = serde_json::from_str(&files)?;
    files.iter().try_for_each(|file| super::upload::discard(tx, file.upload))
}

/// True if this form speaks of somebody whose data was erased before it came.
pub(super) fn speaks(db: &mut Db, path: &str, form: &[(String, String)]) -> Result<bool> {
    let texts = form.iter().map(|(_, text)| text.as_str()).chain([path]);
    let ids: Vec<Id> = texts.flat_map(ids).collect();
    if ids.is_empty() { Ok(false) } else { people::erased(db, &ids) }
}

/// The ids that stand in a text.
fn ids(text: &str) -> impl Iterator<Item = Id> + '_ {
    let parts = text.split(|c: char| !c.is_ascii_hexdigit() && c != '-');
    parts.filter(|part| part.len() == 36).filter_map(|part| part.parse().ok())
}
