//! Where messages go: to a gateway that the administrator named, or nowhere.

use std::time::Duration;

use courier::{Config, Gateway as Http};
use kernel::{App, Error, Result};

/// How long a gateway may take, in seconds, unless the administrator says otherwise.
const PATIENCE: u64 = 10;

/// Where messages go.
pub enum Gateway {
    /// Nothing leaves the house; the log says that a message was written.
    Log,
    /// An SMS gateway over HTTP.
    Http(Box<Http>),
}

impl Gateway {
    /// What the environment says: `TIWIZI_SMS_URL` and the variables beside it.
    ///
    /// # Errors
    /// A configuration that cannot work, in a sentence for whoever starts the server.
    pub fn of(app: &App) -> Result<Gateway> {
        // Invented people have invented numbers, and somebody may answer there.
        if app.demonstration {
            return Ok(Gateway::Log);
        }
        let set = |name: &str| app.environment.get(&format!("TIWIZI_SMS_{name}")).map(str::to_owned);
        let Some(url) = set("URL") else { return Ok(Gateway::Log) };
        let patience = set("TIMEOUT").and_then(|text| text.parse().ok()).unwrap_or(PATIENCE).clamp(1, 60);
        let config = Config {
            url,
            body: set("BODY"),
            token: set("TOKEN"),
            user: set("USER"),
            password: set("PASSWORD"),
            header: set("HEADER"),
        };
        let open = Http::open(&config, Duration::from_secs(patience));
        Ok(Gateway::Http(Box::new(open.map_err(|fault| Error::internal(format!("TIWIZI_SMS_…: {fault}")))?)))
    }

    /// True if messages leave the house.
    pub fn sends(&self) -> bool {
        matches!(self, Gateway::Http(_))
    }

    /// The host of the gateway, to be shown.
    pub(crate) fn host(&self) -> Option<&str> {
        match self {
            Gateway::Log => None,
            Gateway::Http(http) => Some(http.host()),
        }
    }
}

/// True if messages leave the house: what pages say of themselves.
pub fn sends_messages(app: &App) -> bool {
    Gateway::of(app).is_ok_and(|gateway| gateway.sends())
}

/// The address that opens this text in the reader's own telephone (RFC 5724).
pub fn sms_link(phone: &str, text: &str) -> String {
    format!("sms:{phone}?body={}", kernel::fields::encode(text))
}
