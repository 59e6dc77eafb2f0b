//! Who does what, where: actors, territories and themes, where two do the same, and where nobody is.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use atlas::{Level, Sex};
use kernel::kinds::{Choice, Multi};
use kernel::room::{Route, get};
use kernel::table::{self, Format};
use kernel::{Ctx, Db, Error, Id, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;
use sheet::Out;

use crate::intervention::{self, Cell, Filter, Line};
use crate::panel::{OverlapLine, tell_overlaps};
use crate::programme::{self, Theme};
use crate::reported;

pub(crate) fn routes() -> Vec<Route> {
    const FILTERS: &[&str] = &["theme", "territory", "programme", "actor", "from", "to"];
    vec![
        get("/convergence", page).query(FILTERS).answers::<ConvergencePage>(),
        get("/convergence/export/{format}", export).query(FILTERS),
    ]
}

fn filter_of(ctx: &Ctx) -> Filter {
    let query = &ctx.query;
    Filter {
        organisation: None,
        actor: query.parse("actor"),
        theme: query.text("theme").map(str::to_owned),
        territory: query.text("territory").and_then(|typed| kernel::territory::resolve_widest(typed).ok()),
        programme: query.parse("programme"),
        from: query.parse("from"),
        to: query.parse("to"),
    }
}

/// A row of the matrix: an actor, with one cell a territory.
#[derive(Serialize, JsonSchema)]
struct ActorRow {
    actor: Id,
    name: Multi,
    cells: Vec<MatrixCell>,
    total: i64,
}

#[derive(Clone, Default, Serialize, JsonSchema)]
struct MatrixCell {
    territory: String,
    count: i64,
    themes: Vec<String>,
}

/// A commune of the target territory that nobody supports, with what the census says of it.
#[derive(Serialize, JsonSchema)]
struct Gap {
    code: String,
    name: String,
    population: Option<i64>,
    women_activity: Option<f64>,
    women_illiteracy: Option<f64>,
    cooperative_members: Option<f64>,
    /// Interventions that other actors publish of it.
    others: i64,
}

#[derive(Serialize, JsonSchema)]
struct Pick {
    code: String,
    label: String,
    chosen: bool,
}

/// Who does what, where.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_convergence.html")]
struct ConvergencePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    #[serde(skip)]
    imports: bool,
    count: i64,
    territories: Vec<(String, String)>,
    matrix: Vec<ActorRow>,
    overlaps: Vec<OverlapLine>,
    gaps: Vec<Gap>,
    gaps_in_all: usize,
    covered: usize,
    target: usize,
    interventions: Vec<Line>,
    /// What other actors publish, of places: never counted with the interventions.
    others: Vec<reported::Line>,
    others_in_all: i64,
    divisions: Vec<registry::DivisionCount>,
    #[serde(skip)]
    #[schemars(skip)]
    picture: Option<registry::Picture>,
    #[serde(skip)]
    themes: Vec<Pick>,
    #[serde(skip)]
    programmes: Vec<Pick>,
    #[serde(skip)]
    territory: String,
    #[serde(skip)]
    query: String,
    #[serde(skip)]
    from: String,
    #[serde(skip)]
    to: String,
}

impl ConvergencePage {
    fn place(&self, code: &str) -> String {
        if code.is_empty() { self.w.t("others.country").into_owned() } else { self.w.place(code) }
    }
    fn percent(&self, rate: &Option<f64>) -> String {
        rate.map_or_else(|| "–".into(), |rate| self.w.percent(rate))
    }
    fn number(&self, n: &Option<i64>) -> String {
        n.map_or_else(|| "–".into(), |n| self.w.num(n))
    }
}

/// Lines read to look for overlaps; the list shows the first of them.
const MOST: i64 = 2_000;

fn page(ctx: &Ctx) -> Result<Reply> {
    let (w, filter) = (ctx.w, filter_of(ctx));
    let page = ctx.read(|db| {
        let cells = intervention::matrix(db, &ctx.viewer, &filter)?;
        let mut lines = intervention::list(db, &ctx.viewer, &filter, MOST)?;
        let known = programme::list(db, &ctx.viewer)?;
        let targets = targets(db, ctx, &filter, &known)?;
        let supported: BTreeSet<&str> = cells.iter().map(|cell| cell.place.as_str()).collect();
        let mut gaps: Vec<_> = targets.iter().filter(|code| !supported.contains(code.as_str())).collect();
        let gaps_in_all = gaps.len();
        gaps.sort_by_key(|code| std::cmp::Reverse(population(code)));
        let (territories, matrix) = arrange(w, &cells);
        let mut communes: BTreeMap<String, i64> = BTreeMap::new();
        for cell in &cells {
            *communes.entry(cell.place.clone()).or_default() += cell.count;
        }
        let communes: Vec<_> = communes.into_iter().collect();
        let (divisions, picture) = match &filter.territory {
            Some(territory) => registry::count_map(ctx, "/convergence", &communes, Some(territory))?,
            None => registry::value_map(ctx, &communes, "/convergence")?,
        };
        let overlaps = tell_overlaps(w, &lines);
        lines.truncate(20);
        gaps.truncate(25);
        let elsewhere = reported::work_in(db, &filter, &gaps)?;
        let (others_in_all, others) = reported::list(db, &filter, 20)?;
        Ok(ConvergencePage {
            w,
            imports: ctx.viewer.has_role(registry::TEAM),
            count: intervention::count(db, &ctx.viewer, &filter)?,
            territories,
            matrix,
            overlaps,
            gaps_in_all,
            covered: targets.len() - gaps_in_all,
            target: targets.len(),
            gaps: gaps.into_iter().zip(elsewhere).map(|(code, others)| gap(w, code, others)).collect(),
            interventions: lines,
            others_in_all,
            others,
            divisions,
            picture,
            themes: Theme::CODES
                .iter()
                .map(|code| Pick {
                    code: (*code).into(),
                    label: w.t2(Theme::WORDS, code),
                    chosen: filter.theme.as_deref() == Some(code),
                })
                .collect(),
            programmes: known
                .iter()
                .map(|p| Pick {
                    code: p.id.to_string(),
                    label: p.name.best(w.lang).into(),
                    chosen: filter.programme == Some(p.id),
                })
                .collect(),
            territory: filter.territory.as_deref().map(kernel::territory::typed).unwrap_or_default(),
            query: ctx.query.query_with(&[("lang", ""), ("done", "")]),
            from: ctx.query.text("from").unwrap_or_default().to_owned(),
            to: ctx.query.text("to").unwrap_or_default().to_owned(),
        })
    })?;
    ctx.page(&w.t("convergence.title"), &page)
}

/// The communes of the target territory: what the filter says, else the territories of the programmes that run.
fn targets(db: &mut Db, ctx: &Ctx, filter: &Filter, known: &[programme::Line]) -> Result<Vec<String>> {
    let wide: Vec<String> = match (&filter.territory, filter.programme) {
        (Some(code), _) => vec![code.clone()],
        (None, Some(programme)) => {
            ctx.standing(db, programme, kernel::Standing::Public)?;
            kernel::record::get::<crate::Programme>(db, programme)?.territory.map(|t| t.0).unwrap_or_default()
        }
        (None, None) => {
            let mut codes = Vec::new();
            for line in known.iter().filter(|p| p.status == crate::ProgrammeStatus::Running) {
                codes.extend(
                    kernel::record::get::<crate::Programme>(db, line.id)?
                        .territory
                        .map(|t| t.0)
                        .unwrap_or_default(),
                );
            }
            codes
        }
    };
    let Some(atlas) = kernel::territory::atlas() else { return Ok(Vec::new()) };
    Ok(atlas
        .level(Level::Commune)
        .filter(|d| wide.iter().any(|code| d.code == *code || atlas.is_within(&d.code, code)))
        .map(|d| d.code.clone())
        .collect())
}

fn population(code: &str) -> u64 {
    kernel::territory::atlas().and_then(|atlas| atlas.get(code)).and_then(|d| d.population).unwrap_or(0)
}

fn gap(w: Words, code: &str, others: i64) -> Gap {
    let women = kernel::territory::atlas().and_then(|atlas| atlas.census(code, Sex::Female));
    let all = kernel::territory::atlas().and_then(|atlas| atlas.census(code, Sex::All));
    Gap {
        code: code.to_owned(),
        name: w.place(code),
        others,
        population: i64::try_from(population(code)).ok().filter(|n| *n > 0),
        women_activity: women.and_then(|c| c.activity),
        women_illiteracy: women.and_then(|c| c.illiteracy),
        cooperative_members: all.and_then(|c| c.cooperative_members),
    }
}

/// Cells by actor and province: a matrix that fits on a page.
fn arrange(w: Words, cells: &[Cell]) -> (Vec<(String, String)>, Vec<ActorRow>) {
    let province = |code: &str| kernel::territory::province(code).unwrap_or_else(|| code.to_owned());
    let codes: BTreeSet<String> = cells.iter().map(|cell| province(&cell.place)).collect();
    let territories: Vec<_> = codes.iter().map(|code| (code.clone(), w.division(code))).collect();
    let mut rows: BTreeMap<Id, ActorRow> = BTreeMap::new();
    for cell in cells {
        let row = rows.entry(cell.actor).or_insert_with(|| ActorRow {
            actor: cell.actor,
            name: cell.actor_name.clone(),
            total: 0,
            cells: codes
                .iter()
                .map(|code| MatrixCell { territory: w.division(code), ..MatrixCell::default() })
                .collect(),
        });
        row.total += cell.count;
        let here = province(&cell.place);
        if let Some(i) = codes.iter().position(|code| *code == here) {
            row.cells[i].count += cell.count;
            let theme = w.choice(&cell.theme);
            if !row.cells[i].themes.contains(&theme) {
                row.cells[i].themes.push(theme);
            }
        }
    }
    let mut rows: Vec<_> = rows.into_values().collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(row.total), row.actor));
    (territories, rows)
}

fn export(ctx: &Ctx) -> Result<Reply> {
    let format = Format::from_code(ctx.param("format")?).ok_or(Error::NotFound)?;
    let (w, viewer, filter) = (ctx.w, ctx.viewer.clone(), filter_of(ctx));
    let names = [
        "registry.export.id",
        "intervention.organisation",
        "organisation.place",
        "intervention.actor",
        "intervention.theme",
        "intervention.title",
        "intervention.since",
        "intervention.until",
        "intervention.status",
        "intervention.quantity",
        "intervention.unit",
        "intervention.amount",
        "form.currency",
    ];
    let header = names.iter().map(|key| w.t(key).into_owned()).collect();
    Ok(table::export(format, &w.t("convergence.export"), w.lang, header, move |db, rows| {
        for line in intervention::list(db, &viewer, &filter, 100_000)? {
            let texts = [
                line.organisation.to_string(),
                line.organisation_name.best(w.lang).to_owned(),
                w.place(&line.place),
                line.actor_name.best(w.lang).to_owned(),
                w.choice(&line.theme),
                line.title.best(w.lang).to_owned(),
                w.choice(&line.status),
                line.unit.unwrap_or_default(),
            ];
            let day = |date: jiff::civil::Date| {
                Out::Date(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
            };
            let amount = line.amount.as_ref();
            rows(&[
                Out::Text(&texts[0]),
                Out::Text(&texts[1]),
                Out::Text(&texts[2]),
                Out::Text(&texts[3]),
                Out::Text(&texts[4]),
                Out::Text(&texts[5]),
                day(line.since),
                line.until.map_or(Out::Empty, day),
                Out::Text(&texts[6]),
                line.quantity.map_or(Out::Empty, Out::Int),
                Out::Text(&texts[7]),
                amount.map_or(Out::Empty, |m| Out::Decimal(m.minor, kernel::locale::exponent(&m.currency))),
                amount.map_or(Out::Empty, |m| Out::Text(&m.currency)),
            ])?;
        }
        Ok(())
    }))
}
