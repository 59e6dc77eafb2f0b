//! One request, as a handler sees it, and what it can answer.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use axum::http::HeaderMap;
use jiff::civil::Date;
use serde::Serialize;

use crate::access::{Reach, Standing, Viewer};
use crate::facts::{Actor, Tx};
use crate::page;
use crate::room::{Panels, Proposal, Shown};
use crate::store::Db;
use crate::sync::Commanded;
use crate::{App, Error, Fields, Id, Result, Words};

/// A file that came with a form.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Name of the form field.
    pub field: String,
    /// Name on the sender's machine; only for showing.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// One request.
pub struct Ctx {
    /// The house.
    pub app: Arc<App>,
    /// Who asks.
    pub viewer: Viewer,
    /// The words of the reader's language.
    pub w: Words,
    /// The path as it was asked.
    pub path: String,
    /// Parameters of the path.
    pub params: Vec<(String, String)>,
    /// The query string.
    pub query: Fields,
    /// The body.
    pub form: Fields,
    /// Files of the body.
    pub uploads: Vec<Upload>,
    /// The body as it came, for routes that take it so.
    pub body: Vec<u8>,
    /// The head of the request.
    pub headers: HeaderMap,
    /// The work that was done elsewhere and is applied now.
    pub command: Option<Commanded>,
    /// Code of the language that the reader chose to listen to on this device.
    pub spoken: Option<String>,
    /// True if JSON is wanted.
    pub json: bool,
    /// Address of the sender, for limits.
    pub sender: String,
    /// The name under which the house is reached, for links that are passed on: as it was set, or as the reader asked.
    pub host: String,
    /// True if the house is reached under `https`.
    pub secure: bool,
}

/// Writes a download piece by piece.
pub type Producer = Box<dyn FnOnce(&App, &mut (dyn Write + Send)) -> Result<()> + Send>;

/// What a handler answers.
pub enum Reply {
    /// A page or its JSON.
    Body {
        /// HTTP status.
        status: u16,
        /// Media type.
        media: &'static str,
        /// Content.
        body: Vec<u8>,
    },
    /// Go and read this page.
    Seen(String),
    /// A download made while it is sent.
    Download {
        /// Media type.
        media: String,
        /// Name to save under.
        name: String,
        /// True to show it in the browser instead of saving it.
        inline: bool,
        /// Makes it.
        produce: Producer,
    },
    /// A sound or another stored file that is heard from any point on: it answers ranges.
    Stored {
        /// Where its bytes lie.
        path: PathBuf,
        /// Media type.
        media: String,
        /// Names its content: the same tag, the same bytes.
        tag: String,
        /// Who may keep it and how long: `cache-control`.
        keep: &'static str,
    },
    /// Another reply with a header more.
    Header {
        /// Name.
        name: &'static str,
        /// Value.
        value: String,
        /// The reply.
        reply: Box<Reply>,
    },
    /// Another reply that sets or clears a cookie.
    Cookie {
        /// Name.
        name: &'static str,
        /// Value; empty clears it.
        value: String,
        /// Seconds it lives.
        age: i64,
        /// The reply.
        reply: Box<Reply>,
    },
}

impl Ctx {
    /// The id in the path under this name.
    pub fn id(&self, name: &str) -> Result<Id> {
        self.param(name)?.parse().map_err(|_| Error::NotFound)
    }

    /// A parameter of the path.
    pub fn param(&self, name: &str) -> Result<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, text)| text.as_str()).ok_or(Error::NotFound)
    }

    /// Reads in one snapshot.
    pub fn read<T>(&self, work: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        self.app.read(work)
    }

    /// Writes in one transaction as the viewer.
    pub fn write<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        if self.viewer.reach == Reach::ReadOnly {
            return Err(Error::Forbidden);
        }
        let actor =
            Actor { account: self.viewer.account, ..Actor::machine(if self.json { "api" } else { "page" }) };
        match &self.command {
            Some(command) => command.write(&self.app, actor, work),
            None => self.app.write(actor, work),
        }
    }

    /// The viewer's standing at this record: "not found" below `least` for who may not know of it, "forbidden" else.
    pub fn standing(&self, db: &mut Db, record: Id, least: Standing) -> Result<Standing> {
        match self.viewer.standing(db, record)? {
            None => Err(if self.viewer.signed_in() { Error::NotFound } else { Error::SignIn }),
            Some(standing) if standing < least => {
                Err(if self.viewer.signed_in() { Error::Forbidden } else { Error::SignIn })
            }
            Some(standing) => Ok(standing),
        }
    }

    /// The text of a header, empty without it.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|text| text.to_str().ok()).unwrap_or_default()
    }

    /// The id of the record being created: the form carries it, so that sending twice is harmless.
    pub fn new_id(&self) -> Id {
        self.form.parse("id").unwrap_or_default()
    }

    /// The day on which what is written now was done: today, or an earlier one if it was done elsewhere.
    pub fn day(&self) -> Date {
        let made = self.command.as_ref().map(|command| crate::locale::date_of(command.made()));
        made.map_or_else(crate::today, |day| day.min(crate::today()))
    }

    /// The version the form was made on; 0 if it does not say, which is older than any.
    pub fn base_version(&self) -> i64 {
        self.form.parse("version").unwrap_or(0)
    }

    /// A page, or its data as JSON.
    pub fn page<T: askama::Template + Serialize>(&self, title: &str, data: &T) -> Result<Reply> {
        self.page_with_status(200, title, data)
    }

    /// The same with another status: a form that was refused.
    pub fn page_with_status<T: askama::Template + Serialize>(
        &self,
        status: u16,
        title: &str,
        data: &T,
    ) -> Result<Reply> {
        if self.json {
            return json_reply(status, data);
        }
        let body = data.render().map_err(Error::internal)?;
        Ok(Reply::Body {
            status,
            media: "text/html; charset=utf-8",
            body: page::layout(self, title, &body)?.into_bytes(),
        })
    }

    /// A page for everybody, with what machines are told; or its data as JSON.
    pub fn public_page<T: askama::Template + Serialize>(
        &self,
        title: &str,
        head: &page::Head,
        data: &T,
    ) -> Result<Reply> {
        if self.json {
            return json_reply(200, data);
        }
        let body = data.render().map_err(Error::internal)?;
        let body = page::layout_with(self, title, Some(head), &body)?.into_bytes();
        Ok(Reply::Body { status: 200, media: "text/html; charset=utf-8", body })
    }

    /// JSON whatever was asked: suggestions for a script, machine documents.
    pub fn data<T: Serialize>(&self, data: &T) -> Result<Reply> {
        json_reply(200, data)
    }

    /// After an action: go to this page, which says `done` (a key under `done.`). JSON answers the same as data.
    pub fn done(&self, path: &str, done: &str) -> Result<Reply> {
        if self.json {
            return json_reply(200, &serde_json::json!({ "done": done, "location": path }));
        }
        let joint = if path.contains('?') { '&' } else { '?' };
        let (path, anchor) =
            path.split_once('#').map_or((path, String::new()), |(path, anchor)| (path, format!("#{anchor}")));
        Ok(Reply::Seen(if done.is_empty() {
            format!("{path}{anchor}")
        } else {
            format!("{path}{joint}done={done}{anchor}")
        }))
    }

    /// The panels that other rooms offer for this page, to a viewer at this standing.
    pub fn panels(&self, db: &mut Db, place: &str, record: Id, standing: Standing) -> Result<Panels> {
        let all = self.app.rooms.iter().flat_map(|room| &room.panels);
        let mut found: Vec<_> = all.filter(|panel| panel.place == place && panel.read <= standing).collect();
        found.sort_by_key(|panel| panel.order);
        let mut panels = Panels::default();
        for panel in found {
            if let Some(Shown { html, data }) = (panel.show)(self, db, record)? {
                if panel.side {
                    panels.side.push(html);
                } else {
                    panels.wide.push(html);
                }
                panels.data.insert(panel.name.into(), data);
            }
        }
        Ok(panels)
    }

    /// What the records of a room above propose for a question of a room below; nothing if no room looks for that.
    pub fn look(&self, db: &mut Db, name: &str, organisation: Id, day: Date) -> Result<Option<Proposal>> {
        let found = self.app.rooms.iter().flat_map(|room| &room.looks).find(|look| look.name == name);
        found.map_or(Ok(None), |look| (look.read)(self, db, organisation, day))
    }

    /// True if nobody between the house and the reader can listen: the connection is encrypted, or stays on this machine.
    pub fn private(&self) -> bool {
        self.secure || crate::address::is_local(&self.host)
    }

    /// A whole address of this house, to be passed on to somebody.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", crate::address::base(self.secure, &self.host))
    }

    /// Counts an attempt under `what`; refuses more than `most` in a minute from this sender.
    pub fn attempt(&self, what: &str, most: u32) -> Result<()> {
        self.app.limiter.attempt(&format!("{what} {}", self.sender), most)
    }
}

fn json_reply<T: Serialize>(status: u16, data: &T) -> Result<Reply> {
    Ok(Reply::Body { status, media: "application/json", body: serde_json::to_vec(data)? })
}

impl Reply {
    /// A stored document.
    pub fn file(path: PathBuf, media: String, name: String) -> Reply {
        let inline = matches!(media.as_str(), "application/pdf" | "image/png" | "image/jpeg" | "image/webp");
        let produce: Producer = Box::new(move |_, out| {
            std::io::copy(&mut std::fs::File::open(path)?, out)?;
            Ok(())
        });
        Reply::Download { media, name, inline, produce }
    }

    /// Only a status, for programs.
    pub fn status(status: u16) -> Reply {
        Reply::Body { status, media: "text/plain; charset=utf-8", body: Vec::new() }
    }

    /// The same reply with a header more.
    pub fn with_header(self, name: &'static str, value: impl Into<String>) -> Reply {
        Reply::Header { name, value: value.into(), reply: Box::new(self) }
    }

    /// The same reply, setting a cookie for so many seconds.
    pub fn with_cookie(self, name: &'static str, value: impl Into<String>, age: i64) -> Reply {
        Reply::Cookie { name, value: value.into(), age, reply: Box::new(self) }
    }
}
