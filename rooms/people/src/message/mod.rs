//! A message to a telephone: written down first, sent by the background work, its state always to be seen.

pub(crate) mod gateway;
pub(crate) mod mail;
pub(crate) mod post;

use std::collections::HashMap;

use kernel::kinds::Phone;
use kernel::value::Row;
use kernel::{Db, Error, Id, Lang, Result, Sql, Tx, choice, now, sql};

choice! {
    /// What a message is about.
    pub MessageKind in "message.kind" { Code = "code", Result = "result", Invitation = "invitation" }
}

choice! {
    /// How a message stands: it waits, the gateway has it, it failed; there is no gateway so it is kept; somebody passed
    /// it on in person.
    pub MessageState in "message.state" {
        Waiting = "waiting", Sent = "sent", Failed = "failed", Kept = "kept", Passed = "passed",
    }
}

/// How long a code is worth sending: a day.
pub const CODE_LIFE: i64 = 86_400_000;
/// How long a text with a link of somebody's own is kept unsent: thirty days.
pub const LINK_LIFE: i64 = 30 * 86_400_000;

/// A message to be sent.
pub struct Draft {
    /// Its id, made by whoever writes it: the same message is written once.
    pub id: Id,
    /// What it is about.
    pub kind: MessageKind,
    /// The record whose rights cover it.
    pub about: Id,
    /// For whom, as the list shows it.
    pub name: String,
    /// The number.
    pub phone: Phone,
    /// The language of the text.
    pub lang: Lang,
    /// The text.
    pub text: String,
    /// Where the text opens something: how many milliseconds it is kept at most.
    pub secret: Option<i64>,
}

/// A message as it stands.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Message {
    /// Id.
    pub id: Id,
    /// What it is about.
    pub kind: MessageKind,
    /// The record whose rights cover it.
    pub about: Id,
    /// For whom.
    pub name: Option<String>,
    /// The number, unless its holder's data were erased.
    pub phone: Option<String>,
    /// The language of the text.
    pub lang: String,
    /// The text, while it is kept.
    #[serde(skip)]
    pub text: Option<String>,
    /// True if the text opens something.
    pub secret: bool,
    /// How it stands.
    pub state: MessageState,
    /// Why it failed or still waits: last part of a key `message.reason.…`.
    pub reason: Option<String>,
    /// What the gateway answered (HTTP status).
    pub status: Option<i64>,
    /// How often it was tried.
    pub tries: i64,
    /// When it was written; milliseconds since 1970.
    pub at: i64,
    /// When it came to stand as it stands.
    pub changed: i64,
    #[serde(skip)]
    expires: Option<i64>,
}

const COLUMNS: &str = "select id, kind, about, name, phone, lang, text, secret, state, reason, status, tries, at, changed, expires
                       from message where ";

fn from_row(row: &mut Row) -> Result<Message> {
    Ok(Message {
        id: row.take()?,
        kind: row.take()?,
        about: row.take()?,
        name: row.take()?,
        phone: row.take()?,
        lang: row.take()?,
        text: row.take()?,
        secret: row.take::<i64>()? != 0,
        state: row.take()?,
        reason: row.take()?,
        status: row.take()?,
        tries: row.take()?,
        at: row.take()?,
        changed: row.take()?,
        expires: row.take()?,
    })
}

/// Messages that fit the rest of a statement. The caller says why it may read them.
pub(crate) fn list(db: &mut Db, rest: Sql, reason: &str) -> Result<Vec<Message>> {
    db.rows(&sql(COLUMNS).join(rest).open(reason), from_row)
}

/// One message. The caller checks the right to it.
pub(crate) fn get(db: &mut Db, id: Id) -> Result<Message> {
    let found = list(db, sql("id = ?").bind(id), "one message, checked by the caller")?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// How these messages stand, by id. The caller has checked the standing at what they are about.
pub fn messages(db: &mut Db, ids: &[Id]) -> Result<HashMap<Id, Message>> {
    let found = list(db, sql("id").within(ids), "the caller checked what they are about")?;
    Ok(found.into_iter().map(|message| (message.id, message)).collect())
}

/// Writes a message down and queues it; the same id again changes nothing. Ring the bell after the write.
pub fn send(tx: &mut Tx<'_>, draft: &Draft) -> Result<()> {
    if draft.kind == MessageKind::Code {
        let older = sql("kind = 'code' and state in ('waiting', 'failed', 'kept') and phone = ? and id <> ?");
        let older = older.bind(&draft.phone.0).bind(draft.id);
        // A new code ends the one before it: what is still on its way would open nothing.
        for message in list(tx, older, "codes of one number")? {
            settle(tx, &message, MessageState::Failed, Some("replaced"), None)?;
            forget_text(tx, message.id)?;
        }
    }
    let account = tx.actor.account;
    let written = tx.run(
        &sql("insert into message (id, kind, about, name, phone, lang, text, secret, expires, state, tries, account, at, changed)
              values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?, ?, ?) on conflict (id) do nothing")
            .bind(draft.id).bind(draft.kind).bind(draft.about).bind(&draft.name).bind(&draft.phone.0)
            .bind(draft.lang.code()).bind(&draft.text).bind(i64::from(draft.secret.is_some()))
            .bind(draft.secret.map(|life| now() + life)).bind(account).bind(now()).bind(now()),
    )?;
    if written == 0 {
        return Ok(());
    }
    tx.fact("people.message.waiting", draft.id, draft.about, serde_json::Map::new())?;
    if let Some(life) = draft.secret {
        post::queue(tx, draft.id, now() + life)?;
    }
    post::queue(tx, draft.id, 0)
}

/// Says how a message stands now, with its fact.
pub(crate) fn settle(
    tx: &mut Tx<'_>,
    message: &Message,
    state: MessageState,
    reason: Option<&str>,
    status: Option<u16>,
) -> Result<()> {
    tx.run(
        &sql("update message set state = ?, reason = ?, status = ?, changed = ? where id = ?")
            .bind(state)
            .bind(reason)
            .bind(status.map(i64::from))
            .bind(now())
            .bind(message.id)
            .open("one message, checked by the caller"),
    )?;
    if matches!(state, MessageState::Sent | MessageState::Passed) && message.secret {
        forget_text(tx, message.id)?;
    }
    if state != message.state {
        let kind = format!("people.message.{}", kernel::kinds::Choice::code(&state));
        tx.fact(&kind, message.id, message.about, serde_json::Map::new())?;
    }
    Ok(())
}

/// Forgets what a message says.
pub(crate) fn forget_text(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let update = sql("update message set text = null where id = ?").bind(id);
    tx.run(&update.open("one message, checked by the caller"))?;
    Ok(())
}

/// Sends a message again that failed, or that was kept while there was no gateway.
pub(crate) fn again(tx: &mut Tx<'_>, message: &Message) -> Result<()> {
    if !matches!(message.state, MessageState::Failed | MessageState::Kept) {
        return Ok(());
    }
    if message.text.is_none() {
        return Err(Error::refused("message.text_gone"));
    }
    let update = sql("update message set tries = 0, tried = null where id = ?").bind(message.id);
    tx.run(&update.open("one message, checked by the caller"))?;
    settle(tx, message, MessageState::Waiting, None, None)?;
    post::queue(tx, message.id, 0)
}

/// Somebody passed a message on in person, or from their own telephone.
pub(crate) fn pass(tx: &mut Tx<'_>, message: &Message) -> Result<()> {
    match message.state {
        MessageState::Sent | MessageState::Passed => Ok(()),
        _ => settle(tx, message, MessageState::Passed, None, None),
    }
}

/// Forgets the number and the text of every message to somebody whose data are erased.
pub(crate) fn erase(tx: &mut Tx<'_>, phone: &Phone) -> Result<()> {
    let mine = list(tx, sql("phone = ?").bind(&phone.0), "erasing a person's data")?;
    for message in mine {
        if message.state == MessageState::Waiting {
            settle(tx, &message, MessageState::Failed, Some("erased"), None)?;
        }
        let update = sql("update message set phone = null, name = null, text = null where id = ?");
        tx.run(&update.bind(message.id).open("erasing a person's data"))?;
    }
    Ok(())
}
