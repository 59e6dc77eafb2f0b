//! What training tells on other rooms' pages: of a cooperative, of a programme, of a person.

use std::collections::BTreeSet;

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::Panel;
use kernel::{Ctx, Db, Error, Html, Id, Result, Shown, Sql, Standing, Words, sql};
use people::Voices;
use programmes::finding::{self, GAP};
use serde::Serialize;

use crate::figures::hours;
use crate::half_day::dates;
use crate::hand::{self, Hand};
use crate::invitation::InvitationStatus;
use crate::session::{self, Line};

pub(crate) fn panels() -> Vec<Panel> {
    let panel = |place, side, read, show| Panel { name: "training", place, order: 40, side, read, show };
    vec![
        panel("registry.organisation", false, Standing::Shared, of_organisation),
        panel("programmes.programme", false, Standing::Shared, of_programme),
        panel("people.person", false, Standing::File, of_person),
        panel("registry.space", false, Standing::File, tile),
    ]
}

fn shown<T: Template + Serialize>(panel: &T) -> Result<Option<Shown>> {
    Ok(Some(Shown {
        html: Html(panel.render().map_err(Error::internal)?),
        data: serde_json::to_value(panel)?,
    }))
}

/// A session that somebody came to.
#[derive(Serialize)]
struct Attended {
    session: Id,
    name: Multi,
    dates: String,
    persons: i64,
    minutes: i64,
    /// True if the viewer may open its page.
    opens: bool,
}

/// Places of a session to come that a cooperative was offered.
#[derive(Serialize)]
struct Invited {
    name: Multi,
    dates: String,
    places: i64,
    status: InvitationStatus,
}

/// A subject that a cooperative lacks, and the next session that serves it.
#[derive(Serialize)]
struct Lack {
    subject: Multi,
    level: i64,
    next: Option<(Id, Multi, String)>,
}

#[derive(Template, Serialize)]
#[template(path = "training_panel_organisation.html")]
struct OfOrganisation {
    #[serde(skip)]
    w: Words,
    attended: Vec<Attended>,
    persons: i64,
    minutes: i64,
    lacks: Vec<Lack>,
    invited: Vec<Invited>,
}

impl OfOrganisation {
    fn hours(&self, minutes: &i64) -> String {
        hours(self.w, *minutes)
    }
}

/// The sessions that somebody came to for an organisation, or that a person came to: all of them for whoever works on
/// that file, else those of programmes that the viewer knows from within.
fn attended(ctx: &Ctx, db: &mut Db, column: &str, id: Id, near: bool) -> Result<Vec<Attended>> {
    let query = sql(&format!(
        "select s.id, coalesce(s.title, m.title), min(h.day), max(h.day), count(distinct t.person), cast(sum(h.minutes) as bigint), s.programme
         from participant t join attendance a on a.participant = t.id join half_day h on h.id = a.half_day
         join training_session s on s.id = t.session join module m on m.id = s.module
         where a.present = 1 and {column} = ?"
    ))
    .bind(id);
    let query = within(ctx, query, near);
    let query = query.and(" group by s.id, s.title, m.title, s.programme order by 3 desc, s.id limit 60");
    let mut lines = db.rows(&query, |row| {
        let line = Attended {
            session: row.take()?,
            name: row.take()?,
            dates: dates(ctx.w, Some(row.take()?), Some(row.take()?)),
            persons: row.take()?,
            minutes: row.take()?,
            opens: false,
        };
        Ok((line, row.take::<Id>()?))
    })?;
    for (line, programme) in &mut lines {
        line.opens = hand::of(&ctx.viewer, db, *programme)?.is_some();
    }
    Ok(lines.into_iter().map(|(line, _)| line).collect())
}

/// A file's own history is whole; others see what their programmes show.
fn within(ctx: &Ctx, query: Sql, near: bool) -> Sql {
    if near {
        query.open("whoever works on a file reads its history")
    } else {
        query.and(" and").seen_near(&ctx.viewer, "s.programme", Standing::Shared)
    }
}

/// The sessions to come to which a cooperative is invited.
fn invited(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Vec<Invited>> {
    let query = sql("select coalesce(s.title, m.title), min(h.day), max(h.day), i.places, i.status from training_invitation i
                     join training_session s on s.id = i.session join module m on m.id = s.module
                     join half_day h on h.session = s.id
                     where i.organisation = ? and s.status in ('planned', 'open') and h.day >= ?
                     group by i.id, s.title, m.title, i.places, i.status order by 2, i.id limit 20");
    let query = query.bind(organisation).bind(kernel::today());
    db.rows(&query.open("whoever works on a file reads its invitations"), |row| {
        Ok(Invited {
            name: row.take()?,
            dates: dates(ctx.w, Some(row.take()?), Some(row.take()?)),
            places: row.take()?,
            status: row.take()?,
        })
    })
}

fn of_organisation(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    let near = ctx.viewer.standing(db, organisation)? >= Some(Standing::File);
    let attended = attended(ctx, db, "t.organisation", organisation, near)?;
    let lacks = if near { lacks(ctx, db, organisation)? } else { Vec::new() };
    let invited = if near { invited(ctx, db, organisation)? } else { Vec::new() };
    if attended.is_empty() && lacks.is_empty() && invited.is_empty() {
        return Ok(None);
    }
    let query = sql("select count(distinct t.person) from participant t join training_session s on s.id = t.session
                     where t.organisation = ? and exists (select 1 from attendance a where a.participant = t.id and a.present = 1)")
        .bind(organisation);
    let persons = db.one(&within(ctx, query, near))?;
    let minutes = attended.iter().map(|line| line.minutes).sum();
    shown(&OfOrganisation { w: ctx.w, attended, persons, minutes, lacks, invited })
}

/// What it lacks that some module serves; a session to come is named if it has one.
fn lacks(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Vec<Lack>> {
    let query = sql("select distinct l.value from module_subjects l join module m on m.id = l.owner where")
        .seen(&ctx.viewer, "m.id");
    let served: BTreeSet<String> = db.rows(&query, kernel::value::Row::take)?.into_iter().collect();
    let mut gaps = finding::latest(db, organisation)?;
    gaps.retain(|found| found.level <= GAP && served.contains(&found.subject));
    gaps.sort_by_key(|found| found.level);
    let names = finding::subjects(db)?;
    let mut lacks = Vec::new();
    for gap in gaps.into_iter().take(5) {
        let Some(subject) = names.iter().find(|subject| subject.code == gap.subject) else { continue };
        let serves = sql(" and s.status in ('planned', 'open') and s.programme in (select programme from enrolment
                          where organisation = ? and status in ('selected', 'active', 'paused'))
                          and exists (select 1 from module_subjects l where l.owner = s.module and l.value = ?)
                          and exists (select 1 from half_day d where d.session = s.id and d.day >= ?)")
            .bind(organisation)
            .bind(&gap.subject)
            .bind(kernel::today());
        let next = session::list(db, &ctx.viewer, serves)?.into_iter().next();
        let next = next.map(|line| (line.id, line.name, dates(ctx.w, line.since, line.until)));
        lacks.push(Lack { subject: subject.name.clone(), level: gap.level, next });
    }
    Ok(lacks)
}

#[derive(Template, Serialize)]
#[template(path = "training_panel_programme.html")]
struct OfProgramme {
    #[serde(skip)]
    w: Words,
    programme: Id,
    coming: Vec<Line>,
    held: usize,
    persons: i64,
    participations: i64,
    plans: bool,
}

impl OfProgramme {
    fn nothing(&self) -> bool {
        self.held == 0
    }
    fn dates(&self, line: &&Line) -> String {
        dates(self.w, line.since, line.until)
    }
}

fn of_programme(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<Option<Shown>> {
    let lines = session::list(db, &ctx.viewer, sql(" and s.programme = ?").bind(programme))?;
    let plans = hand::of(&ctx.viewer, db, programme)? >= Some(Hand::Plans);
    let query = sql("select count(distinct t.person), count(*) from participant t join attendance a on a.participant = t.id
                     where a.present = 1 and t.programme = ?");
    let query = query.bind(programme).open("the page checked the standing at the programme");
    let (persons, participations) = db.row(&query, |row| Ok((row.take()?, row.take()?)))?.unwrap_or_default();
    let today = kernel::today();
    let held = lines.iter().filter(|line| line.present > 0).count();
    let coming = lines.into_iter().filter(|line| !line.is_past(today)).take(4).collect();
    shown(&OfProgramme { w: ctx.w, programme, coming, held, persons, participations, plans })
}

#[derive(Template, Serialize)]
#[template(path = "training_panel_person.html")]
struct OfPerson {
    #[serde(skip)]
    w: Words,
    attended: Vec<Attended>,
}

impl OfPerson {
    fn hours(&self, minutes: &i64) -> String {
        hours(self.w, *minutes)
    }
}

fn of_person(ctx: &Ctx, db: &mut Db, person: Id) -> Result<Option<Shown>> {
    // The page of a person opens to whoever works on her file.
    let attended = attended(ctx, db, "t.person", person, true)?;
    if attended.is_empty() { Ok(None) } else { shown(&OfPerson { w: ctx.w, attended }) }
}

/// In the cooperative's own space: how many of its people were trained, how many certificates they hold.
#[derive(Template, Serialize)]
#[template(path = "training_tile.html")]
struct Tile {
    #[serde(skip)]
    w: Words,
    organisation: Id,
    persons: i64,
    certificates: i64,
    #[serde(skip)]
    voices: Voices,
}

fn tile(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    let persons =
        sql("select count(distinct t.person) from participant t join attendance a on a.participant = t.id
                       where t.organisation = ? and a.present = 1")
        .bind(organisation)
        .open("standing checked");
    let certificates = sql("select count(*) from certificate c join participant t on t.id = c.participant
                            where t.organisation = ? and c.revoked is null")
    .bind(organisation)
    .open("standing checked");
    let (persons, certificates) = (db.one(&persons)?, db.one(&certificates)?);
    let voices = Voices::of_words(ctx, db)?;
    shown(&Tile { w: ctx.w, organisation, persons, certificates, voices })
}
