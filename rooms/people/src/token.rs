//! A token: how another program asks in an account's name.

use jiff::civil::Date;
use kernel::locale::end_of_day;
use kernel::{Db, Error, Id, Result, Tx, now, sql, today};

use crate::secret;

/// A token, as its holder sees it; its text was shown once.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Token {
    /// Its id.
    pub(crate) id: Id,
    /// What its holder calls it.
    pub(crate) name: String,
    /// True if it also writes.
    pub(crate) writes: bool,
    /// When it was made; milliseconds since 1970.
    pub(crate) at: i64,
    /// When it ends; milliseconds since 1970.
    pub(crate) expires: i64,
}

/// Makes a token that holds to the end of a day within a year; answers its id and its text, which is told this once.
pub fn create(tx: &mut Tx<'_>, account: Id, name: &str, writes: bool, until: Date) -> Result<(Id, String)> {
    let latest = today().saturating_add(jiff::Span::new().years(1));
    if until < today() || until > latest {
        return Err(Error::field("expires", "token.expires.range"));
    }
    let (id, text) = (Id::new(), secret::fresh()?);
    tx.run(
        &sql(
            "insert into token (id, digest, account, name, writes, at, expires) values (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(id)
        .bind(secret::digest(&text))
        .bind(account)
        .bind(name)
        .bind(writes)
        .bind(now())
        .bind(end_of_day(until)),
    )?;
    let mut changes = serde_json::Map::new();
    changes.insert("name".into(), serde_json::json!([null, name]));
    changes.insert("writes".into(), serde_json::json!([null, writes]));
    tx.fact("people.token.created", id, account, changes)?;
    Ok((id, text))
}

/// The tokens of an account that still hold, newest first.
pub(crate) fn of(db: &mut Db, account: Id) -> Result<Vec<Token>> {
    let query = sql(
        "select id, name, writes, at, expires from token where account = ? and expires > ? order by at desc",
    );
    db.rows(&query.bind(account).bind(now()), |row| {
        Ok(Token {
            id: row.take()?,
            name: row.take()?,
            writes: row.take()?,
            at: row.take()?,
            expires: row.take()?,
        })
    })
}

/// Ends a token of this account.
pub fn end(tx: &mut Tx<'_>, account: Id, id: Id) -> Result<()> {
    if tx.run(&sql("delete from token where account = ? and id = ?").bind(account).bind(id))? == 0 {
        return Err(Error::NotFound);
    }
    tx.fact("people.token.ended", id, account, serde_json::Map::new())?;
    Ok(())
}
