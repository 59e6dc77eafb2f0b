//! `/labels/{quality_label}`: a label, what it stands for, and who verified it.

use askama::Template;
use kernel::form::show_group;
use kernel::kinds::{Choice as _, Names};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, Html, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::label::{self, Condition, CoverLine, Label};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/labels/{quality_label}", show).answers::<LabelPage>(),
        post("/labels/{quality_label}/verification", verify),
        post("/labels/{quality_label}/withdrawal", withdraw),
    ]
}

/// A label, for whoever works on the file of its holder.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "market_label.html")]
struct LabelPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    version: i64,
    title: String,
    organisation: Id,
    holder: String,
    condition: Condition,
    tone: &'static str,
    file: Option<String>,
    covers: Vec<CoverLine>,
    verified: Option<String>,
    verifier: Option<String>,
    withdrawn: Option<String>,
    withdrawn_reason: Option<String>,
    /// True if the viewer may say that it was verified.
    verifies: bool,
    /// True if the viewer may take it back.
    ends: bool,
    #[serde(skip)]
    #[schemars(skip)]
    facts: Html,
}

fn open(ctx: &Ctx, db: &mut Db, least: Standing) -> Result<(Label, Standing)> {
    let label = kernel::record::get::<Label>(db, ctx.id("quality_label")?)?;
    let standing = ctx.standing(db, label.organisation.id, least)?;
    Ok((label, standing))
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (label, standing) = open(ctx, db, Standing::File)?;
        let condition = label.condition(kernel::today());
        let verifier: Vec<Id> = label.verifier.map(|account| account.id).into_iter().collect();
        let covers = label::covers(db, label.id)?;
        let holder = registry::organisation::name_of(ctx, db, label.organisation.id)?;
        let names = Names::from([(label.organisation.id.to_string(), holder.clone())]);
        let lives = !matches!(condition, Condition::Withdrawn | Condition::Expired);
        Ok(LabelPage {
            w,
            id: label.id,
            version: label.version,
            title: label
                .title
                .as_ref()
                .map_or_else(|| w.choice(&label.scheme), |title| w.name(title).to_owned()),
            organisation: label.organisation.id,
            holder,
            condition,
            tone: condition.tone(),
            file: label.file.as_ref().map(|file| file.0.clone()),
            covers,
            verified: label.verified.map(|day| w.date(&day)),
            verifier: people::account_names(db, &verifier)?.into_values().next(),
            withdrawn: label.withdrawn.map(|day| w.date(&day)),
            withdrawn_reason: label.withdrawn_reason.clone(),
            verifies: lives && label.verified.is_none() && may_verify(ctx, standing, &label),
            ends: condition != Condition::Withdrawn && label.verified.is_some(),
            facts: show_group(&label, "main", standing, &w, &names),
        })
    })?;
    ctx.page(&page.title.clone(), &page)
}

/// Somebody who answers for the file, and not for the holder, verifies.
fn may_verify(ctx: &Ctx, standing: Standing, label: &Label) -> bool {
    standing >= Standing::Steward && !label::is_holder(&ctx.viewer, label.organisation.id)
}

fn verify(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.write(|tx| {
        let (label, standing) = open(ctx, tx, Standing::File)?;
        if !may_verify(ctx, standing, &label) {
            return Err(Error::Forbidden);
        }
        if label.verified.is_some() {
            return Ok(label.id);
        }
        // What was verified is what the page showed.
        if ctx.base_version() != label.version {
            return Err(Error::field("verified", "quality_label.stale"));
        }
        if label.withdrawn.is_some() {
            return Err(Error::refused("quality_label.withdrawn_already"));
        }
        let id = label.id;
        let verifier = ctx.viewer.account.map(Into::into);
        kernel::record::update(tx, &Label { verified: Some(kernel::today()), verifier, ..label })?;
        Ok(id)
    })?;
    ctx.done(&format!("/labels/{id}"), "label_verified")
}

fn withdraw(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.write(|tx| {
        let (label, _) = open(ctx, tx, Standing::File)?;
        if label.withdrawn.is_some() {
            return Ok(label.id);
        }
        let reason =
            ctx.form.text("reason").ok_or_else(|| Error::field("withdrawn_reason", "error.needed"))?;
        if reason.chars().count() > 300 {
            return Err(Error::field("withdrawn_reason", "quality_label.long"));
        }
        let (id, reason) = (label.id, Some(reason.to_owned()));
        crate::pieces::hand(ctx, tx, label.organisation.id);
        let withdrawn = Some(kernel::today());
        kernel::record::update(tx, &Label { withdrawn, withdrawn_reason: reason, ..label })?;
        Ok(id)
    })?;
    ctx.done(&format!("/labels/{id}"), "label_withdrawn")
}
