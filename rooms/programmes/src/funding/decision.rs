//! What a committee decides of a request.

use jiff::civil::Date;
use kernel::kinds::{File, Long, Money, Ref};
use kernel::piece::Piece;
use kernel::{Ctx, Db, Error, Fields, Id, Record, Result, Tx, choice, record, sql};

use super::request::{self, Funding, programme_of};
use super::{hangs_on_funding, tranche};
use crate::Programme;
use crate::selection::eligibility::{self, Verdict};

choice! {
    /// What was decided.
    pub GrantOutcome in "grant_decision.outcome" { Granted = "granted", Adjourned = "adjourned", Refused = "refused" }
}

record! {
    /// A decision on a request for funding.
    pub GrantDecision in "grant_decision" as "programmes.grant_decision", about programme {
        main(Shared, Steward) {
            programme: Ref<Programme>, funding: Ref<Funding>, outcome: GrantOutcome, decided: Date, body: String,
            granted: Option<Money>, reason: Option<Long>,
        }
        paper(File, Steward) { file: Option<File> }
    }
}

impl Piece for GrantDecision {
    const PLURAL: &'static str = "grant-decisions";
    const GROUPS: &'static [&'static str] = &["main", "paper"];
    hangs_on_funding!(Steward);
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("programme", programme_of(tx, owner)?.to_string());
        Ok(())
    }
    /// A grant has an amount, at most what was asked; what departs from the request or from a rule says why.
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let funding = kernel::record::get::<Funding>(tx, self.funding.id)?;
        if self.decided < funding.asked || self.decided > kernel::today() {
            return Err(Error::field("decided", "grant_decision.when"));
        }
        let granted = self.granted.as_ref().filter(|money| money.minor > 0);
        let paid: i64 = tranche::of(tx, self.funding.id)?.iter().map(|tranche| tranche.amount.minor).sum();
        let explained = self.reason.is_some();
        match (self.outcome, granted) {
            (GrantOutcome::Granted, None) => Err(Error::field("granted", "error.needed")),
            (GrantOutcome::Granted, Some(granted)) => {
                if granted.currency != funding.cost.currency {
                    return Err(Error::field("granted", "funding.one_currency"));
                }
                if granted.minor > funding.grant_asked.minor {
                    return Err(Error::field("granted", "grant_decision.more_than_asked"));
                }
                if paid > granted.minor {
                    return Err(Error::field("granted", "grant_decision.below_tranches"));
                }
                if granted.minor < funding.grant_asked.minor && !explained {
                    return Err(Error::field("reason", "grant_decision.why_less"));
                }
                if !explained && breaks_a_rule(tx, &funding)? {
                    return Err(Error::field("reason", "grant_decision.why_against_rule"));
                }
                Ok(())
            }
            (_, Some(_)) => Err(Error::field("granted", "grant_decision.nothing_granted")),
            (_, None) if !explained => Err(Error::field("reason", "error.needed")),
            (_, None) if paid > 0 => Err(Error::field("outcome", "grant_decision.below_tranches")),
            _ => Ok(()),
        }
    }
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        let last = self.outcome == GrantOutcome::Granted && !tranche::of(tx, self.funding.id)?.is_empty();
        if last { Err(Error::refused("grant_decision.below_tranches")) } else { Ok(()) }
    }
}

/// True if a rule of the call that frames the request fails.
fn breaks_a_rule(tx: &mut Tx<'_>, funding: &Funding) -> Result<bool> {
    let Some(call) = funding.call else { return Ok(false) };
    let figures = request::figures(tx, funding)?;
    let rules = eligibility::rules(tx, call.id)?;
    Ok(rules.iter().any(|rule| matches!(eligibility::apply(rule, &figures), Verdict::Fails(_))))
}

/// The decisions on a request, the latest first.
pub(crate) fn of(db: &mut Db, funding: Id) -> Result<Vec<GrantDecision>> {
    let query = sql(&format!(
        "select {} from grant_decision where funding = ? order by decided desc, id desc",
        GrantDecision::columns("")
    ))
    .bind(funding)
    .open("the caller checked the standing at the file");
    db.rows(&query, GrantDecision::from_row)
}

/// What is granted now: the amount of the latest decision, in minor units; nothing before one.
pub(crate) fn granted(decisions: &[GrantDecision]) -> Option<i64> {
    let latest = decisions.first().filter(|decision| decision.outcome == GrantOutcome::Granted)?;
    latest.granted.as_ref().map(|money| money.minor)
}
