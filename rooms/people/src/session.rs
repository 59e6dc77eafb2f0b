//! Sessions: how a browser or a program proves whose request it is.

use kernel::access::{Reach, Role as Held};
use kernel::web::Credentials;
use kernel::{Db, Id, Result, Tx, Viewer, now, sql, today};

use crate::role::standing_of;
use crate::secret;

/// How long a session lives, in seconds: thirty days.
pub(crate) const LIFE: i64 = 30 * 86_400;

/// Opens a session; answers the value of its cookie.
pub(crate) fn open(tx: &mut Tx<'_>, account: Id, device: &str) -> Result<String> {
    let secret = secret::fresh()?;
    tx.run(&sql("delete from session where account = ? and expires < ?").bind(account).bind(now()))?;
    tx.run(&sql("delete from half_way where account = ?").bind(account))?;
    tx.run(
        &sql("insert into session (digest, account, at, expires, device) values (?, ?, ?, ?, ?)")
            .bind(secret::digest(&secret))
            .bind(account)
            .bind(now())
            .bind(now() + LIFE * 1000)
            .bind(device),
    )?;
    tx.fact("people.session.opened", account, account, serde_json::Map::new())?;
    Ok(secret)
}

/// An open session, as its holder sees it.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Session {
    /// Names it in the form that ends it.
    pub(crate) digest: String,
    /// When it began; milliseconds since 1970.
    pub(crate) at: i64,
    /// `page` or `api`: through which door it was opened.
    pub(crate) device: String,
    /// True for the session of this request.
    pub(crate) this: bool,
}

/// The open sessions of an account, newest first.
pub(crate) fn of(db: &mut Db, account: Id, this: Option<&str>) -> Result<Vec<Session>> {
    let query =
        sql("select digest, at, device from session where account = ? and expires > ? order by at desc");
    db.rows(&query.bind(account).bind(now()), |row| {
        let digest: String = row.take()?;
        Ok(Session { at: row.take()?, device: row.take()?, this: this == Some(&digest), digest })
    })
}

/// Ends one session of this account.
pub(crate) fn close(tx: &mut Tx<'_>, account: Id, digest: &str) -> Result<()> {
    if tx.run(&sql("delete from session where account = ? and digest = ?").bind(account).bind(digest))? > 0 {
        tx.fact("people.session.closed", account, account, serde_json::Map::new())?;
    }
    Ok(())
}

/// Ends every session of this account but one.
pub(crate) fn close_others(tx: &mut Tx<'_>, account: Id, this: &str) -> Result<()> {
    if tx.run(&sql("delete from session where account = ? and digest <> ?").bind(account).bind(this))? > 0 {
        tx.fact("people.session.closed", account, account, serde_json::Map::new())?;
    }
    Ok(())
}

const WHO: &str = "select a.id, a.name, a.language, r.role, r.scope, k.digest, ";
const ROLES: &str = "join account a on a.id = k.account and a.disabled = 0
    left join role r on r.account = a.id and r.since <= ? and (r.until is null or r.until >= ?)
    where k.digest = ? and k.expires > ?";

/// Who brings these credentials; nobody if they are unknown or have expired.
pub(crate) fn identify(db: &mut Db, credentials: &Credentials) -> Result<Viewer> {
    let (secret, token) = match (&credentials.bearer, &credentials.session) {
        (Some(token), _) => (token, true),
        (None, Some(session)) => (session, false),
        (None, None) => return Ok(Viewer::default()),
    };
    let source = if token { "k.writes from token k " } else { "1 from session k " };
    let query =
        sql(WHO).and(source).and(ROLES).bind(today()).bind(today()).bind(secret::digest(secret)).bind(now());
    let (mut who, mut roles) = (None, Vec::new());
    db.each(&query, |row| {
        let found: (Id, String, Option<String>) = (row.take()?, row.take()?, row.take()?);
        let role: (Option<String>, Option<String>) = (row.take()?, row.take()?);
        let (digest, writes): (String, i64) = (row.take()?, row.take()?);
        roles.extend(role.0.zip(role.1).map(|(role, scope)| Held { role, scope }));
        who = Some((found, digest, writes));
        Ok(())
    })?;
    let Some(((account, name, language), digest, writes)) = who else { return Ok(Viewer::default()) };
    let mut viewer = Viewer::new(account, name, roles, standing_of);
    viewer.language = language;
    viewer.session = (!token).then_some(digest);
    viewer.reach = if writes == 0 { Reach::ReadOnly } else { Reach::Full };
    Ok(viewer)
}

/// Whoever holds this account, for work that goes on in the background: with the roles held now, none if the account
/// is closed.
pub fn viewer(db: &mut Db, account: Id) -> Result<Viewer> {
    let query = sql("select a.name, r.role, r.scope from account a
        left join role r on r.account = a.id and r.since <= ? and (r.until is null or r.until >= ?)
        where a.id = ? and a.disabled = 0")
    .bind(today())
    .bind(today())
    .bind(account);
    let (mut who, mut roles) = (None, Vec::new());
    db.each(&query, |row| {
        who = Some(row.take::<String>()?);
        let role: (Option<String>, Option<String>) = (row.take()?, row.take()?);
        roles.extend(role.0.zip(role.1).map(|(role, scope)| Held { role, scope }));
        Ok(())
    })?;
    Ok(who.map(|name| Viewer::new(account, name, roles, standing_of)).unwrap_or_default())
}
