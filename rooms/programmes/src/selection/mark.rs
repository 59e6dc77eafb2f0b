//! Marks of the assessors. Nobody sees another's marks before their own are given; whoever has an interest says so and
//! gives none.

use std::collections::BTreeMap;

use kernel::kinds::{Long, Ref};
use kernel::{Db, Error, Id, Record, Result, Tx, record, sql};
use people::Account;
use serde::Serialize;

use super::application::Application;
use super::call::Criterion;
use crate::Programme;

record! {
    /// The marks that one assessor gave to one application, with why.
    pub Sheet in "mark_sheet" as "programmes.mark_sheet", about programme {
        main(File, Steward) {
            programme: Ref<Programme>, application: Ref<Application>, account: Ref<Account>,
            /// Points by criterion, as `id=points` apart by spaces.
            points: String, remark: Option<Long>,
        }
    }
}

record! {
    /// An assessor's declared interest in an application: they give no marks to it.
    pub Interest in "declared_interest" as "programmes.declared_interest", about programme {
        main(File, Steward) {
            programme: Ref<Programme>, application: Ref<Application>, account: Ref<Account>, reason: Long,
        }
    }
}

/// Points by criterion.
pub type Points = BTreeMap<Id, i64>;

impl Sheet {
    /// Its points.
    pub fn given(&self) -> Points {
        let pair = |text: &str| {
            let (criterion, points) = text.split_once('=')?;
            Some((criterion.parse().ok()?, points.parse().ok()?))
        };
        self.points.split(' ').filter_map(pair).collect()
    }

    /// Points as they are kept.
    pub fn written(points: &Points) -> String {
        points.iter().map(|(criterion, points)| format!("{criterion}={points}")).collect::<Vec<_>>().join(" ")
    }
}

fn of_application<R: Record>(db: &mut Db, application: Id) -> Result<Vec<R>> {
    let query = format!("select {} from {} where application = ? order by id", R::columns(""), R::TABLE);
    let query = sql(&query).bind(application).open("the caller checked the right to the application");
    db.rows(&query, R::from_row)
}

/// The sheets of an application.
pub fn sheets(db: &mut Db, application: Id) -> Result<Vec<Sheet>> {
    of_application(db, application)
}

/// The declared interests in an application.
pub fn interests(db: &mut Db, application: Id) -> Result<Vec<Interest>> {
    of_application(db, application)
}

/// Saves the marks of an assessor. Given again, they replace the earlier ones, which stay in the facts.
pub(crate) fn give(
    tx: &mut Tx<'_>,
    application: &Application,
    account: Id,
    points: &Points,
    remark: Option<Long>,
) -> Result<()> {
    if interests(tx, application.id)?.iter().any(|interest| interest.account.id == account) {
        return Err(Error::refused("mark.interest"));
    }
    let id = Id::named(&format!("{} marked by {account}", application.id));
    let there = kernel::record::find::<Sheet>(tx, id)?;
    let sheet = Sheet {
        id,
        version: there.as_ref().map_or(1, |sheet| sheet.version),
        programme: application.programme,
        application: application.id.into(),
        account: account.into(),
        points: Sheet::written(points),
        remark,
    };
    if there.is_some() { kernel::record::update(tx, &sheet) } else { kernel::record::insert(tx, &sheet) }
}

/// Declares an interest: marks that were given are withdrawn.
pub(crate) fn declare(tx: &mut Tx<'_>, application: &Application, account: Id, reason: Long) -> Result<()> {
    let id = Id::named(&format!("{} concerns {account}", application.id));
    if kernel::record::find::<Interest>(tx, id)?.is_some() {
        return Ok(());
    }
    for sheet in sheets(tx, application.id)?.iter().filter(|sheet| sheet.account.id == account) {
        kernel::record::remove(tx, sheet)?;
    }
    let interest = Interest {
        id,
        version: 1,
        programme: application.programme,
        application: application.id.into(),
        account: account.into(),
        reason,
    };
    kernel::record::insert(tx, &interest)
}

/// What the marks of an application say, in permille of what could be had.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Tally {
    /// The mean of the assessors' totals; nothing without marks.
    pub score: Option<i64>,
    /// The total of each assessor.
    pub totals: Vec<i64>,
    /// The largest difference between two assessors.
    pub spread: Option<i64>,
}

/// Half of a permille is rounded up.
fn rounded(top: i128, bottom: i128) -> i64 {
    i64::try_from((2 * top + bottom) / (2 * bottom)).unwrap_or(0)
}

/// Adds the marks up. An assessor's total is Σ weight × points / highest over Σ weight, in permille; the score is the
/// mean of the totals. A criterion without points counts as zero.
pub fn tally(criteria: &[Criterion], sheets: &[Points]) -> Tally {
    let weight: i64 = criteria.iter().map(|criterion| criterion.weight).sum();
    if weight == 0 || sheets.is_empty() {
        return Tally::default();
    }
    // Every share over one denominator, so that nothing is rounded before the end.
    let common: i128 = criteria.iter().map(|criterion| i128::from(criterion.highest.max(1))).product();
    let total = |points: &Points| {
        let sum: i128 = criteria
            .iter()
            .map(|criterion| {
                let given = points.get(&criterion.id).copied().unwrap_or(0).clamp(0, criterion.highest);
                i128::from(criterion.weight * given) * (common / i128::from(criterion.highest.max(1)))
            })
            .sum();
        rounded(1000 * sum, common * i128::from(weight))
    };
    let totals: Vec<i64> = sheets.iter().map(total).collect();
    let sum: i128 = totals.iter().map(|total| i128::from(*total)).sum();
    Tally {
        score: Some(rounded(sum, totals.len() as i128)),
        spread: totals.iter().max().zip(totals.iter().min()).map(|(most, least)| most - least),
        totals,
    }
}
