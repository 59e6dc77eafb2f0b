//! Visits of eighteen months, some planned, some waiting for their report; and invented market days.

use coaching::{Day, Visit, VisitStatus};
use kernel::kinds::{Choice, Long};
use kernel::{Result, Tx};

use super::{ago, cooperatives, id, put, story};

const PURPOSES: &[(&str, &str, &str)] = &[
    (
        "Cahier de caisse",
        "Cahier ouvert, écritures de la semaine lues ensemble",
        "Rapprocher la caisse à la fin du mois",
    ),
    (
        "Registre des membres",
        "Registre complété avec six membres présentes",
        "Faire signer les parts sociales",
    ),
    ("Prix de revient", "Calcul fait sur le produit principal, prix revu", "Afficher la liste des prix"),
    (
        "Préparation de l’assemblée",
        "Convocation rédigée, ordre du jour lu à voix haute",
        "Tenir l’assemblée et signer le procès-verbal",
    ),
    ("Équipement", "Machine installée, fiche d’entretien affichée", "Former deux personnes à l’entretien"),
    ("Commercialisation", "Deux acheteurs contactés, échantillons préparés", "Suivre la première commande"),
];

pub(super) fn tell(tx: &mut Tx<'_>) -> Result<()> {
    for n in 0..cooperatives::ALL.len() {
        let (_, joined) = story::joined(n);
        // Every six to eleven weeks, and a few cooperatives have waited for long.
        let (rhythm, stop) = (42 + (n as i64 * 11) % 34, if n % 7 == 5 { 95 } else { 12 });
        let mut days = joined - 30;
        let mut number = 0;
        while days > stop && n != 18 {
            visit(tx, n, number, days, VisitStatus::Done)?;
            days -= rhythm;
            number += 1;
        }
        match n % 5 {
            0 => visit(tx, n, 90, -3 - n as i64, VisitStatus::Planned)?,
            1 => visit(tx, n, 91, -(n as i64 % 9), VisitStatus::Planned)?,
            3 if n % 2 == 1 => visit(tx, n, 92, 4, VisitStatus::Planned)?,
            _ => {}
        }
    }
    for (n, line) in cooperatives::ALL.iter().enumerate() {
        if let Some(day) = Day::from_code(Day::CODES[(n * 3 + 1) % 7]) {
            tx.dated = Some(kernel::now() - 500 * 86_400_000);
            // Several cooperatives share a commune: the first one tells its day.
            let told = cooperatives::ALL.iter().take(n).any(|other| other.commune == line.commune);
            if !told && !coaching::souk::all(tx)?.contains_key(line.commune) {
                coaching::souk::set(tx, line.commune, day)?;
            }
        }
    }
    Ok(())
}

fn visit(tx: &mut Tx<'_>, n: usize, number: i64, days: i64, status: VisitStatus) -> Result<()> {
    let (purpose, seen, next) = PURPOSES[(n + number as usize) % PURPOSES.len()];
    let done = status == VisitStatus::Done;
    let visit = Visit {
        id: id(&format!("visit {n} {number}")),
        version: 1,
        organisation: id(&cooperatives::key(n)).into(),
        held: ago(days),
        coach: id(if n % 6 == 4 { "account coach-2" } else { "account coach" }).into(),
        programme: Some(id("programme").into()),
        purpose: Some(purpose.into()),
        status,
        minutes: (done && (n as i64 + number) % 9 != 0).then_some(75 + 15 * ((n as i64 + number) % 7)),
        met: done.then(|| "Présidente et trésorière".into()),
        seen: done.then(|| Long(seen.into())),
        next_step: done.then(|| next.into()),
        next_visit: None,
        photo: None,
    };
    put(tx, &visit, days.max(0) + i64::from(!done))?;
    Ok(())
}
