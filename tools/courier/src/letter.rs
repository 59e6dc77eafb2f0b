//! A letter with a document, handed to a mail server by SMTP.

use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::{Address, SmtpTransport, Transport};

use crate::{Outcome, Reason};

/// Why a mail server cannot be used as it was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailFault {
    /// The address is not `smtp://…` or `smtps://…`.
    Url,
    /// The sender is no mail address.
    Sender,
}

impl std::fmt::Display for MailFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Url => "the address must be like smtps://user:password@mail.example or smtp://mail.example:587?tls=required",
            Self::Sender => "the sender must be a mail address, such as Tiwizi <tiwizi@mail.example>",
        })
    }
}

/// A letter to one person.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    /// The same for every try, so that a mail program shows a letter once that came twice.
    pub id: &'a str,
    /// To whom.
    pub to: &'a str,
    /// What it is about.
    pub subject: &'a str,
    /// What it says, in plain text.
    pub text: &'a str,
    /// A document: its name, its media type, its bytes.
    pub document: Option<(&'a str, &'a str, &'a [u8])>,
}

/// A mail server that letters are handed to.
pub struct Mailer {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Mailer {
    /// A server such as `smtps://user:password@mail.example`, which is given up on after `patience`; letters come from `from`.
    ///
    /// # Errors
    /// An address or a sender that cannot be one.
    pub fn open(url: &str, from: &str, patience: Duration) -> Result<Mailer, MailFault> {
        let transport = SmtpTransport::from_url(url).map_err(|_| MailFault::Url)?;
        let from = from.parse().map_err(|_| MailFault::Sender)?;
        Ok(Mailer { transport: transport.timeout(Some(patience)).build(), from })
    }

    /// Tries once.
    pub fn send(&self, letter: Letter<'_>) -> Outcome {
        let Some(message) = self.written(letter) else { return Outcome::Refused(Reason::Refused(553)) };
        match self.transport.send(&message) {
            Ok(_) => Outcome::Accepted,
            Err(error) => outcome(&error),
        }
    }

    fn written(&self, letter: Letter<'_>) -> Option<lettre::Message> {
        let to: Address = letter.to.parse().ok()?;
        let host = self.from.email.domain();
        let builder = lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .message_id(Some(format!("<{}@{host}>", letter.id)))
            .subject(letter.subject);
        let text = SinglePart::plain(letter.text.to_owned());
        let message = match letter.document {
            None => builder.singlepart(text),
            Some((name, media, bytes)) => {
                let media = ContentType::parse(media).ok()?;
                let document = Attachment::new(name.to_owned()).body(bytes.to_vec(), media);
                builder.multipart(MultiPart::mixed().singlepart(text).singlepart(document))
            }
        };
        message.ok()
    }
}

fn outcome(error: &SmtpError) -> Outcome {
    const AUTHENTICATION: [u16; 4] = [530, 534, 535, 538];
    let status = error.status().map(u16::from);
    match status {
        Some(status) if AUTHENTICATION.contains(&status) => Outcome::Refused(Reason::Credentials(status)),
        Some(status) if error.is_permanent() => Outcome::Refused(Reason::Refused(status)),
        Some(status) => Outcome::Later(Reason::Busy(status)),
        None if error.is_timeout() => Outcome::Later(Reason::Slow),
        None => Outcome::Later(Reason::Unreachable),
    }
}
