//! The turnover that changes how a cooperative is taxed: who comes near it or passes it in a year, by its invoices here.

use kernel::kinds::{Money, Multi};
use kernel::{Db, Id, Result, Standing, Viewer, sql};
use schemars::JsonSchema;
use serde::Serialize;

use crate::rules;

/// A seller that is near the turnover, or above it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Near {
    pub(crate) organisation: Id,
    pub(crate) name: Multi,
    /// What it invoiced in the year without tax, less what it took back.
    pub(crate) turnover: Money,
    /// The turnover of the rule.
    pub(crate) limit: Money,
    /// True if it is passed.
    pub(crate) over: bool,
    pub(crate) article: String,
    pub(crate) source: String,
    pub(crate) verified: bool,
}

/// Most that are told.
const MOST: i64 = 20;

/// Those whose invoices of a year come near the turnover, of the files the viewer works on; or this one of them.
pub(crate) fn near(db: &mut Db, viewer: &Viewer, organisation: Option<Id>, year: i64) -> Result<Vec<Near>> {
    let rule = rules::watch()?;
    let limit = Money::whole(rule.turnover, &rule.currency);
    let from = i64::try_from(i128::from(limit.minor) * i128::from(rule.near) / 100).unwrap_or(i64::MAX);
    const SUM: &str = "cast(sum(case when i.kind = 'invoice' then i.net else -i.net end) as bigint)";
    let query = sql(&format!(
        "select i.organisation, o.name, {SUM} from invoice i join organisation o on o.id = i.organisation
         where i.year = ? and i.total_currency = ? and"
    ))
    .bind(year)
    .bind(&rule.currency)
    .seen_near(viewer, "i.organisation", Standing::File)
    .and_if(" and i.organisation = ?", organisation)
    .and(&format!(" group by i.organisation, o.name having {SUM} >= ? order by 3 desc limit ?"))
    .bind(from)
    .bind(MOST);
    db.rows(&query, |row| {
        let (organisation, name, minor): (Id, Multi, i64) = (row.take()?, row.take()?, row.take()?);
        Ok(Near {
            organisation,
            name,
            turnover: Money { minor, currency: rule.currency.clone() },
            over: minor >= limit.minor,
            limit: limit.clone(),
            article: rule.article.clone(),
            source: rule.source.clone(),
            verified: !rule.verified_by.is_empty(),
        })
    })
}
