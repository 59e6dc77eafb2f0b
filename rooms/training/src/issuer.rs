//! Who vouches for certificates: this house, under its web address, with keys made when the first one is needed. A key
//! that was replaced signs nothing new, and what it signed stays good.

use credential::{Issuer, Key, PublicKey, PublishedKey, StatusListCredential};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Actor, App, Ctx, Db, Error, Id, Json, Result, Secret, Tx, now, sql};

/// The name under which the house vouches.
const NAME: &str = "Tiwizi";

/// Where the house is reached: it vouches under this address.
#[derive(Clone, Debug)]
pub struct Address {
    /// Name and, if it is not the usual one, port, such as `tiwizi.example` or `localhost:8080`.
    pub host: String,
    /// Beginning of its web addresses, such as `https://tiwizi.example`.
    pub base: String,
}

impl Address {
    /// The public address of the house, or where this request was sent.
    pub fn of(ctx: &Ctx) -> Address {
        Address { host: ctx.host.clone(), base: ctx.link("") }
    }

    /// What follows `did:web:`; a port is written as `%3A8443`.
    fn domain(&self) -> String {
        self.host.replace(':', "%3A")
    }
}

/// The house as an issuer, with the key that signs now.
pub(crate) struct House {
    id: String,
    base: String,
    key: Key,
}

/// A key of the house, as it is kept.
pub(crate) struct Kept {
    pub(crate) id: Id,
    pub(crate) public: PublicKey,
    /// When it was made; milliseconds, as all of these.
    pub(crate) made: i64,
    /// When it was replaced.
    pub(crate) retired: Option<i64>,
    /// Since when nothing is believed that it signs.
    pub(crate) stolen: Option<i64>,
}

/// A fault of the credentials' library is one of the house, but for a name that would tell too much.
pub(crate) fn wrong(error: credential::Error) -> Error {
    match error {
        credential::Error::Private => Error::refused("certificate.private"),
        other => Error::internal(format!("credential: {other}")),
    }
}

/// For which place the seed of a key is sealed.
fn place(id: Id) -> String {
    format!("signing_key {id}")
}

fn damaged() -> Error {
    Error::internal("a signing key is damaged")
}

fn key(seed: Vec<u8>) -> Result<Key> {
    Ok(Key::from_seed(&seed.try_into().map_err(|_| damaged())?))
}

/// The keys of the house, the latest first.
pub(crate) fn keys(db: &mut Db) -> Result<Vec<Kept>> {
    let query = sql("select id, public, made, retired, stolen from signing_key order by made desc, id desc");
    db.rows(&query, |row| {
        let (id, public): (Id, Option<String>) = (row.take()?, row.take()?);
        let public = public.as_deref().and_then(PublicKey::from_multibase).ok_or_else(damaged)?;
        Ok(Kept { id, public, made: row.take()?, retired: row.take()?, stolen: row.take()? })
    })
}

/// The key behind a verification method, if it is one of these, whatever the address of the house was then.
pub(crate) fn among<'a>(keys: &'a [Kept], method: &str) -> Option<&'a Kept> {
    let mark = method.rsplit_once('#')?.1;
    keys.iter().find(|key| key.public.multibase() == mark)
}

/// Makes a new key under this id and retires the ones before it: what can sign no more is not kept. A repeat does nothing.
pub(crate) fn rotate(tx: &mut Tx<'_>, secret: &Secret, id: Id) -> Result<()> {
    if keys(tx)?.iter().any(|key| key.id == id) {
        return Ok(());
    }
    let key = Key::generate().map_err(wrong)?;
    tx.run(&sql("update signing_key set retired = ?, seed = '' where retired is null").bind(now()))?;
    let insert = sql("insert into signing_key (id, seed, public, made) values (?, ?, ?, ?)");
    let sealed = secret.seal(&place(id), &key.seed())?;
    let public = key.public().multibase();
    tx.run(&insert.bind(id).bind(sealed).bind(&public).bind(now()))?;
    // The fact tells the public key alone.
    let changes = serde_json::Map::from_iter([("public".into(), serde_json::json!([null, public]))]);
    tx.fact("training.signing_key.created", id, id, changes)?;
    Ok(())
}

/// Declares that a key is in other hands since this day: nothing is believed that it signed from then on. If it was the one
/// that signs, another takes its place. A repeat does nothing.
pub(crate) fn declare_stolen(tx: &mut Tx<'_>, secret: &Secret, id: Id, since: Date) -> Result<()> {
    let key = keys(tx)?.into_iter().find(|key| key.id == id).ok_or(Error::NotFound)?;
    if key.stolen.is_some() {
        return Ok(());
    }
    if since > kernel::today() || since < kernel::locale::date_of(key.made) {
        return Err(Error::refused("keys.stolen_when"));
    }
    let midnight = kernel::locale::zone().to_timestamp(since.at(0, 0, 0, 0)).map_err(Error::internal)?;
    let instant = midnight.as_millisecond();
    let mark =
        sql("update signing_key set stolen = ?, retired = coalesce(retired, ?), seed = '' where id = ?");
    tx.run(&mark.bind(instant).bind(now()).bind(id))?;
    let changes =
        serde_json::Map::from_iter([("stolen".into(), serde_json::json!([null, since.to_string()]))]);
    tx.fact("training.signing_key.stolen", id, id, changes)?;
    if key.retired.is_none() {
        rotate(tx, secret, Id::named(&format!("after the theft of {id}")))?;
    }
    Ok(())
}

/// Seals the keys that an earlier version kept in clear, and forgets those that sign no more.
pub(crate) fn mend(app: &App) -> Result<()> {
    let query = sql("select id, seed, retired from signing_key where public is null");
    let clear: Vec<(Id, String, Option<i64>)> =
        app.read(|db| db.rows(&query, |row| Ok((row.take()?, row.take()?, row.take()?))))?;
    if clear.is_empty() {
        return Ok(());
    }
    app.write(Actor::machine("command"), |tx| {
        for (id, seed, retired) in clear {
            let seed = kernel::secret::from_hex(&seed).ok_or_else(damaged)?;
            let public = key(seed.clone())?.public().multibase();
            let kept = if retired.is_some() { String::new() } else { app.secret.seal(&place(id), &seed)? };
            let update = sql("update signing_key set public = ?, seed = ? where id = ? and public is null");
            tx.run(&update.bind(public).bind(kept).bind(id))?;
        }
        Ok(())
    })
}

/// The house under its address, with its key; the first certificate makes the first key.
pub(crate) fn of(tx: &mut Tx<'_>, secret: &Secret, at: &Address) -> Result<House> {
    if keys(tx)?.iter().all(|key| key.retired.is_some()) {
        rotate(tx, secret, Id::new())?;
    }
    read(tx, secret, at)?.ok_or_else(|| Error::internal("no signing key"))
}

/// The same for readers: nothing while no certificate was ever issued.
pub(crate) fn read(db: &mut Db, secret: &Secret, at: &Address) -> Result<Option<House>> {
    let query =
        sql("select id, seed from signing_key where retired is null order by made desc, id desc limit 1");
    let current = db.row(&query, |row| Ok((row.take::<Id>()?, row.take::<String>()?)))?;
    let Some((kept, sealed)) = current else { return Ok(None) };
    let key = key(secret.unseal(&place(kept), &sealed)?)?;
    Ok(Some(House { id: format!("did:web:{}", at.domain()), base: at.base.clone(), key }))
}

/// The document that publishes the keys.
pub(crate) fn document(db: &mut Db, at: &Address) -> Result<Json> {
    let instant = |at: i64| Timestamp::from_millisecond(at).ok();
    let published: Vec<PublishedKey> = keys(db)?
        .into_iter()
        .map(|key| PublishedKey {
            key: key.public,
            expires: key.retired.and_then(instant),
            revoked: key.stolen.and_then(instant),
        })
        .collect();
    Ok(credential::did_web_document(&at.domain(), &published))
}

impl House {
    /// As credentials name it.
    pub(crate) fn issuer(&self) -> Issuer {
        Issuer {
            url: Some(self.base.clone()).filter(|url| !url.is_empty()),
            ..Issuer::of(&self.id, &self.key.public(), NAME)
        }
    }

    /// Where the status list is published.
    pub(crate) fn status_list(&self) -> String {
        format!("{}/status/certificates", self.base)
    }

    /// Signs a credential now.
    pub(crate) fn sign(&self, credential: &credential::Credential) -> Result<Json> {
        credential.sign(&self.key, Timestamp::now()).map_err(wrong)
    }

    /// Signs the status list as it stands now.
    pub(crate) fn sign_list(&self, list: &credential::StatusList) -> Result<Json> {
        let public = self.key.public();
        let list = StatusListCredential {
            id: self.status_list(),
            issuer: self.id.clone(),
            verification_method: format!("{}#{}", self.id, public.multibase()),
            valid_from: Timestamp::now(),
            valid_until: None,
            encoded: list.encode(),
        };
        list.sign(&self.key, Timestamp::now()).map_err(wrong)
    }
}
