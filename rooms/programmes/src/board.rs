//! The promotion board: who is where on the way from selection to graduation; enrolling and moving.

use askama::Template;
use kernel::kinds::{Choice, Multi};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, Id, Reply, Result, Standing, Words, sql};
use schemars::JsonSchema;
use serde::Serialize;

use crate::enrolment::{self, Enrolled, Enrolment, Stage};
use crate::programme;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/programmes/{programme}/board", board).query(&["promotion", "q"]).answers::<BoardPage>(),
        get("/programmes/{programme}/enrol", choose).query(&["q", "promotion", "territory"]),
        post("/programmes/{programme}/enrol", enrol),
        post("/enrolments/{enrolment}", advance).takes::<Enrolment>(),
    ]
}

#[derive(Serialize, JsonSchema)]
struct Column {
    stage: &'static str,
    word: String,
    cards: Vec<Enrolled>,
}

#[derive(Serialize, JsonSchema)]
struct Pick {
    id: Id,
    name: Multi,
    chosen: bool,
}

/// The board of a programme, of one promotion or of all.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_board.html")]
struct BoardPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: Multi,
    standing: Standing,
    promotions: Vec<Pick>,
    columns: Vec<Column>,
    count: usize,
}

impl BoardPage {
    fn moves(&self) -> bool {
        self.standing >= Standing::File
    }
    fn manages(&self) -> bool {
        self.standing >= Standing::Steward
    }
    fn stages(&self) -> Vec<(&'static str, String)> {
        Stage::CODES.iter().map(|code| (*code, self.w.t2(Stage::WORDS, code))).collect()
    }
}

fn board(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (programme, standing) = programme::open(db, ctx, ctx.id("programme")?, Standing::Shared)?;
        let chosen = ctx.query.parse::<Id>("promotion");
        let enrolled: Vec<_> = enrolment::board(db, programme.id, kernel::today())?
            .into_iter()
            .filter(|e| chosen.is_none_or(|promotion| e.promotion == promotion))
            .collect();
        let promotions = enrolment::promotions(db, programme.id)?
            .into_iter()
            .map(|p| Pick { chosen: chosen == Some(p.id), id: p.id, name: p.name })
            .collect();
        let columns = Stage::CODES
            .iter()
            .map(|code| Column {
                stage: code,
                word: w.t2(Stage::WORDS, code),
                cards: enrolled.iter().filter(|e| e.status.code() == *code).cloned().collect(),
            })
            .collect();
        Ok(BoardPage {
            w,
            id: programme.id,
            name: programme.name,
            standing,
            promotions,
            columns,
            count: enrolled.len(),
        })
    })?;
    ctx.page(&w.t("board.title"), &page)
}

/// Cooperatives that can be enrolled.
#[derive(Template, Serialize)]
#[template(path = "programmes_enrol.html")]
struct EnrolPage {
    #[serde(skip)]
    w: Words,
    id: Id,
    name: Multi,
    promotions: Vec<Pick>,
    organisations: Vec<registry::Line>,
    count: i64,
    #[serde(skip)]
    q: String,
    #[serde(skip)]
    territory: String,
    today: String,
    refused: Option<String>,
}

fn choose(ctx: &Ctx) -> Result<Reply> {
    choose_page(ctx, 200, None)
}

fn choose_page(ctx: &Ctx, status: u16, refused: Option<String>) -> Result<Reply> {
    let asked = if ctx.query.0.is_empty() { &ctx.form } else { &ctx.query };
    let filter = registry::Filter {
        text: asked.text("q").map(str::to_owned),
        kind: Some("cooperative".into()),
        working: true,
        territory: asked.text("territory").and_then(|typed| kernel::territory::resolve_widest(typed).ok()),
        ..registry::Filter::default()
    };
    let page = ctx.read(|db| {
        let (programme, _) = programme::open(db, ctx, ctx.id("programme")?, Standing::Steward)?;
        let enrolled = enrolment::enrolled(db, programme.id)?;
        let found = filter.found(db, &ctx.viewer)?.without(db, &enrolled)?;
        let shown = found.page(db, None, 60)?;
        let chosen = asked.parse::<Id>("promotion");
        Ok(EnrolPage {
            w: ctx.w,
            id: programme.id,
            name: programme.name,
            count: found.count(),
            promotions: enrolment::promotions(db, ctx.id("programme")?)?
                .into_iter()
                .map(|p| Pick { chosen: chosen == Some(p.id), id: p.id, name: p.name })
                .collect(),
            organisations: registry::organisation::lines(db, &shown)?,
            q: asked.text("q").unwrap_or_default().to_owned(),
            territory: asked.text("territory").unwrap_or_default().to_owned(),
            today: kernel::today().to_string(),
            refused,
        })
    })?;
    ctx.page_with_status(status, &ctx.w.t("enrol.title"), &page)
}

/// Enrols the chosen cooperatives in a promotion, all or none. Enrolling one that is in already changes nothing.
fn enrol(ctx: &Ctx) -> Result<Reply> {
    let programme = ctx.id("programme")?;
    let chosen: Vec<Id> = ctx.form.all("organisation").filter_map(|text| text.parse().ok()).collect();
    let Some(promotion) = ctx.form.parse::<Id>("promotion") else {
        return choose_page(ctx, 422, Some(ctx.w.t("enrol.promotion_needed").into_owned()));
    };
    if chosen.is_empty() {
        return choose_page(ctx, 422, Some(ctx.w.t("enrol.none_chosen").into_owned()));
    }
    let since = match ctx.form.text("since") {
        None => kernel::today(),
        Some(text) => text.parse().map_err(|_| Error::field("since", "error.date_range"))?,
    };
    ctx.write(|tx| {
        ctx.standing(tx, programme, Standing::Steward)?;
        let owner = kernel::record::find::<crate::Promotion>(tx, promotion)?
            .ok_or_else(|| Error::refused("error.reference"))?;
        if owner.programme.id != programme {
            return Err(Error::refused("error.reference"));
        }
        for organisation in &chosen {
            // Enrolling opens the file to the programme's team: it takes a right on the file.
            ctx.standing(tx, *organisation, Standing::File)?;
            let known = sql("select count(*) from enrolment where programme = ? and organisation = ?")
                .bind(programme)
                .bind(*organisation)
                .open("standing checked");
            if tx.one::<i64>(&known)? > 0 {
                continue;
            }
            let enrolment = Enrolment {
                id: Id::new(),
                version: 1,
                programme: programme.into(),
                promotion: promotion.into(),
                organisation: (*organisation).into(),
                status: Stage::Selected,
                since,
                reason: ctx.form.text("reason").map(str::to_owned),
            };
            kernel::record::insert(tx, &enrolment)?;
        }
        Ok(())
    })?;
    ctx.done(&format!("/programmes/{programme}/board"), "enrolled")
}

/// Moves a cooperative to another stage, for a reason.
fn advance(ctx: &Ctx) -> Result<Reply> {
    let programme = ctx.write(|tx| {
        let id = ctx.id("enrolment")?;
        let enrolment = kernel::record::get::<Enrolment>(tx, id)?;
        let standing = ctx.standing(tx, enrolment.programme.id, Standing::File)?;
        let status = ctx
            .form
            .get("status")
            .and_then(Stage::from_code)
            .ok_or_else(|| Error::field("status", "error.needed"))?;
        let reason = ctx.form.text("reason");
        let ends = matches!(status, Stage::Paused | Stage::Left);
        if ends && reason.is_none() {
            return Err(Error::refused("enrolment.reason_needed"));
        }
        let mut form =
            kernel::Fields::of([("status", status.code()), ("since", &kernel::today().to_string())]);
        form.push("reason", reason.unwrap_or_default());
        kernel::record::change::<Enrolment>(tx, id, ctx.base_version(), &form, standing)?;
        Ok(enrolment.programme.id)
    })?;
    ctx.done(&format!("/programmes/{programme}/board"), "moved")
}
