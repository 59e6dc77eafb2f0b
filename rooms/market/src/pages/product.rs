//! `/products/{product}`: a product as anybody reads it, and what hangs on it for whoever works on the file.

use askama::Template;
use kernel::form::show_group;
use kernel::kinds::{Choice as _, Money, Multi, Names};
use kernel::page::Head;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, Form, Html, Id, Json, Record, Reply, Result, Standing, Words};
use registry::{Organisation, Status};
use schemars::JsonSchema;
use serde::Serialize;

use super::{LabelLine, label_lines, list, quantity};
use crate::price::{self, Buyer, Pack, Price};
use crate::product::{self, Product, ProductStatus, Unit};
use crate::{label, lot, origin, photo, told};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/products/{product}", show).open().answers::<ProductPage>(),
        get("/01/{gtin}", by_gtin).open(),
        post("/products/{product}/publication", publish),
        post("/products/{product}/withdrawal", withdraw),
    ]
}

/// A photo and what it shows.
#[derive(Serialize, JsonSchema)]
struct PhotoLine {
    id: Id,
    caption: Option<Multi>,
}

/// A pack, as it is sold.
#[derive(Serialize, JsonSchema)]
struct PackLine {
    id: Id,
    name: Multi,
    quantity: String,
    /// True if the reader sees what it costs.
    priced: bool,
}

/// A price.
#[derive(Serialize, JsonSchema)]
struct PriceLine {
    id: Id,
    pack: Option<Multi>,
    buyer: Buyer,
    price: Money,
}

/// A product.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "market_product.html")]
struct ProductPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    /// What the viewer may read of the record.
    product: Json,
    organisation: Id,
    holder: Multi,
    /// The profile of the cooperative, if it is public.
    public: bool,
    edits: bool,
    photos: Vec<PhotoLine>,
    packs: Vec<PackLine>,
    prices: Vec<PriceLine>,
    labels: Vec<LabelLine>,
    /// Labels of the cooperative as such.
    holder_labels: Vec<LabelLine>,
    lots: Vec<LotLine>,
    /// What share of the price reaches the cooperative, in percent, if it agrees to say.
    share: Option<i64>,
    /// Who wrote last, when, and whether for the cooperative.
    last: Option<LastHand>,
    /// What rooms above offer here: to ask for a quotation, to put into a basket.
    panels: serde_json::Map<String, Json>,
    #[serde(skip)]
    #[schemars(skip)]
    shown: ShownProduct,
}

/// A lot, for whoever works on the file.
#[derive(Serialize, JsonSchema)]
struct LotLine {
    id: Id,
    number: String,
    produced: String,
    best_before: Option<String>,
    left: String,
}

#[derive(Serialize, JsonSchema)]
struct LastHand {
    who: Option<String>,
    when: String,
    behalf: bool,
}

/// The parts of the page that are HTML already.
struct ShownProduct {
    record: Product,
    size: Option<String>,
    facts: Html,
    map: Option<Html>,
    origin: String,
    invented: bool,
    wide: Vec<Html>,
    side: Vec<Html>,
    head: Head,
    form: Form,
    new_photo: Id,
}

impl ProductPage {
    fn tone(&self) -> &'static str {
        list::tone(self.shown.record.status)
    }
    fn amount(&self, count: &i64) -> String {
        quantity(self.w, self.shown.record.unit, *count)
    }
    fn draft(&self) -> bool {
        self.shown.record.status == ProductStatus::Draft
    }
    fn published(&self) -> bool {
        self.shown.record.status == ProductStatus::Published
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (product, standing) = product::open(ctx, db, ctx.id("product")?)?;
        product_page(ctx, db, product, standing)
    })?;
    let title = page.shown.record.name.best(ctx.w.lang).to_owned();
    // What only its makers see is not told to machines either.
    if !page.public || !page.published() {
        return ctx.page(&title, &page);
    }
    ctx.public_page(&title, &page.shown.head, &page)
}

/// What machines are told of a product: what everybody may read of it, whoever asks.
fn head(
    ctx: &Ctx,
    db: &mut Db,
    product: &Product,
    holder: &Organisation,
    photos: &[Id],
    labels: &[label::Label],
) -> Result<Head> {
    let packs = price::packs(db, product.id)?;
    let offered: Vec<told::Offered> = price::prices(db, product.id, false)?
        .into_iter()
        .map(|price| told::Offered {
            pack: price
                .pack
                .and_then(|pack| packs.iter().find(|there| there.id == pack.id))
                .map(|pack| pack.name.best(ctx.w.lang).to_owned()),
            price: price.price,
        })
        .collect();
    let available = told::available(db, product)?;
    let address = format!("/products/{}", product.id);
    let crumbs = [
        (holder.name.best(ctx.w.lang).to_owned(), format!("/catalogue/cooperatives/{}", holder.id)),
        (product.name.best(ctx.w.lang).to_owned(), address.clone()),
    ];
    Ok(Head {
        description: told::description(ctx.w, product, holder),
        address: Some(address),
        picture: photos.first().map(|id| format!("/product-photos/{id}")),
        kind: "product",
        data: vec![
            told::product(ctx, product, holder, photos, labels, &offered, available),
            told::crumbs(ctx, &crumbs),
        ],
    })
}

fn product_page(ctx: &Ctx, db: &mut Db, product: Product, standing: Standing) -> Result<ProductPage> {
    let (w, id, today) = (ctx.w, product.id, kernel::today());
    let edits = standing >= Standing::File;
    let holder = kernel::record::get::<Organisation>(db, product.organisation.id)?;
    let packs = price::packs(db, id)?;
    let prices = price::prices(db, id, edits)?;
    let priced: Vec<Id> = prices.iter().filter_map(|price| Some(price.pack?.id)).collect();
    let prices = prices.into_iter().map(|price| price_line(&packs, price));
    let lots = if edits { lot::of(db, id)? } else { Vec::new() };
    let last = if edits { product::last_hand(db, id)? } else { None };
    let photos = photo::of(db, id)?;
    let labels = label::of_product(db, id, None, today)?;
    let ids: Vec<Id> = photos.iter().map(|photo| photo.id).collect();
    let head = head(ctx, db, &product, &holder, &ids, &labels)?;
    let kernel::room::Panels { wide, side, data: panels } = ctx.panels(db, "market.product", id, standing)?;
    let photos = photos.into_iter().map(|photo| PhotoLine { id: photo.id, caption: photo.caption });
    Ok(ProductPage {
        w,
        product: product.json(standing),
        organisation: holder.id,
        holder: holder.name.clone(),
        public: holder.published && holder.status != Status::Merged,
        edits,
        photos: photos.collect(),
        prices: prices.collect(),
        packs: packs
            .into_iter()
            .map(|pack| PackLine {
                priced: priced.contains(&pack.id),
                id: pack.id,
                name: pack.name,
                quantity: quantity(w, product.unit, pack.quantity),
            })
            .collect(),
        labels: label_lines(w, labels),
        holder_labels: label_lines(w, label::of_holder(db, holder.id, today)?),
        lots: lots.into_iter().map(|line| lot_line(w, line)).collect(),
        share: product.share.filter(|_| product.share_told),
        panels,
        last: last.map(|hand| last_hand(db, w, hand)).transpose()?,
        shown: ShownProduct {
            facts: show_group(&product, "trade", standing, &w, &Names::new()),
            size: size(w, &product),
            map: product.origin.as_ref().map(|there| origin::map(w, there)).transpose()?.flatten(),
            origin: product.origin.as_ref().map(|there| origin::told(w, there)).unwrap_or_default(),
            invented: holder.invented,
            wide,
            side,
            head,
            form: Form::of::<photo::Photo>(w, kernel::Fields::default(), Standing::File),
            new_photo: Id::new(),
            record: product,
        },
    })
}

fn last_hand(db: &mut Db, w: Words, (at, actor, behalf): (i64, Option<Id>, bool)) -> Result<LastHand> {
    let names = people::account_names(db, &actor.into_iter().collect::<Vec<_>>())?;
    Ok(LastHand { who: names.into_values().next(), when: w.instant(at), behalf })
}

fn lot_line(w: Words, line: lot::Line) -> LotLine {
    LotLine {
        id: line.id,
        number: line.number,
        produced: w.date(&line.produced),
        best_before: line.best_before.map(|day| w.date(&day)),
        left: quantity(w, line.unit, line.left),
    }
}

fn price_line(packs: &[Pack], price: Price) -> PriceLine {
    let pack = price.pack.and_then(|pack| packs.iter().find(|there| there.id == pack.id));
    PriceLine {
        id: price.id,
        pack: pack.map(|pack| pack.name.clone()),
        buyer: price.buyer,
        price: price.price,
    }
}

/// Length × width × height in centimetres; what was measured in millimetres keeps them.
fn size(w: Words, product: &Product) -> Option<String> {
    let sides = [product.length, product.width, product.height];
    let centimetres = |side: i64| if side % 10 == 0 { w.num(side / 10) } else { w.decimal(side, 1) };
    let sides: Vec<_> = sides.into_iter().flatten().map(centimetres).collect();
    let weight = product.weight.map(|weight| quantity(w, Unit::Gram, weight));
    let sides = (!sides.is_empty()).then(|| w.with("quantity.cm", "n", &sides.join(" × ")));
    let told: Vec<_> = sides.into_iter().chain(weight).collect();
    (!told.is_empty()).then(|| told.join(" · "))
}

fn publish(ctx: &Ctx) -> Result<Reply> {
    set_status(ctx, ProductStatus::Published, "product_published")
}

fn withdraw(ctx: &Ctx) -> Result<Reply> {
    set_status(ctx, ProductStatus::Withdrawn, "product_withdrawn")
}

/// Publishes or withdraws, on the version that the page showed.
fn set_status(ctx: &Ctx, status: ProductStatus, done: &str) -> Result<Reply> {
    let id = ctx.id("product")?;
    ctx.write(|tx| {
        let product = kernel::record::get::<Product>(tx, id)?;
        let organisation = product.organisation.id;
        ctx.standing(tx, organisation, Standing::File)?;
        crate::pieces::hand(ctx, tx, organisation);
        if product.status == status {
            return Ok(());
        }
        if ctx.base_version() != product.version {
            return Err(Error::field("status", "product.stale"));
        }
        if status == ProductStatus::Published {
            let holder = kernel::record::get::<Organisation>(tx, organisation)?;
            if !holder.published {
                return Err(Error::field("status", "product.holder_hidden"));
            }
            product.check_told()?;
        } else if product.status == ProductStatus::Draft {
            return Err(Error::refused("product.never_published"));
        }
        kernel::record::update(tx, &Product { status, ..product })
    })?;
    ctx.done(&format!("/products/{id}"), done)
}

/// Follows a GS1 Digital Link to a product.
fn by_gtin(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.read(|db| with_gtin(ctx, db))?;
    Ok(Reply::Seen(format!("/products/{id}")))
}

/// The product with the GTIN of the address, if the viewer may know of it.
pub(super) fn with_gtin(ctx: &Ctx, db: &mut Db) -> Result<Id> {
    let gtin = crate::Gtin::read(ctx.param("gtin")?).map_err(|_| Error::NotFound)?;
    let query = kernel::sql("select p.id from product p where p.gtin = ? and p.status <> 'draft' and")
        .bind(&gtin.0)
        .seen(&ctx.viewer, "p.organisation");
    db.row(&query, kernel::value::Row::take)?.ok_or(Error::NotFound)
}
