//! Taking an import back: what it created and nobody touched since goes, what it filled is emptied. The rest stays,
//! each with the reason.

use std::collections::{HashMap, HashSet};

use kernel::record::{self, Record};
use kernel::value::Value;
use kernel::work::{self, Job};
use kernel::{Actor, App, Ctx, Id, Json, Reply, Result, Standing, Tx, sql};

use super::rows::{self, Kept, Problem};
use super::{Import, Step, arrive, begin, of_job, open};
use crate::Organisation;

/// Name of the work.
pub(crate) const JOB: &str = "registry.import.undo";

/// Rows taken back in one transaction.
const BATCH: i64 = 200;

/// `POST /imports/{import}/undo`.
pub(crate) fn start(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.write(|tx| {
        let import = open(ctx, tx)?;
        if begin(tx, &import, &[Step::Applied], Step::Undoing, JOB)? {
            may_empty(ctx, tx, import.id)?;
        }
        Ok(import.id)
    })?;
    ctx.app.bell.ring();
    ctx.done(&format!("/imports/{id}"), "")
}

/// What was filled is emptied only by who works on the file still.
fn may_empty(ctx: &Ctx, tx: &mut Tx<'_>, import: Id) -> Result<()> {
    for row in rows::read(tx, import, sql(" and state = 'done' and filled is not null"))? {
        let near = row.organisation.map(|id| ctx.viewer.standing(tx, id)).transpose()?.flatten()
            >= Some(Standing::File);
        let update = sql("update import_row set fills = ? where import = ? and number = ?");
        tx.run(&update.bind(near).bind(import).bind(row.number).open("a row of one import"))?;
    }
    Ok(())
}

pub(crate) fn run(app: &App, job: &Job) -> Result<()> {
    if let Some(import) = of_job(app, job)?.filter(|import| import.step == Step::Undoing) {
        let actor = Actor { account: job.account, behalf: None, origin: "import", device_at: None };
        let rows = sql("select count(*) from import_row where import = ? and state = 'done'")
            .bind(import.id)
            .open("rows of one import");
        let total: i64 = app.read(|db| db.one(&rows))?;
        let mut done = 0;
        // What was filled first, then what was created: an organisation that a later row filled is untouched again.
        for part in [" and filled is not null", ""] {
            loop {
                let n = app.write(actor.clone(), |tx| batch(tx, &import, part))?;
                if n == 0 {
                    break;
                }
                done += n;
                work::progress(app, job.id, done, total)?;
            }
        }
        app.write(actor, |tx| arrive(tx, &import, Step::Undone))?;
    }
    work::finish(app, job.id, "done", &Json::Null)
}

/// Takes the next rows back; answers how many there were.
fn batch(tx: &mut Tx<'_>, import: &Import, part: &str) -> Result<i64> {
    let tail = sql(" and state = 'done'").and(part).and(" order by number desc limit ?").bind(BATCH);
    let rows = rows::read(tx, import.id, tail)?;
    let created: Vec<Id> = rows
        .iter()
        .filter(|row| row.decision.as_deref() != Some("same"))
        .filter_map(|row| row.organisation)
        .collect();
    let (used, touched) = (used(tx, import.id, &created)?, touched(tx, &created)?);
    for row in &rows {
        let reason = match row.organisation {
            None => None,
            Some(id) if row.decision.as_deref() == Some("same") => empty(tx, id, row)?,
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
        };
        let problems = reason.map(|key| serde_json::to_string(&[Problem::row(key)])).transpose()?;
        let update = sql("update import_row set state = ?, problems = ? where import = ? and number = ?")
            .bind(if reason.is_some() { "kept" } else { "undone" })
            .bind(problems)
            .bind(import.id)
            .bind(row.number);
        tx.run(&update.open("a row of one import"))?;
    }
    Ok(rows.len() as i64)
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
    let met = sql("select distinct organisation from import_row where import <> ? and organisation")
        .bind(import)
        .within(ids);
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

/// Empties what the row filled, unless somebody changed it since; answers why something stays.
fn empty(tx: &mut Tx<'_>, id: Id, row: &Kept) -> Result<Option<&'static str>> {
    let Some(filled) = &row.filled else { return Ok(None) };
    if !row.fills {
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
