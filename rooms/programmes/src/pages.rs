//! Pages of a programme: the list, what it is, who, where, when; and its form.

use std::collections::BTreeMap;

use askama::Template;
use kernel::form::show_group;
use kernel::kinds::{Multi, Names};
use kernel::room::{Route, get, post};
use kernel::{
    Ctx, Db, Error, FieldError, Fields, Form, Html, Id, Json, Record, Reply, Result, Standing, Words, access,
    sql,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::enrolment::{self, Enrolled, Stage};
use crate::partner;
use crate::plan;
use crate::programme::{self, Programme};

/// Roles that open programmes.
const MANAGERS: &[&str] = &["administrator", "manager"];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/programmes", list).answers::<ListPage>(),
        get("/programmes/new", new).role(MANAGERS),
        post("/programmes", create).role(MANAGERS).takes::<Programme>(),
        get("/programmes/{programme}", show).open().answers::<ProgrammePage>(),
        get("/programmes/{programme}/edit", edit),
        post("/programmes/{programme}", change).takes::<Programme>(),
    ]
}

/// The programmes a viewer knows of.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_list.html")]
struct ListPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    programmes: Vec<programme::Line>,
    #[serde(skip)]
    opens: bool,
}

fn list(ctx: &Ctx) -> Result<Reply> {
    let programmes = ctx.read(|db| programme::list(db, &ctx.viewer))?;
    ctx.page(
        &ctx.w.t("nav.programmes"),
        &ListPage { w: ctx.w, programmes, opens: ctx.viewer.has_role(MANAGERS) },
    )
}

/// The form of a programme.
#[derive(Template, Serialize)]
#[template(path = "programmes_form.html")]
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
}

fn form_page(
    ctx: &Ctx,
    status: u16,
    existing: Option<&Programme>,
    typed: Fields,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let title = match existing {
        Some(programme) => ctx.w.with("programme.edit", "name", programme.name.best(ctx.w.lang)),
        None => ctx.w.t("programme.new").into_owned(),
    };
    let action = existing
        .map_or_else(|| "/programmes".to_owned(), |programme| format!("/programmes/{}", programme.id));
    let page = FormPage {
        w: ctx.w,
        form: Form::of::<Programme>(ctx.w, typed, Standing::Steward).refused(errors).without("invented"),
        title: title.clone(),
        back: action.clone(),
        action,
        id: existing.map_or_else(|| ctx.new_id(), |programme| programme.id),
        version: existing.map_or(0, |programme| programme.version),
    };
    ctx.page_with_status(status, &title, &page)
}

fn new(ctx: &Ctx) -> Result<Reply> {
    let mut typed = ctx.query.clone();
    typed.push("status", "preparing");
    form_page(ctx, 200, None, typed, Vec::new())
}

/// Opens a programme; whoever opens it manages it.
fn create(ctx: &Ctx) -> Result<Reply> {
    let made = ctx.write(|tx| {
        let made = kernel::record::create::<Programme>(tx, ctx.new_id(), &ctx.form, Standing::Steward)?;
        if let Some(account) = ctx.viewer.account {
            access::grant(tx, made.id, &access::scope("account", account), Standing::Steward, None)?;
            people::grant_role(
                tx,
                Id::new(),
                account,
                people::RoleKind::Manager,
                &programme::scope(made.id),
                kernel::today(),
                None,
            )?;
        }
        Ok(made.id)
    });
    match made {
        Ok(id) => ctx.done(&format!("/programmes/{id}"), "programme_created"),
        Err(Error::Invalid(errors)) if !ctx.json => form_page(ctx, 422, None, ctx.form.clone(), errors),
        Err(error) => Err(error),
    }
}

fn edit(ctx: &Ctx) -> Result<Reply> {
    let (programme, _) = ctx.read(|db| programme::open(db, ctx, ctx.id("programme")?, Standing::Steward))?;
    form_page(ctx, 200, Some(&programme), kernel::record::typed(&programme), Vec::new())
}

fn change(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("programme")?;
    let changed = ctx.write(|tx| {
        let standing = ctx.standing(tx, id, Standing::Steward)?;
        kernel::record::change::<Programme>(tx, id, ctx.base_version(), &ctx.form, standing)
    });
    match changed {
        Ok(_) => ctx.done(&format!("/programmes/{id}"), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => {
            let (programme, _) = ctx.read(|db| programme::open(db, ctx, id, Standing::Steward))?;
            form_page(ctx, 422, Some(&programme), ctx.form.clone(), errors)
        }
        Err(error) => Err(error),
    }
}

/// Someone of the team and whom she accompanies.
#[derive(Serialize, JsonSchema)]
struct TeamLine {
    name: String,
    roles: Vec<String>,
    organisations: i64,
}

/// A phase or promotion on the calendar.
#[derive(Serialize, JsonSchema)]
struct Span {
    id: Id,
    name: Multi,
    dates: String,
    /// `phase` or `promotion`.
    kind: &'static str,
}

/// How many cooperatives stand where on their way.
#[derive(Serialize, JsonSchema)]
struct StageCount {
    stage: String,
    word: String,
    count: i64,
}

/// The page of a programme.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_show.html")]
struct ProgrammePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    programme: Json,
    standing: Standing,
    partners: Vec<partner::Line>,
    spans: Vec<Span>,
    stages: Vec<StageCount>,
    enrolled: Vec<Enrolled>,
    team: Vec<TeamLine>,
    panels: serde_json::Map<String, Json>,
    divisions: Vec<registry::DivisionCount>,
    #[serde(skip)]
    #[schemars(skip)]
    shown: Shown,
}

#[derive(Default)]
struct Shown {
    record: Option<Programme>,
    face: Html,
    main: Html,
    timeline: Html,
    picture: Option<registry::Picture>,
    wide: Vec<Html>,
    side: Vec<Html>,
}

impl ProgrammePage {
    fn near(&self) -> bool {
        self.standing >= Standing::Shared
    }
    fn manages(&self) -> bool {
        self.standing >= Standing::Steward
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (programme, standing) = programme::open(db, ctx, ctx.id("programme")?, Standing::Public)?;
        programme_page(ctx, db, programme, standing)
    })?;
    let title = page.shown.record.as_ref().map(|p| p.name.best(ctx.w.lang).to_owned()).unwrap_or_default();
    ctx.page(&title, &page)
}

fn programme_page(ctx: &Ctx, db: &mut Db, programme: Programme, standing: Standing) -> Result<ProgrammePage> {
    let (w, id, near) = (ctx.w, programme.id, standing >= Standing::Shared);
    let phases = plan::phases(db, id)?;
    let promotions = enrolment::promotions(db, id)?;
    let enrolled = if near { enrolment::board(db, id, kernel::today())? } else { Vec::new() };
    let stages = [Stage::Selected, Stage::Active, Stage::Paused, Stage::Graduated, Stage::Left]
        .into_iter()
        .map(|stage| StageCount {
            stage: kernel::kinds::Choice::code(&stage).into(),
            word: w.choice(&stage),
            count: enrolled.iter().filter(|e| e.status == stage).count() as i64,
        })
        .collect();
    let mut communes: BTreeMap<String, i64> = BTreeMap::new();
    for line in enrolled.iter().filter(|e| e.status != Stage::Left) {
        *communes.entry(line.place.clone()).or_default() += 1;
    }
    let communes: Vec<_> = communes.into_iter().collect();
    let (divisions, picture) = if near {
        registry::value_map(ctx, &communes, &format!("/organisations?programme={id}"))?
    } else {
        (Vec::new(), None)
    };
    let kernel::room::Panels { wide, side, data: panels } =
        ctx.panels(db, "programmes.programme", id, standing)?;
    let spans: Vec<Span> = phases
        .iter()
        .map(|p| Span {
            id: p.id,
            name: p.name.clone(),
            dates: format!("{} – {}", w.date(&p.since), w.date(&p.until)),
            kind: "phase",
        })
        .chain(promotions.iter().map(|p| Span {
            id: p.id,
            name: p.name.clone(),
            dates: format!("{} – {}", w.date(&p.since), w.date_or_dash(&p.until)),
            kind: "promotion",
        }))
        .collect();
    let rows: Vec<atlas::Row> = phases
        .iter()
        .map(|p| (&p.name, "phase", p.since, Some(p.until), 1))
        .chain(promotions.iter().map(|p| (&p.name, "promotion", p.since, p.until, 3)))
        .map(|(name, kind, since, until, series)| atlas::Row {
            title: name.best(w.lang).to_owned(),
            subtitle: w.t2("span", kind),
            dates: format!("{} – {}", w.date(&since), w.date_or_dash(&until)),
            start: crate::panel::day_number(since),
            end: until.map(crate::panel::day_number),
            series,
            href: None,
        })
        .collect();
    Ok(ProgrammePage {
        w,
        standing,
        partners: partner::of(db, id)?,
        team: if near { team(ctx, db, id)? } else { Vec::new() },
        spans,
        stages,
        panels,
        divisions,
        shown: Shown {
            face: Html(atlas::woven(&id.to_string())),
            main: show_group(&programme, "main", standing, &w, &Names::new()),
            timeline: crate::panel::timeline(w, &rows, &[]),
            picture,
            wide,
            side,
            record: None,
        },
        programme: programme.json(standing),
        enrolled,
    }
    .with(programme))
}

impl ProgrammePage {
    fn with(mut self, programme: Programme) -> ProgrammePage {
        self.shown.record = Some(programme);
        self
    }
}

fn team(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<Vec<TeamLine>> {
    let query = sql("select a.id, a.name, r.role, (select count(*) from assignment s where s.account = a.id and s.programme = ? and (s.until is null or s.until >= ?))
                     from role r join account a on a.id = r.account
                     where r.scope = ? and r.since <= ? and (r.until is null or r.until >= ?) and a.disabled = 0 order by a.name, r.role")
        .bind(programme).bind(kernel::today()).bind(programme::scope(programme)).bind(kernel::today()).bind(kernel::today())
        .open("standing at the programme checked");
    let mut team: Vec<TeamLine> = Vec::new();
    db.each(&query, |row| {
        let (_, name, role, organisations): (Id, String, String, i64) =
            (row.take()?, row.take()?, row.take()?, row.take()?);
        let role = ctx.w.t2("role.role", &role);
        match team.last_mut().filter(|line| line.name == name) {
            Some(line) => line.roles.push(role),
            None => team.push(TeamLine { name, roles: vec![role], organisations }),
        }
        Ok(())
    })?;
    Ok(team)
}
