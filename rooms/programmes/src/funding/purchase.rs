//! What was bought, and what the cooperative gave of its own.

use jiff::civil::Date;
use kernel::kinds::{Code, File, Money, Ref};
use kernel::piece::Piece;
use kernel::{Ctx, Db, Error, Fields, Id, Record, Result, Tx, record, sql};

use super::hangs_on_funding;
use super::request::{Funding, programme_of};
use crate::Programme;
use crate::convention::Nature;

record! {
    /// Something bought for a file, with its invoice.
    pub Purchase in "purchase" as "programmes.purchase", about programme {
        main(File, File) {
            programme: Ref<Programme>, funding: Ref<Funding>, supplier: String, amount: Money, bought: Date,
            invoice: Option<Code>, file: File,
        }
    }
}

record! {
    /// What the cooperative gave of its own: money, or work and goods at their value.
    pub OwnPart in "own_part" as "programmes.own_part", about programme {
        main(File, File) {
            programme: Ref<Programme>, funding: Ref<Funding>, nature: Nature, subject: String, amount: Money, given: Date,
            file: Option<File>,
        }
    }
}

impl Piece for Purchase {
    const PLURAL: &'static str = "purchases";
    hangs_on_funding!(File);
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("programme", programme_of(tx, owner)?.to_string());
        Ok(())
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        kernel::record::get::<Funding>(tx, self.funding.id)?.same_currency(&self.amount)?;
        if self.bought > kernel::today() { Err(Error::field("bought", "error.date_range")) } else { Ok(()) }
    }
}

impl Piece for OwnPart {
    const PLURAL: &'static str = "own-parts";
    hangs_on_funding!(File);
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("programme", programme_of(tx, owner)?.to_string());
        Ok(())
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        kernel::record::get::<Funding>(tx, self.funding.id)?.same_currency(&self.amount)?;
        if self.given > kernel::today() { Err(Error::field("given", "error.date_range")) } else { Ok(()) }
    }
}

/// What was bought for a file.
pub(crate) fn of(db: &mut Db, funding: Id) -> Result<Vec<Purchase>> {
    let query =
        sql(&format!("select {} from purchase where funding = ? order by bought, id", Purchase::columns("")))
            .bind(funding)
            .open("the caller checked the standing at the file");
    db.rows(&query, Purchase::from_row)
}

/// What the cooperative gave of its own for a file.
pub(crate) fn own_parts(db: &mut Db, funding: Id) -> Result<Vec<OwnPart>> {
    let query =
        sql(&format!("select {} from own_part where funding = ? order by given, id", OwnPart::columns("")))
            .bind(funding)
            .open("the caller checked the standing at the file");
    db.rows(&query, OwnPart::from_row)
}
