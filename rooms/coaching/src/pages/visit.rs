//! One visit: what is planned, and the report of what was.

use askama::Template;
use kernel::form::Options;
use kernel::kinds::{Choice, Multi};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Fields, Form, Html, Id, Reply, Result, Standing, Words};
use registry::Organisation;
use schemars::JsonSchema;
use serde::Serialize;

use crate::action::{self, Action, ActionStatus};
use crate::pages::question::LEAST;
use crate::souk::{self, Day};
use crate::visit::{self, Visit, VisitStatus};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/visits/{visit}", show).answers::<VisitPage>(),
        post("/visits/{visit}/report", report).upload(),
        post("/visits/{visit}/cancellation", cancel),
    ]
}

#[derive(Serialize, JsonSchema)]
struct ActionLine {
    id: Id,
    title: Multi,
    due: Option<String>,
    status: ActionStatus,
}

#[derive(Serialize, JsonSchema)]
struct PhotoLine {
    file: String,
    caption: Option<String>,
}

/// A visit.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "coaching_visit.html")]
struct VisitPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    version: i64,
    organisation: Id,
    name: Multi,
    place: String,
    held: String,
    coach: String,
    purpose: Option<String>,
    status: VisitStatus,
    souk: Option<Day>,
    market_day: bool,
    actions: Vec<ActionLine>,
    photos: Vec<PhotoLine>,
    photo: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    told: Html,
    #[serde(skip)]
    #[schemars(skip)]
    form: Option<Form>,
}

impl VisitPage {
    fn day(&self, day: &Day) -> String {
        self.w.choice(day)
    }
    fn statuses(&self) -> Options {
        ActionStatus::CODES
            .iter()
            .map(|code| ((*code).to_owned(), self.w.t2(ActionStatus::WORDS, code)))
            .collect()
    }
    fn is(&self, status: &ActionStatus, code: &str) -> bool {
        status.code() == code
    }
    fn planned(&self) -> bool {
        self.status == VisitStatus::Planned
    }
}

fn open(ctx: &Ctx, db: &mut Db) -> Result<(Visit, Standing)> {
    let visit = kernel::record::find::<Visit>(db, ctx.id("visit")?)?;
    let visit = visit.ok_or(if ctx.viewer.signed_in() { Error::NotFound } else { Error::SignIn })?;
    let standing = ctx.standing(db, visit.organisation.id, LEAST)?;
    Ok((visit, standing))
}

fn show(ctx: &Ctx) -> Result<Reply> {
    visit_page(ctx, 200, Vec::new())
}

fn visit_page(ctx: &Ctx, status: u16, errors: Vec<FieldError>) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (visit, standing) = open(ctx, db)?;
        let organisation = kernel::record::get::<Organisation>(db, visit.organisation.id)?;
        let names = people::account_names(db, &[visit.coach.id])?;
        let souk = souk::all(db)?.get(&organisation.place.division).copied();
        let refused = !errors.is_empty();
        let mut typed = if refused { ctx.form.clone() } else { kernel::record::typed(&visit) };
        if !refused && visit.status == VisitStatus::Planned && visit.held > kernel::today() {
            typed.set("held", kernel::today().to_string());
        }
        let form = Form::of::<Visit>(w, typed, standing).refused(errors);
        let plan = action::of(db, organisation.id)?;
        let quiet = Visit { photo: None, ..visit.clone() };
        Ok(VisitPage {
            w,
            id: visit.id,
            version: visit.version,
            organisation: organisation.id,
            place: w.place(&organisation.place.division),
            name: organisation.name,
            held: w.long_date(&visit.held),
            coach: names.into_values().next().unwrap_or_default(),
            purpose: visit.purpose.clone(),
            status: visit.status,
            market_day: souk == Some(souk::day_of(visit.held)),
            souk,
            actions: plan
                .iter()
                .filter(|action| action.is_open())
                .map(|action| ActionLine {
                    id: action.id,
                    title: action.title.clone(),
                    due: action.due.map(|due| w.date(&due)),
                    status: action.status,
                })
                .collect(),
            photos: visit::photos(db, visit.id)?
                .into_iter()
                .map(|photo| PhotoLine { file: photo.file.0, caption: photo.caption })
                .collect(),
            photo: visit.photo.as_ref().map(|file| file.0.clone()),
            told: kernel::form::show_group(&quiet, "report", standing, &w, &kernel::kinds::Names::new()),
            form: (visit.status != VisitStatus::Cancelled).then_some(form),
        })
    })?;
    ctx.page_with_status(status, &w.with("visit.of", "name", page.name.best(w.lang)), &page)
}

/// Fields that a report speaks of.
const REPORTED: &str = "held,minutes,met,seen,next_step,next_visit,status";

/// Tells what was seen, and moves the actions of the plan, in one go.
fn report(ctx: &Ctx) -> Result<Reply> {
    let told = ctx.write(|tx| {
        let (visit, standing) = open(ctx, tx)?;
        if visit.status == VisitStatus::Cancelled {
            return Err(Error::refused("visit.cancelled"));
        }
        let mut form = ctx.form.clone();
        form.0.retain(|(name, _)| name != "_fields" && name != "photo");
        form.set("status", VisitStatus::Done.code());
        form.push("_fields", REPORTED);
        if let Some(upload) = ctx.uploads.iter().find(|upload| upload.field == "photo") {
            let photo = kernel::files::keep(&ctx.app, tx, upload, visit.organisation.id)?;
            form.push("photo", photo.to_string());
            form.push("_fields", "photo");
        }
        let after = kernel::record::change::<Visit>(tx, visit.id, ctx.base_version(), &form, standing)?;
        check(&after)?;
        move_actions(ctx, tx, visit.organisation.id)?;
        Ok(visit.id)
    });
    match told {
        Ok(id) => ctx.done(&format!("/visits/{id}"), "visit_told"),
        Err(Error::Invalid(errors)) if !ctx.json => visit_page(ctx, 422, errors),
        Err(error) => Err(error),
    }
}

fn check(visit: &Visit) -> Result<()> {
    if visit.held > kernel::today() {
        return Err(Error::field("held", "visit.not_yet"));
    }
    if visit.minutes.is_some_and(|minutes| !(1..=1440).contains(&minutes)) {
        return Err(Error::field("minutes", "visit.minutes.range"));
    }
    if visit.next_visit.is_some_and(|next| next <= visit.held) {
        return Err(Error::field("next_visit", "visit.next_later"));
    }
    Ok(())
}

/// `action.<id>` says how far an action of the plan is.
fn move_actions(ctx: &Ctx, tx: &mut kernel::Tx<'_>, organisation: Id) -> Result<()> {
    for (name, code) in &ctx.form.0 {
        let Some(id) = name.strip_prefix("action.").and_then(|text| text.parse::<Id>().ok()) else {
            continue;
        };
        let status = ActionStatus::from_code(code).ok_or_else(|| Error::refused("error.reference"))?;
        let action = kernel::record::find::<Action>(tx, id)?
            .filter(|action| action.organisation.id == organisation)
            .ok_or_else(|| Error::refused("error.reference"))?;
        if action.status != status {
            kernel::record::update(tx, &Action { status, ..action })?;
        }
    }
    Ok(())
}

fn cancel(ctx: &Ctx) -> Result<Reply> {
    let organisation = ctx.write(|tx| {
        let (visit, _) = open(ctx, tx)?;
        if visit.status == VisitStatus::Done {
            return Err(Error::refused("visit.done_already"));
        }
        let organisation = visit.organisation.id;
        kernel::record::update(tx, &Visit { status: VisitStatus::Cancelled, ..visit })?;
        Ok(organisation)
    })?;
    ctx.done(&format!("/organisations/{organisation}#visits"), "visit_cancelled")
}

/// Who can be sent to a cooperative: the teams of its programmes, and the viewer.
pub(crate) fn coaches(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Options> {
    let mut found: Options = Vec::new();
    for (programme, _) in super::programmes_of(ctx, db, organisation)? {
        let Ok(programme) = programme.parse::<Id>() else { continue };
        for holder in people::holders(db, &programmes::programme::scope(programme))? {
            use people::RoleKind::{Coach, Manager};
            if matches!(holder.kind, Coach | Manager) {
                found.push((holder.account.to_string(), holder.name));
            }
        }
    }
    if let Some(account) = ctx.viewer.account {
        found.push((account.to_string(), ctx.viewer.name.clone()));
    }
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found.dedup_by(|a, b| a.0 == b.0);
    Ok(found)
}

/// Refuses a coach who is in no team of this cooperative.
pub(crate) fn is_coach(ctx: &Ctx, db: &mut Db, visit: &Visit) -> Result<()> {
    let id = visit.coach.id.to_string();
    let known = coaches(ctx, db, visit.organisation.id)?.iter().any(|(account, _)| *account == id);
    if known { Ok(()) } else { Err(Error::field("coach", "error.reference")) }
}

/// What a new visit is filled with.
pub(crate) fn begin(ctx: &Ctx, form: &mut Fields) {
    form.set("status", VisitStatus::Planned.code());
    form.push("_fields", "status");
    if form.text("coach").is_none()
        && let Some(account) = ctx.viewer.account
    {
        form.set("coach", account.to_string());
    }
}
