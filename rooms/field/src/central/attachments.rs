//! `…/submissions/{instance}/attachments`: the files of a submission, those that are there and those that are missing.

use kernel::{Actor, Ctx, Error, Id, Reply, Result, files};
use serde_json::json;

use super::answer::speak;
use super::submissions::{Kept, Wanted};
use super::{forms, odata, shape, value, who};
use crate::openrosa::door::Asked;
use crate::openrosa::work;
use crate::received;

/// A submission with the names of its files.
struct Opened {
    asked: Asked,
    kept: Kept,
    names: Vec<String>,
}

fn opened(ctx: &Ctx) -> Result<Opened> {
    let asked = who::asked(ctx)?;
    let form = forms::find(ctx, &asked, ctx.param("form")?)?;
    let wanted = Wanted::one(&asked, &form.id, ctx.param("instance")?);
    let kept = ctx.read(|db| wanted.find(db))?;
    let names = value::files(&shape::read(&form.xml)?.parts, value::parse(&kept.body)?.root_element());
    Ok(Opened { asked, kept, names })
}

impl Opened {
    /// The upload of the file of the address, if the submission speaks of it.
    fn upload(&self, ctx: &Ctx) -> Result<(Id, String)> {
        let name = ctx.param("name")?;
        let known = self.names.iter().find(|known| *known == name).ok_or(Error::NotFound)?;
        Ok((work::upload(self.kept.id, known), known.clone()))
    }
}

/// `GET …/attachments`.
pub(super) fn list(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let opened = opened(ctx)?;
        let there = ctx.read(|db| odata::present(&ctx.app, db, opened.kept.id, &opened.names))?;
        let lines =
            opened.names.iter().zip(there).map(|(name, exists)| json!({ "name": name, "exists": exists }));
        ctx.data(&lines.collect::<Vec<_>>())
    })
}

/// `GET …/attachments/{name}`.
pub(super) fn one(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let (upload, name) = opened(ctx)?.upload(ctx)?;
        let path = ctx.read(|db| received::whole(&ctx.app, db, upload))?.ok_or(Error::NotFound)?;
        let media = files::media_of(&std::fs::read(&path)?).unwrap_or("application/octet-stream");
        Ok(Reply::file(path, media.to_owned(), name))
    })
}

/// `POST …/attachments/{name}`: a file that was missing, from whoever sent the submission.
pub(super) fn take(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let opened = opened(ctx)?;
        let (upload, name) = opened.upload(ctx)?;
        let account = opened.asked.account;
        if account != opened.kept.account {
            return Err(Error::Forbidden);
        }
        let actor = Actor { account: Some(account), ..Actor::machine("device") };
        ctx.app.write(actor, |tx| received::keep_whole(&ctx.app, tx, account, upload, &name, &ctx.body))?;
        let waiting = ctx.read(|db| received::waiting_for(db, upload))?;
        received::apply(&ctx.app, &waiting)?;
        ctx.data(&json!({ "success": true }))
    })
}
