//! What pooled orders tell on the page of an organisation and in its own space.

use askama::Template;
use kernel::room::Panel;
use kernel::{Ctx, Db, Error, Html, Id, Result, Shown, Standing, Words};
use people::Voices;
use registry::{Organisation, OrganisationKind};
use serde::Serialize;

use crate::order::{self, Line, Stage};
use crate::pages::{PartLine, parts_of};

pub(crate) fn panels() -> Vec<Panel> {
    let panel =
        |place, order, show| Panel { name: "pooled", place, order, side: false, read: Standing::File, show };
    vec![panel("registry.organisation", 16, of_organisation), panel("registry.space", 46, tile)]
}

fn shown<T: Template + Serialize>(panel: &T) -> Result<Option<Shown>> {
    Ok(Some(Shown {
        html: Html(panel.render().map_err(Error::internal)?),
        data: serde_json::to_value(panel)?,
    }))
}

/// Orders that an organisation leads, and those it takes part in.
#[derive(Template, Serialize)]
#[template(path = "pooled_panel.html")]
struct OfOrganisation {
    #[serde(skip)]
    w: Words,
    organisation: Id,
    leads: bool,
    led: Vec<Line>,
    parts: Vec<PartLine>,
}

/// Kinds of organisations that lead an order.
const LEADS: [OrganisationKind; 3] =
    [OrganisationKind::Gie, OrganisationKind::Union, OrganisationKind::Cooperative];

fn of_organisation(ctx: &Ctx, db: &mut Db, id: Id) -> Result<Option<Shown>> {
    let (led, parts) = (order::of_lead(db, id)?, parts_of(db, id)?);
    let leads = LEADS.contains(&kernel::record::get::<Organisation>(db, id)?.kind);
    if !leads && led.is_empty() && parts.is_empty() {
        return Ok(None);
    }
    shown(&OfOrganisation { w: ctx.w, organisation: id, leads, led, parts })
}

/// In its own space: how many orders run.
#[derive(Template, Serialize)]
#[template(path = "pooled_tile.html")]
struct Tile {
    #[serde(skip)]
    w: Words,
    path: String,
    running: usize,
    #[serde(skip)]
    voices: Voices,
}

fn tile(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    let runs = |stage: Stage| !matches!(stage, Stage::Settled | Stage::Cancelled);
    let led: Vec<Line> =
        order::of_lead(db, organisation)?.into_iter().filter(|line| runs(line.stage)).collect();
    let parts: Vec<PartLine> =
        parts_of(db, organisation)?.into_iter().filter(|line| runs(line.stage)).collect();
    let path = match (led.as_slice(), parts.as_slice()) {
        ([one], []) => format!("/pooled-orders/{}", one.id),
        ([], [one]) => format!("/pooled-parts/{}", one.id),
        _ => "/pooled-orders".to_owned(),
    };
    let voices = Voices::of_words(ctx, db)?;
    shown(&Tile { w: ctx.w, path, running: led.len() + parts.len(), voices })
}
