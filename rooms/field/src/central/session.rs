//! `/v1/sessions`: a login and a key for a token that holds a day, and ends with the key.

use kernel::value::Row;
use kernel::{Actor, Ctx, Db, Error, Id, Reply, Result, Tx, now, sql};
use serde::Deserialize;
use serde_json::json;

use super::answer::{instant, speak};
use super::{number, who};
use crate::openrosa::door;
use crate::openrosa::key::{HOLDER, Holder};

/// How long a token holds; milliseconds.
const LIFE: i64 = 24 * 3_600_000;

#[derive(Deserialize)]
struct Pair {
    email: String,
    password: String,
}

/// `POST /v1/sessions`.
pub(super) fn open(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        who::private(ctx)?;
        let pair: Pair = serde_json::from_slice(&ctx.body).map_err(|_| Error::refused("error.json"))?;
        let holder = who::pair(ctx, &pair.email, &pair.password)?;
        let (token, at) = (people::fresh_secret()?, now());
        ctx.app.write(actor(holder.account), |tx| {
            tx.run(&sql("delete from central_session where expires < ?").bind(at))?;
            let made =
                sql("insert into central_session (digest, collect_key, at, expires) values (?, ?, ?, ?)");
            let made = made.bind(people::secret_digest(&token)).bind(holder.key);
            tx.run(&made.bind(at).bind(at + LIFE))?;
            tx.fact("field.collect_key.opened", holder.key, holder.account, serde_json::Map::new())
        })?;
        ctx.data(&json!({
            "token": token, "csrf": people::fresh_secret()?,
            "createdAt": instant(at)?, "expiresAt": instant(at + LIFE)?,
        }))
    })
}

fn actor(account: Id) -> Actor {
    Actor { account: Some(account), ..Actor::machine("api") }
}

/// Whose session this is, if it holds and its key does.
pub(super) fn holder(db: &mut Db, token: &str) -> Result<Option<Holder>> {
    let query = sql(HOLDER)
        .and(" join central_session s on s.collect_key = k.id where s.digest = ? and s.expires > ? and k.ended_at is null");
    let query = query.bind(people::secret_digest(token)).bind(now()).open("who holds it is asked");
    db.row(&query, Holder::of)
}

/// Ends every session of a key.
pub(crate) fn end(tx: &mut Tx<'_>, key: Id) -> Result<()> {
    tx.run(&sql("delete from central_session where collect_key = ?").bind(key)).map(|_| ())
}

/// `DELETE /v1/sessions/current`, or the token itself in the place of that word.
pub(super) fn close(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let mine = who::holder(ctx)?;
        let shown = ctx.header("authorization").split_once(' ').map(|(_, token)| token.trim());
        let token = match ctx.param("session")? {
            "current" => shown.unwrap_or_default(),
            token => token,
        };
        let digest = people::secret_digest(token);
        let there = sql("select count(*) from central_session where digest = ? and collect_key = ?");
        let there = there.bind(digest.as_str()).bind(mine.key);
        ctx.app.write(actor(mine.account), |tx| {
            if tx.one::<i64>(&there)? == 0 {
                return Err(Error::NotFound);
            }
            tx.run(&sql("delete from central_session where digest = ?").bind(digest))?;
            tx.fact("field.collect_key.closed", mine.key, mine.account, serde_json::Map::new())
        })?;
        ctx.data(&json!({ "success": true }))
    })
}

/// `GET /v1/users/current`: who asks.
pub(super) fn current(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let asked = door::of(ctx, &who::holder(ctx)?)?;
        let query = sql("select email from account where id = ?").bind(asked.account);
        let email: Option<String> = ctx.read(|db| db.row(&query, Row::take))?.flatten();
        ctx.data(&json!({
            "id": number::of_account(asked.account), "type": "user", "displayName": asked.viewer.name, "email": email,
        }))
    })
}
