//! A product as the catalogue shows it: a face, a name, a price, who makes it and where, and what proves its quality.

use std::collections::HashMap;

use kernel::index::Page;
use kernel::kinds::{Choice, Money, Multi};
use kernel::{Db, Html, Id, Result, Sql, sql};
use registry::Month;
use schemars::JsonSchema;
use serde::Serialize;

use crate::catalogue::{CURRENCY, PUBLIC, labels_of};
use crate::label::Scheme;
use crate::product::{Making, ProductKind};

/// A product in the catalogue.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Card {
    pub(crate) id: Id,
    pub(crate) kind: ProductKind,
    pub(crate) making: Making,
    pub(crate) name: Multi,
    pub(crate) organisation: Id,
    pub(crate) holder: Multi,
    /// Code of the commune of the cooperative.
    pub(crate) place: String,
    pub(crate) invented: bool,
    pub(crate) photo: Option<Id>,
    /// The lowest price for individuals, in dirhams if there is one.
    pub(crate) price: Option<Money>,
    /// True if another pack costs more.
    pub(crate) several: bool,
    /// Labels in force.
    pub(crate) labels: Vec<Scheme>,
    /// Months in which it says to be available, as numbers.
    pub(crate) months: Vec<u8>,
}

impl Card {
    /// What stands for a photo: the woven square of its cooperative.
    pub(crate) fn face(&self) -> Html {
        crate::counter::face(self.organisation)
    }
}

const FROM: &str = "product p join organisation o on o.id = p.organisation";

const COLUMNS: &str = "p.id, p.kind, p.making, p.name, p.organisation, o.name, o.place, o.invented,
     (select min(f.id) from product_photo f where f.product = p.id)";

fn card(row: &mut kernel::value::Row) -> Result<Card> {
    Ok(Card {
        id: row.take()?,
        kind: row.take()?,
        making: row.take()?,
        name: row.take()?,
        organisation: row.take()?,
        holder: row.take()?,
        place: row.take()?,
        invented: row.take()?,
        photo: row.take()?,
        price: None,
        several: false,
        labels: Vec::new(),
        months: Vec::new(),
    })
}

/// The products of a page, in its order.
pub(crate) fn of_page(db: &mut Db, page: &Page) -> Result<Vec<Card>> {
    if page.is_empty() {
        return Ok(Vec::new());
    }
    let query = sql(&format!("select x.number, {COLUMNS}")).join(page.rows(FROM));
    let mut cards = db.rows(&query, |row| Ok((page.place(row.take()?), card(row)?)))?;
    cards.sort_by_key(|(place, _)| *place);
    filled(db, cards.into_iter().map(|(_, card)| card).collect())
}

/// The products that a statement after `where` finds among what everybody may read.
pub(crate) fn found(db: &mut Db, condition: Sql) -> Result<Vec<Card>> {
    let query = sql(&format!("select {COLUMNS} from {FROM} where"))
        .and(PUBLIC)
        .and(" and")
        .join(condition)
        .open("only what is public is read");
    let cards = db.rows(&query, card)?;
    filled(db, cards)
}

/// What stands in other tables.
fn filled(db: &mut Db, mut cards: Vec<Card>) -> Result<Vec<Card>> {
    let ids: Vec<Id> = cards.iter().map(|card| card.id).collect();
    let mut labels = labels_of(db, &ids, kernel::today())?;
    let mut prices: HashMap<Id, Vec<Money>> = HashMap::new();
    let query = sql(
        "select product, price, price_currency from product_price where buyer = 'individual' and product",
    )
    .within(&ids)
    .open("the price for individuals is public");
    for (product, minor, currency) in
        db.rows(&query, |row| Ok((row.take::<Id>()?, row.take::<i64>()?, row.take::<String>()?)))?
    {
        prices.entry(product).or_default().push(Money { minor, currency });
    }
    let mut months: HashMap<Id, Vec<u8>> = HashMap::new();
    let query = sql("select owner, value from product_season where owner").within(&ids);
    for (owner, month) in db.rows(&query, |row| Ok((row.take::<Id>()?, row.take::<Month>()?)))? {
        months.entry(owner).or_default().extend(month.code().parse::<u8>());
    }
    for card in &mut cards {
        let all = prices.remove(&card.id).unwrap_or_default();
        let own = |price: &&Money| price.currency == CURRENCY;
        card.several = all.len() > 1;
        let other = || all.iter().min_by_key(|price| (price.currency.clone(), price.minor));
        card.price = all.iter().filter(own).min_by_key(|price| price.minor).or_else(other).cloned();
        card.labels = labels.remove(&card.id).unwrap_or_default();
        card.months = months.remove(&card.id).unwrap_or_default();
        card.months.sort_unstable();
    }
    Ok(cards)
}
