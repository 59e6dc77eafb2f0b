//! What may happen in a house with cooperatives, training, visits, work and diagnoses.

use std::collections::BTreeMap;

use coaching::{Answer, Assessment, Evidence, Extent, Visit, VisitStatus, Work, WorkStanding};
use jiff::ToSpan;
use kernel::kinds::Place;
use kernel::{Id, Record, Tx, sql};
use people::{Person, Sex, Year};
use programmes::{Enrolment, Promotion, Stage};
use registry::{Membership, Organisation, OrganisationKind, Status};
use training::{DayPart, HalfDay, Participant, Session, SessionStatus};

use super::{World, ago, multi};

const PLACES: [&str; 3] = ["08.577.05.21", "08.587.11.07", "07.351.01.01"];

/// A record that exists, chosen by chance.
fn some(tx: &mut Tx<'_>, table: &str, by: usize) -> Option<Id> {
    let query = sql(&format!("select id from {table} order by id")).open("a test");
    let ids: Vec<Id> = tx.rows(&query, kernel::value::Row::take).unwrap();
    (!ids.is_empty()).then(|| ids[by % ids.len()])
}

fn cooperative(tx: &mut Tx<'_>, by: usize) -> Option<Id> {
    let query = sql("select id from organisation where merged_into is null order by id").open("a test");
    let ids: Vec<Id> = tx.rows(&query, kernel::value::Row::take).unwrap();
    (!ids.is_empty()).then(|| ids[by % ids.len()])
}

impl World<'_> {
    /// Does one of all: which, and two numbers by which it chooses.
    pub(super) fn do_one(&mut self, (what, a, b): (u8, usize, usize)) {
        self.step += 1;
        match what % 16 {
            0 | 1 => self.cooperative(a, b),
            2 => self.person(a, b),
            3..=5 => self.session(a, b),
            6 => self.roll_call(a, b),
            7 => self.visit(a, b),
            8 => self.work(a, b),
            9 => self.diagnosis(a, b),
            10 => self.person_changes(a, b),
            11 => self.moves(a, b),
            12 => self.stage(a, b),
            13 => self.merge(a, b),
            14 => self.undo(a),
            _ => self.removes(a, b),
        }
    }

    fn cooperative(&self, a: usize, b: usize) {
        let (programme, promotion) = self.programmes[a % self.programmes.len()];
        self.house.given(|tx| {
            let id = Id::new();
            let place = Place { division: PLACES[b % 3].into(), lat: None, lon: None };
            let organisation = Organisation {
                id,
                version: 1,
                kind: OrganisationKind::Cooperative,
                name: multi(&format!("Coopérative {}", self.step)),
                acronym: None,
                place,
                activities: None,
                founded: None,
                presentation: None,
                published: false,
                members: Some(10 + b as i64),
                women: Some(b as i64 % 10),
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
            kernel::record::insert(tx, &organisation)?;
            kernel::record::insert(
                tx,
                &Enrolment {
                    id: Id::new(),
                    version: 1,
                    programme: programme.into(),
                    promotion: promotion.into(),
                    organisation: id.into(),
                    status: Stage::Active,
                    since: ago(a * 7 % 400),
                    reason: None,
                },
            )
        });
    }

    fn person(&self, a: usize, b: usize) {
        self.house.given(|tx| {
            let Some(organisation) = cooperative(tx, a) else { return Ok(()) };
            let person = Person {
                id: Id::new(),
                version: 1,
                name: multi(&format!("Personne {}", self.step)),
                sex: [None, Some(Sex::Woman), Some(Sex::Man)][b % 3],
                birth_year: (!b.is_multiple_of(4)).then(|| Year(1950 + b as i64 % 60)),
                position: None,
                phone: None,
                speaks: None,
                reads: None,
                erased: false,
            };
            kernel::record::insert(tx, &person)?;
            kernel::record::insert(
                tx,
                &Membership {
                    id: Id::new(),
                    version: 1,
                    organisation: organisation.into(),
                    person: person.id.into(),
                    since: None,
                    until: None,
                    active: true,
                },
            )
        });
    }

    fn session(&self, a: usize, b: usize) {
        let (programme, _) = self.programmes[b % self.programmes.len()];
        self.house.given(|tx| {
            let session = Session {
                id: Id::new(),
                version: 1,
                programme: programme.into(),
                module: self.module.into(),
                promotion: None,
                title: None,
                place: None,
                venue: None,
                language: None,
                capacity: 20,
                status: SessionStatus::Open,
                cost: None,
                partner_cost: None,
                partner: None,
            };
            kernel::record::insert(tx, &session)?;
            let half = HalfDay {
                id: Id::new(),
                version: 1,
                programme: programme.into(),
                session: session.id.into(),
                day: ago(a * 13 % 500),
                part: DayPart::Morning,
                minutes: 60 + b as i64 % 100,
            };
            kernel::record::insert(tx, &half)?;
            let query = sql("select person, organisation from membership order by id").open("a test");
            let members: Vec<(Id, Id)> = tx.rows(&query, |row| Ok((row.take()?, row.take()?)))?;
            let mut marks = BTreeMap::new();
            for (n, (person, organisation)) in members.iter().enumerate() {
                if (n * 7 + a).is_multiple_of(3) {
                    continue;
                }
                let participant = Participant {
                    id: Id::new(),
                    version: 1,
                    programme: programme.into(),
                    session: session.id.into(),
                    person: (*person).into(),
                    organisation: (!(n + b).is_multiple_of(5)).then(|| (*organisation).into()),
                    role: None,
                    at_the_door: false,
                };
                kernel::record::insert(tx, &participant)?;
                marks.insert(participant.id, !(n + b).is_multiple_of(4));
            }
            training::take(tx, &half, &marks, None).map(|_| ())
        });
    }

    fn roll_call(&self, a: usize, b: usize) {
        self.house.given(|tx| {
            let Some(half) = some(tx, "half_day", a) else { return Ok(()) };
            let half = kernel::record::get::<HalfDay>(tx, half)?;
            if b.is_multiple_of(3) {
                return kernel::record::update(tx, &HalfDay { day: ago(b * 11 % 500), ..half });
            }
            let query = sql("select id from participant where session = ? order by id").bind(half.session.id);
            let all: Vec<Id> = tx.rows(&query.open("a test"), kernel::value::Row::take)?;
            let marks = all.into_iter().enumerate().map(|(n, id)| (id, (n + b).is_multiple_of(2))).collect();
            training::take(tx, &half, &marks, None).map(|_| ())
        });
    }

    fn visit(&self, a: usize, b: usize) {
        let (programme, _) = self.programmes[b % self.programmes.len()];
        self.house.given(|tx| {
            let Some(organisation) = cooperative(tx, a) else { return Ok(()) };
            if b.is_multiple_of(3)
                && let Some(visit) = some(tx, "visit", a)
            {
                let visit = kernel::record::get::<Visit>(tx, visit)?;
                return kernel::record::update(tx, &Visit { minutes: Some(10 + b as i64 % 400), ..visit });
            }
            let visit = Visit {
                id: Id::new(),
                version: 1,
                organisation: organisation.into(),
                programme: (!b.is_multiple_of(4)).then(|| programme.into()),
                coach: self.coach.into(),
                held: ago(b * 17 % 400),
                status: VisitStatus::Done,
                purpose: None,
                minutes: Some(60),
                met: None,
                seen: None,
                next_step: None,
                next_visit: None,
                photo: None,
            };
            kernel::record::insert(tx, &visit)
        });
    }

    fn work(&self, a: usize, b: usize) {
        self.house.given(|tx| {
            let Some(organisation) = cooperative(tx, a) else { return Ok(()) };
            let person = some(tx, "person", b).filter(|_| !b.is_multiple_of(4));
            let until = ago(b * 19 % 500);
            let work = Work {
                id: Id::new(),
                version: 1,
                organisation: organisation.into(),
                visit: None,
                since: until.saturating_sub(20.days()),
                until,
                person: person.map(Into::into),
                people: if person.is_some() { 1 } else { 3 + b as i64 % 9 },
                sex: None,
                standing: [WorkStanding::Employee, WorkStanding::WorkerMember, WorkStanding::SupplierMember]
                    [a % 3],
                rhythm: None,
                days: 1 + b as i64 % 25,
                full_time: 288,
                pay: None,
                before: None,
                evidence: Evidence::Said,
                proof: None,
                minimum: None,
                protected: None,
                lawful: None,
                safe: None,
                written: None,
                voice: None,
            };
            kernel::record::insert(tx, &work)
        });
    }

    fn diagnosis(&self, a: usize, b: usize) {
        let (programme, _) = self.programmes[b % self.programmes.len()];
        self.house.given(|tx| {
            let Some(organisation) = cooperative(tx, a) else { return Ok(()) };
            let edition = coaching::instrument::edition(tx, coaching::boussole())?;
            let held = ago(b * 23 % 500);
            let round = Assessment {
                id: Id::new(),
                version: 1,
                organisation: organisation.into(),
                instrument: edition.instrument.id.into(),
                extent: Extent::Short,
                held,
                programme: Some(programme.into()),
                assessor: None,
                repeats: None,
                concluded: (!b.is_multiple_of(5)).then_some(held),
                note: None,
            };
            kernel::record::insert(tx, &round)?;
            for (n, item) in edition.items.iter().filter(|item| item.short).enumerate() {
                let answer = Answer {
                    id: Id::new(),
                    version: 1,
                    organisation: organisation.into(),
                    assessment: round.id.into(),
                    item: item.id.into(),
                    level: (!(n + b).is_multiple_of(6)).then_some((n + a) as i64 % 5),
                    evidence: Evidence::Seen,
                    note: None,
                    file: None,
                    proposed: None,
                };
                kernel::record::insert(tx, &answer)?;
            }
            Ok(())
        });
    }

    fn person_changes(&self, a: usize, b: usize) {
        let Some(person) = self.house.given(|tx| Ok(some(tx, "person", a))) else { return };
        if b.is_multiple_of(3) {
            self.boss.post(&format!("/people/{person}/erase"), &[("confirm", "effacer")]);
            return;
        }
        self.house.given(|tx| {
            let person = kernel::record::get::<Person>(tx, person)?;
            let sex = [Some(Sex::Woman), Some(Sex::Man), None][b % 3];
            kernel::record::update(
                tx,
                &Person { sex, birth_year: Some(Year(1960 + b as i64 % 50)), ..person },
            )
        });
    }

    fn moves(&self, a: usize, b: usize) {
        self.house.given(|tx| {
            let Some(id) = cooperative(tx, a) else { return Ok(()) };
            let organisation = kernel::record::get::<Organisation>(tx, id)?;
            let place = Place { division: PLACES[b % 3].into(), lat: None, lon: None };
            let members = Some(20 + b as i64);
            kernel::record::update(tx, &Organisation { place, members, ..organisation })
        });
    }

    fn stage(&self, a: usize, b: usize) {
        self.house.given(|tx| {
            if b.is_multiple_of(4)
                && let Some(promotion) = some(tx, "promotion", a)
            {
                let promotion = kernel::record::get::<Promotion>(tx, promotion)?;
                return kernel::record::update(tx, &Promotion { since: ago(b * 29 % 500), ..promotion });
            }
            let Some(enrolment) = some(tx, "enrolment", a) else { return Ok(()) };
            let enrolment = kernel::record::get::<Enrolment>(tx, enrolment)?;
            let status = [Stage::Active, Stage::Graduated, Stage::Left, Stage::Paused][b % 4];
            kernel::record::update(tx, &Enrolment { status, since: ago(b * 3 % 300), ..enrolment })
        });
    }

    fn merge(&self, a: usize, b: usize) {
        let pair = self.house.given(|tx| Ok((cooperative(tx, a), cooperative(tx, b))));
        if let (Some(kept), Some(gone)) = pair
            && kept != gone
        {
            let form = [("other", &*gone.to_string()), ("verdict", "same")];
            self.boss.post(&format!("/organisations/{kept}/duplicates"), &form);
        }
    }

    fn undo(&self, a: usize) {
        let merges: Vec<Id> = self.house.given(|tx| {
            let query = sql("select id from merge where undone_at is null order by id").open("a test");
            tx.rows(&query, kernel::value::Row::take)
        });
        if !merges.is_empty() {
            self.boss.post(&format!("/merges/{}/undo", merges[a % merges.len()]), &[]);
        }
    }

    fn removes(&self, a: usize, b: usize) {
        self.house.given(|tx| match b % 3 {
            0 => remove::<Visit>(tx, a),
            1 => remove::<Work>(tx, a),
            _ => remove::<Answer>(tx, a),
        });
    }
}

fn remove<R: Record>(tx: &mut Tx<'_>, by: usize) -> kernel::Result<()> {
    match some(tx, R::TABLE, by) {
        Some(id) => {
            let record = kernel::record::get::<R>(tx, id)?;
            kernel::record::remove(tx, &record)
        }
        None => Ok(()),
    }
}
