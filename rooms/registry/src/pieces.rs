//! What hangs on an organisation: its documents, mandates, members, unions and agreements.

use askama::Template;
use kernel::form::Options;
use kernel::piece::{self, Piece};
use kernel::room::{Route, Task, get, post};
use kernel::{Ctx, Db, Error, FieldError, Fields, Form, Html, Id, Reply, Result, Standing, Tx, Words, sql};
use people::Person;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    Affiliation, Agreement, Correction, Document, Mandate, Membership, membership, organisation, pages,
};

/// What is the same for everything that hangs on an organisation.
macro_rules! hangs_on_organisation {
    ($field:ident) => {
        const OWNER: &'static str = stringify!($field);
        fn owner(&self) -> Id {
            self.$field.id
        }
        fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
            crate::organisation::name_of(ctx, db, owner)
        }
        fn home(owner: Id) -> String {
            format!("/organisations/{owner}#{}", Self::PLURAL)
        }
    };
}

impl Piece for Document {
    const PLURAL: &'static str = "documents";
    hangs_on_organisation!(organisation);
}

impl Piece for Mandate {
    const PLURAL: &'static str = "mandates";
    const EITHER: &'static [&'static str] = &["person"];
    hangs_on_organisation!(organisation);
    fn offers(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Vec<(&'static str, Options)>> {
        Ok(vec![("person", members(ctx, db, organisation)?)])
    }
    fn beside(ctx: &Ctx, typed: &Fields, errors: &[FieldError]) -> Option<Html> {
        new_person(ctx, typed, errors)
    }
    fn prepare(ctx: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        name_person(ctx, tx, owner, form)
    }
}

impl Piece for Membership {
    const PLURAL: &'static str = "members";
    const EITHER: &'static [&'static str] = &["person"];
    hangs_on_organisation!(organisation);
    fn offers(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Vec<(&'static str, Options)>> {
        let mandated = sql("select distinct p.id, p.name from mandate m join person p on p.id = m.person where m.organisation = ?
                            and p.id not in (select person from membership where organisation = ?)")
        .bind(organisation).bind(organisation).open("standing checked");
        Ok(vec![("person", names(ctx, db, &mandated)?)])
    }
    fn beside(ctx: &Ctx, typed: &Fields, errors: &[FieldError]) -> Option<Html> {
        new_person(ctx, typed, errors)
    }
    fn prepare(ctx: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        name_person(ctx, tx, owner, form)
    }
}

impl Piece for Affiliation {
    const PLURAL: &'static str = "affiliations";
    hangs_on_organisation!(union_of);
    fn offers(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Vec<(&'static str, Options)>> {
        let mut offered = pages::choices(ctx, db, &["cooperative", "union", "association"], None)?;
        offered.retain(|(id, _)| *id != organisation.to_string());
        Ok(vec![("member", offered)])
    }
    fn check(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        known(ctx, tx, "member", self.member.id)
    }
}

impl Piece for Agreement {
    const PLURAL: &'static str = "agreements";
    hangs_on_organisation!(organisation);
    fn offers(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Vec<(&'static str, Options)>> {
        let mut offered = pages::choices(ctx, db, &[], None)?;
        offered.retain(|(id, _)| *id != organisation.to_string());
        Ok(vec![("partner", offered)])
    }
    fn check(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        known(ctx, tx, "partner", self.partner.id)
    }
    /// An agreement is ended, not forgotten: it covered what was read while it held.
    fn removable(&self) -> Result<()> {
        Err(Error::refused("agreement.not_removed"))
    }
}

impl Piece for Correction {
    const PLURAL: &'static str = "corrections";
    const GIVEN: &'static [&'static str] = &["account", "status", "answer"];
    hangs_on_organisation!(organisation);
    fn prepare(ctx: &Ctx, _: &mut Tx<'_>, _: Id, form: &mut Fields) -> Result<()> {
        form.set("status", "open");
        form.set("answer", "");
        form.set("account", ctx.viewer.account.map(|account| account.to_string()).unwrap_or_default());
        form.push("_fields", "status,answer,account");
        Ok(())
    }
    /// What was asked is answered, not forgotten.
    fn removable(&self) -> Result<()> {
        Err(Error::refused("correction.not_removed"))
    }
}

/// A reference typed by hand names only what its writer may know of.
fn known(ctx: &Ctx, db: &mut Db, field: &str, id: Id) -> Result<()> {
    if ctx.viewer.standing(db, id)?.is_none() { Err(Error::field(field, "error.reference")) } else { Ok(()) }
}

/// The part of a form that describes a person who is not registered yet.
fn new_person(ctx: &Ctx, typed: &Fields, errors: &[FieldError]) -> Option<Html> {
    let form = Form::of::<Person>(ctx.w, typed.clone(), Standing::File).refused(errors.to_vec());
    let groups: String =
        ["identity", "contact", "languages"].into_iter().map(|group| form.group(group).0).collect();
    let title = kernel::html::escape(&ctx.w.t("membership.new_person"));
    Some(Html(format!("<details class=\"more\" open><summary>{title}</summary>{groups}</details>")))
}

/// Registers the person that the form describes, unless it names a registered one.
fn name_person(ctx: &Ctx, tx: &mut Tx<'_>, organisation: Id, form: &mut Fields) -> Result<()> {
    if let Some(person) = form.parse::<Id>("person") {
        let near = ctx.viewer.standing(tx, person)? >= Some(Standing::File);
        return if near { Ok(()) } else { Err(Error::field("person", "error.reference")) };
    }
    let described = form
        .0
        .iter()
        .any(|(name, text)| (name == "name" || name.starts_with("name.")) && !text.trim().is_empty());
    if !described {
        return Err(Error::field("person", "membership.person.needed"));
    }
    let mut person = form.clone();
    person.0.retain(|(name, _)| name != "_fields");
    // The person's id follows from the form's, so that sending twice registers once.
    let id = Id::named(&format!("person of {}", ctx.new_id()));
    let made = kernel::record::create::<Person>(tx, id, &person, Standing::File)?;
    membership::reach(tx, made.id, organisation)?;
    form.set("person", made.id.to_string());
    Ok(())
}

fn names(ctx: &Ctx, db: &mut Db, query: &kernel::Sql) -> Result<Options> {
    db.rows(query, |row| {
        Ok((row.take::<String>()?, row.take::<kernel::kinds::Multi>()?.best(ctx.w.lang).to_owned()))
    })
}

/// The members of an organisation as options of a form; the caller checked the standing.
pub fn members(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Options> {
    let query = sql("select p.id, p.name from membership m join person p on p.id = m.person where m.organisation = ? and p.erased = 0 order by m.id limit 300")
        .bind(organisation).open("standing checked");
    names(ctx, db, &query)
}

pub(crate) fn routes() -> Vec<Route> {
    const BASE: &str = "/organisations/{organisation}";
    let mut routes = piece::routes::<Document>(BASE);
    routes.extend(piece::routes::<Mandate>(BASE));
    routes.extend(piece::routes::<Membership>(BASE));
    routes.extend(piece::routes::<Affiliation>(BASE));
    routes.extend(piece::routes::<Agreement>(BASE));
    routes.extend(piece::routes::<Correction>(BASE));
    routes
        .push(get("/organisations/{organisation}/members", list).query(&["after"]).answers::<MembersPage>());
    routes.push(post("/agreements/{agreement}/end", end_agreement));
    routes
}

/// Either party ends an agreement from today on.
fn end_agreement(ctx: &Ctx) -> Result<Reply> {
    let organisation = ctx.write(|tx| {
        let agreement = kernel::record::get::<Agreement>(tx, ctx.id("agreement")?)?;
        let giver = ctx.viewer.standing(tx, agreement.organisation.id)?;
        let receiver = ctx.viewer.standing(tx, agreement.partner.id)?;
        if giver.max(receiver).is_none() {
            return Err(Error::NotFound);
        }
        if giver < Some(Standing::File) && receiver < Some(Standing::File) {
            return Err(Error::Forbidden);
        }
        let organisation = agreement.organisation.id;
        if agreement.ended.is_none() {
            kernel::record::update(tx, &Agreement { ended: Some(kernel::today()), ..agreement })?;
        }
        Ok(organisation)
    })?;
    ctx.done(&format!("/organisations/{organisation}#agreements"), "agreement_ended")
}

/// The members of an organisation.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "registry_members.html")]
struct MembersPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: String,
    counts: membership::Counts,
    members: Vec<membership::Member>,
    next: Option<String>,
}

fn list(ctx: &Ctx) -> Result<Reply> {
    const PAGE: usize = 100;
    let page = ctx.read(|db| {
        let (organisation, _) = organisation::open(db, ctx, ctx.id("organisation")?, Standing::File)?;
        let mut members = membership::of(
            db,
            organisation.id,
            ctx.query.text("after").unwrap_or_default(),
            PAGE as i64 + 1,
        )?;
        let next =
            members.get(PAGE - 1).filter(|_| members.len() > PAGE).map(|last| format!("?after={}", last.id));
        members.truncate(PAGE);
        Ok(MembersPage {
            w: ctx.w,
            id: organisation.id,
            name: organisation.name.best(ctx.w.lang).to_owned(),
            counts: membership::counts(db, organisation.id, kernel::today())?,
            members,
            next,
        })
    })?;
    ctx.page(&ctx.w.with("membership.title", "name", &page.name), &page)
}

/// What the registry has for *my day*: documents and mandates that end within sixty days or have ended lately.
pub(crate) fn tasks(ctx: &Ctx, db: &mut Db) -> Result<Vec<Task>> {
    if !ctx.viewer.has_role(&["manager", "coach", "representative"]) {
        return Ok(Vec::new());
    }
    let today = kernel::today();
    let soon = today.saturating_add(jiff::ToSpan::days(60));
    let lately = today.saturating_sub(jiff::ToSpan::days(120));
    let mut tasks = Vec::new();
    let documents = sql("select o.id, o.name, d.kind, d.expires from document d join organisation o on o.id = d.organisation where d.expires between ? and ? and")
        .bind(lately).bind(soon).seen(&ctx.viewer, "o.id").and(" order by d.expires limit 20");
    let mandates = sql("select o.id, o.name, m.role, m.until from mandate m join organisation o on o.id = m.organisation where m.until between ? and ? and")
        .bind(today).bind(soon).seen(&ctx.viewer, "o.id").and(" order by m.until limit 20");
    for (query, words, sentence) in
        [(documents, "document.kind", "task.document"), (mandates, "mandate.role", "task.mandate")]
    {
        db.each(&query, |row| {
            let (id, name): (Id, kernel::kinds::Multi) = (row.take()?, row.take()?);
            let (code, date): (String, jiff::civil::Date) = (row.take()?, row.take()?);
            let late = date < today;
            let key = format!("{sentence}{}", if late { "_late" } else { "" });
            tasks.push(Task {
                tone: if late { "late" } else { "wait" },
                text: ctx.w.args(&key, &[("what", ctx.w.t2(words, &code)), ("date", ctx.w.date(&date))]),
                detail: name.best(ctx.w.lang).to_owned(),
                path: format!("/organisations/{id}"),
            });
            Ok(())
        })?;
    }
    Ok(tasks)
}
