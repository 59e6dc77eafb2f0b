//! Quotations: what suppliers ask, and which one was chosen.

use jiff::civil::Date;
use kernel::kinds::{File, Money, Ref};
use kernel::piece::Piece;
use kernel::{Ctx, Db, Error, Fields, Id, Record, Result, Tx, record, sql};

use super::hangs_on_funding;
use super::request::{Funding, programme_of};
use crate::Programme;

record! {
    /// What a supplier asks for the equipment of a file.
    pub Quotation in "quotation" as "programmes.quotation", about programme {
        main(File, File) {
            programme: Ref<Programme>, funding: Ref<Funding>, supplier: String, amount: Money, dated: Date,
            valid_until: Option<Date>, file: File,
        }
        choice(File, File) { chosen: bool, reason: Option<String> }
    }
}

impl Piece for Quotation {
    const PLURAL: &'static str = "quotations";
    const GROUPS: &'static [&'static str] = &["main", "choice"];
    hangs_on_funding!(File);
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("programme", programme_of(tx, owner)?.to_string());
        Ok(())
    }
    /// One is chosen; whoever chooses a dearer one says why.
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        kernel::record::get::<Funding>(tx, self.funding.id)?.same_currency(&self.amount)?;
        if self.valid_until.is_some_and(|until| until < self.dated) {
            return Err(Error::field("valid_until", "error.dates_order"));
        }
        if !self.chosen {
            return Ok(());
        }
        let others = of(tx, self.funding.id)?.into_iter().filter(|other| other.id != self.id);
        for other in others {
            if other.chosen {
                return Err(Error::field("chosen", "quotation.one_chosen"));
            }
            if other.amount.minor < self.amount.minor && self.reason.is_none() {
                return Err(Error::field("reason", "quotation.dearer"));
            }
        }
        Ok(())
    }
}

/// The quotations of a file, the cheapest first.
pub(crate) fn of(db: &mut Db, funding: Id) -> Result<Vec<Quotation>> {
    let query = sql(&format!(
        "select {} from quotation where funding = ? order by amount, id",
        Quotation::columns("")
    ))
    .bind(funding)
    .open("the caller checked the standing at the file");
    db.rows(&query, Quotation::from_row)
}
