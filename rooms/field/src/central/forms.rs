//! `/v1/projects/{programme}/forms`: the forms that a key opens.

use kernel::{Ctx, Json, Reply, Result};
use serde_json::json;

use super::answer::{instant, speak};
use super::{number, odata, projects, who};
use crate::openrosa::door::{Asked, XML};
use crate::openrosa::offered::Offered;
use crate::openrosa::xform::md5;

/// The form of this id, if it is offered.
pub(super) fn find(ctx: &Ctx, asked: &Asked, id: &str) -> Result<Offered> {
    ctx.read(|db| asked.form(ctx, db, id))
}

fn told(ctx: &Ctx, asked: &Asked, form: &Offered) -> Result<Json> {
    let created = instant(projects::created(ctx, asked)?)?;
    Ok(json!({
        "projectId": number::of(&ctx.app, asked.programme.id)?,
        "xmlFormId": form.id, "name": form.title, "version": form.version, "hash": md5(&form.xml), "state": "open",
        "enketoId": null, "keyId": null, "draftToken": null, "updatedAt": null,
        "createdAt": created, "publishedAt": created,
    }))
}

/// `GET …/forms`.
pub(super) fn list(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let asked = who::asked(ctx)?;
        let forms = ctx.read(|db| asked.offered(ctx, db))?;
        ctx.data(&forms.iter().map(|form| told(ctx, &asked, form)).collect::<Result<Vec<_>>>()?)
    })
}

/// `GET …/forms/{form}`: what is known of it; with `.xml` the form itself, with `.svc` its tables.
pub(super) fn one(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let asked = who::asked(ctx)?;
        let name = ctx.param("form")?;
        if let Some(id) = name.strip_suffix(".svc") {
            return odata::tables(ctx, &find(ctx, &asked, id)?);
        }
        if let Some(id) = name.strip_suffix(".xml") {
            let form = find(ctx, &asked, id)?;
            return Ok(Reply::Body { status: 200, media: XML, body: form.xml.into_bytes() });
        }
        ctx.data(&told(ctx, &asked, &find(ctx, &asked, name)?)?)
    })
}
