//! `/field/rescue`: a manager brings in the work of a phone that cannot send.

use askama::Template;
use kernel::{Ctx, Error, Id, Json, Reply, Result, Words};
use serde::Serialize;

use super::rescue::{self, Rescued};
use crate::received::{Batch, apply, keep_whole, receive, states};

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
    /// What became of the work: each state in words, and how many.
    states: Vec<(String, usize)>,
}

pub(super) fn page(ctx: &Ctx) -> Result<Reply> {
    show(ctx, 200, RescuePage { w: ctx.w, refused: None, found: None })
}

fn show(ctx: &Ctx, status: u16, page: RescuePage) -> Result<Reply> {
    ctx.page_with_status(status, &ctx.w.t("app.rescue.title"), &page)
}

/// Brings the work in as the manager, on behalf of whoever did it; what the phone sends itself later is a repeat.
fn take(ctx: &Ctx, rescued: Rescued) -> Result<Found> {
    let carrier = ctx.viewer.account.ok_or(Error::SignIn)?;
    let read = |batch: &Json| serde_json::from_value::<Batch>(batch.clone());
    let batches: Vec<Batch> = rescued
        .batches
        .iter()
        .map(|batch| read(batch).map_err(|_| Error::refused("app.rescue.unreadable")))
        .collect::<Result<_>>()?;
    ctx.write(|tx| {
        if kernel::record::find::<people::Account>(tx, rescued.account)?.is_none() {
            return Err(Error::refused("app.rescue.unreadable"));
        }
        for file in &rescued.files {
            keep_whole(&ctx.app, tx, rescued.account, file.upload, &file.name, &file.bytes)?;
        }
        for (batch, body) in batches.iter().zip(&rescued.batches) {
            receive(&ctx.app, tx, rescued.account, Some(carrier), batch, &body.to_string())?;
        }
        let mut changes = serde_json::Map::new();
        changes.insert("device".into(), serde_json::json!([null, rescued.device]));
        tx.fact("field.device.rescued", rescued.account, rescued.account, changes).map(|_| ())
    })?;
    let ids: Vec<Id> = batches.iter().flat_map(|batch| &batch.commands).map(|command| command.id).collect();
    apply(&ctx.app, &ids)?;
    let states = ctx.read(|db| states(db, &ids))?;
    let states = states.into_iter().map(|(state, n)| (ctx.w.t2("field.state", state), n)).collect();
    Ok(Found { commands: ids.len(), files: rescued.files.len(), name: rescued.name, states })
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
    match opened.and_then(|rescued| take(ctx, rescued)) {
        Ok(found) => show(ctx, 200, RescuePage { w: ctx.w, refused: None, found: Some(found) }),
        Err(Error::Refused(wrong)) if !ctx.json => {
            show(ctx, 422, RescuePage { w: ctx.w, refused: Some(ctx.w.wrong(&wrong)), found: None })
        }
        Err(error) => Err(error),
    }
}
