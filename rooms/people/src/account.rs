//! An account: someone who signs in, by e-mail or telephone number.

use kernel::kinds::{Email, Kind, Phone, Raw};
use kernel::{Db, Fields, Id, Result, Standing, Tx, choice, record, sql};

use crate::Tongue;

choice! {
    /// A language of the interface, as an account prefers it.
    pub Language in "language" { French = "fr", Arabic = "ar", English = "en", Amazigh = "zgh" }
}

record! {
    /// Someone who signs in.
    pub Account in "account" as "people.account", then saved {
        identity(Shared, Steward) { name: String }
        sign_in(Steward, Steward) { email: Option<Email>, phone: Option<Phone> }
        preferences(File, File) { language: Option<Language>, speaks: Option<Tongue> }
        state(Steward, Steward) { disabled: bool }
    }
}

/// After each save: the order of lists and the words that find it.
fn saved(account: &Account, tx: &mut Tx<'_>) -> Result<()> {
    tx.run(
        &sql("update account set sort = ? where id = ?").bind(fold::fold(&account.name)).bind(account.id),
    )?;
    kernel::search::index(tx, "account", account.id, std::iter::once(account.name.as_str()))
}

impl Account {
    /// What its holder signs in with: the e-mail address, or the telephone number.
    pub fn login(&self) -> &str {
        let email = self.email.as_ref().map(|email| email.0.as_str());
        email.or(self.phone.as_ref().map(|phone| phone.0.as_str())).unwrap_or_default()
    }
}

/// Creates an account from a form: `name`, `email` or `phone`, `language`. It has no password and no role yet.
pub fn create(tx: &mut Tx<'_>, id: Id, form: &Fields) -> Result<Account> {
    let mut form = form.clone();
    form.set("disabled", "no");
    kernel::record::create(tx, id, &form, Standing::Steward)
}

/// What somebody typed to sign in, as an e-mail address or a telephone number.
pub(crate) fn normal(login: &str) -> (Option<String>, Option<String>) {
    let fields = Fields::of([("login", login)]);
    let raw = Raw { fields: &fields, name: "login" };
    (
        Email::parse(&raw).ok().flatten().map(|email| email.0),
        Phone::parse(&raw).ok().flatten().map(|phone| phone.0),
    )
}

/// The account that signs in with this e-mail address or telephone number, if it may sign in.
pub fn by_login(db: &mut Db, login: &str) -> Result<Option<Account>> {
    let (email, phone) = normal(login);
    let query =
        sql("select id from account where disabled = 0 and (email = ? or phone = ?)").bind(email).bind(phone);
    match db.row(&query, |row| row.take::<Id>())? {
        Some(id) => kernel::record::find(db, id),
        None => Ok(None),
    }
}

/// Whether the account's holder may sign in from now on. Without the right, its sessions end.
pub fn set_disabled(tx: &mut Tx<'_>, id: Id, disabled: bool) -> Result<()> {
    crate::role::hold_administrators(tx)?;
    let account = kernel::record::get::<Account>(tx, id)?;
    kernel::record::update(tx, &Account { disabled, ..account })?;
    if disabled {
        tx.run(&sql("delete from session where account = ?").bind(id))?;
        tx.run(&sql("delete from half_way where account = ?").bind(id))?;
        tx.run(&sql("delete from invitation where account = ?").bind(id))?;
    }
    crate::role::somebody_administers(tx)
}

/// The names of these accounts, by id.
pub fn names(db: &mut Db, accounts: &[Id]) -> Result<std::collections::HashMap<Id, String>> {
    let query = sql("select id, name from account where id").within(accounts);
    Ok(db.rows(&query, |row| Ok((row.take()?, row.take()?)))?.into_iter().collect())
}
