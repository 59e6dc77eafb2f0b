//! What a declaration of origin says of what leaves: products, HS codes, places, values, and the rules that ask for it. Its
//! wording is none of ours.

use kernel::kinds::Money;
use kernel::{Ctx, Db, Id, Result, Standing, Words};
use market::Product;
use schemars::JsonSchema;
use serde::Serialize;

use super::prepared::Prepared;
use crate::rules::{EXPORTER, Pack, Rule, Topic};
use crate::{ready, statement};

/// A line of an order as a declaration of origin needs it.
#[derive(Clone, Serialize, JsonSchema)]
pub(crate) struct OriginLine {
    pub(crate) product: Id,
    /// True if the reader may open the product.
    pub(crate) opens: bool,
    pub(crate) name: String,
    /// The cooperative that made it, where there are several.
    pub(crate) maker: Option<String>,
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
pub(crate) struct OriginData {
    /// Who is stated to be the exporter of record.
    pub(crate) exporter: Option<String>,
    pub(crate) lines: Vec<OriginLine>,
    /// What the goods are worth, without delivery.
    pub(crate) value: Money,
    /// Whole euros, rounded up, where the order is in euros: the house knows no rates of exchange.
    pub(crate) euros: Option<i64>,
    pub(crate) rules: Vec<OriginRule>,
}

/// The data of a declaration of origin for what leaves together. The caller checked the right to it.
pub(crate) fn of(ctx: &Ctx, w: Words, db: &mut Db, pack: &Pack, prepared: &Prepared) -> Result<OriginData> {
    let (consignment, order) = (&prepared.consignment, &prepared.consignment.named);
    let today = kernel::today();
    let mut lines = Vec::new();
    let mut kind = None;
    for goods in &consignment.goods {
        let product = kernel::record::get::<Product>(db, goods.product)?;
        let place = product.origin.as_ref().map(|all| {
            let named: Vec<String> = all.0.iter().map(|code| w.division(code)).collect();
            named.join(&w.t("comma"))
        });
        lines.push(OriginLine {
            product: product.id,
            opens: ctx.viewer.standing(db, goods.organisation)? >= Some(Standing::File),
            name: goods.name.as_ref().unwrap_or(&product.name).best(w.lang).to_owned(),
            maker: goods.maker.as_ref().map(|(_, name)| w.name(name).to_owned()),
            hs: product.hs.as_ref().map(|hs| hs.0.clone()),
            place,
            count: goods.count,
            value: goods.value.clone(),
        });
        kind.get_or_insert(product.kind);
    }
    let currency = consignment.currency.clone();
    let minor = lines.iter().map(|line| line.value.minor).sum::<i64>();
    let euros = (currency == "EUR").then(|| minor.div_euclid(100) + i64::from(minor.rem_euclid(100) > 0));
    let journey = ready::Journey {
        to: order.country.clone(),
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
    let stated = statement::of(db, order.holder)?;
    let exporter = stated
        .into_iter()
        .find(|one| one.kind == EXPORTER && one.state(today) == ready::State::Valid)
        .and_then(|one| one.named);
    Ok(OriginData { exporter, lines, value: Money { minor, currency }, euros, rules })
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
