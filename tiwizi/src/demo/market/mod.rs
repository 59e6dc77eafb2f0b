//! Products of cooperatives: published ones with a drawing and drafts, lots of which one is a blend, and labels of every
//! condition.

mod drawings;
mod products;

use kernel::kinds::File;
use kernel::kinds::{Code, Divisions, Many, Money, Multi};
use kernel::{App, Error, Result, Tx, Upload};
use market::{
    Buyer, CostKind, CostLine, CostSheet, Cover, Label, Lot, Movement, Pack, Photo, Price, Product,
    ProductStatus, Reason, Scheme, Unit,
};

use super::{ago, cooperatives, id, put};
use products::{PRODUCTS, Told};

/// What stands for the photo of a product.
pub(super) struct Drawn {
    key: &'static str,
    cooperative: usize,
    picture: Vec<u8>,
}

/// A drawing for each product that is published, as a photo would be kept.
pub(super) fn drawn() -> Result<Vec<Drawn>> {
    let published = PRODUCTS.iter().filter(|told| told.published);
    published
        .map(|told| {
            let png = press::png(&drawings::drawing(told.key), 1.0).map_err(Error::internal)?;
            Ok(Drawn {
                key: told.key,
                cooperative: told.cooperative,
                picture: kernel::picture::small(&png, "photo")?,
            })
        })
        .collect()
}

pub(super) fn tell(app: &App, tx: &mut Tx<'_>, drawn: &[Drawn]) -> Result<()> {
    for told in PRODUCTS {
        product(tx, told)?;
    }
    for drawn in drawn {
        photo(app, tx, drawn)?;
    }
    prices(tx)?;
    costs(tx)?;
    lots(tx)?;
    labels(tx)
}

/// A text in three languages, or none.
fn text([fr, ar, en]: [&str; 3]) -> Option<Multi> {
    let mut text = Multi::fr_ar(fr, ar);
    text.0.extend((!en.is_empty()).then(|| ("en".to_owned(), en.to_owned())));
    (!text.0.is_empty()).then_some(text)
}

fn many<T: Clone>(codes: &[T]) -> Option<Many<T>> {
    (!codes.is_empty()).then(|| Many(codes.to_vec()))
}

fn product(tx: &mut Tx<'_>, told: &Told) -> Result<()> {
    let [length, width, height, weight] = told.size.map(|side| (side > 0).then_some(side));
    let product = Product {
        id: id(told.key),
        version: 1,
        organisation: id(&cooperatives::key(told.cooperative)).into(),
        kind: told.kind,
        making: told.making,
        name: text(told.names).unwrap_or_default(),
        story: text(told.story),
        origin: Some(Divisions(vec![cooperatives::ALL[told.cooperative].commune.to_owned()])),
        unit: told.unit,
        minimum: None,
        season: many(told.season),
        capacity: (told.unit != Unit::Piece).then_some(120_000),
        length,
        width,
        height,
        weight,
        ingredients: text(told.ingredients),
        allergens: many(told.allergens),
        gtin: None,
        hs: told.hs(),
        share: told.share,
        share_told: told.share.is_some(),
        status: if told.published { ProductStatus::Published } else { ProductStatus::Draft },
    };
    put(tx, &product, 90 + told.cooperative as i64)?;
    Ok(())
}

fn photo(app: &App, tx: &mut Tx<'_>, told: &Drawn) -> Result<()> {
    let (photo, organisation) =
        (id(&format!("{} photo", told.key)), id(&cooperatives::key(told.cooperative)));
    if kernel::record::find::<Photo>(tx, photo)?.is_some() {
        return Ok(());
    }
    let upload = Upload { field: "photo".into(), name: "dessin.jpg".into(), bytes: told.picture.clone() };
    let file = kernel::files::keep_as(app, tx, &upload, organisation, "image/jpeg")?;
    let caption = text(["Dessin de démonstration", "رسم للعرض التوضيحي", "A drawing, for the demonstration"]);
    let photo = Photo {
        id: photo,
        version: 1,
        organisation: organisation.into(),
        product: id(told.key).into(),
        file: File(file.to_string()),
        caption,
    };
    put(tx, &photo, 89)?;
    Ok(())
}

/// Product, pack in two languages, its quantity, and what it costs whom, in centimes.
type Line = (&'static str, usize, [&'static str; 3], i64, &'static [(Buyer, i64, &'static str)]);

const PACKS: &[Line] = &[
    (
        "rose water",
        0,
        ["Flacon de 250 ml", "قنينة 250 مل", "Bottle of 250 ml"],
        250,
        &[(Buyer::Individual, 4_500, "MAD"), (Buyer::Shop, 3_200, "MAD"), (Buyer::Exporter, 290, "EUR")],
    ),
    (
        "rose water",
        0,
        ["Carton de 12 flacons", "صندوق من 12 قنينة", "Box of 12 bottles"],
        3_000,
        &[(Buyer::Hotel, 39_000, "MAD")],
    ),
    (
        "saffron",
        2,
        ["Boîte de 1 g", "علبة 1 غ", "Box of 1 g"],
        1,
        &[(Buyer::Individual, 4_000, "MAD"), (Buyer::Exporter, 320, "EUR")],
    ),
    (
        "dates",
        8,
        ["Caisse de 5 kg", "صندوق 5 كغ", "Crate of 5 kg"],
        5_000,
        &[(Buyer::Individual, 17_500, "MAD"), (Buyer::Exporter, 1_250, "EUR")],
    ),
    ("carpet", 1, ["La pièce", "القطعة", "The piece"], 1, &[(Buyer::Individual, 780_000, "MAD")]),
    (
        "rose petals",
        0,
        ["Sachet de 100 g", "كيس 100 غ", "Bag of 100 g"],
        100,
        &[(Buyer::Individual, 3500, "MAD"), (Buyer::Shop, 2400, "MAD")],
    ),
    (
        "almonds",
        3,
        ["Sachet de 500 g", "كيس 500 غ", "Bag of 500 g"],
        500,
        &[(Buyer::Individual, 6000, "MAD"), (Buyer::Exporter, 480, "EUR")],
    ),
    (
        "couscous",
        5,
        ["Sachet de 1 kg", "كيس 1 كغ", "Bag of 1 kg"],
        1000,
        &[(Buyer::Individual, 2800, "MAD"), (Buyer::Hotel, 2300, "MAD")],
    ),
    ("couscous", 5, ["Sac de 5 kg", "كيس 5 كغ", "Sack of 5 kg"], 5000, &[(Buyer::Individual, 13000, "MAD")]),
    ("honey", 6, ["Pot de 500 g", "علبة 500 غ", "Jar of 500 g"], 500, &[(Buyer::Individual, 15000, "MAD")]),
    ("cushion", 7, ["La pièce", "القطعة", "The piece"], 1, &[(Buyer::Individual, 32000, "MAD")]),
    (
        "henna",
        11,
        ["Boîte de 250 g", "علبة 250 غ", "Box of 250 g"],
        250,
        &[(Buyer::Individual, 2500, "MAD"), (Buyer::Exporter, 170, "EUR")],
    ),
    (
        "olive oil",
        3,
        ["Bouteille de 750 ml", "قنينة 750 مل", "Bottle of 750 ml"],
        750,
        &[(Buyer::Individual, 7500, "MAD"), (Buyer::Shop, 6000, "MAD")],
    ),
    (
        "apples",
        17,
        ["Caisse de 10 kg", "صندوق 10 كغ", "Crate of 10 kg"],
        10000,
        &[(Buyer::Individual, 9000, "MAD")],
    ),
];

fn prices(tx: &mut Tx<'_>) -> Result<()> {
    for (key, cooperative, names, quantity, costs) in PACKS {
        let (product, organisation) = (id(key), id(&cooperatives::key(*cooperative)));
        let pack = Pack {
            id: id(&format!("{key} pack {quantity}")),
            version: 1,
            organisation: organisation.into(),
            product: product.into(),
            name: text(*names).unwrap_or_default(),
            quantity: *quantity,
            reference: None,
        };
        put(tx, &pack, 85)?;
        for (at, (buyer, minor, currency)) in costs.iter().enumerate() {
            let price = Price {
                id: id(&format!("{key} price {quantity} {at}")),
                version: 1,
                organisation: organisation.into(),
                product: product.into(),
                pack: Some(pack.id.into()),
                buyer: *buyer,
                price: Money { minor: *minor, currency: (*currency).into() },
            };
            put(tx, &price, 84)?;
        }
    }
    Ok(())
}

/// What sixty litres of rose water take, and forty percent.
fn costs(tx: &mut Tx<'_>) -> Result<()> {
    let (key, cooperative, ..) = PACKS[0];
    let (product, organisation) = (id(key), id(&cooperatives::key(cooperative)));
    let sheet = CostSheet {
        id: id("a cost sheet"),
        version: 1,
        organisation: organisation.into(),
        product: product.into(),
        made: 60_000,
        margin: 40,
    };
    put(tx, &sheet, 86)?;
    for (at, (kind, name, count, minor)) in COSTS.iter().enumerate() {
        let line = CostLine {
            id: id(&format!("cost {at}")),
            version: 1,
            organisation: organisation.into(),
            product: product.into(),
            kind: *kind,
            name: (*name).into(),
            count: *count,
            price: Money { minor: *minor, currency: "MAD".into() },
        };
        put(tx, &line, 86)?;
    }
    Ok(())
}

const COSTS: &[(CostKind, &str, i64, i64)] = &[
    (CostKind::Material, "Roses fraîches (kg)", 120, 2_200),
    (CostKind::Work, "Heures de cueillette et de distillation", 90, 1_800),
    (CostKind::Packaging, "Flacons et bouchons", 240, 450),
    (CostKind::Packaging, "Étiquettes", 240, 60),
    (CostKind::Transport, "Camionnette jusqu’à Ouarzazate", 1, 60_000),
    (CostKind::Charges, "Bois et eau", 1, 45_000),
];

fn lot(
    tx: &mut Tx<'_>,
    key: &str,
    cooperative: usize,
    unit: Unit,
    number: &str,
    days: i64,
    quantity: i64,
) -> Result<Lot> {
    let lot = Lot {
        id: id(&format!("lot {number}")),
        version: 1,
        organisation: id(&cooperatives::key(cooperative)).into(),
        product: id(key).into(),
        number: Code(number.into()),
        produced: ago(days),
        best_before: (unit != Unit::Piece).then(|| ago(days - 720)),
        quantity,
        unit,
        note: None,
    };
    put(tx, &lot, days)?;
    Ok(lot)
}

fn moved(
    tx: &mut Tx<'_>,
    lot: &Lot,
    days: i64,
    reason: Reason,
    quantity: i64,
    blend: Option<&Lot>,
) -> Result<()> {
    let movement = Movement {
        id: id(&format!("{} moved {days}", lot.number.0)),
        version: 1,
        organisation: lot.organisation,
        lot: lot.id.into(),
        day: ago(days),
        reason,
        quantity,
        note: None,
        blend: blend.map(|blend| blend.id.into()),
    };
    put(tx, &movement, days)?;
    Ok(())
}

fn lots(tx: &mut Tx<'_>) -> Result<()> {
    let first = lot(tx, "rose water", 0, Unit::Millilitre, "EDR-26-01", 80, 60_000)?;
    let second = lot(tx, "rose water", 0, Unit::Millilitre, "EDR-26-02", 74, 45_000)?;
    let blend = lot(tx, "rose water", 0, Unit::Millilitre, "EDR-26-A", 60, 70_000)?;
    moved(tx, &first, 60, Reason::Blended, 40_000, Some(&blend))?;
    moved(tx, &second, 60, Reason::Blended, 30_000, Some(&blend))?;
    moved(tx, &blend, 41, Reason::Sold, 16_000, None)?;
    moved(tx, &blend, 20, Reason::Lost, 500, None)?;
    let dates = lot(tx, "dates", 8, Unit::Gram, "DAT-26-07", 45, 850_000)?;
    moved(tx, &dates, 30, Reason::Sold, 240_000, None)?;
    lot(tx, "saffron", 2, Unit::Gram, "SAF-25-3", 82, 900)?;
    lot(tx, "carpet", 1, Unit::Piece, "TAP-118", 50, 1)?;
    Ok(())
}

/// Product, cooperative, scheme, number, since and until so many days ago, and whether it was verified.
const LABELS: &[(&str, usize, Scheme, &str, i64, i64, bool)] = &[
    ("rose water", 0, Scheme::Aop, "DEMO-AOP-014", 300, -400, true),
    ("", 0, Scheme::Sanitary, "DEMO-ONSSA-551", 200, -900, false),
    ("saffron", 2, Scheme::Aop, "DEMO-AOP-022", 800, 35, true),
    ("dates", 8, Scheme::Igp, "DEMO-IGP-107", 330, -34, true),
    ("almonds", 3, Scheme::Organic, "DEMO-BIO-031", 120, -245, true),
    ("", 5, Scheme::Terroir, "DEMO-TDM-311", 90, -700, true),
    ("olive oil", 3, Scheme::Organic, "DEMO-BIO-044", 60, -305, true),
    ("", 8, Scheme::Terroir, "DEMO-TDM-300", 150, -600, true),
];

fn labels(tx: &mut Tx<'_>) -> Result<()> {
    for (key, cooperative, scheme, number, since, until, verified) in LABELS {
        let organisation = id(&cooperatives::key(*cooperative));
        let label = Label {
            id: id(&format!("label {number}")),
            version: 1,
            organisation: organisation.into(),
            scheme: *scheme,
            title: None,
            body: "Organisme inventé".into(),
            number: Code((*number).into()),
            since: ago(*since),
            until: Some(ago(*until)),
            file: None,
            verified: verified.then(|| ago(*since - 5)),
            verifier: verified.then(|| id("account manager").into()),
            withdrawn: None,
            withdrawn_reason: None,
        };
        put(tx, &label, *since)?;
        if !key.is_empty() {
            let cover = Cover {
                id: id(&format!("cover {number}")),
                version: 1,
                organisation: organisation.into(),
                label: label.id.into(),
                product: id(key).into(),
                lot: None,
            };
            put(tx, &cover, *since - 1)?;
        }
    }
    Ok(())
}
