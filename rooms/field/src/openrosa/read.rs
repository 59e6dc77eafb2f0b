//! Reads what a telephone sent: the answers of a form, by where they stand.

use std::collections::HashMap;

use kernel::{Error, Result};
use roxmltree::{Document, Node, ParsingOptions};

/// Largest form that is read, in bytes.
pub(super) const LARGEST: usize = 1 << 20;
/// Most elements, attributes and texts of a form.
const NODES: u32 = 20_000;
/// How deep groups may stand in groups.
const DEPTH: usize = 8;

/// The entry of a list that a form changes, as the telephone knew it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Entity {
    pub(super) id: String,
    /// The version on which the form stands, its own earlier changes counted.
    pub(super) base: Option<i64>,
    /// The version that came from here.
    pub(super) trunk: Option<i64>,
    /// The changes of this telephone since.
    pub(super) branch: Option<String>,
}

/// A form that was filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Filled {
    pub(super) form: String,
    pub(super) version: String,
    pub(super) instance: String,
    /// Answers: where, without the root, and what. Of several groups of one name the second is `name[2]`.
    pub(super) answers: Vec<(String, String)>,
    pub(super) entity: Option<Entity>,
    /// True unless the form says that it changes its entity under a condition that was not met.
    pub(super) updates: bool,
}

impl Filled {
    /// What was answered there, if anything.
    pub(super) fn get(&self, path: &str) -> Option<&str> {
        self.answers.iter().find(|(at, _)| at == path).map(|(_, text)| text.as_str())
    }

    /// An instant that was noted there; milliseconds since 1970.
    pub(super) fn instant(&self, path: &str) -> Option<i64> {
        self.get(path)?.parse::<jiff::Timestamp>().ok().map(|at| at.as_millisecond())
    }
}

fn unread<E>(_: E) -> Error {
    Error::refused("field.collect.unread")
}

/// Reads a form. Refuses what is no form, what declares entities of its own, and what is too large.
pub(super) fn read(text: &str) -> Result<Filled> {
    if text.len() > LARGEST {
        return Err(Error::TooLarge);
    }
    if !shallow(text) {
        return Err(unread(()));
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(unread)?;
    let root = document.root_element();
    let mut filled = Filled {
        form: root.attribute("id").unwrap_or_default().to_owned(),
        version: root.attribute("version").unwrap_or_default().to_owned(),
        ..Filled::default()
    };
    gather(root, "", &mut filled);
    let short = |text: &str| !text.is_empty() && text.len() <= 200;
    if short(&filled.form) && short(&filled.instance) && filled.version.len() <= 200 {
        Ok(filled)
    } else {
        Err(unread(()))
    }
}

/// Looks, before anything is taken apart, that elements do not stand in each other without end.
fn shallow(text: &str) -> bool {
    let (mut depth, mut reader) = (0_usize, quick_xml::Reader::from_str(text));
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Start(_)) => depth += 1,
            Ok(quick_xml::events::Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(quick_xml::events::Event::Eof) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
        if depth > DEPTH {
            return false;
        }
    }
}

fn gather(node: Node<'_, '_>, path: &str, filled: &mut Filled) {
    let mut seen: HashMap<&str, u32> = HashMap::new();
    for child in node.children().filter(Node::is_element) {
        let name = child.tag_name().name();
        // What a program makes new entries of a repeat from is no entry.
        if child.attributes().any(|attribute| attribute.name() == "template") {
            continue;
        }
        let times = seen.entry(name).or_default();
        *times += 1;
        let name = if *times == 1 { name.to_owned() } else { format!("{name}[{times}]") };
        if path.is_empty() && name == "meta" {
            meta(child, filled);
            continue;
        }
        let here = if path.is_empty() { name } else { format!("{path}/{name}") };
        if child.children().any(|inner| inner.is_element()) {
            gather(child, &here, filled);
        } else if let Some(text) = child.text().map(str::trim).filter(|text| !text.is_empty()) {
            filled.answers.push((here, text.to_owned()));
        }
    }
}

fn meta(node: Node<'_, '_>, filled: &mut Filled) {
    for child in node.children().filter(Node::is_element) {
        match child.tag_name().name() {
            "instanceID" => filled.instance = child.text().unwrap_or_default().trim().to_owned(),
            "entity" => {
                let text = |name: &str| child.attribute(name).map(str::trim).filter(|text| !text.is_empty());
                filled.updates = matches!(text("update"), Some("1" | "true"));
                filled.entity = Some(Entity {
                    id: text("id").unwrap_or_default().to_owned(),
                    base: text("baseVersion").and_then(|text| text.parse().ok()),
                    trunk: text("trunkVersion").and_then(|text| text.parse().ok()),
                    branch: text("branchId").map(str::to_owned),
                });
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"<?xml version="1.0"?><data xmlns:orx="http://openrosa.org/xforms" id="f" version="1">
        <end>2026-11-26T10:00:00.000+01:00</end><q_1><level>3</level><note/></q_1>
        <orx:meta><orx:instanceID>uuid:1</orx:instanceID><entity dataset="c" id="x" update="1" baseVersion="4"
        trunkVersion="3" branchId="b"/></orx:meta></data>"#;

    #[test]
    fn answers_are_found_where_they_stand() {
        let filled = read(GOOD).unwrap_or_default();
        assert_eq!((filled.form.as_str(), filled.instance.as_str()), ("f", "uuid:1"));
        assert_eq!(filled.get("q_1/level"), Some("3"));
        assert_eq!(filled.get("q_1/note"), None);
        assert_eq!(filled.instant("end"), Some(1_795_683_600_000));
        let entity = Entity { id: "x".into(), base: Some(4), trunk: Some(3), branch: Some("b".into()) };
        assert_eq!(filled.entity, Some(entity));
        assert!(filled.updates);
    }

    #[test]
    fn entries_of_a_repeat_are_told_apart() {
        let twice = GOOD
            .replace(
                "<q_1>",
                "<q_1 xmlns:jr=\"http://openrosa.org/javarosa\" jr:template=\"\"><level>9</level></q_1><q_1>",
            )
            .replace("<note/></q_1>", "<note/></q_1><q_1><level>4</level></q_1>");
        let filled = read(&twice).unwrap_or_default();
        let levels = filled.answers.iter().filter(|(path, _)| path.ends_with("level"));
        let levels: Vec<(&str, &str)> = levels.map(|(path, text)| (path.as_str(), text.as_str())).collect();
        assert_eq!(levels, [("q_1/level", "3"), ("q_1[2]/level", "4")]);
    }

    #[test]
    fn what_is_no_form_is_refused() {
        let bomb = format!(
            "<!DOCTYPE data [<!ENTITY a 'b'>]>{}",
            GOOD.trim_start_matches("<?xml version=\"1.0\"?>")
        );
        let deep = format!("{}{}", "<a>".repeat(200_000), "</a>".repeat(100_000));
        let wide = format!("<data id=\"f\">{}</data>", "<a/>".repeat(30_000));
        for bad in ["", "<data/>", "no form", "<data id=\"f\">", &bomb, &deep, &wide] {
            assert!(read(bad).is_err(), "{}", bad.get(..40).unwrap_or(bad));
        }
        assert!(matches!(read(&" ".repeat(LARGEST + 1)), Err(Error::TooLarge)));
    }
}
