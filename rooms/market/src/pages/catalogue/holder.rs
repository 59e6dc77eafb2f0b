//! `/catalogue/cooperatives/{organisation}`: a cooperative as buyers meet it: its story, its products, where it is.

use askama::Template;
use kernel::kinds::{Divisions, Multi};
use kernel::page::Head;
use kernel::{Ctx, Error, Html, Id, Reply, Result, Words, sql};
use registry::{Organisation, Status};
use schemars::JsonSchema;
use serde::Serialize;

use crate::card::{self, Card};
use crate::pages::{LabelLine, label_lines};
use crate::{label, origin, told};

/// A cooperative in the shop.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "market_holder.html")]
pub(super) struct HolderPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: Multi,
    story: Option<Multi>,
    /// Code of its commune.
    place: String,
    members: Option<i64>,
    women: Option<i64>,
    /// The year in which it was founded.
    founded: Option<i16>,
    invented: bool,
    products: Vec<Card>,
    /// Labels in force of the cooperative as such.
    labels: Vec<LabelLine>,
    #[serde(skip)]
    #[schemars(skip)]
    shown: ShownHolder,
}

/// The parts of the page that are HTML already.
#[derive(Default)]
struct ShownHolder {
    face: Html,
    map: Option<Html>,
    month: u8,
    told: Option<serde_json::Value>,
}

impl HolderPage {
    fn face(&self, card: &Card) -> Html {
        card.face()
    }
}

pub(super) fn show(ctx: &Ctx) -> Result<Reply> {
    let (w, id) = (ctx.w, ctx.id("organisation")?);
    let page = ctx.read(|db| {
        let holder = kernel::record::find::<Organisation>(db, id)?;
        let holder = holder.filter(|holder| holder.published && holder.status != Status::Merged);
        let holder = holder.ok_or(Error::NotFound)?;
        let products = sql(" p.organisation = ? order by p.id limit 200").bind(id);
        let products = card::found(db, products)?;
        let told = told::organisation(ctx, &holder);
        Ok(HolderPage {
            w,
            id,
            shown: ShownHolder {
                face: Html(atlas::woven(&id.to_string())),
                map: origin::map(w, &Divisions(vec![holder.place.division.clone()]))?,
                month: kernel::today().month() as u8,
                told: Some(told),
            },
            name: holder.name,
            story: holder.presentation,
            place: holder.place.division,
            members: holder.members,
            women: holder.women,
            founded: holder.founded.map(|day| day.year()),
            invented: holder.invented,
            products,
            labels: label_lines(w, label::of_holder(db, id, kernel::today())?),
        })
    })?;
    let name = page.name.best(w.lang).to_owned();
    let address = format!("/catalogue/cooperatives/{id}");
    let lead = || w.args("catalogue.holder.lead", &[("name", name.clone()), ("place", w.place(&page.place))]);
    let head = Head {
        description: page.story.as_ref().map_or_else(lead, |story| told::summary(story.best(w.lang))),
        address: (!page.products.is_empty()).then(|| address.clone()),
        picture: page.products.iter().find_map(|card| card.photo).map(|id| format!("/product-photos/{id}")),
        kind: "website",
        data: page
            .shown
            .told
            .iter()
            .cloned()
            .chain([told::list(ctx, &page.products), told::crumbs(ctx, &[(name.clone(), address)])])
            .collect(),
    };
    ctx.public_page(&name, &head, &page)
}
