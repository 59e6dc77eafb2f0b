//! Two roll-calls of the same half-day, taken without knowing of each other's: whoever is marked differently has both
//! marks until somebody decides.

use std::collections::BTreeMap;

use kernel::conflict::{self, Side};
use kernel::room::Typed;
use kernel::{Ctx, Db, Error, Id, Result, Tx, sql};

use crate::attendance;
use crate::half_day::HalfDay;

/// What its conflicts are of.
pub(crate) const KIND: &str = "training.attendance";

fn typed(present: bool) -> Typed {
    vec![(String::new(), if present { "present" } else { "absent" }.to_owned())]
}

fn is_present(typed: &Typed) -> bool {
    typed.iter().any(|(_, text)| text == "present")
}

/// The marks that whoever took the roll-call had seen before: `was.{participant}`.
fn seen(ctx: &Ctx) -> BTreeMap<Id, bool> {
    let pairs = ctx.form.0.iter().filter_map(|(name, text)| Some((name.strip_prefix("was.")?, text)));
    pairs.filter_map(|(name, text)| Some((name.parse().ok()?, text == "present"))).collect()
}

/// Takes a roll-call that was sent later. A mark that somebody else gave meanwhile, and that differs, stays beside this
/// one; the page shows the one that was given first.
pub(crate) fn take(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    half: &HalfDay,
    mut marks: BTreeMap<Id, bool>,
    device_at: Option<i64>,
) -> Result<usize> {
    let Some(command) = tx.actor.command.clone() else {
        return attendance::take(tx, half, &marks, device_at);
    };
    let (seen, there) = (seen(ctx), attendance::of_half_day(tx, half.id)?);
    let mut contests = Vec::new();
    for (participant, mine) in &mut marks {
        let Some(theirs) = there.get(participant).filter(|theirs| **theirs != *mine) else { continue };
        if seen.get(participant) == Some(theirs) {
            continue;
        }
        let Some(side) = giver(tx, half.id, *participant, *theirs)? else { continue };
        if side.branch == Some(command.branch) {
            // What they marked later on the same telephone came first; it stands.
            if (side.made, side.source) > (command.made, command.id) {
                *mine = *theirs;
            }
            continue;
        }
        let field = participant.to_string();
        let sides = conflict::join(tx, (half.id, &field), side, typed(*mine))?;
        *mine = conflict::first(&sides).is_some_and(|side| is_present(&side.value));
        contests.push((field, sides));
    }
    let changed = attendance::take(tx, half, &marks, device_at)?;
    for (field, sides) in contests {
        conflict::store(tx, KIND, (half.id, half.programme.id), &field, sides, 0)?;
    }
    Ok(changed)
}

/// Who gave the mark that stands there, as one side of a conflict.
fn giver(db: &mut Db, half: Id, participant: Id, present: bool) -> Result<Option<Side>> {
    let query =
        sql("select f.id, f.at, f.actor, f.changes, c.command, c.branch, c.made, f.device_at from fact f
         left join fact_command c on c.fact = f.id
         where f.record = ? and f.kind = 'training.attendance.taken' order by f.id desc");
    let told = db.rows(&query.bind(half).open("the hand on the session was checked"), |row| {
        let (fact, at, account): (Id, i64, Option<Id>) = (row.take()?, row.take()?, row.take()?);
        let changes: serde_json::Value = serde_json::from_str(&row.take::<String>()?)?;
        let (command, branch): (Option<Id>, Option<Id>) = (row.take()?, row.take()?);
        let (made, device): (Option<i64>, Option<i64>) = (row.take()?, row.take()?);
        let source = command.unwrap_or(fact);
        let value = typed(present);
        let made = made.or(device).unwrap_or(at);
        Ok((changes, Side { id: Id::new(), source, branch, account, made, at, version: 1, value }))
    })?;
    let key = participant.to_string();
    Ok(told
        .into_iter()
        .find(|(changes, _)| changes["people"][1].get(&key).is_some_and(|mark| *mark == present))
        .map(|(_, side)| side))
}

/// Sets the mark that was chosen.
pub(crate) fn set(tx: &mut Tx<'_>, half: Id, participant: &str, value: &Typed) -> Result<()> {
    let half = kernel::record::get::<HalfDay>(tx, half)?;
    let participant: Id = participant.parse().map_err(|_| Error::NotFound)?;
    attendance::take(tx, &half, &BTreeMap::from([(participant, is_present(value))]), None).map(|_| ())
}
