//! A shipment in words: the same figures on the screen and on paper.

use kernel::{Lang, Words};
use market::Unit;
use registry::Organisation;
use schemars::JsonSchema;
use serde::Serialize;

use super::consignment::{Consignment, Maker};
use super::package::{Content, Packed};
use super::prepared::Prepared;

/// Numbers and references keep their direction in Arabic.
pub(crate) fn ltr(text: &str) -> String {
    format!("\u{2066}{text}\u{2069}")
}

/// Something in a package.
#[derive(Clone, Serialize, JsonSchema)]
pub(crate) struct Within {
    pub(crate) name: String,
    pub(crate) lot: Option<String>,
    /// The cooperative that made it, where there are several.
    pub(crate) maker: Option<String>,
    /// So many in each package.
    pub(crate) count: i64,
}

/// A package, or several that are alike.
#[derive(Clone, Serialize, JsonSchema)]
pub(crate) struct PackageLine {
    pub(crate) id: kernel::Id,
    /// Its place among the packages of the order: `3`, or `4–9`.
    pub(crate) range: String,
    pub(crate) count: i64,
    pub(crate) marks: Option<String>,
    pub(crate) contents: Vec<Within>,
    /// Weights of one of them.
    pub(crate) net: String,
    pub(crate) gross: String,
    pub(crate) size: Option<String>,
    pub(crate) sscc: Option<String>,
}

/// What all packages come to.
#[derive(Clone, Serialize, JsonSchema)]
pub(crate) struct Totals {
    pub(crate) packages: i64,
    /// Grams.
    pub(crate) net: i64,
    pub(crate) gross: i64,
    pub(crate) net_told: String,
    pub(crate) gross_told: String,
}

fn weight(w: Words, grams: i64) -> String {
    market::sale::quantity(w, Unit::Gram, grams)
}

fn size(w: Words, packed: &Packed) -> Option<String> {
    let package = &packed.package;
    let sides = [package.length, package.width, package.height];
    if sides.iter().any(Option::is_none) {
        return None;
    }
    let sides: Vec<String> = sides.into_iter().flatten().map(|side| w.num(side)).collect();
    Some(w.with("shipment.mm", "sides", &ltr(&sides.join(" × "))))
}

/// The packages of an order in words.
pub(crate) fn packages(w: Words, prepared: &Prepared) -> Vec<PackageLine> {
    let named = |content: &Content| {
        let article = prepared.article_of(content);
        prepared.articles().iter().find(|one| one.id == article).map(|one| one.name.best(w.lang).to_owned())
    };
    let mut first = 1;
    let line = |packed: &Packed| {
        let last = first + packed.package.count - 1;
        let range = if first == last { w.num(first) } else { format!("{}–{}", w.num(first), w.num(last)) };
        first = last + 1;
        PackageLine {
            id: packed.package.id,
            range,
            count: packed.package.count,
            marks: packed.package.marks.as_ref().map(|marks| marks.0.clone()),
            contents: packed
                .contents
                .iter()
                .map(|content| {
                    let lot = content.lot.and_then(|lot| prepared.lot(lot.id));
                    Within {
                        name: named(content).unwrap_or_default(),
                        lot: lot.map(|lot| lot.number.clone()),
                        maker: lot.and_then(|lot| Some(w.name(&lot.maker.as_ref()?.1).to_owned())),
                        count: content.count,
                    }
                })
                .collect(),
            net: weight(w, packed.package.net),
            gross: weight(w, packed.package.gross),
            size: size(w, packed),
            sscc: packed.package.sscc.as_ref().map(|sscc| sscc.0.clone()),
        }
    };
    prepared.packed.iter().map(line).collect()
}

/// What all packages of an order come to.
pub(crate) fn totals(w: Words, prepared: &Prepared) -> Totals {
    let sum = |of: &dyn Fn(&Packed) -> i64| {
        prepared.packed.iter().map(|one| of(one) * one.package.count).sum::<i64>()
    };
    let (net, gross) = (sum(&|one| one.package.net), sum(&|one| one.package.gross));
    Totals { packages: sum(&|_| 1), net, gross, net_told: weight(w, net), gross_told: weight(w, gross) }
}

/// A word and what stands beside it.
pub(crate) type Pair = (String, String);

/// Who sends and who receives, as papers name them. Where each cooperative sells its own part, the first brings it together.
pub(crate) fn parties(
    w: Words,
    consignment: &Consignment,
    holder: &Organisation,
) -> [(String, String, Vec<Pair>); 2] {
    let order = &consignment.named;
    let pair = |key: &str, text: Option<String>| Some((w.t(key).into_owned(), text?));
    let address = holder.address.as_ref().map(|address| address.0.replace('\n', " "));
    let place = kernel::territory::path(&holder.place.division, w.lang);
    let sender = [
        pair("organisation.address", address),
        pair("shipment.place", Some(place)),
        pair("organisation.ice", holder.ice.as_ref().map(|ice| ltr(&ice.0))),
        pair("organisation.phone", holder.phone.as_ref().map(|phone| ltr(&phone.0))),
        pair("pooled_order.mandate", consignment.mandate.clone()),
    ];
    let receiver = [
        pair("sale_order.town", consignment.town.clone()),
        pair("sale_order.country", Some(order.country_told(w))),
        pair("sale_order.phone", consignment.phone.as_deref().map(ltr)),
        pair("pooled_order.contact", consignment.contact.clone()),
    ];
    let role = if consignment.several { "shipment.gathers" } else { "shipment.sender" };
    [
        (w.t(role).into_owned(), w.name(&holder.name).to_owned(), sender.into_iter().flatten().collect()),
        (
            w.t("shipment.receiver").into_owned(),
            order.receiver.clone(),
            receiver.into_iter().flatten().collect(),
        ),
    ]
}

/// The cooperatives of a consignment of several, each with what is its own; nothing where there is one.
pub(crate) fn makers(w: Words, consignment: &Consignment) -> Vec<Pair> {
    let told = |(maker, packs, lots): (&Maker, i64, Vec<&str>)| {
        let word = w.t(if lots.len() == 1 { "shipment.lot" } else { "shipment.lots" });
        let lots: Vec<String> = lots.into_iter().map(ltr).collect();
        let lots = format!("{word} {}", lots.join(&w.t("comma")));
        (w.name(&maker.1).to_owned(), format!("{} · {lots}", w.n("shipment.n_packs", packs)))
    };
    consignment.makers().into_iter().map(told).collect()
}

/// The language in which a paper is asked for: not "lang", which would change the language of whoever prints.
pub(crate) fn asked(ctx: &kernel::Ctx) -> Words {
    ctx.w.speak(ctx.query.text("in").and_then(Lang::from_code).unwrap_or(ctx.w.lang))
}
