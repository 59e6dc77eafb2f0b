//! The sections of a draft: added, filled, put in order, removed.

use askama::Template;
use kernel::kinds::Choice;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Fields, Form, Id, Reply, Result, Standing, Tx, Words, sql};
use serde::Serialize;

use super::record::{self, Report, ReportSection, SectionKind};
use super::{photo, story};
use crate::cut::Cut;
use crate::figure;
use crate::indicator;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        post("/reports/{report}/sections", add),
        get("/report-sections/{report_section}/edit", edit),
        post("/report-sections/{report_section}", change).takes::<ReportSection>(),
        post("/report-sections/{report_section}/place", place),
        post("/report-sections/{report_section}/remove", remove),
    ]
}

/// Second cuts that leave a table narrow enough for a page.
const NARROW: [Cut; 5] = [Cut::Sex, Cut::Age, Cut::Promotion, Cut::Quarter, Cut::Year];
/// More indicators than this are no section any more.
const MOST: usize = 24;

/// What may be typed into a section of this kind.
fn fields(kind: SectionKind) -> &'static [&'static str] {
    match kind {
        SectionKind::Text => &["heading", "body"],
        SectionKind::Figures => &["heading", "body", "indicators"],
        SectionKind::Table => &["heading", "body", "indicators", "first_cut", "second_cut"],
        SectionKind::Chart | SectionKind::Map => &["heading", "body", "indicators", "first_cut"],
        SectionKind::Story => &["heading", "body", "organisation", "person", "photo"],
    }
}

/// The section of the address and its report, a draft that the viewer may change.
fn open(ctx: &Ctx, db: &mut Db) -> Result<(ReportSection, Report)> {
    let section = kernel::record::get::<ReportSection>(db, ctx.id("report_section")?)?;
    let report = kernel::record::get::<Report>(db, section.report.id)?;
    record::near(ctx, db, &report, Standing::Steward)?;
    if report.is_frozen() { Err(Error::refused("report.is_frozen")) } else { Ok((section, report)) }
}

fn add(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.new_id();
    ctx.write(|tx| {
        let (report, _) = record::open(ctx, tx, Standing::Steward)?;
        Report::hold(tx, report.id)?;
        if let Some(there) = kernel::record::find::<ReportSection>(tx, id)? {
            let same = there.report.id == report.id;
            return if same { Ok(()) } else { Err(Error::refused("error.id_taken")) };
        }
        let kind = ctx.form.text("kind").and_then(SectionKind::from_code);
        let query =
            sql("select cast(coalesce(max(position), 0) as bigint) from report_section where report = ?");
        let last: i64 = tx.one(&query.bind(report.id).open("the caller stewards the programme"))?;
        let section = ReportSection {
            id,
            version: 1,
            programme: report.programme,
            report: report.id.into(),
            position: last + 1,
            kind: kind.ok_or_else(|| Error::field("kind", "error.needed"))?,
            heading: None,
            body: None,
            indicators: None,
            first_cut: None,
            second_cut: None,
            organisation: None,
            person: None,
            photo: None,
        };
        kernel::record::insert(tx, &section)
    })?;
    ctx.done(&format!("/report-sections/{id}/edit"), "")
}

/// An indicator to choose, by theme.
#[derive(Serialize)]
struct Theme {
    name: String,
    picks: Vec<(String, String, bool)>,
}

#[derive(Template, Serialize)]
#[template(path = "report_section.html")]
struct SectionPage {
    #[serde(skip)]
    w: Words,
    #[serde(skip)]
    form: Form,
    id: Id,
    version: i64,
    report: Id,
    title: String,
    kind: &'static str,
    /// Fields that the form asks in their order, but for the indicators.
    fields: Vec<&'static str>,
    themes: Vec<Theme>,
    /// One indicator only.
    single: bool,
    /// A story whose people and photos follow once its cooperative is chosen.
    waits: bool,
    /// True if nobody of the cooperative agreed to a story.
    nobody: bool,
    /// Photos to choose from.
    photos: Vec<(String, String)>,
    has_photo: bool,
}

fn edit(ctx: &Ctx) -> Result<Reply> {
    form(ctx, 200, None)
}

fn cuts(w: Words, kind: SectionKind, among: &[Cut]) -> Vec<(String, String)> {
    let fits = |cut: &&Cut| match kind {
        SectionKind::Map => matches!(cut, Cut::Province | Cut::Commune),
        _ => **cut != Cut::Programme,
    };
    among.iter().filter(fits).map(|cut| (cut.code().to_owned(), w.t2("impact.cut", cut.code()))).collect()
}

fn form(ctx: &Ctx, status: u16, refused: Option<Vec<FieldError>>) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (section, report) = open(ctx, db)?;
        let typed = match &refused {
            Some(_) => typed(&ctx.form, section.kind),
            None => kernel::record::typed(&section),
        };
        let chosen: Vec<String> =
            typed.get("indicators").unwrap_or_default().split(' ').map(str::to_owned).collect();
        let mut form = Form::of::<ReportSection>(w, typed, Standing::Steward)
            .refused(refused.unwrap_or_default())
            .offer("first_cut", cuts(w, section.kind, &Cut::ALL))
            .offer("second_cut", cuts(w, section.kind, &NARROW));
        let mut asked: Vec<&'static str> =
            fields(section.kind).iter().copied().filter(|name| *name != "indicators").collect();
        let (mut waits, mut nobody) = (false, false);
        if section.kind == SectionKind::Story {
            form = form.offer("organisation", story::cooperatives(db, w, report.programme.id)?);
            match section.organisation {
                Some(organisation) => {
                    let people = story::who_agree(db, w, organisation.id)?;
                    nobody = people.is_empty();
                    form = form.offer("person", people);
                }
                None => {
                    waits = true;
                    asked.retain(|name| !["person", "photo"].contains(name));
                }
            }
            asked.retain(|name| *name != "photo");
        }
        let mut themes: Vec<(String, Theme)> = Vec::new();
        if fields(section.kind).contains(&"indicators") {
            for indicator in indicator::of_programme(db, report.programme.id)? {
                let pick = (
                    indicator.code.clone(),
                    indicator.name.best(w.lang).to_owned(),
                    chosen.contains(&indicator.code),
                );
                match themes.iter_mut().find(|(code, _)| *code == indicator.theme) {
                    Some((_, theme)) => theme.picks.push(pick),
                    None => {
                        let name = w.t2("impact.theme", &indicator.theme);
                        themes.push((indicator.theme.clone(), Theme { name, picks: vec![pick] }));
                    }
                }
            }
        }
        let photos = match section.organisation {
            Some(organisation) => photo::offered(db, w, organisation.id)?,
            None => Vec::new(),
        };
        Ok(SectionPage {
            w,
            form,
            id: section.id,
            version: section.version,
            report: report.id,
            title: report.title,
            kind: section.kind.code(),
            fields: asked,
            themes: themes.into_iter().map(|(_, theme)| theme).collect(),
            single: section.kind != SectionKind::Figures,
            waits,
            nobody,
            photos,
            has_photo: section.photo.is_some(),
        })
    })?;
    ctx.page_with_status(status, &w.t("report_section.edit"), &page)
}

/// What was typed of the fields of this kind; several indicators become one text.
fn typed(form: &Fields, kind: SectionKind) -> Fields {
    let mut typed = Fields::default();
    for name in fields(kind).iter().filter(|name| **name != "photo") {
        if *name == "indicators" && (form.carries("indicators") || form.get("_fields").is_some()) {
            let codes: Vec<&str> = form.all("indicators").flat_map(str::split_whitespace).collect();
            typed.push("indicators", codes.join(" "));
        } else if form.carries(name) {
            typed.push(*name, form.get(name).unwrap_or_default());
        }
    }
    typed
}

/// A last look at a section: what it names exists, fits and may be told.
fn check(tx: &mut Tx<'_>, w: Words, section: &ReportSection) -> Result<()> {
    let wrong = |field: &str| Error::field(field, "error.reference");
    let codes: Vec<&str> = section.codes().collect();
    let few = if section.kind == SectionKind::Figures { MOST } else { 1 };
    if codes.len() > few {
        return Err(Error::field("indicators", "report_section.indicators.many"));
    }
    for code in &codes {
        let known = indicator::find(tx, code).map_err(|_| wrong("indicators"))?;
        if !known.serves(section.programme.id) || known.code != *code {
            return Err(wrong("indicators"));
        }
        for (field, cut) in [("first_cut", &section.first_cut), ("second_cut", &section.second_cut)] {
            let Some(cut) = cut else { continue };
            let found = Cut::from_code(cut).filter(|cut| figure::allows(&known, *cut));
            let fits = found.is_some_and(|cut| match (section.kind, field) {
                (SectionKind::Map, _) => matches!(cut, Cut::Province | Cut::Commune),
                (_, "second_cut") => NARROW.contains(&cut) && section.first_cut != section.second_cut,
                _ => true,
            });
            if !fits {
                return Err(Error::field(field, "report_section.first_cut.fits"));
            }
        }
    }
    if let Some(organisation) = section.organisation {
        let offered = story::cooperatives(tx, w, section.programme.id)?;
        if !offered.iter().any(|(id, _)| *id == organisation.id.to_string()) {
            return Err(wrong("organisation"));
        }
        if let Some(person) = section.person {
            let agree = story::who_agree(tx, w, organisation.id)?;
            if !agree.iter().any(|(id, _)| *id == person.id.to_string()) {
                return Err(wrong("person"));
            }
        }
    } else if section.person.is_some() || section.photo.is_some() {
        return Err(wrong("person"));
    }
    Ok(())
}

fn change(ctx: &Ctx) -> Result<Reply> {
    let changed = ctx.write(|tx| {
        let (section, report) = open(ctx, tx)?;
        Report::hold(tx, report.id)?;
        let mut form = typed(&ctx.form, section.kind);
        let moved = ctx
            .form
            .parse::<Id>("organisation")
            .is_some_and(|chosen| section.organisation.is_some_and(|organisation| organisation.id != chosen));
        if moved {
            // Another cooperative has other people and other photos.
            form.set("person", "");
            form.set("photo", "");
        } else if section.kind == SectionKind::Story
            && let Some(photo) = chosen_photo(ctx, tx, &section)?
        {
            form.set("photo", photo);
        }
        let after = kernel::record::change::<ReportSection>(
            tx,
            section.id,
            ctx.base_version(),
            &form,
            Standing::Steward,
        )?;
        check(tx, ctx.w, &after)?;
        Ok((after, report.id))
    });
    match changed {
        // A story goes on being filled: who agrees and which photo depend on the cooperative.
        Ok((section, _)) if section.kind == SectionKind::Story && section.person.is_none() => {
            ctx.done(&format!("/report-sections/{}/edit", section.id), "saved")
        }
        Ok((section, report)) => ctx.done(&format!("/reports/{report}#s-{}", section.id), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => form(ctx, 422, Some(errors)),
        Err(error) => Err(error),
    }
}

/// The photo that was chosen, kept for this section; an empty text for none; nothing if it stays as it is.
fn chosen_photo(ctx: &Ctx, tx: &mut Tx<'_>, section: &ReportSection) -> Result<Option<String>> {
    let Some(organisation) = section.organisation else { return Ok(None) };
    match ctx.form.text("photo") {
        None | Some("keep") => Ok(None),
        Some("none") => Ok(Some(String::new())),
        Some(chosen) => {
            let offered = photo::offered(tx, ctx.w, organisation.id)?;
            let file: Option<Id> = chosen.parse().ok();
            match file.filter(|_| offered.iter().any(|(id, _)| id == chosen)) {
                Some(file) => Ok(Some(photo::take(ctx, tx, section.id, file)?.to_string())),
                None => Err(Error::field("photo", "error.file")),
            }
        }
    }
}

/// Puts a section at a place of its report, counted from 1. Done twice, it stands there.
fn place(ctx: &Ctx) -> Result<Reply> {
    let (section, report) = ctx.write(|tx| {
        let (section, report) = open(ctx, tx)?;
        Report::hold(tx, report.id)?;
        let to: usize = ctx.form.parse("to").ok_or_else(|| Error::refused("error.number"))?;
        let mut all = report.sections(tx)?;
        all.retain(|other| other.id != section.id);
        all.insert(to.saturating_sub(1).min(all.len()), kernel::record::get(tx, section.id)?);
        for (at, other) in all.into_iter().enumerate() {
            kernel::record::update(tx, &ReportSection { position: at as i64 + 1, ..other })?;
        }
        Ok((section.id, report.id))
    })?;
    ctx.done(&format!("/reports/{report}#s-{section}"), "")
}

fn remove(ctx: &Ctx) -> Result<Reply> {
    let report = ctx.write(|tx| {
        let (section, report) = open(ctx, tx)?;
        Report::hold(tx, report.id)?;
        kernel::record::remove(tx, &section)?;
        Ok(report.id)
    })?;
    ctx.done(&format!("/reports/{report}"), "removed")
}
