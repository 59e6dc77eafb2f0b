//! Collection: what a cooperative brings, lot by lot, is looked at, and what passes leaves the stock of its lot.

use jiff::civil::Date;
use kernel::kinds::{File, Multi, Ref};
use kernel::{Db, Error, Id, Record, Result, Tx, choice, record, sql};
use market::Lot;
use registry::Organisation;

use crate::order::{self, Order, Stage};
use crate::part::{Member, places};
use crate::{reserve, settlement};

choice! {
    /// The grade that was found. What the second is worth was agreed before anybody pledged.
    pub Grade in "pooled_reception.grade" { First = "first", Second = "second" }
}

record! {
    /// What was brought of a lot and what of it was accepted, in packs.
    pub Reception in "pooled_reception" as "pooled.reception", about lead {
        main(File, File) {
            lead: Ref<Organisation>, pooled_order: Ref<Order>, part: Ref<Member>, lot: Ref<Lot>, day: Date, brought: i64,
            accepted: i64, grade: Grade, moisture: Option<i64>, photo: Option<File>, note: Option<String>,
        }
    }
}

/// What is taken from a lot for a reception.
fn movement(reception: Id) -> Id {
    Id::named(&format!("pooled reception {reception}"))
}

impl Reception {
    /// A last look, in the transaction that saves it; what passed leaves the lot.
    pub(crate) fn check_sound(&self, tx: &mut Tx<'_>, note: String) -> Result<()> {
        let order = order::hold(tx, self.pooled_order.id)?;
        if self.version > 1 {
            return Err(Error::refused("pooled_reception.fixed"));
        }
        order::at(&order, &[Stage::Confirmed])?;
        settlement::check_open(tx, order.id)?;
        let places = places(tx, order.id)?;
        let place = places.iter().find(|place| place.part.id == self.part.id);
        let place = place.ok_or_else(|| Error::field("part", "error.reference"))?;
        if place.agreed() == 0 || place.part.closed.is_some() {
            return Err(Error::field("part", "pooled_reception.no_share"));
        }
        if place.accepted() > place.agreed() {
            return Err(Error::field("accepted", "pooled_reception.above"));
        }
        if self.brought == 0 {
            return Err(Error::field("brought", "pooled_order.nothing"));
        }
        if self.accepted > self.brought {
            return Err(Error::field("accepted", "pooled_reception.more"));
        }
        if self.accepted < self.brought && self.note.is_none() {
            return Err(Error::field("note", "pooled_reception.why"));
        }
        if self.moisture.is_some_and(|moisture| moisture > 1000) {
            return Err(Error::field("moisture", "pooled_reception.moisture_range"));
        }
        if self.day > kernel::today() {
            return Err(Error::field("day", "lot.not_yet"));
        }
        let lot = kernel::record::find::<Lot>(tx, self.lot.id)?;
        let lot =
            lot.filter(|lot| lot.organisation.id == place.part.organisation.id && lot.unit == order.unit);
        let lot = lot.ok_or_else(|| Error::field("lot", "pooled_pledge.lot_other"))?;
        if self.accepted > 0 {
            let units = i128::from(self.accepted) * i128::from(order.pack);
            let units = i64::try_from(units).map_err(|_| Error::field("accepted", "error.number_range"))?;
            reserve::hold(tx, order.id, Some(&lot))?;
            market::sell(tx, movement(self.id), &lot, self.day, units, note)?;
            reserve::follow(tx, order.id)?;
        }
        Ok(())
    }

    /// What follows when it is taken back: the stock returns to the lot.
    pub(crate) fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        let order = order::hold(tx, self.pooled_order.id)?;
        order::at(&order, &[Stage::Confirmed])?;
        settlement::check_open(tx, order.id)?;
        let lot = kernel::record::get::<Lot>(tx, self.lot.id)?;
        reserve::hold(tx, order.id, Some(&lot))?;
        market::unsell(tx, movement(self.id))
    }
}

/// What was accepted of a lot of a cooperative.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The cooperative.
    pub organisation: Id,
    /// Its name.
    pub name: Multi,
    /// Its lot.
    pub lot: Id,
    /// The number of the lot.
    pub number: String,
    /// What the lot is of.
    pub product: Id,
    /// Packs of the first and of the second grade.
    pub packs: [i64; 2],
}

/// What was accepted of an order, lot by lot, by name of the cooperative. The caller checked the standing at the order.
///
/// # Errors
/// When the database fails.
pub fn accepted(db: &mut Db, order: Id) -> Result<Vec<Accepted>> {
    let query = sql("select o.id, o.name, l.id, l.number, l.product,
                     cast(sum(case when r.grade = 'first' then r.accepted else 0 end) as bigint),
                     cast(sum(case when r.grade = 'second' then r.accepted else 0 end) as bigint)
                     from pooled_reception r join pooled_part m on m.id = r.part
                     join organisation o on o.id = m.organisation join lot l on l.id = r.lot
                     where r.pooled_order = ? and r.accepted > 0
                     group by o.sort, o.id, o.name, l.number, l.id, l.product order by o.sort, o.id, l.number, l.id");
    db.rows(&query.bind(order).open("the caller checked the standing at the order"), |row| {
        Ok(Accepted {
            organisation: row.take()?,
            name: row.take()?,
            lot: row.take()?,
            number: row.take()?,
            product: row.take()?,
            packs: [row.take()?, row.take()?],
        })
    })
}

/// Receptions of an order or of one cooperative in it, the latest first. The caller checked the standing.
pub(crate) fn of(db: &mut Db, column: &str, id: Id) -> Result<Vec<Reception>> {
    let columns = Reception::columns("");
    let query =
        sql(&format!("select {columns} from pooled_reception where {column} = ? order by day desc, id desc"));
    db.rows(&query.bind(id).open("the caller checked the standing"), Reception::from_row)
}
