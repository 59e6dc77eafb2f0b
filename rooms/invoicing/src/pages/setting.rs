//! `/organisations/{organisation}/invoicing`: what an organisation fills in once for all of its invoices.

use askama::Template;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, FieldError, Fields, Form, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::rules::{self, Treatment};
use crate::setting::{self, Missing, Setting};
use crate::watch::{self, Near};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/organisations/{organisation}/invoicing", show).answers::<SettingPage>(),
        post("/organisations/{organisation}/invoicing", keep).takes::<Setting>(),
    ]
}

/// How an organisation invoices, and what its invoices would lack.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "invoicing_setting.html")]
struct SettingPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    organisation: Id,
    name: String,
    treatments: Vec<Treatment>,
    treatment: String,
    missing: Vec<Missing>,
    near: Vec<Near>,
    version: i64,
    #[serde(skip)]
    #[schemars(skip)]
    form: Form,
}

impl SettingPage {
    fn is_chosen(&self, treatment: &Treatment) -> bool {
        self.treatment == treatment.code
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, None, Vec::new())
}

fn page(ctx: &Ctx, status: u16, typed: Option<Fields>, errors: Vec<FieldError>) -> Result<Reply> {
    let page = ctx.read(|db| {
        let organisation = ctx.id("organisation")?;
        ctx.standing(db, organisation, Standing::File)?;
        let there = setting::of(db, organisation)?;
        let seller = setting::seller(db, organisation)?;
        let fields = typed.unwrap_or_else(|| there.as_ref().map(kernel::record::typed).unwrap_or_default());
        Ok(SettingPage {
            w: ctx.w,
            organisation,
            name: registry::organisation::name_of(ctx, db, organisation)?,
            treatments: rules::treatments()?.to_vec(),
            treatment: fields.text("treatment").unwrap_or_default().to_owned(),
            missing: setting::missing(organisation, &seller, there.is_some()),
            near: watch::near(db, &ctx.viewer, Some(organisation), kernel::today().year().into())?,
            version: there.map_or(0, |there| there.version),
            form: Form::of::<Setting>(ctx.w, fields, Standing::File).refused(errors),
        })
    })?;
    ctx.page_with_status(status, &ctx.w.t("invoice_setting.title"), &page)
}

fn keep(ctx: &Ctx) -> Result<Reply> {
    let organisation = ctx.id("organisation")?;
    let mut form = ctx.form.clone();
    form.set("organisation", organisation.to_string());
    let kept = ctx.write(|tx| {
        ctx.standing(tx, organisation, Standing::File)?;
        market::hand(ctx, tx, organisation);
        let setting = match setting::of(tx, organisation)? {
            Some(there) => {
                kernel::record::change::<Setting>(tx, there.id, ctx.base_version(), &form, Standing::File)?
            }
            None => {
                let id = Id::named(&format!("invoicing {organisation}"));
                kernel::record::create::<Setting>(tx, id, &form, Standing::File)?
            }
        };
        setting.check_sound()
    });
    match kept {
        Ok(()) => ctx.done(&format!("/organisations/{organisation}/invoicing"), "invoicing_kept"),
        Err(Error::Invalid(errors)) if !ctx.json => page(ctx, 422, Some(form), errors),
        Err(error) => Err(error),
    }
}
