//! The scopes in which a viewer may grant roles, and how far a viewer's hand reaches over an account.

use std::collections::HashMap;

use kernel::{Ctx, Db, Error, Id, Result, sql, today};

use crate::role::{self, PLATFORM};
use crate::{Role, RoleKind};

/// Scopes and what they are called.
pub(crate) type Scopes = Vec<(String, String)>;

/// The scopes in which this viewer may grant roles: its own, and what the rooms above offer.
pub(crate) fn offered(ctx: &Ctx, db: &mut Db) -> Result<Scopes> {
    let mut found = if ctx.viewer.is_administrator() { own(ctx) } else { Vec::new() };
    for ask in ctx.app.rooms.iter().filter_map(|room| room.scopes) {
        found.extend(ask(ctx, db)?);
    }
    Ok(found)
}

fn own(ctx: &Ctx) -> Scopes {
    let mut found = vec![(PLATFORM.to_owned(), ctx.w.t("scope.platform").into_owned())];
    let levels = [atlas::Level::Region, atlas::Level::Province];
    let divisions = kernel::territory::atlas()
        .into_iter()
        .flat_map(|atlas| levels.into_iter().flat_map(|level| atlas.level(level)));
    found.extend(divisions.map(|division| {
        let name = kernel::territory::name(&division.code, ctx.w.lang);
        (
            kernel::access::territory_scope(&division.code),
            ctx.w.with(&format!("scope.{}", division.kind), "name", &name),
        )
    }));
    found
}

/// What a scope is called, also one that is not offered.
pub(crate) fn label(ctx: &Ctx, offered: &Scopes, scope: &str) -> String {
    if let Some((_, label)) = offered.iter().find(|(known, _)| known == scope) {
        return label.clone();
    }
    let (kind, of) = scope.split_once(':').unwrap_or((scope, ""));
    match kind {
        "territory" => kernel::territory::name(of, ctx.w.lang),
        PLATFORM => ctx.w.t("scope.platform").into_owned(),
        _ => ctx.w.with("scope.other", "kind", &ctx.w.t2("scope.kind", kind)),
    }
}

/// The roles that this viewer may grant and end.
pub(crate) fn grantable(ctx: &Ctx) -> &'static [RoleKind] {
    use RoleKind::{Administrator, Coach, Manager, Partner, Representative, Trainer};
    if ctx.viewer.is_administrator() {
        &[Administrator, Manager, Coach, Trainer, Partner, Representative]
    } else if ctx.viewer.has_role(&["manager"]) {
        &[Coach, Trainer, Partner, Representative]
    } else {
        &[]
    }
}

/// How far a viewer's hand reaches over an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Hand {
    /// Over the roles in scopes that the viewer manages.
    Roles,
    /// Over the account itself: all that it may do today lies in those scopes.
    Whole,
}

/// The viewer's hand over an account; "not found" for who may not even know of it.
pub(crate) fn hand(ctx: &Ctx, offered: &Scopes, roles: &[Role]) -> Result<Hand> {
    if ctx.viewer.is_administrator() {
        return Ok(Hand::Whole);
    }
    let kinds = grantable(ctx);
    let mine =
        |role: &&Role| kinds.contains(&role.role) && offered.iter().any(|(scope, _)| *scope == role.scope);
    let current = |role: &&Role| role.until.is_none_or(|until| until >= today());
    let administrator = roles.iter().filter(current).any(|role| role.role == RoleKind::Administrator);
    if administrator || !roles.iter().any(|role| mine(&role)) {
        return Err(Error::NotFound);
    }
    let whole =
        roles.iter().any(|role| current(&role)) && roles.iter().filter(current).all(|role| mine(&role));
    Ok(if whole { Hand::Whole } else { Hand::Roles })
}

/// The same for an account by its id, refused below `least`.
pub(crate) fn hand_over(ctx: &Ctx, db: &mut Db, account: Id, least: Hand) -> Result<Scopes> {
    let (offered, roles) = (offered(ctx, db)?, role::of(db, account)?);
    if hand(ctx, &offered, &roles)? < least { Err(Error::Forbidden) } else { Ok(offered) }
}

/// Refuses a role that this viewer may not grant or end.
pub(crate) fn may_grant(ctx: &Ctx, offered: &Scopes, role: RoleKind, scope: &str) -> Result<()> {
    let here = ctx.viewer.is_administrator() || offered.iter().any(|(known, _)| known == scope);
    if here && grantable(ctx).contains(&role) { Ok(()) } else { Err(Error::Forbidden) }
}

/// The roles of several accounts at once.
pub(crate) fn roles_of(db: &mut Db, accounts: &[Id]) -> Result<HashMap<Id, Vec<Role>>> {
    let mut found: HashMap<Id, Vec<Role>> = HashMap::new();
    let columns = <Role as kernel::Record>::columns("");
    let query =
        sql(&format!("select {columns} from role where account")).within(accounts).and(" order by since, id");
    db.each(&query, |row| {
        let role = <Role as kernel::Record>::from_row(row)?;
        found.entry(role.account.id).or_default().push(role);
        Ok(())
    })?;
    Ok(found)
}
