//! `/sales/{sale_order}/shipment`: what leaves with an order: packages, papers made elsewhere, the data of a declaration of
//! origin; and the papers it is printed on.

use askama::Template;
use kernel::kinds::{Choice as _, Multi};
use kernel::room::{Route, get};
use kernel::{Ctx, Db, Error, Id, Lang, Reply, Result, Standing, Words};
use registry::Organisation;
use sales::{Country, SaleOrder};
use schemars::JsonSchema;
use serde::Serialize;

use crate::rules::pack;
use crate::shipment::paper::{self, PaperKind};
use crate::shipment::prepared::Prepared;
use crate::shipment::print::{self, LANGS, Which};
use crate::shipment::told::{self, Origin, PackageLine, Totals};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/sales/{sale_order}/shipment", show).answers::<ShipmentPage>(),
        get("/sales/{sale_order}/packing-list", packing_list).query(&["in"]),
        get("/sales/{sale_order}/delivery-note", delivery_note).query(&["in"]),
        get("/sales/{sale_order}/origin-data", origin_data).query(&["in"]),
    ]
}

/// Something that is not packed yet.
#[derive(Serialize, JsonSchema)]
struct LeftLine {
    name: Multi,
    lot: Option<String>,
    left: i64,
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
    left: Vec<LeftLine>,
    /// How many of the order are not packed yet.
    to_pack: i64,
    origin: Origin,
}

/// A shipment.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "export_shipment.html")]
struct ShipmentPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    order: Id,
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

/// The order of the address, for whoever works on the file of its cooperative.
pub(super) fn open(ctx: &Ctx, db: &mut Db) -> Result<SaleOrder> {
    let order = kernel::record::get::<SaleOrder>(db, ctx.id("sale_order")?)?;
    ctx.standing(db, order.organisation.id, Standing::File)?;
    Ok(order)
}

/// The order with its packages; nothing before it was prepared.
pub(crate) fn prepared(db: &mut Db, order: Id) -> Result<Option<Prepared>> {
    match Prepared::read(db, order) {
        Ok(prepared) => Ok(Some(prepared)),
        Err(Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn ready(w: Words, db: &mut Db, prepared: &Prepared) -> Result<Ready> {
    let left = prepared.places().into_iter().filter(|place| place.left > 0);
    Ok(Ready {
        packages: told::packages(w, prepared),
        totals: told::totals(w, prepared),
        left: left
            .map(|place| LeftLine {
                name: place.name,
                lot: place.lot.map(|(_, number)| number),
                left: place.left,
            })
            .collect(),
        to_pack: prepared.left(),
        origin: told::origin(w, db, pack()?, prepared)?,
    })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let order = open(ctx, db)?;
        let holder = kernel::record::get::<Organisation>(db, order.organisation.id)?;
        let ready = match prepared(db, order.id)? {
            Some(prepared) => Some(ready(w, db, &prepared)?),
            None => None,
        };
        let papers = paper::of(db, order.id)?.into_iter().map(|paper| PaperLine {
            id: paper.id,
            kind: paper.kind,
            number: paper.number.0,
            dated: w.date(&paper.dated),
            file: paper.file.map(|file| file.0),
        });
        Ok(ShipmentPage {
            w,
            order: order.id,
            reference: order.reference(),
            organisation: holder.id,
            holder: holder.name,
            buyer: order.name.clone(),
            country: w.t2(Country::WORDS, order.country.code()),
            abroad: order.country != Country::Morocco,
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
        let order = open(ctx, db)?;
        let prepared = Prepared::read(db, order.id)?;
        if which == Which::PackingList && prepared.packed.is_empty() {
            return Err(Error::refused("shipment.no_packages"));
        }
        print::paper(ctx, db, &prepared, which)
    })?;
    ctx.paper(&paper, &name)
}
