//! Which records stand on a page of a list, found in memory; the statement then reads those alone.

use std::cmp::Reverse;

use jiff::civil::Date;
use kernel::{Ctx, Db, Id, Result};
use rustc_hash::FxHashMap;

use super::column::day_of;
use super::hold::{Held, State};
use super::part::{Item, Part};
use super::{Owners, count, owners, shape};
use crate::cut::Cut;
use crate::indicator::{Indicator, When};
use crate::listed::Bucket;
use crate::scope::{Eyes, Period, Scope};

/// What the statement must read for a page.
#[derive(Debug, PartialEq)]
pub(crate) enum Narrow {
    /// These records, which are the page.
    These(Vec<Id>),
    /// What happened from this day to that, less so many of the latest.
    Days(Date, Date, i64),
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
    if !super::answers(indicator, scope, buckets.iter().map(|(cut, _)| *cut)) {
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
    let number = |n: i64| usize::try_from(n).unwrap_or(0);
    let rows_are_items = matches!(state.set.base.0.items[place.item], Item::Row(_));
    let counted = told(ctx, db, indicator, scope, period, buckets, eyes)?;
    // An item that bears two currencies stands in two figures.
    let counted = counted.filter(|all| rows_are_items || all.len() < 2).map(|all| all.iter().sum());
    match (counted, take) {
        (Some(count), 0) => Ok(Some((count, Narrow::Nothing))),
        _ => Ok(Some(found(&state, &question, buckets, counted, (number(skip), number(skip + take))))),
    }
}

/// How many items figures by these buckets tell of, one for each currency; nothing if there are too many buckets.
fn told(
    ctx: &Ctx,
    db: &mut Db,
    indicator: &Indicator,
    scope: &Scope,
    period: Period,
    buckets: &[Bucket],
    eyes: Eyes<'_>,
) -> Result<Option<Vec<i64>>> {
    let cuts: Vec<Cut> = buckets.iter().map(|(cut, _)| *cut).collect();
    if cuts.len() > 2 || (cuts.len() == 2 && cuts[0] == cuts[1]) {
        return Ok(None);
    }
    let held = ctx.app.held.of::<Held>();
    let Some(found) = held.figures(db, indicator, scope, period, &cuts, eyes)? else { return Ok(None) };
    let code = |at: usize| buckets.get(at).and_then(|(_, code)| code.clone());
    let of_bucket = found.iter().filter(|figure| figure.row == code(0) && figure.column == code(1));
    Ok(Some(of_bucket.map(|figure| figure.n).collect()))
}

fn found(
    state: &State,
    question: &count::Question<'_>,
    buckets: &[Bucket],
    counted: Option<i64>,
    (skip, upto): (usize, usize),
) -> (i64, Narrow) {
    let rows = state.rows();
    let by_day = Days::of(&rows, question, buckets);
    let place = question.place.item;
    let of_rows = !matches!(rows.base.items[place], Item::Shared(_) | Item::Owner);
    let count = counted.or_else(|| of_rows.then_some(by_day.rows as i64));
    let names = &rows.names.items[place];
    let unlisted = |part: &Part| matches!(part.items[place], Item::Row(None));
    if names.digests || unlisted(rows.base) || rows.again.is_some_and(|(part, _)| unlisted(part)) {
        let count = count.unwrap_or_else(|| latest(&rows, question, buckets, 0).len() as i64);
        let page = (of_rows && question.when == When::During).then(|| by_day.page(skip, upto)).flatten();
        return (count, page.unwrap_or(Narrow::Nothing));
    }
    // The latest records lie among the latest rows; several rows may be of one record.
    let mut wanted = upto * 4;
    let mut last = loop {
        let since = if count.is_some() { by_day.since(wanted) } else { 0 };
        let last = latest(&rows, question, buckets, since);
        if last.len() >= upto || since == 0 {
            break last;
        }
        wanted *= 8;
    };
    let count = count.unwrap_or(last.len() as i64);
    if upto < last.len() {
        last.select_nth_unstable(upto);
        last.truncate(upto);
    }
    last.sort_unstable();
    let ids = last.into_iter().skip(skip).map(|(_, item)| Id::from_number(item)).collect();
    (count, Narrow::These(ids))
}

/// How many rows there are of each day.
struct Days {
    of: Vec<usize>,
    rows: usize,
}

impl Days {
    fn of(rows: &count::Rows<'_>, question: &count::Question<'_>, buckets: &[Bucket]) -> Days {
        let mut days = Days { of: vec![0; usize::from(u16::MAX) + 1], rows: 0 };
        count::list(rows, question, buckets, &mut |row| {
            days.of[usize::from(row.day)] += 1;
            days.rows += 1;
        });
        days
    }

    /// Between which days a page lies, and how many later rows of these days come before it.
    fn page(&self, skip: usize, upto: usize) -> Option<Narrow> {
        let (first, last) = (self.since(upto), self.since(skip + 1));
        let later: usize = self.of.iter().skip(usize::from(last) + 1).sum();
        Some(Narrow::Days(day_of(first)?, day_of(last)?, skip.checked_sub(later)? as i64))
    }

    /// The day from which on there are so many rows; the first of all if there are fewer.
    fn since(&self, wanted: usize) -> u16 {
        let mut sum = 0;
        let day = self.of.iter().enumerate().rev().find(|(_, rows)| {
            sum += **rows;
            sum >= wanted.max(1)
        });
        day.map_or(0, |(day, _)| day as u16)
    }
}

/// Records with rows from a day on, each with its latest day, by number of day and id.
fn latest(
    rows: &count::Rows<'_>,
    question: &count::Question<'_>,
    buckets: &[Bucket],
    since: u16,
) -> Vec<(Reverse<u16>, u128)> {
    let place = question.place.item;
    let (shared, owner) =
        (matches!(rows.base.items[place], Item::Shared(_)), matches!(rows.base.items[place], Item::Owner));
    let names = &rows.names.items[place];
    let mut all = Vec::new();
    let mut latest: FxHashMap<u128, u16> = FxHashMap::default();
    count::list(rows, question, buckets, &mut |row| {
        if row.day < since {
            return;
        }
        if !shared && !owner {
            all.push((Reverse(row.day), row.item));
            return;
        }
        let day = latest.entry(if owner { row.owner } else { row.item }).or_default();
        *day = row.day.max(*day);
    });
    let id = |item: u128| if shared { names.get(item as u32) } else { item };
    all.extend(latest.into_iter().map(|(item, day)| (Reverse(day), id(item))));
    all
}
