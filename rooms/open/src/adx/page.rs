//! `/programmes/{programme}/adx`: the receiver's codes, the file of a period, and what the receiver answered.

use askama::Template;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, Id, Reply, Result, Standing, Words};
use programmes::Programme;
use schemars::JsonSchema;
use serde::Serialize;

use super::code;
use super::file::{self, Span};
use super::push::{self, AdxPush, JOB, PushState};
use crate::files;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/programmes/{programme}/adx", show).query(&["period"]).answers::<AdxPage>(),
        get("/programmes/{programme}/adx/file", fetch).query(&["period"]),
        post("/programmes/{programme}/adx", hand_over),
    ]
}

#[derive(Serialize, JsonSchema)]
struct CodeLine {
    id: Id,
    name: String,
    code: String,
}

#[derive(Serialize, JsonSchema)]
struct PushLine {
    id: Id,
    period: String,
    dry: bool,
    state: String,
    word: String,
    answered: Option<i64>,
    answer: Option<String>,
}

impl PushLine {
    fn is_good(&self) -> bool {
        self.state == "accepted"
    }
}

/// Figures for the receiver.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "open_adx.html")]
struct AdxPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    programme: Id,
    name: String,
    /// Where files go; nothing while the administrator named no receiver.
    host: Option<String>,
    codes: Vec<CodeLine>,
    period: String,
    #[serde(skip)]
    periods: Vec<(String, String)>,
    values: usize,
    missing: Vec<String>,
    /// True if the receiver said of exactly this file that it would take it.
    tried: bool,
    pushes: Vec<PushLine>,
    #[serde(skip)]
    id: Id,
}

/// The programme of the address, for its stewards.
fn open(ctx: &Ctx, db: &mut Db) -> Result<Programme> {
    let id = ctx.id("programme")?;
    ctx.standing(db, id, Standing::Steward)?;
    kernel::record::get(db, id)
}

/// The period that is asked for; the last whole quarter, if none is.
fn asked(text: Option<&str>) -> Result<Span> {
    match text {
        Some(text) => Span::read(text).ok_or_else(|| Error::refused("adx.period_wrong")),
        None => Ok(Span::around(kernel::today(), 3).before()),
    }
}

/// The periods that are offered, the current ones and some before.
fn offered(w: Words) -> Vec<(String, String)> {
    let mut periods = Vec::new();
    for (months, most) in [(3, 5), (1, 7), (6, 3), (12, 3)] {
        let mut span = Span::around(kernel::today(), months);
        for _ in 0..most {
            let days = span.days();
            periods.push((span.text(), format!("{} – {}", w.date(&days.since), w.date(&days.until))));
            span = span.before();
        }
    }
    periods
}

fn show(ctx: &Ctx) -> Result<Reply> {
    use kernel::kinds::Choice as _;
    let w = ctx.w;
    let host = push::receiver(&ctx.app)?.map(|receiver| receiver.host().to_owned());
    let page = ctx.read(|db| {
        let programme = open(ctx, db)?;
        let span = asked(ctx.query.text("period"))?;
        let made = file::make(ctx, db, &programme, span)?;
        let named = code::all(w, &programme)?;
        let name = |ours: &str| {
            named
                .iter()
                .find(|(key, _)| key == ours)
                .map_or_else(|| ours.to_owned(), |(_, name)| name.clone())
        };
        let codes = code::of(db, programme.id)?;
        let line = |push: AdxPush| PushLine {
            id: push.id,
            period: push.period,
            dry: push.dry,
            state: push.state.code().to_owned(),
            word: w.choice(&push.state),
            answered: push.answered,
            answer: push.answer.map(|answer| answer.0),
        };
        Ok(AdxPage {
            w,
            programme: programme.id,
            name: programme.name.best(w.lang).to_owned(),
            host,
            codes: codes
                .into_iter()
                .map(|each| CodeLine { id: each.id, name: name(&each.ours), code: each.code })
                .collect(),
            period: span.text(),
            periods: offered(w),
            values: made.values,
            missing: made.missing.iter().map(|ours| name(ours)).collect(),
            tried: push::was_tried(db, programme.id, &made.digest)?,
            pushes: push::of(db, programme.id)?.into_iter().map(line).collect(),
            id: Id::new(),
        })
    })?;
    ctx.page(&w.t("adx.title"), &page)
}

fn fetch(ctx: &Ctx) -> Result<Reply> {
    let made = ctx.read(|db| {
        let programme = open(ctx, db)?;
        file::make(ctx, db, &programme, asked(ctx.query.text("period"))?)
    })?;
    Ok(Reply::Body { status: 200, media: files::XML, body: made.document.into_bytes() })
}

/// Queues the file as it is now: to be tried, or, once exactly this was tried, to be sent.
fn hand_over(ctx: &Ctx) -> Result<Reply> {
    if push::receiver(&ctx.app)?.is_none() {
        ctx.read(|db| open(ctx, db))?;
        return Err(Error::refused("adx.no_receiver"));
    }
    let (programme, period) = ctx.write(|tx| {
        let programme = open(ctx, tx)?;
        let span = asked(ctx.form.text("period"))?;
        let dry = ctx.form.text("send").is_none();
        let id = ctx.new_id();
        if kernel::record::find::<AdxPush>(tx, id)?.is_some_and(|there| there.programme.id == programme.id) {
            return Ok((programme.id, span.text()));
        }
        let made = file::make(ctx, tx, &programme, span)?;
        if made.values == 0 {
            return Err(Error::refused("adx.empty"));
        }
        if !dry && !push::was_tried(tx, programme.id, &made.digest)? {
            return Err(Error::refused("adx.untried"));
        }
        let push = AdxPush {
            id,
            version: 1,
            programme: programme.id.into(),
            period: span.text(),
            dry,
            digest: made.digest,
            account: ctx.viewer.account.ok_or(Error::SignIn)?.into(),
            state: PushState::Waiting,
            answered: None,
            answer: None,
        };
        kernel::record::insert(tx, &push)?;
        let input = serde_json::json!({ "push": push.id, "document": made.document });
        kernel::work::queue(tx, Id::new(), JOB, &input, ctx.viewer.account)?;
        Ok((programme.id, push.period))
    })?;
    ctx.app.bell.ring();
    ctx.done(&format!("/programmes/{programme}/adx?period={period}"), "adx_handed_over")
}
