//! Products of six cooperatives: published ones and drafts, lots of which one is a blend, and labels of every condition.

use kernel::kinds::{Code, Divisions, Many, Money, Multi};
use kernel::{Result, Tx};
use market::{
    Allergen, Buyer, Cover, Label, Lot, Making, Movement, Pack, Price, Product, ProductKind, ProductStatus,
    Reason, Scheme, Unit,
};
use registry::Month;

use super::{ago, cooperatives, id, put};

/// A product in a few words.
struct Told {
    key: &'static str,
    cooperative: usize,
    kind: ProductKind,
    making: Making,
    names: [&'static str; 3],
    story: [&'static str; 3],
    unit: Unit,
    season: &'static [Month],
    ingredients: [&'static str; 3],
    allergens: &'static [Allergen],
    published: bool,
    /// Length, width and height in millimetres, weight in grams.
    size: [i64; 4],
    share: Option<i64>,
}

const PRODUCTS: &[Told] = &[
    Told {
        key: "rose water",
        cooperative: 0,
        kind: ProductKind::Food,
        making: Making::Repeated,
        names: ["Eau de rose du Dadès", "ماء ورد دادس", "Rose water from the Dadès"],
        story: [
            "Les roses sont cueillies avant le lever du soleil et distillées le matin même, dans l’alambic de la coopérative.",
            "تُقطف الورود قبل شروق الشمس وتُقطر في الصباح نفسه في مقطرة التعاونية.",
            "The roses are picked before sunrise and distilled the same morning in the cooperative’s still.",
        ],
        unit: Unit::Millilitre,
        season: &[Month::April, Month::May, Month::June],
        ingredients: [
            "Eau de rose (Rosa damascena)",
            "ماء الورد (Rosa damascena)",
            "Rose water (Rosa damascena)",
        ],
        allergens: &[],
        published: true,
        size: [0; 4],
        share: Some(82),
    },
    Told {
        key: "carpet",
        cooperative: 1,
        kind: ProductKind::Craft,
        making: Making::Unique,
        names: ["Tapis de Taznakht « Siroua »", "زربية تازناخت «سيروا»", "Taznakht carpet “Siroua”"],
        story: [
            "Laine des moutons du Siroua, lavée, filée et teinte à la main ; onze semaines de travail de deux tisseuses.",
            "صوف أغنام سيروا، يُغسل ويُغزل ويُصبغ باليد؛ أحد عشر أسبوعا من عمل نساجتين.",
            "Wool of the Siroua’s sheep, washed, spun and dyed by hand; eleven weeks of work of two weavers.",
        ],
        unit: Unit::Piece,
        season: &[],
        ingredients: [""; 3],
        allergens: &[],
        published: true,
        size: [2050, 1400, 0, 9400],
        share: None,
    },
    Told {
        key: "saffron",
        cooperative: 2,
        kind: ProductKind::Food,
        making: Making::Repeated,
        names: ["Safran en filaments", "زعفران خيوط", "Saffron threads"],
        story: [
            "Les fleurs s’ouvrent à la fin d’octobre ; les femmes les émondent le jour même.",
            "تتفتح الأزهار في نهاية أكتوبر؛ وتنقيها النساء في اليوم نفسه.",
            "The flowers open at the end of October; women pluck the threads the same day.",
        ],
        unit: Unit::Gram,
        season: &[Month::November, Month::December],
        ingredients: ["Safran (Crocus sativus)", "زعفران (Crocus sativus)", "Saffron (Crocus sativus)"],
        allergens: &[],
        published: true,
        size: [0; 4],
        share: Some(88),
    },
    Told {
        key: "dates",
        cooperative: 8,
        kind: ProductKind::Food,
        making: Making::Repeated,
        names: ["Dattes Bousthammi du Drâa", "تمر بوسثمي درعة", "Bousthammi dates from the Drâa"],
        story: [
            "Récoltées à la main dans les palmeraies de la vallée, triées et séchées à l’ombre.",
            "تُجنى باليد في واحات الوادي، وتُفرز وتُجفف في الظل.",
            "Picked by hand in the palm groves of the valley, sorted and dried in the shade.",
        ],
        unit: Unit::Gram,
        season: &[Month::October, Month::November, Month::December, Month::January],
        ingredients: ["Dattes", "تمر", "Dates"],
        allergens: &[Allergen::Sulphites],
        published: true,
        size: [0; 4],
        share: None,
    },
    Told {
        key: "pottery",
        cooperative: 9,
        kind: ProductKind::Craft,
        making: Making::ToOrder,
        names: ["Plat vert de Tamegroute", "طبق أخضر من تامكروت", "Green dish from Tamegroute"],
        story: [
            "L’émail vert cuit une nuit entière dans le four commun.",
            "يُطهى الطلاء الأخضر ليلة كاملة في الفرن المشترك.",
            "The green glaze is fired a whole night in the common kiln.",
        ],
        unit: Unit::Piece,
        season: &[],
        ingredients: [""; 3],
        allergens: &[],
        published: false,
        size: [280, 280, 60, 900],
        share: None,
    },
    Told {
        key: "argan oil",
        cooperative: 19,
        kind: ProductKind::Cosmetic,
        making: Making::Repeated,
        names: ["Huile d’argan pressée à froid", "زيت أركان معصور على البارد", "Cold-pressed argan oil"],
        story: [
            "Les amandons sont triés et pressés à froid par les membres.",
            "تُفرز نوى الأركان وتعصرها العضوات على البارد.",
            "The members sort the kernels and press them cold.",
        ],
        unit: Unit::Millilitre,
        season: &[],
        ingredients: [
            "Huile d’argan (Argania spinosa)",
            "زيت أركان (Argania spinosa)",
            "Argan oil (Argania spinosa)",
        ],
        allergens: &[],
        published: false,
        size: [0; 4],
        share: None,
    },
];

pub(super) fn tell(tx: &mut Tx<'_>) -> Result<()> {
    for told in PRODUCTS {
        product(tx, told)?;
    }
    prices(tx)?;
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
        hs: None,
        share: told.share,
        share_told: told.share.is_some(),
        status: if told.published { ProductStatus::Published } else { ProductStatus::Draft },
    };
    put(tx, &product, 90 + told.cooperative as i64)?;
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
    moved(tx, &blend, 41, Reason::Sold, 36_000, None)?;
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
