//! The model of an XForm: what is filled in, the lists, and the rules.

use super::{Writer, counter};
use crate::check::is_worked_out;
use crate::form::{Item, Kind, Question};
use crate::names::Place;

/// Versions of an entity, with the columns of a list that hold them.
const VERSIONS: [(&str, &str); 3] =
    [("baseVersion", "__version"), ("trunkVersion", "__trunkVersion"), ("branchId", "__branchId")];

/// Which nodes of repeats are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entries {
    Both,
    Template,
    First,
}

impl Writer<'_> {
    pub(super) fn instance(&mut self, version: &str) {
        self.xml.open("instance", &[]);
        self.xml.open("data", &[("id", &self.form.id), ("version", version)]);
        self.nodes(&self.form.items, Entries::Both);
        self.xml.open("meta", &[]);
        self.xml.empty("instanceID", &[]);
        if !self.form.instance_name.is_empty() {
            self.xml.empty("instanceName", &[]);
        }
        if let Some(updates) = &self.form.updates {
            let always = if updates.when.is_empty() { "1" } else { "" };
            let mut entity = vec![("dataset", updates.list.as_str()), ("id", ""), ("update", always)];
            entity.extend(VERSIONS.map(|(name, _)| (name, "")));
            self.xml.empty("entity", &entity);
        }
        self.xml.close("meta");
        self.xml.close("data");
        self.xml.close("instance");
    }

    /// The nodes of items. A repeat has what its entries are made from, and a first entry; inside of the former there are no
    /// entries, and inside of the latter nothing to make them from.
    fn nodes(&mut self, items: &[Item], kept: Entries) {
        for item in items {
            match item {
                Item::Question(question) => {
                    let first = question.default.trim();
                    if first.is_empty() || is_worked_out(first) {
                        self.xml.empty(&question.name, &[]);
                    } else {
                        self.xml.text(&question.name, &[], first);
                    }
                }
                Item::Group(group) => {
                    if group.repeat.is_none() {
                        self.xml.open(&group.name, &[]);
                        self.nodes(&group.items, kept);
                        self.xml.close(&group.name);
                        continue;
                    }
                    if let Some(counter) = counter(group) {
                        self.xml.empty(&counter, &[]);
                    }
                    if kept != Entries::First {
                        self.xml.open(&group.name, &[("jr:template", "")]);
                        self.nodes(&group.items, Entries::Template);
                        self.xml.close(&group.name);
                    }
                    if kept != Entries::Template {
                        self.xml.open(&group.name, &[]);
                        self.nodes(&group.items, Entries::First);
                        self.xml.close(&group.name);
                    }
                }
            }
        }
    }

    pub(super) fn lists(&mut self) {
        for list in &self.form.lists {
            self.xml.open("instance", &[("id", &list.name)]);
            self.xml.open("root", &[]);
            for (at, choice) in list.choices.iter().enumerate() {
                self.xml.open("item", &[]);
                self.xml.text("itextId", &[], &format!("{}-{at}", list.name));
                self.xml.text("name", &[], &choice.name);
                for (name, text) in &choice.more {
                    self.xml.text(name, &[], text);
                }
                self.xml.close("item");
            }
            self.xml.close("root");
            self.xml.close("instance");
        }
        for list in &self.form.beside {
            self.xml.empty("instance", &[("id", list), ("src", &format!("jr://file-csv/{list}.csv"))]);
        }
    }

    pub(super) fn binds(&mut self) {
        let form = self.form;
        for (place, item) in
            self.places().into_iter().map(|(place, item)| (place, item.clone())).collect::<Vec<_>>()
        {
            match &item {
                Item::Question(question) => self.bind(&place, question),
                Item::Group(group) => {
                    if !group.relevant.is_empty() {
                        let relevant = self.expression(&place, &group.relevant, false);
                        self.xml.empty("bind", &[("nodeset", &place.absolute()), ("relevant", &relevant)]);
                    }
                    if let (Some(repeat), Some(counter)) = (&group.repeat, counter(group)) {
                        let (outer, _) = place.path.split_at(place.path.len() - 1);
                        let inside = self.names.place(outer).map_or(0, |outer| outer.repeat);
                        let at = Place { repeat: inside, ..self.place(outer, &counter) };
                        let count = self.expression(&at, &repeat.count, false);
                        let bind = [
                            ("nodeset", &*at.absolute()),
                            ("type", "string"),
                            ("readonly", "true()"),
                            ("calculate", &count),
                        ];
                        self.xml.empty("bind", &bind);
                    }
                }
            }
        }
        self.meta();
        // What is worked out when the form is opened; for each new entry of a repeat, beside its controls.
        for (path, question) in form.questions() {
            let place = self.place(&path, &question.name);
            if is_worked_out(&question.default) {
                self.first(&place, question, "odk-instance-first-load");
            }
        }
    }

    /// Sets the first value of a question on this event.
    pub(super) fn first(&mut self, place: &Place, question: &Question, event: &str) {
        let value = self.expression(place, &question.default, false);
        let set = [("ref", &*place.absolute()), ("event", event), ("value", &*value)];
        self.xml.empty("setvalue", &set);
    }

    fn bind(&mut self, place: &Place, question: &Question) {
        let (at, kind) = (place.absolute(), kind_of(&question.kind));
        let mut attributes = vec![("nodeset", at), ("type", kind.to_owned())];
        for (name, text) in [
            ("required", &question.required),
            ("relevant", &question.relevant),
            ("constraint", &question.constraint),
            ("calculate", &question.calculation),
        ] {
            if !text.is_empty() {
                attributes.push((name, self.expression(place, text, false)));
            }
        }
        match (&question.kind, question.read_only.as_str()) {
            (Kind::Note, _) => attributes.push(("readonly", "true()".into())),
            (_, "") => {}
            (_, text) => attributes.push(("readonly", self.expression(place, text, false))),
        }
        for (name, part, text) in [
            ("jr:constraintMsg", "jr:constraintMsg", &question.constraint_message),
            ("jr:requiredMsg", "jr:requiredMsg", &question.required_message),
        ] {
            if !text.is_empty() {
                attributes.push((name, format!("jr:itext('{}:{part}')", place.absolute())));
            }
        }
        if let Kind::Known(what) = &question.kind {
            let preload = match what.as_str() {
                "start" | "end" => "timestamp",
                "today" => "date",
                _ => "property",
            };
            attributes.extend([("jr:preload", preload.to_owned()), ("jr:preloadParams", what.clone())]);
        }
        if let Some(pixels) = question.max_pixels {
            attributes.push(("orx:max-pixels", pixels.to_string()));
        }
        if !question.save_to.is_empty() {
            attributes.push(("entities:saveto", question.save_to.clone()));
        }
        let attributes: Vec<(&str, &str)> =
            attributes.iter().map(|(name, text)| (*name, text.as_str())).collect();
        self.xml.empty("bind", &attributes);
    }

    fn meta(&mut self) {
        let root = Place { path: vec!["meta".into(), "x".into()], repeat: 0 };
        let bind = |writer: &mut Self, at: &str, how: (&str, &str)| {
            let path = format!("/data/meta/{at}");
            let bind = [("nodeset", path.as_str()), ("type", "string"), ("readonly", "true()"), how];
            writer.xml.empty("bind", &bind);
        };
        bind(self, "instanceID", ("jr:preload", "uid"));
        if !self.form.instance_name.is_empty() {
            let name = self.expression(&root, &self.form.instance_name, false);
            bind(self, "instanceName", ("calculate", &name));
        }
        let Some(updates) = self.form.updates.clone() else { return };
        let id = self.expression(&root, &updates.entity, false);
        bind(self, "entity/@id", ("calculate", &id));
        if !updates.when.is_empty() {
            let when = self.expression(&root, &updates.when, false);
            bind(self, "entity/@update", ("calculate", &when));
        }
        for (at, column) in VERSIONS {
            let there = format!("instance('{}')/root/item[name= {id} ]/{column}", updates.list);
            bind(self, &format!("entity/@{at}"), ("calculate", &there));
        }
    }
}

/// The type of what is answered.
fn kind_of(kind: &Kind) -> &'static str {
    match kind {
        Kind::Integer => "int",
        Kind::Decimal => "decimal",
        Kind::Range(start, end, step) => {
            if [start, end, step].iter().any(|number| number.contains('.')) {
                "decimal"
            } else {
                "int"
            }
        }
        Kind::Date => "date",
        Kind::Time => "time",
        Kind::DateTime => "dateTime",
        Kind::Geopoint => "geopoint",
        Kind::Image | Kind::Audio | Kind::File => "binary",
        Kind::Barcode => "barcode",
        Kind::Known(what) => match what.as_str() {
            "start" | "end" => "dateTime",
            "today" => "date",
            _ => "string",
        },
        _ => "string",
    }
}
