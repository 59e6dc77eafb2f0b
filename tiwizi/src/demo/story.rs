//! What happened in eighteen months: enrolments and their stages, who accompanies whom, and the support of every
//! actor, with two overlaps that nobody had seen.

use kernel::kinds::{Money, Multi};
use kernel::{Record, Result, Tx};
use programmes::{Assignment, Enrolment, Intervention, InterventionStatus, Stage, Theme};
use registry::{Agreement, Document, DocumentKind, Extent};

use super::{ago, cooperatives, id, put};

pub(super) fn tell(tx: &mut Tx<'_>) -> Result<()> {
    for n in 0..cooperatives::ALL.len() {
        enrol(tx, n)?;
        documents(tx, n)?;
        own_support(tx, n)?;
    }
    others_support(tx)?;
    let agreement = Agreement {
        id: id("agreement"),
        version: 1,
        organisation: id(&cooperatives::key(0)).into(),
        partner: id("foundation").into(),
        purpose: kernel::kinds::Long("Suivre l’usage de l’alambic financé".into()),
        extent: Extent::Profile,
        since: ago(200),
        until: ago(-165),
        ended: None,
    };
    put(tx, &agreement, 200)?;
    Ok(())
}

/// Cooperatives of Ouarzazate and Zagora came first.
pub(super) fn joined(n: usize) -> (&'static str, i64) {
    if n == 0 || n > 13 { ("promotion 2", 398) } else { ("promotion 1", 518) }
}

fn enrol(tx: &mut Tx<'_>, n: usize) -> Result<()> {
    let (promotion, days) = joined(n);
    let organisation = id(&cooperatives::key(n));
    let enrolment = Enrolment {
        id: id(&format!("enrolment {n}")),
        version: 1,
        programme: id("programme").into(),
        promotion: id(promotion).into(),
        organisation: organisation.into(),
        status: Stage::Selected,
        since: ago(days),
        reason: Some("Retenue par le comité".into()),
    };
    if put(tx, &enrolment, days)? {
        let stages: &[(Stage, i64, Option<&str>)] = match n {
            5 => &[
                (Stage::Active, 20, None),
                (Stage::Graduated, 400, Some("Comptes tenus et ventes régulières depuis un an")),
            ],
            9 => &[(Stage::Active, 20, None), (Stage::Paused, 300, Some("Changement de bureau en cours"))],
            18 => &[
                (Stage::Active, 25, None),
                (Stage::Left, 250, Some("La coopérative a rejoint un autre programme")),
            ],
            13 | 21 => &[],
            _ => &[(Stage::Active, 20, None)],
        };
        for (status, after, reason) in stages {
            let now = kernel::record::get::<Enrolment>(tx, enrolment.id)?;
            tx.dated = Some(kernel::now() - (days - after) * 86_400_000);
            kernel::record::update(
                tx,
                &Enrolment {
                    status: *status,
                    since: ago(days - after),
                    reason: reason.map(str::to_owned),
                    ..now
                },
            )?;
        }
    }
    let assignment = Assignment {
        id: id(&format!("assignment {n}")),
        version: 1,
        programme: id("programme").into(),
        organisation: organisation.into(),
        account: id("account coach").into(),
        since: ago(days - 10),
        until: None,
    };
    put(tx, &assignment, days - 10)?;
    Ok(())
}

fn documents(tx: &mut Tx<'_>, n: usize) -> Result<()> {
    let organisation = id(&cooperatives::key(n));
    // Certificates hold for a year; some have just ended.
    for (kind, code, issued) in [
        (DocumentKind::TaxCertificate, "tax", 300 + (n as i64 * 17) % 120),
        (DocumentKind::SocialCertificate, "social", 200 + (n as i64 * 29) % 150),
    ] {
        let document = Document {
            id: id(&format!("document {code} {n}")),
            version: 1,
            organisation: organisation.into(),
            kind,
            title: None,
            file: None,
            issued: Some(ago(issued)),
            expires: Some(ago(issued - 365)),
        };
        put(tx, &document, issued)?;
    }
    Ok(())
}

struct Support<'a> {
    key: &'a str,
    cooperative: usize,
    actor: &'a str,
    theme: Theme,
    title: (&'a str, &'a str),
    since: i64,
    until: Option<i64>,
    amount: Option<i64>,
    ours: bool,
}

fn support(tx: &mut Tx<'_>, s: &Support<'_>) -> Result<()> {
    let until = s.until.map(ago);
    let over = until.is_some_and(|until| until < kernel::today());
    let intervention = Intervention {
        id: id(&format!("intervention {} {}", s.key, s.cooperative)),
        version: 1,
        organisation: id(&cooperatives::key(s.cooperative)).into(),
        actor: id(s.actor).into(),
        programme: s.ours.then(|| id("programme").into()),
        theme: s.theme,
        title: Multi::fr_ar(s.title.0, s.title.1),
        since: ago(s.since),
        until,
        status: if s.since < 0 {
            InterventionStatus::Planned
        } else if over {
            InterventionStatus::Done
        } else {
            InterventionStatus::Running
        },
        quantity: None,
        unit: None,
        amount: s.amount.map(|amount| Money::whole(amount, "MAD")),
        source: (!s.ours).then(|| "Réunion de coordination provinciale".into()),
    };
    debug_assert_eq!(intervention.version(), 1);
    put(tx, &intervention, s.since.max(1))?;
    Ok(())
}

/// What the programme itself did.
fn own_support(tx: &mut Tx<'_>, n: usize) -> Result<()> {
    let (_, days) = joined(n);
    support(
        tx,
        &Support {
            key: "training",
            cooperative: n,
            actor: "ngo",
            theme: Theme::Management,
            title: ("Formation en gestion", "تكوين في التدبير"),
            since: days - 40,
            until: Some(days - 190),
            amount: None,
            ours: true,
        },
    )?;
    support(
        tx,
        &Support {
            key: "coaching",
            cooperative: n,
            actor: "ngo",
            theme: Theme::Coaching,
            title: ("Accompagnement, 24 mois", "مواكبة لمدة 24 شهرا"),
            since: days - 20,
            until: Some(days - 750),
            amount: None,
            ours: true,
        },
    )?;
    if n.is_multiple_of(4) {
        support(
            tx,
            &Support {
                key: "equipment",
                cooperative: n,
                actor: "group",
                theme: Theme::Equipment,
                title: ("Matériel informatique", "معدات معلوماتية"),
                since: days - 210,
                until: Some(days - 225),
                amount: Some(38_000),
                ours: true,
            },
        )?;
    }
    Ok(())
}

/// What four other actors did, as it was reported. The first two overlap with the programme's own training.
fn others_support(tx: &mut Tx<'_>) -> Result<()> {
    let all = [
        (
            "office",
            0,
            Theme::Management,
            ("Formation en gestion coopérative", "تكوين في التدبير التعاوني"),
            260,
            Some(150),
            None,
        ),
        (
            "office",
            8,
            Theme::Management,
            ("Formation des trésoriers", "تكوين أمناء المال"),
            400,
            Some(340),
            None,
        ),
        (
            "farm office",
            8,
            Theme::Production,
            ("Conduite du palmier", "العناية بالنخيل"),
            350,
            Some(120),
            Some(65_000),
        ),
        (
            "farm office",
            10,
            Theme::Production,
            ("Conduite du palmier", "العناية بالنخيل"),
            340,
            Some(110),
            Some(48_000),
        ),
        (
            "farm office",
            2,
            Theme::Quality,
            ("Séchage du safran", "تجفيف الزعفران"),
            220,
            Some(60),
            Some(30_000),
        ),
        (
            "foundation",
            0,
            Theme::Equipment,
            ("Alambic en inox, 58 %", "جهاز تقطير من الفولاذ، 58٪"),
            200,
            Some(190),
            Some(174_000),
        ),
        (
            "foundation",
            16,
            Theme::Marketing,
            ("Boutique en ligne", "متجر إلكتروني"),
            150,
            Some(-60),
            Some(52_000),
        ),
        (
            "abroad",
            14,
            Theme::Environment,
            ("Goutte-à-goutte solaire", "سقي بالتنقيط بالطاقة الشمسية"),
            300,
            Some(90),
            Some(210_000),
        ),
        (
            "abroad",
            15,
            Theme::Literacy,
            ("Alphabétisation fonctionnelle", "محو الأمية الوظيفي"),
            330,
            Some(-30),
            None,
        ),
        (
            "abroad",
            17,
            Theme::Quality,
            ("Chambre froide : étude", "غرفة تبريد: دراسة"),
            80,
            None,
            Some(15_000),
        ),
    ];
    for (actor, cooperative, theme, title, since, until, amount) in all {
        let key = format!("{actor} {}", title.0);
        support(
            tx,
            &Support { key: &key, cooperative, actor, theme, title, since, until, amount, ours: false },
        )?;
    }
    Ok(())
}
