//! `/products/{product}/cost`: what a batch takes, what a pack costs, what it should be sold for, and what is earned today.

use askama::Template;
use kernel::kinds::{Money, Multi};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Fields, Form, Id, Reply, Result, Standing, Tx, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::quantity;
use crate::cost::{self, CostKind, CostLine, CostSheet};
use crate::price::Buyer;
use crate::product::Product;
use crate::sale;

pub(super) fn routes() -> Vec<Route> {
    const COST: &str = "/products/{product}/cost";
    vec![get(COST, show).answers::<CostPage>(), post(COST, keep).takes::<CostSheet>()]
}

/// Something that a batch takes.
#[derive(Serialize, JsonSchema)]
struct Line {
    id: Id,
    name: String,
    count: i64,
    price: Money,
    amount: Money,
}

/// What is spent on one kind of thing.
#[derive(Serialize, JsonSchema)]
struct Part {
    kind: CostKind,
    lines: Vec<Line>,
}

/// What a pack costs and brings.
#[derive(Serialize, JsonSchema)]
struct Worth {
    /// The pack; nothing where it is sold by the unit.
    pack: Option<Multi>,
    cost: Money,
    /// Cost and margin.
    proposed: Money,
    /// What buyers pay today, in the same currency.
    prices: Vec<Paid>,
}

/// A price of today, and what it leaves.
#[derive(Serialize, JsonSchema)]
struct Paid {
    buyer: Buyer,
    price: Money,
    /// Price less cost; below nothing where it does not cover the cost.
    left: Money,
}

impl Paid {
    fn lost(&self) -> bool {
        self.left.minor < 0
    }
}

/// The cost sheet of a product.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "market_cost.html")]
struct CostPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    product: Id,
    name: Multi,
    parts: Vec<Part>,
    /// What a batch costs; nothing before a line is there.
    total: Option<Money>,
    /// How much a batch gives, as people read it.
    made: Option<String>,
    margin: Option<i64>,
    worth: Vec<Worth>,
    #[serde(skip)]
    #[schemars(skip)]
    form: Form,
    #[serde(skip)]
    id: Id,
    #[serde(skip)]
    version: i64,
    /// The smallest unit of the product, in which a batch is measured.
    #[serde(skip)]
    unit: String,
}

impl CostPage {
    fn amount(&self, part: &Part) -> Money {
        let minor = part.lines.iter().map(|line| line.amount.minor).sum();
        let currency = self.total.as_ref().map_or_else(|| "MAD".to_owned(), |total| total.currency.clone());
        Money { minor, currency }
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, None)
}

/// The product of the address, for whoever works on the file of its cooperative.
fn open(ctx: &Ctx, db: &mut Db) -> Result<(Product, Standing)> {
    let product = kernel::record::get::<Product>(db, ctx.id("product")?)?;
    let standing = ctx.standing(db, product.organisation.id, Standing::File)?;
    Ok((product, standing))
}

fn page(ctx: &Ctx, status: u16, refused: Option<Vec<FieldError>>) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (product, standing) = open(ctx, db)?;
        let sheet = cost::sheet(db, product.id)?;
        let lines = cost::of(db, product.id)?;
        let typed = match (&refused, &sheet) {
            (Some(_), _) => ctx.form.clone(),
            (None, Some(sheet)) => kernel::record::typed(sheet),
            (None, None) => Fields::of([("margin", "20")]),
        };
        let form = Form::of::<CostSheet>(ctx.w, typed, standing);
        let currency = lines.first().map(|line| line.price.currency.clone());
        let minor = lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.amount()));
        let total = currency.map(|currency| Money { minor, currency });
        Ok(CostPage {
            w: ctx.w,
            product: product.id,
            parts: parts(&lines),
            worth: match (&sheet, &total) {
                (Some(sheet), Some(total)) => worth(db, &product, sheet, total)?,
                _ => Vec::new(),
            },
            total,
            made: sheet.as_ref().map(|sheet| quantity(ctx.w, product.unit, sheet.made)),
            margin: sheet.as_ref().map(|sheet| sheet.margin),
            form: form.refused(refused.unwrap_or_default()),
            id: sheet.as_ref().map_or_else(|| ctx.new_id(), |sheet| sheet.id),
            version: sheet.as_ref().map_or(0, |sheet| sheet.version),
            unit: ctx.w.choice(&product.unit),
            name: product.name,
        })
    })?;
    ctx.page_with_status(status, &ctx.w.t("cost_sheet.title"), &page)
}

fn parts(lines: &[CostLine]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for line in lines {
        let told = Line {
            id: line.id,
            name: line.name.clone(),
            count: line.count,
            price: line.price.clone(),
            amount: Money { minor: line.amount(), currency: line.price.currency.clone() },
        };
        match parts.last_mut() {
            Some(part) if part.kind == line.kind => part.lines.push(told),
            _ => parts.push(Part { kind: line.kind, lines: vec![told] }),
        }
    }
    parts
}

fn worth(db: &mut Db, product: &Product, sheet: &CostSheet, total: &Money) -> Result<Vec<Worth>> {
    let money = |minor| Money { minor, currency: total.currency.clone() };
    let mut found = Vec::new();
    for article in sale::articles(db, product)? {
        let (cost, proposed) = cost::worked_out(total.minor, sheet.made, article.content(), sheet.margin);
        let mut prices = Vec::new();
        for buyer in [Buyer::Individual, Buyer::Shop, Buyer::Hotel, Buyer::Exporter] {
            let known = sale::prices(db, &article, buyer)?;
            for price in known.into_iter().filter(|price| price.currency == total.currency) {
                prices.push(Paid { buyer, left: money(price.minor - cost), price });
            }
        }
        found.push(Worth {
            pack: article.pack.map(|pack| pack.name),
            cost: money(cost),
            proposed: money(proposed),
            prices,
        });
    }
    Ok(found)
}

fn keep(ctx: &Ctx) -> Result<Reply> {
    match ctx.write(|tx| write(ctx, tx)) {
        Ok(()) => ctx.done(&format!("/products/{}/cost", ctx.id("product")?), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => page(ctx, 422, Some(errors)),
        Err(error) => Err(error),
    }
}

fn write(ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
    let (product, standing) = open(ctx, tx)?;
    crate::hand(ctx, tx, product.organisation.id);
    let mut form = ctx.form.clone();
    form.set("organisation", product.organisation.id.to_string());
    form.set("product", product.id.to_string());
    let id = ctx.new_id();
    match cost::sheet(tx, product.id)? {
        Some(sheet) if sheet.id == id => {
            let version = ctx.form.text("version").and_then(|text| text.parse().ok()).unwrap_or_default();
            kernel::record::change::<CostSheet>(tx, id, version, &form, standing).map(|_| ())
        }
        _ => kernel::record::create::<CostSheet>(tx, id, &form, standing).map(|_| ()),
    }
}
