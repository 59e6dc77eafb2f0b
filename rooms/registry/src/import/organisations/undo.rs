//! Organisations that an import created go, what it filled is emptied, unless somebody made them theirs since.

use std::collections::{HashMap, HashSet};

use kernel::record::{self, Record};
use kernel::value::Value;
use kernel::{Id, Json, Result, Standing, Tx, Viewer, sql};

use super::met;
use crate::Organisation;
use crate::import::rows::Kept;

/// Takes back what these rows became.
pub(super) fn undo(
    tx: &mut Tx<'_>,
    import: Id,
    viewer: &Viewer,
    rows: &[Kept],
) -> Result<Vec<Option<&'static str>>> {
    let created: Vec<Id> = rows.iter().filter(|row| !met(row)).filter_map(|row| row.record).collect();
    let (used, touched) = (used(tx, import, &created)?, touched(tx, &created)?);
    let mut reasons = Vec::with_capacity(rows.len());
    for row in rows {
        reasons.push(match row.record {
            None => None,
            Some(id) if met(row) => empty(tx, viewer, id, row)?,
            Some(id) if used.contains(&id) => Some("registry.import.kept.used"),
            Some(id) => match record::find::<Organisation>(tx, id)? {
                None => None,
                Some(there) if touched.get(&id) != Some(&there.version) => {
                    Some("registry.import.kept.changed")
                }
                Some(there) => {
                    remove(tx, &there)?;
                    None
                }
            },
        });
    }
    Ok(reasons)
}

/// Those that other records point at, that another import met, or that somebody holds a role in.
fn used(tx: &mut Tx<'_>, import: Id, ids: &[Id]) -> Result<HashSet<Id>> {
    let mut found = HashSet::new();
    for pointer in tx.pointers("organisation") {
        let (table, column) = (pointer.table, pointer.column);
        let query = sql(&format!("select distinct {column} from {table} where {column}"))
            .within(ids)
            .open("an import is taken back");
        found.extend(tx.rows(&query, |row| row.take::<Id>())?);
    }
    let merges = sql("select kept, gone from merge where kept")
        .within(ids)
        .and(" or gone")
        .within(ids)
        .open("an import is taken back");
    for (kept, gone) in tx.rows(&merges, |row| Ok((row.take::<Id>()?, row.take::<Id>()?)))? {
        found.extend([kept, gone]);
    }
    let met =
        sql("select distinct record from import_row where import <> ? and record").bind(import).within(ids);
    found.extend(tx.rows(&met.open("an import is taken back"), |row| row.take::<Id>())?);
    let scopes: Vec<String> = ids.iter().map(|id| crate::organisation::scope(*id)).collect();
    let roles =
        sql("select distinct scope from role where scope").within(&scopes).open("an import is taken back");
    let held: HashSet<String> = tx.rows(&roles, |row| row.take::<String>())?.into_iter().collect();
    found.extend(ids.iter().filter(|id| held.contains(&crate::organisation::scope(**id))));
    Ok(found)
}

/// The version that each would have if only imports had written about it. An emptied file counts for itself: what a
/// row filled and its undoing emptied again are both facts of an import.
fn touched(tx: &mut Tx<'_>, ids: &[Id]) -> Result<HashMap<Id, i64>> {
    let query = sql("select about, count(case when record = about and origin in ('import', 'command') then 1 end),
                     count(case when record <> about and kind not like 'registry.comparison.%' then 1 end) from fact where about")
    .within(ids)
    .and(" group by about")
    .open("an import is taken back");
    let facts = tx.rows(&query, |row| Ok((row.take::<Id>()?, row.take::<i64>()?, row.take::<i64>()?)))?;
    Ok(facts.into_iter().filter(|(_, _, others)| *others == 0).map(|(id, own, _)| (id, own)).collect())
}

/// Removes an organisation with the scopes that reach it and what it was compared with.
fn remove(tx: &mut Tx<'_>, organisation: &Organisation) -> Result<()> {
    let id = organisation.id;
    let compared = sql("delete from comparison where one = ? or other = ?").bind(id).bind(id);
    tx.run(&compared.open("an import is taken back"))?;
    record::remove(tx, organisation)?;
    tx.run(&sql("delete from reach where record = ?").bind(id))?;
    Ok(())
}

/// Empties what the row filled, unless somebody changed it since; answers why something stays. Only who works on the
/// file still empties it.
fn empty(tx: &mut Tx<'_>, viewer: &Viewer, id: Id, row: &Kept) -> Result<Option<&'static str>> {
    let Some(filled) = &row.filled else { return Ok(None) };
    if viewer.standing(tx, id)? < Some(Standing::File) {
        return Ok(Some("registry.import.kept.rights"));
    }
    let filled: serde_json::Map<String, Json> = serde_json::from_str(filled)?;
    let Some(there) = record::find::<Organisation>(tx, id)? else { return Ok(None) };
    let (mut cells, mut stays) = (there.cells(), false);
    for (field, cell) in Organisation::fields().iter().zip(&mut cells) {
        match filled.get(field.name) {
            None => {}
            Some(got) if *got == (field.ops.json)(cell) => *cell = vec![Value::Null; field.ops.columns.len()],
            Some(_) => stays = true,
        }
    }
    record::update(tx, &Organisation::from_cells(id, there.version, cells)?)?;
    Ok(stays.then_some("registry.import.kept.filled_changed"))
}
