//! `/field/received`: the work that waits for a manager, because its maker has no right to it now or because its id came
//! twice with other content.

use askama::Template;
use kernel::{Ctx, Error, Id, Reply, Result, Sql, Standing, Words, now, sql};
use schemars::JsonSchema;
use serde::Serialize;

use super::engine;
use super::state::State;

/// Pieces of work on a page.
const MOST: i64 = 200;

/// A piece of work that waits.
#[derive(Serialize, JsonSchema)]
struct Line {
    id: Id,
    who: String,
    made: String,
    arrived: String,
    path: String,
    /// The page it is about.
    about: Option<String>,
    /// What was filled in: name and text.
    fields: Vec<(String, String)>,
    state: State,
}

/// What waits for a manager.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "field_received.html")]
pub(super) struct ReceivedPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    lines: Vec<Line>,
    /// Ids that came with other content.
    clashes: i64,
}

impl ReceivedPage {
    fn held(&self, line: &Line) -> bool {
        line.state == State::Held
    }
}

/// Work that waits for this viewer, who answers for what it is about; what is about nothing known waits for administrators.
pub(super) fn waiting(ctx: &Ctx, columns: &str) -> Sql {
    let query =
        sql(&format!("select {columns} from device_command c where c.state in ('held', 'set_aside') and (("));
    let query = query.seen_near(&ctx.viewer, "c.about", Standing::Steward);
    query.and(if ctx.viewer.is_administrator() { ") or c.about is null)" } else { "))" })
}

pub(super) fn page(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let columns = "c.id, c.account, c.made, (select b.received_at from batch b where b.key = c.batch), c.path, c.about, c.form, c.state";
        let query = waiting(ctx, columns)
            .and(" order by c.state, c.changed_at desc limit ?")
            .bind(MOST);
        let found = db.rows(&query, |row| {
            let id: Id = row.take()?;
            let account: Id = row.take()?;
            let (made, arrived): (i64, i64) = (row.take()?, row.take()?);
            let (path, about): (String, Option<Id>) = (row.take()?, row.take()?);
            let form: Vec<(String, String)> = serde_json::from_str(&row.take::<String>()?)?;
            let state = State::from_code(&row.take::<String>()?);
            Ok((id, account, made, arrived, path, about, form, state))
        })?;
        let accounts: Vec<Id> = found.iter().map(|line| line.1).collect();
        let names = people::account_names(db, &accounts)?;
        let mut lines = Vec::new();
        for (id, account, made, arrived, path, about, form, state) in found {
            let about = match about {
                Some(about) => Some(crate::conflicts::about(ctx, db, about)?.1),
                None => None,
            };
            lines.push(Line {
                id,
                who: names.get(&account).cloned().unwrap_or_default(),
                made: ctx.w.instant(made),
                arrived: ctx.w.instant(arrived),
                path,
                about: about.filter(|name| !name.is_empty()),
                fields: form.into_iter().filter(|(name, text)| told(name, text)).collect(),
                state,
            });
        }
        let clashes = match ctx.viewer.is_administrator() {
            true => db.one(&sql("select count(*) from clash"))?,
            false => 0,
        };
        Ok(ReceivedPage { w: ctx.w, lines, clashes })
    })?;
    ctx.page(&ctx.w.t("field.received.title"), &page)
}

/// Ids and versions tell a reader nothing.
fn told(name: &str, text: &str) -> bool {
    !text.is_empty() && !name.starts_with('_') && name != "version" && text.parse::<Id>().is_err()
}

fn held(ctx: &Ctx) -> Result<Id> {
    let id = ctx.id("command")?;
    let query = waiting(ctx, "count(*)").and(" and c.id = ?").bind(id);
    if ctx.read(|db| db.one::<i64>(&query))? == 0 {
        return Err(Error::NotFound);
    }
    Ok(id)
}

/// The manager brings the work in: it is applied in the manager's own right, on behalf of whoever did it.
pub(super) fn carry(ctx: &Ctx) -> Result<Reply> {
    let id = decide(ctx, "held", "received", ctx.viewer.account)?;
    engine::apply(&ctx.app, &[id])?;
    ctx.done("/field/received", "command_carried")
}

/// The manager puts the work aside; it is kept.
pub(super) fn set_aside(ctx: &Ctx) -> Result<Reply> {
    decide(ctx, "held", "set_aside", None)?;
    ctx.done("/field/received", "saved")
}

/// Work that was put aside waits again.
pub(super) fn take_up(ctx: &Ctx) -> Result<Reply> {
    decide(ctx, "set_aside", "held", None)?;
    ctx.done("/field/received", "saved")
}

/// Writes down what the manager decided of work in this state; `carrier` takes it upon themselves.
fn decide(ctx: &Ctx, from: &str, to: &str, carrier: Option<Id>) -> Result<Id> {
    let id = held(ctx)?;
    ctx.write(|tx| {
        let put = sql("update device_command set state = ?, carrier = coalesce(?, carrier), changed_at = ? where id = ? and state = ?");
        let put = put.bind(to).bind(carrier).bind(now()).bind(id).bind(from).open("the standing was checked");
        if tx.run(&put)? == 0 {
            return Ok(());
        }
        let mut changes = serde_json::Map::new();
        changes.insert("state".into(), serde_json::json!([from, to]));
        tx.fact("field.command.decided", id, id, changes).map(|_| ())
    })?;
    Ok(id)
}

/// What waits, for *my day* of whoever answers for it.
pub(crate) fn tasks(ctx: &Ctx, db: &mut kernel::Db) -> Result<Vec<kernel::room::Task>> {
    let query = waiting(ctx, "count(*)").and(" and c.state = 'held'");
    let n: i64 = db.one(&query)?;
    let task = (n > 0).then(|| kernel::room::Task {
        tone: "wait",
        text: ctx.w.n("task.held", n),
        detail: ctx.w.t("task.held_detail").into_owned(),
        path: "/field/received".into(),
    });
    Ok(task.into_iter().collect())
}
