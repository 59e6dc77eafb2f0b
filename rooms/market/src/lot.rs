//! A lot: what was made of a product at one time, with its number, its dates and its quantity.

use jiff::civil::Date;
use kernel::kinds::{Code, Long, Multi, Ref};
use kernel::{Ctx, Db, Error, Id, Result, Standing, Tx, record, sql};
use registry::Organisation;

use crate::movement;
use crate::product::{self, Making, Product, ProductKind, ProductStatus, Unit};

record! {
    /// A lot of a product. Its quantity is what was made, in the unit of the product; what is left follows from movements.
    pub Lot in "lot" as "market.lot", about organisation {
        main(Public, File) {
            organisation: Ref<Organisation>, product: Ref<Product>, number: Code, produced: Date,
            best_before: Option<Date>,
        }
        stock(File, File) { quantity: i64, unit: Unit, note: Option<Long> }
    }
}

/// The longest number of a lot that a GS1 Digital Link carries (application identifier 10).
const LONGEST: usize = 20;

impl Lot {
    /// A last look, in the transaction that saves it.
    pub(crate) fn check_sound(&self, tx: &mut Tx<'_>) -> Result<()> {
        let product = kernel::record::get::<Product>(tx, self.product.id)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
        if self.number.0.len() > LONGEST || !self.number.0.chars().all(plain) {
            return Err(Error::field("number", "lot.number_shape"));
        }
        if self.produced > kernel::today() {
            return Err(Error::field("produced", "lot.not_yet"));
        }
        if self.best_before.is_some() && product.kind == ProductKind::Craft {
            return Err(Error::field("best_before", "lot.no_end"));
        }
        if self.best_before.is_some_and(|end| end < self.produced) {
            return Err(Error::field("best_before", "error.dates_order"));
        }
        if self.quantity == 0 || (product.making == Making::Unique && self.quantity != 1) {
            let key = if self.quantity == 0 { "lot.nothing" } else { "lot.only_one" };
            return Err(Error::field("quantity", key));
        }
        let parts = movement::into(tx, self.id)?;
        let made: i64 = parts.iter().map(|part| part.quantity).sum();
        if !parts.is_empty() && made != self.quantity {
            return Err(Error::field("quantity", "lot.sum"));
        }
        if parts.iter().any(|part| part.day != self.produced) {
            return Err(Error::field("produced", "lot.blended_on"));
        }
        movement::check_stock(tx, self.id)
    }
}

/// A line of a list of lots.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Line {
    pub(crate) id: Id,
    pub(crate) number: String,
    #[schemars(with = "String")]
    pub(crate) produced: Date,
    #[schemars(with = "Option<String>")]
    pub(crate) best_before: Option<Date>,
    pub(crate) name: Multi,
    pub(crate) unit: Unit,
    /// What is left.
    pub(crate) left: i64,
    /// True if its product was never published.
    pub(crate) draft: bool,
}

/// What is left of a lot `l`.
macro_rules! left {
    () => {
        "(l.quantity + coalesce((select sum(case when m.reason in ('found', 'returned') then m.quantity else -m.quantity end)
         from lot_movement m where m.lot = l.id), 0))"
    };
}

const LINES: &str = concat!(
    "select l.id, l.number, l.produced, l.best_before, p.name, l.unit, cast(",
    left!(),
    " as bigint), p.status from lot l join product p on p.id = l.product where"
);

/// Only lots of which something is left: those that were sold out long ago do not hide them.
const IN_STOCK: &str = concat!(" and ", left!(), " > 0");

fn line(row: &mut kernel::value::Row) -> Result<Line> {
    Ok(Line {
        id: row.take()?,
        number: row.take::<String>()?,
        produced: row.take()?,
        best_before: row.take()?,
        name: row.take()?,
        unit: row.take()?,
        left: row.take()?,
        draft: row.take::<ProductStatus>()? == ProductStatus::Draft,
    })
}

/// Lots of a product, the latest first. The caller checked the standing.
pub(crate) fn of(db: &mut Db, product: Id) -> Result<Vec<Line>> {
    let query = sql(LINES).and(" l.product = ? order by l.produced desc, l.id desc limit 100").bind(product);
    db.rows(&query.open("the caller checked the standing at the organisation"), line)
}

/// Lots of a cooperative, the latest first. The caller checked the standing.
pub(crate) fn of_holder(db: &mut Db, organisation: Id) -> Result<Vec<Line>> {
    let query = sql(LINES).and(" l.organisation = ? order by l.produced desc, l.id desc limit 200");
    db.rows(&query.bind(organisation).open("the caller checked the standing at the organisation"), line)
}

/// Lots of a cooperative in this unit of which something is left: what can be blended.
pub(crate) fn with_stock(db: &mut Db, organisation: Id, unit: Unit) -> Result<Vec<Line>> {
    let query = sql(LINES).and(" l.organisation = ? and l.unit = ?").bind(organisation).bind(unit);
    let query = query.and(IN_STOCK).and(" order by l.produced desc, l.id desc limit 200");
    db.rows(&query.open("the caller checked the standing at the organisation"), line)
}

/// Lots of a product that are good on this day and of which something is left: what ends first comes first, then what was
/// made first. The caller checked the standing.
pub(crate) fn good(db: &mut Db, product: Id, day: Date) -> Result<Vec<Line>> {
    let query = sql(LINES).and(" l.product = ? and (l.best_before is null or l.best_before >= ?)");
    let query = query.bind(product).bind(day).and(IN_STOCK);
    let query = query.and(" order by case when l.best_before is null then 1 else 0 end, l.best_before, l.produced, l.id limit 200");
    db.rows(&query.open("the caller checked the standing at the organisation"), line)
}

/// The lot with its product, for whoever works on the file, or knows of the cooperative and the product left its draft. A
/// product that is no longer offered keeps the pages of its lots: the square on a jar must go on telling where it is from.
pub(crate) fn open(ctx: &Ctx, db: &mut Db, id: Id) -> Result<(Lot, Product, Standing)> {
    let lot = kernel::record::get::<Lot>(db, id)?;
    let standing = ctx.standing(db, lot.organisation.id, Standing::Public)?;
    let product = kernel::record::get::<Product>(db, lot.product.id)?;
    if standing < Standing::File && product.status == ProductStatus::Draft {
        return Err(product::hidden(ctx));
    }
    Ok((lot, product, standing))
}

/// The lots with this number that the viewer may read of, of one product if it is named.
pub(crate) fn numbered(ctx: &Ctx, db: &mut Db, number: &str, product: Option<Id>) -> Result<Vec<Id>> {
    let query = sql("select l.id from lot l join product p on p.id = l.product where l.number = ? and p.status <> 'draft'")
        .bind(number.to_uppercase())
        .and_if(" and l.product = ?", product)
        .and(" and")
        .seen(&ctx.viewer, "l.organisation")
        .and(" order by l.id limit 20");
    db.rows(&query, kernel::value::Row::take)
}

/// Lots by id, for pages that choose among them.
pub(crate) fn lines_of(db: &mut Db, ids: &[Id]) -> Result<Vec<Line>> {
    db.rows(&sql(LINES).and(" l.id").within(ids).open("the caller checked each of them"), line)
}

/// The address under which a lot is printed: a GS1 Digital Link if its product has a GTIN, else our own.
pub(crate) fn address(product: &Product, lot: &Lot) -> String {
    match &product.gtin {
        Some(gtin) => format!("/01/{}/10/{}", gtin.0, lot.number.0),
        None => format!("/lots/{}", lot.id),
    }
}

/// True if something was taken from it, or it is made of others.
pub(crate) fn is_moved(db: &mut Db, lot: Id) -> Result<bool> {
    let query = sql("select count(*) from lot_movement where lot = ? or blend = ?").bind(lot).bind(lot);
    Ok(db.one::<i64>(&query.open("the caller works on the file"))? > 0)
}

/// Waits for whoever else is changing what is left of a lot.
pub(crate) fn hold(tx: &mut Tx<'_>, lot: Id) -> Result<()> {
    tx.run(&sql("update lot set version = version where id = ?").bind(lot).open("waits, changes nothing"))?;
    Ok(())
}
