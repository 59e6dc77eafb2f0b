//! The second factor: a code that a telephone works out every thirty seconds (TOTP, RFC 6238). Its keys are sealed with
//! the secret of the house.

use kernel::{Actor, App, Db, Error, Html, Id, Result, Secret, Tx, now, sql};
use totp_rs::{Builder, Totp};

use crate::secret;

/// What an account has of it.
#[derive(Default)]
pub(crate) struct Factor {
    /// The key in use, sealed.
    pub(crate) key: Option<Sealed>,
    /// A key that waits for its first code, sealed.
    pub(crate) waiting: Option<Sealed>,
}

/// A key as it lies in the database.
pub(crate) struct Sealed {
    account: Id,
    text: String,
}

impl Sealed {
    /// The key in base 32.
    pub(crate) fn open(&self, secret: &Secret) -> Result<String> {
        let bytes = secret.unseal(&place(self.account), &self.text)?;
        String::from_utf8(bytes).map_err(Error::internal)
    }
}

/// For which place a key is sealed.
fn place(account: Id) -> String {
    format!("second factor of {account}")
}

/// The second factor of an account.
pub(crate) fn of(db: &mut Db, account: Id) -> Result<Factor> {
    let query = sql("select totp, totp_waiting from secret where account = ?").bind(account);
    let sealed = |text: Option<String>| text.map(|text| Sealed { account, text });
    let found =
        db.row(&query, |row| Ok(Factor { key: sealed(row.take()?), waiting: sealed(row.take()?) }))?;
    Ok(found.unwrap_or_default())
}

/// Makes a key that waits for its first code.
pub(crate) fn prepare(tx: &mut Tx<'_>, secret: &Secret, account: Id) -> Result<()> {
    let mut bytes = [0_u8; 20];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    tx.run(
        &sql("insert into secret (account, totp_waiting) values (?, ?)
              on conflict (account) do update set totp_waiting = excluded.totp_waiting")
        .bind(account)
        .bind(secret.seal(&place(account), totp_rs::Secret::from(bytes).to_base32().as_bytes())?),
    )?;
    Ok(())
}

/// Puts the waiting key to use, once its first code is right.
pub(crate) fn confirm(tx: &mut Tx<'_>, secret: &Secret, account: Id, code: &str) -> Result<()> {
    let waiting = of(tx, account)?.waiting.ok_or_else(|| Error::refused("error.no_key_waits"))?;
    spend(tx, account, &waiting.open(secret)?, code)?;
    tx.run(
        &sql("update secret set totp = totp_waiting, totp_waiting = null where account = ?").bind(account),
    )?;
    tx.fact("people.account.second_factor_on", account, account, serde_json::Map::new())?;
    Ok(())
}

/// Takes the second factor away.
pub(crate) fn switch_off(tx: &mut Tx<'_>, account: Id) -> Result<()> {
    tx.run(&sql("update secret set totp = null, totp_waiting = null where account = ?").bind(account))?;
    tx.fact("people.account.second_factor_off", account, account, serde_json::Map::new())?;
    Ok(())
}

/// Accepts a code of this key, once.
pub(crate) fn spend(tx: &mut Tx<'_>, account: Id, key: &str, code: &str) -> Result<()> {
    let digits: String = fold::fold(code).chars().filter(char::is_ascii_digit).collect();
    let refuse = || Error::field("code", "account.code.wrong");
    let step = totp(key, "")?.check(&digits, (now() / 1000).unsigned_abs()).ok_or_else(refuse)? as i64;
    let fresh =
        sql("update secret set totp_step = ? where account = ? and (totp_step is null or totp_step < ?)");
    if tx.run(&fresh.bind(step).bind(account).bind(step))? == 0 {
        return Err(Error::field("code", "account.code.spent"));
    }
    Ok(())
}

fn totp(key: &str, name: &str) -> Result<Totp> {
    let secret =
        totp_rs::Secret::try_from_base32(key).map_err(|_| Error::internal("a key that is not base 32"))?;
    let name = if name.is_empty() { "tiwizi".to_owned() } else { name.replace(':', " ") };
    let built =
        Builder::new().with_secret(secret).with_account_name(name).with_issuer(Some("Tiwizi")).build();
    built.map_err(|error| Error::internal(format!("{error:?}")))
}

/// Seals the keys that an earlier version kept in clear.
pub(crate) fn mend(app: &App) -> Result<()> {
    let query = sql(
        "select account, totp, totp_waiting from secret where totp is not null or totp_waiting is not null",
    );
    let all: Vec<(Id, [Option<String>; 2])> =
        app.read(|db| db.rows(&query, |row| Ok((row.take()?, [row.take()?, row.take()?]))))?;
    let clear = |text: &Option<String>| text.as_ref().is_some_and(|text| !kernel::secret::is_sealed(text));
    let clear: Vec<_> = all.into_iter().filter(|(_, keys)| keys.iter().any(clear)).collect();
    if clear.is_empty() {
        return Ok(());
    }
    app.write(Actor::machine("command"), |tx| {
        for (account, keys) in clear {
            let [key, waiting] = keys.map(|text| {
                text.map(|text| match kernel::secret::is_sealed(&text) {
                    true => Ok(text),
                    false => app.secret.seal(&place(account), text.as_bytes()),
                })
                .transpose()
            });
            let update = sql("update secret set totp = ?, totp_waiting = ? where account = ?");
            tx.run(&update.bind(key?).bind(waiting?).bind(account))?;
        }
        Ok(())
    })
}

/// The key as a picture for the telephone's camera.
pub(crate) fn picture(key: &str, name: &str) -> Result<Html> {
    let address = totp(key, name)?.to_url().map_err(|error| Error::internal(format!("{error:?}")))?;
    kernel::square(&address)
}

/// Remembers for five minutes that the password was right; answers what the page of the code brings back.
pub(crate) fn half_way(tx: &mut Tx<'_>, account: Id) -> Result<String> {
    let ticket = secret::fresh()?;
    tx.run(&sql("delete from half_way where account = ? or expires < ?").bind(account).bind(now()))?;
    let insert = sql("insert into half_way (digest, account, expires) values (?, ?, ?)");
    tx.run(&insert.bind(secret::digest(&ticket)).bind(account).bind(now() + 300_000))?;
    Ok(ticket)
}

/// The account that is half-way in with this ticket.
pub(crate) fn halted(db: &mut Db, ticket: &str) -> Result<Option<Id>> {
    let query = sql("select h.account from half_way h join account a on a.id = h.account
                     where h.digest = ? and h.expires > ? and a.disabled = 0");
    db.row(&query.bind(secret::digest(ticket)).bind(now()), |row| row.take())
}
