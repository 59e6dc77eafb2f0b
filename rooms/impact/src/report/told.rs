//! A report as it is read: the same parts for the page, the paper and the link.

use kernel::{Db, Error, Html, Id, Result, Words};
use people::Purpose;
use schemars::JsonSchema;
use serde::Serialize;

use super::count::Kept;
use super::keep::Content;
use super::record::{Report, ReportSection, SectionKind};
use super::story::{Story, agreed};
use crate::cut::Cut;
use crate::figure::Figure;
use crate::{chart, unit};

/// A section as it is read.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Part {
    pub(crate) id: Id,
    pub(crate) kind: SectionKind,
    pub(crate) heading: String,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) tiles: Vec<Tile>,
    pub(crate) grid: Option<Grid>,
    pub(crate) story: Option<Story>,
    /// True if the photo of the story may be shown.
    pub(crate) photo: bool,
    /// True for a story that nobody agrees to any more.
    pub(crate) silent: bool,
    /// True if something is missing without which it says nothing.
    pub(crate) unfinished: bool,
    #[serde(skip)]
    #[schemars(skip)]
    pub(crate) picture: Option<Picture>,
}

/// A figure with its words.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Tile {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) said: String,
    pub(crate) bounds: Option<String>,
    /// True if it tells of the whole programme in a report on one province.
    pub(crate) whole: bool,
}

/// A table: rows with their bar, their cells and their total.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Grid {
    pub(crate) name: String,
    /// What the rows are.
    pub(crate) by: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Line>,
    pub(crate) total: String,
    pub(crate) whole: bool,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Line {
    pub(crate) label: String,
    pub(crate) cells: Vec<String>,
    pub(crate) total: String,
    /// Its share of the longest, in percent.
    pub(crate) long: i64,
    #[serde(skip)]
    #[schemars(skip)]
    pub(crate) bar: Html,
}

/// A drawn map or chart.
pub(crate) struct Picture {
    pub(crate) svg: Html,
    pub(crate) legend: Vec<atlas::Step>,
    pub(crate) map: bool,
}

/// A value as people read it.
pub(crate) fn said(w: Words, kept: &Kept) -> String {
    unit::value_or(w, kept.unit, kept.value, kept.currency.as_deref(), kept.hidden)
}

fn bounds(w: Words, kept: &Kept) -> Option<String> {
    unit::bounds(w, &Figure { n: kept.n, interval: kept.interval, hidden: kept.hidden, ..Figure::default() })
}

/// The parts of a report in its language.
pub(crate) fn parts(db: &mut Db, w: Words, report: &Report, contents: Vec<Content>) -> Result<Vec<Part>> {
    contents.into_iter().map(|content| part(db, w, report, content)).collect()
}

fn part(db: &mut Db, w: Words, report: &Report, content: Content) -> Result<Part> {
    let Content { section, figures, story } = content;
    let tells = section.kind != SectionKind::Story || agreed(db, &section, Purpose::Story)?;
    let photo = tells && section.photo.is_some() && agreed(db, &section, Purpose::Photo)?;
    let story = story.filter(|_| tells);
    let name = figures.first().map(|kept| kept.name.clone());
    let heading = section.heading.clone().or_else(|| story.as_ref().map(|story| story.name.clone()));
    let grid = grid(w, report, &section, &figures);
    let picture = match section.kind {
        SectionKind::Map => map(w, report, &section, &figures)?,
        SectionKind::Chart => columns(w, &section, &figures),
        _ => None,
    };
    let tiles = figures.iter().filter(|_| section.kind == SectionKind::Figures).map(|kept| Tile {
        code: kept.indicator.clone(),
        name: kept.name.clone(),
        said: said(w, kept),
        bounds: bounds(w, kept),
        whole: report.territory.is_some() && kept.place.is_none(),
    });
    Ok(Part {
        id: section.id,
        kind: section.kind,
        heading: heading.or(name).unwrap_or_else(|| w.choice(&section.kind)),
        paragraphs: if tells { paragraphs(&section) } else { Vec::new() },
        tiles: tiles.collect(),
        grid,
        story,
        photo,
        silent: !tells && section.person.is_some(),
        unfinished: section.unfinished(),
        picture,
    })
}

fn paragraphs(section: &ReportSection) -> Vec<String> {
    let body = section.body.as_ref().map(|body| body.0.as_str()).unwrap_or_default();
    body.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn grid(w: Words, report: &Report, section: &ReportSection, figures: &[Kept]) -> Option<Grid> {
    let by = *section.cuts().first()?;
    let total = figures.iter().find(|kept| kept.cuts == 0)?;
    let mut columns: Vec<&super::count::Bucket> = Vec::new();
    for kept in figures.iter().filter(|kept| kept.cuts == 2) {
        if !columns.contains(&&kept.column) {
            columns.push(&kept.column);
        }
    }
    // Every row names its columns in the order of the first that has them; what is not stated stands last.
    let in_time = section.cuts().get(1).is_some_and(|cut| cut.is_time() || *cut == Cut::Age);
    if in_time {
        columns.sort_by(|a, b| a.code.cmp(&b.code));
    }
    columns.sort_by_key(|column| column.code.is_none());
    let shown = |kept: &&Kept| kept.cuts == 1 && !kept.hidden;
    let longest = figures.iter().filter(shown).filter_map(|kept| kept.value).max().unwrap_or(0);
    let rows = figures.iter().filter(|kept| kept.cuts == 1).map(|row| {
        let cell = |column: &&super::count::Bucket| {
            let found =
                figures.iter().find(|kept| kept.cuts == 2 && kept.row == row.row && kept.column == **column);
            found.map_or_else(|| "–".into(), |kept| said(w, kept))
        };
        let value = row.value.filter(|_| !row.hidden);
        Line {
            label: row.row.label.clone(),
            cells: columns.iter().map(cell).collect(),
            total: said(w, row),
            long: if longest > 0 { value.unwrap_or(0).max(0) * 100 / longest } else { 0 },
            bar: chart::bar(value, longest, w.lang.dir() == "rtl"),
        }
    });
    Some(Grid {
        name: total.name.clone(),
        by: w.t2("impact.cut", by.code()),
        rows: rows.collect(),
        columns: columns.iter().map(|column| column.label.clone()).collect(),
        total: said(w, total),
        whole: report.territory.is_some() && total.place.is_none(),
    })
}

fn columns(w: Words, section: &ReportSection, figures: &[Kept]) -> Option<Picture> {
    section.cuts().first().filter(|cut| cut.is_time())?;
    let values: Vec<(String, Option<i64>, String)> = figures
        .iter()
        .filter(|kept| kept.cuts == 1)
        .map(|kept| (kept.row.label.clone(), kept.value.filter(|_| !kept.hidden), said(w, kept)))
        .collect();
    let svg = (values.len() > 1).then(|| chart::columns(&values, w.lang.dir() == "rtl"))?;
    Some(Picture { svg, legend: Vec::new(), map: false })
}

fn map(w: Words, report: &Report, section: &ReportSection, figures: &[Kept]) -> Result<Option<Picture>> {
    let level = match section.cuts().first() {
        Some(Cut::Province) => atlas::Level::Province,
        Some(Cut::Commune) => atlas::Level::Commune,
        _ => return Ok(None),
    };
    let shown = figures.iter().filter(|kept| kept.cuts == 1 && !kept.hidden);
    let values: std::collections::BTreeMap<String, atlas::Value> = shown
        .filter_map(|kept| {
            let value = atlas::Value { number: kept.value? as f64, label: said(w, kept), href: None };
            Some((kept.row.code.clone()?, value))
        })
        .collect();
    let Some(atlas) = kernel::territory::atlas().filter(|_| !values.is_empty()) else { return Ok(None) };
    let name = figures.first().map(|kept| kept.name.as_str()).unwrap_or_default();
    let frame = match &report.territory {
        Some(code) if level == atlas::Level::Commune => atlas::Frame::Inside(code),
        _ => atlas::Frame::Values,
    };
    let about = w.t("report.map_about");
    let asked =
        atlas::Choropleth { level, frame, language: w.lang.code(), title: name, description: &about, values };
    let drawn = atlas.choropleth(&asked).map_err(Error::internal)?;
    Ok(Some(Picture { svg: Html(drawn.svg), legend: drawn.legend, map: true }))
}
