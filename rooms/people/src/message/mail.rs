//! Where letters go: to a mail server that the administrator named, or nowhere.

use std::time::Duration;

use courier::Mailer;
use kernel::{App, Error, Result};

/// How long a mail server may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The mail server that the environment names (`TIWIZI_SMTP_URL`, `TIWIZI_SMTP_FROM`); nothing where there is none, and in
/// a demonstration: invented people may have addresses at which somebody reads.
///
/// # Errors
/// A configuration that cannot work, in a sentence for whoever starts the server.
pub fn mailer(app: &App) -> Result<Option<Mailer>> {
    let Some(url) = app.environment.get("TIWIZI_SMTP_URL").filter(|_| !app.demonstration) else {
        return Ok(None);
    };
    let from = app.environment.get("TIWIZI_SMTP_FROM").unwrap_or_default();
    let mailer = Mailer::open(url, from, PATIENCE);
    mailer.map(Some).map_err(|fault| Error::internal(format!("TIWIZI_SMTP_…: {fault}")))
}

/// True if letters leave the house: what pages say of themselves.
pub fn sends_letters(app: &App) -> bool {
    mailer(app).is_ok_and(|mailer| mailer.is_some())
}
