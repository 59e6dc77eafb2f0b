//! An invitation: a link that lets its holder choose the account's password, once.

use kernel::{Db, Error, Id, Result, Tx, now, sql};

use crate::Account;
use crate::password::{self, Hashed};
use crate::secret;

/// How long a link holds, in milliseconds: seven days.
const LIFE: i64 = 7 * 86_400_000;

/// Makes the secret part of a link `/invitation/SECRET`. A newer link replaces an older one.
pub fn invite(tx: &mut Tx<'_>, account: Id) -> Result<String> {
    let secret = secret::fresh()?;
    tx.run(&sql("delete from invitation where account = ?").bind(account))?;
    tx.run(
        &sql("insert into invitation (digest, account, at, expires) values (?, ?, ?, ?)")
            .bind(secret::digest(&secret))
            .bind(account)
            .bind(now())
            .bind(now() + LIFE),
    )?;
    tx.fact("people.account.invited", account, account, serde_json::Map::new())?;
    Ok(secret)
}

/// The account that a link belongs to, while it holds.
pub(crate) fn account_of(db: &mut Db, secret: &str) -> Result<Option<Account>> {
    let query = sql("select i.account from invitation i join account a on a.id = i.account
                     where i.digest = ? and i.expires > ? and a.disabled = 0")
    .bind(secret::digest(secret))
    .bind(now());
    match db.row(&query, |row| row.take::<Id>())? {
        Some(account) => kernel::record::find(db, account),
        None => Ok(None),
    }
}

/// Uses a link up: the account gets this password.
pub(crate) fn spend(tx: &mut Tx<'_>, secret: &str, password: &Hashed) -> Result<()> {
    let gone = || Error::refused("error.invitation");
    let account = account_of(tx, secret)?.ok_or_else(gone)?;
    if tx.run(&sql("delete from invitation where digest = ?").bind(secret::digest(secret)))? == 0 {
        return Err(gone());
    }
    password::set(tx, account.id, password)
}
