//! A package of what leaves together: its marks, weights and sides, and what is in it, article by article and lot by lot.

use kernel::kinds::{Long, Ref};
use kernel::{Db, Error, Id, Record, Result, Tx, Words, record, sql};
use market::Lot;
use pooled::Order as PooledOrder;
use registry::Organisation;
use sales::{Line, SaleOrder};

use super::consignment::Origin;
use super::prepared::Prepared;
use super::sscc::Sscc;

record! {
    /// One package, or several that are alike, of an order of one cooperative or of a pooled order. Weights are grams, sides millimetres, each of one package.
    pub Package in "shipment_package" as "export.shipment_package", about organisation {
        origin(File, File) {
            organisation: Ref<Organisation>, sale_order: Option<Ref<SaleOrder>>, pooled_order: Option<Ref<PooledOrder>>,
            number: i64,
        }
        main(File, File) { count: i64, marks: Option<Long>, sscc: Option<Sscc> }
        weight(File, File) { net: i64, gross: i64 }
        size(File, File) { length: Option<i64>, width: Option<i64>, height: Option<i64> }
    }
}

record! {
    /// So many of a line of the order, of one lot, in each of the packages that are alike. A pooled order has no lines: its
    /// packs are all alike, and always of a lot.
    pub Content in "shipment_content" as "export.shipment_content", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, package: Ref<Package>, sale_line: Option<Ref<Line>>, lot: Option<Ref<Lot>>,
            count: i64,
        }
    }
}

impl Package {
    /// What it is a package of.
    pub(crate) fn of(&self) -> Result<Origin> {
        Origin::of_row(self.sale_order.map(|order| order.id), self.pooled_order.map(|order| order.id))
    }
}

/// What somebody types to be in each package: article, lot and how many of the article.
pub(crate) type Typed = (Id, Option<Id>, i64);

/// A package with what is in it.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    pub(crate) package: Package,
    pub(crate) contents: Vec<Content>,
}

/// The packages of an order, in their order, each with what is in it. The caller checked the right to the order.
pub(crate) fn of(db: &mut Db, origin: Origin) -> Result<Vec<Packed>> {
    let (columns, of) = (Package::columns(""), origin.column());
    let query = sql(&format!("select {columns} from shipment_package where {of} = ? order by number, id"));
    let query = query.bind(origin.id()).open("the caller checked the right to the order");
    let packages = db.rows(&query, Package::from_row)?;
    packages.into_iter().map(|package| Ok(Packed { contents: contents(db, package.id)?, package })).collect()
}

/// What is in a package. The caller checked the right to it.
pub(crate) fn contents(db: &mut Db, package: Id) -> Result<Vec<Content>> {
    let columns = Content::columns("");
    let query =
        sql(&format!("select {columns} from shipment_content where package = ? order by sale_line, lot, id"));
    db.rows(&query.bind(package).open("the caller checked the right to the order"), Content::from_row)
}

/// The number after the last one of an order, which the caller holds.
pub(crate) fn next_number(tx: &mut Tx<'_>, origin: Origin) -> Result<i64> {
    let of = origin.column();
    let last =
        format!("select cast(coalesce(max(number), 0) as bigint) from shipment_package where {of} = ?");
    Ok(tx.one::<i64>(&sql(&last).bind(origin.id()).open("numbers of one order"))? + 1)
}

/// Puts exactly this into a package, and looks whether the order holds it. The caller holds the order and read what was packed
/// before it changed the package.
///
/// # Errors
/// With the field of the line, when more would be packed than was prepared.
pub(crate) fn fill(
    w: Words,
    tx: &mut Tx<'_>,
    before: &Prepared,
    package: &Package,
    typed: &[Typed],
) -> Result<()> {
    if package.count > 1 && package.sscc.is_some() {
        return Err(Error::field("sscc", "shipment_package.sscc_of_one"));
    }
    if typed.is_empty() {
        return Err(Error::field("contents", "shipment_package.empty"));
    }
    before.check_known(typed)?;
    let wanted: Vec<Content> = typed
        .iter()
        .map(|(article, lot, count)| Content {
            id: Id::named(&format!(
                "{} {article} {}",
                package.id,
                lot.map(|lot| lot.to_string()).unwrap_or_default()
            )),
            version: 1,
            organisation: package.organisation,
            package: package.id.into(),
            sale_line: package.sale_order.map(|_| (*article).into()),
            lot: lot.map(Ref::from),
            count: *count,
        })
        .collect();
    for there in contents(tx, package.id)? {
        match wanted.iter().find(|content| content.id == there.id) {
            Some(content) => {
                kernel::record::update(tx, &Content { version: there.version, ..content.clone() })?;
            }
            None => kernel::record::remove(tx, &there)?,
        }
    }
    for content in &wanted {
        if kernel::record::find::<Content>(tx, content.id)?.is_none() {
            kernel::record::insert(tx, content)?;
        }
    }
    Prepared::read(w, tx, before.origin)?.check(before)
}

/// Takes a package away with what is in it.
pub(crate) fn remove(tx: &mut Tx<'_>, package: &Package) -> Result<()> {
    for content in contents(tx, package.id)? {
        kernel::record::remove(tx, &content)?;
    }
    kernel::record::remove(tx, package)
}
