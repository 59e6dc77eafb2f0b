//! Documents that are posted to a server of others, and what it answers.

use std::time::Duration;

use crate::{Config, Fault, Reason, agent, headers, is_address};

/// The longest answer that is kept, in bytes.
const ANSWER: u64 = 64 << 10;

/// A server that documents are posted to.
pub struct Receiver {
    url: String,
    headers: Vec<(String, String)>,
    agent: ureq::Agent,
}

impl Receiver {
    /// A server that takes documents of this media type, given up on after `patience`. The template of the body is not
    /// looked at.
    pub fn open(config: &Config, media: &str, patience: Duration) -> Result<Receiver, Fault> {
        if !is_address(&config.url) {
            return Err(Fault::Url);
        }
        Ok(Receiver { url: config.url.clone(), headers: headers(config, media)?, agent: agent(patience) })
    }

    /// The host that documents go to, to be shown.
    pub fn host(&self) -> &str {
        crate::host(&self.url)
    }

    /// Posts a document to a path below the address: the status and the text of the answer.
    pub fn post(&self, path: &str, document: &str) -> Result<(u16, String), Reason> {
        let mut request = self.agent.post(format!("{}{path}", self.url.trim_end_matches('/')));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        match request.send(document) {
            Ok(mut answer) => {
                let status = answer.status().as_u16();
                let text = answer.body_mut().with_config().limit(ANSWER).lossy_utf8(true).read_to_string();
                Ok((status, text.unwrap_or_default()))
            }
            Err(ureq::Error::Timeout(_)) => Err(Reason::Slow),
            Err(_) => Err(Reason::Unreachable),
        }
    }
}
