//! `/conflicts`: what waits for a decision, and what was decided.

use askama::Template;
use kernel::conflict::{COLUMNS, Conflict};
use kernel::{Ctx, Id, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

/// Conflicts on a page.
const PAGE: i64 = 50;

/// A conflict in the list.
#[derive(Serialize, JsonSchema)]
struct Line {
    id: Id,
    field: String,
    about: String,
    opened: String,
    outcome: Option<String>,
}

/// The conflicts that the viewer may decide.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "field_conflicts.html")]
pub(super) struct ListPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    open: bool,
    waiting: i64,
    lines: Vec<Line>,
    next: Option<String>,
}

pub(super) fn page(ctx: &Ctx) -> Result<Reply> {
    let open = ctx.query.text("state") != Some("closed");
    let at = ctx.query.parse::<i64>("page").unwrap_or(1).clamp(1, 10_000);
    let page = ctx.read(|db| {
        let query = super::mine(ctx, COLUMNS, open)
            .and(" order by coalesce(c.closed, c.opened) desc, c.id limit ? offset ?")
            .bind(PAGE + 1)
            .bind((at - 1) * PAGE);
        let mut found = db.rows(&query, Conflict::from_row)?;
        let more = found.len() as i64 > PAGE;
        found.truncate(PAGE as usize);
        let mut lines = Vec::new();
        for conflict in found {
            lines.push(Line {
                id: conflict.id,
                field: super::field_name(ctx, db, &conflict)?,
                about: super::about(ctx, db, conflict.about)?.1,
                opened: ctx.w.instant(conflict.opened),
                outcome: conflict.outcome.map(|outcome| ctx.w.t2("conflict.outcome", &outcome)),
            });
        }
        Ok(ListPage {
            w: ctx.w,
            open,
            waiting: super::waiting(ctx, db)?,
            lines,
            next: more.then(|| ctx.query.query_with(&[("page", &(at + 1).to_string()), ("done", "")])),
        })
    })?;
    ctx.page(&ctx.w.t("conflict.title"), &page)
}
