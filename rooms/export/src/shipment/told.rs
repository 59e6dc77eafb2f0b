//! A shipment in words: the same figures on the screen and on paper.

use kernel::kinds::{Choice as _, Money};
use kernel::{Db, Lang, Result, Words};
use market::{Product, Unit};
use registry::Organisation;
use sales::Country;
use schemars::JsonSchema;
use serde::Serialize;

use super::package::Packed;
use super::prepared::Prepared;
use crate::rules::{EXPORTER, Pack, Rule, Topic};
use crate::{ready, statement};

/// Numbers and references keep their direction in Arabic.
pub(crate) fn ltr(text: &str) -> String {
    format!("\u{2066}{text}\u{2069}")
}

/// Something in a package.
#[derive(Clone, Serialize, JsonSchema)]
pub(crate) struct Within {
    pub(crate) name: String,
    pub(crate) lot: Option<String>,
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
    let named =
        |line| prepared.lines().find(|one| one.id == line).map(|one| one.name.best(w.lang).to_owned());
    let number = |lot| prepared.lots.iter().find(|one| one.lot == lot).map(|one| one.number.clone());
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
                .map(|content| Within {
                    name: named(content.sale_line.id).unwrap_or_default(),
                    lot: content.lot.and_then(|lot| number(lot.id)),
                    count: content.count,
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

/// A line of an order as a declaration of origin needs it.
#[derive(Clone, Serialize, JsonSchema)]
pub(crate) struct OriginLine {
    pub(crate) product: kernel::Id,
    pub(crate) name: String,
    pub(crate) hs: Option<String>,
    /// Where in the country it comes from.
    pub(crate) place: Option<String>,
    pub(crate) count: i64,
    pub(crate) value: Money,
}

/// A rule on how origin is told, with its source.
#[derive(Clone, Serialize, JsonSchema)]
pub(crate) struct OriginRule {
    pub(crate) name: String,
    pub(crate) why: String,
    pub(crate) place: String,
    pub(crate) source: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) rank: &'static str,
    pub(crate) verified_by: Option<String>,
}

/// The data of a declaration of origin. Its wording is none of ours.
#[derive(Clone, Serialize, JsonSchema)]
pub(crate) struct Origin {
    /// Who is stated to be the exporter of record.
    pub(crate) exporter: Option<String>,
    pub(crate) lines: Vec<OriginLine>,
    /// What the goods are worth, without delivery.
    pub(crate) value: Money,
    /// Whole euros, rounded up, where the order is in euros: the house knows no rates of exchange.
    pub(crate) euros: Option<i64>,
    pub(crate) rules: Vec<OriginRule>,
}

/// The data of a declaration of origin for an order.
pub(crate) fn origin(w: Words, db: &mut Db, pack: &Pack, prepared: &Prepared) -> Result<Origin> {
    let order = &prepared.agreed.order;
    let today = kernel::today();
    let mut lines = Vec::new();
    let mut kind = None;
    for (line, price) in &prepared.agreed.lines {
        let product = kernel::record::get::<Product>(db, line.product.id)?;
        let place = product.origin.as_ref().map(|all| {
            let named: Vec<String> = all.0.iter().map(|code| w.division(code)).collect();
            named.join(&w.t("comma"))
        });
        lines.push(OriginLine {
            product: product.id,
            name: line.name.best(w.lang).to_owned(),
            hs: product.hs.as_ref().map(|hs| hs.0.clone()),
            place,
            count: line.count,
            value: Money { minor: price.minor.saturating_mul(line.count), currency: price.currency.clone() },
        });
        kind.get_or_insert(product.kind);
    }
    let currency = prepared.agreed.quotation.total.currency.clone();
    let minor = lines.iter().map(|line| line.value.minor).sum::<i64>();
    let euros = (currency == "EUR").then(|| minor.div_euclid(100) + i64::from(minor.rem_euclid(100) > 0));
    let journey = ready::Journey {
        to: order.country.code().to_owned(),
        way: crate::rules::Way::Consignment,
        value: euros,
        kind: kind.unwrap_or(market::ProductKind::Food),
        activities: Vec::new(),
        hs: None,
        container: None,
        organic: false,
        day: today,
    };
    let judged = ready::judge(pack, &journey, &[]);
    let told = judged.iter().filter(|one| one.rule.topic == Some(Topic::Origin));
    let rules = told.map(|one| origin_rule(w, pack, one.rule)).collect();
    let stated = statement::of(db, order.organisation.id)?;
    let exporter = stated
        .into_iter()
        .find(|one| one.kind == EXPORTER && one.state(today) == ready::State::Valid)
        .and_then(|one| one.named);
    Ok(Origin { exporter, lines, value: Money { minor, currency }, euros, rules })
}

fn origin_rule(w: Words, pack: &Pack, rule: &Rule) -> OriginRule {
    let source = rule.source.first().and_then(|code| pack.source(code));
    OriginRule {
        name: w.name(&rule.name).to_owned(),
        why: w.name(&rule.why).to_owned(),
        place: w.name(&rule.place).to_owned(),
        source: source.map(|source| source.title.clone()),
        address: source.map(|source| source.address.clone()).filter(|address| !address.is_empty()),
        rank: source.map_or("memory", |source| source.rank.code()),
        verified_by: (!rule.verified_by.is_empty()).then(|| rule.verified_by.clone()),
    }
}

/// A word and what stands beside it.
pub(crate) type Pair = (String, String);

/// Who sends and who receives, as papers name them.
pub(crate) fn parties(
    w: Words,
    prepared: &Prepared,
    holder: &Organisation,
) -> [(String, String, Vec<Pair>); 2] {
    let order = &prepared.agreed.order;
    let pair = |key: &str, text: Option<String>| Some((w.t(key).into_owned(), text?));
    let address = holder.address.as_ref().map(|address| address.0.replace('\n', " "));
    let place = kernel::territory::path(&holder.place.division, w.lang);
    let sender = [
        pair("organisation.address", address),
        pair("shipment.place", Some(place)),
        pair("organisation.ice", holder.ice.as_ref().map(|ice| ltr(&ice.0))),
        pair("organisation.phone", holder.phone.as_ref().map(|phone| ltr(&phone.0))),
    ];
    let receiver = [
        pair("sale_order.town", order.town.clone()),
        pair("sale_order.country", Some(w.t2(Country::WORDS, order.country.code()))),
        pair("sale_order.phone", order.phone.as_ref().map(|phone| ltr(&phone.0))),
    ];
    [
        (
            w.t("shipment.sender").into_owned(),
            w.name(&holder.name).to_owned(),
            sender.into_iter().flatten().collect(),
        ),
        (w.t("shipment.receiver").into_owned(), order.name.clone(), receiver.into_iter().flatten().collect()),
    ]
}

/// The language in which a paper is asked for: not "lang", which would change the language of whoever prints.
pub(crate) fn asked(ctx: &kernel::Ctx) -> Words {
    ctx.w.speak(ctx.query.text("in").and_then(Lang::from_code).unwrap_or(ctx.w.lang))
}
