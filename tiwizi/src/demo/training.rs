//! Eighteen months of training: six modules, fourteen sessions with their roll-calls, tests and reactions. One is held
//! today, two are to come.

mod catalogue;

use std::collections::BTreeMap;

use kernel::access::{self, Standing};
use kernel::kinds::{Code, Long, Many, Money, Multi, Place};
use kernel::{App, Id, Result, Tx};
use people::{Person, Sex, Tongue, Year};
use training::{
    Address, DayPart, HalfDay, Invitation, InvitationStatus, Mode, Module, Moment, Part, Participant,
    Question, Reaction, Score, Session, SessionStatus, SessionTrainer, Subjects,
};

use super::{ago, cooperatives, id, put};
use catalogue::{MODULES, ModuleLine, QUESTIONS, SESSIONS, Wording};

/// Members of a cooperative who come to a session.
const EACH: usize = 5;
/// Right answers are counted out of so many where the module's questions are not written.
const OUT_OF: i64 = 10;

pub(super) fn tell(tx: &mut Tx<'_>) -> Result<()> {
    for line in MODULES {
        module(tx, line)?;
    }
    let mut position = BTreeMap::new();
    for (code, wording, choices, correct) in QUESTIONS {
        let at = position.entry(*code).or_insert(0_i64);
        *at += 1;
        let words = |(fr, ar): &Wording| Multi::fr_ar(fr, ar);
        let question = Question {
            id: id(&format!("question {code} {at}")),
            version: 1,
            module: id(&format!("module {code}")).into(),
            position: *at,
            wording: words(wording),
            picture: None,
            choice_a: words(&choices[0]),
            choice_b: words(&choices[1]),
            choice_c: Some(words(&choices[2])),
            choice_d: None,
            correct: *correct,
        };
        put(tx, &question, 515)?;
    }
    for n in 0..SESSIONS.len() {
        session(tx, n)?;
    }
    Ok(())
}

/// Whoever completed one of the first sessions has a certificate.
pub(super) fn certify(app: &App, tx: &mut Tx<'_>) -> Result<()> {
    let public = app.public.as_ref().map(|public| Address { host: public.host.clone(), base: public.base() });
    let here = Address { host: "localhost:8080".into(), base: "http://localhost:8080".into() };
    let at = public.unwrap_or(here);
    tx.dated = None;
    for n in 0..SESSIONS.len().min(9) {
        let session = kernel::record::get::<Session>(tx, id(&format!("session {n}")))?;
        training::issue_certificates(tx, &app.secret, &at, &session, "")?;
    }
    Ok(())
}

fn module(tx: &mut Tx<'_>, line: &ModuleLine) -> Result<()> {
    let (code, title, aim, hours, theme, subjects) = line;
    // The subjects come with the diagnosis of the demonstration.
    let known = programmes::finding::subjects(tx)?;
    let serves: Vec<String> = subjects.iter().map(|code| (*code).to_owned()).collect();
    let serves: Vec<String> =
        serves.into_iter().filter(|code| known.iter().any(|s| s.code == *code)).collect();
    let module = Module {
        id: id(&format!("module {code}")),
        version: 1,
        code: Code((*code).into()),
        title: Multi::fr_ar(title.0, title.1),
        objectives: Some(Multi::fr_ar(aim.0, aim.1)),
        content: None,
        hours: *hours,
        pass_mark: None,
        languages: Some(Many(vec![Tongue::Darija, Tongue::Tachelhit, Tongue::Tamazight])),
        themes: Some(Many(vec![*theme])),
        subjects: (!serves.is_empty()).then_some(Subjects(serves)),
        published: true,
        invented: true,
    };
    if put(tx, &module, 516)? {
        let scope = access::scope("account", id("account manager"));
        access::grant(tx, module.id, &scope, Standing::Steward, None)?;
    }
    Ok(())
}

fn session(tx: &mut Tx<'_>, n: usize) -> Result<()> {
    let (code, commune, first, days, (from, many), language) = SESSIONS[n];
    let planned = first.max(0) + 30;
    let session = Session {
        id: id(&format!("session {n}")),
        version: 1,
        programme: id("programme").into(),
        module: id(&format!("module {code}")).into(),
        promotion: None,
        title: None,
        place: Some(Place { division: commune.into(), lat: None, lon: None }),
        venue: Some(if n.is_multiple_of(2) { "Dar Taliba" } else { "Maison de la culture" }.into()),
        language: Some(language),
        // One cooperative of the session to come declined, and another waits for its places.
        capacity: if first == -3 { 25 } else { 30 },
        status: SessionStatus::Open,
        cost: Some(Money::whole(3_200 + 400 * days * many as i64, "MAD")),
        partner_cost: n.is_multiple_of(3).then(|| Money::whole(1_500, "MAD")),
        partner: n.is_multiple_of(3).then(|| id("group").into()),
    };
    if !put(tx, &session, planned)? {
        return Ok(());
    }
    let mut halves = Vec::new();
    for day in 0..days {
        for (part, minutes) in [(DayPart::Morning, 180), (DayPart::Afternoon, 150)] {
            let half = HalfDay {
                id: id(&format!("half-day {n} {day} {minutes}")),
                version: 1,
                programme: session.programme,
                session: session.id.into(),
                day: ago(first - day),
                part,
                minutes,
            };
            put(tx, &half, planned)?;
            halves.push((half, first - day));
        }
    }
    let trainer = SessionTrainer {
        id: id(&format!("trainer of session {n}")),
        version: 1,
        programme: session.programme,
        session: session.id.into(),
        account: Some(id("account trainer").into()),
        name: None,
    };
    put(tx, &trainer, planned)?;
    let came: Vec<usize> = (from..from + many).collect();
    for (place, cooperative) in came.iter().enumerate() {
        invite(tx, &session, n, *cooperative, place, first)?;
    }
    let listed = if first < 0 { Vec::new() } else { list(tx, &session, n, &came, first)? };
    if first > 0 {
        roll_calls(tx, &halves, &listed, n)?;
        test(tx, &session, &listed, code, n, first)?;
        react(tx, &session, listed.len(), n, first)?;
    }
    Ok(())
}

fn invite(
    tx: &mut Tx<'_>,
    session: &Session,
    n: usize,
    cooperative: usize,
    place: usize,
    first: i64,
) -> Result<()> {
    use InvitationStatus::{Confirmed, Declined, Invited, Waiting};
    let invitation = Invitation {
        id: id(&format!("invitation {n} {cooperative}")),
        version: 1,
        programme: session.programme,
        session: session.id.into(),
        organisation: id(&cooperatives::key(cooperative)).into(),
        places: EACH as i64,
        status: match (first, place) {
            (-3, 2) => Declined,
            (-3, 5) => Waiting,
            (-3, 4) | (..0, 3..) => Invited,
            _ => Confirmed,
        },
        asked: ago(first + 14 - place as i64),
    };
    put(tx, &invitation, first.max(0) + 14)?;
    Ok(())
}

/// The members of the cooperatives who come, the president among them; and in every third session somebody at the door.
fn list(tx: &mut Tx<'_>, session: &Session, n: usize, came: &[usize], first: i64) -> Result<Vec<Id>> {
    let mut listed = Vec::new();
    for cooperative in came {
        for m in (0..EACH).map(|m| (m * 2 + n * 3) % 11).chain([0]) {
            let role = match m {
                0 => Part::President,
                1 => Part::Treasurer,
                2 => Part::Secretary,
                _ => Part::Member,
            };
            let person = id(&format!("person {cooperative} {m}"));
            if kernel::record::find::<Person>(tx, person)?.is_some() {
                listed.push(participant(tx, session, n, person, *cooperative, (role, false), first)?);
            }
        }
    }
    if n.is_multiple_of(3) {
        let person = Person {
            id: id(&format!("somebody at the door {n}")),
            version: 1,
            name: Multi::fr_ar("Itto (inventée)", "إيطو (خيالية)"),
            sex: Some(Sex::Woman),
            birth_year: Some(Year(1979 + n as i64)),
            position: None,
            phone: None,
            speaks: None,
            reads: None,
            erased: false,
        };
        put(tx, &person, first)?;
        access::grant(tx, person.id, &access::via(session.programme.id), Standing::File, None)?;
        listed.push(participant(tx, session, n, person.id, came[0], (Part::Other, true), first)?);
    }
    listed.sort();
    listed.dedup();
    Ok(listed)
}

fn participant(
    tx: &mut Tx<'_>,
    session: &Session,
    n: usize,
    person: Id,
    cooperative: usize,
    (role, at_the_door): (Part, bool),
    first: i64,
) -> Result<Id> {
    let participant = Participant {
        id: id(&format!("participant {n} {person}")),
        version: 1,
        programme: session.programme,
        session: session.id.into(),
        person: person.into(),
        organisation: Some(id(&cooperatives::key(cooperative)).into()),
        role: Some(role),
        at_the_door,
    };
    put(tx, &participant, if at_the_door { first } else { first + 4 })?;
    Ok(participant.id)
}

/// Nearly everybody is there; one session was written down two days later, from a phone without network.
fn roll_calls(tx: &mut Tx<'_>, halves: &[(HalfDay, i64)], listed: &[Id], n: usize) -> Result<()> {
    for (h, (half, days)) in halves.iter().enumerate() {
        let there = |who: usize| !(who * 7 + n * 5 + h * 3).is_multiple_of(9) && (who + n) % 14 != 3;
        let marks = listed.iter().enumerate().map(|(who, participant)| (*participant, there(who))).collect();
        let taken = kernel::now() - days * 86_400_000;
        tx.dated = Some(if n == 6 { taken + 2 * 86_400_000 } else { taken });
        training::take(tx, half, &marks, (n == 6).then_some(taken))?;
    }
    Ok(())
}

fn test(tx: &mut Tx<'_>, session: &Session, listed: &[Id], code: &str, n: usize, first: i64) -> Result<()> {
    let written = QUESTIONS.iter().filter(|(of, ..)| *of == code).count() as i64;
    let out_of = if written > 0 { written } else { OUT_OF };
    for (who, participant) in listed.iter().enumerate() {
        let mix = (who * 5 + n * 3) as i64;
        let before = mix % (out_of / 2 + 1);
        // A few fell ill, a few learnt nothing, one in twenty knew everything.
        let before = if mix % 20 == 19 { out_of } else { before };
        let after = (before + 1 + mix % (out_of / 2 + 1)).min(out_of);
        let both = [(Moment::Before, before, who % 11 != 5), (Moment::After, after, who % 13 != 6)];
        for (moment, score, came) in both {
            if !came {
                continue;
            }
            let score = Score {
                id: id(&format!("score {n} {participant} {}", kernel::kinds::Choice::code(&moment))),
                version: 1,
                programme: session.programme,
                participant: (*participant).into(),
                moment,
                score,
                out_of,
                mode: if who.is_multiple_of(3) { Mode::Oral } else { Mode::Written },
                given: None,
            };
            put(tx, &score, first)?;
        }
    }
    Ok(())
}

fn react(tx: &mut Tx<'_>, session: &Session, people: usize, n: usize, first: i64) -> Result<()> {
    for who in 0..people * 4 / 5 {
        let face = |line: usize| (who + line != 7).then(|| 5 - ((who * 3 + n + line * 2) % 7 / 2) as i64);
        let reaction = Reaction {
            id: id(&format!("reaction {n} {who}")),
            version: 1,
            programme: session.programme,
            session: session.id.into(),
            useful: face(0),
            clear: face(1),
            language: face(2),
            moment: face(3),
            would_apply: face(4),
            remark: (who == 2).then(|| Long("Il faudrait plus d’exercices et un peu plus de temps.".into())),
        };
        put(tx, &reaction, first)?;
    }
    Ok(())
}
