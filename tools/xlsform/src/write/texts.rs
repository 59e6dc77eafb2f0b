//! Texts in every language of the form, and how they are found.

use super::Writer;
use crate::expression::{Around, references};
use crate::form::{Item, Text};
use crate::names::Place;

impl Writer<'_> {
    /// Every text with the name under which the body finds it, and where `${name}` in it is read.
    fn all(&self) -> Vec<(String, Text, Place)> {
        let mut found = Vec::new();
        let mut put = |place: &Place, part: &str, text: &Text| {
            if !text.is_empty() {
                found.push((format!("{}:{part}", place.absolute()), text.clone(), place.clone()));
            }
        };
        for (place, item) in self.places() {
            match item {
                Item::Group(group) => put(&place, "label", &group.label),
                Item::Question(question) => {
                    put(&place, "label", &question.label);
                    put(&place, "hint", &question.hint);
                    put(&place, "jr:constraintMsg", &question.constraint_message);
                    put(&place, "jr:requiredMsg", &question.required_message);
                }
            }
        }
        for list in &self.form.lists {
            for (at, choice) in list.choices.iter().enumerate() {
                let named = Text(vec![choice.name.clone()]);
                let label = if choice.label.is_empty() { named } else { choice.label.clone() };
                found.push((format!("{}-{at}", list.name), label, Place { path: Vec::new(), repeat: 0 }));
            }
        }
        found
    }

    pub(super) fn texts(&mut self) {
        let all = self.all();
        self.xml.open("itext", &[]);
        for (at, language) in self.form.languages.iter().enumerate() {
            let name = if language.is_empty() { "default" } else { language };
            let head = [("lang", name), ("default", "true()")];
            self.xml.open("translation", &head[..if at == self.form.first { 2 } else { 1 }]);
            for (id, text, place) in &all {
                self.xml.open("text", &[("id", id)]);
                self.xml.open("value", &[]);
                self.said(text.best(at), place);
                self.xml.close("value");
                self.xml.close("text");
            }
            self.xml.close("translation");
        }
        self.xml.close("itext");
    }

    /// A text with what was answered in the place of `${name}`.
    fn said(&mut self, text: &str, place: &Place) {
        if references(text).is_empty() {
            return self.xml.run(text);
        }
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, more)) = after.split_once('}') else { break };
            self.xml.run(before);
            let around = Around { filtered: false, whole: false };
            let value = self.names.path(place, name.trim(), around);
            self.xml.empty("output", &[("value", &value)]);
            rest = more;
        }
        self.xml.run(rest);
    }

    /// An element that shows one of the texts, if it is there.
    pub(super) fn shows(&mut self, element: &str, place: &Place, part: &str, text: &Text) {
        if !text.is_empty() {
            let id = format!("jr:itext('{}:{part}')", place.absolute());
            self.xml.empty(element, &[("ref", &id)]);
        }
    }
}
