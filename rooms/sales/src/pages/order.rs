//! `/sales/{sale_order}`: an order, for whoever works on the file of its cooperative: the next step stands first.

use askama::Template;
use kernel::form::show_group;
use kernel::kinds::{Multi, Names};
use kernel::room::{Route, get};
use kernel::{Ctx, Db, FieldError, Fields, Form, Html, Id, Reply, Result, Standing, Words};
use market::{Buyer, sale};
use schemars::JsonSchema;
use serde::Serialize;

use super::shown::{self, OrderShown};
use crate::line::{self, Line};
use crate::order::{self, SaleOrder, SaleStatus};
use crate::payment::{Payment, by_hand};
use crate::prepare::{self, Offer};
use crate::quotation::Quotation;

pub(super) fn routes() -> Vec<Route> {
    vec![get("/sales/{sale_order}", show).answers::<OrderPage>()]
}

/// What a line is quoted at and filled from.
#[derive(Serialize, JsonSchema)]
struct LineWork {
    line: Id,
    /// What was typed or is proposed as the price of one.
    price: String,
    /// How many can still be promised, where lots are kept.
    free: Option<i64>,
    lots: Vec<LotOffer>,
}

/// A lot to take from.
#[derive(Serialize, JsonSchema)]
struct LotOffer {
    lot: Id,
    number: String,
    best_before: Option<String>,
    left: String,
    take: String,
}

/// An order with the work on it.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sales_order.html")]
struct OrderPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    version: i64,
    order: OrderShown,
    name: String,
    /// True if it was sold on the spot.
    spot: bool,
    buyer: Buyer,
    phone: Option<String>,
    work: Vec<LineWork>,
    currency: String,
    new: Id,
    /// What was typed as the charge of delivery.
    #[serde(skip)]
    delivery: String,
    /// What was refused of single lines: the place on the page, the line, the sentence.
    #[serde(skip)]
    refused: Vec<(String, Multi, String)>,
    /// What other rooms tell of it.
    panels: serde_json::Map<String, kernel::Json>,
    #[serde(skip)]
    #[schemars(skip)]
    wide: Vec<Html>,
    #[serde(skip)]
    #[schemars(skip)]
    side: Vec<Html>,
    #[serde(skip)]
    #[schemars(skip)]
    facts: Html,
    #[serde(skip)]
    #[schemars(skip)]
    quotes: Form,
    #[serde(skip)]
    #[schemars(skip)]
    pays: Form,
}

impl OrderPage {
    fn work_of(&self, line: &Id) -> Option<&LineWork> {
        self.work.iter().find(|work| work.line == *line)
    }
    fn quoting(&self) -> bool {
        self.order.is("asked") || self.order.is("quoted")
    }
    fn currencies(&self) -> &'static [&'static str] {
        kernel::kinds::CURRENCIES
    }
    fn is_in(&self, code: &str) -> bool {
        self.currency == code
    }
    fn refusals(&self) -> i64 {
        self.refused.len() as i64
    }
    fn has_lots(&self) -> bool {
        self.work.iter().any(|work| !work.lots.is_empty())
    }
}

/// Which form was refused, and why.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Quotation,
    Preparation,
    Payment,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, None, Vec::new())
}

/// The page of an order; with what was typed where it was refused.
pub(super) fn page(ctx: &Ctx, status: u16, part: Option<Part>, errors: Vec<FieldError>) -> Result<Reply> {
    let page = ctx.read(|db| {
        let order = order::open(ctx, db)?;
        order_page(ctx, db, &order, part, errors)
    })?;
    ctx.page_with_status(status, &ctx.w.with("sale_order.named", "number", &page.order.isolated()), &page)
}

fn order_page(
    ctx: &Ctx,
    db: &mut Db,
    order: &SaleOrder,
    part: Option<Part>,
    errors: Vec<FieldError>,
) -> Result<OrderPage> {
    let w = ctx.w;
    let shown = shown::order(w, db, order)?;
    let (of_lines, errors): (Vec<_>, Vec<_>) =
        errors.into_iter().partition(|error| error.field.contains('.'));
    let refused = of_lines.into_iter().filter_map(|error| {
        let line = shown.lines.iter().find(|line| error.field.ends_with(&line.id.to_string()))?;
        Some((error.field, line.name.clone(), w.wrong(&error.wrong)))
    });
    let refused = refused.collect();
    let typed = |of: Part| if part == Some(of) { ctx.form.clone() } else { Fields::default() };
    let wrong = |of: Part| if part == Some(of) { errors.clone() } else { Vec::new() };
    let mut quote = typed(Part::Quotation);
    let mut currency = shown.quotation.as_ref().map(|quotation| quotation.total.currency.clone());
    let mut work = Vec::new();
    for line in line::of(db, order.id)? {
        let (done, offered) = line_work(ctx, db, order, &shown, line)?;
        currency = currency.or(offered);
        work.push(done);
    }
    let currency = quote.text("currency").map(str::to_owned).or(currency).unwrap_or_else(|| "MAD".into());
    if part != Some(Part::Quotation) {
        let until = kernel::today().saturating_add(jiff::ToSpan::days(15));
        quote = Fields::of([("valid_until", &*until.to_string()), ("terms", "on_delivery")]);
    }
    let mut pay = typed(Part::Payment);
    if part != Some(Part::Payment) {
        pay = Fields::of([
            ("day", &*kernel::today().to_string()),
            ("means", "transfer"),
            ("amount.currency", &*currency),
        ]);
    }
    let kernel::room::Panels { wide, side, data: panels } =
        ctx.panels(db, "sales.order", order.id, Standing::File)?;
    Ok(OrderPage {
        w,
        version: order.version,
        order: shown,
        name: order.name.clone(),
        spot: order.spot,
        buyer: order.buyer,
        phone: order.phone.as_ref().map(|phone| phone.0.clone()),
        work,
        currency,
        new: ctx.new_id(),
        refused,
        panels,
        wide,
        side,
        delivery: quote.text("delivery").unwrap_or_default().to_owned(),
        facts: show_group(order, "buyer", Standing::File, &w, &Names::new()),
        quotes: Form::of::<Quotation>(w, quote.clone(), Standing::File)
            .without("delivery")
            .refused(wrong(Part::Quotation)),
        pays: Form::of::<Payment>(w, pay, Standing::File)
            .offer("means", by_hand(w))
            .refused(wrong(Part::Payment)),
    })
}

/// The work on a line, and the currency of its price if it has one.
fn line_work(
    ctx: &Ctx,
    db: &mut Db,
    order: &SaleOrder,
    shown: &OrderShown,
    line: Line,
) -> Result<(LineWork, Option<String>)> {
    let w = ctx.w;
    let product = kernel::record::get::<market::Product>(db, line.product.id)?;
    let free = crate::reserve::free(db, &product, order.id)?.map(|free| free / line.content);
    let quoted = shown.lines.iter().find(|there| there.id == line.id).and_then(|there| there.price.clone());
    let price = match quoted {
        Some(price) => Some(price),
        None => proposed(db, order.buyer, &product, &line)?,
    };
    let said = price.as_ref().map(kernel::kinds::Kind::typed).unwrap_or_default();
    let said = said.into_iter().next().map(|(_, text)| text).unwrap_or_default();
    let typed = ctx.form.text(&format!("price.{}", line.id)).map(str::to_owned);
    let lots = if order.status == SaleStatus::Ordered { prepare::offers(db, &line)? } else { Vec::new() };
    let lots = lots.into_iter().map(|Offer { lot, take }| LotOffer {
        take: ctx
            .form
            .text(&format!("take.{}.{}", line.id, lot.id))
            .map_or_else(|| take.to_string(), str::to_owned),
        left: sale::quantity(w, line.unit, lot.left),
        best_before: lot.best_before.map(|day| w.date(&day)),
        lot: lot.id,
        number: lot.number,
    });
    let work = LineWork { line: line.id, price: typed.unwrap_or(said), free, lots: lots.collect() };
    Ok((work, price.map(|price| price.currency)))
}

/// The price for this class of buyers, else that for everybody.
fn proposed(
    db: &mut Db,
    buyer: Buyer,
    product: &market::Product,
    line: &Line,
) -> Result<Option<kernel::kinds::Money>> {
    let articles = sale::articles(db, product)?;
    let pack = line.pack.map(|pack| pack.id);
    let Some(article) =
        articles.into_iter().find(|article| article.pack.as_ref().map(|pack| pack.id) == pack)
    else {
        return Ok(None);
    };
    for buyer in [buyer, Buyer::Individual] {
        if let Some(price) = sale::prices(db, &article, buyer)?.into_iter().next() {
            return Ok(Some(price));
        }
    }
    Ok(None)
}
