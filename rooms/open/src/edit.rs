//! The form by which a programme's stewards say what is published.

use askama::Template;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, FieldError, Fields, Form, Id, Reply, Result, Standing, Words};
use programmes::{Programme, partner};
use serde::Serialize;

use crate::record::{self, OpenData};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/programmes/{programme}/open-data/edit", edit),
        post("/programmes/{programme}/open-data", save).takes::<OpenData>(),
    ]
}

/// The form of what is published.
#[derive(Template, Serialize)]
#[template(path = "open_form.html")]
struct FormPage {
    #[serde(skip)]
    w: Words,
    #[serde(skip)]
    form: Form,
    programme: Id,
    name: String,
    version: i64,
    /// Who can publish, and whether anybody can.
    partners: Vec<(String, String)>,
}

fn form(ctx: &Ctx, status: u16, typed: Option<Fields>, errors: Vec<FieldError>) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let id = ctx.id("programme")?;
        ctx.standing(db, id, Standing::Steward)?;
        let programme = kernel::record::get::<Programme>(db, id)?;
        let data = record::of(db, id)?;
        let mut partners: Vec<(String, String)> = Vec::new();
        for line in partner::of(db, id)? {
            let option = (line.organisation.to_string(), line.name.best(w.lang).to_owned());
            if !partners.contains(&option) {
                partners.push(option);
            }
        }
        let typed = typed.unwrap_or_else(|| data.as_ref().map_or_else(fresh, kernel::record::typed));
        Ok(FormPage {
            w,
            form: Form::of::<OpenData>(w, typed, Standing::Steward)
                .refused(errors)
                .without("programme")
                .offer("publisher", partners.clone()),
            programme: id,
            name: programme.name.best(w.lang).to_owned(),
            version: data.map_or(0, |data| data.version),
            partners,
        })
    })?;
    ctx.page_with_status(status, &w.t("open.edit"), &page)
}

/// What the form of a programme that never published begins with.
fn fresh() -> Fields {
    Fields::of([
        ("sector", "31194"),
        ("licence", "cc_by"),
        ("publisher_kind", "22"),
        ("issued", &kernel::today().to_string()),
    ])
}

fn edit(ctx: &Ctx) -> Result<Reply> {
    form(ctx, 200, None, Vec::new())
}

fn save(ctx: &Ctx) -> Result<Reply> {
    let programme = ctx.id("programme")?;
    let saved = ctx.write(|tx| {
        let standing = ctx.standing(tx, programme, Standing::Steward)?;
        let mut typed = ctx.form.clone();
        typed.set("programme", programme.to_string());
        let data = match record::of(tx, programme)? {
            Some(there) => {
                kernel::record::change::<OpenData>(tx, there.id, ctx.base_version(), &typed, standing)?
            }
            None => kernel::record::create::<OpenData>(tx, record::id_of(programme), &typed, standing)?,
        };
        data.check(tx)
    });
    match saved {
        Ok(()) => ctx.done(&format!("/programmes/{programme}/open-data"), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => form(ctx, 422, Some(ctx.form.clone()), errors),
        Err(error) => Err(error),
    }
}
