//! What a form asks, as tables: read from the form itself (its instance, its binds, its repeats), whoever wrote it.

use std::collections::{HashMap, HashSet};

use kernel::{Error, Result};
use roxmltree::{Document, Node as Element, ParsingOptions};

/// The table of the submissions themselves.
pub(super) const ROOT: &str = "Submissions";
/// How deep groups may stand in groups.
const DEPTH: usize = 16;

/// The kinds of answers that are told apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Text,
    Whole,
    Decimal,
    Day,
    Instant,
    Point,
    Line,
    Area,
    File,
}

/// What stands at a place of a form.
#[derive(Debug, PartialEq)]
pub(super) enum What {
    Answer(Kind),
    Group(Vec<Part>),
    Repeat(Vec<Part>),
}

/// A place of a form.
#[derive(Debug, PartialEq)]
pub(super) struct Part {
    /// Its element.
    pub(super) element: String,
    /// Its column: as other programs can call it.
    pub(super) name: String,
    /// The name of its table, or of the type of its group.
    pub(super) table: String,
    /// The table as ODK Central calls it, with the elements as they are.
    pub(super) dotted: String,
    pub(super) what: What,
}

/// The tables of a form.
pub(super) struct Shape {
    pub(super) parts: Vec<Part>,
}

struct Reading<'a> {
    kinds: HashMap<&'a str, Kind>,
    repeats: HashSet<&'a str>,
    tables: HashSet<String>,
}

fn kind(code: &str) -> Kind {
    match code {
        "int" | "integer" | "xsd:int" => Kind::Whole,
        "decimal" => Kind::Decimal,
        "date" => Kind::Day,
        "dateTime" => Kind::Instant,
        "geopoint" => Kind::Point,
        "geotrace" => Kind::Line,
        "geoshape" => Kind::Area,
        "binary" => Kind::File,
        _ => Kind::Text,
    }
}

/// A name of letters, digits and `_` that is not among these yet.
fn plain(text: &str, taken: &HashSet<String>) -> String {
    let mut name: String =
        text.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).take(100).collect();
    if name.starts_with(|c: char| !c.is_alphabetic() && c != '_') {
        name.insert(0, '_');
    }
    let first = name.clone();
    let mut number = 2;
    while taken.contains(&name) {
        name = format!("{first}_{number}");
        number += 1;
    }
    name
}

/// Reads a form.
pub(super) fn read(xml: &str) -> Result<Shape> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: 1_000_000, ..ParsingOptions::default() };
    let document = Document::parse_with_options(xml, options).map_err(Error::internal)?;
    let named =
        |name: &'static str| document.descendants().filter(move |element| element.tag_name().name() == name);
    let root = named("model")
        .next()
        .and_then(|model| model.children().find(|child| child.tag_name().name() == "instance"))
        .and_then(|instance| instance.first_element_child());
    let root = root.ok_or_else(|| Error::internal("a form without an instance"))?;
    let at = |element: Element<'_, '_>| element.attribute("nodeset").map(str::trim).map(str::to_owned);
    let kinds: Vec<_> = named("bind")
        .filter_map(|bind| Some((at(bind)?, kind(bind.attribute("type").unwrap_or_default()))))
        .collect();
    let repeats: Vec<String> = named("repeat").filter_map(at).collect();
    let mut reading = Reading {
        kinds: kinds.iter().map(|(path, kind)| (path.as_str(), *kind)).collect(),
        repeats: repeats.iter().map(String::as_str).collect(),
        tables: HashSet::from([ROOT.to_owned()]),
    };
    let path = format!("/{}", root.tag_name().name());
    Ok(Shape { parts: parts(&mut reading, root, &path, (ROOT, ROOT), 0) })
}

fn parts(
    reading: &mut Reading<'_>,
    element: Element<'_, '_>,
    path: &str,
    (table, dotted): (&str, &str),
    depth: usize,
) -> Vec<Part> {
    let mut found: Vec<Part> = Vec::new();
    let mut names = HashSet::new();
    for child in element.children().filter(Element::is_element) {
        let element = child.tag_name().name().to_owned();
        // A repeat stands there twice: as it is copied, and as it begins.
        if found.iter().any(|part| part.element == element)
            || (depth == 1 && path.ends_with("/meta") && element == "entity")
        {
            continue;
        }
        let here = format!("{path}/{element}");
        // What begins with `__` are columns of the tables themselves: `__id`, `__system`, `__Submissions_id`.
        let free = if element.starts_with("__") { format!("q{element}") } else { element.clone() };
        let name = plain(&free, &names);
        names.insert(name.clone());
        let repeats = reading.repeats.contains(here.as_str());
        let (mut below, mut dots) = (String::new(), String::new());
        let what = if (repeats || child.first_element_child().is_some()) && depth < DEPTH {
            below = plain(&format!("{table}_{name}"), &reading.tables);
            reading.tables.insert(below.clone());
            dots = format!("{dotted}.{element}");
            let inner = parts(reading, child, &here, (&below, &dots), depth + 1);
            if repeats { What::Repeat(inner) } else { What::Group(inner) }
        } else {
            What::Answer(reading.kinds.get(here.as_str()).copied().unwrap_or(Kind::Text))
        };
        found.push(Part { element, name, table: below, dotted: dots, what });
    }
    found
}

impl Shape {
    /// The repeats, each with the table it stands in.
    pub(super) fn repeats(&self) -> Vec<(&Part, &str)> {
        fn gather<'a>(parts: &'a [Part], table: &'a str, found: &mut Vec<(&'a Part, &'a str)>) {
            for part in parts {
                match &part.what {
                    What::Answer(_) => {}
                    What::Group(inner) => gather(inner, table, found),
                    What::Repeat(inner) => {
                        found.push((part, table));
                        gather(inner, &part.table, found);
                    }
                }
            }
        }
        let mut found = Vec::new();
        gather(&self.parts, ROOT, &mut found);
        found
    }

    /// The table of a repeat, by its own name or by that of its column.
    pub(super) fn repeat(&self, name: &str) -> Option<&str> {
        let repeats = |part: &&Part| matches!(part.what, What::Repeat(_)) && part.name == name;
        let column = self.parts.iter().find(repeats).map(|part| part.table.as_str());
        column.or_else(|| self.table(name).filter(|table| *table != ROOT))
    }

    /// The table of this name, as it is called here or by ODK Central.
    pub(super) fn table(&self, name: &str) -> Option<&str> {
        if name == ROOT {
            return Some(ROOT);
        }
        let repeats = self.repeats();
        let found = repeats.iter().find(|(part, _)| part.table == name || part.dotted == name);
        found.map(|(part, _)| part.table.as_str())
    }
}

#[cfg(test)]
pub(super) const SAMPLE: &str = r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
    xmlns:jr="http://openrosa.org/javarosa"><h:head><model><instance><data id="f"><end/><farm-size/><farm_size/>
    <trees jr:template=""><kind/><cut><year/></cut></trees><trees><kind/></trees><at/><way/>
    <meta><instanceID/><entity dataset="x"/></meta></data></instance><instance id="other"><root/></instance>
    <bind nodeset="/data/end" type="dateTime"/><bind nodeset="/data/farm-size" type="decimal"/>
    <bind nodeset="/data/trees/cut/year" type="int"/><bind nodeset="/data/at" type="geopoint"/>
    <bind nodeset="/data/way" type="geotrace"/></model></h:head>
    <h:body><group ref="/data/trees"><repeat nodeset="/data/trees"/></group></h:body></h:html>"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read_from_the_form() {
        let shape = read(SAMPLE).unwrap();
        let names: Vec<&str> = shape.parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["end", "farm_size", "farm_size_2", "trees", "at", "way", "meta"]);
        assert_eq!(shape.parts[1].what, What::Answer(Kind::Decimal));
        assert_eq!(shape.repeats().len(), 1);
        assert_eq!(shape.table("Submissions.trees"), Some("Submissions_trees"));
        assert_eq!(shape.table("Submissions_trees"), Some("Submissions_trees"));
        assert_eq!(shape.table("Submissions_meta"), None);
        assert_eq!(shape.repeat("trees"), Some("Submissions_trees"));
        assert_eq!((shape.repeat("meta"), shape.repeat(ROOT)), (None, None));
        let What::Group(meta) = &shape.parts[6].what else { unreachable!() };
        assert_eq!(meta.len(), 1, "the entity of a form is no answer");
        let own =
            read(&SAMPLE.replace("<kind/>", "<__Submissions_id/>").replace("<at/>", "<__id/>")).unwrap();
        assert_eq!(own.parts[4].name, "q__id");
        let What::Repeat(trees) = &own.parts[3].what else { unreachable!() };
        assert_eq!(trees[0].name, "q__Submissions_id");
        assert!(read("<a/>").is_err() && read("<a").is_err());
    }
}
