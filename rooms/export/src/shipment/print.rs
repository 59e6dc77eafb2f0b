//! The papers of a shipment: packing list, delivery note, and the data of a declaration of origin. One template prints them.

use kernel::kinds::Money;
use kernel::{Ctx, Db, Lang, Paper, Result, Words};
use registry::Organisation;
use serde::Serialize;

use super::origin;
use super::prepared::Prepared;
use super::told::{self, Pair, ltr};
use crate::rules::pack;

/// What a paper says, in the order in which it says it.
#[derive(Serialize)]
struct Said {
    warns: Option<String>,
    facts: Vec<Pair>,
    parties: [(String, String, Vec<Pair>); 2],
    /// The cooperatives that filled it together, under their word; empty where there is one.
    makers: (String, Vec<Pair>),
    head: Vec<String>,
    /// Columns of numbers, from 0.
    ends: Vec<usize>,
    rows: Vec<Vec<String>>,
    totals: Vec<Pair>,
    says: Vec<String>,
    /// Who signs.
    signs: Vec<String>,
}

/// Which paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    PackingList,
    DeliveryNote,
    OriginData,
}

impl Which {
    /// The end of its address and of its key.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Which::PackingList => "packing-list",
            Which::DeliveryNote => "delivery-note",
            Which::OriginData => "origin-data",
        }
    }
}

/// The paper of an order and the name it is saved under. The caller checked the right to the order.
pub(crate) fn paper(ctx: &Ctx, db: &mut Db, prepared: &Prepared, which: Which) -> Result<(Paper, String)> {
    let w = told::asked(ctx);
    let holder = kernel::record::get::<Organisation>(db, prepared.consignment.named.holder)?;
    let said = match which {
        Which::PackingList => packing_list(w, prepared, &holder),
        Which::DeliveryNote => delivery_note(w, prepared, &holder),
        Which::OriginData => origin_data(ctx, w, db, prepared, &holder)?,
    };
    let reference = &prepared.consignment.named.reference;
    let paper = Paper {
        template: include_str!("../../templates/shipment.typ"),
        title: w.args(
            "shipment.paper_of",
            &[("paper", w.t2("shipment.paper", which.code())), ("number", ltr(reference))],
        ),
        lang: w.lang,
        data: serde_json::to_value(said)?,
        pictures: Vec::new(),
    };
    Ok((paper, format!("{}-{reference}.pdf", which.code())))
}

fn words<const N: usize>(w: Words, keys: [&str; N]) -> Vec<String> {
    keys.iter().map(|key| w.t(key).into_owned()).collect()
}

/// What stands at the head of each paper.
fn facts(w: Words, prepared: &Prepared) -> Vec<Pair> {
    let consignment = &prepared.consignment;
    let incoterm = consignment.incoterm.as_ref().map(|(code, place)| format!("{} {place}", ltr(code)));
    let pairs = [
        ("shipment.order", Some(ltr(&consignment.named.reference))),
        ("shipment.dated", Some(w.long_date(&kernel::today()))),
        ("shipment.incoterm", incoterm),
    ];
    pairs.into_iter().filter_map(|(key, text)| Some((w.t(key).into_owned(), text?))).collect()
}

fn totals(w: Words, prepared: &Prepared) -> Vec<Pair> {
    let totals = told::totals(w, prepared);
    vec![
        (w.t("shipment.packages").into_owned(), w.num(totals.packages)),
        (w.t("shipment_package.net").into_owned(), totals.net_told),
        (w.t("shipment_package.gross").into_owned(), totals.gross_told),
    ]
}

fn makers(w: Words, prepared: &Prepared) -> (String, Vec<Pair>) {
    let role = if prepared.consignment.several { "shipment.sellers" } else { "shipment.makers" };
    (w.t(role).into_owned(), told::makers(w, &prepared.consignment))
}

/// A lot as papers name it, with its cooperative where there are several.
fn lot_of(number: &str, maker: Option<&str>) -> String {
    match maker {
        Some(maker) => format!("{} · \u{2068}{maker}\u{2069}", ltr(number)),
        None => ltr(number),
    }
}

fn packing_list(w: Words, prepared: &Prepared, holder: &Organisation) -> Said {
    let rows = told::packages(w, prepared).into_iter().map(|line| {
        let within = line.contents.iter().map(|one| match &one.lot {
            Some(lot) => {
                let lot = lot_of(lot, one.maker.as_deref());
                format!("{} × {} ({} {lot})", w.num(one.count), one.name, w.t("shipment.lot"))
            }
            None => format!("{} × {}", w.num(one.count), one.name),
        });
        let mut more = vec![within.collect::<Vec<_>>().join("\n")];
        more.extend(line.sscc.map(|sscc| format!("SSCC {}", ltr(&sscc))));
        vec![
            ltr(&line.range),
            line.marks.unwrap_or_else(|| "–".to_owned()),
            more.join("\n"),
            line.net,
            line.gross,
            line.size.unwrap_or_else(|| "–".to_owned()),
        ]
    });
    let left = prepared.left();
    Said {
        warns: (left > 0).then(|| w.n("shipment.left_says", left)),
        facts: facts(w, prepared),
        parties: told::parties(w, &prepared.consignment, holder),
        makers: makers(w, prepared),
        head: words(
            w,
            [
                "shipment_package.number",
                "shipment_package.marks",
                "shipment.each_holds",
                "shipment.net_each",
                "shipment.gross_each",
                "shipment.size",
            ],
        ),
        ends: vec![3, 4],
        rows: rows.collect(),
        totals: totals(w, prepared),
        says: Vec::new(),
        signs: Vec::new(),
    }
}

fn delivery_note(w: Words, prepared: &Prepared, holder: &Organisation) -> Said {
    let mut rows = Vec::new();
    for article in prepared.articles() {
        let name = || article.name.best(w.lang).to_owned();
        let mut lots = Vec::new();
        for lot in article.lots.iter().filter(|lot| lot.quantity > 0) {
            match &lot.maker {
                // Several cooperatives: each lot on a line of its own.
                Some((_, maker)) => {
                    let packs = w.num(lot.quantity / article.content.max(1));
                    rows.push(vec![name(), lot_of(&lot.number, Some(w.name(maker))), packs]);
                }
                None => lots.push(ltr(&lot.number)),
            }
        }
        if article.lots.iter().all(|lot| lot.maker.is_none()) {
            let lots = if lots.is_empty() { "–".to_owned() } else { lots.join(&w.t("comma")) };
            rows.push(vec![name(), lots, w.num(article.count)]);
        }
    }
    Said {
        warns: None,
        facts: facts(w, prepared),
        parties: told::parties(w, &prepared.consignment, holder),
        makers: makers(w, prepared),
        head: words(w, ["shipment.article", "shipment.lots", "shipment.count"]),
        ends: vec![2],
        rows,
        totals: if prepared.packed.is_empty() { Vec::new() } else { totals(w, prepared) },
        says: vec![w.t("shipment.received_says").into_owned()],
        signs: words(w, ["shipment.sender", "shipment.receiver"]),
    }
}

fn origin_data(ctx: &Ctx, w: Words, db: &mut Db, prepared: &Prepared, holder: &Organisation) -> Result<Said> {
    let origin = origin::of(ctx, w, db, pack()?, prepared)?;
    let money = |money: &Money| ltr(&w.money(money));
    let unknown = || w.t("shipment.not_stated").into_owned();
    let rows = origin.lines.iter().map(|line| {
        vec![
            match &line.maker {
                Some(maker) => format!("{}\n{maker}", line.name),
                None => line.name.clone(),
            },
            line.hs.as_deref().map_or_else(unknown, ltr),
            line.place.clone().map_or_else(unknown, |place| format!("{} · {place}", w.t("country.MA"))),
            w.num(line.count),
            money(&line.value),
        ]
    });
    let mut facts = facts(w, prepared);
    facts.push((w.t("shipment.exporter").into_owned(), origin.exporter.clone().unwrap_or_else(unknown)));
    let mut says = Vec::new();
    for rule in &origin.rules {
        says.push(format!("{} {}", rule.why, rule.place));
        let source = rule.source.clone().unwrap_or_default();
        let address = rule.address.as_deref().map(|address| format!(" {}", ltr(address))).unwrap_or_default();
        says.push(format!("{} · {source}{address}", w.t2("export_ready.rank", rule.rank)));
    }
    if origin.euros.is_none() {
        says.push(w.t("shipment.no_euros").into_owned());
    }
    Ok(Said {
        warns: Some(w.t("shipment.no_declaration").into_owned()),
        facts,
        parties: told::parties(w, &prepared.consignment, holder),
        makers: makers(w, prepared),
        head: words(
            w,
            ["shipment.article", "product.hs", "shipment.origin", "shipment.count", "shipment.value"],
        ),
        ends: vec![3, 4],
        rows: rows.collect(),
        totals: vec![(w.t("shipment.goods_value").into_owned(), money(&origin.value))],
        says,
        signs: Vec::new(),
    })
}

/// The languages in which papers are offered.
pub(crate) const LANGS: [Lang; 3] = [Lang::Fr, Lang::Ar, Lang::En];
