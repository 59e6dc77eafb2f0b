//! A form as an ODK XForm (<https://getodk.github.io/xforms-spec/>).

mod body;
mod model;
mod texts;

use crate::form::{Form, Group, Item, walk};
use crate::names::{Names, Place};
use crate::xml::{Attributes, Xml};

const NAMESPACES: Attributes<'static> = &[
    ("xmlns", "http://www.w3.org/2002/xforms"),
    ("xmlns:h", "http://www.w3.org/1999/xhtml"),
    ("xmlns:jr", "http://openrosa.org/javarosa"),
    ("xmlns:odk", "http://www.opendatakit.org/xforms"),
    ("xmlns:orx", "http://openrosa.org/xforms"),
    ("xmlns:entities", "http://www.opendatakit.org/xforms/entities"),
    ("xmlns:xsd", "http://www.w3.org/2001/XMLSchema"),
];

/// A form on its way to its document.
struct Writer<'a> {
    form: &'a Form,
    names: Names,
    xml: Xml,
}

/// Writes a form that was read, under this version.
pub fn write(form: &Form, version: &str) -> String {
    let mut writer = Writer { form, names: Names::of(&form.items), xml: Xml::new() };
    writer.document(version);
    writer.xml.done()
}

impl Writer<'_> {
    fn document(&mut self, version: &str) {
        let entities = [("odk:xforms-version", "1.0.0"), ("entities:entities-version", "2024.1.0")];
        self.xml.open("h:html", NAMESPACES);
        self.xml.open("h:head", &[]);
        self.xml.text("h:title", &[], &self.form.title);
        self.xml.open("model", &entities[..if self.form.updates.is_some() { 2 } else { 1 }]);
        self.texts();
        self.instance(version);
        self.lists();
        self.binds();
        self.xml.close("model");
        self.xml.close("h:head");
        self.xml.open("h:body", &[]);
        self.controls(&self.form.items, &mut Vec::new());
        self.xml.close("h:body");
        self.xml.close("h:html");
    }

    /// Where something of this name in these groups stands.
    fn place(&self, around: &[String], name: &str) -> Place {
        let path: Vec<String> = around.iter().cloned().chain([name.to_owned()]).collect();
        self.names.place(&path).cloned().unwrap_or(Place { path, repeat: 0 })
    }

    /// An expression with paths in the place of names, as it is read at `from`.
    fn expression(&self, from: &Place, text: &str, filtered: bool) -> String {
        let path = |name: &str, around| self.names.path(from, name, around);
        crate::expression::rewritten(text, filtered, &path).trim().to_owned()
    }

    /// Every item with its place.
    fn places(&self) -> Vec<(Place, &'_ Item)> {
        let mut found = Vec::new();
        walk(&self.form.items, &mut Vec::new(), &mut |around, item| {
            let name = match item {
                Item::Question(question) => &question.name,
                Item::Group(group) => &group.name,
            };
            found.push((self.place(around, name), item));
        });
        found
    }
}

/// The name of what is written beside a repeat to say how often it is asked, if no question says so.
pub(crate) fn counter(group: &Group) -> Option<String> {
    let count =
        group.repeat.as_ref().map(|repeat| repeat.count.as_str()).filter(|count| !count.is_empty())?;
    count_of(count).is_none().then(|| format!("{}_count", group.name))
}

/// How often a repeat is asked: a question that says so, or something that must be worked out first.
fn count_of(count: &str) -> Option<&str> {
    let name = count.strip_prefix("${")?.strip_suffix('}')?;
    (!name.contains("${")).then_some(name.trim())
}
