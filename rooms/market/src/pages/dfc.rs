//! `/api/dfc`: the catalogue for programs of the Data Food Consortium, to be read. Version 1 unless version 2 is asked for by
//! its profile. The ontology speaks of food alone, so crafts and cosmetics are not in it; its measures know no dirham and its
//! facets none of our labels, so both are told in the words of schema.org beside.

use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Db, Error, Id, Json, Reply, Result, Sql, sql};
use registry::{Organisation, Status};
use serde_json::json;

use crate::catalogue::PUBLIC;
use crate::price::{self, Pack, Price};
use crate::product::{Product, Unit};
use crate::{label, photo, told};

pub(super) fn routes() -> Vec<Route> {
    let own = |path, handler| get(path, handler).open();
    vec![
        own("/api/dfc/enterprises", list).query(&["after"]),
        own("/api/dfc/enterprises/{organisation}", show),
        own("/api/dfc/enterprises/{organisation}/{dfc_part}", parts),
        own("/api/dfc/enterprises/{organisation}/{dfc_part}/{piece}", piece),
        own("/api/dfc/organizations", list).query(&["after"]),
        own("/api/dfc/organizations/{organisation}", show),
    ]
}

/// Version of the ontology.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

/// What was asked for: the addresses of organizations are those of version 2.
fn version(ctx: &Ctx) -> Version {
    let profile = ctx.header("accept").contains("dfc-v2") || ctx.path.starts_with("/api/dfc/organizations");
    if profile { Version::Two } else { Version::One }
}

impl Version {
    fn context(self) -> &'static str {
        match self {
            Version::One => {
                "https://www.datafoodconsortium.org/wp-content/plugins/wordpress-context-jsonld/context_1.16.0.jsonld"
            }
            Version::Two => "https://w3id.org/dfc/ontology/context/context_2.0.0.json",
        }
    }

    fn holder(self, ctx: &Ctx, id: Id) -> String {
        match self {
            Version::One => ctx.link(&format!("/api/dfc/enterprises/{id}")),
            Version::Two => ctx.link(&format!("/api/dfc/organizations/{id}")),
        }
    }

    fn class(self) -> &'static str {
        match self {
            Version::One => "dfc-b:Enterprise",
            Version::Two => "dfc-b:Organization",
        }
    }

    /// A document of these nodes.
    fn reply(self, nodes: Vec<Json>) -> Result<Reply> {
        let more = json!({ "schema": "https://schema.org/", "ldp": "http://www.w3.org/ns/ldp#", "ldp:contains": { "@type": "@id" } });
        let document = json!({ "@context": [self.context(), more], "@graph": nodes });
        let media = match self {
            Version::One => "application/ld+json",
            Version::Two => "application/ld+json; profile=\"dfc-v2\"",
        };
        Ok(Reply::Body { status: 200, media, body: serde_json::to_vec(&document)? })
    }
}

/// Most cooperatives in one answer.
const PAGE: usize = 50;

fn with_food(condition: Sql) -> Sql {
    sql(&format!("select o.id from organisation o where exists (select 1 from product p where p.organisation = o.id and p.kind = 'food' and {PUBLIC})"))
        .join(condition)
        .open("only what is public is listed")
}

fn list(ctx: &Ctx) -> Result<Reply> {
    let version = version(ctx);
    let (nodes, next) = ctx.read(|db| {
        let after = sql("").and_if(" and o.id > ?", ctx.query.parse::<Id>("after"));
        let query = with_food(after.and(" order by o.id limit ?").bind(PAGE as i64 + 1));
        let mut ids: Vec<Id> = db.rows(&query, kernel::value::Row::take)?;
        let more = ids.len() > PAGE;
        ids.truncate(PAGE);
        let mut nodes = Vec::new();
        if version == Version::Two {
            let all: Vec<String> = ids.iter().map(|id| version.holder(ctx, *id)).collect();
            nodes.push(json!({ "@id": ctx.link(&ctx.path), "@type": "ldp:Container", "ldp:contains": all }));
        }
        for id in &ids {
            let graph = Graph::of(ctx, db, *id, version)?;
            nodes.extend([graph.holder, graph.address]);
        }
        Ok((nodes, ids.last().copied().filter(|_| more)))
    })?;
    let reply = version.reply(nodes)?;
    Ok(match next {
        Some(next) => {
            reply.with_header("link", format!("<{}?after={next}>; rel=\"next\"", ctx.link(&ctx.path)))
        }
        None => reply,
    })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let version = version(ctx);
    let graph = ctx.read(|db| Graph::of(ctx, db, ctx.id("organisation")?, version))?;
    let mut nodes = vec![graph.holder, graph.address];
    nodes.extend(graph.products.into_iter().chain(graph.items).chain(graph.offers));
    version.reply(nodes)
}

impl Graph {
    fn part(self, name: &str) -> Result<Vec<Json>> {
        match name {
            "supplied_products" => Ok(self.products),
            "catalog_items" => Ok(self.items),
            "offers" => Ok(self.offers),
            _ => Err(Error::NotFound),
        }
    }
}

fn parts(ctx: &Ctx) -> Result<Reply> {
    let version = version(ctx);
    let graph = ctx.read(|db| Graph::of(ctx, db, ctx.id("organisation")?, version))?;
    version.reply(graph.part(ctx.param("dfc_part")?)?)
}

fn piece(ctx: &Ctx) -> Result<Reply> {
    let version = version(ctx);
    let graph = ctx.read(|db| Graph::of(ctx, db, ctx.id("organisation")?, version))?;
    let address = ctx.link(&ctx.path);
    let mut nodes = graph.part(ctx.param("dfc_part")?)?;
    nodes.retain(|node| node["@id"] == address.as_str());
    if nodes.is_empty() { Err(Error::NotFound) } else { version.reply(nodes) }
}

/// What is told of a cooperative.
struct Graph {
    holder: Json,
    address: Json,
    products: Vec<Json>,
    items: Vec<Json>,
    offers: Vec<Json>,
}

impl Graph {
    /// A public cooperative with its published food.
    fn of(ctx: &Ctx, db: &mut Db, id: Id, version: Version) -> Result<Graph> {
        let holder = kernel::record::find::<Organisation>(db, id)?;
        let holder = holder.filter(|holder| holder.published && holder.status != Status::Merged);
        let holder = holder.ok_or(Error::NotFound)?;
        let w = ctx.w;
        let (own, division) = (version.holder(ctx, id), &holder.place.division);
        let mut graph = Graph {
            holder: json!({
                "@id": own,
                "@type": version.class(),
                "dfc-b:name": holder.name.best(w.lang),
                "dfc-b:hasAddress": format!("{own}#address"),
            }),
            address: json!({
                "@id": format!("{own}#address"),
                "@type": "dfc-b:Address",
                "dfc-b:hasCity": w.division(division),
                "dfc-b:region": w.division(division.split('.').next().unwrap_or(division)),
                "dfc-b:hasCountry": "http://publications.europa.eu/resource/authority/country/MAR",
            }),
            products: Vec::new(),
            items: Vec::new(),
            offers: Vec::new(),
        };
        if let Some(story) = &holder.presentation {
            graph.holder["dfc-b:hasDescription"] = story.best(w.lang).into();
        }
        let query =
            sql("select id from product where organisation = ? and status = 'published' and kind = 'food'")
                .bind(id)
                .and(" order by id limit 200")
                .open("the cooperative is public");
        for product in db.rows(&query, kernel::value::Row::take::<Id>)? {
            graph.add(ctx, db, product, &own)?;
        }
        let ids = |nodes: &[Json]| nodes.iter().map(|node| node["@id"].clone()).collect::<Vec<_>>();
        let (supplies, manages) = (ids(&graph.products), ids(&graph.items));
        graph.holder["dfc-b:supplies"] = supplies.into();
        graph.holder["dfc-b:manages"] = manages.into();
        Ok(graph)
    }

    /// A product, once for each of its packs: the ontology knows no packs but what is in them.
    fn add(&mut self, ctx: &Ctx, db: &mut Db, product: Id, own: &str) -> Result<()> {
        let product = kernel::record::get::<Product>(db, product)?;
        let mut told = Told {
            lang: ctx.w.lang,
            own: own.to_owned(),
            base: ctx.link(&format!("/api/dfc/enterprises/{}", product.organisation.id)),
            photos: photo::of(db, product.id)?
                .iter()
                .map(|photo| ctx.link(&format!("/product-photos/{}", photo.id)))
                .collect(),
            labels: label::of_product(db, product.id, None, kernel::today())?
                .iter()
                .map(|label| told::certification(ctx.w, label))
                .collect(),
            prices: price::prices(db, product.id, false)?,
            product,
        };
        let packs = price::packs(db, told.product.id)?;
        for pack in &packs {
            told.variant(self, Some(pack));
        }
        if packs.is_empty() || told.prices.iter().any(|price| price.pack.is_none()) {
            told.variant(self, None);
        }
        Ok(())
    }
}

/// A product and what is told with each of its packs.
struct Told {
    lang: kernel::Lang,
    own: String,
    base: String,
    photos: Vec<String>,
    labels: Vec<Json>,
    prices: Vec<Price>,
    product: Product,
}

impl Told {
    fn best<'a>(&self, text: &'a Multi) -> &'a str {
        text.best(self.lang)
    }

    fn variant(&mut self, graph: &mut Graph, pack: Option<&Pack>) {
        let (product, base) = (&self.product, &self.base);
        let id = pack.map_or(product.id, |pack| pack.id);
        let (supplied, item) =
            (format!("{base}/supplied_products/{id}"), format!("{base}/catalog_items/{id}"));
        let name = self.best(&product.name);
        let name = pack.map_or(name.to_owned(), |pack| format!("{name} · {}", self.best(&pack.name)));
        let mut node = json!({ "@id": supplied, "@type": "dfc-b:SuppliedProduct", "dfc-b:name": name, "dfc-b:referencedBy": item });
        if let Some(story) = &product.story {
            node["dfc-b:description"] = self.best(story).into();
        }
        if let Some(pack) = pack {
            let unit = match product.unit {
                Unit::Gram => "dfc-m:Gram",
                Unit::Millilitre => "dfc-m:Millilitre",
                Unit::Piece => "dfc-m:Piece",
            };
            node["dfc-b:hasQuantity"] = json!({ "@type": "dfc-b:QuantitativeValue", "dfc-b:hasUnit": unit, "dfc-b:value": pack.quantity.to_string() });
        }
        if !self.photos.is_empty() {
            node["dfc-b:image"] = self.photos.clone().into();
        }
        if !self.labels.is_empty() {
            node["schema:hasCertification"] = self.labels.iter().map(prefixed).collect();
        }
        graph.products.push(node);
        let prices =
            self.prices.iter().filter(|price| price.pack.map(|pack| pack.id) == pack.map(|pack| pack.id));
        let mut through = Vec::new();
        for price in prices {
            let offer = format!("{base}/offers/{}", price.id);
            let mut money = json!({
                "@type": "dfc-b:Price",
                "dfc-b:value": told::amount(&price.price),
                "schema:priceCurrency": price.price.currency,
            });
            if let Some(unit) = currency(&price.price.currency) {
                money["dfc-b:hasUnit"] = unit.into();
            }
            graph.offers.push(json!({ "@id": offer, "@type": "dfc-b:Offer", "dfc-b:offers": item, "dfc-b:hasPrice": money }));
            through.push(offer);
        }
        let mut node = json!({
            "@id": item,
            "@type": "dfc-b:CatalogItem",
            "dfc-b:references": supplied,
            "dfc-b:managedBy": self.own,
            "dfc-b:sku": pack.and_then(|pack| pack.reference.as_ref()).map_or(id.to_string(), |code| code.0.clone()),
        });
        if !through.is_empty() {
            node["dfc-b:offeredThrough"] = through.into();
        }
        graph.items.push(node);
    }
}

/// The measures of the consortium know these currencies.
fn currency(code: &str) -> Option<&'static str> {
    match code {
        "EUR" => Some("dfc-m:Euro"),
        "USD" => Some("dfc-m:USDollar"),
        "GBP" => Some("dfc-m:PoundSterling"),
        _ => None,
    }
}

/// The same in a document whose words are not those of schema.org.
fn prefixed(told: &Json) -> Json {
    match told {
        Json::Object(parts) => parts
            .iter()
            .map(|(name, part)| match (name.as_str(), part.as_str()) {
                ("@type", Some(class)) => (name.clone(), format!("schema:{class}").into()),
                _ => (format!("schema:{name}"), prefixed(part)),
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}
