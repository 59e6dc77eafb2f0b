//! A sale on the spot: at a souk, at a fair, at the door of the workshop. What was sold and carried away is written down at
//! once: a delivered order at the prices that were asked, taken from lots, paid or owed. With or without a network: the
//! form is the same.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::kinds::{Choice as _, Kind, Money, Raw};
use kernel::{Ctx, Error, FieldError, Fields, Id, Result, Standing, Tx, Words, Wrong};
use market::sale::{self, Article};
use market::{Buyer, Lot, Making, promise};

use crate::line::Line;
use crate::order::{self, Country, SaleOrder, SaleStatus};
use crate::payment::{Means, Payment, PaymentStatus};
use crate::quotation::{self, Quotation, Terms};
use crate::reserve;

/// Furthest that a sale lies back, in days, when it is written down.
const LATEST: i64 = 366;

/// Longest name of a place.
const PLACE: usize = 120;

/// So many of an article, each at this price.
struct Sold {
    article: Article,
    count: i64,
    price: Money,
}

/// What is said of a sale beside what was sold.
struct Told {
    day: Date,
    place: String,
    country: Country,
    means: Option<Means>,
}

fn wrong(field: impl Into<String>, wrong: Wrong) -> Error {
    Error::Invalid(vec![FieldError { field: field.into(), wrong }])
}

/// What was typed: `count.<article>` and `price.<article>`. The caller checked the right to the file.
fn sold(ctx: &Ctx, tx: &mut Tx<'_>, organisation: Id) -> Result<Vec<Sold>> {
    let mut sold: Vec<Sold> = Vec::new();
    for (name, _) in ctx.form.0.iter().filter(|(name, _)| name.starts_with("count.")) {
        let raw = Raw { fields: &ctx.form, name };
        let count = i64::parse(&raw).map_err(|refused| wrong(name.as_str(), refused))?.unwrap_or(0);
        if count == 0 {
            continue;
        }
        let id: Id = name["count.".len()..].parse().map_err(|_| Error::refused("error.reference"))?;
        let article = sale::article(ctx, tx, id)?;
        if article.product.organisation.id != organisation
            || sold.iter().any(|other| other.article.id() == id)
        {
            return Err(Error::refused("error.reference"));
        }
        let name = format!("price.{id}");
        let price = Money::parse(&Raw { fields: &ctx.form, name: &name });
        let price = price.map_err(|refused| wrong(name.as_str(), refused))?;
        let price = price.filter(|price| price.minor > 0);
        let price = price.ok_or_else(|| wrong(name, Wrong::new("spot_sale.price_needed")))?;
        sold.push(Sold { article, count, price });
    }
    let first = sold.first().ok_or_else(|| Error::field("count", "spot_sale.nothing"))?;
    if let Some(other) = sold.iter().find(|other| other.price.currency != first.price.currency) {
        return Err(wrong(
            format!("price.{}", other.article.id()),
            Wrong::new("sale_quotation.one_currency"),
        ));
    }
    // In one order for everybody: two sales never wait for each other.
    sold.sort_by_key(|sold| (sold.article.product.id, sold.article.id()));
    Ok(sold)
}

fn told(form: &Fields) -> Result<Told> {
    let parsed =
        |name: &str| Date::parse(&Raw { fields: form, name }).map_err(|refused| wrong(name, refused));
    let today = kernel::today();
    let day = parsed("day")?.unwrap_or(today);
    if day > today || day < today.saturating_sub(LATEST.days()) {
        return Err(Error::field("day", "spot_sale.day_range"));
    }
    let place = form.text("place").ok_or_else(|| Error::field("place", "error.needed"))?.to_owned();
    if place.chars().count() > PLACE {
        return Err(wrong("place", Wrong::new("error.too_long").with("most", PLACE)));
    }
    let country = form.text("country").map_or(Some(Country::Morocco), Country::from_code);
    let country = country.ok_or_else(|| Error::field("country", "error.choice"))?;
    let means = form.text("means").map(|code| {
        let means = Means::from_code(code).filter(|means| *means != Means::Card);
        means.ok_or_else(|| Error::field("means", "error.choice"))
    });
    Ok(Told { day, place, country, means: means.transpose()? })
}

/// Writes the sale down under this id; the same again changes nothing.
pub(crate) fn sell(ctx: &Ctx, tx: &mut Tx<'_>, id: Id, organisation: Id) -> Result<()> {
    ctx.standing(tx, organisation, Standing::File)?;
    market::hand(ctx, tx, organisation);
    if let Some(there) = kernel::record::find::<SaleOrder>(tx, id)? {
        let same = there.organisation.id == organisation && there.spot;
        return if same { Ok(()) } else { Err(Error::refused("error.id_taken")) };
    }
    let told = told(&ctx.form)?;
    let sold = sold(ctx, tx, organisation)?;
    let order = SaleOrder {
        id,
        version: 1,
        organisation: organisation.into(),
        number: order::next_number(tx, organisation)?,
        asked: told.day,
        language: None,
        spot: true,
        name: told.place.clone(),
        buyer: Buyer::Individual,
        phone: None,
        email: None,
        country: told.country,
        town: None,
        wanted: None,
        note: None,
        status: SaleStatus::Delivered,
        ordered: Some(told.day),
        delivered: Some(told.day),
        reason: None,
    };
    kernel::record::insert(tx, &order)?;
    promise::hold(tx, sold.iter().map(|sold| sold.article.product.id))?;
    let mut prices = Vec::new();
    for sold in &sold {
        let line = Line::of_article(id, &sold.article, sold.count);
        kernel::record::insert(tx, &line)?;
        take(tx, ctx.w, &order, sold, &line)?;
        prices.push((line.id, sold.price.clone()));
    }
    reserve::follow(tx, &order)?;
    let total = settle(tx, &order, &sold, &prices)?;
    match told.means {
        Some(means) => pay(tx, &order, total, means),
        None => Ok(()),
    }
}

/// Takes what was sold out of lots, what ends first, first. A cooperative that keeps no lots of it writes down the sale
/// alone.
fn take(tx: &mut Tx<'_>, w: Words, order: &SaleOrder, sold: &Sold, line: &Line) -> Result<()> {
    let product = &sold.article.product;
    let short = |left: i64| {
        let refused =
            Wrong::new("spot_sale.short").with("left", w.num(left)).with("name", line.name.best(w.lang));
        wrong(format!("count.{}", sold.article.id()), refused)
    };
    let free = promise::free(tx, product, order.id, order.asked)?;
    if product.making == Making::Unique && free.unwrap_or(0) < line.quantity() {
        return Err(short(free.unwrap_or(0)));
    }
    if product.making == Making::ToOrder || free.is_none() {
        return Ok(());
    }
    let mut wanted = sold.count;
    let lots = sale::lots(tx, product.id, order.asked)?;
    let none = lots.is_empty();
    for left in lots {
        let lot = kernel::record::get::<Lot>(tx, left.id)?;
        let count = wanted.min(left.left / line.content);
        if count == 0 || lot.produced > order.asked {
            continue;
        }
        let movement = Id::named(&format!("{} {}", line.id, lot.id));
        market::sell(tx, movement, &lot, order.asked, count * line.content, order.reference())?;
        wanted -= count;
    }
    // A unique piece may be in no lot at all.
    if wanted == 0 || (product.making == Making::Unique && none) {
        Ok(())
    } else {
        Err(short(sold.count - wanted))
    }
}

/// What was asked is what was agreed.
fn settle(tx: &mut Tx<'_>, order: &SaleOrder, sold: &[Sold], prices: &[(Id, Money)]) -> Result<Money> {
    let counted: Vec<(i64, i64)> = sold.iter().map(|sold| (sold.price.minor, sold.count)).collect();
    let currency = sold.first().map_or_else(String::new, |sold| sold.price.currency.clone());
    let total = Money { minor: quotation::total(&counted, 0)?, currency };
    let day = order.asked;
    let quotation = Quotation {
        id: Id::named(&format!("{} 1", order.id)),
        version: 1,
        organisation: order.organisation,
        sale_order: order.id.into(),
        number: 1,
        dated: day,
        valid_until: day,
        ready: None,
        terms: Terms::OnDelivery,
        incoterm: None,
        named_place: None,
        delivery: None,
        note: None,
        total: total.clone(),
        accepted: Some(day),
    };
    quotation::keep(tx, &quotation, prices)?;
    Ok(total)
}

fn pay(tx: &mut Tx<'_>, order: &SaleOrder, amount: Money, means: Means) -> Result<()> {
    let payment = Payment {
        id: Id::named(&format!("{} paid", order.id)),
        version: 1,
        organisation: order.organisation,
        sale_order: order.id.into(),
        proof: None,
        status: PaymentStatus::Received,
        day: order.asked,
        amount,
        means,
        reference: None,
    };
    kernel::record::insert(tx, &payment)
}
