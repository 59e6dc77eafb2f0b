//! The catalogue: the list of modules, a module, its form.

use askama::Template;
use kernel::form::show_group;
use kernel::kinds::{Kind, Names, Raw};
use kernel::{
    Ctx, Db, Error, FieldError, Fields, Form, Html, Id, Json, Record, Reply, Result, Standing, Tx, Words,
    access, sql,
};
use people::{Said, Voices};
use programmes::finding::{self, Subject};
use schemars::JsonSchema;
use serde::Serialize;

use super::MANAGERS;
use crate::half_day::dates;
use crate::hand;
use crate::module::{self, Material, Module, Subjects};
use crate::question::{self, Question};
use crate::session::{self, Line};

/// The modules a viewer knows of.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "training_modules.html")]
pub(crate) struct ListPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    modules: Vec<module::Line>,
    #[serde(skip)]
    writes: bool,
}

pub(super) fn list(ctx: &Ctx) -> Result<Reply> {
    let modules = ctx.read(|db| module::list(db, &ctx.viewer))?;
    let page = ListPage { w: ctx.w, modules, writes: ctx.viewer.has_role(MANAGERS) };
    ctx.page(&ctx.w.t("module.list"), &page)
}

/// A module.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "training_module.html")]
pub(crate) struct ModulePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    module: Json,
    subjects: Vec<Subject>,
    sessions: Vec<Line>,
    /// The test, for whoever teaches.
    questions: Vec<Json>,
    materials: Vec<Json>,
    #[serde(skip)]
    #[schemars(skip)]
    shown: Shown,
}

struct Shown {
    record: Module,
    main: Html,
    questions: Vec<Question>,
    materials: Vec<Material>,
    writes: bool,
    teaches: bool,
    voices: Voices,
}

impl ModulePage {
    /// A button that speaks the title or the objectives.
    fn heard(&self, part: &str) -> Html {
        let m = &self.shown.record;
        let text = if part == "title" { Some(&m.title) } else { m.objectives.as_ref() };
        text.map(|text| self.shown.voices.part(m.id, part, text.best(self.w.lang))).unwrap_or_default()
    }
    fn dates(&self, line: &&Line) -> String {
        dates(self.w, line.since, line.until)
    }
}

pub(super) fn show(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("module")?;
    let page = ctx.read(|db| {
        let standing = ctx.standing(db, id, Standing::Public)?;
        let record = kernel::record::get::<Module>(db, id)?;
        let writes = standing >= Standing::Steward;
        let teaches = writes || hand::teaches(&ctx.viewer);
        let questions = if teaches { question::of(db, id)? } else { Vec::new() };
        let materials = module::materials(db, id)?;
        let mut sessions = session::list(db, &ctx.viewer, sql(" and s.module = ?").bind(id))?;
        sessions.reverse();
        sessions.truncate(20);
        Ok(ModulePage {
            w: ctx.w,
            module: record.json(standing),
            subjects: module::subjects(db, id)?,
            sessions,
            questions: questions.iter().map(|question| question.json(Standing::Shared)).collect(),
            materials: materials.iter().map(|material| material.json(standing)).collect(),
            shown: Shown {
                main: show_group(&record, "main", standing, &ctx.w, &Names::new()),
                record,
                questions,
                materials,
                writes,
                teaches,
                voices: Voices::of(ctx, db, id)?,
            },
        })
    })?;
    let title = page.shown.record.title.best(ctx.w.lang).to_owned();
    ctx.page(&title, &page)
}

/// What of a module is recorded, for whoever answers for it.
pub(super) fn recordings(ctx: &Ctx) -> Result<Reply> {
    let module = ctx.read(|db| open(ctx, db))?;
    let part = |part: &str, text| Said { subject: people::part_subject(module.id, part), text };
    let texts = [("title", Some(module.title.clone())), ("objectives", module.objectives.clone())];
    let texts = texts.into_iter().filter_map(|(name, text)| Some(part(name, text?))).collect();
    let title = module.title.best(ctx.w.lang).to_owned();
    people::recordings_page(ctx, title.clone(), (format!("/training/modules/{}", module.id), title), texts)
}

/// Subjects of one group: its name, whether it stands open, and each with code, name and whether it is chosen.
type SubjectGroup = (String, bool, Vec<(String, String, bool)>);

/// The form of a module.
#[derive(Template, Serialize)]
#[template(path = "training_module_form.html")]
struct FormPage {
    #[serde(skip)]
    w: Words,
    #[serde(skip)]
    form: Form,
    title: String,
    action: String,
    back: String,
    id: Id,
    version: i64,
    #[serde(skip)]
    subjects: Vec<SubjectGroup>,
}

fn form_page(
    ctx: &Ctx,
    status: u16,
    existing: Option<&Module>,
    typed: Fields,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let w = ctx.w;
    let title = match existing {
        Some(module) => w.with("module.edit", "name", module.title.best(w.lang)),
        None => w.t("module.new").into_owned(),
    };
    let action =
        existing.map_or_else(|| "/training/modules".to_owned(), |m| format!("/training/modules/{}", m.id));
    let chosen: Vec<String> = typed.all("subjects").map(str::to_owned).collect();
    let mut subjects: Vec<SubjectGroup> = Vec::new();
    for subject in ctx.read(finding::subjects)? {
        let group = subject.group.best(w.lang).to_owned();
        let name = subject.name.best(w.lang).to_owned();
        let line = (subject.code.clone(), name, chosen.contains(&subject.code));
        match subjects.last_mut().filter(|(last, ..)| *last == group) {
            Some((_, open, lines)) => {
                *open |= line.2;
                lines.push(line);
            }
            None => subjects.push((group, line.2, vec![line])),
        }
    }
    let page = FormPage {
        w,
        form: Form::of::<Module>(w, typed, Standing::Steward).refused(errors),
        title: title.clone(),
        back: action.clone(),
        action,
        id: existing.map_or_else(|| ctx.new_id(), |module| module.id),
        version: existing.map_or(0, |module| module.version),
        subjects,
    };
    ctx.page_with_status(status, &title, &page)
}

pub(super) fn new(ctx: &Ctx) -> Result<Reply> {
    form_page(ctx, 200, None, ctx.query.clone(), Vec::new())
}

/// A module serves only subjects that the house knows.
fn check(db: &mut Db, form: &Fields) -> Result<()> {
    let known = finding::subjects(db)?;
    let typed = Subjects::parse(&Raw { fields: form, name: "subjects" });
    let typed = typed.ok().flatten().unwrap_or_default().0;
    let all = typed.iter().all(|code| known.iter().any(|subject| subject.code == *code));
    if all { Ok(()) } else { Err(Error::field("subjects", "module.subjects.unknown")) }
}

/// Writes a module; whoever writes it answers for it.
pub(super) fn create(ctx: &Ctx) -> Result<Reply> {
    let mut form = ctx.form.clone();
    form.0.retain(|(name, _)| name != "invented");
    let made = ctx.write(|tx: &mut Tx<'_>| {
        check(tx, &form)?;
        let made = kernel::record::create::<Module>(tx, ctx.new_id(), &form, Standing::Steward)?;
        if let Some(account) = ctx.viewer.account {
            access::grant(tx, made.id, &access::scope("account", account), Standing::Steward, None)?;
        }
        Ok(made.id)
    });
    match made {
        Ok(id) => ctx.done(&format!("/training/modules/{id}"), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => form_page(ctx, 422, None, ctx.form.clone(), errors),
        Err(error) => Err(error),
    }
}

fn open(ctx: &Ctx, db: &mut Db) -> Result<Module> {
    let id = ctx.id("module")?;
    ctx.standing(db, id, Standing::Steward)?;
    kernel::record::get(db, id)
}

pub(super) fn edit(ctx: &Ctx) -> Result<Reply> {
    let module = ctx.read(|db| open(ctx, db))?;
    form_page(ctx, 200, Some(&module), kernel::record::typed(&module), Vec::new())
}

pub(super) fn change(ctx: &Ctx) -> Result<Reply> {
    let module = ctx.read(|db| open(ctx, db))?;
    let mut form = ctx.form.clone();
    form.0.retain(|(name, _)| name != "invented");
    let changed = ctx.write(|tx| {
        open(ctx, tx)?;
        check(tx, &form)?;
        let (id, base) = (module.id, ctx.base_version());
        kernel::record::change::<Module>(tx, id, base, &form, Standing::Steward)?;
        Ok(())
    });
    match changed {
        Ok(()) => ctx.done(&format!("/training/modules/{}", module.id), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => {
            form_page(ctx, 422, Some(&module), ctx.form.clone(), errors)
        }
        Err(error) => Err(error),
    }
}
