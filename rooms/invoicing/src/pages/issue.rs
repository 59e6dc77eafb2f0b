//! The way to an invoice: what would be frozen is read first, then issued. And the proforma, which is no invoice.

use askama::Template;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Fields, Form, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::invoice;
use crate::issue::{self, Draft, Issued};
use crate::rules::{self, Treatment};
use crate::setting::Missing;
use crate::source::{self, Source, Typed};
use crate::told::{self, Paper, Told};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = Vec::new();
    for (path, read, write) in [
        ("/sales/{sale_order}/invoice", show as kernel::room::Handler, act as kernel::room::Handler),
        ("/pooled-orders/{pooled_order}/invoice", show, act),
        ("/pooled-parts/{pooled_part}/invoice", show, act),
    ] {
        routes.push(get(path, read).answers::<IssuePage>());
        routes.push(post(path, write).takes::<Typed>());
    }
    routes.push(get("/sales/{sale_order}/proforma", proforma).query(&["in"]));
    routes
}

/// The form of an invoice with what would be issued.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "invoicing_issue.html")]
struct IssuePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    action: String,
    order: String,
    treatments: Vec<Treatment>,
    treatment: String,
    told: Option<Told>,
    missing: Vec<Missing>,
    /// The digest of what is shown: the form brings it back.
    seen: Option<String>,
    new: Id,
    #[serde(skip)]
    second: bool,
    /// True if what would be issued is no longer what was read.
    #[serde(skip)]
    changed: bool,
    #[serde(skip)]
    #[schemars(skip)]
    form: Form,
}

impl IssuePage {
    fn is_chosen(&self, treatment: &Treatment) -> bool {
        self.treatment == treatment.code
    }
    fn chosen(&self) -> Option<&Treatment> {
        self.treatments.iter().find(|treatment| self.is_chosen(treatment))
    }
}

/// What the address names, with the page of its order.
fn source(ctx: &Ctx, db: &mut Db) -> Result<(Source, String)> {
    if ctx.param("sale_order").is_ok() {
        let order = kernel::record::get::<sales::SaleOrder>(db, ctx.id("sale_order")?)?;
        ctx.standing(db, order.organisation.id, Standing::File)?;
        if !order.is_agreed() {
            return Err(Error::refused("invoice.not_agreed"));
        }
        return Ok((source::of_sale(ctx.w, db, order.id)?.0, format!("/sales/{}", order.id)));
    }
    let (order, whose) = source::pooled_of(ctx, db)?;
    let back = match &whose {
        source::Whose::Lead => format!("/pooled-orders/{}", order.id),
        source::Whose::Part(part) => format!("/pooled-parts/{part}"),
    };
    Ok((source::of_pooled(ctx.w, db, &order, &whose)?, back))
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let standing = ctx.read(|db| {
        let (source, _) = source(ctx, db)?;
        invoice::standing(db, source.organisation, source.origin)
    })?;
    match standing {
        Some(invoice) => ctx.done(&format!("/invoices/{}", invoice.id), ""),
        None => page(ctx, 200, None, false),
    }
}

/// The page, with what was typed if something was.
fn page(ctx: &Ctx, status: u16, typed: Option<&Fields>, changed: bool) -> Result<Reply> {
    let w = ctx.w;
    let mut status = status;
    let page = ctx.read(|db| {
        let (source, order) = source(ctx, db)?;
        let form = typed.cloned().unwrap_or_else(|| source.proposed());
        let own = issue::chosen(db, source.organisation)?;
        let treatment = form.text("treatment").map(str::to_owned).or(own.map(|own| own.code.clone()));
        let (draft, errors) = match issue::draft(ctx.w, db, &source, &form) {
            Ok(draft) => (Some(draft), Vec::new()),
            Err(Error::Invalid(errors)) => (None, errors),
            Err(error) => return Err(error),
        };
        if !errors.is_empty() {
            status = 422;
        }
        issue_page(ctx, &source, order, form, treatment, draft, errors, changed)
    })?;
    ctx.page_with_status(status, &w.t("invoice.make"), &page)
}

#[allow(clippy::too_many_arguments, reason = "what a page shows, gathered in one place")]
fn issue_page(
    ctx: &Ctx,
    source: &Source,
    order: String,
    form: Fields,
    treatment: Option<String>,
    draft: Option<Draft>,
    errors: Vec<FieldError>,
    changed: bool,
) -> Result<IssuePage> {
    let w = ctx.w;
    let treatments = rules::treatments()?.to_vec();
    Ok(IssuePage {
        w,
        action: format!("{order}/invoice"),
        order,
        treatment: treatment.unwrap_or_default(),
        treatments,
        seen: draft.as_ref().map(|draft| draft.content.digest()).transpose()?,
        told: draft.as_ref().map(|draft| told::told(w, &draft.content, Paper::Draft)),
        missing: draft.map(|draft| draft.missing).unwrap_or_default(),
        new: ctx.new_id(),
        second: source.second > 0,
        changed,
        form: Form::of::<Typed>(w, form, Standing::File).refused(errors),
    })
}

/// Shows what would be issued by what was typed, or issues what was read.
fn act(ctx: &Ctx) -> Result<Reply> {
    if ctx.form.text("act") != Some("issue") {
        return page(ctx, 200, Some(&ctx.form), false);
    }
    let issued = ctx.write(|tx| {
        let (found, _) = source(ctx, tx)?;
        issue::hold(tx, found.origin)?;
        // Read again: now nobody changes it any more.
        let (found, _) = source(ctx, tx)?;
        issue::issue(ctx, tx, ctx.new_id(), &found)
    });
    match issued {
        Ok(Issued::There(invoice)) => ctx.done(&format!("/invoices/{}", invoice.id), "invoice_issued"),
        Ok(Issued::Changed) => page(ctx, 409, Some(&ctx.form), true),
        Ok(Issued::Lacks) => page(ctx, 422, Some(&ctx.form), false),
        Err(Error::Invalid(_)) if !ctx.json => page(ctx, 422, Some(&ctx.form), false),
        Err(error) => Err(error),
    }
}

/// What an invoice of an order or a quotation would say, for a bank or a customs office. It has no number of the series and
/// is kept nowhere.
fn proforma(ctx: &Ctx) -> Result<Reply> {
    let order = ctx.read(|db| {
        let order = kernel::record::get::<sales::SaleOrder>(db, ctx.id("sale_order")?)?;
        ctx.standing(db, order.organisation.id, Standing::File)?;
        Ok(order.id)
    })?;
    proforma_of(ctx, order)
}

/// The proforma of an order as its latest quotation says it. The caller checked the right to it.
pub(super) fn proforma_of(ctx: &Ctx, order: Id) -> Result<Reply> {
    let content = ctx.read(|db| {
        let (source, _) = source::of_sale(ctx.w, db, order)?;
        Ok(issue::draft(ctx.w, db, &source, &source.proposed())?.content)
    })?;
    let name = format!("proforma-{}.pdf", content.reference);
    crate::paper::print(ctx, &content, Paper::Proforma, &name)
}
