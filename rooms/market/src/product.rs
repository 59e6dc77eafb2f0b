//! A product of a cooperative: food, a cosmetic or craft work; drafted, published, withdrawn.

use kernel::kinds::{Divisions, Many, Multi, Ref};
use kernel::{Ctx, Db, Error, Id, Result, Standing, Tx, Viewer, choice, record, sql};
use registry::{Month, Organisation};

use crate::gtin::{Gtin, Hs};

choice! {
    /// What a product is: rules of food do not apply to a carpet.
    pub ProductKind in "product.kind" { Food = "food", Cosmetic = "cosmetic", Craft = "craft" }
}

choice! {
    /// How a product comes into being.
    pub Making in "product.making" { Repeated = "repeated", ToOrder = "to_order", Unique = "unique" }
}

choice! {
    /// The smallest unit in which a product is counted: sums are whole numbers of it.
    pub Unit in "product.unit" { Gram = "g", Millilitre = "ml", Piece = "piece" }
}

choice! {
    /// Who may read of a product.
    pub ProductStatus in "product.status" { Draft = "draft", Published = "published", Withdrawn = "withdrawn" }
}

choice! {
    /// The fourteen allergens of Annex II of Regulation (EU) 1169/2011; those that the Codex standard on labelling
    /// (CXS 1-1985, 4.2.1.4) names are among them.
    pub Allergen in "allergen" {
        Gluten = "gluten", Crustaceans = "crustaceans", Eggs = "eggs", Fish = "fish", Peanuts = "peanuts", Soya = "soya",
        Milk = "milk", Nuts = "nuts", Celery = "celery", Mustard = "mustard", Sesame = "sesame", Sulphites = "sulphites",
        Lupin = "lupin", Molluscs = "molluscs",
    }
}

record! {
    /// Something that a cooperative makes and sells.
    pub Product in "product" as "market.product", about organisation {
        main(Public, File) {
            organisation: Ref<Organisation>, kind: ProductKind, making: Making, name: Multi, story: Option<Multi>,
            origin: Option<Divisions>,
        }
        supply(Public, File) {
            unit: Unit, minimum: Option<i64>, season: Option<Many<Month>>, capacity: Option<i64>,
        }
        size(Public, File) { length: Option<i64>, width: Option<i64>, height: Option<i64>, weight: Option<i64> }
        food(Public, File) { ingredients: Option<Multi>, allergens: Option<Many<Allergen>> }
        trade(Public, File) { gtin: Option<Gtin>, hs: Option<Hs> }
        share(File, File) { share: Option<i64>, share_told: bool }
        status(Public, File) { status: ProductStatus }
    }
}

impl Product {
    /// A last look at what was typed, in the transaction that saves it.
    pub(crate) fn check_sound(&self, tx: &mut Tx<'_>) -> Result<()> {
        if self.kind == ProductKind::Craft && (self.ingredients.is_some() || self.allergens.is_some()) {
            let field = if self.ingredients.is_some() { "ingredients" } else { "allergens" };
            return Err(Error::field(field, "product.no_food"));
        }
        if self.making == Making::Unique && self.unit != Unit::Piece {
            return Err(Error::field("unit", "product.unique_unit"));
        }
        if self.share.is_some_and(|share| share > 100) {
            return Err(Error::field("share", "product.share_range"));
        }
        if self.share_told && self.share.is_none() {
            return Err(Error::field("share", "product.share_needed"));
        }
        self.check_gtin(tx)?;
        self.check_unit(tx)?;
        if self.status == ProductStatus::Published { self.check_told() } else { Ok(()) }
    }

    /// A number on a pack leads to one product.
    fn check_gtin(&self, tx: &mut Tx<'_>) -> Result<()> {
        let Some(gtin) = &self.gtin else { return Ok(()) };
        let others =
            sql("select count(*) from product where gtin = ? and id <> ?").bind(&gtin.0).bind(self.id);
        let others: i64 = tx.one(&others.open("a GTIN is given once in the world"))?;
        if others == 0 { Ok(()) } else { Err(Error::field("gtin", "product.gtin.taken")) }
    }

    /// Grams never become pieces under lots that were counted.
    fn check_unit(&self, tx: &mut Tx<'_>) -> Result<()> {
        let lots =
            sql("select count(*) from lot where product = ? and unit <> ?").bind(self.id).bind(self.unit);
        let lots: i64 = tx.one(&lots.open("lots of a product whose file the caller works on"))?;
        if lots == 0 { Ok(()) } else { Err(Error::field("unit", "product.unit_counted")) }
    }

    /// What buyers must find on a published page.
    pub(crate) fn check_told(&self) -> Result<()> {
        if self.kind == ProductKind::Food && self.ingredients.is_none() {
            return Err(Error::field("ingredients", "product.ingredients_needed"));
        }
        Ok(())
    }
}

/// The product, if the viewer works on the file of its cooperative, or knows of the cooperative and the product is
/// published.
pub(crate) fn open(ctx: &Ctx, db: &mut Db, id: Id) -> Result<(Product, Standing)> {
    let product = kernel::record::get::<Product>(db, id)?;
    let standing = ctx.standing(db, product.organisation.id, Standing::Public)?;
    if standing < Standing::File && product.status != ProductStatus::Published {
        return Err(hidden(ctx));
    }
    Ok((product, standing))
}

/// The answer to whoever may not know of something.
pub(crate) fn hidden(ctx: &Ctx) -> Error {
    if ctx.viewer.signed_in() { Error::NotFound } else { Error::SignIn }
}

/// A line of a list of products.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Line {
    pub(crate) id: Id,
    pub(crate) name: Multi,
    pub(crate) kind: ProductKind,
    pub(crate) status: ProductStatus,
    pub(crate) organisation: Id,
    pub(crate) holder: Multi,
    pub(crate) photo: Option<Id>,
}

const LINES: &str = "select p.id, p.name, p.kind, p.status, p.organisation, o.name,
     (select min(f.id) from product_photo f where f.product = p.id)
     from product p join organisation o on o.id = p.organisation where";

fn line(row: &mut kernel::value::Row) -> Result<Line> {
    Ok(Line {
        id: row.take()?,
        name: row.take()?,
        kind: row.take()?,
        status: row.take()?,
        organisation: row.take()?,
        holder: row.take()?,
        photo: row.take()?,
    })
}

/// Products of a cooperative; only the published ones for whoever does not work on its file.
pub(crate) fn of(db: &mut Db, organisation: Id, all: bool) -> Result<Vec<Line>> {
    let query = sql(LINES).and(" p.organisation = ?").bind(organisation);
    let query = if all { query } else { query.and(" and p.status = 'published'") };
    let query = query.and(" order by p.status, p.id limit 200");
    db.rows(&query.open("the page checked the standing at the organisation"), line)
}

/// Most lines on a page of the list.
pub(crate) const PAGE: i64 = 60;

/// Products of the cooperatives whose file the viewer works on, the latest first.
pub(crate) fn mine(db: &mut Db, viewer: &Viewer, before: Option<Id>) -> Result<Vec<Line>> {
    let query = sql(LINES)
        .seen_near(viewer, "p.organisation", Standing::File)
        .and_if(" and p.id < ?", before)
        .and(" order by p.id desc limit ?")
        .bind(PAGE + 1);
    db.rows(&query, line)
}

/// Who wrote last what stands on a record, and whether for the cooperative.
pub(crate) fn last_hand(db: &mut Db, record: Id) -> Result<Option<(i64, Option<Id>, bool)>> {
    let query = sql("select at, actor, behalf from fact where record = ? order by id desc limit 1");
    db.row(&query.bind(record), |row| Ok((row.take()?, row.take()?, row.take::<Option<Id>>()?.is_some())))
}
