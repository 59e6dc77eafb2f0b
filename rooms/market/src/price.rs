//! The packs in which a product is sold, and what they cost whom.

use kernel::kinds::{Code, Money, Multi, Ref};
use kernel::{Db, Error, Id, Record, Result, Tx, choice, record, sql};
use registry::Organisation;

use crate::product::Product;

choice! {
    /// Who buys. Only the price for individuals is public.
    pub Buyer in "product_price.buyer" { Individual = "individual", Shop = "shop", Hotel = "hotel", Exporter = "exporter" }
}

record! {
    /// A pack: a jar of 250 g, a box of twelve. Its quantity is in the unit of the product.
    pub Pack in "product_pack" as "market.product_pack", about organisation {
        main(Public, File) {
            organisation: Ref<Organisation>, product: Ref<Product>, name: Multi, quantity: i64, reference: Option<Code>,
        }
    }
}

record! {
    /// What a pack costs a class of buyers in a currency; without a pack, what the unit of sale costs.
    pub Price in "product_price" as "market.product_price", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, product: Ref<Product>, pack: Option<Ref<Pack>>, buyer: Buyer, price: Money,
        }
    }
}

impl Price {
    /// One price for the same pack, buyers and currency.
    pub(crate) fn check_sound(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(pack) = self.pack
            && kernel::record::get::<Pack>(tx, pack.id)?.product.id != self.product.id
        {
            return Err(Error::field("pack", "error.reference"));
        }
        if self.price.minor == 0 {
            return Err(Error::field("price", "product_price.nothing"));
        }
        let others = sql(
            "select count(*) from product_price where product = ? and coalesce(pack, '') = ? and buyer = ?
                          and price_currency = ? and id <> ?",
        )
        .bind(self.product.id)
        .bind(self.pack.map(|pack| pack.id.to_string()).unwrap_or_default())
        .bind(self.buyer)
        .bind(&self.price.currency)
        .bind(self.id)
        .open("the caller works on the file");
        if tx.one::<i64>(&others)? == 0 {
            Ok(())
        } else {
            Err(Error::field("buyer", "product_price.buyer.taken"))
        }
    }
}

/// Packs of a product. The caller checked the standing.
pub(crate) fn packs(db: &mut Db, product: Id) -> Result<Vec<Pack>> {
    let query =
        format!("select {} from product_pack where product = ? order by quantity, id", Pack::columns(""));
    db.rows(&sql(&query).bind(product).open("the caller checked the standing"), Pack::from_row)
}

/// Prices of a product; for the public, those of individuals alone.
pub(crate) fn prices(db: &mut Db, product: Id, all: bool) -> Result<Vec<Price>> {
    let columns = Price::columns("");
    let query = format!("select {columns} from product_price where product = ?");
    let query = sql(&query).bind(product).and(if all { "" } else { " and buyer = 'individual'" });
    let query = query.and(" order by buyer, price_currency, price, id");
    db.rows(&query.open("the caller checked the standing"), Price::from_row)
}

/// True if something costs what this pack holds.
pub(crate) fn is_priced(tx: &mut Tx<'_>, pack: Id) -> Result<bool> {
    let query = sql("select count(*) from product_price where pack = ?").bind(pack);
    Ok(tx.one::<i64>(&query.open("the caller works on the file"))? > 0)
}
