//! Twelve tonnes of dates for a buyer in Lyon, shared among seven cooperatives by a GIE: one refuses, one brings less, the
//! rest is shared again, and all is settled. And an order of rose water that is still open for pledges. What each gets is
//! worked out by the same code that serves everybody.

use kernel::kinds::{Code, Long, Money, Multi, Place};
use kernel::{Id, Result, Tx, access};
use market::{Incoterm, Lot, Making, Product, ProductKind, ProductStatus, Unit};
use people::RoleKind;
use pooled::{
    Advance, Answer, Charge, ChargeKind, Grade, How, Member, Mode, Order, Pledge, Receipt, Reception, Rule,
    Share, Stage,
};
use registry::{Affiliation, Organisation, OrganisationKind, Status};

use super::{ago, cooperatives, id, put};

/// Cooperative, packs at most and at least, lowest price in centimes, how its word came.
type Word = (usize, i64, i64, i64, How);

const PLEDGES: &[Word] = &[
    (8, 600, 0, 1_150, How::Visit),
    (9, 400, 100, 0, How::Phone),
    (10, 500, 0, 1_200, How::Visit),
    (11, 350, 0, 0, How::Phone),
    (12, 300, 200, 1_100, How::Visit),
    (13, 250, 0, 0, How::Phone),
    (14, 500, 0, 1_180, How::Visit),
];

/// Grams in a crate.
const CRATE: i64 = 5_000;

pub(super) fn tell(tx: &mut Tx<'_>) -> Result<()> {
    let gie = gie(tx)?;
    let order = Order { stage: Stage::Open, ..dates(gie) };
    if !put(tx, &order, 70)? {
        return Ok(());
    }
    for word in PLEDGES {
        pledge(tx, &order, word, 60)?;
    }
    pooled::share(tx, order.id)?;
    // One cooperative finds better on its own market; its packs go to the others, who agree.
    answer(tx, order.id, Some(13))?;
    pooled::share(tx, order.id)?;
    answer(tx, order.id, None)?;
    let now = kernel::record::get::<Order>(tx, order.id)?;
    kernel::record::update(tx, &Order { stage: Stage::Confirmed, ..now })?;
    collect(tx, order.id)?;
    settle(tx, &order)?;
    let roses = Order { stage: Stage::Open, ..rose_water(gie) };
    put(tx, &roses, 6)?;
    for (cooperative, most) in [(0, 0), (16, 700), (17, 500)] {
        if most == 0 {
            member(tx, &roses, cooperative, 6)?;
        } else {
            pledge(tx, &roses, &(cooperative, most, 0, 0, How::Phone), 4)?;
        }
    }
    Ok(())
}

/// The grouping, the cooperatives in it, and who works on its file.
fn gie(tx: &mut Tx<'_>) -> Result<Id> {
    let gie = id("gie of the valleys");
    let organisation = Organisation {
        id: gie,
        version: 1,
        kind: OrganisationKind::Gie,
        name: Multi::fr_ar("GIE Tiwizi des vallées", "مجموعة تيويزي الوديان"),
        acronym: None,
        place: Place { division: cooperatives::ALL[8].commune.to_owned(), lat: None, lon: None },
        activities: None,
        founded: None,
        presentation: Some(Multi::fr_ar(
            "Ce groupement est inventé pour la démonstration.",
            "هذه المجموعة خيالية، أُنشئت للعرض التوضيحي.",
        )),
        published: true,
        members: None,
        women: None,
        young: None,
        active: None,
        phone: None,
        phone_2: None,
        email: None,
        address: Some(Long("Adresse inventée pour la démonstration".into())),
        website: None,
        register_number: None,
        register_court: None,
        national_number: None,
        ice: Some(cooperatives::ice(900)),
        tax_number: Some(Code("99000900".into())),
        social_number: None,
        year_end: None,
        status: Status::Active,
        status_reason: None,
        invented: true,
    };
    put(tx, &organisation, 400)?;
    for cooperative in [0, 8, 9, 10, 11, 12, 13, 14, 16, 17] {
        let tie = Affiliation {
            id: id(&format!("gie member {cooperative}")),
            version: 1,
            union_of: gie.into(),
            member: id(&cooperatives::key(cooperative)).into(),
            since: Some(ago(390)),
            until: None,
        };
        put(tx, &tie, 390)?;
    }
    let scope = access::scope("organisation", gie);
    for code in ["manager", "coach"] {
        let (role, account) = (id(&format!("role {code} gie")), id(&format!("account {code}")));
        let query =
            kernel::sql("select count(*) from role where id = ?").bind(role).open("the demonstration");
        if tx.one::<i64>(&query)? == 0 {
            tx.dated = Some(kernel::now() - 380 * 86_400_000);
            people::grant_role(tx, role, account, RoleKind::Coach, &scope, ago(380), None)?;
        }
    }
    Ok(gie)
}

fn three([fr, ar, en]: [&str; 3]) -> Multi {
    let mut text = Multi::fr_ar(fr, ar);
    text.0.insert("en".to_owned(), en.to_owned());
    text
}

fn money(minor: i64, currency: &str) -> Money {
    Money { minor, currency: currency.into() }
}

fn dates(gie: Id) -> Order {
    Order {
        id: id("pooled dates"),
        version: 1,
        lead: gie.into(),
        buyer: "Maison Palmeraie (inventée)".into(),
        country: "FR".into(),
        contact: Some("achats@palmeraie.example".into()),
        product: three([
            "Dattes Bousthammi en caisses de 5 kg",
            "تمر بوسثمي في صناديق 5 كغ",
            "Bousthammi dates in 5 kg crates",
        ]),
        grade: Some("Calibre moyen, humidité sous 24 %, triées".into()),
        label: None,
        unit: Unit::Gram,
        pack: CRATE,
        packs: 2_400,
        tolerance: 5,
        second_grade: 85,
        price: money(1_250, "EUR"),
        incoterm: Incoterm::Fca,
        place: "Ouarzazate".into(),
        deliver: ago(20),
        mode: Mode::Lead,
        mandate: None,
        rule: Rule::Guarantee,
        guarantee: Some(150),
        closes: ago(55),
        stage: Stage::Draft,
        agreed: None,
        cancelled_reason: None,
    }
}

fn rose_water(gie: Id) -> Order {
    Order {
        id: id("pooled rose water"),
        buyer: "Jardin d’Orient (inventé)".into(),
        country: "BE".into(),
        contact: None,
        product: three([
            "Eau de rose en flacons de 250 ml",
            "ماء الورد في قنينات 250 مل",
            "Rose water in 250 ml bottles",
        ]),
        grade: Some("Première distillation, sans ajout".into()),
        unit: Unit::Millilitre,
        pack: 250,
        packs: 2_000,
        price: money(310, "EUR"),
        incoterm: Incoterm::Exw,
        place: "Kelâat M’Gouna".into(),
        closes: ago(-20),
        deliver: ago(-60),
        rule: Rule::Equal,
        guarantee: None,
        ..dates(gie)
    }
}

fn member(tx: &mut Tx<'_>, order: &Order, cooperative: usize, days: i64) -> Result<Member> {
    let member = Member {
        id: id(&format!("{} part {cooperative}", order.id)),
        version: 1,
        lead: order.lead,
        pooled_order: order.id.into(),
        organisation: id(&cooperatives::key(cooperative)).into(),
        closed: None,
    };
    put(tx, &member, days)?;
    Ok(member)
}

fn pledge(tx: &mut Tx<'_>, order: &Order, word: &Word, days: i64) -> Result<()> {
    let (cooperative, most, least, floor, how) = *word;
    let member = member(tx, order, cooperative, days + 3)?;
    let pledge = Pledge {
        id: id(&format!("{} pledge {cooperative}", order.id)),
        version: 1,
        organisation: member.organisation,
        part: member.id.into(),
        most,
        least: (least > 0).then_some(least),
        floor: (floor > 0).then(|| money(floor, &order.price.currency)),
        ready: order.deliver,
        lot: None,
        how,
        paper: None,
        members: cooperatives::ALL[cooperative].members,
        writer: Some(id("account coach").into()),
    };
    tx.actor.behalf = Some(member.organisation.id);
    put(tx, &pledge, days)?;
    tx.actor.behalf = None;
    Ok(())
}

/// Everybody says yes to what is asked, but for one.
fn answer(tx: &mut Tx<'_>, order: Id, refuses: Option<usize>) -> Result<()> {
    let no = refuses.map(|cooperative| id(&cooperatives::key(cooperative)));
    for place in pooled::places(tx, order)? {
        let Some(share) = place.share.filter(|share| share.answer == Answer::Waiting) else { continue };
        let says_no = Some(place.part.organisation.id) == no;
        let answer = if says_no { Answer::Refused } else { Answer::Accepted };
        let (answered, how, writer) = (Some(ago(50)), Some(How::Phone), Some(id("account coach").into()));
        tx.actor.behalf = Some(place.part.organisation.id);
        kernel::record::update(tx, &Share { answer, answered, how, writer, ..share })?;
        tx.actor.behalf = None;
    }
    Ok(())
}

/// A lot of dates of a cooperative, large enough for its pledge.
fn lot(tx: &mut Tx<'_>, cooperative: usize, crates: i64) -> Result<Lot> {
    let organisation = id(&cooperatives::key(cooperative));
    let mut product = id("dates");
    if cooperative != 8 {
        product = id(&format!("dates {cooperative}"));
        let made = Product {
            id: product,
            version: 1,
            organisation: organisation.into(),
            kind: ProductKind::Food,
            making: Making::Repeated,
            name: three(["Dattes de la coopérative", "تمور التعاونية", "Dates of the cooperative"]),
            story: None,
            origin: None,
            unit: Unit::Gram,
            minimum: None,
            season: None,
            capacity: None,
            length: None,
            width: None,
            height: None,
            weight: None,
            ingredients: Some(three(["Dattes", "تمر", "Dates"])),
            allergens: None,
            gtin: None,
            hs: None,
            share: None,
            share_told: false,
            status: ProductStatus::Draft,
        };
        put(tx, &made, 80)?;
    }
    let lot = Lot {
        id: id(&format!("pooled lot {cooperative}")),
        version: 1,
        organisation: organisation.into(),
        product: product.into(),
        number: Code(format!("GIE-26-{cooperative:02}")),
        produced: ago(65),
        best_before: Some(ago(-500)),
        quantity: crates * CRATE,
        unit: Unit::Gram,
        note: None,
    };
    put(tx, &lot, 65)?;
    Ok(lot)
}

/// One brings a hundred crates less than it said; the others make up for it.
fn collect(tx: &mut Tx<'_>, order: Id) -> Result<()> {
    for place in pooled::places(tx, order)?.into_iter().filter(|place| place.agreed() > 0) {
        let short = place.part.organisation.id == id(&cooperatives::key(10));
        let accepted = place.agreed() - if short { 100 } else { 0 };
        receive(tx, &place, accepted, 40, short)?;
        if short {
            kernel::record::update(tx, &Member { closed: Some(ago(35)), ..place.part })?;
        }
    }
    pooled::share(tx, order)?;
    answer(tx, order, None)?;
    for place in pooled::places(tx, order)?.into_iter().filter(|place| place.part.closed.is_none()) {
        let more = place.agreed() - place.accepted();
        if more > 0 {
            receive(tx, &place, more, 30, false)?;
        }
    }
    Ok(())
}

fn receive(tx: &mut Tx<'_>, place: &pooled::Place, accepted: i64, days: i64, short: bool) -> Result<()> {
    let Some(at) =
        (0..cooperatives::ALL.len()).find(|at| id(&cooperatives::key(*at)) == place.part.organisation.id)
    else {
        return Ok(());
    };
    let lot = lot(tx, at, 700)?;
    let reception = Reception {
        id: id(&format!("pooled reception {at} {days}")),
        version: 1,
        lead: place.part.lead,
        pooled_order: place.part.pooled_order,
        part: place.part.id.into(),
        lot: lot.id.into(),
        day: ago(days),
        brought: accepted + if short { 18 } else { 0 },
        accepted,
        grade: if at == 11 { Grade::Second } else { Grade::First },
        moisture: Some(205 + at as i64 * 2),
        photo: None,
        note: short.then(|| "18 caisses trop humides, renvoyées".into()),
    };
    put(tx, &reception, days)?;
    market::sell(
        tx,
        Id::named(&format!("pooled reception {}", reception.id)),
        &lot,
        ago(days),
        accepted * CRATE,
        "Commande groupée".into(),
    )
}

fn settle(tx: &mut Tx<'_>, order: &Order) -> Result<()> {
    let (lead, pooled_order) = (order.lead, order.id.into());
    let receipt = Receipt {
        id: id("pooled receipt"),
        version: 1,
        lead,
        pooled_order,
        day: ago(12),
        amount: money(3_000_000, "EUR"),
        credited: money(32_214_600, "MAD"),
        note: Some("Virement, douze jours après l’échéance".into()),
    };
    put(tx, &receipt, 12)?;
    let charges = [
        (ChargeKind::Transport, 1_860_000, "Devis du transporteur, accepté en réunion"),
        (ChargeKind::Laboratory, 420_000, "Analyses demandées par l’acheteur"),
        (ChargeKind::Commission, 966_438, "3 % au GIE, procès-verbal de l’assemblée"),
        (ChargeKind::Bank, 48_250, "Avis de crédit"),
    ];
    for (at, (kind, amount, agreed)) in charges.into_iter().enumerate() {
        let charge = Charge {
            id: id(&format!("pooled charge {at}")),
            version: 1,
            lead,
            pooled_order,
            kind,
            amount: money(amount, "MAD"),
            day: ago(11),
            agreed: agreed.into(),
        };
        put(tx, &charge, 11)?;
    }
    let part = id(&format!("{} part 9", order.id));
    let advance = Advance {
        id: id("pooled advance"),
        version: 1,
        lead,
        pooled_order,
        part: part.into(),
        day: ago(38),
        amount: money(1_000_000, "MAD"),
        note: Some("Pour les caisses".into()),
    };
    put(tx, &advance, 38)?;
    tx.dated = Some(kernel::now() - 10 * 86_400_000);
    pooled::prepare(tx, id("pooled settlement"), order.id, id("account manager"))?;
    pooled::sign(tx, id("pooled settlement"), id("account coach"))
}
