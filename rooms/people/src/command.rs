//! What the command line does with accounts: the first administrator, a new password, a list.

use kernel::{Actor, App, Error, Fields, Id, Result, sql, today};

use crate::{PLATFORM, RoleKind, by_login, create_account, grant_role, invite};

/// Invites an account to choose a password; answers the secret part of the link. With a name, makes an
/// administrator of this login first if there is none.
pub fn command_line_invitation(app: &App, login: &str, name: Option<&str>) -> Result<String> {
    app.write(Actor::machine("command"), |tx| {
        let account = match (by_login(tx, login)?, name) {
            (Some(account), _) => account.id,
            (None, None) => return Err(Error::refused("account.unknown")),
            (None, Some(name)) => {
                let kind = if login.contains('@') { "email" } else { "phone" };
                create_account(tx, Id::new(), &Fields::of([("name", name), (kind, login)]))?.id
            }
        };
        if name.is_some() {
            let held =
                sql("select count(*) from role where account = ? and role = 'administrator'").bind(account);
            if tx.one::<i64>(&held)? == 0 {
                grant_role(tx, Id::new(), account, RoleKind::Administrator, PLATFORM, today(), None)?;
            }
        }
        invite(tx, account)
    })
}

/// Takes the second factor of an account away: its holder lost the telephone, or the house its secret.
pub fn command_line_second_factor_off(app: &App, login: &str) -> Result<()> {
    app.write(Actor::machine("command"), |tx| {
        let account = by_login(tx, login)?.ok_or_else(|| Error::refused("account.unknown"))?;
        crate::second_factor::switch_off(tx, account.id)
    })
}

/// The accounts, a line each: login, name, roles.
pub fn account_lines(app: &App) -> Result<Vec<String>> {
    app.read(|db| {
        let query = sql("select coalesce(a.email, a.phone), a.name, a.disabled, coalesce(r.role, '–'), coalesce(r.scope, '')
                         from account a left join role r on r.account = a.id order by a.name, r.role");
        db.rows(&query, |row| {
            let (login, name, disabled): (String, String, bool) = (row.take()?, row.take()?, row.take()?);
            let (role, scope): (String, String) = (row.take()?, row.take()?);
            Ok(format!("{login}\t{name}\t{role} {scope}{}", if disabled { "\tdisabled" } else { "" }))
        })
    })
}
