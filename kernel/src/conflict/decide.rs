//! The decision between the values of a field in conflict, and the way back.

use serde_json::{Map, json};

use super::{Conflict, sides};
use crate::facts::Tx;
use crate::room::Typed;
use crate::{Error, Id, Result, now, sql};

/// Chooses one of the values of an open conflict. The fact and the value are written together.
pub fn decide(tx: &mut Tx<'_>, conflict: &Conflict, side: Id) -> Result<()> {
    if conflict.closed.is_some() {
        return Err(Error::refused("conflict.closed_already"));
    }
    let sides = sides(tx, conflict.id)?;
    let chosen = sides.iter().find(|other| other.id == side).ok_or(Error::NotFound)?;
    let account = tx.actor.account;
    let close = sql(
        "update conflict set closed = ?, outcome = 'decided', chosen = ?, before = shown, shown = ?, account = ? where id = ?",
    );
    let close = close.bind(now()).bind(side).bind(side).bind(account).bind(conflict.id);
    tx.run(&close.open("kept by the kernel"))?;
    set(tx, conflict, &chosen.value)?;
    tell(tx, conflict, "decided", conflict.shown, side)
}

/// Takes a decision back: the conflict is open again, and shows what it showed. Refused once the field holds another
/// value than the one that was chosen, for somebody wrote it since.
pub fn undo(tx: &mut Tx<'_>, conflict: &Conflict) -> Result<()> {
    let (Some(chosen), Some(before)) = (conflict.chosen, conflict.before) else {
        return Err(Error::refused("conflict.not_decided"));
    };
    let sides = sides(tx, conflict.id)?;
    let value = |id: Id| sides.iter().find(|side| side.id == id).map(|side| side.value.clone());
    let (Some(now_there), Some(back)) = (value(chosen), value(before)) else { return Err(Error::NotFound) };
    let later =
        sql("select count(*) from conflict where record = ? and field = ? and opened >= ? and id <> ?");
    let later = later.bind(conflict.record).bind(conflict.field.as_str()).bind(conflict.closed);
    let later: i64 = tx.one(&later.bind(conflict.id).open("kept by the kernel"))?;
    if later > 0 || !set_if(tx, conflict, &now_there, &back)? {
        return Err(Error::refused("conflict.changed_since"));
    }
    let open = sql(
        "update conflict set closed = null, outcome = null, chosen = null, before = null, account = null, shown = ? where id = ?",
    );
    tx.run(&open.bind(before).bind(conflict.id).open("kept by the kernel"))?;
    tell(tx, conflict, "undone", chosen, before)
}

fn set(tx: &mut Tx<'_>, conflict: &Conflict, value: &Typed) -> Result<()> {
    let setter = tx.setter(&conflict.kind);
    let setter = setter.ok_or_else(|| Error::internal(format!("no room sets {}", conflict.kind)))?;
    setter(tx, conflict.record, &conflict.field, value)
}

/// Sets the value if the last fact about the field still tells of the one that is expected.
fn set_if(tx: &mut Tx<'_>, conflict: &Conflict, there: &Typed, value: &Typed) -> Result<bool> {
    // Setting what stands there already changes nothing and tells no fact; anything else would be a change.
    let facts = sql("select count(*) from fact where record = ?").bind(conflict.record);
    let facts = facts.open("changes of this record");
    let before: i64 = tx.one(&facts)?;
    set(tx, conflict, there)?;
    if tx.one::<i64>(&facts)? != before {
        return Ok(false);
    }
    set(tx, conflict, value)?;
    Ok(true)
}

fn tell(tx: &mut Tx<'_>, conflict: &Conflict, verb: &str, before: Id, after: Id) -> Result<()> {
    let mut changes = Map::new();
    changes.insert("record".into(), json!([null, conflict.record]));
    changes.insert("field".into(), json!([null, conflict.field]));
    changes.insert("side".into(), json!([before, after]));
    tx.fact(&format!("field.conflict.{verb}"), conflict.id, conflict.about, changes).map(|_| ())
}
