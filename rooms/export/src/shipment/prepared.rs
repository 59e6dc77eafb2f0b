//! What was prepared of an order and what of it is packed, line by line and lot by lot: nothing is packed that was not prepared.

use kernel::kinds::Multi;
use kernel::{Db, Error, FieldError, Id, Result, Wrong};
use market::SoldLot;
use sales::{Agreed, Line, SaleStatus};

use super::package::{self, Packed, Typed};

/// An order that left its shelves, with its packages.
pub(crate) struct Prepared {
    pub(crate) agreed: Agreed,
    /// What was taken from lots for it.
    pub(crate) lots: Vec<SoldLot>,
    pub(crate) packed: Vec<Packed>,
}

/// Something that can be packed: a line of one lot, or of none where no lots are kept.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) line: Id,
    pub(crate) name: Multi,
    pub(crate) lot: Option<(Id, String)>,
    /// So many of the line are not packed yet; below zero where too many are.
    pub(crate) left: i64,
}

impl Place {
    fn is(&self, line: Id, lot: Option<Id>) -> bool {
        self.line == line && self.lot.as_ref().map(|(lot, _)| *lot) == lot
    }

    /// The name of its input.
    pub(crate) fn field(&self) -> String {
        field(self.line, self.lot.as_ref().map(|(lot, _)| *lot))
    }
}

/// The name of the input for a line of a lot.
pub(crate) fn field(line: Id, lot: Option<Id>) -> String {
    format!("hold.{line}.{}", lot.map(|lot| lot.to_string()).unwrap_or_default())
}

impl Prepared {
    /// The order with its packages. The caller checked the right to it.
    ///
    /// # Errors
    /// Refused before the order was prepared.
    pub(crate) fn read(db: &mut Db, order: Id) -> Result<Prepared> {
        let not_yet = || Error::refused("shipment_package.not_prepared");
        let agreed = sales::agreed(db, order)?.ok_or_else(not_yet)?;
        if !matches!(agreed.order.status, SaleStatus::Prepared | SaleStatus::Delivered) {
            return Err(not_yet());
        }
        let lots = market::sold_as(db, agreed.order.organisation.id, &agreed.order.reference())?;
        Ok(Prepared { agreed, lots, packed: package::of(db, order)? })
    }

    /// The lines of the order.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.agreed.lines.iter().map(|(line, _)| line)
    }

    /// Everything that is packed, each with how many of it in all.
    fn contents(&self) -> impl Iterator<Item = (Id, Option<Id>, i128)> {
        self.packed.iter().flat_map(|packed| {
            let packages = i128::from(packed.package.count);
            packed.contents.iter().map(move |content| {
                (content.sale_line.id, content.lot.map(|lot| lot.id), packages * i128::from(content.count))
            })
        })
    }

    /// So many of a line are packed, of all lots together.
    fn of_line(&self, line: Id) -> i128 {
        self.contents().filter(|(of, ..)| *of == line).map(|(.., count)| count).sum()
    }

    /// So much of a lot is packed, in its smallest unit, of all lines together.
    fn of_lot(&self, lot: Id) -> i128 {
        let holds =
            |line: Id| self.lines().find(|one| one.id == line).map_or(0, |one| i128::from(one.content));
        self.contents()
            .filter(|(_, of, _)| *of == Some(lot))
            .map(|(line, _, count)| count * holds(line))
            .sum()
    }

    /// What can be packed, and how much of it is left to pack.
    pub(crate) fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        for line in self.lines() {
            let left = i128::from(line.count) - self.of_line(line.id);
            let lots: Vec<&SoldLot> = self.lots.iter().filter(|lot| lot.product == line.product.id).collect();
            let place = |lot: Option<&SoldLot>| {
                let of_lot = lot.map(|lot| {
                    (i128::from(lot.quantity) - self.of_lot(lot.lot)).div_euclid(i128::from(line.content))
                });
                let left = of_lot.map_or(left, |of_lot| of_lot.min(left));
                Place {
                    line: line.id,
                    name: line.name.clone(),
                    lot: lot.map(|lot| (lot.lot, lot.number.clone())),
                    left: i64::try_from(left).unwrap_or(i64::MIN),
                }
            };
            if lots.is_empty() {
                places.push(place(None));
            }
            places.extend(lots.into_iter().map(|lot| place(Some(lot))));
        }
        places
    }

    /// So many of the order are not packed yet.
    pub(crate) fn left(&self) -> i64 {
        let left = |line: &Line| i64::try_from(i128::from(line.count) - self.of_line(line.id)).unwrap_or(0);
        self.lines().map(left).sum()
    }

    /// Refuses what is no line of the order, or of a lot that was not taken for it, at its field.
    pub(crate) fn check_known(&self, typed: &[Typed]) -> Result<()> {
        let places = self.places();
        let known = |line: Id, lot: Option<Id>| places.iter().any(|place| place.is(line, lot));
        let unknown = typed.iter().filter(|(line, lot, _)| !known(*line, *lot));
        let wrong: Vec<FieldError> = unknown
            .map(|(line, lot, _)| FieldError {
                field: field(*line, *lot),
                wrong: Wrong::new("error.reference"),
            })
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }

    /// Refuses more than was prepared, at its field.
    pub(crate) fn check(&self) -> Result<()> {
        let places = self.places();
        let mut wrong = Vec::<FieldError>::new();
        for (line, lot, _) in self.contents() {
            let field = field(line, lot);
            let over = places.iter().find(|place| place.is(line, lot) && place.left < 0);
            if let Some(place) = over
                && !wrong.iter().any(|there| there.field == field)
            {
                let refused = Wrong::new("shipment_package.too_many").with("n", -place.left);
                wrong.push(FieldError { field, wrong: refused });
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }
}
