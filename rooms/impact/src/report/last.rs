//! The difference from the report before: what it said, what its question answers today, and so how much of the
//! difference is a corrected past.

use kernel::{Db, Record, Result, Words, sql};

use super::count::{self, Before, Kept};
use super::keep::{self, Content};
use super::record::Report;
use crate::indicator;
use crate::scope::Scope;

/// The frozen report to compare with: the latest of the same programme, kind and territory.
pub(crate) fn before(db: &mut Db, report: &Report) -> Result<Option<Report>> {
    if let Some(previous) = report.previous {
        return kernel::record::find::<Report>(db, previous.id);
    }
    let query = sql(&format!(
        "select {} from report where programme = ? and state = 'frozen' and id <> ? and coalesce(territory, '') = ?
         and template = ? and until <= ? order by until desc, id desc limit 1",
        Report::columns("")
    ))
    .bind(report.programme.id)
    .bind(report.id)
    .bind(report.territory.clone().unwrap_or_default())
    .bind(report.template)
    .bind(report.until)
    .open("the caller checked the standing at the programme");
    db.row(&query, Report::from_row)
}

/// The totals that a frozen report kept, each once.
pub(crate) fn totals(db: &mut Db, report: &Report) -> Result<Vec<Kept>> {
    let mut all: Vec<Kept> = Vec::new();
    for section in report.sections(db)? {
        for kept in keep::kept(db, section.id)?.into_iter().filter(|kept| kept.cuts == 0) {
            if !all.iter().any(|other| other.indicator == kept.indicator) {
                all.push(kept);
            }
        }
    }
    Ok(all)
}

/// What a kept total answers today.
pub(crate) fn again(db: &mut Db, w: Words, report: &Report, kept: &Kept) -> Result<Option<Kept>> {
    let found = indicator::find(db, &kept.indicator).ok();
    let Some(indicator) = found.as_deref().filter(|found| found.serves(report.programme.id)) else {
        return Ok(None);
    };
    let scope = Scope { territory: kept.place.clone(), ..report.scope() };
    Ok(Some(count::total(db, w, indicator, scope, kept.period)?))
}

/// Puts beside each total of a draft what the report before said of it.
pub(crate) fn compare(db: &mut Db, w: Words, report: &Report, contents: &mut [Content]) -> Result<()> {
    let Some(last) = before(db, report)? else { return Ok(()) };
    let mut told = Vec::new();
    for was in totals(db, &last)? {
        for figure in contents.iter_mut().flat_map(|content| &mut content.figures) {
            let same =
                figure.cuts == 0 && figure.indicator == was.indicator && figure.currency == was.currency;
            if !same || told.contains(&figure.indicator) {
                continue;
            }
            let Some(today) = again(db, w, &last, &was)? else { continue };
            told.push(figure.indicator.clone());
            figure.before = Some(Before {
                value: was.value,
                n: was.n,
                period: was.period,
                again: today.value,
                again_n: today.n,
                same: today.items == was.items && today.value == was.value,
            });
        }
    }
    Ok(())
}
