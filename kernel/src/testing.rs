//! A house for tests: people ask it through addresses, as browsers and programs do, on each database engine.
//!
//! ```ignore
//! #[test]
//! fn a_stranger_is_asked_to_sign_in() {
//!     on_both(rooms, |house| {
//!         let stranger = house.visitor();
//!         stranger.get("/settings").is(303).leads_to("/sign-in?next=%2Fsettings");
//!     });
//! }
//! ```
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test stops where it fails")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Once};

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value as Json;
use tower::ServiceExt;

use crate::app::Environment;
use crate::facts::Actor;
use crate::secret::Keeping;
use crate::store::Place;
use crate::{App, Db, Fields, Id, Result, Room, Settings, Tx, web};

/// The address of a PostgreSQL server on which tests may make databases.
const POSTGRES: &str = "TIWIZI_TEST_POSTGRES";

/// A fresh house with an empty database; everything it made is gone when it is dropped.
pub struct House {
    /// The house itself.
    pub app: Arc<App>,
    router: axum::Router,
    runtime: tokio::runtime::Runtime,
    base: Option<Base>,
    _folder: tempfile::TempDir,
}

/// A database of a PostgreSQL server, made for one test.
struct Base {
    server: String,
    name: String,
}

impl Base {
    fn fresh() -> Option<Base> {
        static SAID: Once = Once::new();
        let Ok(server) = std::env::var(POSTGRES) else {
            SAID.call_once(|| eprintln!("{POSTGRES} is not set: PostgreSQL was not tested"));
            return None;
        };
        let base = Base { server, name: format!("tiwizi_{}", Id::new().to_string().replace('-', "")) };
        base.order(&format!("create database {}", base.name));
        Some(base)
    }

    fn order(&self, text: &str) {
        postgres::Client::connect(&self.server, postgres::NoTls).unwrap().batch_execute(text).unwrap();
    }
}

/// Somebody who prints what they are told as bare text: the language, then the data. Real paper is judged elsewhere.
pub fn press() -> Room {
    let press = crate::Press {
        print: |paper| Ok(format!("{} {}", paper.lang.code(), paper.data).into_bytes()),
        png: |svg| Ok(format!("PNG of {svg}").into_bytes()),
    };
    Room { name: "press", press: Some(press), ..Room::default() }
}

/// Runs a test on SQLite and, if a server is named, on PostgreSQL, each time in a fresh house.
pub fn on_both(rooms: fn() -> Vec<Room>, body: impl Fn(&House)) {
    on_both_with(rooms, &[], body);
}

/// The same, in houses whose administrator set these variables of the environment.
pub fn on_both_with(rooms: fn() -> Vec<Room>, environment: &[(&str, &str)], body: impl Fn(&House)) {
    let set = |settings: &mut Settings| {
        let set = environment.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        settings.environment = Environment(set.collect());
    };
    body(&House::at(rooms(), None, set));
    if let Some(base) = Base::fresh() {
        body(&House::at(rooms(), Some(base), set));
    }
}

impl House {
    /// A house on SQLite.
    pub fn open(rooms: Vec<Room>) -> House {
        House::at(rooms, None, |_| ())
    }

    /// A house on SQLite that is set up otherwise.
    pub fn open_with(rooms: Vec<Room>, set: impl FnOnce(&mut Settings)) -> House {
        House::at(rooms, None, set)
    }

    /// A house on PostgreSQL, if the environment names a server; says once that there is none.
    pub fn on_postgres(rooms: Vec<Room>) -> Option<House> {
        Base::fresh().map(|base| House::at(rooms, Some(base), |_| ()))
    }

    fn at(rooms: Vec<Room>, base: Option<Base>, set: impl FnOnce(&mut Settings)) -> House {
        let folder = tempfile::tempdir().unwrap();
        let secret = Keeping::Given("5e".repeat(32));
        let mut settings = Settings { readers: 3, secret, ..Settings::in_folder(folder.path()) };
        if let Some(Base { server, name }) = &base {
            let (before, _) = server.rsplit_once('/').unwrap_or((server, ""));
            settings.database = Place::Postgres(format!("{before}/{name}"));
        }
        set(&mut settings);
        let app =
            App::open(&settings, rooms).unwrap_or_else(|error| panic!("the house does not open: {error}"));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        House { router: web::router(&app).unwrap(), app, runtime, base, _folder: folder }
    }

    /// Somebody who has not signed in, with a browser of their own.
    pub fn visitor(&self) -> Visitor<'_> {
        Visitor { house: self, jar: RefCell::default(), token: None, site: "same-origin", host: "localhost" }
    }

    /// A program that brings a token.
    pub fn program(&self, token: &str) -> Visitor<'_> {
        Visitor { token: Some(token.to_owned()), ..self.visitor() }
    }

    /// Writes as the machine itself, past all rights: what a test finds there when it begins.
    pub fn given<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> T {
        self.app.write(Actor::machine("command"), work).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Reads past all rights.
    pub fn look<T>(&self, work: impl FnOnce(&mut Db) -> Result<T>) -> T {
        self.app.read(work).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Does the work that waits in the background.
    pub fn work(&self) {
        crate::work::run_all(&self.app).unwrap();
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // Whatever a test did: the index says what the records say.
        if !std::thread::panicking() {
            for indexed in self.app.rooms.iter().filter_map(|room| room.indexed.as_ref()) {
                let faults = self.look(|db| crate::index::faults(db, indexed));
                assert!(faults.is_empty(), "{faults:#?}");
            }
        }
        if let Some(base) = &self.base {
            base.order(&format!("drop database {} with (force)", base.name));
        }
    }
}

/// Somebody with a browser, or a program with a token.
pub struct Visitor<'a> {
    house: &'a House,
    jar: RefCell<BTreeMap<String, String>>,
    token: Option<String>,
    site: &'static str,
    host: &'static str,
}

impl<'a> Visitor<'a> {
    /// Puts a cookie into the jar.
    pub fn cookie(self, name: &str, value: &str) -> Visitor<'a> {
        self.jar.borrow_mut().insert(name.to_owned(), value.to_owned());
        self
    }

    /// The same visitor, lured onto a page of somebody else's that sends requests here.
    pub fn lured(self) -> Visitor<'a> {
        Visitor { site: "cross-site", ..self }
    }

    /// The same visitor, who calls the house by this name.
    pub fn calling(self, host: &'static str) -> Visitor<'a> {
        Visitor { host, ..self }
    }

    /// The value of a cookie in the jar.
    pub fn holds(&self, name: &str) -> Option<String> {
        self.jar.borrow().get(name).cloned()
    }

    /// Reads a page.
    pub fn get(&self, path: &str) -> Answer<'_> {
        self.send(Request::get(path), "text/html", Body::empty())
    }

    /// Reads a part of a file, as players of sound do.
    pub fn get_part(&self, path: &str, range: &str) -> Answer<'_> {
        self.send(Request::get(path).header(header::RANGE, range), "*/*", Body::empty())
    }

    /// Reads the data of a page.
    pub fn get_json(&self, path: &str) -> Answer<'_> {
        self.send(Request::get(path), "application/json", Body::empty())
    }

    /// Sends a form.
    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer<'_> {
        self.form(path, form, "text/html")
    }

    /// Sends a form and reads the answer as data.
    pub fn post_json(&self, path: &str, form: &[(&str, &str)]) -> Answer<'_> {
        self.form(path, form, "application/json")
    }

    fn form(&self, path: &str, form: &[(&str, &str)], accept: &str) -> Answer<'_> {
        let fields =
            Fields(form.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect());
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, accept, Body::from(fields.to_query()))
    }

    /// Sends a form with a document in the field `file`, named `name`.
    pub fn upload(
        &self,
        path: &str,
        form: &[(&str, &str)],
        field: &str,
        name: &str,
        bytes: &[u8],
    ) -> Answer<'_> {
        const EDGE: &str = "edge-of-a-part";
        let mut body = Vec::new();
        for (name, text) in form {
            let part =
                format!("--{EDGE}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!("content-disposition: form-data; name=\"{field}\"; filename=\"{name}\"");
        body.extend_from_slice(
            format!("--{EDGE}\r\n{head}\r\ncontent-type: application/octet-stream\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{EDGE}--\r\n").as_bytes());
        let request =
            Request::post(path).header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={EDGE}"));
        self.send(request, "text/html", Body::from(body))
    }

    /// Sends whatever a program would: a method, headers and bytes.
    pub fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> Answer<'_> {
        let request = Request::builder().method(method).uri(path);
        let request = headers.iter().fold(request, |request, (name, text)| request.header(*name, *text));
        self.send(request, "application/json", Body::from(body.into()))
    }

    fn send(&self, mut request: axum::http::request::Builder, accept: &str, body: Body) -> Answer<'_> {
        let jar: Vec<_> = self.jar.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        request = request
            .header(header::HOST, self.host)
            .header(header::ACCEPT, accept)
            .header("sec-fetch-site", self.site);
        if !jar.is_empty() {
            request = request.header(header::COOKIE, jar.join("; "));
        }
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(body).unwrap_or_else(|error| panic!("no such request: {error}"));
        let path = request.uri().to_string();
        let (head, bytes) = self.house.runtime.block_on(async {
            let response = self.house.router.clone().oneshot(request).await.unwrap();
            let (head, body) = response.into_parts();
            (
                head,
                axum::body::to_bytes(body, usize::MAX).await.map(|bytes| bytes.to_vec()).unwrap_or_default(),
            )
        });
        for set in head.headers.get_all(header::SET_COOKIE) {
            let text = set.to_str().unwrap();
            let (name, value) = text.split(';').next().and_then(|pair| pair.split_once('=')).unwrap();
            self.jar.borrow_mut().insert(name.to_owned(), value.to_owned());
        }
        self.jar.borrow_mut().retain(|_, value| !value.is_empty());
        let location = head.headers.get(header::LOCATION).map(|place| place.to_str().unwrap().to_owned());
        Answer { visitor: self, path, status: head.status.as_u16(), location, head: head.headers, bytes }
    }
}

/// What the house answered.
pub struct Answer<'a> {
    visitor: &'a Visitor<'a>,
    path: String,
    /// HTTP status.
    pub status: u16,
    /// Where it sends the visitor.
    pub location: Option<String>,
    /// Headers.
    pub head: axum::http::HeaderMap,
    /// Content.
    pub bytes: Vec<u8>,
}

impl<'a> Answer<'a> {
    /// The content as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The content as JSON.
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("{} is no JSON: {}", self.path, self.text()))
    }

    /// Stops the test unless the answer has this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Answer<'a> {
        assert_eq!(self.status, status, "{} answered {:?} {}", self.path, self.location, self.text());
        self
    }

    /// Stops the test unless the content says this.
    #[track_caller]
    pub fn says(self, text: &str) -> Answer<'a> {
        assert!(self.text().contains(text), "{} does not say {text:?}: {}", self.path, self.text());
        self
    }

    /// Stops the test if the content says this.
    #[track_caller]
    pub fn never_says(self, text: &str) -> Answer<'a> {
        assert!(!self.text().contains(text), "{} says {text:?}: {}", self.path, self.text());
        self
    }

    /// Stops the test unless the visitor is sent to an address that begins so.
    #[track_caller]
    pub fn leads_to(self, start: &str) -> Answer<'a> {
        let there = self.location.as_deref().is_some_and(|place| place.starts_with(start));
        assert!(
            there,
            "{} leads to {:?}, not {start}: {} {}",
            self.path,
            self.location,
            self.status,
            self.text()
        );
        self
    }

    /// Goes where the answer sends the visitor.
    #[track_caller]
    pub fn follow(self) -> Answer<'a> {
        let Some(place) = &self.location else {
            panic!("{} leads nowhere: {} {}", self.path, self.status, self.text())
        };
        self.visitor.get(place)
    }
}
