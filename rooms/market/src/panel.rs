//! What the market tells on the page of a cooperative and in its own space.

use askama::Template;
use kernel::room::Panel;
use kernel::{Ctx, Db, Error, Html, Id, Result, Shown, Standing, Words, sql};
use people::Voices;
use registry::{Organisation, OrganisationKind};
use serde::Serialize;

use crate::label;
use crate::pages::{LabelLine, label_lines};
use crate::product::{self, Line};

pub(crate) fn panels() -> Vec<Panel> {
    let panel = |place, order, read, show| Panel { name: "products", place, order, side: false, read, show };
    vec![
        panel("registry.organisation", 15, Standing::Public, of_organisation),
        panel("registry.space", 45, Standing::File, tile),
    ]
}

fn shown<T: Template + Serialize>(panel: &T) -> Result<Option<Shown>> {
    Ok(Some(Shown {
        html: Html(panel.render().map_err(Error::internal)?),
        data: serde_json::to_value(panel)?,
    }))
}

/// Products and labels of a cooperative.
#[derive(Template, Serialize)]
#[template(path = "market_panel.html")]
struct OfOrganisation {
    #[serde(skip)]
    w: Words,
    organisation: Id,
    edits: bool,
    products: Vec<Line>,
    labels: Vec<LabelLine>,
}

impl OfOrganisation {
    fn tone(&self, line: &Line) -> &'static str {
        crate::pages::tone(line.status)
    }
}

/// Kinds of organisations that sell what their members make.
const SELLERS: [OrganisationKind; 6] = [
    OrganisationKind::Cooperative,
    OrganisationKind::Union,
    OrganisationKind::Gie,
    OrganisationKind::Association,
    OrganisationKind::SocialEnterprise,
    OrganisationKind::Company,
];

fn of_organisation(ctx: &Ctx, db: &mut Db, id: Id) -> Result<Option<Shown>> {
    let edits = ctx.viewer.standing(db, id)? >= Some(Standing::File);
    let products = product::of(db, id, edits)?;
    let labels = if edits { label::of(db, id)? } else { label::of_holder(db, id, kernel::today())? };
    if products.is_empty() && labels.is_empty() {
        let holder = kernel::record::get::<Organisation>(db, id)?;
        if !edits || !SELLERS.contains(&holder.kind) {
            return Ok(None);
        }
    }
    shown(&OfOrganisation { w: ctx.w, organisation: id, edits, products, labels: label_lines(ctx.w, labels) })
}

/// In the cooperative's own space: how many products it shows.
#[derive(Template, Serialize)]
#[template(path = "market_tile.html")]
struct Tile {
    #[serde(skip)]
    w: Words,
    organisation: Id,
    published: i64,
    drafts: i64,
    #[serde(skip)]
    voices: Voices,
}

fn tile(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    let mut count = |status: &str| {
        let query = sql("select count(*) from product where organisation = ? and status = ?");
        db.one(&query.bind(organisation).bind(status).open("the page checked the standing"))
    };
    let (published, drafts) = (count("published")?, count("draft")?);
    let voices = Voices::of_words(ctx, db)?;
    shown(&Tile { w: ctx.w, organisation, published, drafts, voices })
}
