//! `/people/{person}/consents`: what a person agrees to, and no longer agrees to.

use kernel::room::{Route, post};
use kernel::{Ctx, Error, Reply, Result};

use super::person::to_change;
use super::person_path;
use crate::consent::{self, Consent};

pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/people/{person}/consents", give).takes::<Consent>(),
        post("/people/{person}/consents/{consent}/withdraw", withdraw),
    ]
}

fn give(ctx: &Ctx) -> Result<Reply> {
    let given = ctx.write(|tx| {
        let (person, _) = to_change(ctx, tx)?;
        consent::give(tx, ctx.new_id(), person.id, &ctx.form)
    });
    match given {
        Ok(consent) => ctx.done(&format!("{}#consents", person_path(consent.person.id)), "consent_given"),
        Err(Error::Invalid(errors)) if !ctx.json => super::person::page(ctx, errors),
        Err(error) => Err(error),
    }
}

fn withdraw(ctx: &Ctx) -> Result<Reply> {
    let (id, given) = (ctx.id("person")?, ctx.id("consent")?);
    ctx.write(|tx| {
        to_change(ctx, tx)?;
        consent::withdraw(tx, id, given)
    })?;
    ctx.done(&format!("{}#consents", person_path(id)), "consent_withdrawn")
}
