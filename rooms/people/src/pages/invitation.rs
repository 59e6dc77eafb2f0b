//! `/invitation/{secret}`: somebody chooses a password, once.

use askama::Template;
use kernel::facts::Actor;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, FieldError, Reply, Result, Words};

use crate::ask::Ask;
use crate::{Account, invitation, password};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/invitation/{secret}", show).open().answers::<Invitation>(),
        post("/invitation/{secret}", choose).open(),
    ]
}

#[derive(Template, serde::Serialize, schemars::JsonSchema)]
#[template(path = "people_invitation.html")]
struct Invitation {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    #[serde(skip)]
    #[schemars(skip)]
    ask: Ask,
    /// Name of the account's holder.
    name: String,
    /// What the holder will sign in with.
    login: String,
}

fn account(ctx: &Ctx) -> Result<Account> {
    ctx.attempt("invitation", 30)?;
    let secret = ctx.param("secret")?;
    ctx.read(|db| invitation::account_of(db, secret))?.ok_or_else(|| Error::refused("error.invitation"))
}

fn page(ctx: &Ctx, status: u16, errors: &[FieldError]) -> Result<Reply> {
    let account = account(ctx)?;
    let login = account.login().to_owned();
    let ask = Ask::new(ctx.w, "choose_password").refused(errors);
    let data = Invitation { w: ctx.w, ask, name: account.name, login };
    ctx.page_with_status(status, &ctx.w.t("choose_password.title"), &data)
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, &[])
}

fn choose(ctx: &Ctx) -> Result<Reply> {
    let account = account(ctx)?;
    let actor = Actor { account: Some(account.id), ..Actor::machine(if ctx.json { "api" } else { "page" }) };
    let secret = ctx.param("secret")?;
    let chosen =
        typed_twice(ctx).and_then(|hashed| ctx.app.write(actor, |tx| invitation::spend(tx, secret, &hashed)));
    match chosen {
        Ok(()) => ctx.done("/sign-in", "password_set"),
        Err(Error::Invalid(errors)) if !ctx.json => page(ctx, 422, &errors),
        Err(error) => Err(error),
    }
}

/// The new password, typed the same twice.
pub(super) fn typed_twice(ctx: &Ctx) -> Result<password::Hashed> {
    let first = ctx.form.get("password").unwrap_or_default();
    if ctx.form.get("again").is_some_and(|again| again != first) {
        return Err(Error::field("again", "account.password.again"));
    }
    password::hash(first)
}
