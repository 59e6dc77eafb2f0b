//! Two reports: last year's, frozen four months ago, and this year's, still a draft. A visit whose report came late lies
//! between them, so that the second can tell how the past was corrected.

use coaching::{Visit, VisitStatus};
use impact::{
    Report, ReportLanguage, ReportSchedule, ReportSection, ReportState, ReportTemplate, Rhythm, SectionKind,
};
use kernel::kinds::Long;
use kernel::{App, Fields, Lang, Result, Standing, Tx};
use people::Consent;

use super::{ago, cooperatives, id, put};

/// The cooperative whose story is told.
const TOLD: usize = 2;
/// Days since the first report was frozen.
const FROZEN: i64 = 120;

pub(super) fn tell(app: &App, tx: &mut Tx<'_>) -> Result<()> {
    if kernel::record::find::<Report>(tx, id("report 1"))?.is_some() {
        return Ok(());
    }
    for purpose in ["story", "photo"] {
        let person = id(&format!("person {TOLD} 0")).to_string();
        let form = Fields::of([
            ("person", &person),
            ("purpose", purpose),
            ("text_version", "1"),
            ("form", "written"),
            ("given_on", &ago(FROZEN + 9).to_string()),
        ]);
        tx.dated = Some(kernel::now() - (FROZEN + 9) * 86_400_000);
        kernel::record::create::<Consent>(tx, id(&format!("consent {purpose}")), &form, Standing::Steward)?;
    }
    let dates = [(FROZEN + 364 + 10, FROZEN + 10), (364, 0)];
    for (n, (since, until)) in dates.into_iter().enumerate() {
        let n = n + 1;
        let report = Report {
            id: id(&format!("report {n}")),
            version: 1,
            programme: id("programme").into(),
            template: ReportTemplate::Annual,
            title: format!("Rapport annuel aux partenaires, n° {n} (fictif)"),
            language: ReportLanguage::Fr,
            since: ago(since),
            until: ago(until),
            territory: None,
            state: ReportState::Draft,
            frozen_on: None,
            frozen_by: None,
            previous: None,
        };
        tx.dated = Some(kernel::now() - until * 86_400_000);
        impact::prepare(tx, &report)?;
        let story = ReportSection {
            id: id(&format!("report {n} story")),
            version: 1,
            programme: report.programme,
            report: report.id.into(),
            position: 90,
            kind: SectionKind::Story,
            heading: None,
            body: Some(Long(
                "Les cahiers sont tenus chaque semaine et les prix se calculent à l’atelier.".into(),
            )),
            indicators: None,
            first_cut: None,
            second_cut: None,
            organisation: Some(id(&cooperatives::key(TOLD)).into()),
            person: Some(id(&format!("person {TOLD} 0")).into()),
            photo: None,
        };
        put(tx, &story, until)?;
        if n == 1 {
            tx.dated = Some(kernel::now() - FROZEN * 86_400_000);
            let manager = Some(id("account manager"));
            impact::freeze(tx, app.words.speak(Lang::Fr), report.id, report.version, manager)?;
            late_visit(tx)?;
        }
    }
    schedule(tx)
}

/// The sheet that goes to the sponsor on the first day of each month. A demonstration sends nothing.
fn schedule(tx: &mut Tx<'_>) -> Result<()> {
    let schedule = ReportSchedule {
        id: id("schedule"),
        version: 1,
        programme: id("programme").into(),
        template: ReportTemplate::Monthly,
        title: "Fiche du mois".into(),
        language: ReportLanguage::Fr,
        territory: None,
        every: Rhythm::Month,
        next: kernel::today().first_of_month().saturating_add(jiff::ToSpan::month(1)),
        recipients: Long("mecenat@tiwizi.example".into()),
    };
    put(tx, &schedule, 20)?;
    Ok(())
}

fn late_visit(tx: &mut Tx<'_>) -> Result<()> {
    let visit = Visit {
        id: id("visit late"),
        version: 1,
        organisation: id(&cooperatives::key(TOLD)).into(),
        held: ago(FROZEN + 30),
        coach: id("account coach").into(),
        programme: Some(id("programme").into()),
        purpose: Some("Registre des membres".into()),
        status: VisitStatus::Done,
        minutes: Some(90),
        met: Some("Présidente et trésorière".into()),
        seen: Some(Long("Compte rendu saisi en retard".into())),
        next_step: None,
        next_visit: None,
        photo: None,
    };
    put(tx, &visit, 3)?;
    Ok(())
}
