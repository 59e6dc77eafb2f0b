//! What devices sent is kept as it came; once a person's data is erased, what it said of her is not.

use kernel::{Fact, Id, Result, Tx, sql};

/// What stands in the place of what was sent.
pub(crate) const TOMBSTONE: &str = r#"{"erased":true}"#;

/// Hears that a person's data was erased: the forms that speak of her, and the batches they came in, are emptied. That
/// they came, from whom and when stays.
pub(crate) fn hear(tx: &mut Tx<'_>, fact: &Fact) -> Result<()> {
    if fact.kind != "people.person.erased" {
        return Ok(());
    }
    let id = fact.record;
    let speaks = format!("%{id}%");
    let query = sql("select c.id, c.batch from device_command c where c.path like ? or c.form like ?
         or c.id in (select m.command from fact_command m join fact f on f.id = m.fact where f.record = ?)");
    let query = query.bind(speaks.as_str()).bind(speaks.as_str()).bind(id).open("erasing a person's data");
    let found: Vec<(Id, Id)> = tx.rows(&query, |row| Ok((row.take()?, row.take()?)))?;
    for (command, batch) in found {
        let form = sql("update device_command set form = '[]', told = null where id = ?").bind(command);
        tx.run(&form.open("erasing a person's data"))?;
        tx.run(&sql("update batch set body = ? where key = ?").bind(TOMBSTONE).bind(batch))?;
    }
    Ok(())
}
