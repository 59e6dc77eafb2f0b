//! `/programmes/{programme}/reports`: the reports of a programme; a new one, from a ready report or empty; its heading.

use askama::Template;
use kernel::kinds::Choice;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Fields, Form, Id, Reply, Result, Standing, Words};
use programmes::Programme;
use schemars::JsonSchema;
use serde::Serialize;

use super::record::{Report, ReportSection, ReportTemplate};
use super::{count, letter, ready, record, schedule};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/programmes/{programme}/reports", list).answers::<ReportsPage>(),
        get("/programmes/{programme}/reports/new", new).query(&["template"]),
        post("/programmes/{programme}/reports", create).takes::<Report>(),
        get("/reports/{report}/edit", edit),
        post("/reports/{report}", change).takes::<Report>(),
        post("/reports/{report}/remove", remove),
    ]
}

#[derive(Serialize, JsonSchema)]
struct Line {
    id: Id,
    title: String,
    language: &'static str,
    dates: String,
    place: Option<String>,
    frozen: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Offer {
    template: ReportTemplate,
    title: String,
    summary: String,
}

/// The reports of a programme.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "reports.html")]
struct ReportsPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    programme: Id,
    name: String,
    reports: Vec<Line>,
    /// What a new one can begin from, for whoever may compose.
    offers: Vec<Offer>,
    /// What makes itself, and what became of its letters: for whoever may compose.
    schedules: Vec<Planned>,
    letters: Vec<letter::Line>,
    /// True if letters leave the house.
    sends: bool,
}

/// A report that makes itself.
#[derive(Serialize, JsonSchema)]
struct Planned {
    id: Id,
    title: String,
    language: &'static str,
    every: schedule::Rhythm,
    next: String,
    readers: usize,
}

impl ReportsPage {
    fn code(&self, offer: &Offer) -> &'static str {
        offer.template.code()
    }
    fn tone(&self, letter: &letter::Line) -> &'static str {
        match letter.state {
            letter::LetterState::Sent => "good",
            letter::LetterState::Failed => "late",
            letter::LetterState::Waiting | letter::LetterState::Kept => "wait",
        }
    }
    fn can_go_again(&self, letter: &letter::Line) -> bool {
        let settled = matches!(letter.state, letter::LetterState::Failed | letter::LetterState::Kept);
        self.sends && settled
    }
}

fn offers(w: Words) -> Result<Vec<Offer>> {
    let mut offers = Vec::new();
    for code in ReportTemplate::CODES {
        let Some(template) = ReportTemplate::from_code(code) else { continue };
        offers.push(match ready::find(template)? {
            Some(ready) => Offer {
                template,
                title: ready.title.best(w.lang).to_owned(),
                summary: ready.summary.best(w.lang).to_owned(),
            },
            None => Offer {
                template,
                title: w.choice(&template),
                summary: w.t("report.empty_about").into_owned(),
            },
        });
    }
    // The ready ones first.
    offers.rotate_left(1);
    Ok(offers)
}

fn list(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (programme, standing) =
            programmes::programme::open(db, ctx, ctx.id("programme")?, Standing::Shared)?;
        let reports = record::of(db, programme.id, standing >= Standing::File)?;
        let steward = standing >= Standing::Steward;
        let line = |report: Report| Line {
            id: report.id,
            language: report.lang().code(),
            dates: count::days(w, report.since, report.until),
            place: report.territory.as_deref().map(|code| w.division(code)),
            frozen: report.frozen_on.map(|day| w.date(&day)),
            title: report.title,
        };
        Ok(ReportsPage {
            w,
            programme: programme.id,
            name: programme.name.best(w.lang).to_owned(),
            reports: reports.into_iter().map(line).collect(),
            offers: if steward { offers(w)? } else { Vec::new() },
            schedules: if steward { planned(db, w, programme.id)? } else { Vec::new() },
            letters: if steward { letter::of(db, w, programme.id)? } else { Vec::new() },
            sends: people::sends_letters(&ctx.app),
        })
    })?;
    ctx.page(&w.t("report.list"), &page)
}

fn planned(db: &mut Db, w: Words, programme: Id) -> Result<Vec<Planned>> {
    let planned = |one: schedule::ReportSchedule| Planned {
        id: one.id,
        readers: one.readers().map_or(0, |readers| readers.len()),
        language: one.language.code(),
        every: one.every,
        next: w.date(&one.next),
        title: one.title,
    };
    Ok(schedule::of(db, programme)?.into_iter().map(planned).collect())
}

/// The heading of a report: title, language, days, province.
#[derive(Template, Serialize)]
#[template(path = "report_form.html")]
struct FormPage {
    #[serde(skip)]
    w: Words,
    #[serde(skip)]
    form: Form,
    title: String,
    id: Id,
    version: i64,
    action: String,
    back: (String, String),
    template: &'static str,
    remove: Option<String>,
}

pub(crate) fn provinces(w: Words) -> Vec<(String, String)> {
    let all = kernel::territory::atlas().into_iter().flat_map(|atlas| atlas.level(atlas::Level::Province));
    let mut all: Vec<_> = all.map(|one| (one.code.clone(), one.name(w.lang.code()).to_owned())).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

fn form(w: Words, typed: Fields, errors: Vec<FieldError>) -> Form {
    let form = Form::of::<Report>(w, typed, Standing::Steward).refused(errors);
    form.without("programme").without("template").offer("territory", provinces(w))
}

fn new(ctx: &Ctx) -> Result<Reply> {
    let template = ctx.query.text("template").and_then(ReportTemplate::from_code);
    form_of_new(ctx, 200, template.unwrap_or(ReportTemplate::Empty), None)
}

fn form_of_new(
    ctx: &Ctx,
    status: u16,
    template: ReportTemplate,
    refused: Option<Vec<FieldError>>,
) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let id = ctx.id("programme")?;
        let (programme, _) = programmes::programme::open(db, ctx, id, Standing::Steward)?;
        let typed = match &refused {
            Some(_) => ctx.form.clone(),
            None => {
                let period = ready::period(template, &programme)?;
                let language = if ["fr", "ar", "en"].contains(&w.lang.code()) { w.lang.code() } else { "fr" };
                let title = ready::find(template)?.map(|ready| ready.title.best(w.lang).to_owned());
                let (since, until) = (period.since.to_string(), period.until.to_string());
                Fields::of([
                    ("title", &title.unwrap_or_default()),
                    ("language", language),
                    ("since", &since),
                    ("until", &until),
                ])
            }
        };
        Ok(FormPage {
            w,
            form: form(w, typed, refused.unwrap_or_default()),
            title: w.t("report.new").into_owned(),
            id: ctx.new_id(),
            version: 0,
            action: format!("/programmes/{id}/reports"),
            back: (format!("/programmes/{id}/reports"), programme.name.best(w.lang).to_owned()),
            template: template.code(),
            remove: None,
        })
    })?;
    ctx.page_with_status(status, &page.title.clone(), &page)
}

/// What may be typed of a report; everything else follows.
const TYPED: [&str; 5] = ["title", "language", "since", "until", "territory"];

fn typed(form: &Fields) -> Fields {
    let mut typed = Fields::default();
    for name in TYPED.iter().filter(|name| form.carries(name)) {
        typed.push(*name, form.get(name).unwrap_or_default());
    }
    typed
}

pub(crate) fn check(report: &Report) -> Result<()> {
    let province =
        |code: &String| code.matches('.').count() == 1 && !kernel::territory::ancestors(code).is_empty();
    let known = |code: &&String| kernel::territory::atlas().is_some_and(|atlas| atlas.get(code).is_some());
    match &report.territory {
        Some(code) if !province(code) || !known(&code) => Err(Error::field("territory", "error.reference")),
        None if ready::find(report.template)?.is_some_and(|ready| ready.place) => {
            Err(Error::field("territory", "error.needed"))
        }
        _ if report.until < report.since => Err(Error::field("until", "report.until.order")),
        _ => Ok(()),
    }
}

fn create(ctx: &Ctx) -> Result<Reply> {
    let template = ctx.form.text("template").and_then(ReportTemplate::from_code);
    let template = template.unwrap_or(ReportTemplate::Empty);
    let made = ctx.write(|tx| {
        let programme = ctx.id("programme")?;
        ctx.standing(tx, programme, Standing::Steward)?;
        let mut form = typed(&ctx.form);
        form.set("programme", programme.to_string());
        form.set("template", template.code());
        form.set("state", "draft");
        let cells = kernel::record::parse::<Report>(&form, Standing::Steward, None)?;
        let report = <Report as kernel::Record>::from_cells(ctx.new_id(), 1, cells)?;
        check(&report)?;
        ready::prepare(tx, &report)?;
        Ok(report.id)
    });
    match made {
        Ok(report) => ctx.done(&format!("/reports/{report}"), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => form_of_new(ctx, 422, template, Some(errors)),
        Err(error) => Err(error),
    }
}

/// A draft that the viewer may change.
pub(crate) fn draft(ctx: &Ctx, db: &mut Db) -> Result<Report> {
    let (report, _) = record::open(ctx, db, Standing::Steward)?;
    if report.is_frozen() { Err(Error::refused("report.is_frozen")) } else { Ok(report) }
}

fn edit(ctx: &Ctx) -> Result<Reply> {
    form_of_change(ctx, 200, None)
}

fn form_of_change(ctx: &Ctx, status: u16, refused: Option<Vec<FieldError>>) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let report = draft(ctx, db)?;
        let typed = if refused.is_some() { ctx.form.clone() } else { kernel::record::typed(&report) };
        Ok(FormPage {
            w,
            form: form(w, typed, refused.unwrap_or_default()),
            title: w.t("report.edit").into_owned(),
            id: report.id,
            version: report.version,
            action: format!("/reports/{}", report.id),
            back: (format!("/reports/{}", report.id), report.title),
            template: report.template.code(),
            remove: Some(format!("/reports/{}/remove", report.id)),
        })
    })?;
    ctx.page_with_status(status, &page.title.clone(), &page)
}

fn change(ctx: &Ctx) -> Result<Reply> {
    let changed = ctx.write(|tx| {
        let report = draft(ctx, tx)?;
        Report::hold(tx, report.id)?;
        let form = typed(&ctx.form);
        let after =
            kernel::record::change::<Report>(tx, report.id, ctx.base_version(), &form, Standing::Steward)?;
        check(&after)?;
        Ok(report.id)
    });
    match changed {
        Ok(report) => ctx.done(&format!("/reports/{report}"), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => form_of_change(ctx, 422, Some(errors)),
        Err(error) => Err(error),
    }
}

/// A draft goes with its sections; what is frozen stays.
fn remove(ctx: &Ctx) -> Result<Reply> {
    let programme = ctx.write(|tx| {
        let report = draft(ctx, tx)?;
        Report::hold(tx, report.id)?;
        for section in report.sections(tx)? {
            kernel::record::remove::<ReportSection>(tx, &section)?;
        }
        kernel::record::remove(tx, &report)?;
        Ok(report.programme.id)
    })?;
    ctx.done(&format!("/programmes/{programme}/reports"), "removed")
}

/// The programme's name, for the way back.
pub(crate) fn programme_name(db: &mut Db, w: Words, programme: Id) -> Result<String> {
    Ok(kernel::record::get::<Programme>(db, programme)?.name.best(w.lang).to_owned())
}
