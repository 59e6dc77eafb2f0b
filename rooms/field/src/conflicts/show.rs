//! One conflict: the values side by side, who gave each, when and where; the decision, and the way back.

use askama::Template;
use kernel::conflict::{self, COLUMNS, Conflict, Side};
use kernel::kinds::Names;
use kernel::{Ctx, Db, Error, Html, Id, Reply, Result, Shown, Words, sql};
use schemars::JsonSchema;
use serde::Serialize;

/// A value and who gave it.
#[derive(Serialize, JsonSchema)]
struct Value {
    id: Id,
    #[serde(skip)]
    #[schemars(skip)]
    shown: Html,
    value: String,
    who: String,
    made: String,
    /// When it reached the server, if that was later.
    arrived: Option<String>,
    /// True for work that was done without a network.
    elsewhere: bool,
    /// True for the value that the record shows.
    current: bool,
}

/// One conflict.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "field_conflict.html")]
pub(super) struct ConflictPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    field: String,
    about: String,
    #[serde(skip)]
    path: String,
    open: bool,
    outcome: Option<String>,
    /// Who ended it, and when.
    by: Option<String>,
    when: Option<String>,
    undoable: bool,
    values: Vec<Value>,
}

/// Work that arrives later than this was done without a network.
const SLACK: i64 = 2 * 60 * 1000;

fn open(ctx: &Ctx, db: &mut Db) -> Result<Conflict> {
    let conflict = conflict::get(db, ctx.id("conflict")?)?;
    ctx.standing(db, conflict.about, super::LEAST)?;
    Ok(conflict)
}

fn values(ctx: &Ctx, db: &mut Db, conflict: &Conflict) -> Result<Vec<Value>> {
    let sides = conflict::sides(db, conflict.id)?;
    let accounts = super::people(db, &sides)?;
    let names = names(ctx, db, &sides)?;
    let values = sides.into_iter().map(|side| {
        let shown = super::value(ctx, conflict, &side, &names);
        Value {
            id: side.id,
            value: shown.to_string(),
            shown,
            who: side.account.and_then(|id| accounts.get(&id).cloned()).unwrap_or_default(),
            made: ctx.w.instant(side.made),
            arrived: (side.at - side.made > SLACK).then(|| ctx.w.instant(side.at)),
            elsewhere: side.branch.is_some(),
            current: side.id == conflict.shown,
        }
    });
    Ok(values.collect())
}

/// What the ids among the values are called: people of the house and organisations.
fn names(ctx: &Ctx, db: &mut Db, sides: &[Side]) -> Result<Names> {
    let texts = sides.iter().flat_map(|side| &side.value).map(|(_, text)| text);
    let ids: Vec<Id> = texts.filter_map(|text| text.parse().ok()).collect();
    let mut names = registry::organisation_names(db, &ctx.viewer, &ids, ctx.w.lang)?;
    let accounts = people::account_names(db, &ids)?;
    names.extend(accounts.into_iter().map(|(id, name)| (id.to_string(), name)));
    Ok(names)
}

pub(super) fn page(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let conflict = open(ctx, db)?;
        let values = values(ctx, db, &conflict)?;
        let (path, about) = super::about(ctx, db, conflict.about)?;
        let by = people::account_names(db, &conflict.account.into_iter().collect::<Vec<_>>())?;
        Ok(ConflictPage {
            w: ctx.w,
            id: conflict.id,
            field: super::field_name(ctx, db, &conflict)?,
            about,
            path,
            open: conflict.closed.is_none(),
            undoable: conflict.chosen.is_some(),
            by: by.into_values().next(),
            when: conflict.closed.map(|at| ctx.w.instant(at)),
            outcome: conflict.outcome.map(|outcome| ctx.w.t2("conflict.outcome", &outcome)),
            values,
        })
    })?;
    ctx.page(&ctx.w.with("conflict.of", "field", &page.field), &page)
}

pub(super) fn decide(ctx: &Ctx) -> Result<Reply> {
    let side = ctx.form.parse::<Id>("side").ok_or(Error::NotFound)?;
    let id = ctx.write(|tx| {
        let conflict = open(ctx, tx)?;
        conflict::decide(tx, &conflict, side)?;
        Ok(conflict.id)
    })?;
    ctx.done(&format!("/conflicts/{id}"), "conflict_decided")
}

pub(super) fn undo(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.write(|tx| {
        let conflict = open(ctx, tx)?;
        conflict::undo(tx, &conflict)?;
        Ok(conflict.id)
    })?;
    ctx.done(&format!("/conflicts/{id}"), "conflict_undone")
}

/// A field of this record with several values.
#[derive(Serialize)]
struct Marked {
    id: Id,
    field: String,
    values: Vec<Value>,
}

/// The fields of a record that have several values.
#[derive(Template, Serialize)]
#[template(path = "field_panel_conflicts.html")]
struct Marks {
    #[serde(skip)]
    w: Words,
    fields: Vec<Marked>,
}

/// On the page of a record: its fields, and those of what hangs on it, that have several values.
pub(crate) fn panel(ctx: &Ctx, db: &mut Db, about: Id) -> Result<Option<Shown>> {
    let query = sql(&format!(
        "select {COLUMNS} from conflict c where c.about = ? and c.closed is null order by c.opened limit 10"
    ));
    let found =
        db.rows(&query.bind(about).open("panels are asked at the viewer's standing"), Conflict::from_row)?;
    if found.is_empty() {
        return Ok(None);
    }
    let mut fields = Vec::new();
    for conflict in found {
        let field = super::field_name(ctx, db, &conflict)?;
        fields.push(Marked { id: conflict.id, field, values: values(ctx, db, &conflict)? });
    }
    let marks = Marks { w: ctx.w, fields };
    let html = Html(marks.render().map_err(Error::internal)?);
    Ok(Some(Shown { html, data: serde_json::to_value(&marks)? }))
}
