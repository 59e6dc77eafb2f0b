//! The communes that a programme aims at, beside the census: what its reach is measured against.

use atlas::Level;
use kernel::facts::Actor;
use kernel::kinds::Multi;
use kernel::{App, Fact, Id, Result, Tx, sql};
use programmes::Programme;

/// A programme was made or changed: its communes follow.
pub(crate) fn hears(tx: &mut Tx<'_>, fact: &Fact) -> Result<()> {
    match fact.kind.as_str() {
        "programmes.programme.created" | "programmes.programme.changed" => follow(tx, fact.record),
        _ => Ok(()),
    }
}

/// Works out the communes of programmes that were there before this table.
pub(crate) fn mend(app: &App) -> Result<()> {
    let query = sql("select p.id from programme p where p.territory is not null
         and not exists (select 1 from target_commune t where t.programme = p.id)");
    let late: Vec<Id> = app.read(|db| db.rows(&query.open("the house mends itself"), |row| row.take()))?;
    if late.is_empty() {
        return Ok(());
    }
    app.write(Actor::machine("command"), |tx| late.iter().try_for_each(|programme| follow(tx, *programme)))
}

fn follow(tx: &mut Tx<'_>, programme: Id) -> Result<()> {
    let old = sql("delete from target_commune where programme = ?").bind(programme);
    tx.run(&old.open("worked out anew with the programme"))?;
    let Some(atlas) = kernel::territory::atlas() else { return Ok(()) };
    let aims =
        kernel::record::get::<Programme>(tx, programme)?.territory.map(|aims| aims.0).unwrap_or_default();
    for commune in atlas.level(Level::Commune) {
        if !aims.iter().any(|code| commune.code == *code || atlas.is_within(&commune.code, code)) {
            continue;
        }
        let statement =
            sql("insert into target_commune (programme, commune, name, inhabitants) values (?, ?, ?, ?)");
        let inhabitants = commune.population.and_then(|n| i64::try_from(n).ok()).unwrap_or(0);
        tx.run(
            &statement
                .bind(programme)
                .bind(&commune.code)
                .bind(Multi::fr_ar(&commune.name_fr, &commune.name_ar))
                .bind(inhabitants)
                .open("worked out anew with the programme"),
        )?;
    }
    Ok(())
}
