//! Who vouches for certificates: this house, under its web address, with keys made when the first one is needed. A key
//! that was replaced signs nothing new, and what it signed stays good.

use credential::{Issuer, Key, PublishedKey, StatusListCredential};
use jiff::Timestamp;
use kernel::{Ctx, Db, Error, Id, Json, Result, Tx, now, sql};

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
    /// Where this request was sent.
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

/// A key in the list of keys.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub(crate) struct KeyLine {
    /// As it is published.
    pub(crate) public: String,
    /// When it was made, in milliseconds.
    pub(crate) made: i64,
    /// When it was replaced.
    pub(crate) retired: Option<i64>,
}

/// A fault of the credentials' library is one of the house, but for a name that would tell too much.
pub(crate) fn wrong(error: credential::Error) -> Error {
    match error {
        credential::Error::Private => Error::refused("certificate.private"),
        other => Error::internal(format!("credential: {other}")),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn seed(text: &str) -> Result<[u8; 32]> {
    let mut seed = [0; 32];
    for (i, byte) in seed.iter_mut().enumerate() {
        let pair = text.get(2 * i..2 * i + 2).ok_or_else(|| Error::internal("a signing key is damaged"))?;
        *byte = u8::from_str_radix(pair, 16).map_err(Error::internal)?;
    }
    Ok(seed)
}

fn keys(db: &mut Db) -> Result<Vec<(Key, i64, Option<i64>)>> {
    let query = sql("select seed, made, retired from signing_key order by made desc, id desc");
    let rows: Vec<(String, i64, Option<i64>)> =
        db.rows(&query, |row| Ok((row.take()?, row.take()?, row.take()?)))?;
    rows.into_iter().map(|(text, made, retired)| Ok((Key::from_seed(&seed(&text)?), made, retired))).collect()
}

/// The keys of the house, the one that signs first.
pub(crate) fn list(db: &mut Db) -> Result<Vec<KeyLine>> {
    let line = |(key, made, retired): (Key, i64, Option<i64>)| KeyLine {
        public: key.public().multibase(),
        made,
        retired,
    };
    Ok(keys(db)?.into_iter().map(line).collect())
}

/// Makes a new key and retires the ones before it.
pub(crate) fn rotate(tx: &mut Tx<'_>) -> Result<()> {
    let (id, key) = (Id::new(), Key::generate().map_err(wrong)?);
    tx.run(&sql("update signing_key set retired = ? where retired is null").bind(now()))?;
    let insert = sql("insert into signing_key (id, seed, made) values (?, ?, ?)");
    tx.run(&insert.bind(id).bind(hex(&key.seed())).bind(now()))?;
    // The fact tells the public key alone.
    let mut changes = serde_json::Map::new();
    changes.insert("public".into(), serde_json::json!([null, key.public().multibase()]));
    tx.fact("training.signing_key.created", id, id, changes)?;
    Ok(())
}

/// The house under the address at which it was asked, with its key; the first certificate makes the first key.
pub(crate) fn of(tx: &mut Tx<'_>, at: &Address) -> Result<House> {
    if keys(tx)?.iter().all(|(_, _, retired)| retired.is_some()) {
        rotate(tx)?;
    }
    read(tx, at)?.ok_or_else(|| Error::internal("no signing key"))
}

/// The same for readers: nothing while no certificate was ever issued.
pub(crate) fn read(db: &mut Db, at: &Address) -> Result<Option<House>> {
    let current = keys(db)?.into_iter().find(|(_, _, retired)| retired.is_none());
    Ok(current.map(|(key, ..)| House { id: format!("did:web:{}", at.domain()), base: at.base.clone(), key }))
}

/// The document that publishes the keys.
pub(crate) fn document(db: &mut Db, at: &Address) -> Result<Json> {
    let keys = keys(db)?;
    let instant = |at: i64| Timestamp::from_millisecond(at).ok();
    let published: Vec<PublishedKey> = keys
        .iter()
        .map(|(key, _, retired)| PublishedKey {
            key: key.public(),
            expires: retired.and_then(instant),
            revoked: None,
        })
        .collect();
    Ok(credential::did_web_document(&at.domain(), &published))
}

/// The public key behind a verification method, if it is one of the house's, whatever its address was then.
pub(crate) fn resolver(db: &mut Db) -> Result<impl Fn(&str) -> Option<credential::PublicKey>> {
    let known: Vec<_> = keys(db)?.into_iter().map(|(key, ..)| key.public()).collect();
    Ok(move |method: &str| {
        let mark = method.rsplit_once('#')?.1;
        known.iter().find(|key| key.multibase() == mark).copied()
    })
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
