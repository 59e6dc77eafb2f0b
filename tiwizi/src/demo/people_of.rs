//! Invented people: one account a role, and the members of the cooperatives.

use jiff::civil::date;
use kernel::access;
use kernel::kinds::{Many, Multi};
use kernel::{Fields, Result, Tx};
use people::{Person, RoleKind, Sex, Tongue, Year};
use registry::{Mandate, Membership, Office};

use super::{DemoAccount, PASSWORD, ago, cooperatives, id, put};

/// Role, login, name, language, and where the role holds.
const ACCOUNTS: &[(RoleKind, &str, &str, &str, &str, &str)] = &[
    (
        RoleKind::Administrator,
        "administrator",
        "administration@tiwizi.example",
        "Nadia Admin",
        "fr",
        "platform",
    ),
    (RoleKind::Manager, "manager", "responsable@tiwizi.example", "Samira Belkadi", "fr", "programme"),
    (RoleKind::Coach, "coach", "animatrice@tiwizi.example", "Hanane Benali", "fr", "programme"),
    (RoleKind::Coach, "coach-2", "animateur@tiwizi.example", "Mehdi Azeroual", "ar", "programme"),
    (RoleKind::Trainer, "trainer", "formateur@tiwizi.example", "Youssef Ouhaddou", "fr", "programme"),
    (RoleKind::Partner, "partner", "mecenat@tiwizi.example", "Karim Idrissi", "fr", "group"),
    (
        RoleKind::Representative,
        "representative",
        "presidente@tiwizi.example",
        "فاطمة أيت علي",
        "ar",
        "cooperative 0",
    ),
];

pub(super) fn accounts(tx: &mut Tx<'_>, password: &people::Hashed) -> Result<Vec<DemoAccount>> {
    let mut list = Vec::new();
    for (role, code, login, name, language, place) in ACCOUNTS {
        let account = id(&format!("account {code}"));
        if kernel::record::find::<people::Account>(tx, account)?.is_none() {
            tx.dated = Some(kernel::now() - 543 * 86_400_000);
            let form = Fields::of([("name", *name), ("email", *login), ("language", *language)]);
            people::create_account(tx, account, &form)?;
            people::set_password(tx, account, password)?;
            let scope = match *place {
                "platform" => people::PLATFORM.to_owned(),
                "programme" => access::scope("programme", id("programme")),
                other => access::scope("organisation", id(other)),
            };
            people::grant_role(tx, id(&format!("role {code}")), account, *role, &scope, ago(543), None)?;
        }
        list.push(DemoAccount { role: code, login, password: PASSWORD });
    }
    Ok(list)
}

const WOMEN: &[(&str, &str)] = &[
    ("Fatima", "فاطمة"),
    ("Aïcha", "عائشة"),
    ("Rqia", "رقية"),
    ("Khadija", "خديجة"),
    ("Zahra", "زهرة"),
    ("Mina", "مينة"),
    ("Hadda", "حادة"),
    ("Tlaytmas", "تلايتماس"),
    ("Saadia", "السعدية"),
    ("Itto", "إيطو"),
    ("Naima", "نعيمة"),
    ("Rabha", "رابحة"),
];
const MEN: &[(&str, &str)] = &[
    ("Mohamed", "محمد"),
    ("Lahcen", "لحسن"),
    ("Brahim", "إبراهيم"),
    ("Hssain", "حساين"),
    ("Ali", "علي"),
    ("Moha", "موحا"),
    ("Abdellah", "عبد الله"),
];
const FAMILIES: &[(&str, &str)] = &[
    ("Aït Inventée", "أيت المخترعة"),
    ("Oufiktif", "أوفكتيف"),
    ("Amzil-Démo", "أمزيل ديمو"),
    ("Tafsout", "تافسوت"),
    ("Ouimagine", "أويماجين"),
    ("Bnou Khayal", "بن خيال"),
    ("Aït Conte", "أيت الحكاية"),
    ("Tagmat-Démo", "تاكمات ديمو"),
    ("Imaginaire", "الخيالي"),
];

/// How many persons of a cooperative are registered one by one; the others are only in the declared number.
const REGISTERED: i64 = 12;

/// Members registered one by one: the first ones hold the mandates.
pub(super) fn members(tx: &mut Tx<'_>) -> Result<()> {
    for (n, line) in cooperatives::ALL.iter().enumerate() {
        let organisation = id(&cooperatives::key(n));
        let registered = line.members.min(REGISTERED);
        for m in 0..registered {
            let woman = m * line.members < line.women * registered;
            let mix = n * 7 + m as usize * 5;
            let (first, family) = (
                if woman { WOMEN[mix % WOMEN.len()] } else { MEN[mix % MEN.len()] },
                FAMILIES[(mix / 3 + n) % FAMILIES.len()],
            );
            let person = Person {
                id: id(&format!("person {n} {m}")),
                version: 1,
                name: Multi::fr_ar(
                    &format!("{} {}", first.0, family.0),
                    &format!("{} {}", first.1, family.1),
                ),
                // One in nine did not say: totals keep a place for her.
                sex: (mix % 9 != 4).then_some(if woman { Sex::Woman } else { Sex::Man }),
                birth_year: (mix % 6 != 1).then_some(Year(1958 + (mix as i64 * 11) % 48)),
                position: None,
                phone: None,
                speaks: Some(Many(spoken(line.commune))),
                reads: (m % 2 == 0).then(|| Many(vec![Tongue::Arabic])),
                erased: false,
            };
            put(tx, &person, 515 - n as i64)?;
            let membership = Membership {
                id: id(&format!("membership {n} {m}")),
                version: 1,
                organisation: organisation.into(),
                person: person.id.into(),
                since: Some(date(2016 + (m % 8) as i16, (m % 12) as i8 + 1, 1)),
                until: None,
                active: m % 4 != 3,
            };
            put(tx, &membership, 515 - n as i64)?;
        }
        for (m, role) in [Office::President, Office::Treasurer, Office::Secretary].into_iter().enumerate() {
            // A few mandates end soon, so that somebody's day begins with them.
            let ends = if n % 6 == 0 && m == 0 { ago(-35 - n as i64) } else { ago(-400 - (n * 13) as i64) };
            let mandate = Mandate {
                id: id(&format!("mandate {n} {m}")),
                version: 1,
                organisation: organisation.into(),
                person: id(&format!("person {n} {m}")).into(),
                role,
                since: ago(690 - n as i64),
                until: Some(ends),
            };
            put(tx, &mandate, 514 - n as i64)?;
        }
    }
    Ok(())
}

/// What is spoken where, after the census of each province.
fn spoken(commune: &str) -> Vec<Tongue> {
    match commune.get(..6) {
        Some("08.401") => vec![Tongue::Tachelhit],
        Some("08.577") => vec![Tongue::Tamazight],
        Some("08.587") => vec![Tongue::Darija, Tongue::Tachelhit],
        _ => vec![Tongue::Darija],
    }
}
