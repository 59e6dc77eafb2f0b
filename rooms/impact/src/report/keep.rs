//! Freezing a report, and the figures that are kept of it.

use kernel::value::Row;
use kernel::{Db, Error, Id, Result, Tx, Words, sql};

use super::count::{Before, Bucket, Kept};
use super::record::{Report, ReportSection, ReportState};
use super::story::Story;
use super::{count, last, story};
use crate::scope::Period;

/// What a section says: its figures, and its story.
pub(crate) struct Content {
    pub(crate) section: ReportSection,
    pub(crate) figures: Vec<Kept>,
    pub(crate) story: Option<Story>,
}

/// What the sections of a report say: as it was kept if it is frozen, as it counts now if not.
pub(crate) fn contents(db: &mut Db, w: Words, report: &Report) -> Result<Vec<Content>> {
    let mut all = Vec::new();
    for section in report.sections(db)? {
        let (figures, story) = if report.is_frozen() {
            (kept(db, section.id)?, told(db, section.id)?)
        } else {
            (count::of_section(db, w, report, &section)?, story::of(db, w, report, &section)?)
        };
        all.push(Content { section, figures, story });
    }
    if !report.is_frozen() {
        last::compare(db, w, report, &mut all)?;
    }
    Ok(all)
}

/// Freezes a report: every figure is counted and kept in this transaction. Done twice, it changes nothing.
pub fn freeze(tx: &mut Tx<'_>, w: Words, report: Id, version: i64, account: Option<Id>) -> Result<()> {
    tx.run(&sql("update report set version = version where id = ?").bind(report).open("one id"))?;
    let report = kernel::record::get::<Report>(tx, report)?;
    if report.is_frozen() {
        return Ok(());
    }
    if report.version != version {
        return Err(Error::refused("error.stale_all"));
    }
    let w = w.speak(report.lang());
    let contents = contents(tx, w, &report)?;
    if contents.is_empty() {
        return Err(Error::refused("report.no_sections"));
    }
    if contents.iter().any(|content| content.section.unfinished()) {
        return Err(Error::refused("report.unfinished"));
    }
    let at = tx.dated.unwrap_or_else(kernel::now);
    for content in &contents {
        for (position, figure) in content.figures.iter().enumerate() {
            insert(tx, content.section.id, position as i64, at, figure)?;
        }
        if let Some(story) = &content.story {
            let keep = sql("insert into report_story (section, told) values (?, ?)");
            let keep = keep.bind(content.section.id).bind(serde_json::to_string(story)?);
            tx.run(&keep.open("the caller may freeze the report"))?;
        }
    }
    let previous = last::before(tx, &report)?.map(|before| before.id.into());
    let frozen = Report {
        state: ReportState::Frozen,
        frozen_on: Some(kernel::locale::date_of(at)),
        frozen_by: account.map(Into::into),
        previous,
        ..report
    };
    kernel::record::update(tx, &frozen)
}

const COLUMNS: &str = "section, position, indicator, name, definition, unit, place, since, until, cuts, row_code, row_label,
    column_code, column_label, value, currency, n, low, high, hidden, statement, items, at, before_value, before_n,
    before_since, before_until, again_value, again_n, again_same";

fn insert(tx: &mut Tx<'_>, section: Id, position: i64, at: i64, kept: &Kept) -> Result<()> {
    let unit = serde_json::to_value(kept.unit)?;
    let before = kept.before.as_ref();
    let marks = vec!["?"; COLUMNS.split(',').count()].join(", ");
    let query = sql(&format!("insert into report_figure ({COLUMNS}) values ({marks})"))
        .bind(section)
        .bind(position)
        .bind(kept.indicator.clone())
        .bind(kept.name.clone())
        .bind(kept.definition.clone())
        .bind(unit.as_str().unwrap_or_default().to_owned())
        .bind(kept.place.clone())
        .bind(kept.period.since)
        .bind(kept.period.until)
        .bind(kept.cuts)
        .bind(kept.row.code.clone())
        .bind(kept.row.label.clone())
        .bind(kept.column.code.clone())
        .bind(kept.column.label.clone())
        .bind(kept.value)
        .bind(kept.currency.clone())
        .bind(kept.n)
        .bind(kept.interval.map(|(low, _)| low))
        .bind(kept.interval.map(|(_, high)| high))
        .bind(kept.hidden)
        .bind(kept.statement.clone())
        .bind(kept.items.clone())
        .bind(at)
        .bind(before.and_then(|before| before.value))
        .bind(before.map(|before| before.n))
        .bind(before.map(|before| before.period.since))
        .bind(before.map(|before| before.period.until))
        .bind(before.and_then(|before| before.again))
        .bind(before.map(|before| before.again_n))
        .bind(before.map(|before| before.same));
    tx.run(&query.open("the caller may freeze the report"))?;
    Ok(())
}

fn from_row(row: &mut Row) -> Result<Kept> {
    let (indicator, name, definition) = (row.take()?, row.take()?, row.take()?);
    let unit = serde_json::from_value(row.take::<String>()?.into())?;
    let place = row.take()?;
    let period = Period { since: row.take()?, until: row.take()? };
    let cuts = row.take()?;
    let (row_bucket, column) =
        (Bucket { code: row.take()?, label: row.take()? }, Bucket { code: row.take()?, label: row.take()? });
    let (value, currency, n) = (row.take()?, row.take()?, row.take()?);
    let interval = row.take::<Option<i64>>()?.zip(row.take::<Option<i64>>()?);
    let (hidden, statement, items, at) = (row.take()?, row.take()?, row.take()?, row.take()?);
    let (was, was_n) = (row.take()?, row.take::<Option<i64>>()?);
    let (since, until) = (row.take()?, row.take()?);
    let (again, again_n, same) = (row.take()?, row.take::<Option<i64>>()?, row.take::<Option<bool>>()?);
    let before = match (since, until) {
        (Some(since), Some(until)) => Some(Before {
            value: was,
            n: was_n.unwrap_or(0),
            period: Period { since, until },
            again,
            again_n: again_n.unwrap_or(0),
            same: same.unwrap_or(false),
        }),
        _ => None,
    };
    Ok(Kept {
        indicator,
        name,
        definition,
        unit,
        place,
        period,
        cuts,
        row: row_bucket,
        column,
        value,
        currency,
        n,
        interval,
        hidden,
        statement,
        items,
        at,
        before,
    })
}

/// The kept figures of a section, in order.
pub(crate) fn kept(db: &mut Db, section: Id) -> Result<Vec<Kept>> {
    let query = sql(&format!("select {COLUMNS} from report_figure where section = ? order by position"))
        .bind(section)
        .open("the caller checked that the report may be read");
    db.rows(&query, |row| {
        let (_, _): (Id, i64) = (row.take()?, row.take()?);
        from_row(row)
    })
}

fn told(db: &mut Db, section: Id) -> Result<Option<Story>> {
    let query = sql("select told from report_story where section = ?")
        .bind(section)
        .open("the caller checked that the report may be read");
    let told = db.row(&query, |row| row.take::<String>())?;
    Ok(told.map(|told| serde_json::from_str(&told)).transpose()?)
}
