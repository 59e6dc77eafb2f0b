//! `/territories` and `/territories/{territory}`: what came of all support in a country, a région, a province or a
//! commune, beside its census. An institution finds here whom its territory reaches, and where nobody is.

mod place;
mod sheet;

use std::collections::{HashMap, HashSet};

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Db, Error, Id, Reply, Result, Words, territory};
use schemars::JsonSchema;
use serde::Serialize;

use self::place::{Census, Coverage, divided, inhabitants, inside, level};
use crate::ask::Asked;
use crate::cut::Cut;
use crate::dashboard::{self, Tile, tile};
use crate::figure::{self, Figure};
use crate::indicator::{self, Indicator, Measure};
use crate::pivot::{self, Table};
use crate::scope::Scope;
use crate::unit;

pub(crate) fn routes() -> Vec<Route> {
    let country = get("/territories", show).query(ASKS).answers::<TerritoryPage>();
    let place = get("/territories/{territory}", show).query(ASKS).answers::<TerritoryPage>();
    vec![
        country,
        place,
        get("/territories/table/{format}", sheet::download).query(ASKS),
        get("/territories/{territory}/table/{format}", sheet::download).query(ASKS),
    ]
}

const ASKS: &[&str] = &["since", "until", "by", "theme"];

/// What the map and the coverage are made of.
const SUPPORTED: &str = "cooperatives-supported";

#[derive(Serialize, JsonSchema)]
struct Pick {
    code: String,
    label: String,
    chosen: bool,
}

#[derive(Serialize, JsonSchema)]
struct Theme {
    name: String,
    tiles: Vec<Tile>,
}

#[derive(Serialize, JsonSchema)]
struct Cell {
    figure: Figure,
    said: String,
    /// The same of women alone, in words, where that can be said.
    women: Option<String>,
    path: String,
}

/// A division inside the place, or a cooperative of a commune.
#[derive(Serialize, JsonSchema)]
struct Row {
    code: Option<String>,
    label: String,
    path: Option<String>,
    inhabitants: Option<i64>,
    cells: Vec<Cell>,
}

/// A programme that supports cooperatives of the place.
#[derive(Serialize, JsonSchema)]
struct Programme {
    id: Id,
    name: String,
    said: String,
    path: String,
}

/// The results of a territory.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "impact_territory.html")]
struct TerritoryPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    code: Option<String>,
    name: String,
    /// The places around it, the widest first: name and address.
    around: Vec<(String, String)>,
    census: Option<Census>,
    coverage: Option<Coverage>,
    since: String,
    until: String,
    /// Which days are shown, where others were asked for.
    brought: Option<String>,
    themes: Vec<Theme>,
    by: Cut,
    bys: Vec<Pick>,
    picks: Vec<Pick>,
    columns: Vec<Multi>,
    rows: Vec<Row>,
    hidden: bool,
    /// True if the viewer may count some cooperatives only.
    partly: bool,
    programmes: Vec<Programme>,
    #[serde(skip)]
    #[schemars(skip)]
    map: Option<registry::Picture>,
    #[serde(skip)]
    map_about: String,
    #[serde(skip)]
    credit: String,
    /// Where the same figures are as a spreadsheet, without the format.
    #[serde(skip)]
    sheet: String,
    #[serde(skip)]
    query: String,
    #[serde(skip)]
    query_days: String,
}

impl TerritoryPage {
    fn is_places(&self) -> bool {
        self.by != Cut::Cooperative
    }
    fn percent(&self, coverage: &Coverage) -> String {
        self.w.with("impact.percent", "n", &coverage.of_inhabitants().to_string())
    }
}

/// The place of the address; the country where it names none.
fn asked(ctx: &Ctx, db: &mut Db) -> Result<(Option<String>, Asked)> {
    let code = ctx.param("territory").ok().map(str::to_owned);
    if let Some(code) = &code {
        let known = territory::atlas().is_some_and(|atlas| atlas.get(code).is_some());
        if !known {
            return Err(Error::NotFound);
        }
    }
    Ok((code.clone(), Asked::place(ctx, db, code)?))
}

/// The key indicators of a theme that can be told by place.
fn columns(theme: &str, by: Cut) -> Result<Vec<&'static Indicator>> {
    let told = indicator::all()?.iter().map(|indicator| &**indicator);
    let mut told: Vec<&Indicator> = told
        .filter(|indicator| theme.is_empty() || indicator.theme == theme)
        .filter(|indicator| dashboard::place(&indicator.code).is_some() && figure::allows(indicator, by))
        .collect();
    told.sort_by_key(|indicator| dashboard::place(&indicator.code));
    Ok(told)
}

/// An indicator by the divisions of a place, and by sex where it knows sexes.
fn told(ctx: &Ctx, db: &mut Db, asked: &Asked, indicator: &Indicator, by: Cut) -> Result<Table> {
    let sex = figure::allows(indicator, Cut::Sex).then_some(Cut::Sex);
    pivot::table(ctx, db, asked, indicator, by, sex)
}

/// The rows of the table: every division inside the place, then what stands nowhere; of a commune, its cooperatives.
fn lines(
    code: Option<&str>,
    by: Cut,
    w: Words,
    tables: &[Table],
) -> Vec<(Option<String>, String, Option<i64>)> {
    let mut lines: Vec<(Option<String>, String, Option<i64>)> = match level(by) {
        Some(level) => inside(code, level)
            .into_iter()
            .map(|d| (Some(d.code.clone()), w.division(&d.code), Some(inhabitants(d)).filter(|n| *n > 0)))
            .collect(),
        None => Vec::new(),
    };
    let mut there: HashSet<Option<String>> = lines.iter().map(|(code, ..)| code.clone()).collect();
    for (code, label) in tables.iter().flat_map(|table| &table.rows) {
        if there.insert(code.clone()) {
            lines.push((code.clone(), label.clone(), None));
        }
    }
    let first = |code: &Option<String>| {
        let figure = tables.first().and_then(|table| table.row_totals.get(code));
        figure.filter(|figure| !figure.hidden).and_then(|figure| figure.value).unwrap_or(0)
    };
    lines.sort_by_cached_key(|(code, ..)| (code.is_none(), std::cmp::Reverse(first(code))));
    lines
}

fn rows(
    asked: &Asked,
    w: Words,
    (code, by): (Option<&str>, Cut),
    columns: &[&Indicator],
    tables: &[Table],
) -> Vec<Row> {
    let woman = Some("woman".to_owned());
    lines(code, by, w, tables)
        .into_iter()
        .map(|(code, label, inhabitants)| {
            let narrowed = asked.narrowed(match (&code, by) {
                (Some(code), Cut::Cooperative) => {
                    Scope { organisation: code.parse().ok(), ..Scope::default() }
                }
                (Some(code), _) => Scope { territory: Some(code.clone()), ..Scope::default() },
                (None, _) => asked.scope.clone(),
            });
            let narrowed = narrowed.query();
            let cells = columns.iter().zip(tables).map(|(indicator, table)| {
                let figure = table.row(indicator, &code);
                let women = table.cells.get(&(code.clone(), woman.clone()));
                let women = women.filter(|women| !women.hidden && women.n > 0);
                // Of a sum women are a part; a mean of women stands beside the mean of all.
                let part = matches!(indicator.measure, Measure::Count | Measure::Sum);
                let word = if part { "territory.women" } else { "territory.women_alone" };
                Cell {
                    said: unit::figure(w, indicator, &figure),
                    women: women.map(|women| w.with(word, "n", &unit::figure(w, indicator, women))),
                    path: format!("/indicators/{}?{narrowed}", indicator.code),
                    figure,
                }
            });
            let path = match (&code, by) {
                (Some(code), Cut::Cooperative) => Some(format!("/organisations/{code}")),
                (Some(code), _) => Some(format!("/territories/{code}?{}", asked.days())),
                (None, _) => None,
            };
            Row { cells: cells.collect(), code, label, path, inhabitants }
        })
        .collect()
}

/// The programmes that support cooperatives here, as far as the viewer may know of them.
fn programmes(ctx: &Ctx, db: &mut Db, asked: &Asked) -> Result<Vec<Programme>> {
    let supported = indicator::shipped(SUPPORTED)?;
    let table = pivot::table(ctx, db, asked, &supported, Cut::Programme, None)?;
    let mut known: HashMap<String, Multi> = programmes::programme::list(db, &ctx.viewer)?
        .into_iter()
        .map(|programme| (programme.id.to_string(), programme.name))
        .collect();
    let mut all = Vec::new();
    for (code, _) in &table.rows {
        let Some((id, name)) = code.as_ref().and_then(|code| Some((code, known.remove(code)?))) else {
            continue;
        };
        let id: Id = id.parse().map_err(|_| Error::internal("a programme has no id"))?;
        let figure = table.row_totals.get(code).cloned().unwrap_or_default();
        all.push(Programme {
            path: format!("/programmes/{id}/impact?{}", asked.query()),
            name: name.best(ctx.w.lang).to_owned(),
            said: unit::figure(ctx.w, &supported, &figure),
            id,
        });
    }
    Ok(all)
}

fn themes(ctx: &Ctx, db: &mut Db, asked: &Asked) -> Result<Vec<(String, Theme)>> {
    let mut themes: Vec<(String, Theme)> = Vec::new();
    for indicator in indicator::all()? {
        if dashboard::place(&indicator.code).is_none() || !indicator.knows_places() {
            continue;
        }
        let tile = tile(ctx, db, asked, indicator)?;
        match themes.iter_mut().find(|(code, _)| *code == indicator.theme) {
            Some((_, theme)) => theme.tiles.push(tile),
            None => {
                let name = ctx.w.t2("impact.theme", &indicator.theme);
                themes.push((indicator.theme.clone(), Theme { name, tiles: vec![tile] }));
            }
        }
    }
    for (_, theme) in &mut themes {
        theme.tiles.sort_by_key(|tile| dashboard::place(&tile.code));
    }
    Ok(themes)
}

/// The division of the place that was asked for, or the first.
fn division(ctx: &Ctx, code: Option<&str>) -> Result<Cut> {
    let offered = divided(code);
    match ctx.query.text("by") {
        None => offered.first().copied().ok_or(Error::NotFound),
        Some(asked) => offered.iter().copied().find(|cut| cut.code() == asked).ok_or(Error::NotFound),
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (code, asked) = asked(ctx, db)?;
        let code_text = code.as_deref();
        let by = division(ctx, code_text)?;
        let themes = themes(ctx, db, &asked)?;
        let shown = ctx.query.text("theme").unwrap_or("reach").to_owned();
        if !themes.iter().any(|(theme, _)| *theme == shown) {
            return Err(Error::NotFound);
        }
        let picks = themes.iter().map(|(theme, told)| Pick {
            chosen: *theme == shown,
            code: theme.clone(),
            label: told.name.clone(),
        });
        let picks =
            picks.filter(|pick| columns(&pick.code, by).is_ok_and(|columns| !columns.is_empty())).collect();
        let columns = columns(&shown, by)?;
        let mut tables = Vec::new();
        for indicator in &columns {
            tables.push(told(ctx, db, &asked, indicator, by)?);
        }
        let rows = rows(&asked, w, (code_text, by), &columns, &tables);
        let around: Vec<String> = code_text.map(territory::ancestors).unwrap_or_default();
        let around = around.into_iter().skip(1).rev().map(|code| {
            let path = format!("/territories/{code}?{}", asked.days());
            (w.division(&code), path)
        });
        let place = code_text.map_or_else(String::new, |code| format!("/{code}"));
        Ok(TerritoryPage {
            w,
            name: code_text.map_or_else(|| w.t("territory.country").into_owned(), |code| w.division(code)),
            around: around.collect(),
            census: place::census(w, code_text),
            coverage: place::coverage(ctx, db, code_text, &asked)?,
            since: asked.period.since.to_string(),
            until: asked.period.until.to_string(),
            brought: asked.brought(w),
            themes: themes.into_iter().map(|(_, theme)| theme).collect(),
            by,
            bys: divided(code_text)
                .iter()
                .map(|cut| Pick {
                    code: cut.code().to_owned(),
                    label: w.t2("impact.cut", cut.code()),
                    chosen: *cut == by,
                })
                .collect(),
            picks,
            columns: columns.iter().map(|indicator| indicator.name.clone()).collect(),
            partly: !asked.reads,
            hidden: rows.iter().flat_map(|row| &row.cells).any(|cell| cell.figure.hidden),
            rows,
            programmes: programmes(ctx, db, &asked)?,
            map: place::map(ctx, db, code_text, &asked, by)?,
            map_about: place::map_about(w),
            credit: territory::credit(w.lang),
            sheet: format!("/territories{place}/table"),
            query: format!("{}&by={}", asked.days(), by.code()),
            query_days: asked.days(),
            code,
        })
    })?;
    ctx.page(&w.with("impact.of", "name", &page.name), &page)
}
