//! Which records are kept together: indicators that count the same rows of the same tables share them.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{Result, Sql, sql};

use super::touch::NOBODY;
use crate::indicator::{self, Indicator, Items};
use crate::scope::{Period, dated};

/// Rows that are kept together, and what of them.
#[derive(Debug)]
pub(super) struct Shape {
    /// What tells it from others; with the days of the period, if the rows depend on them.
    pub(super) key: String,
    from: String,
    holds: String,
    /// Whose rows: the column of the organisation, or of the programme where there is none.
    owner: String,
    pub(super) programme: Option<String>,
    pub(super) day: Option<String>,
    pub(super) since: Option<String>,
    pub(super) until: Option<String>,
    pub(super) currency: Option<String>,
    pub(super) sex: Option<String>,
    pub(super) birth_year: Option<String>,
    pub(super) kind: Option<String>,
    /// What is counted, each with whether no two rows are the same.
    pub(super) items: Vec<(String, bool)>,
    pub(super) values: Vec<String>,
    pub(super) bases: Vec<String>,
}

/// Where an indicator finds its columns in a shape.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) item: usize,
    pub(super) value: Option<usize>,
    pub(super) base: Option<usize>,
    /// True if only what has an owner counts.
    pub(super) owned: bool,
}

/// The condition that some indicators add to the rows that others count whole.
fn owned(items: &Items) -> bool {
    items.organisation.as_ref().is_some_and(|column| items.holds.trim() == format!("{column} is not null"))
}

/// The shape of an indicator's rows without its own columns; nothing if nobody owns them, if a value is its item's own and is
/// not added row by row, or if rows follow from more than their owner: what a programme aims at is reached by others.
fn bare(items: &Items, period: Period) -> Option<Shape> {
    if items.once || items.from.contains("target_commune") {
        return None;
    }
    let owner = items.organisation.clone().or_else(|| items.programme.clone())?;
    let holds = if owned(items) { String::new() } else { dated(&items.holds, period) };
    let text = |part: &Option<String>| part.as_deref().map(|part| dated(part, period));
    let mut shape = Shape {
        key: String::new(),
        from: items.from.clone(),
        holds,
        owner,
        programme: items.organisation.as_ref().and(items.programme.clone()),
        day: text(&items.day),
        since: text(&items.since),
        until: text(&items.until),
        currency: text(&items.currency),
        sex: None,
        birth_year: None,
        kind: text(&items.kind),
        items: Vec::new(),
        values: Vec::new(),
        bases: Vec::new(),
    };
    // Whoever counts people as people shares rows with whoever does not tell them apart.
    shape.key = format!("{shape:?}");
    (shape.sex, shape.birth_year) = (text(&items.sex), text(&items.birth_year));
    Some(shape)
}

/// Where `one` stands among `all`; it is added if it is new.
fn place<T: PartialEq>(all: &mut Vec<T>, one: T) -> usize {
    all.iter().position(|other| *other == one).unwrap_or_else(|| {
        all.push(one);
        all.len() - 1
    })
}

fn columns(shape: &mut Shape, items: &Items, period: Period) -> Place {
    Place {
        item: place(&mut shape.items, (items.item.clone(), items.single)),
        value: items.value.as_ref().map(|value| place(&mut shape.values, dated(value, period))),
        base: items.base.as_ref().map(|base| place(&mut shape.bases, dated(base, period))),
        owned: owned(items),
    }
}

/// Every shape that shipped indicators have over this period, the quickest to read first.
pub(super) fn all(period: Period) -> Result<Vec<Arc<Shape>>> {
    let mut found: BTreeMap<String, Shape> = BTreeMap::new();
    for items in indicator::all()?.iter().filter_map(|indicator| indicator.items.as_ref()) {
        let Some(shape) = bare(items, period) else { continue };
        let (sex, birth_year) = (shape.sex.clone(), shape.birth_year.clone());
        let shared = found.entry(shape.key.clone()).or_insert(shape);
        shared.sex = shared.sex.take().or(sex);
        shared.birth_year = shared.birth_year.take().or(birth_year);
        columns(shared, items, period);
    }
    let mut shapes: Vec<Arc<Shape>> = found.into_values().map(Arc::new).collect();
    // A condition that looks at other rows makes each row dear; so does a join.
    shapes.sort_by_key(|shape| {
        let looks = |text: &str| text.matches("select").count() * 4 + text.matches(" join ").count();
        looks(&shape.holds)
            + looks(&shape.from)
            + shape.values.iter().map(|value| looks(value)).sum::<usize>()
    });
    Ok(shapes)
}

/// The key of the rows that an indicator counts over a period.
pub(super) fn key(indicator: &Indicator, period: Period) -> Option<String> {
    bare(indicator.items.as_ref()?, period).map(|shape| shape.key)
}

impl Shape {
    /// Where this indicator finds its columns, if they are here.
    pub(super) fn place(&self, indicator: &Indicator, period: Period) -> Option<Place> {
        let items = indicator.items.as_ref()?;
        let is = |part: &Option<String>, here: &Option<String>| {
            part.as_ref().is_none_or(|part| here.as_ref() == Some(&dated(part, period)))
        };
        if !is(&items.sex, &self.sex) || !is(&items.birth_year, &self.birth_year) {
            return None;
        }
        let at = |all: &[String], part: &Option<String>| match part {
            Some(part) => all.iter().position(|one| *one == dated(part, period)).map(Some),
            None => Some(None),
        };
        Some(Place {
            item: self.items.iter().position(|(item, _)| *item == items.item)?,
            value: at(&self.values, &items.value)?,
            base: at(&self.bases, &items.base)?,
            owned: owned(items),
        })
    }

    /// True if an item is whose it is: the cooperative itself.
    pub(super) fn is_owner(&self, item: usize) -> bool {
        self.items.get(item).is_some_and(|(item, _)| *item == self.owner)
    }

    /// The statement that reads all rows, or those of these owners; an empty one has none.
    pub(super) fn read(&self, owners: Option<&[String]>) -> Sql {
        let text = |part: &Option<String>| part.clone().unwrap_or_else(|| "cast(null as text)".into());
        let number = |part: &str| format!("cast({part} as bigint)");
        let birth_year = self.birth_year.as_deref().unwrap_or("null");
        let mut select = vec![
            self.owner.clone(),
            text(&self.programme),
            text(&self.day),
            text(&self.since),
            text(&self.until),
            text(&self.currency),
            text(&self.sex),
            text(&self.kind),
            number(birth_year),
        ];
        select.extend(self.items.iter().map(|(item, _)| item.clone()));
        select.extend(self.values.iter().chain(&self.bases).map(|value| number(value)));
        let holds = if self.holds.is_empty() { "1 = 1" } else { &self.holds };
        let rows = format!("select {} from {} where {holds}", select.join(", "), self.from);
        let Some(owners) = owners else { return open(sql(&rows)) };
        let (nobody, named): (Vec<&str>, Vec<&str>) =
            owners.iter().map(String::as_str).partition(|owner| owner.starts_with(NOBODY));
        let query = sql(&rows).and(&format!(" and {}", self.owner)).within(&named);
        // Each half is found by an index of its own.
        open(match &self.programme {
            Some(programme) if !nobody.is_empty() => {
                let programmes: Vec<&str> =
                    nobody.iter().filter_map(|owner| owner.strip_prefix(NOBODY)).collect();
                let of_nobody = format!(" union all {rows} and {} is null and {programme}", self.owner);
                query.and(&of_nobody).within(&programmes)
            }
            _ => query,
        })
    }
}

fn open(query: Sql) -> Sql {
    query.open("figures are narrowed to the rights of whoever asks when they are counted")
}
