//! The page of an organisation.

use askama::Template;
use kernel::form::show_group;
use kernel::kinds::{Choice, Names};
use kernel::{Ctx, Db, Error, Fact, Html, Id, Json, Record, Reply, Result, Standing, Words, facts, sql};
use schemars::JsonSchema;
use serde::Serialize;

use super::history::told;
use crate::organisation::Organisation;
use crate::{TEAM, affiliation, agreement, correction, document, mandate, membership};

/// The page of an organisation.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "registry_file.html")]
pub(crate) struct FilePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    /// What the viewer may read of the record.
    organisation: Json,
    /// How near the viewer stands.
    standing: Standing,
    mandates: Vec<mandate::Held>,
    members: Option<membership::Counts>,
    documents: Vec<DocumentLine>,
    unions: Vec<affiliation::Tie>,
    agreements: Vec<agreement::Line>,
    corrections: Vec<correction::Line>,
    #[serde(skip)]
    answers: bool,
    /// What other rooms tell of it.
    panels: serde_json::Map<String, Json>,
    #[serde(skip)]
    #[schemars(skip)]
    shown: ShownFile,
}

/// A document of the page, without what only a form needs.
#[derive(Serialize, JsonSchema)]
struct DocumentLine {
    id: Id,
    kind: String,
    title: Option<String>,
    file: Option<String>,
    expires: Option<String>,
    late: bool,
}

/// The parts of the page that are HTML already.
#[derive(Default)]
struct ShownFile {
    record: Option<Organisation>,
    face: Html,
    subtitle: String,
    contact: Html,
    legal: Html,
    identity: Html,
    wide: Vec<Html>,
    side: Vec<Html>,
    recent: Vec<kernel::telling::Told>,
    crumbs: Vec<(String, String)>,
}

pub(super) fn show(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("organisation")?;
    let page = ctx.read(|db| {
        let standing = match ctx.standing(db, id, Standing::Public) {
            // Someone of a team may learn that the cooperative is known, and ask for its file with a reason.
            Err(Error::NotFound) if ctx.viewer.has_role(TEAM) && !ctx.json => return Ok(None),
            standing => standing?,
        };
        let organisation = kernel::record::get::<Organisation>(db, id)?;
        file_page(ctx, db, organisation, standing).map(Some)
    })?;
    match page {
        Some(page) => {
            let title =
                page.shown.record.as_ref().map(|o| o.name.best(ctx.w.lang).to_owned()).unwrap_or_default();
            ctx.page(&title, &page)
        }
        None => crate::glimpse::ask(ctx, id),
    }
}

fn file_page(ctx: &Ctx, db: &mut Db, organisation: Organisation, standing: Standing) -> Result<FilePage> {
    let (w, id, today) = (ctx.w, organisation.id, kernel::today());
    let near = standing >= Standing::File;
    let kernel::room::Panels { wide, side, data: panels } =
        ctx.panels(db, "registry.organisation", id, standing)?;
    let documents = if near { document::of(db, id)? } else { Vec::new() };
    let names = Names::new();
    let recent = if near {
        let facts = recent(db, id)?;
        told(ctx, db, facts)?
    } else {
        Vec::new()
    };
    let kind = w.t2("organisation.kind", organisation.kind.code());
    let mut subtitle = vec![kind];
    subtitle.extend(
        organisation
            .activities
            .as_ref()
            .map(|many| many.0.iter().map(|a| w.t2("activity", a.code())).collect::<Vec<_>>().join(", ")),
    );
    subtitle.extend(organisation.members.map(|n| w.n("organisation.members.n", n)));
    subtitle.extend(
        organisation.founded.map(|date| w.with("organisation.founded.in", "year", &date.year().to_string())),
    );
    let shown = ShownFile {
        face: Html(atlas::woven(&id.to_string())),
        subtitle: subtitle.join(" · "),
        identity: show_group(&organisation, "identity", standing, &w, &names),
        contact: show_group(&organisation, "contact", standing, &w, &names),
        legal: show_group(&organisation, "legal", standing, &w, &names),
        crumbs: kernel::territory::ancestors(&organisation.place.division)
            .into_iter()
            .rev()
            .filter(|code| code.matches('.').count() != 2)
            .map(|code| (kernel::territory::name(&code, w.lang), format!("/organisations?territory={code}")))
            .collect(),
        wide,
        side,
        recent,
        record: None,
    };
    let mut page = FilePage {
        w,
        organisation: organisation.json(standing),
        standing,
        mandates: if near { mandate::of(db, id, today)? } else { Vec::new() },
        members: if near { Some(membership::counts(db, id, today)?) } else { None },
        documents: documents
            .into_iter()
            .map(|d| DocumentLine {
                id: d.id,
                kind: w.t2("document.kind", d.kind.code()),
                title: d.title,
                file: d.file.map(|f| f.0),
                late: d.expires.is_some_and(|e| e < today),
                expires: d.expires.map(|e| w.date(&e)),
            })
            .collect(),
        unions: affiliation::of(db, &ctx.viewer, id)?,
        agreements: if near { agreement::of(db, id)? } else { Vec::new() },
        corrections: if near { correction::of(db, id)? } else { Vec::new() },
        answers: ctx.viewer.has_role(TEAM),
        panels,
        shown,
    };
    page.shown.record = Some(organisation);
    Ok(page)
}

/// How many facts the page tells.
const RECENT: usize = 6;

/// The latest facts. A run of the same deed by the same hand on one day, such as the answers of a diagnosis, is told
/// once, so that it does not push everything else from the page.
fn recent(db: &mut Db, organisation: Id) -> Result<Vec<Fact>> {
    let read = |db: &mut Db, most: i64| {
        let tail = sql(" f.about = ? order by f.id desc limit ?").bind(organisation).bind(most);
        let mut facts = facts::read(db, tail.open("standing checked"))?;
        facts.dedup_by(|later, first| {
            later.kind == first.kind
                && later.actor == first.actor
                && kernel::locale::date_of(later.at) == kernel::locale::date_of(first.at)
        });
        facts.truncate(RECENT);
        Ok(facts)
    };
    let facts: Vec<Fact> = read(db, RECENT as i64)?;
    if facts.len() == RECENT { Ok(facts) } else { read(db, 150) }
}

impl FilePage {
    fn edits(&self) -> bool {
        self.standing >= Standing::File
    }
}
