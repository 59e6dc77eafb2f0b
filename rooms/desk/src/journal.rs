//! The journal: everything that happened, for those who answer for it.

use askama::Template;
use kernel::{Ctx, Id, Reply, Result, Standing, Words, facts, sql};
use schemars::JsonSchema;
use serde::Serialize;

const PAGE: usize = 60;

/// A page of the journal.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "desk_journal.html")]
pub(crate) struct JournalPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    facts: Vec<kernel::telling::Told>,
    next: Option<String>,
    #[serde(skip)]
    kind: String,
}

pub(crate) fn page(ctx: &Ctx) -> Result<Reply> {
    let kind = ctx.query.text("kind").unwrap_or_default().to_owned();
    let page = ctx.read(|db| {
        let mut tail = sql("")
            .seen_near(&ctx.viewer, "f.about", Standing::Steward)
            .and_if(" and f.id < ?", ctx.query.parse::<Id>("before"));
        tail = tail.and_if(" and f.actor = ?", ctx.query.parse::<Id>("actor"));
        if !kind.is_empty() {
            tail = tail.and(" and f.kind like ?").bind(format!("{}%", kind.replace(['%', '_'], "")));
        }
        let mut found = facts::read(db, tail.and(" order by f.id desc limit ?").bind(PAGE as i64 + 1))?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let next = found.last().filter(|_| more).map(|fact| {
            ctx.query.query_with(&[("before", &fact.id.to_string()), ("lang", ""), ("done", "")])
        });
        Ok(JournalPage { w: ctx.w, facts: registry::told(ctx, db, found)?, next, kind })
    })?;
    ctx.page(&ctx.w.t("nav.journal"), &page)
}
