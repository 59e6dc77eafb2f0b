//! Five faces a line on a telephone that goes round: save, and it is the next person's turn.

use askama::Template;
use kernel::{Ctx, Error, Fields, Html, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::Head;
use crate::hand::{self, Hand};
use crate::reaction::{self, LINES, Reaction};
use crate::session::Session;

/// The form that goes round.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "training_reactions.html")]
pub(crate) struct ReactionsPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    head: Head,
    /// How many answered so far.
    count: usize,
    #[serde(skip)]
    #[schemars(skip)]
    id: Id,
    #[serde(skip)]
    #[schemars(skip)]
    refused: Option<String>,
}

impl ReactionsPage {
    fn lines(&self) -> [&'static str; 5] {
        LINES
    }
    fn faces(&self) -> [(i64, Html); 5] {
        [1, 2, 3, 4, 5].map(|n| (n, face(n)))
    }
}

/// A face from 1, sad, to 5, glad: the mouth bends.
pub(super) fn face(n: i64) -> Html {
    let bend = (n - 3) * 5;
    let (ends, middle) = (24 - bend / 2, 24 + bend);
    Html(format!(
        "<svg viewBox=\"0 0 40 40\" width=\"40\" height=\"40\" aria-hidden=\"true\"><circle cx=\"20\" cy=\"20\" r=\"18\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.5\"/><circle cx=\"14\" cy=\"16\" r=\"2.2\" fill=\"currentColor\"/><circle cx=\"26\" cy=\"16\" r=\"2.2\" fill=\"currentColor\"/><path d=\"M12 {ends}Q20 {middle} 28 {ends}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.5\" stroke-linecap=\"round\"/></svg>"
    ))
}

fn reactions_page(ctx: &Ctx, status: u16, refused: Option<String>) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (session, head) = super::open(ctx, db, Hand::Takes, "reactions")?;
        Ok(ReactionsPage {
            w: ctx.w,
            head,
            count: reaction::of(db, session.id)?.len(),
            id: if refused.is_some() { ctx.new_id() } else { Id::new() },
            refused,
        })
    })?;
    ctx.page_with_status(status, &ctx.w.t("reactions.title"), &page)
}

pub(super) fn page(ctx: &Ctx) -> Result<Reply> {
    reactions_page(ctx, 200, None)
}

fn said(session: &Session, ctx: &Ctx) -> Fields {
    let mut form = Fields::default();
    for line in LINES.iter().chain(&["remark"]) {
        form.push(*line, ctx.form.text(line).unwrap_or_default());
    }
    form.push("programme", session.programme.id.to_string());
    form.push("session", session.id.to_string());
    form
}

/// Keeps what somebody thought; who touched no face said nothing.
pub(super) fn save(ctx: &Ctx) -> Result<Reply> {
    let saved = ctx.write(|tx| {
        let (session, _) = hand::session(ctx, tx, Hand::Takes)?;
        if LINES.iter().all(|line| ctx.form.text(line).is_none()) {
            return Err(Error::refused("reactions.empty"));
        }
        let form = said(&session, ctx);
        kernel::record::create::<Reaction>(tx, ctx.new_id(), &form, Standing::Steward)?;
        Ok(session.id)
    });
    match saved {
        Ok(session) => ctx.done(&format!("/training/sessions/{session}/reactions"), "reaction"),
        Err(Error::Refused(wrong)) if !ctx.json => reactions_page(ctx, 409, Some(ctx.w.wrong(&wrong))),
        Err(error) => Err(error),
    }
}
