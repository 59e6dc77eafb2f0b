//! What pages say in the words of schema.org, for search engines and programs: JSON-LD of products, cooperatives and lists.

use kernel::kinds::Money;
use kernel::locale::exponent;
use kernel::page::in_language;
use kernel::{Ctx, Db, Id, Json, Result};
use registry::Organisation;
use serde_json::json;

use crate::card::Card;
use crate::label::Label;
use crate::product::{Making, Product, ProductKind};

/// The beginning of a text, as a description that is shown in one or two lines.
pub(crate) fn summary(text: &str) -> String {
    const MOST: usize = 200;
    let mut words = String::new();
    for word in text.split_whitespace() {
        if words.chars().count() + word.chars().count() >= MOST {
            return format!("{words}…");
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}

/// An amount as machines read it: a point, and the digits of its currency.
pub(crate) fn amount(money: &Money) -> String {
    let places = usize::from(exponent(&money.currency));
    let unit = 10_i64.pow(places as u32);
    if places == 0 {
        return money.minor.to_string();
    }
    format!("{}.{:0places$}", money.minor / unit, money.minor % unit)
}

/// The address of a page in the language of the reader.
fn address(ctx: &Ctx, path: &str) -> String {
    ctx.link(&in_language(path, ctx.w.lang))
}

/// The name of a cooperative in the graph, the same on every page.
fn holder_id(ctx: &Ctx, organisation: Id) -> String {
    ctx.link(&format!("/catalogue/cooperatives/{organisation}#organization"))
}

/// The way back: home, catalogue, and these pages.
pub(crate) fn crumbs(ctx: &Ctx, more: &[(String, String)]) -> Json {
    let w = ctx.w;
    let begin = [
        (w.t("catalogue.home").into_owned(), "/".to_owned()),
        (w.t("nav.catalogue").into_owned(), "/catalogue".to_owned()),
    ];
    let item = |(at, (name, path)): (usize, &(String, String))| json!({ "@type": "ListItem", "position": at + 1, "name": name, "item": address(ctx, path) });
    let items: Vec<Json> = begin.iter().chain(more).enumerate().map(item).collect();
    json!({ "@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items })
}

/// A list of products, each by its page.
pub(crate) fn list(ctx: &Ctx, cards: &[Card]) -> Json {
    let item = |(at, card): (usize, &Card)| {
        json!({
            "@type": "ListItem",
            "position": at + 1,
            "name": card.name.best(ctx.w.lang),
            "url": address(ctx, &format!("/products/{}", card.id)),
        })
    };
    let items: Vec<Json> = cards.iter().enumerate().map(item).collect();
    json!({ "@context": "https://schema.org", "@type": "ItemList", "numberOfItems": items.len(), "itemListElement": items })
}

/// A cooperative.
pub(crate) fn organisation(ctx: &Ctx, holder: &Organisation) -> Json {
    let (w, id) = (ctx.w, holder.id);
    let mut told = json!({
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": holder_id(ctx, id),
        "name": holder.name.best(w.lang),
        "url": address(ctx, &format!("/catalogue/cooperatives/{id}")),
        "address": {
            "@type": "PostalAddress",
            "addressLocality": w.division(&holder.place.division),
            "addressRegion": region(w, &holder.place.division),
            "addressCountry": "MA",
        },
    });
    if let Some((_, other)) = holder.name.other(w.lang) {
        told["alternateName"] = other.into();
    }
    if let Some(story) = &holder.presentation {
        told["description"] = story.best(w.lang).into();
    }
    if let Some(founded) = holder.founded {
        told["foundingDate"] = founded.to_string().into();
    }
    told
}

fn region(w: kernel::Words, division: &str) -> String {
    w.division(division.split('.').next().unwrap_or(division))
}

/// What a pack costs whoever buys for a household.
pub(crate) struct Offered {
    pub(crate) pack: Option<String>,
    pub(crate) price: Money,
}

/// How a product is to be had on this day, in the words of schema.org.
pub(crate) fn availability(making: Making, months: &[u8], month: i8, sold_out: bool) -> &'static str {
    let season = months.is_empty() || months.contains(&(month as u8));
    match making {
        Making::ToOrder => "MadeToOrder",
        Making::Unique if sold_out => "SoldOut",
        _ if sold_out || !season => "OutOfStock",
        _ => "InStock",
    }
}

/// How a product is to be had today: its months, and whether nothing good of it is left that is not promised. How
/// much is left is nobody's business; that nothing is left is.
pub(crate) fn available(db: &mut Db, product: &Product) -> Result<&'static str> {
    use kernel::kinds::Choice as _;
    let months = product.season.iter().flat_map(|months| &months.0);
    let months: Vec<u8> = months.filter_map(|month| month.code().parse().ok()).collect();
    let today = kernel::today();
    let sold_out = crate::promise::free(db, product, Id::default(), today)? == Some(0);
    Ok(availability(product.making, &months, today.month(), sold_out))
}

/// A product. Photos and labels are those that its page shows.
pub(crate) fn product(
    ctx: &Ctx,
    product: &Product,
    holder: &Organisation,
    photos: &[Id],
    labels: &[Label],
    offered: &[Offered],
    available: &str,
) -> Json {
    let w = ctx.w;
    let page = address(ctx, &format!("/products/{}", product.id));
    let seller = json!({ "@type": "Organization", "@id": holder_id(ctx, holder.id), "name": holder.name.best(w.lang) });
    let mut told = json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "@id": ctx.link(&format!("/products/{}#product", product.id)),
        "name": product.name.best(w.lang),
        "description": description(w, product, holder),
        "url": page,
        "sku": product.id.to_string(),
        "category": w.choice(&product.kind),
        "brand": { "@type": "Brand", "name": holder.name.best(w.lang) },
        "manufacturer": seller,
        "countryOfOrigin": { "@type": "Country", "name": "MA" },
    });
    let photos: Vec<Json> =
        photos.iter().map(|id| ctx.link(&format!("/product-photos/{id}")).into()).collect();
    if !photos.is_empty() {
        told["image"] = photos.into();
    }
    if let Some(gtin) = &product.gtin {
        told["gtin14"] = format!("{:0>14}", gtin.0).into();
        told["hasGS1DigitalLink"] = ctx.link(&format!("/01/{:0>14}", gtin.0)).into();
    }
    let certificates: Vec<Json> = labels.iter().map(|label| certification(w, label)).collect();
    if !certificates.is_empty() {
        told["hasCertification"] = certificates.into();
    }
    let offer = |offered: &Offered| {
        let mut offer = json!({
            "@type": "Offer",
            "price": amount(&offered.price),
            "priceCurrency": offered.price.currency,
            "availability": format!("https://schema.org/{available}"),
            "itemCondition": "https://schema.org/NewCondition",
            "url": page,
            "seller": seller,
        });
        if let Some(pack) = &offered.pack {
            offer["name"] = pack.as_str().into();
        }
        offer
    };
    let offers: Vec<Json> = offered.iter().map(offer).collect();
    if !offers.is_empty() {
        told["offers"] = offers.into();
    }
    told
}

/// What a product is, for whoever reads one sentence of it.
pub(crate) fn description(w: kernel::Words, product: &Product, holder: &Organisation) -> String {
    match &product.story {
        Some(story) => summary(story.best(w.lang)),
        None => plain(w, product.kind, product.name.best(w.lang), holder),
    }
}

fn plain(w: kernel::Words, kind: ProductKind, name: &str, holder: &Organisation) -> String {
    w.args(
        "catalogue.product_lead",
        &[
            ("name", name.to_owned()),
            ("kind", w.choice(&kind)),
            ("holder", holder.name.best(w.lang).to_owned()),
            ("place", w.division(&holder.place.division)),
        ],
    )
}

/// A label in force.
pub(crate) fn certification(w: kernel::Words, label: &Label) -> Json {
    let scheme = w.choice(&label.scheme);
    let name =
        label.title.as_ref().map_or(scheme.clone(), |title| format!("{scheme} · {}", title.best(w.lang)));
    let mut told = json!({
        "@type": "Certification",
        "name": name,
        "certificationIdentification": label.number.0,
        "issuedBy": { "@type": "Organization", "name": label.body },
        "validFrom": label.since.to_string(),
    });
    if let Some(until) = label.until {
        told["expires"] = until.to_string().into();
    }
    told["certificationStatus"] = "https://schema.org/CertificationActive".into();
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_the_digits_of_their_currency() {
        let told = |minor, currency: &str| amount(&Money { minor, currency: currency.into() });
        assert_eq!(told(4_500, "MAD"), "45.00");
        assert_eq!(told(5, "EUR"), "0.05");
        assert_eq!(told(1_500, "XOF"), "1500");
        assert_eq!(told(1_234, "TND"), "1.234");
    }

    #[test]
    fn what_is_out_of_season_or_sold_is_not_to_be_had() {
        assert_eq!(availability(Making::Repeated, &[], 5, false), "InStock");
        assert_eq!(availability(Making::Repeated, &[5, 6], 5, false), "InStock");
        assert_eq!(availability(Making::Repeated, &[6], 5, false), "OutOfStock");
        assert_eq!(availability(Making::Unique, &[], 5, true), "SoldOut");
        assert_eq!(availability(Making::ToOrder, &[], 5, true), "MadeToOrder");
    }

    #[test]
    fn a_summary_ends_between_words() {
        let text = "mot ".repeat(100);
        let told = summary(&text);
        assert!(told.ends_with("mot…") && told.chars().count() <= 201, "{told}");
        assert_eq!(summary(" court \n texte "), "court texte");
    }
}
