//! What everybody finds of what cooperatives sell: published products of public cooperatives, held by the index of the
//! house, so that words, filters, order and the exact count of a whole country cost a few sets of numbers.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::index::{self, Entry, Found, Indexed, Page, Question};
use kernel::kinds::{Choice, Multi};
use kernel::{Db, Fact, Id, Lang, Result, Sql, Tx, choice, sql};
use registry::Month;

use crate::label::Scheme;
use crate::product::ProductKind;

/// How the index holds products. What it holds is public: it needs no rights, and nothing else is in it.
pub(crate) const INDEXED: Indexed =
    Indexed { kind: "product", version: 1, counted: &[AREA, PRICE], read: entries };

/// The condition under which everybody may read of a product `p` of an organisation `o`: the one place where it is
/// written.
pub(crate) const PUBLIC: &str =
    " p.status = 'published' and o.published = 1 and o.merged_into is null and o.status <> 'merged'";

/// The currency that catalogues are narrowed and ordered by.
pub(crate) const CURRENCY: &str = "MAD";

choice! {
    /// The order of the catalogue.
    pub Order in "catalogue.order" { Name = "name", Cheap = "cheap", Dear = "dear" }
}

/// What the catalogue is narrowed by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// Typed words, in any of the languages and spellings.
    pub(crate) text: Option<String>,
    pub(crate) kind: Option<ProductKind>,
    /// Code of the territory in which the cooperative lies.
    pub(crate) territory: Option<String>,
    /// A label in force.
    pub(crate) label: Option<Scheme>,
    /// A month in which it is available.
    pub(crate) month: Option<Month>,
    /// The dearest it may be, in minor units of [`CURRENCY`].
    pub(crate) most: Option<i64>,
    /// Only what says in which months it is available.
    pub(crate) seasonal: bool,
}

/// Beginning of the terms of régions and provinces.
pub(crate) const AREA: &str = "area:";

/// Beginning of the terms of prices in [`CURRENCY`].
const PRICE: &str = "price:MAD:";

fn price(currency: &str, minor: i64) -> String {
    format!("price:{currency}:{minor:015}")
}

/// True if a label with this term has begun.
fn begun(term: &str) -> bool {
    term.rsplit(':').next().is_some_and(|since| since <= kernel::today().to_string().as_str())
}

impl Filter {
    /// True if it narrows anything.
    pub(crate) fn narrows(&self) -> bool {
        self.text.is_some()
            || self.kind.is_some()
            || self.territory.is_some()
            || self.label.is_some()
            || self.month.is_some()
            || self.most.is_some()
    }

    /// What it finds.
    pub(crate) fn found(&self, db: &mut Db) -> Result<Found> {
        let mut question = Question::open("product", "the index holds what everybody may read alone");
        if let Some(kind) = &self.kind {
            question = question.has(format!("kind:{}", kind.code()));
        }
        if let Some(territory) = &self.territory {
            question = question.has(format!("in:{territory}"));
        }
        if let Some(scheme) = &self.label {
            let of = format!("label:{}:", scheme.code());
            question = question.between(format!("{of}{}", kernel::today()), format!("{of}~"), begun);
        }
        if let Some(month) = &self.month {
            question = question.has(format!("month:{}", month.code()));
        }
        if self.seasonal {
            question = question.has("seasonal");
        }
        if let Some(most) = self.most {
            question = question.between(price(CURRENCY, 0), price(CURRENCY, most + 1), |_| true);
        }
        if let Some(text) = &self.text {
            question = question.named(text);
        }
        question.found(db)
    }
}

/// A page of what was found.
pub(crate) fn page(
    db: &mut Db,
    found: &Found,
    order: Order,
    after: Option<&str>,
    most: usize,
) -> Result<Page> {
    match order {
        Order::Name => found.page(db, after, most),
        Order::Cheap | Order::Dear => found.page_by(db, PRICE, order == Order::Dear, after, most),
    }
}

fn public(columns: &str, from: &str, ids: &[Id]) -> Sql {
    sql(&format!("select {columns} from product p join organisation o on o.id = p.organisation {from} where"))
        .and(PUBLIC)
        .and(" and p.id")
        .within(ids)
        .open("only what is public is read")
}

/// Terms of the index: what [`Filter`] narrows by.
fn entries(db: &mut Db, ids: &[Id]) -> Result<Vec<Entry>> {
    let mut entries =
        db.rows(&public("p.id, p.kind, p.name, p.story, p.ingredients, o.name, o.place", "", ids), |row| {
            let (record, kind): (Id, ProductKind) = (row.take()?, row.take()?);
            let name: Multi = row.take()?;
            let told: [Option<Multi>; 2] = [row.take()?, row.take()?];
            let (holder, place): (Multi, String) = (row.take()?, row.take()?);
            let mut terms = vec![format!("kind:{}", kind.code())];
            let around = kernel::territory::ancestors(&place);
            terms.extend(around.iter().map(|code| format!("in:{code}")));
            // Régions and provinces, to be counted one by one.
            let wide = around.iter().filter(|code| code.matches('.').count() < 2);
            terms.extend(wide.map(|code| format!("{AREA}{code}")));
            let places = around
                .iter()
                .flat_map(|code| [Lang::Fr, Lang::Ar].map(|lang| kernel::territory::name(code, lang)));
            let names = name.all().chain(holder.all()).map(str::to_owned).chain(places);
            let mut words: Vec<String> = names.flat_map(|name| kernel::search::words_of(&name)).collect();
            // Of long texts the words alone: the sounds of so many words would find everything.
            let long = told.iter().flatten().flat_map(Multi::all).flat_map(fold::words);
            words.extend(long.filter(|word| word.chars().count() > 2));
            terms.extend(words.iter().map(|word| index::word(word)));
            Ok(Entry { record, sort: fold::fold(name.best(Lang::Fr)), terms })
        })?;
    let mut more: HashMap<Id, Vec<String>> = HashMap::new();
    let months = sql("select owner, value from product_season where owner").within(ids);
    for (owner, month) in db.rows(&months, |row| Ok((row.take::<Id>()?, row.take::<String>()?)))? {
        more.entry(owner).or_default().extend([format!("month:{month}"), "seasonal".to_owned()]);
    }
    let prices = sql("select product, price_currency, min(price) from product_price
                      where buyer = 'individual' and product")
    .within(ids)
    .and(" group by product, price_currency")
    .open("the price for individuals is public");
    for (product, term) in
        db.rows(&prices, |row| Ok((row.take::<Id>()?, price(&row.take::<String>()?, row.take::<i64>()?))))?
    {
        more.entry(product).or_default().push(term);
    }
    for (product, scheme, since, until) in labels(db, ids)? {
        let until = until.map_or_else(|| "9999-12-31".to_owned(), |until| until.to_string());
        let term = format!("label:{}:{until}:{since}", scheme.code());
        more.entry(product).or_default().push(term);
    }
    for entry in &mut entries {
        entry.terms.extend(more.remove(&entry.record).unwrap_or_default());
    }
    Ok(entries)
}

/// A label that covers a product: since when and until when it is in force.
type Covers = (Id, Scheme, Date, Option<Date>);

/// Verified labels that cover these products whole, whenever they are in force.
fn labels(db: &mut Db, ids: &[Id]) -> Result<Vec<Covers>> {
    let query = sql("select c.product, l.scheme, l.since, l.until, l.withdrawn
                     from label_cover c join quality_label l on l.id = c.label
                     where l.verified is not null and c.lot is null and c.product")
    .within(ids)
    .open("what covers a published product is public");
    db.rows(&query, |row| {
        let (product, scheme, since) = (row.take()?, row.take()?, row.take()?);
        let (until, withdrawn): (Option<Date>, Option<Date>) = (row.take()?, row.take()?);
        let last = withdrawn.map(|day| day.yesterday().unwrap_or(day));
        Ok((product, scheme, since, [until, last].into_iter().flatten().min()))
    })
}

/// Labels in force on this day that cover these products whole, by product.
pub(crate) fn labels_of(db: &mut Db, ids: &[Id], today: Date) -> Result<HashMap<Id, Vec<Scheme>>> {
    let mut found: HashMap<Id, Vec<Scheme>> = HashMap::new();
    for (product, scheme, since, until) in labels(db, ids)? {
        let schemes = found.entry(product).or_default();
        if since <= today && until.is_none_or(|until| until >= today) && !schemes.contains(&scheme) {
            schemes.push(scheme);
        }
    }
    Ok(found)
}

/// The index follows products, and what is said of them elsewhere than in their record.
pub(crate) fn hears(tx: &mut Tx<'_>, fact: &Fact) -> Result<()> {
    const HEARD: [&str; 4] =
        ["market.product_price.", "market.quality_label.", "market.label_cover.", "registry.organisation."];
    if fact.kind.starts_with("market.product.") {
        tx.touch(fact.record);
    }
    if HEARD.iter().any(|kind| fact.kind.starts_with(kind)) {
        let query = sql("select id from product where organisation = ?").bind(fact.about);
        let products: Vec<Id> =
            tx.rows(&query.open("the index follows what was written"), kernel::value::Row::take)?;
        products.into_iter().for_each(|product| tx.touch(product));
    }
    Ok(())
}
