//! `/verify/{code}`: what anybody learns who checks a certificate. It says what was signed, not what records say today.

use askama::Template;
use kernel::room::{Route, get};
use kernel::{Ctx, Error, Reply, Result, Words};
use people::Person;
use schemars::JsonSchema;
use serde::Serialize;

use crate::certificate;
use crate::check::{self, Records, Verdict};
use crate::issuer::{self, Address};
use crate::print;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/verify/{code}", show).open().answers::<VerifyPage>(),
        get("/verify/{code}/pdf", paper).open(),
        get("/verify/{code}/credential", credential).open(),
        get("/.well-known/did.json", keys).open(),
        get("/status/certificates", status).open(),
    ]
}

/// What was signed.
#[derive(Serialize, JsonSchema)]
struct Signed {
    name: String,
    module: String,
    hours: Option<String>,
    dates: Option<String>,
    /// Who vouches.
    issuer: String,
    /// Its identifier.
    issuer_id: String,
    /// When it was signed.
    at: String,
}

/// What anybody learns who checks a certificate.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "training_verify.html")]
struct VerifyPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    code: String,
    /// True if the signature holds and it was not taken back.
    valid: bool,
    verdict: Verdict,
    signed: Option<Signed>,
    issued: String,
    revoked: Option<String>,
    /// What the records say otherwise today, and since when.
    changed: Vec<String>,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let certificate = certificate::by_code(db, ctx.param("code")?)?;
        let checked = check::check(db, &certificate)?;
        let mut changed = Vec::new();
        if let Some(claim) = &checked.claim {
            let records = Records::of(db, certificate.session.id)?;
            let person = kernel::record::get::<Person>(db, certificate.person.id)?;
            for (what, since) in records.changes(db, claim, &person)? {
                let what = w.t2("verify.what", what);
                let date = since.map(|at| w.long_date(&kernel::locale::date_of(at)));
                changed.push(date.map_or(what.clone(), |date| format!("{what} ({date})")));
            }
        }
        let (issuer, issuer_id) = checked.issuer.unwrap_or_default();
        let at = checked.signed.map(|at| w.instant(at.as_millisecond())).unwrap_or_default();
        Ok(VerifyPage {
            w,
            code: certificate.code,
            valid: checked.verdict == Verdict::Valid,
            verdict: checked.verdict,
            signed: checked.claim.map(|claim| Signed {
                name: claim.name,
                module: claim.module,
                hours: claim.hours.map(|tenths| print::hours(w, tenths)),
                dates: claim.days.map(|days| print::days(w, Some(days))),
                issuer,
                issuer_id,
                at,
            }),
            issued: w.long_date(&certificate.issued),
            revoked: certificate.revoked.map(|day| w.long_date(&day)),
            changed,
        })
    })?;
    ctx.page(&w.t("verify.title"), &page)
}

fn paper(ctx: &Ctx) -> Result<Reply> {
    let (paper, code) = ctx.read(|db| {
        let certificate = certificate::by_code(db, ctx.param("code")?)?;
        if certificate.revoked.is_some() {
            return Err(Error::refused("certificate.revoked_already"));
        }
        let code = certificate.code.clone();
        Ok((print::paper(db, print::on_paper(ctx.w), &ctx.link(""), vec![certificate])?, code))
    })?;
    ctx.paper(&paper, &format!("{code}.pdf"))
}

fn credential(ctx: &Ctx) -> Result<Reply> {
    let signed = ctx.read(|db| certificate::by_code(db, ctx.param("code")?)?.signed(db))?;
    ctx.data(&signed.ok_or(Error::NotFound)?)
}

fn keys(ctx: &Ctx) -> Result<Reply> {
    let document = ctx.read(|db| issuer::document(db, &Address::of(ctx)))?;
    ctx.data(&document)
}

fn status(ctx: &Ctx) -> Result<Reply> {
    let signed = ctx.read(|db| {
        let house = issuer::read(db, &ctx.app.secret, &Address::of(ctx))?.ok_or(Error::NotFound)?;
        house.sign_list(&certificate::status_list(db)?)
    })?;
    ctx.data(&signed)
}
