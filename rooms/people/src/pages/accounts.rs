//! `/accounts`: who signs in, under the eyes of those who answer for it.

use askama::Template;
use jiff::civil::Date;
use kernel::kinds::{Choice, Kind, Raw};
use kernel::room::{Route, get, post};
use kernel::{
    Ctx, Db, Error, FieldError, Html, Id, Record, Reply, Result, Sql, Words, record, search, sql, today,
};

use super::MANAGERS;
use crate::ask::Ask;
use crate::scopes::{self, Scopes};
use crate::{Account, RoleKind, account, invitation, role};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/accounts", list).role(MANAGERS).query(&["q", "after"]).answers::<Accounts>(),
        get("/accounts/new", new).role(MANAGERS).query(&["scope"]).answers::<New>(),
        post("/accounts", create).role(MANAGERS).takes::<Account>().answers::<super::account::AccountPage>(),
    ]
}

/// How many accounts a page lists.
const MOST: usize = 50;

#[derive(serde::Serialize, schemars::JsonSchema)]
struct Line {
    /// Id.
    id: Id,
    /// Name of the holder.
    name: String,
    /// What the holder signs in with.
    login: String,
    /// True if the holder may not sign in.
    disabled: bool,
    /// What the holder does now, each with the name of where.
    roles: Vec<Held>,
}

#[derive(serde::Serialize, schemars::JsonSchema)]
struct Held {
    /// Which role.
    role: RoleKind,
    /// Where.
    scope: String,
    /// What the scope is called.
    label: String,
}

#[derive(Template, serde::Serialize, schemars::JsonSchema)]
#[template(path = "people_accounts.html")]
struct Accounts {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    /// What was searched.
    q: String,
    /// How many there are.
    count: i64,
    /// Some of them, in the order of names.
    accounts: Vec<Line>,
    /// The query string of the following ones.
    next: Option<String>,
}

/// The accounts over which this viewer has a hand, found by what was typed.
fn condition(ctx: &Ctx, offered: &Scopes, typed: Option<&str>) -> Sql {
    let mut query = sql(" from account a where 1 = 1");
    if !ctx.viewer.is_administrator() {
        let scopes: Vec<&str> = offered.iter().map(|(scope, _)| scope.as_str()).collect();
        let kinds: Vec<&str> = scopes::grantable(ctx).iter().map(Choice::code).collect();
        query = query
            .and(" and a.id in (select account from role where role")
            .within(&kinds)
            .and(" and scope")
            .within(&scopes);
        query = query.and(") and a.id not in (select account from role where role = 'administrator' and (until is null or until >= ?))");
        query = query.bind(today());
    }
    let Some(typed) = typed else { return query };
    match account::normal(typed) {
        (None, None) => search::matching(query, "account", "a.id", typed),
        (email, phone) => query.and(" and (a.email = ? or a.phone = ?)").bind(email).bind(phone),
    }
}

fn lines(
    ctx: &Ctx,
    db: &mut Db,
    offered: &Scopes,
    typed: Option<&str>,
) -> Result<(Vec<Line>, Option<String>)> {
    let columns = Account::columns("a.");
    let mut query =
        sql(&format!("select {columns}, coalesce(a.sort, '')")).join(condition(ctx, offered, typed));
    if let Some((sort, id)) = ctx.query.text("after").and_then(|after| after.rsplit_once('~')) {
        query = query.and(" and (a.sort > ? or (a.sort = ? and a.id > ?))").bind(sort).bind(sort).bind(id);
    }
    let query = query.and(" order by a.sort, a.id limit ?").bind(MOST as i64 + 1);
    let mut found = db.rows(&query, |row| Ok((Account::from_row(row)?, row.take::<String>()?)))?;
    let more = found.len() > MOST;
    found.truncate(MOST);
    let last = found.last().map(|(account, sort)| format!("{sort}~{}", account.id));
    let ids: Vec<Id> = found.iter().map(|(account, _)| account.id).collect();
    let mut roles = scopes::roles_of(db, &ids)?;
    let lines = found.into_iter().map(|(account, _)| {
        let held = roles.remove(&account.id).unwrap_or_default();
        let now = held.into_iter().filter(|role| role.until.is_none_or(|until| until >= today()));
        let roles = now
            .map(|r| Held { role: r.role, label: scopes::label(ctx, offered, &r.scope), scope: r.scope })
            .collect();
        Line {
            id: account.id,
            login: account.login().to_owned(),
            name: account.name,
            disabled: account.disabled,
            roles,
        }
    });
    Ok((
        lines.collect(),
        last.filter(|_| more)
            .map(|last| ctx.query.query_with(&[("after", &last), ("done", ""), ("lang", "")])),
    ))
}

fn list(ctx: &Ctx) -> Result<Reply> {
    let typed = ctx.query.text("q");
    let data = ctx.read(|db| {
        let offered = scopes::offered(ctx, db)?;
        let count = db.one(&sql("select count(*)").join(condition(ctx, &offered, typed)))?;
        let (accounts, next) = lines(ctx, db, &offered, typed)?;
        Ok(Accounts { w: ctx.w, q: typed.unwrap_or_default().to_owned(), count, accounts, next })
    })?;
    ctx.page(&ctx.w.t("accounts.title"), &data)
}

#[derive(Template, serde::Serialize, schemars::JsonSchema)]
#[template(path = "people_account_new.html")]
struct New {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    #[serde(skip)]
    #[schemars(skip)]
    form: kernel::Form,
    #[serde(skip)]
    #[schemars(skip)]
    grant: Grant,
    /// Id for the new account, so that sending the form twice is harmless.
    id: Id,
}

/// The inputs that grant a role.
pub(super) struct Grant {
    ask: Ask,
    roles: Vec<(String, String)>,
    scopes: Scopes,
    refused: bool,
}

impl Grant {
    /// For this viewer, with what was typed and refused.
    pub(super) fn new(ctx: &Ctx, scopes: Scopes, typed: kernel::Fields, errors: &[FieldError]) -> Grant {
        let mut typed = typed;
        if typed.text("since").is_none() {
            typed.set("since", today().to_string());
        }
        let roles = scopes::grantable(ctx)
            .iter()
            .map(|role| (role.code().to_owned(), ctx.w.t2("role.role", role.code())))
            .collect();
        Grant {
            ask: Ask::new(ctx.w, "role").typed(typed).refused(errors),
            roles,
            scopes,
            refused: !errors.is_empty(),
        }
    }

    /// True if something was refused.
    pub(super) fn is_refused(&self) -> bool {
        self.refused
    }

    /// The inputs.
    pub(super) fn inputs(&self) -> Html {
        let parts = [
            self.ask.select("role", &self.roles, "form.choose"),
            self.ask.select("scope", &self.scopes, "form.choose"),
            self.ask.input("since", "date", ""),
            self.ask.input("until", "date", ""),
        ];
        Html(parts.into_iter().map(|part| part.0).collect())
    }
}

fn new(ctx: &Ctx) -> Result<Reply> {
    let mut typed = kernel::Fields::default();
    typed.set("scope", ctx.query.text("scope").unwrap_or_default());
    form(ctx, typed, Vec::new())
}

fn form(ctx: &Ctx, typed: kernel::Fields, errors: Vec<FieldError>) -> Result<Reply> {
    let offered = ctx.read(|db| scopes::offered(ctx, db))?;
    let (status, id) = (if errors.is_empty() { 200 } else { 422 }, ctx.new_id());
    let grant = Grant::new(ctx, offered, typed.clone(), &errors);
    let form = kernel::Form::of::<Account>(ctx.w, typed, kernel::Standing::Steward).refused(errors);
    ctx.page_with_status(status, &ctx.w.t("accounts.new"), &New { w: ctx.w, form, grant, id })
}

/// A role, a scope, a first and perhaps a last day.
type Granted = (RoleKind, String, Date, Option<Date>);

/// The role that a form grants; nothing if it names none.
pub(super) fn granted(ctx: &Ctx) -> Result<Option<Granted>> {
    let raw = |name| Raw { fields: &ctx.form, name };
    let wrong =
        |field: &'static str| move |wrong| Error::Invalid(vec![FieldError { field: field.into(), wrong }]);
    let Some(role) = RoleKind::parse(&raw("role")).map_err(wrong("role"))? else { return Ok(None) };
    let scope = ctx.form.text("scope").ok_or_else(|| Error::field("scope", "error.needed"))?.to_owned();
    let since = Date::parse(&raw("since")).map_err(wrong("since"))?.unwrap_or_else(today);
    Ok(Some((role, scope, since, Date::parse(&raw("until")).map_err(wrong("until"))?)))
}

fn create(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.new_id();
    let made = granted(ctx).and_then(|role| {
        // A manager keeps a hand on the new account only through a role in a scope it manages.
        if role.is_none() && !ctx.viewer.is_administrator() {
            return Err(Error::field("role", "error.needed"));
        }
        ctx.write(|tx| {
            if record::find::<Account>(tx, id)?.is_some() {
                return Err(Error::refused("error.id_taken"));
            }
            account::create(tx, id, &ctx.form)?;
            if let Some((kind, scope, since, until)) = role {
                let offered = scopes::offered(ctx, tx)?;
                scopes::may_grant(ctx, &offered, kind, &scope)?;
                role::grant(tx, Id::new(), id, kind, &scope, since, until)?;
            }
            invitation::invite(tx, id)
        })
    });
    match made {
        Ok(secret) => super::account::page(ctx, id, &[], Some(&secret)),
        Err(Error::Invalid(errors)) if !ctx.json => form(ctx, ctx.form.clone(), errors),
        Err(error) => Err(error),
    }
}
