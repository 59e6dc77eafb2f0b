//! What a phone takes along of the sessions of a programme: enough to take their roll-calls without a network.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::kinds::Multi;
use kernel::{Db, Id, Record, Result, Viewer, sql};

use crate::attendance::{self, Mark};
use crate::half_day::{self, HalfDay};
use crate::hand::{self, Hand};
use crate::participant::{self, Part};
use crate::session::Session;

/// Somebody on the list of a session.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Id of the participant, or of the person who is not on the list.
    pub id: Id,
    /// Her name.
    pub name: Multi,
    /// The cooperative she comes for.
    pub organisation: Option<Multi>,
    /// What she is in it.
    pub role: Option<Part>,
}

/// A session as a phone takes it along.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The session.
    pub session: Session,
    /// What it is called.
    pub name: Multi,
    /// Its half-days, in order.
    pub days: Vec<HalfDay>,
    /// Who is on its list, in the order of names.
    pub people: Vec<Listed>,
    /// Members of invited cooperatives who are not on its list: the person as `id`.
    pub expected: Vec<Listed>,
    /// What was written down, by half-day and participant.
    pub marks: BTreeMap<(Id, Id), Mark>,
    /// Cooperatives that somebody at the door may come for.
    pub hosts: Vec<(Id, Multi)>,
}

/// The sessions of a programme with a half-day between two days, for whoever takes their roll-calls; none for others.
pub fn taken(db: &mut Db, viewer: &Viewer, programme: Id, from: Date, to: Date) -> Result<Vec<Taken>> {
    if hand::of(viewer, db, programme)? < Some(Hand::Takes) {
        return Ok(Vec::new());
    }
    let query = sql(&format!(
        "select {} from training_session s where s.programme = ? and s.status <> 'cancelled'
         and exists (select 1 from half_day h where h.session = s.id and h.day >= ? and h.day <= ?) order by s.id",
        Session::columns("s.")
    ));
    let query = query.bind(programme).bind(from).bind(to).open("the hand on the programme was checked");
    let mut found = Vec::new();
    for session in db.rows(&query, Session::from_row)? {
        let people = participant::of(db, session.id)?;
        found.push(Taken {
            name: session.name(db)?,
            days: half_day::of(db, session.id)?,
            people: people
                .into_iter()
                .map(|line| Listed {
                    id: line.id,
                    name: line.name,
                    organisation: line.organisation_name,
                    role: line.role,
                })
                .collect(),
            expected: participant::expected(db, session.id)?
                .into_iter()
                .map(|line| Listed {
                    id: line.person,
                    name: line.name,
                    organisation: Some(line.organisation_name),
                    role: Some(line.role),
                })
                .collect(),
            marks: attendance::of(db, session.id)?,
            hosts: participant::hosts(db, &session)?,
            session,
        });
    }
    Ok(found)
}
