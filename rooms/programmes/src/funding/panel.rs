//! What funding tells on the page of a cooperative and in its own space.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::Panel;
use kernel::{Ctx, Db, Error, Fields, Html, Id, Result, Shown, Standing, Words};
use serde::Serialize;

use super::steps::{self, Step};
use super::sums::{self, Line};
use super::{GrantOutcome, request};
use crate::enrolment;
use crate::programme;

pub(super) fn panels() -> Vec<Panel> {
    let read = Standing::File;
    vec![
        Panel {
            name: "funding",
            place: "registry.organisation",
            order: 12,
            side: false,
            read,
            show: funding,
        },
        Panel { name: "funding", place: "registry.space", order: 30, side: false, read, show: tile },
    ]
}

fn shown<T: Template + Serialize>(panel: &T) -> Result<Option<Shown>> {
    let html = Html(panel.render().map_err(Error::internal)?);
    Ok(Some(Shown { html, data: serde_json::to_value(panel)? }))
}

#[derive(Serialize)]
struct File {
    id: Id,
    title: Multi,
    money: String,
    step: Option<Step>,
    refused: bool,
    working: i64,
    handed: i64,
    pieces: i64,
}

/// A programme in which something can be asked for, and the address of a form that is filled in already.
#[derive(Serialize)]
struct Way {
    name: Multi,
    path: String,
}

/// The requests of a cooperative.
#[derive(Template, Serialize)]
#[template(path = "programmes_panel_funding.html")]
struct Files {
    #[serde(skip)]
    w: Words,
    files: Vec<File>,
    #[serde(skip)]
    ways: Vec<Way>,
}

fn file(ctx: &Ctx, line: Line) -> File {
    let amount = if line.outcome == Some(GrantOutcome::Granted) {
        line.granted
    } else {
        line.funding.grant_asked.minor
    };
    File {
        id: line.id,
        money: ctx.w.money(line.funding.money(amount)),
        step: steps::next(&line),
        refused: line.outcome == Some(GrantOutcome::Refused),
        working: line.working,
        handed: line.handed,
        pieces: line.pieces,
        title: line.title,
    }
}

fn funding(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    let ways = ways(ctx, db, organisation)?;
    let lines = sums::of_organisation(db, organisation)?;
    if lines.is_empty() && ways.is_empty() {
        return Ok(None);
    }
    shown(&Files { w: ctx.w, files: lines.into_iter().map(|line| file(ctx, line)).collect(), ways })
}

/// Where the viewer can open a request for this cooperative; what it stated when it applied is carried over.
fn ways(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Vec<Way>> {
    let mut ways = Vec::new();
    for programme in programme::list(db, &ctx.viewer)? {
        let works = ctx.viewer.standing(db, programme.id)? >= Some(Standing::File);
        if !works || !enrolment::enrolled(db, programme.id)?.contains(&organisation) {
            continue;
        }
        let [of, today] = [organisation.to_string(), kernel::today().to_string()];
        let mut form = Fields::of([("organisation", of.as_str()), ("asked", &today)]);
        if let Some(application) = request::application_of(db, programme.id, organisation)? {
            form.push("call", application.call.id.to_string());
            for (name, text) in kernel::record::typed(&application).0 {
                // What an application asks is the grant of the request.
                let name =
                    match name.split_once('.').map_or((name.as_str(), ""), |(field, part)| (field, part)) {
                        ("asked", part) => ("grant_asked", part),
                        (field @ ("title" | "cost" | "own_cash" | "own_kind"), part) => (field, part),
                        _ => continue,
                    };
                form.push([name.0, name.1].join(".").trim_end_matches('.'), text);
            }
        }
        let path = format!("/programmes/{}/funding/new?{}", programme.id, form.to_query());
        ways.push(Way { name: programme.name, path });
    }
    Ok(ways)
}

/// The tile of the cooperative's own space: equipment received.
#[derive(Template, Serialize)]
#[template(path = "programmes_tile_funding.html")]
struct Tile {
    #[serde(skip)]
    w: Words,
    href: String,
    pieces: i64,
    handed: i64,
}

fn tile(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    let lines = sums::of_organisation(db, organisation)?;
    let href = match &lines[..] {
        [] => return Ok(None),
        [one] => format!("/funding/{}", one.id),
        _ => format!("/organisations/{organisation}#funding"),
    };
    let (pieces, handed) = lines.iter().fold((0, 0), |(p, h), line| (p + line.pieces, h + line.handed));
    shown(&Tile { w: ctx.w, href, pieces, handed })
}
