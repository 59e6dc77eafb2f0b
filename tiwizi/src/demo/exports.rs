//! What two cooperatives obtained to export: rose water is ready for France but for a paper that nobody verified, a carpet has
//! its register and lacks who is the exporter. A first order for Lyon stands packed, and so do the dates of the pooled order.

use ::export::{Content, Package, Paper, PaperKind, Statement};
use kernel::kinds::{Code, Long};
use kernel::{Id, Result, Tx};
use market::Pack;
use pooled::Order;

use super::{ago, cooperatives, id, put};

/// Cooperative, kind, product, number, in whose name, and since and until so many days ago.
type Told = (usize, &'static str, &'static str, &'static str, &'static str, i64, Option<i64>);

const STATEMENTS: &[Told] = &[
    (0, "exporter_of_record", "", "", "GIE des vallées du Sud (inventé)", 120, None),
    (0, "commercial_register", "", "DEMO-RC-4821", "", 210, None),
    (0, "analysis", "rose water", "DEMO-LAB-0093", "Laboratoire inventé", 64, Some(-301)),
    (1, "exporter_register", "", "DEMO-PN-1177", "", 95, Some(-270)),
];

pub(super) fn tell(tx: &mut Tx<'_>) -> Result<()> {
    for (cooperative, kind, product, number, named, since, until) in STATEMENTS {
        let stated = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let statement = Statement {
            id: id(&format!("export statement {cooperative} {kind}")),
            version: 1,
            organisation: id(&cooperatives::key(*cooperative)).into(),
            kind: (*kind).into(),
            product: stated(product).map(|key| id(&key).into()),
            number: stated(number).map(Code),
            named: stated(named),
            since: ago(*since),
            until: until.map(ago),
            note: Some(Long("Inventé pour la démonstration.".into())),
            file: None,
        };
        put(tx, &statement, *since)?;
    }
    packed(tx)
}

/// Four boxes of twelve bottles for Lyon, and the title they leave under.
fn packed(tx: &mut Tx<'_>) -> Result<()> {
    let (order, organisation) = (id("sale 0 4"), id(&cooperatives::key(0)));
    let package = Package {
        id: id("boxes for Lyon"),
        version: 1,
        organisation: organisation.into(),
        sale_order: Some(order.into()),
        pooled_order: None,
        number: 1,
        count: 4,
        marks: Some(Long("SAVEURS D’ATLAS · LYON · FRAGILE".into())),
        sscc: None,
        net: 3_000,
        gross: 5_400,
        length: Some(320),
        width: Some(240),
        height: Some(210),
    };
    put(tx, &package, 20)?;
    let pack = kernel::record::get::<Pack>(tx, id("rose water pack 250"))?;
    let content = Content {
        id: id("bottles for Lyon"),
        version: 1,
        organisation: organisation.into(),
        package: package.id.into(),
        // A line is named after its order and what it is a line of.
        sale_line: Some(Id::named(&format!("{order} {}", pack.id)).into()),
        lot: Some(id("lot EDR-26-A").into()),
        count: 12,
    };
    put(tx, &content, 20)?;
    let paper = Paper {
        id: id("title for Lyon"),
        version: 1,
        organisation: organisation.into(),
        sale_order: Some(order.into()),
        pooled_order: None,
        kind: PaperKind::ExportTitle,
        number: Code("DEMO-TE-2201".into()),
        dated: ago(19),
        file: None,
    };
    put(tx, &paper, 19)?;
    pallets(tx)
}

/// Crates of dates on a pallet, grams of a crate with its wood, of an empty pallet.
const PALLET: (i64, i64, i64) = (80, 5_420, 22_000);

/// The dates of the pooled order on pallets, lot by lot, so that each is of one cooperative; and the customs number. All of
/// these figures are invented.
fn pallets(tx: &mut Tx<'_>) -> Result<()> {
    let order = kernel::record::get::<Order>(tx, id("pooled dates"))?;
    let (crates, crate_weight, wood) = PALLET;
    let mut number = 0;
    for lot in pooled::accepted(tx, order.id)? {
        let packs = lot.packs[0] + lot.packs[1];
        // Whole pallets, and one that is not full.
        for (count, held) in [(packs / crates, crates), (1, packs % crates)] {
            if count == 0 || held == 0 {
                continue;
            }
            number += 1;
            let package = Package {
                id: id(&format!("pallets {number} of the dates")),
                version: 1,
                organisation: order.lead,
                sale_order: None,
                pooled_order: Some(order.id.into()),
                number,
                count,
                marks: Some(Long(format!("MAISON PALMERAIE · LYON · {}", lot.number))),
                sscc: None,
                net: held * order.pack,
                gross: held * crate_weight + wood,
                length: Some(1_200),
                width: Some(800),
                height: Some(if held == crates { 1_650 } else { 1_000 }),
            };
            put(tx, &package, 24)?;
            let content = Content {
                id: id(&format!("crates on pallets {number} of the dates")),
                version: 1,
                organisation: order.lead,
                package: package.id.into(),
                sale_line: None,
                lot: Some(lot.lot.into()),
                count: held,
            };
            put(tx, &content, 24)?;
        }
    }
    let paper = Paper {
        id: id("customs number of the dates"),
        version: 1,
        organisation: order.lead,
        sale_order: None,
        pooled_order: Some(order.id.into()),
        kind: PaperKind::Dum,
        number: Code("DEMO-DUM-0612".into()),
        dated: ago(22),
        file: None,
    };
    put(tx, &paper, 22).map(|_| ())
}
