//! What a reader from outside may be told of a programme: totals, and a table at a time, small cells hidden.

use kernel::{Ctx, Db, Result, Words};
use programmes::Programme;

use crate::ask::{self, Asked};
use crate::cut::Cut;
use crate::figure::{self, Figure};
use crate::indicator::Indicator;
use crate::pivot;
use crate::scope::Period;
use crate::unit;

/// What is told to everybody of a published programme.
pub const TOLD: &[&str] = &[
    "cooperatives-supported",
    "cooperatives-graduated",
    "people-trained",
    "women-trained",
    "youth-trained",
    "person-hours",
    "visits-made",
    "equipment-delivered",
];

/// A bucket of the first cut, or a cell of both.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Its name for a reader; two names for a cell of two cuts.
    pub labels: Vec<String>,
    /// The figure, with the codes of its buckets.
    pub figure: Figure,
}

/// A programme in the eyes of whoever is outside of it.
pub struct Outside {
    asked: Asked,
}

impl Outside {
    /// From the first day of the programme to today. The caller checked that the programme may be told.
    pub fn of(w: Words, programme: &Programme) -> Outside {
        Outside::during(w, programme, ask::so_far(programme.since, programme.until))
    }

    /// The same over other days.
    pub fn during(w: Words, programme: &Programme, period: Period) -> Outside {
        let name = programme.name.best(w.lang).to_owned();
        Outside { asked: Asked::outside(name, programme.id, period) }
    }

    /// The days that are counted.
    pub fn period(&self) -> Period {
        self.asked.period
    }

    /// The whole.
    pub fn total(&self, ctx: &Ctx, db: &mut Db, indicator: &Indicator) -> Result<Figure> {
        self.asked.total(ctx, db, indicator)
    }

    /// By one cut; by two, its cells stand after the bucket they belong to. Nothing if it is not told by these cuts.
    pub fn table(&self, ctx: &Ctx, db: &mut Db, indicator: &Indicator, cuts: &[Cut]) -> Result<Vec<Bucket>> {
        let allowed = cuts.iter().all(|cut| tells(indicator, *cut));
        let (Some(by), true) = (cuts.first(), allowed) else { return Ok(Vec::new()) };
        let and = cuts.get(1).copied();
        let table = pivot::table(ctx, db, &self.asked, indicator, *by, and)?;
        let mut buckets = Vec::new();
        for (row, label) in &table.rows {
            let figure = table.row_totals.get(row).cloned();
            buckets.extend(figure.map(|figure| Bucket { labels: vec![label.clone()], figure }));
            for (column, other) in &table.columns {
                let figure = table.cells.get(&(row.clone(), column.clone())).cloned();
                let labels = vec![label.clone(), other.clone()];
                buckets.extend(figure.map(|figure| Bucket { labels, figure }));
            }
        }
        Ok(buckets)
    }
}

/// True if an indicator is told by this cut outside: one cooperative alone is no aggregate.
pub fn tells(indicator: &Indicator, cut: Cut) -> bool {
    figure::allows(indicator, cut) && !matches!(cut, Cut::Cooperative | Cut::Programme)
}

/// A figure in what people count in, as whole number and decimals: `(1250, 2)` is 12.50. Nothing where it is hidden or
/// cannot be said.
pub fn number(indicator: &Indicator, figure: &Figure) -> Option<(i64, u8)> {
    let value = figure.value.filter(|_| !figure.hidden)?;
    Some(unit::number(indicator.unit, value, figure.currency.as_deref()))
}
