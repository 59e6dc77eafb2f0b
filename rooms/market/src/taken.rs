//! What rooms above take from the market: labels in force, stock, where lots came from and went.

use jiff::civil::Date;
use kernel::kinds::Multi;
use kernel::{Db, Id, Result, Tx, sql};

use crate::label::{self, Label, Scheme};
use crate::lot::{self, Lot};
use crate::movement::{Movement, Reason};
use crate::price::Pack;
use crate::product::{Product, Unit};
use crate::promise;
use crate::sale::LotLeft;

/// True if a cooperative has a label of this scheme in force on this day, for itself or for something it makes.
///
/// # Errors
/// When the database fails. The caller checked the standing at the cooperative.
pub fn holds_label(db: &mut Db, organisation: Id, scheme: Scheme, today: Date) -> Result<bool> {
    use label::Condition::{Ending, InForce};
    let labels = label::of(db, organisation)?;
    let holds = |label: &label::Label| matches!(label.condition(today), InForce | Ending);
    Ok(labels.iter().any(|label| label.scheme == scheme && holds(label)))
}

/// Lots of a cooperative in this unit of which something is left, the latest first. The caller checked the right to it.
///
/// # Errors
/// When the database fails.
pub fn stock_of(db: &mut Db, organisation: Id, unit: Unit) -> Result<Vec<LotLeft>> {
    Ok(lot::with_stock(db, organisation, unit)?.into_iter().map(LotLeft::from).collect())
}

/// Takes a sold quantity out of a lot, in its unit. The same id again changes nothing. What happened is never refused because
/// something else was promised: the next promise finds less.
///
/// # Errors
/// With a sentence, when the day is before the lot was made or more would leave it than is there.
pub fn sell(tx: &mut Tx<'_>, id: Id, lot: &Lot, day: Date, quantity: i64, note: String) -> Result<()> {
    let movement = Movement {
        id,
        version: 1,
        organisation: lot.organisation,
        lot: lot.id.into(),
        day,
        reason: Reason::Sold,
        quantity,
        note: Some(note),
        blend: None,
    };
    promise::hold(tx, [lot.product.id])?;
    kernel::record::insert(tx, &movement)?;
    movement.check_sound(tx)
}

/// How much of a lot was sold under a note, in its smallest unit.
#[derive(Clone, Debug)]
pub struct SoldLot {
    /// Its product.
    pub product: Id,
    /// The lot.
    pub lot: Id,
    /// Its number.
    pub number: String,
    /// How much.
    pub quantity: i64,
}

/// The lots that a cooperative sold under this note. The caller checked the right to it.
///
/// # Errors
/// When the database fails.
pub fn sold_as(db: &mut Db, organisation: Id, note: &str) -> Result<Vec<SoldLot>> {
    let query = sql("select l.product, l.id, l.number, cast(sum(m.quantity) as bigint) from lot_movement m join lot l on l.id = m.lot
                     where m.organisation = ? and m.reason = 'sold' and m.note = ?
                     group by l.product, l.id, l.number order by l.number, l.id");
    let query = query.bind(organisation).bind(note).open("the caller checked the right to the order");
    db.rows(&query, |row| {
        Ok(SoldLot { product: row.take()?, lot: row.take()?, number: row.take()?, quantity: row.take()? })
    })
}

/// Takes a sale back: what [`sell`] took under this id is in its lot again.
///
/// # Errors
/// When the database fails.
pub fn unsell(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let Some(movement) = kernel::record::find::<Movement>(tx, id)? else { return Ok(()) };
    let product = kernel::record::get::<Lot>(tx, movement.lot.id)?.product.id;
    promise::hold(tx, [product])?;
    lot::hold(tx, movement.lot.id)?;
    kernel::record::remove(tx, &movement)
}

/// Lots that these are blends of, and theirs, and so on; without themselves.
///
/// # Errors
/// When the database fails. The caller decides who reads of it.
pub fn made_of(db: &mut Db, lots: &[Id]) -> Result<Vec<Id>> {
    followed(db, lots, "lot", "blend")
}

/// Blends that these lots went into, and theirs, and so on; without themselves.
///
/// # Errors
/// When the database fails. The caller decides who reads of it.
pub fn gone_into(db: &mut Db, lots: &[Id]) -> Result<Vec<Id>> {
    followed(db, lots, "blend", "lot")
}

fn followed(db: &mut Db, lots: &[Id], next: &str, from: &str) -> Result<Vec<Id>> {
    let mut found: Vec<Id> = Vec::new();
    let mut edge = lots.to_vec();
    while !edge.is_empty() {
        let query =
            sql(&format!("select distinct {next} from lot_movement where blend is not null and {from}"));
        let query = query.within(&edge).and(" order by 1").open("the caller decides who reads of it");
        let there: Vec<Id> = db.rows(&query, kernel::value::Row::take)?;
        edge = there.into_iter().filter(|id| !found.contains(id) && !lots.contains(id)).collect();
        found.extend(&edge);
    }
    Ok(found)
}

/// Products of a cooperative, drafts too, each with its name. The caller checked the right to its file.
///
/// # Errors
/// When the database fails.
pub fn products_of(db: &mut Db, organisation: Id) -> Result<Vec<(Id, Multi)>> {
    let query = sql(
        "select id, name from product where organisation = ? and status <> 'withdrawn' order by id limit 200",
    );
    let query = query.bind(organisation).open("the caller checked the right to the file");
    db.rows(&query, |row| Ok((row.take()?, row.take()?)))
}

/// Labels that stand for a product, in whatever condition: those that name it whole, and those of its cooperative as such.
/// The caller checked the right to the file.
///
/// # Errors
/// When the database fails.
pub fn labels_of(db: &mut Db, product: &Product) -> Result<Vec<Label>> {
    let mut labels = label::of(db, product.organisation.id)?;
    let mut covering = Vec::new();
    for label in &labels {
        let covers = label::covers(db, label.id)?;
        let whole = |cover: &label::CoverLine| cover.product == product.id && cover.lot.is_none();
        if covers.is_empty() || covers.iter().any(whole) {
            covering.push(label.id);
        }
    }
    labels.retain(|label| covering.contains(&label.id));
    Ok(labels)
}

/// The packs of a product. The caller checked the right to read of it.
///
/// # Errors
/// When the database fails.
pub fn packs_of(db: &mut Db, product: Id) -> Result<Vec<Pack>> {
    crate::price::packs(db, product)
}
