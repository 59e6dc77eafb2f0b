//! The invented partners and their programme in two phases.

use jiff::civil::Date;
use kernel::kinds::{Divisions, Many, Money, Multi, Place};
use kernel::{Id, Result, Tx};
use programmes::{
    BudgetLine, Contribution, Convention, Nature, Partner, PartnerRole, Phase, Programme, ProgrammeStatus,
    Promotion, Receipt, Signatory, Theme,
};
use registry::{Organisation, OrganisationKind, Status};

use super::{ago, id, put};

/// Key, kind, French and Arabic name, commune. « fictif » stands in the name itself, so it shows in every export.
const PARTNERS: &[(&str, OrganisationKind, &str, &str, &str)] = &[
    (
        "ngo",
        OrganisationKind::Association,
        "Association Tamghart (fictive)",
        "جمعية تمغارت (خيالية)",
        "08.401.01.07",
    ),
    (
        "group",
        OrganisationKind::Sponsor,
        "Groupe minier Adrar (fictif)",
        "المجموعة المنجمية أدرار (خيالية)",
        "07.351.01.0",
    ),
    (
        "committee ouarzazate",
        OrganisationKind::Institution,
        "Comité provincial d’Ouarzazate (fictif)",
        "اللجنة الإقليمية لورزازات (خيالية)",
        "08.401.01.07",
    ),
    (
        "committee zagora",
        OrganisationKind::Institution,
        "Comité provincial de Zagora (fictif)",
        "اللجنة الإقليمية لزاكورة (خيالية)",
        "08.587.01.13",
    ),
    (
        "committee tinghir",
        OrganisationKind::Institution,
        "Comité provincial de Tinghir (fictif)",
        "اللجنة الإقليمية لتنغير (خيالية)",
        "08.577.01.11",
    ),
    (
        "committee marrakech",
        OrganisationKind::Institution,
        "Comité préfectoral de Marrakech (fictif)",
        "لجنة عمالة مراكش (خيالية)",
        "07.351.01.0",
    ),
    (
        "office",
        OrganisationKind::Institution,
        "Office de la coopération (fictif)",
        "مكتب التعاون (خيالي)",
        "08.401.01.07",
    ),
    (
        "farm office",
        OrganisationKind::Institution,
        "Office agricole du Drâa (fictif)",
        "المكتب الفلاحي لدرعة (خيالي)",
        "08.587.01.13",
    ),
    (
        "foundation",
        OrganisationKind::Sponsor,
        "Fondation Imal (fictive)",
        "مؤسسة إمال (خيالية)",
        "07.351.01.0",
    ),
    (
        "abroad",
        OrganisationKind::Association,
        "Solidarité Oasis (fictive)",
        "تضامن الواحات (خيالية)",
        "08.577.01.11",
    ),
];

pub(super) fn organisations(tx: &mut Tx<'_>) -> Result<()> {
    for (key, kind, fr, ar, commune) in PARTNERS {
        let organisation = Organisation {
            id: id(key),
            version: 1,
            kind: *kind,
            name: Multi::fr_ar(fr, ar),
            acronym: None,
            place: Place { division: (*commune).into(), lat: None, lon: None },
            activities: None,
            founded: None,
            presentation: None,
            published: true,
            members: None,
            women: None,
            young: None,
            active: None,
            phone: None,
            phone_2: None,
            email: None,
            address: None,
            website: None,
            register_number: None,
            register_court: None,
            national_number: None,
            ice: None,
            tax_number: None,
            social_number: None,
            year_end: None,
            status: Status::Active,
            status_reason: None,
            invented: true,
        };
        put(tx, &organisation, 570)?;
    }
    Ok(())
}

/// Key, French and Arabic name, first and last day as days ago.
const PHASES: &[(&str, &str, &str, i64, i64)] = &[
    ("phase 1", "Phase 1 : diagnostic et formation", "المرحلة 1: التشخيص والتكوين", 540, 270),
    ("phase 2", "Phase 2 : équipement et accompagnement", "المرحلة 2: التجهيز والمواكبة", 269, -180),
];

/// Key of the convention and of its committee, territory, French and Arabic title, days since it was signed.
const CONVENTIONS: &[(&str, &str, &str, &str, &str, i64)] = &[
    (
        "convention ouarzazate",
        "committee ouarzazate",
        "08.401",
        "Convention d’Ouarzazate",
        "اتفاقية ورزازات",
        535,
    ),
    ("convention zagora", "committee zagora", "08.587", "Convention de Zagora", "اتفاقية زاكورة", 534),
    ("convention tinghir", "committee tinghir", "08.577", "Convention de Tinghir", "اتفاقية تنغير", 420),
    (
        "convention marrakech",
        "committee marrakech",
        "07.351",
        "Convention de Marrakech",
        "اتفاقية مراكش",
        415,
    ),
];

pub(super) fn open(tx: &mut Tx<'_>) -> Result<()> {
    let programme = id("programme");
    let opened = Programme {
        id: programme,
        version: 1,
        name: Multi::fr_ar("Tiwizi du Sud : 22 coopératives", "تيويزي الجنوب: 22 تعاونية"),
        summary: Some(Multi::fr_ar(
            "Former, équiper et accompagner 22 coopératives jusqu’à leur autonomie.",
            "تكوين 22 تعاونية وتجهيزها ومواكبتها حتى استقلالها.",
        )),
        objectives: Some(Multi::fr_ar(
            "Une gouvernance qui tient, des comptes à jour, des produits qui se vendent.",
            "حكامة متينة وحسابات محينة ومنتجات تُباع.",
        )),
        themes: Some(Many(vec![
            Theme::Governance,
            Theme::Management,
            Theme::Marketing,
            Theme::Equipment,
            Theme::Coaching,
        ])),
        territory: Some(Divisions(["07.351", "08.401", "08.577", "08.587"].map(str::to_owned).to_vec())),
        since: ago(540),
        until: ago(-180),
        status: ProgrammeStatus::Running,
        follow_up: None,
        published: true,
        invented: true,
    };
    put(tx, &opened, 545)?;
    let phase_of = |key: &str| kernel::kinds::Ref::from(id(key));
    for (key, fr, ar, since, until) in PHASES {
        let phase = Phase {
            id: id(key),
            version: 1,
            programme: programme.into(),
            name: Multi::fr_ar(fr, ar),
            since: ago(*since),
            until: ago(*until),
        };
        put(tx, &phase, 544)?;
    }
    for (key, phase, fr, ar, since) in [
        ("promotion 1", "phase 1", "Promotion 1 : Ouarzazate et Zagora", "الفوج 1: ورزازات وزاكورة", 520),
        ("promotion 2", "phase 2", "Promotion 2 : Tinghir et Marrakech", "الفوج 2: تنغير ومراكش", 400),
    ] {
        let promotion = Promotion {
            id: id(key),
            version: 1,
            programme: programme.into(),
            phase: Some(phase_of(phase)),
            name: Multi::fr_ar(fr, ar),
            since: ago(since),
            until: None,
        };
        put(tx, &promotion, since + 5)?;
    }
    partners(tx, programme)?;
    conventions(tx, programme)?;
    budget(tx, programme)
}

fn partners(tx: &mut Tx<'_>, programme: Id) -> Result<()> {
    let roles = [
        ("ngo", PartnerRole::Operator),
        ("group", PartnerRole::Funder),
        ("committee ouarzazate", PartnerRole::Institution),
        ("committee zagora", PartnerRole::Institution),
        ("committee tinghir", PartnerRole::Institution),
        ("committee marrakech", PartnerRole::Institution),
    ];
    for (key, role) in roles {
        let partner = Partner {
            id: id(&format!("partner {key}")),
            version: 1,
            programme: programme.into(),
            organisation: id(key).into(),
            role,
        };
        put(tx, &partner, 540)?;
    }
    Ok(())
}

fn dirhams(amount: i64) -> Money {
    Money::whole(amount, "MAD")
}

fn conventions(tx: &mut Tx<'_>, programme: Id) -> Result<()> {
    for (n, (key, committee, territory, fr, ar, signed)) in CONVENTIONS.iter().enumerate() {
        let convention = Convention {
            id: id(key),
            version: 1,
            programme: programme.into(),
            title: Multi::fr_ar(fr, ar),
            territory: Some(Divisions(vec![(*territory).into()])),
            signed: Some(ago(*signed)),
            since: Some(ago(*signed)),
            until: Some(ago(-180)),
            file: None,
        };
        put(tx, &convention, *signed)?;
        for party in ["ngo", "group", committee] {
            let signatory = Signatory {
                id: id(&format!("{key} signed by {party}")),
                version: 1,
                programme: programme.into(),
                convention: id(key).into(),
                organisation: id(party).into(),
            };
            put(tx, &signatory, *signed)?;
        }
        let size = [7, 6, 6, 3][n];
        let promises = [
            (
                "group",
                Nature::Cash,
                "Formation et équipement",
                55_000 * size,
                ago(signed - 60),
                vec![(20_000 * size, signed - 45), (25_000 * size, signed - 200)],
            ),
            (
                committee,
                Nature::Cash,
                "Cofinancement des équipements",
                40_000 * size,
                ago(signed - 240),
                vec![(if n == 1 { 0 } else { 40_000 * size }, signed - 220)],
            ),
            (
                "ngo",
                Nature::InKind,
                "Formateurs, salles et déplacements",
                18_000 * size,
                ago(-90),
                vec![(9_000 * size, signed - 150), (4_500 * size, signed - 300)],
            ),
        ];
        for (giver, nature, subject, amount, due, received) in promises {
            contribution(tx, programme, key, giver, nature, subject, amount, due, *signed, &received)?;
        }
    }
    Ok(())
}

#[allow(clippy::too_many_arguments, reason = "one line of a table, written out")]
fn contribution(
    tx: &mut Tx<'_>,
    programme: Id,
    convention: &str,
    giver: &str,
    nature: Nature,
    subject: &str,
    amount: i64,
    due: Date,
    signed: i64,
    received: &[(i64, i64)],
) -> Result<()> {
    let key = format!("{convention} promised by {giver}");
    let promise = Contribution {
        id: id(&key),
        version: 1,
        programme: programme.into(),
        convention: id(convention).into(),
        organisation: id(giver).into(),
        nature,
        subject: Some(subject.into()),
        promised: dirhams(amount),
        due: Some(due),
    };
    put(tx, &promise, signed)?;
    for (n, (amount, days)) in
        received.iter().enumerate().filter(|(_, (amount, days))| *amount > 0 && *days > 0)
    {
        let receipt = Receipt {
            id: id(&format!("{key} received {n}")),
            version: 1,
            programme: programme.into(),
            contribution: id(&key).into(),
            amount: dirhams(*amount),
            received: ago(*days),
            note: None,
            file: None,
        };
        put(tx, &receipt, *days)?;
    }
    Ok(())
}

fn budget(tx: &mut Tx<'_>, programme: Id) -> Result<()> {
    for (key, fr, ar, theme, phase, amount) in [
        ("diagnosis", "Diagnostics et plans", "التشخيصات والخطط", Theme::Coaching, "phase 1", 180_000),
        ("training", "Sessions de formation", "حصص التكوين", Theme::Management, "phase 1", 420_000),
        ("market", "Salons et emballages", "المعارض والتغليف", Theme::Marketing, "phase 2", 260_000),
        (
            "equipment",
            "Équipements cofinancés",
            "التجهيزات الممولة بالاشتراك",
            Theme::Equipment,
            "phase 2",
            980_000,
        ),
        ("coaching", "Visites d’accompagnement", "زيارات المواكبة", Theme::Coaching, "phase 2", 310_000),
    ] {
        let line = BudgetLine {
            id: id(&format!("budget {key}")),
            version: 1,
            programme: programme.into(),
            name: Multi::fr_ar(fr, ar),
            theme: Some(theme),
            phase: Some(id(phase).into()),
            planned: dirhams(amount),
        };
        put(tx, &line, 538)?;
    }
    Ok(())
}
