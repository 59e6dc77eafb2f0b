//! The instruments: what is in use, what each item asks, and the making of new ones.

use askama::Template;
use kernel::form::Form;
use kernel::kinds::Multi;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Fields, Id, Reply, Result, Standing, Words};
use people::Said;
use schemars::JsonSchema;
use serde::Serialize;

use crate::instrument::{self, Instrument, InstrumentStatus, Item, Line, Remedy};
use crate::xlsform;

/// Who makes instruments.
const MAKERS: &[&str] = &["administrator", "manager"];

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/instruments", list).open().answers::<ListPage>(),
        get("/instruments/new", new).role(MAKERS),
        post("/instruments", create).role(MAKERS).takes::<Instrument>(),
        get("/instruments/{instrument}", show).open().answers::<InstrumentPage>(),
        get("/instruments/{instrument}/edit", edit),
        get("/instruments/{instrument}/recordings", recordings).query(&["tongue", "missing", "from"]),
        post("/instruments/{instrument}", change).takes::<Instrument>(),
        post("/instruments/{instrument}/publication", publish),
        post("/instruments/{instrument}/editions", next_edition).role(MAKERS),
        get("/instruments/{instrument}/xlsform", form).open(),
        get("/items/{item}", item).open().answers::<ItemPage>(),
    ]
}

/// The instruments that a reader may know of.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "coaching_instruments.html")]
struct ListPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    instruments: Vec<Line>,
    #[serde(skip)]
    makes: bool,
}

fn list(ctx: &Ctx) -> Result<Reply> {
    let instruments = ctx.read(|db| instrument::list(db, &ctx.viewer))?;
    let makes = ctx.viewer.signed_in() && ctx.viewer.has_role(MAKERS);
    ctx.page(&ctx.w.t("instrument.list"), &ListPage { w: ctx.w, instruments, makes })
}

#[derive(Serialize, JsonSchema)]
struct ItemLine {
    id: Id,
    code: String,
    topic: Multi,
    ask: Option<Multi>,
    levels: Vec<Multi>,
    weight: i64,
    gate: bool,
    optional: bool,
    short: bool,
    computed: bool,
}

impl ItemLine {
    fn of(item: &Item) -> ItemLine {
        ItemLine {
            id: item.id,
            code: item.code.clone(),
            topic: item.topic.clone(),
            ask: item.ask.clone(),
            levels: item.levels().into_iter().cloned().collect(),
            weight: item.weight,
            gate: item.gate,
            optional: item.optional,
            short: item.short,
            computed: item.probe.is_some(),
        }
    }
}

#[derive(Serialize, JsonSchema)]
struct DimensionPart {
    id: Id,
    code: String,
    name: Multi,
    summary: Option<Multi>,
    weight: i64,
    items: Vec<ItemLine>,
}

/// An edition of an instrument.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "coaching_instrument.html")]
struct InstrumentPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    code: String,
    edition: i64,
    name: Multi,
    summary: Option<Multi>,
    licence: Option<String>,
    credit: Option<String>,
    status: InstrumentStatus,
    dimensions: Vec<DimensionPart>,
    items: usize,
    short: usize,
    #[serde(skip)]
    edits: bool,
    #[serde(skip)]
    makes: bool,
    #[serde(skip)]
    answers: bool,
    #[serde(skip)]
    next: Id,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (id, standing) =
            (ctx.id("instrument")?, ctx.standing(db, ctx.id("instrument")?, Standing::Public)?);
        let edition = instrument::edition(db, id)?;
        let dimensions = edition
            .dimensions
            .iter()
            .map(|dimension| DimensionPart {
                id: dimension.id,
                code: dimension.code.clone(),
                name: dimension.name.clone(),
                summary: dimension.summary.clone(),
                weight: dimension.weight,
                items: edition
                    .items
                    .iter()
                    .filter(|item| item.dimension.id == dimension.id)
                    .map(ItemLine::of)
                    .collect(),
            })
            .collect();
        let draft = edition.instrument.status == InstrumentStatus::Draft;
        Ok(InstrumentPage {
            w: ctx.w,
            id,
            items: edition.items.len(),
            short: edition.items.iter().filter(|item| item.short).count(),
            dimensions,
            edits: draft && standing >= Standing::Steward,
            answers: standing >= Standing::Steward,
            makes: !draft && ctx.viewer.signed_in() && ctx.viewer.has_role(MAKERS),
            next: Id::new(),
            code: edition.instrument.code.clone(),
            edition: edition.instrument.edition,
            name: edition.instrument.name.clone(),
            summary: edition.instrument.summary.clone(),
            licence: edition.instrument.licence.clone(),
            credit: edition.instrument.credit.clone(),
            status: edition.instrument.status,
        })
    })?;
    ctx.page(page.name.best(ctx.w.lang), &page)
}

/// What of an edition is recorded, for whoever answers for it. A voice changes no answer, so a published edition gets its
/// voices too.
fn recordings(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("instrument")?;
    let (edition, remedies) = ctx.read(|db| {
        ctx.standing(db, id, Standing::Steward)?;
        Ok((instrument::edition(db, id)?, instrument::remedies(db, id)?))
    })?;
    let said = |(part, text): (String, Multi)| Said { subject: people::part_subject(id, &part), text };
    let texts = instrument::spoken(&edition, &remedies).into_iter().map(said).collect();
    let title = edition.instrument.name.best(ctx.w.lang).to_owned();
    people::recordings_page(ctx, title.clone(), (format!("/instruments/{id}"), title), texts)
}

/// An item: its levels and what would raise it.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "coaching_item.html")]
struct ItemPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    instrument: Id,
    instrument_name: Multi,
    item: ItemLine,
    remedies: Vec<RemedyLine>,
    #[serde(skip)]
    edits: bool,
}

#[derive(Serialize, JsonSchema)]
struct RemedyLine {
    id: Id,
    name: Multi,
    ease: i64,
}

fn item(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let item = kernel::record::find::<Item>(db, ctx.id("item")?)?;
        let item = item.ok_or(if ctx.viewer.signed_in() { Error::NotFound } else { Error::SignIn })?;
        let standing = ctx.standing(db, item.instrument.id, Standing::Public)?;
        let instrument = kernel::record::get::<Instrument>(db, item.instrument.id)?;
        let line = |remedy: Remedy| RemedyLine { id: remedy.id, name: remedy.name, ease: remedy.ease };
        let remedies = instrument::remedies(db, instrument.id)?;
        Ok(ItemPage {
            w: ctx.w,
            instrument: instrument.id,
            edits: standing >= Standing::Steward && instrument.status == InstrumentStatus::Draft,
            instrument_name: instrument.name,
            remedies: remedies.into_iter().filter(|remedy| remedy.item.id == item.id).map(line).collect(),
            item: ItemLine::of(&item),
        })
    })?;
    ctx.page(page.item.topic.best(ctx.w.lang), &page)
}

/// The form of an instrument.
#[derive(Template, Serialize)]
#[template(path = "coaching_instrument_form.html")]
struct FormPage {
    #[serde(skip)]
    w: Words,
    #[serde(skip)]
    form: Form,
    title: String,
    action: String,
    id: Id,
    version: i64,
}

fn form_page(
    ctx: &Ctx,
    status: u16,
    existing: Option<&Instrument>,
    typed: Fields,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let title = ctx.w.t(if existing.is_some() { "instrument.edit" } else { "instrument.new" }).into_owned();
    let mut form = Form::of::<Instrument>(ctx.w, typed, Standing::Steward).refused(errors).without("edition");
    if existing.is_some() {
        form = form.without("code");
    }
    let page = FormPage {
        w: ctx.w,
        form,
        action: existing
            .map_or_else(|| "/instruments".into(), |instrument| format!("/instruments/{}", instrument.id)),
        id: existing.map_or_else(|| ctx.new_id(), |instrument| instrument.id),
        version: existing.map_or(0, |instrument| instrument.version),
        title: title.clone(),
    };
    ctx.page_with_status(status, &title, &page)
}

fn new(ctx: &Ctx) -> Result<Reply> {
    form_page(ctx, 200, None, ctx.query.clone(), Vec::new())
}

fn create(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.new_id();
    let made = ctx.write(|tx| {
        let mut form = ctx.form.clone();
        form.set("edition", "1");
        form.set("status", "draft");
        form.push("_fields", "edition,status");
        kernel::record::create::<Instrument>(tx, id, &form, Standing::Steward)?;
        instrument::answer_for(tx, id, ctx.viewer.account)
    });
    match made {
        Ok(()) => ctx.done(&format!("/instruments/{id}"), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => form_page(ctx, 422, None, ctx.form.clone(), errors),
        Err(error) => Err(error),
    }
}

/// The draft of the address, for whoever answers for it.
fn draft(ctx: &Ctx, db: &mut Db) -> Result<Instrument> {
    let id = ctx.id("instrument")?;
    ctx.standing(db, id, Standing::Steward)?;
    instrument::still_draft(db, id)
}

fn edit(ctx: &Ctx) -> Result<Reply> {
    let instrument = ctx.read(|db| draft(ctx, db))?;
    form_page(ctx, 200, Some(&instrument), kernel::record::typed(&instrument), Vec::new())
}

fn change(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("instrument")?;
    let changed = ctx.write(|tx| {
        draft(ctx, tx)?;
        let mut form = ctx.form.clone();
        form.0.retain(|(name, _)| !["code", "edition", "status"].contains(&name.as_str()));
        kernel::record::change::<Instrument>(tx, id, ctx.base_version(), &form, Standing::Steward)
    });
    match changed {
        Ok(_) => ctx.done(&format!("/instruments/{id}"), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => {
            let instrument = ctx.read(|db| draft(ctx, db))?;
            form_page(ctx, 422, Some(&instrument), ctx.form.clone(), errors)
        }
        Err(error) => Err(error),
    }
}

fn publish(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("instrument")?;
    ctx.write(|tx| {
        draft(ctx, tx)?;
        instrument::publish(tx, id)
    })?;
    ctx.done(&format!("/instruments/{id}"), "instrument_published")
}

fn next_edition(ctx: &Ctx) -> Result<Reply> {
    let (id, copy) = (ctx.id("instrument")?, ctx.new_id());
    ctx.write(|tx| {
        ctx.standing(tx, id, Standing::Public)?;
        instrument::next_edition(tx, id, copy, ctx.viewer.account)
    })?;
    ctx.done(&format!("/instruments/{copy}"), "instrument_copied")
}

fn form(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("instrument")?;
    let edition = ctx.read(|db| {
        ctx.standing(db, id, Standing::Public)?;
        instrument::edition(db, id)
    })?;
    let (w, name) = (ctx.w, format!("{}-{}.xlsx", edition.instrument.code, edition.instrument.edition));
    Ok(Reply::Download {
        media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".into(),
        name,
        inline: false,
        produce: Box::new(move |_, out| xlsform::write(out, w, &edition)),
    })
}
