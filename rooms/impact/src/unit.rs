//! How a value is shown: its scale follows from the unit.

use kernel::kinds::Money;
use kernel::{Words, locale};
use sheet::Out;

use crate::figure::Figure;
use crate::indicator::{Indicator, Unit};

/// A value in the scale of a unit, as people read it.
pub(crate) fn value(w: Words, unit: Unit, value: i64, currency: Option<&str>) -> String {
    match unit {
        Unit::Hours => w.with("impact.hours", "n", &hours(w, value)),
        Unit::Money => w.money(&Money { minor: value, currency: currency.unwrap_or("MAD").to_owned() }),
        Unit::Percent => w.with("impact.percent", "n", &w.decimal(value, 1)),
        Unit::Points => w.with("impact.points", "n", &signed(w, value)),
        Unit::Levels | Unit::Average | Unit::Answered => w.decimal(value, 2),
        Unit::FullTime => w.decimal(nearest(value, 1000), 1),
        Unit::Persons
        | Unit::Participations
        | Unit::Cooperatives
        | Unit::Days
        | Unit::Visits
        | Unit::Records => w.num(value),
    }
}

/// Minutes as hours: to a tenth while they are few.
fn hours(w: Words, minutes: i64) -> String {
    const MANY: i64 = 100 * 60;
    if minutes.abs() >= MANY { w.num(nearest(minutes, 60)) } else { w.decimal(nearest(minutes * 10, 60), 1) }
}

/// So many whole steps, half away from zero.
fn nearest(value: i64, step: i64) -> i64 {
    (value + value.signum() * step / 2) / step
}

fn signed(w: Words, value: i64) -> String {
    if value > 0 { format!("+{}", w.decimal(value, 1)) } else { w.decimal(value, 1) }
}

/// A figure as people read it: a dash where it cannot be said, a sign where it is hidden.
pub(crate) fn figure(w: Words, indicator: &Indicator, figure: &Figure) -> String {
    value_or(w, indicator.unit, figure.value, figure.currency.as_deref(), figure.hidden)
}

/// The same for a figure that was kept.
pub(crate) fn value_or(w: Words, unit: Unit, n: Option<i64>, currency: Option<&str>, hidden: bool) -> String {
    if hidden {
        return w.t("impact.hidden_cell").into_owned();
    }
    n.map_or_else(|| "–".into(), |n| value(w, unit, n, currency))
}

/// A value in what people count in, as whole number and decimals: `(1250, 2)` is 12.50.
pub(crate) fn number(unit: Unit, value: i64, currency: Option<&str>) -> (i64, u8) {
    match unit {
        // Minutes, to a hundredth of an hour.
        Unit::Hours => ((value * 100 + if value < 0 { -30 } else { 30 }) / 60, 2),
        Unit::Money => (value, locale::exponent(currency.unwrap_or("MAD"))),
        Unit::Percent | Unit::Points => (value, 1),
        Unit::Levels | Unit::Average | Unit::Answered => (value, 2),
        Unit::FullTime => (value, 4),
        Unit::Persons
        | Unit::Participations
        | Unit::Cooperatives
        | Unit::Days
        | Unit::Visits
        | Unit::Records => (value, 0),
    }
}

/// The same as a spreadsheet adds it up; empty where there is none.
pub(crate) fn sheet(unit: Unit, value: Option<i64>, currency: Option<&str>) -> Out<'static> {
    match value.map(|value| number(unit, value, currency)) {
        Some((whole, 0)) => Out::Int(whole),
        Some((number, decimals)) => Out::Decimal(number, decimals),
        None => Out::Empty,
    }
}

/// A figure in a spreadsheet: its number, or the sign that it is hidden.
pub(crate) fn cell<'a>(indicator: &Indicator, figure: &Figure, said: &'a str) -> Out<'a> {
    if figure.hidden {
        return Out::Text(said);
    }
    sheet(indicator.unit, figure.value, figure.currency.as_deref())
}

/// Bounds of a share of few, as people read them; nothing where there are many.
pub(crate) fn bounds(w: Words, figure: &Figure) -> Option<String> {
    const FEW: i64 = 100;
    let (low, high) = figure.interval.filter(|_| figure.n < FEW && figure.n > 0 && !figure.hidden)?;
    let text = |permille: i64| w.decimal(permille, 1);
    Some(w.args("impact.interval", &[("low", text(low)), ("high", text(high)), ("n", w.num(figure.n))]))
}

/// How many steps of the stored scale make one of what people type: a target of 12 hours is 720 minutes.
pub fn scale(unit: Unit, currency: Option<&str>) -> i64 {
    match unit {
        Unit::Hours => 60,
        Unit::Money => Money::whole(1, currency.unwrap_or("MAD")).minor,
        Unit::Percent | Unit::Points => 10,
        Unit::Levels | Unit::Average | Unit::Answered => 100,
        Unit::FullTime => 10_000,
        Unit::Persons
        | Unit::Participations
        | Unit::Cooperatives
        | Unit::Days
        | Unit::Visits
        | Unit::Records => 1,
    }
}
