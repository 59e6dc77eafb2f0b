//! What leaves together, whoever sold it: an order of one cooperative, or a pooled order that several filled. Packages and papers
//! are made of this alone.

use std::collections::BTreeMap;

use kernel::kinds::{Choice as _, Money, Multi};
use kernel::value::Row;
use kernel::{Ctx, Db, Error, Fields, Id, Result, Standing, Tx, Words, sql};
use pooled::{Mode, Order as PooledOrder, Stage};
use sales::{Country, SaleOrder, SaleStatus};

use super::told::ltr;

/// What packages and papers belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// An order of a buyer to one cooperative.
    Sale(Id),
    /// A pooled order.
    Pooled(Id),
}

/// An order by its name, for whoever is told of it before anything of it leaves.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) origin: Origin,
    /// Whose file it is: the cooperative, or the lead of a pooled order.
    pub(crate) holder: Id,
    pub(crate) reference: String,
    pub(crate) receiver: String,
    pub(crate) country: String,
}

/// The cooperative that made something, where there are several: its id and its name.
pub(crate) type Maker = (Id, Multi);

/// So much that was taken from a lot for it.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) lot: Id,
    pub(crate) number: String,
    pub(crate) maker: Option<Maker>,
    /// In the smallest unit of the lot.
    pub(crate) quantity: i64,
}

/// Something that is packed: so many of it, each holding so much, taken from these lots.
#[derive(Clone, Debug)]
pub(crate) struct Article {
    /// The line of the order; of a pooled order, which has one article, the order.
    pub(crate) id: Id,
    pub(crate) name: Multi,
    pub(crate) count: i64,
    pub(crate) content: i64,
    pub(crate) lots: Vec<Taken>,
}

/// What a declaration of origin speaks of: so many of a product of a cooperative, and what they are worth.
#[derive(Clone, Debug)]
pub(crate) struct Goods {
    pub(crate) organisation: Id,
    pub(crate) maker: Option<Maker>,
    pub(crate) product: Id,
    /// As the order calls it; the name of the product where an order calls all of them the same.
    pub(crate) name: Option<Multi>,
    pub(crate) count: i64,
    pub(crate) value: Money,
}

/// What leaves together.
#[derive(Clone, Debug)]
pub(crate) struct Consignment {
    pub(crate) named: Named,
    pub(crate) town: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) contact: Option<String>,
    pub(crate) incoterm: Option<(&'static str, String)>,
    /// In whose name the lead of a pooled order sells.
    pub(crate) mandate: Option<String>,
    /// True where each cooperative sells its own part and the lead brings it together.
    pub(crate) several: bool,
    pub(crate) currency: String,
    pub(crate) articles: Vec<Article>,
    pub(crate) goods: Vec<Goods>,
}

impl Origin {
    /// The order that the address names.
    pub(crate) fn of_address(ctx: &Ctx) -> Result<Origin> {
        match ctx.id("pooled_order") {
            Ok(order) => Ok(Origin::Pooled(order)),
            Err(_) => Ok(Origin::Sale(ctx.id("sale_order")?)),
        }
    }

    /// The order with this id, of whichever kind.
    pub(crate) fn find(db: &mut Db, order: Id) -> Result<Origin> {
        let pooled = kernel::record::find::<PooledOrder>(db, order)?.is_some();
        Ok(if pooled { Origin::Pooled(order) } else { Origin::Sale(order) })
    }

    /// What a row says that belongs to one of both.
    pub(crate) fn of_row(sale: Option<Id>, pooled: Option<Id>) -> Result<Origin> {
        let origin = sale.map(Origin::Sale).or(pooled.map(Origin::Pooled));
        origin.ok_or_else(|| Error::internal("it belongs to no order"))
    }

    /// The id of the order.
    pub(crate) fn id(self) -> Id {
        match self {
            Origin::Sale(id) | Origin::Pooled(id) => id,
        }
    }

    /// The column that names it.
    pub(crate) fn column(self) -> &'static str {
        match self {
            Origin::Sale(_) => "sale_order",
            Origin::Pooled(_) => "pooled_order",
        }
    }

    /// Writes it into the form of what belongs to it, and nothing else.
    pub(crate) fn fill(self, form: &mut Fields) {
        form.set("sale_order", "");
        form.set("pooled_order", "");
        form.set(self.column(), self.id().to_string());
    }

    /// The address of the order.
    pub(crate) fn path(self) -> String {
        match self {
            Origin::Sale(id) => format!("/sales/{id}"),
            Origin::Pooled(id) => format!("/pooled-orders/{id}"),
        }
    }

    /// Why nothing can be packed yet.
    pub(crate) fn waits(self) -> &'static str {
        match self {
            Origin::Sale(_) => "shipment_package.not_prepared",
            Origin::Pooled(_) => "shipment_package.not_accepted",
        }
    }

    /// What is said of more than was prepared or accepted.
    pub(crate) fn too_many(self) -> &'static str {
        match self {
            Origin::Sale(_) => "shipment_package.too_many",
            Origin::Pooled(_) => "shipment_package.more_than_accepted",
        }
    }

    /// Makes whoever packs the same order wait until this transaction is over.
    pub(crate) fn hold(self, tx: &mut Tx<'_>) -> Result<()> {
        match self {
            Origin::Sale(id) => sales::hold(tx, id).map(|_| ()),
            Origin::Pooled(id) => pooled::hold(tx, id).map(|_| ()),
        }
    }

    /// The order by its name. The caller checked the right to it, or does so with what is answered.
    pub(crate) fn named(self, db: &mut Db) -> Result<Named> {
        match self {
            Origin::Sale(id) => Ok(of_sale(&kernel::record::get::<SaleOrder>(db, id)?)),
            Origin::Pooled(id) => Ok(of_pooled(&kernel::record::get::<PooledOrder>(db, id)?)),
        }
    }

    /// The order by its name, for whoever works on the file of its holder.
    pub(crate) fn open(self, ctx: &Ctx, db: &mut Db) -> Result<Named> {
        let named = self.named(db)?;
        ctx.standing(db, named.holder, Standing::File)?;
        Ok(named)
    }

    /// What leaves with it; nothing as long as nothing of it can be packed. The caller checked the right to it.
    pub(crate) fn consignment(self, w: Words, db: &mut Db) -> Result<Option<Consignment>> {
        match self {
            Origin::Sale(id) => sold(db, id),
            Origin::Pooled(id) => pooled_together(w, db, id),
        }
    }
}

impl Named {
    /// The country as people call it, or its code where no word for it is known.
    pub(crate) fn country_told(&self, w: Words) -> String {
        match Country::from_code(&self.country) {
            Some(country) => w.t2(Country::WORDS, country.code()),
            None => ltr(&self.country),
        }
    }

    /// True if it crosses a border.
    pub(crate) fn is_abroad(&self) -> bool {
        self.country != Country::Morocco.code()
    }
}

fn of_sale(order: &SaleOrder) -> Named {
    Named {
        origin: Origin::Sale(order.id),
        holder: order.organisation.id,
        reference: order.reference(),
        receiver: order.name.clone(),
        country: order.country.code().to_owned(),
    }
}

fn of_pooled(order: &PooledOrder) -> Named {
    Named {
        origin: Origin::Pooled(order.id),
        holder: order.lead.id,
        reference: order.reference(),
        receiver: order.buyer.clone(),
        country: order.country.clone(),
    }
}

fn sold(db: &mut Db, order: Id) -> Result<Option<Consignment>> {
    let Some(agreed) = sales::agreed(db, order)? else { return Ok(None) };
    let (order, quotation) = (&agreed.order, agreed.quotation);
    if !matches!(order.status, SaleStatus::Prepared | SaleStatus::Delivered) {
        return Ok(None);
    }
    let lots = market::sold_as(db, order.organisation.id, &order.reference())?;
    let article = |line: &sales::Line| Article {
        id: line.id,
        name: line.name.clone(),
        count: line.count,
        content: line.content,
        lots: lots
            .iter()
            .filter(|lot| lot.product == line.product.id)
            .map(|lot| Taken {
                lot: lot.lot,
                number: lot.number.clone(),
                maker: None,
                quantity: lot.quantity,
            })
            .collect(),
    };
    let goods = agreed.lines.iter().map(|(line, price)| Goods {
        organisation: order.organisation.id,
        maker: None,
        product: line.product.id,
        name: Some(line.name.clone()),
        count: line.count,
        value: Money { minor: price.minor.saturating_mul(line.count), currency: price.currency.clone() },
    });
    Ok(Some(Consignment {
        named: of_sale(order),
        town: order.town.clone(),
        phone: order.phone.as_ref().map(|phone| phone.0.clone()),
        contact: None,
        incoterm: quotation.incoterm.map(|rule| (rule.code(), quotation.named_place.unwrap_or_default())),
        mandate: None,
        several: false,
        currency: quotation.total.currency,
        articles: agreed.lines.iter().map(|(line, _)| article(line)).collect(),
        goods: goods.collect(),
    }))
}

/// What was accepted of a pooled order, lot by lot. What lies in a package and was taken back since stands there with nothing.
fn pooled_together(w: Words, db: &mut Db, order: Id) -> Result<Option<Consignment>> {
    let order = kernel::record::get::<PooledOrder>(db, order)?;
    if !matches!(order.stage, Stage::Confirmed | Stage::Settled) {
        return Ok(None);
    }
    let accepted = pooled::accepted(db, order.id)?;
    let mut lots: Vec<Taken> = Vec::new();
    let mut goods = BTreeMap::<(usize, Id), (&pooled::Accepted, [i64; 2])>::new();
    for (at, one) in accepted.iter().enumerate() {
        let packs = one.packs[0] + one.packs[1];
        lots.push(Taken {
            lot: one.lot,
            number: one.number.clone(),
            maker: Some((one.organisation, one.name.clone())),
            quantity: packs.saturating_mul(order.pack),
        });
        let first = accepted.iter().position(|other| other.organisation == one.organisation).unwrap_or(at);
        let sum = &mut goods.entry((first, one.product)).or_insert((one, [0, 0])).1;
        sum[0] += one.packs[0];
        sum[1] += one.packs[1];
    }
    let count = accepted.iter().map(|one| one.packs[0] + one.packs[1]).sum::<i64>();
    lots.extend(taken_back(db, order.id, &lots)?);
    if lots.is_empty() {
        return Ok(None);
    }
    let goods = goods.into_iter().map(|((_, product), (one, packs))| Goods {
        organisation: one.organisation,
        maker: Some((one.organisation, one.name.clone())),
        product,
        name: None,
        count: packs[0] + packs[1],
        value: Money { minor: order.worth(packs), currency: order.price.currency.clone() },
    });
    let article = Article { id: order.id, name: order.pack_named(w, None), count, content: order.pack, lots };
    Ok(Some(Consignment {
        named: of_pooled(&order),
        town: None,
        phone: None,
        contact: order.contact.clone(),
        incoterm: Some((order.incoterm.code(), order.place.clone())),
        mandate: order.mandate.clone().filter(|_| order.mode == Mode::Mandate),
        several: order.mode == Mode::Several,
        currency: order.price.currency.clone(),
        goods: goods.collect(),
        articles: vec![article],
    }))
}

/// Lots that lie in packages of a pooled order and are accepted no more.
fn taken_back(db: &mut Db, order: Id, known: &[Taken]) -> Result<Vec<Taken>> {
    let query = sql("select distinct l.id, l.number, o.id, o.name, o.sort from shipment_package p
                     join shipment_content c on c.package = p.id join lot l on l.id = c.lot
                     join organisation o on o.id = l.organisation where p.pooled_order = ? order by o.sort, l.number, l.id");
    let query =
        query.bind(order).open("it lies in a package of the order, to which the caller checked the right");
    let packed = db.rows(&query, |row: &mut Row| {
        let (lot, number) = (row.take()?, row.take()?);
        Ok(Taken { lot, number, maker: Some((row.take()?, row.take()?)), quantity: 0 })
    })?;
    Ok(packed.into_iter().filter(|one| known.iter().all(|there| there.lot != one.lot)).collect())
}

impl Consignment {
    /// The cooperatives that brought it together, each with how many packs of which lots are its own.
    pub(crate) fn makers(&self) -> Vec<(&Maker, i64, Vec<&str>)> {
        let mut makers = Vec::<(&Maker, i64, Vec<&str>)>::new();
        for article in &self.articles {
            for lot in article.lots.iter().filter(|lot| lot.quantity > 0) {
                let Some(maker) = &lot.maker else { continue };
                let packs = lot.quantity / article.content.max(1);
                match makers.iter_mut().find(|(there, ..)| there.0 == maker.0) {
                    Some((_, count, lots)) => {
                        *count += packs;
                        lots.push(&lot.number);
                    }
                    None => makers.push((maker, packs, vec![&lot.number])),
                }
            }
        }
        makers
    }
}
