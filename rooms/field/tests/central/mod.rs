//! Programs that know ODK Central: who is let in, what they read, what they send.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod door;
mod read;
mod rights;
mod send;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use kernel::Json;
use kernel::testing::{Answer, House, Visitor};

use crate::house::Given;

/// A program with somebody's key.
pub(crate) struct Program<'a> {
    pub(crate) visitor: Visitor<'a>,
    pub(crate) login: String,
    pub(crate) key: String,
    /// The address of the project.
    pub(crate) base: String,
    pub(crate) project: i64,
}

/// What a program shows to say who it is.
pub(crate) fn basic(login: &str, key: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{login}:{key}")))
}

impl<'a> Program<'a> {
    pub(crate) fn of(house: &'a House, given: &Given, who: &Visitor<'_>) -> Program<'a> {
        let programme = given.programme.to_string();
        let form = [("name", "Tableur"), ("programme", &*programme)];
        let fresh = who.post_json("/field/collect", &form).is(200).json()["fresh"].clone();
        let text = |name: &str| fresh[name].as_str().unwrap().to_owned();
        let project = fresh["project"].as_i64().unwrap();
        let base = format!("/v1/projects/{project}");
        Program { visitor: house.visitor(), login: text("login"), key: text("key"), base, project }
    }

    /// Asks, showing this.
    pub(crate) fn ask_as(&self, method: &str, path: &str, shown: &str, body: &str) -> Answer<'_> {
        let head = [("authorization", shown), ("content-type", "application/xml")];
        self.visitor.call(method, path, &head, body)
    }

    /// Asks at this address.
    pub(crate) fn at(&self, path: &str) -> Answer<'_> {
        self.ask_as("GET", path, &basic(&self.login, &self.key), "")
    }

    /// Asks below the address of the project.
    pub(crate) fn get(&self, rest: &str) -> Answer<'_> {
        self.at(&format!("{}{rest}", self.base))
    }

    pub(crate) fn post(&self, rest: &str, body: &str) -> Answer<'_> {
        self.ask_as("POST", &format!("{}{rest}", self.base), &basic(&self.login, &self.key), body)
    }

    /// Sends a form as programs do.
    pub(crate) fn send(&self, form: &str, xml: &str) -> Answer<'_> {
        self.post(&format!("/forms/{form}/submissions"), xml)
    }

    /// The rows of a table.
    pub(crate) fn rows(&self, question: &str) -> Vec<Json> {
        self.get(question).is(200).json()["value"].as_array().unwrap().clone()
    }
}

/// The refusal of a program: its code.
pub(crate) fn code(answer: &Answer<'_>) -> String {
    let json = answer.json();
    assert!(!json["message"].as_str().unwrap().is_empty());
    json["code"].as_str().unwrap().to_owned()
}

/// A visit that was told.
pub(crate) fn visit(organisation: kernel::Id, instance: &str, seen: &str) -> String {
    let (now, today) = (jiff::Timestamp::now(), kernel::today());
    format!(
        "<?xml version='1.0' ?><data id=\"tiwizi-visit\" version=\"1\"><start>{now}</start><end>{now}</end><deviceid>collect:1</deviceid>\
         <organisation>{organisation}</organisation><held>{today}</held><minutes>90</minutes><met/><seen>{seen}</seen>\
         <meta><instanceID>uuid:{instance}</instanceID></meta></data>"
    )
}
