//! The legal calendar: its rules with their sources, and who verified them.

use askama::Template;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, FieldError, Fields, Form, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::legal::{self, LegalRule};
use kernel::kinds::Multi;

/// Who answers for the rules of the platform.
const KEEPERS: &[&str] = &["administrator"];

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/legal", list).open().answers::<LegalPage>(),
        get("/legal/new", new).role(KEEPERS),
        post("/legal", create).role(KEEPERS).takes::<LegalRule>(),
        get("/legal/{legal_rule}/edit", edit).role(KEEPERS),
        post("/legal/{legal_rule}", change).role(KEEPERS).takes::<LegalRule>(),
    ]
}

#[derive(Serialize, JsonSchema)]
struct RuleLine {
    id: Id,
    name: Multi,
    text: Option<Multi>,
    article: Option<String>,
    source: Option<String>,
    active: bool,
    verified: Option<String>,
    by: Option<String>,
}

/// The rules of the legal calendar.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "coaching_legal.html")]
struct LegalPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    rules: Vec<RuleLine>,
    #[serde(skip)]
    keeps: bool,
}

fn list(ctx: &Ctx) -> Result<Reply> {
    let rules = ctx.read(legal::rules)?;
    let line = |rule: LegalRule| RuleLine {
        id: rule.id,
        name: rule.name,
        text: rule.text,
        article: rule.article,
        source: rule.source,
        active: rule.active,
        verified: rule.verified_on.map(|day| ctx.w.date(&day)),
        by: rule.verified_by,
    };
    let page = LegalPage {
        w: ctx.w,
        rules: rules.into_iter().map(line).collect(),
        keeps: ctx.viewer.is_administrator(),
    };
    ctx.page(&ctx.w.t("legal.title"), &page)
}

/// The form of a rule.
#[derive(Template, Serialize)]
#[template(path = "coaching_legal_form.html")]
struct FormPage {
    #[serde(skip)]
    w: Words,
    #[serde(skip)]
    form: Form,
    title: String,
    action: String,
    id: Id,
    version: i64,
}

fn form_page(
    ctx: &Ctx,
    status: u16,
    existing: Option<&LegalRule>,
    typed: Fields,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let title = ctx.w.t(if existing.is_some() { "legal_rule.edit" } else { "legal_rule.new" }).into_owned();
    let page = FormPage {
        w: ctx.w,
        form: Form::of::<LegalRule>(ctx.w, typed, Standing::Steward).refused(errors),
        action: existing.map_or_else(|| "/legal".into(), |rule| format!("/legal/{}", rule.id)),
        id: existing.map_or_else(|| ctx.new_id(), |rule| rule.id),
        version: existing.map_or(0, |rule| rule.version),
        title: title.clone(),
    };
    ctx.page_with_status(status, &title, &page)
}

fn new(ctx: &Ctx) -> Result<Reply> {
    form_page(ctx, 200, None, ctx.query.clone(), Vec::new())
}

/// A rule counts something, and one that is in force and verified says by whom.
fn check(rule: &LegalRule) -> Result<()> {
    if rule.months.is_none() && rule.days.is_none() {
        return Err(Error::field("months", "legal_rule.length"));
    }
    if rule.months.unwrap_or(0) > 600 || rule.days.unwrap_or(0) > 20_000 {
        return Err(Error::field("months", "error.number_range"));
    }
    if rule.verified_on.is_some() != rule.verified_by.is_some() {
        return Err(Error::field("verified_by", "legal_rule.who_and_when"));
    }
    if rule.verified_on.is_some_and(|day| day > kernel::today()) {
        return Err(Error::field("verified_on", "error.date_range"));
    }
    Ok(())
}

fn create(ctx: &Ctx) -> Result<Reply> {
    let made = ctx.write(|tx| {
        check(&kernel::record::create::<LegalRule>(tx, ctx.new_id(), &ctx.form, Standing::Steward)?)
    });
    answered(ctx, None, made)
}

fn rule(ctx: &Ctx) -> Result<LegalRule> {
    ctx.read(|db| kernel::record::get::<LegalRule>(db, ctx.id("legal_rule")?))
}

fn edit(ctx: &Ctx) -> Result<Reply> {
    let rule = rule(ctx)?;
    form_page(ctx, 200, Some(&rule), kernel::record::typed(&rule), Vec::new())
}

fn change(ctx: &Ctx) -> Result<Reply> {
    let before = rule(ctx)?;
    let changed = ctx.write(|tx| {
        let (base, near) = (ctx.base_version(), Standing::Steward);
        check(&kernel::record::change::<LegalRule>(tx, before.id, base, &ctx.form, near)?)
    });
    answered(ctx, Some(&before), changed)
}

fn answered(ctx: &Ctx, existing: Option<&LegalRule>, written: Result<()>) -> Result<Reply> {
    match written {
        Ok(()) => ctx.done("/legal", "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => form_page(ctx, 422, existing, ctx.form.clone(), errors),
        Err(error) => Err(error),
    }
}
