//! `/sign-in` and `/sign-out`.

use askama::Template;
use kernel::facts::Actor;
use kernel::room::{Route, get, post};
use kernel::web::{LANGUAGE, SESSION};
use kernel::{Ctx, Error, FieldError, Id, Reply, Result, Words, Wrong};

use crate::ask::Ask;
use crate::recording::Voices;
use crate::{account, password, second_factor, session};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/sign-in", show).open().query(&["next"]).answers::<SignIn>(),
        post("/sign-in", enter).open(),
        post("/sign-out", leave),
    ]
}

#[derive(Template, serde::Serialize, schemars::JsonSchema)]
#[template(path = "people_sign_in.html")]
struct SignIn {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    #[serde(skip)]
    #[schemars(skip)]
    ask: Ask,
    #[serde(skip)]
    #[schemars(skip)]
    voices: Voices,
    /// Where to go afterwards.
    next: String,
    /// Brought back with the code of the second factor; nothing while the password is still owed.
    ticket: Option<String>,
}

/// A path of this house, or its first page: nobody is led elsewhere after signing in.
pub(super) fn local(next: Option<&str>) -> String {
    let good = |path: &&str| {
        let mut bytes = path.bytes();
        bytes.next() == Some(b'/')
            && !matches!(bytes.next(), Some(b'/' | b'\\'))
            && path.bytes().all(|b| b.is_ascii_graphic())
    };
    next.filter(good).unwrap_or("/").to_owned()
}

fn page(ctx: &Ctx, next: String, ticket: Option<String>, errors: Vec<FieldError>) -> Result<Reply> {
    if ctx.json && !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let status = if errors.is_empty() { 200 } else { 422 };
    let ask = Ask::new(ctx.w, "sign_in").typed(ctx.form.clone()).refused(&errors);
    let voices = ctx.read(|db| Voices::of_words(ctx, db))?;
    ctx.page_with_status(status, &ctx.w.t("sign_in.title"), &SignIn { w: ctx.w, ask, voices, next, ticket })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let next = local(ctx.query.text("next"));
    if ctx.viewer.signed_in() {
        return ctx.done(&next, "");
    }
    page(ctx, next, None, Vec::new())
}

fn enter(ctx: &Ctx) -> Result<Reply> {
    ctx.attempt("sign-in", 30)?;
    let next = local(ctx.form.text("next"));
    if let Some(ticket) = ctx.form.text("ticket") {
        return match ctx.read(|db| second_factor::halted(db, ticket))? {
            Some(account) => with_code(ctx, account, next, Some(ticket.to_owned())),
            None => page(ctx, next, None, wrong("login", "sign_in.too_late")),
        };
    }
    let typed = ctx.form.text("login").unwrap_or_default();
    let name = match account::normal(typed) {
        (Some(name), _) | (None, Some(name)) => name,
        _ => fold::fold(typed),
    };
    let limit = format!("sign-in of {name}");
    ctx.app.limiter.attempt(&limit, 5)?;
    let (account, kept) = ctx.read(|db| match account::by_login(db, typed)? {
        Some(account) => Ok((Some(account.id), password::kept(db, account.id)?)),
        None => Ok((None, None)),
    })?;
    let secret = ctx.form.get("password").unwrap_or_default();
    let right = password::is(kept.as_deref(), secret)? || is_code(kept.as_deref(), secret)?;
    let (Some(account), true) = (account, right) else {
        return page(ctx, next, None, wrong("login", "sign_in.wrong"));
    };
    ctx.app.limiter.forget(&limit);
    if ctx.read(|db| second_factor::of(db, account))?.key.is_none() {
        return open(ctx, account, &next);
    }
    if ctx.form.text("code").is_some() {
        return with_code(ctx, account, next, None);
    }
    let ticket = ctx.app.write(hand(ctx, account), |tx| second_factor::half_way(tx, account))?;
    page(ctx, next, Some(ticket), Vec::new())
}

/// A code from a card may be typed as it was read out: with spaces, in Arabic digits.
fn is_code(kept: Option<&str>, typed: &str) -> Result<bool> {
    let code: String = fold::fold(typed).chars().filter(|c| !c.is_whitespace()).collect();
    let is_code = code.len() == typed.chars().filter(|c| !c.is_whitespace()).count()
        && code.bytes().all(|b| b.is_ascii_digit());
    Ok(is_code && code != typed && password::is(kept, &code)?)
}

fn with_code(ctx: &Ctx, account: Id, next: String, ticket: Option<String>) -> Result<Reply> {
    let limit = format!("code of {account}");
    ctx.app.limiter.attempt(&limit, 5)?;
    let spent = ctx.app.write(hand(ctx, account), |tx| match second_factor::of(tx, account)?.key {
        Some(key) => {
            let code = ctx.form.text("code").unwrap_or_default();
            second_factor::spend(tx, account, &key.open(&ctx.app.secret)?, code)
        }
        None => Ok(()),
    });
    match spent {
        Ok(()) => {
            ctx.app.limiter.forget(&limit);
            open(ctx, account, &next)
        }
        Err(Error::Invalid(errors)) => page(ctx, next, ticket, errors),
        Err(error) => Err(error),
    }
}

fn open(ctx: &Ctx, account: Id, next: &str) -> Result<Reply> {
    let device = if ctx.json { "api" } else { "page" };
    let secret = ctx.app.write(hand(ctx, account), |tx| session::open(tx, account, device))?;
    let next = match next {
        "/" => ctx.app.beginning(&ctx.read(|db| session::viewer(db, account))?),
        asked => asked,
    };
    // From here on the account's own language holds.
    Ok(ctx.done(next, "")?.with_cookie(SESSION, secret, session::LIFE).with_cookie(LANGUAGE, "", 0))
}

fn leave(ctx: &Ctx) -> Result<Reply> {
    if let (Some(account), Some(digest)) = (ctx.viewer.account, &ctx.viewer.session) {
        ctx.write(|tx| session::close(tx, account, digest))?;
    }
    Ok(ctx.done("/sign-in", "signed_out")?.with_cookie(SESSION, "", 0))
}

/// Whoever signs in writes as the account, although the request did not come from it yet.
fn hand(ctx: &Ctx, account: Id) -> Actor {
    Actor { account: Some(account), ..Actor::machine(if ctx.json { "api" } else { "page" }) }
}

fn wrong(field: &str, key: &str) -> Vec<FieldError> {
    vec![FieldError { field: field.to_owned(), wrong: Wrong::new(key) }]
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn nobody_is_led_out_of_the_house() {
        assert_eq!(local(Some("/organisations?q=a")), "/organisations?q=a");
        for bad in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:x",
            "/a\r\nb",
            "",
            "/\u{e9}",
        ] {
            assert_eq!(local(Some(bad)), "/", "{bad}");
        }
    }
}
