//! Applying: by the cooperative itself without an account, or by whoever works on its file. A draft is resumed by its link.

use askama::Template;
use kernel::form::Form;
use kernel::kinds::Multi;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Fields, Html, Id, Reply as Answer, Result, Standing, Tx, Words};
use registry::Organisation;
use schemars::JsonSchema;
use serde::Serialize;

use super::answers::{ask, save_replies};
use super::application::{self, Application, ApplicationStatus, Replies};
use super::call::{self, Call, CallQuestion, CallStatus};
use super::eligibility::{self, Checked};
use super::ranking::{self, Outcome};
use super::reserved;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/calls/{call}/apply", new).open().query(&["organisation"]),
        post("/calls/{call}/applications", create).open().upload().takes::<Application>(),
        get("/apply/{secret}", show).open().answers::<ApplyPage>(),
        post("/apply/{secret}", change).open().upload().takes::<Application>(),
        post("/apply/{secret}/withdrawal", withdraw).open(),
    ]
}

/// Writes without an account are few: one sender makes at most so many in a minute.
const ATTEMPTS: u32 = 30;

/// An application as its applicant sees it.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_apply.html")]
struct ApplyPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    call: Id,
    title: Multi,
    closes: String,
    open: bool,
    id: Id,
    version: i64,
    #[serde(skip)]
    secret: String,
    #[serde(skip)]
    link: String,
    #[serde(skip)]
    action: String,
    name: Option<Multi>,
    status: ApplicationStatus,
    receipt: Option<String>,
    submitted: String,
    checks: Vec<Checked>,
    outcome: Option<Outcome>,
    reason: Option<String>,
    score: Option<String>,
    organisation: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    form: Option<Form>,
    #[serde(skip)]
    #[schemars(skip)]
    questions: Html,
}

impl ApplyPage {
    fn word(&self, outcome: &Outcome) -> String {
        self.w.choice(outcome)
    }
    fn drafted(&self) -> bool {
        !self.link.is_empty()
    }
    fn passed(&self) -> bool {
        self.outcome == Some(Outcome::Selected)
    }
}

/// The number on a receipt, such as `017`.
fn receipt(application: &Application) -> Option<String> {
    application.number.map(|number| format!("{number:03}"))
}

fn new(ctx: &Ctx) -> Result<Answer> {
    let page = ctx.read(|db| {
        let (call, _) = call::open(ctx, db, Standing::Public)?;
        if !call.takes(kernel::today()) {
            return Err(Error::refused("call.not_open"));
        }
        let mut typed = Fields::default();
        let organisation = ctx.query.parse::<Id>("organisation");
        if let Some(id) = organisation {
            ctx.standing(db, id, Standing::File)?;
            typed = from_file(&kernel::record::get::<Organisation>(db, id)?);
        }
        let questions = call::questions(db, call.id)?;
        let page = form_page(ctx, db, &call, None, typed, &questions, &Replies::new(), Vec::new())?;
        Ok(ApplyPage {
            secret: people::fresh_secret()?,
            action: format!("/calls/{}/applications", call.id),
            organisation: organisation.map(|id| id.to_string()),
            ..page
        })
    })?;
    ctx.page(&ctx.w.t("apply.title"), &page)
}

/// What is known of a cooperative already is not typed again.
fn from_file(organisation: &Organisation) -> Fields {
    let mut typed = kernel::record::typed(organisation);
    typed.0.retain(|(name, _)| {
        let field = name.split('.').next().unwrap_or(name);
        ["name", "place", "register_number", "founded", "phone", "members", "women", "young"].contains(&field)
    });
    typed
}

#[expect(clippy::too_many_arguments, reason = "a page of one form, called from three places here")]
fn form_page(
    ctx: &Ctx,
    db: &mut Db,
    call: &Call,
    application: Option<&Application>,
    typed: Fields,
    questions: &[CallQuestion],
    replies: &Replies,
    errors: Vec<FieldError>,
) -> Result<ApplyPage> {
    let w = ctx.w;
    let status = application.map_or(ApplicationStatus::Draft, |application| application.status);
    let open = call.takes(kernel::today());
    let decision = match application {
        Some(application) if call.status == CallStatus::Decided => ranking::decision(db, application.id)?,
        _ => None,
    };
    let rules = eligibility::rules(db, call.id)?;
    let edits = open && status != ApplicationStatus::Withdrawn;
    Ok(ApplyPage {
        w,
        call: call.id,
        title: call.title.clone(),
        closes: w.long_date(&call.closes),
        open,
        id: application.map_or_else(|| ctx.new_id(), |application| application.id),
        version: application.map_or(0, |application| application.version),
        secret: String::new(),
        link: String::new(),
        action: String::new(),
        name: application.map(|application| application.name.clone()),
        status,
        receipt: application.and_then(receipt),
        submitted: application.map(|a| w.date_or_dash(&a.submitted)).unwrap_or_default(),
        checks: application.map(|a| eligibility::check(w, &rules, &a.figures())).unwrap_or_default(),
        outcome: decision.as_ref().map(|decision| decision.outcome),
        reason: decision.as_ref().and_then(|d| d.reason.clone()).map(|reason| reason.0),
        score: decision.as_ref().and_then(|d| d.score).map(|score| w.decimal(score, 1)),
        organisation: None,
        questions: if edits { ask(ctx, questions, replies, &typed, &errors) } else { Html::default() },
        form: edits.then(|| Form::of::<Application>(w, typed, Standing::Steward).refused(errors)),
    })
}

/// Fields that an applicant never writes.
const GIVEN: &[&str] =
    &["programme", "call", "organisation", "account", "language", "status", "submitted", "number", "_fields"];

/// Groups that an applicant writes.
const TYPED: &[&str] = &["who", "members", "project"];

fn create(ctx: &Ctx) -> Result<Answer> {
    ctx.attempt("apply", ATTEMPTS)?;
    let secret = ctx.form.text("secret").unwrap_or_default().to_owned();
    if secret.len() != 64 || !secret.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Error::refused("error.form"));
    }
    let made = ctx.write(|tx| {
        let (call, _) = call::open(ctx, tx, Standing::Public)?;
        if !call.takes(ctx.day()) {
            return Err(Error::refused("call.not_open"));
        }
        let organisation = ctx.form.parse::<Id>("organisation");
        if let Some(id) = organisation {
            ctx.standing(tx, id, Standing::File)?;
        }
        let mut form = ctx.form.clone();
        form.0.retain(|(name, _)| !GIVEN.contains(&name.as_str()));
        form.set("programme", call.programme.id.to_string());
        form.set("call", call.id.to_string());
        form.set("status", "draft");
        form.set("language", ctx.w.lang.code());
        form.set("organisation", organisation.map(|id| id.to_string()).unwrap_or_default());
        form.set("account", ctx.viewer.account.map(|id| id.to_string()).unwrap_or_default());
        // A repeat of the same draft, sent or not, leads to it.
        if application::by_secret(tx, &secret).is_ok() {
            return Ok(());
        }
        // The number that its applicant was told where there was no network.
        let told = ctx.form.parse::<i64>("number").zip(ctx.viewer.account);
        if let Some((number, account)) = told.filter(|_| ctx.command.is_some())
            && reserved::is_free(tx, call.id, account, number)?
        {
            form.set("number", number.to_string());
        }
        let made = kernel::record::create::<Application>(tx, ctx.new_id(), &form, Standing::Steward)?;
        made.check()?;
        application::link(tx, made.id, &secret)?;
        finish(ctx, tx, &call, made)
    });
    match made {
        Ok(()) => ctx.done(&format!("/apply/{secret}"), done_word(ctx)),
        Err(Error::Invalid(errors)) if !ctx.json => {
            let page = ctx.read(|db| {
                let (call, _) = call::open(ctx, db, Standing::Public)?;
                let questions = call::questions(db, call.id)?;
                let page =
                    form_page(ctx, db, &call, None, ctx.form.clone(), &questions, &Replies::new(), errors)?;
                Ok(ApplyPage {
                    secret,
                    action: format!("/calls/{}/applications", call.id),
                    organisation: ctx.form.text("organisation").map(str::to_owned),
                    ..page
                })
            })?;
            ctx.page_with_status(422, &ctx.w.t("apply.title"), &page)
        }
        Err(error) => Err(error),
    }
}

fn sends(ctx: &Ctx) -> bool {
    ctx.form.get("act") == Some("send")
}

fn done_word(ctx: &Ctx) -> &'static str {
    if sends(ctx) { "application_sent" } else { "application_saved" }
}

/// Saves the answers and, if that was asked, sends the application.
fn finish(ctx: &Ctx, tx: &mut Tx<'_>, call: &Call, application: Application) -> Result<()> {
    let questions = call::questions(tx, call.id)?;
    save_replies(ctx, tx, &application, &questions)?;
    if sends(ctx) {
        application::submit(tx, application, &questions, ctx.day())?;
    }
    Ok(())
}

fn show(ctx: &Ctx) -> Result<Answer> {
    let page = ctx.read(|db| of_secret(ctx, db, None))?;
    ctx.page(&ctx.w.t("apply.title"), &page)
}

/// The application behind the link, with what was typed when it was refused.
fn of_secret(ctx: &Ctx, db: &mut Db, refused: Option<Vec<FieldError>>) -> Result<ApplyPage> {
    let secret = ctx.param("secret")?;
    let application = application::by_secret(db, secret)?;
    let call = kernel::record::get::<Call>(db, application.call.id)?;
    let questions = call::questions(db, call.id)?;
    let replies = application::replies(db, application.id)?;
    let typed = if refused.is_some() { ctx.form.clone() } else { kernel::record::typed(&application) };
    let errors = refused.unwrap_or_default();
    let page = form_page(ctx, db, &call, Some(&application), typed, &questions, &replies, errors)?;
    Ok(ApplyPage {
        link: ctx.link(&format!("/apply/{secret}")),
        action: format!("/apply/{secret}"),
        secret: secret.to_owned(),
        ..page
    })
}

fn change(ctx: &Ctx) -> Result<Answer> {
    ctx.attempt("apply", ATTEMPTS)?;
    let secret = ctx.param("secret")?.to_owned();
    let changed = ctx.write(|tx| {
        let application = application::by_secret(tx, &secret)?;
        let call = kernel::record::get::<Call>(tx, application.call.id)?;
        if !call.takes(kernel::today()) {
            return Err(Error::refused("call.not_open"));
        }
        if application.status == ApplicationStatus::Withdrawn {
            return Err(Error::refused("application.withdrawn_already"));
        }
        let mut form = ctx.form.clone();
        form.0.retain(|(name, _)| !GIVEN.contains(&name.as_str()));
        let fields =
            <Application as kernel::Record>::fields().iter().filter(|field| TYPED.contains(&field.group));
        form.push("_fields", fields.map(|field| field.name).collect::<Vec<_>>().join(","));
        let base = ctx.base_version();
        let after =
            kernel::record::change::<Application>(tx, application.id, base, &form, Standing::Steward)?;
        after.check()?;
        // What was sent stays complete.
        let sent = after.status == ApplicationStatus::Submitted;
        finish(ctx, tx, &call, after)?;
        if sent {
            let after = kernel::record::get::<Application>(tx, application.id)?;
            let draft = Application { status: ApplicationStatus::Draft, ..after };
            let questions = call::questions(tx, call.id)?;
            application::submit(tx, draft, &questions, ctx.day())?;
        }
        Ok(())
    });
    match changed {
        Ok(()) => ctx.done(&format!("/apply/{secret}"), done_word(ctx)),
        Err(Error::Invalid(errors)) if !ctx.json => {
            let page = ctx.read(|db| of_secret(ctx, db, Some(errors)))?;
            ctx.page_with_status(422, &ctx.w.t("apply.title"), &page)
        }
        Err(error) => Err(error),
    }
}

fn withdraw(ctx: &Ctx) -> Result<Answer> {
    ctx.attempt("apply", ATTEMPTS)?;
    let secret = ctx.param("secret")?.to_owned();
    ctx.write(|tx| {
        let application = application::by_secret(tx, &secret)?;
        let call = kernel::record::get::<Call>(tx, application.call.id)?;
        if call.status == CallStatus::Decided {
            return Err(Error::refused("call.decided"));
        }
        kernel::record::update(tx, &Application { status: ApplicationStatus::Withdrawn, ..application })
    })?;
    ctx.done(&format!("/apply/{secret}"), "application_withdrawn")
}
