//! `/indicators/{code}`: an indicator's definition and its figures, by any two cuts, over any period.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::table::{self as sheets, Format};
use kernel::{Ctx, Db, Error, Html, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;
use sheet::Out;

use crate::ask::{self, Asked, QUERY};
use crate::chart;
use crate::cut::Cut;
use crate::figure::{self, Figure};
use crate::indicator::{self, Indicator, Measure, Reference};
use crate::own::OwnMeasure;
use crate::pivot::table;
use crate::slice::Slice;
use crate::unit;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/indicators/{indicator}", show).query(QUERY).answers::<MeasurePage>(),
        get("/indicators/{indicator}/table/{format}", download).query(QUERY),
    ]
}

/// A cell of the table.
#[derive(Clone, Serialize, JsonSchema)]
struct Cell {
    figure: Figure,
    said: String,
    /// Where the records behind it are listed.
    path: Option<String>,
}

/// A row of the table.
#[derive(Serialize, JsonSchema)]
struct Row {
    label: String,
    cells: Vec<Cell>,
    total: Cell,
    #[serde(skip)]
    #[schemars(skip)]
    bar: Html,
}

#[derive(Serialize, JsonSchema)]
struct Pick {
    code: &'static str,
    label: String,
}

/// An indicator and its figures.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "impact_measure.html")]
struct MeasurePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    code: String,
    name: Multi,
    definition: Multi,
    assumptions: Multi,
    references: Vec<Reference>,
    /// What a programme's own indicator is built of.
    made: Option<Made>,
    whose: String,
    since: String,
    until: String,
    /// Which days are shown, where others were asked for.
    brought: Option<String>,
    total: Figure,
    said: String,
    bounds: Option<String>,
    /// The records behind the total.
    records: Option<String>,
    by: Option<Cut>,
    and: Option<Cut>,
    columns: Vec<String>,
    rows: Vec<Row>,
    hidden: bool,
    /// True if people could be recognised by these cuts together, whatever is hidden.
    refused: bool,
    #[serde(skip)]
    #[schemars(skip)]
    map: Option<registry::Picture>,
    over: Vec<(String, Multi)>,
    /// What it can be cut by.
    cuts: Vec<Pick>,
    #[serde(skip)]
    scope: Vec<(&'static str, String)>,
    #[serde(skip)]
    query: String,
    #[serde(skip)]
    programme: Option<kernel::Id>,
    /// What whoever stewards the programme can do with it: words and address.
    #[serde(skip)]
    actions: Vec<(&'static str, String)>,
}

/// What a programme's own indicator is built of.
#[derive(Serialize, JsonSchema)]
struct Made {
    /// The indicator whose records it counts.
    base: String,
    name: Multi,
    measure: OwnMeasure,
    /// What they are narrowed to.
    only: Vec<String>,
    /// Of a share: which of them it is the share of.
    meets: Option<String>,
}

fn made(db: &mut Db, w: Words, indicator: &Indicator) -> Result<Option<Made>> {
    let Some(built) = &indicator.built else { return Ok(None) };
    let mut label = |slice: &Slice| slice.label(db, w, indicator.items.as_ref());
    Ok(Some(Made {
        only: built.only.iter().map(&mut label).collect::<Result<_>>()?,
        meets: built.meets.as_ref().map(&mut label).transpose()?,
        base: built.base.code.clone(),
        name: built.base.name.clone(),
        measure: built.way,
    }))
}

/// What a steward of the programme can do with an indicator: aim at something with it, change it, build on it.
fn actions(
    ctx: &Ctx,
    db: &mut Db,
    asked: &Asked,
    indicator: &Indicator,
) -> Result<Vec<(&'static str, String)>> {
    let Some(programme) = asked.scope.programme else { return Ok(Vec::new()) };
    if ctx.viewer.standing(db, programme)? < Some(Standing::Steward) {
        return Ok(Vec::new());
    }
    let code = &indicator.code;
    let mut all =
        vec![("impact_target.new", format!("/programmes/{programme}/targets/new?indicator={code}"))];
    if indicator.built.is_some() {
        all.push(("own_indicator.edit", format!("/own-indicators/{code}/edit")));
    } else if indicator.items.is_some() {
        all.push((
            "own_indicator.on_this",
            format!("/programmes/{programme}/own-indicators/new?base={code}"),
        ));
    }
    Ok(all)
}

impl MeasurePage {
    fn is_by(&self, code: &&str) -> bool {
        self.by.is_some_and(|cut| cut.code() == *code)
    }
    fn is_and(&self, code: &&str) -> bool {
        self.and.is_some_and(|cut| cut.code() == *code)
    }
    fn cuts_query(&self) -> String {
        let part = |name: &str, cut: Option<Cut>| {
            cut.map(|cut| format!("&{name}={}", cut.code())).unwrap_or_default()
        };
        part("by", self.by) + &part("and", self.and)
    }
    fn shows_n(&self) -> bool {
        self.rows.iter().any(|row| row.total.figure.interval.is_some())
    }
}

/// The cut that a name of the query asks for, if the indicator allows it.
pub(crate) fn asked_cut(ctx: &Ctx, indicator: &Indicator, name: &str) -> Result<Option<Cut>> {
    match ctx.query.text(name) {
        None => Ok(None),
        Some(code) => {
            let cut = Cut::from_code(code).filter(|cut| figure::allows(indicator, *cut));
            cut.map(Some).ok_or(Error::NotFound)
        }
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (indicator, asked) = ask::open(ctx, db)?;
        let indicator = &*indicator;
        let (by, and) = (asked_cut(ctx, indicator, "by")?, asked_cut(ctx, indicator, "and")?);
        let and = and.filter(|and| by.is_some_and(|by| by != *and));
        let table = by.map(|by| table(ctx, db, &asked, indicator, by, and)).transpose()?;
        let total = asked.total(ctx, db, indicator)?;
        let refused = table.as_ref().is_some_and(|table| table.refused);
        let query = asked.query();
        let opens = indicator.items.is_some();
        let path = |buckets: &[(Cut, &Option<String>)]| {
            let more: String = buckets
                .iter()
                .map(|(cut, code)| {
                    format!("&cut.{}={}", cut.code(), kernel::fields::encode(code.as_deref().unwrap_or("")))
                })
                .collect();
            opens.then(|| format!("/indicators/{}/records?{query}{more}", indicator.code))
        };
        let cell = |figure: Option<Figure>, buckets: &[(Cut, &Option<String>)]| {
            let figure = figure.unwrap_or_default();
            Cell {
                said: unit::figure(w, indicator, &figure),
                path: if figure.hidden || figure.n == 0 { None } else { path(buckets) },
                figure,
            }
        };
        let (mut rows, mut columns) = (Vec::new(), Vec::new());
        if let (Some(by), Some(mut table)) = (by, table) {
            let longest =
                table.row_totals.values().filter(|f| !f.hidden).filter_map(|f| f.value).max().unwrap_or(0);
            for (code, label) in &table.rows {
                let total = cell(table.row_totals.remove(code), &[(by, code)]);
                let cells = table.columns.iter().map(|(column, _)| {
                    let figure = table.cells.get(&(code.clone(), column.clone())).cloned();
                    let and = and.unwrap_or(by);
                    cell(figure, &[(by, code), (and, column)])
                });
                rows.push(Row {
                    label: label.clone(),
                    cells: cells.collect(),
                    bar: chart::bar(
                        total.figure.value.filter(|_| !total.figure.hidden),
                        longest,
                        w.lang.dir() == "rtl",
                    ),
                    total,
                });
            }
            columns = table.columns.into_iter().map(|(_, label)| label).collect();
        }
        let mut over = Vec::new();
        for code in indicator.over.iter().flatten() {
            let part = indicator::find(db, code)?;
            over.push((part.code.clone(), part.name.clone()));
        }
        let scope = &asked.scope;
        Ok(MeasurePage {
            w,
            code: indicator.code.clone(),
            name: indicator.name.clone(),
            definition: indicator.definition.clone(),
            assumptions: indicator.assumptions.clone(),
            references: indicator.references.clone(),
            made: made(db, w, indicator)?,
            actions: actions(ctx, db, &asked, indicator)?,
            since: asked.period.since.to_string(),
            until: asked.period.until.to_string(),
            brought: asked.brought(w),
            said: unit::figure(w, indicator, &total),
            bounds: unit::bounds(w, &total),
            records: path(&[]).filter(|_| !total.hidden && total.n > 0),
            hidden: rows
                .iter()
                .any(|row| row.total.figure.hidden || row.cells.iter().any(|cell| cell.figure.hidden)),
            map: match by {
                Some(Cut::Province) if and.is_none() => map(ctx, &asked, indicator, &rows)?,
                _ => None,
            },
            total,
            by,
            and,
            columns,
            rows,
            refused,
            over,
            cuts: indicator
                .cuts
                .iter()
                .map(|cut| Pick { code: cut.code(), label: w.t2("impact.cut", cut.code()) })
                .collect(),
            scope: [
                ("programme", scope.programme.map(|id| id.to_string())),
                ("organisation", scope.organisation.map(|id| id.to_string())),
                ("territory", scope.territory.clone()),
            ]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect(),
            programme: scope.programme,
            query,
            whose: asked.whose(indicator),
        })
    })?;
    ctx.page(page.name.best(w.lang), &page)
}

/// Whole numbers by province on a map; each province leads to its own figures.
fn map(ctx: &Ctx, asked: &Asked, indicator: &Indicator, rows: &[Row]) -> Result<Option<registry::Picture>> {
    if !matches!(indicator.measure, Measure::Count | Measure::Sum) || unit::scale(indicator.unit, None) != 1 {
        return Ok(None);
    }
    let shown = rows.iter().map(|row| &row.total.figure).filter(|figure| !figure.hidden);
    let values: Vec<(String, i64)> =
        shown.filter_map(|figure| Some((figure.row.clone()?, figure.value?))).collect();
    let href = format!("/indicators/{}?{}&by=commune", indicator.code, asked.query());
    Ok(registry::value_map(ctx, &values, &href)?.1)
}

/// The same table as a spreadsheet, with the value, how many stand behind it, and from when to when.
fn download(ctx: &Ctx) -> Result<Reply> {
    let format = Format::from_code(ctx.param("format")?).ok_or(Error::NotFound)?;
    let w = ctx.w;
    let (lines, name, indicator) = ctx.read(|db| {
        let (indicator, asked) = ask::open(ctx, db)?;
        let (by, and) = (asked_cut(ctx, &indicator, "by")?, asked_cut(ctx, &indicator, "and")?);
        let total = asked.total(ctx, db, &indicator)?;
        let mut lines = vec![(w.t("impact.total").into_owned(), String::new(), total)];
        if let Some(by) = by {
            let and = and.filter(|and| *and != by);
            let table = table(ctx, db, &asked, &indicator, by, and)?;
            for (row, label) in &table.rows {
                if let Some(figure) = table.row_totals.get(row) {
                    lines.push((label.clone(), String::new(), figure.clone()));
                }
                for (column, other) in &table.columns {
                    if let Some(figure) = table.cells.get(&(row.clone(), column.clone())) {
                        lines.push((label.clone(), other.clone(), figure.clone()));
                    }
                }
            }
        }
        let period = format!("{} – {}", asked.period.since, asked.period.until);
        Ok((lines, (asked.whose(&indicator), period), indicator))
    })?;
    let names = [
        "impact.indicator",
        "impact.whose",
        "impact.period",
        "impact.row",
        "impact.column",
        "impact.value",
        "impact.n",
    ];
    let header = names.iter().map(|key| w.t(key).into_owned()).collect();
    let title = indicator.name.best(w.lang).to_owned();
    Ok(sheets::export(format, &indicator.code.clone(), w.lang, header, move |_, rows| {
        for (row, column, figure) in &lines {
            let said = unit::figure(w, &indicator, figure);
            let value = unit::cell(&indicator, figure, &said);
            let n = if figure.hidden { Out::Empty } else { Out::Int(figure.n) };
            rows(&[
                Out::Text(&title),
                Out::Text(&name.0),
                Out::Text(&name.1),
                Out::Text(row),
                Out::Text(column),
                value,
                n,
            ])?;
        }
        Ok(())
    }))
}
