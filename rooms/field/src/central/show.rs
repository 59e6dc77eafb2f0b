//! `…/submissions`: what was sent with a form, one by one and as it came.

use kernel::{App, Ctx, Error, Json, Reply, Result};
use serde_json::json;
use std::io::Write;

use super::answer::{instant, speak};
use super::submissions::{Kept, Wanted};
use super::{forms, number, who};
use crate::openrosa::door::XML;

/// What is told of a submission beside its answers.
pub(super) fn told(kept: &Kept) -> Result<Json> {
    let (submitter, at) = (number::of_account(kept.account), instant(kept.received)?);
    Ok(json!({
        "instanceId": kept.instance, "submitterId": submitter, "deviceId": kept.device, "userAgent": null,
        "instanceName": null, "reviewState": null, "createdAt": at, "updatedAt": null,
        "submitter": { "id": submitter, "type": "user", "displayName": kept.submitter },
        "currentVersion": {
            "instanceId": kept.instance, "submitterId": submitter, "deviceId": kept.device, "userAgent": null,
            "instanceName": null, "createdAt": at, "current": true,
        },
    }))
}

/// `GET …/submissions`, the newest first.
pub(super) fn list(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let asked = who::asked(ctx)?;
        let wanted = Wanted::of(&asked, &forms::find(ctx, &asked, ctx.param("form")?)?.id, None);
        let produce = move |app: &App, out: &mut (dyn Write + Send)| {
            let mut before = "[";
            wanted.each(
                app,
                None,
                0,
                |_, kept| told(kept),
                |_, told| {
                    write!(out, "{before}{told}")?;
                    before = ",";
                    Ok(true)
                },
            )?;
            Ok(out.write_all(if before == "[" { b"[]" } else { b"]" })?)
        };
        let (media, name) = ("application/json".to_owned(), "submissions.json".to_owned());
        Ok(Reply::Download { media, name, inline: true, produce: Box::new(produce) })
    })
}

/// The submission of the address, if whoever asks may read it.
pub(super) fn find(ctx: &Ctx, instance: &str) -> Result<Kept> {
    let asked = who::asked(ctx)?;
    let form = forms::find(ctx, &asked, ctx.param("form")?)?;
    let wanted = Wanted::one(&asked, &form.id, instance);
    ctx.read(|db| wanted.find(db))
}

/// `GET …/submissions/{instance}`: what is known of it; with `.xml` its bytes.
pub(super) fn one(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let name = ctx.param("instance")?;
        match (find(ctx, name), name.strip_suffix(".xml")) {
            (Ok(kept), _) => ctx.data(&told(&kept)?),
            (Err(Error::NotFound), Some(instance)) => {
                let kept = find(ctx, instance)?;
                Ok(Reply::Body { status: 200, media: XML, body: kept.body.into_bytes() })
            }
            (Err(error), _) => Err(error),
        }
    })
}
