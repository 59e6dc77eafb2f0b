//! The way from a programme to its open data.

use askama::Template;
use kernel::room::Panel;
use kernel::{Ctx, Db, Error, Html, Id, Result, Shown, Standing, Words};
use serde::Serialize;

use crate::record;

pub(crate) const PANEL: Panel = Panel {
    name: "open_data",
    place: "programmes.programme",
    order: 9,
    side: true,
    read: Standing::Public,
    show,
};

#[derive(Template, Serialize)]
#[template(path = "open_panel.html")]
struct Way {
    #[serde(skip)]
    w: Words,
    programme: Id,
    published: bool,
    near: bool,
}

fn show(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<Option<Shown>> {
    let standing = ctx.viewer.standing(db, programme)?.ok_or(Error::NotFound)?;
    let is_public = kernel::record::get::<programmes::Programme>(db, programme)?.published;
    let published = is_public && record::of(db, programme)?.is_some_and(|data| data.published);
    let near = standing >= Standing::Shared;
    if !published && !near {
        return Ok(None);
    }
    let panel = Way { w: ctx.w, programme, published, near };
    let html = Html(panel.render().map_err(Error::internal)?);
    Ok(Some(Shown { html, data: serde_json::to_value(&panel)? }))
}
