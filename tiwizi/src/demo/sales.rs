//! Orders of invented buyers in every state: asked, quoted for export, ordered, prepared, delivered and paid, declined.

use jiff::civil::Date;
use kernel::kinds::{Email, Long, Money, Phone};
use kernel::{Id, Result, Tx};
use market::{Buyer, Incoterm, Movement, Pack, Product, Reason};
use people::Language;
use sales::{
    Country, Line, LinePrice, Means, Payment, PaymentStatus, Quotation, SaleOrder, SaleStatus, Terms,
};

use super::{ago, cooperatives, id, put};

/// The secret of the link of the invented buyer whose page is shown: nobody's.
const SECRET: &str = "7e577e577e577e577e577e577e577e577e577e577e577e577e577e577e577e57";

/// An order in a few words.
struct Told {
    cooperative: usize,
    number: i64,
    buyer: Buyer,
    name: &'static str,
    country: Country,
    town: &'static str,
    language: Language,
    status: SaleStatus,
    /// So many days ago it was asked for.
    days: i64,
    /// Product, what its pack holds, how many, and what one was quoted at, in minor units.
    lines: &'static [(&'static str, i64, i64, i64)],
    currency: &'static str,
    note: &'static str,
    /// The lot it was taken from, and how much of it.
    lot: Option<(&'static str, i64)>,
}

const ORDERS: &[Told] = &[
    Told {
        cooperative: 0,
        number: 1,
        buyer: Buyer::Shop,
        name: "Épicerie du Levant (inventée)",
        country: Country::Morocco,
        town: "Casablanca, Maârif",
        language: Language::French,
        status: SaleStatus::Delivered,
        days: 38,
        lines: &[("rose water", 250, 24, 3_200)],
        currency: "MAD",
        note: "",
        lot: Some(("lot EDR-26-02", 6_000)),
    },
    Told {
        cooperative: 0,
        number: 2,
        buyer: Buyer::Exporter,
        name: "Saveurs d’Atlas, Lyon (inventée)",
        country: Country::France,
        town: "Lyon 7e",
        language: Language::French,
        status: SaleStatus::Quoted,
        days: 9,
        lines: &[("rose water", 250, 120, 290)],
        currency: "EUR",
        note: "Étiquettes en français ; certificat AOP avec l’envoi.",
        lot: None,
    },
    Told {
        cooperative: 0,
        number: 3,
        buyer: Buyer::Individual,
        name: "Nadia B. (inventée)",
        country: Country::Morocco,
        town: "Rabat, Agdal",
        language: Language::Arabic,
        status: SaleStatus::Ordered,
        days: 2,
        lines: &[("rose water", 250, 3, 4_500)],
        currency: "MAD",
        note: "",
        lot: None,
    },
    Told {
        cooperative: 8,
        number: 1,
        buyer: Buyer::Hotel,
        name: "Riad Les Palmes (inventé)",
        country: Country::Morocco,
        town: "Marrakech, Médina",
        language: Language::French,
        status: SaleStatus::Prepared,
        days: 6,
        lines: &[("dates", 5_000, 8, 16_500)],
        currency: "MAD",
        note: "Livrer le matin.",
        lot: Some(("lot DAT-26-07", 40_000)),
    },
    Told {
        cooperative: 2,
        number: 1,
        buyer: Buyer::Hotel,
        name: "Table du Souss (inventée)",
        country: Country::Morocco,
        town: "Agadir",
        language: Language::French,
        status: SaleStatus::Asked,
        days: 1,
        lines: &[("saffron", 1, 50, 0)],
        currency: "MAD",
        note: "Un prix pour 50 boîtes par mois ?",
        lot: None,
    },
    Told {
        cooperative: 1,
        number: 1,
        buyer: Buyer::Individual,
        name: "J. Moreau (inventé)",
        country: Country::Belgium,
        town: "Namur",
        language: Language::French,
        status: SaleStatus::Declined,
        days: 21,
        lines: &[("carpet", 1, 1, 0)],
        currency: "EUR",
        note: "",
        lot: None,
    },
    Told {
        cooperative: 0,
        number: 4,
        buyer: Buyer::Exporter,
        name: "Saveurs d’Atlas, Lyon (inventée)",
        country: Country::France,
        town: "Lyon 7e",
        language: Language::French,
        status: SaleStatus::Prepared,
        days: 24,
        lines: &[("rose water", 250, 48, 290)],
        currency: "EUR",
        note: "Commande d’essai : quatre cartons, étiquettes en français.",
        lot: Some(("lot EDR-26-A", 12_000)),
    },
];

pub(super) fn tell(tx: &mut Tx<'_>) -> Result<()> {
    for told in ORDERS {
        order(tx, told)?;
    }
    Ok(())
}

fn money(minor: i64, currency: &str) -> Money {
    Money { minor, currency: currency.into() }
}

fn order(tx: &mut Tx<'_>, told: &Told) -> Result<()> {
    let organisation = id(&cooperatives::key(told.cooperative));
    let agreed = matches!(told.status, SaleStatus::Ordered | SaleStatus::Prepared | SaleStatus::Delivered);
    let order = SaleOrder {
        id: id(&format!("sale {} {}", told.cooperative, told.number)),
        version: 1,
        organisation: organisation.into(),
        number: told.number,
        asked: ago(told.days),
        language: Some(told.language),
        spot: false,
        name: told.name.into(),
        buyer: told.buyer,
        phone: Some(Phone("+212500000000".into())),
        email: Some(Email("acheteur@tiwizi.example".into())),
        country: told.country,
        town: Some(told.town.into()),
        wanted: None,
        note: (!told.note.is_empty()).then(|| Long(told.note.into())),
        status: told.status,
        ordered: agreed.then(|| ago(told.days - 1)),
        delivered: (told.status == SaleStatus::Delivered).then(|| ago(told.days - 8)),
        reason: (told.status == SaleStatus::Declined)
            .then(|| "Le tapis est réservé à une exposition.".into()),
    };
    if !put(tx, &order, told.days)? {
        return Ok(());
    }
    if told.number == 2 {
        sales::open_to(tx, SECRET, order.id)?;
    }
    let mut lines = Vec::new();
    for (key, holds, count, price) in told.lines {
        let product = kernel::record::get::<Product>(tx, id(key))?;
        let pack = kernel::record::get::<Pack>(tx, id(&format!("{key} pack {holds}")))?;
        let article = market::sale::Article { product, pack: Some(pack) };
        let line = Line::of_article(order.id, &article, *count);
        put(tx, &line, told.days)?;
        lines.push((line.id, *price, *count));
    }
    if told.status != SaleStatus::Asked && told.status != SaleStatus::Declined {
        quote(tx, told, &order, &lines, agreed.then(|| ago(told.days - 1)))?;
    }
    sales::follow(tx, &order)?;
    match told.lot {
        Some((lot, quantity)) => sold(tx, &order, lot, quantity, told.days - 3),
        None => Ok(()),
    }
}

fn quote(
    tx: &mut Tx<'_>,
    told: &Told,
    order: &SaleOrder,
    lines: &[(Id, i64, i64)],
    accepted: Option<Date>,
) -> Result<()> {
    let export = told.country == Country::France;
    let delivery = if told.buyer == Buyer::Individual { 0 } else { 6_000 };
    let total = lines.iter().map(|(_, price, count)| price * count).sum::<i64>() + delivery;
    let quotation = Quotation {
        id: id(&format!("quotation {}", order.id)),
        version: 1,
        organisation: order.organisation,
        sale_order: order.id.into(),
        number: 1,
        dated: ago(told.days - 1),
        total: money(total, told.currency),
        accepted,
        delivery: (delivery > 0).then(|| money(delivery, told.currency)),
        valid_until: ago(told.days - 31),
        ready: Some(ago(told.days - 12)),
        terms: if export { Terms::Half } else { Terms::OnDelivery },
        incoterm: export.then_some(Incoterm::Fca),
        named_place: export.then(|| "Ouarzazate".into()),
        note: None,
    };
    put(tx, &quotation, told.days - 1)?;
    for (line, price, _) in lines {
        let price = LinePrice {
            id: id(&format!("sale price {line}")),
            version: 1,
            organisation: order.organisation,
            sale_quotation: quotation.id.into(),
            sale_line: (*line).into(),
            price: money(*price, told.currency),
        };
        put(tx, &price, told.days - 1)?;
    }
    if told.status == SaleStatus::Delivered {
        pay(tx, order, money(total, told.currency), told.days - 9, PaymentStatus::Received)?;
    }
    if told.status == SaleStatus::Prepared {
        pay(tx, order, money(total / 2, told.currency), 1, PaymentStatus::Announced)?;
    }
    Ok(())
}

fn pay(tx: &mut Tx<'_>, order: &SaleOrder, amount: Money, days: i64, status: PaymentStatus) -> Result<()> {
    let payment = Payment {
        id: id(&format!("payment {}", order.id)),
        version: 1,
        organisation: order.organisation,
        sale_order: order.id.into(),
        proof: None,
        status,
        day: ago(days),
        amount,
        means: Means::Transfer,
        reference: Some(order.reference()),
    };
    put(tx, &payment, days).map(|_| ())
}

fn sold(tx: &mut Tx<'_>, order: &SaleOrder, lot: &str, quantity: i64, days: i64) -> Result<()> {
    let movement = Movement {
        id: id(&format!("sold {}", order.id)),
        version: 1,
        organisation: order.organisation,
        lot: id(lot).into(),
        day: ago(days),
        reason: Reason::Sold,
        quantity,
        note: Some(order.reference()),
        blend: None,
    };
    put(tx, &movement, days).map(|_| ())
}
