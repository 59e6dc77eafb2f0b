//! Which records stand on a page of a list, found in memory; the statement then reads those alone.

use std::cmp::Reverse;

use jiff::civil::Date;
use kernel::{Ctx, Db, Id, Result};
use rustc_hash::FxHashMap;

use super::column::day_of;
use super::hold::{Held, State};
use super::part::Item;
use super::{Owners, count, owners, shape};
use crate::figure::Bucket;
use crate::indicator::{Indicator, When};
use crate::scope::{Eyes, Period, Scope};

/// What the statement must read for a page.
#[derive(Debug, PartialEq)]
pub(crate) enum Narrow {
    /// These records, which are the page.
    These(Vec<Id>),
    /// What happened from this day on, of which the page is a part.
    From(Date),
    /// Everything.
    Nothing,
}

/// How many records stand behind a figure, and where a page of them is found; nothing if its rows are not held.
#[expect(clippy::too_many_arguments, reason = "which figure, whose eyes, which page")]
pub(crate) fn page(
    ctx: &Ctx,
    db: &mut Db,
    indicator: &Indicator,
    scope: &Scope,
    period: Period,
    buckets: &[Bucket],
    eyes: Eyes<'_>,
    (skip, take): (i64, i64),
) -> Result<Option<(i64, Narrow)>> {
    if indicator.built.is_some() || scope.organisation.is_some() {
        return Ok(None);
    }
    let held = ctx.app.held.of::<Held>();
    let Some(key) = shape::key(indicator, period) else { return Ok(None) };
    let Some(state) = held.state(db, &key)? else { return Ok(None) };
    let Some((owners, programme)) = owners(db, indicator, scope, eyes)? else { return Ok(None) };
    let place = state.set.shape.place(indicator, period);
    let (Some(items), Some(place)) = (&indicator.items, place) else { return Ok(None) };
    let question = count::Question {
        place,
        when: indicator.period,
        period,
        by_organisation: items.organisation.is_some(),
        programme,
        owners: match &owners {
            Owners::All => None,
            Owners::These(these) => Some(these),
        },
        territory: scope.territory.as_deref(),
        frame: &state.frame,
        met: false,
        valued: false,
    };
    let upto = usize::try_from(skip + take).unwrap_or(0);
    Ok(Some(found(&state, &question, buckets, upto, usize::try_from(skip).unwrap_or(0))))
}

fn found(
    state: &State,
    question: &count::Question<'_>,
    buckets: &[Bucket],
    upto: usize,
    skip: usize,
) -> (i64, Narrow) {
    let rows = state.rows();
    let item = |part: &super::part::Part| matches!(part.items[question.place.item], Item::Row(None));
    let unlisted = item(rows.base) || rows.again.is_some_and(|(part, _)| item(part));
    if unlisted {
        let mut days: Vec<u16> = Vec::new();
        count::list(&rows, question, buckets, &mut |row| days.push(row.day));
        let count = days.len() as i64;
        if upto == 0 || question.when != When::During {
            return (count, Narrow::Nothing);
        }
        let at = upto.min(days.len()).saturating_sub(1);
        if days.is_empty() {
            return (count, Narrow::Nothing);
        }
        let (_, day, _) = days.select_nth_unstable_by_key(at, |day| Reverse(*day));
        return (count, day_of(*day).map_or(Narrow::Nothing, Narrow::From));
    }
    let names = &rows.names.items[question.place.item];
    let shared = matches!(rows.base.items[question.place.item], Item::Shared(_));
    let mut last: Vec<(Reverse<u16>, u128)> = Vec::new();
    if shared {
        let mut latest: FxHashMap<u128, u16> = FxHashMap::default();
        count::list(&rows, question, buckets, &mut |row| {
            let day = latest.entry(row.item).or_default();
            *day = row.day.max(*day);
        });
        last.extend(latest.into_iter().map(|(item, day)| (Reverse(day), names.get(item as u32))));
    } else if matches!(rows.base.items[question.place.item], Item::Owner) {
        let mut latest: FxHashMap<u128, u16> = FxHashMap::default();
        count::list(&rows, question, buckets, &mut |row| {
            let day = latest.entry(row.owner).or_default();
            *day = row.day.max(*day);
        });
        last.extend(latest.into_iter().map(|(owner, day)| (Reverse(day), owner)));
    } else {
        count::list(&rows, question, buckets, &mut |row| last.push((Reverse(row.day), row.item)));
    }
    let count = last.len() as i64;
    if upto == 0 || names.digests {
        return (count, Narrow::Nothing);
    }
    if upto < last.len() {
        last.select_nth_unstable(upto);
        last.truncate(upto);
    }
    last.sort_unstable();
    let ids = last.into_iter().skip(skip).map(|(_, item)| Id::from_number(item)).collect();
    (count, Narrow::These(ids))
}
