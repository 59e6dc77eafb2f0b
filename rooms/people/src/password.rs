//! Passwords, kept as argon2id hashes. Hashing is slow on purpose, so it never happens while a connection is held.

use std::sync::{Mutex, OnceLock, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use kernel::{Db, Error, Id, Result, Tx, sql};

/// Shortest password, in characters.
const SHORTEST: usize = 10;
/// Longest password, in characters.
const LONGEST: usize = 200;

/// One at a time: each takes 19 MiB, and many senders at once must not exhaust the memory.
static TURN: Mutex<()> = Mutex::new(());

/// A password that was accepted, hashed.
pub struct Hashed(String);

/// Checks a new password and hashes it. Do this before the write begins.
pub fn hash(password: &str) -> Result<Hashed> {
    match password.chars().count() {
        ..SHORTEST => Err(Error::field("password", "account.password.short")),
        SHORTEST..=LONGEST => Ok(Hashed(hash_text(password)?)),
        _ => Err(Error::field("password", "account.password.long")),
    }
}

fn hash_text(password: &str) -> Result<String> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Argon2::default().hash_password(password.as_bytes()).map_err(Error::internal)?.to_string())
}

/// What is kept of the account's password.
pub(crate) fn kept(db: &mut Db, account: Id) -> Result<Option<String>> {
    Ok(db
        .row(&sql("select password from secret where account = ?").bind(account), |row| row.take())?
        .flatten())
}

/// True if this is the password that `kept` keeps. Takes the same time when nothing is kept.
pub(crate) fn is(kept: Option<&str>, password: &str) -> Result<bool> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let nobody = match NOBODY.get() {
        Some(nobody) => nobody,
        None => {
            let made = hash_text("a password that nobody has")?;
            NOBODY.get_or_init(|| made)
        }
    };
    let parsed = PasswordHash::new(kept.unwrap_or(nobody)).map_err(Error::internal)?;
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && kept.is_some())
}

/// True if this account is opened by this password or code now. Do this outside of a write; the caller counts attempts.
pub fn opens(app: &kernel::App, account: Id, password: &str) -> Result<bool> {
    let kept = app.read(|db| kept(db, account))?;
    is(kept.as_deref(), password)
}

/// Gives the account a password; its sessions, tokens that were half-way and invitations end.
pub fn set(tx: &mut Tx<'_>, account: Id, password: &Hashed) -> Result<()> {
    tx.run(
        &sql("insert into secret (account, password) values (?, ?)
              on conflict (account) do update set password = excluded.password")
        .bind(account)
        .bind(&password.0),
    )?;
    for table in ["session", "half_way", "invitation"] {
        tx.run(&sql(&format!("delete from {table} where account = ?")).bind(account))?;
    }
    tx.fact("people.account.password_set", account, account, serde_json::Map::new())?;
    Ok(())
}
