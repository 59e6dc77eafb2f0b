//! What became of a command, in the words of whoever did the work.

use std::collections::{BTreeMap, BTreeSet};

use kernel::value::Row;
use kernel::{Ctx, Db, Error, Id, Reply, Result, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::batch::Answer;

/// Where a command is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Kept; about to be applied.
    Received,
    /// Waits for another command, a document or a record.
    Waiting,
    /// Waits for a manager: its maker has no right to it now.
    Held,
    /// Applied.
    Done,
    /// Refused with a sentence: its maker corrects it.
    NeedsYou,
    /// Put aside by a manager; kept, never applied.
    SetAside,
    /// Its id is known with other content: kept for a look, never applied.
    Clash,
}

impl State {
    /// As it is stored.
    pub fn code(self) -> &'static str {
        match self {
            State::Received => "received",
            State::Waiting => "waiting",
            State::Held => "held",
            State::Done => "done",
            State::NeedsYou => "needs_you",
            State::SetAside => "set_aside",
            State::Clash => "clash",
        }
    }

    /// The state that is stored so.
    pub fn from_code(code: &str) -> State {
        match code {
            "waiting" => State::Waiting,
            "held" => State::Held,
            "done" => State::Done,
            "needs_you" => State::NeedsYou,
            "set_aside" => State::SetAside,
            "clash" => State::Clash,
            _ => State::Received,
        }
    }
}

/// Why a command was refused.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub(super) struct Refusal {
    /// The sentence.
    pub sentence: String,
    /// What is wrong with single fields.
    pub errors: Vec<FieldRefusal>,
}

/// What is wrong with a field.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct FieldRefusal {
    /// The field.
    pub field: String,
    /// The sentence.
    pub detail: String,
}

/// What a device is told of one command.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Told {
    /// Its id.
    pub id: Id,
    /// Where it is.
    pub state: State,
    /// The same in words, or why it was refused.
    pub sentence: String,
    /// What is wrong with single fields.
    pub errors: Vec<FieldRefusal>,
    /// The page of what it made.
    pub location: Option<String>,
}

/// `GET /field/commands`: what became of the viewer's own commands. Those that wait are tried again first.
pub(super) fn ask(ctx: &Ctx) -> Result<Reply> {
    let account = ctx.viewer.account.ok_or(Error::SignIn)?;
    let ids = ctx.query.get("ids").unwrap_or_default().split(',').filter(|text| !text.is_empty());
    let ids: Vec<Id> = ids
        .take(500)
        .map(|text| text.parse().map_err(|_| Error::refused("error.reference")))
        .collect::<Result<_>>()?;
    let own =
        sql("select id from device_command where account = ? and state in ('received', 'waiting') and id");
    let own = own.bind(account).within(&ids).open("the account's own work");
    super::engine::apply(&ctx.app, &ctx.read(|db| db.rows(&own, Row::take))?)?;
    ctx.data(&Answer { commands: told(ctx, account, &ids)? })
}

/// Which commands a telephone asks about.
#[derive(Deserialize)]
struct Held {
    ids: Vec<Id>,
}

/// Commands that are not here.
#[derive(Serialize, JsonSchema)]
pub(super) struct Missing {
    /// Their ids.
    missing: Vec<Id>,
}

/// Most ids of one question.
const ASKED: usize = 1_000;

/// `POST /field/commands/missing`: which of these commands, done once, the house does not have: it went on from an older
/// backup since. Whoever still holds them sends them again.
pub(super) fn missing(ctx: &Ctx) -> Result<Reply> {
    let account = ctx.viewer.account.ok_or(Error::SignIn)?;
    let Held { ids } = serde_json::from_slice(&ctx.body).map_err(|_| Error::refused("error.json"))?;
    if ids.len() > ASKED {
        return Err(Error::TooLarge);
    }
    let here =
        sql("select id from device_command where account = ?").bind(account).and(" and id").within(&ids);
    let here: BTreeSet<Id> =
        ctx.read(|db| db.rows(&here.open("the account's own work"), Row::take))?.into_iter().collect();
    ctx.data(&Missing { missing: ids.into_iter().filter(|id| !here.contains(id)).collect() })
}

/// How many of these commands are in each state.
pub(crate) fn states(db: &mut Db, ids: &[Id]) -> Result<BTreeMap<&'static str, usize>> {
    let mut found = BTreeMap::new();
    for id in ids {
        let query = sql("select state from device_command where id = ?").bind(*id);
        let state: Option<String> = db.row(&query.open("counted for whoever brought them"), Row::take)?;
        if let Some(state) = state {
            *found.entry(State::from_code(&state).code()).or_default() += 1;
        }
    }
    Ok(found)
}

/// What became of these commands of an account; one that is unknown, or another's, is left out.
pub(crate) fn told(ctx: &Ctx, account: Id, ids: &[Id]) -> Result<Vec<Told>> {
    ctx.read(|db| {
        let mut found = Vec::new();
        for id in ids {
            let query = sql("select state, told, location from device_command where id = ? and account = ?");
            let query = query.bind(*id).bind(account).open("the account's own work");
            let row = db.row(&query, |row| {
                Ok((row.take::<String>()?, row.take::<Option<String>>()?, row.take::<Option<String>>()?))
            })?;
            let clashes = sql("select count(*) from clash k join batch b on b.key = k.batch where k.command = ? and b.account = ?");
            let clashes = clashes.bind(*id).bind(account);
            let Some((state, refusal, location)) = row else {
                if db.one::<i64>(&clashes)? > 0 {
                    found.push(tell(ctx, *id, State::Clash, None, None)?);
                }
                continue;
            };
            found.push(tell(ctx, *id, State::from_code(&state), refusal, location)?);
        }
        Ok(found)
    })
}

fn tell(ctx: &Ctx, id: Id, state: State, refusal: Option<String>, location: Option<String>) -> Result<Told> {
    let refusal: Option<Refusal> = match refusal {
        Some(text) if state == State::NeedsYou => serde_json::from_str(&text)?,
        _ => None,
    };
    let words = ctx.w.t(&format!("field.state.{}", state.code())).into_owned();
    let Refusal { sentence, errors } = refusal.unwrap_or(Refusal { sentence: words, errors: Vec::new() });
    Ok(Told { id, state, sentence, errors, location })
}
