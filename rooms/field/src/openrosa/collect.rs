//! `/field/collect`: the keys of one's telephones, the code that sets one up, and what became of what they sent.

use askama::Template;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::{Compression, write::ZlibEncoder};
use kernel::room::{Route, get, post};
use kernel::{App, Ctx, Db, Error, Html, Id, Reply, Result, Standing, Words, sql};
use programmes::Programme;
use schemars::JsonSchema;
use serde::Serialize;
use std::io::Write;

use super::{CARRIERS, diagnosis, forms, key};
use crate::received::{State, Told, told};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/field/collect", show).role(CARRIERS).answers::<CollectPage>(),
        post("/field/collect", create).role(CARRIERS).answers::<CollectPage>(),
        post("/field/collect/{collect_key}/end", end).role(CARRIERS),
    ]
}

/// Forms on the page.
const MOST: i64 = 20;

/// A key.
#[derive(Serialize, JsonSchema)]
struct KeyLine {
    id: Id,
    name: String,
    programme: String,
    made: String,
    used: Option<String>,
}

/// A form that a telephone sent.
#[derive(Serialize, JsonSchema)]
struct SentLine {
    form: String,
    made: String,
    arrived: String,
    state: State,
    /// Why something was refused.
    sentences: Vec<String>,
}

/// A key that was just made: shown this once.
#[derive(Serialize, JsonSchema)]
struct Fresh {
    address: String,
    /// What the code says.
    settings: String,
    #[serde(skip)]
    #[schemars(skip)]
    code: Html,
    /// For programs that know ODK Central: where, who, the secret, and the number of the project.
    server: String,
    login: String,
    key: String,
    project: i64,
    /// What was sent with one of the forms, as a table.
    table: String,
}

/// The keys of one's telephones.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "openrosa_collect.html")]
struct CollectPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    keys: Vec<KeyLine>,
    sent: Vec<SentLine>,
    fresh: Option<Fresh>,
    #[serde(skip)]
    programmes: Vec<(Id, String)>,
    #[serde(skip)]
    error: Option<String>,
}

impl CollectPage {
    fn state(&self, state: &State) -> String {
        self.w.t2("field.state", state.code())
    }
    fn tone(&self, state: &State) -> &'static str {
        match state {
            State::Done => "good",
            State::NeedsYou | State::Clash => "late",
            _ => "wait",
        }
    }
}

/// The programmes for which this account may carry forms.
fn programmes(ctx: &Ctx, db: &mut Db) -> Result<Vec<(Id, String)>> {
    let mut found = Vec::new();
    for line in programmes::programme::list(db, &ctx.viewer)? {
        if training::takes_roll_calls(db, &ctx.viewer, line.id)? {
            found.push((line.id, line.name.best(ctx.w.lang).to_owned()));
        }
    }
    Ok(found)
}

fn page(ctx: &Ctx, status: u16, fresh: Option<Fresh>, error: Option<String>) -> Result<Reply> {
    let account = ctx.viewer.account.ok_or(Error::SignIn)?;
    let (programmes, keys, sent) = ctx.read(|db| {
        let programmes = programmes(ctx, db)?;
        let mut keys = Vec::new();
        for key in key::of(db, account)? {
            let programme = kernel::record::find::<Programme>(db, key.programme)?;
            keys.push(KeyLine {
                id: key.id,
                name: key.name,
                programme: programme.map(|found| found.name.best(ctx.w.lang).to_owned()).unwrap_or_default(),
                made: ctx.w.instant(key.at),
                used: key.used_at.map(|at| ctx.w.instant(at)),
            });
        }
        Ok((programmes, keys, sent(&ctx.app, db, account)?))
    })?;
    let sent = sent.into_iter().map(|sent| line(ctx, account, sent)).collect::<Result<_>>()?;
    let page = CollectPage { w: ctx.w, keys, sent, fresh, programmes, error };
    ctx.page_with_status(status, &ctx.w.t("field.collect.title"), &page)
}

/// A submission as it is kept.
struct Kept {
    form: String,
    /// What it is called, if a programme wrote it.
    title: Option<String>,
    ended: Option<i64>,
    received: i64,
    commands: Vec<Id>,
}

fn sent(app: &App, db: &mut Db, account: Id) -> Result<Vec<Kept>> {
    let query =
        sql("select form, programme, version, ended, received_at, commands from submission where account = ?
                     order by received_at desc, id limit ?");
    let mut found = db.rows(&query.bind(account).bind(MOST).open("the account's own work"), |row| {
        let form = row.take()?;
        let of: (Id, String) = (row.take()?, row.take()?);
        let (ended, received) = (row.take()?, row.take()?);
        let commands = serde_json::from_str(&row.take::<String>()?)?;
        Ok((Kept { form, title: None, ended, received, commands }, of))
    })?;
    for (kept, (programme, version)) in &mut found {
        let survey = survey::collected(app, db, *programme, &kept.form, version)?;
        kept.title = survey.map(|survey| survey.title().to_owned());
    }
    Ok(found.into_iter().map(|(kept, _)| kept).collect())
}

/// How much a state wants to be seen, of several.
fn weight(state: State) -> u8 {
    match state {
        State::NeedsYou | State::Clash => 4,
        State::Held => 3,
        State::Waiting => 2,
        State::Received | State::SetAside => 1,
        State::Done => 0,
    }
}

fn line(ctx: &Ctx, account: Id, kept: Kept) -> Result<SentLine> {
    let told = told(ctx, account, &kept.commands)?;
    let refused = told.iter().filter(|told| told.state == State::NeedsYou);
    let w = ctx.w;
    let form = match kept.form.as_str() {
        forms::VISIT => w.t("field.collect.visit"),
        forms::COOPERATIVE => w.t("field.collect.cooperative"),
        forms::ROLL_CALL => w.t("roll_call.title"),
        form if form.starts_with(diagnosis::PREFIX) => w.t("assessment.word"),
        _ => kept.title.map_or_else(|| w.t("field.collect.form"), Into::into),
    };
    Ok(SentLine {
        form: form.into_owned(),
        made: w.instant(kept.ended.unwrap_or(kept.received)),
        arrived: w.instant(kept.received),
        state: told.iter().map(|told| told.state).max_by_key(|state| weight(*state)).unwrap_or(State::Done),
        sentences: refused.take(5).flat_map(sentences).collect(),
    })
}

fn sentences(told: &Told) -> Vec<String> {
    if told.errors.is_empty() {
        return vec![told.sentence.clone()];
    }
    told.errors.iter().map(|error| error.detail.clone()).collect()
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, None, None)
}

/// Makes a key, if a person sits before the page: no program makes a key for another.
fn create(ctx: &Ctx) -> Result<Reply> {
    let account = ctx.viewer.account.filter(|_| ctx.viewer.session.is_some()).ok_or(Error::Forbidden)?;
    let name = ctx.form.text("name").filter(|name| name.chars().count() <= 80);
    let Some(name) = name else {
        return page(ctx, 422, None, Some(ctx.w.t("field.collect.name_needed").into_owned()));
    };
    let programme = ctx.form.parse::<Id>("programme").ok_or(Error::NotFound)?;
    let offered = ctx.read(|db| programmes(ctx, db))?;
    let known = offered.into_iter().find(|(id, _)| *id == programme);
    let (_, title) = known.ok_or(Error::NotFound)?;
    let text = ctx.write(|tx| key::create(tx, account, programme, name))?;
    let address = ctx.link(&format!("/v1/key/{text}/projects/{programme}"));
    let settings = settings(&address, &title)?;
    let code = kernel::square(&settings)?;
    let project = crate::central::number_of(&ctx.app, programme)?;
    let (login, works) = ctx.read(|db| {
        let login = kernel::record::get::<people::Account>(db, account)?.login().to_owned();
        Ok((login, ctx.viewer.standing(db, programme)? >= Some(Standing::File)))
    })?;
    let form = if works { forms::VISIT } else { forms::ROLL_CALL };
    let table = ctx.link(&format!("/v1/projects/{project}/forms/{form}.svc"));
    let fresh = Fresh { address, settings, code, server: ctx.link(""), login, key: text, project, table };
    page(ctx, 200, Some(fresh), None)
}

/// What ODK Collect reads from a square: its settings, deflated, in Base64.
fn settings(address: &str, project: &str) -> Result<String> {
    let settings = serde_json::json!({
        "general": { "server_url": address, "form_update_mode": "match_exactly", "autosend": "wifi_and_cellular" },
        "admin": {},
        "project": { "name": project },
    });
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    packed.write_all(settings.to_string().as_bytes())?;
    Ok(BASE64_STANDARD.encode(packed.finish()?))
}

fn end(ctx: &Ctx) -> Result<Reply> {
    let account = ctx.viewer.account.ok_or(Error::SignIn)?;
    let id = ctx.id("collect_key")?;
    ctx.write(|tx| key::end(tx, account, id))?;
    ctx.done("/field/collect", "collect_key_ended")
}
