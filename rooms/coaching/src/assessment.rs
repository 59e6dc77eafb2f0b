//! An assessment: one round of a diagnosis of a cooperative, by one assessor, with one edition of an instrument.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use kernel::kinds::{File, Long, Multi, Ref};
use kernel::{Db, Error, FieldError, Id, Record, Result, Tx, Wrong, choice, record, sql};
use people::Account;
use programmes::{Programme, finding};
use registry::Organisation;

use crate::instrument::{self, Edition, Instrument, InstrumentStatus, Item};
use crate::scoring::{self, Given, Grade, Mark, Outcome};

choice! {
    /// How much is asked.
    pub Extent in "assessment.extent" { Full = "full", Short = "short" }
}

record! {
    /// One round of a diagnosis.
    pub Assessment in "assessment" as "coaching.assessment", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, instrument: Ref<Instrument>, extent: Extent, held: Date,
            programme: Option<Ref<Programme>>, assessor: Option<Ref<Account>>, repeats: Option<Ref<Assessment>>,
        }
        conclusion(File, File) { concluded: Option<Date>, note: Option<Long> }
    }
}

choice! {
    /// How sure an answer is.
    pub Evidence in "answer.evidence" { Said = "said", Seen = "seen", Attached = "attached", Confirmed = "confirmed" }
}

record! {
    /// The answer to one item; without a level, the item does not apply.
    pub Answer in "answer" as "coaching.answer", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, assessment: Ref<Assessment>, item: Ref<Item>, level: Option<i64>,
            evidence: Evidence, note: Option<Long>, file: Option<File>,
            /// The level that the records proposed when it was answered.
            proposed: Option<i64>,
        }
    }
}

/// Days within which a second assessor repeats an assessment, for the two to be compared.
pub const REPEATED_WITHIN: i32 = 14;

impl Answer {
    /// As the scoring sees it.
    pub fn given(&self) -> Given {
        let grade = match self.evidence {
            Evidence::Said => Grade::Said,
            Evidence::Seen => Grade::Seen,
            Evidence::Attached => Grade::Attached,
            Evidence::Confirmed => Grade::Confirmed,
        };
        self.level.map_or(Given::NotApplicable, |level| Given::Level(level, grade))
    }
}

impl Assessment {
    /// True if this item is asked in it.
    pub fn asks(&self, item: &Item) -> bool {
        self.extent == Extent::Full || item.short
    }
}

/// Answers by item.
pub type Answers = HashMap<Id, Answer>;

/// The answers of an assessment.
pub fn answers(db: &mut Db, assessment: Id) -> Result<Answers> {
    let query = sql(&format!("select {} from answer where assessment = ?", Answer::columns("")))
        .bind(assessment)
        .open("the caller checked the standing at the organisation");
    let all = db.rows(&query, Answer::from_row)?;
    Ok(all.into_iter().map(|answer| (answer.item.id, answer)).collect())
}

/// Every item of an edition as the scoring sees it, in order; items that were not asked are not applicable.
pub fn marks(edition: &Edition, assessment: &Assessment, answers: &Answers) -> Vec<Mark> {
    edition
        .items
        .iter()
        .map(|item| Mark {
            dimension: edition.dimension_of(item),
            weight: item.weight,
            gate: item.gate,
            given: match answers.get(&item.id) {
                Some(answer) => answer.given(),
                None if assessment.asks(item) => Given::Nothing,
                None => Given::NotApplicable,
            },
        })
        .collect()
}

/// What an assessment says.
pub fn outcome(edition: &Edition, assessment: &Assessment, answers: &Answers) -> Outcome {
    scoring::score(&marks(edition, assessment, answers), &edition.weights())
}

/// The assessments of an organisation, the latest first.
pub fn of(db: &mut Db, organisation: Id) -> Result<Vec<Assessment>> {
    let query = sql(&format!(
        "select {} from assessment where organisation = ? order by held desc, id desc",
        Assessment::columns("")
    ))
    .bind(organisation)
    .open("the caller checked the standing at the organisation");
    db.rows(&query, Assessment::from_row)
}

/// The concluded round before this one with the same edition, to be compared with; a repetition is no round of its own.
pub fn before(db: &mut Db, assessment: &Assessment) -> Result<Option<Assessment>> {
    let all = of(db, assessment.organisation.id)?;
    Ok(all.into_iter().find(|other| {
        other.instrument.id == assessment.instrument.id
            && other.concluded.is_some()
            && other.repeats.is_none()
            && (other.held, other.id) < (assessment.held, assessment.id)
    }))
}

/// The concluded repetition of an assessment by a second assessor, if there is one.
pub fn repetition(db: &mut Db, assessment: Id) -> Result<Option<Assessment>> {
    let query = sql(&format!(
        "select {} from assessment where repeats = ? and concluded is not null order by id limit 1",
        Assessment::columns("")
    ))
    .bind(assessment)
    .open("the caller checked the standing at the organisation");
    db.row(&query, Assessment::from_row)
}

/// A last look before an assessment begins: its edition is in use, and a repetition repeats what can be compared.
pub(crate) fn check(tx: &mut Tx<'_>, assessment: &Assessment) -> Result<()> {
    let instrument = kernel::record::get::<Instrument>(tx, assessment.instrument.id)?;
    if instrument.status != InstrumentStatus::Published {
        return Err(Error::field("instrument", "error.reference"));
    }
    if assessment.held > kernel::today() {
        return Err(Error::field("held", "assessment.later"));
    }
    let Some(first) = assessment.repeats else { return Ok(()) };
    let first = kernel::record::get::<Assessment>(tx, first.id)?;
    let days = first.held.until((Unit::Day, assessment.held)).map_or(i32::MAX, |span| span.get_days());
    let fits = first.organisation.id == assessment.organisation.id
        && first.instrument.id == assessment.instrument.id
        && first.concluded.is_some()
        && first.repeats.is_none();
    if !fits {
        return Err(Error::field("repeats", "error.reference"));
    }
    if first.assessor.map(|account| account.id) == assessment.assessor.map(|account| account.id) {
        return Err(Error::refused("assessment.same_assessor"));
    }
    if !(0..=REPEATED_WITHIN).contains(&days) {
        let wrong = Wrong::new("assessment.too_late").with("days", REPEATED_WITHIN);
        return Err(Error::Invalid(vec![FieldError { field: "held".into(), wrong }]));
    }
    Ok(())
}

/// Concludes an assessment: from now on it counts, and other rooms learn what was found. Needs two thirds of the
/// answers, without which nothing could be said.
pub fn conclude(tx: &mut Tx<'_>, assessment: Assessment, day: Date) -> Result<()> {
    let edition = instrument::edition(tx, assessment.instrument.id)?;
    let answers = answers(tx, assessment.id)?;
    let outcome = outcome(&edition, &assessment, &answers);
    let asked = edition.items.iter().filter(|item| assessment.asks(item)).count();
    let silent = edition.items.iter().filter(|i| assessment.asks(i) && !answers.contains_key(&i.id)).count();
    if 3 * silent > asked {
        let wrong = Wrong::new("assessment.unfinished").with("n", silent).with("shown", silent);
        return Err(Error::Refused(wrong));
    }
    if outcome.declared.overall.is_none() {
        return Err(Error::refused("assessment.thin"));
    }
    if assessment.repeats.is_none() {
        let levels: Vec<(String, i64)> = edition
            .items
            .iter()
            .filter_map(|item| Some((edition.subject(item), answers.get(&item.id)?.level?)))
            .collect();
        finding::state(tx, assessment.id, assessment.organisation.id, assessment.held, &levels)?;
    }
    kernel::record::update(tx, &Assessment { concluded: Some(day), ..assessment })
}

/// Opens a concluded assessment again, for a reason that stays in its history.
pub fn reopen(tx: &mut Tx<'_>, assessment: Assessment, reason: &str) -> Result<()> {
    finding::withdraw(tx, assessment.id)?;
    let note = Some(Long(reason.to_owned()));
    kernel::record::update(tx, &Assessment { concluded: None, note, ..assessment })
}

/// The latest concluded round of each cooperative of a programme that the viewer may read, with its name.
pub fn of_programme(db: &mut Db, viewer: &kernel::Viewer, programme: Id) -> Result<Vec<(Multi, Assessment)>> {
    let columns = Assessment::columns("a.");
    let query = sql(&format!(
        "select o.name, {columns} from enrolment e join organisation o on o.id = e.organisation
         join assessment a on a.organisation = e.organisation
         where e.programme = ? and e.status <> 'left' and a.concluded is not null and a.repeats is null and"
    ))
    .bind(programme)
    .seen_near(viewer, "e.organisation", kernel::Standing::File)
    .and(" order by o.sort, o.id, a.held desc, a.id desc");
    let mut latest: Vec<(Multi, Assessment)> = Vec::new();
    db.each(&query, |row| {
        let (name, assessment) = (row.take()?, Assessment::from_row(row)?);
        if latest.last().is_none_or(|(_, last)| last.organisation.id != assessment.organisation.id) {
            latest.push((name, assessment));
        }
        Ok(())
    })?;
    Ok(latest)
}

/// Every assessment of a programme's cooperatives that a second assessor repeated, with its repetition.
pub fn repeated_in(
    db: &mut Db,
    viewer: &kernel::Viewer,
    programme: Id,
    instrument: Id,
) -> Result<Vec<(Id, Id)>> {
    let query = sql(
        "select a.id, r.id from enrolment e join assessment a on a.organisation = e.organisation
         join assessment r on r.repeats = a.id
         where e.programme = ? and a.instrument = ? and a.concluded is not null and r.concluded is not null and",
    )
    .bind(programme)
    .bind(instrument)
    .seen_near(viewer, "e.organisation", kernel::Standing::File);
    db.rows(&query.and(" order by a.id, r.id"), |row| Ok((row.take()?, row.take()?)))
}

/// The first day of the next round, half a year after this one.
pub fn next_round(assessment: &Assessment) -> Date {
    assessment.held.saturating_add(6.months())
}
