//! The roll-call on a telephone: a row a person, one tap, one save for all; who is not registered is added in place.

use std::collections::BTreeMap;

use askama::Template;
use kernel::kinds::{Choice, Multi};
use kernel::{Ctx, Error, FieldError, Id, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Head, device_at};
use crate::attendance::{self, Mark, Paper};
use crate::double;
use crate::half_day::{self, HalfDay};
use crate::hand::{self, Hand};
use crate::participant::{self, Part};
use crate::session::Session;

/// A half-day to choose.
#[derive(Serialize, JsonSchema)]
struct Day {
    id: Id,
    when: String,
    current: bool,
    taken: bool,
}

/// A person to tick.
#[derive(Serialize, JsonSchema)]
struct Row {
    participant: Id,
    name: Multi,
    organisation: Option<Multi>,
    role: Option<Part>,
    at_the_door: bool,
    present: bool,
    /// When it was taken and when the server had it, if these differ.
    late: Option<String>,
}

/// The roll-call of a half-day.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "training_roll_call.html")]
pub(crate) struct RollCallPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    head: Head,
    days: Vec<Day>,
    /// The half-day shown.
    half_day: Option<Id>,
    rows: Vec<Row>,
    present: usize,
    /// True once this roll-call was saved.
    taken: bool,
    papers: Vec<Paper>,
    #[serde(skip)]
    #[schemars(skip)]
    hosts: Vec<(Id, String)>,
    #[serde(skip)]
    #[schemars(skip)]
    door: Door,
}

/// The form of somebody at the door.
struct Door {
    id: Id,
    typed: kernel::Fields,
    errors: Vec<(String, String)>,
}

impl Door {
    fn typed(&self, name: &str) -> &str {
        self.typed.get(name).unwrap_or_default()
    }
    fn is(&self, name: &str, value: &str) -> bool {
        self.typed(name) == value
    }
}

impl RollCallPage {
    fn roles(&self) -> Vec<(&'static str, String)> {
        Part::CODES.iter().map(|code| (*code, self.w.t2(Part::WORDS, code))).collect()
    }
    fn papers_here(&self) -> Vec<&Paper> {
        self.papers.iter().filter(|paper| Some(paper.half_day) == self.half_day).collect()
    }
}

/// The half-day that is asked for, else the one that runs, else the first without a roll-call, else the last.
fn chosen<'a>(
    ctx: &Ctx,
    days: &'a [HalfDay],
    marks: &BTreeMap<(Id, Id), Mark>,
) -> Result<Option<&'a HalfDay>> {
    let asked = ctx.form.parse::<Id>("half_day").or_else(|| ctx.query.parse::<Id>("half_day"));
    if let Some(asked) = asked {
        return days.iter().find(|half| half.id == asked).map(Some).ok_or(Error::NotFound);
    }
    let now = kernel::locale::zone().to_datetime(jiff::Timestamp::now());
    let taken = |half: &&HalfDay| marks.keys().any(|(day, _)| *day == half.id);
    let first = days.iter().find(|half| !taken(half) && half.day <= now.date());
    Ok(half_day::running(days, now).or(first).or(days.last()))
}

/// A mark says when it was taken where that is not the moment it arrived.
fn late(w: Words, half: &HalfDay, mark: &Mark) -> Option<String> {
    const SLACK: i64 = 10 * 60 * 1000;
    let apart = mark.device_at.is_some_and(|device| (mark.at - device).abs() > SLACK);
    let another_day = kernel::locale::date_of(mark.at) != half.day;
    match mark.device_at {
        Some(device) if apart => {
            let times = [("device", w.instant(device)), ("server", w.instant(mark.at))];
            Some(w.args("roll_call.late_device", &times))
        }
        _ if another_day => Some(w.with("roll_call.late", "server", &w.instant(mark.at))),
        _ => None,
    }
}

fn roll_call_page(ctx: &Ctx, status: u16, errors: Vec<FieldError>) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (session, head) = super::open(ctx, db, Hand::Takes, "roll-call")?;
        let days = half_day::of(db, session.id)?;
        let marks = attendance::of(db, session.id)?;
        let half = chosen(ctx, &days, &marks)?;
        let there_by_default = ctx.query.text("default") == Some("present");
        let rows: Vec<Row> = participant::of(db, session.id)?
            .into_iter()
            .map(|line| {
                let mark = half.and_then(|half| marks.get(&(half.id, line.id)));
                Row {
                    participant: line.id,
                    name: line.name,
                    organisation: line.organisation_name,
                    role: line.role,
                    at_the_door: line.at_the_door,
                    present: mark.map_or(there_by_default, |mark| mark.present),
                    late: half.zip(mark).and_then(|(half, mark)| late(w, half, mark)),
                }
            })
            .collect();
        let hosts = participant::hosts(db, &session)?;
        let taken = |id: Id| marks.keys().any(|(day, _)| *day == id);
        Ok(RollCallPage {
            w,
            present: rows.iter().filter(|row| row.present).count(),
            taken: half.is_some_and(|half| taken(half.id)),
            half_day: half.map(|half| half.id),
            days: days
                .iter()
                .map(|day| Day {
                    id: day.id,
                    when: half_day::when(w, day),
                    current: half.is_some_and(|half| half.id == day.id),
                    taken: taken(day.id),
                })
                .collect(),
            papers: attendance::papers(db, session.id)?,
            hosts: hosts.into_iter().map(|(id, name)| (id, name.best(w.lang).to_owned())).collect(),
            door: Door {
                id: if errors.is_empty() { Id::new() } else { ctx.new_id() },
                typed: ctx.form.clone(),
                errors: errors.iter().map(|e| (w.t2("door", &e.field), w.wrong(&e.wrong))).collect(),
            },
            head,
            rows,
        })
    })?;
    ctx.page_with_status(status, &w.t("roll_call.title"), &page)
}

pub(super) fn page(ctx: &Ctx) -> Result<Reply> {
    roll_call_page(ctx, 200, Vec::new())
}

/// The half-day that a form speaks of, which must be one of the session.
fn half_day_of(ctx: &Ctx, db: &mut kernel::Db, session: &Session) -> Result<HalfDay> {
    let id = ctx.form.parse::<Id>("half_day").ok_or_else(|| Error::refused("roll_call.no_half_day"))?;
    let half = kernel::record::find::<HalfDay>(db, id)?.filter(|half| half.session.id == session.id);
    half.ok_or_else(|| Error::refused("error.reference"))
}

fn back(session: Id, half: Id) -> String {
    format!("/training/sessions/{session}/roll-call?half_day={half}")
}

/// Saves the whole roll-call in one go: everybody listed on the page is there or is not.
pub(super) fn save(ctx: &Ctx) -> Result<Reply> {
    let ids = |name: &str| -> Result<Vec<Id>> {
        ctx.form.all(name).map(|text| text.parse().map_err(|_| Error::refused("error.reference"))).collect()
    };
    let mut marks: BTreeMap<Id, bool> = ids("listed")?.into_iter().map(|id| (id, false)).collect();
    marks.extend(ids("present")?.into_iter().map(|id| (id, true)));
    let path = ctx.write(|tx| {
        let (session, _) = hand::session(ctx, tx, Hand::Takes)?;
        let half = half_day_of(ctx, tx, &session)?;
        if marks.is_empty() {
            return Err(Error::refused("roll_call.nobody"));
        }
        double::take(ctx, tx, &half, marks, device_at(ctx))?;
        Ok(back(session.id, half.id))
    })?;
    ctx.done(&path, "roll_call")
}

/// Adds somebody who came to the door, and writes down that she is there.
pub(super) fn welcome(ctx: &Ctx) -> Result<Reply> {
    let made = ctx.write(|tx| {
        let (session, _) = hand::session(ctx, tx, Hand::Takes)?;
        let half = half_day_of(ctx, tx, &session)?;
        let participant = participant::welcome(tx, &session, ctx.new_id(), &ctx.form)?;
        attendance::take(tx, &half, &BTreeMap::from([(participant.id, true)]), device_at(ctx))?;
        Ok(back(session.id, half.id))
    });
    match made {
        Ok(path) => ctx.done(&path, "welcomed"),
        Err(Error::Invalid(errors)) if !ctx.json => roll_call_page(ctx, 422, errors),
        Err(error) => Err(error),
    }
}

/// Keeps a photo of the paper list.
pub(super) fn sheet(ctx: &Ctx) -> Result<Reply> {
    let path = ctx.write(|tx| {
        let (session, _) = hand::session(ctx, tx, Hand::Takes)?;
        let half = half_day_of(ctx, tx, &session)?;
        let path = format!("{}#sheets", back(session.id, half.id));
        if kernel::record::find::<attendance::Sheet>(tx, ctx.new_id())?.is_some() {
            return Ok(path);
        }
        let upload = ctx.uploads.iter().find(|upload| upload.field == "file");
        let upload = upload.ok_or_else(|| Error::refused("roll_call.no_sheet"))?;
        // The session is its owner: whoever takes the roll-call opens it, a sponsor does not.
        let file = kernel::files::keep(&ctx.app, tx, upload, session.id)?;
        let sheet = attendance::Sheet {
            id: ctx.new_id(),
            version: 1,
            programme: session.programme,
            half_day: half.id.into(),
            file: kernel::kinds::File(file.to_string()),
        };
        kernel::record::insert(tx, &sheet)?;
        Ok(path)
    })?;
    ctx.done(&path, "saved")
}
