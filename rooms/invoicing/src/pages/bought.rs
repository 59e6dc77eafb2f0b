//! `/bought/{secret}/invoices/{invoice}`: an invoice for the buyer, who has no account but the link of their orders; and the
//! proforma before it.

use askama::Template;
use kernel::room::{Route, get};
use kernel::{Ctx, Db, Error, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::show::{Near, near, pdf_of, xml_of};
use crate::invoice::Invoice;
use crate::told::{self, Paper, Told};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/bought/{secret}/invoices/{invoice}", show).open().answers::<BoughtInvoicePage>(),
        get("/bought/{secret}/invoices/{invoice}/pdf", pdf).open().query(&["in"]),
        get("/bought/{secret}/invoices/{invoice}/ubl", xml).open(),
        get("/bought/{secret}/orders/{sale_order}/proforma", proforma).open().query(&["in"]),
    ]
}

/// An invoice, for its buyer.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "invoicing_bought.html")]
struct BoughtInvoicePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    told: Told,
    near: Vec<Near>,
    #[serde(skip)]
    secret: String,
    #[serde(skip)]
    path: String,
}

/// The invoice, if the link of the address opens its order.
fn opened(ctx: &Ctx, db: &mut Db) -> Result<Invoice> {
    let orders = sales::opened_by(db, ctx.param("secret")?)?;
    let invoice = kernel::record::find::<Invoice>(db, ctx.id("invoice")?)?.ok_or(Error::NotFound)?;
    let own = invoice.sale_order.is_some_and(|of| orders.iter().any(|order| order.id == of.id));
    if own { Ok(invoice) } else { Err(Error::NotFound) }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let invoice = opened(ctx, db)?;
        let secret = ctx.param("secret")?.to_owned();
        Ok(BoughtInvoicePage {
            w,
            told: told::told(w, &invoice.content, Paper::Issued(&invoice)),
            near: near(w, db, &invoice)?,
            path: format!("/bought/{secret}/invoices/{}", invoice.id),
            secret,
        })
    })?;
    ctx.page(&page.told.title, &page)
}

fn pdf(ctx: &Ctx) -> Result<Reply> {
    let invoice = ctx.read(|db| opened(ctx, db))?;
    pdf_of(ctx, &invoice)
}

fn xml(ctx: &Ctx) -> Result<Reply> {
    let invoice = ctx.read(|db| opened(ctx, db))?;
    xml_of(ctx, &invoice)
}

fn proforma(ctx: &Ctx) -> Result<Reply> {
    let asked = ctx.id("sale_order")?;
    let orders = ctx.read(|db| sales::opened_by(db, ctx.param("secret")?))?;
    match orders.iter().find(|order| order.id == asked) {
        Some(order) => super::issue::proforma_of(ctx, order.id),
        None => Err(Error::NotFound),
    }
}
