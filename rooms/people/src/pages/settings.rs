//! `/settings`: what concerns nobody but the account's own holder.

use askama::Template;
use kernel::kinds::{Choice, Kind, Raw};
use kernel::room::{Route, get, post};
use kernel::web::{LANGUAGE, SESSION};
use kernel::{Ctx, Error, FieldError, Fields, Html, Id, Lang, Reply, Result, Standing, Words, today};

use super::invitation::typed_twice;
use crate::ask::Ask;
use crate::session::Session;
use crate::token::Token;
use crate::{Account, password, second_factor, session, token};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/settings", show).answers::<Settings>(),
        post("/settings", change),
        post("/settings/password", change_password),
        post("/settings/second-factor", prepare),
        post("/settings/second-factor/confirm", confirm),
        post("/settings/second-factor/off", switch_off),
        post("/settings/sessions/end", end_session),
        post("/settings/tokens", create_token).answers::<Settings>(),
        post("/settings/tokens/{token}/end", end_token),
    ]
}

#[derive(Template, serde::Serialize, schemars::JsonSchema)]
#[template(path = "people_settings.html")]
struct Settings {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    #[serde(skip)]
    #[schemars(skip)]
    forms: Forms,
    /// Name of the account's holder.
    name: String,
    /// What the holder signs in with.
    login: String,
    /// True if a second factor is asked for.
    second_factor: bool,
    /// A key that waits for its first code.
    key: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    picture: Html,
    /// Where the account is signed in.
    sessions: Vec<Session>,
    /// The tokens of its programs.
    tokens: Vec<Token>,
    /// A token that was just made: shown this once.
    fresh: Option<String>,
}

struct Forms {
    main: Ask,
    password: Ask,
    code: Ask,
    token: Ask,
    languages: Vec<(String, String)>,
    tongues: Vec<(String, String)>,
}

/// The account, if a person sits before the page: a token changes no password and makes no other token.
fn in_person(ctx: &Ctx) -> Result<Id> {
    ctx.viewer.account.filter(|_| ctx.viewer.session.is_some()).ok_or(Error::Forbidden)
}

fn page(ctx: &Ctx, noun: &str, errors: &[FieldError], fresh: Option<String>) -> Result<Reply> {
    let id = ctx.viewer.account.ok_or(Error::SignIn)?;
    let w = ctx.w;
    let data = ctx.read(|db| {
        let account = kernel::record::get::<Account>(db, id)?;
        let factor = second_factor::of(db, id)?;
        let login = account.login().to_owned();
        let waiting = factor.waiting.map(|sealed| sealed.open(&ctx.app.secret)).transpose()?;
        let picture = waiting
            .as_deref()
            .map(|key| second_factor::picture(key, &login))
            .transpose()?
            .unwrap_or_default();
        let ask = |name: &'static str, typed: Fields| {
            let ask = Ask::new(w, name).typed(if noun == name { ctx.form.clone() } else { typed });
            if noun == name { ask.refused(errors) } else { ask }
        };
        let language = account.language.map(|language| language.code()).unwrap_or_default();
        let speaks = account.speaks.map(|tongue| tongue.code()).unwrap_or_default();
        let month = today().saturating_add(jiff::Span::new().months(3)).to_string();
        let forms = Forms {
            main: ask(
                "settings",
                Fields::of([("name", &account.name), ("language", language), ("speaks", speaks)]),
            ),
            password: ask("change_password", Fields::default()),
            code: ask("second_factor", Fields::default()),
            token: ask("token", Fields::of([("expires", &month)])),
            languages: Lang::ALL
                .into_iter()
                .map(|lang| (lang.code().to_owned(), lang.own_name().to_owned()))
                .collect(),
            tongues: crate::SPOKEN
                .into_iter()
                .map(|tongue| (tongue.code().to_owned(), w.t2("recording.own_name", tongue.code())))
                .collect(),
        };
        Ok(Settings {
            w,
            forms,
            login,
            picture,
            fresh,
            name: account.name,
            second_factor: factor.key.is_some(),
            key: waiting,
            sessions: session::of(db, id, ctx.viewer.session.as_deref())?,
            tokens: token::of(db, id)?,
        })
    })?;
    ctx.page_with_status(if errors.is_empty() { 200 } else { 422 }, &w.t("settings.title"), &data)
}

/// After an action: the page again, or the refusals where they belong.
fn answer(ctx: &Ctx, noun: &str, result: Result<()>, anchor: &str, done: &str) -> Result<Reply> {
    match result {
        Ok(()) => ctx.done(&format!("/settings{anchor}"), done),
        Err(Error::Invalid(errors)) if !ctx.json => page(ctx, noun, &errors, None),
        Err(error) => Err(error),
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, "", &[], None)
}

fn change(ctx: &Ctx) -> Result<Reply> {
    let id = in_person(ctx)?;
    let mut own = Fields::default();
    for name in ["name", "language", "speaks"] {
        if let Some(text) = ctx.form.get(name) {
            own.push(name, text);
        }
    }
    let changed = ctx.write(|tx| {
        let version = kernel::record::get::<Account>(tx, id)?.version;
        kernel::record::change::<Account>(tx, id, version, &own, Standing::Steward).map(|_| ())
    });
    Ok(answer(ctx, "settings", changed, "", "saved")?.with_cookie(LANGUAGE, "", 0))
}

fn change_password(ctx: &Ctx) -> Result<Reply> {
    let id = in_person(ctx)?;
    ctx.app.limiter.attempt(&format!("password of {id}"), 5)?;
    let kept = ctx.read(|db| password::kept(db, id))?;
    let changed = if password::is(kept.as_deref(), ctx.form.get("old").unwrap_or_default())? {
        typed_twice(ctx)
    } else {
        Err(Error::field("old", "account.password.old"))
    };
    let changed = changed.and_then(|hashed| {
        ctx.write(|tx| {
            password::set(tx, id, &hashed)?;
            session::open(tx, id, "page")
        })
    });
    match changed {
        Ok(secret) => Ok(ctx.done("/settings", "password_set")?.with_cookie(SESSION, secret, session::LIFE)),
        Err(error) => answer(ctx, "change_password", Err(error), "", ""),
    }
}

fn prepare(ctx: &Ctx) -> Result<Reply> {
    let id = in_person(ctx)?;
    let prepared = ctx.write(|tx| {
        if second_factor::of(tx, id)?.key.is_some() {
            Err(Error::refused("error.second_factor_is_on"))
        } else {
            second_factor::prepare(tx, &ctx.app.secret, id)
        }
    });
    answer(ctx, "", prepared, "#second-factor", "")
}

fn confirm(ctx: &Ctx) -> Result<Reply> {
    let id = in_person(ctx)?;
    ctx.app.limiter.attempt(&format!("code of {id}"), 5)?;
    let code = ctx.form.text("code").unwrap_or_default();
    answer(
        ctx,
        "second_factor",
        ctx.write(|tx| second_factor::confirm(tx, &ctx.app.secret, id, code)),
        "#second-factor",
        "second_factor_on",
    )
}

fn switch_off(ctx: &Ctx) -> Result<Reply> {
    let id = in_person(ctx)?;
    ctx.app.limiter.attempt(&format!("code of {id}"), 5)?;
    let code = ctx.form.text("code").unwrap_or_default();
    let switched = ctx.write(|tx| {
        if let Some(key) = second_factor::of(tx, id)?.key {
            second_factor::spend(tx, id, &key.open(&ctx.app.secret)?, code)?;
        }
        second_factor::switch_off(tx, id)
    });
    answer(ctx, "second_factor", switched, "#second-factor", "second_factor_off")
}

fn end_session(ctx: &Ctx) -> Result<Reply> {
    let (id, this) = (in_person(ctx)?, ctx.viewer.session.as_deref().unwrap_or_default());
    let ended = ctx.write(|tx| match ctx.form.text("session") {
        Some(digest) => session::close(tx, id, digest),
        None => session::close_others(tx, id, this),
    });
    answer(ctx, "", ended, "#sessions", "session_ended")
}

fn create_token(ctx: &Ctx) -> Result<Reply> {
    let id = in_person(ctx)?;
    let raw = |name| Raw { fields: &ctx.form, name };
    let needed = |field: &str| Error::field(field, "error.needed");
    let wrong =
        |field: &'static str| move |wrong| Error::Invalid(vec![FieldError { field: field.into(), wrong }]);
    let made = (|| {
        let name = String::parse(&raw("name")).map_err(wrong("name"))?.ok_or_else(|| needed("name"))?;
        let until = jiff::civil::Date::parse(&raw("expires"))
            .map_err(wrong("expires"))?
            .ok_or_else(|| needed("expires"))?;
        let writes = bool::parse(&raw("writes")).map_err(wrong("writes"))?.unwrap_or(false);
        ctx.write(|tx| token::create(tx, id, &name, writes, until))
    })();
    match made {
        Ok((_, text)) => page(ctx, "", &[], Some(text)),
        Err(error) => answer(ctx, "token", Err(error), "", ""),
    }
}

fn end_token(ctx: &Ctx) -> Result<Reply> {
    let (id, token) = (in_person(ctx)?, ctx.id("token")?);
    answer(ctx, "", ctx.write(|tx| token::end(tx, id, token)), "#tokens", "token_ended")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn every_language_of_the_interface_can_be_preferred() {
        assert_eq!(Language::CODES, Lang::ALL.map(Lang::code));
    }
}
