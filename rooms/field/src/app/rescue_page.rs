//! `/field/rescue`: a manager brings in the work of a phone that cannot send.

use askama::Template;
use kernel::{Ctx, Error, Reply, Result, Words};
use serde::Serialize;

use super::rescue;

/// The form, and what was found in the file.
#[derive(Template, Serialize)]
#[template(path = "app_rescue.html")]
struct RescuePage {
    #[serde(skip)]
    w: Words,
    refused: Option<String>,
    found: Option<Found>,
}

#[derive(Serialize)]
struct Found {
    name: String,
    commands: usize,
    files: usize,
}

pub(super) fn page(ctx: &Ctx) -> Result<Reply> {
    show(ctx, 200, RescuePage { w: ctx.w, refused: None, found: None })
}

fn show(ctx: &Ctx, status: u16, page: RescuePage) -> Result<Reply> {
    ctx.page_with_status(status, &ctx.w.t("app.rescue.title"), &page)
}

/// Opens the file with its code. Each try costs the house half a second, so only a few are let in.
pub(super) fn bring(ctx: &Ctx) -> Result<Reply> {
    ctx.attempt("rescue", 10)?;
    let upload = ctx.uploads.iter().find(|upload| upload.field == "file");
    let code = ctx.form.text("code").unwrap_or_default();
    let opened = match upload {
        Some(upload) => rescue::batches(&upload.bytes, code),
        None => Err(Error::refused("app.rescue.no_file")),
    };
    match opened {
        Ok(rescued) => {
            let commands = rescued.batches.iter().filter_map(|batch| batch.get("commands")?.as_array());
            let found = Found {
                commands: commands.map(Vec::len).sum(),
                files: rescued.files.len(),
                name: rescued.name,
            };
            show(ctx, 200, RescuePage { w: ctx.w, refused: None, found: Some(found) })
        }
        Err(Error::Refused(wrong)) if !ctx.json => {
            show(ctx, 422, RescuePage { w: ctx.w, refused: Some(ctx.w.wrong(&wrong)), found: None })
        }
        Err(error) => Err(error),
    }
}
