//! The body of an XForm: what is shown.

use super::{Writer, count_of, counter};
use crate::check::is_worked_out;
use crate::form::{Group, Item, Kind, Question};
use crate::names::Place;

impl Writer<'_> {
    pub(super) fn controls(&mut self, items: &[Item], around: &mut Vec<String>) {
        for item in items {
            match item {
                Item::Question(question) => {
                    let place = self.place(around, &question.name);
                    self.control(&place, question);
                }
                Item::Group(group) => self.group(group, around),
            }
        }
    }

    fn group(&mut self, group: &Group, around: &mut Vec<String>) {
        let place = self.place(around, &group.name);
        let at = place.absolute();
        let mut head = vec![("ref", at.as_str())];
        if group.repeat.is_none() && !group.appearance.is_empty() {
            head.push(("appearance", &group.appearance));
        }
        self.xml.open("group", &head);
        self.shows("label", &place, "label", &group.label);
        let count = group.repeat.as_ref().map(|repeat| repeat.count.as_str());
        if let Some(count) = count {
            let counted = count_of(count)
                .map(|name| self.names.places(name).first().map_or_else(String::new, Place::absolute));
            let counter = || counter(group).map(|name| self.place(around, &name).absolute());
            let counted = counted.or_else(counter).unwrap_or_default();
            let mut head = vec![("nodeset", at.as_str())];
            if !count.is_empty() {
                head.extend([("jr:count", counted.as_str()), ("jr:noAddRemove", "true()")]);
            }
            if !group.appearance.is_empty() {
                head.push(("appearance", &group.appearance));
            }
            self.xml.open("repeat", &head);
        }
        around.push(group.name.clone());
        self.controls(&group.items, around);
        around.pop();
        if count.is_some() {
            self.xml.close("repeat");
        }
        self.xml.close("group");
    }

    fn control(&mut self, place: &Place, question: &Question) {
        if place.repeat > 0 && is_worked_out(&question.default) {
            self.first(place, question, "odk-new-repeat");
        }
        let shown = question.kind.asks() || question.kind == Kind::Note;
        if !shown
            || (question.label.is_empty() && question.hint.is_empty() && !question.calculation.is_empty())
        {
            return;
        }
        let at = place.absolute();
        let mut head = vec![("ref", at.as_str())];
        let element = match &question.kind {
            Kind::One(_) | Kind::OneOf(_) => "select1",
            Kind::Several(_) => "select",
            Kind::Image | Kind::Audio | Kind::File => "upload",
            Kind::Acknowledge => "trigger",
            Kind::Range(..) => "range",
            _ => "input",
        };
        match &question.kind {
            Kind::Image => head.push(("mediatype", "image/*")),
            Kind::Audio => head.push(("mediatype", "audio/*")),
            Kind::File => head.push(("mediatype", "application/*")),
            Kind::Range(start, end, step) => head.extend([("start", &**start), ("end", end), ("step", step)]),
            _ => {}
        }
        if !question.appearance.is_empty() {
            head.push(("appearance", &question.appearance));
        }
        self.xml.open(element, &head);
        self.shows("label", place, "label", &question.label);
        self.shows("hint", place, "hint", &question.hint);
        match &question.kind {
            Kind::One(list) | Kind::Several(list) => self.choices(place, question, list, "jr:itext(itextId)"),
            Kind::OneOf(list) => self.choices(place, question, list, "label"),
            _ => {}
        }
        self.xml.close(element);
    }

    fn choices(&mut self, place: &Place, question: &Question, list: &str, label: &str) {
        let mut nodeset = format!("instance('{list}')/root/item");
        if !question.choice_filter.is_empty() {
            let filter = self.expression(place, &question.choice_filter, true);
            nodeset.push_str(&format!("[{filter}]"));
        }
        self.xml.open("itemset", &[("nodeset", &nodeset)]);
        self.xml.empty("value", &[("ref", "name")]);
        self.xml.empty("label", &[("ref", label)]);
        self.xml.close("itemset");
    }
}
