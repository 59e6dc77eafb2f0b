//! `/messages`: what was sent to telephones, what waits, what failed.

use askama::Template;
use kernel::kinds::Choice;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, Html, Id, Reply, Result, Standing, Words, sql};

use crate::message::gateway::{Gateway, sms_link};
use crate::message::{self, Message, MessageState};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/messages", list).role(&["administrator"]).query(&["state", "after"]).answers::<Messages>(),
        post("/messages/again", again_all).role(&["administrator"]),
        post("/messages/{message}/again", again).role(&["administrator"]),
        post("/messages/{message}/passed", passed),
    ]
}

/// How many messages a page lists.
const MOST: usize = 50;

#[derive(serde::Serialize, schemars::JsonSchema)]
struct Tab {
    /// Code of the state, or nothing for all.
    state: &'static str,
    /// Its word.
    word: String,
    /// How many.
    count: i64,
    /// True if the page shows these.
    current: bool,
}

#[derive(Template, serde::Serialize, schemars::JsonSchema)]
#[template(path = "people_messages.html")]
struct Messages {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    /// The host of the gateway, if there is one.
    gateway: Option<String>,
    /// What is wrong with the configuration.
    fault: Option<String>,
    tabs: Vec<Tab>,
    /// Newest first.
    messages: Vec<Message>,
    /// How many failed and can be sent again.
    failed: i64,
    /// The query string of the following ones.
    next: Option<String>,
}

impl Messages {
    fn chip(&self, message: &Message) -> Html {
        message_chip(self.w, message)
    }
    /// The text, unless it opens something for somebody else.
    fn text<'a>(&self, message: &'a Message) -> Option<&'a str> {
        message.text.as_deref().filter(|_| !message.secret)
    }
    fn link(&self, message: &Message) -> Option<String> {
        message_link(message).filter(|_| !message.secret)
    }
    fn can_go(&self, message: &Message) -> bool {
        matches!(message.state, MessageState::Failed | MessageState::Kept) && message.text.is_some()
    }
    fn can_pass(&self, message: &Message) -> bool {
        !matches!(message.state, MessageState::Sent | MessageState::Passed) && message.phone.is_some()
    }
}

/// How a message stands, in a chip, with why and when.
pub fn message_chip(w: Words, message: &Message) -> Html {
    let tone = match message.state {
        MessageState::Sent | MessageState::Passed => "good",
        MessageState::Waiting | MessageState::Kept => "wait",
        MessageState::Failed => "late",
    };
    let word = kernel::html::escape(&w.choice(&message.state));
    let mut more = w.instant(message.changed);
    if let Some(reason) = &message.reason {
        let status = message.status.map(|status| status.to_string()).unwrap_or_default();
        more = format!("{more} · {}", w.with(&format!("message.reason.{reason}"), "status", &status));
    }
    if message.state == MessageState::Waiting && message.tries > 0 {
        more = format!("{more} · {}", w.n("message.tries", message.tries));
    }
    Html(format!(
        "<span class=\"chip {tone}\">{word}</span> <span class=\"more\">{}</span>",
        kernel::html::escape(&more)
    ))
}

/// The address that opens a message in the reader's own telephone, while it did not go out.
pub fn message_link(message: &Message) -> Option<String> {
    if matches!(message.state, MessageState::Sent | MessageState::Passed) {
        return None;
    }
    Some(sms_link(message.phone.as_deref()?, message.text.as_deref()?))
}

fn list(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let state = ctx.query.text("state").and_then(MessageState::from_code);
    let (gateway, fault) = match Gateway::of(&ctx.app) {
        Ok(gateway) => (gateway.host().map(str::to_owned), None),
        Err(Error::Internal(fault)) => (None, Some(fault)),
        Err(error) => return Err(error),
    };
    let data = ctx.read(|db| {
        let counts = sql("select state, count(*) from message group by state").open("administrators only");
        let counts: Vec<(String, i64)> = db.rows(&counts, |row| Ok((row.take()?, row.take()?)))?;
        let count = |code: &str| {
            counts.iter().filter(|(state, _)| code.is_empty() || state == code).map(|(_, n)| n).sum()
        };
        let tab = |code: &'static str| Tab {
            state: code,
            word: if code.is_empty() {
                w.t("messages.all").into_owned()
            } else {
                w.t2(MessageState::WORDS, code)
            },
            count: count(code),
            current: state.as_ref().map_or("", Choice::code) == code,
        };
        let mut query = sql("1 = 1").and_if(" and state = ?", state);
        if let Some((at, id)) = ctx.query.text("after").and_then(|after| after.split_once('~')) {
            let at: i64 = at.parse().unwrap_or(i64::MAX);
            query = query.and(" and (at < ? or (at = ? and id < ?))").bind(at).bind(at).bind(id);
        }
        let query = query.and(" order by at desc, id desc limit ?").bind(MOST as i64 + 1);
        let mut messages = message::list(db, query, "administrators only")?;
        let more = messages.len() > MOST;
        messages.truncate(MOST);
        let last = messages.last().filter(|_| more).map(|last| format!("{}~{}", last.at, last.id));
        let failed = sql("select count(*) from message where state = 'failed' and text is not null");
        let failed = db.one(&failed.open("administrators only"))?;
        Ok(Messages {
            w,
            gateway,
            fault,
            tabs: std::iter::once("").chain(MessageState::CODES.iter().copied()).map(tab).collect(),
            failed,
            next: last.map(|last| ctx.query.query_with(&[("after", &last), ("done", ""), ("lang", "")])),
            messages,
        })
    })?;
    ctx.page(&w.t("messages.title"), &data)
}

fn again(ctx: &Ctx) -> Result<Reply> {
    ctx.write(|tx| {
        let message = message::get(tx, ctx.id("message")?)?;
        message::again(tx, &message)
    })?;
    ctx.app.bell.ring();
    ctx.done("/messages", "message_again")
}

/// Sends everything again that failed and still has its text.
fn again_all(ctx: &Ctx) -> Result<Reply> {
    ctx.write(|tx| {
        let failed = sql("state = 'failed' and text is not null order by at limit 1000");
        for message in message::list(tx, failed, "administrators only")? {
            message::again(tx, &message)?;
        }
        Ok(())
    })?;
    ctx.app.bell.ring();
    ctx.done("/messages", "message_again")
}

/// Whoever works on the file that a message is about says that they passed it on in person.
fn passed(ctx: &Ctx) -> Result<Reply> {
    ctx.write(|tx| {
        let message = message::get(tx, ctx.id("message")?)?;
        ctx.standing(tx, message.about, Standing::File)?;
        message::pass(tx, &message)
    })?;
    let back = ctx.form.text("back").filter(|path| path.starts_with('/') && !path.starts_with("//"));
    ctx.done(back.unwrap_or("/messages"), "message_passed")
}

/// The id of a message: the same for the same purpose, record and turn.
pub fn message_id(purpose: &str, record: Id, turn: &str) -> Id {
    Id::named(&format!("message {purpose} {record} {turn}"))
}
