//! Hands a short message to an SMS gateway over HTTP, and tells apart what one can do about its answer; posts a document to
//! a server and brings its answer back; hands a letter to a mail server.

mod body;
mod document;
mod letter;

use std::fmt;
use std::time::Duration;

use base64::Engine;
use body::Template;

pub use document::Receiver;
pub use letter::{Letter, MailFault, Mailer};

/// How to reach a gateway, as an administrator writes it down.
#[derive(Clone, Default)]
pub struct Config {
    /// Where messages are posted: `https://…`, or `http://…` for a telephone on the same network.
    pub url: String,
    /// The template of the body; a plain JSON object if there is none.
    pub body: Option<String>,
    /// A token for `Authorization: Bearer`.
    pub token: Option<String>,
    /// A name for `Authorization: Basic`.
    pub user: Option<String>,
    /// The password that goes with the name.
    pub password: Option<String>,
    /// One more header, `Name: value`, for gateways that want their key elsewhere.
    pub header: Option<String>,
}

/// What is wrong with a [`Config`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The address begins neither with `https://` nor with `http://`.
    Url,
    /// The template begins like JSON and is none, or has no place for the number and the text.
    Body,
    /// The header has no colon, or holds what a header cannot hold.
    Header,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::Url => "the address of the gateway begins with https:// or http://",
            Fault::Body => {
                "the template of the body is JSON or a form, and holds {phone} or {digits}, and {text}"
            }
            Fault::Header => "the header of the gateway is written as Name: value",
        })
    }
}

/// A message on its way.
#[derive(Clone, Copy)]
pub struct Message<'a> {
    /// Its id: the same each time it is tried.
    pub id: &'a str,
    /// The number, with its plus.
    pub phone: &'a str,
    /// The text.
    pub text: &'a str,
}

/// Why a gateway did not take a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No way to it: no network, no such host, no trust in its certificate.
    Unreachable,
    /// It did not answer in time.
    Slow,
    /// It says that it cannot now: 408, 425, 429 or 5xx.
    Busy(u16),
    /// It does not know who asks: 401 or 403.
    Credentials(u16),
    /// It does not want this message, or leads elsewhere.
    Refused(u16),
}

/// What came of trying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The gateway has the message.
    Accepted,
    /// It may take it later.
    Later(Reason),
    /// Trying again as it is would change nothing.
    Refused(Reason),
}

/// A gateway that messages are handed to.
pub struct Gateway {
    url: String,
    template: Template,
    headers: Vec<(String, String)>,
    agent: ureq::Agent,
}

/// True if something can be posted there.
fn is_address(url: &str) -> bool {
    ["https://", "http://"].iter().any(|scheme| url.len() > scheme.len() && url.starts_with(scheme))
}

/// The host of an address.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.rsplit('@').next().unwrap_or_default()
}

/// The headers of a request that carries this media type.
fn headers(config: &Config, media: &str) -> Result<Vec<(String, String)>, Fault> {
    let mut headers = vec![("content-type".to_owned(), media.to_owned())];
    if let Some(token) = &config.token {
        headers.push(("authorization".into(), format!("Bearer {token}")));
    } else if let Some(user) = &config.user {
        let pair = format!("{user}:{}", config.password.as_deref().unwrap_or_default());
        headers.push((
            "authorization".into(),
            format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair)),
        ));
    }
    if let Some(header) = &config.header {
        let (name, value) = header.split_once(':').ok_or(Fault::Header)?;
        headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
    }
    let named = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let plain = |value: &str| value.bytes().all(|b| (b' '..=b'~').contains(&b));
    if headers.iter().all(|(name, value)| named(name) && plain(value)) {
        Ok(headers)
    } else {
        Err(Fault::Header)
    }
}

/// Somebody who asks once, follows nowhere and waits this long.
fn agent(patience: Duration) -> ureq::Agent {
    ureq::Agent::config_builder()
        .timeout_global(Some(patience))
        .http_status_as_error(false)
        .max_redirects(0)
        .user_agent("tiwizi-courier")
        .build()
        .into()
}

impl Gateway {
    /// A gateway that is given up on after `patience`.
    pub fn open(config: &Config, patience: Duration) -> Result<Gateway, Fault> {
        if !is_address(&config.url) {
            return Err(Fault::Url);
        }
        let template = Template::read(config.body.as_deref().unwrap_or(body::PLAIN)).ok_or(Fault::Body)?;
        let (headers, agent) = (headers(config, template.media())?, agent(patience));
        Ok(Gateway { url: config.url.clone(), template, headers, agent })
    }

    /// The host that messages go to, to be shown: the rest of the address may hold a key.
    pub fn host(&self) -> &str {
        host(&self.url)
    }

    /// Tries once.
    pub fn hand_over(&self, message: Message<'_>) -> Outcome {
        let mut request = self.agent.post(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        match request.send(self.template.fill(message)) {
            Ok(answer) => self.outcome(answer.status().as_u16()),
            Err(ureq::Error::Timeout(_)) => Outcome::Later(Reason::Slow),
            Err(ureq::Error::BadUri(_)) => Outcome::Refused(Reason::Unreachable),
            Err(_) => Outcome::Later(Reason::Unreachable),
        }
    }

    fn outcome(&self, status: u16) -> Outcome {
        match status {
            200..=299 => Outcome::Accepted,
            409 if self.template.names() => Outcome::Accepted,
            408 | 425 | 429 | 500..=599 => Outcome::Later(Reason::Busy(status)),
            401 | 403 => Outcome::Refused(Reason::Credentials(status)),
            _ => Outcome::Refused(Reason::Refused(status)),
        }
    }
}
