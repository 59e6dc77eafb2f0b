//! The cooperative's own space: numbers and pictures first, everything within two taps.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Html, Id, Reply, Result, Standing, Words, sql};
use people::Voices;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{agreement, correction, document, membership};

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/space", show).role(&["representative"]).query(&["of"]).answers::<SpacePage>()]
}

#[derive(Serialize, JsonSchema)]
struct Pick {
    id: Id,
    name: Multi,
    chosen: bool,
}

/// Who sees the file, and until when.
#[derive(Serialize, JsonSchema)]
struct Sees {
    name: Multi,
    what: String,
    until: Option<String>,
}

/// The space of a cooperative.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "registry_space.html")]
struct SpacePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    organisations: Vec<Pick>,
    id: Option<Id>,
    name: Multi,
    members: i64,
    women: i64,
    documents: usize,
    ended: usize,
    sees: Vec<Sees>,
    corrections: usize,
    /// What other rooms tell of it.
    panels: serde_json::Map<String, kernel::Json>,
    #[serde(skip)]
    #[schemars(skip)]
    face: Html,
    #[serde(skip)]
    #[schemars(skip)]
    tiles: Vec<Html>,
    #[serde(skip)]
    #[schemars(skip)]
    voices: Voices,
}

/// The words of the space that can be listened to; other rooms add those of their tiles.
pub(crate) const SPOKEN: &[&str] = &[
    "space.members",
    "space.documents",
    "space.add_document",
    "space.correct",
    "space.file",
    "space.sees",
    "space.sees_team",
    "space.none",
];

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let mine = ctx.viewer.scopes_of("organisation", &["representative"]);
        let query = sql("select o.id, o.name from organisation o where o.id").within(&mine);
        let named: Vec<(Id, Multi)> = db.rows(
            &query.and(" and").seen_near(&ctx.viewer, "o.id", Standing::File).and(" order by o.sort, o.id"),
            |row| Ok((row.take()?, row.take()?)),
        )?;
        let asked = ctx.query.parse::<Id>("of");
        let chosen = named.iter().find(|(id, _)| Some(*id) == asked).or(named.first()).cloned();
        let mut page = SpacePage {
            w,
            organisations: named
                .into_iter()
                .map(|(id, name)| Pick { chosen: chosen.as_ref().is_some_and(|(c, _)| *c == id), id, name })
                .collect(),
            id: chosen.as_ref().map(|(id, _)| *id),
            name: chosen.as_ref().map(|(_, name)| name.clone()).unwrap_or_default(),
            members: 0,
            women: 0,
            documents: 0,
            ended: 0,
            sees: Vec::new(),
            corrections: 0,
            panels: serde_json::Map::new(),
            face: Html::default(),
            tiles: Vec::new(),
            voices: Voices::of_words(ctx, db)?,
        };
        if let Some((id, _)) = chosen {
            let counts = membership::counts(db, id, kernel::today())?;
            let documents = document::of(db, id)?;
            let over =
                |document: &&crate::Document| document.expires.is_some_and(|day| day < kernel::today());
            (page.members, page.women) = (counts.all, counts.women);
            (page.documents, page.ended) = (documents.len(), documents.iter().filter(over).count());
            page.corrections = correction::of(db, id)?
                .iter()
                .filter(|line| line.status == correction::CorrectionStatus::Open)
                .count();
            page.sees = agreement::of(db, id)?
                .into_iter()
                .filter(|line| line.gives && line.ended.is_none())
                .map(|line| Sees {
                    name: line.name,
                    what: w.choice(&line.extent),
                    until: Some(w.date(&line.until)),
                })
                .collect();
            let panels = ctx.panels(db, "registry.space", id, Standing::File)?;
            (page.tiles, page.panels) = (panels.wide, panels.data);
            page.face = Html(atlas::woven(&id.to_string()));
        }
        Ok(page)
    })?;
    ctx.page(&w.t("nav.space"), &page)
}
