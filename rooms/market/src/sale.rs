//! What the rooms above need to sell: what is offered, at which price, how much of it is there, and that it left.

use jiff::civil::Date;
use kernel::kinds::{Money, Multi};
use kernel::{Ctx, Db, Error, Id, Result};

use crate::lot;
use crate::price::{self, Buyer, Pack};
use crate::product::{self, Product, Unit};

/// Something that can be put in a basket: a pack of a product, or its unit of sale where it has no packs.
#[derive(Clone, Debug)]
pub struct Article {
    /// The product.
    pub product: Product,
    /// The pack, unless it is sold by the unit.
    pub pack: Option<Pack>,
}

impl Article {
    /// What stands in a basket for it: the pack, or the product.
    pub fn id(&self) -> Id {
        self.pack.as_ref().map_or(self.product.id, |pack| pack.id)
    }

    /// How much of the product one of it holds, in the smallest unit.
    pub fn content(&self) -> i64 {
        self.pack.as_ref().map_or(1, |pack| pack.quantity)
    }

    /// The product with its pack, in every language that both have.
    pub fn name(&self) -> Multi {
        Article::named(&self.product.name, self.pack.as_ref().map(|pack| &pack.name))
    }

    /// The name of a product with that of a pack.
    pub(crate) fn named(product: &Multi, pack: Option<&Multi>) -> Multi {
        let Some(pack) = pack else { return product.clone() };
        let named = product.0.iter().map(|(lang, name)| {
            let pack = pack.0.get(lang).or_else(|| pack.0.values().next());
            (lang.clone(), pack.map_or_else(|| name.clone(), |pack| format!("{name} · {pack}")))
        });
        Multi(named.collect())
    }
}

/// The article that this id of a pack or a product stands for, if the viewer may read of it and it is published.
pub fn article(ctx: &Ctx, db: &mut Db, id: Id) -> Result<Article> {
    let pack = kernel::record::find::<Pack>(db, id)?;
    let product = pack.as_ref().map_or(id, |pack| pack.product.id);
    let (product, _) = product::open(ctx, db, product)?;
    if product.status == product::ProductStatus::Published {
        Ok(Article { product, pack })
    } else {
        Err(Error::NotFound)
    }
}

/// What a product is offered in: its packs, or itself where it has none. The caller checked that it may be read.
pub fn articles(db: &mut Db, product: &Product) -> Result<Vec<Article>> {
    let packs = price::packs(db, product.id)?;
    if packs.is_empty() {
        return Ok(vec![Article { product: product.clone(), pack: None }]);
    }
    Ok(packs.into_iter().map(|pack| Article { product: product.clone(), pack: Some(pack) }).collect())
}

/// The prices of an article for these buyers; only those for individuals are for everybody's eyes.
pub fn prices(db: &mut Db, article: &Article, buyer: Buyer) -> Result<Vec<Money>> {
    let all = price::prices(db, article.product.id, true)?;
    let pack = article.pack.as_ref().map(|pack| pack.id);
    let own = all.into_iter().filter(|price| price.buyer == buyer && price.pack.map(|pack| pack.id) == pack);
    Ok(own.map(|price| price.price).collect())
}

/// A lot of which something is left.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct LotLeft {
    /// The lot.
    pub id: Id,
    /// Its number.
    pub number: String,
    /// Until when it is good.
    #[schemars(with = "Option<String>")]
    pub best_before: Option<Date>,
    /// How much is left, in the smallest unit of the product.
    pub left: i64,
}

impl From<lot::Line> for LotLeft {
    fn from(line: lot::Line) -> LotLeft {
        LotLeft { id: line.id, number: line.number, best_before: line.best_before, left: line.left }
    }
}

/// Lots of a product that are good on this day and of which something is left: what ends first comes first, then what was
/// made first. The caller checked the standing.
pub fn lots(db: &mut Db, product: Id, day: Date) -> Result<Vec<LotLeft>> {
    Ok(lot::good(db, product, day)?.into_iter().map(LotLeft::from).collect())
}

/// A quantity in the smallest unit as people say it.
pub fn quantity(w: kernel::Words, unit: Unit, count: i64) -> String {
    crate::pages::quantity(w, unit, count)
}
