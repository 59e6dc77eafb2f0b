//! The work of sending. Written to be repeated: a message that the gateway has is never handed over again, and one
//! that it does not have is tried with growing pauses until it fails in the open.

use courier::{Outcome, Reason};
use kernel::work::Job;
use kernel::{Actor, App, Error, Id, Result, Tx, now, sql};

use super::gateway::Gateway;
use super::{Message, MessageState, get, settle};

/// Name of the work.
pub(crate) const JOB: &str = "people.message";

/// Minutes between one try and the next; after the last pause there is one more try.
const PAUSES: [i64; 7] = [1, 5, 30, 120, 360, 720, 1440];
/// How long the others wait once one could not be handed over, in milliseconds.
const QUIET: i64 = 60_000;

/// Queues a try at this instant, or at once if it is past.
pub(super) fn queue(tx: &mut Tx<'_>, message: Id, due: i64) -> Result<()> {
    let input = serde_json::json!({ "message": message });
    let account = tx.actor.account;
    kernel::work::queue_at(tx, Id::new(), JOB, &input, account, due)
}

fn hand() -> Actor {
    Actor::machine("queue")
}

/// Tries to hand one message over.
pub(crate) fn run(app: &App, job: &Job) -> Result<()> {
    let id: Id = job.input["message"].as_str().and_then(|text| text.parse().ok()).ok_or(Error::NotFound)?;
    let gateway = Gateway::of(app)?;
    if let Some((message, phone, text)) = app.write(hand(), |tx| take(tx, id))? {
        let outcome = match &gateway {
            Gateway::Log => {
                tracing::info!(message = %id, "no gateway: the message is kept");
                None
            }
            Gateway::Http(http) => {
                let id = id.to_string();
                Some(http.hand_over(courier::Message { id: &id, phone: &phone, text: &text }))
            }
        };
        app.write(hand(), |tx| answered(tx, &message, outcome))?;
    }
    kernel::work::finish(app, job.id, "done", &serde_json::Value::Null)
}

/// Takes a message up if it still waits and may be tried now; counts the try.
fn take(tx: &mut Tx<'_>, id: Id) -> Result<Option<(Message, String, String)>> {
    let message = get(tx, id)?;
    if message.expires.is_some_and(|expires| expires <= now()) {
        if matches!(message.state, MessageState::Waiting) {
            settle(tx, &message, MessageState::Failed, Some("expired"), None)?;
        }
        super::forget_text(tx, id)?;
        return Ok(None);
    }
    if message.state != MessageState::Waiting {
        return Ok(None);
    }
    let (Some(phone), Some(text)) = (message.phone.clone(), message.text.clone()) else {
        settle(tx, &message, MessageState::Failed, Some("erased"), None)?;
        return Ok(None);
    };
    // A gateway that is away costs its whole patience: one message tries, the others wait a minute.
    let away = sql(
        "select count(*) from message where state = 'waiting' and reason in ('unreachable', 'slow') and tried > ? and id <> ?",
    );
    let away = away.bind(now() - QUIET).bind(id).open("a count for the work of sending");
    if tx.one::<i64>(&away)? > 0 {
        queue(tx, id, now() + QUIET)?;
        return Ok(None);
    }
    let count = sql("update message set tries = tries + 1, tried = ? where id = ?").bind(now()).bind(id);
    tx.run(&count.open("the work of sending"))?;
    Ok(Some((Message { tries: message.tries + 1, ..message }, phone, text)))
}

/// Writes down what came of a try.
fn answered(tx: &mut Tx<'_>, message: &Message, outcome: Option<Outcome>) -> Result<()> {
    // Meanwhile somebody may have passed it on, or its holder was erased.
    if get(tx, message.id)?.state != MessageState::Waiting && outcome != Some(Outcome::Accepted) {
        return Ok(());
    }
    match outcome {
        None => settle(tx, message, MessageState::Kept, None, None),
        Some(Outcome::Accepted) => settle(tx, message, MessageState::Sent, None, None),
        Some(Outcome::Refused(reason)) => {
            let (why, status) = told(reason);
            settle(tx, message, MessageState::Failed, Some(why), status)
        }
        Some(Outcome::Later(reason)) => {
            let (why, status) = told(reason);
            match usize::try_from(message.tries - 1).ok().and_then(|i| PAUSES.get(i)) {
                Some(minutes) => {
                    settle(tx, message, MessageState::Waiting, Some(why), status)?;
                    queue(tx, message.id, now() + minutes * 60_000)
                }
                None => settle(tx, message, MessageState::Failed, Some(why), status),
            }
        }
    }
}

/// Takes up again what waits although its next try should be long over: the work of it was lost to a crash.
pub(crate) fn recover(tx: &mut Tx<'_>) -> Result<()> {
    let longest = PAUSES.iter().max().copied().unwrap_or_default() * 60_000 + 3_600_000;
    let lost =
        sql("state = 'waiting' and coalesce(tried, at) < ? order by at limit 1000").bind(now() - longest);
    for message in super::list(tx, lost, "the work of sending")? {
        queue(tx, message.id, 0)?;
    }
    Ok(())
}

/// Last part of the key of a sentence, and what the gateway answered.
fn told(reason: Reason) -> (&'static str, Option<u16>) {
    match reason {
        Reason::Unreachable => ("unreachable", None),
        Reason::Slow => ("slow", None),
        Reason::Busy(status) => ("busy", Some(status)),
        Reason::Credentials(status) => ("credentials", Some(status)),
        Reason::Refused(status) => ("refused", Some(status)),
    }
}
