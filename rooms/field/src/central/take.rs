//! `POST …/submissions`: a form that a program filled in. It is kept and applied as one from a telephone.

use kernel::{Ctx, Error, Reply, Result, now};

use super::answer::speak;
use super::submissions::{Kept, Wanted};
use super::{forms, show, who};
use crate::openrosa::submission;

/// The same bytes again are harmless; other bytes under a known number are refused.
pub(super) fn create(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let asked = who::asked(ctx)?;
        let form = forms::find(ctx, &asked, ctx.param("form")?)?;
        let body = std::str::from_utf8(&ctx.body).map_err(|_| Error::refused("field.collect.unread"))?;
        let taken = submission::receive(ctx, &asked, body.to_owned(), Some(&form.id), &[])?;
        let instance = taken.ok_or_else(|| Error::refused("field.collect.altered"))?;
        let wanted = Wanted::one(&asked, &form.id, &instance);
        let kept = match ctx.read(|db| wanted.find(db)) {
            // What it said was erased since: that it came is known, and nothing more.
            Err(Error::NotFound) => Kept { instance, received: now(), ..Kept::blank(&asked) },
            found => found?,
        };
        ctx.data(&show::told(&kept)?)
    })
}
