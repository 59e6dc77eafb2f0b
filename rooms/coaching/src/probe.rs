//! Looks into the records that propose the level of an item, with the records behind it. A look proposes only what
//! the records can show; where they are silent it proposes nothing, and the coach asks.

use jiff::civil::{Date, date};
use kernel::kinds::Choice;
use kernel::room::{Behind, Proposal};
use kernel::{Ctx, Db, Id, Result, Words, choice};
use registry::{DocumentKind, Held, Office};

use crate::assessment::Assessment;

choice! {
    /// What a look reads.
    pub Probe in "probe" {
        Assembly = "assembly", MemberRegister = "member_register", ActiveMembers = "active_members",
        WomenInOffice = "women_in_office", YoungInOffice = "young_in_office", RegularBuyers = "regular_buyers",
        PaperTrail = "paper_trail", InTime = "in_time", LotsFollowed = "lots_followed",
    }
}

/// The look that serves an item of Boussole, if the records allow one today.
pub(crate) fn of_boussole(item: &str) -> Option<Probe> {
    match item {
        "B1" => Some(Probe::Assembly),
        "C1" => Some(Probe::MemberRegister),
        "C2" => Some(Probe::ActiveMembers),
        "C4" => Some(Probe::WomenInOffice),
        "C5" => Some(Probe::YoungInOffice),
        "F3" => Some(Probe::LotsFollowed),
        "G1" => Some(Probe::RegularBuyers),
        "G4" => Some(Probe::PaperTrail),
        "G5" => Some(Probe::InTime),
        _ => None,
    }
}

/// What the records of a cooperative propose on the day of an assessment.
pub(crate) fn look(
    ctx: &Ctx,
    db: &mut Db,
    probe: Probe,
    assessment: &Assessment,
) -> Result<Option<Proposal>> {
    look_on(ctx, db, probe, assessment.organisation.id, assessment.held)
}

/// The same on any day.
pub(crate) fn look_on(
    ctx: &Ctx,
    db: &mut Db,
    probe: Probe,
    organisation: Id,
    day: Date,
) -> Result<Option<Proposal>> {
    let w = ctx.w;
    Ok(match probe {
        Probe::Assembly => assemblies(w, db, organisation, day)?,
        Probe::MemberRegister | Probe::ActiveMembers => members(w, db, probe, organisation, day)?,
        Probe::WomenInOffice | Probe::YoungInOffice => offices(w, db, probe, organisation, day)?,
        // Rooms above look into what they keep.
        Probe::RegularBuyers | Probe::PaperTrail | Probe::InTime | Probe::LotsFollowed => {
            ctx.look(db, probe.code(), organisation, day)?
        }
    })
}

/// Minutes of assemblies, by the financial year they close. The year is taken to end in December; the assembly is held
/// within six months (law 112-12 as told by its commentators: see the country pack).
fn assemblies(w: Words, db: &mut Db, organisation: Id, day: Date) -> Result<Option<Proposal>> {
    let mut minutes: Vec<(Date, Id)> = registry::documents(db, organisation)?
        .into_iter()
        .filter(|document| document.kind == DocumentKind::Minutes)
        .filter_map(|document| Some((document.issued.filter(|issued| *issued <= day)?, document.id)))
        .collect();
    minutes.sort();
    let dates: Vec<Date> = minutes.iter().map(|(issued, _)| *issued).collect();
    let level = assembly_level(&dates, day);
    let records = minutes.iter().rev().take(4).map(|(issued, id)| Behind {
        label: w.with("probe.minutes", "date", &w.date(issued)),
        path: format!("/documents/{id}/edit"),
    });
    let last = dates.last().map(|issued| w.date(issued)).unwrap_or_default();
    Ok(level.map(|level| Proposal {
        level,
        reason: w.with("probe.assembly.reason", "date", &last),
        records: records.collect(),
    }))
}

/// Level of *assembly held in time* from the dates of minutes, in order; nothing if there are none.
pub(crate) fn assembly_level(minutes: &[Date], day: Date) -> Option<i64> {
    if minutes.is_empty() {
        return None;
    }
    // The last year whose six months are over, or whose assembly was already held.
    let held = |year: i16, last_month: i8, last_day: i8| {
        minutes.iter().any(|m| *m >= date(year, 1, 1) && *m <= date(year, last_month, last_day))
    };
    let in_time = |year| held(year, 6, 30);
    let late = |year| held(year, 12, 31);
    let last = if day > date(day.year(), 6, 30) || in_time(day.year()) { day.year() } else { day.year() - 1 };
    Some(match (in_time(last), in_time(last - 1), in_time(last - 2)) {
        (true, true, true) => 4,
        (true, ..) => 3,
        _ if late(last) && late(last - 1) => 2,
        _ if late(last) || late(last - 1) => 1,
        _ => 0,
    })
}

fn members(w: Words, db: &mut Db, probe: Probe, organisation: Id, day: Date) -> Result<Option<Proposal>> {
    let counts = registry::member_counts(db, organisation, day)?;
    // A handful of names in a file says nothing about the cooperative.
    let level = match probe {
        _ if counts.all < 5 => None,
        // The shares of members are not in these records: a complete register cannot be shown.
        Probe::MemberRegister => Some(2),
        _ => Some(active_level(counts.active, counts.all)),
    };
    Ok(level.map(|level| Proposal {
        level,
        reason: w.args(
            &format!("probe.{}.reason", probe.code()),
            &[("active", w.num(counts.active)), ("all", w.num(counts.all))],
        ),
        records: vec![Behind {
            label: w.n("probe.members", counts.all),
            path: format!("/organisations/{organisation}/members"),
        }],
    }))
}

/// One level for each fifth of the members who take part in the work.
pub(crate) fn active_level(active: i64, all: i64) -> i64 {
    (5 * active / all.max(1)).clamp(0, 4)
}

fn offices(w: Words, db: &mut Db, probe: Probe, organisation: Id, day: Date) -> Result<Option<Proposal>> {
    let mandates = registry::mandates(db, organisation, day)?;
    let held: Vec<&Held> =
        mandates.iter().filter(|m| m.since <= day && m.until.is_none_or(|until| until >= day)).collect();
    let level = match probe {
        Probe::YoungInOffice => young_level(&mandates, &held, day),
        _ => {
            let counts = registry::member_counts(db, organisation, day)?;
            let stated = counts.women + counts.men;
            if stated < 5 { None } else { women_level(&held, counts.women, stated) }
        }
    };
    let records = held.iter().map(|mandate| Behind {
        label: format!("{} · {}", mandate.name.best(w.lang), w.choice(&mandate.role)),
        path: format!("/people/{}", mandate.person),
    });
    let women = held.iter().filter(|m| is_woman(m)).count();
    let reason = w.args(
        &format!("probe.{}.reason", probe.code()),
        &[("women", w.num(women)), ("all", w.num(held.len()))],
    );
    Ok(level.map(|level| Proposal { level, reason, records: records.collect() }))
}

fn is_woman(mandate: &Held) -> bool {
    mandate.sex.as_deref() == Some("woman")
}

/// Women's share of the offices against their share of the members; nothing while a sex is not stated.
pub(crate) fn women_level(held: &[&Held], women: i64, members: i64) -> Option<i64> {
    if held.is_empty() || women == 0 || held.iter().any(|mandate| mandate.sex.is_none()) {
        return None;
    }
    let offices = held.len() as i64;
    let theirs: Vec<_> = held.iter().filter(|mandate| is_woman(mandate)).collect();
    // (theirs / offices) / (women / members), without fractions.
    let (top, bottom) = (theirs.len() as i64 * members, women * offices);
    let leads =
        theirs.iter().any(|m| matches!(m.role, Office::President | Office::Treasurer | Office::Manager));
    Some(match () {
        () if top == 0 => 0,
        () if 2 * top < bottom => 1,
        () if 4 * top < 3 * bottom => 2,
        () if !leads => 3,
        () => 4,
    })
}

/// Offices held by somebody of 35 years or less, or for the first time where earlier mandates are known. What one
/// election shows reaches level 3; only two would show a habit.
fn young_level(all: &[Held], held: &[&Held], day: Date) -> Option<i64> {
    let history = all.iter().any(|mandate| mandate.until.is_some_and(|until| until < day));
    let new = |mandate: &Held| {
        let young = mandate.birth_year.is_some_and(|year| i64::from(day.year()) - year <= 35);
        let first = history && !all.iter().any(|m| m.person == mandate.person && m.since < mandate.since);
        young || first
    };
    let theirs = held.iter().filter(|mandate| new(mandate)).count();
    match theirs {
        0 => None,
        n if 3 * n >= held.len() => Some(3),
        _ => Some(2),
    }
}
