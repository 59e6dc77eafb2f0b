//! `/sales/{sale_order}/shipment` and `/pooled-orders/{pooled_order}/shipment`: what leaves with an order: packages, papers made
//! elsewhere, the data of a declaration of origin; and the papers it is printed on.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Db, Error, Id, Lang, Reply, Result, Words};
use registry::Organisation;
use schemars::JsonSchema;
use serde::Serialize;

use crate::rules::pack;
use crate::shipment::consignment::Origin;
use crate::shipment::origin::{self, OriginData};
use crate::shipment::paper::{self, PaperKind};
use crate::shipment::prepared::{Place, Prepared};
use crate::shipment::print::{self, LANGS, Which};
use crate::shipment::told::{self, PackageLine, Totals};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/sales/{sale_order}/shipment", show).answers::<ShipmentPage>(),
        get("/sales/{sale_order}/packing-list", packing_list).query(&["in"]),
        get("/sales/{sale_order}/delivery-note", delivery_note).query(&["in"]),
        get("/sales/{sale_order}/origin-data", origin_data).query(&["in"]),
        get("/pooled-orders/{pooled_order}/shipment", show).answers::<ShipmentPage>(),
        get("/pooled-orders/{pooled_order}/packing-list", packing_list).query(&["in"]),
        get("/pooled-orders/{pooled_order}/delivery-note", delivery_note).query(&["in"]),
        get("/pooled-orders/{pooled_order}/origin-data", origin_data).query(&["in"]),
    ]
}

/// Something of which some is not packed yet, or too many are.
#[derive(Serialize, JsonSchema)]
struct PlaceLine {
    name: Multi,
    lot: Option<String>,
    /// The cooperative it comes from, where there are several.
    maker: Option<Multi>,
    /// So many, always above zero.
    count: i64,
}

/// A paper that was made elsewhere.
#[derive(Serialize, JsonSchema)]
struct PaperLine {
    id: Id,
    kind: PaperKind,
    number: String,
    dated: String,
    file: Option<String>,
}

/// What was prepared, and how it leaves.
#[derive(Serialize, JsonSchema)]
struct Ready {
    packages: Vec<PackageLine>,
    totals: Totals,
    left: Vec<PlaceLine>,
    /// What lies in packages beyond what was prepared, or accepted and not taken back.
    over: Vec<PlaceLine>,
    /// How many of the order are not packed yet.
    to_pack: i64,
    origin: OriginData,
}

/// A shipment.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "export_shipment.html")]
struct ShipmentPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    order: Id,
    /// The address of the order, and that of all orders of its kind.
    path: String,
    #[serde(skip)]
    #[schemars(skip)]
    list: (&'static str, &'static str),
    waits: &'static str,
    /// What is said once everything is packed.
    all: &'static str,
    reference: String,
    organisation: Id,
    holder: Multi,
    buyer: String,
    country: String,
    abroad: bool,
    /// Nothing before the order was prepared.
    ready: Option<Ready>,
    papers: Vec<PaperLine>,
}

impl ShipmentPage {
    /// True as long as something that was prepared is in no package.
    fn packs(&self) -> bool {
        self.ready.as_ref().is_some_and(|ready| ready.to_pack > 0)
    }
    fn printed(&self) -> [&'static str; 3] {
        [Which::PackingList, Which::DeliveryNote, Which::OriginData].map(Which::code)
    }
    /// A packing list needs packages, a declaration of origin a border.
    fn prints(&self, code: &str) -> bool {
        self.ready.as_ref().is_some_and(|ready| match code {
            "packing-list" => !ready.packages.is_empty(),
            "origin-data" => self.abroad,
            _ => true,
        })
    }
    fn langs(&self) -> [Lang; 3] {
        LANGS
    }
}

fn place_line(place: Place) -> PlaceLine {
    PlaceLine {
        name: place.name,
        lot: place.lot.map(|(_, number)| number),
        maker: place.maker.map(|(_, name)| name),
        count: place.left.saturating_abs(),
    }
}

fn ready(ctx: &Ctx, db: &mut Db, prepared: &Prepared) -> Result<Ready> {
    let (over, left): (Vec<Place>, Vec<Place>) =
        prepared.places().into_iter().filter(|place| place.left != 0).partition(|place| place.left < 0);
    Ok(Ready {
        packages: told::packages(ctx.w, prepared),
        totals: told::totals(ctx.w, prepared),
        left: left.into_iter().map(place_line).collect(),
        over: over.into_iter().map(place_line).collect(),
        to_pack: prepared.left(),
        origin: origin::of(ctx, ctx.w, db, pack()?, prepared)?,
    })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let origin = Origin::of_address(ctx)?;
        let order = origin.open(ctx, db)?;
        let holder = kernel::record::get::<Organisation>(db, order.holder)?;
        let ready = match Prepared::find(w, db, origin)? {
            Some(prepared) => Some(ready(ctx, db, &prepared)?),
            None => None,
        };
        let papers = paper::of(db, origin)?.into_iter().map(|paper| PaperLine {
            id: paper.id,
            kind: paper.kind,
            number: paper.number.0,
            dated: w.date(&paper.dated),
            file: paper.file.map(|file| file.0),
        });
        let (list, all) = match origin {
            Origin::Sale(_) => (("/sales", "nav.sales"), "shipment.all_packed"),
            Origin::Pooled(_) => (("/pooled-orders", "nav.pooled"), "shipment.all_accepted_packed"),
        };
        Ok(ShipmentPage {
            w,
            order: origin.id(),
            path: origin.path(),
            list,
            waits: origin.waits(),
            all,
            organisation: holder.id,
            holder: holder.name,
            country: order.country_told(w),
            abroad: order.is_abroad(),
            reference: order.reference,
            buyer: order.receiver,
            ready,
            papers: papers.collect(),
        })
    })?;
    ctx.page(&w.with("shipment.named", "number", &told::ltr(&page.reference)), &page)
}

fn packing_list(ctx: &Ctx) -> Result<Reply> {
    printed(ctx, Which::PackingList)
}

fn delivery_note(ctx: &Ctx) -> Result<Reply> {
    printed(ctx, Which::DeliveryNote)
}

fn origin_data(ctx: &Ctx) -> Result<Reply> {
    printed(ctx, Which::OriginData)
}

fn printed(ctx: &Ctx, which: Which) -> Result<Reply> {
    let (paper, name) = ctx.read(|db| {
        let origin = Origin::of_address(ctx)?;
        origin.open(ctx, db)?;
        let prepared = Prepared::read(told::asked(ctx), db, origin)?;
        if which == Which::PackingList && prepared.packed.is_empty() {
            return Err(Error::refused("shipment.no_packages"));
        }
        print::paper(ctx, db, &prepared, which)
    })?;
    ctx.paper(&paper, &name)
}
