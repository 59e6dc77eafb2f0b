//! Pages of the registry: list, map, file, history, and the form of an organisation.

use askama::Template;
use kernel::facts::{self, Fact};
use kernel::form::{Options, show_group};
use kernel::kinds::{Choice, Multi, Names};
use kernel::room::{Route, get, post};
use kernel::table::{self, Format};
use kernel::{Ctx, Db, Error, Fields, Form, Html, Id, Json, Lang, Record, Reply, Result, Standing, Words, html, sql};
use schemars::JsonSchema;
use serde::Serialize;
use sheet::Out;

use crate::organisation::{self, Filter, Line, Organisation, OrganisationKind};
use crate::{Activity, TEAM, affiliation, agreement, document, duplicate, mandate, membership};

pub(crate) fn routes() -> Vec<Route> {
    const FILTERS: &[&str] = &["q", "kind", "activity", "territory", "programme", "women_led", "after"];
    vec![
        get("/organisations", list).query(FILTERS).answers::<ListPage>(),
        get("/organisations/map", map).query(FILTERS).answers::<MapPage>(),
        get("/organisations/export/{format}", export).query(FILTERS),
        get("/organisations/suggest", suggest).query(&["q"]),
        get("/organisations/new", new).role(TEAM),
        post("/organisations", create).role(TEAM).takes::<Organisation>(),
        get("/organisations/{organisation}", show).open().answers::<FilePage>(),
        get("/organisations/{organisation}/edit", edit),
        post("/organisations/{organisation}", change).takes::<Organisation>(),
        get("/organisations/{organisation}/history", history).query(&["before"]).answers::<HistoryPage>(),
    ]
}

/// Lines on one page of a list.
const PAGE: i64 = 50;

/// A choice of a filter.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Pick {
    code: String,
    label: String,
    chosen: bool,
}

/// The choices of a filter, the chosen one marked.
pub(crate) fn picks<T: Choice>(w: Words, chosen: Option<&str>) -> Vec<Pick> {
    T::CODES.iter().map(|code| Pick { code: (*code).into(), label: w.t2(T::WORDS, code), chosen: chosen == Some(code) }).collect()
}

/// What the query string asks a list of organisations for.
pub(crate) fn filter_of(query: &Fields) -> Filter {
    let text = |name| query.text(name).map(str::to_owned);
    Filter {
        text: query.get("q").filter(|q| !q.trim().is_empty()).map(str::to_owned),
        kind: text("kind"),
        activity: text("activity"),
        territory: text("territory").and_then(|typed| kernel::territory::resolve_widest(&typed).ok()),
        through: query.parse::<Id>("programme").map(|id| kernel::access::scope("programme", id)),
        women_led: query.text("women_led").is_some(),
        published: false,
    }
}

/// The filters above a list.
#[derive(Template)]
#[template(path = "registry_filters.html")]
struct Filters<'a> {
    w: Words,
    action: &'a str,
    query: &'a Fields,
    kinds: Vec<Pick>,
    activities: Vec<Pick>,
    territory: String,
}

/// The filters as HTML, filled with what the query string says.
pub(crate) fn filters(w: Words, action: &str, query: &Fields, filter: &Filter) -> Result<Html> {
    let filters = Filters {
        w, action, query,
        kinds: picks::<OrganisationKind>(w, filter.kind.as_deref()),
        activities: picks::<Activity>(w, filter.activity.as_deref()),
        territory: filter.territory.as_deref().map(kernel::territory::typed).unwrap_or_default(),
    };
    filters.render().map(Html).map_err(Error::internal)
}

/// A list of organisations.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "registry_list.html")]
pub(crate) struct ListPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    /// How many the viewer finds with this filter.
    count: i64,
    organisations: Vec<Line>,
    /// Query string of the next page.
    next: Option<String>,
    #[serde(skip)]
    filters: Html,
    #[serde(skip)]
    query: String,
    #[serde(skip)]
    may_register: bool,
    #[serde(skip)]
    filtered: bool,
}

fn list(ctx: &Ctx) -> Result<Reply> {
    let filter = filter_of(&ctx.query);
    let after = ctx.query.text("after").and_then(|cursor| cursor.rsplit_once('~'));
    let (count, lines) = ctx.read(|db| {
        let lines = organisation::list(db, &ctx.viewer, &filter, after, PAGE + 1)?;
        Ok((organisation::count(db, &ctx.viewer, &filter)?, lines))
    })?;
    let next = next_page(&ctx.query, &lines);
    let page = ListPage {
        w: ctx.w,
        count,
        next,
        organisations: lines.into_iter().take(PAGE as usize).collect(),
        filters: filters(ctx.w, "/organisations", &ctx.query, &filter)?,
        query: ctx.query.query_with(&[("after", ""), ("done", ""), ("lang", "")]),
        may_register: ctx.viewer.has_role(TEAM),
        filtered: !ctx.query.0.is_empty(),
    };
    ctx.page(&ctx.w.t("registry.list.title"), &page)
}

/// The query string of the page after these lines, if there is one.
pub(crate) fn next_page(query: &Fields, lines: &[Line]) -> Option<String> {
    let last = lines.get(PAGE as usize - 1).filter(|_| lines.len() > PAGE as usize)?;
    Some(query.query_with(&[("after", &format!("{}~{}", last.sort, last.id)), ("done", ""), ("lang", "")]))
}

fn suggest(ctx: &Ctx) -> Result<Reply> {
    let filter = Filter { text: ctx.query.get("q").filter(|q| q.trim().chars().count() >= 2).map(str::to_owned), ..Filter::default() };
    let lines = match filter.text {
        None => Vec::new(),
        Some(_) => ctx.read(|db| organisation::list(db, &ctx.viewer, &filter, None, 8))?,
    };
    let offered: Vec<Json> = lines
        .iter()
        .map(|line| {
            let name = line.name.best(ctx.w.lang);
            serde_json::json!({ "value": name, "label": kernel::territory::path(&line.place, ctx.w.lang), "href": format!("/organisations/{}", line.id) })
        })
        .collect();
    ctx.data(&offered)
}

/// The organisations a viewer finds, on a map and in its table.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "registry_map.html")]
pub(crate) struct MapPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    count: i64,
    /// Divisions and how many organisations lie in each.
    divisions: Vec<DivisionCount>,
    #[serde(skip)]
    #[schemars(skip)]
    picture: Option<crate::directory::Picture>,
    #[serde(skip)]
    filters: Html,
    #[serde(skip)]
    query: String,
}

/// How many organisations lie in a division.
#[derive(Serialize, JsonSchema)]
pub struct DivisionCount {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How many.
    pub count: i64,
    /// Where they are listed.
    pub href: String,
}

fn map(ctx: &Ctx) -> Result<Reply> {
    let filter = filter_of(&ctx.query);
    let communes = ctx.read(|db| organisation::count_by_commune(db, &ctx.viewer, &filter))?;
    let count = communes.iter().map(|(_, n)| n).sum();
    let (divisions, picture) = crate::directory::count_map(ctx, "/organisations/map", &communes, filter.territory.as_deref())?;
    let page = MapPage {
        w: ctx.w, count, divisions, picture,
        filters: filters(ctx.w, "/organisations/map", &ctx.query, &filter)?,
        query: ctx.query.query_with(&[("done", ""), ("lang", "")]),
    };
    ctx.page(&ctx.w.t("registry.map.title"), &page)
}

fn export(ctx: &Ctx) -> Result<Reply> {
    let format = Format::from_code(ctx.param("format")?).ok_or(Error::NotFound)?;
    let (w, viewer, filter) = (ctx.w, ctx.viewer.clone(), filter_of(&ctx.query));
    // What a partner may read of every line; a file's private part is exported from the file itself.
    let fields: Vec<_> = Organisation::fields().iter().filter(|field| field.read <= Standing::Shared && !field.linked()).collect();
    let mut header = vec![w.t("registry.export.id").into_owned()];
    header.extend(fields.iter().map(|field| w.t(&format!("organisation.{}", field.name)).into_owned()));
    header.push(w.t("registry.export.province").into_owned());
    Ok(table::export(format, &w.t("registry.export.name"), w.lang, header, move |db, rows| {
        // Contacts go only to those who stand nearer than the public.
        let near = if viewer.is_administrator() { None } else { Some(viewer.reached_at_least(db, Standing::Shared)?) };
        let query = sql(&format!("select {}", Organisation::columns("o."))).join(filter.condition(&viewer)).and(" order by o.sort, o.id");
        db.each(&query, |row| {
            let organisation = Organisation::from_row(row)?;
            let standing = if near.as_ref().is_none_or(|near| near.contains(&organisation.id)) { Standing::Shared } else { Standing::Public };
            let cells = organisation.cells();
            let texts: Vec<String> = Organisation::fields()
                .iter()
                .zip(&cells)
                .filter(|(field, _)| field.read <= Standing::Shared && !field.linked())
                .map(|(field, cell)| if field.read <= standing { plain_text(w, field, cell) } else { String::new() })
                .collect();
            let id = organisation.id.to_string();
            let province = kernel::territory::province(&organisation.place.division).map(|code| kernel::territory::name(&code, w.lang)).unwrap_or_default();
            let mut out = vec![Out::Text(&id)];
            out.extend(fields.iter().zip(&texts).map(|(field, text)| cell_out(field, text)));
            out.push(Out::Text(&province));
            rows(&out)
        })
    }))
}

fn cell_out<'a>(field: &kernel::record::Field, text: &'a str) -> Out<'a> {
    use kernel::kinds::Input;
    match field.ops.input {
        _ if text.is_empty() => Out::Empty,
        Input::Number => text.parse().map_or(Out::Text(text), Out::Int),
        Input::Date => match text.split('-').map(str::parse::<i32>).collect::<Result<Vec<_>, _>>().as_deref() {
            Ok([year, month, day]) => Out::Date(*year, *month as u8, *day as u8),
            _ => Out::Text(text),
        },
        _ => Out::Text(text),
    }
}

/// A cell as a spreadsheet holds it: what a person would type, codes in words, one language of a text.
fn plain_text(w: Words, field: &kernel::record::Field, cell: &[kernel::value::Value]) -> String {
    use kernel::kinds::Input;
    let typed = (field.ops.typed)(cell);
    match field.ops.input {
        Input::Choice { words, .. } => typed.first().map(|(_, code)| w.t2(words, code)).unwrap_or_default(),
        Input::Multi => Multi(typed.into_iter().collect()).best(w.lang).to_owned(),
        Input::Place => typed.first().map(|(_, text)| text.clone()).unwrap_or_default(),
        Input::Yes => w.t(if typed.is_empty() { "no" } else { "yes" }).into_owned(),
        _ => typed.into_iter().map(|(_, text)| text).next().unwrap_or_default(),
    }
}

/// The form of an organisation, new or not.
#[derive(Template, Serialize)]
#[template(path = "registry_form.html")]
struct FormPage {
    #[serde(skip)]
    w: Words,
    #[serde(skip)]
    form: Form,
    action: String,
    id: Id,
    version: i64,
    title: String,
    candidates: Vec<duplicate::Candidate>,
    is_new: bool,
}

fn new(ctx: &Ctx) -> Result<Reply> {
    form_page(ctx, 200, None, ctx.query.clone(), Vec::new(), Vec::new())
}

fn form_page(
    ctx: &Ctx, status: u16, existing: Option<(&Organisation, Standing)>, typed: Fields, errors: Vec<kernel::FieldError>, candidates: Vec<duplicate::Candidate>,
) -> Result<Reply> {
    let standing = existing.map_or(Standing::File, |(_, standing)| standing);
    let title = match existing {
        Some((organisation, _)) => ctx.w.with("registry.edit.title", "name", organisation.name.best(ctx.w.lang)),
        None => ctx.w.t("registry.new.title").into_owned(),
    };
    let id = existing.map_or_else(|| ctx.new_id(), |(organisation, _)| organisation.id);
    let page = FormPage {
        w: ctx.w,
        action: if existing.is_some() { format!("/organisations/{id}") } else { "/organisations".into() },
        id,
        version: existing.map_or(0, |(organisation, _)| organisation.version),
        form: Form::of::<Organisation>(ctx.w, typed, standing).refused(errors),
        title: title.clone(),
        candidates,
        is_new: existing.is_none(),
    };
    ctx.page_with_status(status, &title, &page)
}

/// Registers an organisation, unless it looks like one that is known and nobody said it is another (`force`).
fn create(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.new_id();
    if ctx.form.text("force").is_none() {
        let found = ctx.read(|db| {
            let known = kernel::record::find::<Organisation>(db, id)?.is_some();
            if known { Ok(Vec::new()) } else { duplicate::candidates_of_form(db, &ctx.form, ctx.w.lang) }
        })?;
        if !found.is_empty() {
            return form_page(ctx, 409, None, ctx.form.clone(), Vec::new(), found);
        }
    }
    match ctx.write(|tx| organisation::create(tx, id, &ctx.form, &ctx.viewer)) {
        Ok(made) => ctx.done(&format!("/organisations/{}", made.id), "organisation_created"),
        Err(Error::Invalid(errors)) if !ctx.json => form_page(ctx, 422, None, ctx.form.clone(), errors, Vec::new()),
        Err(error) => Err(error),
    }
}

fn edit(ctx: &Ctx) -> Result<Reply> {
    let (organisation, standing) = ctx.read(|db| organisation::open(db, ctx, ctx.id("organisation")?, Standing::File))?;
    form_page(ctx, 200, Some((&organisation, standing)), kernel::record::typed(&organisation), Vec::new(), Vec::new())
}

fn change(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("organisation")?;
    let changed = ctx.write(|tx| {
        let standing = ctx.standing(tx, id, Standing::File)?;
        kernel::record::change::<Organisation>(tx, id, ctx.base_version(), &ctx.form, standing)
    });
    match changed {
        Ok(_) => ctx.done(&format!("/organisations/{id}"), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => {
            let (organisation, standing) = ctx.read(|db| organisation::open(db, ctx, id, Standing::File))?;
            form_page(ctx, 422, Some((&organisation, standing)), ctx.form.clone(), errors, Vec::new())
        }
        Err(error) => Err(error),
    }
}

/// The page of an organisation.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "registry_file.html")]
pub(crate) struct FilePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    /// What the viewer may read of the record.
    organisation: Json,
    /// How near the viewer stands.
    standing: Standing,
    mandates: Vec<mandate::Held>,
    members: Option<membership::Counts>,
    documents: Vec<DocumentLine>,
    unions: Vec<affiliation::Tie>,
    agreements: Vec<agreement::Line>,
    /// What other rooms tell of it.
    panels: serde_json::Map<String, Json>,
    #[serde(skip)]
    #[schemars(skip)]
    shown: ShownFile,
}

/// A document of the page, without what only a form needs.
#[derive(Serialize, JsonSchema)]
struct DocumentLine {
    id: Id,
    kind: String,
    title: Option<String>,
    file: Option<String>,
    expires: Option<String>,
    late: bool,
}

/// The parts of the page that are HTML already.
#[derive(Default)]
struct ShownFile {
    record: Option<Organisation>,
    face: Html,
    subtitle: String,
    contact: Html,
    legal: Html,
    identity: Html,
    wide: Vec<Html>,
    side: Vec<Html>,
    recent: Vec<FactLine>,
    crumbs: Vec<(String, String)>,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("organisation")?;
    let page = ctx.read(|db| {
        let standing = match ctx.standing(db, id, Standing::Public) {
            // Someone of a team may learn that the cooperative is known, and ask for its file with a reason.
            Err(Error::NotFound) if ctx.viewer.has_role(TEAM) && !ctx.json => return Ok(None),
            standing => standing?,
        };
        let organisation = kernel::record::get::<Organisation>(db, id)?;
        file_page(ctx, db, organisation, standing).map(Some)
    })?;
    match page {
        Some(page) => {
            let title = page.shown.record.as_ref().map(|o| o.name.best(ctx.w.lang).to_owned()).unwrap_or_default();
            ctx.page(&title, &page)
        }
        None => crate::glimpse::ask(ctx, id),
    }
}

fn file_page(ctx: &Ctx, db: &mut Db, organisation: Organisation, standing: Standing) -> Result<FilePage> {
    let (w, id, today) = (ctx.w, organisation.id, kernel::today());
    let near = standing >= Standing::File;
    let (wide, side, panels) = ctx.panels(db, "registry.organisation", id, standing)?;
    let documents = if near { document::of(db, id)? } else { Vec::new() };
    let names = Names::new();
    let recent = if near {
        let facts = facts::read(db, sql(" f.about = ? order by f.id desc limit 6").bind(id).open("standing checked"))?;
        told(ctx, db, facts)?
    } else {
        Vec::new()
    };
    let kind = w.t2("organisation.kind", organisation.kind.code());
    let mut subtitle = vec![kind];
    subtitle.extend(organisation.activities.as_ref().map(|many| many.0.iter().map(|a| w.t2("activity", a.code())).collect::<Vec<_>>().join(", ")));
    subtitle.extend(organisation.members.map(|n| w.n("organisation.members.n", n)));
    subtitle.extend(organisation.founded.map(|date| w.with("organisation.founded.in", "year", &date.year().to_string())));
    let shown = ShownFile {
        face: Html(atlas::woven(&id.to_string())),
        subtitle: subtitle.join(" · "),
        identity: show_group(&organisation, "identity", standing, &w, &names),
        contact: show_group(&organisation, "contact", standing, &w, &names),
        legal: show_group(&organisation, "legal", standing, &w, &names),
        crumbs: kernel::territory::ancestors(&organisation.place.division)
            .into_iter()
            .rev()
            .filter(|code| code.matches('.').count() != 2)
            .map(|code| (kernel::territory::name(&code, w.lang), format!("/organisations?territory={code}")))
            .collect(),
        wide, side, recent,
        record: None,
    };
    let mut page = FilePage {
        w,
        organisation: organisation.json(standing),
        standing,
        mandates: if near { mandate::of(db, id, today)? } else { Vec::new() },
        members: if near { Some(membership::counts(db, id, today)?) } else { None },
        documents: documents
            .into_iter()
            .map(|d| DocumentLine {
                id: d.id, kind: w.t2("document.kind", d.kind.code()), title: d.title, file: d.file.map(|f| f.0),
                late: d.expires.is_some_and(|e| e < today), expires: d.expires.map(|e| w.date(&e)),
            })
            .collect(),
        unions: affiliation::of(db, &ctx.viewer, id)?,
        agreements: if near { agreement::of(db, id)? } else { Vec::new() },
        panels,
        shown,
    };
    page.shown.record = Some(organisation);
    Ok(page)
}

impl FilePage {
    fn edits(&self) -> bool {
        self.standing >= Standing::File
    }
}

/// A fact as a sentence: when, who, what, and what changed.
#[derive(Serialize, JsonSchema)]
pub struct FactLine {
    /// Id of the fact.
    pub id: Id,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// When, in words.
    pub when: String,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
    /// Page and name of the organisation it is about, if the reader may know of it.
    pub about: Option<(String, String)>,
    /// What changed.
    pub changes: Vec<ChangeLine>,
}

/// One changed field.
#[derive(Serialize, JsonSchema)]
pub struct ChangeLine {
    /// Field.
    pub field: String,
    /// What stood before.
    pub before: String,
    /// What stands now.
    pub after: String,
}

/// Facts told in the reader's language.
pub fn told(ctx: &Ctx, db: &mut Db, facts: Vec<Fact>) -> Result<Vec<FactLine>> {
    let actors: Vec<Id> = facts.iter().filter_map(|fact| fact.actor).collect();
    let names: std::collections::HashMap<Id, String> = db
        .rows(&sql("select id, name from account where id").within(&actors), |row| Ok((row.take()?, row.take()?)))?
        .into_iter()
        .collect();
    let w = ctx.w;
    let about: Vec<Id> = facts.iter().map(|fact| fact.about).collect();
    let organisations = organisation::names(db, &ctx.viewer, &about, w.lang)?;
    Ok(facts
        .into_iter()
        .map(|fact| {
            let table = fact.kind.split('.').nth(1).unwrap_or_default().to_owned();
            FactLine {
                id: fact.id,
                at: fact.at,
                about: organisations.get(&fact.about.to_string()).map(|name| (format!("/organisations/{}", fact.about), name.clone())),
                when: w.instant(fact.at),
                who: fact.actor.and_then(|id| names.get(&id).cloned()).unwrap_or_else(|| w.t2("fact.origin", &fact.origin)),
                what: w.t(&format!("fact.{}", fact.kind)).into_owned(),
                changes: fact.changes.iter().map(|(field, change)| told_change(w, &table, field, change)).collect(),
            }
        })
        .collect())
}

fn told_change(w: Words, table: &str, field: &str, change: &Json) -> ChangeLine {
    let side = |i: usize| told_value(w, table, field, change.get(i).unwrap_or(&Json::Null));
    ChangeLine { field: w.t(&format!("{table}.{field}")).into_owned(), before: side(0), after: side(1) }
}

fn told_value(w: Words, table: &str, field: &str, value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(yes) => w.t(if *yes { "yes" } else { "no" }).into_owned(),
        Json::Number(n) => n.as_i64().map_or_else(|| n.to_string(), |n| if field.contains("year") { n.to_string() } else { w.num(n) }),
        Json::String(text) => {
            let candidates = [format!("{table}.{field}.{text}"), format!("{field}.{text}"), format!("role.role.{text}")];
            candidates.iter().find(|key| w.knows(key)).map_or_else(|| text.clone(), |key| w.t(key).into_owned())
        }
        Json::Array(items) => items.iter().map(|item| told_value(w, "", if field == "activities" { "activity" } else { field }, item)).collect::<Vec<_>>().join(", "),
        Json::Object(parts) if parts.contains_key("erased") => w.t("fact.erased").into_owned(),
        Json::Object(parts) => match (parts.get("minor").and_then(Json::as_i64), parts.get("division").and_then(Json::as_str)) {
            (Some(minor), _) => {
                let currency = parts.get("currency").and_then(Json::as_str).unwrap_or_default().to_owned();
                w.money(&kernel::kinds::Money { minor, currency })
            }
            (_, Some(code)) => kernel::territory::path(code, w.lang),
            _ => parts.values().filter_map(Json::as_str).collect::<Vec<_>>().join(" / "),
        },
    }
}

/// Everything that happened to an organisation.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "registry_history.html")]
pub(crate) struct HistoryPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: String,
    facts: Vec<FactLine>,
    next: Option<String>,
}

fn history(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (organisation, _) = organisation::open(db, ctx, ctx.id("organisation")?, Standing::File)?;
        let mut tail = sql(" f.about = ?").bind(organisation.id).open("standing checked");
        tail = tail.and_if(" and f.id < ?", ctx.query.parse::<Id>("before"));
        let found = facts::read(db, tail.and(" order by f.id desc limit ?").bind(PAGE + 1))?;
        let next = found.get(PAGE as usize - 1).filter(|_| found.len() > PAGE as usize).map(|fact| format!("?before={}", fact.id));
        let facts = told(ctx, db, found.into_iter().take(PAGE as usize).collect())?;
        Ok(HistoryPage { w: ctx.w, id: organisation.id, name: organisation.name.best(ctx.w.lang).to_owned(), facts, next })
    })?;
    ctx.page(&ctx.w.with("registry.history.title", "name", &page.name), &page)
}

/// Organisations a form can refer to: those of these kinds the viewer knows of, in the order of names, up to 300.
pub fn choices(ctx: &Ctx, db: &mut Db, kinds: &[&str], keep: Option<Id>) -> Result<Options> {
    let mut query = sql("select o.id, o.name from organisation o where o.merged_into is null and").seen(&ctx.viewer, "o.id");
    if !kinds.is_empty() {
        query = query.and(" and o.kind").within(kinds);
    }
    let mut found: Options = db.rows(&query.and(" order by o.sort limit 300"), |row| {
        Ok((row.take::<String>()?, row.take::<Multi>()?.best(ctx.w.lang).to_owned()))
    })?;
    if let Some(keep) = keep.map(|id| id.to_string()).filter(|id| !found.iter().any(|(there, _)| there == id)) {
        found.push((keep.clone(), keep));
    }
    Ok(found)
}
