//! What lets a telephone send in somebody's name: a secret in its address, for one programme, kept as a digest.

use kernel::value::Row;
use kernel::{Db, Error, Id, Result, Tx, now, sql};

/// A key, as whoever made it sees it; its text was shown once.
pub(super) struct Key {
    pub(super) id: Id,
    pub(super) programme: Id,
    pub(super) name: String,
    pub(super) at: i64,
    pub(super) used_at: Option<i64>,
}

/// Whose key it is, and for which programme.
pub(crate) struct Holder {
    pub(crate) key: Id,
    pub(crate) account: Id,
    pub(crate) programme: Id,
    used_at: Option<i64>,
}

impl Holder {
    /// Reads what [`HOLDER`] selects.
    pub(crate) fn of(row: &mut Row) -> Result<Holder> {
        Ok(Holder { key: row.take()?, account: row.take()?, programme: row.take()?, used_at: row.take()? })
    }
}

/// What is read of a key `k` to know its holder.
pub(crate) const HOLDER: &str = "select k.id, k.account, k.programme, k.used_at from collect_key k";

/// How often the last use of a key is written down; milliseconds.
const SELDOM: i64 = 60_000;

/// Makes a key; answers its text.
pub(super) fn create(tx: &mut Tx<'_>, account: Id, programme: Id, name: &str) -> Result<String> {
    let (id, text) = (Id::new(), people::fresh_secret()?);
    let made =
        sql("insert into collect_key (id, digest, account, programme, name, at) values (?, ?, ?, ?, ?, ?)");
    let made = made.bind(id).bind(people::secret_digest(&text)).bind(account).bind(programme).bind(name);
    tx.run(&made.bind(now()))?;
    let mut changes = serde_json::Map::new();
    changes.insert("name".into(), serde_json::json!([null, name]));
    tx.fact("field.collect_key.created", id, account, changes)?;
    Ok(text)
}

/// The keys of an account that still hold, the newest first.
pub(super) fn of(db: &mut Db, account: Id) -> Result<Vec<Key>> {
    let query = sql("select id, programme, name, at, used_at from collect_key
                     where account = ? and ended_at is null order by at desc, id limit 100");
    db.rows(&query.bind(account).open("the account's own keys"), |row| {
        Ok(Key {
            id: row.take()?,
            programme: row.take()?,
            name: row.take()?,
            at: row.take()?,
            used_at: row.take()?,
        })
    })
}

/// Ends a key of this account.
pub(super) fn end(tx: &mut Tx<'_>, account: Id, id: Id) -> Result<()> {
    let end = sql("update collect_key set ended_at = ? where id = ? and account = ? and ended_at is null");
    if tx.run(&end.bind(now()).bind(id).bind(account))? == 0 {
        return Err(Error::NotFound);
    }
    crate::central::end_sessions(tx, id)?;
    tx.fact("field.collect_key.ended", id, account, serde_json::Map::new()).map(|_| ())
}

/// Whose key this text is.
pub(crate) fn holder(db: &mut Db, text: &str) -> Result<Option<Holder>> {
    let query = sql(HOLDER).and(" where k.digest = ? and k.ended_at is null");
    let query = query.bind(people::secret_digest(text)).open("who holds it is asked");
    db.row(&query, Holder::of)
}

/// Writes down that a key was used, now and then.
pub(crate) fn used(app: &kernel::App, holder: &Holder) -> Result<()> {
    if holder.used_at.is_some_and(|at| now() - at < SELDOM) {
        return Ok(());
    }
    let used = sql("update collect_key set used_at = ? where id = ?").bind(now()).bind(holder.key);
    app.write(kernel::Actor::machine("device"), |tx| tx.run(&used).map(|_| ()))
}
