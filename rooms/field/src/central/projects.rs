//! `/v1/projects`: the one programme of a key.

use kernel::{Ctx, Error, Json, Reply, Result, sql};
use serde_json::json;

use super::answer::{instant, speak};
use super::{number, who};
use crate::openrosa::door::{self, Asked};

/// When the programme of whoever asks was created here; milliseconds since 1970.
pub(super) fn created(ctx: &Ctx, asked: &Asked) -> Result<i64> {
    let first = sql("select coalesce(min(at), 0) from fact where record = ?").bind(asked.programme.id);
    ctx.read(|db| db.one(&first.open("the programme of the key")))
}

fn told(ctx: &Ctx, asked: &Asked) -> Result<Json> {
    let programme = &asked.programme;
    Ok(json!({
        "id": number::of(&ctx.app, programme.id)?,
        "name": programme.name.best(ctx.w.lang),
        "description": null, "archived": null, "keyId": null, "deletedAt": null, "updatedAt": null,
        "createdAt": instant(created(ctx, asked)?)?,
    }))
}

/// `GET /v1/projects`: nothing for whoever no longer works there.
pub(super) fn list(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let projects = match door::of(ctx, &who::holder(ctx)?)?.at_work() {
            Ok(asked) => vec![told(ctx, &asked)?],
            Err(Error::Forbidden) => Vec::new(),
            Err(error) => return Err(error),
        };
        ctx.data(&projects)
    })
}

/// `GET /v1/projects/{programme}`.
pub(super) fn one(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| ctx.data(&told(ctx, &who::asked(ctx)?)?))
}
