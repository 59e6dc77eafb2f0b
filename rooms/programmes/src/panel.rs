//! What programmes tell on the page of a cooperative: who helps it already, and in which programmes it is.

use askama::Template;
use jiff::civil::Date;
use kernel::kinds::Multi;
use kernel::room::Panel;
use kernel::{Ctx, Db, Error, Html, Id, Result, Shown, Standing, Words, sql};
use serde::Serialize;

use crate::enrolment::Stage;
use crate::intervention::{self, Filter, Line, Overlap};

pub(crate) fn panels() -> Vec<Panel> {
    let place = "registry.organisation";
    vec![
        Panel {
            name: "interventions",
            place,
            order: 10,
            side: false,
            read: Standing::Shared,
            show: who_helps,
        },
        Panel { name: "enrolments", place, order: 10, side: true, read: Standing::Shared, show: enrolments },
    ]
}

/// Days since 1970.
pub(crate) fn day_number(date: Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    date.since(epoch).map_or(0, |span| span.get_days())
}

/// Rows on a time line in the reader's language.
pub(crate) fn timeline(w: Words, rows: &[atlas::Row], overlaps: &[atlas::Overlap]) -> Html {
    if rows.is_empty() {
        return Html::default();
    }
    let quarter = |n: u8| w.with("timeline.quarter", "n", &n.to_string());
    Html(
        atlas::Timeline {
            rows,
            overlaps,
            today: day_number(kernel::today()),
            rtl: w.lang.dir() == "rtl",
            quarter: &quarter,
        }
        .html(),
    )
}

#[derive(Template, Serialize)]
#[template(path = "programmes_panel_interventions.html")]
struct Interventions {
    #[serde(skip)]
    w: Words,
    organisation: Id,
    lines: Vec<Line>,
    overlaps: Vec<OverlapLine>,
    actors: usize,
    #[serde(skip)]
    since: String,
    #[serde(skip)]
    timeline: Html,
    #[serde(skip)]
    adds: bool,
    #[serde(skip)]
    imports: bool,
}

/// An overlap in words.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct OverlapLine {
    pub(crate) overlap: Overlap,
    pub(crate) theme: String,
    pub(crate) organisation: String,
    pub(crate) actors: String,
    pub(crate) dates: String,
}

/// Overlaps in the reader's words.
pub(crate) fn tell_overlaps(w: Words, lines: &[Line]) -> Vec<OverlapLine> {
    let find = |id: Id| lines.iter().find(|line| line.id == id);
    intervention::overlaps(lines)
        .into_iter()
        .filter_map(|overlap| {
            let (first, second) = (find(overlap.first)?, find(overlap.second)?);
            Some(OverlapLine {
                theme: w.choice(&overlap.theme),
                organisation: first.organisation_name.best(w.lang).to_owned(),
                actors: w.args(
                    "overlap.actors",
                    &[
                        ("one", first.actor_name.best(w.lang).to_owned()),
                        ("other", second.actor_name.best(w.lang).to_owned()),
                    ],
                ),
                dates: format!("{} – {}", w.date(&overlap.since), w.date_or_dash(&overlap.until)),
                overlap,
            })
        })
        .collect()
}

fn who_helps(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    let w = ctx.w;
    let filter = Filter { organisation: Some(organisation), ..Filter::default() };
    let mut lines = intervention::list(db, &ctx.viewer, &filter, 40)?;
    lines.reverse();
    let overlaps = tell_overlaps(w, &lines);
    let rows: Vec<atlas::Row> = lines
        .iter()
        .map(|line| atlas::Row {
            title: line.actor_name.best(w.lang).to_owned(),
            subtitle: line.title.best(w.lang).to_owned(),
            href: None,
            dates: format!("{} – {}", w.date(&line.since), w.date_or_dash(&line.until)),
            start: day_number(line.since),
            end: line.until.map(day_number),
            series: series_of(&lines, line.actor),
        })
        .collect();
    let position = |id: Id| lines.iter().position(|line| line.id == id);
    let boxes: Vec<atlas::Overlap> = overlaps
        .iter()
        .filter_map(|o| {
            let (a, b) = (position(o.overlap.first)?, position(o.overlap.second)?);
            let end = o.overlap.until.map_or_else(|| day_number(kernel::today()), day_number);
            Some(atlas::Overlap { rows: (a.min(b), a.max(b)), start: day_number(o.overlap.since), end })
        })
        .collect();
    let mut actors: Vec<Id> = lines.iter().map(|line| line.actor).collect();
    actors.sort();
    actors.dedup();
    let panel = Interventions {
        w,
        organisation,
        actors: actors.len(),
        overlaps,
        since: lines.iter().map(|line| line.since).min().map(|date| w.month(&date)).unwrap_or_default(),
        timeline: timeline(w, &rows, &boxes),
        adds: ctx.viewer.standing(db, organisation)? >= Some(Standing::File),
        imports: ctx.viewer.has_role(registry::TEAM),
        lines,
    };
    shown(&panel)
}

/// Actors take the colours of the series in the order they came.
fn series_of(lines: &[Line], actor: Id) -> u8 {
    let mut seen: Vec<Id> = Vec::new();
    for line in lines {
        if !seen.contains(&line.actor) {
            seen.push(line.actor);
        }
    }
    seen.iter().position(|id| *id == actor).map_or(1, |i| (i % 6) as u8 + 1)
}

/// A panel as HTML and JSON of the same data.
pub(crate) fn shown<T: Template + Serialize>(panel: &T) -> Result<Option<Shown>> {
    Ok(Some(Shown {
        html: Html(panel.render().map_err(Error::internal)?),
        data: serde_json::to_value(panel)?,
    }))
}

#[derive(Serialize)]
struct EnrolmentLine {
    programme: Id,
    name: Multi,
    promotion: Multi,
    status: Stage,
    since: String,
    coach: Option<String>,
}

#[derive(Template, Serialize)]
#[template(path = "programmes_panel_enrolments.html")]
struct Enrolments {
    #[serde(skip)]
    w: Words,
    lines: Vec<EnrolmentLine>,
}

impl Enrolments {
    fn tone(&self, status: &Stage) -> &'static str {
        match status {
            Stage::Active | Stage::Graduated => "good",
            Stage::Selected => "info",
            Stage::Paused => "wait",
            Stage::Left => "plain",
        }
    }
}

fn enrolments(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    let query = sql("select p.id, p.name, r.name, e.status, e.since, (select max(a.name) from assignment s join account a on a.id = s.account
                     where s.programme = p.id and s.organisation = e.organisation and (s.until is null or s.until >= ?))
                     from enrolment e join programme p on p.id = e.programme join promotion r on r.id = e.promotion where e.organisation = ? and")
        .bind(kernel::today())
        .bind(organisation)
        .seen(&ctx.viewer, "p.id")
        .and(" order by e.since desc");
    let lines = db.rows(&query, |row| {
        Ok(EnrolmentLine {
            programme: row.take()?,
            name: row.take()?,
            promotion: row.take()?,
            status: row.take()?,
            since: ctx.w.date(&row.take()?),
            coach: row.take()?,
        })
    })?;
    if lines.is_empty() {
        return Ok(None);
    }
    shown(&Enrolments { w: ctx.w, lines })
}
