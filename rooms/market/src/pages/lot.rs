//! `/lots/{lot}`: a lot as anybody reads it who holds a jar of it; its movements for whoever works on the file.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Db, Error, Html, Id, Reply, Result, Standing, Words};
use registry::{Organisation, Status};
use schemars::JsonSchema;
use serde::Serialize;

use super::product::with_gtin;
use super::{LabelLine, label_lines, quantity};
use crate::lot::{self, Lot};
use crate::movement::{self, Movement, Reason};
use crate::product::{Product, ProductStatus};
use crate::{label, origin, photo, stock};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/lots/{lot}", show).open().answers::<LotPage>(),
        get("/01/{gtin}/10/{number}", by_number).open(),
    ]
}

/// A lot that is part of another.
#[derive(Serialize, JsonSchema)]
struct PartLine {
    lot: Id,
    number: String,
    /// Its product, unless that is a draft which the viewer may not read.
    name: Option<Multi>,
    produced: String,
    /// Its share of the whole, in words.
    share: String,
    /// How much was taken, for whoever works on the file.
    taken: Option<String>,
}

/// A movement, for whoever works on the file.
#[derive(Serialize, JsonSchema)]
struct MovementLine {
    id: Id,
    day: String,
    reason: Reason,
    quantity: String,
    note: Option<String>,
    /// The lot that it went into.
    blend: Option<Id>,
}

/// A lot.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "market_lot.html")]
struct LotPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    number: String,
    product: Id,
    name: Multi,
    /// True if the product can be read, too.
    offered: bool,
    organisation: Id,
    holder: Multi,
    public: bool,
    story: Option<Multi>,
    produced: String,
    best_before: Option<String>,
    past: bool,
    origin: String,
    parts: Vec<PartLine>,
    labels: Vec<LabelLine>,
    holder_labels: Vec<LabelLine>,
    share: Option<i64>,
    /// The address on the label.
    address: String,
    edits: bool,
    quantity: Option<String>,
    left: Option<String>,
    movements: Vec<MovementLine>,
    photo: Option<Id>,
    #[serde(skip)]
    #[schemars(skip)]
    shown: ShownLot,
}

/// The parts of the page that are HTML already.
#[derive(Default)]
struct ShownLot {
    map: Option<Html>,
    square: Html,
    invented: bool,
}

/// Several lots of different cooperatives with the same number.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "market_lots.html")]
struct LotsPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    number: String,
    lots: Vec<NumberedLine>,
}

/// A lot among several with the same number.
#[derive(Serialize, JsonSchema)]
struct NumberedLine {
    id: Id,
    name: Multi,
    holder: String,
    produced: String,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let asked = ctx.param("lot")?;
    let Ok(id) = asked.parse::<Id>() else { return numbered(ctx, asked) };
    let page = ctx.read(|db| {
        let (lot, product, standing) = lot::open(ctx, db, id)?;
        lot_page(ctx, db, lot, product, standing)
    })?;
    ctx.page(&ctx.w.with("lot.named", "number", &page.number), &page)
}

/// A number leads to its lot; the same number of several cooperatives, to a choice.
fn numbered(ctx: &Ctx, number: &str) -> Result<Reply> {
    let w = ctx.w;
    let lots = ctx.read(|db| {
        let mut lots = Vec::new();
        for id in lot::numbered(ctx, db, number, None)? {
            let (lot, product, _) = lot::open(ctx, db, id)?;
            lots.push(NumberedLine {
                id,
                name: product.name,
                holder: registry::organisation::name_of(ctx, db, lot.organisation.id)?,
                produced: w.date(&lot.produced),
            });
        }
        Ok(lots)
    })?;
    match lots.as_slice() {
        [] => Err(Error::NotFound),
        [one] => Ok(Reply::Seen(format!("/lots/{}", one.id))),
        _ => {
            let page = LotsPage { w, number: number.to_uppercase(), lots };
            ctx.page(&w.with("lot.named", "number", &page.number), &page)
        }
    }
}

/// Follows a GS1 Digital Link to a lot.
fn by_number(ctx: &Ctx) -> Result<Reply> {
    let number = ctx.param("number")?;
    let found = ctx.read(|db| {
        let product = with_gtin(ctx, db)?;
        lot::numbered(ctx, db, number, Some(product))
    })?;
    found.first().map(|id| Reply::Seen(format!("/lots/{id}"))).ok_or(Error::NotFound)
}

fn lot_page(ctx: &Ctx, db: &mut Db, lot: Lot, product: Product, standing: Standing) -> Result<LotPage> {
    let (w, today) = (ctx.w, kernel::today());
    let edits = standing >= Standing::File;
    let holder = kernel::record::get::<Organisation>(db, lot.organisation.id)?;
    let left = movement::left(db, &lot)?;
    let movements = if edits { movement::of(db, lot.id)? } else { Vec::new() };
    let address = ctx.link(&lot::address(&product, &lot));
    Ok(LotPage {
        w,
        id: lot.id,
        number: lot.number.0.clone(),
        product: product.id,
        offered: edits || product.status == ProductStatus::Published,
        organisation: holder.id,
        holder: holder.name.clone(),
        public: holder.published && holder.status != Status::Merged,
        produced: w.long_date(&lot.produced),
        best_before: lot.best_before.map(|day| w.long_date(&day)),
        past: lot.best_before.is_some_and(|day| day < today),
        origin: product.origin.as_ref().map(|there| origin::told(w, there)).unwrap_or_default(),
        parts: parts(w, db, &lot, edits)?,
        labels: label_lines(w, label::of_product(db, product.id, Some(lot.id), today)?),
        holder_labels: label_lines(w, label::of_holder(db, holder.id, today)?),
        share: product.share.filter(|_| product.share_told),
        edits,
        quantity: edits.then(|| quantity(w, lot.unit, lot.quantity)),
        left: edits.then(|| quantity(w, lot.unit, i64::try_from(left).unwrap_or(i64::MAX))),
        movements: movements.into_iter().map(|movement| movement_line(w, &lot, movement)).collect(),
        photo: photo::of(db, product.id)?
            .first()
            .map(|photo| photo.id)
            .filter(|_| edits || product.status == ProductStatus::Published),
        shown: ShownLot {
            map: product.origin.as_ref().map(|there| origin::map(w, there)).transpose()?.flatten(),
            square: kernel::square(&address)?,
            invented: holder.invented,
        },
        address,
        name: product.name,
        story: product.story,
    })
}

fn parts(w: Words, db: &mut Db, lot: &Lot, edits: bool) -> Result<Vec<PartLine>> {
    let taken = movement::into(db, lot.id)?;
    let shares = stock::permille(&taken.iter().map(|part| part.quantity).collect::<Vec<_>>());
    let sources: Vec<Id> = taken.iter().map(|part| part.lot.id).collect();
    let lines = lot::lines_of(db, &sources)?;
    let mut parts = Vec::new();
    for (part, share) in taken.iter().zip(shares) {
        let Some(line) = lines.iter().find(|line| line.id == part.lot.id) else { continue };
        parts.push(PartLine {
            lot: line.id,
            number: line.number.clone(),
            name: Some(line.name.clone()).filter(|_| edits || !line.draft),
            produced: w.date(&line.produced),
            share: w.percent(share as f64 / 10.0),
            taken: edits.then(|| quantity(w, lot.unit, part.quantity)),
        });
    }
    Ok(parts)
}

fn movement_line(w: Words, lot: &Lot, movement: Movement) -> MovementLine {
    let sign = if movement.change() < 0 { "−" } else { "+" };
    MovementLine {
        id: movement.id,
        day: w.date(&movement.day),
        reason: movement.reason,
        quantity: format!("{sign} {}", quantity(w, lot.unit, movement.quantity)),
        note: movement.note,
        blend: movement.blend.map(|blend| blend.id),
    }
}
