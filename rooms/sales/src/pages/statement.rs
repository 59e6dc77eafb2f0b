//! `/sales/statement`: a statement of the bank, its lines beside the orders they pay; nothing is kept before somebody says so.

use askama::Template;
use kernel::kinds::{CURRENCIES, Money};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::order::{self, SaleOrder};
use crate::payment::{Means, Payment, PaymentStatus};
use crate::quotation;
use crate::statement::{self, Entry, Sure};

pub(super) fn routes() -> Vec<Route> {
    let roles = &["manager", "coach", "representative"];
    vec![
        get("/sales/statement", new).role(roles),
        post("/sales/statement", read).role(roles).upload().answers::<StatementPage>(),
        post("/sales/statement/payments", keep).role(roles),
    ]
}

/// A line of a statement with the order it pays.
#[derive(Serialize, JsonSchema)]
struct Matched {
    order: Id,
    reference: String,
    name: String,
    day: String,
    amount: Money,
    text: String,
    due: Money,
    /// True if the reference is named; else only the amount fits.
    named: bool,
    /// True if it was written down before.
    known: bool,
    #[serde(skip)]
    kept: String,
}

/// A statement, or the form that asks for one.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sales_statement.html")]
struct StatementPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    matched: Vec<Matched>,
    /// Lines by which money came, and that pay no order that is known.
    others: i64,
    read: bool,
    currency: String,
    #[serde(skip)]
    refused: Option<String>,
}

impl StatementPage {
    fn currencies(&self) -> &'static [&'static str] {
        CURRENCIES
    }
    fn is_in(&self, code: &str) -> bool {
        self.currency == code
    }
    fn isolated(&self, reference: &str) -> String {
        format!("\u{2066}{reference}\u{2069}")
    }
}

/// What the form of a matched line carries.
#[derive(Serialize, Deserialize)]
struct Kept {
    order: Id,
    day: String,
    minor: i64,
    text: String,
    nth: usize,
}

fn show(ctx: &Ctx, status: u16, page: &StatementPage) -> Result<Reply> {
    ctx.page_with_status(status, &ctx.w.t("statement.title"), page)
}

fn empty(ctx: &Ctx) -> StatementPage {
    let currency = ctx.form.text("currency").unwrap_or(CURRENCIES[0]).to_owned();
    StatementPage { w: ctx.w, matched: Vec::new(), others: 0, read: false, currency, refused: None }
}

fn new(ctx: &Ctx) -> Result<Reply> {
    show(ctx, 200, &empty(ctx))
}

fn read(ctx: &Ctx) -> Result<Reply> {
    let upload = ctx.uploads.iter().find(|upload| upload.field == "file" && !upload.bytes.is_empty());
    let page = empty(ctx);
    let exponent = u32::from(kernel::locale::exponent(&page.currency));
    let found = match upload {
        None => Err(kernel::Wrong::new("statement.file_needed")),
        Some(upload) => {
            registry::import::read_table(upload, None).and_then(|sheet| statement::entries(&sheet, exponent))
        }
    };
    let entries = match found {
        Ok(entries) => entries,
        Err(wrong) if ctx.json => return Err(Error::Refused(wrong)),
        Err(wrong) => return show(ctx, 422, &StatementPage { refused: Some(ctx.w.wrong(&wrong)), ..page }),
    };
    let (matched, others) = ctx.read(|db| {
        let waiting = statement::waiting(db, &ctx.viewer, &page.currency)?;
        let (mut matched, mut others) = (Vec::new(), 0);
        for entry in &entries {
            let Some((order, sure)) = statement::pays(entry, &waiting) else {
                others += 1;
                continue;
            };
            let id = statement::payment_id(order.order.id, entry);
            let known = kernel::record::find::<Payment>(db, id)?.is_some();
            matched.push(line(ctx.w, entry, &order.order, &order.due, sure == Sure::Named, known)?);
        }
        Ok((matched, others))
    })?;
    show(ctx, 200, &StatementPage { matched, others, read: true, ..page })
}

fn line(
    w: Words,
    entry: &Entry,
    order: &SaleOrder,
    due: &Money,
    named: bool,
    known: bool,
) -> Result<Matched> {
    let kept = Kept {
        order: order.id,
        day: entry.day.to_string(),
        minor: entry.minor,
        text: entry.text.clone(),
        nth: entry.nth,
    };
    Ok(Matched {
        order: order.id,
        reference: order.reference(),
        name: order.name.clone(),
        day: w.date(&entry.day),
        amount: Money { minor: entry.minor, currency: due.currency.clone() },
        text: entry.text.clone(),
        due: due.clone(),
        named,
        known,
        kept: serde_json::to_string(&kept)?,
    })
}

/// Writes down the lines that were ticked, all or none; what was written down before changes nothing.
fn keep(ctx: &Ctx) -> Result<Reply> {
    let lines: Vec<Kept> = ctx
        .form
        .all("line")
        .map(|text| serde_json::from_str(text).map_err(|_| Error::refused("error.form")))
        .collect::<Result<_>>()?;
    if lines.is_empty() {
        return Err(Error::refused("statement.nothing"));
    }
    ctx.write(|tx| {
        for kept in &lines {
            let order = kernel::record::get::<SaleOrder>(tx, kept.order)?;
            ctx.standing(tx, order.organisation.id, Standing::File)?;
            market::hand(ctx, tx, order.organisation.id);
            let order = order::hold(tx, order.id)?;
            let day = kept.day.parse().map_err(|_| Error::refused("error.form"))?;
            let entry = Entry { day, minor: kept.minor, text: kept.text.clone(), nth: kept.nth };
            let id = statement::payment_id(order.id, &entry);
            if kernel::record::find::<Payment>(tx, id)?.is_some() {
                continue;
            }
            let latest = quotation::of(tx, order.id)?.into_iter().next().filter(|_| order.is_agreed());
            let total = latest.ok_or_else(order::not_now)?.total;
            let payment = Payment {
                id,
                version: 1,
                organisation: order.organisation,
                sale_order: order.id.into(),
                proof: None,
                status: PaymentStatus::Received,
                day,
                amount: Money { minor: kept.minor, currency: total.currency.clone() },
                means: Means::Transfer,
                reference: Some(kept.text.chars().take(200).collect::<String>())
                    .filter(|text| !text.is_empty()),
            };
            payment.check_sound(&order, &total)?;
            kernel::record::insert(tx, &payment)?;
        }
        Ok(())
    })?;
    ctx.done("/sales", "statement_kept")
}
