//! What came to a lot and what left it. What is left is never below zero, on any day.

use jiff::civil::Date;
use kernel::kinds::Ref;
use kernel::{Db, Error, FieldError, Id, Record, Result, Tx, Wrong, choice, record, sql};
use registry::Organisation;

use crate::lot::{self, Lot};
use crate::stock;

choice! {
    /// Why a quantity came or left; the first two came.
    pub Reason in "lot_movement.reason" {
        Found = "found", Returned = "returned", Sold = "sold", Given = "given", Lost = "lost", Used = "used",
        Blended = "blended",
    }
}

record! {
    /// A quantity that came to a lot or left it on a day.
    pub Movement in "lot_movement" as "market.lot_movement", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, lot: Ref<Lot>, day: Date, reason: Reason, quantity: i64, note: Option<String>,
            blend: Option<Ref<Lot>>,
        }
    }
}

impl Movement {
    /// What it changes: more or less.
    pub fn change(&self) -> i64 {
        match self.reason {
            Reason::Found | Reason::Returned => self.quantity,
            Reason::Sold | Reason::Given | Reason::Lost | Reason::Used | Reason::Blended => -self.quantity,
        }
    }

    /// A last look at what somebody typed, in the transaction that saves it.
    pub(crate) fn check_sound(&self, tx: &mut Tx<'_>) -> Result<()> {
        if self.quantity == 0 {
            return Err(Error::field("quantity", "lot_movement.nothing"));
        }
        if self.day > kernel::today() {
            return Err(Error::field("day", "lot.not_yet"));
        }
        if self.day < kernel::record::get::<Lot>(tx, self.lot.id)?.produced {
            return Err(Error::field("day", "lot_movement.before"));
        }
        check_stock(tx, self.lot.id)
    }
}

fn select(db: &mut Db, column: &str, lot: Id) -> Result<Vec<Movement>> {
    let columns = Movement::columns("");
    let query =
        sql(&format!("select {columns} from lot_movement where {column} = ? order by day desc, id desc"));
    db.rows(&query.bind(lot).open("the caller checked the standing at the organisation"), Movement::from_row)
}

/// Movements of a lot, the latest first.
pub(crate) fn of(db: &mut Db, lot: Id) -> Result<Vec<Movement>> {
    select(db, "lot", lot)
}

/// What was taken from other lots to make this one.
pub(crate) fn into(db: &mut Db, lot: Id) -> Result<Vec<Movement>> {
    select(db, "blend", lot)
}

/// What is left of a lot.
pub(crate) fn left(db: &mut Db, lot: &Lot) -> Result<i128, Error> {
    let changes = of(db, lot.id)?;
    let changes = changes.iter().map(|movement| (movement.day, movement.change()));
    Ok(stock::left(changes.chain([(lot.produced, lot.quantity)])).unwrap_or_default())
}

/// Refuses what would take more from a lot than it holds. Whoever changes the same lot at the same time waits.
pub(crate) fn check_stock(tx: &mut Tx<'_>, lot: Id) -> Result<()> {
    check(tx, lot, None)
}

fn check(tx: &mut Tx<'_>, lot: Id, without: Option<Id>) -> Result<()> {
    lot::hold(tx, lot)?;
    let lot = kernel::record::get::<Lot>(tx, lot)?;
    let changes = of(tx, lot.id)?;
    let changes = changes.iter().filter(|movement| Some(movement.id) != without);
    let changes = changes.map(|movement| (movement.day, movement.change()));
    match stock::left(changes.chain([(lot.produced, lot.quantity)])) {
        Ok(_) => Ok(()),
        Err(short) => {
            let wrong = Wrong::new("lot_movement.short")
                .with("number", lot.number.0)
                .with("missing", short.missing)
                .with("day", short.day);
            Err(Error::Invalid(vec![FieldError { field: "quantity".into(), wrong }]))
        }
    }
}

/// Refuses that a movement be taken back when what left since would be more than was there.
pub(crate) fn check_without(tx: &mut Tx<'_>, gone: &Movement) -> Result<()> {
    check(tx, gone.lot.id, Some(gone.id))
}
