//! A table of figures by two cuts, as it is read.

use std::collections::{BTreeSet, HashMap};

use kernel::{Ctx, Db, Result};

use crate::ask::Asked;
use crate::cut::Cut;
use crate::figure::{self, Figure};
use crate::indicator::Indicator;

/// Figures by two cuts, brought into the order in which they are read, with totals that were counted, not added up.
pub(crate) struct Table {
    pub(crate) rows: Vec<(Option<String>, String)>,
    pub(crate) columns: Vec<(Option<String>, String)>,
    pub(crate) cells: HashMap<(Option<String>, Option<String>), Figure>,
    pub(crate) row_totals: HashMap<Option<String>, Figure>,
    /// True if it may not be told by these cuts: it has no rows, or no columns.
    pub(crate) refused: bool,
}

impl Table {
    /// The figure of a row; where there is none, nothing was counted, or nothing may be told.
    pub(crate) fn row(&self, indicator: &Indicator, code: &Option<String>) -> Figure {
        let silent = self.refused && self.rows.is_empty();
        self.row_totals.get(code).cloned().unwrap_or_else(|| Figure {
            value: figure::nothing(indicator).filter(|_| !silent),
            hidden: silent,
            ..Figure::default()
        })
    }
}

/// The figures of an indicator by a cut, or by two.
pub(crate) fn table(
    ctx: &Ctx,
    db: &mut Db,
    asked: &Asked,
    indicator: &Indicator,
    by: Cut,
    and: Option<Cut>,
) -> Result<Table> {
    let main = |all: Vec<Figure>| -> Vec<Figure> {
        // Of several currencies the largest is shown; the others stand on the page of money.
        let currency =
            all.iter().max_by_key(|figure| figure.value).and_then(|figure| figure.currency.clone());
        all.into_iter().filter(|figure| figure.currency == currency || figure.currency.is_none()).collect()
    };
    // Both cuts first: what is counted by one is known then.
    let cells = and.map(|and| asked.told(ctx, db, indicator, &[by, and])).transpose()?;
    let totals = asked.told(ctx, db, indicator, &[by])?;
    let refused = totals.is_none() || cells.as_ref().is_some_and(Option::is_none);
    let cells = main(cells.flatten().filter(|_| totals.is_some()).unwrap_or_default());
    let totals = main(totals.unwrap_or_default());
    let w = ctx.w;
    let row_names = figure::names(db, w, indicator, by, &totals, |figure| &figure.row)?;
    let column_names = match and {
        Some(and) => figure::names(db, w, indicator, and, &cells, |figure| &figure.column)?,
        None => HashMap::new(),
    };
    let label = |names: &HashMap<String, String>, code: &Option<String>| match code {
        Some(code) => names.get(code).cloned().unwrap_or_else(|| code.clone()),
        None => w.t("not_stated").into_owned(),
    };
    let rows: BTreeSet<_> = totals.iter().map(|figure| figure.row.clone()).collect();
    let columns: BTreeSet<_> = cells.iter().map(|figure| figure.column.clone()).collect();
    let row_totals: HashMap<_, _> = totals.into_iter().map(|figure| (figure.row.clone(), figure)).collect();
    let ordered = |codes: BTreeSet<Option<String>>, names: &HashMap<String, String>, cut: Cut| {
        let mut all: Vec<(Option<String>, String)> =
            codes.into_iter().map(|code| (code.clone(), label(names, &code))).collect();
        // Time in its order, the rest by the largest figure; what is not stated stands last.
        if !cut.is_time() && cut != Cut::Age {
            all.sort_by_cached_key(|(code, label)| {
                let value = row_totals.get(code).and_then(|figure| figure.value).unwrap_or(0);
                (std::cmp::Reverse(value), label.clone())
            });
        }
        all.sort_by_key(|(code, _)| code.is_none());
        all
    };
    let rows = ordered(rows, &row_names, by);
    let columns = and.map(|and| ordered(columns, &column_names, and)).unwrap_or_default();
    let cells =
        cells.into_iter().map(|figure| ((figure.row.clone(), figure.column.clone()), figure)).collect();
    let mut table = Table { rows, columns, cells, row_totals, refused };
    // Where a hidden number stands among the others would tell how large it is.
    if !by.is_time() && by != Cut::Age {
        let Table { rows, row_totals, .. } = &mut table;
        rows.sort_by_cached_key(|(code, label)| {
            let hidden = row_totals.get(code).is_some_and(|figure| figure.hidden);
            (code.is_none(), hidden, if hidden { label.clone() } else { String::new() })
        });
    }
    Ok(table)
}
