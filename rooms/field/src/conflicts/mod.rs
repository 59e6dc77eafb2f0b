//! Where two people gave a field a value without knowing of each other's: shown to both and to whoever answers for the
//! record, decided with one tap, taken back with another.

mod list;
mod show;

use std::collections::HashMap;

use kernel::conflict::{COLUMNS, Conflict, Side, cell};
use kernel::html::{run, text};
use kernel::kinds::{Multi, Names};
use kernel::room::{Need, Route, Task, get, post};
use kernel::{Ctx, Db, Error, Html, Id, Result, Sql, Standing, sql};

pub(crate) use show::panel;

/// Who decides: whoever works on the file.
pub(crate) const LEAST: Standing = Standing::File;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/conflicts", list::page).query(&["state", "page"]).answers::<list::ListPage>(),
        get("/conflicts/{conflict}", show::page).answers::<show::ConflictPage>(),
        post("/conflicts/{conflict}/decision", show::decide),
        post("/conflicts/{conflict}/undo", show::undo),
    ]
}

/// Who sees the list in the navigation: whoever works on files.
pub(crate) const NEED: Need = Need::Role(&["manager", "coach", "trainer", "representative"]);

/// The conflicts that the viewer may decide.
fn mine(ctx: &Ctx, columns: &str, open: bool) -> Sql {
    let closed = if open { "c.closed is null" } else { "c.closed is not null" };
    sql(&format!("select {columns} from conflict c where {closed} and")).seen_near(
        &ctx.viewer,
        "c.about",
        LEAST,
    )
}

/// How many conflicts wait for the viewer.
fn waiting(ctx: &Ctx, db: &mut Db) -> Result<i64> {
    db.one(&mine(ctx, "count(*)", true))
}

/// What a field is called.
fn field_name(ctx: &Ctx, db: &mut Db, conflict: &Conflict) -> Result<String> {
    let table = conflict.kind.split('.').nth(1).unwrap_or_default();
    if conflict.kind == "training.attendance" {
        let name = training::participant_name(db, conflict.field.parse().map_err(|_| Error::NotFound)?)?;
        let name = name.as_ref().map_or("–", |name| name.best(ctx.w.lang));
        return Ok(ctx.w.with("conflict.attendance", "name", name));
    }
    let field = ctx.w.t2(table, &conflict.field);
    Ok(match part(db, conflict)? {
        Some(name) => format!("{} · {field}", name.best(ctx.w.lang)),
        None => field,
    })
}

/// What the record of a conflict is called, where it is a part of what the conflict is about.
fn part(db: &mut Db, conflict: &Conflict) -> Result<Option<Multi>> {
    let id = conflict.record;
    Ok(match conflict.kind.as_str() {
        "coaching.plan_action" => {
            kernel::record::find::<coaching::Action>(db, id)?.map(|action| action.title)
        }
        "coaching.answer" => match kernel::record::find::<coaching::Answer>(db, id)? {
            Some(answer) => Some(kernel::record::get::<coaching::Item>(db, answer.item.id)?.topic),
            None => None,
        },
        "people.person" => kernel::record::find::<people::Person>(db, id)?.map(|person| person.name),
        _ => None,
    })
}

/// The value of a side as a reader sees it.
fn value(ctx: &Ctx, conflict: &Conflict, side: &Side, names: &Names) -> Html {
    let records = ctx.app.rooms.iter().flat_map(|room| &room.records);
    let declared = records.filter(|record| record.kind == conflict.kind);
    let field = declared.flat_map(|record| record.fields).find(|field| field.name == conflict.field);
    let shown =
        field.and_then(|field| Some((field.ops.show)(&cell(field, &side.value).ok()?, &ctx.w, names)));
    match shown {
        Some(shown) if !shown.is_empty() => shown,
        Some(_) => text(&ctx.w.t("conflict.empty")),
        None => {
            let typed: Vec<&str> = side.value.iter().map(|(_, text)| text.as_str()).collect();
            let key = format!("conflict.value.{}", typed.join(" "));
            if ctx.w.knows(&key) { text(&ctx.w.t(&key)) } else { run(&typed.join(" / ")) }
        }
    }
}

/// Names of the accounts of these sides.
fn people(db: &mut Db, sides: &[Side]) -> Result<HashMap<Id, String>> {
    let accounts: Vec<Id> = sides.iter().filter_map(|side| side.account).collect();
    people::account_names(db, &accounts)
}

/// Page and name of the record whose rights cover a conflict.
pub(crate) fn about(ctx: &Ctx, db: &mut Db, id: Id) -> Result<(String, String)> {
    if let Some(name) = registry::organisation_names(db, &ctx.viewer, &[id], ctx.w.lang)?.into_values().next()
    {
        return Ok((format!("/organisations/{id}"), name));
    }
    if let Some(programme) = kernel::record::find::<programmes::Programme>(db, id)? {
        return Ok((format!("/programmes/{id}"), programme.name.best(ctx.w.lang).to_owned()));
    }
    Ok((String::new(), String::new()))
}

/// Conflicts that wait for the two people who gave the values, and for whoever answers for the record.
pub(crate) fn tasks(ctx: &Ctx, db: &mut Db) -> Result<Vec<Task>> {
    let Some(account) = ctx.viewer.account else { return Ok(Vec::new()) };
    let query = sql(&format!(
        "select {COLUMNS} from conflict c where c.closed is null and (exists (select 1 from conflict_side s
         where s.owner = c.id and s.account = ?) or "
    ))
    .bind(account)
    .seen_near(&ctx.viewer, "c.about", Standing::Steward)
    .and(") and")
    .seen_near(&ctx.viewer, "c.about", LEAST)
    .and(" order by c.opened limit 5");
    let found = db.rows(&query, Conflict::from_row)?;
    found
        .into_iter()
        .map(|conflict| {
            let field = field_name(ctx, db, &conflict)?;
            Ok(Task {
                tone: "wait",
                text: ctx.w.with("task.conflict", "field", &field),
                detail: about(ctx, db, conflict.about)?.1,
                path: format!("/conflicts/{}", conflict.id),
            })
        })
        .collect()
}
