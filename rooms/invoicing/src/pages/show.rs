//! `/invoices/{invoice}`: an invoice for its seller: what it says, what came of it, on paper and for programs.

use askama::Template;
use kernel::kinds::Money;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, Id, Reply, Result, Words, Wrong};
use schemars::JsonSchema;
use serde::Serialize;

use crate::content::Content;
use crate::invoice::{self, Invoice, InvoiceKind};
use crate::told::{self, Paper, Told};
use crate::{paper, ubl};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/invoices/{invoice}", show).answers::<InvoicePage>(),
        get("/invoices/{invoice}/pdf", pdf).query(&["in"]),
        get("/invoices/{invoice}/ubl", xml),
        post("/invoices/{invoice}/clearance", clear),
    ]
}

/// A credit note of an invoice, or the invoice of a credit note.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Near {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) day: String,
    pub(crate) total: Money,
}

/// An invoice.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "invoicing_show.html")]
struct InvoicePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    organisation: Id,
    number: String,
    kind: InvoiceKind,
    #[schemars(with = "String")]
    issued: jiff::civil::Date,
    content: Content,
    told: Told,
    sale_order: Option<Id>,
    pooled_order: Option<Id>,
    near: Vec<Near>,
    /// What credit notes took back.
    credited: Money,
    /// What was received for its order, where that is known.
    received: Option<Money>,
    due: Option<Money>,
    clearance_number: Option<String>,
    clearance_state: Option<String>,
    clearance_code: Option<String>,
}

impl InvoicePage {
    fn is_credit(&self) -> bool {
        self.kind == InvoiceKind::CreditNote
    }
    /// True as long as something is left to take back.
    fn is_open(&self) -> bool {
        !self.is_credit() && self.credited.minor < self.content.total
    }
    fn is_paid(&self) -> bool {
        self.due.as_ref().is_some_and(|due| due.minor == 0)
    }
    fn is_verified(&self) -> bool {
        self.content.treatment.is_verified()
    }
}

/// Credit notes of an invoice, or the invoice of a credit note.
pub(crate) fn near(w: Words, db: &mut Db, invoice: &Invoice) -> Result<Vec<Near>> {
    let near = match invoice.credits {
        Some(of) => vec![kernel::record::get::<Invoice>(db, of.id)?],
        None => invoice::credits(db, invoice.id)?,
    };
    let near = near.into_iter().map(|one| Near {
        id: one.id,
        name: told::named(w, &one),
        day: w.date(&one.issued),
        total: one.total,
    });
    Ok(near.collect())
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let invoice = invoice::open(ctx, db)?;
        let near = near(w, db, &invoice)?;
        let back = if invoice.is_credit() { 0 } else { near.iter().map(|note| note.total.minor).sum() };
        let received = match invoice.sale_order.filter(|_| !invoice.is_credit()) {
            Some(order) => Some(sales::received(db, order.id)?),
            None => None,
        };
        let content = &invoice.content;
        let due = received.map(|came| content.money((content.total - back - came).max(0)));
        Ok(InvoicePage {
            w,
            id: invoice.id,
            organisation: invoice.organisation.id,
            number: invoice.number.clone(),
            kind: invoice.kind,
            issued: invoice.issued,
            told: told::told(w, content, Paper::Issued(&invoice)),
            sale_order: invoice.sale_order.map(|order| order.id),
            pooled_order: invoice.pooled_order.map(|order| order.id),
            near,
            credited: content.money(back),
            received: received.map(|minor| content.money(minor)),
            due,
            clearance_number: invoice.clearance_number.clone(),
            clearance_state: invoice.clearance_state.clone(),
            clearance_code: invoice.clearance_code.clone(),
            content: invoice.content,
        })
    })?;
    ctx.page(&page.told.title, &page)
}

/// What a file of an invoice is called.
fn file(invoice: &Invoice, extension: &str) -> String {
    let kind = kernel::kinds::Choice::code(&invoice.kind);
    format!("{kind}-{}.{extension}", invoice.number)
}

/// An invoice on paper.
pub(super) fn pdf_of(ctx: &Ctx, invoice: &Invoice) -> Result<Reply> {
    paper::print(ctx, &invoice.content, Paper::Issued(invoice), &file(invoice, "pdf"))
}

/// An invoice for programs.
pub(super) fn xml_of(ctx: &Ctx, invoice: &Invoice) -> Result<Reply> {
    let document = ubl::document(ctx.w, invoice)?;
    let produce: kernel::ctx::Producer = Box::new(move |_, out| Ok(out.write_all(&document)?));
    Ok(Reply::Download {
        media: "application/xml".into(),
        name: file(invoice, "xml"),
        inline: false,
        produce,
    })
}

fn pdf(ctx: &Ctx) -> Result<Reply> {
    let invoice = ctx.read(|db| invoice::open(ctx, db))?;
    pdf_of(ctx, &invoice)
}

fn xml(ctx: &Ctx) -> Result<Reply> {
    let invoice = ctx.read(|db| invoice::open(ctx, db))?;
    xml_of(ctx, &invoice)
}

/// Longest text of what the tax authority answers, in characters.
const LONGEST: usize = 500;

/// What the tax authority answered.
fn clear(ctx: &Ctx) -> Result<Reply> {
    let typed = |name: &str| match ctx.form.text(name) {
        Some(text) if text.chars().count() > LONGEST => {
            Err(Error::Refused(Wrong::new("error.too_long").with("most", LONGEST)))
        }
        text => Ok(text.map(str::to_owned)),
    };
    let needed = || Error::refused("invoice.clearance_needed");
    let number = typed("clearance_number")?.ok_or_else(needed)?;
    let state = typed("clearance_state")?.ok_or_else(needed)?;
    let code = typed("clearance_code")?;
    let id = ctx.write(|tx| {
        let invoice = invoice::open(ctx, tx)?;
        market::hand(ctx, tx, invoice.organisation.id);
        let id = invoice.id;
        invoice::clear(tx, invoice, number, state, code)?;
        Ok(id)
    })?;
    ctx.done(&format!("/invoices/{id}"), "invoice_cleared")
}
