//! Merging two files of the same organisation: everything attached to the second moves to the first. What moved is
//! written down, so that a merge can be undone to the row.

use std::collections::BTreeMap;

use kernel::kinds::Multi;
use kernel::room::Pointer;
use kernel::{Ctx, Db, Error, Id, Reply, Result, Standing, Tx, Words, now, sql};
use schemars::JsonSchema;
use serde::Serialize;

use crate::organisation::{Organisation, Status};

/// Moves everything attached to `gone` to `kept`; fields that `kept` lacks are filled from `gone`.
pub(crate) fn merge(tx: &mut Tx<'_>, kept: Id, gone: Id) -> Result<()> {
    if kept == gone {
        return Err(Error::refused("merge.itself"));
    }
    let (into, from) =
        (kernel::record::get::<Organisation>(tx, kept)?, kernel::record::get::<Organisation>(tx, gone)?);
    if into.status == Status::Merged || from.status == Status::Merged {
        return Err(Error::refused("merge.already"));
    }
    let mut moved: BTreeMap<String, Vec<Id>> = BTreeMap::new();
    for Pointer { table, column, once_with, .. } in tx.pointers("organisation") {
        let mut query = sql(&format!("select id from {table} where {column} = ?")).bind(gone);
        // A row that would stand twice after the merge (the same member in both) stays with the file that goes.
        if let Some(beside) = once_with {
            query = query
                .and(&format!(" and {beside} not in (select {beside} from {table} where {column} = ?)"))
                .bind(kept);
        }
        let ids: Vec<Id> = tx.rows(&query.open("a merge moves everything"), |row| row.take())?;
        for id in &ids {
            tx.run(&sql(&format!("update {table} set {column} = ? where id = ?")).bind(kept).bind(*id))?;
        }
        if !ids.is_empty() {
            moved.insert(format!("{table}.{column}"), ids);
        }
    }
    let filled = fill(tx, &into, &from)?;
    move_reach(tx, kept, gone)?;
    tx.run(&sql("update file set owner = ? where owner = ?").bind(kept).bind(gone))?;
    tx.run(&sql("update organisation set merged_into = ? where id = ?").bind(kept).bind(gone))?;
    kernel::record::update(tx, &Organisation { status: Status::Merged, ..from })?;
    let record = serde_json::json!({ "rows": moved, "filled": filled });
    let account = tx.actor.account;
    let id = Id::new();
    tx.run(
        &sql("insert into merge (id, kept, gone, moved, at, account) values (?, ?, ?, ?, ?, ?)")
            .bind(id)
            .bind(kept)
            .bind(gone)
            .bind(record.to_string())
            .bind(now())
            .bind(account),
    )?;
    let mut changes = serde_json::Map::new();
    changes.insert("merged".into(), serde_json::json!([null, gone.to_string()]));
    tx.fact("registry.organisation.merged", kept, kept, changes)?;
    Ok(())
}

/// Fills empty fields of the kept file; answers which.
pub(crate) fn fill(tx: &mut Tx<'_>, into: &Organisation, from: &Organisation) -> Result<Vec<String>> {
    use kernel::Record;
    let (mut cells, mut filled) = (into.cells(), Vec::new());
    for ((field, cell), other) in Organisation::fields().iter().zip(&mut cells).zip(from.cells()) {
        let empty = |cell: &[kernel::value::Value]| cell.iter().all(kernel::value::Value::is_null);
        if empty(cell) && !empty(&other) {
            *cell = other;
            filled.push(field.name.to_owned());
        }
    }
    if !filled.is_empty() {
        kernel::record::update(tx, &Organisation::from_cells(into.id, into.version, cells)?)?;
    }
    Ok(filled)
}

/// Whoever reached the file that goes reaches the one that stays.
fn move_reach(tx: &mut Tx<'_>, kept: Id, gone: Id) -> Result<()> {
    let query = sql("select scope, standing, until from reach where record = ? and scope <> ? and substr(scope, 1, 10) <> 'territory:'").bind(gone).bind(format!("organisation:{gone}"));
    let scopes: Vec<(String, i64, Option<i64>)> =
        tx.rows(&query, |row| Ok((row.take()?, row.take()?, row.take()?)))?;
    for (scope, standing, until) in scopes {
        let there: Option<i64> = tx.row(
            &sql("select standing from reach where record = ? and scope = ?").bind(kept).bind(&scope),
            |row| row.take(),
        )?;
        if there.is_none_or(|there| there < standing) {
            kernel::access::grant(tx, kept, &scope, Standing::from_level(standing), until)?;
        }
    }
    tx.run(&sql("update reach set scope = ? where scope = ? and record not in (select record from reach where scope = ?)")
        .bind(format!("via:{kept}")).bind(format!("via:{gone}")).bind(format!("via:{kept}")))?;
    Ok(())
}

/// A merge that stands.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Line {
    pub(crate) id: Id,
    pub(crate) gone: Id,
    pub(crate) name: String,
    pub(crate) when: String,
}

/// The merges into an organisation that were not undone.
pub(crate) fn of(db: &mut Db, kept: Id, w: Words) -> Result<Vec<Line>> {
    let query = sql("select m.id, m.gone, o.name, m.at from merge m join organisation o on o.id = m.gone where m.kept = ? and m.undone_at is null order by m.at desc")
        .bind(kept)
        .open("the caller checked the standing at the organisation");
    db.rows(&query, |row| {
        Ok(Line {
            id: row.take()?,
            gone: row.take()?,
            name: row.take::<Multi>()?.best(w.lang).to_owned(),
            when: w.instant(row.take()?),
        })
    })
}

pub(crate) fn undo_page(ctx: &Ctx) -> Result<Reply> {
    let kept = ctx.write(|tx| {
        let id = ctx.id("merge")?;
        let kept: Option<Id> = tx
            .row(&sql("select kept from merge where id = ?").bind(id).open("checked next"), |row| {
                row.take()
            })?;
        let kept = kept.ok_or(Error::NotFound)?;
        ctx.standing(tx, kept, Standing::File)?;
        undo(tx, id)?;
        Ok(kept)
    })?;
    ctx.done(&format!("/organisations/{kept}/duplicates"), "merge_undone")
}

/// Takes a merge back: every row that moved returns, fields that were filled from the other file empty again unless
/// somebody changed them since.
pub(crate) fn undo(tx: &mut Tx<'_>, merge: Id) -> Result<()> {
    use kernel::Record;
    let query = sql("select kept, gone, moved from merge where id = ? and undone_at is null")
        .bind(merge)
        .open("one merge, checked by the caller");
    let found = tx.row(&query, |row| Ok((row.take::<Id>()?, row.take::<Id>()?, row.take::<String>()?)))?;
    let (kept, gone, moved) = found.ok_or_else(|| Error::refused("merge.undone"))?;
    let moved: serde_json::Value = serde_json::from_str(&moved)?;
    for (place, ids) in moved["rows"].as_object().into_iter().flatten() {
        let Some(Pointer { table, column, .. }) =
            tx.pointers("organisation").into_iter().find(|p| format!("{}.{}", p.table, p.column) == *place)
        else {
            continue;
        };
        for id in ids.as_array().into_iter().flatten().filter_map(|id| id.as_str()) {
            tx.run(
                &sql(&format!("update {table} set {column} = ? where id = ? and {column} = ?"))
                    .bind(gone)
                    .bind(id)
                    .bind(kept),
            )?;
        }
    }
    tx.run(&sql("update organisation set merged_into = null where id = ?").bind(gone))?;
    let from = kernel::record::get::<Organisation>(tx, gone)?;
    kernel::record::update(tx, &Organisation { status: Status::Active, ..from.clone() })?;
    let into = kernel::record::get::<Organisation>(tx, kept)?;
    let filled: Vec<&str> =
        moved["filled"].as_array().into_iter().flatten().filter_map(|name| name.as_str()).collect();
    let mut cells = into.cells();
    for ((field, cell), other) in Organisation::fields().iter().zip(&mut cells).zip(from.cells()) {
        if filled.contains(&field.name) && *cell == other {
            cell.iter_mut().for_each(|value| *value = kernel::value::Value::Null);
            if field.linked() {
                cell.clear();
            }
        }
    }
    kernel::record::update(tx, &Organisation::from_cells(into.id, into.version, cells)?)?;
    // Files and persons follow the rows that name them.
    tx.run(
        &sql("update file set owner = ? where id in (select file from document where organisation = ?)")
            .bind(gone)
            .bind(gone),
    )?;
    let people = sql("select person from membership where organisation = ? union select person from mandate where organisation = ?").bind(gone).bind(gone).open("a merge is taken back");
    for person in tx.rows(&people, |row| row.take::<Id>())? {
        crate::membership::reach(tx, person, gone)?;
    }
    tx.run(&sql("update merge set undone_at = ? where id = ?").bind(now()).bind(merge))?;
    let mut changes = serde_json::Map::new();
    changes.insert("merged".into(), serde_json::json!([gone.to_string(), null]));
    tx.fact("registry.organisation.unmerged", kept, kept, changes)?;
    Ok(())
}
