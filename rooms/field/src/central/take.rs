//! `POST …/submissions`: a form that a program filled in. It is kept and applied as one from a telephone.

use kernel::{Ctx, Error, Reply, Result};

use super::answer::speak;
use super::submissions::Wanted;
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
        ctx.data(&show::told(&ctx.read(|db| wanted.find(db))?)?)
    })
}
