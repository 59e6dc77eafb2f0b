//! The demonstration: an invented programme with everything in it, so that a newcomer understands Tiwizi in ten
//! minutes. Running it again adds what is missing and changes nothing that is there.

mod cooperatives;
mod diagnosis;
mod exports;
mod funding;
mod invoices;
mod market;
mod messages;
mod open_data;
mod own;
mod people_of;
mod pooled_orders;
mod programme;
mod reports;
mod sales;
mod selection;
mod story;
mod surveys;
mod training;
mod visits;
mod voices;
mod work;

use kernel::{Actor, App, Id, Record, Result, Settings, Tx};

/// Someone to sign in as.
pub struct DemoAccount {
    /// Code of the role.
    pub role: &'static str,
    /// What to sign in with.
    pub login: &'static str,
    /// The password it starts with.
    pub password: &'static str,
}

/// The password of every account of the demonstration.
pub const PASSWORD: &str = "mains-unies-2026";

/// Marks the data folder as a demonstration: every page says that its data are invented.
pub fn mark(settings: &Settings) -> Result<()> {
    std::fs::create_dir_all(&settings.data)?;
    Ok(std::fs::write(settings.data.join("demonstration"), "Everything here is invented.\n")?)
}

/// Fills the house; answers the accounts to sign in with.
pub fn fill(app: &App) -> Result<Vec<DemoAccount>> {
    // Hashing is slow on purpose: it happens before the write begins.
    let password = people::hash_password(PASSWORD)?;
    let paper = funding::paper(app)?;
    let drawn = market::drawn()?;
    app.write(Actor::machine("demo"), |tx| {
        programme::organisations(tx)?;
        cooperatives::register(tx)?;
        programme::open(tx)?;
        let accounts = people_of::accounts(tx, &password)?;
        people_of::members(tx)?;
        selection::tell(tx)?;
        messages::tell(tx)?;
        story::tell(tx)?;
        diagnosis::tell(tx)?;
        visits::tell(tx)?;
        work::tell(tx)?;
        training::tell(tx)?;
        training::certify(app, tx)?;
        funding::tell(app, tx, &paper)?;
        surveys::tell(app, tx)?;
        market::tell(app, tx, &drawn)?;
        sales::tell(tx)?;
        pooled_orders::tell(tx)?;
        invoices::tell(tx, app.words.speak(kernel::Lang::Fr))?;
        exports::tell(tx)?;
        own::tell(tx)?;
        reports::tell(app, tx)?;
        open_data::tell(tx)?;
        voices::tell(app, tx)?;
        tx.dated = None;
        Ok(accounts)
    })
}

/// The id of an invented record.
fn id(name: &str) -> Id {
    Id::named(&format!("demonstration {name}"))
}

/// Saves an invented record unless it is there already, changed by the user or not. `days` ago it was written.
fn put<R: Record>(tx: &mut Tx<'_>, record: &R, days: i64) -> Result<bool> {
    if kernel::record::find::<R>(tx, record.id())?.is_some() {
        return Ok(false);
    }
    tx.dated = Some(kernel::now() - days * 86_400_000 + record.id().to_string().len() as i64);
    kernel::record::insert(tx, record)?;
    Ok(true)
}

/// The day so many days ago.
fn ago(days: i64) -> jiff::civil::Date {
    kernel::today().saturating_sub(jiff::ToSpan::days(days))
}
