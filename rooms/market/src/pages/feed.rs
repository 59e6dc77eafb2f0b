//! `/catalogue/feed.xml`: the products of the catalogue for merchants' programs, as RSS 2.0 with the words of Google Merchant
//! (support.google.com/merchants/answer/7052112). What has neither photo nor public price in the currency is left out: those
//! programs refuse it.

use std::collections::{HashMap, HashSet};
use std::io::Write;

use kernel::kinds::{Choice as _, Money, Multi};
use kernel::page::in_language;
use kernel::room::{Route, get};
use kernel::{App, Ctx, Db, Id, Reply, Result, Words, sql};
use registry::Month;

use crate::catalogue::{CURRENCY, PUBLIC};
use crate::product::{Making, ProductKind};
use crate::xml::Xml;
use crate::{promise, stock, told};

pub(super) fn routes() -> Vec<Route> {
    vec![get("/catalogue/feed.xml", show).open().query(&["lang", "currency"])]
}

/// So many numbers of the index are read together.
const TOGETHER: i64 = 500;

fn show(ctx: &Ctx) -> Result<Reply> {
    let currency = ctx.query.text("currency").map_or(CURRENCY.to_owned(), str::to_ascii_uppercase);
    let house = ctx.link("");
    let w = ctx.w;
    Ok(Reply::Download {
        media: "application/xml; charset=utf-8".into(),
        name: format!("catalogue-{}.xml", w.lang.code()),
        inline: true,
        produce: Box::new(move |app, out| Feed { w, currency, house }.write(app, out)),
    })
}

/// A feed in a language and a currency.
struct Feed {
    w: Words,
    currency: String,
    /// The address of the house.
    house: String,
}

/// A pack that is sold to households.
struct Item {
    id: Id,
    product: Id,
    name: Multi,
    story: Option<Multi>,
    kind: ProductKind,
    making: Making,
    gtin: Option<String>,
    holder: Multi,
    pack: Option<Multi>,
    price: i64,
    photo: Id,
}

impl Feed {
    fn write(&self, app: &App, out: &mut dyn Write) -> Result<()> {
        let mut head = Xml::new()?;
        head.open("rss", &[("version", "2.0"), ("xmlns:g", "http://base.google.com/ns/1.0")])?;
        head.open("channel", &[])?;
        head.text("title", &format!("Tiwizi · {}", self.w.t("nav.catalogue")))?;
        head.text("link", &self.address("/catalogue"))?;
        head.text("description", &self.w.t("catalogue.description"))?;
        head.text("language", self.w.lang.code())?;
        out.write_all(&head.finish())?;
        let last =
            sql("select coalesce(max(number), 0) from entry where kind = 'product'").open("numbers alone");
        let last: i64 = app.read(|db| db.one(&last))?;
        for from in (0..=last).step_by(TOGETHER as usize) {
            let part = app.read(|db| self.part(db, from))?;
            out.write_all(&part)?;
        }
        Ok(out.write_all(b"</channel></rss>")?)
    }

    fn address(&self, path: &str) -> String {
        in_language(&format!("{}{path}", self.house), self.w.lang)
    }

    fn part(&self, db: &mut Db, from: i64) -> Result<Vec<u8>> {
        let query =
            sql("select r.id, p.id, p.name, p.story, p.kind, p.making, p.gtin, o.name, k.name, r.price,
             (select min(f.id) from product_photo f where f.product = p.id)
             from entry x join product p on p.id = x.record join organisation o on o.id = p.organisation
             join product_price r on r.product = p.id left join product_pack k on k.id = r.pack
             where x.kind = 'product' and x.number >= ? and x.number < ?")
            .bind(from)
            .bind(from + TOGETHER)
            .and(" and r.buyer = 'individual' and r.price_currency = ?")
            .bind(&self.currency)
            .and(" and exists (select 1 from product_photo f where f.product = p.id) and")
            .and(PUBLIC)
            .and(" order by x.number, r.price, r.id")
            .open("only what is public is told");
        let items = db.rows(&query, |row| {
            Ok(Item {
                id: row.take()?,
                product: row.take()?,
                name: row.take()?,
                story: row.take()?,
                kind: row.take()?,
                making: row.take()?,
                gtin: row.take()?,
                holder: row.take()?,
                pack: row.take()?,
                price: row.take()?,
                photo: row.take()?,
            })
        })?;
        let ids: Vec<Id> =
            items.iter().map(|item| item.product).collect::<HashSet<_>>().into_iter().collect();
        let today = kernel::today();
        let good = stock::good(db, &ids, today)?;
        let promised = promise::of(db, &ids, Id::default())?;
        let mut months: HashMap<Id, Vec<u8>> = HashMap::new();
        let seasons = sql("select owner, value from product_season where owner").within(&ids);
        for (owner, month) in db.rows(&seasons, |row| Ok((row.take::<Id>()?, row.take::<Month>()?)))? {
            months.entry(owner).or_default().extend(month.code().parse::<u8>());
        }
        let mut out = Xml::part();
        for item in &items {
            let months = months.get(&item.product).map_or(&[][..], Vec::as_slice);
            let promised = promised.get(&item.product).copied().unwrap_or(0);
            let left = stock::for_sale(item.making, good.get(&item.product).copied(), promised);
            let available = told::availability(item.making, months, today.month(), left == Some(0));
            // The number stands on one thing that is sold: several packs cannot share it.
            let alone = items.iter().filter(|other| other.product == item.product).count() == 1;
            self.item(&mut out, item, available, alone)?;
        }
        Ok(out.finish())
    }

    fn item(&self, out: &mut Xml, item: &Item, available: &str, alone: bool) -> Result<()> {
        let lang = self.w.lang;
        let name = item.name.best(lang);
        let title = match &item.pack {
            Some(pack) => format!("{name} · {}", pack.best(lang)),
            None => name.to_owned(),
        };
        let story = item.story.as_ref().map(|story| story.best(lang)).filter(|story| !story.is_empty());
        let price = Money { minor: item.price, currency: self.currency.clone() };
        out.open("item", &[])?;
        out.text("g:id", &item.id.to_string())?;
        out.text("g:item_group_id", &item.product.to_string())?;
        out.text("g:title", &title)?;
        out.text("g:description", story.unwrap_or(&title))?;
        out.text("g:link", &self.address(&format!("/products/{}", item.product)))?;
        out.text("g:image_link", &format!("{}/product-photos/{}", self.house, item.photo))?;
        let stocked = matches!(available, "InStock" | "MadeToOrder");
        out.text("g:availability", if stocked { "in_stock" } else { "out_of_stock" })?;
        out.text("g:price", &format!("{} {}", told::amount(&price), self.currency))?;
        out.text("g:condition", "new")?;
        out.text("g:brand", item.holder.best(lang))?;
        match item.gtin.as_ref().filter(|_| alone) {
            Some(gtin) => out.text("g:gtin", gtin)?,
            None => out.text("g:identifier_exists", "no")?,
        }
        out.text("g:product_type", &self.w.choice(&item.kind))?;
        out.text("g:ships_from_country", "MA")?;
        out.close("item")
    }
}
