//! `/people/{person}`: one person; correction and erasure.

use askama::Template;
use kernel::form::show_group;
use kernel::room::{Route, get, post};
use kernel::{
    Ctx, Error, FieldError, Form, Html, Id, Json, Lang, Record, Reply, Result, Standing, Words, html, record,
    today,
};

use super::person_path;
use crate::consent::{self, Consent};
use crate::{Person, person};

/// Roles that answer for a person's data: only they erase it.
const ERASERS: &[&str] = &["manager", "representative"];

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/people/{person}", show).answers::<PersonPage>(),
        get("/people/{person}/edit", edit).answers::<Edit>(),
        post("/people/{person}", change).takes::<Person>(),
        get("/people/{person}/erase", confirm).role(ERASERS).answers::<Erase>(),
        post("/people/{person}/erase", erase).role(ERASERS),
    ]
}

#[derive(serde::Serialize, schemars::JsonSchema)]
pub(super) struct Given {
    /// Id of the consent.
    pub(super) id: Id,
    /// What the person agreed to; code.
    pub(super) purpose: String,
    /// Version of the text that was read out or signed.
    pub(super) text_version: String,
    /// Said or signed; code.
    pub(super) form: String,
    /// Who witnessed it.
    pub(super) witness: Option<String>,
    /// When.
    #[schemars(with = "String")]
    pub(super) given_on: jiff::civil::Date,
    /// When it was withdrawn.
    #[schemars(with = "Option<String>")]
    pub(super) withdrawn_on: Option<jiff::civil::Date>,
}

impl From<Consent> for Given {
    fn from(consent: Consent) -> Given {
        use kernel::kinds::Choice;
        Given {
            id: consent.id,
            purpose: consent.purpose.code().to_owned(),
            text_version: consent.text_version.0,
            form: consent.form.code().to_owned(),
            witness: consent.witness,
            given_on: consent.given_on,
            withdrawn_on: consent.withdrawn_on,
        }
    }
}

#[derive(Template, serde::Serialize, schemars::JsonSchema)]
#[template(path = "people_person.html")]
struct PersonPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    #[serde(skip)]
    #[schemars(skip)]
    record: Person,
    #[serde(skip)]
    #[schemars(skip)]
    form: Form,
    #[serde(skip)]
    #[schemars(skip)]
    panels: (Vec<Html>, Vec<Html>),
    #[serde(skip)]
    #[schemars(skip)]
    erases: bool,
    /// Id for the next consent, so that sending its form twice is harmless.
    consent_id: Id,
    /// The person, as far as the viewer may read.
    person: Json,
    /// How near the viewer stands.
    standing: Standing,
    /// What the person agreed to, newest first.
    consents: Vec<Given>,
    /// What the other rooms know of the person.
    more: Json,
}

impl PersonPage {
    fn group(&self, group: &str) -> Html {
        show_group(&self.record, group, self.standing, &self.w, &Default::default())
    }

    fn may_withdraw(&self, given: &Given) -> bool {
        given.withdrawn_on.is_none() && !self.record.erased
    }

    fn name(&self) -> Html {
        html::multi(&self.record.name, self.w.lang)
    }

    fn other_name(&self) -> Html {
        html::other(&self.record.name, self.w.lang)
    }
}

/// The page, with the refusals of a consent that was to be written down.
pub(super) fn page(ctx: &Ctx, errors: Vec<FieldError>) -> Result<Reply> {
    let id = ctx.id("person")?;
    let status = if errors.is_empty() { 200 } else { 422 };
    let mut typed = ctx.form.clone();
    if errors.is_empty() {
        typed = kernel::Fields::of([("given_on", &today().to_string())]);
    }
    let data = ctx.read(|db| {
        let standing = ctx.standing(db, id, Standing::File)?;
        let record = record::get::<Person>(db, id)?;
        let kernel::room::Panels { wide, side, data: more } =
            ctx.panels(db, "people.person", id, standing)?;
        Ok(PersonPage {
            w: ctx.w,
            form: Form::of::<Consent>(ctx.w, typed, Standing::File).refused(errors),
            panels: (wide, side),
            erases: ctx.viewer.has_role(ERASERS),
            consent_id: Id::new(),
            person: record.json(standing),
            consents: consent::of(db, id)?.into_iter().map(Given::from).collect(),
            more: Json::Object(more),
            standing,
            record,
        })
    })?;
    let title = ctx.w.name(&data.record.name).to_owned();
    ctx.page_with_status(status, &title, &data)
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, Vec::new())
}

#[derive(Template, serde::Serialize, schemars::JsonSchema)]
#[template(path = "people_person_edit.html")]
struct Edit {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    #[serde(skip)]
    #[schemars(skip)]
    form: Form,
    /// Id of the person.
    id: Id,
    /// The version that the change is made on.
    version: i64,
}

/// The person, if the viewer may change it: who was erased stays so.
pub(super) fn to_change(ctx: &Ctx, db: &mut kernel::Db) -> Result<(Person, Standing)> {
    let id = ctx.id("person")?;
    let standing = ctx.standing(db, id, Standing::File)?;
    let person = record::get::<Person>(db, id)?;
    if person.erased { Err(Error::refused("error.erased")) } else { Ok((person, standing)) }
}

fn edit_page(ctx: &Ctx, errors: Vec<FieldError>) -> Result<Reply> {
    let (person, standing) = ctx.read(|db| to_change(ctx, db))?;
    let typed = if errors.is_empty() { record::typed(&person) } else { ctx.form.clone() };
    let status = if errors.is_empty() { 200 } else { 422 };
    let form = Form::of::<Person>(ctx.w, typed, standing).refused(errors);
    let data = Edit { w: ctx.w, form, id: person.id, version: person.version };
    ctx.page_with_status(status, &ctx.w.with("person.edit", "name", ctx.w.name(&person.name)), &data)
}

fn edit(ctx: &Ctx) -> Result<Reply> {
    edit_page(ctx, Vec::new())
}

fn change(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("person")?;
    let mut form = ctx.form.clone();
    // Erasing is an action of its own.
    form.0.retain(|(name, _)| name != "erased");
    let changed = ctx.write(|tx| {
        let (_, standing) = to_change(ctx, tx)?;
        record::change::<Person>(tx, id, ctx.base_version(), &form, standing)
    });
    match changed {
        Ok(_) => ctx.done(&person_path(id), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => edit_page(ctx, errors),
        Err(error) => Err(error),
    }
}

#[derive(Template, serde::Serialize, schemars::JsonSchema)]
#[template(path = "people_person_erase.html")]
struct Erase {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    #[serde(skip)]
    #[schemars(skip)]
    ask: crate::ask::Ask,
    /// Id of the person.
    id: Id,
    /// Name of the person.
    name: String,
    /// The word to type.
    word: String,
}

fn confirm_page(ctx: &Ctx, errors: &[FieldError]) -> Result<Reply> {
    let (person, _) = ctx.read(|db| to_change(ctx, db))?;
    let name = ctx.w.name(&person.name).to_owned();
    let ask = crate::ask::Ask::new(ctx.w, "erase").refused(errors);
    let data = Erase { w: ctx.w, ask, id: person.id, word: ctx.w.t("erase.word").into_owned(), name };
    ctx.page_with_status(if errors.is_empty() { 200 } else { 422 }, &ctx.w.t("erase.title"), &data)
}

fn confirm(ctx: &Ctx) -> Result<Reply> {
    confirm_page(ctx, &[])
}

fn erase(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("person")?;
    let typed = fold::fold(ctx.form.text("confirm").unwrap_or_default());
    let meant = Lang::ALL.into_iter().any(|lang| fold::fold(&ctx.w.speak(lang).t("erase.word")) == typed);
    let erased = ctx.write(|tx| {
        to_change(ctx, tx)?;
        if meant { person::erase(tx, id) } else { Err(Error::field("confirm", "erase.confirm.wrong")) }
    });
    match erased {
        Ok(()) => ctx.done(&person_path(id), "erased"),
        Err(Error::Invalid(errors)) if !ctx.json => confirm_page(ctx, &errors),
        Err(error) => Err(error),
    }
}
