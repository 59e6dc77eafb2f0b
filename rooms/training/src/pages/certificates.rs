//! Certificates: issued for a session, printed, verified by anybody, taken back for a reason.

use askama::Template;
use jiff::Timestamp;
use kernel::kinds::Multi;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, Id, Json, Lang, Paper, Reply, Result, Words};
use people::Person;
use schemars::JsonSchema;
use serde::Serialize;

use crate::certificate::{self, Certificate};
use crate::half_day;
use crate::hand::{self, Hand};
use crate::issuer::{self, Address, KeyLine};
use crate::module::Module;
use crate::session::Session;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/training/sessions/{training_session}/certificates", print_all),
        post("/training/sessions/{training_session}/certificates", issue),
        post("/certificates/{certificate}/revocation", revoke),
        get("/verify/{code}", show).open().answers::<VerifyPage>(),
        get("/verify/{code}/pdf", print_one).open(),
        get("/verify/{code}/credential", credential).open(),
        get("/.well-known/did.json", keys_document).open(),
        get("/status/certificates", status).open(),
        get("/training/keys", keys).role(&["administrator"]).answers::<KeysPage>(),
        post("/training/keys", rotate).role(&["administrator"]),
    ]
}

fn issue(ctx: &Ctx) -> Result<Reply> {
    let session = ctx.write(|tx| {
        let (session, _) = hand::session(ctx, tx, Hand::Invites)?;
        certificate::issue(tx, &Address::of(ctx), &session)?;
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
    /// `valid`, `revoked` or `altered`.
    verdict: &'static str,
    name: Multi,
    module: Multi,
    hours: String,
    dates: String,
    issued: String,
    revoked: Option<String>,
    issuer: String,
}

/// What a certificate says, in words.
struct Told {
    certificate: Certificate,
    name: Multi,
    module: Multi,
    hours: String,
    dates: String,
}

fn tell(w: Words, db: &mut Db, certificate: Certificate) -> Result<Told> {
    let person = kernel::record::get::<Person>(db, certificate.person.id)?;
    let session = kernel::record::get::<Session>(db, certificate.session.id)?;
    let module = kernel::record::get::<Module>(db, session.module.id)?;
    let days = half_day::of(db, session.id)?;
    let minutes: i64 = days.iter().map(|half| half.minutes).sum();
    let (first, last) = (days.iter().map(|half| half.day).min(), days.iter().map(|half| half.day).max());
    let dates = match (first, last) {
        (Some(first), Some(last)) if first != last => {
            format!("{} – {}", w.long_date(&first), w.long_date(&last))
        }
        (Some(first), _) => w.long_date(&first),
        _ => String::new(),
    };
    Ok(Told {
        name: person.name,
        module: module.title,
        hours: w.decimal((minutes * 10 + 30) / 60, 1),
        dates,
        certificate,
    })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let certificate = certificate::by_code(db, ctx.param("code")?)?;
        let signed = certificate.signed(db)?.unwrap_or(Json::Null);
        let verified = ::credential::verify(&signed, Timestamp::now(), issuer::resolver(db)?);
        let verdict = match (&verified, certificate.revoked) {
            (_, Some(_)) => "revoked",
            (Ok(_), None) => "valid",
            (Err(_), None) => "altered",
        };
        let told = tell(w, db, certificate)?;
        // An altered paper says what was signed, nothing else: here the page shows only what holds.
        let issuer = verified.map(|verified| verified.credential.issuer.id).unwrap_or_default();
        Ok(VerifyPage {
            w,
            code: told.certificate.code.clone(),
            valid: verdict == "valid",
            verdict,
            issued: w.long_date(&told.certificate.issued),
            revoked: told.certificate.revoked.map(|day| w.long_date(&day)),
            name: told.name,
            module: told.module,
            hours: told.hours,
            dates: told.dates,
            issuer,
        })
    })?;
    ctx.page(&w.t("verify.title"), &page)
}

fn credential(ctx: &Ctx) -> Result<Reply> {
    let signed = ctx.read(|db| certificate::by_code(db, ctx.param("code")?)?.signed(db))?;
    ctx.data(&signed.ok_or(Error::NotFound)?)
}

fn keys_document(ctx: &Ctx) -> Result<Reply> {
    let document = ctx.read(|db| issuer::document(db, &Address::of(ctx)))?;
    ctx.data(&document)
}

fn status(ctx: &Ctx) -> Result<Reply> {
    let signed = ctx.read(|db| {
        let house = issuer::read(db, &Address::of(ctx))?.ok_or(Error::NotFound)?;
        house.sign_list(&certificate::status_list(db)?)
    })?;
    ctx.data(&signed)
}

const TEMPLATE: &str = include_str!("../../templates/certificate.typ");

/// One certificate as the paper says it: in French and in Arabic.
fn on_paper(ctx: &Ctx, db: &mut Db, certificate: Certificate, picture: &str) -> Result<Json> {
    let link = ctx.link(&format!("/verify/{}", certificate.code));
    let mut sides = Vec::new();
    for lang in [Lang::Fr, Lang::Ar] {
        let w = ctx.w.speak(lang);
        let told = tell(w, db, certificate.clone())?;
        sides.push(serde_json::json!({
            "lang": lang.code(),
            "heading": w.t("certificate.heading"),
            "says": w.t("certificate.says"),
            "name": told.name.best(lang),
            "completed": w.t("certificate.completed"),
            "module": told.module.best(lang),
            "facts": [[w.t("certificate.hours"), told.hours], [w.t("certificate.dates"), told.dates],
                [w.t("certificate.issued"), w.long_date(&told.certificate.issued)]],
            "check": w.t("certificate.check"),
            "signed": w.t("certificate.signed"),
        }));
    }
    Ok(serde_json::json!({ "sides": sides, "link": link, "picture": picture }))
}

fn paper(ctx: &Ctx, certificates: Vec<Certificate>) -> Result<Paper> {
    let mut pictures = Vec::new();
    let people = ctx.read(|db| {
        let mut people = Vec::new();
        for (i, certificate) in certificates.into_iter().enumerate() {
            let picture = format!("qr-{i}.svg");
            let link = ctx.link(&format!("/verify/{}", certificate.code));
            let drawn = kernel::square(&link)?.0;
            people.push(on_paper(ctx, db, certificate, &picture)?);
            pictures.push((picture, drawn.into_bytes()));
        }
        Ok(people)
    })?;
    let lang = if ctx.w.lang == Lang::Ar { Lang::Ar } else { Lang::Fr };
    Ok(Paper {
        template: TEMPLATE,
        title: ctx.w.speak(lang).t("certificate.heading").into_owned(),
        lang,
        data: serde_json::json!({ "people": people }),
        pictures,
    })
}

fn print_one(ctx: &Ctx) -> Result<Reply> {
    let certificate = ctx.read(|db| certificate::by_code(db, ctx.param("code")?))?;
    if certificate.revoked.is_some() {
        return Err(Error::refused("certificate.revoked_already"));
    }
    let name = format!("{}.pdf", certificate.code);
    ctx.paper(&paper(ctx, vec![certificate])?, &name)
}

fn print_all(ctx: &Ctx) -> Result<Reply> {
    let certificates = ctx.read(|db| {
        let (session, _) = hand::session(ctx, db, Hand::Takes)?;
        certificate::of(db, session.id)
    })?;
    let certificates: Vec<_> = certificates.into_iter().filter(|one| one.revoked.is_none()).collect();
    if certificates.is_empty() {
        return Err(Error::refused("certificate.none"));
    }
    ctx.paper(&paper(ctx, certificates)?, "attestations.pdf")
}

/// The keys that sign certificates.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "training_keys.html")]
struct KeysPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    keys: Vec<KeyLine>,
}

fn keys(ctx: &Ctx) -> Result<Reply> {
    let keys = ctx.read(issuer::list)?;
    ctx.page(&ctx.w.t("keys.title"), &KeysPage { w: ctx.w, keys })
}

fn rotate(ctx: &Ctx) -> Result<Reply> {
    ctx.write(issuer::rotate)?;
    ctx.done("/training/keys", "key_made")
}

/// A certificate in the list of who completed a session.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Line {
    pub(crate) id: Id,
    pub(crate) participant: Id,
    pub(crate) code: String,
    pub(crate) revoked: bool,
}

/// The certificates of a session, for its results.
pub(crate) fn lines(db: &mut Db, session: Id) -> Result<Vec<Line>> {
    let line = |one: Certificate| Line {
        id: one.id,
        participant: one.participant.id,
        code: one.code,
        revoked: one.revoked.is_some(),
    };
    Ok(certificate::of(db, session)?.into_iter().map(line).collect())
}
