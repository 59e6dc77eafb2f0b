//! What the public sees: the directory of organisations that agreed to it, and maps that count.

use std::collections::BTreeMap;

use askama::Template;
use atlas::{Choropleth, Frame, Level, Step, Value};
use kernel::room::{Route, get};
use kernel::{Ctx, Error, Html, Reply, Result, Viewer, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::organisation::{Filter, Line};
use crate::pages::{DivisionCount, filter_of, filters, some};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/directory", directory)
            .open()
            .query(&["q", "kind", "activity", "territory", "women_led", "after"])
            .answers::<DirectoryPage>(),
    ]
}

/// A map as HTML, with the steps of its legend.
pub struct Picture {
    /// The drawing.
    pub svg: Html,
    /// Its legend.
    pub legend: Vec<Step>,
}

/// Counts rolled up to the level that suits a territory, and their map: provinces for a country or a région,
/// communes for a province.
pub fn count_map(
    ctx: &Ctx,
    path: &str,
    communes: &[(String, i64)],
    territory: Option<&str>,
) -> Result<(Vec<DivisionCount>, Option<Picture>)> {
    let depth = territory.map_or(0, |code| code.matches('.').count() + 1);
    let (level, parts) = if depth >= 2 { (Level::Commune, 4) } else { (Level::Province, 2) };
    let province = territory.and_then(kernel::territory::province);
    let frame = match (&province, territory) {
        (Some(province), _) => Frame::Inside(province),
        (None, Some(region)) => Frame::Inside(region),
        (None, None) => Frame::Country,
    };
    draw(ctx, communes, level, parts, frame, |code| {
        let list = if level == Level::Commune {
            "/organisations".to_owned() + "?territory=" + code
        } else {
            String::new()
        };
        if list.is_empty() {
            format!("{path}{}", ctx.query.query_with(&[("territory", code), ("lang", "")]))
        } else {
            list
        }
    })
}

/// Rolls counts up to a level and draws them.
fn draw(
    ctx: &Ctx,
    communes: &[(String, i64)],
    level: Level,
    parts: usize,
    frame: Frame<'_>,
    address: impl Fn(&str) -> String,
) -> Result<(Vec<DivisionCount>, Option<Picture>)> {
    let lang = ctx.w.lang;
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for (code, n) in communes {
        let rolled: Vec<&str> = code.split('.').take(parts).collect();
        *counts.entry(rolled.join(".")).or_default() += n;
    }
    let divisions: Vec<_> = counts
        .iter()
        .map(|(code, count)| DivisionCount {
            code: code.clone(),
            name: kernel::territory::name(code, lang),
            count: *count,
            href: address(code),
        })
        .collect();
    let Some(atlas) = kernel::territory::atlas() else { return Ok((divisions, None)) };
    if divisions.is_empty() {
        return Ok((divisions, None));
    }
    let values = divisions
        .iter()
        .map(|d| {
            (
                d.code.clone(),
                Value { number: d.count as f64, label: ctx.w.num(d.count), href: Some(d.href.clone()) },
            )
        })
        .collect();
    let (title, description) = (ctx.w.t("registry.map.title"), ctx.w.t("registry.map.about"));
    let drawn = atlas.choropleth(&Choropleth {
        level,
        frame,
        language: lang.code(),
        title: &title,
        description: &description,
        values,
    });
    let drawn = drawn.map_err(Error::internal)?;
    Ok((divisions, Some(Picture { svg: Html(drawn.svg), legend: drawn.legend })))
}

/// Counts by province on a map that shows only where there are some; each leads to `href` narrowed to its territory.
pub fn value_map(
    ctx: &Ctx,
    communes: &[(String, i64)],
    href: &str,
) -> Result<(Vec<DivisionCount>, Option<Picture>)> {
    let frame = if communes.is_empty() { Frame::Country } else { Frame::Values };
    draw(ctx, communes, Level::Province, 2, frame, |code| {
        format!("{href}{}territory={code}", if href.contains('?') { '&' } else { '?' })
    })
}

/// The public directory.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "registry_directory.html")]
struct DirectoryPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    count: i64,
    organisations: Vec<Line>,
    next: Option<String>,
    #[serde(skip)]
    filters: Html,
    #[serde(skip)]
    filtered: bool,
}

fn directory(ctx: &Ctx) -> Result<Reply> {
    let filter = Filter { published: true, through: None, ..filter_of(&ctx.query) };
    let public = Viewer::default();
    let (count, organisations, next) = ctx.read(|db| some(db, ctx, &public, &filter))?;
    let page = DirectoryPage {
        w: ctx.w,
        count,
        next,
        organisations,
        filters: filters(ctx.w, "/directory", &ctx.query, &filter)?,
        filtered: ctx.query.0.iter().any(|(name, text)| name != "lang" && !text.is_empty()),
    };
    ctx.page(&ctx.w.t("directory.title"), &page)
}
