//! The records behind a figure, as the statement lists them.

use jiff::civil::Date;
use kernel::{Db, Id, Result, Sql, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::cut::{self, Cut};
use crate::indicator::{Indicator, Measure};
use crate::kept::Narrow;
use crate::scope::{self, Eyes, Period, Scope};

/// A record behind a figure.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// The day on which it counts, or since when.
    pub day: Option<String>,
    /// The cooperative it is about.
    pub organisation: Option<Id>,
    /// Its name.
    pub name: String,
    /// What it adds, in the scale of the indicator's unit; nothing if it only counts.
    pub value: Option<i64>,
    /// Its currency.
    pub currency: Option<String>,
    /// Where it is shown.
    pub path: Option<String>,
}

/// A bucket that the records are narrowed to; nothing is *not stated*.
pub(crate) type Bucket = (Cut, Option<String>);

fn narrowed(mut query: Sql, buckets: &[Bucket], until: Date) -> Sql {
    for (cut, code) in buckets {
        let expression = cut.expression(until.year());
        query = match code {
            Some(code) => query.and(&format!(" and {expression} = ?")).bind(code.clone()),
            None => query.and(&format!(" and {expression} is null")),
        };
    }
    query
}

/// The records behind a figure, the latest first: how many, and a page of them. `held` is what is known of it already.
#[expect(clippy::too_many_arguments, reason = "which figure, whose eyes, which page")]
pub(crate) fn records(
    db: &mut Db,
    w: Words,
    indicator: &Indicator,
    scope: &Scope,
    period: Period,
    buckets: &[Bucket],
    eyes: Eyes<'_>,
    (skip, take): (i64, i64),
    held: Option<(i64, Narrow)>,
) -> Result<(i64, Vec<Item>)> {
    let Some(items) = &indicator.items else { return Ok((0, Vec::new())) };
    let from = |what: &str, days: Period| {
        let query = scope::items(indicator, items, scope, days).and(what);
        narrowed(scope::seen(query, items, eyes), buckets, period.until)
    };
    let (count, narrow) = match held {
        Some(held) => held,
        None => (db.one(&from(" select count(distinct x.item) from x where", period))?, Narrow::Nothing),
    };
    if take == 0 {
        return Ok((count, Vec::new()));
    }
    let (days, skip) = match &narrow {
        Narrow::Days(since, until, skip) if !items.depends_on_days() => {
            (Period { since: *since, until: *until }, *skip)
        }
        Narrow::These(_) => (period, 0),
        _ => (period, skip),
    };
    let adds = !matches!(indicator.measure, Measure::Count | Measure::Change);
    let adds_up = if items.once { "max" } else { "sum" };
    let page = from(
        &format!(
            " select x.item, max(x.label), max(x.day), max(x.organisation), max((select o.name from organisation o where o.id = x.organisation)),
             cast({adds_up}(x.value) as bigint), max(x.currency) from x where"
        ),
        days,
    );
    let page = match &narrow {
        Narrow::These(ids) => page.and(" and x.item").within(ids),
        _ => page,
    };
    let page = page.and(" group by x.item order by 3 desc, 1 limit ? offset ?").bind(take).bind(skip);
    let page = db.rows(&page, |row| {
        let (id, label, day) = (row.take::<String>()?, cut::label(row, w)?, row.take()?);
        let organisation = row.take()?;
        let name = cut::label(row, w)?;
        let value = row.take::<Option<i64>>()?.filter(|_| adds);
        // A record is in a share or not, however many of its rows say so.
        let value = value.map(|value| if indicator.measure == Measure::Share { value.min(1) } else { value });
        let path = indicator.page.as_ref().map(|page| page.replace("{item}", &id));
        Ok(Item { id, label, day, organisation, name, value, currency: row.take()?, path })
    })?;
    Ok((count, page))
}
