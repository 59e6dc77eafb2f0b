//! Certificates of a session: issued, printed all together, taken back for a reason.

use askama::Template;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, Id, Reply, Result, Words, made, work};
use schemars::JsonSchema;
use serde::Serialize;

use super::Head;
use crate::certificate::{self, Certificate};
use crate::hand::{self, Hand};
use crate::issuer::Address;
use crate::print::{self, Order};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/training/sessions/{training_session}/certificates", show).answers::<PrintPage>(),
        post("/training/sessions/{training_session}/certificates", issue),
        post("/training/sessions/{training_session}/certificates/print", ask),
        get("/training/sessions/{training_session}/certificates/pdf", fetch),
        post("/certificates/{certificate}/revocation", revoke),
    ]
}

fn issue(ctx: &Ctx) -> Result<Reply> {
    let session = ctx.write(|tx| {
        let (session, _) = hand::session(ctx, tx, Hand::Invites)?;
        let stolen = ctx.w.t("certificate.key_stolen");
        certificate::issue(tx, &ctx.app.secret, &Address::of(ctx), &session, &stolen)?;
        Ok(session.id)
    })?;
    ctx.done(&format!("/training/sessions/{session}/results#completion"), "certificates_issued")
}

fn revoke(ctx: &Ctx) -> Result<Reply> {
    let session = ctx.write(|tx| {
        let certificate =
            kernel::record::find::<Certificate>(tx, ctx.id("certificate")?)?.ok_or(Error::NotFound)?;
        hand::on(ctx, tx, certificate.programme.id, Hand::Plans)?;
        let reason = ctx.form.text("reason").filter(|reason| reason.chars().count() <= 300);
        let reason = reason.ok_or_else(|| Error::refused("certificate.reason_needed"))?;
        let session = certificate.session.id;
        certificate::revoke(tx, certificate, reason)?;
        Ok(session)
    })?;
    ctx.done(&format!("/training/sessions/{session}/results#completion"), "certificate_revoked")
}

/// All certificates of a session in one document, made in the background.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "training_print.html")]
struct PrintPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    head: Head,
    /// How many will be printed.
    certificates: usize,
    /// `none`, `waiting`, `running`, `done` or `failed`.
    state: String,
    done: i64,
    total: i64,
    /// Why it failed.
    failure: Option<String>,
}

impl PrintPage {
    fn works(&self) -> bool {
        ["waiting", "running"].contains(&self.state.as_str())
    }
}

fn order(ctx: &Ctx, session: Id) -> Order {
    Order::new(session, ctx.w, ctx.link(""))
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (session, head) = super::open(ctx, db, Hand::Takes, "results")?;
        let certificates = print::printable(db, session.id)?.len();
        if certificates == 0 {
            return Err(Error::refused("certificate.none"));
        }
        let id = order(ctx, session.id).job(db)?;
        let job = work::find(db, id)?.filter(|job| job.state != "done" || made::is_kept(&ctx.app, id));
        let failed = job.as_ref().filter(|job| job.state == "failed").and_then(|job| job.result.as_ref());
        Ok(PrintPage {
            w: ctx.w,
            head,
            certificates,
            failure: failed.and_then(|result| Some(ctx.w.t(result["error"].as_str()?).into_owned())),
            done: job.as_ref().map_or(0, |job| job.done),
            total: job.as_ref().map_or(0, |job| job.total),
            state: job.map_or_else(|| "none".into(), |job| job.state),
        })
    })?;
    ctx.page(&ctx.w.t("certificate.print_all"), &page)
}

fn ask(ctx: &Ctx) -> Result<Reply> {
    let session = ctx.write(|tx| {
        let (session, _) = hand::session(ctx, tx, Hand::Takes)?;
        if print::printable(tx, session.id)?.is_empty() {
            return Err(Error::refused("certificate.none"));
        }
        if order(ctx, session.id).place(&ctx.app, tx, ctx.viewer.account)? {
            // Names of many leave the house: who took them is part of the history.
            let about = session.programme.id;
            tx.fact("training.certificates.printed", session.id, about, serde_json::Map::new())?;
        }
        Ok(session.id)
    })?;
    ctx.app.bell.ring();
    ctx.done(&format!("/training/sessions/{session}/certificates"), "")
}

fn fetch(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.read(|db| {
        let (session, _) = hand::session(ctx, db, Hand::Takes)?;
        order(ctx, session.id).job(db)
    })?;
    made::fetch(&ctx.app, id, "application/pdf", "attestations.pdf")
}

/// A certificate in the list of who completed a session.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Line {
    pub(crate) id: Id,
    pub(crate) participant: Id,
    pub(crate) code: String,
    pub(crate) revoked: bool,
    /// True if its key was stolen before it was signed: it is to be issued again.
    pub(crate) unbelieved: bool,
}

/// The certificates of a session, for its results.
pub(crate) fn lines(db: &mut Db, session: Id) -> Result<Vec<Line>> {
    let all = certificate::of(db, session)?;
    let unbelieved = certificate::unbelieved(db, all.iter())?;
    let line = |one: Certificate| Line {
        id: one.id,
        participant: one.participant.id,
        code: one.code,
        revoked: one.revoked.is_some(),
        unbelieved: unbelieved.contains(&one.id),
    };
    Ok(all.into_iter().map(line).collect())
}
