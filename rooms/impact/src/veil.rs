//! What is hidden of figures from whoever may not read the records
//! ([decision 21](../../../decisions/0021-small-cells.md)): one decision for all pages that tell of the same people.
//!
//! A figure is a bucket of at most two families of cuts, whichever page it stands on: the total of a province is the row of
//! that province, the figure of March is its month. First the whole is decided, then each family with all of its cuts, then two
//! families together, whose margins are told or hidden already. What lies in three families is not told.

use kernel::{Ctx, Db, Result};

use crate::cut::Cut;
use crate::days;
use crate::decide::{Memo, OWN, Veil};
use crate::family::{self, Family, Node};
use crate::figure::Figure;
use crate::indicator::{Indicator, Measure, When, shipped};
use crate::scope::{Eyes, Period, Scope};
use crate::small;

/// What is asked: an indicator of a scope, in these eyes.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    /// Where figures are held in memory; without it the statement counts.
    pub(crate) ctx: Option<&'a Ctx>,
    pub(crate) indicator: &'a Indicator,
    pub(crate) scope: &'a Scope,
    pub(crate) period: Period,
    /// The days of which the period is a unit, or which it is.
    pub(crate) whole: Period,
    pub(crate) eyes: Eyes<'a>,
    /// What was decided already for the same page.
    pub(crate) memo: &'a Memo,
}

/// A programme whose figures the viewer may see beside those of all: its days until now, and whether its records are open.
pub(crate) struct Beside {
    pub(crate) scope: Scope,
    pub(crate) whole: Period,
    pub(crate) reads: bool,
}

/// True if figures of an indicator are of the days of a period, not of its last day.
fn flows(indicator: &Indicator) -> bool {
    match (&indicator.items, &indicator.over) {
        (Some(items), _) => indicator.period == When::During && items.day.is_some(),
        (None, Some(parts)) => parts.iter().any(|code| shipped(code).is_ok_and(|part| flows(&part))),
        (None, None) => false,
    }
}

/// Hides what may not be told of figures by these cuts. False if nothing by these cuts may be told, not even what there is.
pub(crate) fn hide(
    db: &mut Db,
    asked: Question<'_>,
    beside: &[Beside],
    cuts: &[Cut],
    figures: &mut [Figure],
) -> Result<bool> {
    let told = tell(db, asked, beside, cuts, figures)?;
    for figure in figures {
        figure.hidden |= !told || small::few(figure.fewest(asked.indicator));
    }
    Ok(told)
}

fn tell(
    db: &mut Db,
    asked: Question<'_>,
    beside: &[Beside],
    cuts: &[Cut],
    figures: &mut [Figure],
) -> Result<bool> {
    let Question { indicator, scope, period, .. } = asked;
    if scope.organisation.is_some() || scope.waiting.is_some() {
        // Cooperatives are compared in a table that hides what it must; one alone would get around it.
        return Ok(false);
    }
    let whole = if flows(indicator) { asked.whole } else { period };
    let (place, of_cut) = match &scope.territory {
        Some(code) if indicator.knows_places() => {
            (family::place(code), cuts.contains(&Cut::Cooperative) || cuts.contains(&Cut::Commune))
        }
        _ => (None, true),
    };
    let time = days::bucket(period, whole);
    let fits = (period == whole || time.is_some()) && (place.is_some() || of_cut);
    let narrowed: Vec<Node> =
        place.into_iter().chain(time.clone().map(|(cut, code)| (cut, Some(code)))).collect();
    let nodes = |figure: &Figure| {
        let buckets = cuts.iter().zip([&figure.row, &figure.column]).map(|(cut, code)| (*cut, code.clone()));
        family::narrowest(narrowed.iter().cloned().chain(buckets))
    };
    let Some(families) = nodes(&Figure::default()).filter(|_| fits) else { return Ok(false) };
    let families: Vec<Family> = families.iter().map(|(cut, _)| Family::of(*cut)).collect();
    let ages = families.contains(&Family::Alone(Cut::Age)) && period.until.year() != whole.until.year();
    let moves = indicator.measure == Measure::Change && time.is_some();
    let everywhere = scope.programme.is_none();
    // Of cooperatives of a whole country no second cut is told, and their promotions are those of many programmes.
    let too_wide = everywhere
        && (cuts.contains(&Cut::Promotion) || (cuts.contains(&Cut::Cooperative) && families.len() > 1));
    if families.len() > 2 || ages || moves || too_wide {
        return Ok(false);
    }
    let mut veil = Veil::of(asked, whole, !everywhere || cuts.contains(&Cut::Cooperative));
    veil.beside = beside.iter().map(|one| veil.of_programme(one, flows(indicator))).collect();
    if families.is_empty() && veil.beside.is_empty() {
        // Nothing stands above the whole.
        return Ok(true);
    }
    let decided = veil.decide(db, &families)?;
    if !decided.safe {
        return Ok(false);
    }
    for figure in figures {
        let cell = (figure.currency.clone(), OWN, nodes(figure).unwrap_or_default());
        figure.hidden |= decided.lines.hides(&cell).unwrap_or(figure.n > 0);
    }
    Ok(true)
}
