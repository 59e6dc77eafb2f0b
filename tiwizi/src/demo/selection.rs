//! The call from which the programme's cooperatives came: 41 applications, two assessors, the committee's decisions;
//! and a second call that is open now.

use kernel::kinds::{Long, Money, Multi, Phone, Place};
use kernel::{Id, Result, Tx};
use people::Language;
use programmes::selection::mark::Points;
use programmes::selection::{
    Application, ApplicationStatus, Assessor, Call, CallQuestion, CallRule, CallStatus, Criterion, Decision,
    Interest, Outcome, Quantity, QuestionKind, Relation, Reply, Sheet,
};

use super::{ago, cooperatives, id, put};

/// Days since the first call was decided.
pub(super) const DECIDED: i64 = 530;

/// French and Arabic name, weight, highest mark.
const CRITERIA: &[(&str, &str, i64)] = &[
    ("Solidité de la coopérative", "متانة التعاونية", 3),
    ("Marché du produit", "سوق المنتوج", 3),
    ("Femmes et jeunes", "النساء والشباب", 2),
    ("Engagement de l’équipe", "التزام الفريق", 2),
];

/// Cooperatives that applied and were not selected.
const OTHERS: &[(&str, &str, &str)] = &[
    ("Coopérative Imaghnan", "تعاونية إيماغنان", "08.401.01.07"),
    ("Coopérative Tawada", "تعاونية تاوادا", "08.401.01.09"),
    ("Coopérative Tamaynut", "تعاونية تاماينوت", "08.587.01.13"),
    ("Coopérative Aghbalou", "تعاونية أغبالو", "08.587.11.07"),
    ("Coopérative Tirrugza", "تعاونية تيروكزا", "08.577.01.11"),
    ("Coopérative Azemmour", "تعاونية أزمور", "08.577.01.05"),
    ("Coopérative Tafrawt", "تعاونية تافراوت", "08.401.03.13"),
    ("Coopérative Ighil", "تعاونية إغيل", "08.401.07.07"),
    ("Coopérative Targa", "تعاونية تاركا", "08.587.01.13"),
    ("Coopérative Tiferdin", "تعاونية تيفردين", "08.577.01.11"),
    ("Coopérative Assif", "تعاونية أسيف", "08.401.03.15"),
    ("Coopérative Tagadirt", "تعاونية تاكاديرت", "08.587.11.07"),
    ("Coopérative Izuran", "تعاونية إيزوران", "08.401.01.07"),
    ("Coopérative Tilelli", "تعاونية تيليلي", "08.577.01.05"),
    ("Coopérative Anmoggar", "تعاونية أنموكار", "08.401.01.09"),
    ("Coopérative Tiwiza", "تعاونية تيويزا", "07.351.01.0"),
    ("Coopérative Amanar", "تعاونية أمانار", "08.587.01.13"),
    ("Coopérative Taslit", "تعاونية تاسليت", "08.577.01.11"),
    ("Coopérative Idurar", "تعاونية إدورار", "08.401.03.13"),
];

pub(super) fn tell(tx: &mut Tx<'_>) -> Result<()> {
    first_call(tx)?;
    second_call(tx)
}

#[expect(clippy::too_many_arguments, reason = "one call after the other, told once each")]
fn call(
    tx: &mut Tx<'_>,
    key: &str,
    phase: &str,
    title: (&str, &str),
    opens: i64,
    closes: i64,
    places: i64,
    status: CallStatus,
) -> Result<Id> {
    let call = Call {
        id: id(key),
        version: 1,
        programme: id("programme").into(),
        phase: Some(id(phase).into()),
        title: Multi::fr_ar(title.0, title.1),
        summary: Some(Multi::fr_ar(
            "Pour les coopératives de femmes et de jeunes. Tout est inventé.",
            "للتعاونيات النسائية والشبابية. كل شيء خيالي.",
        )),
        offer: Some(Multi::fr_ar(
            "Diagnostic, formation, équipement cofinancé et deux ans d’accompagnement.",
            "تشخيص وتكوين وتجهيز مشترك التمويل ومواكبة لمدة سنتين.",
        )),
        territory: None,
        opens: ago(opens),
        closes: ago(closes),
        places,
        status,
    };
    put(tx, &call, opens + 5)?;
    for (position, (fr, ar, weight)) in CRITERIA.iter().enumerate() {
        let criterion = Criterion {
            id: id(&format!("{key} criterion {position}")),
            version: 1,
            call: call.id.into(),
            position: position as i64,
            name: Multi::fr_ar(fr, ar),
            hint: None,
            weight: *weight,
            highest: 10,
        };
        put(tx, &criterion, opens + 4)?;
    }
    rules(tx, key, call.id, opens + 4)?;
    for account in ["account coach", "account coach-2"] {
        let assessor = Assessor {
            id: id(&format!("{key} {account}")),
            version: 1,
            call: call.id.into(),
            account: id(account).into(),
        };
        put(tx, &assessor, opens + 3)?;
    }
    let question = CallQuestion {
        id: id(&format!("{key} question")),
        version: 1,
        call: call.id.into(),
        position: 0,
        label: Multi::fr_ar("Avez-vous un local ?", "هل لديكم محل؟"),
        hint: None,
        kind: QuestionKind::Choice,
        choices: Some(Multi::fr_ar("À nous ; Loué ; Prêté ; Aucun", "ملك لنا ؛ مكترى ؛ معار ؛ لا يوجد")),
        needed: true,
    };
    put(tx, &question, opens + 4)?;
    Ok(call.id)
}

/// The rules of the INDH pack, as a programme takes them over; see the country pack for their source.
fn rules(tx: &mut Tx<'_>, key: &str, call: Id, days: i64) -> Result<()> {
    let share = |subject, relation, percent, base| (subject, relation, Some(percent), Some(base), None);
    let most = Some(Money::whole(300_000, "MAD"));
    let rules = [
        (
            "Subvention : 60 % du projet au plus",
            "الدعم: 60% من المشروع على الأكثر",
            share(Quantity::Grant, Relation::AtMost, 60, Quantity::Cost),
        ),
        (
            "Subvention : 300 000 DH au plus",
            "الدعم: 300000 درهم على الأكثر",
            (Quantity::Grant, Relation::AtMost, None, None, most),
        ),
        (
            "Apport propre : 40 % du projet au moins",
            "المساهمة الذاتية: 40% من المشروع على الأقل",
            share(Quantity::Own, Relation::AtLeast, 40, Quantity::Cost),
        ),
        (
            "Apport en nature : la moitié de l’apport propre au plus",
            "المساهمة العينية: نصف المساهمة الذاتية على الأكثر",
            share(Quantity::OwnKind, Relation::AtMost, 50, Quantity::Own),
        ),
        (
            "Plus de 30 % de femmes et de jeunes parmi les membres",
            "أكثر من 30% من النساء والشباب ضمن الأعضاء",
            share(Quantity::WomenOrYoung, Relation::MoreThan, 30, Quantity::Members),
        ),
    ];
    for (position, (fr, ar, (subject, relation, percent, base, amount))) in rules.into_iter().enumerate() {
        let rule = CallRule {
            id: id(&format!("{key} rule {position}")),
            version: 1,
            call: call.into(),
            position: position as i64,
            name: Multi::fr_ar(fr, ar),
            subject,
            relation,
            percent,
            base,
            amount,
            number: None,
            source: Some("INDH phase III, appels relayés par MAP (2020-2023)".into()),
            verified: true,
        };
        put(tx, &rule, days)?;
    }
    Ok(())
}

/// Who applies: what differs from one to the other.
struct Applicant<'a> {
    name: (&'a str, &'a str),
    commune: &'a str,
    members: i64,
    women: i64,
    organisation: Option<Id>,
    number: i64,
}

fn application(tx: &mut Tx<'_>, key: &str, call: Id, who: &Applicant<'_>, days: i64) -> Result<Id> {
    let n = who.number;
    let cost = 90_000 + 12_500 * (n * 7 % 23);
    // A few ask for more than the rules allow.
    let percent = if n % 9 == 4 { 68 } else { 50 + n % 11 };
    let asked = cost * percent / 100;
    let own_kind = (cost - asked) * (n % 5) / 10;
    let money = |amount| Some(Money::whole(amount, "MAD"));
    let young = who.members / 4;
    let application = Application {
        id: id(&format!("{key} application {n}")),
        version: 1,
        programme: id("programme").into(),
        call: call.into(),
        organisation: who.organisation.map(Into::into),
        account: None,
        language: Some(if n % 3 == 0 { Language::French } else { Language::Arabic }),
        name: Multi::fr_ar(who.name.0, who.name.1),
        place: Place { division: who.commune.into(), lat: None, lon: None },
        register_number: None,
        founded: Some(ago(900 + 97 * (n % 13))),
        contact: Some("Présidente (personne fictive)".into()),
        phone: Some(Phone(format!("+2126000{n:05}"))),
        members: Some(who.members),
        women: Some(who.women),
        young: Some(young),
        women_or_young: Some((who.women + young / 2).min(who.members)),
        title: Some(Multi::fr_ar("Mieux transformer et mieux vendre", "تحويل أفضل وبيع أفضل")),
        summary: Some(Long("Équiper l’atelier, tenir les comptes, trouver deux acheteurs réguliers.".into())),
        cost: money(cost),
        asked: money(asked),
        own_cash: money(cost - asked - own_kind),
        own_kind: money(own_kind),
        status: ApplicationStatus::Submitted,
        submitted: Some(ago(days)),
        number: Some(n),
    };
    put(tx, &application, days)?;
    let reply = Reply {
        id: id(&format!("{key} reply {n}")),
        version: 1,
        programme: id("programme").into(),
        application: application.id.into(),
        question: id(&format!("{key} question")).into(),
        value: Long((n % 4).to_string()),
    };
    put(tx, &reply, days)?;
    Ok(application.id)
}

/// The marks of an assessor: `strength` is what both see, and each sees it a little otherwise.
fn marks(tx: &mut Tx<'_>, key: &str, application: Id, account: &str, n: i64, strength: i64) -> Result<()> {
    let other = i64::from(account.ends_with('2'));
    let points: Points = (0..CRITERIA.len())
        .map(|position| {
            let p = position as i64;
            let seen = strength + (n * 5 + p * 3 + other * (n % 4)) % 3 - 1;
            (id(&format!("{key} criterion {position}")), seen.clamp(0, 10))
        })
        .collect();
    let sheet = Sheet {
        id: Id::named(&format!("{application} marked by {}", id(account))),
        version: 1,
        programme: id("programme").into(),
        application: application.into(),
        account: id(account).into(),
        points: Sheet::written(&points),
        remark: (n % 6 == 2).then(|| Long("Entretien fait avec trois membres".into())),
    };
    put(tx, &sheet, DECIDED + 8)?;
    Ok(())
}

fn first_call(tx: &mut Tx<'_>) -> Result<()> {
    let key = "call 1";
    let title = ("Appel 2025 : coopératives du Sud (fictif)", "طلب 2025: تعاونيات الجنوب (خيالي)");
    let call = call(tx, key, "phase 1", title, DECIDED + 60, DECIDED + 20, 22, CallStatus::Decided)?;
    let selected = cooperatives::ALL.iter().enumerate().map(|(n, line)| Applicant {
        name: (line.fr, line.ar),
        commune: line.commune,
        members: line.members,
        women: line.women,
        organisation: Some(id(&cooperatives::key(n))),
        number: n as i64 * 41 / 22 + 1,
    });
    let mut taken: Vec<i64> = Vec::new();
    for (n, who) in selected.enumerate() {
        taken.push(who.number);
        let application = application(tx, key, call, &who, DECIDED + 22 + who.number % 30)?;
        for account in ["account coach", "account coach-2"] {
            marks(tx, key, application, account, who.number, 7 + i64::from(n % 3 == 0))?;
        }
        let reason = if who.number % 9 == 4 {
            "Retenue : la subvention sera ramenée à 60 % du projet"
        } else {
            "Retenue par le comité"
        };
        decide(tx, call, application, Outcome::Selected, n as i64 + 1, reason)?;
    }
    let free: Vec<i64> = (1..=41).filter(|number| !taken.contains(number)).collect();
    for (n, ((fr, ar, commune), number)) in OTHERS.iter().zip(free).enumerate() {
        let (members, women) = (12 + (n as i64 * 7) % 25, 2 + (n as i64 * 5) % 12);
        let fr = format!("{fr} (fictive)");
        let who = Applicant {
            name: (&fr, ar),
            commune,
            members,
            women: women.min(members),
            organisation: None,
            number,
        };
        let application = application(tx, key, call, &who, DECIDED + 22 + number % 30)?;
        for account in ["account coach", "account coach-2"] {
            // An assessor who is concerned gives no marks.
            if n == 4 && account == "account coach-2" {
                let interest = Interest {
                    id: Id::named(&format!("{application} concerns {}", id(account))),
                    version: 1,
                    programme: id("programme").into(),
                    application: application.into(),
                    account: id(account).into(),
                    reason: Long("Une cousine est membre de la coopérative".into()),
                };
                put(tx, &interest, DECIDED + 9)?;
            } else {
                marks(tx, key, application, account, number, if n < 6 { 5 } else { 3 })?;
            }
        }
        let (outcome, reason) = if n < 6 {
            (Outcome::Reserve, "Sur la liste d’attente, dans l’ordre du classement")
        } else {
            (Outcome::Declined, "Dossier encore trop fragile : orientée vers la formation ouverte")
        };
        decide(tx, call, application, outcome, 23 + n as i64, reason)?;
    }
    Ok(())
}

fn decide(
    tx: &mut Tx<'_>,
    call: Id,
    application: Id,
    outcome: Outcome,
    position: i64,
    reason: &str,
) -> Result<()> {
    let criteria = programmes::selection::call::criteria(tx, call)?;
    let sheets = programmes::selection::mark::sheets(tx, application)?;
    let points: Vec<Points> = sheets.iter().map(Sheet::given).collect();
    let decision = Decision {
        id: Id::named(&format!("decision on {application}")),
        version: 1,
        programme: id("programme").into(),
        call: call.into(),
        application: application.into(),
        outcome,
        position,
        score: programmes::selection::mark::tally(&criteria, &points).score,
        reason: Some(Long(reason.into())),
        decided: ago(DECIDED),
    };
    put(tx, &decision, DECIDED)?;
    Ok(())
}

fn second_call(tx: &mut Tx<'_>) -> Result<()> {
    let key = "call 2";
    let title = ("Appel 2026 : équipement et marché (fictif)", "طلب 2026: التجهيز والسوق (خيالي)");
    let call = call(tx, key, "phase 2", title, 20, -40, 8, CallStatus::Open)?;
    for (number, (fr, ar, commune)) in (1..).zip(OTHERS.iter().take(5)) {
        let fr = format!("{fr} (fictive)");
        let who = Applicant {
            name: (&fr, ar),
            commune,
            members: 14 + number * 3,
            women: 6 + number * 2,
            organisation: None,
            number,
        };
        let application = application(tx, key, call, &who, 15 - number)?;
        if number < 3 {
            marks(tx, key, application, "account coach", number, 7)?;
        }
    }
    Ok(())
}
