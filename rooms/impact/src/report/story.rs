//! The story of one cooperative: where it stood, where it stands, what it received. It is told while somebody of the
//! cooperative agrees to it.

use jiff::civil::Date;
use kernel::kinds::Multi;
use kernel::{Db, Id, Result, Words, sql};
use people::Purpose;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::record::{Report, ReportSection, SectionKind};

/// What is told of a cooperative, in the report's language.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Story {
    pub(crate) name: String,
    /// Its commune and province.
    pub(crate) place: String,
    /// Its first and its last diagnosis with one instrument.
    pub(crate) before: Option<Diagnosis>,
    pub(crate) after: Option<Diagnosis>,
    /// Equipment that was handed over to it.
    pub(crate) equipment: Vec<String>,
}

/// A diagnosis in a sentence's parts.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Diagnosis {
    pub(crate) day: String,
    /// Verified score, of a hundred.
    pub(crate) score: String,
    pub(crate) stage: String,
}

/// The story that a section tells, if it tells one and may.
pub(crate) fn of(db: &mut Db, w: Words, report: &Report, section: &ReportSection) -> Result<Option<Story>> {
    let organisation = section.organisation.filter(|_| section.kind == SectionKind::Story);
    let Some(organisation) = organisation.map(|organisation| organisation.id) else { return Ok(None) };
    if !agreed(db, section, Purpose::Story)? {
        return Ok(None);
    }
    let known = kernel::record::get::<registry::Organisation>(db, organisation)?;
    let (before, after) = diagnoses(db, w, organisation, report.until)?;
    Ok(Some(Story {
        name: known.name.best(w.lang).to_owned(),
        place: w.place(&known.place.division),
        before,
        after,
        equipment: equipment(db, w, organisation, Some(report.programme.id), report.until)?,
    }))
}

/// True while whoever answers for the section's story agrees to this; who was erased agrees to nothing.
pub(crate) fn agreed(db: &mut Db, section: &ReportSection, purpose: Purpose) -> Result<bool> {
    let Some(person) = section.person else { return Ok(false) };
    let known = kernel::record::find::<people::Person>(db, person.id)?;
    Ok(known.is_some_and(|person| !person.erased) && people::consents_to(db, person.id, purpose)?)
}

/// The first and the last diagnosis of a cooperative up to a day, with the instrument of the last.
pub(crate) fn diagnoses(
    db: &mut Db,
    w: Words,
    organisation: Id,
    until: Date,
) -> Result<(Option<Diagnosis>, Option<Diagnosis>)> {
    let mut rounds = coaching::assessment::of(db, organisation)?;
    rounds.retain(|one| one.concluded.is_some() && one.repeats.is_none() && one.held <= until);
    let Some(instrument) = rounds.first().map(|latest| latest.instrument.id) else { return Ok((None, None)) };
    rounds.retain(|one| one.instrument.id == instrument);
    let edition = coaching::instrument::edition(db, instrument)?;
    let mut told = Vec::new();
    for round in rounds.last().into_iter().chain(rounds.first().filter(|_| rounds.len() > 1)) {
        let answers = coaching::assessment::answers(db, round.id)?;
        let outcome = coaching::assessment::outcome(&edition, round, &answers);
        told.push(Diagnosis {
            day: w.date(&round.held),
            score: w.score(&outcome.verified.overall),
            stage: outcome.stage.map(|stage| w.t2("stage", stage.code())).unwrap_or_default(),
        });
    }
    let mut told = told.into_iter();
    Ok((told.next(), told.next()))
}

/// What was handed over to a cooperative up to a day, by one programme or by all.
pub(crate) fn equipment(
    db: &mut Db,
    w: Words,
    organisation: Id,
    programme: Option<Id>,
    until: Date,
) -> Result<Vec<String>> {
    let query = sql("select e.name, e.quantity from equipment e join funding f on f.id = e.funding
                     join hand_over h on h.id = e.hand_over where f.organisation = ? and h.handed <= ?")
    .bind(organisation)
    .bind(until)
    .and_if(" and f.programme = ?", programme)
    .and(" order by h.handed, e.id limit 20")
    .open("the caller checked the standing at the programme or at the cooperative");
    db.rows(&query, |row| {
        let (name, quantity): (Multi, i64) = (row.take()?, row.take()?);
        let name = name.best(w.lang);
        Ok(if quantity > 1 { format!("{name} × {}", w.num(quantity)) } else { name.to_owned() })
    })
}

/// Members of a cooperative who agree that its story is told, by id and name.
pub(crate) fn who_agree(db: &mut Db, w: Words, organisation: Id) -> Result<Vec<(String, String)>> {
    let query = sql("select distinct p.id, p.name from membership m join person p on p.id = m.person
                     join consent c on c.person = p.id and c.purpose = 'story' and c.withdrawn_on is null
                     where m.organisation = ? order by p.id limit 300")
    .bind(organisation)
    .open("the caller stewards the programme that the cooperative is in");
    db.rows(&query, |row| {
        let (id, name): (Id, Multi) = (row.take()?, row.take()?);
        Ok((id.to_string(), name.best(w.lang).to_owned()))
    })
}

/// Cooperatives of a programme, by id and name.
pub(crate) fn cooperatives(db: &mut Db, w: Words, programme: Id) -> Result<Vec<(String, String)>> {
    let query = sql("select o.id, o.name from enrolment e join organisation o on o.id = e.organisation
                     where e.programme = ? and e.status <> 'left' order by o.sort, o.id limit 1000")
    .bind(programme)
    .open("the caller stewards the programme");
    db.rows(&query, |row| {
        let (id, name): (Id, Multi) = (row.take()?, row.take()?);
        Ok((id.to_string(), name.best(w.lang).to_owned()))
    })
}
