//! `/invoices/{invoice}/credit`: what is taken back of an invoice.

use askama::Template;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, FieldError, Id, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::credit::{self, Left};
use crate::invoice::{self, Invoice};
use crate::told;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/invoices/{invoice}/credit", show).answers::<CreditPage>(),
        post("/invoices/{invoice}/credit", issue),
    ]
}

/// A line of the invoice with what is left of it.
#[derive(Serialize, JsonSchema)]
struct LineLeft {
    at: usize,
    name: String,
    count: i64,
    gross: String,
    #[serde(skip)]
    typed_count: String,
    #[serde(skip)]
    typed_amount: String,
}

/// The form of a credit note.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "invoicing_credit.html")]
struct CreditPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    invoice: Id,
    title: String,
    lines: Vec<LineLeft>,
    /// All that is left, in words.
    left: String,
    new: Id,
    #[serde(skip)]
    reason: String,
    #[serde(skip)]
    whole: bool,
    /// What was refused: the field, and the sentence.
    #[serde(skip)]
    refused: Vec<(String, String)>,
}

impl CreditPage {
    fn refusals(&self) -> i64 {
        self.refused.len() as i64
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, Vec::new())
}

fn page(ctx: &Ctx, status: u16, errors: Vec<FieldError>) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let invoice = invoice::open(ctx, db)?;
        if invoice.is_credit() {
            return Err(Error::refused("credit.of_credit"));
        }
        let notes = invoice::credits(db, invoice.id)?;
        let left = credit::left(&invoice.content, &notes);
        let money = |minor| w.money(invoice.content.money(minor));
        let typed =
            |part: &str, at: usize| ctx.form.text(&format!("{part}.{at}")).unwrap_or_default().to_owned();
        let line = |(at, Left { count, gross }): (usize, &Left)| LineLeft {
            at,
            name: invoice.content.lines[at].name.best(w.lang).to_owned(),
            count: *count,
            gross: money(*gross),
            typed_count: typed("count", at),
            typed_amount: typed("amount", at),
        };
        Ok(CreditPage {
            w,
            invoice: invoice.id,
            title: told::named(w, &invoice),
            lines: left.iter().enumerate().filter(|(_, left)| left.gross > 0).map(line).collect(),
            left: money(left.iter().map(|left| left.gross).sum()),
            new: ctx.new_id(),
            reason: ctx.form.text("reason").unwrap_or_default().to_owned(),
            whole: ctx.form.text("whole").is_some(),
            refused: errors.into_iter().map(|error| (error.field, w.wrong(&error.wrong))).collect(),
        })
    })?;
    ctx.page_with_status(status, &w.t("credit.make"), &page)
}

fn issue(ctx: &Ctx) -> Result<Reply> {
    let made = ctx.write(|tx| {
        let invoice: Invoice = invoice::open(ctx, tx)?;
        market::hand(ctx, tx, invoice.organisation.id);
        credit::issue(tx, ctx.new_id(), &invoice, &ctx.form)
    });
    match made {
        Ok(note) => ctx.done(&format!("/invoices/{}", note.id), "credit_issued"),
        Err(Error::Invalid(errors)) if !ctx.json => page(ctx, 422, errors),
        Err(error) => Err(error),
    }
}
