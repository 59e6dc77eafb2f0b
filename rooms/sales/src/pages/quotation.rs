//! `POST /sales/{sale_order}/quotations`: the cooperative, or its coach on its behalf, quotes an order.

use kernel::kinds::{Kind, Money, Raw};
use kernel::room::{Route, post};
use kernel::{Ctx, Error, FieldError, Fields, Id, Reply, Result, Standing, Tx};

use super::order::{Part, page};
use crate::line::{self, Line};
use crate::order::{self, SaleStatus, not_now};
use crate::quotation::{self, Quotation};

pub(super) fn routes() -> Vec<Route> {
    vec![post("/sales/{sale_order}/quotations", create).takes::<Quotation>()]
}

fn create(ctx: &Ctx) -> Result<Reply> {
    let made = ctx.write(|tx| make(ctx, tx));
    match made {
        Ok(()) => ctx.done(&format!("/sales/{}", ctx.id("sale_order")?), "quotation_sent"),
        Err(Error::Invalid(errors)) if !ctx.json => page(ctx, 422, Some(Part::Quotation), errors),
        Err(error) => Err(error),
    }
}

fn make(ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
    let order = order::open_held(ctx, tx)?;
    let id = ctx.new_id();
    // The same form again changes nothing.
    if kernel::record::find::<Quotation>(tx, id)?.is_some_and(|there| there.sale_order.id == order.id) {
        return Ok(());
    }
    if !matches!(order.status, SaleStatus::Asked | SaleStatus::Quoted) {
        return Err(not_now());
    }
    let lines = line::of(tx, order.id)?;
    let currency = ctx.form.text("currency").unwrap_or("MAD").to_uppercase();
    let mut form = ctx.form.clone();
    form.set("delivery.currency", currency.clone());
    let prices = prices(&form, &lines, &currency)?;
    let delivery = Money::parse(&Raw { fields: &form, name: "delivery" });
    let delivery = delivery.map_err(|wrong| at("delivery".into(), wrong))?;
    let counted: Vec<(i64, i64)> =
        prices.iter().zip(&lines).map(|((_, price), line)| (price.minor, line.count)).collect();
    let total = quotation::total(&counted, delivery.map_or(0, |delivery| delivery.minor))?;
    let number = quotation::of(tx, order.id)?.first().map_or(0, |latest| latest.number) + 1;
    form.set("organisation", order.organisation.id.to_string());
    form.set("sale_order", order.id.to_string());
    form.set("number", number.to_string());
    form.set("dated", kernel::today().to_string());
    form.set("total.minor", total.to_string());
    form.set("total.currency", currency);
    form.set("accepted", "");
    let cells = kernel::record::parse::<Quotation>(&form, Standing::Steward, None)?;
    let quotation = <Quotation as kernel::Record>::from_cells(id, 1, cells)?;
    quotation::keep(tx, &quotation, &prices)?;
    if order.status == SaleStatus::Asked { order.moves(tx, SaleStatus::Quoted).map(|_| ()) } else { Ok(()) }
}

fn at(field: String, wrong: kernel::Wrong) -> Error {
    Error::Invalid(vec![FieldError { field, wrong }])
}

/// The price that was typed for one of each line.
fn prices(form: &Fields, lines: &[Line], currency: &str) -> Result<Vec<(Id, Money)>> {
    let mut prices = Vec::new();
    for line in lines {
        let name = format!("price.{}", line.id);
        let text = form.text(&name).unwrap_or_default().to_owned();
        let typed = Fields::of([("price", &*text), ("price.currency", currency)]);
        let price =
            Money::parse(&Raw { fields: &typed, name: "price" }).map_err(|wrong| at(name.clone(), wrong))?;
        let price = price
            .filter(|price| price.minor > 0)
            .ok_or_else(|| Error::field(name, "sale_quotation.price_needed"))?;
        prices.push((line.id, price));
    }
    Ok(prices)
}
