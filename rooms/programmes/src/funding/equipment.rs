//! Equipment: what a file brings to a cooperative, who received it, and whether it still works.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::form::Options;
use kernel::kinds::{File, Long, Multi, Ref};
use kernel::piece::Piece;
use kernel::{Ctx, Db, Error, Fields, Id, Record, Result, Tx, choice, record, sql};
use people::Account;

use super::hangs_on_funding;
use super::request::programme_of;
use crate::Programme;

record! {
    /// A piece of equipment, or several of the same.
    pub Equipment in "equipment" as "programmes.equipment", about programme {
        main(Shared, File) {
            programme: Ref<Programme>, funding: Ref<super::Funding>, name: Multi, quantity: i64, serial: Option<String>,
            hand_over: Option<Ref<HandOver>>,
        }
    }
}

record! {
    /// Equipment that was handed over, with the receipt that the cooperative signed. Without a named piece it is all that
    /// the file had not handed over yet.
    pub HandOver in "hand_over" as "programmes.hand_over", about programme {
        main(File, File) {
            programme: Ref<Programme>, funding: Ref<super::Funding>, equipment: Option<Ref<Equipment>>, handed: Date,
            receiver: String, note: Option<Long>, file: File,
        }
    }
}

choice! {
    /// Which of the inspections it is.
    pub Occasion in "inspection.occasion" { SixMonths = "six_months", TwelveMonths = "twelve_months", Other = "other" }
}

choice! {
    /// How equipment was found.
    pub Works in "inspection.state" { Works = "works", Idle = "idle", Broken = "broken", Missing = "missing" }
}

record! {
    /// A look at equipment where it stands.
    pub Inspection in "inspection" as "programmes.inspection", about programme {
        main(File, File) {
            programme: Ref<Programme>, funding: Ref<super::Funding>, equipment: Ref<Equipment>, inspected: Date,
            occasion: Occasion, state: Works, note: Option<Long>, photo: Option<File>, account: Ref<Account>,
        }
    }
}

impl Piece for Equipment {
    const PLURAL: &'static str = "equipment";
    const OWNER: &'static str = "funding";
    const GIVEN: &'static [&'static str] = &["programme", "hand_over"];
    fn owner(&self) -> Id {
        self.funding.id
    }
    fn rights(db: &mut Db, owner: Id) -> Result<Id> {
        programme_of(db, owner)
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        super::request::name(ctx, db, owner)
    }
    fn home(owner: Id) -> String {
        format!("/funding/{owner}#equipment")
    }
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("programme", programme_of(tx, owner)?.to_string());
        form.0.retain(|(name, _)| name != "hand_over");
        Ok(())
    }
    fn check(&self, _: &Ctx, _: &mut Tx<'_>) -> Result<()> {
        if (1..=10_000).contains(&self.quantity) {
            Ok(())
        } else {
            Err(Error::field("quantity", "error.number_range"))
        }
    }
    fn before_removal(&self, _: &mut Tx<'_>) -> Result<()> {
        if self.hand_over.is_some() { Err(Error::refused("equipment.handed_over")) } else { Ok(()) }
    }
}

impl Piece for HandOver {
    const PLURAL: &'static str = "hand-overs";
    hangs_on_funding!(File);
    fn offers(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        Ok(vec![("equipment", named(ctx, of(db, owner)?))])
    }
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("programme", programme_of(tx, owner)?.to_string());
        Ok(())
    }
    /// The equipment that it speaks of knows it from now on.
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        if self.handed > kernel::today() {
            return Err(Error::field("handed", "error.date_range"));
        }
        let all = of(tx, self.funding.id)?;
        let here = |piece: &Equipment| piece.hand_over.is_some_and(|there| there.id == self.id);
        let meant = |piece: &Equipment| match self.equipment {
            Some(one) => piece.id == one.id,
            None => piece.hand_over.is_none() || here(piece),
        };
        if !all.iter().any(|piece| meant(piece) && (piece.hand_over.is_none() || here(piece))) {
            return Err(Error::field("equipment", "hand_over.nothing_left"));
        }
        for piece in all.into_iter().filter(|piece| meant(piece) != here(piece)) {
            let hand_over = meant(&piece).then(|| self.id.into());
            if hand_over.is_none() && !inspections_of(tx, piece.id)?.is_empty() {
                return Err(Error::field("equipment", "hand_over.inspected"));
            }
            kernel::record::update(tx, &Equipment { hand_over, ..piece })?;
        }
        let early = inspections(tx, self.funding.id)?
            .into_iter()
            .any(|(_, inspection)| inspection.inspected < self.handed);
        if early { Err(Error::field("handed", "inspection.before")) } else { Ok(()) }
    }
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        for piece in of(tx, self.funding.id)? {
            if piece.hand_over.is_some_and(|there| there.id == self.id) {
                if !inspections_of(tx, piece.id)?.is_empty() {
                    return Err(Error::refused("hand_over.inspected"));
                }
                kernel::record::update(tx, &Equipment { hand_over: None, ..piece })?;
            }
        }
        Ok(())
    }
}

impl Piece for Inspection {
    const PLURAL: &'static str = "inspections";
    const OWNER: &'static str = "funding";
    const GIVEN: &'static [&'static str] = &["programme", "account"];
    fn owner(&self) -> Id {
        self.funding.id
    }
    fn rights(db: &mut Db, owner: Id) -> Result<Id> {
        programme_of(db, owner)
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        super::request::name(ctx, db, owner)
    }
    fn home(owner: Id) -> String {
        format!("/funding/{owner}#equipment")
    }
    fn offers(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        let handed = of(db, owner)?.into_iter().filter(|piece| piece.hand_over.is_some()).collect();
        Ok(vec![("equipment", named(ctx, handed))])
    }
    fn prepare(ctx: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("programme", programme_of(tx, owner)?.to_string());
        form.set("account", ctx.viewer.account.map(|account| account.to_string()).unwrap_or_default());
        Ok(())
    }
    /// What is looked at was handed over before; whatever does not work is told.
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let piece = kernel::record::find::<Equipment>(tx, self.equipment.id)?;
        let piece = piece.filter(|piece| piece.funding.id == self.funding.id);
        let Some(hand_over) = piece.and_then(|piece| piece.hand_over) else {
            return Err(Error::field("equipment", "inspection.not_handed"));
        };
        let handed = kernel::record::get::<HandOver>(tx, hand_over.id)?.handed;
        if self.inspected < handed {
            return Err(Error::field("inspected", "inspection.before"));
        }
        if self.inspected > kernel::today() {
            return Err(Error::field("inspected", "error.date_range"));
        }
        let silent = self.state != Works::Works && self.note.is_none();
        if silent { Err(Error::field("note", "inspection.say_why")) } else { Ok(()) }
    }
}

fn named(ctx: &Ctx, equipment: Vec<Equipment>) -> Options {
    equipment
        .into_iter()
        .map(|piece| (piece.id.to_string(), piece.name.best(ctx.w.lang).to_owned()))
        .collect()
}

/// The equipment of a file.
pub(crate) fn of(db: &mut Db, funding: Id) -> Result<Vec<Equipment>> {
    let query =
        sql(&format!("select {} from equipment where funding = ? order by id", Equipment::columns("")))
            .bind(funding)
            .open("the caller checked the standing at the file");
    db.rows(&query, Equipment::from_row)
}

/// The hand-overs of a file.
pub(crate) fn hand_overs(db: &mut Db, funding: Id) -> Result<Vec<HandOver>> {
    let query = sql(&format!(
        "select {} from hand_over where funding = ? order by handed, id",
        HandOver::columns("")
    ))
    .bind(funding)
    .open("the caller checked the standing at the file");
    db.rows(&query, HandOver::from_row)
}

/// The inspections of a file, the latest first, with the name of who looked.
pub(crate) fn inspections(db: &mut Db, funding: Id) -> Result<Vec<(String, Inspection)>> {
    let query = sql(&format!(
        "select a.name, {} from inspection i join account a on a.id = i.account
         where i.funding = ? order by i.inspected desc, i.id desc",
        Inspection::columns("i.")
    ))
    .bind(funding)
    .open("the caller checked the standing at the file");
    db.rows(&query, |row| Ok((row.take()?, Inspection::from_row(row)?)))
}

fn inspections_of(db: &mut Db, equipment: Id) -> Result<Vec<Inspection>> {
    let query =
        sql(&format!("select {} from inspection where equipment = ? order by id", Inspection::columns("")))
            .bind(equipment)
            .open("the caller checked the standing at the programme");
    db.rows(&query, Inspection::from_row)
}

/// When equipment that was handed over on this day is looked at: after six and after twelve months.
pub(crate) fn inspection_days(handed: Date) -> [(Occasion, Date); 2] {
    [
        (Occasion::SixMonths, handed.saturating_add(6.months())),
        (Occasion::TwelveMonths, handed.saturating_add(12.months())),
    ]
}

/// The next inspection of equipment: the first that nobody made. A later one makes an earlier one needless.
pub(crate) fn next_inspection<'a>(
    handed: Date,
    made: impl Iterator<Item = &'a Inspection>,
) -> Option<(Occasion, Date)> {
    let [six, twelve] = inspection_days(handed);
    let (mut six_made, mut twelve_made) = (false, false);
    for inspection in made {
        six_made |= inspection.occasion != Occasion::Other;
        twelve_made |= inspection.occasion == Occasion::TwelveMonths;
    }
    match (six_made, twelve_made) {
        (_, true) => None,
        (true, false) => Some(twelve),
        (false, false) => Some(six),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Occasion, inspection_days, next_inspection};

    #[test]
    fn equipment_is_looked_at_after_six_and_twelve_months() {
        let [six, twelve] = inspection_days(date(2026, 8, 31));
        assert_eq!(six, (Occasion::SixMonths, date(2027, 2, 28)));
        assert_eq!(twelve, (Occasion::TwelveMonths, date(2027, 8, 31)));
        assert_eq!(next_inspection(date(2026, 8, 31), [].iter()), Some(six));
    }
}
