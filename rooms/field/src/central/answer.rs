//! How ODK Central says no: a sentence and a code.

use kernel::{Ctx, Error, Reply, Result};
use serde_json::json;

use super::who;

/// Refusals that are not "400": the key of their sentence, status and code.
const CODES: &[(&str, u16, &str)] = &[
    ("field.central.filter", 501, "501.4"),
    ("field.central.option", 501, "501.1"),
    ("field.central.open_line", 403, "403.1"),
    ("field.collect.altered", 409, "409.3"),
    ("error.id_taken", 409, "409.3"),
];

/// Answers a program that knows ODK Central, refusals too.
pub(super) fn speak(ctx: &Ctx, answer: impl FnOnce(&Ctx) -> Result<Reply>) -> Result<Reply> {
    // Nobody sends, as the form of a page, what brings forms in.
    let answered = if ctx.command.is_some() { Err(Error::NotFound) } else { answer(ctx) };
    answered.or_else(|error| refusal(ctx, error))
}

fn refusal(ctx: &Ctx, error: Error) -> Result<Reply> {
    let say = |status: u16, code: &str, message: &str| problem(status, code, message);
    match error {
        Error::SignIn => Ok(who::asks_for(say(401, "401.2", &ctx.w.t("field.central.wrong"))?)),
        Error::Forbidden => say(403, "403.1", &ctx.w.t("error.text.403")),
        Error::NotFound => say(404, "404.1", &ctx.w.t("error.text.404")),
        Error::TooLarge => say(413, "413.1", &ctx.w.t("error.text.413")),
        Error::TooMany(seconds) => Ok(say(429, "429.1", &ctx.w.n("error.wait", seconds as i64))?
            .with_header("retry-after", seconds.to_string())),
        Error::Refused(wrong) => {
            let found = CODES.iter().find(|(key, ..)| *key == wrong.key);
            let (status, code) = found.map_or((400, "400.2"), |(_, status, code)| (*status, *code));
            say(status, code, &ctx.w.wrong(&wrong))
        }
        Error::Invalid(errors) => {
            let sentences: Vec<String> = errors.iter().map(|error| ctx.w.wrong(&error.wrong)).collect();
            say(400, "400.2", &sentences.join(" "))
        }
        Error::Internal(what) => Err(Error::Internal(what)),
    }
}

fn problem(status: u16, code: &str, message: &str) -> Result<Reply> {
    let body = serde_json::to_vec(&json!({ "message": message, "code": code }))?;
    Ok(Reply::Body { status, media: "application/json", body })
}

/// An instant as it stands in JSON.
pub(super) fn instant(at: i64) -> Result<String> {
    let at = jiff::Timestamp::from_millisecond(at).map_err(Error::internal)?;
    Ok(format!("{at:.3}"))
}
