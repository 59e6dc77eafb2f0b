//! Somebody who takes part in a session: a member of an invited cooperative, or a woman who came to the door.

use kernel::access::{self, Standing};
use kernel::kinds::{Choice, Multi, Ref};
use kernel::value::Row;
use kernel::{Ctx, Db, Error, Fields, Id, Result, Tx, choice, record, sql};
use people::Person;
use programmes::Programme;
use registry::Organisation;

use crate::session::Session;

choice! {
    /// What somebody is in the cooperative she comes for, on that day.
    pub Part in "participant.role" {
        President = "president", VicePresident = "vice_president", Treasurer = "treasurer", Secretary = "secretary",
        Manager = "manager", BoardMember = "board_member", Member = "member", Other = "other",
    }
}

record! {
    /// Somebody who takes part in a session. Whether it is her first time is worked out, never typed.
    pub Participant in "participant" as "training.participant", about programme {
        main(File, File) {
            programme: Ref<Programme>, session: Ref<Session>, person: Ref<Person>, organisation: Option<Ref<Organisation>>,
            role: Option<Part>, at_the_door: bool,
        }
    }
}

/// A participant as lists show her.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Line {
    pub(crate) id: Id,
    pub(crate) person: Id,
    pub(crate) name: Multi,
    pub(crate) organisation: Option<Id>,
    pub(crate) organisation_name: Option<Multi>,
    pub(crate) role: Option<Part>,
    pub(crate) at_the_door: bool,
}

/// The participants of a session in the order of names.
pub(crate) fn of(db: &mut Db, session: Id) -> Result<Vec<Line>> {
    let query = sql("select t.id, p.id, p.name, o.id, o.name, t.role, t.at_the_door from participant t
                     join person p on p.id = t.person left join organisation o on o.id = t.organisation
                     where t.session = ? order by coalesce(p.sort, ''), t.id");
    db.rows(&query.bind(session).open("the hand on the session was checked"), |row| {
        Ok(Line {
            id: row.take()?,
            person: row.take()?,
            name: row.take()?,
            organisation: row.take()?,
            organisation_name: row.take()?,
            role: row.take()?,
            at_the_door: row.take()?,
        })
    })
}

/// The name of a participant, if the person has one still.
pub fn name_of(db: &mut Db, id: Id) -> Result<Option<Multi>> {
    let query =
        sql("select p.name from participant t join person p on p.id = t.person where t.id = ?").bind(id);
    db.row(&query.open("the caller checked the standing"), kernel::value::Row::take)
}

/// The participant in the address, of this session.
pub(crate) fn open(ctx: &Ctx, db: &mut Db, session: Id) -> Result<Participant> {
    let participant = kernel::record::get::<Participant>(db, ctx.id("participant")?)?;
    if participant.session.id == session { Ok(participant) } else { Err(Error::NotFound) }
}

/// A member of an invited cooperative who is not on the list yet.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Expected {
    pub(crate) person: Id,
    pub(crate) name: Multi,
    pub(crate) organisation: Id,
    pub(crate) organisation_name: Multi,
    pub(crate) role: Part,
}

/// The members of cooperatives that hold places of a session, who are not on its list yet. What somebody is follows
/// from a mandate that holds today.
pub(crate) fn expected(db: &mut Db, session: Id) -> Result<Vec<Expected>> {
    let query = sql("select p.id, p.name, o.id, o.name, coalesce((select min(g.role) from mandate g where g.person = p.id
                     and g.organisation = o.id and (g.until is null or g.until >= ?)), 'member')
                     from training_invitation i join organisation o on o.id = i.organisation
                     join membership m on m.organisation = o.id join person p on p.id = m.person
                     where i.session = ? and i.status in ('invited', 'confirmed') and p.erased = 0
                     and (m.until is null or m.until >= ?)
                     and not exists (select 1 from participant t where t.session = i.session and t.person = p.id)
                     order by o.sort, o.id, case when m.active = 1 then 0 else 1 end, p.sort, p.id limit 1000");
    let today = kernel::today();
    let query = query.bind(today).bind(session).bind(today);
    db.rows(&query.open("the hand on the session was checked"), |row: &mut Row| {
        let (person, name, organisation) = (row.take()?, row.take()?, row.take()?);
        let (organisation_name, role): (Multi, String) = (row.take()?, row.take()?);
        let role = Part::from_code(&role).unwrap_or(Part::Other);
        Ok(Expected { person, name, organisation, organisation_name, role })
    })
}

/// The id under which a person is listed for a session: two phones that list her without a network speak of the same
/// participant. `rooms/field/app/ids.js` works out the same.
fn named(person: Id, session: Id) -> Id {
    Id::named(&format!("participant {person} of {session}"))
}

/// Puts expected persons on the list of a session; who is on it already stays as she is.
pub(crate) fn list(tx: &mut Tx<'_>, session: &Session, persons: &[Id]) -> Result<()> {
    let expected = expected(tx, session.id)?;
    for person in persons {
        let Some(found) = expected.iter().find(|line| line.person == *person) else {
            let query = sql("select count(*) from participant where session = ? and person = ?");
            let query = query.bind(session.id).bind(*person).open("the hand on the session was checked");
            if tx.one::<i64>(&query)? > 0 {
                continue;
            }
            return Err(Error::refused("error.reference"));
        };
        // Who was taken off the list comes back as another participant: what was said of the first one stays hers.
        let id = named(*person, session.id);
        let before: i64 = tx.one(&sql("select count(*) from fact where record = ?").bind(id))?;
        let participant = Participant {
            id: if before == 0 { id } else { Id::new() },
            version: 1,
            programme: session.programme,
            session: session.id.into(),
            person: found.person.into(),
            organisation: Some(found.organisation.into()),
            role: Some(found.role),
            at_the_door: false,
        };
        kernel::record::insert(tx, &participant)?;
    }
    Ok(())
}

/// Cooperatives that somebody at the door may come for: those of the programme and those invited.
pub(crate) fn hosts(db: &mut Db, session: &Session) -> Result<Vec<(Id, Multi)>> {
    let query = sql("select o.id, o.name from organisation o where o.id in (select organisation from enrolment where programme = ?
                     and status <> 'left' union select organisation from training_invitation where session = ?)
                     order by o.sort, o.id");
    let query = query.bind(session.programme.id).bind(session.id);
    db.rows(&query.open("the hand on the session was checked"), |row| Ok((row.take()?, row.take()?)))
}

/// Adds somebody who is not registered: a name is enough. She becomes a member of the cooperative only if she says
/// that she is one. Sent twice, she is added once.
pub(crate) fn welcome(tx: &mut Tx<'_>, session: &Session, id: Id, form: &Fields) -> Result<Participant> {
    let organisation = form.parse::<Id>("organisation");
    if let Some(organisation) = organisation
        && !hosts(tx, session)?.iter().any(|(host, _)| *host == organisation)
    {
        return Err(Error::field("organisation", "error.reference"));
    }
    let role = match form.text("role") {
        None => None,
        Some(code) => Some(Part::from_code(code).ok_or_else(|| Error::field("role", "error.needed"))?),
    };
    let mut said = Fields::default();
    for field in ["name", "sex", "birth_year"] {
        said.push(field, form.text(field).unwrap_or_default());
    }
    let person = Id::named(&format!("person of {id}"));
    kernel::record::create::<Person>(tx, person, &said, Standing::File)?;
    // Whoever coaches for the programme, or works on the cooperative's file, reaches her through it.
    access::grant(tx, person, &access::via(session.programme.id), Standing::File, None)?;
    if let Some(organisation) = organisation {
        access::grant(tx, person, &access::via(organisation), Standing::File, None)?;
        if form.text("member") == Some("yes") {
            let membership = registry::Membership {
                id: Id::named(&format!("membership of {id}")),
                version: 1,
                organisation: organisation.into(),
                person: person.into(),
                since: None,
                until: None,
                active: true,
            };
            kernel::record::insert(tx, &membership)?;
        }
    }
    let participant = Participant {
        id,
        version: 1,
        programme: session.programme,
        session: session.id.into(),
        person: person.into(),
        organisation: organisation.map(Ref::from),
        role,
        at_the_door: true,
    };
    kernel::record::insert(tx, &participant)?;
    Ok(participant)
}

/// Takes somebody off the list, unless she was there or did a test: what happened stays.
pub(crate) fn strike(tx: &mut Tx<'_>, participant: &Participant) -> Result<()> {
    let (id, reason) = (participant.id, "the hand on the session was checked");
    let there = sql("select (select count(*) from attendance where participant = ? and present = 1)
                     + (select count(*) from test_score where participant = ?)");
    if tx.one::<i64>(&there.bind(id).bind(id).open(reason))? > 0 {
        return Err(Error::refused("participant.was_there"));
    }
    tx.run(&sql("delete from attendance where participant = ?").bind(id).open(reason))?;
    kernel::record::remove(tx, participant)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The field app is held to the same ids (`tests/browser/field-app.test.mjs`).
    #[test]
    fn phones_work_out_the_same_id() {
        let id = named(Id::named("person"), Id::named("session"));
        assert_eq!(id.to_string(), "096967de-f1c0-869c-b3fc-4ec22bd54a02");
    }
}
