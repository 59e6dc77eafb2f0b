//! `/invoices`: what the organisations on whose files the viewer works issued in a year, and the register as a spreadsheet.

use std::collections::HashMap;

use askama::Template;
use kernel::kinds::{Choice as _, Money};
use kernel::room::{Route, get};
use kernel::table::{self, Format};
use kernel::{Ctx, Db, Error, Id, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;
use sheet::Out;

use crate::invoice::{self, Filter, InvoiceKind, Listed, PAGE};
use crate::watch::{self, Near};

pub(super) fn routes() -> Vec<Route> {
    const ROLES: &[&str] = &["manager", "coach", "representative"];
    vec![
        get("/invoices", show)
            .role(ROLES)
            .query(&["organisation", "year", "kind", "before"])
            .answers::<ListPage>(),
        get("/invoices/export/{format}", export).role(ROLES).query(&["organisation", "year", "kind"]),
    ]
}

/// Invoices of a year.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "invoicing_list.html")]
struct ListPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    organisation: Option<Id>,
    name: Option<String>,
    year: i64,
    years: Vec<i64>,
    kind: Option<InvoiceKind>,
    lines: Vec<Line>,
    /// What was issued and what was taken back, by currency.
    sums: Vec<(InvoiceKind, Money)>,
    near: Vec<Near>,
    /// Where those before the last one are read.
    more: Option<Id>,
}

/// An invoice of the list.
#[derive(Serialize, JsonSchema)]
struct Line {
    #[serde(flatten)]
    listed: Listed,
    /// What is still to be paid, where payments are known.
    due: Option<Money>,
}

impl ListPage {
    fn filter(&self, changes: &[(&str, &str)]) -> String {
        let mut query = kernel::Fields::default();
        let organisation = self.organisation.map(|id| id.to_string());
        query.set("organisation", organisation.unwrap_or_default());
        query.set("year", self.year.to_string());
        query.set("kind", self.kind.map(|kind| kind.code()).unwrap_or_default());
        query.query_with(changes)
    }
    fn of_kind(&self, code: &str) -> bool {
        self.kind.is_some_and(|kind| kind.code() == code)
    }
    fn year_path(&self, year: &i64) -> String {
        format!("/invoices?{}", self.filter(&[("year", &year.to_string())]))
    }
    fn kind_path(&self, code: &str) -> String {
        format!("/invoices?{}", self.filter(&[("kind", code)]))
    }
    fn before_path(&self, id: &Id) -> String {
        format!("/invoices?{}", self.filter(&[("before", &id.to_string())]))
    }
    fn export_path(&self) -> String {
        format!("/invoices/export/xlsx?{}", self.filter(&[]))
    }
    fn kinds(&self) -> &'static [&'static str] {
        InvoiceKind::CODES
    }
    fn is_year(&self, year: &i64) -> bool {
        self.year == *year
    }
}

impl Line {
    fn is_credit(&self) -> bool {
        self.listed.kind == InvoiceKind::CreditNote
    }
    fn is_back(&self) -> bool {
        self.listed.credited >= self.listed.total.minor
    }
    fn is_paid(&self) -> bool {
        self.due.as_ref().is_some_and(|due| due.minor == 0)
    }
}

fn filter(ctx: &Ctx) -> Filter {
    Filter {
        organisation: ctx.query.parse("organisation"),
        year: ctx.query.parse("year").unwrap_or_else(|| kernel::today().year().into()),
        kind: ctx.query.text("kind").and_then(InvoiceKind::from_code),
        before: ctx.query.parse("before"),
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let filter = filter(ctx);
    let page = ctx.read(|db| {
        let mut listed = invoice::list(db, &ctx.viewer, &filter)?;
        let goes_on = listed.len() > PAGE as usize;
        listed.truncate(PAGE as usize);
        let more = listed.last().map(|line| line.id).filter(|_| goes_on);
        let name = match filter.organisation {
            Some(id) => Some(registry::organisation::name_of(ctx, db, id)?),
            None => None,
        };
        let mut years = invoice::years(db, &ctx.viewer)?;
        if !years.contains(&filter.year) {
            years.insert(0, filter.year);
        }
        Ok(ListPage {
            w: ctx.w,
            organisation: filter.organisation,
            name,
            year: filter.year,
            years,
            kind: filter.kind,
            lines: with_due(db, listed)?,
            sums: invoice::sums(db, &ctx.viewer, &filter)?,
            near: watch::near(db, &ctx.viewer, filter.organisation, filter.year)?,
            more,
        })
    })?;
    ctx.page(&ctx.w.t("nav.invoices"), &page)
}

/// Adds what is still to be paid: orders of buyers know what was received, pooled orders do not.
fn with_due(db: &mut Db, listed: Vec<Listed>) -> Result<Vec<Line>> {
    let mut received: HashMap<Id, i64> = HashMap::new();
    for order in listed.iter().filter_map(|line| line.sale_order) {
        if let std::collections::hash_map::Entry::Vacant(place) = received.entry(order) {
            place.insert(sales::received(db, order)?);
        }
    }
    let line = |listed: Listed| {
        let open = listed.total.minor - listed.credited;
        let known = listed.sale_order.filter(|_| listed.kind == InvoiceKind::Invoice);
        let came = known.and_then(|order| received.get(&order));
        let due = came.map(|came| Money { minor: (open - came).max(0), ..listed.total.clone() });
        Line { due: due.filter(|_| open > 0), listed }
    };
    Ok(listed.into_iter().map(line).collect())
}

const HEAD: [&str; 13] = [
    "invoice.number",
    "invoice.kind",
    "invoice.issued",
    "invoice.seller",
    "invoice.buyer",
    "invoice.ice",
    "invoice.reference",
    "invoice_typed.operation",
    "invoice.net",
    "invoice.tax_sum",
    "invoice.total",
    "invoice.currency",
    "credit.of",
];

/// The register of a year: one row for each number.
fn export(ctx: &Ctx) -> Result<Reply> {
    let format = Format::from_code(ctx.param("format")?).ok_or(Error::NotFound)?;
    let (w, viewer, filter) = (ctx.w, ctx.viewer.clone(), filter(ctx));
    let header = HEAD.iter().map(|key| w.t(key).into_owned()).collect();
    let name = format!("{}-{}", w.t("invoice.register_file"), filter.year);
    Ok(table::export(format, &name, w.lang, header, move |db, rows| {
        for invoice in invoice::register(db, &viewer, &filter)? {
            let (content, places) = (&invoice.content, kernel::locale::exponent(&invoice.content.currency));
            let sign = if invoice.is_credit() { -1 } else { 1 };
            let money = |minor: i64| Out::Decimal(minor * sign, places);
            let day = |day: jiff::civil::Date| {
                Out::Date(day.year().into(), day.month().unsigned_abs(), day.day().unsigned_abs())
            };
            let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
            let of = content.credits.as_ref().map(|of| of.number.clone()).unwrap_or_default();
            rows(&[
                Out::Text(&invoice.number),
                Out::Text(&w.choice(&invoice.kind)),
                day(invoice.issued),
                Out::Text(w.name(&content.seller.name)),
                Out::Text(&content.buyer.name),
                Out::Text(&text(&content.buyer.ice)),
                Out::Text(&content.reference),
                day(content.operation),
                money(content.net),
                money(content.tax),
                money(content.total),
                Out::Text(&content.currency),
                Out::Text(&of),
            ])?;
        }
        Ok(())
    }))
}
