//! `/v1/projects/{programme}/forms`: the forms that a key opens, and those that a programme brings along.

use kernel::{Actor, Ctx, Error, Json, Reply, Result, Standing, Tx, Upload};
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

/// The questionnaire that a program sends.
fn sent(ctx: &Ctx) -> Upload {
    let name = ctx.header("x-xlsform-formid-fallback").chars().take(100).collect::<String>();
    let name = format!("{}.xlsx", if name.is_empty() { "form" } else { &name });
    Upload { field: "file".into(), name, bytes: ctx.body.to_vec() }
}

/// Writes as whoever asks, who must steward the programme.
fn steward<T>(ctx: &Ctx, asked: &Asked, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
    let actor = Actor { account: Some(asked.account), ..Actor::machine("api") };
    ctx.app.write(actor, |tx| match asked.viewer.standing(tx, asked.programme.id)? {
        Some(Standing::Steward) => work(tx),
        _ => Err(Error::Forbidden),
    })
}

/// `POST …/forms`: an XLSForm is looked at and waits; with `publish=true` it becomes a survey of the programme at once, or
/// its next edition.
pub(super) fn create(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let asked = who::asked(ctx)?;
        let programme = asked.programme.id;
        if ctx.query.text("publish") == Some("true") {
            let form = steward(ctx, &asked, |tx| {
                let published = survey::import(&ctx.app, tx, ctx.w, programme, &sent(ctx))?;
                Ok(kernel::record::get::<survey::Survey>(tx, published.survey)?.form)
            })?;
            return ctx.data(&told(ctx, &asked, &find(ctx, &asked, &form)?)?);
        }
        let form = wait(ctx, &asked, None)?;
        let waiting = Offered {
            title: form.clone(),
            id: form,
            version: String::new(),
            xml: String::new(),
            lists: vec![],
        };
        let mut told = told(ctx, &asked, &waiting)?;
        (told["publishedAt"], told["hash"]) = (Json::Null, "".into());
        ctx.data(&told)
    })
}

/// Keeps a questionnaire until it is published, if it is of this form; answers the id of its form.
fn wait(ctx: &Ctx, asked: &Asked, of: Option<&str>) -> Result<String> {
    let kept = steward(ctx, asked, |tx| {
        let kept = survey::propose(&ctx.app, tx, ctx.w, asked.programme.id, &sent(ctx))?;
        match of {
            Some(of) if of != kept.form => Err(Error::refused("field.central.other_form")),
            _ => Ok(kept),
        }
    })?;
    kept.before.iter().try_for_each(|digest| kernel::files::sweep(&ctx.app, digest))?;
    Ok(kept.form)
}

/// `POST …/forms/{form}/draft`: the next edition of a survey waits.
pub(super) fn draft(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let asked = who::asked(ctx)?;
        wait(ctx, &asked, Some(ctx.param("form")?))?;
        ctx.data(&json!({ "success": true }))
    })
}

/// `POST …/forms/{form}/draft/publish`: what waits is offered from now on.
pub(super) fn publish(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let asked = who::asked(ctx)?;
        let form = ctx.param("form")?;
        steward(ctx, &asked, |tx| survey::publish(&ctx.app, tx, ctx.w, asked.programme.id, form))?;
        ctx.data(&json!({ "success": true }))
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
