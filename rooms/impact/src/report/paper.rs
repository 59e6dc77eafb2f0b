//! A report on paper: tagged, in its language, with the same parts as the page.

use kernel::room::{Route, get};
use kernel::{App, Ctx, Db, Json, Paper, Reply, Result, Standing, Words};
use serde_json::json;

use super::compose::{self, Body};
use super::record::{self, Report};
use super::told::Part;
use super::{link, photo, ready};

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/reports/{report}/pdf", print), get("/shared/{secret}/pdf", shared).open()]
}

fn print(ctx: &Ctx) -> Result<Reply> {
    answer(ctx, |db| Ok(record::open(ctx, db, Standing::Shared)?.0))
}

fn shared(ctx: &Ctx) -> Result<Reply> {
    // A sheet costs more than a page.
    ctx.attempt("shared report on paper", 12)?;
    answer(ctx, |db| link::opened(db, ctx.param("secret")?))
}

fn answer(ctx: &Ctx, open: impl FnOnce(&mut Db) -> Result<Report>) -> Result<Reply> {
    let (paper, name) = ctx.read(|db| {
        let report = open(db)?;
        of(&ctx.app, db, ctx.w, &report)
    })?;
    ctx.paper(&paper, &name)
}

/// The paper of a report, and what it is saved as.
pub(crate) fn of(app: &App, db: &mut Db, w: Words, report: &Report) -> Result<(Paper, String)> {
    let body = compose::body(w, db, report)?;
    let one_page = ready::find(report.template)?.is_some_and(|ready| ready.one_page);
    let mut pictures = Vec::new();
    let mut parts = Vec::new();
    for part in &body.parts {
        let mut told = told(&body, part);
        if let Some(picture) = part.picture.as_ref().filter(|picture| picture.map) {
            told["map"] = add(&mut pictures, "svg", drawn(&picture.svg.0)).into();
            let legend = picture.legend.iter().map(|step| json!([colour(step.class), step.label]));
            told["legend"] = legend.collect::<Vec<_>>().into();
        }
        if part.photo
            && let Some(file) = photo::of(db, report, part.id)?
        {
            let bytes = kernel::files::read(app, db, file)?.bytes;
            told["photo"] = add(&mut pictures, "jpg", bytes).into();
        }
        parts.push(told);
    }
    let paper = Paper {
        template: include_str!("../../templates/report.typ"),
        title: report.title.clone(),
        lang: report.lang(),
        data: data(&body, one_page, parts),
        pictures,
    };
    Ok((paper, format!("{}-{}.pdf", body.w.t("report.file"), report.until)))
}

fn add(pictures: &mut Vec<(String, Vec<u8>)>, kind: &str, bytes: Vec<u8>) -> String {
    let name = format!("picture-{}.{kind}", pictures.len());
    pictures.push((name.clone(), bytes));
    name
}

fn told(body: &Body, part: &Part) -> Json {
    let w = body.w;
    json!({
        "kind": part.kind,
        "heading": part.heading,
        "paragraphs": if part.silent { vec![w.t("report.silent").into_owned()] } else { part.paragraphs.clone() },
        "tiles": part.tiles.iter().map(|tile| {
            let whole = tile.whole.then(|| w.t("report.whole_programme"));
            json!([tile.said, tile.name, tile.bounds.clone().or(whole.map(Into::into))])
        }).collect::<Vec<_>>(),
        "grid": part.grid.as_ref().map(|grid| json!({
            "name": grid.name,
            "head": std::iter::once(grid.by.clone()).chain(grid.columns.iter().cloned())
                .chain([w.t("impact.total").into_owned()]).collect::<Vec<_>>(),
            "rows": grid.rows.iter().map(|row| std::iter::once(row.label.clone()).chain(row.cells.iter().cloned())
                .chain([row.total.clone()]).collect::<Vec<_>>()).collect::<Vec<_>>(),
            "foot": std::iter::once(w.t("impact.total").into_owned()).chain(grid.columns.iter().map(|_| String::new()))
                .chain([grid.total.clone()]).collect::<Vec<_>>(),
            "bars": grid.rows.iter().map(|row| json!([row.label, row.long, row.total])).collect::<Vec<_>>(),
            "whole": grid.whole.then(|| w.t("report.whole_programme")),
        })),
        "about": w.t("report.map_about"),
        "photo_about": w.t("report.photo_about"),
        "story": part.story.as_ref().map(|story| facts(w, story)),
    })
}

fn facts(w: Words, story: &super::story::Story) -> Json {
    let round = |round: &Option<super::story::Diagnosis>| {
        round.as_ref().map(|round| format!("{} · {} ({})", round.score, round.stage, round.day))
    };
    json!([
        [w.t("report.story.place"), story.place],
        [w.t("report.story.before"), round(&story.before)],
        [w.t("report.story.after"), round(&story.after)],
        [w.t("report.story.equipment"), (!story.equipment.is_empty()).then(|| story.equipment.join(" · "))],
    ])
}

fn heads(w: Words, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| w.t(key).into_owned()).collect()
}

/// What the paper says. A sheet of one page leaves its sources to the page and the table.
fn data(body: &Body, one_page: bool, parts: Vec<Json>) -> Json {
    let w = body.w;
    json!({
        "programme": body.programme,
        "dates": body.dates,
        "place": body.place,
        "state": body.frozen.clone().unwrap_or_else(|| w.t("report.draft_sentence").into_owned()),
        "frozen": body.frozen.is_some(),
        "parts": parts,
        "online": one_page.then(|| w.t("report.sources_online")),
        "last": body.last.as_ref().filter(|_| !one_page).map(|last| json!({
            "heading": w.t("report.difference"),
            "about": w.args("report.difference_about", &[("title", last.title.clone()), ("dates", last.dates.clone())]),
            "head": heads(w, &["impact.indicator", "report.then", "report.again", "report.now", "report.why"]),
            "rows": last.lines.iter().map(|line| json!([line.name, line.then, line.again, line.now, line.why.join(" ")]))
                .collect::<Vec<_>>(),
        })),
        "sources": {
            "heading": w.t("report.sources"),
            "about": w.t("report.sources_about"),
            "head": heads(w, &["impact.indicator", "impact.n", "report.items"]),
            "rows": body.sources.iter().filter(|_| !one_page).map(|one| json!({
                "name": one.name,
                "definition": one.definition,
                "about": format!("{} · {}", one.scope, one.dates),
                "n": one.n,
                "items": one.items,
            })).collect::<Vec<_>>(),
        },
        "hides": body.hides.then(|| w.t("impact.hidden_note")),
        "note": w.t("impact.note"),
    })
}

/// The colours of a map on paper: five steps of palm.
const STEPS: [(&str, &str); 5] =
    [("m0", "#dcebe3"), ("m1", "#a9cfbe"), ("m2", "#6faa93"), ("m3", "#3a7f68"), ("m4", "#17594a")];

fn colour(class: &str) -> &'static str {
    STEPS.iter().find(|(name, _)| *name == class).map_or("#f4ede1", |(_, colour)| colour)
}

/// A drawing that stands alone: what the page's style says of it is written into it.
fn drawn(svg: &str) -> Vec<u8> {
    let steps: String = STEPS.iter().map(|(class, colour)| format!(".{class}{{fill:{colour}}}")).collect();
    let style = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><style>path{{fill:#f4ede1;stroke:#fff;stroke-width:1.2}}{steps}\
         text{{font-family:'Noto Sans','Noto Sans Arabic';font-size:18px;font-weight:700;text-anchor:middle;fill:#241c15;\
         stroke:#fff;stroke-width:5px;stroke-linejoin:round;paint-order:stroke}}\
         .value{{fill:#17594a}}</style>"
    );
    let (open, rest) = svg.split_once('>').unwrap_or((svg, ""));
    let attributes = open.strip_prefix("<svg").unwrap_or_default();
    style
        .replacen("<svg", &format!("<svg{attributes}"), 1)
        .into_bytes()
        .into_iter()
        .chain(rest.bytes())
        .collect()
}
