//! Six requests for equipment, each at another step: one followed to its last inspection, one with an inspection that is
//! late, one whose tranche waits to be paid, one that breaks a rule, one that was refused.

use kernel::kinds::{File, Long, Money, Multi};
use kernel::paper::Paper;
use kernel::{App, Id, Lang, Result, Tx, Upload};
use programmes::Nature;
use programmes::funding::{
    Equipment, Funding, GrantDecision, GrantOutcome, GrantPayment, HandOver, Inspection, Occasion, OwnPart,
    Purchase, Quotation, Tranche, Works,
};

use super::{ago, cooperatives, id, put};

/// What one request is about, and how far it came.
struct Told {
    cooperative: usize,
    fr: &'static str,
    ar: &'static str,
    cost: i64,
    grant: i64,
    own_kind: i64,
    asked: i64,
    supplier: &'static str,
    decision: Option<(GrantOutcome, Option<&'static str>)>,
    /// Of the two tranches, whether the milestone is reached and whether it is paid.
    tranches: [(bool, bool); 2],
    /// Days since the hand-over.
    handed: Option<i64>,
    pieces: &'static [(&'static str, &'static str, i64)],
    inspections: &'static [(Occasion, Works, i64, &'static str)],
}

const TOLD: &[Told] = &[
    Told {
        cooperative: 0,
        fr: "Alambic inox de 200 litres",
        ar: "مقطرة من الفولاذ سعة 200 لتر",
        cost: 180_000,
        grant: 108_000,
        own_kind: 20_000,
        asked: 390,
        supplier: "Inox du Dadès (fictif)",
        decision: Some((GrantOutcome::Granted, None)),
        tranches: [(true, true), (true, true)],
        handed: Some(372),
        pieces: &[
            ("Alambic inox 200 L", "مقطرة فولاذية 200 لتر", 1),
            ("Fûts alimentaires", "براميل غذائية", 6),
        ],
        inspections: &[
            (Occasion::SixMonths, Works::Works, 185, ""),
            (Occasion::TwelveMonths, Works::Works, 6, ""),
        ],
    },
    Told {
        cooperative: 1,
        fr: "Quatre métiers à tisser",
        ar: "أربعة أنوال للنسيج",
        cost: 96_000,
        grant: 57_600,
        own_kind: 12_000,
        asked: 330,
        supplier: "Atelier du bois de Taznakht (fictif)",
        decision: Some((GrantOutcome::Granted, None)),
        tranches: [(true, true), (true, true)],
        handed: Some(240),
        pieces: &[("Métier à tisser", "نول للنسيج", 4)],
        inspections: &[(Occasion::SixMonths, Works::Idle, 54, "Deux métiers attendent encore leur laine.")],
    },
    Told {
        cooperative: 2,
        fr: "Séchoir électrique à safran",
        ar: "مجفف كهربائي للزعفران",
        cost: 64_000,
        grant: 38_400,
        own_kind: 6_000,
        asked: 300,
        supplier: "Froid et séchage du Sud (fictif)",
        decision: Some((GrantOutcome::Granted, None)),
        tranches: [(true, true), (true, true)],
        handed: Some(193),
        pieces: &[("Séchoir à plateaux", "مجفف برفوف", 1), ("Balance de précision", "ميزان دقيق", 2)],
        inspections: &[],
    },
    Told {
        cooperative: 3,
        fr: "Presse à huile d’olive",
        ar: "معصرة زيت الزيتون",
        cost: 260_000,
        grant: 150_000,
        own_kind: 40_000,
        asked: 150,
        supplier: "Mécanique de l’Oasis (fictif)",
        decision: Some((GrantOutcome::Granted, Some("Le comité finance la presse, pas le bac de stockage."))),
        tranches: [(true, true), (true, false)],
        handed: None,
        pieces: &[("Presse à huile", "معصرة زيت", 1)],
        inspections: &[],
    },
    Told {
        cooperative: 7,
        fr: "Chambre froide pour les dattes",
        ar: "غرفة تبريد للتمور",
        cost: 220_000,
        grant: 150_000,
        own_kind: 10_000,
        asked: 24,
        supplier: "Froid et séchage du Sud (fictif)",
        decision: None,
        tranches: [(false, false), (false, false)],
        handed: None,
        pieces: &[("Chambre froide 20 m³", "غرفة تبريد 20 م³", 1)],
        inspections: &[],
    },
    Told {
        cooperative: 13,
        fr: "Véhicule utilitaire",
        ar: "سيارة نفعية",
        cost: 210_000,
        grant: 120_000,
        own_kind: 0,
        asked: 200,
        supplier: "Garage de l’Atlas (fictif)",
        decision: Some((GrantOutcome::Refused, Some("L’appel finance la production, pas le transport."))),
        tranches: [(false, false), (false, false)],
        handed: None,
        pieces: &[],
        inspections: &[],
    },
];

/// The paper that stands for every quotation, invoice and receipt of the demonstration.
pub(super) fn paper(app: &App) -> Result<Vec<u8>> {
    app.print(&Paper {
        template: include_str!("../../templates/invented.typ"),
        title: "Pièce de démonstration".into(),
        lang: Lang::Fr,
        data: serde_json::json!({ "sentence": "Cette pièce est inventée : elle tient la place d’un devis, d’une facture ou d’un reçu signé." }),
        pictures: Vec::new(),
    })
}

pub(super) fn tell(app: &App, tx: &mut Tx<'_>, paper: &[u8]) -> Result<()> {
    for (n, told) in TOLD.iter().enumerate() {
        request(app, tx, paper, n, told)?;
    }
    Ok(())
}

fn dirhams(amount: i64) -> Money {
    Money::whole(amount, "MAD")
}

/// A file of the demonstration, stored once more.
fn file(app: &App, tx: &mut Tx<'_>, paper: &[u8], name: &str) -> Result<File> {
    let upload = Upload { field: "file".into(), name: format!("{name}.pdf"), bytes: paper.to_vec() };
    Ok(File(kernel::files::keep(app, tx, &upload, id("programme"))?.to_string()))
}

fn request(app: &App, tx: &mut Tx<'_>, paper: &[u8], n: usize, told: &Told) -> Result<()> {
    let (programme, funding) = (id("programme"), id(&format!("funding {n}")));
    let committee = "Comité de cofinancement (fictif)";
    let request = Funding {
        id: funding,
        version: 1,
        programme: programme.into(),
        organisation: id(&cooperatives::key(told.cooperative)).into(),
        title: Multi::fr_ar(told.fr, told.ar),
        purpose: Some(Long("Produire plus, sans dépendre d’un atelier lointain.".into())),
        asked: ago(told.asked),
        cost: dirhams(told.cost),
        grant_asked: dirhams(told.grant),
        own_cash: dirhams(told.cost - told.grant - told.own_kind),
        own_kind: (told.own_kind > 0).then(|| dirhams(told.own_kind)),
        call: Some(id("call 1").into()),
        budget_line: Some(id("budget equipment").into()),
    };
    if !put(tx, &request, told.asked)? {
        return Ok(());
    }
    for (m, (supplier, more, chosen)) in
        [(told.supplier, 0, true), ("Équipements de Marrakech (fictif)", 9_000, false)]
            .into_iter()
            .enumerate()
    {
        let quotation = Quotation {
            id: id(&format!("quotation {n} {m}")),
            version: 1,
            programme: programme.into(),
            funding: funding.into(),
            supplier: supplier.into(),
            amount: dirhams(told.cost - told.own_kind + more),
            dated: ago(told.asked - 3),
            valid_until: Some(ago(told.asked - 93)),
            file: file(app, tx, paper, "devis")?,
            chosen,
            reason: None,
        };
        put(tx, &quotation, told.asked - 3)?;
    }
    let decided = told.asked - 25;
    if let Some((outcome, reason)) = told.decision {
        let granted = (outcome == GrantOutcome::Granted).then_some(told.grant);
        let decision = GrantDecision {
            id: id(&format!("grant {n}")),
            version: 1,
            programme: programme.into(),
            funding: funding.into(),
            outcome,
            decided: ago(decided),
            body: committee.into(),
            granted: granted.map(dirhams),
            reason: reason.map(|reason| Long(reason.into())),
            file: None,
        };
        put(tx, &decision, decided)?;
    }
    let mut pieces = Vec::new();
    for (m, (fr, ar, quantity)) in told.pieces.iter().enumerate() {
        let piece = Equipment {
            id: id(&format!("equipment {n} {m}")),
            version: 1,
            programme: programme.into(),
            funding: funding.into(),
            name: Multi::fr_ar(fr, ar),
            quantity: *quantity,
            serial: (*quantity == 1).then(|| format!("DEMO-{n}{m}")),
            hand_over: None,
        };
        put(tx, &piece, told.asked - 2)?;
        pieces.push(piece);
    }
    if told.decision.is_some_and(|(outcome, _)| outcome == GrantOutcome::Granted) {
        money(app, tx, paper, n, told, decided)?;
    }
    if let Some(days) = told.handed {
        hand_over(app, tx, paper, n, told, days, pieces)?;
    }
    Ok(())
}

/// The grant in two halves, the own part, and what was bought.
fn money(app: &App, tx: &mut Tx<'_>, paper: &[u8], n: usize, told: &Told, decided: i64) -> Result<()> {
    let (programme, funding) = (id("programme"), id(&format!("funding {n}")));
    let committees = ["tinghir", "ouarzazate", "ouarzazate", "ouarzazate"];
    let from = format!("convention {0} promised by committee {0}", committees[n % committees.len()]);
    for (m, (reached, paid)) in told.tranches.into_iter().enumerate() {
        let day = decided - 20 - 30 * m as i64;
        let milestone = ["Apport propre déposé", "Équipement livré et vérifié"][m];
        let tranche = Tranche {
            id: id(&format!("tranche {n} {m}")),
            version: 1,
            programme: programme.into(),
            funding: funding.into(),
            milestone: milestone.into(),
            amount: dirhams(told.grant / 2),
            due: Some(ago(day + 5)),
            reached: reached.then(|| ago(day)),
            proof: None,
        };
        put(tx, &tranche, decided)?;
        if paid {
            let payment = GrantPayment {
                id: id(&format!("payment {n} {m}")),
                version: 1,
                programme: programme.into(),
                funding: funding.into(),
                tranche: tranche.id.into(),
                amount: tranche.amount.clone(),
                paid: ago(day - 6),
                contribution: Some(id(&from).into()),
                reference: Some(format!("VIR-DEMO-{n}{m}")),
                file: None,
            };
            put(tx, &payment, day - 6)?;
        }
    }
    let own = [
        ("cash", Nature::Cash, "Versement sur le compte du projet", told.cost - told.grant - told.own_kind),
        ("kind", Nature::InKind, "Local aménagé et journées de travail", told.own_kind),
    ];
    for (key, nature, subject, amount) in own.into_iter().filter(|(.., amount)| *amount > 0) {
        let part = OwnPart {
            id: id(&format!("own part {n} {key}")),
            version: 1,
            programme: programme.into(),
            funding: funding.into(),
            nature,
            subject: subject.into(),
            amount: dirhams(amount),
            given: ago(decided - 18),
            file: None,
        };
        put(tx, &part, decided - 18)?;
    }
    let purchase = Purchase {
        id: id(&format!("purchase {n}")),
        version: 1,
        programme: programme.into(),
        funding: funding.into(),
        supplier: told.supplier.into(),
        amount: dirhams(told.cost - told.own_kind),
        bought: ago(decided - 40),
        invoice: Some(kernel::kinds::Code(format!("F-DEMO-{n}"))),
        file: file(app, tx, paper, "facture")?,
    };
    put(tx, &purchase, decided - 40)?;
    Ok(())
}

fn hand_over(
    app: &App,
    tx: &mut Tx<'_>,
    paper: &[u8],
    n: usize,
    told: &Told,
    days: i64,
    pieces: Vec<Equipment>,
) -> Result<()> {
    let (programme, funding): (Id, Id) = (id("programme"), id(&format!("funding {n}")));
    let hand_over = HandOver {
        id: id(&format!("hand-over {n}")),
        version: 1,
        programme: programme.into(),
        funding: funding.into(),
        equipment: None,
        handed: ago(days),
        receiver: "La présidente et la trésorière".into(),
        note: None,
        file: file(app, tx, paper, "recu")?,
    };
    put(tx, &hand_over, days)?;
    for piece in pieces {
        for (m, (occasion, state, ago_days, note)) in told.inspections.iter().enumerate() {
            let inspection = Inspection {
                id: id(&format!("inspection {} {m}", piece.id)),
                version: 1,
                programme: programme.into(),
                funding: funding.into(),
                equipment: piece.id.into(),
                inspected: ago(*ago_days),
                occasion: *occasion,
                state: *state,
                note: (!note.is_empty()).then(|| Long((*note).into())),
                photo: None,
                account: id("account coach").into(),
            };
            put(tx, &inspection, *ago_days)?;
        }
        tx.dated = Some(kernel::now() - days * 86_400_000);
        kernel::record::update(tx, &Equipment { hand_over: Some(hand_over.id.into()), ..piece })?;
    }
    Ok(())
}
