//! From items to figures: one statement for a total, one for any two cuts.

use std::collections::HashMap;

use kernel::{Db, Error, Result, Sql, Words};
use schemars::JsonSchema;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::beside;
use crate::cut::{self, Cut};
use crate::indicator::{self, Indicator, Items, Measure, Unit};
use crate::scope::{self, Eyes, Period, Scope};
use crate::small;

/// A figure of one bucket, or of all. As data, a hidden one has neither value nor number.
#[derive(Clone, Debug, Default, PartialEq, JsonSchema)]
pub struct Figure {
    /// Code of the bucket of the first cut; nothing where it is not stated, or in a total.
    pub row: Option<String>,
    /// The same for the second cut.
    pub column: Option<String>,
    /// The value, in the scale of the indicator's unit; nothing where it cannot be said.
    pub value: Option<i64>,
    /// How many items stand behind it.
    pub n: i64,
    /// Its currency, if it is money.
    pub currency: Option<String>,
    /// Bounds within which a share of so few lies, in permille: 95 % interval of Wilson.
    pub interval: Option<(i64, i64)>,
    /// True if it is hidden because few people could be recognised in it.
    pub hidden: bool,
    /// The fewest people that it tells of beside those it counts: by what it leaves out, or by what was before.
    #[schemars(skip)]
    pub(crate) beside: i64,
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        let shown = !self.hidden;
        let mut told = to.serialize_struct("Figure", 7)?;
        told.serialize_field("row", &self.row)?;
        told.serialize_field("column", &self.column)?;
        told.serialize_field("value", &self.value.filter(|_| shown))?;
        told.serialize_field("n", if shown { &self.n } else { &0 })?;
        told.serialize_field("currency", &self.currency)?;
        told.serialize_field("interval", &self.interval.filter(|_| shown))?;
        told.serialize_field("hidden", &self.hidden)?;
        told.end()
    }
}

impl Figure {
    /// The fewest people that it tells of.
    pub(crate) fn fewest(&self, indicator: &Indicator) -> i64 {
        small::least([small::fewest(indicator.measure, self.value, self.n), self.beside])
    }
}

/// Sums behind a figure.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sums {
    /// Items, each once.
    pub(crate) n: i64,
    /// Their values.
    pub(crate) sum: i64,
    /// The bases of those that have a value.
    pub(crate) base: i64,
    /// Items whose value is 1.
    pub(crate) met: i64,
    /// Items that have a value.
    pub(crate) valued: i64,
}

impl Sums {
    fn value(&self, measure: Measure, unit: Unit) -> Option<i64> {
        match measure {
            Measure::Count => Some(self.n),
            Measure::Sum => Some(self.sum),
            Measure::Share => rounded(self.met * 1000, self.n),
            Measure::Mean => rounded(self.sum, self.base),
            Measure::Each if unit == Unit::Average => rounded(self.sum.saturating_mul(100), self.valued),
            Measure::Each => rounded(self.sum, self.valued),
            Measure::Ratio | Measure::Change => None,
        }
    }
}

/// Half away from zero; nothing over nothing.
fn rounded(sum: i64, over: i64) -> Option<i64> {
    if over == 0 {
        return None;
    }
    let (sum, over) = (i128::from(sum) * 2, i128::from(over));
    let half = if (sum < 0) == (over < 0) { over } else { -over };
    i64::try_from((sum + half) / (over * 2)).ok()
}

/// Within which bounds a share lies, in permille: the interval of Wilson (1927) at 95 %.
pub fn wilson(met: i64, n: i64) -> Option<(i64, i64)> {
    if n == 0 {
        return None;
    }
    let (p, n, z) = (met as f64 / n as f64, n as f64, 1.96_f64);
    let centre = p + z * z / (2.0 * n);
    let spread = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let bound = |x: f64| (x / (1.0 + z * z / n) * 1000.0).round().clamp(0.0, 1000.0) as i64;
    Some((bound(centre - spread), bound(centre + spread)))
}

/// Figures by up to two cuts, in no order; without a cut, one a currency.
pub fn figures(
    db: &mut Db,
    indicator: &Indicator,
    scope: &Scope,
    period: Period,
    cuts: &[Cut],
    eyes: Eyes<'_>,
) -> Result<Vec<Figure>> {
    if let Some([above, below]) = &indicator.over {
        let (above, below) = (indicator::find(db, above)?, indicator::find(db, below)?);
        let above = figures(db, &above, scope, period, cuts, eyes)?;
        let below = figures(db, &below, scope, period, cuts, eyes)?;
        return Ok(ratio(above, &below, indicator.times));
    }
    let mut found = match &indicator.built {
        Some(built) if indicator.measure == Measure::Change => {
            let of = built.base.measure;
            let now = counted(db, indicator, of, scope, period, cuts, eyes)?;
            let before = counted(db, indicator, of, scope, period.before(), cuts, eyes)?;
            change(of, now, &before)
        }
        _ => counted(db, indicator, indicator.measure, scope, period, cuts, eyes)?,
    };
    if cuts.is_empty() && found.is_empty() {
        found.push(Figure { value: nothing(indicator), ..Figure::default() });
    }
    beside::tell(db, indicator, scope, period, cuts, eyes, &mut found)?;
    Ok(found)
}

/// What an indicator says where nothing is counted: a sum of nothing is zero, a mean of nothing cannot be said.
pub(crate) fn nothing(indicator: &Indicator) -> Option<i64> {
    let measure = match &indicator.built {
        Some(built) if indicator.measure == Measure::Change => built.base.measure,
        _ => indicator.measure,
    };
    matches!(measure, Measure::Count | Measure::Sum).then_some(0)
}

/// The items of an indicator, measured so.
fn counted(
    db: &mut Db,
    indicator: &Indicator,
    measure: Measure,
    scope: &Scope,
    period: Period,
    cuts: &[Cut],
    eyes: Eyes<'_>,
) -> Result<Vec<Figure>> {
    let items = indicator.items.as_ref();
    let items = items.ok_or_else(|| Error::internal(format!("{} counts nothing", indicator.code)))?;
    if scope.organisation.is_some() && items.organisation.is_none() {
        return Ok(if cuts.is_empty() { vec![Figure::default()] } else { Vec::new() });
    }
    let query = statement(indicator, items, scope, period, cuts, eyes);
    db.rows(&query, |row| {
        let buckets = (row.take()?, row.take()?, row.take()?);
        let sums = Sums {
            n: row.take()?,
            sum: row.take()?,
            base: row.take()?,
            met: row.take()?,
            valued: row.take()?,
        };
        Ok(of_sums(indicator, measure, buckets, &sums))
    })
}

/// The statement that counts items by up to two cuts: buckets and currency, then the sums behind a figure.
fn statement(
    indicator: &Indicator,
    items: &Items,
    scope: &Scope,
    period: Period,
    cuts: &[Cut],
    eyes: Eyes<'_>,
) -> Sql {
    let year = period.until.year();
    let bucket = |at: usize| cuts.get(at).map_or("cast(null as text)".into(), |cut| cut.expression(year));
    let sums = |x: &str| {
        format!(
            "{x}.currency, count(distinct {x}.item), cast(coalesce(sum({x}.value), 0) as bigint),
             cast(coalesce(sum(case when {x}.value is null then null else {x}.base end), 0) as bigint),
             count(distinct case when {x}.value = 1 then {x}.item end),
             count(distinct case when {x}.value is not null then {x}.item end)"
        )
    };
    let (first, second, query) = (bucket(0), bucket(1), scope::items(indicator, items, scope, period));
    let (query, end) = if items.once {
        let query = query.and(&format!(
            " select y.one, y.two, {} from (select distinct {first} as one, {second} as two, x.currency, x.item, x.value, x.base
             from x where",
            sums("y")
        ));
        (query, ") y group by 1, 2, 3")
    } else {
        (query.and(&format!(" select {first}, {second}, {} from x where", sums("x"))), " group by 1, 2, 3")
    };
    scope::seen(query, items, eyes).and(end)
}

/// The same over the whole country, for measures; nothing where an indicator counts no records of its own.
pub fn over_all(indicator: &Indicator, period: Period, cuts: &[Cut]) -> Option<Sql> {
    let items = indicator.items.as_ref()?;
    Some(statement(indicator, items, &Scope::default(), period, cuts, Eyes::Checked))
}

/// The figure that sums come to, in these buckets and this currency.
pub(crate) fn of_sums(
    indicator: &Indicator,
    measure: Measure,
    (row, column, currency): (Option<String>, Option<String>, Option<String>),
    sums: &Sums,
) -> Figure {
    let interval = if measure == Measure::Share { wilson(sums.met, sums.n) } else { None };
    // A share of people over records of several: it tells of those who do, and of those who do not.
    let met = (measure == Measure::Mean && indicator.unit == Unit::Percent).then_some(sums.sum / 1000);
    let beside = small::least(met.into_iter().flat_map(|met| [met, sums.base - met]));
    let value = sums.value(measure, indicator.unit);
    Figure { row, column, value, n: sums.n, currency, interval, beside, ..Figure::default() }
}

/// What each figure is now less what it was before. One that counted nothing then was zero, if it adds up.
fn change(of: Measure, mut now: Vec<Figure>, before: &[Figure]) -> Vec<Figure> {
    let key = |figure: &Figure| (figure.row.clone(), figure.column.clone(), figure.currency.clone());
    let gone = before.iter().filter(|then| !now.iter().any(|figure| key(figure) == key(then)));
    let zero = matches!(of, Measure::Count | Measure::Sum).then_some(0);
    let gone: Vec<Figure> =
        gone.map(|then| Figure { value: zero, n: 0, interval: None, ..then.clone() }).collect();
    now.extend(gone);
    for figure in &mut now {
        let then = before.iter().find(|then| key(then) == key(figure));
        let was = then.map_or(zero, |then| then.value);
        // Whoever sees one of the two figures learns the other from their difference.
        figure.beside = small::least([
            small::fewest(of, figure.value, figure.n),
            then.map_or(0, |then| small::fewest(of, then.value, then.n)),
        ]);
        figure.value = figure.value.zip(was).map(|(value, was)| value - was);
        figure.interval = None;
    }
    now
}

/// The first over the second, bucket by bucket.
pub(crate) fn ratio(above: Vec<Figure>, below: &[Figure], times: i64) -> Vec<Figure> {
    let mut unders: HashMap<(&Option<String>, &Option<String>), &Figure> = HashMap::new();
    for figure in below {
        unders.entry((&figure.row, &figure.column)).or_insert(figure);
    }
    let over = |figure: Figure| {
        let under = unders.get(&(&figure.row, &figure.column));
        let value = figure.value.zip(under.and_then(|under| under.value));
        Figure {
            value: value.and_then(|(above, below)| rounded(above.saturating_mul(times), below)),
            n: under.map_or(0, |under| under.n),
            interval: None,
            ..figure
        }
    };
    above.into_iter().map(over).collect()
}

/// The total, in its largest currency.
pub fn total(
    db: &mut Db,
    indicator: &Indicator,
    scope: &Scope,
    period: Period,
    eyes: Eyes<'_>,
) -> Result<Figure> {
    let all = figures(db, indicator, scope, period, &[], eyes)?;
    Ok(all.into_iter().max_by_key(|figure| figure.value).unwrap_or_default())
}

/// What a figure's buckets are called; the code of a bucket that is not stated stays out.
pub(crate) fn names(
    db: &mut Db,
    w: Words,
    indicator: &Indicator,
    cut: Cut,
    figures: &[Figure],
    of: fn(&Figure) -> &Option<String>,
) -> Result<HashMap<String, String>> {
    let mut codes: Vec<String> = figures.iter().filter_map(|figure| of(figure).clone()).collect();
    codes.sort();
    codes.dedup();
    cut::labels(db, w, cut, indicator.items.as_ref(), &codes)
}

/// True if an indicator's items can be cut so.
pub(crate) fn allows(indicator: &Indicator, cut: Cut) -> bool {
    indicator.cuts.contains(&cut)
}

#[cfg(test)]
mod tests {
    use super::{Figure, Measure, change, rounded, wilson};

    #[test]
    fn halves_are_rounded_away_from_zero() {
        assert_eq!(rounded(5, 2), Some(3));
        assert_eq!(rounded(-5, 2), Some(-3));
        assert_eq!(rounded(4, 3), Some(1));
        assert_eq!(rounded(1, 0), None);
    }

    #[test]
    fn a_share_of_few_has_wide_bounds() {
        // Worked by hand from the formula: 1 of 1 lies between 20.7 % and 100 %.
        assert_eq!(wilson(1, 1), Some((207, 1000)));
        assert_eq!(wilson(0, 10), Some((0, 278)));
        assert_eq!(wilson(50, 100), Some((404, 596)));
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn a_change_is_now_less_then_bucket_by_bucket() {
        let figure = |row: &str, value: i64, n: i64| Figure {
            row: Some(row.to_owned()),
            value: Some(value),
            n,
            ..Figure::default()
        };
        let (now, then) = ([figure("a", 9, 9), figure("b", 7, 7)], [figure("a", 6, 6), figure("c", 3, 3)]);
        let changed = change(Measure::Count, now.to_vec(), &then);
        let said: Vec<_> = changed.iter().map(|f| (f.row.as_deref(), f.value, f.n, f.beside)).collect();
        // What was not there before began at nothing; what is gone fell by all that it was, and tells of those few.
        assert_eq!(
            said,
            [(Some("a"), Some(3), 9, 6), (Some("b"), Some(7), 7, 7), (Some("c"), Some(-3), 0, 3)]
        );
        // A share of nothing is no share: nothing can be said of its change.
        assert_eq!(change(Measure::Share, now[1..].to_vec(), &then)[0].value, None);
    }
}
