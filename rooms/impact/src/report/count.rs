//! The figures of a section, counted now, in the shape in which they are kept.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use kernel::{Db, Result, Words};

use super::record::{Report, ReportSection};
use super::sources;
use crate::cut::Cut;
use crate::decide::Memo;
use crate::figure::{self, Figure};
use crate::indicator::{self, Indicator, Unit};
use crate::scope::{Eyes, Period, Scope};
use crate::veil::{self, Question};

/// A figure with everything that says where it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) indicator: String,
    /// Name and definition in the report's language.
    pub(crate) name: String,
    pub(crate) definition: String,
    pub(crate) unit: Unit,
    /// The division it was narrowed to; nothing if it tells of the whole programme.
    pub(crate) place: Option<String>,
    pub(crate) period: Period,
    /// How many cuts narrow it: 0 is a total.
    pub(crate) cuts: i64,
    pub(crate) row: Bucket,
    pub(crate) column: Bucket,
    pub(crate) value: Option<i64>,
    pub(crate) currency: Option<String>,
    pub(crate) n: i64,
    pub(crate) interval: Option<(i64, i64)>,
    /// True if few people could be recognised in it, directly or by difference.
    pub(crate) hidden: bool,
    /// Digest of the definition, and of the ids of the items it counted.
    pub(crate) statement: String,
    pub(crate) items: String,
    /// When it was counted; milliseconds.
    pub(crate) at: i64,
    pub(crate) before: Option<Before>,
}

/// A bucket: its code, and what it is called.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bucket {
    pub(crate) code: Option<String>,
    pub(crate) label: String,
}

/// What the report before said, and what its question answers today.
#[derive(Clone, Debug)]
pub(crate) struct Before {
    pub(crate) value: Option<i64>,
    pub(crate) n: i64,
    pub(crate) period: Period,
    pub(crate) again: Option<i64>,
    pub(crate) again_n: i64,
    /// True if it counts the very same items.
    pub(crate) same: bool,
}

/// Everything that a section counts. A code that no longer exists counts nothing.
pub(crate) fn of_section(
    db: &mut Db,
    w: Words,
    report: &Report,
    section: &ReportSection,
) -> Result<Vec<Kept>> {
    let mut all = Vec::new();
    for code in section.codes() {
        let found = indicator::find(db, code).ok();
        if let Some(indicator) = found.as_deref().filter(|found| found.serves(report.programme.id)) {
            let count = Count {
                w,
                indicator,
                scope: report.scope(),
                period: report.period(),
                at: kernel::now(),
                memo: Memo::default(),
            };
            let cuts = section.cuts();
            if cuts.iter().all(|cut| figure::allows(indicator, *cut)) {
                all.extend(count.all(db, &cuts)?);
            }
        }
    }
    Ok(all)
}

/// The total of an indicator over a period.
pub(crate) fn total(
    db: &mut Db,
    w: Words,
    indicator: &Indicator,
    scope: Scope,
    period: Period,
) -> Result<Kept> {
    Count { w, indicator, scope, period, at: kernel::now(), memo: Memo::default() }.total(db)
}

struct Count<'a> {
    w: Words,
    indicator: &'a Indicator,
    scope: Scope,
    period: Period,
    at: i64,
    memo: Memo,
}

impl Count<'_> {
    fn total(&self, db: &mut Db) -> Result<Kept> {
        let (figures, told) = self.told(db, &[])?;
        let figure = figures.into_iter().max_by_key(|figure| figure.value).unwrap_or_default();
        let mut items = sources::items(db, self.indicator, &self.scope, self.period, &[])?;
        let kept = self.kept(figure, 0, items.remove(&(None, None)).unwrap_or_default());
        Ok(Kept { hidden: kept.hidden || !told, ..kept })
    }

    /// The figures by these cuts, few people hidden as from whoever reads no records; false if nothing by them is told.
    fn told(&self, db: &mut Db, cuts: &[Cut]) -> Result<(Vec<Figure>, bool)> {
        let (indicator, scope, period) = (self.indicator, &self.scope, self.period);
        let mut figures = figure::figures(db, indicator, scope, period, cuts, Eyes::Checked)?;
        if !indicator.people {
            return Ok((figures, true));
        }
        // Whoever writes a report chooses its days: they are a whole of their own.
        let question = Question {
            ctx: None,
            indicator,
            scope,
            period,
            whole: period,
            eyes: Eyes::Checked,
            memo: &self.memo,
        };
        let told = veil::hide(db, question, &[], cuts, &mut figures)?;
        Ok((figures, told))
    }

    /// The total, then row by row its total and its cells.
    fn all(&self, db: &mut Db, cuts: &[Cut]) -> Result<Vec<Kept>> {
        let total = self.total(db)?;
        let (Some(by), and) = (cuts.first(), cuts.get(1)) else { return Ok(vec![total]) };
        let currency = total.currency.clone();
        let mut all = vec![total];
        let rows = self.cut(db, &cuts[..1], &currency)?;
        let cells = if and.is_some() { self.cut(db, cuts, &currency)? } else { HashMap::new() };
        let order = |codes: BTreeSet<Option<String>>, cut: Cut, value: &dyn Fn(&Option<String>) -> i64| {
            let mut codes: Vec<Option<String>> = codes.into_iter().collect();
            if !cut.is_time() && cut != Cut::Age {
                codes.sort_by_key(|code| std::cmp::Reverse(value(code)));
            }
            codes.sort_by_key(Option::is_none);
            codes
        };
        // Where a hidden number stands among the others would tell how large it is.
        let shown = |figure: &Figure| figure.value.filter(|_| !figure.hidden);
        let of_row =
            |code: &Option<String>| rows.get(&(code.clone(), None)).and_then(|f| shown(&f.0)).unwrap_or(0);
        let of_column = |code: &Option<String>| {
            cells.iter().filter(|((_, column), _)| column == code).filter_map(|(_, (f, _))| shown(f)).sum()
        };
        let row_codes = order(rows.keys().map(|(row, _)| row.clone()).collect(), *by, &of_row);
        let columns = match and {
            Some(and) => order(cells.keys().map(|(_, column)| column.clone()).collect(), *and, &of_column),
            None => Vec::new(),
        };
        let row_names = self.names(db, *by, &rows, |figure| &figure.row)?;
        let column_names = match and {
            Some(and) => self.names(db, *and, &cells, |figure| &figure.column)?,
            None => HashMap::new(),
        };
        for row in &row_codes {
            let bucket = self.bucket(row, &row_names);
            if let Some((figure, items)) = rows.get(&(row.clone(), None)) {
                let kept = self.kept(figure.clone(), 1, items.clone());
                all.push(Kept { row: bucket.clone(), ..kept });
            }
            for column in &columns {
                if let Some((figure, items)) = cells.get(&(row.clone(), column.clone())) {
                    let kept = self.kept(figure.clone(), 2, items.clone());
                    let column = self.bucket(column, &column_names);
                    all.push(Kept { row: bucket.clone(), column, ..kept });
                }
            }
        }
        Ok(all)
    }

    /// Figures by their buckets, each with the digest of its items; of several currencies the total's.
    fn cut(
        &self,
        db: &mut Db,
        cuts: &[Cut],
        currency: &Option<String>,
    ) -> Result<HashMap<sources::Key, (Figure, String)>> {
        let mut found = HashMap::new();
        let (figures, true) = self.told(db, cuts)? else { return Ok(found) };
        let mut items = sources::items(db, self.indicator, &self.scope, self.period, cuts)?;
        for figure in figures.into_iter().filter(|f| f.currency == *currency || f.currency.is_none()) {
            let key = (figure.row.clone(), figure.column.clone());
            let digest = items.remove(&key).unwrap_or_default();
            found.insert(key, (figure, digest));
        }
        Ok(found)
    }

    fn names(
        &self,
        db: &mut Db,
        cut: Cut,
        found: &HashMap<sources::Key, (Figure, String)>,
        of: fn(&Figure) -> &Option<String>,
    ) -> Result<HashMap<String, String>> {
        let figures: Vec<Figure> = found.values().map(|(figure, _)| figure.clone()).collect();
        figure::names(db, self.w, self.indicator, cut, &figures, of)
    }

    fn bucket(&self, code: &Option<String>, names: &HashMap<String, String>) -> Bucket {
        let label = match code {
            Some(code) => names.get(code).unwrap_or(code).clone(),
            None => self.w.t("not_stated").into_owned(),
        };
        Bucket { code: code.clone(), label }
    }

    fn kept(&self, figure: Figure, cuts: i64, items: String) -> Kept {
        Kept {
            indicator: self.indicator.code.clone(),
            name: self.indicator.name.best(self.w.lang).to_owned(),
            definition: self.indicator.definition.best(self.w.lang).to_owned(),
            unit: self.indicator.unit,
            place: self.scope.territory.clone().filter(|_| self.indicator.knows_places()),
            period: self.period,
            cuts,
            row: Bucket::default(),
            column: Bucket::default(),
            value: figure.value,
            currency: figure.currency,
            n: figure.n,
            interval: figure.interval,
            hidden: figure.hidden,
            statement: sources::statement(self.indicator),
            items,
            at: self.at,
            before: None,
        }
    }
}

impl Kept {
    /// The days it counts, in words.
    pub(crate) fn days(&self, w: Words) -> String {
        days(w, self.period.since, self.period.until)
    }
}

/// From the first to the last day, in words.
pub(crate) fn days(w: Words, since: Date, until: Date) -> String {
    format!("{} – {}", w.date(&since), w.date(&until))
}
