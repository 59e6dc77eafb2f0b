//! A grant is paid in tranches, each tied to a milestone.

use jiff::civil::Date;
use kernel::form::Options;
use kernel::kinds::{File, Money, Ref};
use kernel::piece::Piece;
use kernel::{Ctx, Db, Error, Fields, Id, Record, Result, Tx, record, sql};

use super::request::{Funding, programme_of};
use super::{decision, hangs_on_funding};
use crate::Programme;
use crate::convention::{self, Contribution};

record! {
    /// A part of a grant, due once a milestone is reached.
    pub Tranche in "tranche" as "programmes.tranche", about programme {
        main(Shared, Steward) {
            programme: Ref<Programme>, funding: Ref<Funding>, milestone: String, amount: Money, due: Option<Date>,
        }
        reached(Shared, File) { reached: Option<Date> }
        proof(File, File) { proof: Option<File> }
    }
}

record! {
    /// Money paid on a tranche, out of a contribution of the convention.
    pub GrantPayment in "grant_payment" as "programmes.grant_payment", about programme {
        main(Shared, Steward) {
            programme: Ref<Programme>, funding: Ref<Funding>, tranche: Ref<Tranche>, amount: Money, paid: Date,
            contribution: Option<Ref<Contribution>>,
        }
        paper(File, Steward) { reference: Option<String>, file: Option<File> }
    }
}

impl Tranche {
    /// Its milestone and amount.
    fn label(&self, ctx: &Ctx) -> String {
        format!("{} · {}", self.milestone, ctx.w.money(&self.amount))
    }
}

impl Piece for Tranche {
    const PLURAL: &'static str = "tranches";
    const GROUPS: &'static [&'static str] = &["main", "reached", "proof"];
    hangs_on_funding!(Steward);
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("programme", programme_of(tx, owner)?.to_string());
        Ok(())
    }
    /// The tranches never exceed the grant, and a tranche never what was paid on it.
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        kernel::record::get::<Funding>(tx, self.funding.id)?.same_currency(&self.amount)?;
        let granted = decision::granted(&decision::of(tx, self.funding.id)?);
        let Some(granted) = granted else { return Err(Error::field("amount", "tranche.not_granted")) };
        let all: i64 = of(tx, self.funding.id)?.iter().map(|tranche| tranche.amount.minor).sum();
        if all > granted {
            return Err(Error::field("amount", "tranche.beyond_grant"));
        }
        if self.reached.is_some_and(|reached| reached > kernel::today()) {
            return Err(Error::field("reached", "error.date_range"));
        }
        let payments: Vec<_> = payments_of_tranche(tx, self.id)?;
        if payments.iter().map(|payment| payment.amount.minor).sum::<i64>() > self.amount.minor {
            return Err(Error::field("amount", "tranche.below_paid"));
        }
        if payments.iter().any(|payment| self.reached.is_none_or(|reached| payment.paid < reached)) {
            return Err(Error::field("reached", "tranche.paid_already"));
        }
        Ok(())
    }
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        let paid = !payments_of_tranche(tx, self.id)?.is_empty();
        if paid { Err(Error::refused("tranche.paid_already")) } else { Ok(()) }
    }
}

impl Piece for GrantPayment {
    const PLURAL: &'static str = "grant-payments";
    const GROUPS: &'static [&'static str] = &["main", "paper"];
    hangs_on_funding!(Steward);
    fn offers(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        let programme = programme_of(db, owner)?;
        let reached = of(db, owner)?.into_iter().filter(|tranche| tranche.reached.is_some());
        let tranches = reached.map(|tranche| (tranche.id.to_string(), tranche.label(ctx))).collect();
        let promises = convention::promises(db, programme)?;
        let cash = promises.into_iter().filter(|promise| promise.nature == convention::Nature::Cash);
        let label = |promise: &convention::Promise| {
            format!("{} · {}", promise.name.best(ctx.w.lang), ctx.w.money(&promise.promised))
        };
        let contributions = cash.map(|promise| (promise.id.to_string(), label(&promise))).collect();
        Ok(vec![("tranche", tranches), ("contribution", contributions)])
    }
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("programme", programme_of(tx, owner)?.to_string());
        Ok(())
    }
    /// Nothing is paid before its milestone, nor beyond its tranche, nor out of another programme's money.
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let tranche = kernel::record::find::<Tranche>(tx, self.tranche.id)?;
        let Some(tranche) = tranche.filter(|tranche| tranche.funding.id == self.funding.id) else {
            return Err(Error::field("tranche", "error.reference"));
        };
        if tranche.amount.currency != self.amount.currency {
            return Err(Error::field("amount", "funding.one_currency"));
        }
        let Some(reached) = tranche.reached else {
            return Err(Error::field("tranche", "grant_payment.milestone"));
        };
        if self.paid < reached || self.paid > kernel::today() {
            return Err(Error::field("paid", "grant_payment.when"));
        }
        let paid: i64 = payments_of_tranche(tx, tranche.id)?.iter().map(|payment| payment.amount.minor).sum();
        if paid > tranche.amount.minor {
            return Err(Error::field("amount", "grant_payment.beyond_tranche"));
        }
        if let Some(contribution) = self.contribution {
            let known = kernel::record::find::<Contribution>(tx, contribution.id)?;
            let fits = known.is_some_and(|known| {
                known.programme.id == self.programme.id
                    && known.nature == convention::Nature::Cash
                    && known.promised.currency == self.amount.currency
            });
            if !fits {
                return Err(Error::field("contribution", "error.reference"));
            }
        }
        Ok(())
    }
}

/// The tranches of a file, in the order of their dates.
pub(crate) fn of(db: &mut Db, funding: Id) -> Result<Vec<Tranche>> {
    let query = sql(&format!(
        "select {} from tranche where funding = ? order by coalesce(due, '9999'), id",
        Tranche::columns("")
    ))
    .bind(funding)
    .open("the caller checked the standing at the file");
    db.rows(&query, Tranche::from_row)
}

fn payments_of_tranche(db: &mut Db, tranche: Id) -> Result<Vec<GrantPayment>> {
    let query = sql(&format!(
        "select {} from grant_payment where tranche = ? order by paid, id",
        GrantPayment::columns("")
    ))
    .bind(tranche)
    .open("the caller checked the standing at the programme");
    db.rows(&query, GrantPayment::from_row)
}

/// What was paid on a file.
pub(crate) fn payments(db: &mut Db, funding: Id) -> Result<Vec<GrantPayment>> {
    let query = sql(&format!(
        "select {} from grant_payment where funding = ? order by paid, id",
        GrantPayment::columns("")
    ))
    .bind(funding)
    .open("the caller checked the standing at the file");
    db.rows(&query, GrantPayment::from_row)
}
