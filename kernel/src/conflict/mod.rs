//! Where several people gave a field a value without knowing of each other's: every value is kept, the one that was
//! given first is shown, and people decide. What somebody had seen is told by the version a form was made on and by the
//! thread of work it belongs to ([`crate::sync`]); so the outcome is the same in whatever order their work arrives.

mod decide;

use serde_json::{Map, Value as Json, json};

use crate::facts::Tx;
use crate::kinds::Raw;
use crate::record::{Cells, Field, Record};
use crate::room::Typed;
use crate::store::Db;
use crate::sync::Command;
use crate::{Error, FieldError, Fields, Id, Result, Wrong, now, sql};

pub use decide::{decide, undo};

/// A value of a field in conflict, and who gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// Its id.
    pub id: Id,
    /// The command or the fact that brought it.
    pub source: Id,
    /// The thread of work it belongs to, if it was done elsewhere.
    pub branch: Option<Id>,
    /// Who gave it.
    pub account: Option<Id>,
    /// When it was given; milliseconds.
    pub made: i64,
    /// When the server had it.
    pub at: i64,
    /// The version of the record that tells of it.
    pub version: i64,
    /// What was typed.
    pub value: Typed,
}

/// A field in conflict.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// Its id.
    pub id: Id,
    /// What facts of the record are called.
    pub kind: String,
    /// The record.
    pub record: Id,
    /// The record whose rights cover it.
    pub about: Id,
    /// The field.
    pub field: String,
    /// When it was noticed.
    pub opened: i64,
    /// The side that is shown.
    pub shown: Id,
    /// When it ended.
    pub closed: Option<i64>,
    /// How it ended: `decided`, or `replaced` by whoever saw the values and wrote another.
    pub outcome: Option<String>,
    /// The side that was chosen.
    pub chosen: Option<Id>,
    /// The side that was shown before the decision.
    pub before: Option<Id>,
    /// Who decided.
    pub account: Option<Id>,
}

/// Columns of a conflict in the order of [`Conflict::from_row`], of the table `c`.
pub const COLUMNS: &str = "c.id, c.kind, c.record, c.about, c.field, c.opened, c.shown, c.closed, c.outcome, c.chosen, c.before, c.account";

impl Conflict {
    /// Reads a row of [`COLUMNS`].
    pub fn from_row(row: &mut crate::value::Row) -> Result<Conflict> {
        Ok(Conflict {
            id: row.take()?,
            kind: row.take()?,
            record: row.take()?,
            about: row.take()?,
            field: row.take()?,
            opened: row.take()?,
            shown: row.take()?,
            closed: row.take()?,
            outcome: row.take()?,
            chosen: row.take()?,
            before: row.take()?,
            account: row.take()?,
        })
    }
}

/// What a field was given by somebody who did not know of another value.
pub(crate) struct Contest {
    field: &'static Field,
    mine: Json,
    sides: Vec<Side>,
}

/// What becomes of a form that was made on an older version.
pub(crate) struct Met {
    pub(crate) cells: Cells,
    pub(crate) contests: Vec<Contest>,
}

/// A change since the version that the form was made on.
struct News {
    fact: Id,
    at: i64,
    actor: Option<Id>,
    version: i64,
    changes: Map<String, Json>,
    command: Option<Id>,
    branch: Option<Id>,
    made: Option<i64>,
}

impl News {
    /// True if it was done after this command, by the same person on the same device.
    fn follows(&self, command: &Command) -> bool {
        self.branch == Some(command.branch) && self.made.zip(self.command) > Some((command.made, command.id))
    }
}

fn news(db: &mut Db, record: Id, base: i64) -> Result<Vec<News>> {
    let query = sql("select f.id, f.at, f.actor, f.version, f.changes, c.command, c.branch, c.made
                     from fact f left join fact_command c on c.fact = f.id where f.record = ? and f.version > ? order by f.version");
    db.rows(&query.bind(record).bind(base).open("changes of this record"), |row| {
        Ok(News {
            fact: row.take()?,
            at: row.take()?,
            actor: row.take()?,
            version: row.take()?,
            changes: serde_json::from_str(&row.take::<String>()?)?,
            command: row.take()?,
            branch: row.take()?,
            made: row.take()?,
        })
    })
}

/// What whoever filled in the form knew of a field: what stood there, then what they wrote themselves.
fn known(touching: &[&News], field: &str, branch: Option<Id>) -> Option<Json> {
    let first = touching.first()?.changes.get(field)?.get(0)?.clone();
    let own = touching.iter().rev().find(|news| branch.is_some() && news.branch == branch);
    Some(own.and_then(|news| news.changes.get(field)?.get(1)).cloned().unwrap_or(first))
}

/// Merges a form that was made on version `base` with what others changed since. What its maker did not touch stays as
/// it is now; where both gave a field a value, a page is refused, showing theirs, and work from elsewhere keeps both.
pub(crate) fn meet<R: Record>(tx: &mut Tx<'_>, current: &R, base: i64, mut cells: Cells) -> Result<Met> {
    let (mut contests, mut errors) = (Vec::new(), Vec::new());
    if base >= current.version() {
        return Ok(Met { cells, contests });
    }
    let news = news(tx, current.id(), base)?;
    let command = tx.actor.command.clone();
    let branch = command.as_ref().map(|command| command.branch);
    for ((field, now), mine) in R::fields().iter().zip(current.cells()).zip(&mut cells) {
        let touching: Vec<&News> = news.iter().filter(|news| news.changes.contains_key(field.name)).collect();
        // What they did later on the same thread of work came first; it stands.
        let later = command.as_ref().is_some_and(|mine| touching.iter().any(|news| news.follows(mine)));
        if later {
            *mine = now;
            continue;
        }
        let foreign = touching.iter().rev().find(|news| branch.is_none() || news.branch != branch);
        let Some(theirs) = foreign.filter(|_| now != *mine) else { continue };
        let written = (field.ops.json)(mine);
        // A form that does not say on which version it was made speaks of every field it carries.
        if base > 0 && known(&touching, field.name, branch).as_ref() == Some(&written) {
            *mine = now;
            continue;
        }
        let Some(command) = &command else {
            let stands =
                (field.ops.typed)(&now).into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" / ");
            let wrong = Wrong::new("error.stale").with("theirs", stands);
            errors.push(FieldError { field: field.name.into(), wrong });
            continue;
        };
        let theirs = Side {
            id: Id::new(),
            source: theirs.command.unwrap_or(theirs.fact),
            branch: theirs.branch,
            account: theirs.actor,
            made: theirs.made.unwrap_or(theirs.at),
            at: theirs.at,
            version: theirs.version,
            value: (field.ops.typed)(&now),
        };
        let typed = (field.ops.typed)(mine);
        let mut sides = join(tx, (current.id(), field.name), theirs, typed)?;
        sides.retain(|side| side.version > base || side.source == command.id);
        *mine = first(&sides).map_or(Ok(now), |side| cell(field, &side.value))?;
        contests.push(Contest { field, mine: written, sides });
    }
    if errors.is_empty() { Ok(Met { cells, contests }) } else { Err(Error::Invalid(errors)) }
}

/// The values of a field once the command that is applied now adds its own: beside those in conflict already, or beside
/// `theirs`. A value of the same thread of work gives way.
pub fn join(tx: &mut Tx<'_>, (record, field): (Id, &str), theirs: Side, value: Typed) -> Result<Vec<Side>> {
    let command = tx.actor.command.clone();
    let command = command.ok_or_else(|| Error::internal("only work from elsewhere is joined"))?;
    let mut joined = match open(tx, record, field)? {
        Some(conflict) => sides(tx, conflict.id)?,
        None => vec![theirs],
    };
    joined.retain(|side| side.branch != Some(command.branch));
    joined.push(Side {
        id: Id::new(),
        source: command.id,
        branch: Some(command.branch),
        account: tx.actor.behalf.or(tx.actor.account),
        made: command.made,
        at: now(),
        version: 0,
        value,
    });
    Ok(joined)
}

/// The value that is shown: the one that was given first.
pub fn first(sides: &[Side]) -> Option<&Side> {
    sides.iter().min_by_key(|side| (side.made, side.source))
}

/// The cell that this typed value gives.
pub fn cell(field: &Field, typed: &Typed) -> Result<Vec<crate::value::Value>> {
    let fields = fields_of(field.name, typed);
    let parsed = (field.ops.parse)(&Raw { fields: &fields, name: field.name });
    let parsed =
        parsed.map_err(|wrong| Error::Invalid(vec![FieldError { field: field.name.into(), wrong }]))?;
    Ok(parsed.unwrap_or_else(|| vec![crate::value::Value::Null; field.ops.columns.len()]))
}

/// A form that speaks of this field alone.
pub(crate) fn fields_of(name: &str, typed: &Typed) -> Fields {
    let mut fields = Fields::default();
    for (part, text) in typed {
        fields.push(if part.is_empty() { name.to_owned() } else { format!("{name}.{part}") }, text.clone());
    }
    fields.push("_fields", name);
    fields
}

/// Keeps what [`meet`] found, once the record was saved, and closes what this change has settled.
pub(crate) fn keep<R: Record>(tx: &mut Tx<'_>, before: &R, after: R, met: Vec<Contest>) -> Result<R> {
    let changed: Vec<&str> = R::fields()
        .iter()
        .zip(before.cells().iter().zip(&after.cells()))
        .filter(|(_, (old, new))| old != new)
        .map(|(field, _)| field.name)
        .collect();
    settle(tx, after.id(), |field| {
        changed.contains(&field) && !met.iter().any(|contest| contest.field.name == field)
    })?;
    if met.is_empty() {
        return Ok(after);
    }
    let version = crate::restoration::version_after(tx, after.version())?;
    let bump = format!("update {} set version = ? where id = ? and version = ?", R::TABLE);
    let bump = sql(&bump).bind(version).bind(after.id()).bind(after.version());
    tx.run(&bump.open("one id, checked by the caller"))?;
    let mut changes = Map::new();
    let cells = after.cells();
    for (field, cell) in R::fields().iter().zip(&cells) {
        if let Some(contest) = met.iter().find(|contest| contest.field.name == field.name) {
            changes.insert(field.name.into(), json!([(field.ops.json)(cell), contest.mine]));
        }
    }
    let about = after.about();
    tx.fact_of_version(&format!("{}.contested", R::KIND), after.id(), about, changes, version)?;
    for contest in met {
        store(tx, R::KIND, (after.id(), about), contest.field.name, contest.sides, version)?;
    }
    R::from_cells(after.id(), version, cells)
}

/// Writes down the values of a field in conflict, `version` being that of the record which tells of the newest; fewer
/// than two different ones are none.
pub fn store(
    tx: &mut Tx<'_>,
    kind: &str,
    (record, about): (Id, Id),
    field: &str,
    mut sides: Vec<Side>,
    version: i64,
) -> Result<()> {
    for side in sides.iter_mut().filter(|side| side.version == 0) {
        side.version = version;
    }
    let open = open(tx, record, field)?;
    let apart = sides.iter().any(|side| Some(&side.value) != sides.first().map(|first| &first.value));
    let Some(shown) = first(&sides).filter(|_| apart).map(|side| side.id) else {
        return settle(tx, record, |name| name == field);
    };
    let id = open.as_ref().map_or_else(Id::new, |conflict| conflict.id);
    if open.is_some() {
        tx.run(
            &sql("update conflict set shown = ? where id = ?")
                .bind(shown)
                .bind(id)
                .open("kept by the kernel"),
        )?;
        tx.run(&sql("delete from conflict_side where owner = ?").bind(id))?;
    } else {
        tx.run(
            &sql("insert into conflict (id, kind, record, about, field, opened, shown) values (?, ?, ?, ?, ?, ?, ?)")
                .bind(id).bind(kind).bind(record).bind(about).bind(field).bind(now()).bind(shown),
        )?;
    }
    for side in sides {
        tx.run(
            &sql("insert into conflict_side (id, owner, source, branch, account, made, at, version, value)
                  values (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(side.id)
            .bind(id)
            .bind(side.source)
            .bind(side.branch)
            .bind(side.account)
            .bind(side.made)
            .bind(side.at)
            .bind(side.version)
            .bind(serde_json::to_string(&side.value)?),
        )?;
    }
    Ok(())
}

/// Closes the open conflicts of a record whose field somebody has written who knew the values.
pub fn settle(tx: &mut Tx<'_>, record: Id, settled: impl Fn(&str) -> bool) -> Result<()> {
    let query = sql("select id, field from conflict where record = ? and closed is null").bind(record);
    let open: Vec<(Id, String)> =
        tx.rows(&query.open("kept by the kernel"), |row| Ok((row.take()?, row.take()?)))?;
    for (id, _) in open.iter().filter(|(_, field)| settled(field)) {
        let account = tx.actor.account;
        let close = sql("update conflict set closed = ?, outcome = 'replaced', account = ? where id = ?");
        tx.run(&close.bind(now()).bind(account).bind(*id).open("kept by the kernel"))?;
    }
    Ok(())
}

/// The open conflict about a field of a record.
fn open(db: &mut Db, record: Id, field: &str) -> Result<Option<Conflict>> {
    let query = sql(&format!(
        "select {COLUMNS} from conflict c where c.record = ? and c.field = ? and c.closed is null"
    ));
    db.row(&query.bind(record).bind(field).open("kept by the kernel"), Conflict::from_row)
}

/// The conflict with this id. The caller checks the standing at [`Conflict::about`].
pub fn get(db: &mut Db, id: Id) -> Result<Conflict> {
    let query = sql(&format!("select {COLUMNS} from conflict c where c.id = ?")).bind(id);
    db.row(&query.open("one id, checked by the caller"), Conflict::from_row)?.ok_or(Error::NotFound)
}

/// The values of a conflict, the first given first.
pub fn sides(db: &mut Db, conflict: Id) -> Result<Vec<Side>> {
    let query = sql(
        "select id, source, branch, account, made, at, version, value from conflict_side where owner = ?",
    );
    let mut sides = db.rows(&query.bind(conflict), |row| {
        Ok(Side {
            id: row.take()?,
            source: row.take()?,
            branch: row.take()?,
            account: row.take()?,
            made: row.take()?,
            at: row.take()?,
            version: row.take()?,
            value: serde_json::from_str(&row.take::<String>()?)?,
        })
    })?;
    sides.sort_by_key(|side| (side.made, side.source));
    Ok(sides)
}
