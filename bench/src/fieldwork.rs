//! What was done in the field of the invented country: rounds of the diagnosis, sessions with their roll-calls, and one
//! session whose certificates fill a thousand pages. The rooms' own functions write it once the country is there.

use std::collections::BTreeMap;

use coaching::{Answer, Assessment, Evidence, Extent};
use jiff::civil::{Date, date};
use kernel::kinds::{Code, Multi};
use kernel::secret::Keeping;
use kernel::store::Place;
use kernel::{Actor, App, Db, Id, Settings, Tx, sql};
use training::{DayPart, HalfDay, Module, Part, Participant, Session, SessionStatus};

use crate::country::administrator;
use crate::dice::Dice;
use crate::{Result, say};

/// Cooperatives with two rounds of the diagnosis.
const DIAGNOSED: i64 = 1_000;
/// Programmes with a session of thirty.
const TAUGHT: i64 = 200;
/// Certificates in one document.
pub(crate) const CERTIFICATES: i64 = 1_000;
/// Persons whose roll-call is taken.
pub(crate) const CALLED: usize = 30;

/// The session whose roll-call is measured.
pub(crate) fn called() -> Id {
    Id::named("bench session called")
}

/// Its half-day.
pub(crate) fn half_day() -> Id {
    Id::named(&format!("{} morning", called()))
}

/// The participants of a session, in order.
pub(crate) fn participant(session: Id, n: usize) -> Id {
    Id::named(&format!("{session} participant {n}"))
}

/// The session whose certificates are printed.
pub(crate) fn certified() -> Id {
    Id::named("bench session certified")
}

/// The last round of this cooperative.
pub(crate) fn assessment(organisation: &str) -> Id {
    Id::named(&format!("bench round 1 of {organisation}"))
}

/// Writes it all.
pub(crate) fn write(place: &Place) -> Result {
    let began = std::time::Instant::now();
    let folder = std::env::temp_dir().join(format!("tiwizi-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let secret = Keeping::Given("00".repeat(32));
    let settings = Settings { database: place.clone(), readers: 1, secret, ..Settings::in_folder(&folder) };
    let app = App::open(&settings, tiwizi::rooms())?;
    let actor = || Actor { account: Some(administrator()), ..Actor::machine("import") };
    app.write(actor(), coaching::bring)?;
    let helped = app.read(helped)?;
    for some in helped.chunks(50) {
        app.write(actor(), |tx| some.iter().try_for_each(|(organisation, _)| rounds(tx, *organisation)))?;
    }
    app.write(actor(), |tx| sessions(tx, &helped))?;
    std::fs::remove_dir_all(&folder)?;
    say(&format!("field work written in {:.0} s", began.elapsed().as_secs_f64()));
    Ok(())
}

/// Cooperatives and their programmes, those of the first coach first.
fn helped(db: &mut Db) -> kernel::Result<Vec<(Id, Id)>> {
    let first: String = db.one(&sql(
        "select r.scope from account a join role r on r.account = a.id where a.email = 'coach-0@tiwizi.example'",
    ))?;
    let query = sql("select organisation, programme from enrolment order by case when programme = ? then 0 else 1 end, programme, organisation limit ?")
        .bind(first.trim_start_matches("programme:"))
        .bind(DIAGNOSED);
    db.rows(&query.open("a measure"), |row| Ok((row.take()?, row.take()?)))
}

/// Two rounds of one cooperative, a year apart.
fn rounds(tx: &mut Tx<'_>, organisation: Id) -> kernel::Result<()> {
    let edition = coaching::instrument::edition(tx, coaching::boussole())?;
    for (n, held) in [date(2025, 3, 1), date(2026, 3, 1)].into_iter().enumerate() {
        let assessment = Assessment {
            id: Id::named(&format!("bench round {n} of {organisation}")),
            version: 1,
            organisation: organisation.into(),
            instrument: edition.instrument.id.into(),
            extent: Extent::Full,
            held,
            programme: None,
            assessor: Some(administrator().into()),
            repeats: None,
            concluded: None,
            note: None,
        };
        kernel::record::insert(tx, &assessment)?;
        let mut dice = Dice::new(n as u64 + organisation.to_string().bytes().map(u64::from).sum::<u64>());
        for item in &edition.items {
            let answer = Answer {
                id: Id::named(&format!("{} {}", assessment.id, item.id)),
                version: 1,
                organisation: organisation.into(),
                assessment: assessment.id.into(),
                item: item.id.into(),
                level: Some((dice.below(4) + n) as i64),
                evidence: *dice.pick(&[Evidence::Said, Evidence::Seen, Evidence::Confirmed]),
                note: None,
                file: None,
                proposed: None,
            };
            kernel::record::insert(tx, &answer)?;
        }
        coaching::assessment::conclude(tx, assessment, held)?;
    }
    Ok(())
}

fn sessions(tx: &mut Tx<'_>, helped: &[(Id, Id)]) -> kernel::Result<()> {
    let module = Module {
        id: Id::named("bench module"),
        version: 1,
        code: Code("GF1".into()),
        title: Multi::fr_ar("Tenir la caisse et le cahier des ventes", "مسك الصندوق ودفتر المبيعات"),
        objectives: Some(Multi::fr_ar("Écrire chaque entrée et chaque sortie le jour même.", "")),
        content: None,
        hours: 3,
        pass_mark: None,
        languages: None,
        themes: None,
        subjects: None,
        published: true,
        invented: true,
    };
    kernel::record::insert(tx, &module)?;
    let persons: Vec<(Id, Id)> = tx.rows(
        &sql("select person, organisation from membership order by id limit ?")
            .bind(CERTIFICATES)
            .open("a measure"),
        |row| Ok((row.take()?, row.take()?)),
    )?;
    let first = helped.first().map(|(_, programme)| *programme).ok_or(kernel::Error::NotFound)?;
    let taught: Vec<Id> = tx.rows(
        &sql("select id from programme order by id limit ?").bind(TAUGHT).open("a measure"),
        kernel::value::Row::take,
    )?;
    session(tx, called(), first, &persons[..CALLED.min(persons.len())], false)?;
    session(tx, certified(), first, &persons, true)?;
    for (n, programme) in taught.into_iter().enumerate() {
        let from = n * 4 % persons.len().saturating_sub(CALLED).max(1);
        let some = &persons[from..(from + CALLED).min(persons.len())];
        session(tx, Id::named(&format!("bench session {n}")), programme, some, true)?;
    }
    Ok(())
}

/// A session of a morning with these participants; `held` with its roll-call.
fn session(tx: &mut Tx<'_>, id: Id, programme: Id, persons: &[(Id, Id)], held: bool) -> kernel::Result<()> {
    let day: Date = date(2026, 5, 12);
    let session = Session {
        id,
        version: 1,
        programme: programme.into(),
        module: Id::named("bench module").into(),
        promotion: None,
        title: None,
        place: None,
        venue: Some("Dar Taliba".into()),
        language: None,
        capacity: persons.len() as i64,
        status: SessionStatus::Open,
        cost: None,
        partner_cost: None,
        partner: None,
    };
    kernel::record::insert(tx, &session)?;
    let half = HalfDay {
        id: Id::named(&format!("{id} morning")),
        version: 1,
        programme: programme.into(),
        session: id.into(),
        day,
        part: DayPart::Morning,
        minutes: 180,
    };
    kernel::record::insert(tx, &half)?;
    for (n, (person, organisation)) in persons.iter().enumerate() {
        let participant = Participant {
            id: participant(id, n),
            version: 1,
            programme: programme.into(),
            session: id.into(),
            person: (*person).into(),
            organisation: Some((*organisation).into()),
            role: Some(Part::Member),
            at_the_door: false,
        };
        kernel::record::insert(tx, &participant)?;
    }
    if held {
        let marks: BTreeMap<Id, bool> = (0..persons.len()).map(|n| (participant(id, n), true)).collect();
        training::take(tx, &half, &marks, None)?;
    }
    Ok(())
}
