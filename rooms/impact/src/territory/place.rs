//! A place in the census: what it is divided into, who lives there, how much of it the support reaches.

use std::collections::{BTreeMap, HashSet};

use atlas::{Choropleth, Frame, Level, Sex, Value};
use kernel::{Ctx, Db, Error, Html, Result, Words, territory};
use schemars::JsonSchema;
use serde::Serialize;

use super::SUPPORTED;
use crate::ask::Asked;
use crate::cut::Cut;
use crate::indicator;
use crate::pivot;

/// A rate is said for this many inhabitants.
const INHABITANTS: i64 = 100_000;

/// What the census says of the place.
#[derive(Serialize, JsonSchema)]
pub(super) struct Census {
    pub(super) inhabitants: i64,
    /// Percentages, as people read them.
    pub(super) women_activity: Option<String>,
    pub(super) women_illiteracy: Option<String>,
    pub(super) cooperative_members: Option<String>,
}

/// How much of the place the support reaches.
#[derive(Serialize, JsonSchema)]
pub(super) struct Coverage {
    pub(super) communes: i64,
    pub(super) reached: i64,
    pub(super) inhabitants: i64,
    /// Those who live in a commune that is reached.
    pub(super) covered: i64,
}

impl Coverage {
    /// The share of the communes, in percent.
    pub(super) fn of_communes(&self) -> i64 {
        percent(self.reached, self.communes)
    }
    /// The share of the inhabitants, in percent.
    pub(super) fn of_inhabitants(&self) -> i64 {
        percent(self.covered, self.inhabitants)
    }
}

fn percent(part: i64, whole: i64) -> i64 {
    if whole == 0 { 0 } else { (part * 200 + whole) / (whole * 2) }
}

/// What a place is divided into: the first is shown if nobody asks for another.
pub(super) fn divided(code: Option<&str>) -> &'static [Cut] {
    match code.map(|code| code.matches('.').count()) {
        None => &[Cut::Region, Cut::Province],
        Some(0) => &[Cut::Province, Cut::Commune],
        Some(1) => &[Cut::Commune],
        Some(_) if code.is_some_and(is_commune) => &[Cut::Cooperative],
        Some(_) => &[Cut::Commune],
    }
}

fn is_commune(code: &str) -> bool {
    territory::atlas().and_then(|atlas| atlas.get(code)).is_some_and(|d| d.level == Level::Commune)
}

pub(super) fn level(cut: Cut) -> Option<Level> {
    match cut {
        Cut::Region => Some(Level::Region),
        Cut::Province => Some(Level::Province),
        Cut::Commune => Some(Level::Commune),
        _ => None,
    }
}

/// The divisions of a level inside a place, in the order of their codes.
pub(super) fn inside(code: Option<&str>, level: Level) -> Vec<&'static atlas::Division> {
    let Some(atlas) = territory::atlas() else { return Vec::new() };
    let lies =
        |d: &&atlas::Division| code.is_none_or(|code| d.code == code || atlas.is_within(&d.code, code));
    atlas.level(level).filter(lies).collect()
}

pub(super) fn inhabitants(division: &atlas::Division) -> i64 {
    division.population.and_then(|n| i64::try_from(n).ok()).unwrap_or(0)
}

pub(super) fn census(w: Words, code: Option<&str>) -> Option<Census> {
    let atlas = territory::atlas()?;
    let Some(code) = code else {
        let all = inside(None, Level::Region).into_iter().map(inhabitants).sum();
        return Some(Census {
            inhabitants: all,
            women_activity: None,
            women_illiteracy: None,
            cooperative_members: None,
        });
    };
    let (women, all) = (atlas.census(code, Sex::Female), atlas.census(code, Sex::All));
    let percent = |rate: Option<f64>| rate.map(|rate| w.with("impact.percent", "n", &tenths(w, rate)));
    Some(Census {
        inhabitants: atlas.get(code).map_or(0, inhabitants),
        women_activity: percent(women.and_then(|census| census.activity)),
        women_illiteracy: percent(women.and_then(|census| census.illiteracy)),
        cooperative_members: percent(all.and_then(|census| census.cooperative_members)),
    })
}

fn tenths(w: Words, rate: f64) -> String {
    w.decimal((rate * 10.0).round() as i64, 1)
}

/// Which communes have a supported cooperative, against all there are.
pub(super) fn coverage(
    ctx: &Ctx,
    db: &mut Db,
    code: Option<&str>,
    asked: &Asked,
) -> Result<Option<Coverage>> {
    let communes = inside(code, Level::Commune);
    if communes.len() < 2 {
        return Ok(None);
    }
    let table = pivot::table(ctx, db, asked, &*indicator::shipped(SUPPORTED)?, Cut::Commune, None)?;
    let reached: HashSet<&str> = table.rows.iter().filter_map(|(code, _)| code.as_deref()).collect();
    let (inside, outside): (Vec<_>, Vec<_>) =
        communes.into_iter().partition(|commune| reached.contains(commune.code.as_str()));
    let covered: i64 = inside.iter().copied().map(inhabitants).sum();
    Ok(Some(Coverage {
        communes: (inside.len() + outside.len()) as i64,
        reached: inside.len() as i64,
        inhabitants: covered + outside.into_iter().map(inhabitants).sum::<i64>(),
        covered,
    }))
}

/// Supported cooperatives for so many inhabitants, division by division.
pub(super) fn map(
    ctx: &Ctx,
    db: &mut Db,
    code: Option<&str>,
    asked: &Asked,
    by: Cut,
) -> Result<Option<registry::Picture>> {
    let (Some(atlas), Some(level)) = (territory::atlas(), level(by)) else { return Ok(None) };
    let table = pivot::table(ctx, db, asked, &*indicator::shipped(SUPPORTED)?, by, None)?;
    let mut values = BTreeMap::new();
    for division in inside(code, level) {
        let figure = table.row_totals.get(&Some(division.code.clone())).filter(|figure| !figure.hidden);
        let people = inhabitants(division);
        if let Some(count) = figure.and_then(|figure| figure.value).filter(|_| people > 0) {
            // A commune with few inhabitants is no misprint: to a tenth.
            let rate = count as f64 * INHABITANTS as f64 / people as f64;
            let href = Some(format!("/territories/{}?{}", division.code, asked.days()));
            values.insert(division.code.clone(), Value { number: rate, label: tenths(ctx.w, rate), href });
        }
    }
    if values.is_empty() {
        return Ok(None);
    }
    // Communes are only drawn within a division.
    let frame = code.map_or(Frame::Country, Frame::Inside);
    let title = ctx.w.t("territory.map");
    let description = map_about(ctx.w);
    let drawn = atlas.choropleth(&Choropleth {
        level,
        frame,
        language: ctx.w.lang.code(),
        title: &title,
        description: &description,
        values,
    });
    let drawn = drawn.map_err(Error::internal)?;
    Ok(Some(registry::Picture { svg: Html(drawn.svg), legend: drawn.legend }))
}

/// What the map shows, in a sentence.
pub(super) fn map_about(w: Words) -> String {
    w.with("territory.map_about", "n", &w.num(INHABITANTS))
}
