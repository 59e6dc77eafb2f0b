//! What the cooperatives of the invented country sell: what everybody finds in the catalogue.

use jiff::civil::date;
use kernel::Id;
use kernel::kinds::{Code, Many, Money, Multi};
use market::{Buyer, Lot, Making, Pack, Price, Product, ProductKind, ProductStatus, Unit};
use registry::Month;

use crate::Result;
use crate::dice::Dice;
use crate::pen::{Beside, Pen};

/// A good in French and in Arabic, what it is, and what its pack holds.
type Good = (&'static str, &'static str, ProductKind, Unit, i64);

const GOODS: &[Good] = &[
    ("Safran en pistils", "زعفران خيوط", ProductKind::Food, Unit::Gram, 1),
    ("Dattes Majhoul", "تمر المجهول", ProductKind::Food, Unit::Gram, 1_000),
    ("Dattes Boufeggous", "تمر بوفقوس", ProductKind::Food, Unit::Gram, 500),
    ("Huile d’argan", "زيت الأركان", ProductKind::Food, Unit::Millilitre, 250),
    ("Huile d’argan cosmétique", "زيت الأركان التجميلي", ProductKind::Cosmetic, Unit::Millilitre, 100),
    ("Huile d’olive", "زيت الزيتون", ProductKind::Food, Unit::Millilitre, 1_000),
    ("Amlou aux amandes", "أملو باللوز", ProductKind::Food, Unit::Gram, 300),
    ("Miel de thym", "عسل الزعتر", ProductKind::Food, Unit::Gram, 500),
    ("Miel d’euphorbe", "عسل الدغموس", ProductKind::Food, Unit::Gram, 250),
    ("Eau de rose", "ماء الورد", ProductKind::Cosmetic, Unit::Millilitre, 250),
    ("Couscous d’orge", "كسكس الشعير", ProductKind::Food, Unit::Gram, 1_000),
    ("Couscous complet", "كسكس كامل", ProductKind::Food, Unit::Gram, 1_000),
    ("Amandes décortiquées", "لوز مقشر", ProductKind::Food, Unit::Gram, 500),
    ("Figues séchées", "تين مجفف", ProductKind::Food, Unit::Gram, 500),
    ("Henné en poudre", "حناء مسحوقة", ProductKind::Cosmetic, Unit::Gram, 200),
    ("Cumin moulu", "كمون مطحون", ProductKind::Food, Unit::Gram, 100),
    ("Fromage de chèvre", "جبن الماعز", ProductKind::Food, Unit::Gram, 150),
    ("Savon noir", "صابون بلدي", ProductKind::Cosmetic, Unit::Gram, 200),
    ("Tapis noué", "زربية معقودة", ProductKind::Craft, Unit::Piece, 1),
    ("Couverture de laine", "غطاء من الصوف", ProductKind::Craft, Unit::Piece, 1),
    ("Poterie émaillée", "فخار مطلي", ProductKind::Craft, Unit::Piece, 1),
    ("Panier en palmier", "سلة من النخيل", ProductKind::Craft, Unit::Piece, 1),
    ("Bijou d’argent", "حلي من الفضة", ProductKind::Craft, Unit::Piece, 1),
    ("Babouches brodées", "بلغة مطرزة", ProductKind::Craft, Unit::Piece, 1),
];

/// What sets one apart from the next.
const KINDS: &[(&str, &str)] = &[
    ("premier choix", "اختيار أول"),
    ("de la nouvelle récolte", "من المحصول الجديد"),
    ("de montagne", "جبلي"),
    ("de la vallée", "من الوادي"),
    ("fait à la main", "مصنوع يدويا"),
    ("de tradition", "تقليدي"),
];

/// What a cooperative with a public page offers, so many products: each with a pack, prices, and a lot that lasts.
pub(crate) fn write(pen: &mut impl Pen, dice: &mut Dice, organisation: Id, count: usize) -> Result {
    for n in 0..count {
        let ((fr, ar, kind, unit, holds), sort) = (*dice.pick(GOODS), *dice.pick(KINDS));
        let food = kind != ProductKind::Craft;
        let id = pen.id()?;
        let product = Product {
            id,
            version: 1,
            organisation: organisation.into(),
            kind,
            making: Making::Repeated,
            name: Multi::fr_ar(&format!("{fr} {}", sort.0), &format!("{ar} {}", sort.1)),
            story: Some(Multi::fr_ar(
                "Récolté et préparé par les membres de la coopérative, dans un pays inventé.",
                "جناه وأعده أعضاء التعاونية في بلد متخيل.",
            )),
            origin: None,
            unit,
            minimum: None,
            season: (food && dice.chance(40)).then(|| Many(vec![Month::September, Month::October])),
            capacity: None,
            length: None,
            width: None,
            height: None,
            weight: None,
            ingredients: food.then(|| Multi::fr_ar(fr, ar)),
            allergens: None,
            gtin: None,
            hs: None,
            share: None,
            share_told: false,
            status: ProductStatus::Published,
        };
        pen.put(product, Beside::default())?;
        let pack = pen.id()?;
        pen.put(
            Pack {
                id: pack,
                version: 1,
                organisation: organisation.into(),
                product: id.into(),
                name: Multi::fr_ar(&format!("{holds} {}", unit_name(unit)), &format!("{holds}")),
                quantity: holds,
                reference: None,
            },
            Beside::default(),
        )?;
        for (buyer, percent) in [(Buyer::Individual, 100), (Buyer::Shop, 80)] {
            let price = Price {
                id: pen.id()?,
                version: 1,
                organisation: organisation.into(),
                product: id.into(),
                pack: Some(pack.into()),
                buyer,
                price: Money { minor: (20 + dice.below(400) as i64) * percent, currency: "MAD".into() },
            };
            pen.put(price, Beside::default())?;
        }
        let lot = Lot {
            id: pen.id()?,
            version: 1,
            organisation: organisation.into(),
            product: id.into(),
            number: Code(format!("L{n}")),
            produced: date(2026, 1, 1 + dice.below(28) as i8),
            best_before: None,
            quantity: holds * 1_000_000,
            unit,
            note: None,
        };
        pen.put(lot, Beside::default())?;
    }
    Ok(())
}

fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Gram => "g",
        Unit::Millilitre => "ml",
        Unit::Piece => "pièce",
    }
}

/// What somebody looking for one of these might type first, in either script, now and then misspelt.
pub(crate) fn typed(dice: &mut Dice) -> String {
    let good = dice.pick(GOODS);
    let mut whole: Vec<char> = if dice.chance(50) { good.0 } else { good.1 }.chars().collect();
    whole.truncate(4 + dice.below(9));
    if dice.chance(20) && whole.len() > 5 {
        whole.remove(2 + dice.below(3));
    }
    whole.into_iter().collect()
}
