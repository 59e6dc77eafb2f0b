//! Reading another organisation's file outside one's role: for a reason, for three hours, and it is a fact.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, post};
use kernel::{Ctx, Error, Id, Reply, Result, Standing, Words, access, now, sql};
use serde::Serialize;

use crate::TEAM;

pub(crate) fn routes() -> Vec<Route> {
    vec![post("/organisations/{organisation}/glimpse", open).role(TEAM)]
}

/// How long the file stays open, in milliseconds.
const WHILE: i64 = 3 * 3_600_000;

/// The page that asks for a reason. It shows what anybody registering the same cooperative would learn.
#[derive(Template, Serialize)]
#[template(path = "registry_glimpse.html")]
struct AskPage {
    #[serde(skip)]
    w: Words,
    id: Id,
    name: String,
    place: String,
}

pub(crate) fn ask(ctx: &Ctx, id: Id) -> Result<Reply> {
    let known = ctx.read(|db| {
        let query = sql("select name, place from organisation where id = ? and merged_into is null")
            .bind(id)
            .open("a team may learn that a cooperative is known, to register it only once");
        db.row(&query, |row| Ok((row.take::<Multi>()?, row.take::<String>()?)))
    })?;
    let (name, place) = known.ok_or(Error::NotFound)?;
    let page = AskPage {
        w: ctx.w,
        id,
        name: name.best(ctx.w.lang).to_owned(),
        place: kernel::territory::path(&place, ctx.w.lang),
    };
    ctx.page_with_status(403, &ctx.w.t("glimpse.title"), &page)
}

fn open(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("organisation")?;
    let reason = ctx
        .form
        .text("reason")
        .filter(|reason| reason.chars().count() >= 10)
        .ok_or_else(|| Error::refused("glimpse.reason_needed"))?;
    let account = ctx.viewer.account.ok_or(Error::SignIn)?;
    ctx.write(|tx| {
        kernel::record::get::<crate::Organisation>(tx, id)?;
        access::grant(tx, id, &access::scope("account", account), Standing::File, Some(now() + WHILE))?;
        let mut changes = serde_json::Map::new();
        changes.insert("reason".into(), serde_json::json!([null, reason]));
        tx.fact("registry.organisation.glimpsed", id, id, changes)
    })?;
    ctx.done(&format!("/organisations/{id}"), "glimpse_open")
}
