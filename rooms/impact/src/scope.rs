//! Whose figures, over which days, in whose eyes.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::{Id, Sql, Standing, Viewer, sql};
use schemars::JsonSchema;
use serde::Serialize;

use crate::cut::Cut;
use crate::indicator::{Indicator, Items, When};
use crate::slice::Slice;

/// From the first to the last day, both counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Period {
    /// First day.
    #[schemars(with = "String")]
    pub since: Date,
    /// Last day.
    #[schemars(with = "String")]
    pub until: Date,
}

impl Period {
    /// The year that ends on this day.
    pub fn year_to(until: Date) -> Period {
        Period { since: until.saturating_sub(1.year()).saturating_add(1.day()), until }
    }

    /// The period of the same length that ends on the day before this one begins.
    pub fn before(self) -> Period {
        let days = self.since.until(self.until).map_or(0, |length| i64::from(length.get_days()));
        let until = self.since.saturating_sub(1.day());
        Period { since: until.saturating_sub(days.days()), until }
    }
}

/// Whose figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scope {
    /// Of one programme.
    pub programme: Option<Id>,
    /// About one organisation.
    pub organisation: Option<Id>,
    /// In a division and everything inside it.
    pub territory: Option<String>,
    /// About organisations that wait for a place in this programme.
    pub waiting: Option<Id>,
}

impl Scope {
    /// The figures of a programme.
    pub fn programme(programme: Id) -> Scope {
        Scope { programme: Some(programme), ..Scope::default() }
    }
}

/// Who looks.
#[derive(Clone, Copy)]
pub enum Eyes<'a> {
    /// The caller checked the standing at the programme or organisation of the scope.
    Checked,
    /// Only what this viewer stands so near to.
    Viewer(&'a Viewer, Standing),
}

/// A part of a statement with the days of the period in it: `{since}`, `{until}`, or so many days before it, `{until-60}`. They are
/// dates that were read as dates, so that nothing else can stand there.
pub(crate) fn dated(part: &str, period: Period) -> String {
    let part = part.replace("{since}", &format!("'{}'", period.since));
    let mut out = String::with_capacity(part.len());
    let mut rest = part.as_str();
    while let Some((before, after)) = rest.split_once("{until") {
        let Some((days, after)) = after.split_once('}') else { break };
        let days = days.trim_start_matches('-').parse().unwrap_or(0_i64);
        out.push_str(&format!("{before}'{}'", period.until.saturating_sub(days.days())));
        rest = after;
    }
    out + rest
}

/// The items of an indicator as `x`: `item, programme, organisation, day, value, base, currency, sex, birth_year, kind,
/// label`. What an indicator does not know stays empty; what a programme built is narrowed as it says.
pub(crate) fn items(indicator: &Indicator, parts: &Items, scope: &Scope, period: Period) -> Sql {
    match &indicator.built {
        Some(built) => {
            let only: Vec<&Slice> = built.only.iter().collect();
            narrowed(indicator, parts, scope, period, &only, built.meets.as_ref())
        }
        None => all(indicator, parts, scope, period, "x"),
    }
}

/// The items that lie in all of these slices; with `meets`, their value says whether they lie in that one too.
pub(crate) fn narrowed(
    indicator: &Indicator,
    parts: &Items,
    scope: &Scope,
    period: Period,
    only: &[&Slice],
    meets: Option<&Slice>,
) -> Sql {
    let year = period.until.year();
    // The slices speak of an item as `x`, so the items that are not narrowed yet bear that name inside.
    let value = meets.map_or("x.value".into(), |slice| {
        format!("cast(case when {} = ? then 1 else 0 end as bigint)", slice.cut.expression(year))
    });
    let mut query = all(indicator, parts, scope, period, "z").and(&format!(
        ", x as (select x.item, x.programme, x.organisation, x.day, {value} as value, x.base, x.currency, x.sex,
         x.birth_year, x.kind, x.label from z x where 1 = 1"
    ));
    if let Some(slice) = meets {
        query = query.bind(slice.code.clone());
    }
    for slice in only {
        query = query.and(&format!(" and {} = ?", slice.cut.expression(year))).bind(slice.code.clone());
    }
    // A choice is a share of those who answered its question.
    if let (Some(slice), Some(long)) = (meets, parts.kind_of)
        && slice.cut == Cut::Kind
    {
        let of = slice.code.get(..long).unwrap_or(&slice.code);
        query = query.and(&format!(" and substr(x.kind, 1, {long}) = ?")).bind(of);
    }
    query.and(")")
}

/// The items of an indicator under this name, before anything that a programme narrows them to.
fn all(indicator: &Indicator, parts: &Items, scope: &Scope, period: Period, name: &str) -> Sql {
    let text = |part: &Option<String>| part.clone().unwrap_or_else(|| "cast(null as text)".into());
    let number = |part: &Option<String>, rest: &str| {
        format!("cast({} as bigint)", dated(part.as_deref().unwrap_or(rest), period))
    };
    // What belongs to no programme is counted for the one that is asked about: its promotions are that programme's.
    let programme = match (&parts.programme, scope.programme) {
        (None, Some(programme)) => format!("'{programme}'"),
        (column, _) => text(column),
    };
    let holds = dated(&parts.holds, period);
    let day = parts.day.clone().or_else(|| parts.since.clone());
    let mut query = sql(&format!(
        "with {name} as (select {} as item, {} as programme, {} as organisation, {} as day, {} as value, {} as base, {} as currency,
         {} as sex, {} as birth_year, {} as kind, {} as label from {} where ",
        parts.item,
        programme,
        text(&parts.organisation),
        text(&day),
        number(&parts.value, "1"),
        number(&parts.base, "1"),
        text(&parts.currency),
        text(&parts.sex),
        number(&parts.birth_year, "null"),
        text(&parts.kind),
        text(&parts.label),
        parts.from,
    ))
    .and(if holds.is_empty() { "1 = 1" } else { &holds });
    if let (Some(programme), Some(column)) = (scope.programme, &parts.programme) {
        query = query.and(&format!(" and {column} = ?")).bind(programme);
    } else if let (Some(programme), Some(column)) = (scope.programme, &parts.organisation) {
        // What belongs to no programme is counted for the cooperatives that are in it.
        query = query
            .and(&format!(" and {column} in (select ep.organisation from enrolment ep where ep.programme = ? and ep.status <> 'left')"))
            .bind(programme);
    }
    match (scope.organisation, &parts.organisation) {
        (Some(organisation), Some(column)) => {
            query = query.and(&format!(" and {column} = ?")).bind(organisation);
        }
        // What is about no organisation is not narrowed to one: right to one file is no right to all of it.
        (Some(_), None) => query = query.and(" and 1 = 0"),
        (None, _) => {}
    }
    if let (Some(code), Some(column)) = (&scope.territory, &parts.organisation) {
        query = query
            .and(&format!(
                " and exists (select 1 from organisation op where op.id = {column} and (op.place = ? or op.place like ?))"
            ))
            .bind(code.clone())
            .bind(format!("{code}.%"));
    }
    match (scope.waiting, &parts.organisation) {
        (Some(programme), Some(column)) => {
            query = query.and(" and ").join(programmes::selection::waits(column, programme));
        }
        (Some(_), None) => query = query.and(" and 1 = 0"),
        (None, _) => {}
    }
    match (indicator.period, &parts.day, &parts.since, &parts.until) {
        (When::During, Some(day), ..) => {
            query =
                query.and(&format!(" and {day} >= ? and {day} <= ?")).bind(period.since).bind(period.until);
        }
        (When::At, _, since, until) => {
            if let Some(since) = since {
                query = query.and(&format!(" and ({since} is null or {since} <= ?)")).bind(period.until);
            }
            if let Some(until) = until {
                query = query.and(&format!(" and ({until} is null or {until} >= ?)")).bind(period.until);
            }
        }
        (When::During, None, ..) => {}
    }
    query.and(")")
}

/// Adds what these eyes may count, after `where`.
pub(crate) fn seen(query: Sql, parts: &Items, eyes: Eyes<'_>) -> Sql {
    match eyes {
        Eyes::Checked => query.and(" 1 = 1").open("the caller checked the standing at the scope"),
        Eyes::Viewer(viewer, least) => {
            let column = if parts.organisation.is_some() { "x.organisation" } else { "x.programme" };
            query.seen_near(viewer, column, least)
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::Period;

    #[test]
    fn the_period_before_ends_the_day_before() {
        let march = Period { since: date(2026, 3, 1), until: date(2026, 3, 31) };
        assert_eq!(march.before(), Period { since: date(2026, 1, 29), until: date(2026, 2, 28) });
    }

    proptest! {
        #[test]
        fn the_period_before_is_as_long_and_touches(start in 0_i64..20_000, days in 0_i64..4_000) {
            let since = date(1990, 1, 1).saturating_add(start.days());
            let period = Period { since, until: since.saturating_add(days.days()) };
            let before = period.before();
            prop_assert_eq!(before.until.saturating_add(1.day()), period.since);
            prop_assert_eq!(before.since.saturating_add(days.days()), before.until);
        }
    }
}
