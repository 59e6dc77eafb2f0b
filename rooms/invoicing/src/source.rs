//! What is invoiced: an order of a buyer to one cooperative, or what a seller of a pooled order had accepted.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::kinds::{Choice as _, Ice, Long, Money, Multi};
use kernel::{Ctx, Db, Error, Id, Result, Standing, Words, record};
use market::{Product, Unit};
use pooled::{Mode, Order as PooledOrder, Stage};
use sales::{Agreed, Terms};

use crate::content::{Buyer, Content, Line};
use crate::invoice::Origin;
use crate::rules::Treatment;
use crate::setting::{said, seller};

record! {
    /// What the seller types before an invoice is issued. It is kept in the invoice alone.
    pub Typed in "invoice_typed" as "invoicing.invoice_typed" {
        main(File, File) {
            operation: Date, due: Date, address: Option<String>, buyer_ice: Option<Ice>, note: Option<Long>,
        }
        grade(File, File) { second_price: Option<Money> }
    }
}

/// Something that can be invoiced, as the order says it.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) origin: Origin,
    /// Who sells.
    pub(crate) organisation: Id,
    pub(crate) reference: String,
    buyer: Buyer,
    currency: String,
    lines: Vec<Line>,
    incoterm: Option<String>,
    place: Option<String>,
    terms: Option<Terms>,
    mandate: Option<String>,
    delivered: Option<Date>,
    /// Packs of the second grade of a pooled order, whose price is typed.
    pub(crate) second: i64,
    /// What one of them is proposed to cost, in minor units.
    second_price: i64,
}

/// Several sellers of one pooled order, or one of them.
pub(crate) enum Whose {
    Lead,
    Part(Id),
}

/// The order of a buyer as something to invoice. The caller checked the right to it.
///
/// # Errors
/// Refused as long as nothing is quoted.
pub(crate) fn of_sale(w: Words, db: &mut Db, order: Id) -> Result<(Source, Agreed)> {
    let agreed = sales::agreed(db, order)?.ok_or_else(|| Error::refused("invoice.not_quoted"))?;
    let Agreed { order, quotation, lines } = &agreed;
    let lots = market::sold_as(db, order.organisation.id, &order.reference())?;
    let mut told = Vec::new();
    for (line, price) in lines {
        let product = kernel::record::get::<Product>(db, line.product.id)?;
        let own = lots.iter().filter(|lot| lot.product == line.product.id);
        told.push(Line {
            name: line.name.clone(),
            count: line.count,
            unit: if line.pack.is_some() { "C62" } else { unit(line.unit) }.to_owned(),
            lots: own.map(|lot| lot.number.clone()).collect(),
            hs: product.hs.map(|hs| hs.0),
            origin: Some(HOME.to_owned()),
            ..Line::plain(line.name.clone(), line.count, price.minor)?
        });
    }
    if let Some(delivery) = &quotation.delivery {
        told.push(Line::plain(said(w, "invoice.delivery"), 1, delivery.minor)?);
    }
    let source = Source {
        origin: Origin::Sale(order.id),
        organisation: order.organisation.id,
        reference: order.reference(),
        buyer: Buyer {
            name: order.name.clone(),
            address: order.town.clone(),
            country: order.country.code().to_owned(),
            ice: None,
        },
        currency: quotation.total.currency.clone(),
        lines: told,
        incoterm: quotation.incoterm.map(|rule| rule.code().to_owned()),
        place: quotation.named_place.clone(),
        terms: Some(quotation.terms),
        mandate: None,
        delivered: order.delivered,
        second: 0,
        second_price: 0,
    };
    Ok((source, agreed))
}

/// Where cooperatives of this house are.
const HOME: &str = "MA";

/// The smallest unit of a product, in UN/ECE Recommendation 20.
fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Gram => "GRM",
        Unit::Millilitre => "MLT",
        Unit::Piece => "H87",
    }
}

impl Line {
    /// So many of something, at a price in minor units.
    pub(crate) fn plain(name: Multi, count: i64, price: i64) -> Result<Line> {
        let gross = price.checked_mul(count).ok_or_else(|| Error::refused("error.money_range"))?;
        Ok(Line {
            name,
            count,
            unit: "C62".to_owned(),
            price,
            gross,
            net: gross,
            hs: None,
            origin: None,
            lots: Vec::new(),
            of: None,
            reduces: false,
        })
    }
}

/// What a seller of a pooled order had accepted: all of it for a lead that sells for all, its own part where each sells for
/// itself. The caller checked the standing at the seller.
///
/// # Errors
/// Refused where this organisation does not sell, before the order is confirmed, and as long as nothing was accepted.
pub(crate) fn of_pooled(w: Words, db: &mut Db, order: &PooledOrder, whose: &Whose) -> Result<Source> {
    let places = pooled::places(db, order.id)?;
    let several = order.mode == Mode::Several;
    let (organisation, packs) = match whose {
        Whose::Lead if !several => {
            let sum = |grade: usize| places.iter().map(|place| place.delivered[grade]).sum::<i64>();
            (order.lead.id, [sum(0), sum(1)])
        }
        Whose::Part(part) if several => {
            let place = places.iter().find(|place| place.part.id == *part).ok_or(Error::NotFound)?;
            (place.part.organisation.id, place.delivered)
        }
        _ => return Err(Error::refused("invoice.other_seller")),
    };
    if !matches!(order.stage, Stage::Confirmed | Stage::Settled) || packs == [0, 0] {
        return Err(Error::refused("invoice.nothing_accepted"));
    }
    let mut lines = Vec::new();
    if packs[0] > 0 {
        let line = Line::plain(order.pack_named(w, None), packs[0], order.price.minor)?;
        lines.push(Line { origin: Some(HOME.to_owned()), ..line });
    }
    Ok(Source {
        origin: Origin::Pooled(order.id),
        organisation,
        reference: order.reference(),
        buyer: Buyer { name: order.buyer.clone(), address: None, country: order.country.clone(), ice: None },
        currency: order.price.currency.clone(),
        lines,
        incoterm: Some(order.incoterm.code().to_owned()),
        place: Some(order.place.clone()),
        terms: None,
        mandate: order.mandate.clone().filter(|_| order.mode == Mode::Mandate),
        delivered: None,
        second: packs[1],
        second_price: (i128::from(order.price.minor) * i128::from(order.second_grade) / 100) as i64,
    })
}

impl Source {
    /// What is proposed to be typed.
    pub(crate) fn proposed(&self) -> kernel::Fields {
        let today = kernel::today();
        let operation = self.delivered.unwrap_or(today).min(today);
        let days = match self.terms {
            Some(Terms::Within30) => 30,
            Some(Terms::Within60) => 60,
            _ => 0,
        };
        let due = operation.saturating_add(i64::from(days).days()).max(today);
        let mut fields = kernel::Fields::of([
            ("operation", &*operation.to_string()),
            ("due", &*due.to_string()),
            ("address", self.buyer.address.as_deref().unwrap_or_default()),
        ]);
        if self.second > 0 {
            let price = Money { minor: self.second_price, currency: self.currency.clone() };
            for (part, text) in kernel::kinds::Kind::typed(&price) {
                fields.set(if part.is_empty() { "second_price" } else { "second_price.currency" }, text);
            }
        }
        fields
    }

    /// What would be frozen: the order, what was typed, the seller and its taxes as they stand today.
    pub(crate) fn content(
        &self,
        w: Words,
        db: &mut Db,
        typed: &Typed,
        treatment: &Treatment,
    ) -> Result<Content> {
        let today = kernel::today();
        let year = 366.days();
        if typed.operation < today.saturating_sub(year) || typed.operation > today.saturating_add(year) {
            return Err(Error::field("operation", "invoice_typed.operation_range"));
        }
        if typed.due < today || typed.due > today.saturating_add(year) {
            return Err(Error::field("due", "invoice_typed.due_range"));
        }
        let mut lines = self.lines.clone();
        if self.second > 0 {
            let price = typed.second_price.clone().filter(|price| price.minor > 0);
            let price = price.ok_or_else(|| Error::field("second_price", "error.needed"))?;
            if price.currency != self.currency {
                return Err(Error::field("second_price", "sale_quotation.one_currency"));
            }
            if let Origin::Pooled(order) = self.origin {
                let order = kernel::record::get::<PooledOrder>(db, order)?;
                let name = order.pack_named(w, Some("invoice.second_grade"));
                let line = Line::plain(name, self.second, price.minor)?;
                lines.push(Line { origin: Some(HOME.to_owned()), ..line });
            }
        }
        self.whole(db, lines, treatment, typed)
    }

    fn whole(&self, db: &mut Db, lines: Vec<Line>, treatment: &Treatment, typed: &Typed) -> Result<Content> {
        Content {
            seller: seller(db, self.organisation)?,
            buyer: Buyer {
                address: typed.address.clone(),
                ice: typed.buyer_ice.as_ref().map(|ice| ice.0.clone()),
                ..self.buyer.clone()
            },
            reference: self.reference.clone(),
            operation: typed.operation,
            due: typed.due,
            currency: self.currency.clone(),
            lines,
            net: 0,
            tax: 0,
            rounding: 0,
            total: 0,
            treatment: treatment.clone(),
            incoterm: self.incoterm.clone(),
            place: self.place.clone(),
            terms: self.terms.map(|terms| terms.code().to_owned()),
            mandate: self.mandate.clone(),
            note: typed.note.as_ref().map(|note| note.0.clone()),
            credits: None,
        }
        .summed()
    }
}

/// The pooled order and whose part of it the address names, for whoever works on the file of its seller.
pub(crate) fn pooled_of(ctx: &Ctx, db: &mut Db) -> Result<(PooledOrder, Whose)> {
    if ctx.param("pooled_part").is_ok() {
        let part = kernel::record::get::<pooled::Member>(db, ctx.id("pooled_part")?)?;
        ctx.standing(db, part.organisation.id, Standing::File)?;
        let order = kernel::record::get::<PooledOrder>(db, part.pooled_order.id)?;
        return Ok((order, Whose::Part(part.id)));
    }
    let order = kernel::record::get::<PooledOrder>(db, ctx.id("pooled_order")?)?;
    ctx.standing(db, order.lead.id, Standing::File)?;
    Ok((order, Whose::Lead))
}
