//! The form of an organisation.

use askama::Template;
use kernel::{Ctx, Error, Fields, Form, Id, Reply, Result, Standing, Words};
use serde::Serialize;

use crate::duplicate;
use crate::organisation::{self, Organisation};

/// The form of an organisation, new or not.
#[derive(Template, Serialize)]
#[template(path = "registry_form.html")]
struct FormPage {
    #[serde(skip)]
    w: Words,
    #[serde(skip)]
    form: Form,
    action: String,
    id: Id,
    version: i64,
    title: String,
    candidates: Vec<duplicate::Candidate>,
    is_new: bool,
}

pub(super) fn new(ctx: &Ctx) -> Result<Reply> {
    form_page(ctx, 200, None, ctx.query.clone(), Vec::new(), Vec::new())
}

fn form_page(
    ctx: &Ctx,
    status: u16,
    existing: Option<(&Organisation, Standing)>,
    typed: Fields,
    errors: Vec<kernel::FieldError>,
    candidates: Vec<duplicate::Candidate>,
) -> Result<Reply> {
    let standing = existing.map_or(Standing::File, |(_, standing)| standing);
    let title = match existing {
        Some((organisation, _)) => {
            ctx.w.with("registry.edit.title", "name", organisation.name.best(ctx.w.lang))
        }
        None => ctx.w.t("registry.new.title").into_owned(),
    };
    let id = existing.map_or_else(|| ctx.new_id(), |(organisation, _)| organisation.id);
    let page = FormPage {
        w: ctx.w,
        action: if existing.is_some() { format!("/organisations/{id}") } else { "/organisations".into() },
        id,
        version: existing.map_or(0, |(organisation, _)| organisation.version),
        form: Form::of::<Organisation>(ctx.w, typed, standing).refused(errors),
        title: title.clone(),
        candidates,
        is_new: existing.is_none(),
    };
    ctx.page_with_status(status, &title, &page)
}

/// Registers an organisation, unless it looks like one that is known and nobody said it is another (`force`).
pub(super) fn create(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.new_id();
    if ctx.form.text("force").is_none() {
        let found = ctx.read(|db| {
            let known = kernel::record::find::<Organisation>(db, id)?.is_some();
            if known { Ok(Vec::new()) } else { duplicate::candidates_of_form(db, &ctx.form, ctx.w.lang) }
        })?;
        if !found.is_empty() {
            return form_page(ctx, 409, None, ctx.form.clone(), Vec::new(), found);
        }
    }
    match ctx.write(|tx| organisation::create(tx, id, &ctx.form, &ctx.viewer)) {
        Ok(made) => ctx.done(&format!("/organisations/{}", made.id), "organisation_created"),
        Err(Error::Invalid(errors)) if !ctx.json => {
            form_page(ctx, 422, None, ctx.form.clone(), errors, Vec::new())
        }
        Err(error) => Err(error),
    }
}

pub(super) fn edit(ctx: &Ctx) -> Result<Reply> {
    let (organisation, standing) =
        ctx.read(|db| organisation::open(db, ctx, ctx.id("organisation")?, Standing::File))?;
    form_page(
        ctx,
        200,
        Some((&organisation, standing)),
        kernel::record::typed(&organisation),
        Vec::new(),
        Vec::new(),
    )
}

pub(super) fn change(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("organisation")?;
    let changed = ctx.write(|tx| {
        let standing = ctx.standing(tx, id, Standing::File)?;
        kernel::record::change::<Organisation>(tx, id, ctx.base_version(), &ctx.form, standing)
    });
    match changed {
        Ok(_) => ctx.done(&format!("/organisations/{id}"), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => {
            let (organisation, standing) = ctx.read(|db| organisation::open(db, ctx, id, Standing::File))?;
            form_page(ctx, 422, Some((&organisation, standing)), ctx.form.clone(), errors, Vec::new())
        }
        Err(error) => Err(error),
    }
}
