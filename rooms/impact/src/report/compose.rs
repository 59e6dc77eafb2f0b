//! A report brought together for whoever reads it: parts, the difference from the last one, and the sources.

use askama::Template;
use kernel::{Db, Id, Result, Words};
use programmes::Programme;
use schemars::JsonSchema;
use serde::Serialize;

use super::count::{self, Kept};
use super::record::Report;
use super::told::{self, Part, said};
use super::{keep, last};
use crate::indicator;
use crate::{small, unit};

/// A report as it is read, in its own language.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "report_body.html")]
pub(crate) struct Body {
    #[serde(skip)]
    #[schemars(skip)]
    pub(crate) w: Words,
    pub(crate) title: String,
    pub(crate) language: &'static str,
    pub(crate) programme: String,
    pub(crate) dates: String,
    pub(crate) place: Option<String>,
    /// When it was frozen, in a sentence; nothing for a draft.
    pub(crate) frozen: Option<String>,
    pub(crate) parts: Vec<Part>,
    pub(crate) last: Option<Last>,
    pub(crate) sources: Vec<Source>,
    /// True if a small number is hidden somewhere.
    pub(crate) hides: bool,
    /// Where the photos of its stories are.
    #[serde(skip)]
    pub(crate) photos: String,
    /// Where its figures open on their records: a query, for whoever signed in.
    #[serde(skip)]
    pub(crate) opens: Option<String>,
    /// The words of whoever may change it.
    #[serde(skip)]
    #[schemars(skip)]
    pub(crate) edits: Option<Words>,
}

/// What changed since the report before.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Last {
    pub(crate) id: Id,
    pub(crate) title: String,
    pub(crate) dates: String,
    pub(crate) lines: Vec<Difference>,
}

/// One figure then and now, and why it may differ.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Difference {
    pub(crate) name: String,
    pub(crate) then: String,
    /// What the question of then answers today.
    pub(crate) again: String,
    pub(crate) now: String,
    pub(crate) why: Vec<String>,
}

/// Where a figure comes from.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Source {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) definition: String,
    /// How many of the figures below it stands for: its total and its cells.
    pub(crate) figures: usize,
    pub(crate) dates: String,
    pub(crate) scope: String,
    pub(crate) n: String,
    pub(crate) counted: String,
    pub(crate) items: String,
    pub(crate) statement: String,
}

impl Body {
    fn photo(&self, part: &Part) -> String {
        format!("{}/photos/{}", self.photos, part.id)
    }
    /// When its figures were counted.
    fn counted(&self) -> &str {
        self.sources.first().map(|source| source.counted.as_str()).unwrap_or_default()
    }
    fn is_first(&self, at: &usize) -> bool {
        *at == 0
    }
    fn is_last(&self, at: &usize) -> bool {
        at + 1 == self.parts.len()
    }
}

/// Brings a report together. The caller checked that it may be read.
pub(crate) fn body(w: Words, db: &mut Db, report: &Report) -> Result<Body> {
    let w = w.speak(report.lang());
    let programme = kernel::record::get::<Programme>(db, report.programme.id)?.name.best(w.lang).to_owned();
    let contents = keep::contents(db, w, report)?;
    let figures: Vec<Kept> = contents.iter().flat_map(|content| content.figures.clone()).collect();
    Ok(Body {
        w,
        title: report.title.clone(),
        language: w.lang.code(),
        dates: count::days(w, report.since, report.until),
        place: report.territory.as_deref().map(|code| w.place(code)),
        frozen: report.frozen_on.map(|day| w.with("report.frozen_sentence", "date", &w.long_date(&day))),
        last: difference(db, w, report, &figures)?,
        sources: sources(w, &programme, &figures),
        hides: figures.iter().any(|kept| kept.hidden),
        parts: told::parts(db, w, report, contents)?,
        programme,
        photos: format!("/reports/{}", report.id),
        opens: None,
        edits: None,
    })
}

fn difference(db: &mut Db, w: Words, report: &Report, figures: &[Kept]) -> Result<Option<Last>> {
    let lines = figures.iter().map(|kept| line(db, w, kept)).collect::<Vec<_>>();
    let lines: Vec<Difference> = lines.into_iter().flatten().collect();
    let last = if lines.is_empty() { None } else { last::before(db, report)? };
    Ok(last.map(|last| Last {
        id: last.id,
        title: last.title,
        dates: count::days(w, last.since, last.until),
        lines,
    }))
}

fn line(db: &mut Db, w: Words, kept: &Kept) -> Option<Difference> {
    let before = kept.before.as_ref()?;
    let indicator = indicator::find(db, &kept.indicator).ok();
    // An indicator that is gone cannot say whether it tells of people: its past is hidden where it is small. Of those
    // whom a programme's own indicator left out in the past nothing is kept, so it does not tell its past of people.
    let few = |value: Option<i64>, n: i64| match &indicator {
        Some(indicator) if indicator.built.is_some() => indicator.people,
        Some(indicator) => indicator.people && small::few(small::fewest(indicator.measure, value, n)),
        None => small::few(n),
    };
    let value = |value: Option<i64>, n: i64| {
        unit::value_or(w, kept.unit, value, kept.currency.as_deref(), few(value, n))
    };
    let hidden = kept.hidden || few(before.value, before.n) || few(before.again, before.again_n);
    let mut why = Vec::new();
    if before.period != kept.period {
        why.push(w.t("report.why.period").into_owned());
    }
    if before.again != before.value {
        let moved = before.again.zip(before.value).filter(|_| !hidden).map(|(again, then)| again - then);
        why.push(match moved {
            Some(moved) => {
                let sign = if moved > 0 { "+" } else { "" };
                let moved = unit::value(w, kept.unit, moved, kept.currency.as_deref());
                let moved = if moved.starts_with('+') { moved } else { format!("{sign}{moved}") };
                w.with("report.why.corrected_by", "by", &moved)
            }
            None => w.t("report.why.corrected").into_owned(),
        });
    } else if !before.same {
        why.push(w.t("report.why.others").into_owned());
    } else {
        why.push(w.t("report.why.same").into_owned());
    }
    Some(Difference {
        name: kept.name.clone(),
        then: value(before.value, before.n),
        again: value(before.again, before.again_n),
        now: said(w, kept),
        why,
    })
}

/// One line an indicator and place: the total's sources, and how many figures are cut from it.
fn sources(w: Words, programme: &str, figures: &[Kept]) -> Vec<Source> {
    let mut all: Vec<Source> = Vec::new();
    for kept in figures {
        if let Some(there) = all.iter_mut().find(|there| there.code == kept.indicator) {
            there.figures += usize::from(kept.cuts > 0);
            continue;
        }
        let place = kept.place.as_deref().map(|code| format!(" · {}", w.division(code))).unwrap_or_default();
        all.push(Source {
            code: kept.indicator.clone(),
            name: kept.name.clone(),
            definition: kept.definition.clone(),
            figures: 1,
            dates: kept.days(w),
            scope: format!("{programme}{place}"),
            n: if kept.hidden { w.t("impact.hidden_cell").into_owned() } else { w.num(kept.n) },
            counted: w.instant(kept.at),
            items: kept.items.clone(),
            statement: kept.statement.clone(),
        });
    }
    all
}
