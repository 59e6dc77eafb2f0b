//! `/accounts/{account}`: one account, its roles and its link.

use askama::Template;
use kernel::kinds::Choice;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, FieldError, Fields, Id, Reply, Result, Standing, Words, record, today};

use super::MANAGERS;
use super::accounts::{Grant, granted};
use crate::scopes::{self, Hand};
use crate::{Account, Role, RoleKind, account, invitation, role, second_factor};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/accounts/{account}", show).role(MANAGERS).answers::<AccountPage>(),
        post("/accounts/{account}", change).role(MANAGERS).takes::<Account>(),
        post("/accounts/{account}/invite", invite).role(MANAGERS).answers::<AccountPage>(),
        post("/accounts/{account}/disable", disable).role(MANAGERS),
        post("/accounts/{account}/enable", enable).role(MANAGERS),
        post("/accounts/{account}/second-factor/off", second_factor_off).role(&["administrator"]),
        post("/accounts/{account}/roles", grant).role(MANAGERS).takes::<Role>(),
        post("/accounts/{account}/roles/{role}/end", end).role(MANAGERS),
    ]
}

#[derive(serde::Serialize, schemars::JsonSchema)]
struct Held {
    /// Id of the role.
    id: Id,
    /// Which role.
    role: RoleKind,
    /// Where.
    scope: String,
    /// What the scope is called.
    label: String,
    /// First day.
    #[schemars(with = "String")]
    since: jiff::civil::Date,
    /// Last day, if one is set.
    #[schemars(with = "Option<String>")]
    until: Option<jiff::civil::Date>,
    /// True if it is over.
    over: bool,
    /// True if the viewer may end it.
    mine: bool,
}

#[derive(Template, serde::Serialize, schemars::JsonSchema)]
#[template(path = "people_account.html")]
pub(super) struct AccountPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    #[serde(skip)]
    #[schemars(skip)]
    form: kernel::Form,
    #[serde(skip)]
    #[schemars(skip)]
    grant: Grant,
    /// Id.
    id: Id,
    /// Its version, to be sent back with a change.
    version: i64,
    /// Name of the holder.
    name: String,
    /// What the holder signs in with.
    login: String,
    /// True if the holder may not sign in.
    disabled: bool,
    /// True if the holder has chosen a password.
    password: bool,
    /// True if the holder signs in with a second factor.
    second_factor: bool,
    /// How far the viewer's hand reaches.
    hand: Hand,
    /// What the holder does and did.
    roles: Vec<Held>,
    /// A link to pass on to the holder: shown this once.
    link: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    administrator: bool,
}

impl AccountPage {
    fn whole(&self) -> bool {
        self.hand == Hand::Whole
    }
}

/// The page, with what was refused or the secret part of a new link.
pub(super) fn page(ctx: &Ctx, id: Id, errors: &[FieldError], secret: Option<&str>) -> Result<Reply> {
    let data = ctx.read(|db| {
        let account = record::get::<Account>(db, id)?;
        let (offered, roles) = (scopes::offered(ctx, db)?, role::of(db, id)?);
        let hand = scopes::hand(ctx, &offered, &roles)?;
        let roles = roles.into_iter().map(|role| Held {
            over: role.until.is_some_and(|until| until < today()),
            mine: scopes::may_grant(ctx, &offered, role.role, &role.scope).is_ok(),
            label: scopes::label(ctx, &offered, &role.scope),
            id: role.id,
            role: role.role,
            scope: role.scope,
            since: role.since,
            until: role.until,
        });
        // The two forms have no field in common, so each shows its own refusals.
        let typed = if errors.is_empty() { Fields::default() } else { ctx.form.clone() };
        let (of_role, of_account): (Vec<_>, Vec<_>) = errors
            .iter()
            .cloned()
            .partition(|e| ["role", "scope", "since", "until"].contains(&e.field.as_str()));
        let filled = if of_account.is_empty() { record::typed(&account) } else { ctx.form.clone() };
        Ok(AccountPage {
            w: ctx.w,
            roles: roles.collect(),
            grant: Grant::new(ctx, offered, typed, &of_role),
            form: kernel::Form::of::<Account>(ctx.w, filled, Standing::Steward).refused(of_account),
            id,
            version: account.version,
            login: account.login().to_owned(),
            disabled: account.disabled,
            name: account.name,
            password: crate::password::kept(db, id)?.is_some(),
            second_factor: second_factor::of(db, id)?.key.is_some(),
            hand,
            link: secret.map(|secret| ctx.link(&format!("/invitation/{secret}"))),
            administrator: ctx.viewer.is_administrator(),
        })
    })?;
    let title = data.name.clone();
    ctx.page_with_status(if errors.is_empty() { 200 } else { 422 }, &title, &data)
}

fn answer(ctx: &Ctx, id: Id, result: Result<()>, done: &str) -> Result<Reply> {
    match result {
        Ok(()) => ctx.done(&format!("/accounts/{id}"), done),
        Err(Error::Invalid(errors)) if !ctx.json => page(ctx, id, &errors, None),
        Err(error) => Err(error),
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, ctx.id("account")?, &[], None)
}

fn change(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("account")?;
    let mut form = ctx.form.clone();
    // Whether the holder may sign in is an action of its own.
    form.0.retain(|(name, _)| name != "disabled");
    let changed = ctx.write(|tx| {
        scopes::hand_over(ctx, tx, id, Hand::Whole)?;
        record::change::<Account>(tx, id, ctx.base_version(), &form, Standing::Steward).map(|_| ())
    });
    answer(ctx, id, changed, "saved")
}

fn invite(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("account")?;
    let secret = ctx.write(|tx| {
        scopes::hand_over(ctx, tx, id, Hand::Whole)?;
        invitation::invite(tx, id)
    })?;
    page(ctx, id, &[], Some(&secret))
}

fn set_disabled(ctx: &Ctx, disabled: bool, done: &str) -> Result<Reply> {
    let id = ctx.id("account")?;
    let set = ctx.write(|tx| {
        scopes::hand_over(ctx, tx, id, Hand::Whole)?;
        account::set_disabled(tx, id, disabled)
    });
    answer(ctx, id, set, done)
}

fn disable(ctx: &Ctx) -> Result<Reply> {
    set_disabled(ctx, true, "disabled")
}

fn enable(ctx: &Ctx) -> Result<Reply> {
    set_disabled(ctx, false, "enabled")
}

fn second_factor_off(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("account")?;
    let switched = ctx.write(|tx| {
        record::get::<Account>(tx, id)?;
        second_factor::switch_off(tx, id)
    });
    answer(ctx, id, switched, "second_factor_off")
}

fn grant(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("account")?;
    let given = granted(ctx).and_then(|granted| {
        let (kind, scope, since, until) = granted.ok_or_else(|| Error::field("role", "error.needed"))?;
        ctx.write(|tx| {
            let offered = scopes::hand_over(ctx, tx, id, Hand::Roles)?;
            scopes::may_grant(ctx, &offered, kind, &scope)?;
            role::grant(tx, ctx.new_id(), id, kind, &scope, since, until).map(|_| ())
        })
    });
    answer(ctx, id, given, "role_granted")
}

fn end(ctx: &Ctx) -> Result<Reply> {
    let (id, role) = (ctx.id("account")?, ctx.id("role")?);
    let ended = ctx.write(|tx| {
        let offered = scopes::hand_over(ctx, tx, id, Hand::Roles)?;
        let held = record::get::<Role>(tx, role)?;
        if held.account.id != id {
            return Err(Error::NotFound);
        }
        scopes::may_grant(ctx, &offered, held.role, &held.scope)?;
        role::end(tx, role)
    });
    answer(ctx, id, ended, "role_ended")
}
