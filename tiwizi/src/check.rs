//! `tiwizi check`: is everything whole?

use kernel::{App, Result, sql};

/// What is wrong, a line each; nothing if all is well.
pub fn run(app: &App) -> Result<Vec<String>> {
    let mut found = app.read(|db| {
        let mut found = db.damage()?;
        found.extend(db.broken_references()?);
        found.extend(unread_facts(db)?);
        found.extend(versions(app, db)?);
        for indexed in app.rooms.iter().filter_map(|room| room.indexed.as_ref()) {
            found.extend(kernel::index::faults(db, indexed)?);
        }
        Ok(found)
    })?;
    found.extend(kernel::files::damaged(app)?);
    Ok(found)
}

/// Facts whose changes are no JSON.
fn unread_facts(db: &mut kernel::Db) -> Result<Vec<String>> {
    let mut found = Vec::new();
    db.each(&sql("select id, changes from fact"), |row| {
        let (id, changes): (String, String) = (row.take()?, row.take()?);
        if serde_json::from_str::<serde_json::Map<String, kernel::Json>>(&changes).is_err() {
            found.push(format!("fact {id} cannot be read"));
        }
        Ok(())
    })?;
    Ok(found)
}

/// Records whose version no fact accounts for: a write without its fact, or a fact without its write.
fn versions(app: &App, db: &mut kernel::Db) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for declared in app.rooms.iter().flat_map(|room| &room.records) {
        let table = declared.table;
        let query = sql(&format!(
            "select t.id, t.version, f.last from {table} t left join (select record, max(version) as last from fact group by record) f
             on f.record = t.id where f.last is null or f.last <> t.version limit 100"
        ))
        .open("the check of the whole house");
        let lines = db.rows(&query, |row| {
            Ok((row.take::<String>()?, row.take::<i64>()?, row.take::<Option<i64>>()?))
        })?;
        found.extend(lines.into_iter().map(|(id, version, fact)| {
            format!(
                "{table} {id} is at version {version}, its facts at {}",
                fact.map_or_else(|| "none".into(), |v| v.to_string())
            )
        }));
    }
    Ok(found)
}
