//! What cooperatives sell over the counter: at a souk, at a fair, at the door of the workshop.

use kernel::kinds::{Money, Multi};
use kernel::{Db, Html, Id, Result, sql};

use crate::product::Making;
use crate::sale::Article;

/// An article of a published product with what individuals pay for it.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The cooperative.
    pub organisation: Id,
    /// The pack, or the product where it is sold by the unit.
    pub article: Id,
    /// The product with its pack.
    pub name: Multi,
    /// What one costs an individual, in the currency that was written down first.
    pub price: Option<Money>,
    /// The first photo of the product.
    pub photo: Option<Id>,
    /// True if there is one of it.
    pub unique: bool,
}

/// What stands for a photo: the woven square of the cooperative.
pub fn face(organisation: Id) -> Html {
    Html(atlas::woven(&organisation.to_string()))
}

/// What these cooperatives offer, by product and pack. The caller checked the standing at each of them.
///
/// # Errors
/// When the database fails.
pub fn offers(db: &mut Db, organisations: &[Id]) -> Result<Vec<Offer>> {
    let query = sql("select p.organisation, p.id, p.name, p.making, k.id, k.name, r.price, r.price_currency,
         (select min(f.id) from product_photo f where f.product = p.id) from product p
         left join product_pack k on k.product = p.id left join product_price r on r.product = p.id
         and r.buyer = 'individual' and coalesce(r.pack, '') = coalesce(k.id, '')
         where p.status = 'published' and p.organisation");
    let query = query.within(organisations).and(" order by p.organisation, p.id, k.quantity, k.id, r.id");
    let mut offers: Vec<Offer> = Vec::new();
    db.each(&query.open("the caller checked the standing at each of them"), |row| {
        let (organisation, product, name): (Id, Id, Multi) = (row.take()?, row.take()?, row.take()?);
        let unique = row.take::<Making>()? == Making::Unique;
        let (pack, named): (Option<Id>, Option<Multi>) = (row.take()?, row.take()?);
        let (minor, currency): (Option<i64>, Option<String>) = (row.take()?, row.take()?);
        let article = pack.unwrap_or(product);
        let photo = row.take()?;
        if offers.last().is_none_or(|last| last.article != article) {
            offers.push(Offer {
                organisation,
                article,
                name: Article::named(&name, named.as_ref()),
                price: minor.zip(currency).map(|(minor, currency)| Money { minor, currency }),
                photo,
                unique,
            });
        }
        Ok(())
    })?;
    Ok(offers)
}
